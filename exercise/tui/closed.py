"""What is shown once the doors of an exercise that had ended are closed: all is kept, and nothing is wrong."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static

from exercise.language import N_, _
from exercise.session.closed import CLOSED
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.widgets.banner import exercise_mark
from exercise.tui.widgets.prose import Prose

__all__ = ["ClosedScreen"]


class ClosedScreen(ExerciseScreen[None]):
    """The end of the console: there is nothing more to pace, and nothing to go back to."""

    TITLE_WORDS = N_("the exercise is closed")
    HINT = N_("esc closes the console.")
    HELP = N_("The doors are closed and everybody has been sent out. **esc** or **ctrl+q** closes the console.")
    CSS = """
    ClosedScreen #closed-mark { height: 1; }
    ClosedScreen #closed-words { height: 1fr; padding: 1 2; }
    """

    def body(self) -> ComposeResult:
        yield Static(exercise_mark(), id="closed-mark", markup=False)
        told = _("Everybody has been sent out. The exercise can be looked back at, reported on, and hosted again.")
        yield Static(Prose(f"# {_(CLOSED)}\n\n{told}"), id="closed-words", markup=False)

    def action_back(self) -> None:
        self.app.exit()
