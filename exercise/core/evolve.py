"""The fold: one event makes the next state; a whole log makes the state it ended in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from exercise.core import events as ev
from exercise.core.control.folds import FOLDS as CONTROL
from exercise.core.evaluation.folds import FOLDS as EVALUATION
from exercise.core.evaluation.folds import marks_proposed
from exercise.core.happened import Happened
from exercise.core.records import replace
from exercise.core.requests.folds import REQUEST_FOLDS
from exercise.core.requests.state import Holding
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
from exercise.core.teamwork.folds import FOLDS as TEAM_PLAY


def replay(events: Iterable[ev.Event], state: State | None = None) -> State:
    """The state after these events, from the empty one or from `state`."""
    state = State() if state is None else state
    for event in events:
        state = FOLDS[event.__class__](state, event)
    return state


def evolve(state: State, event: ev.Event) -> State:
    """The state after one event; it never fails on one that `decide` returned, and never reads a scenario."""
    return FOLDS[event.__class__](state, event)


def _clock_advanced(state: State, event: ev.ClockAdvanced) -> State:
    clock = state.clock
    return replace(state, clock=replace(clock, play=event.play, exercise=event.exercise))


def _message_read(state: State, event: ev.MessageRead) -> State:
    seen = state.read.get(event.seat, frozenset())
    return replace(state, read={**state.read, event.seat: seen | {event.message}})


def _indicator_changed(state: State, event: ev.IndicatorChanged | ev.IndicatorCorrected) -> State:
    clock = state.clock
    return replace(
        state,
        indicators={**state.indicators, event.indicator: event.value},
        readings=state.readings.add(Reading(event.indicator, clock.play, clock.exercise, event.value)),
    )


def _note_written(state: State, event: ev.NoteWritten) -> State:
    clock = state.clock
    note = Note(event.seat, clock.play, clock.exercise, event.text, about=event.about, who=event.who)
    return replace(state, notes=state.notes.add(note))


def _act_done(state: State, event: ev.ActDone) -> State:
    clock = state.clock
    record = ActRecord(event.act, clock.play, clock.exercise, event.decision)
    return replace(state, acts={**state.acts, event.team: (*state.acts.get(event.team, ()), record)})


def _inject_released(state: State, event: ev.InjectReleased) -> State:
    clock = state.clock
    message = Message(len(state.messages), event.to, clock.play, clock.exercise, inject=event.inject)
    return replace(
        state,
        released={**state.released, event.inject: clock.exercise},
        held=state.held - {event.inject},
        skipped=state.skipped - {event.inject},
        messages=(*state.messages, message),
    )


def _followed_up(state: State, event: ev.FollowedUp) -> State:
    clock = state.clock
    note = Note(event.team, clock.play, clock.exercise, event.text, event.decision, event.kind)
    return replace(state, notes=state.notes.add(note))


def _consequence_scheduled(state: State, event: ev.ConsequenceScheduled) -> State:
    return replace(state, due=(*state.due, Due(event.decision, event.source, event.index, event.due)))


def _decision_opened(state: State, event: ev.DecisionOpened) -> State:
    clock = state.clock
    opened = DecisionState(event.team, "open", event.revision, clock.play, clock.exercise, event.closes)
    return replace(state, decisions={**state.decisions, event.decision: opened})


def _flag_raised(state: State, event: ev.FlagRaised) -> State:
    return replace(state, flags=state.flags | {event.flag})


def _evidence_learned(state: State, event: ev.EvidenceLearned) -> State:
    clock = state.clock
    holding = Holding(clock.play, clock.exercise, event.giver, event.request, event.handling)
    held = {**state.knowledge.get(event.team, {}), event.evidence: holding}
    return replace(state, knowledge={**state.knowledge, event.team: held})


def _flag_cleared(state: State, event: ev.FlagCleared) -> State:
    return replace(state, flags=state.flags - {event.flag})


def _exercise_started(state: State, event: ev.ExerciseStarted) -> State:
    clock = state.clock
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


def _clock_paused(state: State, event: ev.ClockPaused) -> State:
    clock = state.clock
    return replace(state, clock=replace(clock, running=False))


def _clock_resumed(state: State, event: ev.ClockResumed) -> State:
    clock = state.clock
    return replace(state, clock=replace(clock, running=True))


def _move_opened(state: State, event: ev.MoveOpened) -> State:
    clock = state.clock
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


def _plenary_opened(state: State, event: ev.PlenaryOpened) -> State:
    clock = state.clock
    return replace(state, clock=replace(clock, phase="plenary", opened=clock.play))


def _unchanged(state: State, event: ev.Event) -> State:
    return state


def _exercise_ended(state: State, event: ev.ExerciseEnded) -> State:
    clock = state.clock
    return replace(state, clock=replace(clock, phase="ended", running=False))


def _inject_held(state: State, event: ev.InjectHeld) -> State:
    return replace(state, held=state.held | {event.inject})


def _inject_withdrawn(state: State, event: ev.InjectWithdrawn) -> State:
    return replace(state, withdrawn=state.withdrawn | {event.inject})


def _mark_voided(state: State, event: ev.MarkVoided) -> State:
    return replace(state, voided=state.voided | {event.mark})


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


FOLDS: Mapping[type[Happened], Callable[[State, Any], State]] = {
    ev.ClockAdvanced: _clock_advanced,
    ev.MessageRead: _message_read,
    ev.IndicatorChanged: _indicator_changed,
    ev.IndicatorCorrected: _indicator_changed,
    ev.NoteWritten: _note_written,
    ev.ActDone: _act_done,
    ev.InjectReleased: _inject_released,
    ev.WindowExtended: _decision,
    ev.ResponseChosen: _decision,
    ev.DecisionLapsed: _decision,
    ev.DecisionReopened: _decision,
    ev.FollowedUp: _followed_up,
    ev.ConsequenceScheduled: _consequence_scheduled,
    ev.DecisionOpened: _decision_opened,
    ev.ConsequenceCame: _consequence,
    ev.ConsequenceDropped: _consequence,
    ev.FlagRaised: _flag_raised,
    ev.EvidenceLearned: _evidence_learned,
    ev.FlagCleared: _flag_cleared,
    ev.ExerciseStarted: _exercise_started,
    ev.ClockPaused: _clock_paused,
    ev.ClockResumed: _clock_resumed,
    ev.MoveOpened: _move_opened,
    ev.PlenaryOpened: _plenary_opened,
    ev.MoveClosed: _unchanged,
    ev.PlenaryClosed: _unchanged,
    ev.MarksProposed: marks_proposed,
    ev.ExerciseEnded: _exercise_ended,
    ev.InjectHeld: _inject_held,
    ev.InjectWithdrawn: _inject_withdrawn,
    ev.MarkVoided: _mark_voided,
    **REQUEST_FOLDS,
    **TEAM_PLAY,
    **CONTROL,
    **EVALUATION,
}
"""What each kind of event does to a state: a table, since a long log asks it at every entry; a test keeps it whole."""
