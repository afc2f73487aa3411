"""A hundred people at the ssh door: a real hub with two worker processes, real clients in processes of their own.

`make bench` runs it with the others, `python benchmarks/ssh.py` alone, `python benchmarks/ssh.py 40` with fewer.
Everything runs on one machine, so the clients' own work (they decrypt all that is drawn) is in every figure; it is a
twentieth of the workers'. With `TEXTUAL_SERVE` naming a Python that has the package textual-serve, or where this one
has it, `benchmarks.process_each` serves the same screens by that beside it: a process for each person.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.crowds import TEAMS, Crowd, Hub, hosting, p99, until  # noqa: E402
from benchmarks.timing import line  # noqa: E402

SCENARIO = "card-storm"
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
    """Hosts the exercise; each line on standard input is the number of an inject to release, and to how many teams."""
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
        inside = {"url": f"ws://127.0.0.1:{running.inside}/join", "secret": running.secret}
        print(json.dumps({"port": port, "codes": codes, "pid": os.getpid()} | inside), flush=True)
        release_task.append(loop.create_task(release(room)))

    async def release(room: Any) -> None:
        while words := (await stdin.readline()).decode().split():
            number, teams = words
            room.session.submit(
                WriteInject(
                    seat="facilitator",
                    sender="Desk",
                    channel="e-mail",
                    to=TEAMS[: int(teams)],
                    title=f"Mark-{number}-",
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

    def saw(self, data: bytes) -> None:
        """Looks at what is drawn."""
        seen = self.tail + data
        if not self.inside and PAINTED in seen:
            self.inside = True
            print("in", self.name, time.monotonic(), flush=True)
        for found in MARK.finditer(seen):
            number = int(found[1])
            if number > self.last:
                self.last = number
                print("got", number, time.monotonic(), flush=True)
        self.tail = seen[-24:]


async def clients(port: int, first: int, count: int, codes: list[str]) -> None:
    """Joins all at once and reports; `stop` on standard input stops reading, `end` leaves."""
    import asyncssh

    class Screen(asyncssh.SSHClientSession[bytes]):
        def __init__(self, watcher: Watcher) -> None:
            self.watcher = watcher

        def data_received(self, data: bytes, datatype: int | None) -> None:
            self.watcher.saw(data)

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


# What is measured


async def painting(people: int) -> None:
    """All join at once; then something changes for all of them; then somebody types meanwhile."""
    async with hosting() as it:
        empty = await _settled(it)
        first = await it.crowd(0, 20)
        await until(lambda: len(first.inside) == 20)
        await asyncio.sleep(2)
        twenty = it.memory()
        await first.end()
        await asyncio.sleep(2)

        halves = [await it.crowd(100, people // 2), await it.crowd(200, people - people // 2)]
        done = await until(lambda: sum(len(half.inside) for half in halves) == people)
        inside = [at for half in halves for at in half.inside]
        took = max(inside) - min(half.started for half in halves)
        line(f"{people} join at once, all painted", f"{took:.1f} s" if done else "not all", "", "wanted: < 15 s")
        await asyncio.sleep(3)
        each = (it.memory() - twenty) / (people - 20) if people > 20 else 0.0
        line("memory for each more", f"{each:.1f} MB", f"two empty workers: {empty:.0f} MB", "wanted: < 6 MB")

        await changes(it, halves, people, it.cpu)
        # Every second one is of the first team.
        await neighbour(it, {"half of them": 1, "all of them": 2})
        for half in halves:
            await half.end()


async def _settled(it: Hub) -> float:
    await asyncio.sleep(1)
    return it.memory()


async def changes(it: Hub, crowds: list[Crowd], people: int, cpu: Callable[[], float]) -> None:
    """How long a change for all takes to each screen, and what it costs."""
    last, all_of_them, used = [], [], cpu()
    for _ in range(ROUNDS):
        number, at = await it.release()
        await until(lambda number=number: sum(len(crowd.got[number]) for crowd in crowds) >= people, 20)
        times = [got - at for crowd in crowds for got in crowd.got[number]]
        all_of_them += times
        last.append(max(times) if len(times) >= people else float("inf"))
        await asyncio.sleep(0.5)
    line(
        "a change, to the last screen painted: median, worst",
        f"{statistics.median(last):.2f} s {max(last):.2f} s",
        f"one screen p99 {p99(all_of_them):.2f} s",
        "wanted: p99 < 0.7 s",
    )
    line(
        "  CPU for each screen of it", f"{(cpu() - used) / people / ROUNDS * 1000:.1f} ms", "its clock's beats among it"
    )


async def neighbour(it: Hub, busy: dict[str, int]) -> None:
    """How long a key takes to show at the ssh door."""
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

    async def press(keys: bytes) -> None:
        process.stdin.write(keys)

    await echo(it, lambda: process.stdout.read(1 << 20), press, busy)
    connection.abort()


async def echo(
    it: Hub, read: Callable[[], Awaitable[bytes]], press: Callable[[bytes], Awaitable[None]], busy: dict[str, int]
) -> None:
    """How long a key takes to show while nothing happens, and while others are painted: in words, how many teams."""
    seen = b""
    while PAINTED not in seen:
        seen += await read()

    # The help is open and longer than the screen: up and down both scroll it by a line.
    await press(b"?")
    await asyncio.sleep(2)
    unanswered = 0

    async def presses(count: int) -> list[float]:
        nonlocal unanswered
        times = []
        for number in range(count):
            while True:  # what the running clock draws is read first
                try:
                    await asyncio.wait_for(read(), 0.03)
                except TimeoutError:
                    break
            began = time.monotonic()
            await press(b"\x1b[A" if number % 2 else b"\x1b[B")
            # The running clock draws its few digits meanwhile; a scrolled page is more than that.
            drawn = 0
            try:
                async with asyncio.timeout(5):
                    while drawn < 1000:
                        drawn += len(await read())
            except TimeoutError:
                unanswered += 1
            times.append(time.monotonic() - began)
        return times

    async def keep_changing(teams: int) -> None:
        while True:
            await it.release(teams)
            await asyncio.sleep(0.3)

    await presses(10)
    for whom, teams in busy.items():
        idle = await presses(60)
        changing = asyncio.create_task(keep_changing(teams))
        await asyncio.sleep(0.5)
        times = await presses(60)
        changing.cancel()
        line(
            f"a neighbour's key, while {whom} are painted: p99",
            f"{p99(times) * 1000:.0f} ms",
            f"idle {p99(idle) * 1000:.0f} ms, medians {statistics.median(times) * 1000:.0f}"
            f" and {statistics.median(idle) * 1000:.0f}",
            f"wanted: within 5x (is {p99(times) / p99(idle):.1f}x)",
        )
        await asyncio.sleep(2)
    if unanswered:
        line("  keys that nothing came of within 5 s", str(unanswered))


async def coming_and_going(times: int = 300, at_once: int = 20) -> None:
    """Memory of the workers after many have come and gone."""
    async with hosting() as it:

        async def wave(first: int) -> None:
            crowd = await it.crowd(first, at_once)
            await until(lambda: len(crowd.inside) == at_once)
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
            await until(lambda crowd=crowd: len(crowd.inside) == people)
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
    from benchmarks import process_each

    print(f"The ssh door: {people} people, two workers, {os.cpu_count()} cores")
    asyncio.run(painting(people))
    asyncio.run(stalling())
    asyncio.run(coming_and_going())
    process_each.main()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["hub", opener]:
            asyncio.run(hub(opener))
        case ["clients", port, first, count, codes]:
            asyncio.run(clients(int(port), int(first), int(count), json.loads(codes)))
        case _:
            main()
