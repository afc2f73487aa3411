"""Playing on without people: bots answer, the clock steps from one thing to the next, moves close, ENDEX comes.

The same loop drives `simulate`, the bots beside people at one terminal, and the tests.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from exercise.core.commands import (
    AdvanceClock,
    CloseMove,
    ClosePlenary,
    Command,
    StartExercise,
)
from exercise.core.decide import work_out
from exercise.core.events import Event, LogEntry
from exercise.core.observe import correspondence_view, decisions_view
from exercise.core.scenario import Scenario
from exercise.core.schedule import next_instant
from exercise.core.state import State
from exercise.errors import CommandRejected
from exercise.session.bots import Bot
from exercise.session.collector import collector_paused
from exercise.session.correspondence import look

_log = logging.getLogger(__name__)


@dataclass
class Rehearsal:
    """A run kept in memory only, without stamps of wall time and without hashes."""

    scenario: Scenario
    state: State = field(default_factory=State)
    entries: list[LogEntry] = field(default_factory=list)
    states: list[State] = field(default_factory=lambda: [State()])
    """The state before each entry, and at the end the last one: an assessment need not fold them again."""

    def submit(self, command: Command) -> tuple[Event, ...]:
        """Decides, folds and keeps the entries; raises `CommandRejected`."""
        turn = work_out(self.scenario, self.state, command)
        batch = len(self.entries) + 1
        seat = command.seat
        clocks = [state.clock for state in turn.states]
        self.entries += [
            LogEntry(seq, batch, seat, "", clock.play, clock.exercise, event)
            for seq, (event, clock) in enumerate(zip(turn.events, clocks, strict=True), batch)
        ]
        self.states += turn.states
        self.state = turn.state
        return tuple(turn.events)


def beside_people(submit: Callable[[Command], object]) -> Callable[[Command], object]:
    """How bots submit where people play: what one is refused is neither theirs to read nor in the way of the others."""

    def given(command: Command) -> object:
        try:
            return submit(command)
        except CommandRejected as refused:
            _log.info("a bot was refused: %s", refused)
            return ()

    return given


def wake_bots(
    scenario: Scenario, state: Callable[[], State], submit: Callable[[Command], object], bots: Mapping[str, Bot]
) -> int:
    """Lets every bot act that has something before it; returns how many of their commands changed anything."""
    given = 0
    now = state()
    waiting = _with_business(now)
    for team, bot in bots.items():
        before, now = now, state()
        if now.decisions is not before.decisions or now.clock is not before.clock:
            # What one bot did may have put something before the next.
            waiting = _with_business(now)
        if not bot.decides or team not in waiting:
            continue
        for command in bot.act(decisions_view(scenario, now, team)):
            given += bool(submit(command))
    return given + _correspond(scenario, state, submit, bots)


def _correspond(
    scenario: Scenario, state: Callable[[], State], submit: Callable[[Command], object], bots: Mapping[str, Bot]
) -> int:
    """Lets every bot send and answer requests, where something is new since it last looked."""
    if not scenario.matters and not state().requests:
        return 0
    given = 0
    for team, bot in bots.items():
        now = state()
        if not bot.corresponds or now.clock.phase != "move":
            continue
        looked = look(scenario, now, team, bot.looked)
        if looked is None:
            continue
        bot.looked = looked
        for command in bot.correspond(correspondence_view(scenario, now, team, looked.known, looked.letters)):
            given += bool(submit(command))
    return given


def _with_business(state: State) -> set[str]:
    """Teams with an open decision, and when a move has just opened all that have decided something before."""
    clock = state.clock
    if clock.phase != "move":
        return set()
    fresh = clock.play == clock.opened
    return {decision.team for decision in state.decisions.values() if fresh or decision.status == "open"}


def play_on(scenario: Scenario, state: Callable[[], State], submit: Callable[[Command], object]) -> bool:
    """One step of the clock or of the programme; False once the exercise has ended."""
    clock = state().clock
    if clock.phase == "ended":
        return False
    if clock.phase == "plenary":
        length = scenario.moves[clock.move].plenary
        submit(ClosePlenary(play=clock.opened + (length.minutes if length else 0)))
        return True
    instant = next_instant(scenario, state())
    if instant is None:
        submit(CloseMove(play=clock.play))
    else:
        submit(AdvanceClock.unchecked(play=instant))
    return True


def drive(
    scenario: Scenario, state: Callable[[], State], submit: Callable[[Command], object], bots: Mapping[str, Bot]
) -> None:
    """Plays a started exercise to ENDEX with bots only."""
    for bot in bots.values():
        bot.looked = None  # The same bots may play many runs, and each begins with a first look.
    wake_bots(scenario, state, submit, bots)
    while play_on(scenario, state, submit):
        wake_bots(scenario, state, submit, bots)


def run(scenario: Scenario, facts: Mapping[str, str], bots: Mapping[str, Bot]) -> Rehearsal:
    """A whole exercise played by bots, in memory."""
    rehearsal = Rehearsal(scenario)
    with collector_paused():
        rehearsal.submit(StartExercise(facts=facts))
        drive(scenario, lambda: rehearsal.state, rehearsal.submit, bots)
    return rehearsal
