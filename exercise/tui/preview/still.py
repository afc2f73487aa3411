"""A seat of an exercise that is not played: screens show it, and nothing that is sent goes anywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from exercise.authoring.everything import Everything
from exercise.core.commands import Command
from exercise.errors import CommandRejected

if TYPE_CHECKING:
    from exercise.core.assess import Assessment
    from exercise.core.reference import Reference
    from exercise.core.views import HotWashView, ParticipantView

__all__ = ["StillClient"]


class StillClient:
    """What the screens of play need of a session, over a scenario with all of it open."""

    def __init__(self, everything: Everything, seat: str, decision: str = "") -> None:
        self._everything, self._seat, self._decision = everything, seat, decision

    @property
    def seat(self) -> str:
        """The seat as which one looks."""
        return self._seat

    @property
    def reference(self) -> Reference:
        """The texts of the profiles."""
        from exercise.catalogue import load_reference

        return load_reference()

    def view(self) -> ParticipantView:
        """What the seat sees of all that there is, or at the moment at which the decision is put."""
        if self._decision:
            return self._everything.at_decision(self._seat, self._decision)
        return self._everything.view(self._seat)

    def hot_wash(self) -> HotWashView | None:
        """Nothing is over."""
        return None

    def assessment(self) -> Assessment | None:
        """Nothing was done."""
        return None

    async def submit(self, command: Command) -> None:
        """Refuses, since nobody plays."""
        raise CommandRejected("preview", "This is a preview: it shows the form, and nothing is sent.")

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Nothing ever changes here."""
        return lambda: None
