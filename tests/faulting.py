"""A hub as a process of its own that can be killed, and a wire to it that can be cut: for faults on purpose."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from exercise.core.commands import ChooseResponse, Command, ReadMessage
from exercise.core.observe import participant_view
from exercise.core.teamwork.commands import Say, TakePen, WriteDraft
from exercise.core.teamwork.seating import seats_of
from exercise.core.views import FacilitatorView, ParticipantView
from exercise.errors import CommandRejected
from exercise.hub.link import Link
from exercise.hub.protocol import Hello, Welcome
from exercise.hub.remote import RemoteTable
from exercise.hub.remote_control import RemoteControl, come_in
from exercise.session.database import open_store
from exercise.session.log import LoadedLog
from exercise.session.store import Stored
from exercise.session.tickets import Ticket
from exercise.session.verify import verify


def free_port() -> int:
    """A port that nobody has at this moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class HubProcess:
    """One hub in a folder of its own, at one port however often it is started anew."""

    def __init__(self, folder: Path, scenario: str = "card-storm", **config: Any) -> None:
        self.folder = folder
        self.port = free_port()
        self.session = ""
        self.store = str(config.get("store", "")) or str(folder / "sessions.db")
        self._config = {
            "scenario": scenario, "seed": 1, "ssh_port": None, "web_port": None, "port": self.port, **config
        }  # fmt: skip
        self._process: subprocess.Popen[str] | None = None
        self.said = folder / f"hub-{self.port}.log"

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/join"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> HubProcess:
        """Starts it, for the first time or again, and waits until its door stands open."""
        config = dict(self._config)
        if self.session:
            config |= {"session": self.session, "scenario": ""}
        program = os.environ.get("EXERCISE_HUB_PROGRAM", "-m exercise.hub.host").split()
        with self.said.open("a") as said:
            self._process = subprocess.Popen(
                [sys.executable, *program],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True,
                env={**os.environ, "EXERCISE_DATA_DIR": str(self.folder)},
            )  # fmt: skip
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(config) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or "{}")
        if "session" not in answer:
            raise RuntimeError(f"the hub did not start: {answer} {self.said.read_text()[-2000:]}")
        self.session = answer["session"]
        return self

    async def start_again(self) -> None:
        """The same beside a running loop."""
        await asyncio.to_thread(self.start)

    def kill(self) -> None:
        """As if the plug were pulled."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """As one does it: the doors are closed, and everybody is told."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def stored(self) -> Stored:
        """The session as the store holds it, read beside the hub."""
        store = open_store(self.store)
        try:
            return store.load(self.session)
        finally:
            store.close()

    def log(self) -> LoadedLog:
        """The log as the store holds it."""
        return self.stored().log()

    def tickets(self) -> tuple[Ticket, ...]:
        """All codes."""
        store = open_store(self.store)
        try:
            return store.tickets(self.session)
        finally:
            store.close()

    def code(self, kind: str = "participant", seat: str = "") -> str:
        """The code of that kind."""
        return next(ticket.code for ticket in self.tickets() if (ticket.kind, ticket.seat) == (kind, seat))

    def complaints(self) -> list[str]:
        """Lines of the hub's own log that tell of a fault."""
        text = self.said.read_text() if self.said.exists() else ""
        return [line for line in text.splitlines() if "Traceback" in line or " ERROR " in line]

    def verified(self) -> LoadedLog:
        """The log, once it was seen to verify with its rules; AssertionError says what speaks against it."""
        stored = self.stored()
        account = verify(stored.file_lines(), rules=True)
        assert account.ok and account.checks[-1].holds, account.lines()
        return stored.log()


class Wire:
    """A way to a port that can be cut, or freeze without a word as a lost Wi-Fi does."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._open = asyncio.Event()
        self._open.set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def __aenter__(self) -> Wire:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self._open.set()
        self.cut()
        while self._pairs:
            await asyncio.sleep(0.01)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/join"

    def freeze(self) -> None:
        """From now on nothing gets through, and nobody is told."""
        self._open.clear()

    def cut(self) -> None:
        """Breaks what stands."""
        for pair in tuple(self._pairs):
            for writer in pair:
                writer.transport.abort()

    def mend(self) -> None:
        """Lets everything through again."""
        self._open.set()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._open.wait()
        try:
            there, to = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        pair = (writer, to)
        self._pairs.add(pair)
        try:
            await asyncio.gather(self._pass(reader, to), self._pass(there, writer))
        finally:
            self._pairs.discard(pair)
            for each in pair:
                each.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                await self._open.wait()
                writer.write(data)
                await writer.drain()
        writer.transport.abort()


View = TypeVar("View", ParticipantView, FacilitatorView)


class Player:
    """Somebody who plays at a client, says things with a number, and remembers which of them were taken."""

    def __init__(self, table: RemoteTable, name: str, chance: random.Random) -> None:
        self.table, self.name = table, name
        self.taken: list[str] = []
        self.person = self._here.person
        self.seat = table.seat
        self.kept = ""
        self._chance = chance
        self._number = 0

    @property
    def _here(self) -> Welcome:
        assert self.table.link.welcome is not None
        return self.table.link.welcome

    @property
    def back(self) -> bool:
        """Whether the link stands and shows the seat."""
        link = self.table.link
        return not link.trouble and f"seat:{self.seat}" in link.received

    def same(self) -> bool:
        """Whether this is the same person at the same seat."""
        return (self._here.person, self._here.seat) == (self.person, self.seat)

    async def act(self) -> None:
        """One thing of those that people do; what is refused, or lost on the way, is no matter."""
        view = self.table.client(self.seat).view()
        what = self._chance.choice(("say", "say", "read", "answer", "draft", "pen"))
        try:
            if what == "say":
                await self._said(lambda words: Say(to=view.team, text=words))
            elif what == "answer" and view.open_decisions:
                put = view.open_decisions[0]
                option = self._chance.choice(put.options).id
                await self._said(
                    lambda words: ChooseResponse(decision=put.id, revision=put.revision, option=option, reason=words)
                )
            elif what == "read" and view.inbox:
                await self._ask(ReadMessage(number=self._chance.randint(1, len(view.inbox))))
            elif what == "draft":
                self.kept = f"half a sentence by {self.name}, {self._number}"
                self.table.keep("draft", self.kept)
                await self._ask(ReadMessage(number=1))  # Whose answer says that what was sent before has come.
            elif what == "pen" and view.open_decisions:
                await self._ask(TakePen(subject=view.open_decisions[0].id))
                await self._ask(WriteDraft(subject=view.open_decisions[0].id, text=f"Draft {self._number}"))
        except CommandRejected:
            pass

    async def play(self, stop: asyncio.Event) -> None:
        """Goes on until told to stop."""
        while not stop.is_set():
            if self.back:
                await self.act()
            await asyncio.sleep(self._chance.uniform(0.0, 0.03))

    async def _said(self, make: Callable[[str], Command]) -> None:
        self._number += 1
        words = f"Word {self._number} of {self.name}."
        await self._ask(make(words))
        self.taken.append(words)

    async def _ask(self, command: Command) -> None:
        await self.table.client(self.seat).submit(command)


def words_in(log: LoadedLog) -> Counter[str]:
    """What was said, and the reasons given, with how often each stands in a log."""
    found: Counter[str] = Counter()
    for entry in log.entries:
        for name in ("text", "reason"):
            if isinstance(words := getattr(entry.event, name, None), str) and words.startswith("Word "):
                found[words] += 1
    return found


def lost_or_doubled(log: LoadedLog, players: Sequence[Player]) -> list[str]:
    """What was taken and does not stand in the log, and what stands there twice; nothing, if all is well."""
    found = words_in(log)
    lost = [words for player in players for words in player.taken if words not in found]
    return lost + [words for words, times in found.items() if times > 1]


def right_view(log: LoadedLog, seat: str) -> ParticipantView:
    """What the rules build for a seat, without the time of its clock."""
    return without_times(participant_view(log.scenario, log.state, seat))


def without_times(view: View) -> View:
    """A view but for where its clock stands."""
    return replace(view, clock=replace(view.clock, play=0, exercise=0))


async def come(url: str, code: str, name: str, seat: str = "") -> RemoteTable:
    """Somebody who comes in as a participant or to look on."""
    table = await come_in(Link(url, Hello(code=code, name=name, seat=seat)))
    assert isinstance(table, RemoteTable)
    return table


async def in_control(url: str, code: str) -> RemoteControl:
    """The facilitator."""
    control = await come_in(Link(url, Hello(code=code, name="Ada")))
    assert isinstance(control, RemoteControl)
    return control


async def seated(hub: HubProcess, count: int, chance: random.Random, *wires: str) -> list[Player]:
    """So many people at the seats of all teams, a team's first seat being its own; over several wires in turn."""
    scenario, codes = hub.log().scenario, {ticket.seat: ticket.code for ticket in hub.tickets()}
    seats = [seat for team in scenario.teams for seat in seats_of(team)]
    players = []
    for number, seat in enumerate(seats[:count]):
        url = wires[number % len(wires)] if wires else hub.url
        table = await come(url, codes[seat.partition("/")[0]], f"P{number}", seat)
        players.append(Player(table, f"P{number}", chance))
    return players
