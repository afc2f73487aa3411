"""Where somebody sits down to evaluate: a name, and who sends them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Button, Input, Static

from exercise.core.evaluation.commands import LONGEST_NAME
from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.widgets.form import label
from exercise.tui.widgets.grades import CHIP
from exercise.tui.widgets.prose import Prose

if TYPE_CHECKING:
    from exercise.session.evaluating import EvaluationDesk

    Enter = Callable[[str, str], EvaluationDesk]
    """From a name and a delegation to the desk, or an error that says why not."""

__all__ = ["EnrolScreen"]


class EnrolScreen(ExerciseScreen[None]):
    """Asks until a seat is there; a refusal is said in words, and what was written stays."""

    TITLE_WORDS = N_("sitting down to evaluate")
    HINT = N_("Say who sends you, and press enter.")
    HELP = N_("""
Two evaluators or more look at each mark, each for a **different delegation**: a team that played, or a body such as a
university or a ministry that did not. Neither sees what the other marks before both have finished.

The **name** may be a made-up one, or left out. To go on later, give the same delegation again: all is kept.
""")
    BINDINGS = [Binding("ctrl+s", "enter", "Begin", key_display="^s", tooltip="Begin, or go on")]
    CSS = """
    EnrolScreen #enrol-head { height: 1; background: $panel; padding: 0 1; }
    EnrolScreen VerticalScroll { padding: 0 2; height: 1fr; }
    EnrolScreen .label { height: auto; margin-top: 1; }
    EnrolScreen Input { max-width: 60; }
    EnrolScreen #enrol-here { height: auto; max-width: 92; margin-top: 1; }
    """

    def __init__(self, enter: Enter, here: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._enter, self._here = enter, here

    def body(self) -> ComposeResult:
        yield Static(CHIP, id="enrol-head", markup=False)
        with VerticalScroll(can_focus=False):
            yield label(_("Who sends you?"), _("One of the teams, or a body in your own words."))
            yield Input(max_length=LONGEST_NAME, id="enrol-delegation")
            yield label(_("Your name"), _("It may be a made-up one, or stay empty."))
            yield Input(max_length=LONGEST_NAME, id="enrol-name")
            yield Static(Prose("\n".join(self._here)), id="enrol-here", markup=False)
            yield Button(_("Begin"), id="enrol-go", variant="primary")

    def on_mount(self) -> None:
        self.query_one("#enrol-delegation").focus()

    @on(Input.Submitted, "#enrol-delegation")
    def _go_on(self) -> None:
        self.query_one("#enrol-name").focus()

    @on(Input.Submitted, "#enrol-name")
    def _submitted(self) -> None:
        self.action_enter()

    @on(Button.Pressed)
    def _pressed(self) -> None:
        self.action_enter()

    def action_enter(self) -> None:
        name, delegation = (self.query_one(f"#enrol-{field}", Input).value.strip() for field in ("name", "delegation"))
        if not delegation:
            self.say(_("Say first who sends you."), wrong=True)
            self.query_one("#enrol-delegation").focus()
            return
        try:
            desk = self._enter(name, delegation)
        except ExerciseError as error:
            self.say(str(error), wrong=True)
            return
        from exercise.tui.evaluation.marks import EvaluationMarksScreen

        def left(_unused: None) -> None:
            # What a callback returns is awaited here, and a screen cannot wait for its own end.
            self.dismiss()

        self.app.push_screen(EvaluationMarksScreen(desk), left)
