"""A stand-in for the hub in tests of the ssh and browser doors: codes that open, and one exercise played in process."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from seated import table_for, world
from textual.app import App, ComposeResult
from textual.widgets import Input, Static

from exercise.errors import DoorClosed
from exercise.hub.both_doors import DoorsConfig
from exercise.hub.doorway import Terminal, Turn
from exercise.hub.terminal_driver import TerminalDriver
from exercise.session.control import Door
from exercise.session.table import LocalTable
from exercise.tui.app import ExerciseApp
from exercise.tui.ordinary_tasks import OrdinaryTasks

CODE = "averne-1234"
"""The code that opens."""


class Small(OrdinaryTasks[str]):
    """A line to type in and a line that shows what was typed, for tests that are not about the real screens."""

    def __init__(self, said: str = "nothing yet") -> None:
        super().__init__()
        self.said = said

    def compose(self) -> ComposeResult:
        yield Static(self.said, id="said", markup=False)
        yield Input(id="typed")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.value == "quit":
            self.exit("left")
        elif event.value == "break":
            raise RuntimeError("a fault with secret-value in it")
        else:
            self.query_one("#said", Static).update(event.value)


class Entry:
    """Somebody the stand-in has let in."""

    def __init__(self, opener: Standing, name: str) -> None:
        self._opener = opener
        self.name = name
        self.closed = 0
        self.last_word = ""
        self.wall = opener.wall

    def app(self, turn: Turn) -> App[Any]:
        app = self._opener.make(turn)
        self._opener.apps.add(app)
        return app

    async def close(self) -> None:
        self.closed += 1


class Standing:
    """Lets in whoever shows the code; remembers who came, and which apps are still alive."""

    def __init__(self, make: Callable[[Turn], App[Any]] = lambda turn: Small()) -> None:
        self.make = make
        self.wall = False
        self.entries: list[Entry] = []
        self.came: list[tuple[str, Door, str]] = []
        self.apps: weakref.WeakSet[App[Any]] = weakref.WeakSet()

    async def open(self, code: str, name: str, door: Door, address: str, seat: str = "") -> Entry:
        await asyncio.sleep(0)
        if code != CODE:
            raise DoorClosed("no-code", "This code opens nothing; look at it again.", 0.0)
        self.came.append((name, door, address))
        self.entries.append(Entry(self, name or "Guest"))
        return self.entries[-1]


class Paper:
    """A channel that keeps what is written; `takes` says whether the terminal at its end reads."""

    def __init__(self) -> None:
        self.written = bytearray()
        self.unread = 0
        self.takes = True
        self.paused = False
        self.aborted = False

    def write(self, data: bytes) -> None:
        self.written += data
        if not self.takes:
            self.unread += len(data)

    def waiting(self) -> int:
        return self.unread

    def pause(self, pause: bool) -> None:
        self.paused = pause

    def abort(self) -> None:
        self.aborted = True

    @property
    def text(self) -> str:
        return self.written.decode("utf-8", "replace")


async def until(holds: Callable[[], object], what: str = "what was waited for", seconds: float = 20.0) -> None:
    """Lets everything work until something holds; fails with words after far too long."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not holds():
        assert loop.time() < end, f"{what} did not come about"
        await asyncio.sleep(0.01)


@asynccontextmanager
async def driven(app: App[Any], terminal: Terminal | None = None) -> AsyncIterator[tuple[TerminalDriver, Paper]]:
    """An app on our driver and a paper channel, with nothing else of the door around it."""
    from exercise.hub.sessions import Session, Sessions

    opener = Standing(lambda turn: app)
    paper, sessions = Paper(), Sessions()
    session = Session(sessions, Entry(opener, ""), paper, terminal or Terminal())
    task = asyncio.create_task(session.run())
    await until(lambda: session._driver is not None and session._driver.frames > 0, "the first frame")
    driver = session._driver
    assert driver is not None
    try:
        yield driver, paper
    finally:
        session.end()
        await task


def played_table() -> LocalTable:
    """Two teams at the play screens, after STARTEX."""
    table = table_for("averne", "belmark", played=world())
    table.session.start()
    return table


def play_app(table: LocalTable) -> Callable[[Turn], App[Any]]:
    """The real screens of one seat of a table."""

    def make(turn: Turn) -> App[Any]:
        from exercise.tui.screens.play import PlayScreen

        return ExerciseApp(lambda: PlayScreen(table, "averne"))

    return make


def opener(config: DoorsConfig) -> Standing:
    """For workers in tests: the small app, or the real screens over a table of the worker's own."""
    if config.url == "play":
        return Standing(play_app(played_table()))
    return Standing()
