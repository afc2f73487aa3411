"""What each request event does to a state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from exercise.core.asked import FACILITATOR
from exercise.core.happened import Happened
from exercise.core.records import replace
from exercise.core.requests import events as ev
from exercise.core.requests.commands import ANSWERS
from exercise.core.requests.kinds import Step
from exercise.core.requests.state import OVER, Errand, RequestState, StepTaken

if TYPE_CHECKING:
    from exercise.core.state import State


def _sent(state: State, event: ev.RequestSent) -> State:
    clock = state.clock
    request = RequestState(
        id=event.request,
        kind=event.kind,
        seat=event.seat,
        by=event.by,
        to=event.to,
        contact=event.contact,
        channel=event.channel,
        status=Step.SENT,
        revision=1,
        play=clock.play,
        exercise=clock.exercise,
        matter=event.matter,
        subject=event.subject,
        basis=event.basis,
        content=event.content,
        missing=event.missing,
        handling=event.handling,
        urgent=event.urgent,
        deadline=event.deadline,
        encloses=event.encloses,
        inject=event.inject,
        steps=(StepTaken(Step.SENT, clock.play, clock.exercise),),
    )
    boards = _on_board(_on_board(state.boards, event.by, event.request), FACILITATOR, event.request)
    errands = (*state.errands, Errand(event.request, "arrive", event.arrives))
    return _put(state, request, boards=boards, errands=errands)


def _on_board(boards: Mapping[str, tuple[str, ...]], party: str, request: str) -> Mapping[str, tuple[str, ...]]:
    return {**boards, party: (*boards.get(party, ()), request)}


def _stepped(state: State, id: str, step: Step, text: str = "", by_control: bool = False, **changes: Any) -> State:
    """A request one step on; what was on its way for it is dropped, for nothing waits beside a step that was taken."""
    before, clock = state.requests[id], state.clock
    taken = StepTaken(step, clock.play, clock.exercise, text, by_control)
    after = replace(before, status=step, steps=(*before.steps, taken), **changes)
    return _put(state, after, errands=_without(state.errands, id))


def _put(state: State, request: RequestState, **changes: Any) -> State:
    """A request as it stands now, among all and among those that are not over."""
    live = {**state.live, request.id: request}
    if request.status in OVER:
        del live[request.id]
    return replace(state, requests={**state.requests, request.id: request}, live=live, **changes)


def _without(errands: tuple[Errand, ...], request: str) -> tuple[Errand, ...]:
    return tuple([errand for errand in errands if errand.request != request]) if errands else errands


def _failed(state: State, event: ev.RequestFailed) -> State:
    return _stepped(state, event.request, Step.FAILED, event.reason)


def _delivered(state: State, event: ev.RequestDelivered) -> State:
    to = state.requests[event.request].to
    state = replace(state, boards=_on_board(state.boards, to, event.request))
    return _stepped(state, event.request, Step.DELIVERED, delivered=state.clock.play)


def _acknowledged(state: State, event: ev.RequestAcknowledged) -> State:
    errands = state.errands
    return replace(_stepped(state, event.request, Step.ACKNOWLEDGED), errands=errands)


def _reply_planned(state: State, event: ev.ReplyPlanned) -> State:
    planned = replace(state.requests[event.request], reply=event.reply)
    return _put(state, planned, errands=(*state.errands, Errand(event.request, "reply", event.due)))


def _mend_planned(state: State, event: ev.MendPlanned) -> State:
    return replace(state, errands=(*state.errands, Errand(event.request, "mend", event.due)))


def _answered(state: State, event: ev.RequestAnswered) -> State:
    before = state.requests[event.request]
    return _stepped(
        state,
        event.request,
        ANSWERS[event.answer],
        event.text,
        event.by_control,
        revision=event.revision + 1,
        ground=event.ground,
        named=tuple(dict.fromkeys((*before.named, *event.missing))),
        conditions=event.conditions,
        days=event.days,
        part=event.answer == "part",
    )


def _mended(state: State, event: ev.RequestMended) -> State:
    before = state.requests[event.request]
    return _stepped(
        state,
        event.request,
        Step.MENDED,
        revision=event.revision + 1,
        content={**before.content, **event.content},
        missing=event.missing,
        # The addressee has its time again from here.
        delivered=state.clock.play,
    )


def _conditions_taken(state: State, event: ev.ConditionsTaken) -> State:
    step = Step.CONDITIONS_ACCEPTED if event.accepted else Step.CONDITIONS_DECLINED
    return _stepped(state, event.request, step, event.text, revision=event.revision + 1)


def _fulfilled(state: State, event: ev.RequestFulfilled) -> State:
    before = state.requests[event.request]
    return _stepped(
        state,
        event.request,
        Step.FULFILLED,
        event.text,
        revision=event.revision + 1,
        gave=event.gives,
        conditions=event.handling or before.conditions,
    )


def _lapsed(state: State, event: ev.RequestLapsed) -> State:
    return _stepped(state, event.request, Step.LAPSED)


def _withdrawn(state: State, event: ev.RequestWithdrawn) -> State:
    return _stepped(state, event.request, Step.WITHDRAWN, event.text)


def _outcome_came(state: State, event: ev.OutcomeCame) -> State:
    from exercise.core.state import Message

    came = state.outcomes | {(event.matter, event.index)}
    if not event.to:
        return replace(state, outcomes=came)
    clock = state.clock
    message = Message(len(state.messages), event.to, clock.play, clock.exercise, matter=event.matter, index=event.index)
    return replace(state, outcomes=came, messages=(*state.messages, message))


def _contact(state: State, team: str, contact: int, stands: str) -> State:
    return replace(state, contacts={**state.contacts, team: {**state.contacts.get(team, {}), contact: stands}})


def _contact_tried(state: State, event: ev.ContactTried) -> State:
    return _contact(state, event.team, event.contact, "works" if event.works else "dead")


def _contact_renewed(state: State, event: ev.ContactRenewed) -> State:
    return _contact(state, event.team, event.contact, "renewed")


def _conditions_lifted(state: State, event: ev.ConditionsLifted) -> State:
    held = state.knowledge[event.team]
    free = replace(held[event.evidence], handling=event.handling, lifted=event.handling is None)
    return replace(state, knowledge={**state.knowledge, event.team: {**held, event.evidence: free}})


REQUEST_FOLDS: Mapping[type[Happened], Callable[[State, Any], State]] = {
    ev.RequestSent: _sent,
    ev.RequestFailed: _failed,
    ev.RequestDelivered: _delivered,
    ev.RequestAcknowledged: _acknowledged,
    ev.ReplyPlanned: _reply_planned,
    ev.MendPlanned: _mend_planned,
    ev.RequestAnswered: _answered,
    ev.RequestMended: _mended,
    ev.ConditionsTaken: _conditions_taken,
    ev.RequestFulfilled: _fulfilled,
    ev.RequestLapsed: _lapsed,
    ev.RequestWithdrawn: _withdrawn,
    ev.OutcomeCame: _outcome_came,
    ev.ContactTried: _contact_tried,
    ev.ContactRenewed: _contact_renewed,
    ev.ConditionsLifted: _conditions_lifted,
}

BRINGS: Mapping[Step, type[Happened]] = {
    Step.SENT: ev.RequestSent,
    Step.DELIVERED: ev.RequestDelivered,
    Step.FAILED: ev.RequestFailed,
    Step.ACKNOWLEDGED: ev.RequestAcknowledged,
    **dict.fromkeys(ANSWERS.values(), ev.RequestAnswered),
    Step.MENDED: ev.RequestMended,
    Step.CONDITIONS_ACCEPTED: ev.ConditionsTaken,
    Step.CONDITIONS_DECLINED: ev.ConditionsTaken,
    Step.FULFILLED: ev.RequestFulfilled,
    Step.LAPSED: ev.RequestLapsed,
    Step.WITHDRAWN: ev.RequestWithdrawn,
}
"""The event by which a request takes each step; only it can make a condition on that step hold."""
