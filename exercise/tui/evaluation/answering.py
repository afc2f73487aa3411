"""Where a team says what it has to say to a mark on its conduct, which then stands beside the mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from exercise.core.evaluation.commands import AnswerMark
from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.tui.screens.base import Dialog
from exercise.tui.widgets.prose import Prose, safe
from exercise.tui.widgets.writing import ManyLines

if TYPE_CHECKING:
    from exercise.core.marks import Mark
    from exercise.session.client import Client

__all__ = ["AnswerMarkScreen"]

LONGEST = 4_000
_HINT = N_("ctrl+s: keep it · esc: leave it, what you wrote waits")
_TEXT = N_("It stands beside the mark, in the log and in the report. An empty answer takes an earlier one back.")


class AnswerMarkScreen(Dialog[bool]):
    """A few lines of the team's; dismisses with whether they were taken. What was begun waits for the next time."""

    TITLE_WORDS = N_("answering a mark")
    HELP = N_("""
Here your team says what it has to say to this mark: what you knew, what you could not do, or why you see it otherwise.
Evaluators read it once they have judged; it stands in the report beside the mark.

**ctrl+s** keeps it. **esc** leaves it, and what you wrote waits for you here.
""")
    BINDINGS = [Binding("ctrl+s", "take", "Keep", key_display="^s", priority=True, tooltip="Keep the answer")]
    DEFAULT_CSS = """
    AnswerMarkScreen .dialog { width: 76; }
    AnswerMarkScreen TextArea { height: 7; margin-top: 1; }
    AnswerMarkScreen #answer-said { height: auto; }
    AnswerMarkScreen #answer-said.-wrong { color: $text-error; text-style: bold; }
    """

    def __init__(self, client: Client, mark: Mark, words: dict[tuple[str, str, str], str]) -> None:
        super().__init__()
        self._client, self._mark, self._words = client, mark, words
        self._key = ("mark", client.seat, mark.id)

    def compose(self) -> ComposeResult:
        before = dict(self._client.view().answered).get(self._mark.id, "")
        with Vertical(classes="dialog"):
            yield Static(safe(_("What does your team say to this mark?")), classes="heading", markup=False)
            yield Static(Prose(_(_TEXT)), markup=False)
            yield ManyLines(self._words.get(self._key, before), id="answer-words")
            yield Static(_(_HINT), classes="quiet", markup=False, id="answer-said")

    def on_mount(self) -> None:
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        area.focus()

    @on(TextArea.Changed)
    def _written(self, event: TextArea.Changed) -> None:
        self._words[self._key] = event.text_area.text
        self._tell(_(_HINT))

    async def action_take(self) -> None:
        text = self.query_one(TextArea).text.strip()
        if len(text) > LONGEST:
            self._tell(
                _("✕ That is {count:,} characters; at most {longest:,} are kept.").format(
                    count=len(text), longest=LONGEST
                ),
                wrong=True,
            )
            return
        try:
            await self._client.submit(AnswerMark(seat=self._client.seat, mark=self._mark.id, text=text))
        except ExerciseError as error:
            self._tell(f"✕ {error}", wrong=True)
            return
        self._words.pop(self._key, None)
        self.dismiss(True)

    def _tell(self, text: str, *, wrong: bool = False) -> None:
        said = self.query_one("#answer-said", Static)
        said.set_class(wrong, "-wrong")
        said.update(safe(text))
