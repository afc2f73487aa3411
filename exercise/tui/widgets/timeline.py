"""The line of a replay: how far it has run, where things happened, and a place to click."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from exercise.language import N_

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
    "request": "»",
    "left": "✕",
    "back": "↩",
    "pause": "‖",
    "resume": "▸",
    "comment": "✎",
}
"""How each kind of marker is drawn."""

_ORDER = (
    *("resume", "inject", "request", "decision", "plenary", "answer", "lapse"),
    *("pause", "back", "left", "end", "move", "comment"),
)
_WEIGHT = {kind: weight for weight, kind in enumerate(_ORDER)}
"""Where several fall on one cell, the later kind of this order wins."""

_ROOM = ("request", "left", "back", "pause", "resume", "comment")
"""Kinds that have a line of their own where there is room: what went between teams, and how the room fared."""

STORY = N_("┃ move ▪ inject ◇ decision ◆ answer ○ lapsed ≡ plenary ■ ENDEX")
ROOM = N_("» request ✕ seat left ↩ back ‖ stopped ▸ runs ✎ comment")


class Timeline(Widget):
    """Names of the moves, markers, and the run of play time; a click or a drag asks for a place.

    Three lines, or four where requests, comments and lost connections have one of their own (`tall`).
    """

    COMPONENT_CLASSES = {"timeline--played", "timeline--coming", "timeline--marker", "timeline--past"}
    DEFAULT_CSS = """
    Timeline { height: 3; width: 1fr; }
    Timeline.-tall { height: 4; }
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
        self._cache: tuple[tuple[int, bool], list[str]] | None = None
        self._places: dict[int, int] = {}
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
        width, tall = self.size.width, self.has_class("-tall")
        if not width or y > 3:
            return Strip.blank(width, self.rich_style)
        if self._cache is None or self._cache[0] != (width, tall):
            self._cache = ((width, tall), self._draw(width, tall))
        rows = self._cache[1]
        at = self._column(self._play)
        style = self.get_component_rich_style
        past, marker = style("timeline--past"), style("timeline--marker")
        if y == 0:
            return Strip([Segment(rows[0], marker)]).adjust_cell_length(width, self.rich_style)
        if y < len(rows):
            cut = at + 1
            return Strip([Segment(rows[y][:cut], past), Segment(rows[y][cut:], marker)])
        if y > len(rows):
            return Strip.blank(width, self.rich_style)
        played, coming = style("timeline--played"), style("timeline--coming")
        return Strip([Segment("━" * at + "●", played), Segment("─" * (width - at - 1), coming)])

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 4 if self.has_class("-tall") else 3

    def _draw(self, width: int, tall: bool) -> list[str]:
        """The names of the moves and the lines of signs; on the way, which moment a click on a sign means."""
        signs = [[" "] * width for _ in range(2 if tall else 1)]
        weights = [[-1] * width for _ in signs]
        names = [" "] * width
        free = 0
        self._places = {}
        for play, (_, _, kind, label) in self._markers:
            column = self._column(play)
            row = 1 if tall and kind in _ROOM else 0
            weight = _WEIGHT.get(kind, 0)
            if weight >= weights[row][column]:
                signs[row][column], weights[row][column] = SIGNS.get(kind, "·"), weight
            self._places.setdefault(column, play)
            if kind == "move" and column >= free:
                name = _narrow(label, width - column)
                names[column : column + len(name)] = name
                free = column + len(name) + 1
        return ["".join(names), *("".join(row) for row in signs)]

    def _column(self, play: int) -> int:
        width = self.size.width
        return max(0, min(width - 1, play * (width - 1) // self._total)) if width else 0

    def _seek_to(self, x: int) -> None:
        width = max(2, self.size.width)
        column = max(0, min(width - 1, x))
        # A marker under the pointer is what was meant; its cell stands for many seconds.
        near = self._places.get(column)
        self.post_message(self.Sought(near if near is not None else -(-column * self._total // (width - 1))))

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
