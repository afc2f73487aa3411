"""How the views of requests are built: a team sees its own board, control sees all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from exercise.core.asked import FACILITATOR
from exercise.core.conditions import holds
from exercise.core.records import dataclass
from exercise.core.requests.kinds import Handling, RequestKind, Step
from exercise.core.requests.known import matters_for
from exercise.core.requests.life import of_matter
from exercise.core.requests.matters import Matter
from exercise.core.requests.rules import may
from exercise.core.requests.state import AGREED, RequestState, StepTaken
from exercise.core.requests.views import ElementView, KindView, LetterView, MatterView, RequestStep, RequestView

if TYPE_CHECKING:
    from exercise.core.scenario import Scenario
    from exercise.core.state import State

_SENT, _DELIVERED = Step.SENT, Step.DELIVERED
_BY_REQUESTER = (Step.SENT, Step.MENDED, Step.WITHDRAWN)
_BY_ITSELF = (Step.FAILED, Step.DELIVERED, Step.LAPSED)


def requests_of(scenario: Scenario, state: State, party: str) -> tuple[RequestView, ...]:
    """A party's board in the order in which it came to know of each; the numbers are the board's own."""
    board = state.boards.get(party, ())
    return tuple(_request(scenario, state, state.requests[id], n, party) for n, id in enumerate(board, 1))


@dataclass(frozen=True, slots=True)
class Letters:
    """A team's board as far as bots read it, with what the next look at it goes on from."""

    shown: tuple[LetterView, ...] = ()
    open: tuple[tuple[int, RequestState], ...] = ()
    """Place on the board, and state, of each request that was not over: all others stay as they are shown."""


_NO_LETTERS = Letters()


def letters_of(scenario: Scenario, state: State, team: str, before: Letters | None = None) -> Letters:
    """A team's board as far as bots read it while a move is played; `before` is how it stood earlier in the same run.

    A long exercise has long boards, and nearly all of a board is as it was.
    """
    before = before or _NO_LETTERS
    board, requests = state.boards.get(team, ()), state.requests
    changed: dict[int, LetterView] = {}
    still = []
    for place, known in before.open:
        request = requests[board[place]]
        # Whether what was agreed can be done yet depends on more than the request itself.
        if request is not known or (
            request.status in AGREED
            and request.to == team
            and may(scenario, state, request, team) != before.shown[place].may
        ):
            letter = changed[place] = _letter(scenario, state, request, place + 1, team)
            if letter.over:
                continue
        still.append((place, request))
    if not changed and len(board) == len(before.shown):
        return before
    shown = [changed.get(place, letter) for place, letter in enumerate(before.shown)] if changed else [*before.shown]
    for place in range(len(shown), len(board)):
        request = requests[board[place]]
        shown.append(_letter(scenario, state, request, place + 1, team))
        if not request.over:
            still.append((place, request))
    return Letters(tuple(shown), tuple(still))


def _letter(scenario: Scenario, state: State, request: RequestState, number: int, team: str) -> LetterView:
    incoming, over, status = team != request.by, request.over, request.status
    return LetterView(
        number=number,
        incoming=incoming,
        kind=request.kind,
        matter_id=request.matter or "",
        other_id=request.by if incoming else request.to,
        status=_SENT if not incoming and status is _DELIVERED else status,
        revision=request.revision,
        play=request.play,
        missing=request.missing,
        may=() if over else may(scenario, state, request, team),
        over=over,
    )


def _status(request: RequestState, party: str) -> str:
    """The last step that a party knows of; a sender does not hear when its message lies unread on a desk."""
    unread = party == request.by and request.status is Step.DELIVERED
    return Step.SENT.value if unread else request.status.value


def matters_of(scenario: Scenario, state: State, team: str) -> tuple[MatterView, ...]:
    """What a team can raise now."""
    return matters_shown(scenario, team, matters_for(scenario, state, team))


def matters_shown(scenario: Scenario, team: str, known: tuple[Matter, ...]) -> tuple[MatterView, ...]:
    """The matters that a team can raise, as it reads them: the same row of them, the same views."""
    kept: dict[str, tuple[tuple[Matter, ...], tuple[MatterView, ...]]] = scenario.__dict__.setdefault("_shown", {})
    found = kept.get(team)
    if found is None or found[0] is not known:
        views = matter_views(scenario)
        found = kept[team] = (known, tuple([views[matter.id] for matter in known]))
    return found[1]


def matter_view(matter: Matter) -> MatterView:
    """Something that can be raised, as a team reads it."""
    return MatterView(matter.id, matter.title, matter.text, matter.kinds)


def matter_views(scenario: Scenario) -> Mapping[str, MatterView]:
    """All that can ever be raised in a scenario, by id, made once."""
    found: dict[str, MatterView] | None = scenario.__dict__.get("_matter_views")
    if found is None:
        found = scenario.__dict__["_matter_views"] = {matter.id: matter_view(matter) for matter in scenario.matters}
    return found


def kinds_of(scenario: Scenario, team_id: str) -> tuple[KindView, ...]:
    """The kinds of request that a team's directory has a fit channel for."""
    team = scenario.teams_by_id.get(team_id)
    have = {entry.via for entry in team.directory} if team else set()
    return tuple(kind_view(scenario, kind) for kind in scenario.request_kinds if have & set(kind.channels))


def kind_view(scenario: Scenario, kind: RequestKind) -> KindView:
    """A kind as the form leads through it, made once a scenario."""
    kept: dict[str, KindView] = scenario.__dict__.setdefault("_kind_views", {})
    found = kept.get(kind.id)
    if found is None:
        found = kept[kind.id] = _kind(scenario, kind)
    return found


def _kind(scenario: Scenario, kind: RequestKind) -> KindView:
    return KindView(
        id=kind.id,
        name=kind.name,
        about=kind.about,
        use=kind.use,
        shape=kind.shape,
        basis=kind.basis,
        channels=tuple((id, scenario.channels_by_id[id].name) for id in kind.channels if id in scenario.channels_by_id),
        elements=tuple(ElementView(e.id, e.name, e.ask, e.why, e.required) for e in kind.elements),
        grounds=tuple((ground.id, ground.name, ground.clause) for ground in kind.grounds),
        automatic=kind.automatic,
        volatile=kind.volatile,
        coercive=kind.coercive,
        least_days=kind.least_days,
        lifts=kind.lifts,
        purpose=kind.purpose.value,
    )


def _request(scenario: Scenario, state: State, request: RequestState, number: int, party: str) -> RequestView:
    kind = scenario.kinds_by_id[request.kind]
    incoming = party != request.by
    other = request.by if incoming else request.to
    names = scenario.names
    matter = scenario.matters_by_id.get(request.matter or "")
    channel = scenario.channels_by_id.get(request.channel)
    owner = scenario.teams_by_id.get(request.by)
    contact = owner.directory[request.contact - 1].name if owner and request.contact and not incoming else ""
    ready = matter is None or matter.holder != request.to or holds(matter.ready, state)
    waits = incoming and request.status in AGREED and not ready
    return RequestView(
        number=number,
        incoming=incoming,
        kind=kind.id,
        kind_name=kind.name,
        shape=kind.shape,
        other=names.get(other, other) if party != FACILITATOR else f"{names[request.by]} → {names[request.to]}",
        other_id=other,
        contact=contact,
        channel=channel.name if channel else request.channel,
        matter=matter.title if matter else scenario.said(request.subject),
        matter_id=request.matter or "",
        basis=request.basis,
        content=tuple((e.id, e.name, scenario.said(request.content.get(e.id, "")), e.required) for e in kind.elements),
        missing=request.missing,
        named=request.named,
        handling=worded_handling(scenario, request.handling),
        conditions=worded_handling(scenario, request.conditions),
        encloses=_titles(scenario, request.encloses),
        gave=_titles(scenario, request.gave),
        urgent=request.urgent,
        status=_status(request, party),
        revision=request.revision,
        sent=request.exercise,
        deadline=request.deadline,
        over=request.over,
        may=may(scenario, state, request, party),
        not_ready=matter.not_ready if waits and matter else "",
        ground=next((ground.name for ground in kind.grounds if ground.id == request.ground), ""),
        days=request.days,
        steps=tuple(_step(scenario, request, step, names) for step in request.steps if _seen(request, step, party)),
        form=kind_view(scenario, kind),
        channel_id=request.channel,
        returned=_returned(scenario, request),
        arrives=_arrives(state, request) if party == FACILITATOR else None,
        goes=_goes(scenario, state, request, party) if request.status in AGREED else (),
    )


def _goes(scenario: Scenario, state: State, request: RequestState, party: str) -> tuple[str, ...]:
    """What the rules hand over with a matter, as far as its holder knows of it; control knows all of its actors."""
    if party == FACILITATOR and request.to in scenario.actors_by_id:
        return of_matter(scenario, request)
    held = state.knowledge.get(party, {}) if party == request.to else {}
    return tuple(name for name in of_matter(scenario, request) if name in held)


def _arrives(state: State, request: RequestState) -> int | None:
    return next((one.due for one in state.errands if one.request == request.id and one.what == "arrive"), None)


def _returned(scenario: Scenario, request: RequestState) -> str:
    """What the desk says with what it sends back; a stale line or a wrong channel says nothing."""
    actor = scenario.actors_by_id.get(request.to)
    failed = any(step.step is Step.FAILED and step.text == "mandate" for step in request.steps)
    return actor.desk.outside if failed and actor is not None and actor.desk is not None else ""


def _titles(scenario: Scenario, evidence: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(piece.title for name in evidence if (piece := scenario.evidence_by_id.get(name)))


def _seen(request: RequestState, step: StepTaken, party: str) -> bool:
    """Whether a party learns of a step: a sender does not hear when its message lies unread on a desk."""
    return party != request.by or step.step is not Step.DELIVERED


def worded_handling(scenario: Scenario, handling: Handling | None) -> Handling | None:
    """Conditions as an event has them, with their words in the language of the scenario as it is read."""
    words = scenario.said(handling.words) if handling is not None else ""
    return handling if handling is None or words == handling.words else handling.model_copy(update={"words": words})


def _step(scenario: Scenario, request: RequestState, step: StepTaken, names: Mapping[str, str]) -> RequestStep:
    if step.step in _BY_ITSELF:
        who = ""
    elif step.step in _BY_REQUESTER:
        who = names[request.by]
    elif step.step in (Step.CONDITIONS_ACCEPTED, Step.CONDITIONS_DECLINED):
        # Who takes conditions is whoever something is given to.
        who = names[request.by if request.reached(Step.CONDITIONAL) else request.to]
    else:
        who = names[request.to]
    return RequestStep(step.step.value, step.exercise, step.play, who, scenario.said(step.text))
