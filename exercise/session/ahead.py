"""How far the next step will carry the clock, worked out before it is taken so that nobody loses time by a slip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from exercise.core.commands import AdvanceClock
from exercise.core.decide import work_out
from exercise.core.scenario import Scenario
from exercise.core.schedule import next_instant
from exercise.core.state import State
from exercise.errors import CommandRejected

__all__ = ["time_ahead"]

_MOST_STEPS = 1000


def time_ahead(
    scenario: Scenario,
    state: State,
    keep_for_answers: Callable[[State, int | None], None],
    seen: Callable[[State], object],
) -> tuple[int, int]:
    """Seconds of play and of the story until what people have `seen` changes; (0, 0) where no clock runs until then.

    Bots can bring something sooner, so that it is the most a step can take. A step that `keep_for_answers` refuses on
    the way has gone as far as that: only one that it refuses at once takes nothing.
    """
    begun = state.clock
    if begun.phase != "move":
        return 0, 0
    if not begun.running:
        state = replace(state, clock=replace(begun, running=True))
    before = seen(state)
    for _step in range(_MOST_STEPS):
        instant = next_instant(scenario, state)
        try:
            keep_for_answers(state, instant)
        except CommandRejected:
            break
        if instant is None:
            break
        state = work_out(scenario, state, AdvanceClock(play=instant)).state
        clock = state.clock
        if seen(state) != before or (clock.phase, clock.move) != (begun.phase, begun.move):
            break
    return state.clock.play - begun.play, state.clock.exercise - begun.exercise
