"""People at a hub that runs as a process of its own, each by one door: the program's, ssh, or the browser page.

Who comes by ssh or browser presses keys and reads a screen, as a person does: what the door sends is drawn by a
terminal emulator, and nothing else of the program is looked at.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import asyncssh
import pyte

from exercise.core.views import ParticipantView
from exercise.hub.link import Link
from exercise.hub.protocol import Hello
from exercise.hub.remote import RemoteTable
from exercise.hub.remote_control import come_in

PATIENCE = 60.0
"""Seconds that anything may take on a machine that is busy with something else."""

UP, DOWN, RIGHT, LEFT = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"
ENTER, TAB, ESCAPE, SAVE, PEN = "\r", "\t", "\x1b", "\x13", "\x14"

_FRAME = re.compile(r"[│┃╭╮╰╯─━▔▁█▅▆▇▄▃▂▊▎]+")


class News:
    """Wakes whoever waits for something as soon as anything has changed anywhere."""

    def __init__(self) -> None:
        self._came = asyncio.Event()

    def tell(self) -> None:
        self._came.set()

    async def until(self, holds: Callable[[], Any], what: str, *screens: Any, seconds: float = PATIENCE) -> float:
        """Waits for something to hold and returns how long it took; fails with what the screens showed instead."""
        began = time.monotonic()
        while not holds():
            if time.monotonic() - began > seconds:
                shown = "\n".join(f"--- {one.name}\n{one.text}" for one in screens)
                raise AssertionError(f"{what}: not within {seconds:.0f} s\n{shown}")
            self._came.clear()
            # What holds by the clock alone tells nobody.
            with suppress(TimeoutError):
                await asyncio.wait_for(self._came.wait(), 0.25)
        return time.monotonic() - began


class Cast:
    """What a terminal showed and when, in asciinema's second format, with the times of waiting shortened."""

    def __init__(self, columns: int, lines: int, title: str) -> None:
        self.marks: list[tuple[float, str, str]] = []
        self._head = {"version": 2, "width": columns, "height": lines, "title": title, "idle_time_limit": 2}
        self._began = time.monotonic()

    def add(self, data: str) -> None:
        self.marks.append((round(time.monotonic() - self._began, 3), "o", data))

    def write(self, path: Path, largest: int) -> None:
        """As a file of so many bytes at most."""
        lines, size = [], 0
        for line in (self._head, *self.marks):
            data = json.dumps(line, ensure_ascii=False).encode() + b"\n"
            if (size := size + len(data)) > largest:
                break
            lines.append(data)
        path.write_bytes(b"".join(lines))


class Eyes:
    """A terminal's screen, as somebody who sits before it reads it."""

    def __init__(self, columns: int = 80, lines: int = 24) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)

    def feed(self, data: bytes) -> None:
        self._stream.feed(data)

    def clear(self) -> None:
        self._screen.reset()

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self._screen.display)


@dataclass
class Way:
    """What somebody needs to come in: where, which code, and the name they go by."""

    port: int
    code: str
    name: str
    team: str = ""
    role: str = ""
    size: tuple[int, int] = (80, 24)


class _Reading:
    """What reading a terminal's screen comes to, by whichever door."""

    door = ""

    def __init__(self, way: Way, news: News) -> None:
        self.way, self.news = way, news
        self.name, self.team, self.role = way.name, way.team, way.role
        self.eyes = Eyes(*way.size)
        self.cast: Cast | None = None
        self.painted = 0

    @property
    def text(self) -> str:
        return self.eyes.text

    @property
    def flat(self) -> str:
        """The same in one line, without frames, so that words are found across the end of a line."""
        return " ".join(_FRAME.sub(" ", self.text).split())

    def shows(self, words: str) -> bool:
        return words in self.flat

    async def sees(self, *words: str, seconds: float = PATIENCE) -> float:
        """Waits until all these words can be read."""
        return await self.news.until(
            lambda: all(self.shows(each) for each in words), f"{self.name} sees {words}", self, seconds=seconds
        )

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.send(key)

    async def send(self, typed: str) -> None:
        raise NotImplementedError

    async def move(self, key: Callable[[], str], there: Callable[[], bool], patience: float = 0.7) -> None:
        """Presses a key until one is where one wants to be; what is pressed while a screen opens may be lost."""
        for _ in range(40):
            if there():
                return
            await self.send(key())
            with suppress(AssertionError):
                await self.news.until(there, "there", seconds=patience)
        raise AssertionError(f"{self.name} does not get there\n{self.text}")

    async def go(self, key: str, *words: str) -> None:
        """Presses a key that opens something, once more where it fell between two screens."""
        await self.move(lambda: key, lambda: all(self.shows(each) for each in words), patience=3.0)

    async def type(self, words: str) -> None:
        """Writes into a field. Keys that come in one burst may overtake the focus, so what was lost is typed again."""
        await self.move(lambda: words, lambda: self.shows(words))

    async def pick(self, words: str, key: str = ENTER) -> None:
        """Goes down a list until what stands beside it tells of this row, and takes it."""
        await self.move(lambda: DOWN, lambda: f"││ {words}" in self.text)
        await self.send(key)

    def _drawn(self, data: bytes) -> None:
        self.painted += 1
        self.eyes.feed(data)
        if self.cast is not None:
            self.cast.add(data.decode("utf-8", "replace"))
        self.news.tell()


class SshSeat(_Reading):
    """By ssh, with nothing but a terminal: a lost connection is mended by logging in again."""

    door = "ssh"
    _connection: asyncssh.SSHClientConnection | None = None
    _task: asyncio.Task[None] | None = None

    async def join(self) -> None:
        self.eyes.clear()
        self._connection = await asyncssh.connect(
            "127.0.0.1", self.way.port, username=self.name, password=self.way.code,
            known_hosts=None, client_keys=None, agent_path=None, config=None, keepalive_interval=5,
        )  # fmt: skip
        columns, lines = self.way.size
        process = await self._connection.create_process(
            term_type="xterm-256color", term_size=(columns, lines), encoding=None, env={"COLORTERM": "truecolor"}
        )
        self._process = process
        self._task = asyncio.create_task(self._read(process))

    async def _read(self, process: asyncssh.SSHClientProcess[bytes]) -> None:
        with suppress(OSError, asyncssh.Error):
            while data := await process.stdout.read(65_536):
                self._drawn(data)
        self.news.tell()

    @property
    def connected(self) -> bool:
        return self._task is not None and not self._task.done()

    async def send(self, typed: str) -> None:
        self._process.stdin.write(typed.encode())

    async def cut(self) -> None:
        assert self._connection is not None
        self._connection.abort()
        await self._connection.wait_closed()

    async def leave(self) -> None:
        await self.send("\x11")
        await self.sees("Leave the exercise?")
        await self.press(TAB, ENTER)
        await self.news.until(lambda: not self.connected, f"{self.name} has left", self)

    async def close(self) -> None:
        if self._connection is not None:
            self._connection.abort()
            with suppress(OSError, asyncssh.Error):
                await self._connection.wait_closed()


class PageSeat(_Reading):
    """By the browser page's own WebSocket, doing what its script does: it comes back by itself."""

    door = "browser"
    came = 0
    _task: asyncio.Task[None] | None = None

    async def join(self) -> None:
        self._inside = asyncio.Event()
        self.said: list[dict[str, Any]] = []
        self._over = False
        self._ws: aiohttp.ClientWebSocketResponse | None = None
        self._task = asyncio.create_task(self._keep_on())
        await asyncio.wait_for(self._inside.wait(), PATIENCE)

    async def _keep_on(self) -> None:
        wait = 0.5
        async with aiohttp.ClientSession() as http:
            while not self._over:
                with suppress(aiohttp.ClientError, OSError):
                    await self._once(http)
                    wait = 0.5
                self._inside.clear()
                self.news.tell()
                if not self._over:
                    await asyncio.sleep(wait)
                    wait = min(5.0, 2 * wait)

    async def _once(self, http: aiohttp.ClientSession) -> None:
        place = f"http://127.0.0.1:{self.way.port}"
        async with http.ws_connect(f"{place}/terminal", origin=place, max_msg_size=4 * 2**20) as ws:
            self._ws = ws
            await ws.send_str(json.dumps({"code": self.way.code, "name": self.name, "size": self.way.size}))
            async for message in ws:
                if message.type is aiohttp.WSMsgType.BINARY:
                    self._drawn(message.data)
                elif message.type is aiohttp.WSMsgType.TEXT:
                    self._hear(json.loads(message.data))

    def _hear(self, said: dict[str, Any]) -> None:
        self.said.append(said)
        if "in" in said:
            self.eyes.clear()
            self.came += 1
            self._inside.set()
        elif "left" in said or ("turned" in said and not said.get("wait")):
            self._over = True
        self.news.tell()

    @property
    def connected(self) -> bool:
        return self._inside.is_set()

    async def send(self, typed: str) -> None:
        assert self._ws is not None
        await self._ws.send_str(json.dumps({"typed": typed}))

    async def cut(self) -> None:
        assert self._ws is not None
        transport = self._ws.get_extra_info("transport") or self._ws._response.connection.transport  # type: ignore
        transport.abort()

    async def leave(self) -> None:
        await self.send("\x11")
        await self.sees("Leave the exercise?")
        await self.press(TAB, ENTER)
        await self.news.until(lambda: self._over, f"{self.name} has left", self)

    async def close(self) -> None:
        self._over = True
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task


@dataclass
class ProgramSeat:
    """By the program's own WebSocket: reads its view and asks."""

    way: Way
    news: News
    door: str = "program"
    stops: list[Callable[[], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.name, self.team, self.role = self.way.name, self.way.team, self.way.role

    async def join(self) -> None:
        self.link = Link(f"ws://127.0.0.1:{self.way.port}/join", Hello(code=self.way.code, name=self.name))
        table = await come_in(self.link)
        assert isinstance(table, RemoteTable)
        self.table = table
        self.came, was = 1, ""

        def heard() -> None:
            nonlocal was
            if was and not self.link.trouble:
                self.came += 1
            was = self.link.trouble
            self.news.tell()

        self.link.subscribe(heard)

    @property
    def seat(self) -> str:
        return f"{self.team}/{self.role}"

    @property
    def view(self) -> ParticipantView:
        return self.table.client(self.seat).view()

    @property
    def connected(self) -> bool:
        return not self.link.trouble and f"seat:{self.seat}" in self.link.received

    @property
    def text(self) -> str:
        return f"{self.view!r}\n{self.link.trouble}\n{self.table.head}"

    def shows(self, words: str) -> bool:
        return bool(self.table.seat) and words in self.text

    async def submit(self, command: Any) -> None:
        await self.table.client(self.seat).submit(command)

    async def cut(self) -> None:
        ws = self.link._ws
        assert ws is not None
        ws._response.connection.transport.abort()  # type: ignore[union-attr]

    async def leave(self) -> None:
        await self.table.leave()

    async def close(self) -> None:
        await self.link.drop()
