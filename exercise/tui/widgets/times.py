"""Times as people read them on a screen: the story's date, and how long a window still stands open."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from exercise.core.times import MONTHS, WEEKDAYS, format_exercise_time
from exercise.language import _

if TYPE_CHECKING:
    from exercise.core.views import ClockView, DecisionView

__all__ = ["exercise_time", "play_left", "story_time", "window_left"]


def exercise_time(seconds: int) -> str:
    """`T+1:30`, whole minutes, since the story is not told in seconds."""
    return format_exercise_time(seconds - seconds % 60)


def story_time(clock: ClockView, exercise: int | None = None, *, short: bool = False) -> str:
    """`Tue 14 Oct 2025, 08:40`; the names are fixed, so that no machine's language changes the screen."""
    when = clock.story + timedelta(seconds=clock.exercise if exercise is None else exercise)
    day = _("{day} {month}").format(day=when.day, month=_(MONTHS[when.month - 1]))
    return f"{day}, {when:%H:%M}" if short else f"{_(WEEKDAYS[when.weekday()])} {day} {when.year}, {when:%H:%M}"


def play_left(seconds: int, *, live: bool) -> str:
    """Minutes and seconds; whole minutes where the clock is stepped and stands at one. Never more than is left."""
    seconds = max(0, seconds)
    if live or seconds % 60:
        return f"{seconds // 60}:{seconds % 60:02}"
    return _("{it} min").format(it=seconds // 60)


def window_left(decision: DecisionView, play: int, *, live: bool) -> str:
    """How long a decision's window stands open, in words that need no colour; the same figure as in the banner."""
    left = decision.closes - play
    return _("closing now") if left <= 0 else _("{play_left} left").format(play_left=play_left(left, live=live))
