"""Supplying what was missing in a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import ValidationError
from textual import on
from textual.app import ComposeResult
from textual.widgets import TextArea

from exercise.core.requests.commands import MendRequest
from exercise.core.requests.kinds import missing_of
from exercise.language import N_, _
from exercise.tui.request_draft import MendDraft, draft_for, forget
from exercise.tui.screens.confirm import ConfirmScreen
from exercise.tui.screens.request_form import RequestForm
from exercise.tui.widgets.form import label
from exercise.tui.widgets.request_words import last_words
from exercise.tui.widgets.words import plain
from exercise.tui.widgets.writing import ManyLines, unfit

if TYPE_CHECKING:
    from exercise.core.requests.views import RequestView
    from exercise.session.client import Client

__all__ = ["MendScreen"]


class MendScreen(RequestForm):
    """Asks only for the elements that are missing or whose absence was named, with the reason for each."""

    TITLE_WORDS = N_("mending a request")
    GO_WORDS = N_("Send what was missing …")
    HINT = N_("Write what was missing; tab goes to the next field. ctrl+s sends it.")
    HELP = N_("""
These are the parts of your request that were missing, or that the other side asked for. What you write is added to the
request, and the other side has its time again from then on. You can leave a field empty: its gap stays.

Before anything is sent you see what goes, and what is still missing.
""")

    def __init__(self, client: Client, request: RequestView, *, live: bool, now: Callable[[], float]) -> None:
        super().__init__(client, live=live, now=now)
        self._request = request

    @property
    def _kept_as(self) -> str:
        return f"mend:{self._request.number}"

    @property
    def draft(self) -> MendDraft:
        """What has been written so far."""
        return draft_for(self.program, self._view.team, self._kept_as, MendDraft)

    def fields(self) -> ComposeResult:
        request = self._request
        elements = request.form.elements if request.form is not None else ()
        asks = {element.id: (element.ask, element.why) for element in elements}
        if said := last_words(request):
            yield label(_("What they say"), said)
        for id, name, words, _unused in request.content:
            if id not in request.missing and id not in request.named:
                continue
            ask, why = asks.get(id, (name, ""))
            mark = f"{name} · {_('asked for by the other side') if id in request.named else _('missing')}"
            yield label(ask, why, mark=mark)
            yield ManyLines(self.draft.content.get(id, words), id=f"element-{id}", classes="few")

    def begin(self) -> None:
        for area in list(self.query(TextArea))[:1]:
            self.start_at(area)

    def fill(self) -> None:
        self.head(f"{self._request.kind_name}  →  {self._request.other}", self._request.matter)

    @on(TextArea.Changed)
    def _written(self, event: TextArea.Changed) -> None:
        element, text = self.text_of(event)
        self.draft.content[element] = text

    def clause_meant(self) -> str | None:
        return self._request.basis[0] if self._request.basis else None

    def action_go(self) -> None:
        if (command := self._command()) is None:
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.run_worker(self._send(), exclusive=True)

        question = _("Send what was missing?")
        self.app.push_screen(
            ConfirmScreen(question, self._summary(command), yes=_("Send it"), no=_("Go back")), answered
        )

    def _summary(self, command: MendRequest) -> str:
        """What is added, and what is missing all the same."""
        request, added = self._request, command.content
        parts = []
        for id, name, *_rest in request.content:
            if words := plain(added.get(id, "")):
                parts.append(f"**{plain(name)}**\n\n> {words[:300]}{'…' if len(words) > 300 else ''}")
        whole = {id: added.get(id, words) for id, _name, words, *_rest in request.content}
        gaps = missing_of(request.form.elements, whole) if request.form is not None else ()
        if gaps:
            names = "; ".join(plain(name) for id, name, *_rest in request.content if id in gaps)
            missing = _("**✕ Missing: {names}.** It can be sent so; the other side will see the gap.")
            parts.append(missing.format(names=names))
        return "\n\n".join([*parts, _("This cannot be taken back.")])

    def _command(self) -> MendRequest | None:
        """What would be sent; None where nothing was added or it does not fit, which is said."""
        request = self._request
        before = {id: words for id, _name, words, *_rest in request.content}
        content = {id: text for id, text in self.draft.content.items() if text.strip() and text != before.get(id)}
        if not content:
            self.say(_("Nothing has been added yet."), wrong=True)
            return None
        try:
            return MendRequest(
                seat=self._client.seat,
                play=self._client.view().clock.play,
                request=request.number,
                revision=request.revision,
                content=content,
            )
        except ValidationError as error:
            self.say(unfit(error), wrong=True)
            return None

    async def _send(self) -> None:
        command = self._command()
        if command is not None and await self.ask(command):
            forget(self.program, self._view.team, self._kept_as)
            self.dismiss(_("Sent. The other side has it before it again."))
