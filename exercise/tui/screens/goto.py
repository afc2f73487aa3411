"""A small window of the replay that asks where to go: a time of the story, or an entry's number."""

from __future__ import annotations

from bisect import bisect_left

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from exercise.core.times import parse_exercise_time
from exercise.session.client import Player
from exercise.tui.screens.base import Dialog


class GoToScreen(Dialog[int]):
    """Returns a position, or nothing."""

    TITLE_WORDS = "going to a moment"
    HELP = """
Write a time of the story as hours and minutes, such as T+1:30, or the number of an entry of the log. **enter** goes
there, to the first entry at or after that time.
"""

    DEFAULT_CSS = """
    GoToScreen > Vertical {
        width: 58; height: auto; padding: 1 2; background: $surface; border: round $border;
    }
    GoToScreen #goto-wrong { color: $text-muted; height: auto; }
    GoToScreen #goto-wrong.-wrong { color: $text-error; }
    """

    def __init__(self, player: Player) -> None:
        super().__init__()
        self._player = player

    def compose(self) -> ComposeResult:
        with Vertical():
            last = self._player.length
            yield Static(Content(f"Go where? A time of the story, such as T+1:30, or an entry, 0 to {last}."))
            yield Input(placeholder="T+1:30", max_length=20)
            yield Static(Content("enter goes there · esc stays here"), id="goto-wrong", markup=False)

    @on(Input.Submitted)
    def _go(self, event: Input.Submitted) -> None:
        text = event.value.strip().lstrip("#")
        if text.isascii() and text.isdigit() and len(text) < 10:
            self.dismiss(min(int(text), self._player.length))
            return
        if not text.upper().startswith("T"):
            text = f"T+{text}"
        try:
            time = parse_exercise_time(text[:1].upper() + text[1:])
        except ValueError:
            line = self.query_one("#goto-wrong", Static)
            line.add_class("-wrong")
            line.update(Content("✕ Write a time as T+1:30 (hours:minutes), or a whole number."))
            return
        self.dismiss(first_at(self._player, time))


def first_at(player: Player, exercise: int) -> int:
    """The first position at which the story has come to a time, or the last one."""
    return bisect_left(range(player.length), exercise, key=player.exercise_time)
