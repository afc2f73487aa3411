"""How a replay runs while it is watched: the speed, and what is cut short because nothing happens in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

SPEEDS = (0.25, 0.5, 1, 2, 4, 8, 16, 32, 64)
STILL = 2.0
"""Seconds of watching after something happened before an idle stretch is left out."""
LEAD = 1.0
"""Seconds of watching that are left of it before the next thing comes."""


class Watch:
    """Play time as it is watched; knows nothing of screens."""

    def __init__(self, plays: Sequence[int], stirring: Sequence[int]) -> None:
        """`plays` has the play time of each position from 0; `stirring` the positions at which something happened."""
        self._plays = plays
        self._stirs = [plays[position] for position in stirring]
        self.play = 0.0
        self.speed: float = 8
        self.playing = False
        self.cuts_idle = True

    @property
    def total(self) -> int:
        """Play time of the whole log."""
        return self._plays[-1]

    def faster(self, by: int) -> None:
        """The next speed up or down."""
        index = SPEEDS.index(self.speed) + by
        self.speed = SPEEDS[max(0, min(len(SPEEDS) - 1, index))]

    def advance(self, seconds: float) -> float:
        """Runs on by so many seconds of watching; returns the seconds of play that were left out."""
        left_out = self._idle() if self.cuts_idle else 0.0
        self.play = min(self.play + left_out + seconds * self.speed, self.total)
        return left_out

    def _idle(self) -> float:
        """How much of the stretch one is in can be left out now."""
        place = bisect_right(self._stirs, self.play)
        if place >= len(self._stirs):
            # After the last thing nothing comes any more, and the end is near enough.
            return 0.0
        since = self.play - (self._stirs[place - 1] if place else 0)
        rest = self._stirs[place] - self.play
        if since < STILL * self.speed or rest <= LEAD * self.speed:
            return 0.0
        return rest - LEAD * self.speed

    def position(self) -> int:
        """The last position whose play time has come."""
        return position_at(self._plays, int(self.play))

    def at_part(self, part: float) -> float:
        """The play time at a part of the whole, 0 to 1."""
        return self.total * max(0.0, min(1.0, part))


def position_at(times: Sequence[int], time: int) -> int:
    """The last position whose time is not after this one; `times` holds that of each position from 0."""
    return max(0, bisect_right(times, time) - 1)


def speed_text(speed: float) -> str:
    """`8×`, `0.25×`."""
    return f"{speed:g}×"
