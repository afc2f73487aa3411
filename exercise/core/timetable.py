"""When rows come: a scenario's timed rows laid on the play time of its moves, worked out once per scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from exercise.core.conditions import AllOf, AnyOf, Condition, Not, Requested, TimeIs, parts_of, references, steps_of
from exercise.core.records import dataclass
from exercise.core.scenario import Scenario
from exercise.core.script import Decision, Inject, Move

if TYPE_CHECKING:
    from exercise.core.requests.state import RequestState

Row = Inject | Decision

SINCE = "_since"
"""Under this name a scenario changed by control keeps the first move in which its rows may come by their time."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A row with a time: `offset` seconds of play into move number `move`, which is `exercise` in the story."""

    row: Row
    kind: Literal["inject", "decision"]
    position: int
    move: int
    offset: int
    exercise: int


@dataclass(frozen=True, slots=True)
class Pending:
    """A row that waits for a condition, or for the inject it follows; `slot` is its time, where it has one too."""

    row: Row
    kind: Literal["inject", "decision"]
    slot: Slot | None
    position: int
    id: str
    """The row's, at hand without asking the row: rules look at every waiting row over and over."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """All rows of a scenario: those that come by time alone, and those that wait."""

    timed: tuple[tuple[Slot, ...], ...]
    """By move, in order of (play, story, MSEL position); rows in the gap before a move have `exercise < starts`."""
    offsets: tuple[tuple[int, ...], ...]
    """The offset of each of these, to search in."""
    pending: tuple[Pending, ...]
    waiting: Mapping[tuple[str, str], tuple[Pending, ...]]
    """The rows that may come when this changes: a flag, an inject, a decision, …; for requests, see `step_causes`."""
    clocked: tuple[tuple[Pending, ...], ...]
    """By move, the rows that may come when the clock reaches a time of play in it, in the order of these times."""
    clocked_offsets: tuple[tuple[int, ...], ...]
    """The seconds of play into the move at which each of these may come."""
    boundaries: tuple[tuple[int, ...], ...]
    """By move, the seconds of play into it at which the clock alone may let a waiting row come, or change what is
    offered."""


def timetable(scenario: Scenario) -> Timetable:
    """The scenario's timetable, kept with it so that rules, screens and bots read the same one."""
    found = scenario.__dict__.get("_timetable")
    if found is None:
        found = scenario.__dict__["_timetable"] = _build(scenario)
    return found


def _build(scenario: Scenario) -> Timetable:
    timed: list[list[Slot]] = [[] for _ in scenario.moves]
    pending: list[Pending] = []
    waiting: dict[tuple[str, str], list[Pending]] = {}
    clocked: list[list[tuple[int, Pending]]] = [[] for _ in scenario.moves]
    offered: set[int] = set()
    rows: list[tuple[Row, Literal["inject", "decision"]]] = [(inject, "inject") for inject in scenario.injects]
    rows += [(decision, "decision") for decision in scenario.decisions]
    for position, (row, kind) in enumerate(rows):
        slot = _slot(scenario, row, kind, position)
        if isinstance(row, Decision):
            offered.update(*(_times(option.available) for option in row.options))
        if row.when is None and row.follows is None:
            if slot is not None:
                timed[slot.move].append(slot)
            continue
        item = Pending(row, kind, slot, position, row.id)
        pending.append(item)
        for cause in _causes(row):
            waiting.setdefault(cause, []).append(item)
        for number, offset in _offsets(scenario, item):
            clocked[number].append((offset, item))
    for slots in timed:
        slots.sort(key=lambda slot: (slot.offset, slot.exercise, slot.position))
    for items in clocked:
        items.sort(key=lambda item: (item[0], item[1].position))
    return Timetable(
        timed=tuple(map(tuple, timed)),
        offsets=tuple(tuple(slot.offset for slot in slots) for slots in timed),
        pending=tuple(pending),
        waiting={cause: tuple(items) for cause, items in waiting.items()},
        clocked=tuple(tuple(item for _, item in items) for items in clocked),
        clocked_offsets=tuple(tuple(offset for offset, _ in items) for items in clocked),
        boundaries=tuple(
            tuple(sorted({offset for offset, _ in clocked[number]} | _reached(move, offered)))
            for number, move in enumerate(scenario.moves)
        ),
    )


def _causes(row: Row) -> set[tuple[str, str]]:
    """What must change before a waiting row can come: whatever its condition names, or the inject it follows."""
    causes = {pair for pair in references(row.when) if pair[0] not in ("party", "request")}
    asked = [part for part in parts_of(row.when) if isinstance(part, Requested)]
    causes.update((step, part.asked) for part in asked for step in steps_of(part))
    if row.follows is not None:
        causes.add(("inject", row.follows))
    return causes


def step_causes(request: RequestState) -> tuple[tuple[str, str], ...]:
    """What a request has changed by its last step: such a step of its kind, and of any."""
    return (request.status, request.kind), (request.status, "any")


def _offsets(scenario: Scenario, item: Pending) -> set[tuple[int, int]]:
    """Moves and seconds of play into them at which the clock alone may let a waiting row come."""
    found = {(item.slot.move, item.slot.offset)} if item.slot is not None else set()
    for number, move in enumerate(scenario.moves):
        found.update((number, offset) for offset in _reached(move, _times(item.row.when)))
    return found


def _reached(move: Move, times: set[int]) -> set[int]:
    """Seconds of play into a move at which the story reaches these times, as far as they lie in it."""
    return {play_offset(move, time) for time in times if move.starts <= time <= move.ends}


def _slot(scenario: Scenario, row: Row, kind: Literal["inject", "decision"], position: int) -> Slot | None:
    if row.move is not None and row.minute is not None:
        for index, move in enumerate(scenario.moves):
            if move.id == row.move:
                return Slot(row, kind, position, index, row.minute, exercise_at(move, row.minute))
        return None
    if row.at is None:
        return None
    first = earliest_move(scenario, row.id) if kind == "inject" else 0
    for index, move in enumerate(scenario.moves):
        if index >= first and row.at <= move.ends:
            offset = play_offset(move, row.at) if row.at >= move.starts else 0
            return Slot(row, kind, position, index, offset, row.at)
    return None


def _times(condition: Condition | None) -> set[int]:
    match condition:
        case AllOf():
            return set().union(*(_times(part) for part in condition.all))
        case AnyOf():
            return set().union(*(_times(part) for part in condition.any))
        case Not():
            return _times(condition.not_)
        case TimeIs():
            return {time for time in (condition.time.from_, condition.time.until) if time is not None}
        case _:
            return set()


def earliest_move(scenario: Scenario, row: str) -> int:
    """The first move, from 0, in which or before which a row may come by its time."""
    since: Mapping[str, int] = scenario.__dict__.get(SINCE, {})
    return since.get(row, 0)


def exercise_at(move: Move, offset: int) -> int:
    """Time of the story `offset` seconds of play into a move; the clock stops at the move's end."""
    return min(move.ends, move.starts + offset * (move.ends - move.starts) // move.minutes)


def play_offset(move: Move, exercise: int) -> int:
    """Seconds of play into a move at which the story reaches a time inside it."""
    span = move.ends - move.starts
    return -(-(exercise - move.starts) * move.minutes // span)
