"""Nothing leaks by the wire: every byte that the hub sends to seats, observers and the projector is searched.

The exercise is the aviary of `test_secrecy`, in which every string that not all may read is a canary, and what a seat
may have heard is worked out from the events as there. Refusals, answers, welcomes and what can be fetched are searched
as well as the views.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from contextlib import suppress
from typing import Any

import aiohttp
import pytest
from hosting import Hosting, hosted
from strategies import Wish, commands_for, to_the_end
from test_secrecy import BUSY, CANARY, CREW, FACT, SEATS, TEAMS, Ears, aviary, bird

from exercise.catalogue import load_reference
from exercise.core import commands as cmd
from exercise.core.state import State
from exercise.errors import CommandRejected
from exercise.hub.protocol import Ask, Doing, Fetch, Hello, Keep, Watch
from exercise.session.control import Startex
from exercise.session.session import Session
from exercise.session.store import MemoryStore


class Listener:
    """A client that understands nothing and keeps every byte, unpacked."""

    def __init__(self, seat: str, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ear = Ears(seat)
        self.seat = seat
        self.ws = ws
        self.bytes = 0
        self.heard: list[str] = []
        self.others: list[str] = []
        """Feeds that are not for it, for which it asks all the time."""

    async def listen(self) -> None:
        async for message in self.ws:
            text = zlib.decompress(message.data).decode() if isinstance(message.data, bytes) else message.data
            self.bytes += len(text)
            self.heard.append(text)

    async def say(self, message: Any) -> None:
        with suppress(ConnectionError):
            await self.ws.send_str(message.model_dump_json())

    def scan(self, over: bool) -> None:
        """What has come since the last look holds no canary that this seat may not hear."""
        for text in self.heard:
            leaks = sorted({canary for canary in CANARY.findall(text) if not self.ear.may_hear(canary)})
            assert over or not leaks, f"{self.seat or 'the projector'} hears {leaks} in {text[:300]}"
        self.heard.clear()


async def _come(hosting: Hosting, http: aiohttp.ClientSession, kind: str, seat: str) -> Listener:
    team, _, _ = seat.partition("/")
    ws = await http.ws_connect(hosting.url, max_msg_size=2**26)
    code = hosting.code(kind, team if kind == "participant" else "")
    hello = Hello(code=code, name=f"{kind} {seat}".replace("/", " "), seat=seat if kind == "participant" else "")
    await ws.send_str(hello.model_dump_json())
    listener = Listener(seat, ws)
    feeds = {
        "participant": [f"seat:{seat}"],
        "observer": [f"seat:{seat}"],
        "evaluator": [f"seat:{seat}"],
        "spectator": ["public"],
    }[kind]
    for feed in feeds:
        await listener.say(Watch(feed=feed))
    everything = [f"seat:{other}" for other in SEATS] + ["control", "room", "wash", "seat:", "seat:ghost", "x"]
    listener.others = [feed for feed in everything if feed not in feeds]
    if kind in ("observer", "evaluator"):
        listener.others = [feed for feed in listener.others if feed.partition(":")[2] not in TEAMS]
        # They write notes on the objectives.
        listener.ear.heard |= {bird("secret", "objective"), bird("secret", "objective", "title")}
    return listener


async def _pry(listener: Listener, step: int) -> None:
    """Asks for what is not this seat's, and says nonsense; the refusals must tell nothing either."""
    for feed in listener.others:
        if feed != "wash":
            await listener.say(Watch(feed=feed))
    await listener.say(Fetch(id=step, what="assessment"))
    await listener.say(Fetch(id=step, what="moments"))
    await listener.say(Doing(text="prying"))
    await listener.say(Keep(key="k", text="my own"))
    await listener.ws.send_str('{"say":"ask","id":5,"command":{"ask":"release-inject","inject":"kanari-nothing-z"}}')
    await listener.ws.send_str("nonsense")


@pytest.mark.parametrize("wanted", [BUSY, [Wish("wild-answer", 30, n, "ghost") for n in range(6)], []])
async def test_no_byte_on_the_wire_sings_early(wanted: list[Wish], monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects every secret of a scenario on the way to every kind of client, from the welcome to ENDEX."""
    # Prying is faster than any person; how floods are stopped is tested elsewhere.
    monkeypatch.setattr("exercise.hub.guard.Allowance.take", lambda self, amount=1.0: True)
    played, store = aviary(), MemoryStore()
    session = Session.start_new(played, load_reference(), store, seed=1, pace="stepped")
    async with hosted(played, store, session) as hosting, aiohttp.ClientSession() as http:
        control = await hosting.control()
        listeners = [await _come(hosting, http, "participant", seat) for seat in SEATS]
        listeners += [await _come(hosting, http, kind, team) for kind in ("observer", "evaluator") for team in TEAMS]
        listeners.append(await _come(hosting, http, "spectator", ""))
        tasks = [asyncio.create_task(listener.listen()) for listener in listeners]
        by_seat = {listener.seat: listener for listener in listeners[: len(SEATS)]}
        done = 0

        async def look() -> None:
            nonlocal done
            await asyncio.sleep(0.06)
            state = hosting.room.session.state
            for entry in session.entries[done:]:
                for listener in listeners:
                    listener.ear.listen(entry.event, state, played)
            done = len(session.entries)
            for listener in listeners:
                listener.scan(over=state.clock.phase == "ended")

        await look()
        await control.ask(Startex(facts={FACT: CREW}))
        await look()
        for step, wish in enumerate(wanted):
            command = commands_for(wish, played, session.state)
            await _carry(hosting, by_seat, command, step)
            await _pry(listeners[step % len(listeners)], step)
            await look()
        for _ in range(2 * len(played.moves) + 1):
            for command in to_the_end(session.state):
                await _carry(hosting, by_seat, command, 0)
                await look()
        assert session.state.clock.phase == "ended"
        for task in tasks:
            task.cancel()
        assert all(listener.bytes > 3_000 for listener in listeners)
        assert any("kanari" in json.dumps(item.title) for item in control.view().msel), "control hears them all"


async def _carry(hosting: Hosting, by_seat: dict[str, Listener], command: cmd.Command, step: int) -> None:
    """A seat's command goes by its own connection; control's are given to the room, the clock first."""
    session = hosting.room.session
    if session.state.clock.running:
        session.advance(command.play)
    listener = by_seat.get(command.seat)
    if listener is not None:
        await listener.say(Ask(id=1_000 + step, command=command))
    else:
        with suppress(CommandRejected):
            session.submit(command)


def test_the_aviary_begins_silent() -> None:
    """Guards the test itself: before anything happened a seat may hear its own brief and nothing that is to come."""
    ear = Ears("averne/police")
    assert ear.may_hear("kanari-brief-averne-police-z") and not ear.may_hear("kanari-inject-late-text-z")
    assert State().clock.phase == "briefing"
