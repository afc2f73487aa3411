"""Choosing one thing of a list, over a console screen."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.visual import Visual
from textual.widgets import OptionList, Static

from exercise.language import N_, _
from exercise.tui.screens.base import Dialog
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.prose import Prose, safe

__all__ = ["PickScreen"]


class PickScreen(Dialog[str]):
    """Ends with the id of the row that was taken; rows whose id begins with `#` are headings."""

    TITLE_WORDS = N_("choosing one")
    HELP = N_("Mark one with **↑** and **↓** and take it with **enter**. **esc** leaves all as it was.")
    DEFAULT_CSS = """
    PickScreen > Vertical { width: 72; max-width: 96%; height: auto; max-height: 94%; border: round $border;
                            background: $surface; padding: 0 1; }
    PickScreen Choices { height: auto; max-height: 16; margin-top: 1; }
    PickScreen #pick-foot { margin-top: 1; }
    """

    def __init__(self, question: str, rows: Sequence[tuple[str, Content | Visual]], text: str = "") -> None:
        super().__init__()
        self._question, self._rows, self._text = question, rows, text

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(safe(self._question), classes="heading", markup=False)
            if self._text:
                yield Static(Prose(self._text), markup=False)
            yield Choices(id="picks", one_click=True)
            yield Static(_("↑ ↓ move · enter takes it · esc goes back"), id="pick-foot", classes="quiet", markup=False)

    def on_mount(self) -> None:
        rows = self.query_one("#picks", Choices)
        rows.show(self._rows)
        rows.action_first()
        rows.focus()

    @on(OptionList.OptionSelected, "#picks")
    def _take(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option_id)
