"""The command behind an event of a cooperation request, and words in the place of those that were taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from exercise.core.events import Event
from exercise.core.requests import commands as cmd
from exercise.core.requests import events as ev
from exercise.core.requests.handling import OTHER_PURPOSE
from exercise.core.requests.kinds import Handling, Purpose
from exercise.core.requests.life import of_matter
from exercise.core.scenario import Scenario
from exercise.core.state import State


def request_commands(scenario: Scenario, state: State, event: Event, seat: str) -> Iterator[cmd.RequestCommand]:
    """The commands that may have led to an event about a request; `state` is the one after its batch.

    Steps that come by themselves (an arrival, an actor's reply) have none: they come with the clock.
    """
    try:
        if isinstance(event, ev.RequestSent):
            yield from _sending(event, seat)
        elif (found := _about(scenario, state, event, seat)) is not None:
            yield found
    except ValidationError:
        return  # No command can say this, so none led to it.


def _sending(event: ev.RequestSent, seat: str) -> Iterator[cmd.SendRequest]:
    if event.seat != seat:
        return
    # What was stated is in the log only together with what it was held under; to state all of that is the same.
    for handling in _stated(event.handling):
        yield cmd.SendRequest(
            seat=seat,
            kind=event.kind,
            contact=event.contact,
            matter=event.matter,
            subject=event.subject,
            basis=event.basis,
            content=event.content,
            handling=handling,
            urgent=event.urgent,
            deadline=event.deadline,
            encloses=event.encloses,
        )


def _stated(found: Handling | None) -> Iterator[Handling | None]:
    yield found
    if found is None:
        return
    yield None
    words = re.sub(OTHER_PURPOSE, "", found.words).strip()
    if words != found.words:
        # Which of several purposes was stated and which was held under no longer shows.
        yield from (found.model_copy(update={"words": words, "purpose": purpose}) for purpose in Purpose)


def _about(scenario: Scenario, state: State, event: Event, seat: str) -> cmd.RequestCommand | None:
    board = state.boards.get(seat.partition("/")[0], ())
    id = getattr(event, "request", None)
    if id not in board:
        return None
    number = board.index(id) + 1
    match event:
        case ev.RequestAcknowledged():
            return cmd.AcknowledgeRequest(seat=seat, request=number)
        case ev.RequestAnswered():
            said = event.as_data(exclude={"type", "request", "by_control"})
            return cmd.AnswerRequest(seat=seat, request=number, **said)
        case ev.RequestMended():
            return cmd.MendRequest(seat=seat, request=number, revision=event.revision, content=event.content)
        case ev.ConditionsTaken():
            said = event.as_data(exclude={"type", "request", "accepted"})
            return cmd.TakeConditions(seat=seat, request=number, accept=event.accepted, **said)
        case ev.RequestFulfilled():
            held = of_matter(scenario, state.requests[event.request])
            return cmd.FulfilRequest(
                seat=seat,
                request=number,
                revision=event.revision,
                text=event.text,
                # What a matter brings needs no naming; it was named where it went against conditions.
                encloses=tuple(name for name in event.gives if name not in held or name in event.against),
                handling=event.handling,
            )
        case ev.RequestWithdrawn():
            return cmd.WithdrawRequest(seat=seat, request=number, text=event.text)
        case _:
            return None


def fill_content(scenario: Scenario, state: State, event: Event, filler: str) -> Mapping[str, str]:
    """Words for a request whose own were taken out: as complete and as incomplete as the log says it was.

    Which elements were missing stands in the event; whether rightly, only the words could tell.
    """
    if isinstance(event, ev.RequestSent):
        name = event.kind
    elif isinstance(event, ev.RequestMended) and event.request in state.requests:
        name = state.requests[event.request].kind
    else:
        return {}
    kind = scenario.kinds_by_id.get(name)
    elements = kind.elements if kind else ()
    # One word is too little for an element, and still takes the place of what stood there before.
    return {part.id: "gone" if part.id in event.missing else f"{filler}, {part.id}" for part in elements}
