"""Who plays which team, read from the command line's `--team`, `--seats` and `--bots`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import get_args

from exercise.authoring.languages import reading
from exercise.authoring.nearest import did_you_mean
from exercise.core.cast import DecisionMode
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.teamwork.commands import OBSERVER
from exercise.errors import UsageError
from exercise.plain.words import one_line
from exercise.session.bots import Bot, Policy, make_bot
from exercise.session.log import LoadedLog

PEOPLE = "people"
"""In a roster: this team, or this role of it, is played by people."""

SEATS = "seats"
"""In a roster: people play some roles of this team, each named beside it as `team/role`."""

PACE = "pace"
"""In a roster, beside the teams: whether the clock is live or stepped."""


def roster(
    scenario: Scenario, people: tuple[str, ...], bots: tuple[str, ...], default: str, *, scripted: bool = False
) -> dict[str, str]:
    """By team, and by role where one has a seat of its own, `people` or a policy.

    Raises UsageError for a team, a role or a policy that is not there. Without a script the scripted policy would be
    silent without saying so, so it is refused.
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
    for name in teams if "all" in people else people:
        seats |= _seat(scenario, name, teams, seats)
    return seats


def every_role(scenario: Scenario, names: tuple[str, ...]) -> tuple[str, ...]:
    """The seats of all roles of these teams, for `--seats`."""
    teams = [team.id for team in scenario.teams]
    roles = {team.id: tuple(f"{team.id}/{role.id}" for role in team.roles) for team in scenario.teams}
    for name in names:
        if not roles[_team(name, teams)]:
            raise UsageError(f"The team '{name}' has no roles; play it with --team {name}.")
    return tuple(seat for name in names for seat in roles[name])


def places(scenario: Scenario, kept: Mapping[str, str]) -> dict[str, str]:
    """By team and role, who plays it by a kept roster, which may come from elsewhere or may have been taken out.

    Where no team would be played by people, the first one is: somebody is sitting there; onlookers play none.
    """
    policies = {policy.value for policy in Policy}
    teams = [team.id for team in scenario.teams]
    seats = {
        team: who if (who := kept.get(team)) in policies | {PEOPLE} else Policy.COOPERATIVE.value for team in teams
    }
    for team in scenario.teams:
        roles = {seat: PEOPLE for role in team.roles if kept.get(seat := f"{team.id}/{role.id}") == PEOPLE}
        if roles:
            seats |= {team.id: PEOPLE if seats[team.id] == PEOPLE else SEATS, **roles}
    if looking_on(kept):
        return {OBSERVER: PEOPLE, **{team: who for team, who in seats.items() if who in policies}}
    if not seats_here(seats):
        seats[teams[0]] = PEOPLE
    return seats


def seats_here(seats: Mapping[str, str]) -> tuple[str, ...]:
    """The seats of a roster that people play, those of one team together and the whole team's first."""
    here = [seat for seat, who in seats.items() if who == PEOPLE and seat != OBSERVER]
    teams = list(dict.fromkeys(seat.partition("/")[0] for seat in seats))
    return tuple(sorted(here, key=lambda seat: (teams.index(seat.partition("/")[0]), "/" in seat)))


def looking_on(seats: Mapping[str, str]) -> bool:
    """Whether people only look on, and bots play every team."""
    return seats.get(OBSERVER) == PEOPLE and not seats_here(seats)


def deciding(scenario: Scenario, seats: Mapping[str, str], mode: str) -> Scenario:
    """The scenario with another decision mode for the teams that people play; a new one, for it is kept in the log."""
    if mode not in get_args(DecisionMode):
        hint = did_you_mean(mode, get_args(DecisionMode)) or "."
        raise UsageError(f"There is no mode '{one_line(mode)[:40]}'{hint} Known: {', '.join(get_args(DecisionMode))}.")
    here = Counter(seat.partition("/")[0] for seat in seats_here(seats))
    shared = {team for team, count in here.items() if count > 1}
    if not shared:
        raise UsageError("--mode says how several seats of one team decide; add them with --seats TEAM.")
    data = scenario.model_dump(mode="json", by_alias=True)
    for team in data["teams"]:
        if team["id"] in shared:
            team["mode"] = mode
    return Scenario.model_validate(data)


def reading_here(scenario: Scenario, seats: Mapping[str, str], language: str, *, asked: bool) -> Scenario:
    """The scenario as those who sit here read it: in the language asked for, else in the terminal's own.

    A team whose language the scenario itself says keeps it unless another was asked for.
    """
    here = {seat.partition("/")[0] for seat in seats_here(seats)} or set(scenario.teams_by_id)
    if not asked:
        here = {team for team in here if not scenario.teams_by_id[team].language and language != scenario.language}
    return reading(scenario, (language,), sorted(here)) if here else scenario


def fork_roster(log: LoadedLog, people: tuple[str, ...], bots: tuple[str, ...]) -> dict[str, str]:
    """Who plays on from a moment of a log: as it was, but for what the command line says."""
    kept = places(log.scenario, log.roster)
    given = {team: who for team, who in roster(log.scenario, (), bots, "").items() if who} if bots else {}
    kept = {seat: who for seat, who in kept.items() if seat.partition("/")[0] not in given} | given
    if people:
        kept = {
            team: Policy.COOPERATIVE.value if who in (PEOPLE, SEATS) else who
            for team, who in kept.items()
            if "/" not in team and team != OBSERVER
        }
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
        if policy not in (PEOPLE, SEATS)
    }


def _policy(word: str, scripted: bool) -> str:
    known = [policy.value for policy in Policy if scripted or policy is not Policy.SCRIPTED]
    if word == Policy.SCRIPTED.value and not scripted:
        raise UsageError("The policy 'scripted' needs its answers: exercise simulate SCENARIO --script FILE.")
    if word not in known:
        shown = one_line(word)[:40]
        raise UsageError(f"There is no policy '{shown}'{did_you_mean(word, known) or '.'} Known: {', '.join(known)}.")
    return word


def _seat(scenario: Scenario, name: str, teams: list[str], seats: Mapping[str, str]) -> dict[str, str]:
    """What a `--team` adds to a roster."""
    team_id, slash, role_id = name.partition("/")
    team = scenario.teams_by_id[_team(team_id, teams)]
    if not slash:
        return {team.id: PEOPLE}
    roles = [role.id for role in team.roles]
    if role_id not in roles:
        shown, has = one_line(role_id)[:40], ", ".join(roles) or "none"
        raise UsageError(f"{team.short} has no role '{shown}'{did_you_mean(role_id, roles) or '.'} It has: {has}.")
    return {team.id: PEOPLE if seats[team.id] == PEOPLE else SEATS, name: PEOPLE}


def _team(name: str, teams: list[str]) -> str:
    if name not in teams:
        shown = one_line(name)[:40]
        raise UsageError(
            f"The scenario has no team '{shown}'{did_you_mean(name, teams) or '.'} It has: {', '.join(teams)}."
        )
    return name
