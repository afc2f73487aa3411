"""Whether each step of a log was legal: the command behind a batch is guessed from its events and decided again.

Commands are not kept, but what they lead to is, and the rules are pure: a batch is legal if some command gives exactly
its events in the state before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, assert_never

from exercise.core import commands as cmd
from exercise.core import events as ev
from exercise.core.asked import FACILITATOR
from exercise.core.assess import assess
from exercise.core.audience import reaches
from exercise.core.control.commands import CloseDecision
from exercise.core.control.events import Controlled, FactSet
from exercise.core.decide import decide
from exercise.core.evaluation.events import AfterEndex
from exercise.core.evolve import evolve, replay
from exercise.core.requests.folds import REQUEST_FOLDS
from exercise.core.scenario import Scenario
from exercise.core.state import State
from exercise.core.teamwork import commands as team
from exercise.core.teamwork import events as tw
from exercise.errors import CommandRejected
from exercise.session.chain import Finding
from exercise.session.legal_control import control_commands
from exercise.session.legal_evaluation import evaluation_commands
from exercise.session.legal_requests import fill_content, request_commands
from exercise.session.log import DIGEST, REDACTED, RULES, LoadedLog
from exercise.session.openings import compact_json, parse_json, places

_FILLER = "words that were taken out of this log"
"""Stands for a redacted text while its step is decided again: long enough for every rule on length."""


def first_illegal(log: LoadedLog) -> Finding | None:
    """The first entry that the rules would not have given, or None."""
    state = State()
    # Later words, marks and gaps in requests may have been put together of those that are gone.
    redacted = not words_are_there(log)
    for first, group in groupby(log.entries, key=lambda entry: entry.batch):
        entries = tuple(group)
        events = tuple(_filled(log, state, entry) for entry in entries)
        stranger = next((entry.seq for entry in entries if entry.seat != entries[0].seat), None)
        if stranger is not None:
            return _illegal(stranger, f"entry {stranger} has another seat than its batch")
        played = tuple(event for event in events if not isinstance(event, ev.MarksProposed))
        if not _legal(log, state, entries, played, redacted):
            return _illegal(first, f"entry {first} begins a step that no command leads to under the rules")
        if len(played) == len(events) and any(isinstance(event, ev.ExerciseEnded) for event in events):
            return _illegal(entries[-1].seq, f"entry {entries[-1].seq} ends the exercise, and its marks are missing")
        for entry, event in zip(entries, events, strict=True):
            if isinstance(event, ev.MarksProposed) and not redacted and not _same_marks(log, entry, event):
                return _illegal(entry.seq, f"entry {entry.seq} holds other marks than the rules propose for this log")
            state = evolve(state, event)
            if (entry.play, entry.exercise) != (state.clock.play, state.clock.exercise):
                return _illegal(entry.seq, f"entry {entry.seq} is stamped with another time than its clock's")
    return None


def words_are_there(log: LoadedLog) -> bool:
    """Whether all that people wrote can be read; what only their words tell cannot be checked without them."""
    return all(digest in log.openings for line in log.lines for digest in DIGEST.findall(line))


def facts_are_there(log: LoadedLog) -> bool:
    """Whether the hidden facts can be read; without them consequences cannot be decided again."""
    told = (e.event for e in log.entries if isinstance(e.event, ev.ExerciseStarted | FactSet))
    return not log.scenario.facts or all(event.facts for event in told)


def _legal(
    log: LoadedLog, state: State, entries: Sequence[ev.LogEntry], events: tuple[ev.Event, ...], redacted: bool
) -> bool:
    seat, play = entries[0].seat, entries[-1].play
    for command in _commands(log.scenario, state, events, seat):
        try:
            if _same(decide(log.scenario, state, command.model_copy(update={"play": play})), events, redacted):
                return True
        except CommandRejected:
            continue
    return False


def _commands(scenario: Scenario, state: State, events: tuple[ev.Event, ...], seat: str) -> Iterator[cmd.Command]:
    """The commands that may have led to these events, the likeliest first."""
    for event in events:
        match event:
            case ev.ExerciseStarted():
                yield cmd.StartExercise(seat=seat, facts=event.facts)
            case ev.ResponseChosen():
                if seat == FACILITATOR:
                    yield team.CloseVote(seat=seat, decision=event.decision)
                else:
                    yield cmd.ChooseResponse(seat=seat, **event.as_data(exclude={"type", "team"}))
            case tw.TeamPlayed():
                yield _team_play(event, seat)
            case ev.FollowedUp():
                yield cmd.FollowUp(seat=seat, decision=event.decision, kind=event.kind, text=event.text)
            case ev.MessageRead():
                inbox = [message.number for message in replay(events, state).messages if reaches(message.to, seat)]
                if event.message in inbox:
                    yield cmd.ReadMessage(seat=seat, number=inbox.index(event.message) + 1)
            case ev.NoteWritten():
                yield cmd.WriteNote(seat=seat, text=event.text, about=event.about, who=event.who)
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
            case ev.DecisionLapsed() if seat == FACILITATOR:
                yield CloseDecision(seat=seat, decision=event.decision)
            case Controlled():
                yield from control_commands(event, seat)
            case AfterEndex():
                yield from evaluation_commands(event, seat)
            case _ if event.__class__ in REQUEST_FOLDS:
                yield from request_commands(scenario, replay(events, state), event, seat)
            case _:
                continue
    yield cmd.AdvanceClock(seat=seat)


def _team_play(event: tw.TeamPlayEvent, seat: str) -> cmd.Command:
    match event:
        case tw.SeatTaken():
            return team.TakeSeat(seat=seat, name=event.name)
        case tw.SeatLeft():
            return team.LeaveSeat(seat=seat)
        case tw.VoteCast():
            return team.CastVote(seat=seat, **event.as_data(exclude={"type", "seat"}))
        case tw.PenTaken():
            given = event.seat if event.seat != seat else None
            return team.TakePen(seat=seat, team=event.team, subject=event.subject, to=given)
        case tw.DraftWritten():
            return team.WriteDraft(seat=seat, team=event.team, subject=event.subject, text=event.text)
        case tw.PenPutDown():
            return team.PutDownPen(seat=seat, team=event.team, subject=event.subject)
        case tw.MessageSpoken():
            return team.Say(seat=seat, to=event.to, text=event.text, official=event.official)
        case _:
            assert_never(event)


def _filled(log: LoadedLog, state: State, entry: ev.LogEntry) -> ev.Event:
    """The event with other words, entry by entry, for those taken out: to write the same again would be no step."""
    event, names = entry.event, ev.SENSITIVE.get(entry.event.type, ())
    data, filler, gaps = event.as_data() if names else {}, f"{_FILLER} {entry.seq}", False
    for holder, key in places(data, names):
        if holder[key] == REDACTED:
            holder[key], gaps = filler, True
        elif holder[key] == {REDACTED: REDACTED}:
            holder[key], gaps = fill_content(log.scenario, state, event, filler), True
    return ev.EVENTS.validate_python(data) if gaps else event


def _same(decided: tuple[ev.Event, ...], events: tuple[ev.Event, ...], redacted: bool) -> bool:
    """Whether the rules gave these events; where words are gone, a reason that was put together of them cannot tell."""
    return decided == events or (redacted and list(map(_wordless, decided)) == list(map(_wordless, events)))


def _wordless(event: ev.Event) -> dict[str, Any]:
    data = event.as_data()
    for holder, key in places(data, ev.SENSITIVE.get(event.type, ())):
        holder[key] = None if key != "facts" else holder[key]
    return data


def _same_marks(log: LoadedLog, entry: ev.LogEntry, event: ev.MarksProposed) -> bool:
    if event.rules != RULES:
        # Other rules proposed them; a new assessment is printed beside them and replaces nothing. Rules that are older
        # than the log can have proposed none.
        return log.header.rules != RULES or event.rules > RULES
    marks = assess(log.scenario, log.reference, log.entries[: entry.seq - 1]).marks
    return bool(parse_json(compact_json([mark.as_data() for mark in marks])) == list(event.marks))


def _illegal(seq: int, text: str) -> Finding:
    return Finding("illegal", seq, None, text)
