"""The hub's own door: a WebSocket at `/join` that speaks `protocol`, for every client there is.

Nothing that one client does holds another: each has a writer of its own that sends what is newest when the client is
ready for it, so that a slow one skips what lies between and a stalled one costs nothing.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import ssl
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, assert_never

from aiohttp import WSMsgType, web
from pydantic import BaseModel, ValidationError

from exercise.core.text import clean_words
from exercise.errors import CommandRejected, DoorClosed, ExerciseError
from exercise.hub import protocol as say
from exercise.hub.audience import Feed, packed
from exercise.hub.guard import Allowance
from exercise.hub.people import Member
from exercise.hub.room import Room
from exercise.hub.steering import carry_out
from exercise.hub.threshold import Threshold

_log = logging.getLogger(__name__)

HELLO_WITHIN = 15.0
"""Seconds in which a connection says who it is."""

HEARTBEAT = 15.0
STALLED = 60.0
"""Seconds for which one message may wait for a client to take it."""

MOST_CONNECTIONS = 1_500
MOST_FEEDS = 40
MOST_ANSWERS = 200
"""Answers that may wait for a client; one that asks and never listens is closed."""

TICK = 0.25
GATHER = 0.012
"""Seconds between two rounds of sending at least: what happens in between goes out together."""


_SHUTTING: set[asyncio.Task[None]] = set()
"""Tasks under way, which the loop itself would forget."""


@dataclass
class _Watched:
    feed: Feed
    rev: int = 0
    view: Any = None


class Connection:
    """One client, from its hello on."""

    def __init__(self, hub: HubServer, ws: web.WebSocketResponse, member: Member) -> None:
        self._hub, self._ws, self.member = hub, ws, member
        self.watched: dict[str, _Watched] = {}
        self._first: deque[bytes | str] = deque()
        self._answers: deque[bytes | str] = deque()
        self._done: list[BaseModel] = []
        self._wake = asyncio.Event()
        self._ended = ""
        self._last: say.Turned | None = None
        self._time = asyncio.get_running_loop().time
        self._sending: float | None = None
        self._writer: asyncio.Task[None] | None = None
        self._rate = Allowance(self._time, rate=20.0, most=80.0)
        self._fetches = Allowance(self._time, rate=1.0, most=20.0)

    @property
    def behind(self) -> bool:
        """Whether there is something that this client has not been sent."""
        return self._ended != self._hub.room.head or any(w.rev != w.feed.rev for w in self.watched.values())

    @property
    def stalled(self) -> bool:
        """Whether the client has not taken a message for long."""
        return self._sending is not None and self._time() - self._sending > STALLED

    def nudge(self) -> None:
        """Says that there may be something to send."""
        self._wake.set()

    def settle(self) -> None:
        """Lets go the answers that waited until the feeds showed what came of what was asked."""
        done, self._done = self._done, []
        for message in done:
            self.answer(message)

    def answer(self, message: BaseModel | bytes | str, *, first: bool = False) -> None:
        """Puts an answer in the row: behind the feeds, so that who asked sees what came of it; or before them."""
        if len(self._answers) >= MOST_ANSWERS:
            self.close(say.Turned(code="flood", text="Too much was asked at once.", wait=5.0))
            return
        ready = packed(message.model_dump_json().encode()) if isinstance(message, BaseModel) else message
        (self._first if first else self._answers).append(ready)
        self._wake.set()

    def close(self, why: say.Turned) -> None:
        """Sends a last word and closes; from here on nothing of this client's is taken, and it is shown nothing."""
        self._last = self._last or why
        self.watched.clear()
        self._wake.set()

    def anew(self) -> None:
        """After a change of session or seat: feeds start again with what may still be watched."""
        names, self.watched = tuple(self.watched), {}
        for name in names:
            with suppress(CommandRejected):
                self._watch(name)
        self._wake.set()

    def begin(self) -> asyncio.Task[None]:
        """Begins to send."""
        self._writer = asyncio.create_task(self._write())
        return self._writer

    def give_up(self) -> None:
        """Ends it without a word: nobody takes any."""
        if self._writer is not None:
            self._writer.cancel()

    async def _write(self) -> None:
        """Sends what there is until the connection ends."""
        try:
            await self._send_on()
        except (ConnectionError, TimeoutError):
            pass  # Gone, as connections go.
        finally:
            task = asyncio.create_task(_shut(self._ws))
            _SHUTTING.add(task)
            task.add_done_callback(_SHUTTING.discard)

    async def _send_on(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._first:
                await self._send(self._first.popleft())
            answers = len(self._answers)
            for watched in tuple(self.watched.values()):
                if watched.rev != watched.feed.rev and self._last is None:
                    message = self._hub.room.feeds.message(watched.feed, watched.rev, watched.view)
                    watched.rev, watched.view = watched.feed.rev, watched.feed.view
                    await self._send(message)
            for _ in range(answers):
                await self._send(self._answers.popleft())
            if self._answers:
                self._wake.set()
            if self._hub.room.head != self._ended:
                self._ended = self._hub.room.head
                await self._send(say.Ended(head=self._ended).model_dump_json())
            if self._last is not None:
                await self._send(self._last.model_dump_json())
                await asyncio.wait_for(self._ws.close(), STALLED)
                return

    async def _send(self, message: bytes | str) -> None:
        self._sending = self._time()
        if isinstance(message, bytes):
            await self._ws.send_bytes(message)
        else:
            await self._ws.send_str(message)
        self._sending = None

    def take(self, data: str) -> None:
        """One message of the client; anything wrong with it is answered in words and harms nobody else."""
        if self._last is not None:
            return  # Sent out, perhaps, and not taking the word that says so.
        if not self._rate.take():
            self.close(say.Turned(code="flood", text="Too many messages came at once.", wait=5.0))
            return
        try:
            message = say.FROM_CLIENT.validate_json(data)
        except ValidationError:
            # Its errors quote what was sent; the client's own programmer finds them without.
            self.answer(say.Refused(id=_id_of(data), code="bad-message", text="The hub did not understand this."))
            return
        try:
            self._carry_out(message)
        except CommandRejected as refused:
            self.answer(say.Refused(id=getattr(message, "id", 0), code=refused.code, text=refused.text))
        except ExerciseError as error:
            self.answer(say.Refused(id=getattr(message, "id", 0), code="fault", text=str(error)))

    def _carry_out(self, message: say.FromClient) -> None:
        room, member = self._hub.room, self.member
        match message:
            case say.Hello():
                raise CommandRejected("hello", "You are in already.")
            case say.Watch():
                self._watch(message.feed)
                self._wake.set()
            case say.Unwatch():
                self.watched.pop(message.feed, None)
            case say.Ask():
                room.submit(member, message.command)
                self._answer_after(say.Done(id=message.id))
            case say.AskRoom():
                text = carry_out(room, member, message.command)
                self._answer_after(say.Done(id=message.id, text=text))
            case say.TakePlace():
                room.take_place(member, message.seat)
                self.answer(say.Done(id=message.id))
            case say.Fetch():
                if not self._fetches.take():
                    raise CommandRejected("too-fast", "That was asked for too often; wait a few seconds.")
                self.answer(room.feeds.fetch(member, message.what))
            case say.Keep():
                room.keep(member, message.key, message.text)
            case say.Doing():
                text = clean_words(message.text)
                if member.doing != text:
                    member.doing = text
                    room.tell()
            case say.Leave():
                room.leave(member)
                self.close(say.Turned(code="left", text="You have left the exercise."))
            case _:
                assert_never(message)

    def _answer_after(self, message: BaseModel) -> None:
        """Whoever asked sees what came of it before the answer; views are built once for all who ask at a time."""
        self._done.append(message)
        self._hub.look()

    def _watch(self, name: str) -> None:
        if len(self.watched) >= MOST_FEEDS:
            raise CommandRejected("too-many", "Too many things are watched at once.")
        try:
            self.watched[name] = _Watched(self._hub.room.feeds.watch(self.member, name))
        except CommandRejected:
            self.watched.pop(name, None)
            raise


class HubServer:
    """Serves one room; `serve` opens the door, `close` shuts it with a word to everybody."""

    def __init__(self, room: Room, *, worker_secret: str = "") -> None:
        self.room = room
        self.worker_secret = worker_secret or secrets.token_urlsafe(24)
        self.connections: set[Connection] = set()
        self._knocking = 0
        self._threshold = Threshold(HELLO_WITHIN + 1)
        self._stale = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._runner: web.AppRunner | None = None
        self.closed = asyncio.Event()
        room.changed.append(self._stale.set)
        room.welcomed.append(self._welcome)
        room.sent_out.append(self._send_out)

    async def serve(self, places: tuple[tuple[str, int], ...], tls: ssl.SSLContext | None = None) -> tuple[int, ...]:
        """Opens the door at each (address, port) and returns the ports; raises OSError where one is taken.

        With TLS the loopback stays without, for the workers of this machine.
        """
        app = web.Application(client_max_size=say.LONGEST_MESSAGE)
        app.router.add_get("/join", self._join)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=2.0)
        await self._runner.setup()
        ports = []
        for host, port in places:
            site = web.TCPSite(self._runner, host, port, ssl_context=tls, backlog=512)
            await site.start()
            sockets = site._server.sockets  # type: ignore[union-attr]
            ports.append(int(sockets[0].getsockname()[1]))
        self._tasks = [asyncio.create_task(self._spread()), asyncio.create_task(self._tick())]
        return tuple(ports)

    async def serve_inside(self) -> int:
        """A door on the loopback alone, without TLS, for the workers; returns its port."""
        assert self._runner is not None
        site = web.TCPSite(self._runner, "127.0.0.1", 0, backlog=512)
        await site.start()
        port = int(site._server.sockets[0].getsockname()[1])  # type: ignore[union-attr]
        self._threshold.inside_port = port
        return port

    async def close(self, text: str = "The exercise has been closed; it is kept.") -> None:
        """Tells everybody and closes."""
        for connection in tuple(self.connections):
            connection.close(say.Turned(code="closed", text=text, wait=5.0))
        for _ in range(40):
            if not self.connections:
                break
            await asyncio.sleep(0.05)
        for task in self._tasks:
            task.cancel()
        if self._runner is not None:
            await self._runner.cleanup()
        self.closed.set()

    def look(self) -> None:
        """Says that there is something to send."""
        self._stale.set()

    async def _join(self, request: web.Request) -> web.WebSocketResponse:
        try:
            return await self._let_in(request)
        except ConnectionError:
            raise web.HTTPBadRequest from None  # Who runs away while being answered is no fault of ours.

    async def _let_in(self, request: web.Request) -> web.WebSocketResponse:
        origin = request.headers.get("Origin")
        if origin is not None and origin.partition("://")[2] != request.host:
            raise web.HTTPForbidden(text="This door is for the program itself, not for pages of other sites.")
        if len(self.connections) + self._knocking >= MOST_CONNECTIONS:
            raise web.HTTPServiceUnavailable(text="The room is full.")
        ws = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=say.LONGEST_MESSAGE, compress=False)
        await ws.prepare(request)
        self._knocking += 1
        try:
            connection = await self._knock(request, ws)
        finally:
            self._knocking -= 1
        if connection is not None:
            self._threshold.inside.add(request.transport)
            try:
                await self._talk(connection, ws)
            finally:
                self._threshold.inside.discard(request.transport)
        return ws

    async def _knock(self, request: web.Request, ws: web.WebSocketResponse) -> Connection | None:
        try:
            async with asyncio.timeout(HELLO_WITHIN):
                first = await ws.receive()
            if first.type is not WSMsgType.TEXT:
                return None
            hello = say.FROM_CLIENT.validate_json(first.data)
        except (TimeoutError, ValidationError):
            await _turn(ws, "bad-message", "The hub did not understand this.")
            return None
        if not isinstance(hello, say.Hello) or hello.version != say.VERSION:
            await _turn(ws, "version", "This hub speaks another version; install the same program on both sides.")
            return None
        shown = request.headers.get(say.WORKER, "").encode("utf-8", "replace")
        own = secrets.compare_digest(shown, self.worker_secret.encode())
        address = hello.address if own and hello.address else request.remote or ""
        if not own:
            here = hello.door == "here" and address in ("127.0.0.1", "::1")
            hello = hello.model_copy(update={"door": "here" if here else "terminal"})
        try:
            member = self.room.knock(hello, address)
        except DoorClosed as closed:
            await _turn(ws, closed.code, closed.text, closed.wait)
            return None
        connection = Connection(self, ws, member)
        # The welcome says what stands once this person sits there.
        before = self.room.enter(member, connection)
        connection.answer(self.room.welcome_message(member, first=True), first=True)
        if isinstance(before, Connection):
            before.close(say.Turned(code="elsewhere", text="You have joined from somewhere else."))
        return connection

    async def _talk(self, connection: Connection, ws: web.WebSocketResponse) -> None:
        self.connections.add(connection)
        writer = connection.begin()
        try:
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    connection.take(message.data)
                else:
                    connection.close(say.Turned(code="bad-message", text="The hub did not understand this."))
        except Exception:
            # One client's fault is its own.
            _log.exception("a connection failed")
        finally:
            writer.cancel()
            self.connections.discard(connection)
            self.room.lose(connection.member, connection)

    async def _spread(self) -> None:
        """Builds what is watched anew after a change, and wakes those who have something to get."""
        while True:
            await self._stale.wait()
            self._stale.clear()
            self._renew()
            await asyncio.sleep(GATHER)

    def _renew(self) -> None:
        feeds = {id(w.feed): w.feed for connection in self.connections for w in connection.watched.values()}
        for feed in feeds.values():
            try:
                self.room.feeds.renew(feed)
            except Exception:
                # One view's fault holds neither the others nor an answer.
                _log.exception("the view %s could not be built", feed.name)
        for connection in tuple(self.connections):
            connection.settle()
            if connection.behind:
                connection.nudge()
        if self.room.closing and not self.closed.is_set():
            self.closed.set()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            try:
                self.room.tick()
            except Exception:
                _log.exception("a tick failed")
            for connection in tuple(self.connections):
                if connection.stalled:
                    connection.give_up()
            if self._runner is not None and self._runner.server is not None:
                self._threshold.cut(self._runner.server.connections)

    def _welcome(self, member: Member) -> None:
        if isinstance(member.connection, Connection):
            member.connection.answer(self.room.welcome_message(member, first=False), first=True)
            member.connection.anew()

    def _send_out(self, member: Member, why: DoorClosed) -> None:
        if isinstance(member.connection, Connection):
            member.connection.close(say.Turned(code=why.code, text=why.text, wait=why.wait))


async def _turn(ws: web.WebSocketResponse, code: str, text: str, wait: float = 0.0) -> None:
    await ws.send_str(say.Turned(code=code, text=text, wait=wait).model_dump_json())
    await ws.close()


async def _shut(ws: web.WebSocketResponse) -> None:
    if not ws.closed:
        await ws.close()


def _id_of(data: str) -> int:
    """The number of a message that is otherwise wrong, so that whoever asked is answered."""
    try:
        found = json.loads(data).get("id", 0)
    except (ValueError, AttributeError, RecursionError):
        return 0
    return found if isinstance(found, int) and found >= 0 else 0
