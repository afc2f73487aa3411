"""The same screens served by textual-serve, which starts a process for each person, and by the ssh door beside it.

`python -m benchmarks.ssh` ends with it, `python -m benchmarks.process_each 20` runs it alone. It needs the package
textual-serve, which the project does not use: `TEXTUAL_SERVE=/some/venv/bin/python`, or installed beside the project.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shlex
import socket
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.crowds import TEAMS, Crowd, Hub, cpu_of, hosting, memory_of, own_role, until  # noqa: E402
from benchmarks.ssh import Watcher, changes, echo, neighbour  # noqa: E402
from benchmarks.timing import line  # noqa: E402

PEOPLE = 20
WIDTH, HEIGHT = 120, 40
_MESSAGES = "ws://127.0.0.1:{port}/ws?width={width}&height={height}"


def server() -> str:
    """A Python that has textual-serve, or ''."""
    return os.environ.get("TEXTUAL_SERVE", "") or (sys.executable if importlib.util.find_spec("textual_serve") else "")


# In processes of their own


async def app(url: str, code: str) -> None:
    """One person's screens, as a process of its own shows them."""
    from exercise.hub.entry import HubOpener

    entry = await HubOpener(url, os.environ["HUB_SECRET"]).open(code, "", "browser", "127.0.0.1")
    await entry.app(lambda tell: tell()).run_async()
    await entry.close()


async def clients(port: int, count: int) -> None:
    """Joins all at once and reports, as `benchmarks.ssh.clients` does."""
    import aiohttp

    stdin = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdin), sys.stdin)
    print("start", time.monotonic(), flush=True)

    async def come(http: aiohttp.ClientSession, number: int) -> None:
        watcher = Watcher(f"p{number}")
        async with http.ws_connect(_MESSAGES.format(port=port, width=WIDTH, height=HEIGHT)) as messages:
            async for message in messages:
                if message.type is aiohttp.WSMsgType.BINARY:
                    watcher.saw(message.data)

    async with aiohttp.ClientSession() as http:
        people = [asyncio.create_task(come(http, number)) for number in range(count)]
        await stdin.readline()
        for one in people:
            one.cancel()
        await asyncio.gather(*people, return_exceptions=True)


class Served:
    """A textual-serve that opens one code's screens for whoever comes."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process, self.port = process, port

    @classmethod
    async def start(cls, python: str, it: Hub, team: str) -> Served:
        """Starts it, and returns when it answers."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = shlex.join([sys.executable, __file__, "app", it.url, it.codes[team]])
        serve = f"from textual_serve.server import Server; Server({command!r}, host='127.0.0.1', port={port}).serve()"
        process = await asyncio.create_subprocess_exec(
            python,
            "-c",
            serve,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env=os.environ | {"HUB_SECRET": it.secret, "PYTHONPATH": ""},
            cwd="/",
        )
        for _ in range(200):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                break
        return cls(process, port)

    def apps(self) -> list[int]:
        """Process ids of the screens, without the shells that started them."""
        found, below = [], [self.process.pid]
        while below:
            for task in Path(f"/proc/{below.pop()}/task").iterdir():
                children = [int(pid) for pid in (task / "children").read_text().split()]
                found += [pid for pid in children if b"\0app\0" in Path(f"/proc/{pid}/cmdline").read_bytes()]
                below += children
        return found

    async def crowd(self, count: int) -> Crowd:
        """A process of clients, all coming at once."""
        return Crowd(await own_role("clients", str(self.port), str(count), file=__file__))

    async def end(self) -> None:
        """Ends it, and what it has started."""
        self.process.terminate()
        await self.process.wait()


# What is measured


async def _joining(crowd: Crowd, people: int) -> None:
    done = await until(lambda: len(crowd.inside) == people)
    took = max(crowd.inside, default=0.0) - crowd.started
    line(f"{people} join at once, all painted", f"{took:.1f} s" if done else "not all")
    await asyncio.sleep(3)


async def by_ssh(people: int) -> None:
    """At the ssh door, with two workers."""
    async with hosting() as it:
        await asyncio.sleep(1)
        empty = it.memory()
        crowd = await it.crowd(0, people)
        await _joining(crowd, people)
        full = it.memory()
        line("memory for each", f"{(full - empty) / people:.1f} MB", f"with the workers' own: {full / people:.1f} MB")
        await changes(it, [crowd], people, it.cpu)
        await neighbour(it, {"all of them": 2})
        await crowd.end()


async def by_processes(python: str, people: int) -> None:
    """By textual-serve."""
    import aiohttp

    async with hosting() as it:
        first, third = await Served.start(python, it, TEAMS[0]), await Served.start(python, it, TEAMS[2])
        try:
            crowd = await first.crowd(people)
            await _joining(crowd, people)
            apps = first.apps()
            line("memory for each", f"{memory_of(apps) / max(1, len(apps)):.1f} MB", f"{len(apps)} processes")
            await changes(it, [crowd], people, lambda: cpu_of([first.process.pid, *apps]))
            async with (
                aiohttp.ClientSession() as http,
                http.ws_connect(_MESSAGES.format(port=third.port, width=WIDTH, height=24)) as messages,
            ):

                async def read() -> bytes:
                    message: Any = await messages.receive()
                    return message.data if message.type is aiohttp.WSMsgType.BINARY else b""

                async def press(keys: bytes) -> None:
                    await messages.send_json(["stdin", keys.decode()])

                await echo(it, read, press, {"all of them": 2})
            await crowd.end()
        finally:
            await first.end()
            await third.end()


def main(people: int = PEOPLE) -> None:
    """Runs both, if textual-serve is there."""
    python = server()
    if not python:
        line("textual-serve beside it", "not here", "TEXTUAL_SERVE=python that has it")
        return
    print(f"The ssh door, {people} people")
    asyncio.run(by_ssh(people))
    print(f"textual-serve, {people} people")
    asyncio.run(by_processes(python, people))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["app", url, code]:
            asyncio.run(app(url, code))
        case ["clients", port, count]:
            asyncio.run(clients(int(port), int(count)))
        case words:
            main(int(words[0]) if words else PEOPLE)
