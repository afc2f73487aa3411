"""Nothing leaks by what is painted: what the ssh and the browser door draw is searched as the wire's bytes are.

The exercise is the aviary of `test_secrecy`. Each seat sits at a wide terminal, over a real ssh connection or the
browser's WebSocket, and opens one screen after the other while the exercise is played to its end.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import test_hub_ssh
import test_hub_web
from hosting import Hosting, hosted
from strategies import commands_for, to_the_end
from test_secrecy import BUSY, CANARY, CREW, FACT, Ears, aviary

from exercise.catalogue import load_reference
from exercise.errors import CommandRejected
from exercise.hub.both_doors import DoorsConfig
from exercise.hub.entry import hub_opener
from exercise.session.control import Startex
from exercise.session.session import Session
from exercise.session.store import MemoryStore

BY_SSH, BY_BROWSER = ("averne/lead", "belmark/lead"), ("averne/police", "belmark/lead")
WIDE, HIGH = 240, 70
KEYS = ("r", "c", "e", "m", "j", "p", "o", "w", "?")
"""What opens the screens of a team, and help."""
_COLOUR = re.compile(rb"\x1b\[[0-9;:]*m")
_STEER = re.compile(rb"\x1b(?:\[[0-9;?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_].*?\x1b\\|[@-_])", re.DOTALL)


class Watcher:
    """Somebody at a terminal, of whom every byte that is drawn is kept."""

    def __init__(self, seat: str, write: Callable[[str], Any]) -> None:
        self.ear, self.seat, self.write = Ears(seat), seat, write
        self.drawn = bytearray()
        self.bytes = 0
        self.sung: set[str] = set()

    def take(self, data: bytes | str) -> None:
        """Keeps what comes."""
        found = data.encode() if isinstance(data, str) else data
        self.drawn += found
        self.bytes += len(found)

    def scan(self, over: bool) -> None:
        """What was drawn since the last look holds no canary that this seat may not hear."""
        # Colours change in the middle of a word; whatever moves the cursor ends one.
        text = _STEER.sub(b"\n", _COLOUR.sub(b"", bytes(self.drawn))).decode(errors="replace")
        self.drawn.clear()
        found = set(CANARY.findall(text))
        self.sung |= found
        leaks = sorted(canary for canary in found if not self.ear.may_hear(canary))
        assert over or not leaks, f"{self.seat} is shown {leaks}"


async def test_no_painted_byte_sings_early(tmp_path: Path) -> None:
    """Protects every secret of a scenario on the way to a terminal, from the lobby to ENDEX."""
    played, store = aviary(), MemoryStore()
    session = Session.start_new(played, load_reference(), store, seed=1, pace="stepped")
    async with hosted(played, store, session) as hosting:
        config = DoorsConfig(url=hosting.url, secret=hosting.server.worker_secret, host_key=str(tmp_path / "key"))
        opener: Any = hub_opener(config)
        async with (
            test_hub_ssh.standing_open(tmp_path, opener) as ssh,
            test_hub_web.standing_open(tmp_path, opener) as web,
            AsyncExitStack() as open_ones,
        ):
            control = await hosting.control()
            watchers = [await _by_ssh(ssh, hosting, seat, open_ones) for seat in BY_SSH]
            watchers += [await _by_browser(web, hosting, seat, open_ones) for seat in BY_BROWSER]
            done = 0

            async def look(keys: tuple[str, ...] = ()) -> None:
                nonlocal done
                state = hosting.room.session.state
                for entry in session.entries[done:]:
                    for watcher in watchers:
                        watcher.ear.listen(entry.event, state, played)
                done = len(session.entries)
                for key in keys:
                    for watcher in watchers:
                        await watcher.write(key)
                    await asyncio.sleep(0.12)
                    for watcher in watchers:
                        await watcher.write("\x1b")
                    await asyncio.sleep(0.12)
                await asyncio.sleep(0.1)
                for watcher in watchers:
                    watcher.scan(over=state.clock.phase == "ended")

            await asyncio.sleep(1)
            await look()
            await control.ask(Startex(facts={FACT: CREW}))
            await look(KEYS)
            for step, wish in enumerate(BUSY):
                command = commands_for(wish, played, session.state)
                if session.state.clock.running:
                    session.advance(command.play)
                try:
                    session.submit(command)
                except CommandRejected:
                    continue
                await look(KEYS[step % len(KEYS) :][:1])
            await look(KEYS)
            for _ in range(2 * len(played.moves) + 1):
                for command in to_the_end(session.state):
                    if session.state.clock.running:
                        session.advance(command.play)
                    try:
                        session.submit(command)
                    except CommandRejected:
                        continue
                    await look(KEYS[:2])
            assert session.state.clock.phase == "ended"
            for watcher in watchers:
                assert watcher.bytes > 20_000 and len(watcher.sung) > 5


async def _by_ssh(door: Any, hosting: Hosting, seat: str, open_ones: AsyncExitStack) -> Watcher:
    code = hosting.code("participant", seat)
    connection = await open_ones.enter_async_context(await door.connect(username=f"w {seat}", password=code))
    process = await connection.create_process(term_type="xterm-256color", term_size=(WIDE, HIGH), encoding=None)

    async def write(key: str) -> None:
        process.stdin.write(key.encode())

    async def look() -> None:
        while data := await process.stdout.read(65_536):
            watcher.take(data)

    watcher = Watcher(seat, write)
    open_ones.callback(asyncio.create_task(look()).cancel)
    return watcher


async def _by_browser(door: Any, hosting: Hosting, seat: str, open_ones: AsyncExitStack) -> Watcher:
    ws = await open_ones.enter_async_context(test_hub_web.connected(door))
    await ws.send_json({"code": hosting.code("participant", seat), "name": f"b {seat}", "size": [WIDE, HIGH]})

    async def look() -> None:
        async for message in ws:
            watcher.take(message.data)

    watcher = Watcher(seat, lambda key: ws.send_json({"typed": key}))
    open_ones.callback(asyncio.create_task(look()).cancel)
    return watcher
