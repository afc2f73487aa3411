"""The fold: one event makes the next state; a whole log makes the state it ended in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar, assert_never

from exercise.core import events as ev
from exercise.core.state import (
    ActRecord,
    Choice,
    DecisionState,
    Due,
    Message,
    Note,
    Reading,
    State,
)

if TYPE_CHECKING:
    from dataclasses import replace
else:
    # A fold makes a new state for every event: copying the fields' dictionary costs a fifth of the library's way.
    Record = TypeVar("Record")

    def replace(record: Record, **changes: Any) -> Record:
        """The same record with some fields changed."""
        changed = object.__new__(record.__class__)
        changed.__dict__.update(record.__dict__)
        changed.__dict__.update(changes)
        return changed


def replay(events: Iterable[ev.Event], state: State | None = None) -> State:
    """The state after these events, from the empty one or from `state`."""
    state = State() if state is None else state
    for event in events:
        state = evolve(state, event)
    return state


def evolve(state: State, event: ev.Event) -> State:
    """The state after one event, the commonest kinds first.

    It never fails on an event that `decide` returned, and never reads a scenario.
    """
    clock = state.clock
    match event:
        case ev.ClockAdvanced():
            return replace(state, clock=replace(clock, play=event.play, exercise=event.exercise))
        case ev.MessageRead():
            seen = state.read.get(event.seat, frozenset())
            return replace(state, read={**state.read, event.seat: seen | {event.message}})
        case ev.IndicatorChanged() | ev.IndicatorCorrected():
            return replace(
                state,
                indicators={**state.indicators, event.indicator: event.value},
                readings=state.readings.add(Reading(event.indicator, clock.play, clock.exercise, event.value)),
            )
        case ev.NoteWritten():
            return replace(state, notes=state.notes.add(Note(event.seat, clock.play, clock.exercise, event.text)))
        case ev.ActDone():
            record = ActRecord(event.act, clock.play, clock.exercise, event.decision)
            return replace(state, acts={**state.acts, event.team: (*state.acts.get(event.team, ()), record)})
        case ev.InjectReleased():
            message = Message(len(state.messages), event.to, clock.play, clock.exercise, inject=event.inject)
            return replace(
                state,
                released={**state.released, event.inject: clock.exercise},
                held=state.held - {event.inject},
                messages=(*state.messages, message),
            )
        case ev.WindowExtended() | ev.ResponseChosen() | ev.DecisionLapsed() | ev.DecisionReopened():
            return _decision(state, event)
        case ev.FollowedUp():
            note = Note(event.team, clock.play, clock.exercise, event.text, event.decision, event.kind)
            return replace(state, notes=state.notes.add(note))
        case ev.ConsequenceScheduled():
            return replace(state, due=(*state.due, Due(event.decision, event.source, event.index, event.due)))
        case ev.DecisionOpened():
            opened = DecisionState(event.team, "open", event.revision, clock.play, clock.exercise, event.closes)
            return replace(state, decisions={**state.decisions, event.decision: opened})
        case ev.ConsequenceCame() | ev.ConsequenceDropped():
            return _consequence(state, event)
        case ev.FlagRaised():
            return replace(state, flags=state.flags | {event.flag})
        case ev.EvidenceLearned():
            held = (*state.knowledge.get(event.team, ()), event.evidence)
            return replace(state, knowledge={**state.knowledge, event.team: held})
        case ev.FlagCleared():
            return replace(state, flags=state.flags - {event.flag})
        case ev.ExerciseStarted():
            readings = state.readings
            for name, value in event.indicators.items():
                readings = readings.add(Reading(name, 0, 0, value))
            return replace(
                state,
                facts=event.facts,
                indicators=dict(event.indicators),
                readings=readings,
                clock=replace(clock, running=True),
            )
        case ev.ClockPaused():
            return replace(state, clock=replace(clock, running=False))
        case ev.ClockResumed():
            return replace(state, clock=replace(clock, running=True))
        case ev.MoveOpened():
            opened_clock = replace(
                clock,
                phase="move",
                move=event.index,
                opened=clock.play,
                exercise=event.starts,
                starts=event.starts,
                ends=event.ends,
                seconds=event.seconds,
            )
            return replace(state, clock=opened_clock)
        case ev.PlenaryOpened():
            return replace(state, clock=replace(clock, phase="plenary", opened=clock.play))
        case ev.MoveClosed() | ev.PlenaryClosed() | ev.MarksProposed():
            return state
        case ev.ExerciseEnded():
            return replace(state, clock=replace(clock, phase="ended", running=False))
        case ev.InjectHeld():
            return replace(state, held=state.held | {event.inject})
        case ev.InjectWithdrawn():
            return replace(state, withdrawn=state.withdrawn | {event.inject})
        case ev.MarkVoided():
            return replace(state, voided=state.voided | {event.mark})
        case _:
            assert_never(event)


def _consequence(state: State, event: ev.ConsequenceCame | ev.ConsequenceDropped) -> State:
    key = (event.decision, event.source, event.index)
    due = tuple(item for item in state.due if (item.decision, item.source, item.index) != key)
    if isinstance(event, ev.ConsequenceDropped) or not event.to:
        return replace(state, due=due)
    clock = state.clock
    message = Message(
        len(state.messages),
        event.to,
        clock.play,
        clock.exercise,
        decision=event.decision,
        source=event.source,
        index=event.index,
    )
    return replace(state, due=due, messages=(*state.messages, message))


def _decision(
    state: State, event: ev.WindowExtended | ev.ResponseChosen | ev.DecisionLapsed | ev.DecisionReopened
) -> State:
    before = state.decisions[event.decision]
    match event:
        case ev.WindowExtended():
            after = replace(before, closes=event.closes, revision=event.revision)
        case ev.DecisionLapsed():
            after = replace(before, status="lapsed")
        case ev.DecisionReopened():
            after = replace(before, status="open", revision=event.revision, closes=event.closes, choice=None)
        case ev.ResponseChosen():
            choice = Choice(
                option=event.option,
                team=event.team,
                play=state.clock.play,
                exercise=state.clock.exercise,
                reason=event.reason,
                free_text=event.free_text,
                nearest=event.nearest,
                basis=event.basis,
                set_aside=event.set_aside,
                safeguards=event.safeguards,
            )
            after = replace(before, status="chosen", choice=choice)
    return replace(state, decisions={**state.decisions, event.decision: after})
