"""Fields to write in: a line that loses nothing of what is pasted or begun, and lines that can be undone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError
from textual.events import Paste
from textual.widgets import Input, TextArea

from exercise.language import _

if TYPE_CHECKING:
    from exercise.tui.app import ExerciseApp

__all__ = ["ManyLines", "OneLine", "forget_line", "unfit"]

_BREAKS = re.compile(r"[ ]*[\r\n\t]+\s*")
LONGEST = 4000
"""As long as the rules take a text."""


class OneLine(Input):
    """Textual's own takes the first line only of what is pasted, and nothing at all of what is too long.

    With `keep`, a seat and what the line is for, it begins with what was left there, until that is forgotten.
    """

    def __init__(self, value: str = "", *, keep: tuple[str, str] | None = None, **rest: Any) -> None:
        self._keep = keep  # Before the value is set, which is watched.
        # A field that marks all of what stands in it would lose that to the first letter typed.
        super().__init__(value, **{"max_length": LONGEST, "select_on_focus": False, **rest})

    def on_mount(self) -> None:
        if self._keep is None:
            return
        app = cast("ExerciseApp", self.app)
        key = _key(app, self._keep)
        if key not in app.words:
            app.words[key] = app.keeps(f"words|{key[1]}|{key[2]}", str)
        if app.words[key]:
            self.value = app.words[key]

    def watch_value(self, value: str) -> None:
        if self._keep is not None and self.is_mounted:
            app = cast("ExerciseApp", self.app)
            app.words[_key(app, self._keep)] = value

    def _on_paste(self, event: Paste) -> None:
        event.prevent_default()
        event.stop()
        words = _BREAKS.sub(" ", event.text.strip("\r\n"))
        start, end = sorted(self.selection)
        room = len(words) if self.max_length is None else self.max_length - len(self.value) + end - start
        if room < len(words):
            said = _("Not all of what was pasted fits here: {count} characters were left out.")
            self.app.notify(said.format(count=len(words) - max(0, room)), severity="warning", markup=False)
        self.replace(words[: max(0, room)], start, end)


class ManyLines(TextArea):
    """Textual's own ends the program where an undo takes away so much that its scrollbar comes or goes.

    Whoever comes back to what was begun goes on behind it, not before its first letter.
    """

    def on_mount(self) -> None:
        if self.text and not self.read_only:
            self.move_cursor(self.document.end)
            self.call_after_refresh(self.scroll_cursor_visible)

    def _recompute_cursor_offset(self) -> None:
        # It is asked for before the undo has moved the cursor, which may stand below the last line until then.
        if self.cursor_location[0] < self.document.line_count:
            super()._recompute_cursor_offset()  # type: ignore[no-untyped-call]


def unfit(error: ValidationError) -> str:
    """What of a form cannot be sent and by how much it is too long, in one sentence."""
    found = error.errors()[0]
    field = str(found["loc"][0]).replace("_", " ")
    if found["type"] == "string_too_long":
        count, most = len(found["input"]), found.get("ctx", {}).get("max_length", LONGEST)
        told = _("It cannot be sent as it is: “{field}” has {count} characters, and at most {most} can be sent.")
        return told.format(field=field, count=count, most=most)
    return _("It cannot be sent as it is: look at “{field}”.").format(field=field)


def forget_line(app: ExerciseApp, seat: str, what: str) -> None:
    """What was written there has been taken."""
    app.words.pop(_key(app, (seat, what)), None)


def _key(app: ExerciseApp, keep: tuple[str, str]) -> tuple[str, str, str]:
    return (app.table.session_id if app.table is not None else "", *keep)
