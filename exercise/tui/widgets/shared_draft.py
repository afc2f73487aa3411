"""A text that the seats of a team write together, one hand at a time: who holds the pen, and the text as it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Button, Static, TextArea

from exercise.core.teamwork.commands import PutDownPen, TakePen, WriteDraft
from exercise.core.text import clean_text
from exercise.errors import ExerciseError
from exercise.language import _
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.vote_words import shared
from exercise.tui.widgets.writing import ManyLines

if TYPE_CHECKING:
    from exercise.core.teamwork.views import DraftView
    from exercise.core.views import ParticipantView
    from exercise.session.client import Client

__all__ = ["SharedDraft", "draft_of", "may_take_over", "shared"]

PAUSE = 2.0
"""Seconds without a key after which what was written is kept for all."""


def draft_of(view: ParticipantView, subject: str) -> DraftView | None:
    """The team's draft on a subject, a decision's id or `request`, once somebody took its pen."""
    return next((draft for draft in view.drafts if draft.subject == subject), None)


def may_take_over(view: ParticipantView) -> bool:
    """Whether this seat may take the pen from another's hand."""
    return any(seat.leads and seat.seat == view.seat for seat in view.seats)


class SharedDraft(Vertical):
    """Writes for all while this seat holds the pen, and is to be read else; use it only where a team is `shared`."""

    DEFAULT_CSS = """
    SharedDraft { height: auto; }
    SharedDraft .label { margin-top: 1; height: auto; }
    SharedDraft #shared-pen { height: auto; }
    SharedDraft #shared-text { height: 6; max-width: 110; }
    """

    class Refused(Message):
        """Something could not be done; the screen says it where its hint stands."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Passed(Message):
        """The pen was taken or put down; what was said before no longer holds."""

    class _Changed(Message):
        """The view has changed; posted, for the session calls back from anywhere."""

    def __init__(self, client: Client, subject: str, question: str, explained: str = "") -> None:
        super().__init__(id="shared")
        self._client, self._subject = client, subject
        self._question, self._explained = question, explained
        self._kept = self._text = ""
        self._mine = False
        self._resting: Timer | None = None
        self._stop: Callable[[], None] = lambda: None

    def compose(self) -> ComposeResult:
        words = safe(self._question, "bold $primary")
        more = safe(f"  {self._explained}", "$foreground 65%") if self._explained else Content("")
        yield Static(words + more, classes="label", markup=False)
        yield Static(id="shared-pen", markup=False)
        yield ManyLines(id="shared-text", read_only=True)
        yield Button(_("Take the pen"), id="shared-button", compact=True)

    def on_mount(self) -> None:
        self._stop = self._client.subscribe(self._tell_changed)
        self._show()

    async def on_unmount(self) -> None:
        self._stop()
        await self.keep()
        draft = draft_of(self._client.view(), self._subject)
        if draft is not None and draft.mine:
            # Whoever has gone writes no more, and at one keyboard could not even be asked for the pen.
            await self._ask(lambda: PutDownPen(**self._about))

    def _tell_changed(self) -> None:
        self.post_message(self._Changed())

    @on(_Changed)
    def _changed(self, event: _Changed) -> None:
        event.stop()
        if self.is_attached:
            self._show()

    def _show(self) -> None:
        view = self._client.view()
        draft, area = draft_of(view, self._subject), self.query_one(TextArea)
        mine = draft is not None and draft.mine
        if not mine or not self._mine:
            # Nothing here is newer than what stands in the session: this hand has not written since it had the pen.
            text = clean_text(draft.text) if draft is not None else ""
            if area.text != text:
                area.text = text
            self._kept = self._text = text
        if mine and not self._mine:
            area.move_cursor(area.document.end)
        self._mine = mine
        area.read_only = not mine
        button = self.query_one(Button)
        if mine:
            said = _("✎ You hold the pen: your team reads what you write. ctrl+t puts it down.")
            button.label = _("Put the pen down")
        elif draft is not None and draft.holder:
            over = _(" ctrl+t takes it over.") if may_take_over(view) else ""
            said = _("✎ {who} holds the pen; you read along.{over}").format(who=draft.who, over=over)
            button.label = _("Take the pen over")
        else:
            said = _("✎ Nobody holds the pen. ctrl+t takes it, to write for all of your team.")
            button.label = _("Take the pen")
        # A pen that cannot be taken is not offered.
        button.display = mine or draft is None or not draft.holder or may_take_over(view)
        self.query_one("#shared-pen", Static).update(safe(said, "bold" if mine else "$foreground 65%"))

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self._resting is not None:
            self._resting.stop()
        if self._mine:
            self._text = event.text_area.text
            self._resting = self.set_timer(PAUSE, self.keep)

    async def on_descendant_blur(self) -> None:
        """Whoever leaves the field has said something: it is kept."""
        await self.keep()

    async def keep(self) -> None:
        """Keep what was written for all to see; to be called before the draft is used."""
        if self._mine and self._text != self._kept:
            self._kept = self._text
            await self._ask(lambda: WriteDraft(**self._about, text=self._kept))

    @on(Button.Pressed)
    async def _press(self, event: Button.Pressed) -> None:
        event.stop()
        await self.pass_pen()

    async def pass_pen(self) -> None:
        """Take the pen, or put it down where this seat holds it."""
        if self._mine:
            await self.keep()
            done = await self._ask(lambda: PutDownPen(**self._about))
        else:
            done = await self._ask(lambda: TakePen(**self._about))
        self._show()
        if done:
            self.post_message(self.Passed())
        if self._mine:
            self.query_one(TextArea).focus()

    @property
    def _about(self) -> dict[str, Any]:
        return {"seat": self._client.seat, "play": self._client.view().clock.play, "subject": self._subject}

    async def _ask(self, command: Callable[[], TakePen | WriteDraft | PutDownPen]) -> bool:
        try:
            await self._client.submit(command())
        except ExerciseError as error:
            self.post_message(self.Refused(str(error)))
            return False
        except ValidationError:
            self.post_message(self.Refused(_("The text is too long to be kept; make it shorter.")))
            return False
        return True
