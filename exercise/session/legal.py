"""Whether each step of a log was legal: the command behind a batch is guessed from its events and decided again.

Commands are not kept, but what they lead to is, and the rules are pure: a batch is legal if some command gives exactly
its events in the state before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from exercise.core import commands as cmd
from exercise.core import events as ev
from exercise.core.assess import assess
from exercise.core.audience import reaches
from exercise.core.decide import decide
from exercise.core.evolve import evolve, replay
from exercise.core.state import State
from exercise.errors import CommandRejected
from exercise.session.chain import Finding
from exercise.session.log import REDACTED, RULES, LoadedLog
from exercise.session.openings import compact_json, parse_json

_FILLER = "words that were taken out of this log"
"""Stands for a redacted text while its step is decided again: long enough for every rule on length."""


def first_illegal(log: LoadedLog) -> Finding | None:
    """The first entry that the rules would not have given, or None."""
    state = State()
    redacted = False
    for first, group in groupby(log.entries, key=lambda entry: entry.batch):
        entries = tuple(group)
        events = tuple(_filled(entry.event) for entry in entries)
        redacted = redacted or any(new is not entry.event for new, entry in zip(events, entries, strict=True))
        stranger = next((entry.seq for entry in entries if entry.seat != entries[0].seat), None)
        if stranger is not None:
            return _illegal(stranger, f"entry {stranger} has another seat than its batch")
        played = tuple(event for event in events if not isinstance(event, ev.MarksProposed))
        if not _legal(log, state, entries, played):
            return _illegal(first, f"entry {first} begins a step that no command leads to under the rules")
        for entry, event in zip(entries, events, strict=True):
            if isinstance(event, ev.MarksProposed) and not redacted and not _same_marks(log, entry, event):
                return _illegal(entry.seq, f"entry {entry.seq} holds other marks than the rules propose for this log")
            state = evolve(state, event)
            if (entry.play, entry.exercise) != (state.clock.play, state.clock.exercise):
                return _illegal(entry.seq, f"entry {entry.seq} is stamped with another time than its clock's")
    return None


def facts_are_there(log: LoadedLog) -> bool:
    """Whether the hidden facts can be read; without them consequences cannot be decided again."""
    started = next((e.event for e in log.entries if isinstance(e.event, ev.ExerciseStarted)), None)
    return started is None or bool(started.facts) or not log.scenario.facts


def _legal(log: LoadedLog, state: State, entries: Sequence[ev.LogEntry], events: tuple[ev.Event, ...]) -> bool:
    seat, play = entries[0].seat, entries[-1].play
    for command in _commands(state, events, seat):
        try:
            if decide(log.scenario, state, command.model_copy(update={"play": play})) == events:
                return True
        except CommandRejected:
            continue
    return False


def _commands(state: State, events: tuple[ev.Event, ...], seat: str) -> Iterator[cmd.Command]:
    """The commands that may have led to these events, the likeliest first."""
    for event in events:
        match event:
            case ev.ExerciseStarted():
                yield cmd.StartExercise(seat=seat, facts=event.facts)
            case ev.ResponseChosen():
                yield cmd.ChooseResponse(seat=seat, **event.model_dump(exclude={"type", "team"}))
            case ev.FollowedUp():
                yield cmd.FollowUp(seat=seat, decision=event.decision, kind=event.kind, text=event.text)
            case ev.MessageRead():
                inbox = [message.number for message in replay(events, state).messages if reaches(message.to, seat)]
                if event.message in inbox:
                    yield cmd.ReadMessage(seat=seat, number=inbox.index(event.message) + 1)
            case ev.NoteWritten():
                yield cmd.WriteNote(seat=seat, text=event.text)
            case ev.InjectReleased() if event.by_hand:
                yield cmd.ReleaseInject(seat=seat, inject=event.inject)
            case ev.InjectHeld():
                yield cmd.HoldInject(seat=seat, inject=event.inject)
            case ev.InjectWithdrawn():
                yield cmd.WithdrawInject(seat=seat, inject=event.inject, why=event.why)
            case ev.WindowExtended():
                old = replay(events[: events.index(event)], state).decisions.get(event.decision)
                if old is not None and 0 < event.closes - old.closes <= 86_400:
                    yield cmd.ExtendWindow(seat=seat, decision=event.decision, seconds=event.closes - old.closes)
            case ev.DecisionReopened():
                yield cmd.ReopenDecision(seat=seat, decision=event.decision, why=event.why)
            case ev.IndicatorCorrected():
                yield cmd.SetIndicator(seat=seat, indicator=event.indicator, value=event.value, why=event.why)
            case ev.MarkVoided():
                yield cmd.VoidMark(seat=seat, mark=event.mark, why=event.why)
            case ev.ClockPaused():
                yield cmd.PauseClock(seat=seat)
            case ev.ClockResumed():
                yield cmd.ResumeClock(seat=seat)
            case ev.MoveClosed():
                yield cmd.CloseMove(seat=seat)
                yield cmd.CloseMove(seat=seat, lapse_open=True)
            case ev.PlenaryClosed():
                yield cmd.ClosePlenary(seat=seat)
            case ev.ExerciseEnded():
                yield cmd.EndExercise(seat=seat)
            case _:
                continue
    yield cmd.AdvanceClock(seat=seat)


def _filled(event: ev.Event) -> ev.Event:
    gaps = {name: _FILLER for name in ev.SENSITIVE.get(event.type, ()) if getattr(event, name) == REDACTED}
    return event.model_copy(update=gaps) if gaps else event


def _same_marks(log: LoadedLog, entry: ev.LogEntry, event: ev.MarksProposed) -> bool:
    if event.rules != RULES:
        return True  # Other rules proposed them; a new assessment is printed beside them and replaces nothing.
    marks = assess(log.scenario, log.reference, log.entries[: entry.seq - 1]).marks
    return bool(parse_json(compact_json([mark.as_data() for mark in marks])) == list(event.marks))


def _illegal(seq: int, text: str) -> Finding:
    return Finding("illegal", seq, None, text)
