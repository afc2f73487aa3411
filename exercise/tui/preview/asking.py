"""Looking for words in a preview."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static

from exercise.language import N_, _
from exercise.tui.preview.finding import with_words
from exercise.tui.preview.pages import Page
from exercise.tui.screens.base import Dialog
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.prose import safe

__all__ = ["FindScreen"]


class FindScreen(Dialog[str]):
    """Lists the pages that hold all words; returns the one that is taken."""

    TITLE_WORDS = N_("finding words")
    HELP = N_("""
Type words or an id; every page that holds all of them is listed, those with them in the title first. **enter** goes
there.
""")
    BINDINGS = [
        Binding("down", "step(1)", "Down", show=False),
        Binding("up", "step(-1)", "Up", show=False),
    ]
    DEFAULT_CSS = """
    FindScreen > Vertical { width: 90%; max-width: 90; height: 80%; border: round $border; background: $surface;
                            padding: 0 1; }
    FindScreen #found { height: 1fr; }
    """

    def __init__(self, listed: Sequence[Page]) -> None:
        super().__init__()
        self._listed = listed

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(_("Find in this preview"), classes="heading", markup=False)
            yield Input(placeholder=_("Words, or an id"))
            yield Choices(id="found")
            yield Static(_("↑ ↓ move · enter goes there · esc goes back"), classes="quiet", markup=False)

    def on_mount(self) -> None:
        self._search("")
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._search(event.value)

    def _search(self, words: str) -> None:
        rows = self.query_one("#found", Choices)
        found = with_words(self._listed, words)
        rows.show(
            (page.id, Lines((f"{page.sign or ' '} ", safe(f"{page.when}  " if page.when else "") + safe(page.title))))
            for page in found
        )
        if rows.chosen is None and found:
            rows.action_first()

    def action_step(self, by: int) -> None:
        self.query_one("#found", Choices).step(by)

    @on(Input.Submitted)
    def _take_marked(self) -> None:
        if (chosen := self.query_one("#found", Choices).chosen) is not None:
            self.dismiss(chosen)

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)
