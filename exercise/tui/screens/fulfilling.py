"""Carrying out what was accepted: what is done, what is handed over, and under which conditions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import ValidationError
from textual import on
from textual.app import ComposeResult
from textual.widgets import OptionList, TextArea

from exercise.core.requests.commands import FulfilRequest
from exercise.language import N_, _
from exercise.tui.request_draft import FulfilDraft, draft_for, forget
from exercise.tui.screens.against import ask_first
from exercise.tui.screens.request_form import RequestForm
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.form import HandlingFields, label
from exercise.tui.widgets.request_words import strain
from exercise.tui.widgets.writing import ManyLines, unfit

if TYPE_CHECKING:
    from exercise.core.requests.views import RequestView
    from exercise.session.client import Client

__all__ = ["FulfilScreen"]


class FulfilScreen(RequestForm):
    """What belongs to the matter goes by itself; beyond it the team chooses what it adds, with the same warning."""

    TITLE_WORDS = N_("carrying out a request")
    GO_WORDS = N_("Carry it out")
    HINT = N_("Say what you hand over; tab goes to the next field. ctrl+s carries it out.")
    HELP = N_("""
This is where you do what you accepted. What was asked for, and is yours to give, goes over by itself. You can say
something with it, enclose more of what you hold, and set conditions on it.

If you enclose what you hold under conditions that forbid it, you are told first.
""")

    def __init__(self, client: Client, request: RequestView, *, live: bool, now: Callable[[], float]) -> None:
        super().__init__(client, live=live, now=now)
        self._request = request

    @property
    def _kept_as(self) -> str:
        return f"fulfil:{self._request.number}"

    @property
    def draft(self) -> FulfilDraft:
        """What has been chosen and written so far."""
        return draft_for(self.program, self._view.team, self._kept_as, FulfilDraft)

    def fields(self) -> ComposeResult:
        yield label(_("What do you do, and what do you hand over?"), _("A sentence for the other side."))
        yield ManyLines(self.draft.text, id="say-text", classes="few")
        explained = _("With the conditions under which you hold it. Nothing goes along unless you tick it.")
        if self._request.matter_id and self._request.shape == "asks":
            # What belongs to the matter is handed over by the rules.
            explained = _("What was asked for, and is yours to give, goes in any case; of the rest what you tick.")
        if titles := "; ".join(piece.title for piece in self._view.evidence if piece.id in self._request.goes):
            explained = _("Goes in any case: {titles}. Of the rest goes what you tick.").format(titles=titles)
        yield label(_("What do you enclose beyond what was asked for?"), explained)
        yield Choices(id="evidence", classes="fit", one_click=True)
        if self._request.shape == "asks":
            yield HandlingFields(
                self.draft.handling, _("How far may it go?"), _("Beyond the conditions that you have set already.")
            )

    def begin(self) -> None:
        self.start_at(self.query_one("#say-text"))

    def fill(self) -> None:
        self.head(f"{self._request.kind_name}  ←  {self._request.other}", self._request.matter)
        self.fill_evidence(self.draft.encloses, self._request.goes)

    @on(TextArea.Changed, "#say-text")
    def _written(self, event: TextArea.Changed) -> None:
        self.draft.text = event.text_area.text

    @on(OptionList.OptionSelected, "#evidence")
    def _enclose(self, event: OptionList.OptionSelected) -> None:
        draft, request = self.draft, self._request
        piece = next((piece for piece in self._view.evidence if piece.id == event.option_id), None)
        if piece is None:
            return
        if piece.id in draft.encloses:
            draft.encloses.remove(piece.id)
            self.fill()
            return

        def enclose() -> None:
            draft.confirmed.add(piece.id)
            draft.encloses.append(piece.id)
            self.fill()

        against = strain(piece, request.form, request.other, request.channel_id, self._view.team_short)
        if not against or piece.id in draft.confirmed:
            enclose()
            return
        to = f"{request.other} ({request.channel})"
        ask_first(self, self._client, piece, to, enclose, sure=against == "breaks", live=self._live)

    def action_go(self) -> None:
        self.run_worker(self._send(), exclusive=True)

    async def _send(self) -> None:
        draft, request = self.draft, self._request
        try:
            command = FulfilRequest(
                seat=self._client.seat,
                play=self._client.view().clock.play,
                request=request.number,
                revision=request.revision,
                text=draft.text,
                encloses=tuple(id for id in draft.encloses if id not in request.goes),
                handling=draft.handling.stated,
            )
        except ValidationError as error:
            self.say(unfit(error), wrong=True)
            return
        if await self.ask(command):
            forget(self.program, self._view.team, self._kept_as)
            self.dismiss(_("Done. The other side has it."))
