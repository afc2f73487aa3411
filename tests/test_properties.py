"""What holds in every exercise, whatever its author wrote and whatever people ask: searched at random."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import get_args

from given import FACTS
from hypothesis import given, settings
from strategies import SEATS, Wish, commands_for, scenarios, to_the_end, wishes

from exercise.core import commands as cmd
from exercise.core import events as ev
from exercise.core.conditions import holds
from exercise.core.decide import RULES, decide, next_instant, work_out
from exercise.core.evolve import FOLDS, evolve, replay
from exercise.core.observe import participant_view
from exercise.core.overview import facilitator_view, spectator_view
from exercise.core.scenario import Scenario
from exercise.core.script import Decision, Inject
from exercise.core.state import State
from exercise.core.timetable import timetable
from exercise.errors import CommandRejected


@dataclass(frozen=True)
class Step:
    """One command, with the states around it; a refused one has no events."""

    command: cmd.Command
    before: State
    after: State
    events: tuple[ev.Event, ...]
    refused: bool


def steps(played: Scenario, wanted: list[Wish]) -> Iterator[Step]:
    """STARTEX, what people wish, and ENDEX in the end; any error but a refusal fails the test."""
    state = State()

    def take(command: cmd.Command) -> Step:
        nonlocal state
        before = state
        try:
            events = decide(played, before, command)
        except CommandRejected as rejected:
            assert rejected.code
            assert rejected.text
            return Step(command, before, before, (), True)
        state = replay(events, before)
        return Step(command, before, state, events, False)

    yield take(cmd.StartExercise(facts=FACTS))
    for wish in wanted:
        yield take(commands_for(wish, played, state))
    for _ in range(2 * len(played.moves) + 1):
        for command in to_the_end(state):
            yield take(command)
    assert state.clock.phase == "ended"


def stamped(events: tuple[ev.Event, ...], state: State) -> list[tuple[ev.Event, int, int]]:
    """Events with the times at which they stand; the clock's own steps are left out."""
    found: list[tuple[ev.Event, int, int]] = []
    for event in events:
        state = evolve(state, event)
        if not isinstance(event, ev.ClockAdvanced):
            found.append((event, state.clock.play, state.clock.exercise))
    return found


@given(scenarios(), wishes)
@settings(max_examples=150)
def test_rules_never_break_and_the_fold_agrees_with_them(played: Scenario, wanted: list[Wish]) -> None:
    """Protects the heart: nothing but a refusal is raised, and folding the events gives the state the rules had.

    The rules are pure: asked twice they answer the same, and a refused command leaves the state as it was.
    """
    for step in steps(played, wanted):
        if step.refused:
            assert step.after is step.before
            continue
        turn = work_out(played, step.before, step.command)
        assert tuple(turn.events) == step.events
        assert turn.state == step.after
        moments = [(s.clock.play, s.clock.exercise) for s in _states(step)]
        assert turn.moments == moments


def _states(step: Step) -> Iterator[State]:
    state = step.before
    for event in step.events:
        state = evolve(state, event)
        yield state


@given(scenarios(), wishes)
@settings(max_examples=150)
def test_every_event_survives_json(played: Scenario, wanted: list[Wish]) -> None:
    """Protects replay: a log read back from its file gives the same events and the same state."""
    events = [event for step in steps(played, wanted) for event in step.events]
    again = [ev.EVENTS.validate_json(ev.EVENTS.dump_json(event)) for event in events]

    assert again == events
    assert replay(again) == replay(events)


@given(scenarios(), wishes)
@settings(max_examples=150)
def test_bounds_order_and_once(played: Scenario, wanted: list[Wish]) -> None:
    """Protects the story: time never goes back, nothing comes twice, indicators keep their bounds, moves their row."""
    events: list[ev.Event] = []
    before = State()
    for step in steps(played, wanted):
        for event, state in zip(step.events, _states(step), strict=True):
            events.append(event)
            clock, was = state.clock, before.clock
            assert clock.play >= was.play
            if clock.phase == was.phase != "briefing" and clock.move == was.move:
                assert clock.exercise >= was.exercise
            if clock.phase == "move" and clock.move == was.move == played.moves.index(played.moves[-1]):
                assert clock.exercise <= clock.ends
            for indicator in played.indicators:
                assert indicator.lowest <= state.indicators[indicator.id] <= indicator.highest
            before = state
        if step.after.clock.phase in ("plenary", "briefing"):
            assert not [d for d in step.after.decisions.values() if d.status == "open"], "nobody decides outside a move"
    once = [event for event in events if isinstance(event, ev.InjectReleased | ev.DecisionOpened | ev.MoveOpened)]
    rows = Counter(tuple(event.as_data({"closes", "by_hand", "to"}).items()) for event in once)
    assert max(rows.values()) == 1
    assert [m.number for m in before.messages] == list(range(len(before.messages)))
    assert Counter(type(event) for event in events)[ev.ExerciseEnded] == 1


@given(scenarios(), wishes)
@settings(max_examples=150)
def test_nothing_that_is_due_is_left_lying(played: Scenario, wanted: list[Wish]) -> None:
    """Protects the fixed point: after each step of a move no row that may come, no window and no consequence is left.

    Whether a row may come is worked out here anew, from the scenario alone.
    """
    for step in steps(played, wanted):
        state, clock = step.after, step.after.clock
        # Reading brings no clock along, and a refused command nothing at all.
        if step.refused or clock.phase != "move" or isinstance(step.command, cmd.ReadMessage):
            continue
        rows: list[Inject | Decision] = [*played.injects, *played.decisions]
        left = [row.id for row in rows if _may_come(played, row, state)]
        assert not left, f"{left} may come after {step.command}"
        if clock.running:
            assert not [name for name, d in state.decisions.items() if d.status == "open" and d.closes <= clock.play]
            assert not [item for item in state.due if item.due <= clock.exercise]
            instant = next_instant(played, state)
            assert instant is None or instant > clock.play


def _may_come(played: Scenario, row: Inject | Decision, state: State) -> bool:
    """Whether a row that waits for a condition or another row should have come by now."""
    pending = {item.row.id: item for item in timetable(played).pending}.get(row.id)
    come = row.id in state.released or row.id in state.decisions or row.id in state.held
    if pending is None or come or (row.expires is not None and state.clock.exercise >= row.expires):
        return False
    if row.follows is not None and row.follows not in state.released:
        return False
    if pending.slot is not None:
        reached = (state.clock.move, state.clock.play - state.clock.opened)
        if reached < (pending.slot.move, pending.slot.offset):
            return False
    return holds(row.when, state)


@given(scenarios(), wishes)
@settings(max_examples=150)
def test_one_long_tick_is_many_short_ones(played: Scenario, wanted: list[Wish]) -> None:
    """Protects pacing: a run stepped from one thing to the next is the run of a clock that ticks in between."""
    slow = State()
    for step in steps(played, wanted):
        if not step.events:
            continue
        short: list[tuple[ev.Event, int, int]] = []
        target = step.command.play
        for play in (*range(slow.clock.play, target, max(1, (target - slow.clock.play) // 5)), target):
            short += _tick(played, slow, play)
            slow = replay(_events(played, slow, cmd.AdvanceClock(play=play)), slow)
        events = _events(played, slow, step.command)
        short += stamped(events, slow)
        slow = replay(events, slow)

        assert short == stamped(step.events, step.before)
        assert _without_clock(slow) == _without_clock(step.after)


def _tick(played: Scenario, state: State, play: int) -> list[tuple[ev.Event, int, int]]:
    return stamped(_events(played, state, cmd.AdvanceClock(play=play)), state)


def _events(played: Scenario, state: State, command: cmd.Command) -> tuple[ev.Event, ...]:
    try:
        return decide(played, state, command)
    except CommandRejected:
        assert isinstance(command, cmd.AdvanceClock), "a clock that ticked in between makes no command illegal"
        return ()


def _without_clock(state: State) -> State:
    return replace(state, clock=replace(state.clock, play=0, exercise=0))


@given(scenarios(), wishes)
@settings(max_examples=60)
def test_every_view_can_be_built_at_every_moment(played: Scenario, wanted: list[Wish]) -> None:
    """Protects every screen: whatever happened, each seat has a view, and its inbox is numbered without a gap."""
    for step in steps(played, wanted):
        facilitator_view(played, step.after)
        views = [participant_view(played, step.after, seat) for seat in SEATS]
        for inbox in (*(view.inbox for view in views), spectator_view(played, step.after).inbox):
            assert [item.number for item in inbox] == list(range(1, len(inbox) + 1))
        for view in views:
            for shown in view.open_decisions:
                assert [o.letter for o in shown.options] == list("ABCDEF"[: len(shown.options)])


def test_every_command_has_its_rule() -> None:
    """Protects whoever asks: a command that `decide` does not know would be a fault, and a rule for none is dead."""
    known = set(get_args(get_args(cmd.Command)[0]))

    assert {*RULES, cmd.AdvanceClock} == known


def test_every_event_has_its_fold() -> None:
    """Protects replay: an event that `evolve` does not know would end it, and a fold for no event is dead."""
    known = set(get_args(get_args(ev.Event)[0]))

    assert set(FOLDS) == known
