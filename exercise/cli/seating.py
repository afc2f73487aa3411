"""Who plays which team, read from the command line's `--team` and `--bots`."""

from __future__ import annotations

from collections.abc import Mapping

from exercise.authoring.nearest import did_you_mean
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.errors import UsageError
from exercise.session.bots import Bot, Policy, make_bot

PEOPLE = "people"
"""In a roster: this team is played by people."""


def roster(scenario: Scenario, people: tuple[str, ...], bots: tuple[str, ...], default: str) -> dict[str, str]:
    """By team, `people` or a policy; raises UsageError for a team or a policy that is not there."""
    teams = [team.id for team in scenario.teams]
    seats = dict.fromkeys(teams, default)
    for word in bots:
        name, separator, policy = word.partition("=")
        if not separator:
            seats = dict.fromkeys(teams, _policy(word))
    for word in bots:
        name, separator, policy = word.partition("=")
        if separator:
            seats[_team(name, teams)] = _policy(policy)
    for name in teams if "all" in people else [_team(name, teams) for name in people]:
        seats[name] = PEOPLE
    return seats


def bots_of(
    scenario: Scenario, reference: Reference, seats: Mapping[str, str], seed: int, script: Mapping[str, str]
) -> dict[str, Bot]:
    """The bots of a roster."""
    return {
        team: make_bot(Policy(policy), scenario, reference, team, seed, script)
        for team, policy in seats.items()
        if policy != PEOPLE
    }


def _policy(word: str) -> str:
    known = [policy.value for policy in Policy]
    if word not in known:
        raise UsageError(f"There is no policy '{word}'{did_you_mean(word, known) or '.'} Known: {', '.join(known)}.")
    return word


def _team(name: str, teams: list[str]) -> str:
    if name not in teams:
        raise UsageError(
            f"The scenario has no team '{name}'{did_you_mean(name, teams) or '.'} It has: {', '.join(teams)}."
        )
    return name
