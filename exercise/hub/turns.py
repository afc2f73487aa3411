"""Whose screen is painted next, when something changes for all of them at once.

Forty screens that repaint together keep one loop busy for a second, and whoever presses a key meanwhile waits for all
of them. One after the other takes no longer in all, and a key's echo comes in between: until it shows, nobody's turn
begins, for a key goes through the loop a dozen times and would wait for a part of some other repaint each time.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol

ECHO_WITHIN = 0.1
"""Seconds for which a key that shows nothing keeps others from being painted."""


class Painted(Protocol):
    """Somebody whose screen can be brought up to date."""

    async def catch_up(self) -> None:
        """Tells the screen what is new, and returns once it is painted or just about to be."""


class Turns:
    """A queue of those who have news to show."""

    def __init__(self) -> None:
        self._queue: deque[Painted] = deque()
        self._painting: asyncio.Task[None] | None = None
        self._held: asyncio.TimerHandle | None = None

    def ask(self, who: Painted) -> None:
        """Puts somebody in the queue; who stands there already stays where they are."""
        if who not in self._queue:
            self._queue.append(who)
            self._next()

    def forget(self, who: Painted) -> None:
        """Takes somebody out who has left."""
        if who in self._queue:
            self._queue.remove(who)

    def hold(self) -> None:
        """Somebody has pressed a key: who is not being painted yet waits until it has shown."""
        if self._held is None:
            self._held = asyncio.get_running_loop().call_later(ECHO_WITHIN, self.go_on)

    def go_on(self) -> None:
        """It has shown: the next one is painted, so that many who type do not keep the others from it for ever."""
        if self._held is not None:
            self._held.cancel()
            self._held = None
            self._next()

    def _next(self) -> None:
        if self._held is None and self._painting is None and self._queue:
            self._painting = asyncio.get_running_loop().create_task(self._queue.popleft().catch_up())
            self._painting.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._painting = None
        self._next()
