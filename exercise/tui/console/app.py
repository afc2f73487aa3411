"""The console as a program: one app over one `Control`; leaving it leaves the exercise running."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from textual.binding import Binding

from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.session.closed import is_closed
from exercise.tui.app import ExerciseApp
from exercise.tui.closed import ClosedScreen
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
        self._shut = False
        """Whether the exercise was closed after ENDEX, so that nothing is left to control."""

    def on_mount(self) -> None:
        # The app ends with its link, so that this is never stopped.
        self.control.subscribe(self._tell_changed)

    def _tell_changed(self) -> None:
        # The hub calls from anywhere; the app looks in its own task.
        if self.is_running:
            self.call_later(self._look)

    def _look(self) -> None:
        if not self._shut and is_closed(self.control.trouble, ended=self._ended):
            self._shut = True
            self.run_worker(self._let_go())
            self.push_screen(ClosedScreen())

    async def _let_go(self) -> None:
        """Ends the link, which would go on trying to come back."""
        leave = getattr(self.control, "leave", None)
        if leave is not None:
            with suppress(ExerciseError, OSError):
                await leave()

    @property
    def _ended(self) -> bool:
        return self.control.view().clock.phase == "ended"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "curtain" and self._shut:
            return False
        return super().check_action(action, parameters)

    def action_curtain(self) -> None:
        """From anywhere, also over a form: something real does not wait until a page is closed."""
        from exercise.tui.console.curtain import CurtainScreen

        if not isinstance(self.screen, CurtainScreen):
            self.push_screen(CurtainScreen(self.control))

    async def action_quit(self) -> None:
        """Asks first, since a slip of the hand should not leave the room without its facilitator."""
        from exercise.tui.screens.confirm import ConfirmScreen

        if self._shut:
            self.exit()
            return
        if isinstance(self.screen, ConfirmScreen):
            return
        running = _(
            "The exercise goes on without you, and its clock runs on if it is running. You can open the console again."
        )
        ended = _("The exercise has ended; the doors stay open. You can open the console again.")
        question = ConfirmScreen(
            _("Leave the console?"),
            ended if self._ended else running,
            yes=_("Leave"),
            no=_("Stay"),
        )
        self.push_screen(question, lambda yes: self.exit() if yes else None)
