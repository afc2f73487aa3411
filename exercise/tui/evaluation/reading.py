"""Texts read over a screen: an entry of the record in full, a clause, or the record itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from exercise.language import N_, _
from exercise.tui.evaluation.words import record_line
from exercise.tui.screens.base import Dialog, ExerciseScreen
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.grades import CHIP
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.times import exercise_time

if TYPE_CHECKING:
    from exercise.core.evaluation.views import RecordLine

__all__ = ["ReadScreen", "RecordScreen", "record_rows"]


class ReadScreen(Dialog[None]):
    """Shows a text that scrolls; enter and esc go back."""

    TITLE_WORDS = N_("a text to read")
    HELP = N_("Read with **↑** and **↓**; **enter** or **esc** goes back.")
    BINDINGS = [Binding("enter", "back", "Back", show=False)]
    DEFAULT_CSS = """
    ReadScreen .dialog { width: 90; height: 80%; }
    ReadScreen ProseView { height: 1fr; background: $surface; }
    """

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title_words, self._words = title, text

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(safe(self._title_words), classes="heading", markup=False)
            yield ProseView(self._words, id="read-text")
            yield Static(_("enter or esc: go back"), classes="quiet", markup=False)

    def on_mount(self) -> None:
        self.query_one(ProseView).focus()


class RecordScreen(ExerciseScreen[None]):
    """What a team knew and did up to one of its acts; what shows the act itself is marked."""

    CSS = """
    RecordScreen #rec-head { height: 1; padding: 0 1; background: $panel; }
    RecordScreen Choices { height: 1fr; }
    """
    TITLE_WORDS = N_("what the team knew")
    HINT = N_("enter: read an entry in full · ▸ is the conduct itself · esc goes back")
    HELP = N_("""
All that this team had been shown, and all that it had done, **up to this moment**; the newest stands at the foot, and
what shows the conduct itself has a **▸**. **enter** reads an entry in full.
""")

    def __init__(self, lines: tuple[RecordLine, ...], marked: Collection[int]) -> None:
        super().__init__()
        self._record, self._marked = lines, marked

    def body(self) -> ComposeResult:
        title = Content.assemble(CHIP, "  ", safe(_("What the team knew and did until then"), "bold"))
        yield Static(title, id="rec-head", markup=False)
        yield Choices(id="rec")

    def on_mount(self) -> None:
        rows = self.query_one(Choices)
        rows.show(record_rows(self._record, self._marked))
        rows.action_last()
        self.start_at(rows)

    @on(OptionList.OptionSelected)
    def _read_entry(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        line = next((line for line in self._record if f"e:{line.seq}" == event.option_id), None)
        if line is not None:
            self.app.push_screen(ReadScreen(_("From the record"), record_line(line)))


def record_rows(lines: tuple[RecordLine, ...], marked: Collection[int]) -> Iterator[tuple[str, Line]]:
    """A row an entry."""
    for line in lines:
        bold = line.seq in marked
        head = f"{'▸' if bold else ' '}{exercise_time(line.exercise):>8} "
        yield f"e:{line.seq}", Line(Content.assemble((head, "bold"), safe(line.line, "bold" if bold else "")))
