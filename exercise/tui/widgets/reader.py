"""A list at the left and what its chosen row says at the right, with a chart above where the row has one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import OptionList

from exercise.core.views import IndicatorView
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.course_chart import CourseChart
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import ProseView


@dataclass(frozen=True)
class Item:
    """A row with what is read beside it; `read` is asked only when the row is chosen."""

    id: str
    left: Content
    right: Content
    read: Callable[[], str]
    chart: IndicatorView | None = None
    until: int = 0
    """Time of the story up to which the chart runs."""
    short: Content | None = None
    """In place of `right` where the row is too narrow for both parts."""


class Reader(Horizontal):
    """Four widgets, however many rows; the list has the focus, and tab goes on to the text."""

    # Not scoped: the widths follow the screen's breakpoints.
    SCOPED_CSS = False
    DEFAULT_CSS = """
    Reader { height: 1fr; }
    Reader > Choices { width: 34; border-right: solid $border-blurred; }
    Reader > Choices:focus { border: none; border-right: solid $border; }
    Reader > Vertical { width: 1fr; }
    Reader CourseChart { height: 10; margin: 0 2 1 1; display: none; }
    Reader ProseView { height: 1fr; }
    .-wide Reader > Choices { width: 44; }
    .-very-wide Reader > Choices { width: 52; }
    .-wide Reader CourseChart { height: 14; }
    """

    BINDINGS = [
        Binding("pagedown", "read_on(1)", "Read on", show=False, tooltip="Read on in the text beside the list"),
        Binding("pageup", "read_on(-1)", "Read back", show=False, tooltip="Read back in the text beside the list"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows = Choices(read_beside=True)
        self._chart = CourseChart()
        self._text = ProseView()
        self._items: dict[str, Item] = {}
        self._nothing = ""

    def compose(self) -> ComposeResult:
        yield self.rows
        with Vertical():
            yield self._chart
            yield self._text

    @property
    def text(self) -> str:
        """What is read at the moment."""
        return self._text.text

    def put(self, items: Sequence[Item], nothing: str = "", choose: str | None = None, otherwise: str = "") -> None:
        """Shows these rows; with none, `nothing` in the list and `otherwise` to read."""
        self._items = {item.id: item for item in items}
        self._nothing = otherwise
        rows = [(item.id, Line(item.left, item.right, item.short)) for item in items]
        self.rows.show(rows or [("#nothing", Line(Content.styled(nothing, "$foreground 65%")))])
        if choose:
            self.rows.choose(choose)
        elif self.rows.highlighted is None and items:
            self.rows.action_first()
        self._read()

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._read()

    @on(OptionList.OptionSelected)
    def _opened(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._text.focus()

    def action_read_on(self, pages: int) -> None:
        """The page keys turn the text; arrows, home and end move the mark."""
        self._text.turn(pages)

    def turn_to(self, words: str) -> None:
        """The text beside the list from where these words stand in it, once it is laid out."""
        self._read()
        self.call_after_refresh(self._text.turn_to, words)

    def _read(self) -> None:
        item = self._items.get(self.rows.chosen or "")
        self._chart.display = item is not None and item.chart is not None
        if item is not None and item.chart is not None:
            self._chart.put(item.chart, item.until)
        text = item.read() if item is not None else self._nothing
        self._text.show(text, keep_place=text == self._text.text)
