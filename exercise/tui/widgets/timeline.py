"""The line of a replay: how far it has run, where things happened, and a place to click."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

Marker = tuple[int, int, str, str]
"""Position, exercise time, kind and label."""

SIGNS = {
    "move": "┃",
    "plenary": "≡",
    "inject": "▪",
    "decision": "◇",
    "answer": "◆",
    "lapse": "○",
    "end": "■",
}
"""How each kind of marker is drawn; where several fall on one cell, the later kind of this order of weight wins."""

_ORDER = ("inject", "decision", "plenary", "answer", "lapse", "end", "move")
_WEIGHT = {kind: weight for weight, kind in enumerate(_ORDER)}

LEGEND = "┃ move  ▪ inject  ◇ decision put  ◆ answered  ○ lapsed  ≡ plenary  ■ ENDEX"


class Timeline(Widget):
    """Three lines: names of the moves, markers, and the run of play time; a click or a drag asks for a place."""

    COMPONENT_CLASSES = {"timeline--played", "timeline--coming", "timeline--marker", "timeline--past"}
    DEFAULT_CSS = """
    Timeline { height: 3; width: 1fr; }
    Timeline > .timeline--played { color: $primary; text-style: bold; }
    Timeline > .timeline--coming { color: $foreground 40%; }
    Timeline > .timeline--marker { color: $foreground 70%; }
    Timeline > .timeline--past { color: $text-primary; }
    """

    class Sought(Message):
        """Somebody pointed at a play time."""

        def __init__(self, play: int) -> None:
            super().__init__()
            self.play = play

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._markers: Sequence[tuple[int, Marker]] = ()
        self._total = 1
        self._play = 0
        self._cache: tuple[int, list[str]] | None = None
        self._dragging = False

    def set_log(self, total: int, markers: Sequence[tuple[int, Marker]]) -> None:
        """Tells the whole length in play seconds, and the markers with the play time of each."""
        self._total, self._markers, self._cache = max(1, total), markers, None
        self.refresh()

    def set_play(self, play: int) -> None:
        """Tells where the replay stands."""
        before, self._play = self._column(self._play), play
        if self._column(play) != before or play == 0:
            self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if not width or y > 2:
            return Strip.blank(width, self.rich_style)
        if self._cache is None or self._cache[0] != width:
            self._cache = (width, self._draw(width))
        names, signs = self._cache[1]
        at = self._column(self._play)
        style = self.get_component_rich_style
        past, marker = style("timeline--past"), style("timeline--marker")
        if y == 0:
            return Strip([Segment(names, marker)]).adjust_cell_length(width, self.rich_style)
        if y == 1:
            cut = at + 1
            return Strip([Segment(signs[:cut], past), Segment(signs[cut:], marker)])
        played, coming = style("timeline--played"), style("timeline--coming")
        return Strip([Segment("━" * at + "●", played), Segment("─" * (width - at - 1), coming)])

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 3

    def _draw(self, width: int) -> list[str]:
        signs, weights = [" "] * width, [-1] * width
        names = [" "] * width
        free = 0
        for play, (_, _, kind, label) in self._markers:
            column = self._column(play)
            weight = _WEIGHT.get(kind, 0)
            if weight >= weights[column]:
                signs[column], weights[column] = SIGNS.get(kind, "·"), weight
            if kind == "move" and column >= free:
                name = _narrow(label, width - column)
                names[column : column + len(name)] = name
                free = column + len(name) + 1
        return ["".join(names), "".join(signs)]

    def _column(self, play: int) -> int:
        width = self.size.width
        return max(0, min(width - 1, play * (width - 1) // self._total)) if width else 0

    def _seek_to(self, x: int) -> None:
        width = max(2, self.size.width)
        column = max(0, min(width - 1, x))
        # A marker under the pointer is what was meant; its cell stands for many seconds.
        near = [play for play, _ in self._markers if self._column(play) == column]
        self.post_message(self.Sought(near[0] if near else -(-column * self._total // (width - 1))))

    async def _on_mouse_down(self, event: events.MouseDown) -> None:
        self._dragging = True
        self.capture_mouse()
        self._seek_to(event.x)

    def _on_mouse_move(self, event: events.MouseMove) -> None:
        if self._dragging:
            self._seek_to(event.x)

    async def _on_mouse_up(self, event: events.MouseUp) -> None:
        self._dragging = False
        self.release_mouse()


def _narrow(label: str, room: int) -> str:
    """The start of a move's name in single cells; wide characters would put the rest out of line."""
    text = label.partition(":")[0].strip() or label
    text = "".join(char for char in text if char.isascii() and char.isprintable())
    return text[: max(0, room)]


def position_at(plays: Sequence[int], play: int) -> int:
    """The last position whose play time is not after `play`; `plays` holds that of each position from 0."""
    return max(0, bisect_right(plays, play) - 1)
