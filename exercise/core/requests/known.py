"""Which matters a team can raise, worked out again only when something that decides it has changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from exercise.core.conditions import fields_read, holds
from exercise.core.records import dataclass
from exercise.core.requests.matters import Matter

if TYPE_CHECKING:
    from exercise.core.scenario import Scenario
    from exercise.core.state import State


def matters_for(scenario: Scenario, state: State, team: str) -> tuple[Matter, ...]:
    """What a team may raise now; rules, screens and bots all ask here."""
    return _known(scenario, state).get(team, ())


def may_raise(scenario: Scenario, state: State, team: str, matter_id: str) -> bool:
    """Whether one matter is among those that a team may raise now, without asking after all the others."""
    matter = scenario.matters_by_id.get(matter_id)
    return matter is not None and (not matter.teams or team in matter.teams) and holds(matter.known, state)


@dataclass(frozen=True, slots=True)
class _Read:
    """What decides which matters of a scenario are known: fields of a state, and the matters that each set decides."""

    fields: tuple[str, ...]
    groups: tuple[tuple[frozenset[str], tuple[Matter, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """The matters that could be raised in a state, with what had decided it."""

    state: State
    values: tuple[object, ...]
    """Of the fields read, in their order."""
    known: tuple[tuple[Matter, ...], ...]
    """Of each group."""
    by_team: Mapping[str, tuple[Matter, ...]]


def _known(scenario: Scenario, state: State) -> Mapping[str, tuple[Matter, ...]]:
    """The matters that can be raised, by team: asked at every step, and worked out when what decides it has changed.

    A state shares with the one before it whatever did not change, and nothing in it is ever changed in place: the same
    objects give the same answer.
    """
    kept: _Known | None = scenario.__dict__.get("_known")
    if kept is not None and kept.state is state:
        return kept.by_team
    read = _read(scenario)
    values = tuple([getattr(state, name) for name in read.fields])
    if kept is None:
        known = tuple([_held(matters, state) for _, matters in read.groups])
    else:
        moved = {name for name, now, then in zip(read.fields, values, kept.values, strict=True) if now is not then}
        known = kept.known
        if moved:
            pairs = zip(read.groups, known, strict=True)
            known = tuple([before if moved.isdisjoint(on) else _held(of, state) for (on, of), before in pairs])
    if kept is not None and known == kept.known:
        by_team = kept.by_team
    else:
        by_team = _by_team(scenario, known, {} if kept is None else kept.by_team)
    scenario.__dict__["_known"] = _Known(state, values, known, by_team)
    return by_team


def _held(matters: tuple[Matter, ...], state: State) -> tuple[Matter, ...]:
    return tuple([matter for matter in matters if holds(matter.known, state)])


def _by_team(
    scenario: Scenario, known: tuple[tuple[Matter, ...], ...], before: Mapping[str, tuple[Matter, ...]]
) -> Mapping[str, tuple[Matter, ...]]:
    """The matters by team; where those of a team are as before, the same row, by which whoever looks can tell."""
    raisable = {matter.id for matters in known for matter in matters}
    matters = [matter for matter in scenario.matters if matter.id in raisable]
    by_team: dict[str, tuple[Matter, ...]] = {}
    for team in scenario.teams_by_id:
        row = tuple([matter for matter in matters if not matter.teams or team in matter.teams])
        by_team[team] = before[team] if row == before.get(team) else row
    return by_team


def _read(scenario: Scenario) -> _Read:
    """What decides which matters are known, worked out once a scenario."""
    found: _Read | None = scenario.__dict__.get("_read_by_matters")
    if found is None:
        groups: dict[frozenset[str], tuple[Matter, ...]] = {}
        for matter in scenario.matters:
            on = fields_read(matter.known)
            groups[on] = (*groups.get(on, ()), matter)
        fields = tuple(sorted(frozenset().union(*groups)))
        found = scenario.__dict__["_read_by_matters"] = _Read(fields, tuple(groups.items()))
    return found
