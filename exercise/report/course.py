"""What happened, gathered from a log: timeline, decisions, requests and indicators, as the hot wash opens them to all.

What belongs in the open timeline is named type by type; an event that nobody thought of here is told to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from exercise.core import events as ev
from exercise.core.asked import FACILITATOR
from exercise.core.control import events as control
from exercise.core.events import LogEntry
from exercise.core.evolve import evolve
from exercise.core.happened import Happened
from exercise.core.reasons import told
from exercise.core.reference import Reference
from exercise.core.requests import events as rq
from exercise.core.requests.kinds import Step
from exercise.core.requests.observe import requests_of
from exercise.core.requests.state import RequestState
from exercise.core.requests.views import RequestView
from exercise.core.scenario import Scenario
from exercise.core.script import Decision as Asked
from exercise.core.state import Choice, DecisionState, State
from exercise.core.turn import available_options
from exercise.core.wording import words_of
from exercise.language import _
from exercise.report import parts
from exercise.session.retell import Retelling

_KINDS: Mapping[type[Happened], str] = {
    ev.ExerciseStarted: "phase",
    ev.MoveOpened: "phase",
    ev.MoveClosed: "phase",
    ev.PlenaryOpened: "phase",
    ev.PlenaryClosed: "phase",
    ev.ExerciseEnded: "phase",
    control.CurtainDrawn: "phase",
    control.CurtainLifted: "phase",
    ev.InjectReleased: "inject",
    control.FactRevealed: "inject",
    ev.DecisionOpened: "decision",
    ev.WindowExtended: "decision",
    ev.ResponseChosen: "answer",
    ev.DecisionLapsed: "answer",
    rq.RequestSent: "request",
    rq.RequestFailed: "request",
    rq.RequestAnswered: "request",
    rq.RequestMended: "request",
    rq.ConditionsTaken: "request",
    rq.RequestFulfilled: "request",
    rq.RequestLapsed: "request",
    rq.RequestWithdrawn: "request",
    ev.DecisionReopened: "correction",
    ev.InjectWithdrawn: "correction",
    ev.IndicatorCorrected: "correction",
    ev.FollowedUp: "follow-up",
}

_BEHIND = frozenset[type[Happened]](
    {
        ev.ClockPaused,
        ev.ClockResumed,
        ev.InjectHeld,
        ev.FlagRaised,
        ev.FlagCleared,
        ev.ConsequenceCame,
        ev.ConsequenceDropped,
        ev.MarkVoided,
        rq.OutcomeCame,
        control.InjectSkipped,
        control.InjectEdited,
        control.InjectWritten,
        control.RateSet,
        control.Claimed,
        control.Unclaimed,
        control.FactSet,
        control.BotSeated,
        control.BotUnseated,
    }
)
"""What only exercise control knows of; corrections come here once more, with their reasons."""

_OVER_AT_ONCE = (rq.RequestFulfilled, rq.RequestAnswered)


def timeline(
    scenario: Scenario, entries: tuple[LogEntry, ...], state: State
) -> tuple[tuple[parts.Happening, ...], tuple[parts.Happening, ...]]:
    """The open timeline, and what only exercise control may read."""
    words = Retelling(scenario, entries)
    numbers = {id: number for number, id in enumerate(state.boards.get(FACILITATOR, ()), 1)}
    addressed: dict[str, tuple[str, ...]] = {}
    sent: dict[str, int] = {}
    open_lines: list[parts.Happening] = []
    behind: list[parts.Happening] = []
    for entry in entries:
        event = entry.event
        kind = _KINDS.get(type(event))
        if isinstance(event, ev.InjectReleased):
            addressed[event.inject] = event.to
        if isinstance(event, rq.RequestSent):
            sent[event.request] = entry.batch
        # What only informs is received as it arrives: one line tells it.
        if isinstance(event, _OVER_AT_ONCE) and sent.get(event.request) == entry.batch:
            continue
        if type(event) in _BEHIND or _private(event, addressed):
            behind.append(_line(entry, "control", words, numbers))
        elif kind is not None:
            if kind == "correction":
                behind.append(_line(entry, "control", words, numbers))
            line = _line(_without_why(entry), kind, words, numbers)
            open_lines.append(line.model_copy(update={"reached": _reached(scenario, event)}))
    return tuple(open_lines), tuple(behind)


def _reached(scenario: Scenario, event: Happened) -> tuple[str, ...]:
    to = event.to if isinstance(event, ev.InjectReleased | control.FactRevealed) else ()
    return tuple(team.id for team in scenario.teams if team.id in to or "all" in to)


def _private(event: Happened, addressed: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether something reached single roles only, which others at the same table may not have been told."""
    to: tuple[str, ...] = ()
    if isinstance(event, ev.InjectReleased | control.FactRevealed):
        to = event.to
    elif isinstance(event, ev.InjectWithdrawn):
        to = addressed.get(event.inject, ("/",))
    return any("/" in address for address in to)


def _without_why(entry: LogEntry) -> LogEntry:
    """Control's own words on a correction are notes of its own."""
    event: Any = entry.event
    return replace(entry, event=replace(event, why="")) if getattr(event, "why", "") else entry


def _line(entry: LogEntry, kind: Any, words: Retelling, numbers: Mapping[str, int]) -> parts.Happening:
    event = entry.event
    return parts.Happening(
        seq=entry.seq,
        play=entry.play,
        exercise=entry.exercise,
        kind=kind,
        text=words.line(entry),
        decision=getattr(event, "decision", None) or "",
        request=numbers.get(getattr(event, "request", "") or "", 0),
    )


def moves(scenario: Scenario, entries: tuple[LogEntry, ...]) -> tuple[parts.Move, ...]:
    """The moves that were played."""
    titles = {move.id: move.title for move in scenario.moves}
    found: list[parts.Move] = []
    for entry in entries:
        event = entry.event
        if isinstance(event, ev.MoveOpened):
            found.append(
                parts.Move(
                    number=event.index + 1,
                    title=titles.get(event.move, event.move),
                    starts=event.starts,
                    ends=event.ends,
                    seq=entry.seq,
                    play=entry.play,
                    closed=None,
                )
            )
        elif isinstance(event, ev.MoveClosed) and found:
            found[-1] = found[-1].model_copy(update={"closed": entry.play, "ends": entry.exercise})
    if found and found[-1].closed is None:
        # ENDEX inside a move is its end, and before ENDEX it has come as far as the log, whatever was planned.
        ended = (entry.exercise for entry in entries if isinstance(entry.event, ev.ExerciseEnded))
        found[-1] = found[-1].model_copy(update={"ends": next(ended, entries[-1].exercise)})
    return tuple(found)


class _Put:
    """A decision while the log is walked."""

    def __init__(self, entry: LogEntry, move: int) -> None:
        self.entry = entry
        self.move = move
        self.times = 1
        self.answer: LogEntry | None = None
        self.offered: tuple[str, ...] = ()


def decisions(scenario: Scenario, reference: Reference, entries: tuple[LogEntry, ...]) -> Iterator[parts.Decision]:
    """Every decision that was put, with the options that were open to its team when it answered."""
    state, move = State(), 0
    found: dict[str, _Put] = {}
    for entry in entries:
        event = entry.event
        if isinstance(event, ev.MoveOpened):
            move = event.index + 1
        elif isinstance(event, ev.DecisionOpened):
            found[event.decision] = _Put(entry, move)
        elif isinstance(event, ev.DecisionReopened) and event.decision in found:
            found[event.decision].times += 1
            found[event.decision].answer = None
        elif isinstance(event, ev.ResponseChosen | ev.DecisionLapsed) and event.decision in found:
            found[event.decision].answer = entry
            found[event.decision].offered = _offered(scenario, event.decision, state)
        state = evolve(state, event)
    for number, (id, put) in enumerate(found.items(), 1):
        asked = scenario.decisions_by_id.get(id)
        if asked is not None:
            offered = put.offered or _offered(scenario, id, state)
            yield _decision(scenario, reference, number, asked, put, state.decisions[id], offered, state)


def _offered(scenario: Scenario, id: str, state: State) -> tuple[str, ...]:
    asked = scenario.decisions_by_id.get(id)
    return tuple(option.id for option in available_options(asked, state)) if asked else ()


def _decision(
    scenario: Scenario,
    reference: Reference,
    number: int,
    asked: Asked,
    put: _Put,
    at_end: DecisionState,
    offered: tuple[str, ...],
    state: State,
) -> parts.Decision:
    choice = at_end.choice or Choice(None, at_end.team, 0, 0)
    titles, said = {option.id: option.title for option in asked.options}, words_of(scenario)
    notes = [note for note in state.notes if note.decision == asked.id and note.kind != "note"]
    return parts.Decision(
        number=number,
        id=asked.id,
        team=at_end.team,
        kind=asked.kind,
        title=asked.title,
        text=asked.text,
        move=put.move,
        seq=put.entry.seq,
        status=at_end.status,
        opened=put.entry.exercise,
        opened_play=put.entry.play,
        answered=put.answer.exercise if put.answer else None,
        answered_play=put.answer.play if put.answer else None,
        answer_seq=put.answer.seq if put.answer else None,
        deadline=asked.deadline,
        options=tuple(
            parts.Option(title=option.title, chosen=option.id == choice.option)
            for option in asked.options
            if option.id in offered or option.id == choice.option
        ),
        own_words=choice.free_text,
        nearest=titles.get(choice.nearest or "", ""),
        reason=told(choice.reason, said),
        basis=tuple(cited(reference, id) for id in choice.basis),
        set_aside=tuple(
            parts.Setting(
                reference=cited(reference, row.commitment), why=told(row.why, said), limits=told(row.limits, said)
            )
            for row in choice.set_aside
        ),
        safeguards=tuple((point.value, told(text, said)) for point, text in choice.safeguards.items() if text),
        follow_ups=tuple(
            parts.FollowUp(
                kind="told" if note.kind == "told" else "returned", exercise=note.exercise, text=told(note.text, said)
            )
            for note in notes
        ),
        times_put=put.times,
    )


def cited(reference: Reference, id: str) -> parts.Reference:
    """A commitment, or a whole text, as a reader finds it; by its id where the log's texts do not hold it."""
    commitment = reference.commitments.get(id)
    if commitment is None:
        text = reference.instruments.get(id)
        return parts.Reference(
            commitment=id,
            instrument=text.short if text else id,
            clause="",
            title=text.title if text else id,
            area="",
        )
    text = reference.instruments.get(commitment.instrument)
    return parts.Reference(
        commitment=id,
        instrument=text.short if text else commitment.instrument,
        clause=commitment.clause,
        title=commitment.title,
        area=reference.area(id).value,
        says=commitment.says,
    )


_ANSWERS = (
    Step.ACCEPTED,
    Step.PART,
    Step.CONDITIONAL,
    Step.REFUSED,
    Step.ASKED_BACK,
    Step.CONDITIONS_ACCEPTED,
    Step.CONDITIONS_DECLINED,
    Step.FULFILLED,
)
_AGREED = (Step.ACCEPTED, Step.PART, Step.CONDITIONAL, Step.CONDITIONS_ACCEPTED)


def requests(
    scenario: Scenario, reference: Reference, entries: tuple[LogEntry, ...], state: State
) -> Iterator[parts.Request]:
    """Every cooperation request in the order in which they were sent."""
    sent = {entry.event.request: entry for entry in entries if isinstance(entry.event, rq.RequestSent)}
    board = state.boards.get(FACILITATOR, ())
    for id, view in zip(board, requests_of(scenario, state, FACILITATOR), strict=True):
        yield _request(scenario, reference, state.requests[id], view, sent[id].seq)


def _request(
    scenario: Scenario, reference: Reference, request: RequestState, view: RequestView, seq: int
) -> parts.Request:
    kind = scenario.kinds_by_id[request.kind]
    asks = kind.shape == "asks" or request.reached(Step.CONDITIONAL)
    elements = {element.id: element.name for element in kind.elements}
    answered = next((taken for taken in request.steps if taken.step in _ANSWERS), None)
    done = next((taken for taken in request.steps if taken.step is Step.FULFILLED), None)
    bound = request.conditions or request.handling
    return parts.Request(
        number=view.number,
        kind=view.kind_name,
        source=request.by,
        target=request.to,
        source_name=scenario.names.get(request.by, request.by),
        target_name=scenario.names.get(request.to, request.to),
        channel=view.channel,
        matter=view.matter,
        basis=tuple(cited(reference, id) for id in request.basis),
        urgent=request.urgent,
        deadline=request.deadline,
        seq=seq,
        sent=request.exercise,
        sent_play=request.play,
        answered=answered.exercise if answered else None,
        done=done.exercise if done else None,
        status=view.status,
        outcome=_outcome(request, done is not None),
        wants_answer=asks,
        missing=tuple(elements.get(id, id) for id in request.missing),
        ground=view.ground,
        conditions=_("TLP {tlp}, {purpose} use{more}").format(
            tlp=bound.tlp.value,
            purpose=_(bound.purpose.value),
            more=": " + scenario.said(bound.words) if bound.words else "",
        )
        if bound and bound.binds
        else "",
        steps=tuple(
            parts.RequestStep(step=step.step, exercise=step.exercise, play=step.play, who=step.who, text=step.text)
            for step in view.steps
        ),
    )


def _outcome(request: RequestState, done: bool) -> parts.Outcome:
    if done:
        return "partly" if request.part else "met"
    if request.status in (Step.REFUSED, Step.CONDITIONS_DECLINED):
        return "refused"
    if request.status is Step.FAILED:
        return "failed"
    if request.status is Step.WITHDRAWN:
        return "withdrawn"
    return "unanswered" if request.over else "open"


def indicators(scenario: Scenario, state: State) -> Iterator[parts.Course]:
    """Every indicator with its course, hidden ones too: the hot wash shows them."""
    for indicator in scenario.indicators:
        points = tuple((row.play, row.exercise, row.value) for row in state.readings if row.indicator == indicator.id)
        yield parts.Course(
            id=indicator.id,
            name=indicator.name,
            about=indicator.about,
            team=indicator.team or "",
            unit=indicator.unit,
            better=indicator.better,
            lowest=indicator.lowest,
            highest=indicator.highest,
            points=points,
        )
