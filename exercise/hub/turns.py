"""Whose screen is painted next, when something changes for all of them at once.

Forty screens that repaint together keep one loop busy for a second, and whoever presses a key meanwhile waits for all
of them. A few at a time take no longer in all, and a key's echo comes in between.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol

AT_A_TIME = 2
"""Screens being painted at once: one is computed while the other waits for its next frame."""


class Painted(Protocol):
    """Somebody whose screen can be brought up to date."""

    async def catch_up(self) -> None:
        """Tells the screen what is new and returns once it is painted."""


class Turns:
    """A queue of those who have news to show."""

    def __init__(self, at_a_time: int = AT_A_TIME) -> None:
        self._free = at_a_time
        self._queue: deque[Painted] = deque()
        self._tasks: set[asyncio.Task[None]] = set()

    def ask(self, who: Painted) -> None:
        """Puts somebody in the queue; who stands there already stays where they are."""
        if who not in self._queue:
            self._queue.append(who)
            self._next()

    def forget(self, who: Painted) -> None:
        """Takes somebody out who has left."""
        if who in self._queue:
            self._queue.remove(who)

    def _next(self) -> None:
        while self._free and self._queue:
            self._free -= 1
            task = asyncio.get_running_loop().create_task(self._queue.popleft().catch_up())
            self._tasks.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._free += 1
        self._next()
