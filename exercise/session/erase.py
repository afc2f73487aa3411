"""Destroying in a log, for good, what people wrote and who they were; lines, chain, seals and figures stay.

What is taken out of one copy stands in every other one: files handed on, backups, reports. Whoever erases is told so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from exercise.errors import StoreError
from exercise.session.appending import FileStore
from exercise.session.comments import Comments
from exercise.session.redact import ROSTER, SECRETS, kinds_of

if TYPE_CHECKING:
    from exercise.session.log import LoadedLog
    from exercise.session.store import Store


@dataclass(frozen=True, slots=True)
class Personal:
    """What of a log is about people: digests of their words and of the roster, and how many comments stand by it."""

    words: frozenset[str]
    roster: frozenset[str]
    comments: int

    @property
    def digests(self) -> frozenset[str]:
        """All that is to be destroyed in the log itself."""
        return self.words | self.roster


def personal_in(log: LoadedLog) -> Personal:
    """What is there to be destroyed; an opening that belongs to nothing counts as words, for nobody could say."""
    kinds = dict(kinds_of(log))
    roster = frozenset(digest for digest in log.openings if kinds.get(digest) == ROSTER)
    words = frozenset(digest for digest in log.openings if kinds.get(digest) not in (ROSTER, SECRETS))
    return Personal(words, roster, len(Comments.of(log)))


def erase_in_file(path: Path, log: LoadedLog) -> Personal:
    """Writes a log file anew without what is about people, and deletes the comments on it that are kept here."""
    found = personal_in(log)
    FileStore(path).erase(log.header.session, found.digests)
    _forget_comments(log)
    return found


def erase_in_store(store: Store, log: LoadedLog) -> Personal:
    """Destroys it in a session that is kept, with whatever is half-written beside it."""
    found = personal_in(log)
    store.erase(log.header.session, found.digests)
    _forget_comments(log)
    return found


def also_in(store: Store, log: LoadedLog, found: Personal, but: str = "") -> Iterator[str]:
    """Sessions kept here that hold some of the same, such as forks: each has to be erased for itself."""
    for summary in store.list_sessions():
        if summary.scenario == log.header.scenario and summary.id != but:
            held = {opening.digest for opening in store.load(summary.id).openings}
            if held & found.digests:
                yield summary.id


def _forget_comments(log: LoadedLog) -> None:
    path = Comments.of(log).path
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"{path}: the comments cannot be deleted ({error.strerror})") from error
