"""The worker processes behind the ssh and browser doors: handing over, dying, ending, and what they are told."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import asyncssh
import pytest
from doorways import CODE, until

from exercise.hub.balancer import CAN_HAND_OVER, Balancer
from exercise.hub.both_doors import DoorsConfig
from exercise.hub.worker import receive

SECRET = "a-secret-of-the-hub"

hands_over = pytest.mark.skipif(not CAN_HAND_OVER, reason="connections cannot be handed to another process here")


@asynccontextmanager
async def balancing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> AsyncIterator[tuple[Balancer, int, int]]:
    """Doors with so many workers, and the ports of ssh and browser."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    config = DoorsConfig(url="", secret=SECRET, host_key=str(folder / "key"), opener="doorways:opener")
    balancer = Balancer(config, workers)
    await balancer.start()
    try:
        yield balancer, balancer.listen("ssh", "127.0.0.1", 0), balancer.listen("web", "127.0.0.1", 0)
    finally:
        await balancer.close()


async def come(port: int, name: str = "Heron") -> tuple[asyncssh.SSHClientConnection, asyncssh.SSHClientProcess[bytes]]:
    """Comes in by ssh and waits for the screen."""
    connection = await asyncssh.connect(
        "127.0.0.1", port, username=name, password=CODE, known_hosts=None, client_keys=None, config=None
    )
    process = await connection.create_process(term_type="xterm", encoding=None)
    await reads(process, b"nothing yet")
    return connection, process


async def reads(process: asyncssh.SSHClientProcess[bytes], text: bytes) -> bytes:
    """Reads until something was drawn, or the line is cut."""
    seen = b""
    while text not in seen:
        data = await asyncio.wait_for(process.stdout.read(65536), 20)
        assert data, f"the line was cut before {text!r}"
        seen += data
    return seen


@pytest.mark.parametrize("workers", [0, pytest.param(2, marks=hands_over)])
async def test_both_doors_serve_with_and_without_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    """Protects Windows, and everyone else: the same doors in the hub's own process or in others; terminals end well."""
    async with balancing(tmp_path, monkeypatch, workers) as (balancer, ssh, web):
        assert len(balancer.processes) == workers
        people = [await come(ssh, f"p{number}") for number in range(4)]
        if workers:
            # Those of each person, spread evenly.
            assert [worker.open for worker in balancer._workers] == [2, 2]
        async with (
            aiohttp.ClientSession() as http,
            http.ws_connect(f"http://127.0.0.1:{web}/terminal", headers={"Origin": f"http://127.0.0.1:{web}"}) as ws,
        ):
            await ws.send_json({"code": CODE, "name": "Heron", "size": [80, 24]})
            assert "in" in (await ws.receive_json(timeout=20))
        people[0][0].abort()
        if workers:
            await until(lambda: sum(worker.open for worker in balancer._workers) == 3, "the count to fall")
        closing = asyncio.create_task(balancer.close())
        for _, process in people[1:]:
            await reads(process, b"\x1b[?1049l")
        await closing


@hands_over
async def test_worker_that_dies_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects the room when a process dies: its people lose the line and come in again, the others notice nothing."""
    async with balancing(tmp_path, monkeypatch, 2) as (balancer, ssh, _):
        people = [await come(ssh, f"p{number}") for number in range(2)]
        before = balancer.processes
        os.kill(before[0], signal.SIGKILL)
        lost = []
        for _, process in people:
            process.stdin.write(b"still here\r")
            try:
                await reads(process, b"still here")
            except (AssertionError, OSError, asyncssh.Error):
                lost.append(process)
        assert len(lost) == 1
        connection, _ = await come(ssh, "p0")
        await until(lambda: len(balancer.processes) == 2 and before[0] not in balancer.processes, "another worker")
        await until(lambda: all(worker.ready.is_set() for worker in balancer._workers), "its readiness")
        others = [await come(ssh, f"q{number}") for number in range(2)]
        assert sorted(worker.open for worker in balancer._workers) == [2, 2]
        for each, _ in [(connection, None), *others]:
            each.abort()


@hands_over
async def test_workers_end_with_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects the machine from processes that outlive a hub that was killed: a closed link is the end."""
    async with balancing(tmp_path, monkeypatch, 1) as (balancer, ssh, _):
        _, process = await come(ssh)
        [worker] = balancer._workers
        asyncio.get_running_loop().remove_reader(worker.link)
        balancer._workers.clear()
        worker.link.close()
        await reads(process, b"\x1b[?1049l")
        await until(lambda: worker.process.poll() is not None, "the end of the worker")
        assert worker.process.returncode == 0


@hands_over
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="other processes cannot be looked at here")
async def test_no_secret_stands_where_others_can_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects the hub's secret: it is in no process list and in no environment, nor are people's codes."""
    async with balancing(tmp_path, monkeypatch, 1) as (balancer, ssh, _):
        connection, _ = await come(ssh)
        [pid] = balancer.processes
        for name in ("cmdline", "environ"):
            text = Path(f"/proc/{pid}/{name}").read_bytes()
            assert SECRET.encode() not in text and CODE.encode() not in text
        connection.abort()


@hands_over
def test_byte_without_a_connection_harms_nothing() -> None:
    """Protects a worker from a message whose connection was lost on the way: the next one is served."""
    ours, theirs = socket.socketpair()
    with ours, theirs, socket.socket() as given:
        ours.send(b"s")
        assert receive(theirs) == ""
        socket.send_fds(ours, [b"w"], [given.fileno()])
        found = receive(theirs)
        assert found is not None and not isinstance(found, str) and found.kind == "web"
        found.sock.close()
        ours.send(b"q")
        assert receive(theirs) is None
        ours.close()
        assert receive(theirs) is None
