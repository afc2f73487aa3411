"""Where an evaluator says why: a few lines, kept half-written when the question is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding

from exercise.language import N_, _
from exercise.tui.evaluation.few_lines import FewLines

if TYPE_CHECKING:
    from exercise.session.evaluating import EvaluationDesk

__all__ = ["ReasonScreen"]

ENOUGH = 3
"""Words that a reason has at least, as the rules want it."""


class ReasonScreen(FewLines[str]):
    """Asks for a reason; dismisses with it, or with None where it was left: what was written then waits."""

    TITLE_WORDS = N_("saying why")
    HELP = N_("""
Write in a few words **why**: what was done or not done, and what the text asks. It stands beside the mark in the
report, under your delegation's name.

**ctrl+s** keeps it. **esc** leaves it: nothing is changed, and what you wrote waits for you here.
""")
    BINDINGS = [Binding("ctrl+s", "take", "Keep", key_display="^s", priority=True, tooltip="Keep it with this reason")]

    def __init__(self, desk: EvaluationDesk, key: str, question: str, text: str = "") -> None:
        super().__init__(question, text, desk.kept(key))
        self._desk, self._key = desk, key

    def keep(self, text: str) -> None:
        self._desk.keep(self._key, text)

    async def take(self, text: str) -> str:
        if len(text.split()) < ENOUGH:
            return _("Say why, in {enough} words or more.").format(enough=ENOUGH)
        self.dismiss(text)
        return ""
