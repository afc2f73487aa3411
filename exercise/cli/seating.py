"""Who plays which team, read from the command line's `--team` and `--bots`."""

from __future__ import annotations

from collections.abc import Mapping

from exercise.authoring.nearest import did_you_mean
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.errors import UsageError
from exercise.plain.words import one_line
from exercise.session.bots import Bot, Policy, make_bot
from exercise.session.log import LoadedLog

PEOPLE = "people"
"""In a roster: this team is played by people."""

PACE = "pace"
"""In a roster, beside the teams: whether the clock is live or stepped."""


def roster(
    scenario: Scenario, people: tuple[str, ...], bots: tuple[str, ...], default: str, *, scripted: bool = False
) -> dict[str, str]:
    """By team, `people` or a policy; raises UsageError for a team or a policy that is not there.

    Without a script the scripted policy would be silent without saying so, so it is refused.
    """
    teams = [team.id for team in scenario.teams]
    seats = dict.fromkeys(teams, default)
    for word in bots:
        name, separator, policy = word.partition("=")
        if not separator:
            seats = dict.fromkeys(teams, _policy(word, scripted))
    for word in bots:
        name, separator, policy = word.partition("=")
        if separator:
            seats[_team(name, teams)] = _policy(policy, scripted)
    for name in teams if "all" in people else [_team(name, teams) for name in people]:
        seats[name] = PEOPLE
    return seats


def places(scenario: Scenario, kept: Mapping[str, str]) -> dict[str, str]:
    """By team, who plays it by a kept roster, which may come from elsewhere or may have been taken out.

    Where no team would be played by people, the first one is: somebody is sitting there.
    """
    policies = {policy.value for policy in Policy}
    teams = [team.id for team in scenario.teams]
    seats = {
        team: who if (who := kept.get(team)) in policies | {PEOPLE} else Policy.COOPERATIVE.value for team in teams
    }
    if PEOPLE not in seats.values():
        seats[teams[0]] = PEOPLE
    return seats


def fork_roster(log: LoadedLog, people: tuple[str, ...], bots: tuple[str, ...]) -> dict[str, str]:
    """Who plays on from a moment of a log: as it was, but for what the command line says."""
    kept = places(log.scenario, log.roster)
    if bots:
        kept |= {team: who for team, who in roster(log.scenario, (), bots, "").items() if who}
    if people:
        kept = {team: Policy.COOPERATIVE.value if who == PEOPLE else who for team, who in kept.items()}
        kept |= {team: who for team, who in roster(log.scenario, people, (), "").items() if who}
    elif bots:
        kept = places(log.scenario, kept)
    return {**kept, PACE: log.roster.get(PACE, "stepped")}


def bots_of(
    scenario: Scenario, reference: Reference, seats: Mapping[str, str], seed: int, script: Mapping[str, str]
) -> dict[str, Bot]:
    """The bots of a roster."""
    return {
        team: make_bot(Policy(policy), scenario, reference, team, seed, script)
        for team, policy in seats.items()
        if policy != PEOPLE
    }


def _policy(word: str, scripted: bool) -> str:
    known = [policy.value for policy in Policy if scripted or policy is not Policy.SCRIPTED]
    if word == Policy.SCRIPTED.value and not scripted:
        raise UsageError("The policy 'scripted' needs its answers: exercise simulate SCENARIO --script FILE.")
    if word not in known:
        shown = one_line(word)[:40]
        raise UsageError(f"There is no policy '{shown}'{did_you_mean(word, known) or '.'} Known: {', '.join(known)}.")
    return word


def _team(name: str, teams: list[str]) -> str:
    if name not in teams:
        shown = one_line(name)[:40]
        raise UsageError(
            f"The scenario has no team '{shown}'{did_you_mean(name, teams) or '.'} It has: {', '.join(teams)}."
        )
    return name
