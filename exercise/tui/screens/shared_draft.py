"""The shared draft of a reason, for those of a team who do not write the answer up themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from exercise.language import N_, _
from exercise.tui.screens.lookup import LookupScreen
from exercise.tui.widgets.shared_draft import SharedDraft

if TYPE_CHECKING:
    from exercise.session.client import Client

__all__ = ["SharedDraftScreen"]


class SharedDraftScreen(LookupScreen):
    """One text under the banner; who holds the pen writes, the others read along."""

    TITLE_WORDS = N_("the shared draft")
    HINT = N_("ctrl+t takes the pen or puts it down; what is written is kept. esc goes back.")
    HELP = N_("""
Your team writes this text together, **one hand at a time**: whoever holds the pen writes, the others read along.
**ctrl+t** takes the pen, and puts it down again. The role that leads may take it from another's hand.

What is written is kept when you pause or go back. It stands as the reason of your team's answer, whoever gives that.
""")
    BINDINGS = [
        Binding("ctrl+t", "pen", "Pen", key_display="^t", tooltip="Take the pen of the shared draft, or put it down")
    ]
    CSS = """
    SharedDraftScreen SharedDraft { padding: 0 2; height: 1fr; }
    SharedDraftScreen SharedDraft TextArea { height: 1fr; }
    """

    def __init__(
        self, client: Client, subject: str, title: str, *, live: bool = False, now: Callable[[], float] | None = None
    ) -> None:
        super().__init__(client, live=live, **({"now": now} if now is not None else {}))
        self._subject, self._words = subject, title

    def looked_up(self) -> ComposeResult:
        yield SharedDraft(self._client, self._subject, self._words, _("Written together"))

    def on_mount(self) -> None:
        self.query_one("#shared-text").focus()

    async def action_pen(self) -> None:
        await self.query_one(SharedDraft).pass_pen()

    @on(SharedDraft.Refused)
    def _refused(self, event: SharedDraft.Refused) -> None:
        self.say(event.text, wrong=True)

    @on(SharedDraft.Passed)
    def _passed(self) -> None:
        self.say("")
