"""The chain of a log looked at line by line, with what happened to the first line that does not fit.

Works on the bytes as stored and reads no more of a line than its number and its link, so that a line which is no
longer readable is one more finding and not the end of the search.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from pydantic import StrictInt, StrictStr, TypeAdapter, ValidationError
from pydantic_core import from_json
from typing_extensions import TypedDict

from exercise.errors import LogError
from exercise.session.log import BEGINS, Header
from exercise.session.openings import parse_json

Kind = Literal["changed", "dropped", "added", "reordered", "mismatch", "illegal"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit: what happened, to which entry (0 for the header), and where it shows."""

    kind: Kind
    seq: int | None
    line: int | None
    text: str


class Row(NamedTuple):
    """An entry's line as it stands in a file; `seq` and `prev` are None where it cannot be read."""

    line: int
    raw: bytes
    hash: str
    seq: int | None
    batch: int | None
    prev: str | None
    kind: str
    """The event's type; '' where it has none."""

    @property
    def event(self) -> Mapping[str, Any]:
        """The event's data, read when it is asked for; empty where it cannot be read."""
        data = _data(self.raw)
        found = data.get("event") if isinstance(data, dict) else None
        return found if isinstance(found, dict) else {}


class _Kind(TypedDict, total=False):
    type: StrictStr


class _Envelope(TypedDict):
    """What is read of every line; that the rest is JSON is seen on the way, and costs a third of making data of it."""

    seq: StrictInt
    batch: StrictInt
    prev: StrictStr
    event: _Kind


_BEGINS = b'{"seq":'

_ENVELOPE = TypeAdapter(_Envelope).validator


def has_odd_numbers(lines: Iterable[bytes]) -> bool:
    """Whether anything in these lines looks like NaN or an infinity, which JSON lacks and its quick reader takes."""
    text = b"\n".join(lines)
    return b"NaN" in text or b"Infinity" in text


def row(line: int, raw: bytes, odd_numbers: bool = True) -> Row:
    """A line taken apart as far as it goes, quicker where there can be no odd numbers."""
    hashed = sha256(raw).hexdigest()
    if not odd_numbers:
        try:
            read = _ENVELOPE.validate_json(raw)
        except ValidationError:
            pass
        else:
            if "type" in read["event"]:
                return Row(line, raw, hashed, read["seq"], read["batch"], read["prev"], read["event"]["type"])
    data = _data(raw)
    seq, batch, prev, event = map(data.get, ("seq", "batch", "prev", "event")) if isinstance(data, dict) else [None] * 4
    kind = str(event.get("type", "")) if isinstance(event, dict) else ""
    if type(seq) is int and type(batch) is int and isinstance(prev, str) and isinstance(event, dict) and event:
        return Row(line, raw, hashed, seq, batch, prev, kind)
    return Row(line, raw, hashed, None, None, None, kind)


def entries_of(rows: Sequence[Row]) -> list[Row]:
    """The rows that are entries, be they damaged: neither stray lines nor what a second log in the file begins with."""
    end = next((n for n, item in enumerate(rows) if _is_header(item.raw)), len(rows))
    return [item for item in rows[:end] if item.seq is not None or (_was_entry(item) and not _breaks_off(item.raw))]


def _is_header(raw: bytes) -> bool:
    return raw.startswith(BEGINS)


def _data(raw: bytes) -> Any:
    try:
        return parse_json(raw.decode())
    except (UnicodeDecodeError, LogError):
        return None


def first_break(rows: Sequence[Row], header: Header | None, header_hash: str) -> Finding | None:
    """What was changed, dropped, added or moved first; None where every link holds."""
    roots = header.roots(header_hash) if header else {1: header_hash}
    heads: dict[int, str] = {}
    parent = header.parent if header else None
    while parent is not None:
        heads[parent.seq] = parent.head
        parent = parent.parent
    before = header_hash
    for place, item in enumerate(rows, start=1):
        wanted = roots.get(place, before)
        if item.prev != wanted:
            return _Break(rows, header_hash, roots, place, wanted).finding()
        if heads.get(place, item.hash) != item.hash:
            return Finding("changed", place, item.line, f"entry {place} was changed: its parent's head is another")
        before = item.hash
    missing = max(heads, default=0)
    if missing > len(rows):
        return Finding("dropped", len(rows) + 1, None, f"entries {len(rows) + 1} to {missing} were dropped at the end")
    return None


class _Break:
    """The place where a link does not hold, and what the lines around it tell.

    A line that was changed shows in the line after it, which still names the old hash. A line that was dropped leaves a
    gap in the numbers; one that was added stands between two that know each other; one that was moved is still there.
    """

    def __init__(
        self, rows: Sequence[Row], header_hash: str, roots: Mapping[int, str], place: int, wanted: str
    ) -> None:
        self.rows = rows
        self.place = place
        self.item = rows[place - 1]
        self.wanted = wanted
        self.roots = roots
        self.place_of = {header_hash: 0}
        for number, item in enumerate(rows, start=1):
            self.place_of.setdefault(item.hash, number)

    def finding(self) -> Finding:
        """What happened here."""
        place, item = self.place, self.item
        if _is_header(item.raw):
            return self._say("added", place, f"another log begins at line {item.line}: several were joined in one file")
        if self.place_of[item.hash] < place:
            twin = self.rows[self.place_of[item.hash] - 1]
            return self._say("added", place, f"a copy of entry {twin.seq} was added at line {item.line}")
        follower = next((n for n in range(place + 1, len(self.rows) + 1) if self._at(n).prev == self.wanted), None)
        if item.seq is None:
            return self._unreadable(follower)
        if item.seq > place and item.prev == self.roots.get(item.seq):
            return self._gap(item.seq)  # Where a fork begins its own lines, a link says nothing about what is before.
        predecessor = self.place_of.get(item.prev or "")
        if predecessor is not None and predecessor > place:
            text = f"entry {place} was moved: entry {item.seq} stands in its place at line {item.line}"
            return self._say("reordered", place, text)
        if predecessor is not None and predecessor < place - 1:
            first = self._at(predecessor + 1)
            text = f"an entry was added at line {first.line}, before the true entry {item.seq}"
            return Finding("added", predecessor + 1, first.line, text)
        if follower is not None:
            return self._say("added", place, f"an entry was added at line {item.line}")
        if item.seq > place:
            return self._gap(item.seq)
        if item.seq < place:
            return self._say("added", place, f"an entry numbered {item.seq} was added at line {item.line}")
        return self._changed()

    def _unreadable(self, follower: int | None) -> Finding:
        """What a line is that cannot be read: a stray one, an entry that was changed, or one that was cut off."""
        place, line = self.place, self.item.line
        rest = self.rows[place - 1 : (follower or len(self.rows) + 1) - 1]
        if all(item.seq is None for item in rest) and (follower or not any(map(_was_entry, rest))):
            lines = f"{len(rest)} lines that are no entries were added, the first"
            what = "a line that is no entry was added" if len(rest) == 1 else lines
            return self._say("added", place, f"{what} at line {line}")
        if follower is None and len(rest) == 1 and _breaks_off(self.item.raw):
            return self._say("dropped", place, f"the entries end inside entry {place}: it was cut off there")
        return self._say("changed", place, f"entry {place} was changed and cannot be read")

    def _gap(self, seq: int) -> Finding:
        place = self.place
        if any(item.seq is not None and place <= item.seq < seq for item in self.rows[place:]):
            text = f"entry {place} was moved: entry {seq} stands in its place at line {self.item.line}"
            return self._say("reordered", place, text)
        which = f"entry {place} was" if seq == place + 1 else f"entries {place} to {seq - 1} were"
        return self._say("dropped", place, f"{which} dropped before line {self.item.line}")

    def _changed(self) -> Finding:
        """The line before this one was changed, or this line's own link was: then the next still names its old hash."""
        place, item = self.place, self.item
        mended = sha256(item.raw.replace((item.prev or "").encode(), self.wanted.encode())).hexdigest()
        last = place == len(self.rows)
        if not last and self._at(place + 1).prev == mended:
            return self._say("changed", place, f"entry {place} was changed: its link to the line before it is another")
        doubt = f", or the link to it in entry {place}, the last: only a head or a seal can tell" if last else ""
        if place in self.roots:
            return Finding("changed", 0, 1, f"the header was changed{doubt}")
        before = self._at(place - 1)
        return Finding("changed", place - 1, before.line, f"entry {place - 1} was changed{doubt}")

    def _at(self, place: int) -> Row:
        return self.rows[place - 1]

    def _say(self, kind: Kind, seq: int, text: str) -> Finding:
        return Finding(kind, seq, self.item.line, text)


def _was_entry(row: Row) -> bool:
    """Whether a line that cannot be read still has something of an entry's form."""
    return any(sign in row.raw for sign in (b'"seq":', b'"prev":', b'"event":')) or _breaks_off(row.raw)


def _breaks_off(raw: bytes) -> bool:
    """Whether a line is the beginning of an entry, whole as far as it goes."""
    if not raw.startswith(_BEGINS):
        return raw != b"" and _BEGINS.startswith(raw)
    try:
        from_json(raw.decode(errors="ignore"))
    except ValueError as error:
        return str(error).startswith("EOF")
    return False


def first_out_of_order(rows: Sequence[Row]) -> Finding | None:
    """The first entry with a number or batch out of the row, which a chain made anew would not show."""
    batch = 0
    for place, item in enumerate(rows, start=1):
        if item.seq != place:
            return Finding("mismatch", place, item.line, f"entry {place} says it is number {item.seq}")
        if item.batch not in (place, batch):
            text = f"entry {place} says it belongs to batch {item.batch}, which is not the one at hand"
            return Finding("mismatch", place, item.line, text)
        batch = item.batch or 0
    return None
