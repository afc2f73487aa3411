"""What comes of a request by itself: it arrives or fails, an actor replies, its time passes, outcomes follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exercise.core.conditions import holds
from exercise.core.control.claims import is_claimed, stands_still
from exercise.core.events import EvidenceLearned
from exercise.core.requests import events as ev
from exercise.core.requests.commands import ANSWERS, Answer
from exercise.core.requests.handling import binding, narrower
from exercise.core.requests.kinds import Handling, Purpose, RequestKind, Step, Tlp, missing_of
from exercise.core.requests.matters import Desk, Reply
from exercise.core.requests.outcomes import came_of, tried
from exercise.core.requests.state import OPEN, Errand, RequestState

if TYPE_CHECKING:
    from exercise.core.scenario import Scenario
    from exercise.core.script import IncomingRequest
    from exercise.core.state import State
    from exercise.core.turn import Turn


def run_errand(turn: Turn, errand: Errand) -> None:
    """A request arrives, or a controlled actor replies, unless a controller has claimed it."""
    if errand not in turn.state.errands or stands_still(turn.state, errand):
        return
    request = turn.state.requests[errand.request]
    match errand.what:
        case "arrive":
            _arrive(turn, request)
        case "reply":
            _reply(turn, request)
        case "mend":
            _mend(turn, request)


def lapse(turn: Turn, id: str) -> None:
    """The time for an answer passes."""
    if turn.state.requests[id].status in OPEN:
        turn.emit(ev.RequestLapsed(request=id))
        came_of(turn, id, Step.LAPSED)


def next_id(state: State) -> str:
    """The id of the next request; the log's own, never shown."""
    return f"r{len(state.requests) + 1}"


def incoming(turn: Turn, asked: IncomingRequest, inject: str) -> None:
    """A controlled actor asks a team for something, as an inject says."""
    scenario, state = turn.scenario, turn.state
    kind = scenario.kinds_by_id[asked.kind]
    id = next_id(state)
    turn.emit(
        ev.RequestSent(
            request=id,
            kind=kind.id,
            seat=asked.by,
            by=asked.by,
            to=asked.to,
            contact=0,
            channel=asked.via,
            arrives=state.clock.exercise,
            matter=asked.matter,
            subject=asked.subject,
            content=asked.content,
            missing=missing_of(kind.elements, asked.content),
            handling=asked.handling,
            urgent=asked.urgent,
            deadline=asked.deadline,
            encloses=asked.encloses,
            inject=inject,
        )
    )
    run_errand(turn, turn.state.errands[-1])


# --- on its way ---


def _arrive(turn: Turn, request: RequestState) -> None:
    scenario = turn.scenario
    kind = scenario.kinds_by_id[request.kind]
    failure = _failure(turn, request, kind)
    if failure in ("stale", "channel"):
        tried(turn, request, works=failure == "channel")
    if failure is not None:
        turn.emit(ev.RequestFailed(request=request.id, reason=failure))
        came_of(turn, request.id, Step.FAILED)
        return
    turn.emit(ev.RequestDelivered(request=request.id))
    came_of(turn, request.id, Step.DELIVERED)
    if kind.shape == "asks" and not kind.lifts and not _binds(request.handling):
        # What goes with a question is read with it; where conditions bind, whoever carries it out has accepted them.
        for name in request.encloses:
            learn(turn, request.to, name, request.by, request.id, request.handling)
    if kind.automatic:
        fulfil(turn, request.id)
        return
    if kind.shape == "gives" and not _binds(request.handling):
        fulfil(turn, request.id)
        return
    desk = desk_of(scenario, request.to)
    if desk is not None:
        plan_reply(turn, request.id, desk)


def _failure(turn: Turn, request: RequestState, kind: RequestKind) -> ev.Failure | None:
    if request.contact:
        entry = turn.scenario.teams_by_id[request.by].directory[request.contact - 1]
        stands = turn.state.contacts.get(request.by, {}).get(request.contact)
        if entry.stale and stands != "renewed":
            return "stale"
        if request.channel not in kind.channels:
            return "channel"
    desk = desk_of(turn.scenario, request.to)
    if desk is not None and desk.mandate and kind.id not in desk.mandate and not kind.automatic:
        return "mandate"
    return None


def desk_of(scenario: Scenario, party: str) -> Desk | None:
    """How a controlled actor deals with requests; none for teams, and for actors that never answer."""
    actor = scenario.actors_by_id.get(party)
    return actor.desk if actor else None


def plan_reply(turn: Turn, id: str, desk: Desk) -> None:
    """Fixes by which reply and when a controlled actor will answer what has reached it."""
    request, state = turn.state.requests[id], turn.state
    fitting = ((n, reply) for n, reply in enumerate(desk.replies) if _fits(reply, request, state))
    number, reply = next(fitting, (-1, None))
    if reply is not None and reply.answer == "silent":
        return
    due = state.clock.exercise + (desk.speed if reply is None or reply.after is None else reply.after)
    if reply is not None and reply.not_before is not None:
        due = max(due, reply.not_before)
    _plan(turn, ev.ReplyPlanned(request=id, reply=number, due=due))


def _plan(turn: Turn, planned: ev.ReplyPlanned | ev.MendPlanned) -> None:
    """What an actor will do at a time of the story; what is due at once is done, for no clock comes to it again."""
    turn.emit(planned)
    if planned.due <= turn.state.clock.exercise:
        run_errand(turn, turn.state.errands[-1])


def _fits(reply: Reply, request: RequestState, state: State) -> bool:
    return (
        (not reply.kinds or request.kind in reply.kinds)
        and (not reply.about or request.matter in reply.about)
        and (not reply.by or request.by in reply.by)
        and holds(reply.when, state)
    )


def reply_to(scenario: Scenario, request: RequestState) -> Reply | None:
    """The reply by which a controlled actor answers a request, where one of them fits."""
    desk = desk_of(scenario, request.to)
    known = desk is not None and request.reply is not None and 0 <= request.reply < len(desk.replies)
    return desk.replies[request.reply] if known and desk and request.reply is not None else None


def _reply(turn: Turn, request: RequestState) -> None:
    desk = desk_of(turn.scenario, request.to)
    kind = turn.scenario.kinds_by_id[request.kind]
    reply = reply_to(turn.scenario, request)
    if request.missing and not (reply and reply.gaps):
        names = [element.name for element in kind.elements if element.id in request.missing]
        text = f"Before we can act we need: {', '.join(names)}."
        answer(turn, request, "ask-back", text=text, missing=request.missing)
        return
    if reply is None and kind.shape != "asks":
        _taken(turn, request, "Received with thanks.")
    elif reply is None:
        answer(turn, request, "refuse", text=desk.otherwise if desk else "", ground="nothing-held")
    elif reply.answer == "refuse":
        answer(turn, request, "refuse", text=reply.text, ground=reply.ground)
    elif kind.shape == "gives":
        _taken(turn, request, reply.text)
    elif reply.answer == "conditional":
        answer(turn, request, "conditional", text=reply.text, conditions=reply.conditions)
    else:
        answer(turn, request, "part" if reply.answer == "part" else "accept", text=reply.text)
        fulfil(turn, request.id, gives=reply.gives or None, handling=reply.conditions)
    if reply is not None:
        turn.apply(reply.effects)


def _mend(turn: Turn, request: RequestState) -> None:
    """A controlled actor adds what it was asked back for."""
    inject = turn.scenario.injects_by_id.get(request.inject or "")
    if inject is None or inject.request is None:
        return
    content = {**request.content, **inject.request.mends}
    missing = missing_of(turn.scenario.kinds_by_id[request.kind].elements, content)
    turn.emit(
        ev.RequestMended(
            request=request.id, revision=request.revision, content=dict(inject.request.mends), missing=missing
        )
    )
    came_of(turn, request.id, Step.MENDED)


def _taken(turn: Turn, request: RequestState, text: str) -> None:
    """A controlled actor takes what is given, with its conditions, or takes a call."""
    if turn.scenario.kinds_by_id[request.kind].shape == "gives":
        turn.emit(ev.ConditionsTaken(request=request.id, revision=request.revision, accepted=True, text=text))
        came_of(turn, request.id, Step.CONDITIONS_ACCEPTED)
    else:
        answer(turn, request, "accept", text=text)
    fulfil(turn, request.id)


# --- steps that rules and actors share ---


def answer(turn: Turn, request: RequestState, how: Answer, **more: Any) -> None:
    """An answer, its acts and its outcomes."""
    turn.emit(ev.RequestAnswered(request=request.id, revision=request.revision, answer=how, **more))
    came_of(turn, request.id, ANSWERS[how])
    inject = turn.scenario.injects_by_id.get(request.inject or "")
    mends = inject is not None and inject.request is not None and inject.request.mends
    # An actor says once what it has to add; to be asked again would only be answered with the same words.
    if how == "ask-back" and mends and not request.reached(Step.MENDED):
        speed = (desk_of(turn.scenario, request.by) or Desk()).speed
        _plan(turn, ev.MendPlanned(request=request.id, due=turn.state.clock.exercise + speed))
    if how == "conditional":
        agree(turn, request.id)


def agree(turn: Turn, id: str) -> None:
    """A controlled actor that asked takes what is offered on the terms it is offered under, unless it is claimed."""
    request = turn.state.requests[id]
    if request.status is not Step.CONDITIONAL or request.by not in turn.scenario.actors_by_id:
        return
    if not is_claimed(turn.state, request):
        turn.emit(ev.ConditionsTaken(request=id, revision=request.revision, accepted=True))
        came_of(turn, id, Step.CONDITIONS_ACCEPTED)


def fulfil(
    turn: Turn,
    id: str,
    *,
    text: str = "",
    gives: tuple[str, ...] | None = None,
    handling: Handling | None = None,
    against: tuple[str, ...] = (),
) -> None:
    """What was agreed is done: evidence changes hands with its conditions, directories are put right.

    `gives` is what the addressee hands over beyond what the matter holds; an actor's reply says all of it.
    """
    scenario = turn.scenario
    request = turn.state.requests[id]
    kind = scenario.kinds_by_id[request.kind]
    handed = tuple(dict.fromkeys((*of_matter(scenario, request), *(gives or ()))))
    bound = narrower(request.conditions, handling) if kind.shape == "asks" else None
    turn.emit(
        ev.RequestFulfilled(
            request=id, revision=request.revision, text=text, gives=handed, handling=bound, against=against
        )
    )
    for name in () if kind.lifts else request.encloses:
        learn(turn, request.to, name, request.by, id, request.handling)
    for name in handed:
        learn(turn, request.by, name, request.to, id, bound)
    if kind.lifts:
        for name in request.encloses:
            held = turn.state.knowledge.get(request.by, {}).get(name)
            if held is None or held.handling is None or held.giver != request.to:
                continue
            stays = narrower(_bound_by(turn, request.to, name), bound)
            if stays != held.handling:
                turn.emit(ev.ConditionsLifted(team=request.by, evidence=name, handling=stays))
    if kind.renews is not None:
        holder, about = (request.by, request.to) if kind.renews == "requester" else (request.to, request.by)
        _renew(turn, holder, about)
    came_of(turn, id, Step.FULFILLED)


def of_matter(scenario: Scenario, request: RequestState) -> tuple[str, ...]:
    """The evidence that comes with a matter, where it was asked of who holds it by a kind that fits."""
    matter = scenario.matters_by_id.get(request.matter or "")
    if matter is None or matter.holder != request.to or not scenario.kinds_by_id[request.kind].hands_over:
        return ()
    if matter.kinds and request.kind not in matter.kinds:
        return ()
    return matter.part if request.part else matter.gives


def learn(turn: Turn, team: str, name: str, giver: str, request: str, stated: Handling | None) -> None:
    """A team comes to hold evidence by a request; what it was held under goes with it.

    Whoever takes a piece once more from its giver, under further conditions, is bound by these too; what it has from
    a source of its own no other giver can bind.
    """
    if team not in turn.scenario.teams_by_id:
        return
    known = turn.state.knowledge.get(team, {}).get(name)
    if known is None:
        held = turn.state.knowledge.get(giver, {}).get(name)
        piece = turn.scenario.evidence_by_id.get(name)
        usual = held.handling if held else piece.handling if piece else None
        bound = _bound_by(turn, giver, name)
        handling = narrower(bound, stated) if bound else stated or usual
    elif known.giver != giver or _limits(handling := narrower(known.handling, stated)) == _limits(known.handling):
        return
    turn.emit(EvidenceLearned(team=team, evidence=name, giver=giver, request=request, handling=handling))


def _limits(handling: Handling | None) -> tuple[Tlp, Purpose] | None:
    """How far something may go and what for, without the words that say it."""
    return (handling.tlp, handling.purpose) if handling is not None else None


def _bound_by(turn: Turn, party: str, name: str) -> Handling | None:
    """The conditions that a giver is itself bound by, which it cannot lift for others."""
    held = turn.state.knowledge.get(party, {}).get(name)
    if held is not None:
        return binding(held, party)
    piece = turn.scenario.evidence_by_id.get(name)
    return piece.handling if piece and piece.giver not in (None, party) else None


def _renew(turn: Turn, team: str, party: str) -> None:
    holder = turn.scenario.teams_by_id.get(team)
    for number, entry in enumerate(holder.directory if holder else (), 1):
        stands = turn.state.contacts.get(team, {}).get(number)
        if entry.party == party and entry.stale and stands != "renewed":
            turn.emit(ev.ContactRenewed(team=team, contact=number))


def _binds(handling: Handling | None) -> bool:
    return handling is not None and handling.binds
