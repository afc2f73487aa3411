"""Which matters a team can raise, worked out again only when something that decides it has changed."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Mapping
from itertools import compress, islice
from operator import is_not
from typing import TYPE_CHECKING

from exercise.core.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Not,
    Released,
    Requested,
    TimeIs,
    fields_read,
    holds,
    parts_of,
)
from exercise.core.records import dataclass
from exercise.core.requests.matters import Matter
from exercise.core.requests.state import RequestState

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
    """What decides which matters of a scenario are known, by field of a state; matters by their ids."""

    parts: Mapping[str, tuple[tuple[Condition, str], ...]]
    """The parts of their conditions that are quickly decided, each with its matter."""
    injects: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, tuple[str, ...]]
    """The matters that wait for an inject, and for a request of a kind: of both there are many, and few decide."""
    times: tuple[int, ...]
    timed: tuple[str, ...]
    """The times of the story before or from which something can be raised, in order, and the matters of any of them."""
    of_team: Mapping[str, Mapping[str, Matter]]
    """All that each team may ever raise, by id in the order of the file."""


@dataclass(frozen=True, slots=True)
class _Known:
    """The matters that could be raised in a state."""

    state: State
    ids: frozenset[str]
    by_team: Mapping[str, tuple[Matter, ...]]


def _known(scenario: Scenario, state: State) -> Mapping[str, tuple[Matter, ...]]:
    """The matters that can be raised, by team: asked at every step, and worked out when what decides it has changed.

    A state shares with the one before it whatever did not change, and nothing in it is ever changed in place: the same
    objects give the same answer.
    """
    kept: _Known | None = scenario.__dict__.get("_known")
    if kept is not None and kept.state is state:
        return kept.by_team
    read, matters = _read(scenario), scenario.matters_by_id
    if kept is None:
        kept = _Known(state, frozenset(), dict.fromkeys(read.of_team, ()))
        asked: Iterable[str] = matters
    else:
        asked = _touched(read, state, kept.state)
    ids, by_team = kept.ids, kept.by_team
    turned = {id for id in asked if holds(matters[id].known, state) is not (id in ids)}
    if turned:
        ids ^= turned
        by_team = {
            # Where nothing of a team's has turned, the same row, by which whoever looks can tell.
            team: by_team[team] if turned.isdisjoint(own) else tuple([own[id] for id in own if id in ids])
            for team, own in read.of_team.items()
        }
    scenario.__dict__["_known"] = _Known(state, ids, by_team)
    return by_team


def _touched(read: _Read, now: State, then: State) -> set[str]:
    """The matters that may be known in one of two states and not in the other."""
    touched: set[str] = set()
    for field, parts in read.parts.items():
        if getattr(now, field) is not getattr(then, field):
            touched.update([id for part, id in parts if holds(part, now) is not holds(part, then)])
    released, before = now.released, then.released
    if released is not before:
        for name, ids in read.injects.items():
            if (name in released) is not (name in before):
                touched.update(ids)
    if read.times and bisect(read.times, now.clock.exercise) != bisect(read.times, then.clock.exercise):
        touched.update(read.timed)
    if read.kinds and now.requests is not then.requests:
        for name in read.kinds.keys() & _kinds_changed(now.requests, then.requests):
            touched.update(read.kinds[name])
    return touched


def _kinds_changed(now: Mapping[str, RequestState], then: Mapping[str, RequestState]) -> set[str]:
    """The kinds of the requests that stand otherwise in one of two states than in the other; "any" is among them."""
    # They stand in the order in which they were sent; what stands beside another has changed, or is of another run.
    kinds = {"any"}
    beside = zip(now.values(), then.values(), strict=False)
    for new, old in compress(beside, map(is_not, now.values(), then.values())):
        kinds |= {new.kind, old.kind}
    kinds.update([request.kind for request in islice(now.values(), len(then), None)])
    kinds.update([request.kind for request in islice(then.values(), len(now), None)])
    return kinds


def _read(scenario: Scenario) -> _Read:
    """What decides which matters are known, worked out once a scenario."""
    found: _Read | None = scenario.__dict__.get("_read_by_matters")
    if found is None:
        parts: dict[str, list[tuple[Condition, str]]] = {}
        injects: dict[str, dict[str, None]] = {}
        kinds: dict[str, dict[str, None]] = {}
        times: set[int] = set()
        timed: dict[str, None] = {}
        for matter in scenario.matters:
            for part in parts_of(matter.known):
                match part:
                    case AllOf() | AnyOf() | Not():
                        pass
                    case Released():
                        injects.setdefault(part.released, {})[matter.id] = None
                    case Requested():
                        kinds.setdefault(part.asked, {})[matter.id] = None
                    case TimeIs():
                        times.update(time for time in (part.time.from_, part.time.until) if time is not None)
                        timed[matter.id] = None
                    case _:
                        [field] = fields_read(part)
                        parts.setdefault(field, []).append((part, matter.id))
        found = scenario.__dict__["_read_by_matters"] = _Read(
            {field: tuple(of_field) for field, of_field in parts.items()},
            {name: tuple(ids) for name, ids in injects.items()},
            {name: tuple(ids) for name, ids in kinds.items()},
            tuple(sorted(times)),
            tuple(timed),
            {
                team: {matter.id: matter for matter in scenario.matters if not matter.teams or team in matter.teams}
                for team in scenario.teams_by_id
            },
        )
    return found
