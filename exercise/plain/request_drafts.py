"""A request while it is written by lines, from nothing or in the words of one that came to nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from exercise.core.requests.kinds import Handling
from exercise.core.requests.views import RequestView
from exercise.core.views import ParticipantView
from exercise.language import _


@dataclass
class Draft:
    """A request while it is written; `done` holds what has been answered, be it with an empty line."""

    kind: str = ""
    contact: int = 0
    matter: str | None = None
    subject: str = ""
    content: dict[str, str] = field(default_factory=dict)
    basis: tuple[str, ...] = ()
    handling: Handling | None = None
    urgent: bool = False
    deadline: int | None = None
    encloses: tuple[str, ...] = ()
    done: set[str] = field(default_factory=set)


def written_before(request: RequestView, view: ParticipantView) -> Draft:
    """A new request in the words of one that came to nothing; to whom, by when and what goes with it is asked."""
    known = request.matter_id in {matter.id for matter in view.matters}
    elements = {_("element {id}").format(id=id) for id, *_rest in request.content}
    return Draft(
        kind=request.kind,
        matter=request.matter_id if known else None,
        subject="" if known else request.matter,
        content={id: text for id, _name, text, _demanded in request.content},
        basis=request.basis,
        handling=request.handling,
        urgent=request.urgent,
        done={"kind", "matter", "basis", "handling", "urgent", *elements},
    )
