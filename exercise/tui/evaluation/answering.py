"""Where a team says what it has to say to a mark on its conduct, which then stands beside the mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding

from exercise.core.evaluation.commands import AnswerMark
from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.tui.evaluation.few_lines import FewLines

if TYPE_CHECKING:
    from exercise.core.marks import Mark
    from exercise.session.client import Client

__all__ = ["AnswerMarkScreen"]


class AnswerMarkScreen(FewLines[bool]):
    """A few lines of the team's; dismisses with whether they were taken. What was begun waits for the next time."""

    TITLE_WORDS = N_("answering a mark")
    HELP = N_("""
Here your team says what it has to say to this mark: what you knew, what you could not do, or why you see it otherwise.
Evaluators read it once they have judged; it stands in the report beside the mark.

**ctrl+s** keeps it. **esc** leaves it, and what you wrote waits for you here.
""")
    BINDINGS = [Binding("ctrl+s", "take", "Keep", key_display="^s", priority=True, tooltip="Keep the answer")]

    def __init__(self, client: Client, mark: Mark, words: dict[tuple[str, str, str], str]) -> None:
        self._client, self._mark, self._words = client, mark, words
        self._key = ("mark", client.seat, mark.id)
        before = dict(client.view().answered).get(mark.id, "")
        super().__init__(
            _("What does your team say to this mark?"),
            _("It stands beside the mark, in the log and in the report. An empty answer takes an earlier one back."),
            words.get(self._key, before),
        )

    def keep(self, text: str) -> None:
        self._words[self._key] = text

    async def take(self, text: str) -> str:
        try:
            await self._client.submit(AnswerMark(seat=self._client.seat, mark=self._mark.id, text=text))
        except ExerciseError as error:
            return str(error)
        self._words.pop(self._key, None)
        self.dismiss(True)
        return ""
