"""Accepts connections at the ssh and the browser door and hands each to the worker process with the fewest.

Drawing screens is work: with several processes one core's redraws do not hold up everybody, and a process that dies
takes nobody's place with it, since people's places are the hub's.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from exercise.hub.both_doors import Accepted, BothDoors, DoorsConfig, Kind
from exercise.hub.collecting import calm_collector
from exercise.hub.worker import ALIVE_EVERY, ENDED, READY, SSH, STOP, WEB, give, opener_of

log = logging.getLogger(__name__)

CAN_HAND_OVER = sys.platform != "win32" and hasattr(socket.socket, "sendmsg")
"""Whether connections can be given to another process; where not, this one serves them."""

STOPS_WITHIN = 9.0

MOST_SILENT = 6
"""Signs of life that a worker may owe before it is taken for hung: by looks and not by the clock, since a machine that
slept has had no time to hear any."""

_BYTE: dict[Kind, bytes] = {"ssh": SSH, "web": WEB}
_WAIT, _LONGEST_WAIT = 0.5, 10.0


@dataclass(eq=False)
class _Worker:
    process: subprocess.Popen[bytes]
    link: socket.socket
    open: int = 0
    silent: int = 0
    """How often it was looked at since it was last heard."""
    ready: asyncio.Event = field(default_factory=asyncio.Event)


class Balancer:
    """The doors of one hub: listening sockets here, screens in `workers` processes, or here if there are none."""

    def __init__(self, config: DoorsConfig, workers: int) -> None:
        self._config = config
        self._wanted = workers if CAN_HAND_OVER else 0
        self._workers: list[_Worker] = []
        self._here: BothDoors | None = None
        self._listening: list[socket.socket] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._wait = _WAIT
        self._closing = False

    async def start(self) -> None:
        """Starts the workers and waits until they can serve."""
        if not self._wanted:
            calm_collector()
            self._here = BothDoors(self._config, opener_of(self._config))
            await self._here.start()
        for _ in range(self._wanted):
            self._start_worker()
        for worker in tuple(self._workers):
            await worker.ready.wait()
        if self._wanted:
            self._spawn(self._watch())

    def listen(self, kind: Kind, address: str, port: int) -> int:
        """Opens a door on an address and returns its port; raises OSError where it is taken."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        sock = socket.create_server((address, port), family=family, backlog=256)
        sock.setblocking(False)
        self._listening.append(sock)
        self._spawn(self._accept(kind, sock))
        return int(sock.getsockname()[1])

    async def close(self) -> None:
        """Opens to nobody any more, and lets every terminal have its own screen back."""
        self._closing = True
        for task in tuple(self._tasks):
            task.cancel()
        for sock in self._listening:
            sock.close()
        workers, self._workers = self._workers, []
        loop = asyncio.get_running_loop()
        for worker in workers:
            loop.remove_reader(worker.link)
            with suppress(OSError):
                worker.link.send(STOP)
        if self._here is not None:
            await self._here.close()
        for worker in workers:
            await loop.run_in_executor(None, _reap, worker.process)
            worker.link.close()

    @property
    def processes(self) -> tuple[int, ...]:
        """Process ids of the workers."""
        return tuple(worker.process.pid for worker in self._workers)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, kind: Kind, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                sock, _ = await loop.sock_accept(listening)
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                    log.error("no more connections can be accepted just now: %s", error)
                    await asyncio.sleep(0.2)
                # Otherwise whoever knocked has gone before the door was opened.
                continue
            self._hand_over(kind, sock)

    def _hand_over(self, kind: Kind, sock: socket.socket) -> None:
        if self._here is not None:
            self._here.take(Accepted(kind, sock))
            return
        with sock:
            for worker in sorted(self._workers, key=lambda each: each.open):
                try:
                    give(worker.link, _BYTE[kind], sock)
                except OSError:
                    # Dead, or too busy to take its connections: the next one has time.
                    continue
                worker.open += 1
                return
        log.error("no worker could take a connection")

    # Workers

    def _start_worker(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "exercise.hub.worker"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                cwd=os.getcwd(),
                start_new_session=True,
            )
        ours.sendall(self._config.model_dump_json().encode() + b"\n")
        ours.setblocking(False)
        worker = _Worker(process, ours)
        self._workers.append(worker)
        asyncio.get_running_loop().add_reader(ours, self._heard, worker)

    def _heard(self, worker: _Worker) -> None:
        try:
            said = worker.link.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            said = b""
        worker.silent = 0
        if READY in said:
            worker.ready.set()
            self._wait = _WAIT
        worker.open -= said.count(ENDED)
        if not said:
            self._lost(worker)

    async def _watch(self) -> None:
        """Ends a worker that hangs, since nobody in it is answered and whoever comes next may land there."""
        while True:
            await asyncio.sleep(ALIVE_EVERY)
            for worker in self._workers:
                worker.silent += worker.ready.is_set()
                if worker.silent > MOST_SILENT:
                    log.error("door process %d says nothing any more; ending it", worker.process.pid)
                    worker.process.kill()

    def _lost(self, worker: _Worker) -> None:
        """A worker has died: another takes its place, and those who were there come back by themselves or by hand."""
        asyncio.get_running_loop().remove_reader(worker.link)
        worker.link.close()
        worker.ready.set()
        self._workers.remove(worker)
        if self._closing:
            return
        log.error("door process %d has ended; starting another", worker.process.pid)
        self._spawn(self._replace(worker.process))

    async def _replace(self, process: subprocess.Popen[bytes]) -> None:
        await asyncio.get_running_loop().run_in_executor(None, _reap, process)
        await asyncio.sleep(self._wait)
        self._wait = min(_LONGEST_WAIT, self._wait * 2)
        self._start_worker()


def _reap(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
