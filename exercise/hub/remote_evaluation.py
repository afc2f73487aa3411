"""After ENDEX over a link: the survey's sheet of a participant, and an evaluator's desk."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from exercise.core.evaluation.commands import EnrolEvaluator, EvaluationCommand
from exercise.core.evaluation.views import Dossier, EvaluationView, Standing
from exercise.errors import CommandRejected, DoorClosed
from exercise.hub import protocol as say
from exercise.hub.guard import Allowance
from exercise.session.sheets import DRAFT
from exercise.session.surveying import SurveyProgress, SurveyView, checked, sheet_of, sheet_text

if TYPE_CHECKING:
    from exercise.hub.remote import RemoteTable

_SURVEY: TypeAdapter[SurveyView] = TypeAdapter(SurveyView)
_DOSSIER: TypeAdapter[Dossier] = TypeAdapter(Dossier)

FEED = "evaluation"


class RemoteSurvey:
    """Implements `SurveyDesk` for somebody who came in by a door."""

    shared = False

    def __init__(self, table: RemoteTable) -> None:
        self._table = table

    async def view(self) -> SurveyView:
        """How it stands for this person."""
        return _SURVEY.validate_python(await self._table.link.fetch("survey"))

    def kept(self) -> dict[str, str]:
        """What was half-written, here or at a terminal that was lost."""
        return sheet_of(self._table.kept(DRAFT))

    def keep(self, answers: Mapping[str, str]) -> None:
        """Keeps a half-written sheet here and at the hub."""
        self._table.keep(DRAFT, sheet_text(answers))

    async def hand_in(self, answers: Mapping[str, str]) -> None:
        """Hands in, whole or not at all; an answer that got lost is asked for."""
        # Here as well, so that a sheet too long for one message does not cost the line.
        given = dict(checked((await self.view()).questions, answers))
        try:
            await self._table.link.ask(lambda id: say.HandIn(id=id, answers=given))
        except CommandRejected as refused:
            if refused.code not in ("lost", "no-answer") or not await self._was_taken():
                raise
        self._table.link.keep(DRAFT, "")

    async def _was_taken(self) -> bool:
        """Whether a sheet came in before the line broke; without a line nobody can tell yet."""
        with suppress(CommandRejected, DoorClosed):
            return (await self.view()).handed_in
        return False

    async def progress(self) -> SurveyProgress | None:
        """How many have answered is exercise control's to know."""
        return None

    async def close(self, *, thin: bool = False) -> str:
        """Exercise control closes it."""
        raise CommandRejected("hosted", "Exercise control closes the survey.")


class RemoteDesk:
    """Implements `EvaluationDesk` for an evaluator who came in by a door."""

    def __init__(self, table: RemoteTable) -> None:
        self._table = table
        self._link = table.link
        self._session = ""
        self._dossier: Dossier | None = None
        self._standing: Standing | None = None
        # A key may confirm a page of marks: it must not look to the hub like a flood.
        self._pace = Allowance(time.monotonic, rate=18.0, most=40.0)

    async def open(self) -> RemoteDesk:
        """Fetches what is evaluated, and what has been said of it; raises `CommandRejected` or `DoorClosed`."""
        await self._link.through(self._open())
        return self

    async def _open(self) -> None:
        if self._session != self._table.session_id:
            self._dossier = self._standing = None
        if self._dossier is None:
            found = _DOSSIER.validate_python(await self._link.fetch("dossier"))
            self._session, self._dossier = self._table.session_id, found
            self._link.unwatch(FEED)
            self._link.watch(FEED)
        await self._link.arrived(FEED)

    async def enrol(self, delegation: str) -> None:
        """Sits down for a delegation; the name is the one that was given at the door."""
        await self.submit(EnrolEvaluator(delegation=delegation))

    @property
    def seat(self) -> str:
        """The evaluator's seat, which is the hub's to say."""
        return self.view().standing.seat

    def view(self) -> EvaluationView:
        """What this evaluator may see now; while a lost link is mended, what was there last."""
        received = self._link.received.get(FEED)
        if received is not None:
            self._standing = received.view
        if self._dossier is None or self._standing is None:
            raise DoorClosed("no-view", "Nothing has come from the hub yet.")
        return EvaluationView(self._dossier, self._standing)

    async def submit(self, command: EvaluationCommand) -> None:
        """Asks under the own seat; the hub decides whose that is."""
        while not self._pace.take():
            await asyncio.sleep(self._pace.wait())
        await self._link.ask(lambda id: say.Ask(id=id, command=command))

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back after each change that this evaluator can see."""
        last = self.view().standing

        def compare() -> None:
            nonlocal last
            now = self.view().standing
            if now is not last:
                last = now
                changed()

        return self._link.subscribe(compare)

    def kept(self, key: str) -> str:
        """A half-written text of this person."""
        return self._table.kept(key)

    def keep(self, key: str, text: str) -> None:
        """Keeps a half-written text here and at the hub."""
        self._table.keep(key, text)
