"""The evaluators' program: one app over one `EvaluationDesk`, or over the question whose it is to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from exercise.language import N_
from exercise.tui.app import ExerciseApp

if TYPE_CHECKING:
    from collections.abc import Callable

    from exercise.session.evaluating import EvaluationDesk
    from exercise.tui.evaluation.enrol import Enter

__all__ = ["EvaluationApp"]


class EvaluationApp(ExerciseApp):
    """Opens on the marks of a desk; without one `enter` is asked for it with the name and the delegation given."""

    TITLE = N_("Evaluation")
    CSS_PATH = "../app.tcss"

    def __init__(
        self,
        desk: EvaluationDesk | None = None,
        *,
        enter: Enter | None = None,
        here: tuple[str, ...] = (),
        theme: str = "exercise",
    ) -> None:
        super().__init__(self._opening(desk, enter, here), theme=theme)

    def _opening(
        self, desk: EvaluationDesk | None, enter: Enter | None, here: tuple[str, ...]
    ) -> Callable[[], Screen[Any]]:
        def first() -> Screen[Any]:
            from exercise.tui.evaluation.enrol import EnrolScreen
            from exercise.tui.evaluation.marks import EvaluationMarksScreen

            if desk is not None:
                return EvaluationMarksScreen(desk)
            assert enter is not None
            return EnrolScreen(enter, here)

        return first
