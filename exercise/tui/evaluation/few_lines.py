"""A question that is answered in a few lines of one's own, which wait half-written when it is left."""

from __future__ import annotations

from typing import TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from exercise.language import N_, _
from exercise.tui.screens.base import Dialog
from exercise.tui.widgets.prose import Prose, safe
from exercise.tui.widgets.writing import ManyLines

__all__ = ["FewLines"]

LONGEST = 4_000
_HINT = N_("ctrl+s: keep it · esc: leave it, what you wrote waits")

Result = TypeVar("Result")


class FewLines(Dialog[Result]):
    """The question, what is good to know of it, and a field; `keep` and `take` say what becomes of the words."""

    DEFAULT_CSS = """
    FewLines .dialog { width: 76; }
    FewLines TextArea { height: 7; margin-top: 1; }
    FewLines #few-said { height: auto; }
    FewLines #few-said.-wrong { color: $text-error; text-style: bold; }
    """

    def __init__(self, question: str, text: str, before: str) -> None:
        super().__init__()
        self._question, self._text, self._before = question, text, before

    def keep(self, text: str) -> None:
        """Keep what is half-written, at each key."""

    async def take(self, text: str) -> str:
        """Take the words, or say in what they fall short."""
        return ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(safe(self._question), classes="heading", markup=False)
            if self._text:
                yield Static(Prose(self._text), markup=False)
            yield ManyLines(self._before, id="few-words")
            yield Static(_(_HINT), classes="quiet", markup=False, id="few-said")

    def on_mount(self) -> None:
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        area.focus()

    @on(TextArea.Changed)
    def _written(self, event: TextArea.Changed) -> None:
        self.keep(event.text_area.text)
        self._tell(_(_HINT))

    async def action_take(self) -> None:
        text = self.query_one(TextArea).text.strip()
        if len(text) > LONGEST:
            short = _("That is {count:,} characters; at most {longest:,} are kept.")
            wrong = short.format(count=len(text), longest=LONGEST)
        else:
            wrong = await self.take(text)
        if wrong:
            self._tell(f"✕ {wrong}", wrong=True)

    def _tell(self, text: str, *, wrong: bool = False) -> None:
        said = self.query_one("#few-said", Static)
        said.set_class(wrong, "-wrong")
        said.update(safe(text))
