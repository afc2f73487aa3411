"""What an evaluator's screens need: a view of their own, and a way to judge; here over a session in this process.

Screens know the `EvaluationDesk` and nothing behind it, so that the same pages serve a log file and a hub's door.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from hashlib import sha256
from typing import Protocol

from exercise.core.assess import assess
from exercise.core.evaluation.commands import EVALUATOR, LONGEST_NAME, EnrolEvaluator, EvaluationCommand
from exercise.core.evaluation.rules import delegation_of
from exercise.core.evaluation.standing import standing_of
from exercise.core.evaluation.state import Evaluation
from exercise.core.evaluation.views import Dossier, EvaluationView, Standing
from exercise.core.scenario import Scenario
from exercise.errors import UsageError
from exercise.session.evaluation_record import dossier_of
from exercise.session.log import REDACTED
from exercise.session.session import Session

NOT_ENDED = "This exercise has not come to ENDEX yet; conduct is evaluated after it."
_NO_SEAT = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG = 40


class EvaluationDesk(Protocol):
    """One evaluator's place after ENDEX."""

    @property
    def seat(self) -> str:
        """`evaluator/NAME`."""

    def view(self) -> EvaluationView:
        """What this evaluator may see now."""

    async def submit(self, command: EvaluationCommand) -> None:
        """Judges, rates, settles …; raises `CommandRejected` with a text for the person."""

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back after each change that this evaluator can see; returns how to stop."""

    def kept(self, key: str) -> str:
        """A half-written text that was kept under a key; '' for none."""

    def keep(self, key: str, text: str) -> None:
        """Keeps a half-written text for this person; '' forgets it."""


class LocalDesk:
    """An evaluator's place over a session of this process; refuses one that has not come to ENDEX."""

    def __init__(self, session: Session, seat: str) -> None:
        if session.state.clock.phase != "ended":
            raise UsageError(NOT_ENDED)
        self._session = session
        self._seat = seat
        self._dossier: Dossier = dossier_of(session.id, session.scenario, session.reference, session.entries)
        self._repairs = assess(session.scenario, session.reference, session.entries).repairs
        self._standing: tuple[int, Standing] | None = None
        self._texts: dict[str, str] = {}

    @property
    def seat(self) -> str:
        """`evaluator/NAME`."""
        return self._seat

    def view(self) -> EvaluationView:
        """What this evaluator may see now; worked out once for each state of the log."""
        session, number = self._session, len(self._session.entries)
        if self._standing is None or self._standing[0] != number:
            found = standing_of(session.scenario, session.reference, session.entries, self._seat, self._repairs)
            self._standing = (number, found)
        return EvaluationView(self._dossier, self._standing[1])

    async def submit(self, command: EvaluationCommand) -> None:
        """Asks under this seat's own name, whatever the command says; kept when this returns."""
        self._session.submit(command.model_copy(update={"seat": self._seat, "play": 0}))

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back after each change that this evaluator can see."""
        last = self.view().standing

        def compare(_: object) -> None:
            nonlocal last
            now = self.view().standing
            if now != last:
                last = now
                changed()

        return self._session.subscribe(compare)

    def kept(self, key: str) -> str:
        """A half-written text of this sitting."""
        return self._texts.get(key, "")

    def keep(self, key: str, text: str) -> None:
        """Keeps a half-written text for this sitting."""
        self._texts[key] = text


def seat_for(scenario: Scenario, known: Evaluation, delegation: str) -> str:
    """The seat of a delegation's evaluator: the one it has, so that whoever comes back goes on, or a new one.

    It is made of the delegation and not of the person's name, for a seat stays in the log when names are taken out.
    """
    sender = delegation_of(scenario, delegation)
    if not sender:
        raise UsageError("Say which delegation or body sends you.")
    for one in known.evaluators.values():
        if one.delegation.casefold() == sender.casefold():
            return one.seat
    plain = unicodedata.normalize("NFKD", sender.casefold()).encode("ascii", "ignore").decode()
    slug = _NO_SEAT.sub("-", plain).strip("-")[:_LONGEST_SLUG].strip("-")
    made = f"{EVALUATOR}/{slug or sha256(sender.encode()).hexdigest()[:8]}"
    if made in known.evaluators:  # Another body whose name comes to the same letters.
        made = f"{made}-{sha256(sender.encode()).hexdigest()[:8]}"
    return made


def sit_down(session: Session, name: str, delegation: str) -> LocalDesk:
    """Takes an evaluator's seat, anew or again, and opens its desk; without a name the one given before stays."""
    if session.state.clock.phase != "ended":
        raise UsageError(NOT_ENDED)
    known = session.state.evaluation
    seat = seat_for(session.scenario, known, delegation)
    before = known.evaluators.get(seat)
    named = before.name if before is not None and before.name != REDACTED else ""
    if named and name and name.casefold() != named.casefold():
        raise UsageError(
            f"{named} evaluates for that delegation already, and two evaluators come from different ones. "
            "To go on in that place give no name."
        )
    if before is None or (name and not named and not before.finished):
        try:
            command = EnrolEvaluator(seat=seat, name=name, delegation=delegation)
        except ValueError:  # A validation error is one too.
            raise UsageError(f"A name and a delegation have at most {LONGEST_NAME} characters.") from None
        session.submit(command)
    return LocalDesk(session, seat)
