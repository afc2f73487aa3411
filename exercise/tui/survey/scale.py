"""A question by scale on one line: five numbers between two words."""

from __future__ import annotations

from rich.cells import cell_len
from textual.binding import Binding
from textual.content import Content
from textual.events import Click
from textual.geometry import Offset
from textual.message import Message
from textual.widget import Widget

from exercise.core.evaluation.survey import SCALE, SCALE_ENDS
from exercise.language import _
from exercise.tui.widgets.cursor import place_cursor

__all__ = ["Scale"]

_QUIET = "$foreground 65%"


class Scale(Widget, can_focus=True):
    """A number key answers and goes on; arrows move the mark, backspace leaves the question out."""

    BINDINGS = [
        *(Binding(sign, f"answer('{sign}')", sign, show=False) for sign in SCALE),
        Binding("left", "move(-1)", "Less", show=False),
        Binding("right", "move(1)", "More", show=False),
        Binding("backspace,delete,0", "answer('')", "No answer", show=False),
        Binding("enter,down", "screen.focus_next", "Next", show=False),
        Binding("up", "screen.focus_previous", "Before", show=False),
    ]
    DEFAULT_CSS = """
    Scale { height: 1; width: 1fr; max-width: 110; background: $surface; }
    Scale:focus { background: $primary 38%; }
    Scale:nocolor:focus { text-style: underline; }
    """

    class Answered(Message):
        """Somebody has answered, or left the question out."""

    def __init__(self, value: str, *, id: str) -> None:
        super().__init__(id=id)
        self.value = value if value in SCALE else ""

    def render(self) -> Content:
        parts: list[Content | str | tuple[str, str]] = [(f" {_(SCALE_ENDS[0])} ", _QUIET)]
        for sign in SCALE:
            # Never by colour alone: what is chosen stands in brackets.
            parts.append((f" [{sign}] ", "bold $text-primary") if sign == self.value else f"  {sign}  ")
        parts.append((f" {_(SCALE_ENDS[1])}", _QUIET))
        if not self.value:
            parts.append((_("   not answered"), _QUIET))
        return Content.assemble(*parts)

    def on_mount(self) -> None:
        # The sheet scrolls to what has the focus, and the window may change.
        self.screen.screen_layout_refresh_signal.subscribe(self, lambda _: self.point())

    def point(self) -> None:
        """Put the terminal's cursor on the answer, where screen readers follow it."""
        if self.has_focus:
            self.call_after_refresh(self._place_cursor)

    def _place_cursor(self) -> None:
        at = self._start + 5 * (SCALE.index(self.value) if self.value else 0) + 2
        place_cursor(self, Offset(self.content_region.x + at, self.content_region.y))

    @property
    def _start(self) -> int:
        return cell_len(_(SCALE_ENDS[0])) + 2

    def action_answer(self, sign: str) -> None:
        self._take(sign)
        if sign:
            self.screen.focus_next()

    def action_move(self, by: int) -> None:
        at = SCALE.index(self.value) + by if self.value else 0 if by > 0 else len(SCALE) - 1
        self._take(SCALE[max(0, min(len(SCALE) - 1, at))])

    def on_click(self, event: Click) -> None:
        at = (event.x - self._start) // 5
        if 0 <= at < len(SCALE):
            self._take(SCALE[at])

    def _take(self, sign: str) -> None:
        self.value = sign
        self.refresh()
        self.point()
        self.post_message(self.Answered())
