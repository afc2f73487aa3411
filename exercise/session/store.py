"""Where sessions are kept: what any store promises, and one in memory for simulations.

A store keeps lines and never looks into them. An append is all or nothing, and only on top of the entries that the
writer knew of, so that two writers can never both be right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Protocol

from exercise.errors import StoreError
from exercise.session.log import LoadedLog, read_log
from exercise.session.logfile import open_log, write_log
from exercise.session.openings import Opening


class StoreConflict(StoreError):
    """Somebody else has appended meanwhile; whoever asked reads on and decides again."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A session as a list shows it; `seq` is its number of entries, `play` its seconds of play."""

    id: str
    scenario: str
    title: str
    created: str
    updated: str
    phase: str
    seq: int
    play: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A session as it is kept; `lines` may leave out those that the reader has."""

    summary: Summary
    header: str
    head: str
    lines: tuple[str, ...]
    openings: tuple[Opening, ...]

    def log(self) -> LoadedLog:
        """The log, read and with its chain checked."""
        return read_log(self.header, self.lines, self.openings, name=f"session {self.summary.id}")

    def file_lines(self) -> list[str]:
        """The lines that a log file of it has, with nothing checked, as `verify` takes them."""
        return [self.header, *self.lines, *(opening.line() for opening in self.openings)]


class Store(Protocol):
    """A place for sessions; every fault of it is a `StoreError` with one line for a person."""

    def create(self, session: Stored) -> None:
        """Keeps a new session with the lines it already has; refuses an id that is there."""

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
        """Keeps a batch on top of `expected_seq` entries, on disk when this returns, or raises `StoreConflict`."""

    def checkpoint(self, session_id: str, play: int) -> None:
        """Notes how far play time has run, outside the log; never back."""

    def list_sessions(self) -> tuple[Summary, ...]:
        """All sessions, the last used first."""

    def load(self, session_id: str, after: int = 0) -> Stored:
        """A session with its lines behind number `after`."""

    def delete(self, session_id: str) -> None:
        """Forgets a session, its openings included."""

    def close(self) -> None:
        """Lets go of files and connections."""


@dataclass(slots=True)
class _Kept:
    summary: Summary
    header: str
    head: str
    lines: list[str]
    openings: list[Opening]


class MemoryStore:
    """A store that lasts as long as the process: for simulations and tests."""

    def __init__(self) -> None:
        self._sessions: dict[str, _Kept] = {}
        self._lock = Lock()

    def create(self, session: Stored) -> None:
        """Keeps a new session."""
        kept = _Kept(session.summary, session.header, session.head, [*session.lines], [*session.openings])
        with self._lock:
            if session.summary.id in self._sessions:
                raise already_there(session.summary.id)
            self._sessions[session.summary.id] = kept

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
        """Keeps a batch."""
        with self._lock:
            kept = self._get(session_id)
            if kept.summary.seq != expected_seq:
                raise conflict(session_id)
            kept.summary = replace(
                kept.summary,
                seq=expected_seq + len(lines),
                play=max(play, kept.summary.play),
                phase=phase,
                updated=updated,
            )
            kept.head = head
            kept.lines += lines
            kept.openings += openings

    def checkpoint(self, session_id: str, play: int) -> None:
        """Notes how far play time has run."""
        with self._lock:
            kept = self._get(session_id)
            kept.summary = replace(kept.summary, play=max(play, kept.summary.play))

    def list_sessions(self) -> tuple[Summary, ...]:
        """All sessions, the last used first."""
        with self._lock:
            found = [kept.summary for kept in self._sessions.values()]
        return tuple(sorted(found, key=lambda summary: (summary.updated, summary.id), reverse=True))

    def load(self, session_id: str, after: int = 0) -> Stored:
        """A session with its lines behind number `after`."""
        with self._lock:
            kept = self._get(session_id)
            return Stored(kept.summary, kept.header, kept.head, tuple(kept.lines[after:]), tuple(kept.openings))

    def delete(self, session_id: str) -> None:
        """Forgets a session."""
        with self._lock:
            self._get(session_id)
            del self._sessions[session_id]

    def close(self) -> None:
        """Nothing is held."""

    def _get(self, session_id: str) -> _Kept:
        found = self._sessions.get(session_id)
        if found is None:
            raise not_there(session_id)
        return found


def stored(log: LoadedLog, *, updated: str | None = None) -> Stored:
    """A whole log as a store keeps it; phase and play time come from its entries."""
    clock = log.state.clock
    last = log.entries[-1].wall if log.entries else log.header.created
    summary = Summary(
        id=log.header.session,
        scenario=log.header.scenario,
        title=log.header.title,
        created=log.header.created,
        updated=updated or last,
        phase=clock.phase,
        seq=len(log.entries),
        play=clock.play,
    )
    return Stored(summary, log.header_line, log.head, log.lines, tuple(log.openings.values()))


def import_log(store: Store, path: Path) -> str:
    """Takes a log file in under the session id it names, which is returned; the same log twice is no fault."""
    log = open_log(path)
    wanted = stored(log)
    if any(summary.id == wanted.summary.id for summary in store.list_sessions()):
        if store.load(wanted.summary.id).head == wanted.head:
            return wanted.summary.id
        raise StoreError(
            f"{path}: a session '{wanted.summary.id}' with other entries is kept already; export and delete it first"
        )
    store.create(wanted)
    return wanted.summary.id


def export_log(store: Store, session_id: str, path: Path) -> None:
    """Writes a session to a log file."""
    session = store.load(session_id)
    write_log(path, session.header, session.lines, session.openings)


def already_there(session_id: str) -> StoreError:
    """The refusal of an id that is taken."""
    return StoreError(f"a session '{session_id}' is kept already")


def not_there(session_id: str) -> StoreError:
    """The answer to an id that nobody knows; it may have been typed, so it is quoted."""
    return StoreError(f"no session {session_id[:80]!r}; `exercise log list` names those that are kept")


def conflict(session_id: str) -> StoreConflict:
    """The refusal of a batch on top of an older state."""
    return StoreConflict(f"session '{session_id}' has grown meanwhile; try again")
