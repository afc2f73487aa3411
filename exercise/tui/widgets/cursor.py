"""The terminal's cursor, which screen readers and braille displays follow: it stands where the focus is."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from textual.geometry import Offset, Region
from textual.widget import Widget
from textual.widgets import Input, TextArea

__all__ = ["Pointing", "place_cursor", "point_at"]


@runtime_checkable
class Pointing(Protocol):
    """A widget that knows where in it the cursor belongs, such as a list with a marked row."""

    def point(self) -> None:
        """Put the terminal's cursor there."""


def place_cursor(widget: Widget, at: Offset) -> None:
    """Put the terminal's cursor on the widget that is worked with, and have it written.

    A screen that lies below keeps its focus, but not the cursor. One cell is drawn again, for Textual moves the cursor
    of a terminal with the next drawing only.
    """
    if not (widget.is_attached and widget.has_focus and widget.app.screen is widget.screen):
        return
    if widget.app.cursor_position != at:
        widget.app.cursor_position = at
        widget.refresh(Region(0, 0, 1, 1))


def point_at(widget: Widget | None) -> None:
    """Put the cursor to what has the focus: to the place in it that it knows, else to its beginning."""

    def place() -> None:
        if isinstance(widget, (Input, TextArea)):
            place_cursor(widget, widget.cursor_screen_offset)
        elif widget is not None and widget.content_region:
            place_cursor(widget, widget.content_region.offset)

    known: object = widget
    if isinstance(known, Pointing):
        known.point()
    elif widget is not None:
        widget.call_after_refresh(place)
