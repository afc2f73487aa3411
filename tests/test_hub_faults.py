"""Faults on purpose: killed hubs and clients, cut wires, a full disk; nothing that was accepted is lost."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.core.commands import PauseClock, ResumeClock
from exercise.core.control.commands import WriteInject
from exercise.core.teamwork.commands import Say, TakePen
from exercise.errors import CommandRejected
from exercise.hub import link as links
from exercise.hub import room as rooms
from exercise.session.control import Startex
from exercise.session.database import DatabaseStore, open_store
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.verify import verify
from tests.cluster import binaries, running
from tests.faulting import (
    HubProcess,
    Player,
    Wire,
    come,
    in_control,
    lost_or_doubled,
    right_view,
    seated,
    without_times,
)
from tests.hosting import hosted, until


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Links try again soon: what is waited for here is not patience."""
    monkeypatch.setattr(links, "SLOWEST_RETRY", 0.3)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubProcess]:
    """A hub with Card Storm in its briefing."""
    started = HubProcess(tmp_path).start()
    yield started
    started.stop()


async def _all_back(players: list[Player], seconds: float = 30.0) -> None:
    await until(lambda: all(player.back for player in players), seconds)


async def test_what_was_accepted_survives_every_kill_of_the_hub(hub: HubProcess) -> None:
    """Killed at any moment, the hub comes back with all it had confirmed, the same people, and the clock paused."""
    chance = random.Random(4)
    control = await in_control(hub.url, hub.code("facilitator"))
    players = await seated(hub, 6, chance)
    # A second one at the first seat reads along, also where it is the first to be back.
    beside = await come(hub.url, hub.code("participant", players[1].seat.partition("/")[0]), "Beside", players[1].seat)
    await control.ask(Startex())
    for _ in range(4):
        await until(lambda: not control.trouble, 30)
        if not control.view().clock.running:
            await control.submit(ResumeClock())
        stop = asyncio.Event()
        playing = [asyncio.create_task(player.play(stop)) for player in players]
        await asyncio.sleep(chance.uniform(0.2, 0.8))
        hub.kill()
        stop.set()
        await asyncio.gather(*playing)
        await hub.start_again()
        await _all_back(players)
        # Control may be in again before its view is: one that came back running would never be seen to stand.
        await until(lambda: not control.trouble and not control.view().clock.running, 30)
        assert all(player.same() and player.table.acting for player in players)
        assert not beside.acting
        log = hub.verified()
        assert not lost_or_doubled(log, players)
        for player in players:
            again = await come(hub.url, hub.code("participant", player.seat.partition("/")[0]), player.name)
            assert again.kept("draft") == player.kept
            await until(lambda player=player: player.table.link.over)
            await player.table.link.drop()
            player.table = again
    assert sum(len(player.taken) for player in players) > 10
    assert not hub.complaints()
    for table in (*(player.table for player in players), beside, control):
        await table.link.drop()


CLIENT = """
import asyncio, random, sys
from tests.faulting import Player, come

async def main(url, code, name, seat):
    player = Player(await come(url, code, name, seat), name, random.Random(1))
    while True:
        await player.act()
        while player.taken:
            print(player.taken.pop(0), flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_killed_client_harms_nobody_and_finds_its_place_again(hub: HubProcess) -> None:
    """Killed in the middle of whatever it did, a client's confirmed words stand, and its person comes back."""
    control = await in_control(hub.url, hub.code("facilitator"))
    await control.ask(Startex())
    team = hub.log().scenario.teams[0]
    seat, code = f"{team.id}/{team.roles[0].id}", hub.code("participant", team.id)
    said: list[str] = []
    for number in range(3):
        client = await asyncio.create_subprocess_exec(
            sys.executable, "-c", CLIENT, hub.url, code, "Ines", seat,
            stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parent.parent,
        )  # fmt: skip
        assert client.stdout is not None
        for _ in range(5 + number):
            said.append(f"{number}: {(await client.stdout.readline()).decode()}")
        client.kill()
        said += [f"{number}: {line}" for line in (await client.stdout.read()).decode().splitlines()]
        await client.wait()
    table = await come(hub.url, code, "Ines")
    assert table.seat == seat and table.acting
    assert table.client(seat).view().talk
    await until(lambda: sum(person.name == "Ines" for person in control.room().people) == 1)
    hub.verified()
    assert not hub.complaints()
    await table.link.drop()
    await control.link.drop()


async def test_cut_off_people_catch_up_with_the_right_view(hub: HubProcess) -> None:
    """Whoever was cut off for a while sees, once the wire holds again, the very view that the rules build."""
    chance = random.Random(5)
    async with Wire(hub.port) as wire:
        control = await in_control(hub.url, hub.code("facilitator"))
        players = await seated(hub, 8, chance, hub.url, wire.url)
        await control.ask(Startex())
        stop = asyncio.Event()
        playing = [asyncio.create_task(player.play(stop)) for player in players]
        await asyncio.sleep(0.3)
        wire.freeze()
        wire.cut()
        await until(lambda: all(player.table.trouble for player in players[1::2]))
        for number in range(3):
            await control.submit(
                WriteInject(sender="Desk", channel="e-mail", to=("all",), title=f"Bulletin {number}", text="Read on.")
            )
        await asyncio.sleep(0.5)
        wire.mend()
        await _all_back(players)
        await asyncio.sleep(0.3)
        stop.set()
        await asyncio.gather(*playing)
        await control.submit(WriteInject(sender="Desk", channel="e-mail", to=("all",), title="The last", text="Now."))
        log = hub.verified()
        assert not lost_or_doubled(log, players)
        for player in players:
            client = player.table.client(player.seat)
            right = right_view(hub.log(), player.seat)
            await until(lambda client=client, right=right: without_times(client.view()) == right)
            assert player.same() and player.table.acting
            await player.table.link.drop()
        await control.link.drop()
    assert not hub.complaints()


async def test_past_the_grace_a_seat_is_free_and_who_comes_back_takes_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lost person keeps the pen for a while and no longer; back again, the seat is theirs and the pen to be taken."""
    monkeypatch.setattr(rooms, "GRACE", 0.3)
    async with hosted("card-storm") as hosting, Wire(hosting.port) as wire:
        control = await hosting.control()
        team = hosting.room.session.scenario.teams[0]
        seat = f"{team.id}/{team.roles[0].id}"
        table = await come(wire.url, hosting.code("participant", team.id), "Ines", seat)
        await control.ask(Startex())
        await table.client(seat).submit(TakePen(subject="request"))
        seats = lambda: hosting.room.session.state.seats  # noqa: E731
        wire.freeze()
        wire.cut()
        await until(lambda: not seats()[seat].present)
        drafts = hosting.room.session.state.drafts
        assert all(draft.holder != seat for draft in drafts.values())
        wire.mend()
        await until(lambda: not table.trouble and seats()[seat].present)
        assert table.seat == seat and table.acting
        await until(lambda: seats()[seat].name == "Ines")
        await table.client(seat).submit(TakePen(subject="request"))
        await table.link.drop()


async def test_a_seat_whose_person_never_comes_back_is_free_after_a_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom the log has at a seat from before a restart is waited for, and not for ever; others read along."""
    monkeypatch.setattr(rooms, "GRACE", 0.5)
    store = MemoryStore()
    session = Session.start_new(load_scenario("card-storm"), load_reference(), store, seed=1)
    async with hosted(session=session, store=store) as hosting:
        team = session.scenario.teams[0].id
        role = f"{team}/{session.scenario.teams[0].roles[0].id}"
        await hosting.person(team, "Ines", role.partition("/")[2])
        assert session.state.seats[role].present
        code = hosting.code("participant", team)
    # The first hub has gone without a word; another one begins with what the store holds.
    again = Session.resume(store, session.id)
    assert again.state.seats[role].present
    async with hosted(session=again, store=store) as hosting:
        joel = await come(hosting.url, code, "Joel", role)
        hosting.links.append(joel.link)
        assert not joel.acting
        await until(lambda: joel.acting)
        assert again.state.seats[role].name == "Joel"


@pytest.mark.parametrize("runs", [True, False])
async def test_a_full_disk_is_said_in_words_and_mended_by_room(tmp_path: Path, runs: bool) -> None:
    """Whoever asks and control are told why it does not go on; nothing half is kept, and with room it goes on."""
    store = open_store(tmp_path / "sessions.db")
    limit = _page_limit(store)
    session = Session.start_new(load_scenario("card-storm"), load_reference(), store, seed=1)
    async with hosted(session=session, store=store) as hosting:
        control = await hosting.control()
        team = session.scenario.teams[0].id
        table = await hosting.person(team, "Ines")
        await control.ask(Startex())
        if not runs:
            await control.submit(PauseClock())
        limit["pages"] = 1
        said = 0
        with pytest.raises(CommandRejected, match="disk is full"):
            for said in range(2_000):
                await table.client(team).submit(Say(to=team, text=f"Word {said}. {'x' * 2_000}"))
                await asyncio.sleep(0.06 if said > 60 else 0)
        await until(lambda: "disk is full" in control.room().trouble)
        await asyncio.sleep(0.6)
        assert "disk is full" in control.room().trouble
        limit["pages"] = 1_000_000
        await until(lambda: not control.room().trouble)
        await table.client(team).submit(Say(to=team, text="There is room again."))
        stored = store.load(session.id)
        account = verify(stored.file_lines(), rules=True)
        assert account.ok, account.lines()
        texts = [getattr(entry.event, "text", "") for entry in stored.log().entries]
        assert sum(text.startswith("Word ") for text in texts) == said
        assert texts[-1] == "There is room again."
    store.close()


def _page_limit(store: DatabaseStore) -> dict[str, int]:
    """How large the file may become, to be changed at any time; the database says the same of a full disk."""
    limit = {"pages": 1_000_000}

    def set_limit(connection: object, *_: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute(f"PRAGMA max_page_count={limit['pages']}")
        cursor.close()

    sa.event.listen(store._engine, "checkout", set_limit)
    return limit


class Clocks:
    """A room's clock and a wall's, both under the test's hand."""

    def __init__(self) -> None:
        self.seconds, self.hour = 1_000.0, 12

    def now(self) -> float:
        return self.seconds

    def wall(self) -> str:
        return f"2031-05-04T{self.hour:02}:{int(self.seconds) // 60 % 60:02}:{int(self.seconds) % 60:02}Z"


async def test_whoever_knocks_and_runs_away_is_no_fault(hub: HubProcess) -> None:
    """Connections that break at any moment of coming in leave no trace in the hub's log and nobody in the room."""
    control = await in_control(hub.url, hub.code("facilitator"))
    asked = (
        f"GET /join HTTP/1.1\r\nHost: 127.0.0.1:{hub.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    ).encode()
    hello = b'{"say":"hello","code":"%s","name":"Runner"}'
    for said in (b"", b"garbage", hello % b"wrongone", hello % hub.code("observer").encode()):
        frame = bytes([0x81, 0x80 | len(said), 0, 0, 0, 0]) + said if said else b""
        for linger in (0, 1):
            with socket.create_connection(("127.0.0.1", hub.port)) as knocking:
                knocking.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", linger, 0))
                knocking.sendall(asked + frame)
    await until(lambda: all(not person.connected for person in control.room().people if person.name == "Runner"))
    assert (await control.moments()) is not None
    await control.link.drop()
    hub.stop()
    assert not hub.complaints()


@pytest.mark.parametrize("fault", ["wall back", "asleep", "clock stands in sleep"])
def test_no_play_time_is_lost_or_invented(fault: str) -> None:
    """A wall clock set back changes nothing; a machine asleep finds the exercise paused where it fell asleep."""
    clocks, store = Clocks(), MemoryStore()
    session = Session.start_new(
        load_scenario("first-light"), load_reference(), store, seed=1, now=clocks.now, wall=clocks.wall
    )
    room = rooms.Room(session, store, now=clocks.now, wall=clocks.wall)
    session.start()
    for _ in range(40):
        clocks.seconds += 0.25
        room.tick()
    assert session.times[0] == 10
    if fault == "wall back":
        clocks.hour -= 3
    elif fault == "asleep":
        clocks.seconds += 3_600
    else:
        clocks.hour += 3
    room.tick()
    running = fault == "wall back"
    assert session.state.clock.running is running
    assert session.times[0] == 10
    for _ in range(40):
        clocks.seconds += 0.25
        room.tick()
    assert session.times[0] == (20 if running else 10)
    account = verify(store.load(session.id).file_lines(), rules=True)
    assert account.ok, account.lines()


@pytest.mark.skipif(binaries() is None, reason="no PostgreSQL here")
async def test_two_hubs_over_a_database_that_is_restarted(tmp_path: Path) -> None:
    """People at two hubs agree in the end; a killed hub's people go on at the other, which then drives the clock."""
    chance = random.Random(6)
    programs = binaries()
    assert programs is not None
    with running(programs) as cluster:
        address = cluster.database()
        hubs = []
        for number in (1, 2):
            folder = tmp_path / str(number)
            folder.mkdir()
            hub = HubProcess(folder, store=address, name=f"hub {number}")
            hub.session = hubs[0].session if hubs else ""
            hubs.append(await asyncio.to_thread(hub.start))
        first, second = hubs
        try:
            async with Wire(first.port) as wire:
                control = await in_control(wire.url, first.code("facilitator"))
                players = await seated(first, 6, chance, wire.url, second.url)
                await control.ask(Startex())
                stop = asyncio.Event()
                playing = [asyncio.create_task(player.play(stop)) for player in players]
                await asyncio.sleep(0.5)
                await asyncio.to_thread(cluster.restart)
                await asyncio.sleep(1.0)
                await _all_back(players)
                assert control.room().hub == "hub 1"
                first.kill()
                wire.target = second.port
                await until(lambda: control.trouble and all(player.table.trouble for player in players[::2]))
                await _all_back(players)
                await until(lambda: control.room().hub == "hub 2" and control.room().leads, 20)
                await asyncio.sleep(0.5)
                stop.set()
                await asyncio.gather(*playing)
                assert all(player.same() and player.table.acting for player in players)
                log = second.verified()
                assert not lost_or_doubled(log, players)
                assert sum(len(player.taken) for player in players) > 10
                for player in players:
                    client = player.table.client(player.seat)
                    right = right_view(second.log(), player.seat)
                    await until(lambda client=client, right=right: without_times(client.view()) == right)
                    await player.table.link.drop()
                await control.link.drop()
        finally:
            for hub in hubs:
                hub.stop()
