"""What a team opens over its play screen to look something up: under the same banner, whose clock goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.widgets.banner import Banner

if TYPE_CHECKING:
    from exercise.session.client import Client

__all__ = ["LookupScreen"]


class LookupScreen(ExerciseScreen[None]):
    """Carries the exercise mark, the time and the window, so that nobody misses either while looking something up."""

    def __init__(self, client: Client, *, live: bool = False, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._client, self._live, self._now = client, live, now

    def body(self) -> ComposeResult:
        yield Banner(self._now)
        yield from self.looked_up()

    def looked_up(self) -> ComposeResult:
        """The widgets below the banner."""
        yield from ()

    def on_mount(self) -> None:
        # Textual calls this as well as the subclass's own; that one must not call it again.
        self.show_time()
        if self._live:
            self.set_interval(1.0, self.show_time, name="clock")

    def show_time(self) -> None:
        """The clock and the window as they are now, for both go on while this screen is open."""
        self.query_one(Banner).show(self._client.view(), live=self._live)
