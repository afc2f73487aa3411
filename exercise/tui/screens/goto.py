"""A small window of the replay that asks where to go: a time of the story, an entry's number, or a part in percent."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from exercise.core.times import parse_exercise_time, shown_until
from exercise.language import N_, _
from exercise.session.client import Player
from exercise.tui.screens.base import Dialog


class GoToScreen(Dialog[int]):
    """Returns a position, or nothing."""

    TITLE_WORDS = N_("going to a moment")
    HELP = N_("""
Write a time of the story as hours and minutes, such as T+1:30, the number of an entry of the log, or a part of the
time that was played, such as 50%. **enter** goes there; for a time, to the first entry at or after it.
""")

    DEFAULT_CSS = """
    GoToScreen > Vertical {
        width: 66; height: auto; padding: 1 2; background: $surface; border: round $border;
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
            yield Static(
                Content(
                    _("Go where? A time of the story (T+1:30), an entry (0 to {last}), or a part (50%).").format(
                        last=last
                    )
                )
            )
            yield Input(placeholder="T+1:30", max_length=20)
            yield Static(Content(_("enter goes there · esc stays here")), id="goto-wrong", markup=False)

    @on(Input.Submitted)
    def _go(self, event: Input.Submitted) -> None:
        place = place_of(self._player, event.value)
        if place is not None:
            self.dismiss(place)
            return
        line = self.query_one("#goto-wrong", Static)
        line.add_class("-wrong")
        line.update(Content(f"✕ {_(ASK)}"))


ASK = N_("Write a time as T+1:30 (hours:minutes), a whole number, or a part as 50%.")


def place_of(player: Player, typed: str, *, after: bool = False) -> int | None:
    """The position that somebody means by an entry's number, a part in percent or a time; None for anything else.

    `after` is for the end of a stretch: what is shown as of that time is in it.
    """
    text = typed.strip().lstrip("#")
    part = text.removesuffix("%").strip()
    if part.isascii() and part.isdigit() and len(part) < 10:
        return at_part(player, min(int(part), 100)) if text.endswith("%") else min(int(part), player.length)
    if not text.upper().startswith("T"):
        text = f"T+{text}"
    try:
        time = parse_exercise_time(text[:1].upper() + text[1:])
    except ValueError:
        return None
    if not after:
        return first_at(player, time)
    return max(0, bisect_right(range(player.length + 1), shown_until(time), key=player.exercise_time) - 1)


def first_at(player: Player, exercise: int) -> int:
    """The first position at which the story has come to a time, or the last one."""
    return bisect_left(range(player.length), exercise, key=player.exercise_time)


def at_part(player: Player, percent: int) -> int:
    """The last position whose play time is within so many percent of the whole; 0 is the very beginning."""
    if percent <= 0:
        return 0  # The briefing and STARTEX take no play time.
    play = player.play_time(player.length) * percent // 100
    return bisect_right(range(player.length + 1), play, key=player.play_time) - 1 if percent < 100 else player.length
