"""The ssh and the browser door as one process serves them, on connections that somebody else has accepted.

A worker process and, where there is none, the hub itself use the same of this.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from exercise.core.commitments import Model
from exercise.hub.doorway import Opener
from exercise.hub.sessions import Sessions
from exercise.hub.ssh_door import SshDoor, load_or_make_host_key
from exercise.hub.web_door import WebDoor
from exercise.language import SOURCE

log = logging.getLogger(__name__)

Kind = Literal["ssh", "web"]

UNSENT = 64 * 1024
"""Bytes that the system keeps for a client that reads slowly: with its usual megabytes, a terminal that stopped long
ago would seem to be reading."""


class DoorsConfig(Model):
    """What a process needs to know to serve both doors; sent to workers on their standard input."""

    url: str
    """Where the hub listens for its own workers."""
    secret: str = Field(repr=False)
    """By which the hub knows them."""
    host_key: str
    """File of the ssh host key."""
    certificate: str = ""
    key: str = ""
    """Files of the browser door's certificate, or '' for none."""
    language: str = SOURCE
    """What the doors speak, before they know who comes."""
    log_level: str = "WARNING"
    opener: str = "exercise.hub.entry:hub_opener"
    """Who lets people in: a function of this configuration; tests have one of their own."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A connection, and by which door it came."""

    kind: Kind
    sock: socket.socket


class BothDoors:
    """Serves connections of both kinds; `gone` is called once for each that has ended."""

    def __init__(self, config: DoorsConfig, opener: Opener, gone: Callable[[], None] = lambda: None) -> None:
        self.sessions = Sessions()
        self._gone = gone
        # The library's own messages name users, who may have typed the code there.
        logging.getLogger("asyncssh").setLevel(logging.ERROR)
        self._ssh = SshDoor(opener, self.sessions, load_or_make_host_key(Path(config.host_key)), config.language)
        self._web = WebDoor(opener, self.sessions, _tls(config), config.language)
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    async def start(self) -> None:
        """Gets ready."""
        await self._web.start()

    def take(self, accepted: Accepted) -> None:
        """Serves one more connection."""
        if self._closing:
            accepted.sock.close()
            self._gone()
            return
        task = asyncio.get_running_loop().create_task(self._serve(accepted))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, accepted: Accepted) -> None:
        sock = accepted.sock
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNSENT)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            address = str(sock.getpeername()[0])
            await (self._ssh if accepted.kind == "ssh" else self._web).serve(sock, address)
        except OSError:
            # Whoever knocked has gone again.
            sock.close()
        except Exception:
            log.exception("a connection ended with a fault")
        finally:
            self._gone()

    async def close(self) -> None:
        """Ends the apps first, so that every terminal gets its own screen back, then the connections."""
        self._closing = True
        await self.sessions.close()
        await self._web.close()
        # What the last frames are is on its way; who does not take it within this time loses it.
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1.0)
        for task in self._tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*self._tasks, return_exceptions=True)


def _tls(config: DoorsConfig) -> ssl.SSLContext | None:
    if not config.certificate:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(config.certificate, config.key or None)
    context.set_alpn_protocols(["http/1.1"])
    return context
