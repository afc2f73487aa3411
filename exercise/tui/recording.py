"""Recording a stretch of a replay: the replay's own screen, drawn for nobody, with a clock that does not wait.

What is recorded is what the screen writes to a terminal, so a recording shows what the replay shows and nothing else.
"""

from __future__ import annotations

import asyncio
from contextvars import Context
from functools import partial
from typing import Any

from rich.console import Console
from textual import events
from textual.app import App
from textual.driver import Driver
from textual.filter import Monochrome, NoColor
from textual.geometry import Size
from textual.pilot import Pilot

from exercise.core.times import tell_exercise_time
from exercise.language import _
from exercise.session.cast import HOLD, Cast, frames, marks
from exercise.session.client import Player
from exercise.tui.app import ExerciseApp
from exercise.tui.screens.replay import ReplayScreen

__all__ = ["record"]


class Tape(Driver):
    """A terminal that keeps what is written to it, and has neither keys nor mouse."""

    def __init__(self, app: App[Any], *, size: tuple[int, int], **_: object) -> None:
        super().__init__(app, mouse=False, size=size)
        self._written: list[str] = []

    def write(self, data: str) -> None:
        """Keeps it, but for what is said to the terminal itself: the shape of a pointer, a title."""
        if not data.startswith("\x1b]"):
            self._written.append(data)

    def take(self) -> str:
        """What was written since this was last asked."""
        text = "".join(self._written)
        self._written.clear()
        return text

    def start_application_mode(self) -> None:
        """Tells the app its size; a cursor would only wander about in a recording."""
        self.write("\x1b[?25l")
        size = Size(*(self._size or (80, 24)))
        self._app.post_message(events.Resize(size, size))

    def disable_input(self) -> None:
        """Nothing: there is none."""

    def stop_application_mode(self) -> None:
        """Nothing: the last picture stays."""


async def record(
    player: Player,
    *,
    seat: str,
    first: int,
    last: int,
    speed: float = 8,
    size: tuple[int, int] = (100, 30),
    idle: float = 2.0,
) -> Cast:
    """Records positions `first` to `last` as a perspective saw them; `player` itself stays where it stands.

    `speed` is in seconds of play for each second of watching; longer pauses than `idle` seconds are cut.
    """
    watched = player.twin()
    shown = frames(watched.plays, first, last, speed, idle)
    labels = marks(watched.markers, shown)
    screen = ReplayScreen(watched, at=first, team=seat)
    screen.reel.speed, screen.reel.cuts_idle = speed, True
    app = ExerciseApp(lambda: screen)
    made: list[tuple[float, str, str]] = []

    async def play(pilot: Pilot[Any]) -> None:
        tape = app._driver
        assert isinstance(tape, Tape)
        await _drawn(screen)
        screen.reel.playing = True
        for place, (at, position, moment) in enumerate(shown):
            screen.go(position, moment)
            await _drawn(screen)
            made.extend((at, "m", label) for label in labels.get(place, ()))
            if written := tape.take():
                made.append((at, "o", written))
        made.append((round(shown[-1].at + HOLD, 3), "o", ""))
        app.exit()

    _for_anybody(app, size)
    # An empty context: nothing of an app that asks for the recording reaches the one that is recorded.
    await asyncio.get_running_loop().create_task(app.run_async(size=size, auto_pilot=play), context=Context())
    whose = next((one.name for one in watched.perspectives if one.id == seat), seat)
    start, end = (tell_exercise_time(watched.exercise_time(place)) for place in (first, last))
    about = _("As seen by {whose}, {start} to {end}, {speed:g} times as fast, pauses cut.").format(
        whose=whose, start=start, end=end, speed=speed
    )
    return Cast(*size, _("Replay of {title}").format(title=watched.title), about, tuple(made))


def _for_anybody(app: App[Any], size: tuple[int, int]) -> None:
    """Sets an app up to be drawn in full colour whatever terminal this is: others will watch it."""
    app.driver_class = partial(Tape, size=size)  # type: ignore[assignment]
    app.animation_level = "none"
    app.no_color = False
    app.console = Console(
        color_system="truecolor",
        file=app.console.file,
        highlight=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
        force_terminal=True,
        safe_box=False,
    )
    app._filters = [each for each in app._filters if not isinstance(each, (NoColor, Monochrome))]


async def _drawn(screen: ReplayScreen) -> None:
    """Returns once all that a change brings about is drawn: what it moves may move more when it is laid out."""
    for _time in range(2):
        done = asyncio.Event()
        screen.call_after_refresh(done.set)
        await done.wait()
