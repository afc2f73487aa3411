"""The rules of cooperation requests: what a seat may ask about them, and what that leads to.

Whatever fails as in life (a stale contact, the wrong channel, a desk without the mandate) is no refusal here: the
request leaves, and `life` tells later what became of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from exercise.core.acts import Act, ActKind
from exercise.core.asked import FACILITATOR
from exercise.core.conditions import holds
from exercise.core.events import ActDone
from exercise.core.requests import commands as cmd
from exercise.core.requests import events as ev
from exercise.core.requests import life
from exercise.core.requests.handling import against, binding, narrower
from exercise.core.requests.kinds import Handling, RequestKind, Step, missing_of
from exercise.core.requests.known import may_raise
from exercise.core.requests.outcomes import came_of
from exercise.core.requests.state import AGREED, OPEN, RequestState
from exercise.core.text import clean_words as _words
from exercise.errors import CommandRejected

if TYPE_CHECKING:
    from exercise.core.scenario import Scenario
    from exercise.core.state import State
    from exercise.core.turn import Turn


def rule(turn: Turn, command: cmd.RequestCommand) -> None:
    """What a command about a request leads to; raises `CommandRejected`."""
    if turn.state.clock.phase != "move":
        raise CommandRejected("no-move", "Requests are sent and answered while a move is played.")
    _RULES[command.__class__](turn, command)


def _withdraw(turn: Turn, command: cmd.WithdrawRequest) -> None:
    request = _mine(turn, command.seat, command.request, "requester")
    if request.over or request.status in AGREED:
        raise CommandRejected("request-over", "This request can no longer be taken back.")
    turn.emit(ev.RequestWithdrawn(request=request.id, text=_words(command.text)))
    came_of(turn, request.id, Step.WITHDRAWN)


def may(scenario: Scenario, state: State, request: RequestState, party: str) -> tuple[str, ...]:
    """What a party may do about a request now; rules, screens and bots all ask here.

    `acknowledge`, `answer`, `mend`, `take-conditions`, `fulfil`, `withdraw`. Exercise control stands for actors.
    """
    if state.clock.phase != "move":
        return ()
    kind = scenario.kinds_by_id[request.kind]
    found = []
    if party == request.to or (party == FACILITATOR and request.to in scenario.actors_by_id):
        if request.status in OPEN:
            if not request.reached(Step.ACKNOWLEDGED):
                found.append("acknowledge")
            found.append("take-conditions" if kind.shape == "gives" else "answer")
        if request.status in AGREED and _ready(scenario, state, request):
            found.append("fulfil")
    if party == request.by or (party == FACILITATOR and request.by in scenario.actors_by_id):
        if _can_mend(kind, request):
            found.append("mend")
        if request.status is Step.CONDITIONAL:
            found.append("take-conditions")
        if request.status in (Step.SENT, *OPEN, Step.ASKED_BACK, Step.CONDITIONAL):
            found.append("withdraw")
    return tuple(found)


def _can_mend(kind: RequestKind, request: RequestState) -> bool:
    """Whether there is a gap to fill: one that the addressee has named, or one that can be seen from here."""
    if request.status is Step.ASKED_BACK:
        return bool(kind.elements)
    # Before it is acknowledged the requester does not know that it has arrived, so nothing can be offered to tell it.
    return bool(request.missing) and request.status in (Step.ACKNOWLEDGED, Step.MENDED)


def _ready(scenario: Scenario, state: State, request: RequestState) -> bool:
    matter = scenario.matters_by_id.get(request.matter or "")
    return matter is None or matter.holder != request.to or holds(matter.ready, state)


def _send(turn: Turn, command: cmd.SendRequest) -> None:
    scenario, state, clock = turn.scenario, turn.state, turn.state.clock
    team = scenario.teams_by_id.get(command.seat.partition("/")[0])
    if team is None:
        raise CommandRejected("no-team", "Only a team sends requests; exercise control answers for its actors.")
    kind = scenario.kinds_by_id.get(command.kind)
    if kind is None:
        raise CommandRejected("no-kind", "There is no such kind of request.")
    if command.contact > len(team.directory):
        raise CommandRejected("no-contact", "Your directory has no such entry.")
    entry = team.directory[command.contact - 1]
    if entry.via is None:
        raise CommandRejected("no-channel", f"“{entry.name}” takes no requests; choose another entry.")
    if command.matter is not None and not may_raise(scenario, state, team.id, command.matter):
        raise CommandRejected("no-matter", "That is not among the things your team can raise now.")
    if command.deadline is not None and command.deadline <= clock.exercise:
        raise CommandRejected("deadline", "The time you ask an answer by has passed already.")
    content = _content(kind, command.content)
    if kind.automatic and command.encloses:
        # Nobody reads what a desk answers by itself, so nobody could accept the conditions of what came with it.
        raise CommandRejected("carries-nothing", f"“{kind.name}” carries nothing; send it with another kind.")
    _holds(state, team.id, command.encloses)
    channel = scenario.channels_by_id[entry.via]
    id = life.next_id(state)
    broken = _against(turn, team.id, command.encloses, kind, entry.party, channel.id)
    turn.emit(
        ev.RequestSent(
            request=id,
            kind=kind.id,
            seat=command.seat,
            by=team.id,
            to=entry.party,
            contact=command.contact,
            channel=channel.id,
            arrives=clock.exercise + channel.transit,
            matter=command.matter,
            subject=_words(command.subject),
            basis=tuple(dict.fromkeys(name for text in command.basis if (name := _words(text)[:80]))),
            content=content,
            missing=missing_of(kind.elements, content),
            handling=_travelling(state, team.id, command),
            urgent=command.urgent,
            deadline=command.deadline,
            encloses=tuple(dict.fromkeys(command.encloses)),
            against=broken,
        )
    )
    _passed_on(turn, team.id, broken, entry.party, id)
    came_of(turn, id, Step.SENT)
    if channel.transit == 0:
        life.run_errand(turn, turn.state.errands[-1])


def _acknowledge(turn: Turn, command: cmd.AcknowledgeRequest) -> None:
    request = _mine(turn, command.seat, command.request, "addressee")
    if request.status in OPEN and not request.reached(Step.ACKNOWLEDGED):
        turn.emit(ev.RequestAcknowledged(request=request.id))
        came_of(turn, request.id, Step.ACKNOWLEDGED)


def _answer(turn: Turn, command: cmd.AnswerRequest) -> None:
    request = _mine(turn, command.seat, command.request, "addressee")
    if request.status not in OPEN:
        raise CommandRejected("request-closed", f"This request {_stands(request)}; it takes no answer now.")
    kind = turn.scenario.kinds_by_id[request.kind]
    if kind.shape == "gives":
        raise CommandRejected("gives", "This gives you something: accept its conditions, or decline them.")
    _current(request, command.revision)
    if (lacks := command.lacks) is not None:
        raise lacks
    elements = {element.id for element in kind.elements}
    if command.answer == "ask-back" and not elements:
        raise CommandRejected("nothing-to-mend", f"“{kind.name}” asks for nothing more; answer it as it is.")
    if unknown := [name for name in command.missing if name not in elements]:
        raise CommandRejected("no-element", f"“{kind.name}” has no element '{_words(unknown[0])[:60]}'.")
    if command.ground and command.ground not in {ground.id for ground in kind.grounds}:
        raise CommandRejected("no-ground", f"“{kind.name}” knows no such ground of refusal.")
    life.answer(
        turn,
        request,
        command.answer,
        text=_words(command.text),
        ground=command.ground if command.answer == "refuse" else "",
        missing=command.missing,
        # A part is given without being asked first whether its conditions are taken, as when it is carried out.
        conditions=cmd.cleaned(command.conditions) if command.answer in ("part", "conditional") else None,
        days=command.days if kind.least_days and command.answer != "refuse" else None,
        by_control=command.seat == FACILITATOR,
    )
    if command.answer == "accept" and (kind.shape == "calls" or _given_by_control(turn, request)):
        reply = life.reply_to(turn.scenario, request)
        life.fulfil(turn, request.id, gives=reply.gives if reply else None)


def _given_by_control(turn: Turn, request: RequestState) -> bool:
    return request.to in turn.scenario.actors_by_id


def _mend(turn: Turn, command: cmd.MendRequest) -> None:
    request = _mine(turn, command.seat, command.request, "requester")
    kind = turn.scenario.kinds_by_id[request.kind]
    if not _can_mend(kind, request):
        stands = _stands(request, _party(command.seat))
        raise CommandRejected("request-closed", f"This request {stands}; nothing can be added to it.")
    _current(request, command.revision)
    content = _content(kind, command.content)
    if not content:
        raise CommandRejected("empty", "There is nothing to add.")
    missing = missing_of(kind.elements, {**request.content, **content})
    turn.emit(ev.RequestMended(request=request.id, revision=request.revision, content=content, missing=missing))
    came_of(turn, request.id, Step.MENDED)
    desk = life.desk_of(turn.scenario, request.to)
    if desk is not None:
        life.plan_reply(turn, request.id, desk)


def _take_conditions(turn: Turn, command: cmd.TakeConditions) -> None:
    request = _on_board(turn, command.seat, command.request)
    if "take-conditions" not in may(turn.scenario, turn.state, request, _party(command.seat)):
        stands = _stands(request, _party(command.seat))
        raise CommandRejected("request-closed", f"This request {stands}; there are no conditions to accept.")
    _current(request, command.revision)
    turn.emit(
        ev.ConditionsTaken(
            request=request.id, revision=request.revision, accepted=command.accept, text=_words(command.text)
        )
    )
    came_of(turn, request.id, Step.CONDITIONS_ACCEPTED if command.accept else Step.CONDITIONS_DECLINED)
    if not command.accept:
        return
    if turn.scenario.kinds_by_id[request.kind].shape == "gives":
        life.fulfil(turn, request.id)
    elif request.to in turn.scenario.actors_by_id:
        reply = life.reply_to(turn.scenario, request)
        life.fulfil(turn, request.id, gives=reply.gives if reply else None)


def _fulfil(turn: Turn, command: cmd.FulfilRequest) -> None:
    request = _mine(turn, command.seat, command.request, "addressee")
    if request.status not in AGREED:
        raise CommandRejected("request-closed", f"This request {_stands(request)}; there is nothing to carry out.")
    _current(request, command.revision)
    if not _ready(turn.scenario, turn.state, request):
        matter = turn.scenario.matters_by_id[request.matter or ""]
        raise CommandRejected("not-ready", matter.not_ready)
    party = request.to
    kind = turn.scenario.kinds_by_id[request.kind]
    if party in turn.scenario.teams_by_id:
        _holds(turn.state, party, command.encloses)
    elif unknown := [name for name in command.encloses if name not in turn.scenario.evidence_by_id]:
        raise CommandRejected("no-evidence", f"The scenario has no evidence '{_words(unknown[0])[:60]}'.")
    broken = _against(turn, party, command.encloses, kind, request.by, request.channel)
    life.fulfil(
        turn,
        request.id,
        text=_words(command.text),
        gives=tuple(dict.fromkeys(command.encloses)),
        handling=cmd.cleaned(command.handling),
        against=broken,
    )
    _passed_on(turn, party, broken, request.by, request.id)


_RULES: Mapping[type[cmd.RequestCommand], Callable[[Turn, Any], None]] = {
    cmd.SendRequest: _send,
    cmd.AcknowledgeRequest: _acknowledge,
    cmd.AnswerRequest: _answer,
    cmd.MendRequest: _mend,
    cmd.TakeConditions: _take_conditions,
    cmd.FulfilRequest: _fulfil,
    cmd.WithdrawRequest: _withdraw,
}
"""A table, since whether a command is one of a kind costs a record that is checked more than the rule behind it."""


# --- passing on ---


def _against(
    turn: Turn, team: str, evidence: tuple[str, ...], kind: RequestKind, to: str, channel: str
) -> tuple[str, ...]:
    """The evidence among this that would be passed on against the conditions it is held under."""
    if kind.lifts:
        return ()
    held = turn.state.knowledge.get(team, {})
    return tuple(
        name
        for name in dict.fromkeys(evidence)
        if (holding := held.get(name)) and against(binding(holding, team), holding.giver, kind.purpose, to, channel)
    )


def _travelling(state: State, team: str, command: cmd.SendRequest) -> Handling | None:
    """The conditions on what is sent: those that are stated, and those under which what goes with it is held."""
    held = state.knowledge.get(team, {})
    handling = cmd.cleaned(command.handling)
    for name in command.encloses:
        bound = binding(held[name], team)
        # What the team's own piece usually goes out under counts where it says nothing else.
        handling = narrower(bound, handling) if bound else handling or held[name].handling
    return handling


def _passed_on(turn: Turn, team: str, broken: tuple[str, ...], to: str, id: str) -> None:
    for name in broken:
        act = Act(act=ActKind.FORWARD, toward=(to,), about=name, against_conditions=True)
        turn.emit(ActDone(team=team, act=act, request=id))


def _holds(state: State, team: str, evidence: tuple[str, ...]) -> None:
    held = state.knowledge.get(team, {})
    if any(name not in held for name in evidence):
        raise CommandRejected("not-held", "Your team does not hold what you want to send with it.")


# --- whose request, and how it stands ---


def _party(seat: str) -> str:
    return seat.partition("/")[0]


def _on_board(turn: Turn, seat: str, number: int) -> RequestState:
    board = turn.state.boards.get(_party(seat), ())
    if number > len(board):
        raise CommandRejected("no-request", "There is no such request on your board.")
    return turn.state.requests[board[number - 1]]


def _mine(turn: Turn, seat: str, number: int, part: str) -> RequestState:
    """A request on a seat's board in which its party has this part; control has that of actors."""
    request, party = _on_board(turn, seat, number), _party(seat)
    owner = request.by if part == "requester" else request.to
    if party != owner and not (party == FACILITATOR and owner in turn.scenario.actors_by_id):
        if part == "requester":
            raise CommandRejected("not-yours", "Only the team that sent it can do this.")
        raise CommandRejected("not-yours", "This request is not to your team.")
    return request


def _current(request: RequestState, revision: int) -> None:
    if revision != request.revision:
        raise CommandRejected("changed", "This request has changed since you opened it; look at it again.")


_STANDS: Mapping[Step, str] = {
    Step.SENT: "is still on its way",
    Step.FAILED: "did not get through",
    Step.ASKED_BACK: "waits for what is missing",
    Step.CONDITIONAL: "waits for the conditions to be accepted",
    Step.CONDITIONS_DECLINED: "ended, for its conditions were declined",
    Step.REFUSED: "has been refused",
    Step.LAPSED: "has lapsed",
    Step.WITHDRAWN: "has been withdrawn",
    Step.FULFILLED: "has been fulfilled",
}


def _stands(request: RequestState, party: str = "") -> str:
    if party == request.by and request.status is Step.DELIVERED:
        return _STANDS[Step.SENT]  # A sender does not hear when its message lies unread on a desk.
    return _STANDS.get(request.status, "has been accepted" if request.status in AGREED else "waits for an answer")


# --- words ---


def _content(kind: RequestKind, content: Mapping[str, str]) -> dict[str, str]:
    known = {element.id for element in kind.elements}
    if unknown := [name for name in content if name not in known]:
        raise CommandRejected("no-element", f"“{kind.name}” has no element '{_words(unknown[0])[:60]}'.")
    return {name: text for name, raw in content.items() if (text := _words(raw))}
