"""One hub and many real WebSocket clients: from a public inject released to everybody holding their own new view.

The hub runs as the process it is, with its store on disk. The clients run in two other processes, each with a link, a
feed and a decoded view of its own. Beside it, in the same run, the same bytes are sent by a bare aiohttp broadcast.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import aiohttp
import psutil
from aiohttp import web
from faulting import HubProcess

from benchmarks.timing import line
from exercise.core.commands import PauseClock, WriteNote
from exercise.core.control.commands import WriteInject
from exercise.core.evolve import evolve
from exercise.core.observe import participant_view
from exercise.core.scenario import Scenario
from exercise.core.state import State
from exercise.core.teamwork.commands import Say
from exercise.core.teamwork.observer import observer_view
from exercise.core.teamwork.seating import seats_of
from exercise.core.views import ParticipantView
from exercise.errors import CommandRejected
from exercise.hub.audience import looked_at, packed
from exercise.hub.feeds import SHAPES
from exercise.hub.link import Link
from exercise.hub.protocol import Ask, Hello
from exercise.hub.remote import RemoteTable
from exercise.hub.remote_control import RemoteControl, come_in
from exercise.session.control import Startex

SCENARIO = "card-storm"
PROCESSES = 2
ROUNDS, WARM_UP = 40, 10
ASKERS, ASKING = 50, 5.0
"""Clients that ask at once, and for how many seconds."""

TITLE = "Bulletin"


def main() -> None:
    """Prints the figures for 200 connected, and for 1,000."""
    print(f"Load of the machine before: {os.getloadavg()[0]:.1f}")
    print("Hub (inject released → every client holds its own new view; real processes over loopback)")
    asyncio.run(_measured(200, wanted=50.0, asking=True))
    asyncio.run(_measured(1_000, wanted=300.0, asking=False))


async def _measured(count: int, *, wanted: float, asking: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        hub = await asyncio.to_thread(HubProcess(Path(folder), SCENARIO).start)
        try:
            link = Link(hub.url, Hello(code=hub.code("facilitator"), name="Ada"))
            control = await come_in(link)
            assert isinstance(control, RemoteControl)
            await control.ask(Startex())
            async with _crowd(hub, count) as crowd:
                process = psutil.Process(hub.pid)
                before = process.cpu_times()
                taken = [await _release(control, crowd, number) for number in range(WARM_UP + ROUNDS)]
                after = process.cpu_times()
                cpu = (after.user + after.system - before.user - before.system) / len(taken) * 1000
                memory = process.memory_info().rss / 1e6
                head, told = _as_sent(hub)
                bare = await _bare(count, told)
                _print(count, taken[WARM_UP:], bare, len(told), wanted)
                line(f"{count}: the hub's CPU for a change", f"{cpu:.1f} ms", f"memory {memory:.0f} MB")
                if asking:
                    answers = await crowd.all({"do": "ask", "seconds": ASKING, "askers": ASKERS})
                    asked = sum(answer["accepted"] for answer in answers)
                    line(f"{ASKERS} of {count} ask at once: kept and answered", f"{asked / ASKING:,.0f} /s")
                await control.submit(PauseClock())
                await _correct(hub, crowd, count, head)
            await link.drop()
        finally:
            hub.stop()


def _print(count: int, taken: list[list[float]], bare: list[list[float]], size: int, wanted: float) -> None:
    for name, rounds, aim in (("hub", taken, wanted), (f"bare aiohttp, {size:,} bytes", bare, 0.0)):
        each = sorted(one for round in rounds for one in round)
        ends = sorted(max(round) for round in rounds)
        last = f"{ends[len(ends) // 2]:.1f}, at best {ends[0]:.1f}"
        line(
            f"{count}: {name}: p99 of all",
            f"{each[int(len(each) * 0.99)]:.1f} ms",
            f"p50 {statistics.median(each):.1f}, max {each[-1]:.1f}, last of a round {last}",
            f"under {aim:.0f} ms" if aim else "",
        )


async def _release(control: RemoteControl, crowd: _Crowd, number: int) -> list[float]:
    title = f"{TITLE} {number}"
    wait = asyncio.create_task(crowd.all({"do": "wait", "title": title}))
    await asyncio.sleep(0.05)
    started = time.monotonic()
    text = "The ministry of the interior has put out a new bulletin. " * 4
    await control.submit(WriteInject(sender="Wire service", channel="media", to=("all",), title=title, text=text))
    return [(at - started) * 1000 for answer in await wait for at in answer["held"]]


def _as_sent(hub: HubProcess) -> tuple[str, bytes | str]:
    """The message that the last inject was to a team's seat."""
    log = hub.log()
    state, before = State(), State()
    for entry in log.entries:
        if type(entry.event).__name__ == "InjectReleased":
            before = state
        state = evolve(state, entry.event)
    seat = log.scenario.teams[0].id
    views = [participant_view(log.scenario, one, seat) for one in (before, state)]
    patch = json.dumps(SHAPES["seat"].patch(*views), ensure_ascii=False)
    return log.head, packed(f'{{"say":"feed","feed":"seat:{seat}","play":0,"exercise":0,"patch":{patch}}}'.encode())


# The crowd


class _Crowd:
    """Client processes, each with many links in one loop; orders go by standard input and come back by its output."""

    def __init__(self, processes: list[asyncio.subprocess.Process]) -> None:
        self._processes = processes

    async def all(self, order: dict[str, Any]) -> list[dict[str, Any]]:
        """Gives an order to all and waits for their answers."""
        return await asyncio.gather(*(_order(process, order) for process in self._processes))


async def _client_process(*words: str) -> asyncio.subprocess.Process:
    pipe = subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, __file__, *words, stdin=pipe, stdout=pipe, limit=64 * 1024 * 1024
    )


async def _order(process: asyncio.subprocess.Process, order: dict[str, Any]) -> dict[str, Any]:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps(order).encode() + b"\n")
    await process.stdin.drain()
    answer: dict[str, Any] = json.loads(await process.stdout.readline())
    return answer


@asynccontextmanager
async def _crowd(hub: HubProcess, count: int) -> Any:
    people = _people(hub, count)
    processes = []
    try:
        for _ in range(PROCESSES):
            processes.append(await _client_process("--crowd"))
        crowd = _Crowd(processes)
        started = time.monotonic()
        await asyncio.gather(
            *(
                _order(process, {"url": hub.url, "people": people[number::PROCESSES]})
                for number, process in enumerate(processes)
            )
        )
        line(f"{count} clients have come in and hold their first view", f"{time.monotonic() - started:.1f} s")
        yield crowd
    finally:
        for process in processes:
            process.kill()
            await process.wait()


def _people(hub: HubProcess, count: int) -> list[tuple[str, str, str]]:
    """Code, name and seat: two thirds over the seats, the rest look on."""
    codes = {(ticket.kind, ticket.seat): ticket.code for ticket in hub.tickets()}
    teams = hub.log().scenario.teams
    seats = [(codes["participant", team.id], seat) for team in teams for seat in seats_of(team)]
    people = []
    for number in range(count):
        code, seat = seats[number % len(seats)]
        if number % 3 == 2 and number >= len(seats):
            code, seat = codes[("observer", "evaluator")[number % 2], ""], ""
        people.append((code, f"Person {number}", seat))
    return people


class _Client:
    """One of the crowd: notes when it holds a view with the bulletin waited for."""

    def __init__(self, table: RemoteTable) -> None:
        self.table = table
        self.seat = table.seats[0][0]
        self.feed = f"seat:{self.seat}"
        self.held: asyncio.Future[float] | None = None
        self.title = ""
        table.link.subscribe(self._look)

    def expect(self, title: str) -> asyncio.Future[float]:
        """The moment at which it will hold that bulletin."""
        self.title, self.held = title, asyncio.get_running_loop().create_future()
        return self.held

    def view(self) -> ParticipantView:
        """What it holds."""
        view: ParticipantView = self.table.link.received[self.feed].view
        return view

    def _look(self) -> None:
        if self.held is not None and not self.held.done():
            inbox = self.view().inbox
            if inbox and any(item.title == self.title for item in (inbox[0], inbox[-1])):
                self.held.set_result(time.monotonic())


async def _crowd_main() -> None:
    loop = asyncio.get_running_loop()
    orders: asyncio.Queue[str] = asyncio.Queue()
    loop.run_in_executor(None, lambda: _read(loop, orders))
    first = json.loads(await orders.get())
    gate = asyncio.Semaphore(20)

    async def come(code: str, name: str, seat: str) -> _Client:
        async with gate:
            table = await come_in(Link(first["url"], Hello(code=code, name=name, seat=seat)))
            assert isinstance(table, RemoteTable)
            return _Client(table)

    clients = await asyncio.gather(*(come(*person) for person in first["people"]))
    # Each person has a process of their own: what all of them leave for the collector here would be told as the hub's.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
    _say({"in": len(clients)})
    while True:
        order = json.loads(await orders.get())
        if order["do"] == "wait":
            async with asyncio.timeout(30):
                _say({"held": await asyncio.gather(*(client.expect(order["title"]) for client in clients))})
        elif order["do"] == "ask":
            able = [client for client in clients if client.table.looks_on or client.table.acting]
            _say({"accepted": await _ask_on(able[: order["askers"] // PROCESSES], order["seconds"])})
        else:
            _say({"views": [[client.seat, client.table.looks_on, digest(client.view())] for client in clients]})


async def _ask_on(clients: list[_Client], seconds: float) -> int:
    """What was accepted of so many clients that each ask again as soon as they are answered."""
    end = time.monotonic() + seconds
    accepted = 0

    async def ask(number: int, client: _Client) -> None:
        nonlocal accepted
        words = 0
        while time.monotonic() < end:
            words += 1
            try:
                await _say_something(client, f"Word {words} of {number}.")
            except CommandRejected as refused:
                assert refused.code in ("beside", "flood", "lost"), refused.code
                await asyncio.sleep(0.2)
                continue
            accepted += 1

    await asyncio.gather(*(ask(number, client) for number, client in enumerate(clients)))
    return accepted


async def _say_something(client: _Client, text: str) -> None:
    say: Say | WriteNote = Say(to=client.seat.partition("/")[0], text=text)
    if client.table.looks_on:
        say = WriteNote(text=text)
    await client.table.link.ask(lambda id: Ask(id=id, command=say))


def _read(loop: asyncio.AbstractEventLoop, orders: asyncio.Queue[str]) -> None:
    for order in sys.stdin:
        loop.call_soon_threadsafe(orders.put_nowait, order)


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


# Whether what they hold is right


def digest(view: ParticipantView) -> str:
    """Of a view but for where its clocks stand."""
    still = replace(view, clock=replace(view.clock, play=0, exercise=0))
    return hashlib.sha256(SHAPES["seat"].whole(still)).hexdigest()


async def _correct(hub: HubProcess, crowd: _Crowd, count: int, _head: str) -> None:
    """Compares what every client holds with what the rules build from the log on disk."""
    log = hub.log()
    rights: dict[tuple[str, bool], str] = {}
    for _ in range(50):
        held = [view for answer in await crowd.all({"do": "show"}) for view in answer["views"]]
        wrong = 0
        for seat, looks_on, found in held:
            key = (seat, looks_on)
            if key not in rights:
                rights[key] = digest(_right(log.scenario, log.state, seat, looks_on=looks_on))
            wrong += found != rights[key]
        if not wrong:
            break
        await asyncio.sleep(0.1)
    line(f"{count}: views held in the end that are right", f"{len(held) - wrong} of {count}", "", "all")


def _right(scenario: Scenario, state: State, seat: str, *, looks_on: bool) -> ParticipantView:
    if looks_on:
        return looked_at(observer_view(scenario, state, seat))
    return participant_view(scenario, state, seat)


# The bare broadcast beside it


async def _bare(count: int, message: bytes | str) -> list[list[float]]:
    """The same message to as many bare clients, in as many processes, by sequential sends."""
    sockets: list[web.WebSocketResponse] = []

    async def join(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(compress=False)
        await ws.prepare(request)
        sockets.append(ws)
        async for _ in ws:
            pass
        return ws

    app = web.Application()
    app.router.add_get("/join", join)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=512)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    processes = [await _client_process("--bare", str(port), str(count // PROCESSES)) for _ in range(PROCESSES)]
    while len(sockets) < count // PROCESSES * PROCESSES:
        await asyncio.sleep(0.02)
    rounds = []
    for _ in range(WARM_UP + ROUNDS):
        waits = asyncio.gather(*(process.stdout.readline() for process in processes if process.stdout))
        await asyncio.sleep(0.05)
        started = time.monotonic()
        for ws in sockets:
            if isinstance(message, bytes):
                await ws.send_bytes(message)
            else:
                await ws.send_str(message)
        rounds.append([(at - started) * 1000 for answer in await waits for at in json.loads(answer)])
    for process in processes:
        process.kill()
        await process.wait()
    await runner.cleanup()
    return rounds[WARM_UP:]


async def _bare_main(port: int, count: int) -> None:
    held: list[float] = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:

        async def hear() -> None:
            async with http.ws_connect(f"ws://127.0.0.1:{port}/join") as ws:
                async for _ in ws:
                    held.append(time.monotonic())
                    if len(held) == count:
                        print(json.dumps(held), flush=True)
                        held.clear()

        await asyncio.gather(*(hear() for _ in range(count)))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--crowd"]:
            asyncio.run(_crowd_main())
        case ["--bare", port, count]:
            asyncio.run(_bare_main(int(port), int(count)))
        case _:
            main()
