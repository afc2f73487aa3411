"""Faults by number: hubs, clients and doors killed, wires cut, the disk full; what was accepted, and what was lost.

After each fault the log is verified with its rules. `python -m benchmarks.faults 20` kills the hub only so many times.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import psutil
from cluster import binaries, running
from faulting import (
    HubProcess,
    Player,
    Wire,
    come,
    free_port,
    in_control,
    lost_or_doubled,
    right_view,
    seated,
    without_times,
)

from benchmarks.timing import line
from exercise.core.commands import ResumeClock
from exercise.core.control.commands import WriteInject
from exercise.core.teamwork.commands import Say
from exercise.errors import CommandRejected
from exercise.hub import link as links
from exercise.hub.remote_control import RemoteControl
from exercise.session.control import Startex

KILLS, CLIENT_KILLS, DOOR_KILLS = 100, 20, 5
RIGHT = ("door process", "the exercise cannot go on")
"""What a hub's log says rightly of what is done to it here."""

CUT = 60.0
"""Seconds for which half the clients hear nothing."""


def main(kills: int = KILLS) -> None:
    """Prints what was counted."""
    links.SLOWEST_RETRY = 0.5  # What is counted here is not patience.
    print("Faults (real processes; the log verified with its rules after each)")
    asyncio.run(_all(kills))


async def _all(kills: int) -> None:
    with _folder() as folder:
        await _hub_kills(folder, kills)
    with _folder() as folder:
        await _client_kills(folder)
    with _folder() as folder:
        await _door_kills(folder)
    with _folder() as folder:
        await _cut(folder)
    with _folder() as folder:
        await _disk_full(folder)
    with _folder() as folder:
        await _two_hubs(folder)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


async def _until(holds: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise RuntimeError("it did not come true in time")
        await asyncio.sleep(0.02)


async def _playing(players: list[Player], meanwhile: Awaitable[object]) -> None:
    """People play while something happens."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(player.play(stop)) for player in players]
    await meanwhile
    stop.set()
    await asyncio.gather(*tasks)


async def _begun(hub: HubProcess, *, url: str = "") -> RemoteControl:
    control = await in_control(url or hub.url, hub.code("facilitator"))
    await control.ask(Startex())
    return control


def _count(what: str, times: int, players: list[Player], hub: HubProcess, beside: str = "") -> None:
    """Verifies, and prints what was lost."""
    lost = lost_or_doubled(hub.verified(), players)
    accepted = sum(len(player.taken) for player in players)
    faults = [one for one in hub.complaints() if all(words not in one for words in RIGHT)]
    line(f"{what}: {times}×: accepted {accepted:,}, lost or doubled", f"{len(lost)}", beside or "the log verifies", "0")
    for fault in faults[:3]:
        line(f"  the hub complained: {fault[:100]}", "")


async def _hub_kills(folder: Path, kills: int) -> None:
    hub = await asyncio.to_thread(HubProcess(folder).start)
    chance = random.Random(1)
    control = await _begun(hub)
    players = await seated(hub, 8, chance)
    others = wrong = unpaused = kept = 0
    down: list[float] = []
    for number in range(kills):
        await _until(lambda: not control.trouble)
        with suppress(CommandRejected):
            await control.submit(ResumeClock())

        async def kill() -> None:
            await asyncio.sleep(chance.uniform(0.05, 1.0))
            hub.kill()

        await _playing(players, kill())
        started = time.monotonic()
        await hub.start_again()
        await _until(lambda: all(player.back for player in players))
        down.append(time.monotonic() - started)
        others += sum(not player.same() or not player.table.acting for player in players)
        unpaused += hub.log().state.clock.running
        wrong += bool(lost_or_doubled(hub.verified(), players))
        if number % 10 == 9:
            for player in players:
                again = await come(hub.url, hub.code("participant", player.seat.partition("/")[0]), player.name)
                kept += again.kept("draft") != player.kept
                await player.table.link.drop()
                player.table = again
    beside = f"back in {sorted(down)[len(down) // 2]:.1f} s, at most {max(down):.1f}"
    _count("hub killed -9", kills, players, hub, beside)
    line("  people who came back as others or elsewhere", f"{others}", "", "0")
    line("  half-written texts lost", f"{kept}", "", "0")
    line("  times the clock was not paused, or the log did not add up", f"{unpaused + wrong}", "", "0")
    hub.stop()


CLIENT = """
import asyncio, random, sys
from faulting import Player, come

async def main(url, code, name, seat, words):
    player = Player(await come(url, code, name, seat), words, random.Random(words))
    while True:
        await player.act()
        while player.taken:
            print(player.taken.pop(0), flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


async def _client_kills(folder: Path) -> None:
    hub = await asyncio.to_thread(HubProcess(folder).start)
    control = await _begun(hub)
    players = await seated(hub, 4, random.Random(2))
    team = hub.log().scenario.teams[1]
    seat, code = f"{team.id}/{team.roles[0].id}", hub.code("participant", team.id)
    path = os.pathsep.join(sys.path[:2])

    async def killed() -> None:
        for number in range(CLIENT_KILLS):
            client = await asyncio.create_subprocess_exec(
                sys.executable, "-c", CLIENT, hub.url, code, "Ines", seat, f"Ines {number}",
                stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path},
            )  # fmt: skip
            assert client.stdout is not None
            for _ in range(2 + number % 4):
                players[0].taken.append((await client.stdout.readline()).decode().strip())
            client.kill()
            rest = (await client.stdout.read()).decode().splitlines(keepends=True)
            players[0].taken += [words.strip() for words in rest if words.endswith("\n")]
            await client.wait()

    await _playing(players, killed())
    again = await come(hub.url, code, "Ines")
    mine = again.seat == seat and again.acting
    _count("client killed -9 in mid-answer", CLIENT_KILLS, players, hub, f"its seat found again: {mine}")
    await control.link.drop()
    hub.stop()


async def _door_kills(folder: Path) -> None:
    import asyncssh

    ssh = free_port()
    hub = await asyncio.to_thread(HubProcess(folder, ssh_port=ssh, workers=2).start)
    control = await _begun(hub)
    players = await seated(hub, 4, random.Random(3))
    team = hub.log().scenario.teams[2].id
    code = hub.code("participant", team)
    painted = 0

    async def person(number: int) -> bytes:
        async with asyncssh.connect(
            "127.0.0.1", ssh, username=f"ssh{number}", password=code, known_hosts=None, config=None
        ) as connection:
            process = await connection.create_process(term_type="xterm-256color", term_size=(100, 30), encoding=None)
            async with asyncio.timeout(30):
                return bytes(await process.stdout.read(2_000))

    async def killed() -> None:
        nonlocal painted
        for number in range(DOOR_KILLS):
            stay = asyncio.create_task(person(number))
            await asyncio.wait({stay}, timeout=20)
            workers = [one for one in psutil.Process(hub.pid).children() if "worker" in " ".join(one.cmdline())]
            workers[number % len(workers)].kill()
            await asyncio.sleep(0.2)
            for _ in range(40):
                with suppress(OSError, asyncssh.Error, TimeoutError):
                    if await person(number):
                        painted += 1
                        break
                await asyncio.sleep(0.25)

    await _playing(players, killed())
    _count("door worker killed -9", DOOR_KILLS, players, hub, f"ssh screens painted again: {painted}")
    await control.link.drop()
    hub.stop()


async def _cut(folder: Path) -> None:
    hub = await asyncio.to_thread(HubProcess(folder).start)
    async with Wire(hub.port) as wire:
        control = await _begun(hub)
        players = await seated(hub, 12, random.Random(4), hub.url, wire.url)

        async def cut() -> None:
            await asyncio.sleep(1.0)
            wire.freeze()
            for number in range(10):
                await asyncio.sleep(CUT / 10)
                await control.submit(
                    WriteInject(sender="Desk", channel="e-mail", to=("all",), title=f"No. {number}", text="Read.")
                )
            wire.mend()
            started = time.monotonic()
            await _until(lambda: all(player.back for player in players))
            line(f"half the clients cut off for {CUT:.0f} s: all back after", f"{time.monotonic() - started:.1f} s")

        await _playing(players, cut())
        same = sum(player.same() and player.table.acting for player in players)
        right = await _right(hub, players)
        _count("wire cut", 1, players, hub, f"right views {right}, seats kept {same}, of {len(players)}")
        await control.link.drop()
    hub.stop()


async def _right(hub: HubProcess, players: list[Player]) -> int:
    """How many hold the very view that the rules build, given a moment."""
    right = 0
    for _ in range(50):
        log = hub.log()
        right = sum(
            without_times(player.table.client(player.seat).view()) == right_view(log, player.seat) for player in players
        )
        if right == len(players):
            break
        await asyncio.sleep(0.1)
    return right


async def _disk_full(folder: Path) -> None:
    """On a small disk of its own, where this may be made; the tests have it by the database's own limit."""
    mounted = os.geteuid() == 0 and not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(folder)], capture_output=True, check=False
    ).returncode  # fmt: skip
    if not mounted:
        line("disk full", "not tried", "no disk may be mounted here")
        return
    try:
        hub = await asyncio.to_thread(HubProcess(folder).start)
        control = await _begun(hub)
        players = await seated(hub, 4, random.Random(5))
        filler = folder / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"." * 4096)
        said = ""
        client = players[0].table.client(players[0].seat)
        for number in range(500):
            try:
                await client.submit(Say(to=players[0].seat.partition("/")[0], text=f"Long {number} {'x' * 3_000}"))
            except CommandRejected as refused:
                said = refused.text
                break
            await asyncio.sleep(0.06)
        await _until(lambda: control.room().trouble)
        line("disk full: told to who asks, and to control", f"{bool(said)}", f"{control.room().trouble[-60:]}")
        await _playing(players, asyncio.sleep(2.0))
        filler.unlink()
        started = time.monotonic()
        await _until(lambda: not control.room().trouble)
        took = time.monotonic() - started
        await _playing(players, asyncio.sleep(2.0))
        _count("disk full", 1, players, hub, f"went on by itself after {took:.1f} s")
        await control.link.drop()
        hub.kill()
    finally:
        subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


async def _two_hubs(folder: Path) -> None:
    programs = binaries()
    if programs is None:
        line("two hubs over PostgreSQL", "not tried", "no PostgreSQL here")
        return
    with running(programs) as cluster:
        address = cluster.database()
        hubs: list[HubProcess] = []
        for number in ("1", "2"):
            (folder / number).mkdir()
            hub = HubProcess(folder / number, store=address, name=number)
            hub.session = hubs[0].session if hubs else ""
            hubs.append(await asyncio.to_thread(hub.start))
        first, second = hubs
        async with Wire(first.port) as wire:
            control = await _begun(first, url=wire.url)
            players = await seated(first, 12, random.Random(6), wire.url, second.url)

            async def restarts() -> None:
                for _ in range(5):
                    await asyncio.sleep(1.5)
                    await asyncio.to_thread(cluster.restart)
                await asyncio.sleep(2.0)

            await _playing(players, restarts())
            right = await _right(second, players)
            _count("database restarted under two hubs", 5, players, second, f"right views {right} of {len(players)}")

            async def one_dies() -> None:
                await asyncio.sleep(1.0)
                first.kill()
                wire.target = second.port
                started = time.monotonic()
                await _until(lambda: control.trouble and all(player.table.trouble for player in players[::2]))
                await _until(lambda: all(player.back for player in players))
                moved = time.monotonic() - started
                await _until(lambda: not control.trouble and control.room().hub == "2" and control.room().leads)
                led = time.monotonic() - started
                line("one of two hubs killed: its people at the other after", f"{moved:.1f} s", f"led {led:.1f} s")
                await asyncio.sleep(1.0)

            await _playing(players, one_dies())
            same = sum(player.same() and player.table.acting for player in players)
            right = await _right(second, players)
            _count("one of two hubs killed", 1, players, second, f"right {right}, same seats {same} of {len(players)}")
            await control.link.drop()
            for player in players:
                await player.table.link.drop()
        for hub in hubs:
            hub.stop()
    shutil.rmtree(folder / "1", ignore_errors=True)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]))
