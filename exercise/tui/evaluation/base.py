"""What the evaluators' screens share: a desk, a page that follows it, and a line that asks and says what came of it."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, TypeVar

from exercise.errors import ExerciseError
from exercise.tui.screens.base import ExerciseScreen

if TYPE_CHECKING:
    from exercise.core.evaluation.views import EvaluationView
    from exercise.session.evaluating import EvaluationDesk

__all__ = ["EvaluationScreen"]

Result = TypeVar("Result")


class EvaluationScreen(ExerciseScreen[Result]):
    """Shows what one evaluator may see, and goes with it when it changes."""

    def __init__(self, desk: EvaluationDesk) -> None:
        super().__init__()
        self.desk = desk

    @property
    def view(self) -> EvaluationView:
        """What this evaluator may see now."""
        return self.desk.view()

    def refresh_page(self) -> None:
        """Shows what is so now."""

    def on_mount(self) -> None:
        self.follow(self.desk.subscribe)
        self.refresh_page()
        self.say("")

    def on_screen_resume(self) -> None:
        if self.is_mounted:
            self._show()

    def look_again(self) -> None:
        if self.is_current:
            self._show()

    def _show(self) -> None:
        self.refresh_page()
        self.refresh_bindings()
        self.refresh_hint()

    async def asked(self, asking: Awaitable[None], done: str) -> bool:
        """Waits for what was asked; a refusal, or what came of it, is said where the hint stands."""
        try:
            await asking
        except ExerciseError as error:
            self.say(str(error), wrong=True)
            return False
        self._show()
        # After the change itself has been shown, so that the line stays.
        self.call_later(self.say, done)
        return True
