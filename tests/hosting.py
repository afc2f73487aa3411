"""A hosted exercise for tests: a real room behind a real WebSocket on the loopback, and people who come in by it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.core.scenario import Scenario
from exercise.hub.link import Link
from exercise.hub.protocol import Hello
from exercise.hub.remote import RemoteTable
from exercise.hub.remote_control import PublicSource, RemoteControl, come_in
from exercise.hub.room import Room
from exercise.hub.server import HubServer
from exercise.hub.steering import make_ticket
from exercise.session.session import Session
from exercise.session.store import MemoryStore, Store


class Hosting:
    """One hub in the test's own loop."""

    def __init__(self, room: Room, server: HubServer, port: int) -> None:
        self.room, self.server, self.port = room, server, port
        self.links: list[Link] = []

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/join"

    def code(self, kind: str = "participant", seat: str = "") -> str:
        """A code of that kind, made if there is none."""
        for card in self.room.ticket_cards(codes=True):
            if (card.kind, card.seat, card.revoked) == (kind, seat, False):
                return card.code
        return make_ticket(self.room, kind, seat).code  # type: ignore[arg-type]

    def link(self, code: str, name: str = "", seat: str = "") -> Link:
        link = Link(self.url, Hello(code=code, name=name, seat=seat))
        self.links.append(link)
        return link

    async def person(self, team: str, name: str, role: str = "") -> RemoteTable:
        """Somebody with a team's code, at a role of it or at its own seat."""
        seat = f"{team}/{role}" if role else team
        link = self.link(self.code("participant", team), name, seat)
        table = await come_in(link)
        assert isinstance(table, RemoteTable)
        return table

    async def control(self, name: str = "Ada", kind: str = "facilitator") -> RemoteControl:
        control = await come_in(self.link(self.code(kind), name))
        assert isinstance(control, RemoteControl)
        return control

    async def onlooker(self, name: str = "Eve", kind: str = "observer") -> RemoteTable:
        table = await come_in(self.link(self.code(kind), name))
        assert isinstance(table, RemoteTable)
        return table

    async def projector(self) -> PublicSource:
        source = await come_in(self.link(self.code("spectator"), "Projector"))
        assert isinstance(source, PublicSource)
        return source


@asynccontextmanager
async def hosted(
    scenario: Scenario | str = "first-light", store: Store | None = None, session: Session | None = None
) -> AsyncIterator[Hosting]:
    """A hub with a session in its briefing; everybody's links are dropped at the end."""
    store = store or MemoryStore()
    if session is None:
        found = load_scenario(scenario) if isinstance(scenario, str) else scenario
        session = Session.start_new(found, load_reference(), store, seed=1)
    room = Room(session, store)
    server = HubServer(room)
    (port,) = await server.serve((("127.0.0.1", 0),))
    hosting = Hosting(room, server, port)
    try:
        yield hosting
    finally:
        for link in hosting.links:
            await link.drop()
        await server.close()


async def until(holds: Callable[[], object], seconds: float = 10.0) -> None:
    """Waits for something to become true, and fails where it does not."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come true in time"
        await asyncio.sleep(0.01)
