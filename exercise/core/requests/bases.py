"""Which of the texts that a kind of request can rest on a team has accepted: no other is offered to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from exercise.language import N_

if TYPE_CHECKING:
    from exercise.core.reference import Reference
    from exercise.core.views import ParticipantView

__all__ = ["NONE_HELD", "held"]

NONE_HELD = N_(
    "Your State has accepted none of the texts this usually rests on; say in your own words on what you rely."
)
"""What stands in place of texts to choose from, where none is left."""

_HELD = ("applies", "observed", "context")


def held(view: ParticipantView, reference: Reference, ids: Iterable[str]) -> tuple[str, ...]:
    """Those of some commitments that are in the team's profile and in force on the day of the story, in their order."""
    standings = reference.standings(view.profile, view.clock.story.date())
    return tuple(id for id in ids if standings.get(id) in _HELD)
