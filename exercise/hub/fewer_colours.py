"""Colours for terminals that do not have millions, in a process that draws for many terminals at once.

The libraries underneath work out a style's escape codes once, for whichever terminal asks first, and keep them for
all. So everybody is drawn in full colour, and whoever has fewer gets styles of their own that hold no others.
"""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color as RichColor
from rich.color import ColorSystem, ColorType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from exercise.hub.doorway import Colours

_SYSTEMS = {"standard": ColorSystem.STANDARD, "256": ColorSystem.EIGHT_BIT}


class FewerColours(LineFilter):
    """The nearest colours that the terminal has."""

    def __init__(self, colours: Colours) -> None:
        super().__init__()
        self._system = _SYSTEMS[colours]

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same line in these colours."""
        system = self._system
        return [
            Segment(text, None if style is None else _nearest(style, system), control)
            for text, style, control in segments
        ]


@lru_cache(8192)
def _nearest(style: Style, system: ColorSystem) -> Style:
    return style + Style.from_color(_down(style.color, system), _down(style.bgcolor, system))


def _down(colour: RichColor | None, system: ColorSystem) -> RichColor | None:
    if colour is None or colour.type is ColorType.DEFAULT:
        return colour
    return colour.downgrade(system)
