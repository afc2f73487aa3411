"""The door for browsers: a page of our own, and the same screens in a terminal on it, over a WebSocket.

The page loads nothing from anywhere else, and nothing but the page may speak to the WebSocket.
"""

from __future__ import annotations

import asyncio
import html
import json
import logging
import re
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Any

from aiohttp import WSMsgType, web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from exercise.errors import DoorClosed
from exercise.hub.doorway import Opener, Terminal, bounded
from exercise.hub.guard import network_of
from exercise.hub.protocol import PRIVACY
from exercise.hub.secure_site import TLS_WITHIN, cut
from exercise.hub.sessions import Session, Sessions
from exercise.hub.terminal_driver import FEW_UNREAD
from exercise.language import N_, SOURCE, said_in

log = logging.getLogger(__name__)

LONGEST_MESSAGE = 4 * 1024
"""Bytes of one message from the page; it cuts longer pastes into pieces."""

MOST_MESSAGES = 200
"""Messages a second that are looked at; mouse movements are the most frequent."""

MOST_OUTSIDE, MOST_OUTSIDE_FROM_ONE = 300, 100
"""Connections without a terminal, in all and from one address, as those of a whole room behind a router may be."""

HELLO_WITHIN = 20.0
PAGE_WITHIN = 60.0
"""Seconds that a connection may stay which is not the terminal's: loading the page takes one or two."""

HEARTBEAT = 20.0

_FILES = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/style.css": ("style.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/xterm.js": ("vendor/xterm.js", "text/javascript; charset=utf-8"),
    "/xterm.css": ("vendor/xterm.css", "text/css; charset=utf-8"),
    "/addon-fit.js": ("vendor/addon-fit.js", "text/javascript; charset=utf-8"),
}
_HOST = re.compile(r"[A-Za-z0-9.\-_:\[\]]{1,200}")

_MARKED = re.compile(r"\{\{ _\('(.+?)'\) \}\}")
"""A text of the page that is translated."""

_FULL = N_("There is no more room at this door; trying again…")
_NOT_NOW = N_("The hub cannot be reached just now; trying again…")
_LEFT = N_("You have left the exercise. Your place is kept: the same code and name bring you back.")
_BROKEN = N_("Something went wrong here, and is noted; coming back to your place…")


class _Said(BaseModel):
    """What a page says. Not the program's usual model: that one trims texts, and here a line's end is the Enter key."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Come(_Said):
    """The first message of the page."""

    code: str = Field(max_length=40)
    name: str = Field(default="", max_length=200)
    size: tuple[int, int] = (80, 24)


class Typed(_Said):
    """Each later one: what was typed, another size, or a sign of life."""

    typed: str = Field(default="", max_length=LONGEST_MESSAGE)
    size: tuple[int, int] | None = None
    ping: int = 0


class _Channel:
    """The way to the terminal on a page."""

    def __init__(self, ws: web.WebSocketResponse, transport: asyncio.WriteTransport) -> None:
        self._ws = ws
        self._transport = transport
        self._unsent = bytearray()
        self._wake = asyncio.Event()
        self.reads = asyncio.Event()
        self.reads.set()
        # Sending waits as soon as this little is in the way, so that what is drawn next is known to be late.
        transport.set_write_buffer_limits(high=4 * FEW_UNREAD, low=FEW_UNREAD)

    def write(self, data: bytes) -> None:
        """Sends, after what was written before."""
        self._unsent += data
        self._wake.set()

    def waiting(self) -> int:
        """What waits here and below."""
        return len(self._unsent) + self._transport.get_write_buffer_size()

    def pause(self, pause: bool) -> None:
        """Reads nothing for a while."""
        if pause:
            self.reads.clear()
        else:
            self.reads.set()

    def abort(self) -> None:
        """Breaks the connection."""
        self._transport.abort()

    async def send_all(self) -> None:
        """Sends what is written, as fast as it is taken, until the connection ends."""
        with suppress(ConnectionError):
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._unsent:
                    piece = bytes(self._unsent)
                    self._unsent.clear()
                    await self._ws.send_bytes(piece)

    async def finish(self) -> None:
        """Sends what is left, for as long as a terminal that reads would need."""
        with suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(2.0):
                if self._unsent:
                    await self._ws.send_bytes(bytes(self._unsent))


@dataclass(eq=False)
class _Visit:
    """One connection at this door."""

    network: str
    sock: socket.socket
    transport: asyncio.Transport | None = None
    """None until TLS has come about."""
    over: bool = False

    def give_up(self) -> None:
        """Ends it."""
        self.over = True
        if self.transport is not None:
            self.transport.abort()
        else:
            cut(self.sock)


class WebDoor:
    """Serves browsers on connections that were accepted elsewhere."""

    def __init__(
        self, opener: Opener, sessions: Sessions, tls: ssl.SSLContext | None = None, language: str = SOURCE
    ) -> None:
        self.opener = opener
        self.sessions = sessions
        self._tls = tls
        self._language = language
        self._pages = {path: _page(name, language) for path, (name, _) in _FILES.items()}
        self._terminals: set[Any] = set()
        self._visits: list[_Visit] = []
        """Connections, oldest first."""
        app = web.Application(middlewares=[_refusals], client_max_size=1024)
        app.on_response_prepare.append(self._headers)
        for path in _FILES:
            app.router.add_get(path, self._file)
        app.router.add_get("/terminal", self._terminal)
        self._runner = web.AppRunner(app, access_log=None, keepalive_timeout=5.0, shutdown_timeout=1.0)

    async def start(self) -> None:
        """Gets ready to serve."""
        await self._runner.setup()

    async def close(self) -> None:
        """Ends what is left of connections."""
        await self._runner.cleanup()

    async def serve(self, sock: socket.socket, address: str) -> None:
        """Serves one connection to its end; one that is not a terminal's has little time, and less in a crowd."""
        server = self._runner.server
        if server is None:
            sock.close()
            return
        visit = _Visit(network_of(address), sock)
        self._visits.append(visit)
        self._make_room(visit.network)
        loop = asyncio.get_running_loop()
        try:
            visit.transport, _ = await loop.connect_accepted_socket(
                server,
                sock,
                ssl=self._tls,
                ssl_handshake_timeout=TLS_WITHIN if self._tls is not None else None,
            )
            until = loop.time() + PAGE_WITHIN
            while not visit.transport.is_closing():
                if visit.transport not in self._terminals and loop.time() > until:
                    visit.transport.abort()
                await asyncio.sleep(0.5)
        except (OSError, ssl.SSLError):
            sock.close()
        finally:
            self._visits.remove(visit)

    def _make_room(self, network: str) -> None:
        """In a crowd those go first who have been here longest without a terminal: a page is loaded in a second."""
        outside = [each for each in self._visits if not each.over and each.transport not in self._terminals]
        near = [each for each in outside if each.network == network]
        if len(near) > MOST_OUTSIDE_FROM_ONE:
            near[0].give_up()
        elif len(outside) > MOST_OUTSIDE:
            outside[0].give_up()

    # The page

    async def _file(self, request: web.Request) -> web.Response:
        body, tag = self._pages[request.path]
        headers = {"ETag": tag, "Cache-Control": "no-store" if request.path == "/" else "no-cache"}
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, headers=headers | {"Content-Type": _FILES[request.path][1]})

    async def _headers(self, request: web.BaseRequest, response: web.StreamResponse) -> None:
        host = request.headers.get("Host", "")
        # Some browsers do not count a WebSocket to the page's own host as 'self'.
        own = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            f"font-src 'self'; connect-src 'self'{own}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Server"] = "exercise"

    # The terminal

    async def _terminal(self, request: web.Request) -> web.StreamResponse:
        if not _same_origin(request):
            raise web.HTTPForbidden(text="This page may not speak to the exercise.")
        transport = request.transport
        assert isinstance(transport, asyncio.WriteTransport)
        ws = web.WebSocketResponse(
            heartbeat=HEARTBEAT, max_msg_size=2 * LONGEST_MESSAGE, compress=False, timeout=2.0, writer_limit=FEW_UNREAD
        )
        await ws.prepare(request)
        try:
            await self._serve(ws, transport, request.remote or "")
        finally:
            self._terminals.discard(transport)
            await ws.close()
        return ws

    async def _serve(self, ws: web.WebSocketResponse, transport: asyncio.WriteTransport, address: str) -> None:
        come = await _first(ws)
        if come is None:
            return
        try:
            if self.sessions.full:
                raise DoorClosed("full", _FULL, 5.0)
            opened = await self.opener.open(come.code.strip(), come.name, "browser", address)
        except DoorClosed as closed:
            await _say(ws, {"turned": said_in(self._language, closed.text), "wait": closed.wait})
            return
        except Exception:
            log.exception("somebody could not be let in")
            await _say(ws, {"turned": said_in(self._language, _NOT_NOW), "wait": 3.0})
            return
        self._terminals.add(transport)
        channel = _Channel(ws, transport)
        terminal = Terminal(size=bounded(*come.size), colours="truecolor")
        session = Session(self.sessions, opened, channel, terminal)
        await _say(ws, {"in": opened.name, "wall": opened.wall})
        sending = asyncio.create_task(channel.send_all())
        reading = asyncio.create_task(self._read(ws, channel, session))
        try:
            await session.run()
        finally:
            reading.cancel()
            sending.cancel()
            await asyncio.wait({reading, sending})
        if not ws.closed:
            await channel.finish()
            if session.crashed:
                await _say(ws, {"turned": said_in(self._language, _BROKEN), "wait": 2.0})
            elif session.last_word:
                await _say(ws, {"left": said_in(self._language, session.last_word)})
            elif session.left:
                await _say(ws, {"left": said_in(self._language, _LEFT)})

    async def _read(self, ws: web.WebSocketResponse, channel: _Channel, session: Session) -> None:
        loop = asyncio.get_running_loop()
        second, messages = loop.time(), 0
        try:
            while True:
                await channel.reads.wait()
                message = await ws.receive()
                if message.type is not WSMsgType.TEXT or len(message.data) > LONGEST_MESSAGE:
                    return
                messages += 1
                if messages > MOST_MESSAGES:
                    await asyncio.sleep(max(0.0, second + 1.0 - loop.time()))
                if loop.time() - second >= 1.0:
                    second, messages = loop.time(), 0
                said = Typed.model_validate_json(message.data)
                if said.size is not None:
                    session.resize(*said.size)
                if said.typed:
                    session.feed(said.typed.encode("utf-8", "replace"))
                if said.ping:
                    await _say(ws, {"pong": 1})
        except ValidationError:
            log.info("a page sent what no page of ours sends; closing it")
        finally:
            session.end()


async def _first(ws: web.WebSocketResponse) -> Come | None:
    with suppress(TimeoutError, ValidationError):
        message = await ws.receive(timeout=HELLO_WITHIN)
        if message.type is WSMsgType.TEXT and len(message.data) <= LONGEST_MESSAGE:
            return Come.model_validate_json(message.data)
    return None


async def _say(ws: web.WebSocketResponse, what: dict[str, Any]) -> None:
    with suppress(ConnectionError):
        await ws.send_str(json.dumps(what))


@web.middleware
async def _refusals(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """One line for what is not there, instead of a page that says with what this was made."""
    try:
        return await handler(request)
    except ConnectionError:
        return web.Response(status=400)  # Who runs away while being answered is no fault of ours.
    except web.HTTPException as refusal:
        return web.Response(status=refusal.status, text=refusal.text if refusal.status == 403 else refusal.reason)


def _same_origin(request: web.Request) -> bool:
    """Whether the page that asks came from here: browsers say so truly, and other programs need not come this way."""
    origin, host = request.headers.get("Origin", ""), request.headers.get("Host", "")
    own = f"{'https' if request.secure else 'http'}://{host}"
    return _HOST.fullmatch(host) is not None and origin.lower() == own.lower()


def _page(name: str, language: str) -> tuple[bytes, str]:
    body = (files("exercise.hub") / "web" / name).read_bytes()
    if name == "index.html":
        page = body.decode().replace("@LANGUAGE@", html.escape(language))
        page = page.replace("@PRIVACY@", html.escape(said_in(language, PRIVACY)))
        body = _MARKED.sub(lambda found: html.escape(said_in(language, found[1])), page).encode()
    return body, f'"{sha256(body).hexdigest()[:20]}"'
