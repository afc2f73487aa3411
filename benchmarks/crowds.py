"""A real hub and real clients in processes of their own, for the benchmarks of the doors, and what they use."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SSH = Path(__file__).with_name("ssh.py")

TEAMS = ("averne", "belcora", "cadria")
"""The first two teams' people are painted anew; the neighbour sits in the third."""


class Crowd:
    """A process of clients, and what it has reported."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.inside: list[float] = []
        self.got: dict[int, list[float]] = defaultdict(list)
        self.started = 0.0
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while words := (await self.process.stdout.readline()).split():
            match words[0]:
                case b"start":
                    self.started = float(words[1])
                case b"in":
                    self.inside.append(float(words[2]))
                case b"got":
                    self.got[int(words[1])].append(float(words[2]))

    def say(self, word: str) -> None:
        """Tells the process something."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n".encode())

    async def end(self) -> None:
        """All leave."""
        self.say("end")
        await self.process.wait()
        await self._reading


class Hub:
    """The hub's process."""

    def __init__(self, process: asyncio.subprocess.Process, told: dict[str, Any]) -> None:
        self.process, self.port, self.codes, self.pid = process, told["port"], told["codes"], told["pid"]
        self.url, self.secret = told["url"], told["secret"]
        self.marks = 0

    async def release(self, teams: int = 2) -> tuple[int, float]:
        """Releases an inject to so many teams and returns its number and when."""
        self.marks += 1
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(b"%d %d\n" % (self.marks, teams))
        return self.marks, float(await self.process.stdout.readline())

    def workers(self) -> list[int]:
        """Process ids of the workers."""
        found = []
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            found += [int(pid) for pid in (task / "children").read_text().split()]
        return found

    def memory(self) -> float:
        """MB that the workers hold of their own."""
        return memory_of(self.workers())

    def cpu(self) -> float:
        """Seconds of CPU the workers have used."""
        return cpu_of(self.workers())

    async def crowd(self, first: int, count: int) -> Crowd:
        """Another process of clients, all coming at once."""
        codes = json.dumps([self.codes[team] for team in TEAMS[:2]])
        return Crowd(await own_role("clients", str(self.port), str(first), str(count), codes))


@asynccontextmanager
async def hosting(opener: str = "exercise.hub.entry:hub_opener") -> AsyncIterator[Hub]:
    """A hub with a data folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        process = await own_role("hub", opener, EXERCISE_DATA_DIR=folder, PYTHONPATH=str(ROOT))
        assert process.stdout is not None
        told = await process.stdout.readline()
        try:
            yield Hub(process, json.loads(told))
        finally:
            process.stdin.close()  # type: ignore[union-attr]
            await process.wait()


async def own_role(*words: str, file: str | Path = SSH, **environment: str) -> asyncio.subprocess.Process:
    """One of this program's own roles, in a process of its own."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        file,
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | environment,
    )


def memory_of(processes: Iterable[int]) -> float:
    """MB that these processes hold of their own."""
    total = 0
    for pid in processes:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += sum(int(kb) for kb in re.findall(r"^Private_\w+:\s+(\d+) kB", rollup, re.M))
    return total / 1024


def cpu_of(processes: Iterable[int]) -> float:
    """Seconds of CPU that these processes have used."""
    ticks = 0
    for pid in processes:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


async def until(holds: Any, seconds: float = 120.0) -> bool:
    """Waits until something holds, and says whether it came to hold in time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.02)
    return True


def p99(values: list[float]) -> float:
    """The value that one in a hundred exceeds."""
    return sorted(values)[max(0, round(0.99 * len(values)) - 1)]
