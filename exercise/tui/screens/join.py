"""Coming in: the code, a name, and what is recorded here, said before anybody joins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Static

from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.widgets.banner import exercise_mark
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import safe

if TYPE_CHECKING:
    from exercise.session.client import Table

__all__ = ["JoinScreen"]

_LONGEST_CODE, _LONGEST_NAME = 40, 60


class JoinScreen(ExerciseScreen[None]):
    """Asks until a door opens; a refusal is said in words, and what was written stays."""

    TITLE_WORDS = N_("joining an exercise")
    HINT = N_("Write your code, tab to the name, and press enter to join.")
    HELP = N_("""
Write the **code** you were given: it stands on your ticket or on the screen at the front. It says which team or seat
is yours. Small and capital letters are the same, and dashes may be left out.

The **name** is what your team and exercise control see. It need not be your own. Use the same code **and the same
name** to come back later, from this machine or another one: you find everything as you left it.
""")
    BINDINGS = [Binding("ctrl+s", "join", "Join", tooltip="Join with this code and name")]
    CSS = """
    JoinScreen #join-head { height: 1; }
    JoinScreen VerticalScroll { padding: 0 2; height: 1fr; }
    JoinScreen .heading { margin: 1 0; }
    JoinScreen .label { height: auto; }
    JoinScreen Input { max-width: 60; }
    JoinScreen #notice { height: auto; max-width: 92; margin-top: 1; color: $foreground 75%; }
    JoinScreen.-wide Button { margin-top: 1; }
    """

    def __init__(
        self,
        join: Callable[[str, str], Awaitable[Table]],
        notice: str,
        *,
        code: str = "",
        name: str = "",
        address: str = "",
    ) -> None:
        super().__init__()
        self._join, self._notice, self._address = join, notice, address
        self._code, self._called = code, name
        self._busy = False

    def body(self) -> ComposeResult:
        yield Static(id="join-head", markup=False)
        with VerticalScroll(can_focus=False):
            where = _(" at {address}").format(address=self._address) if self._address else ""
            yield Static(safe(_("Join the exercise{where}").format(where=where)), classes="heading", markup=False)
            yield Static(_label(_("Code"), _("from your ticket")), classes="label", markup=False)
            yield Input(self._code, placeholder=_("such as kqrt-49wx"), max_length=_LONGEST_CODE, id="code")
            yield Static(_label(_("Name"), _("a made-up one will do")), classes="label", markup=False)
            yield Input(self._called, placeholder=_("how others see you"), max_length=_LONGEST_NAME, id="name")
            yield Static(safe(_(self._notice)), id="notice", markup=False)
            yield Button(_("Join"), id="join", variant="primary")

    def on_mount(self) -> None:
        mark = exercise_mark()
        self.query_one("#join-head", Static).update(Line(mark, Content("")))
        self.query_one("#name" if self._code else "#code").focus()

    @on(Input.Submitted, "#code")
    def _go_on(self) -> None:
        self.query_one("#name").focus()

    @on(Input.Submitted, "#name")
    async def _submitted(self) -> None:
        self.action_join()

    @on(Button.Pressed)
    def _pressed(self) -> None:
        self.action_join()

    def action_join(self) -> None:
        """Knock at the door; meanwhile the screen can still be left."""
        code, name = (self.query_one(f"#{field}", Input).value.strip() for field in ("code", "name"))
        if self._busy:
            return
        if not code:
            self.say(_("Write the code first; it stands on your ticket."), wrong=True)
            self.query_one("#code").focus()
            return
        self._busy = True
        self.say(_("Joining …"))
        self.run_worker(self._knock(code, name), exclusive=True)

    async def _knock(self, code: str, name: str) -> None:
        try:
            table = await self._join(code, name)
        except ExerciseError as closed:
            if not self.is_attached:
                return
            self.say(str(closed), wrong=True)
            self.query_one("#code").focus()
        else:
            self.say("")
            self.program.open_table(table)
        finally:
            self._busy = False

    def action_back(self) -> None:
        self.dismiss()


def _label(question: str, explained: str) -> Content:
    return safe(question, "bold $primary") + safe(f"  {explained}", "$foreground 65%")
