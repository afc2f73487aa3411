"""What the clock brings next: of the timetable, of requests and of claims on actors."""

from __future__ import annotations

from bisect import bisect_right

from exercise.core.control.claims import stands_still
from exercise.core.control.msel import in_hand
from exercise.core.requests.state import OPEN, RequestState
from exercise.core.scenario import Scenario
from exercise.core.state import Clock, State
from exercise.core.timetable import Slot, timetable

GRACE = 300
"""Seconds of play that whoever is asked has at least, however close the deadline: a room has to read and talk."""


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
    for slot in table.timed[clock.move][bisect_right(table.offsets[clock.move], offset) :]:
        if _waits(slot, state):
            found.append(clock.opened + slot.offset)
            break
    boundaries = table.boundaries[clock.move]
    after = bisect_right(boundaries, offset)
    if after < len(boundaries):
        found.append(clock.opened + boundaries[after])
    for due in sorted([due.due for due in state.due]):
        reached = play_when(clock, due)
        if reached is not None and reached > now:
            found.append(reached)
            break  # Those after it come later.
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
    return found + [due for request in _may_lapse(state) if (due := lapse_at(clock, request)) is not None]


def _may_lapse(state: State) -> list[RequestState]:
    """The requests that wait for a person's answer by a deadline; looked for at every instant, and mostly few."""
    return [
        request
        for request in state.live.values()
        if request.deadline is not None
        and request.delivered is not None
        and request.reply is None
        and request.status in OPEN
    ]


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
    return [r.id for r in _may_lapse(state) if (due := lapse_at(clock, r)) is not None and due <= clock.play]


def _waits(slot: Slot, state: State) -> bool:
    if slot.kind == "inject":
        return slot.row.id not in state.released and slot.row.id not in state.held and slot.row.id not in state.skipped
    return slot.row.id not in state.decisions
