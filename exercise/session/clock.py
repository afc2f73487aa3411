"""Play time: how long the exercise has run, pauses left out, told from outside so that nothing here reads a clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

Pace = Literal["live", "stepped"]
"""`live` follows the room's clock; `stepped` moves only when told, for bots and for a facilitator who steps."""

Now = Callable[[], float]
"""Seconds that only grow, such as `time.monotonic`."""

Wall = Callable[[], str]
"""The wall time as ISO text in UTC, such as `wall_time`."""


def wall_time() -> str:
    """The present wall time in UTC to the millisecond, for people who line a log up with other records."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class PlayClock:
    """A stopwatch in whole seconds of play; it starts stopped, so that nothing passes before somebody starts it.

    With a rate other than 1 so many seconds of play pass in one of the room's.
    """

    def __init__(self, now: Now, play: int = 0, pace: Pace = "live") -> None:
        self._now = now
        self._base = float(play)
        self._since: float | None = None
        self._pace = pace
        self._rate = 1.0

    def play(self) -> int:
        """Seconds of play so far."""
        return int(self._exact(self._now()))

    def run(self, running: bool, rate: float = 1.0) -> None:
        """Starts or stops it, and sets its rate; doing so twice changes nothing."""
        now = self._now()
        self._base = self._exact(now)
        self._since = now if running and self._pace == "live" else None
        self._rate = rate

    def set_to(self, play: int) -> None:
        """Puts it to these seconds, from where it runs on if it was running."""
        self._base = float(play)
        if self._since is not None:
            self._since = self._now()

    def _exact(self, now: float) -> float:
        # A clock that jumps back (a suspended machine, a fault) must not take play time back.
        return self._base if self._since is None else self._base + max(0.0, now - self._since) * self._rate
