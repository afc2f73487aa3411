"""When things come: the scenario's timed rows laid on the play time of its moves, worked out once per scenario."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import Literal

from exercise.core.conditions import AllOf, AnyOf, Condition, Not, Requested, TimeIs, parts_of, references
from exercise.core.control.claims import stands_still
from exercise.core.control.msel import earliest_move, in_hand
from exercise.core.records import dataclass
from exercise.core.requests.folds import BRINGS
from exercise.core.requests.state import OPEN, RequestState
from exercise.core.scenario import Scenario
from exercise.core.script import Decision, Inject, Move
from exercise.core.state import Clock, State

Row = Inject | Decision

GRACE = 300
"""Seconds of play that whoever is asked has at least, however close the deadline: a room has to read and talk."""


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


@dataclass(frozen=True, slots=True)
class Timetable:
    """All rows of a scenario: those that come by time alone, and those that wait."""

    timed: tuple[tuple[Slot, ...], ...]
    """By move, in order of (play, story, MSEL position); rows in the gap before a move have `exercise < starts`."""
    pending: tuple[Pending, ...]
    waiting: Mapping[tuple[str, str], tuple[Pending, ...]]
    """The rows that may come when this changes: a flag, an inject, a decision, …; for requests, by the event's name."""
    clocked: tuple[tuple[tuple[int, Pending], ...], ...]
    """By move, the rows that may come when the clock reaches so many seconds of play into it, in that order."""
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
        item = Pending(row, kind, slot, position)
        pending.append(item)
        for cause in _causes(row):
            waiting.setdefault(cause, []).append(item)
        for number, offset in _offsets(scenario, item):
            clocked[number].append((offset, item))
    for slots in timed:
        slots.sort(key=lambda slot: (slot.offset, slot.exercise, slot.position))
    return Timetable(
        timed=tuple(map(tuple, timed)),
        pending=tuple(pending),
        waiting={cause: tuple(items) for cause, items in waiting.items()},
        clocked=tuple(tuple(sorted(items, key=lambda item: (item[0], item[1].position))) for items in clocked),
        boundaries=tuple(
            tuple(sorted({offset for offset, _ in clocked[number]} | _reached(move, offered)))
            for number, move in enumerate(scenario.moves)
        ),
    )


def _causes(row: Row) -> set[tuple[str, str]]:
    """What must change before a waiting row can come: whatever its condition names, or the inject it follows."""
    causes = {pair for pair in references(row.when) if pair[0] not in ("party", "request")}
    asked = [part.came for part in parts_of(row.when) if isinstance(part, Requested)]
    causes.update(("request", BRINGS[step].__name__) for step in asked)
    if row.follows is not None:
        causes.add(("inject", row.follows))
    return causes


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


def exercise_at(move: Move, offset: int) -> int:
    """Time of the story `offset` seconds of play into a move; the clock stops at the move's end."""
    return min(move.ends, move.starts + offset * (move.ends - move.starts) // move.minutes)


def play_offset(move: Move, exercise: int) -> int:
    """Seconds of play into a move at which the story reaches a time inside it."""
    span = move.ends - move.starts
    return -(-(exercise - move.starts) * move.minutes // span)


def story_now(clock: Clock, play: int) -> int:
    """Time of the story at a play time in the clock's present phase; it stands outside a move."""
    if clock.phase != "move":
        return clock.exercise
    span = clock.ends - clock.starts
    return max(clock.exercise, min(clock.ends, clock.starts + (play - clock.opened) * span // clock.seconds))


def play_when(clock: Clock, exercise: int) -> int | None:
    """Play time at which the present move reaches a time of the story, or None where it does not."""
    if clock.phase != "move" or not clock.starts <= exercise <= clock.ends:
        return None
    return clock.opened - (-(exercise - clock.starts) * clock.seconds // (clock.ends - clock.starts))


def next_instant(scenario: Scenario, state: State) -> int | None:
    """Play time of the next thing that comes by itself in this move, its own end included; None where nothing does."""
    scenario = in_hand(scenario, state)
    # Whoever steps the clock asks to know, and the rules ask again to go there: the same state, the same answer.
    kept: tuple[State, int | None] | None = scenario.__dict__.get("_instant")
    if kept is None or kept[0] is not state:
        kept = scenario.__dict__["_instant"] = (state, _next_instant(scenario, state))
    return kept[1]


def _next_instant(scenario: Scenario, state: State) -> int | None:
    clock = state.clock
    if clock.phase != "move":
        return None
    table = timetable(scenario)
    now, offset, found = clock.play, clock.play - clock.opened, []
    slots = table.timed[clock.move]
    for slot in slots[bisect_right(slots, offset, key=_offset) :]:
        if _waits(slot, state):
            found.append(clock.opened + slot.offset)
            break
    boundaries = table.boundaries[clock.move]
    after = bisect_right(boundaries, offset)
    if after < len(boundaries):
        found.append(clock.opened + boundaries[after])
    for due in state.due:
        instant_due = play_when(clock, due.due)
        if instant_due is not None and instant_due > now:
            found.append(instant_due)
    found += [d.closes for d in state.decisions.values() if d.status == "open"]
    if state.live or state.errands:
        found += _request_instants(state)
    if clock.opened + clock.seconds > now:
        found.append(clock.opened + clock.seconds)
    return max(now, min(found)) if found else None


def _request_instants(state: State) -> list[int]:
    """Play times from now on in the present move at which a request does something by itself."""
    clock = state.clock
    waiting = [errand for errand in state.errands if not stands_still(state, errand)] if state.claims else state.errands
    found = [due for errand in waiting if (due := play_when(clock, errand.due)) is not None]
    return found + [due for request in state.live.values() if (due := lapse_at(clock, request)) is not None]


def lapse_at(clock: Clock, request: RequestState) -> int | None:
    """Play time at which an open request lapses in the present move; none where it does not."""
    if request.deadline is None or request.status not in OPEN or request.delivered is None:
        return None
    if request.reply is not None:
        return None  # A controlled actor that means to answer does so late, rather than not at all.
    reached = clock.play if request.deadline <= clock.exercise else play_when(clock, request.deadline)
    return None if reached is None else max(reached, request.delivered + GRACE)


def lapses_at_opening(clock: Clock, starts: int, request: RequestState) -> bool:
    """Whether an open request lapses the moment a move opens at `starts`, since its deadline lies before that."""
    if request.deadline is None or request.status not in OPEN or request.delivered is None:
        return False
    return request.deadline <= starts and request.delivered + GRACE <= clock.play


def lapsing(state: State) -> list[str]:
    """Ids of the requests whose time for an answer has passed."""
    clock = state.clock
    return [id for id, r in state.live.items() if (due := lapse_at(clock, r)) is not None and due <= clock.play]


def _offset(slot: Slot) -> int:
    return slot.offset


def _waits(slot: Slot, state: State) -> bool:
    if slot.kind == "inject":
        return slot.row.id not in state.released and slot.row.id not in state.held and slot.row.id not in state.skipped
    return slot.row.id not in state.decisions
