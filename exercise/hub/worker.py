"""A process that runs the screens of people at the ssh and the browser door: `python -m exercise.hub.worker`.

Its standard input is a socket from the hub: one line of JSON that says what to serve, and then, with each byte, a
connection to serve. It answers with a byte for each connection that has ended, and one now and then to show that it
lives, and ends itself when the hub does.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exercise.hub.both_doors import Accepted, BothDoors, DoorsConfig
    from exercise.hub.doorway import Opener

SSH, WEB = b"s", b"w"
STOP = b"q"
ENDED = b"-"
READY = b"+"
ALIVE = b"."
ALIVE_EVERY = 5.0
"""Seconds between two signs of life."""

_THE_SERVERS_OWN = ("COLORTERM", "NO_COLOR", "TERM", "TERM_PROGRAM", "LC_TERMINAL", "COLUMNS", "LINES")


def forget_own_terminal() -> None:
    """Takes out of the environment what says something of the terminal the hub was started at, not of any guest's."""
    for name in [*_THE_SERVERS_OWN, *(name for name in os.environ if name.startswith("TEXTUAL"))]:
        os.environ.pop(name, None)


def opener_of(config: DoorsConfig) -> Opener:
    """The opener that a configuration names."""
    module, _, name = config.opener.partition(":")
    make: Callable[[DoorsConfig], Opener] = getattr(importlib.import_module(module), name)
    return make(config)


async def serve(hub: socket.socket, config: DoorsConfig) -> None:
    """Serves what the hub hands over until it says to stop, or is gone."""
    from exercise.hub.both_doors import BothDoors
    from exercise.hub.collecting import calm_collector

    loop = asyncio.get_running_loop()
    over = asyncio.Event()

    def tell(what: bytes) -> None:
        # A report that is lost only makes this worker look busier than it is.
        with suppress(OSError):
            hub.send(what)

    doors = BothDoors(config, opener_of(config), lambda: tell(ENDED))
    await doors.start()
    calm_collector()
    hub.setblocking(False)
    loop.add_reader(hub, _receive, hub, doors, over)
    loop.add_signal_handler(signal.SIGTERM, over.set)
    tell(READY)
    alive = loop.create_task(_go_on_telling(tell))
    try:
        await over.wait()
    finally:
        alive.cancel()
        loop.remove_reader(hub)
        await doors.close()


async def _go_on_telling(tell: Callable[[bytes], None]) -> None:
    while True:
        await asyncio.sleep(ALIVE_EVERY)
        tell(ALIVE)


def _receive(hub: socket.socket, doors: BothDoors, over: asyncio.Event) -> None:
    try:
        found = receive(hub)
    except BlockingIOError:
        return
    except OSError:
        found = None
    if found is None:
        over.set()
    elif not isinstance(found, str):
        doors.take(found)


def give(worker: socket.socket, kind: bytes, connection: socket.socket) -> None:
    """Hands a connection to a worker, which takes it by `receive`; Windows hands none on."""
    if sys.platform != "win32":
        socket.send_fds(worker, [kind], [connection.fileno()])


def receive(hub: socket.socket) -> Accepted | str | None:
    """One connection from the hub; '' for a byte without one, None when it is time to stop."""
    from exercise.hub.both_doors import Accepted

    if sys.platform == "win32":
        return None
    else:
        message, numbers, _, _ = socket.recv_fds(hub, 1, 1)
        if message in (b"", STOP):
            return None
        if not numbers:
            return ""
        return Accepted("web" if message == WEB else "ssh", socket.socket(fileno=numbers[0]))


def main() -> None:
    """Reads the configuration and serves."""
    forget_own_terminal()
    # The hub decides when this ends: an interrupt at its terminal reaches the whole group of processes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    hub = socket.socket(fileno=os.dup(0))
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = hub.recv(1)
        if not byte:
            return
        line += byte
    from exercise.hub.both_doors import DoorsConfig
    from exercise.hub.guard import use_few_words

    config = DoorsConfig.model_validate_json(bytes(line))
    logging.basicConfig(
        level=config.log_level, format="%(asctime)s door %(process)d %(levelname)s %(name)s: %(message)s"
    )
    use_few_words()
    asyncio.run(serve(hub, config))


if __name__ == "__main__":
    main()
