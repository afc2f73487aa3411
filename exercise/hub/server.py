"""The hub's own door: a WebSocket at `/join` that speaks `protocol`, for every client there is.

Nothing that one client does holds another: each has a writer of its own that sends what is newest when the client is
ready for it, so that a slow one skips what lies between and a stalled one costs nothing.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import secrets
import ssl

from aiohttp import WSMsgType, web
from pydantic import ValidationError

from exercise.errors import DoorClosed
from exercise.hub import protocol as say
from exercise.hub.connection import NOT_UNDERSTOOD, Connection
from exercise.hub.no_hub import OTHER_VERSION
from exercise.hub.people import Member
from exercise.hub.room import Room
from exercise.hub.secure_site import SecureSite
from exercise.hub.threshold import Threshold
from exercise.language import N_
from exercise.session.closed import LAST_WORD

_log = logging.getLogger(__name__)

HELLO_WITHIN = 15.0
"""Seconds in which a connection says who it is."""

HEARTBEAT = 15.0
MOST_CONNECTIONS = 1_500

TICK = 0.25
GATHER = 0.012
"""Seconds between two rounds of sending at least: what happens in between goes out together."""

ELSEWHERE = N_(
    "Somebody has come in with the same code and name, and has your place now. "
    "If it was not you, come in again under another name."
)
"""Mostly it is the same person at another device, but two in a team may be called Anna."""


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
        self._secure: list[SecureSite] = []
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
        app.router.add_get("/who", self._who)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=2.0)
        await self._runner.setup()
        ports = []
        for host, port in places:
            if tls is not None and self._runner.server is not None:
                self._secure.append(SecureSite(self._runner.server, host, port, tls))
                ports.append(self._secure[-1].port)
                continue
            site = web.TCPSite(self._runner, host, port, backlog=512)
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

    async def send_out(self) -> None:
        """Tells everybody that the doors close, and lets their connections end."""
        for connection in tuple(self.connections):
            connection.close(say.Turned(code="closed", text=LAST_WORD, wait=5.0))
        for _ in range(40):
            if not self.connections:
                break
            await asyncio.sleep(0.05)

    async def close(self) -> None:
        """Tells everybody and closes."""
        await self.send_out()
        for task in self._tasks:
            task.cancel()
        for site in self._secure:
            site.close()
        if self._runner is not None:
            await self._runner.cleanup()
        self.closed.set()

    def look(self) -> None:
        """Says that there is something to send."""
        self._stale.set()

    async def _who(self, request: web.Request) -> web.Response:
        """Shows to who knows this hub's secret that it is this hub, and to others nothing."""
        return web.Response(text=proof(self.worker_secret, request.query.get("nonce", "")[:64]))

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
            # Another version's hello may have other fields, so that it is asked for before anything else is read.
            if _version_of(first.data) != say.VERSION:
                await _turn(ws, "version", OTHER_VERSION)
                return None
            hello = say.Hello.model_validate_json(first.data)
        except (TimeoutError, ValidationError):
            await _turn(ws, "bad-message", "The hub did not understand this.")
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
            before.close(say.Turned(code="elsewhere", text=ELSEWHERE))
        return connection

    async def _talk(self, connection: Connection, ws: web.WebSocketResponse) -> None:
        self.connections.add(connection)
        writer = connection.begin()
        try:
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    connection.take(message.data)
                else:
                    connection.close(say.Turned(code="bad-message", text=NOT_UNDERSTOOD))
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
                shaking = (each for site in self._secure for each in site.handshakes)
                self._threshold.cut((*self._runner.server.connections, *shaking))

    def _welcome(self, member: Member) -> None:
        if isinstance(member.connection, Connection):
            member.connection.answer(self.room.welcome_message(member, first=False), first=True)
            member.connection.anew()

    def _send_out(self, member: Member, why: DoorClosed) -> None:
        if isinstance(member.connection, Connection):
            member.connection.close(say.Turned(code=why.code, text=why.text, wait=why.wait))


def proof(secret: str, nonce: str) -> str:
    """What only a hub with this secret can answer to this number, drawn afresh by who asks."""
    return hmac.new(secret.encode(), f"who {nonce}".encode(), "sha256").hexdigest()


def _version_of(text: str) -> object:
    """The version that a hello names; ours where it names none, and where it is no hello at all."""
    try:
        said = json.loads(text)
        return said.get("version", say.VERSION) if said["say"] == "hello" else say.VERSION
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return say.VERSION


async def _turn(ws: web.WebSocketResponse, code: str, text: str, wait: float = 0.0) -> None:
    await ws.send_str(say.Turned(code=code, text=text, wait=wait).model_dump_json())
    await ws.close()
