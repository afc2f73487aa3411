"""Where an evaluator says why: a few lines, kept half-written when the question is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from exercise.language import N_, _
from exercise.tui.screens.base import Dialog
from exercise.tui.widgets.prose import Prose, safe
from exercise.tui.widgets.writing import ManyLines

if TYPE_CHECKING:
    from exercise.session.evaluating import EvaluationDesk

__all__ = ["ReasonScreen"]

LONGEST = 4_000
ENOUGH = 3
"""Words that a reason has at least, as the rules want it."""


class ReasonScreen(Dialog[str]):
    """Asks for a reason; dismisses with it, or with None where it was left: what was written then waits."""

    TITLE_WORDS = N_("saying why")
    HELP = N_("""
Write in a few words **why**: what was done or not done, and what the text asks. It stands beside the mark in the
report, under your delegation's name.

**ctrl+s** keeps it. **esc** leaves it: nothing is changed, and what you wrote waits for you here.
""")
    BINDINGS = [Binding("ctrl+s", "take", "Keep", key_display="^s", priority=True, tooltip="Keep it with this reason")]
    DEFAULT_CSS = """
    ReasonScreen .dialog { width: 76; }
    ReasonScreen TextArea { height: 7; margin-top: 1; }
    ReasonScreen #reason-said { height: auto; }
    ReasonScreen #reason-said.-wrong { color: $text-error; text-style: bold; }
    """

    def __init__(
        self, desk: EvaluationDesk, key: str, question: str, text: str = "", *, may_be_empty: bool = False
    ) -> None:
        super().__init__()
        self._desk, self._key, self._question, self._text = desk, key, question, text
        self._may_be_empty = may_be_empty

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(safe(self._question), classes="heading", markup=False)
            if self._text:
                yield Static(Prose(self._text), markup=False)
            yield ManyLines(self._desk.kept(self._key), id="reason-words")
            yield Static(_(_HINT), classes="quiet", markup=False, id="reason-said")

    def on_mount(self) -> None:
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        area.focus()

    @on(TextArea.Changed)
    def _written(self, event: TextArea.Changed) -> None:
        self._desk.keep(self._key, event.text_area.text)
        self._tell(_(_HINT))

    def action_take(self) -> None:
        text = self.query_one(TextArea).text.strip()
        if len(text) > LONGEST:
            self._tell(
                _("That is {count:,} characters; at most {longest:,} are kept.").format(
                    count=len(text), longest=LONGEST
                ),
                wrong=True,
            )
        elif len(text.split()) < ENOUGH and not (self._may_be_empty and not text):
            self._tell(_("✕ Say why, in {enough} words or more.").format(enough=ENOUGH), wrong=True)
        else:
            self.dismiss(text)

    def _tell(self, text: str, *, wrong: bool = False) -> None:
        said = self.query_one("#reason-said", Static)
        said.set_class(wrong, "-wrong")
        said.update(safe(text))


_HINT = N_("ctrl+s: keep it · esc: leave it, what you wrote waits")
