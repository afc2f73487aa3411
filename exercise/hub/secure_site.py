"""A door with TLS on one address, which knows of connections before TLS has come about.

The web server's own lets whoever knocks and says nothing stay for a minute, and nobody can count them meanwhile: each
is a file that the hub cannot open for somebody else.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import ssl
from contextlib import suppress
from typing import Any

from aiohttp import web

_log = logging.getLogger(__name__)

TLS_WITHIN = 10.0
"""Seconds that TLS may take to come about."""


class Handshake:
    """Somebody of whom nothing is known yet but where from; looks like a connection to who counts those."""

    def __init__(self, sock: socket.socket) -> None:
        self._names = {"sockname": sock.getsockname(), "peername": sock.getpeername()}
        self._sock = sock
        self._over = False

    @property
    def transport(self) -> Handshake:
        """Itself, since there is no other yet."""
        return self

    def get_extra_info(self, name: str) -> Any:
        """The addresses of both ends."""
        return self._names.get(name)

    def is_closing(self) -> bool:
        """Whether it has been given up."""
        return self._over

    def abort(self) -> None:
        """Gives it up."""
        self._over = True
        cut(self._sock)


def cut(sock: socket.socket) -> None:
    """Ends a connection of which a transport is being made: that finds it at its end, and lets go of it.

    Where the making is cancelled in its first moment, the connection would stay open for ever.
    """
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


class SecureSite:
    """Listens on one address and hands on to a web server whoever has come as far as TLS."""

    def __init__(self, server: web.Server, host: str, port: int, tls: ssl.SSLContext) -> None:
        self._server, self._tls = server, tls
        self._tasks: set[asyncio.Task[None]] = set()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listening = socket.create_server((host, port), family=family, backlog=512)
        self._listening.setblocking(False)
        self.handshakes: set[Handshake] = set()
        self._accepting = asyncio.get_running_loop().create_task(self._accept())

    @property
    def port(self) -> int:
        """On which it listens."""
        return int(self._listening.getsockname()[1])

    def close(self) -> None:
        """Opens to nobody any more; who is in stays in."""
        self._accepting.cancel()
        self._listening.close()
        for handshake in tuple(self.handshakes):
            handshake.abort()

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                sock, _ = await loop.sock_accept(self._listening)
                handshake = Handshake(sock)
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                    _log.error("no more connections can be accepted just now: %s", error)
                    await asyncio.sleep(0.2)
                continue  # Otherwise whoever knocked has gone again.
            self.handshakes.add(handshake)
            task = loop.create_task(self._shake(sock, handshake))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _shake(self, sock: socket.socket, handshake: Handshake) -> None:
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                self._server, sock, ssl=self._tls, ssl_handshake_timeout=TLS_WITHIN
            )
        except OSError:  # A fault of TLS is one as well.
            sock.close()
        finally:
            self.handshakes.discard(handshake)
