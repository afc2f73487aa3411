"""The terminal's cursor, which screen readers and braille displays follow: it stands where the focus is."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from textual.geometry import Offset, Region
from textual.widget import Widget
from textual.widgets import Input, TextArea

__all__ = ["Pointing", "place_cursor", "point_again", "point_at", "put_cursor"]


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
    if widget.has_focus:
        put_cursor(widget, at)


def put_cursor(widget: Widget, at: Offset) -> None:
    """The same for what is read while one types elsewhere, such as the marked row below a search."""
    if not (widget.is_attached and widget.app.screen is widget.screen):
        return
    if widget.app.cursor_position != at:
        widget.app.cursor_position = at
        widget.refresh(Region(0, 0, 1, 1))


def point_at(widget: Widget | None) -> None:
    """Put the cursor to what has the focus: to the place in it that it knows, else to its beginning."""

    def place() -> None:
        if widget is not None and (at := _place_in(widget)) is not None:
            place_cursor(widget, at)

    known: object = widget
    if isinstance(known, Pointing):
        known.point()
    elif widget is not None:
        widget.call_after_refresh(place)


def point_again(widget: Widget | None, stood: Offset | None) -> Offset | None:
    """Take the cursor along where what has the focus was scrolled or pushed elsewhere; says where it is now.

    A field comes into sight only after it has got the focus. The cursor is left alone while the field stays where it
    stood, for it may have been put on something that is read beside the field.
    """
    known: object = widget
    if widget is None or isinstance(known, Pointing):
        return None
    at = _place_in(widget)
    if at is not None and at != stood:
        place_cursor(widget, at)
    return at


def _place_in(widget: Widget) -> Offset | None:
    """Where in a widget the cursor belongs that has no place of its own for it."""
    if isinstance(widget, (Input, TextArea)):
        return widget.cursor_screen_offset
    return widget.content_region.offset if widget.content_region else None
