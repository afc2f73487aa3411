"""Running the screens of many people in one process, so that nobody's coming, going or misbehaving touches a neighbour.

Textual expects to be alone in its process. What of it acts on the whole process is turned aside here, for these apps
only: the redirection of standard output, the colours of the server's own terminal, tracebacks with local variables.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
from collections.abc import Callable
from functools import partial
from typing import Any, TextIO

import textual.app
from rich.console import Console
from textual._styles_cache import StylesCache
from textual.app import App, ScreenStackError
from textual.filter import Monochrome, NoColor

from exercise.hub.collecting import leave_out, search_all
from exercise.hub.doorway import Channel, Opened, Terminal
from exercise.hub.fewer_colours import FewerColours
from exercise.hub.leaving import Parts, take_apart
from exercise.hub.starting import hold_drawing, share_styles
from exercise.hub.terminal_driver import TerminalDriver
from exercise.hub.turns import Turns

log = logging.getLogger(__name__)

MOST_PEOPLE = 120
"""Screens that one process runs at most."""

STARTING_AT_ONCE = 2
"""Screens being built at once: the others wait their turn, so that those who are in already go on working."""

STARTS_WITHIN = 10.0
LEAVES_WITHIN = 5.0
"""Seconds after which an app that does not end by itself is cancelled."""

SWEEP_AFTER = 1.0
"""Seconds after somebody has left until their screens are taken apart, when nothing calls them any more."""

PAINTED_WITHIN = 0.1
"""Seconds after which it is the next one's turn, where somebody's screen waits for something before it is painted."""

COLLECT_AFTER = 20
"""People who have left, after whom what is left of them is searched for, which holds everybody up for a moment."""

_SERVED: contextvars.ContextVar[bool] = contextvars.ContextVar("served", default=False)
"""Set in the context of every app that is run here, and in no other."""


class Session:
    """One person's screens, from the way in to the way out; the door tells it what the terminal does."""

    def __init__(self, sessions: Sessions, opened: Opened, channel: Channel, terminal: Terminal) -> None:
        self._sessions = sessions
        self._opened = opened
        self._channel = channel
        self._terminal = terminal
        self._app: App[Any] | None = None
        self._driver: TerminalDriver | None = None
        self._task: asyncio.Task[Any] | None = None
        self._told: list[Callable[[], None]] = []
        self._over = False
        self._ended_by_door = False
        self._late: asyncio.TimerHandle | None = None
        self.crashed = False
        """Whether the screens broke, which is a fault of this program."""

    # What the door tells

    def feed(self, data: bytes) -> None:
        """The terminal sent something."""
        if self._driver is not None:
            self._driver.feed(data)

    def resize(self, width: int, height: int) -> None:
        """The terminal has another size."""
        if self._driver is not None:
            self._driver.resize(width, height)

    def end(self) -> None:
        """The terminal is gone, or the door closes: the app ends by itself, or is ended a little later."""
        if not self._over:
            self._over = self._ended_by_door = True
            if self._app is not None:
                self._app.exit()
            self._late = asyncio.get_running_loop().call_later(LEAVES_WITHIN, self._cancel)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    @property
    def left(self) -> bool:
        """Whether it ended because the person left, rather than the connection or the door."""
        return self._over and not self._ended_by_door and not self.crashed

    @property
    def last_word(self) -> str:
        """What the door says as it ends because the exercise was closed and it will not come back; else ''."""
        return self._opened.last_word

    # The app's life

    async def run(self) -> None:
        """Runs the app to its end, then closes the way in, once, whatever happened in between."""
        loop = asyncio.get_running_loop()
        self._sessions.add(self)
        try:
            async with self._sessions.starting:
                if self._over:
                    return
                self._app = app = self._made()
                # An empty context: nothing of the door's, or of another app's, reaches this one.
                self._task = loop.create_task(_served(app), context=contextvars.Context())
                await asyncio.wait(
                    {self._task, started := loop.create_task(self._started())}, return_when="FIRST_COMPLETED"
                )
                started.cancel()
                leave_out()
            await asyncio.wait({self._task})
        finally:
            self._over = True
            task, self._task = self._task, None
            if task is not None and not task.done():
                task.cancel()
                await asyncio.wait({task})
            if self._late is not None:
                self._late.cancel()
            parts = self._driver.parts if self._driver is not None else ()
            self._app = self._driver = None
            self._told.clear()
            self._sessions.remove(self)
            try:
                await self._opened.close()
            finally:
                # The way in may have told the screens of its own end, so they are let go of last.
                self._sessions.let_go(parts)

    def _made(self) -> App[Any]:
        app = self._opened.app(self.turn)
        app.driver_class = partial(  # type: ignore[assignment]
            TerminalDriver,
            channel=self._channel,
            terminal=self._terminal,
            made=self._drives,
            reads_again=self._reads_again,
            pressed=self._sessions.turns.hold,
            echoed=self._sessions.turns.go_on,
        )
        fit(app, self._terminal, self._broke)
        return app

    def _drives(self, driver: TerminalDriver) -> None:
        self._driver = driver

    def _broke(self) -> None:
        self.crashed = True

    async def _started(self) -> None:
        """Returns when the app shows its first screen."""
        deadline = asyncio.get_running_loop().time() + STARTS_WITHIN
        while asyncio.get_running_loop().time() < deadline:
            driver = self._driver
            if driver is not None and driver.frames:
                return
            await asyncio.sleep(0.01)

    def _reads_again(self) -> None:
        if self._told:
            self._sessions.turns.ask(self)

    # Changes that come by themselves

    def turn(self, tell: Callable[[], None]) -> None:
        """Has the screens told of news when it is their turn to be painted; while nobody reads, they are not told."""
        if tell not in self._told:
            self._told.append(tell)
        if self._driver is None or not self._driver.stalled:
            self._sessions.turns.ask(self)

    async def catch_up(self) -> None:
        """Tells the screens what is new, and returns when they have taken it in: painted, or just about to be."""
        app = self._app
        if app is None or (self._driver is not None and self._driver.stalled):
            return
        told, self._told = self._told, []
        for tell in told:
            try:
                tell()
            except Exception:
                log.exception("a change could not be told to the screens")
        if not app.is_running:
            return
        painted = asyncio.Event()
        with contextlib.suppress(ScreenStackError):
            if app.screen.call_after_refresh(painted.set):
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(PAINTED_WITHIN):
                        await painted.wait()


class Sessions:
    """All whose screens run in this process."""

    def __init__(self, most: int = MOST_PEOPLE) -> None:
        self.most = most
        self.starting = asyncio.Semaphore(STARTING_AT_ONCE)
        self.turns = Turns()
        self._open: set[Session] = set()
        self._left: list[tuple[float, Parts]] = []
        """Who has left and when, oldest first, while their screens are not yet taken apart."""
        self._gone = 0
        """How many have left since garbage was collected."""
        self._sweep: asyncio.TimerHandle | None = None
        leave_streams_alone()
        share_styles()
        hold_drawing()

    @property
    def full(self) -> bool:
        """Whether nobody else can be served here."""
        return len(self._open) >= self.most

    def __len__(self) -> int:
        """How many are here."""
        return len(self._open)

    def add(self, session: Session) -> None:
        """Somebody comes."""
        self._open.add(session)

    def remove(self, session: Session) -> None:
        """Somebody has gone."""
        self._open.discard(session)
        self.turns.forget(session)

    def let_go(self, parts: Parts) -> None:
        """Takes what somebody's screens consisted of apart, a little later."""
        loop = asyncio.get_running_loop()
        self._left.append((loop.time(), parts))
        if self._sweep is None:
            self._sweep = loop.call_later(SWEEP_AFTER, self._swept)

    def _swept(self) -> None:
        loop = asyncio.get_running_loop()
        while self._left and self._left[0][0] <= loop.time() - SWEEP_AFTER * 0.9:
            take_apart(self._left.pop(0)[1])
            self._gone += 1
        # A cache on a method of Textual's holds the drawn lines of a thousand widgets, whoever's they were.
        StylesCache.get_inner_outer.cache_clear()
        if self._gone >= COLLECT_AFTER or not self._open:
            self._gone = 0
            search_all()
        self._sweep = loop.call_later(SWEEP_AFTER, self._swept) if self._left else None

    async def close(self) -> None:
        """Ends all apps and waits for them, so that every terminal gets its own screen back."""
        for session in tuple(self._open):
            session.end()
        deadline = asyncio.get_running_loop().time() + LEAVES_WITHIN + 1
        while self._open and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.02)


async def _served(app: App[Any]) -> None:
    _SERVED.set(True)
    try:
        await app.run_async()
    except asyncio.CancelledError:
        raise
    except Exception:
        log.exception("the screens ended with a fault")


def fit(app: App[Any], terminal: Terminal, broke: Callable[[], None]) -> None:
    """Sets an app up for its own terminal, whatever the server's is."""
    app.animation_level = "none"
    app.no_color = terminal.plain
    app.console = Console(
        color_system="truecolor",
        file=app.console.file,
        markup=True,
        highlight=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
        force_terminal=True,
        safe_box=False,
        soft_wrap=False,
    )
    app._filters = [each for each in app._filters if not isinstance(each, (NoColor, Monochrome))]
    if terminal.plain:
        app._filters.append(Monochrome())
    if terminal.colours != "truecolor":
        app._filters.append(FewerColours(terminal.colours))

    def fatal_error() -> None:
        # Textual would print every local variable, codes and texts among them, to the server's own terminal.
        error = app._exception
        where = error.__traceback__ if error is not None else None
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where is not None else "somewhere"
        log.error("the screens broke: %s at %s", type(error).__name__, place)
        broke()
        app._close_messages_no_wait()

    app._fatal_error = fatal_error  # type: ignore[method-assign]


def leave_streams_alone() -> None:
    """Keeps apps that are run here from redirecting the process's standard output.

    Each Textual app redirects it while it runs and puts back what it found. Of two that end in another order than
    they began, the later would put the earlier one's back, and hold it for ever.
    """
    for name in ("redirect_stdout", "redirect_stderr"):
        original = getattr(textual.app, name)
        if not hasattr(original, "only_alone"):
            setattr(textual.app, name, _only_alone(original))


def _only_alone(redirect: Callable[[Any], contextlib.AbstractContextManager[Any]]) -> Any:
    def choose(target: TextIO) -> contextlib.AbstractContextManager[Any]:
        return contextlib.nullcontext() if _SERVED.get() else redirect(target)

    choose.only_alone = True  # type: ignore[attr-defined]
    return choose
