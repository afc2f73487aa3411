"""The ssh door, tried with real clients: the system's `ssh` at a real terminal, and asyncssh where many are needed."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import shutil
import signal
import socket
import struct
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from doorways import CODE, Small, Standing, play_app, played_table, until

from exercise.errors import StoreError
from exercise.hub import ssh_door
from exercise.hub.both_doors import Accepted, BothDoors, DoorsConfig
from exercise.hub.ssh_door import fingerprint_of, load_or_make_host_key

needs_ssh = pytest.mark.skipif(shutil.which("ssh") is None, reason="the ssh client is not installed")


class Open:
    """A door that stands open on loopback."""

    def __init__(self, doors: BothDoors, opener: Standing, port: int, folder: Path) -> None:
        self.doors, self.opener, self.port, self.folder = doors, opener, port, folder

    async def connect(self, **more: Any) -> asyncssh.SSHClientConnection:
        """An asyncssh client that is let in."""
        options: dict[str, Any] = {"username": "Anna", "password": CODE, "known_hosts": None, "client_keys": None}
        return await asyncssh.connect("127.0.0.1", self.port, config=None, **(options | more))


@asynccontextmanager
async def standing_open(folder: Path, opener: Standing | None = None) -> AsyncIterator[Open]:
    """Accepts connections as the hub does, and serves them here."""
    opener = opener or Standing()
    config = DoorsConfig(url="", secret="", host_key=str(folder / "key"))
    doors = BothDoors(config, opener)
    await doors.start()
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setblocking(False)

    async def accept() -> None:
        while True:
            sock, _ = await asyncio.get_running_loop().sock_accept(listening)
            doors.take(Accepted("ssh", sock))

    task = asyncio.create_task(accept())
    try:
        yield Open(doors, opener, listening.getsockname()[1], folder)
    finally:
        task.cancel()
        listening.close()
        await doors.close()


class AtTerminal:
    """The system's ssh client at a terminal of its own."""

    def __init__(self, port: int, folder: Path, *words: str, user: str = "team", term: str = "xterm-256color") -> None:
        self.seen = bytearray()
        self.code: int | None = None
        command = [
            "ssh",
            *("-F", "none", "-p", str(port), "-o", "StrictHostKeyChecking=no", "-o", "PubkeyAuthentication=no"),
            *("-o", f"UserKnownHostsFile={folder / 'known'}", "-o", "LogLevel=INFO", "-o", "SendEnv=LANG LC_ALL"),
            *words,
            f"{user}@127.0.0.1",
        ]
        self.pid, self.fd = pty.fork()
        if self.pid == 0:  # pragma: no cover
            os.environ.update(TERM=term, LANG="C.UTF-8")
            for name in ("LC_ALL", "SSH_ASKPASS", "DISPLAY", "SSH_AUTH_SOCK"):
                os.environ.pop(name, None)
            os.execvp("ssh", command)
        self.size(100, 30)
        os.set_blocking(self.fd, False)
        asyncio.get_running_loop().add_reader(self.fd, self._read)

    def _read(self) -> None:
        try:
            data = os.read(self.fd, 65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self.seen += data
        if not data:
            asyncio.get_running_loop().remove_reader(self.fd)

    def size(self, columns: int, lines: int) -> None:
        """Pulls the window to another size."""
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def type(self, keys: str) -> None:
        """Presses keys."""
        os.write(self.fd, keys.encode())

    async def sees(self, text: str, after: int = 0) -> None:
        """Waits until something was shown."""
        await until(lambda: text.encode() in self.seen[after:], f"{text!r} in {bytes(self.seen[-600:])!r}")

    async def ends(self) -> int:
        """Waits for the client to end, and returns with what."""

        def over() -> bool:
            if self.code is None:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                if pid:
                    self.code = os.waitstatus_to_exitcode(status)
            return self.code is not None

        await until(over, "the end of the client")
        assert self.code is not None
        await asyncio.sleep(0.05)
        return self.code

    def close(self) -> None:
        """Ends the client if it still runs."""
        asyncio.get_running_loop().remove_reader(self.fd)
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


@asynccontextmanager
async def at_terminal(door: Open, *words: str, **more: str) -> AsyncIterator[AtTerminal]:
    """Somebody at a terminal with nothing but ssh."""
    client = AtTerminal(door.port, door.folder, *words, **more)
    try:
        yield client
    finally:
        client.close()


# With the system's own client


@needs_ssh
async def test_person_with_nothing_installed_takes_part(tmp_path: Path) -> None:
    """Protects the promise of this door: notice, code, name, the real screens, another size, and the terminal back."""
    async with standing_open(tmp_path, Standing(play_app(played_table()))) as door, at_terminal(door) as client:
        await client.sees("What you do here is recorded")
        await client.sees("Join code: ")
        client.type(f"{CODE}\r")
        await client.sees("may be made up")
        client.type("Heron\r")
        await client.sees("Inbox")
        assert door.opener.came == [("Heron", "ssh", "127.0.0.1")]
        before = len(client.seen)
        client.size(130, 45)
        await client.sees("\x1b[45;", before)
        client.type("\x11")  # Ctrl-Q
        await client.ends()

    assert client.seen.rstrip().endswith(b"closed.") or b"\x1b[?1049l" in client.seen
    assert CODE.encode() not in client.seen


@needs_ssh
async def test_plain_password_and_user_name_are_enough(tmp_path: Path) -> None:
    """Protects clients that know passwords only: the user name is the pseudonym."""
    async with (
        standing_open(tmp_path) as door,
        at_terminal(door, "-o", "PreferredAuthentications=password", user="heron") as client,
    ):
        await client.sees("What you do here is recorded")
        await client.sees("password:")
        client.type(f"{CODE}\r")
        await client.sees("nothing yet")
        client.type("quit\r")
        assert await client.ends() == 0

    assert door.opener.came == [("heron", "ssh", "127.0.0.1")]
    assert client.seen.rfind(b"\x1b[?1049l") > client.seen.rfind(b"nothing yet")


@needs_ssh
async def test_wrong_code_is_told_and_tries_are_few(tmp_path: Path) -> None:
    """Protects codes from guessing, and whoever mistyped from guessing what is wrong."""
    async with standing_open(tmp_path) as door, at_terminal(door, "-o", "NumberOfPasswordPrompts=9") as client:
        for _ in range(ssh_door.MOST_TRIES):
            await client.sees("Join code: ")
            client.seen.clear()
            client.type("wrong\r")
            await client.sees("may be made up")
            client.seen.clear()
            client.type("\r")
            await client.sees("opens nothing")
        await client.sees("Join code: ")
        client.seen.clear()
        client.type("wrong\r")
        await client.sees("may be made up")
        client.type("\r")
        assert await client.ends() == 255

    assert door.opener.came == []


@needs_ssh
@pytest.mark.parametrize(
    "words",
    [
        ("-s",),
        ("-R", "0:127.0.0.1:22"),
    ],
)
async def test_client_that_wants_more_gets_the_screens_or_nothing(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Protects the hub's machine: whatever else ssh offers, this door leads to the exercise only."""
    extra = ("-o", "PreferredAuthentications=password", *words)
    async with standing_open(tmp_path) as door, at_terminal(door, *extra) as client:
        if words == ("-s",):
            await client.ends()
            assert b"nothing yet" not in client.seen
            return
        await client.sees("password:")
        client.type(f"{CODE}\r")
        await client.sees("nothing yet")
        if words[0] == "-R":
            assert b"forwarding failed" in client.seen


@needs_ssh
async def test_terminal_without_a_screen_is_told_of_the_line_mode(tmp_path: Path) -> None:
    """Protects those whose terminal shows lines only, among them some who cannot see a screen."""
    extra = ("-o", "PreferredAuthentications=password")
    async with standing_open(tmp_path) as door, at_terminal(door, *extra, term="dumb") as client:
        await client.sees("password:")
        client.type(f"{CODE}\r")
        await client.sees("exercise join --plain")
        assert await client.ends() == 1

    assert [entry.closed for entry in door.opener.entries] == [1]


@needs_ssh
async def test_killed_client_frees_its_place(tmp_path: Path) -> None:
    """Protects the seat of whoever's laptop dies: the app ends, and the way in is closed once."""
    extra = ("-o", "PreferredAuthentications=password")
    async with standing_open(tmp_path) as door, at_terminal(door, *extra) as client:
        await client.sees("password:")
        client.type(f"{CODE}\r")
        await client.sees("nothing yet")
        client.close()
        client.code = -9
        client.pid, client.fd = 0, os.open(os.devnull, os.O_RDONLY)
        await until(lambda: len(door.doors.sessions) == 0, "an empty room")

    assert [entry.closed for entry in door.opener.entries] == [1]


# With a client that asks for what ssh does not let one type


async def test_nothing_but_a_terminal_is_given(tmp_path: Path) -> None:
    """Protects the machine that serves: no command, no file transfer, no forwarding, no agent, no display."""
    async with standing_open(tmp_path) as door:
        for ask in (
            lambda it: it.run("id"),
            lambda it: it.start_sftp_client(),
            lambda it: it.create_session(asyncssh.SSHClientSession, subsystem="sftp"),
            lambda it: it.open_connection("127.0.0.1", door.port),
            lambda it: it.open_unix_connection("/run/any"),
            lambda it: it.forward_remote_port("", 0, "127.0.0.1", 22),
            lambda it: it.forward_remote_path("/tmp/any-path", "/run/any"),
            lambda it: it.create_process(term_type="xterm", x11_forwarding=True),
        ):
            async with await door.connect() as connection:
                with pytest.raises((asyncssh.Error, asyncssh.ChannelListenError, OSError)):
                    await ask(connection)
        await until(lambda: len(door.doors.sessions) == 0, "an empty room")

    assert {entry.closed for entry in door.opener.entries} == {1}


async def test_one_screen_for_each_connection(tmp_path: Path) -> None:
    """Protects the others from somebody who opens a hundred screens over one connection."""
    async with standing_open(tmp_path) as door, await door.connect() as connection:
        process = await connection.create_process(term_type="xterm", encoding=None)
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.create_process(term_type="xterm", encoding=None)
        process.stdin.write(b"quit\r")
        await process.wait()

    assert [entry.closed for entry in door.opener.entries] == [1]


async def test_without_a_terminal_one_line_says_so(tmp_path: Path) -> None:
    """Protects whoever pipes into ssh: one line instead of a screen's escapes."""
    async with standing_open(tmp_path) as door, await door.connect() as connection:
        done = await connection.run(encoding=None)

    assert b"ssh -t" in bytes(done.stdout or b"")
    assert done.exit_status == 1
    assert [entry.closed for entry in door.opener.entries] == [1]


async def test_environment_is_kept_small(tmp_path: Path) -> None:
    """Protects memory and the server's own settings: of what a client sends only what a terminal is like is kept."""
    sent = {f"LD_PRELOAD_{number}": "x" * 1000 for number in range(100)} | {"LANG": "C", "COLORTERM": "truecolor"}
    opener = Standing(lambda turn: Small("● Lage"))
    async with standing_open(tmp_path, opener) as door, await door.connect() as connection:
        process = await connection.create_process(term_type="xterm", encoding=None, env=sent)
        seen = b""
        while b"* Lage" not in seen:
            seen += await process.stdout.read(65536)

    assert seen.isascii()
    assert b"38;2;" in seen


async def test_slow_reader_harms_nobody_and_catches_up(tmp_path: Path) -> None:
    """Protects memory and the neighbours from a client that stops reading; when it reads again it sees what is so."""
    opener = Standing()
    async with standing_open(tmp_path, opener) as door, await door.connect() as slow, await door.connect() as quick:
        asleep = await slow.create_process(term_type="xterm-256color", encoding=None, term_size=(200, 60))
        awake = await quick.create_process(term_type="xterm-256color", encoding=None)
        assert b"\x1b[?1049h" in await awake.stdout.read(65536)
        sessions = list(door.doors.sessions._open)
        await until(lambda: all(each._driver and each._driver.frames > 0 for each in sessions), "both screens")
        transport = slow._transport
        transport.pause_reading()
        stalled = next(each for each in sessions if each._driver._size == (200, 60))
        for number in range(3000):
            stalled._app.refresh()
            stalled._app.query_one("#said").update(f"round {number}")
            await asyncio.sleep(0.002)
            if stalled._driver.stalled:
                break
        assert stalled._driver.stalled
        kept = stalled._channel.waiting()
        for number in range(100):
            stalled._app.query_one("#said").update(f"later {number}")
            await asyncio.sleep(0)
        assert stalled._channel.waiting() <= kept + 1024

        awake.stdin.write(b"still here\r")
        seen = b""
        while b"still here" not in seen:
            seen += await awake.stdout.read(65536)

        transport.resume_reading()
        seen = b""
        while b"later 99" not in seen:
            seen = seen[-200:] + await asleep.stdout.read(65536)


async def test_rubbish_and_silence_at_the_door_harm_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects those inside from whoever only knocks: rubbish is hung up on, and the silent have to go."""
    async with standing_open(tmp_path) as door:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(os.urandom(5000))
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError, AssertionError)):
            while True:
                data = await reader.read(4096)
                assert data
        many = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(ssh_door.MOST_KNOCKING_FROM_ONE)]
        refused, _ = await asyncio.open_connection("127.0.0.1", door.port)
        assert await refused.read() == b""
        for _, open_writer in many:
            open_writer.close()
        await until(lambda: not door.doors._ssh._knocking, "a quiet door")
        async with await door.connect() as connection:
            process = await connection.create_process(term_type="xterm", encoding=None)
            assert await process.stdout.read(1)


async def test_people_inside_do_not_count_as_knocking(tmp_path: Path) -> None:
    """Protects a room whose forty laptops share one address behind the hotel's router."""
    async with standing_open(tmp_path) as door:
        inside = [await door.connect(username=f"p{number}") for number in range(ssh_door.MOST_KNOCKING_FROM_ONE + 4)]
        assert len(door.opener.came) == ssh_door.MOST_KNOCKING_FROM_ONE + 4
        for connection in inside:
            connection.abort()
        await until(lambda: all(entry.closed == 1 for entry in door.opener.entries), "everyone's leaving")


async def test_closing_the_doors_gives_every_terminal_back(tmp_path: Path) -> None:
    """Protects forty terminals when the exercise ends: each leaves the alternate screen before the line is cut."""
    async with standing_open(tmp_path) as door:
        connections = [await door.connect(username=f"p{number}") for number in range(5)]
        processes = [await each.create_process(term_type="xterm", encoding=None) for each in connections]
        for process in processes:
            assert await process.stdout.read(1)
        await until(lambda: len(door.doors.sessions) == 5, "everyone")
        closing = asyncio.create_task(door.doors.close())
        for process in processes:
            seen = b""
            while b"\x1b[?1049l" not in seen:
                data = await process.stdout.read(65536)
                assert data
                seen += data
        await closing

    assert [entry.closed for entry in door.opener.entries] == [1] * 5


async def test_code_and_what_is_typed_stand_in_no_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Protects codes and words: nothing of them reaches a log, at the door's usual level or below."""
    caplog.set_level("INFO")
    async with standing_open(tmp_path) as door, await door.connect() as connection:
        process = await connection.create_process(term_type="xterm", encoding=None)
        process.stdin.write(b"a secret reason\r")
        seen = b""
        while b"a secret reason" not in seen:
            seen += await process.stdout.read(65536)

    assert CODE not in caplog.text
    assert "secret reason" not in caplog.text


def test_host_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    """Protects the fingerprint that people compared yesterday, and the key from other users of the machine."""
    path = tmp_path / "keys" / "host"
    first, second = load_or_make_host_key(path), load_or_make_host_key(path)

    assert fingerprint_of(first) == fingerprint_of(second)
    assert fingerprint_of(first).startswith("SHA256:")
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


def test_host_key_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Protects whoever hosts: a damaged key is one line with its path, and never silently another key."""
    (tmp_path / "host").write_text("not a key")

    with pytest.raises(StoreError, match="host"):
        load_or_make_host_key(tmp_path / "host")


async def test_names_of_asyncssh_that_are_relied_on(tmp_path: Path) -> None:
    """Protects whoever raises asyncssh: the few private names that the door leans on are still there."""
    async with standing_open(tmp_path) as door, await door.connect() as connection:
        assert hasattr(connection, "_transport")
        process = await connection.create_process(term_type="xterm", encoding=None)
        assert await process.stdout.read(1)
        [session] = door.doors.sessions._open
        channel = session._channel
        assert isinstance(channel, ssh_door._Channel)
        assert isinstance(channel._channel._env, ssh_door._Environment)
        assert channel._transport is not None and channel._transport.get_write_buffer_size() >= 0
