"""A team's request while somebody else of the team writes it: to be read, and not to be written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from exercise.language import N_, _
from exercise.tui.screens.lookup import LookupScreen
from exercise.tui.widgets.prose import safe

if TYPE_CHECKING:
    from exercise.tui.composing import Composer

__all__ = ["RequestPenScreen"]


class RequestPenScreen(LookupScreen):
    """Stands where the form would; `go_on` opens that once this seat has the pen."""

    TITLE_WORDS = N_("a request that another of you writes")
    HINT = N_("You read along. ctrl+t takes the pen once it is free; esc goes back.")
    HELP = N_("""
Your team writes a request together, **one hand at a time**. Somebody else of you holds the pen now: this is what
stands there so far.

**ctrl+t** takes the pen and opens the form. It works once the pen was put down, which happens when the other seat sends
the request or leaves the form; the role that leads may take it at any time. **esc** goes back.
""")
    BINDINGS = [Binding("ctrl+t", "pen", "Take the pen", key_display="^t", tooltip="Take the pen and open the form")]
    CSS = """
    RequestPenScreen #pen-line { height: auto; padding: 1 2; }
    RequestPenScreen #pen-text { height: 1fr; padding: 0 2; }
    RequestPenScreen #pen-text Static { height: auto; max-width: 110; }
    """

    def __init__(self, composer: Composer, go_on: Callable[[], None]) -> None:
        super().__init__(composer.client, live=composer.live, now=composer.now)
        self._pen, self._go_on = composer.pen, go_on

    def looked_up(self) -> ComposeResult:
        yield Static(id="pen-line", markup=False)
        with VerticalScroll(id="pen-text", can_focus=True):
            yield Static(id="pen-words", markup=False)

    def on_mount(self) -> None:
        self.follow(self._client.subscribe)
        self.look_again()
        self.query_one("#pen-text").focus()

    def look_again(self) -> None:
        draft, who = self._pen.draft, self._pen.held_by_other
        free = _("Nobody holds the pen of your team's request now. ctrl+t takes it and opens the form.")
        over = _(" You may take it over with ctrl+t.") if self._pen.may_take_over else ""
        line = (
            _("✎ {who} holds the pen of your team's request; you read along.{over}").format(who=who, over=over)
            if who
            else f"✎ {free}"
        )
        self.query_one("#pen-line", Static).update(safe(line, "bold"))
        words = draft.text if draft is not None else ""
        self.query_one("#pen-words", Static).update(safe(words or _("Nothing is written yet.")))

    async def action_pen(self) -> None:
        """Take the pen; a refusal is said where the hint stands."""
        if said := await self._pen.take():
            self.say(said, wrong=True)
            return
        self.dismiss()
        self._go_on()
