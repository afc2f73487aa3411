"""A hub in bad company or bad luck: crowds at the doors, another version, a store that makes it wait, a hung worker."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from doorways import Standing, driven
from hosting import hosted, until
from test_hub_web import standing_open
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Button, Input

from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.errors import DoorClosed, StoreError
from exercise.hub import balancer as balancing
from exercise.hub import certificates, machine, people, web_door, worker
from exercise.hub import threshold as at_the_door
from exercise.hub.balancer import Balancer, _Worker
from exercise.hub.both_doors import DoorsConfig
from exercise.hub.guard import MOST_ADDRESSES, FewWords, WrongCodes, use_few_words
from exercise.hub.host import Running, keep_state, read_state, shown_addresses
from exercise.hub.keyboard import Keyboard
from exercise.hub.link import Link
from exercise.hub.no_hub import why_not
from exercise.hub.protocol import Hello
from exercise.hub.remote_control import come_in
from exercise.hub.room import Room
from exercise.hub.server import HubServer
from exercise.hub.sessions import Sessions
from exercise.hub.ssh_door import MOST_KNOCKING_FROM_ONE, SshDoor, load_or_make_host_key
from exercise.hub.steering import make_ticket
from exercise.session.paths import DATA_DIR
from exercise.session.session import Session
from exercise.session.store import MemoryStore


def a_room(store: MemoryStore, now: Callable[[], float]) -> Room:
    """A room without a network."""
    return Room(Session.start_new(load_scenario("card-storm"), load_reference(), store, seed=1), store, now=now)


# Crowds


def test_who_comes_from_elsewhere_is_heard_while_a_dozen_networks_guess() -> None:
    """Protects newcomers: guesses of some use up what all share, and not the few tries that are everybody's own."""
    time = [0.0]
    guard = WrongCodes(lambda: time[0])
    for second in range(600):
        time[0] = float(second)
        for address in range(12):
            while not guard.wait(f"10.0.0.{address}"):
                guard.count(f"10.0.0.{address}")
    assert guard.wait("10.0.0.1") > 0
    for _ in range(3):
        assert guard.wait("10.0.9.9") == 0  # With two slips at the code.
        guard.count("10.0.9.9")
    assert guard.wait("10.0.9.9") > 0


def test_a_net_of_more_addresses_than_are_remembered_guesses_no_faster() -> None:
    """Protects codes: a stranger's own tries are bounded for all strangers together, and forgotten with time only."""
    time, tried = [0.0], 0
    guard = WrongCodes(lambda: time[0])
    for minute in range(0, 60, 20):
        time[0] = minute * 60.0
        for number in range(MOST_ADDRESSES + 1_000):
            address = f"10.{number >> 8}.{number & 255}.1"
            while not guard.wait(address):
                guard.count(address)
                tried += 1
    assert tried < 3 * MOST_ADDRESSES * 2 + 3 * 400
    assert len(guard._by) == MOST_ADDRESSES and guard.wait("172.16.0.1") > 0
    time[0] += 3 * 3_600
    guard.count("10.0.0.1")
    assert len(guard._by) == 1 and guard.wait("172.16.0.1") == 0


@pytest.mark.parametrize("tls", [False, True])
async def test_a_crowd_of_one_address_does_not_shut_the_browser_door(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls: bool
) -> None:
    """Protects newcomers from hundreds of half-open requests, also before TLS has come about: the oldest have to go."""
    monkeypatch.setattr(web_door, "MOST_OUTSIDE_FROM_ONE", 5)
    async with standing_open(tmp_path, Standing(), tls=tls) as door:
        crowd = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(20)]
        for _, writer in () if tls else crowd:
            writer.write(b"GET / HTTP/1.1\r\nX-Slow: ")
        async with aiohttp.ClientSession() as http, http.get(door.origin, ssl=False) as answer:
            assert answer.status == 200 and "</html>" in await answer.text()
        await until(lambda: sum(reader.at_eof() or bool(reader.exception()) for reader, _ in crowd) >= 15)
        for _, writer in crowd:
            writer.close()


async def test_a_crowd_that_begins_no_tls_is_cut_at_the_hubs_door(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protects the hub's files: who begins no TLS is counted, the oldest of a crowd goes, and all go soon."""
    monkeypatch.setattr(at_the_door, "MOST_KNOCKING_FROM_ONE", 5)
    certificate = certificates.load_or_make_certificate(tmp_path, ())
    room = a_room(MemoryStore(), asyncio.get_running_loop().time)
    server = HubServer(room)
    (port,) = await server.serve((("127.0.0.1", 0),), certificates.server_context(certificate))
    try:
        crowd = [await asyncio.open_connection("127.0.0.1", port) for _ in range(20)]
        await until(lambda: sum(reader.at_eof() or bool(reader.exception()) for reader, _ in crowd) >= 15)
        hello = Hello(code=make_ticket(room, "observer").code, name="Eve")
        link = Link(f"wss://127.0.0.1:{port}/join", hello, tls=certificates.client_context(certificate.fingerprint))
        assert (await link.open()).name == "Eve"
        server._threshold._within = 0.0
        await until(lambda: all(reader.at_eof() or reader.exception() for reader, _ in crowd))
        await until(lambda: not server._secure[0].handshakes)
        assert not link.trouble
        await link.drop()
        for _, writer in crowd:
            writer.close()
    finally:
        await server.close()


async def test_a_network_of_ipv6_is_one_address_at_the_ssh_door(tmp_path: Path) -> None:
    """Protects newcomers at the ssh door: one machine has as many addresses of IPv6 as it likes."""
    door = SshDoor(Standing(), Sessions(), load_or_make_host_key(tmp_path / "key"))
    pairs = [socket.socketpair() for _ in range(MOST_KNOCKING_FROM_ONE + 5)]
    tasks = [asyncio.create_task(door.serve(pair[0], f"2001:db8::{n:x}")) for n, pair in enumerate(pairs)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert door._knocking == {"2001:db8::/64": MOST_KNOCKING_FROM_ONE}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for ours, theirs in pairs:
        ours.close()
        theirs.close()


def test_ever_new_names_by_one_code_are_slowed_and_a_full_room_is_not() -> None:
    """Protects log and disk, of which each person may fill so much: a code makes ever new people slowly."""
    time = [0.0]
    room = a_room(MemoryStore(), lambda: time[0])
    loud, other = (make_ticket(room, "observer").code for _ in range(2))
    for number in range(people.NEW_AT_ONCE):
        room.leave(room.knock(Hello(code=loud, name=f"N{number}"), "10.0.0.1"))
    with pytest.raises(DoorClosed) as closed:
        room.knock(Hello(code=loud, name="One more"), "10.0.0.1")
    assert closed.value.code == "slow-down" and closed.value.wait == people.NEW_EVERY
    assert room.knock(Hello(code=loud, name="N0"), "10.0.0.1").name == "N0"
    assert room.knock(Hello(code=other, name="Eve"), "10.0.0.1").name == "Eve"
    time[0] += people.NEW_EVERY
    assert room.knock(Hello(code=loud, name="One more"), "10.0.0.1").name == "One more"


@pytest.mark.skipif(sys.platform == "win32", reason="no such bound here")
def test_a_hub_may_open_as_many_files_as_a_crowd_takes() -> None:
    """Protects the room on systems that give a program 256 files unless it asks for more."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (200, before[1]))
        machine.allow_many_files()
        wanted = 4_096 if before[1] == resource.RLIM_INFINITY else min(4_096, before[1])
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == wanted
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


async def test_an_origin_that_is_no_address_is_refused_like_any_other(tmp_path: Path) -> None:
    """Protects the worker's log: what a stranger writes into a header is refused, and is no fault of the program's."""
    async with standing_open(tmp_path, Standing()) as door, aiohttp.ClientSession() as http:
        for origin in ("http://[", "http://127.0.0.1]:1", "null", f"{door.origin}/", f"{door.origin}.evil"):
            async with http.get(f"{door.origin}/terminal", headers={"Origin": origin}) as answer:
                assert answer.status == 403, origin


def test_bad_requests_are_a_line_in_the_log_and_no_traceback() -> None:
    """Protects disk and reader of the log, however the hub was started: each handler lets few words through."""
    try:
        raise aiohttp.http_exceptions.BadHttpMessage("x")
    except aiohttp.http_exceptions.BadHttpMessage:
        record = logging.LogRecord("aiohttp.server", logging.ERROR, "", 0, "bad", None, sys.exc_info())
    assert FewWords().filter(record) and record.exc_info is None
    root, handler = logging.getLogger(), logging.NullHandler()
    before = {each: list(each.filters) for each in root.handlers}
    root.addHandler(handler)
    try:
        use_few_words()
        assert any(isinstance(each, FewWords) for each in handler.filters)
    finally:
        root.removeHandler(handler)
        for each, filters in before.items():
            each.filters[:] = filters


# A slow line


class _Asking(Screen[str]):
    def compose(self) -> ComposeResult:
        yield Input(id="first")
        yield Input(id="second")


class _Asks(App[None]):
    BINDINGS = (("c", "ask", "Ask"),)

    def compose(self) -> ComposeResult:
        yield Button("Nothing")

    def action_ask(self) -> None:
        self.push_screen(_Asking())


async def test_keys_that_come_at_once_go_where_they_were_meant_for() -> None:
    """Protects who sits behind a slow line, where a key and what is typed on its screen arrive in one piece."""
    app = _Asks()
    async with driven(app) as (driver, _):
        driver.feed("cgrüße\tworld".encode())
        await until(lambda: [field.value for field in app.screen.query(Input)] == ["grüße", "world"])


async def test_a_key_waits_for_a_screen_that_is_never_still_no_longer_than_it_must() -> None:
    """Protects whoever types while a screen moves all the time: keys come through, in their order."""
    heard: list[Any] = []
    keyboard = Keyboard(heard.append, lambda pause: None, stays=lambda event: False, quiet=lambda: False)
    keyboard.feed(b"abc")
    assert [event.key for event in heard] == ["a"]
    await until(lambda: len(heard) == 3)
    assert [event.key for event in heard] == ["a", "b", "c"]
    keyboard.close()


# Another version, another program, a certificate of another day


async def test_a_client_of_another_version_is_told_so() -> None:
    """Protects people from a riddle: a hello of a newer program has fields that this hub does not know."""
    hello: dict[str, Any] = {"say": "hello", "version": 2, "code": "x", "mood": "good"}
    async with hosted() as hosting, aiohttp.ClientSession() as http:
        for said, code in (
            (hello, "version"),
            (hello | {"version": "1"}, "version"),
            (hello | {"version": 1}, "bad-message"),
            ({"say": "watch", "feed": "control"}, "bad-message"),
            (["hello"], "bad-message"),
        ):
            async with http.ws_connect(hosting.url) as ws:
                await ws.send_str(json.dumps(said))
                assert (await ws.receive_json(timeout=10))["code"] == code, said


async def refused(url: str, tls: Any = True) -> DoorClosed:
    """How somebody is told that they were not let in."""
    with pytest.raises(DoorClosed) as closed:
        await Link(url, Hello(code="x"), tls=tls).open()
    return closed.value


async def test_what_answers_and_is_no_hub_of_ours_is_named_for_what_it_is(tmp_path: Path) -> None:
    """Protects people at the door: another version, a door with TLS, a wrong clock and a slip get words that help."""
    says = ['{"say":"welcome","mood":"good"}', '{"say":"turned","code":"bad-message","text":"What?"}']

    async def join(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        await ws.receive()
        await ws.send_str(says.pop())
        return ws

    old = certificates._make(tmp_path / "old.pem", ("127.0.0.1",), datetime.now(UTC) - timedelta(days=500))
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(tmp_path / "old.pem")
    trusting = ssl.create_default_context(cafile=str(tmp_path / "old.pem"))
    app = web.Application()
    app.router.add_get("/join", join)
    runner = web.AppRunner(app)
    await runner.setup()
    plain, secure = web.TCPSite(runner, "127.0.0.1", 0), web.TCPSite(runner, "127.0.0.1", 0, ssl_context=server_side)
    await plain.start()
    await secure.start()
    ports = [site._server.sockets[0].getsockname()[1] for site in (plain, secure)]  # type: ignore[union-attr]
    try:
        older = await refused(f"ws://127.0.0.1:{ports[0]}/join")
        assert older.code == "version" and "both sides" in older.text
        assert "both sides" in (await refused(f"ws://127.0.0.1:{ports[0]}/join")).text
        assert "wss://" in (await refused(f"ws://127.0.0.1:{ports[1]}/join")).text
        assert "clock" in (await refused(f"wss://127.0.0.1:{ports[1]}/join", trusting)).text
        assert "fingerprint" in (await refused(f"wss://127.0.0.1:{ports[1]}/join")).text
        assert old.not_valid_after_utc < datetime.now(UTC)
    finally:
        await runner.cleanup()
    assert "no address" in (await refused("ws://127.0.0.1:99999/join")).text
    assert "nobody answers" in why_not("ws://x/join", OSError())


async def test_who_is_put_out_while_coming_in_is_told_at_once() -> None:
    """Protects people from half a minute before a screen that will not come: nothing more is waited for."""
    async with hosted("card-storm") as hosting:
        table = await hosting.person(hosting.room.session.scenario.teams[0].id, "Ines")
        table.link.watch("nothing-of-the-kind")
        waiting = asyncio.create_task(table.link.arrived("nothing-of-the-kind"))
        await come_in(hosting.link(hosting.code("participant", hosting.room.session.scenario.teams[0].id), "Ines"))
        with pytest.raises(DoorClosed, match="under another name"):
            await asyncio.wait_for(waiting, 5)


# The store makes the room wait, or takes nothing


def test_a_store_that_makes_the_room_wait_is_left_alone_for_as_long() -> None:
    """Protects everybody's links while another program holds the database: the hub hears people half of the time."""
    time, asked = [0.0], [0]

    class Held(MemoryStore):
        def keep(self, *given: Any) -> None:
            if given[1] == "@room":
                asked[0] += 1
                time[0] += 5.0
                raise StoreError("held")
            super().keep(*given)

    room = a_room(Held(), lambda: time[0])
    room.in_trouble(StoreError("held"))
    for _ in range(100):
        room.tick()
        time[0] += 0.25
    assert time[0] >= 2 * 5.0 * asked[0] - 5.0 and asked[0] > 2 and room.trouble


def test_who_came_and_went_while_the_disk_was_full_stands_in_the_log_afterwards() -> None:
    """Protects the log: a seat taken or left while nothing could be written is noted once there is room."""
    full = [False]

    class Small(MemoryStore):
        def append(self, *given: Any, **more: Any) -> None:
            if full[0]:
                raise StoreError("full")
            super().append(*given, **more)

        def keep(self, *given: Any) -> None:
            if full[0]:
                raise StoreError("full")
            super().keep(*given)

    room = a_room(Small(), lambda: 0.0)
    first, second = (team.id for team in room.session.scenario.teams[:2])
    gone, come = (
        room.knock(Hello(code=make_ticket(room, "participant", team).code, name="Ines", seat=team), "10.0.0.1")
        for team in (first, second)
    )
    joel = room.knock(Hello(code=gone.ticket.code, name="Joel", seat=first), "10.0.0.1")
    room.enter(gone, object())
    room.enter(joel, object())
    full[0] = True
    room.enter(come, object())
    room.leave(gone)
    room.tick()
    assert room.trouble and second not in room.session.state.seats and room.session.state.seats[first].name == "Ines"
    assert joel.acting
    full[0] = False
    room.tick()
    seats = room.session.state.seats
    assert not room.trouble and seats[second].present and seats[first].present and seats[first].name == "Joel"
    full[0] = True
    room.leave(joel)
    room.tick()
    full[0] = False
    room.tick()
    assert not room.session.state.seats[first].present


def test_a_hub_that_cannot_say_where_it_is_found_says_so_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protects the start from a riddle, and a room that goes back to a moment from a fault half-way."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    room = a_room(MemoryStore(), lambda: 0.0)
    running = Running(room, 1, "code", "secret")
    keep_state(running)
    (tmp_path / "hubs").rename(tmp_path / "moved")
    (tmp_path / "hubs").write_text("no folder")
    for moved in room.moved:
        moved()
    with pytest.raises(StoreError, match="hubs"):
        keep_state(running)


async def test_a_hub_is_found_whatever_proxy_the_machine_is_told_to_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protects the console on an office laptop, whose environment sends every request to a proxy."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    async with hosted() as hosting:
        keep_state(Running(hosting.room, hosting.port, "code", hosting.server.worker_secret))
        found = await asyncio.to_thread(read_state, hosting.room.session.id)
    assert found is not None and found["code"] == "code"


# Addresses and workers


def test_only_addresses_that_a_door_is_reached_at_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects people from an address that nobody answers at: a door of one family is not reached by the other's."""
    own = [machine.Address(address, "eth0", False, True, "") for address in ("192.0.2.2", "fd00::2")]
    monkeypatch.setattr(machine, "addresses", lambda: tuple(own))
    assert shown_addresses(("0.0.0.0",)) == ("192.0.2.2",)
    assert shown_addresses(("::",)) == ("fd00::2",)
    assert shown_addresses(("::", "0.0.0.0")) == ("192.0.2.2", "fd00::2")
    own.clear()
    assert (shown_addresses(("0.0.0.0",)), shown_addresses(("::",))) == (("127.0.0.1",), ("::1",))


async def test_a_worker_that_hangs_is_ended_and_one_that_speaks_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects those in a hung worker, and whoever comes next: it is known by its silence."""
    monkeypatch.setattr(balancing, "ALIVE_EVERY", 0.02)
    balancer = Balancer(DoorsConfig(url="", secret="", host_key=""), 2)
    for _ in range(2):
        ours, theirs = socket.socketpair()
        process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdin=theirs.fileno())
        theirs.close()
        one = _Worker(process, ours)
        one.ready.set()
        balancer._workers.append(one)
    hung, busy = balancer._workers
    watch = asyncio.create_task(balancer._watch())
    try:
        for _ in range(600):
            busy.silent = 0
            if hung.process.poll() is not None:
                break
            await asyncio.sleep(0.01)
        assert hung.process.poll() is not None and busy.process.poll() is None
    finally:
        watch.cancel()
        for one in (hung, busy):
            one.process.kill()
            one.process.wait()
            one.link.close()


async def test_a_worker_gives_signs_of_life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects a worker from being taken for hung: it speaks also while nothing happens."""
    monkeypatch.setattr(worker, "ALIVE_EVERY", 0.01)
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    config = DoorsConfig(url="", secret="", host_key=str(tmp_path / "key"), opener="doorways:opener")
    serving = asyncio.create_task(worker.serve(theirs, config))
    heard = b""

    def hears() -> bool:
        nonlocal heard
        with suppress(BlockingIOError):
            heard += ours.recv(100)
        return heard.count(worker.ALIVE) > 2

    await until(hears)
    assert heard.startswith(worker.READY)
    ours.send(worker.STOP)
    await asyncio.wait_for(serving, 20)
    ours.close()
    theirs.close()
