"""The console as a program: one app over one `Control`; leaving it leaves the exercise running."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding

from exercise.language import N_, _
from exercise.tui.app import ExerciseApp
from exercise.tui.console.main import MainScreen

if TYPE_CHECKING:
    from exercise.session.control import Control

__all__ = ["ConsoleApp"]


class ConsoleApp(ExerciseApp):
    """The facilitator's console, with the themes and the menu of the participants' program."""

    TITLE = N_("Exercise control")
    CSS_PATH = "../app.tcss"
    BINDINGS = [Binding("ctrl+b", "curtain", "Curtain", key_display="^b", priority=True)]

    def __init__(self, control: Control, *, theme: str = "exercise") -> None:
        super().__init__(lambda: MainScreen(control), theme=theme)
        self.control = control

    def action_curtain(self) -> None:
        """From anywhere, also over a form: something real does not wait until a page is closed."""
        from exercise.tui.console.curtain import CurtainScreen

        if not isinstance(self.screen, CurtainScreen):
            self.push_screen(CurtainScreen(self.control))

    async def action_quit(self) -> None:
        """Asks first, since a slip of the hand should not leave the room without its facilitator."""
        from exercise.tui.screens.confirm import ConfirmScreen

        if isinstance(self.screen, ConfirmScreen):
            return
        question = ConfirmScreen(
            _("Leave the console?"),
            _(
                "The exercise goes on without you, and its clock runs on if it is running. You can open the "
                "console again."
            ),
            yes=_("Leave"),
            no=_("Stay"),
        )
        self.push_screen(question, lambda yes: self.exit() if yes else None)
