"""What a step of a request amounts to: the acts that occasions and conditions read, and what a scenario makes of it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from exercise.core.acts import Act, ActKind, Level
from exercise.core.conditions import holds
from exercise.core.events import ActDone
from exercise.core.requests import events as ev
from exercise.core.requests.kinds import RequestKind, Step
from exercise.core.requests.state import RequestState

if TYPE_CHECKING:
    from exercise.core.turn import Turn

_BY_REQUESTER = (
    Step.SENT,
    Step.DELIVERED,
    Step.MENDED,
    Step.CONDITIONS_ACCEPTED,
    Step.CONDITIONS_DECLINED,
    Step.WITHDRAWN,
)


_SIGNS_OF_LIFE = (
    Step.ACKNOWLEDGED,
    Step.ASKED_BACK,
    Step.ACCEPTED,
    Step.PART,
    Step.CONDITIONAL,
    Step.CONDITIONS_ACCEPTED,
    Step.CONDITIONS_DECLINED,
    Step.REFUSED,
    Step.FULFILLED,
)
"""By these a requester hears from the other side; a message that lies unread tells nothing of its address."""


# Python 3.11 finds a member by its class thirty times as slowly as a name of the module.
_SENT, _DELIVERED, _PART, _FULFILLED, _REFUSED = (
    Step.SENT,
    Step.DELIVERED,
    Step.PART,
    Step.FULFILLED,
    Step.REFUSED,
)


def came_of(turn: Turn, id: str, step: Step) -> None:
    """The acts that a step amounts to, and what the scenario makes of it."""
    request = turn.state.requests[id]
    kind = turn.scenario.kinds_by_id[request.kind]
    if step in _SIGNS_OF_LIFE:
        tried(turn, request, works=True)
    by_requester = step in _BY_REQUESTER or (kind.shape == "gives" and step is not _REFUSED)
    team, other = (request.by, request.to) if by_requester else (request.to, request.by)
    if team in turn.scenario.teams_by_id:
        for act in _acts(kind, step, request.ground):
            turn.emit(ActDone(team=team, act=_act(turn, request, kind, act, other, step), request=id))
    _outcomes(turn, request, step)


def _acts(kind: RequestKind, step: Step, ground: str) -> tuple[ActKind, ...]:
    """The acts that a step amounts to; a call that rings out is none, so what sending is counts once it arrives.

    What a refusal is may depend on its ground: whoever proposes another hour has not turned contact down.
    """
    if step is _SENT:
        return ()
    acts = kind.acts
    if step is _DELIVERED:
        return (*acts.get(_SENT, ()), *acts.get(_DELIVERED, ()))
    if step is _REFUSED:
        for known in kind.grounds:
            if known.id == ground and known.acts is not None:
                return known.acts
    return acts.get(step, ())


def _act(turn: Turn, request: RequestState, kind: RequestKind, act: ActKind, other: str, step: Step) -> Act:
    scenario = turn.scenario
    matter = scenario.matters_by_id.get(request.matter or "")
    channel = scenario.channels_by_id.get(request.channel)
    owner = scenario.teams_by_id.get(request.by)
    level = owner.directory[request.contact - 1].level if owner and request.contact else None
    return _made(
        act,
        other,
        level,
        about=matter.subject if matter else None,
        unasked=kind.shape == "gives",
        standing=channel.standing if channel else False,
        partial=step is _PART or (step is _FULFILLED and request.part),
    )


@lru_cache(maxsize=4_096)  # The steps of an exercise amount to the same few acts over and over.
def _made(
    act: ActKind, other: str, level: str | None, *, about: str | None, unasked: bool, standing: bool, partial: bool
) -> Act:
    return Act(
        act=act,
        toward=(other,),
        level=Level(level) if level else None,
        about=about,
        unasked=unasked,
        standing=standing,
        partial=partial,
    )


def _outcomes(turn: Turn, request: RequestState, step: Step) -> None:
    matter = turn.scenario.matters_by_id.get(request.matter) if request.matter else None
    if matter is None:
        return
    for index, outcome in enumerate(matter.outcomes):
        if outcome.on is not step:
            continue
        if (
            (request.matter, index) in turn.state.outcomes
            or (outcome.kinds and request.kind not in outcome.kinds)
            or (outcome.by and request.by not in outcome.by)
            or not holds(outcome.when, turn.state)
        ):
            continue
        # An actor reads no inbox: what comes of its request is told to the team it asked.
        told = request.by if request.by in turn.scenario.teams_by_id else request.to
        to = (outcome.to or (told,)) if outcome.text else ()
        turn.emit(ev.OutcomeCame(request=request.id, matter=matter.id, index=index, to=to))
        turn.apply(outcome.effects)


def tried(turn: Turn, request: RequestState, works: bool) -> None:
    """The requester learns whether an entry of its directory works, where it did not know; one put right stays so."""
    stands = turn.state.contacts.get(request.by, {}).get(request.contact)
    if request.contact and stands not in ("renewed", "works" if works else "dead"):
        turn.emit(ev.ContactTried(team=request.by, contact=request.contact, works=works))
