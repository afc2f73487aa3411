"""One hub as a process: store, session, codes, room and doors put together, until it is told to stop.

It is started by `exercise host`, which gives the configuration on standard input, since what stands on a command line
anybody on the machine can read.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

from pydantic import Field

from exercise.authoring.languages import reading
from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.core.commitments import Model
from exercise.core.control.commands import SeatBot
from exercise.core.scenario import Scenario
from exercise.core.tongues import common_language
from exercise.errors import CommandRejected, ExerciseError, StoreError, UsageError
from exercise.hub.balancer import Balancer
from exercise.hub.both_doors import DoorsConfig
from exercise.hub.certificates import Certificate, load_or_make_certificate, own_certificate, server_context
from exercise.hub.guard import use_few_words
from exercise.hub.machine import allow_many_files
from exercise.hub.room import Room
from exercise.hub.sealing import Sealing
from exercise.hub.server import HubServer, proof
from exercise.hub.ssh_door import fingerprint_of, load_or_make_host_key
from exercise.hub.steering import ROOM_ITSELF, SUCCESSOR, make_ticket
from exercise.language import SOURCE
from exercise.session.collector import keep
from exercise.session.control import DoorCard, Kind
from exercise.session.database import open_store
from exercise.session.exchanging import exchange
from exercise.session.lease import Lead
from exercise.session.paths import data_dir
from exercise.session.session import Session
from exercise.session.store import Store

_log = logging.getLogger(__name__)

PORT, SSH_PORT, WEB_PORT = 8765, 8022, 8080
"""Of the program's own door, of ssh's and of the browser's."""

HOST_KEY = "ssh_host_key"

_DIRECTLY = build_opener(ProxyHandler({}))
"""Asks this machine itself: a proxy that somebody has set for the world outside knows nothing of it."""

_FIRST_CODES: tuple[Kind, ...] = ("facilitator", "controller", "evaluator", "observer", "spectator")


class HostConfig(Model):
    """What a hub is to do."""

    scenario: str = ""
    """A name or path; '' where a kept session is hosted again."""
    session: str = ""
    """Id of a kept session, or '' for a new one."""
    store: str = Field(default="", repr=False)
    """Address of a database; '' for the file in the user's data folder."""
    seed: int | None = None
    bots: dict[str, str] = Field(default_factory=dict)
    """Policies by team, for those nobody is to play."""
    languages: tuple[str, ...] = ()
    """What the teams read: a language for all of them, or `team=language`."""
    addresses: tuple[str, ...] = ("127.0.0.1",)
    """On which the doors open."""
    port: int = PORT
    ssh_port: int | None = SSH_PORT
    web_port: int | None = WEB_PORT
    tls: bool = False
    """With a certificate of our own making, or with the one named."""
    certificate: str = ""
    key: str = ""
    workers: int = Field(default=2, ge=0, le=32)
    name: str = ""
    """Of this hub, where several serve one exercise."""


class Running:
    """What a running hub tells whoever started it."""

    def __init__(self, room: Room, inside: int, code: str, secret: str) -> None:
        self.room, self.inside, self.code, self.secret = room, inside, code, secret

    def as_data(self) -> dict[str, Any]:
        """For the file by which the console finds the hub; it opens the exercise, so only its owner may read it."""
        return {
            "session": self.room.session.id,
            "title": self.room.session.scenario.title,
            "pid": os.getpid(),
            "url": f"ws://127.0.0.1:{self.inside}/join",
            "code": self.code,
            "secret": self.secret,
            "doors": [{"door": card.door, "addresses": card.addresses} for card in self.room.doors],
        }


async def serve(config: HostConfig, ready: Callable[[Running], None]) -> None:
    """Opens everything, says so, and stays until exercise control or a signal closes the doors."""
    allow_many_files()
    store = open_store(config.store or None)
    # A file is one hub's own: started anew at its port it is the same hub, and need not wait for its own lease to end.
    name = config.name or f"{socket.gethostname()}-{os.getpid() if store.shared else config.port}"
    session = _session(config, store, name)
    room = Room(session, store, hub=name, lead_of=lambda id: Lead(store, id, name))
    for team, policy in config.bots.items():
        if team not in session.state.bots:
            room.session.submit(SeatBot.model_validate({"team": team, "policy": policy}))
    Sealing(room)
    code = _first_codes(room)
    certificate = certificate_for(config)
    server = HubServer(room)
    try:
        places = tuple((address, config.port) for address in config.addresses)
        ports = await server.serve(places, server_context(certificate) if certificate else None)
    except OSError as error:
        raise UsageError(_taken(error)) from error
    inside = await server.serve_inside()
    balancer, cards = await _open_doors(config, server, inside, certificate, common_language(session.scenario))
    scheme = "wss" if certificate else "ws"
    read = common_language(session.scenario)
    # Until the hub has said who reads what, a terminal speaks as its machine does.
    asks = f" --language {read}" if read != SOURCE else ""
    own = DoorCard(
        door="terminal",
        addresses=tuple(
            f"exercise join {scheme}://{_host(shown)}:{ports[0]}{asks}" for shown in shown_addresses(config.addresses)
        ),
        fingerprint=certificate.fingerprint if certificate else "",
    )
    room.doors = (own, *cards)
    _stop_on_signals(room)
    running, first = Running(room, inside, code, server.worker_secret), session.id
    try:
        ready(running)
        await server.closed.wait()
    finally:
        with suppress(OSError):
            state_path(first).unlink(missing_ok=True)
        # The other doors can pass on the last word only while they stand.
        await server.send_out()
        if balancer is not None:
            await balancer.close()
        await server.close()
        room.close()
        store.close()


async def _open_doors(
    config: HostConfig, server: HubServer, inside: int, certificate: Certificate | None, language: str
) -> tuple[Balancer | None, tuple[DoorCard, ...]]:
    """The doors for people without the program: ssh, and the browser."""
    if config.ssh_port is None and config.web_port is None:
        return None, ()
    folder = data_dir()
    # Made before the workers start, or two of them would make it at once.
    host_key = host_key_fingerprint() if config.ssh_port is not None else ""
    balancer = Balancer(
        DoorsConfig(
            url=f"ws://127.0.0.1:{inside}/join",
            secret=server.worker_secret,
            host_key=str(folder / HOST_KEY),
            certificate=str(certificate.path) if certificate else "",
            key=str(certificate.key) if certificate else "",
            language=language,
        ),
        config.workers,
    )
    await balancer.start()
    cards = []
    shown = shown_addresses(config.addresses)
    try:
        if config.ssh_port is not None:
            port, *_ = [balancer.listen("ssh", address, config.ssh_port) for address in config.addresses]
            ways = tuple(f"ssh -p {port} team@{address}" for address in shown)
            cards.append(DoorCard(door="ssh", addresses=ways, fingerprint=host_key))
        if config.web_port is not None:
            port, *_ = [balancer.listen("web", address, config.web_port) for address in config.addresses]
            scheme = "https" if certificate else "http"
            ways = tuple(f"{scheme}://{_host(address)}:{port}" for address in shown)
            print_of = certificate.fingerprint if certificate else ""
            cards.append(DoorCard(door="browser", addresses=ways, fingerprint=print_of))
    except OSError as error:
        await balancer.close()
        raise UsageError(_taken(error)) from error
    return balancer, tuple(cards)


def _session(config: HostConfig, store: Store, name: str) -> Session:
    if config.session:
        leads = Lead(store, config.session, name)()
        return Session.resume(store, successor(store, config.session), leads=leads)
    scenario: Scenario = reading(load_scenario(config.scenario), config.languages)
    seed = config.seed if config.seed is not None else int.from_bytes(os.urandom(3), "big") % 1_000_000
    roster = {team.id: "people" for team in scenario.teams} | {"@pace": "live"}
    return Session.start_new(scenario, load_reference(), store, seed=seed, roster=roster)


def successor(store: Store, session_id: str) -> str:
    """The session that the room went on with after going back to a moment, or the same."""
    for _ in range(1_000):
        following = store.kept(session_id, ROOM_ITSELF).get(SUCCESSOR, "")
        if not following:
            break
        session_id = following
    return session_id


def _first_codes(room: Room) -> str:
    """A code for each team and each kind of onlooker, made once; returns the facilitator's."""
    have = {(card.kind, card.seat) for card in room.ticket_cards(codes=False) if not card.revoked}
    for team in room.session.scenario.teams:
        if ("participant", team.id) not in have:
            make_ticket(room, "participant", team.id)
    for kind in _FIRST_CODES:
        if (kind, "") not in have:
            make_ticket(room, kind)
    return next(card.code for card in room.ticket_cards(codes=True) if card.kind == "facilitator" and not card.revoked)


def certificate_for(config: HostConfig) -> Certificate | None:
    """The certificate of the doors, made on first use; None where they stand without."""
    if config.certificate:
        return own_certificate(Path(config.certificate), Path(config.key) if config.key else None)
    if config.tls:
        return load_or_make_certificate(data_dir(), shown_addresses(config.addresses))
    return None


def host_key_fingerprint() -> str:
    """Of the ssh door's key, made on first use."""
    return fingerprint_of(load_or_make_host_key(data_dir() / HOST_KEY))


def shown_addresses(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """The addresses to tell people: where a door listens on all, each of this machine's own."""
    everywhere = {"0.0.0.0", "::", ""} & set(addresses)
    if not everywhere:
        return addresses
    from exercise.hub.machine import addresses as own

    # A door of one family is not reached by the other's addresses.
    families = {"0.0.0.0": (False,), "::": (True,), "": (False,)}
    wanted = {six for each in everywhere for six in families[each]}
    found = tuple(one.address for one in own() if (":" in one.address) in wanted)
    return found or (("127.0.0.1",) if False in wanted else ("::1",))


def _host(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _taken(error: OSError) -> str:
    return f"A door cannot be opened ({error.strerror or error}); choose with --listen, --port, --ssh-port, --web-port."


def _stop_on_signals(room: Room) -> None:
    def stop() -> None:
        room.closing = True
        room.tell()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:
            # Windows has no handlers in the loop, but Ctrl-C wakes it.
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))


def main() -> int:
    """The hub's own process: configuration on standard input, one line of JSON back when it is ready or has failed."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    use_few_words()
    # Its bytes are UTF-8, whatever letters this system gives to pipes.
    config = HostConfig.model_validate_json(sys.stdin.buffer.readline())

    def ready(running: Running) -> None:
        # What stands now stands to the end: looking through it for garbage would hold everybody up.
        gc.collect()
        keep()
        gc.set_threshold(50_000, 20, 50)
        keep_state(running)
        print(json.dumps({"ready": True, "session": running.room.session.id}), flush=True)

    try:
        asyncio.run(serve(config, ready))
    except (ExerciseError, CommandRejected) as error:
        print(json.dumps({"error": str(error)}), flush=True)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def keep_state(running: Running) -> None:
    """Writes down where the hub is found, also after the room has moved to another session."""
    path = state_path(running.room.session.id)

    def write() -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(running.as_data(), file)
        exchange(fresh, path)

    def write_anew() -> None:
        try:
            write()
        except OSError as error:
            _log.error("%s: the console will not find the hub (%s)", path, error.strerror)

    try:
        write()
    except OSError as error:
        raise StoreError(f"{path}: where the hub is found cannot be written ({error.strerror})") from error
    running.room.moved.append(write_anew)


def read_state(session_id: str) -> dict[str, Any] | None:
    """Where the hub of a session is found on this machine, or None where none runs; its beginning is enough.

    After a crash somebody else may listen at the old port: whoever answers has to show that it is the hub, before it is
    given a code.
    """
    for path in sorted(state_path("x").parent.glob("*.json")):
        try:
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            port = int(str(found["url"]).rpartition(":")[2].partition("/")[0])
            nonce = secrets.token_hex(16)
            with _DIRECTLY.open(f"http://127.0.0.1:{port}/who?nonce={nonce}", timeout=5.0) as answer:
                shown = answer.read(200).decode("ascii")
        except (OSError, ValueError, KeyError, HTTPException):
            continue
        if not secrets.compare_digest(shown, proof(str(found.get("secret", "")), nonce)):
            continue
        if session_id in ("", path.stem) or path.stem.startswith(session_id) or found["session"] == session_id:
            return found
    return None


def state_path(session_id: str) -> Path:
    """Where a hub's file stands."""
    return data_dir() / "hubs" / f"{session_id}.json"


if __name__ == "__main__":
    sys.exit(main())
