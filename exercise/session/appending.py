"""Writing on in a log that is no longer played: what evaluators judge, and the host's seal, wherever the log is kept.

A log file is written anew whole at each batch, so that it is never found half written; a second writer is let in one
batch at a time, and what it wrote is read before anything is decided.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from exercise.errors import LogError
from exercise.session.clock import Wall, wall_time
from exercise.session.database import open_store
from exercise.session.log import line_hash
from exercise.session.logfile import open_log, write_log
from exercise.session.openings import Opening
from exercise.session.session import Session
from exercise.session.store import Added, MemoryStore, Store, Stored, conflict, stored

if sys.platform == "win32":
    import time
else:
    import fcntl

_Sign = tuple[int, int, int]
"""By what a file is known to have changed: its inode, its size and when it was written."""


def open_writable(place: Path | str, *, wall: Wall = wall_time) -> Session:
    """The session of a log file (a path) or of those kept here (an id), to submit commands to.

    Each accepted batch is on disk when `submit` returns. The clock stands: only the time after ENDEX writes here.
    """
    if isinstance(place, Path):
        store: Store = FileStore(place)
        (summary,) = store.list_sessions()
        session_id = summary.id
    else:
        store, session_id = open_store(), place
    kept = store.load(session_id)
    return Session(kept.log(), store, play=kept.summary.play, wall=wall, pace="stepped")


class FileStore(MemoryStore):
    """A store of the one session that a log file holds; what others write into the file meanwhile is read again."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        # A link stays a link: what it points to is written.
        self._path = path.resolve()
        self._name = str(path)
        self._sign: _Sign | None = None
        self._id = ""
        self._read_again()

    def load(self, session_id: str) -> Stored:
        """The session as the file has it now."""
        self._read_again()
        return super().load(session_id)

    def read_on(self, session_id: str, after: int) -> Added:
        """What stands behind line `after` in the file now."""
        self._read_again()
        return super().read_on(session_id, after)

    def append(
        self,
        session_id: str,
        expected_seq: int,
        lines: Sequence[str],
        openings: Sequence[Opening],
        *,
        head: str,
        play: int,
        phase: str,
        updated: str,
    ) -> None:
        """Writes the file anew with a batch at the end of its entries, or says that it has grown meanwhile."""
        with _alone(self._path, self._name):
            self._read_again()
            kept = super().load(session_id)
            if kept.summary.seq != expected_seq:
                raise conflict(session_id)
            mode = self._path.stat().st_mode & 0o777
            write_log(self._path, kept.header, (*kept.lines, *lines), (*kept.openings, *openings))
            with suppress(OSError):
                self._path.chmod(mode)
            super().append(
                session_id, expected_seq, lines, openings, head=head, play=play, phase=phase, updated=updated
            )
            self._sign = self._signed()

    def erase(self, session_id: str, digests: Collection[str]) -> None:
        """Writes the file anew without these openings."""
        with _alone(self._path, self._name):
            self._read_again()
            super().erase(session_id, digests)
            kept = super().load(session_id)
            write_log(self._path, kept.header, kept.lines, kept.openings)
            self._sign = self._signed()

    def _read_again(self) -> None:
        """Takes the file in as it is now, where it is not as it was."""
        sign = self._signed()
        if sign == self._sign:
            return
        now = stored(open_log(self._path))
        if self._id:
            self._goes_on(super().load(self._id), now)
            super().delete(self._id)
        self._id = now.summary.id
        super().create(now)
        self._sign = sign

    def _goes_on(self, before: Stored, now: Stored) -> None:
        """Refuses another log, or an older copy, that was put in the place of the one that was opened."""
        number = len(before.lines)
        same = line_hash(before.header) == line_hash(now.header) and now.lines[:number] == before.lines
        if not same:
            raise LogError(f"{self._name}: another log, or an older copy, was put in its place meanwhile; open it anew")

    def _signed(self) -> _Sign:
        try:
            found = self._path.stat()
        except OSError as error:
            raise LogError(f"{self._name}: the log cannot be read ({error.strerror})") from error
        return found.st_ino, found.st_size, found.st_mtime_ns


if sys.platform == "win32":  # pragma: no cover

    @contextmanager
    def _alone(path: Path, name: str) -> Iterator[None]:
        """Keeps other writers of a file out; the lock falls with the process that holds it, however that ends.

        No file that is open can be exchanged here: another one beside it stands for the lock, and goes when it is
        closed.
        """
        tries = 100
        while True:
            try:
                lock = os.open(
                    path.with_name(f".{path.name}.lock"), os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_TEMPORARY
                )
                break
            except OSError as error:
                tries -= 1
                if not tries or not isinstance(error, FileExistsError | PermissionError):
                    raise LogError(f"{name}: the log cannot be written here ({error.strerror})") from error
            time.sleep(0.05)
        try:
            yield
        finally:
            os.close(lock)

else:

    @contextmanager
    def _alone(path: Path, name: str) -> Iterator[None]:
        """Keeps other writers of a file out; the lock falls with the process that holds it, however that ends.

        The file itself is locked, and it is exchanged at each writing: whoever waited for the old one tries again.
        """
        while True:
            try:
                handle = os.open(path, os.O_RDONLY)
            except OSError as error:
                raise LogError(f"{name}: the log cannot be read ({error.strerror})") from error
            try:
                with suppress(OSError):  # Some network folders know no locks; what was written is seen even so.
                    fcntl.flock(handle, fcntl.LOCK_EX)
                if os.fstat(handle).st_ino == _inode(path):
                    yield
                    return
            finally:
                os.close(handle)


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return -1
