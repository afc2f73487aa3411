"""The door for plain `ssh`: nothing to install, the join code as password, the same screens.

It leads to the exercise and nowhere else: no shell, no command, no file transfer, no forwarding of any kind.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import textwrap
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from pathlib import Path

import asyncssh

from exercise.errors import DoorClosed, StoreError
from exercise.hub.doorway import Opened, Opener, bounded, terminal_of
from exercise.hub.guard import network_of
from exercise.hub.protocol import PRIVACY
from exercise.hub.sessions import Session, Sessions
from exercise.language import N_, SOURCE, said_in

log = logging.getLogger(__name__)

LOGIN_WITHIN = 180.0
"""Seconds to come in: at the first time a fingerprint is compared, and a code typed that is not shown."""

SILENT_WITHIN = 15.0
"""Seconds until a client has said that it speaks ssh; one that says nothing does not keep its place for longer."""

MOST_TRIES = 3
"""Codes that one connection may try; the hub limits tries over connections."""

MOST_KNOCKING, MOST_KNOCKING_FROM_ONE = 240, 24
"""Connections that are not in yet, in all and from one address. A whole room may share an address behind a router:
once somebody is in they count no more. It takes ten addresses to keep others out."""

KEEPALIVE, MISSED = 15, 3
"""Seconds between signs of life, and how many may be missed: a closed lid is noticed within a minute."""

SHELL_WITHIN = 15.0
"""Seconds from coming in to asking for a screen."""

NO_NAME = "team"
"""The user name that stands for no name, as in `ssh team@…`."""

_ACCEPTED = {b"LANG", b"LC_ALL", b"LC_CTYPE", b"COLORTERM", b"NO_COLOR"}
_LONGEST_VALUE = 64

_Challenge = tuple[str, str, str, Sequence[tuple[str, bool]]]

_NO_TERMINAL = N_("The exercise needs a terminal: ssh -t …")
_TOO_SIMPLE = N_(
    "This terminal cannot show the screens. Use another one, or take part line by line: exercise join --plain"
)
_FULL = N_("There is no more room at this door; try again, or come in by another.")
_BROKEN = N_("Something went wrong here, and is noted. Come in again: your place is kept.")
_TOO_LATE = N_("The time to come in has run out, and the line is cut. Type the same command again.")
_NOT_NOW = N_("The hub cannot be reached just now; try again.")


def load_or_make_host_key(path: Path) -> asyncssh.SSHKey:
    """The key by which clients know this host again: made once, and kept where only its owner reads it."""
    try:
        if not path.exists():
            key = asyncssh.generate_private_key("ssh-ed25519", comment="exercise")
            path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError), open(path, "xb", opener=_private) as file:
                file.write(key.export_private_key())
        return asyncssh.read_private_key(path)
    except (OSError, asyncssh.KeyImportError) as error:
        raise StoreError(f"{path}: the ssh host key cannot be read or written: {error}") from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def fingerprint_of(key: asyncssh.SSHKey) -> str:
    """`SHA256:…`, as ssh shows it when it asks whether to go on."""
    return key.get_fingerprint()


class _Environment(dict[bytes, bytes]):
    """What a client says of its terminal; anything else it sends is not kept."""

    def __setitem__(self, name: bytes, value: bytes) -> None:
        if name in _ACCEPTED and len(value) <= _LONGEST_VALUE:
            super().__setitem__(name, value)

    def words(self) -> dict[str, str]:
        """As text."""
        return {name.decode("ascii", "replace"): value.decode("ascii", "replace") for name, value in self.items()}


class _Channel:
    """The way to a terminal through an ssh connection."""

    def __init__(self, channel: asyncssh.SSHServerChannel[bytes], connection: asyncssh.SSHServerConnection) -> None:
        self._channel = channel
        self._connection = connection
        self._transport: asyncio.WriteTransport | None = connection._transport

    def write(self, data: bytes) -> None:
        """Sends; what the client's window does not take waits in the channel."""
        with suppress(OSError, asyncssh.Error):
            self._channel.write(data)

    def waiting(self) -> int:
        """What waits in the channel, and below it for the network."""
        beneath = self._transport
        return self._channel.get_write_buffer_size() + (beneath.get_write_buffer_size() if beneath is not None else 0)

    def pause(self, pause: bool) -> None:
        """Takes less from the client, which then sends less."""
        if pause:
            self._channel.pause_reading()
        else:
            self._channel.resume_reading()

    def abort(self) -> None:
        """Breaks the connection."""
        self._connection.abort()


class _Screen(asyncssh.SSHServerSession[bytes]):
    """What a client asks of its one session: a terminal, and the screens on it."""

    def __init__(self, visitor: _Visitor, environment: _Environment) -> None:
        self._visitor = visitor
        self._environment = environment
        self._term = ""
        self._size = (80, 24)
        self._pty = False
        self._session: Session | None = None

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """The channel is open."""
        self._chan = chan

    def pty_requested(self, term_type: str, term_size: tuple[int, int, int, int], term_modes: object) -> bool:
        """A terminal, of which the kind and size are noted."""
        self._term, self._size, self._pty = term_type[:64].lower(), bounded(term_size[0], term_size[1]), True
        return True

    def shell_requested(self) -> bool:
        """What every `ssh host` asks for; here it means the exercise."""
        return True

    def exec_requested(self, command: str) -> bool:
        """No commands."""
        return False

    def subsystem_requested(self, subsystem: str) -> bool:
        """No sftp, nor anything of the kind."""
        return False

    def session_started(self) -> None:
        """The terminal is ready to be drawn on."""
        opened = self._visitor.take()
        terminal = terminal_of(self._term, self._environment.words(), self._size)
        if opened is None or not self._pty or terminal is None:
            self._say(_TOO_SIMPLE if self._pty else _NO_TERMINAL)
            self._chan.exit(1)
            if opened is not None:
                self._visitor.later(opened.close())
            return
        channel = _Channel(self._chan, self._visitor.connection)
        self._session = Session(self._visitor.door.sessions, opened, channel, terminal)
        self._visitor.later(self._run(self._session))

    async def _run(self, session: Session) -> None:
        try:
            await session.run()
        finally:
            if session.crashed or session.last_word:
                self._say(_BROKEN if session.crashed else session.last_word)
            with suppress(OSError, asyncssh.Error):
                self._chan.exit(1 if session.crashed else 0)

    def _say(self, text: str) -> None:
        with suppress(OSError, asyncssh.Error):
            self._chan.write(f"{self._visitor.said(text)}\r\n".encode())

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Keys."""
        if self._session is not None and datatype is None:
            self._session.feed(data)

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        """Another size."""
        self._size = bounded(width, height)
        if self._session is not None:
            self._session.resize(width, height)

    def break_received(self, msec: int) -> bool:
        """Nothing is to be broken off here."""
        return False

    def eof_received(self) -> bool:
        """No more keys will come: whoever cannot press any is gone."""
        self._end()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The terminal is gone."""
        self._end()

    def _end(self) -> None:
        if self._session is not None:
            self._session.end()


class _Visitor(asyncssh.SSHServer):
    """One connection, from the knock to the end: everything that is not said yes to here is refused."""

    def __init__(self, door: SshDoor) -> None:
        self.door = door
        self._address = ""
        self._opened: Opened | None = None
        self._tries = 0
        self._inside = False
        self._asked = False
        self._gone = False
        self._banners = False
        """Whether the client takes lines to show by now."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._late: asyncio.TimerHandle | None = None
        self._quiet: asyncio.TimerHandle | None = None
        self.connection: asyncssh.SSHServerConnection

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Somebody knocks."""
        self.connection = conn
        self._address = str((conn.get_extra_info("peername") or ("",))[0])
        loop = asyncio.get_running_loop()
        self._quiet = loop.call_later(SILENT_WITHIN, self._still_silent)
        self._late = loop.call_later(LOGIN_WITHIN, self._not_in)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone; a way in that was never used is closed."""
        self._gone = True
        for timer in (self._late, self._quiet):
            if timer is not None:
                timer.cancel()
        opened = self.take()
        if opened is not None:
            self.later(opened.close())

    def said(self, text: str) -> str:
        """A text in the language of the door."""
        return said_in(self.door.language, text)

    def later(self, work: Awaitable[None]) -> None:
        """Does something that takes a while."""
        task = asyncio.ensure_future(_logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def take(self) -> Opened | None:
        """The way in that the hub opened, to be used and closed once."""
        opened, self._opened = self._opened, None
        return opened

    # Coming in

    def begin_auth(self, username: str) -> bool:
        """Everyone has to show a code; what is recorded is said first."""
        self._banners = True
        self.connection.send_auth_banner(f"\r\n{_folded(self.said(PRIVACY))}\r\n\r\n")
        return True

    def auth_completed(self) -> None:
        """Somebody is in."""
        self._inside = True
        if self._late is not None:
            self._late.cancel()
        self._late = asyncio.get_running_loop().call_later(SHELL_WITHIN, self._no_screen)

    def _still_silent(self) -> None:
        if not self.connection.get_extra_info("client_version"):
            self.connection.abort()

    def _not_in(self) -> None:
        # The client reads this once its person has typed what it is asking for.
        if self._banners:
            self._tell(_TOO_LATE)
        self.connection.disconnect(asyncssh.DISC_BY_APPLICATION, "nobody came in in time")

    def _no_screen(self) -> None:
        if not self._asked:
            self.connection.disconnect(asyncssh.DISC_BY_APPLICATION, "no screen was asked for")

    def public_key_auth_supported(self) -> bool:
        """Codes only."""
        return False

    def password_auth_supported(self) -> bool:
        """The code as password."""
        return True

    def kbdint_auth_supported(self) -> bool:
        """The same with questions, which is what most clients prefer."""
        return True

    async def validate_password(self, username: str, password: str) -> bool:
        """The password is the code, and the user name, if it is one, the pseudonym."""
        return await self._let_in(password, "" if username == NO_NAME else username)

    def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> _Challenge:
        """Asks for the code and for a name."""
        if username == NO_NAME:
            name = self.said(N_("Your name or pseudonym (may be made up; Enter for none): "))
        else:
            ask = self.said(N_("Your name or pseudonym (may be made up; Enter for '{name}'): "))
            name = ask.format(name=_one_line(username))
        return "", "", "", [(self.said(N_("Join code: ")), False), (name, True)]

    async def validate_kbdint_response(self, username: str, responses: Sequence[str]) -> bool:
        """The answers to these two questions."""
        if len(responses) != 2:
            return False
        code, name = responses
        return await self._let_in(code, name.strip() or ("" if username == NO_NAME else username))

    async def _let_in(self, code: str, name: str) -> bool:
        self._tries += 1
        if self._tries > MOST_TRIES:
            self.connection.disconnect(asyncssh.DISC_NO_MORE_AUTH_METHODS_AVAILABLE, "too many tries")
            return False
        if self._opened is not None:
            return False
        try:
            if self.door.sessions.full:
                raise DoorClosed("full", _FULL, 5.0)
            opened = await self.door.opener.open(code.strip()[:40], name[:200], "ssh", self._address)
        except DoorClosed as closed:
            self._tell(closed.text)
            return False
        except Exception:
            log.exception("somebody could not be let in")
            self._tell(_NOT_NOW)
            return False
        if self._gone:
            await opened.close()
            return False
        self._opened = opened
        return True

    def _tell(self, text: str) -> None:
        with suppress(OSError, asyncssh.Error):
            self.connection.send_auth_banner(f"{_one_line(self.said(text))}\r\n")

    # What is asked for once inside; forwarding is refused by asyncssh unless something here says yes

    def session_requested(self) -> bool | tuple[asyncssh.SSHServerChannel[bytes], _Screen]:
        """One screen for each connection."""
        if self._asked:
            return False
        self._asked = True
        environment = _Environment()
        channel = self.connection.create_server_channel(encoding=None, window=64 * 1024)
        channel._env = environment
        return channel, _Screen(self, environment)


class SshDoor:
    """Serves ssh on connections that were accepted elsewhere."""

    def __init__(self, opener: Opener, sessions: Sessions, host_key: asyncssh.SSHKey, language: str = SOURCE) -> None:
        self.opener = opener
        self.sessions = sessions
        self.language = language
        self._knocking: dict[str, int] = {}
        self._options = asyncssh.SSHServerConnectionOptions(
            server_factory=lambda: _Visitor(self),
            server_host_keys=[host_key],
            login_timeout=LOGIN_WITHIN + 15.0,  # After the door's own time, which ends with a word.
            keepalive_interval=KEEPALIVE,
            keepalive_count_max=MISSED,
            compression_algs=["none"],
            agent_forwarding=False,
            x11_forwarding=False,
            allow_scp=False,
            gss_host=None,
            line_editor=False,
            encoding=None,
            server_version="exercise",
        )

    async def serve(self, sock: socket.socket, address: str) -> None:
        """Serves one connection to its end."""
        address = network_of(address)
        if sum(self._knocking.values()) >= MOST_KNOCKING or self._knocking.get(address, 0) >= MOST_KNOCKING_FROM_ONE:
            sock.close()
            return
        self._knocking[address] = self._knocking.get(address, 0) + 1
        connection: asyncssh.SSHServerConnection | None = None
        try:
            connection = await asyncssh.run_server(sock, options=self._options)
        except (OSError, asyncssh.Error, TimeoutError) as error:
            log.debug("a connection came to nothing: %s", type(error).__name__)
        finally:
            self._knocking[address] -= 1
            if not self._knocking[address]:
                del self._knocking[address]
            if connection is None:
                sock.close()
        if connection is not None:
            await connection.wait_closed()


async def _logged(work: Awaitable[None]) -> None:
    try:
        await work
    except asyncio.CancelledError:
        raise
    except Exception:
        log.exception("a session ended with a fault")


def _one_line(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())[:300]


def _folded(text: str) -> str:
    return "\r\n".join(textwrap.wrap(text, 78))
