"""Where sessions are kept: what any store promises, and one in memory for simulations.

A store keeps lines and never looks into them. An append is all or nothing, and only on top of the entries that the
writer knew of, so that two writers can never both be right. Beside the log it keeps what a hosted exercise needs and
nobody's replay does: join codes, half-written texts, the survey's answers, and which hub drives the clock.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Protocol

from exercise.errors import StoreError
from exercise.session.log import LoadedLog, read_log
from exercise.session.logfile import open_log, write_log
from exercise.session.openings import Opening
from exercise.session.sheets import DRAFT, SHUT, Answers, refuse_twice, shuffled
from exercise.session.tickets import Ticket

_DIGEST = re.compile(r'\{"#":"([A-Za-z0-9_-]{43})"\}')


class StoreConflict(StoreError):
    """Somebody else has appended meanwhile; whoever asked reads on and decides again."""


class StoreUnreachable(StoreError):
    """The database does not answer at the moment; the store connects again by itself when it is next asked.

    Of an append, only the log can then tell whether it was kept: its lines stand in the session, or they do not.
    """


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
    """A session as it is kept."""

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


@dataclass(frozen=True, slots=True)
class Added:
    """What a session has grown by: its lines with the openings they name, and how far play time has run."""

    lines: tuple[str, ...]
    openings: tuple[Opening, ...]
    play: int


class Store(Protocol):
    """A place for sessions; every fault of it is a `StoreError` with one line for a person."""

    shared: bool
    """Whether other hubs may serve the same sessions from it."""

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

    def load(self, session_id: str) -> Stored:
        """A session whole."""

    def read_on(self, session_id: str, after: int) -> Added:
        """What stands behind line `after`, for a reader who has the lines up to there."""

    def delete(self, session_id: str) -> None:
        """Forgets a session, with its openings and all that is kept beside its log."""

    def listen(self, session_id: str, heard: Callable[[int], None]) -> Callable[[], None]:
        """Calls back, in a thread of its own, when another hub has written; returns how to stop.

        With the number of entries there are; or with 0, where the reader has to look for itself: after a lost
        connection, and when join codes or the room's own texts have changed. One hub's own store never calls.
        """

    def take_lease(self, session_id: str, holder: str, seconds: float) -> bool:
        """Whether the holder now drives the session's clock, for so long; true for one at a time, by the store's time.

        Taken where it is free or has run out, prolonged by whoever has it.
        """

    def give_up_lease(self, session_id: str, holder: str) -> None:
        """Leaves it to others at once; nothing happens where somebody else has it."""

    def save_ticket(self, session_id: str, ticket: Ticket) -> None:
        """Keeps a join code, or what has changed of it."""

    def tickets(self, session_id: str) -> tuple[Ticket, ...]:
        """All join codes of a session, revoked ones too, in the order they were made."""

    def revoke_ticket(self, session_id: str, ticket_id: str) -> None:
        """From now on the code opens nothing."""

    def keep(self, session_id: str, person: str, key: str, text: str) -> None:
        """Keeps a half-written text of a person; '' forgets it.

        What begins with `@` is no person but the room itself, and other hubs are told of it.
        """

    def kept(self, session_id: str, person: str) -> dict[str, str]:
        """A person's half-written texts by their keys."""

    def hand_in(self, session_id: str, who: str, answers: Answers, *, drafted_by: str = "") -> None:
        """Keeps somebody's answers to the survey, apart from who gave them; all or nothing.

        `who` is a digest, and stands only among those who have answered; what `drafted_by` had half-written is
        deleted. Raises `CommandRejected` for one who has answered already, and once the survey is shut.
        """

    def answered(self, session_id: str) -> frozenset[str]:
        """Digests of those who have answered; `SHUT` is among them once no more is taken."""

    def shut_survey(self, session_id: str) -> Answers:
        """From now on takes no more answers; returns those it holds, shuffled."""

    def forget_survey(self, session_id: str) -> None:
        """Deletes what is held of a survey, half-written sheets too; it stays shut."""

    def erase(self, session_id: str, digests: Collection[str]) -> None:
        """Destroys these openings for good, and all half-written texts and answers; the lines stay as they are."""

    def copy_tickets(self, from_session: str, to_session: str) -> None:
        """Takes codes and half-written texts along into a fork, so that the same codes open it."""

    def close(self) -> None:
        """Lets go of files and connections."""


@dataclass(slots=True)
class _Kept:
    summary: Summary
    header: str
    head: str
    lines: list[str]
    openings: list[Opening]
    tickets: dict[str, Ticket] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    lease: tuple[str, float] = ("", 0.0)
    answers: list[tuple[str, str]] = field(default_factory=list)
    answered: frozenset[str] = frozenset()


class MemoryStore:
    """A store that lasts as long as the process: for simulations and tests."""

    shared = False

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

    def load(self, session_id: str) -> Stored:
        """A session whole."""
        with self._lock:
            kept = self._get(session_id)
            return Stored(kept.summary, kept.header, kept.head, tuple(kept.lines), tuple(kept.openings))

    def read_on(self, session_id: str, after: int) -> Added:
        """What stands behind line `after`."""
        with self._lock:
            kept = self._get(session_id)
            lines = tuple(kept.lines[after:])
            named = digests_in(lines)
            openings = tuple(opening for opening in kept.openings if opening.digest in named)
            return Added(lines, openings, kept.summary.play)

    def delete(self, session_id: str) -> None:
        """Forgets a session."""
        with self._lock:
            self._get(session_id)
            del self._sessions[session_id]

    def listen(self, session_id: str, heard: Callable[[int], None]) -> Callable[[], None]:
        """Nobody else writes here."""
        return lambda: None

    def take_lease(self, session_id: str, holder: str, seconds: float) -> bool:
        """Takes or prolongs the lease."""
        with self._lock:
            kept, now = self._get(session_id), time.monotonic()
            if kept.lease[0] != holder and now < kept.lease[1]:
                return False
            kept.lease = (holder, now + seconds)
            return True

    def give_up_lease(self, session_id: str, holder: str) -> None:
        """Leaves the lease to others."""
        with self._lock:
            kept = self._get(session_id)
            if kept.lease[0] == holder:
                kept.lease = ("", 0.0)

    def save_ticket(self, session_id: str, ticket: Ticket) -> None:
        """Keeps a join code."""
        with self._lock:
            self._get(session_id).tickets[ticket.id] = ticket

    def tickets(self, session_id: str) -> tuple[Ticket, ...]:
        """All join codes of a session."""
        with self._lock:
            return tuple(self._get(session_id).tickets.values())

    def revoke_ticket(self, session_id: str, ticket_id: str) -> None:
        """From now on the code opens nothing."""
        with self._lock:
            tickets = self._get(session_id).tickets
            if ticket_id not in tickets:
                raise no_ticket(ticket_id)
            tickets[ticket_id] = replace(tickets[ticket_id], revoked=True)

    def keep(self, session_id: str, person: str, key: str, text: str) -> None:
        """Keeps a half-written text."""
        with self._lock:
            texts = self._get(session_id).texts
            texts.pop((person, key), None)
            if text:
                texts[person, key] = text

    def kept(self, session_id: str, person: str) -> dict[str, str]:
        """A person's half-written texts."""
        with self._lock:
            return {key: text for (who, key), text in self._get(session_id).texts.items() if who == person}

    def hand_in(self, session_id: str, who: str, answers: Answers, *, drafted_by: str = "") -> None:
        """Keeps somebody's answers to the survey."""
        with self._lock:
            kept = self._get(session_id)
            refuse_twice(kept.answered, who)
            kept.answers = shuffled([*kept.answers, *answers])
            kept.answered |= {who}
            kept.texts.pop((drafted_by, DRAFT), None)

    def answered(self, session_id: str) -> frozenset[str]:
        """Digests of those who have answered."""
        with self._lock:
            return self._get(session_id).answered

    def shut_survey(self, session_id: str) -> Answers:
        """From now on takes no more answers."""
        with self._lock:
            kept = self._get(session_id)
            kept.answered |= {SHUT}
            return tuple(shuffled(kept.answers))

    def forget_survey(self, session_id: str) -> None:
        """Deletes what is held of a survey."""
        with self._lock:
            kept = self._get(session_id)
            kept.answers, kept.answered = [], kept.answered & {SHUT}
            kept.texts = {place: text for place, text in kept.texts.items() if place[1] != DRAFT}

    def erase(self, session_id: str, digests: Collection[str]) -> None:
        """Destroys openings and what is half-written."""
        with self._lock:
            kept = self._get(session_id)
            kept.openings = [opening for opening in kept.openings if opening.digest not in digests]
            kept.texts = {place: text for place, text in kept.texts.items() if place[0].startswith("@")}
            kept.answers = []

    def copy_tickets(self, from_session: str, to_session: str) -> None:
        """Takes codes and half-written texts along into a fork."""
        with self._lock:
            old, new = self._get(from_session), self._get(to_session)
            new.tickets = {**old.tickets, **new.tickets}
            new.texts = {**old.texts, **new.texts}

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
            f"{path}: a session '{wanted.summary.id}' with other entries is kept here already and stays as it is; "
            "name the file itself to replay it, report on it, compare it or play on from it"
        )
    store.create(wanted)
    return wanted.summary.id


def export_log(store: Store, session_id: str, path: Path) -> None:
    """Writes a session to a log file."""
    session = store.load(session_id)
    write_log(path, session.header, session.lines, session.openings)


def digests_in(lines: Iterable[str]) -> set[str]:
    """The digests that lines hold, whose openings their reader needs."""
    return set(_DIGEST.findall("\n".join(lines)))


def already_there(session_id: str) -> StoreError:
    """The refusal of an id that is taken."""
    return StoreError(f"a session '{session_id}' is kept already")


def not_there(session_id: str) -> StoreError:
    """The answer to an id that nobody knows; it may have been typed, so it is quoted."""
    return StoreError(f"no session {session_id[:80]!r}; `exercise log list` names those that are kept")


def conflict(session_id: str) -> StoreConflict:
    """The refusal of a batch on top of an older state."""
    return StoreConflict(f"session '{session_id}' has grown meanwhile; try again")


def no_ticket(ticket_id: str) -> StoreError:
    """The answer to a ticket that nobody has made."""
    return StoreError(f"no join code {ticket_id[:40]!r} in this exercise")
