"""What people write beside a log when they look back at it: in a small file of their own, never in the log.

The file is found by the session's id and the head that the log had at ENDEX, so that every copy of the log has the
same comments on this machine, and what is appended to it later does not lose them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from exercise.core.events import ExerciseEnded
from exercise.core.text import clean_text, clean_words
from exercise.errors import ExerciseError
from exercise.session.exchanging import written_whole
from exercise.session.log import LoadedLog, line_hash
from exercise.session.openings import parse_json
from exercise.session.paths import data_dir

FORMAT = 1
LONGEST = 2_000
"""Characters of a comment."""
LONGEST_NAME = 60
MOST = 5_000
"""Comments on one log."""
_MOST_BYTES = 32 * 1024 * 1024


class CommentError(ExerciseError):
    """Comments that cannot be read or kept."""


class Comment(NamedTuple):
    """What somebody wrote at a moment of a log."""

    id: str
    position: int
    exercise: int
    """Time of the story, in seconds."""
    text: str
    author: str = ""


def log_key(log: LoadedLog) -> tuple[str, str]:
    """Id of the session and the log's head at ENDEX; before ENDEX, the hash of its first line, which stays too."""
    ended = next((entry for entry in log.entries if isinstance(entry.event, ExerciseEnded)), None)
    if ended is None:
        return log.header.session, line_hash(log.header_line)
    last = max(entry.seq for entry in log.entries if entry.batch == ended.batch)
    return log.header.session, line_hash(log.lines[last - 1])


class Comments:
    """The comments on one log, in order of time; every change is on the disk before it is shown."""

    def __init__(self, session: str, head: str, folder: Path | None = None) -> None:
        self._session, self._head = session, head
        name = hashlib.sha256(f"{session}\n{head}".encode()).hexdigest()[:32]
        self.path = (folder or data_dir() / "comments") / f"{name}.jsonl"
        self._kept = self._read(self.path) if self.path.exists() else ()

    @classmethod
    def of(cls, log: LoadedLog, folder: Path | None = None) -> Comments:
        """Those on a log that was opened, with what was written on it before it came to its end."""
        session, head = log_key(log)
        found = cls(session, head, folder)
        start = line_hash(log.header_line)
        if head != start and not found.path.exists():
            earlier = cls(session, start, folder)
            if len(earlier):
                found._keep(earlier)
        return found

    def __iter__(self) -> Iterator[Comment]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, position: int, exercise: int, text: str, author: str = "") -> Comment:
        """Keeps what somebody wrote; raises `CommentError` where nothing was written or it cannot be kept."""
        comment = _comment(uuid4().hex, position, exercise, text, author)
        if comment is None:
            raise CommentError("Nothing was written, so nothing is kept.")
        self._keep((*self._now(), comment))
        return comment

    def drop(self, id: str) -> None:
        """Takes a comment out again."""
        self._keep(comment for comment in self._now() if comment.id != id)

    def export(self, file: Path) -> int:
        """Writes them to a file to hand on, where none stands yet; returns how many."""
        if file.exists():
            raise CommentError(f"{file}: there is a file already; name another.")
        self._write(file, self._kept)
        return len(self._kept)

    def take_in(self, file: Path) -> int:
        """Takes in those of such a file that are not here yet; returns how many."""
        now = self._now()
        known = {(comment.position, comment.author, comment.text) for comment in now}
        new = [one for one in self._read(file) if (one.position, one.author, one.text) not in known]
        self._keep((*now, *new))
        return len(new)

    def _now(self) -> tuple[Comment, ...]:
        """What is on the disk: another window may look at the same log."""
        return self._read(self.path) if self.path.exists() else ()

    def _keep(self, comments: Iterable[Comment]) -> None:
        kept = tuple(sorted(comments, key=lambda comment: comment.position))
        if len(kept) > MOST:
            raise CommentError(f"A log takes {MOST} comments; take one out before you write another.")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise CommentError(f"{self.path.parent}: comments cannot be kept here ({error.strerror})") from error
        self._write(self.path, kept)
        self._kept = kept

    def _write(self, path: Path, comments: Iterable[Comment]) -> None:
        """Whole or not at all, readable by its owner only."""
        try:
            with written_whole(path) as file:
                head = {"exercise-comments": FORMAT, "session": self._session, "head": self._head}
                file.write(json.dumps(head, ensure_ascii=False) + "\n")
                for comment in comments:
                    file.write(json.dumps(comment._asdict(), ensure_ascii=False) + "\n")
        except OSError as error:
            raise CommentError(f"{path}: comments cannot be written here ({error.strerror})") from error

    def _read(self, path: Path) -> tuple[Comment, ...]:
        """The comments of a file for this log; a damaged one is named and never written over."""
        try:
            if path.stat().st_size > _MOST_BYTES:
                raise CommentError(f"{path}: too large for a file of comments; is this the right file?")
            lines = path.read_text("utf-8").split("\n")
        except OSError as error:
            raise CommentError(f"{path}: the comments cannot be read ({error.strerror})") from error
        except UnicodeDecodeError:
            raise CommentError(f"{path}: this is no file of comments: it is not UTF-8 text.") from None
        head = _record(lines[0])
        if head.get("exercise-comments") != FORMAT:
            raise CommentError(f"{path}:1: this is no file of comments that this program reads.")
        if (head.get("session"), head.get("head")) != (self._session, self._head):
            other = clean_text(str(head.get("session")))[:80]
            raise CommentError(f"{path}: these comments are on another log, {other}.")
        found = []
        for number, line in enumerate(lines[1:], 2):
            if not line:
                continue
            data = _record(line)
            comment = _comment(*(data.get(name) for name in Comment._fields))
            if comment is None:
                raise CommentError(f"{path}:{number}: this line is no comment; remove it, or move the file away.")
            found.append(comment)
            if len(found) > MOST:
                raise CommentError(f"{path}: more than {MOST} comments; is this the right file?")
        return tuple(sorted(found, key=lambda comment: comment.position))


def _record(line: str) -> dict[str, Any]:
    try:
        data = parse_json(line)
    except ExerciseError:
        return {}
    return data if isinstance(data, dict) else {}


def _comment(id: Any, position: Any, exercise: Any, text: Any, author: Any) -> Comment | None:
    """A comment from what a person or a file says, cleaned; None where it is none."""
    if not (isinstance(id, str) and isinstance(text, str) and isinstance(author, str)):
        return None
    if not (_whole(position) and _whole(exercise)) or not 0 <= position < 10**9 or abs(exercise) > 10**9:
        return None
    words = clean_words(text)[:LONGEST].strip()
    name = " ".join(clean_text(author).split())[:LONGEST_NAME]
    return Comment(clean_text(id)[:64], position, exercise, words, name) if words else None


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
