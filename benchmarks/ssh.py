"""A hundred people at the ssh door: a real hub with two worker processes, real clients in processes of their own.

`make bench` runs it with the others, `python benchmarks/ssh.py` alone, `python benchmarks/ssh.py 40` with fewer.
Everything runs on one machine, so the clients' own work (they decrypt all that is drawn) is in every figure.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.timing import line  # noqa: E402

SCENARIO = "card-storm"
TEAMS = ("averne", "belcora", "cadria")
"""The first two teams' people are painted anew; the neighbour sits in the third."""
ROUNDS = 12
MARK = re.compile(rb"Mark-(\d+)-")
PAINTED = b"Inbox"


def careless(config: Any) -> Any:
    """An opener for workers without back-pressure, to compare."""
    from exercise.hub import terminal_driver
    from exercise.hub.entry import hub_opener

    terminal_driver.MOST_UNREAD = 1 << 60
    return hub_opener(config)


# The hub, in a process of its own


async def hub(opener: str) -> None:
    """Hosts the exercise; each line on standard input is a number of an inject to release at once."""
    from functools import partial

    from exercise.core.control.commands import WriteInject
    from exercise.hub import host
    from exercise.hub.both_doors import DoorsConfig
    from exercise.hub.steering import make_ticket

    host.DoorsConfig = partial(DoorsConfig, opener=opener)  # type: ignore[misc,assignment]
    config = host.HostConfig(scenario=SCENARIO, seed=1, port=0, ssh_port=0, web_port=0, workers=2)
    loop = asyncio.get_running_loop()
    stdin = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdin), sys.stdin)

    def ready(running: host.Running) -> None:
        room = running.room
        room.session.start()
        codes = {}
        for team in room.session.scenario.teams:
            # A code for a role leads straight to the play screen, without a choice of places before it.
            codes[team.id] = make_ticket(room, "participant", f"{team.id}/{team.roles[0].id}").code
        [port] = [
            int(words[2])
            for card in room.doors
            for words in (address.split() for address in card.addresses)
            if card.door == "ssh"
        ]
        print(json.dumps({"port": port, "codes": codes, "pid": os.getpid()}), flush=True)
        release_task.append(loop.create_task(release(room)))

    async def release(room: Any) -> None:
        while number := (await stdin.readline()).strip():
            room.session.submit(
                WriteInject(
                    seat="facilitator",
                    sender="Desk",
                    channel="e-mail",
                    to=TEAMS[:2],
                    title=f"Mark-{number.decode()}-",
                    text="Something has changed for everybody.",
                )
            )
            print(time.monotonic(), flush=True)
        os._exit(0)

    release_task: list[asyncio.Task[None]] = []
    await host.serve(config, ready)


# Clients, in processes of their own


class Watcher:
    """One client: notes when its screen first stands, and when each mark is drawn on it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.tail = b""
        self.last = -1
        self.inside = False


async def clients(port: int, first: int, count: int, codes: list[str]) -> None:
    """Joins all at once and reports; `stop` on standard input stops reading, `end` leaves."""
    import asyncssh

    class Screen(asyncssh.SSHClientSession[bytes]):
        def __init__(self, watcher: Watcher) -> None:
            self.watcher = watcher

        def data_received(self, data: bytes, datatype: int | None) -> None:
            watcher = self.watcher
            seen = watcher.tail + data
            if not watcher.inside and PAINTED in seen:
                watcher.inside = True
                print("in", watcher.name, time.monotonic(), flush=True)
            for found in MARK.finditer(seen):
                number = int(found[1])
                if number > watcher.last:
                    watcher.last = number
                    print("got", number, time.monotonic(), flush=True)
            watcher.tail = seen[-24:]

    connections: list[asyncssh.SSHClientConnection] = []

    async def come(number: int) -> None:
        name = f"p{number}"
        connection = await asyncssh.connect(
            "127.0.0.1",
            port,
            username=name,
            password=codes[number % len(codes)],
            known_hosts=None,
            client_keys=None,
            config=None,
            login_timeout=120,
        )
        connections.append(connection)
        await connection.create_session(
            lambda: Screen(Watcher(name)), term_type="xterm-256color", term_size=(120, 40), encoding=None
        )

    stdin = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdin), sys.stdin)
    print("start", time.monotonic(), flush=True)
    # As many as a room full of people would start in the same second; the door's own bound is for those not yet in.
    gate = asyncio.Semaphore(10)

    async def gated(number: int) -> None:
        async with gate:
            await come(number)

    await asyncio.gather(*(gated(number) for number in range(first, first + count)))
    print("joined", time.monotonic(), flush=True)
    while said := (await stdin.readline()).strip():
        if said == b"stop":
            for connection in connections:
                connection._transport.pause_reading()  # type: ignore[union-attr]
        if said == b"end":
            break
    for connection in connections:
        connection.abort()


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
        self.marks = 0

    async def release(self) -> tuple[int, float]:
        """Releases an inject and returns its number and when."""
        self.marks += 1
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(b"%d\n" % self.marks)
        return self.marks, float(await self.process.stdout.readline())

    def workers(self) -> list[int]:
        """Process ids of the workers."""
        found = []
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            found += [int(pid) for pid in (task / "children").read_text().split()]
        return found

    def memory(self) -> float:
        """MB that the workers hold of their own."""
        total = 0
        for pid in self.workers():
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += sum(int(kb) for kb in re.findall(r"^Private_\w+:\s+(\d+) kB", rollup, re.M))
        return total / 1024

    def cpu(self) -> float:
        """Seconds of CPU the workers have used."""
        ticks = 0
        for pid in self.workers():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    async def crowd(self, first: int, count: int) -> Crowd:
        """Another process of clients, all coming at once."""
        codes = json.dumps([self.codes[team] for team in TEAMS[:2]])
        return Crowd(await _python("clients", str(self.port), str(first), str(count), codes))


@asynccontextmanager
async def hosting(opener: str = "exercise.hub.entry:hub_opener") -> AsyncIterator[Hub]:
    """A hub with a data folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        process = await _python("hub", opener, EXERCISE_DATA_DIR=folder, PYTHONPATH=str(ROOT))
        assert process.stdout is not None
        told = await process.stdout.readline()
        try:
            yield Hub(process, json.loads(told))
        finally:
            process.stdin.close()  # type: ignore[union-attr]
            await process.wait()


async def _python(*words: str, **environment: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        __file__,
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | environment,
    )


async def _until(holds: Any, seconds: float = 120.0) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.02)
    return True


def p99(values: list[float]) -> float:
    """The value that one in a hundred exceeds."""
    return sorted(values)[max(0, round(0.99 * len(values)) - 1)]


# What is measured


async def painting(people: int) -> None:
    """All join at once; then something changes for all of them; then somebody types meanwhile."""
    async with hosting() as it:
        empty = await _settled(it)
        first = await it.crowd(0, 20)
        await _until(lambda: len(first.inside) == 20)
        await asyncio.sleep(2)
        twenty = it.memory()
        await first.end()
        await asyncio.sleep(2)

        halves = [await it.crowd(100, people // 2), await it.crowd(200, people - people // 2)]
        done = await _until(lambda: sum(len(half.inside) for half in halves) == people)
        inside = [at for half in halves for at in half.inside]
        took = max(inside) - min(half.started for half in halves)
        line(f"{people} join at once, all painted", f"{took:.1f} s" if done else "not all", "", "wanted: < 15 s")
        await asyncio.sleep(3)
        each = (it.memory() - twenty) / (people - 20) if people > 20 else 0.0
        line("memory for each more", f"{each:.1f} MB", f"two empty workers: {empty:.0f} MB", "wanted: < 6 MB")

        last, all_of_them = [], []
        for _ in range(ROUNDS):
            number, at = await it.release()
            await _until(lambda number=number: sum(len(h.got[number]) for h in halves) >= people, 20)
            times = [got - at for half in halves for got in half.got[number]]
            all_of_them += times
            last.append(max(times) if len(times) >= people else float("inf"))
            await asyncio.sleep(0.5)
        line(
            "a change, to the last screen painted: median, worst",
            f"{statistics.median(last):.2f} s {max(last):.2f} s",
            f"one screen p99 {p99(all_of_them):.2f} s",
            "wanted: p99 < 0.7 s",
        )
        await _echo(it)
        for half in halves:
            await half.end()


async def _settled(it: Hub) -> float:
    await asyncio.sleep(1)
    return it.memory()


async def _echo(it: Hub) -> None:
    """How long a key takes to show while nothing happens, and while everybody else is painted."""
    import asyncssh

    connection = await asyncssh.connect(
        "127.0.0.1",
        it.port,
        username="neighbour",
        password=it.codes[TEAMS[2]],
        known_hosts=None,
        client_keys=None,
        config=None,
    )
    process: Any = await connection.create_process(term_type="xterm-256color", term_size=(120, 24), encoding=None)
    seen = b""
    while PAINTED not in seen:
        seen += await process.stdout.read(65536)

    # The help is open and longer than the screen: up and down both scroll it by a line.
    process.stdin.write(b"?")
    await asyncio.sleep(2)
    unanswered = 0

    async def presses(count: int) -> list[float]:
        nonlocal unanswered
        times = []
        for number in range(count):
            while True:  # what the running clock draws is read first
                try:
                    await asyncio.wait_for(process.stdout.read(1 << 20), 0.03)
                except TimeoutError:
                    break
            began = time.monotonic()
            process.stdin.write(b"\x1b[A" if number % 2 else b"\x1b[B")
            # The running clock draws its few digits meanwhile; a scrolled page is more than that.
            drawn = 0
            try:
                async with asyncio.timeout(5):
                    while drawn < 1000:
                        drawn += len(await process.stdout.read(1 << 20))
            except TimeoutError:
                unanswered += 1
            times.append(time.monotonic() - began)
        return times

    await presses(10)
    idle = await presses(60)

    async def keep_changing() -> None:
        while True:
            await it.release()
            await asyncio.sleep(0.3)

    changing = asyncio.create_task(keep_changing())
    await asyncio.sleep(0.5)
    busy = await presses(60)
    changing.cancel()
    line(
        "a neighbour's key, while all others are painted: p99",
        f"{p99(busy) * 1000:.0f} ms",
        f"idle {p99(idle) * 1000:.0f} ms, medians {statistics.median(busy) * 1000:.0f}"
        f" and {statistics.median(idle) * 1000:.0f}",
        f"wanted: within 5x (is {p99(busy) / p99(idle):.1f}x)",
    )
    if unanswered:
        line("  keys that nothing came of within 5 s", str(unanswered))
    connection.abort()


async def coming_and_going(times: int = 300, at_once: int = 20) -> None:
    """Memory of the workers after many have come and gone."""
    async with hosting() as it:

        async def wave(first: int) -> None:
            crowd = await it.crowd(first, at_once)
            await _until(lambda: len(crowd.inside) == at_once)
            await crowd.end()

        # The same names come back, as they do in a workshop: what the hub remembers of people is not the doors' memory.
        for _ in range(3):
            await wave(0)
        await asyncio.sleep(15)
        before = it.memory()
        for _ in range(times // at_once):
            await wave(0)
        await asyncio.sleep(15)
        after = it.memory()
        line(
            f"memory after {times} joins and leaves",
            f"{after / before:.3f}x",
            f"{before:.0f} MB, then {after:.0f} MB",
            "wanted: within 1.05x",
        )


async def stalling(people: int = 20, changes: int = 40) -> None:
    """CPU that clients cost which stopped reading, with back-pressure and without."""
    costs = []
    for opener in ("exercise.hub.entry:hub_opener", "benchmarks.ssh:careless"):
        async with hosting(opener) as it:
            crowd = await it.crowd(0, people)
            await _until(lambda crowd=crowd: len(crowd.inside) == people)
            crowd.say("stop")
            for count in (60, changes):  # the first fill what the network holds
                await asyncio.sleep(1)
                began, held = it.cpu(), it.memory()
                for _ in range(count):
                    await it.release()
                    await asyncio.sleep(0.25)
                await asyncio.sleep(2)
            costs.append(((it.cpu() - began) / people / changes * 1000, (it.memory() - held) / people))
            await crowd.end()
    (with_, grown), (without, grown_without) = costs
    line(
        "a stalled client, for each change",
        f"{with_:.1f} ms",
        f"without back-pressure {without:.1f} ms",
        f"wanted: a quarter (is {with_ / without:.2f})",
    )
    line("  and what it makes a worker hold", f"{grown:.1f} MB", f"without {grown_without:.1f} MB")


def main() -> None:
    """Runs all of it."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 100
    print(f"The ssh door: {people} people, two workers, {os.cpu_count()} cores")
    asyncio.run(painting(people))
    asyncio.run(stalling())
    asyncio.run(coming_and_going())


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["hub", opener]:
            asyncio.run(hub(opener))
        case ["clients", port, first, count, codes]:
            asyncio.run(clients(int(port), int(first), int(count), json.loads(codes)))
        case _:
            main()
