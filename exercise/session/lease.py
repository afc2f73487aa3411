"""Which of several hubs drives the clock of an exercise: one at a time, and another one when it dies."""

from __future__ import annotations

import time

from exercise.errors import StoreError
from exercise.session.clock import Now
from exercise.session.store import Store

SECONDS = 6.0
"""So long the clock stands still at most when the hub that drove it dies; it is asked for anew every third of that."""


class Lead:
    """Tells a hub whether it drives the clock; to be asked about once a second, before each tick.

    Where the store does not answer, the hub that had the lease counts on it for as long as it was given, and no longer:
    by then another hub may have it.
    """

    def __init__(
        self, store: Store, session_id: str, holder: str, *, seconds: float = SECONDS, now: Now = time.monotonic
    ) -> None:
        self._store = store
        self._session_id = session_id
        self._holder = holder
        self._seconds = seconds
        self._now = now
        self._ask = self._until = float("-inf")

    def __call__(self) -> bool:
        """Whether this hub leads."""
        now = self._now()
        if now >= self._ask:
            self._ask = now + self._seconds / 3
            try:
                mine = self._store.take_lease(self._session_id, self._holder, self._seconds)
            except StoreError:
                return now < self._until
            # Counted from before the question: our belief ends before the store's does.
            self._until = now + self._seconds if mine else float("-inf")
        return now < self._until

    def give_up(self) -> None:
        """Leaves the clock to another hub at once, on the way out."""
        self._ask = self._until = float("-inf")
        self._store.give_up_lease(self._session_id, self._holder)
