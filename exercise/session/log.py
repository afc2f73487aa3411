"""The lines of a log: a header, then one line of compact JSON an entry, each carrying the hash of the line before.

The hash is taken over the exact stored text, so nobody has to agree on how JSON is written. What may have to be taken
out later stands in a line as a salted digest; its *opening*, kept apart, gives salt and value back. Without the opening
the line stays as it is, and so does the chain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Literal
from unicodedata import is_normalized

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from exercise import __version__
from exercise.core.commitments import Commitment, Instrument
from exercise.core.events import SENSITIVE, LogEntry
from exercise.core.evolve import replay
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.state import State
from exercise.core.text import clean_text, is_clean
from exercise.errors import LogError
from exercise.session.collector import collector_paused
from exercise.session.openings import (
    Opening,
    Openings,
    clean_data,
    compact_json,
    conceal,
    digest_in,
    parse_json,
    places,
)

FORMAT = 1
"""Version of the lines; a log of a higher one was made by a newer program."""

RULES = "3"
"""Version of the rules that decide and assess; raised whenever the same commands would give other events or marks."""

REDACTED = "[redacted]"
"""What stands for a text whose opening was taken out."""

_NO_ENTRY = "the line is not an entry as it was stored; `exercise verify` says more"
_WRONG_LINK = (
    "the chain is broken here: this line, or what stood before it, was changed, dropped, added or moved; "
    "`exercise verify` says more"
)
_PREV = ',"prev":"'
_DIGEST_LENGTH = 43
_PREV_AT = -(len(_PREV) + 64 + 2)
_REDACTED_DATA: Mapping[str, Any] = {
    "facts": {},
    "set_aside": (),
    "safeguards": {},
    "answers": {},
    # Which elements had words is gone with them; that there were some is not.
    "content": {REDACTED: REDACTED},
}
_ENTRY = TypeAdapter(LogEntry).validator
_HIDES = re.compile(r"\\[^nt\"/]")
"""An escape behind which something hostile may stand: any but of a new line, a tab, a quote or a slash."""


class Record(BaseModel):
    """What the header's parts share: frozen, and unknown keys are kept out."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Digest(Record):
    """A value kept apart, by its digest."""

    digest: str = Field(alias="#", pattern=r"^[A-Za-z0-9_-]{43}$")


class Texts(Record):
    """The entries of the catalogue that the exercise uses, kept so that its marks can be read and given again."""

    instruments: tuple[Instrument, ...] = ()
    commitments: tuple[Commitment, ...] = ()


class Parent(Record):
    """Where a fork left its parent: the parent's lines up to `seq` stand at the start of the fork as they were."""

    session: str
    root: str = Field(description="Hash of the parent's header line, to which the parent's own first line is chained.")
    seq: int = Field(ge=0)
    head: str = Field(description="Hash of the parent's line `seq`.")
    parent: Parent | None = None


BEGINS = b'{"exercise-log":'
"""The bytes with which a log begins."""


class Header(Record):
    """The first line: what is needed to understand the entries, with no secret in it."""

    format: Literal[1] = Field(default=1, alias="exercise-log")
    engine: str
    rules: str
    session: str
    created: str
    scenario: str
    title: str
    content: Digest = Field(description="The whole scenario.")
    reference: Texts
    roster: Digest | None = None
    seed: Digest | None = None
    parent: Parent | None = None

    def roots(self, own: str) -> dict[int, str]:
        """By seq, the header hash to which that entry is chained; more than one where the log is a fork."""
        found: dict[int, str] = {}
        root, parent = own, self.parent
        while parent is not None:
            found[parent.seq + 1] = root
            root, parent = parent.root, parent.parent
        return found | {1: root}


DIGEST = re.compile(r'\{"#":"([A-Za-z0-9_-]+)"\}')
"""A concealed value in a line; in a text its quotes would be escaped."""


def line_hash(line: str) -> str:
    """The hash of a line, by which the next one names it."""
    return sha256(line.encode()).hexdigest()


def used_by(scenario: Scenario, reference: Reference) -> Reference:
    """The part of the catalogue that a scenario uses: the texts of its profiles, and all it names in its conduct.

    A session is assessed by this part from its first moment, so that live, replayed and later figures are the same.
    """
    held = {entry.instrument for team in scenario.teams for entry in team.profile}
    named = set(_strings(scenario.model_dump(mode="json")))
    commitments = {id: c for id, c in reference.commitments.items() if c.instrument in held or id in named}
    wanted = held | {commitment.instrument for commitment in commitments.values()}
    return Reference({id: text for id, text in reference.instruments.items() if id in wanted}, commitments)


def make_header(
    scenario: Scenario,
    reference: Reference,
    *,
    session: str,
    created: str,
    rules: str,
    seed: int | None = None,
    roster: Mapping[str, str] | None = None,
) -> tuple[str, tuple[Opening, ...]]:
    """The header line of a new session, and its openings: scenario, seed and roster (names by seat)."""
    content = conceal(scenario.model_dump(mode="json", by_alias=True))
    kept_seed = None if seed is None else conceal(seed)
    kept_roster = conceal(dict(roster)) if roster else None
    header = Header(
        engine=__version__,
        rules=rules,
        session=session,
        created=created,
        scenario=scenario.id,
        title=scenario.title,
        content=Digest(digest=content.digest),
        reference=Texts(
            instruments=tuple(reference.instruments.values()), commitments=tuple(reference.commitments.values())
        ),
        roster=kept_roster and Digest(digest=kept_roster.digest),
        seed=kept_seed and Digest(digest=kept_seed.digest),
    )
    return header_line(header), tuple(opening for opening in (content, kept_seed, kept_roster) if opening)


def header_line(header: Header) -> str:
    """The header as it is stored."""
    return compact_json(header.model_dump(mode="json", by_alias=True))


def read_header(line: str) -> Header:
    """The header from its line, or what is wrong with it."""
    data = parse_json(line)
    if not isinstance(data, dict) or "exercise-log" not in data:
        raise LogError("this is no log of an exercise: its first line is not a log's header")
    version = data["exercise-log"]
    if isinstance(version, int) and version > FORMAT:
        raise LogError(f"the log has format {version} and this program reads {FORMAT}; update the program to read it")
    try:
        return Header.model_validate(data if _is_plain(line) else clean_data(data))
    except ValidationError as error:
        raise LogError(f"the log's header cannot be read: {_first(error)}") from None


def encode_entry(entry: LogEntry, prev: str) -> tuple[str, tuple[Opening, ...]]:
    """An entry as its line after the line with hash `prev`, and the openings of what it conceals."""
    event = entry.event.as_data()
    openings = []
    for holder, key in places(event, SENSITIVE.get(entry.event.type, ())):
        if holder[key]:
            opening = conceal(holder[key])
            holder[key] = {"#": opening.digest}
            openings.append(opening)
    line = (
        f'{{"seq":{entry.seq},"batch":{entry.batch},"seat":{compact_json(entry.seat)},"wall":{compact_json(entry.wall)},'
        f'"play":{entry.play},"exercise":{entry.exercise},"event":{compact_json(event)}{_PREV}{prev}"}}'
    )
    return line, tuple(openings)


def prev_of(line: str) -> str | None:
    """The hash that a line gives for the line before it; None where it is no entry line as it was stored."""
    found = line[_PREV_AT:-66] == _PREV and line.endswith('"}') and line.startswith('{"seq":')
    return line[-66:-2] if found else None


def _with_openings(line: str, openings: Openings) -> str | None:
    """The line with its concealed values in their places; None where one is missing, or is not what was written."""
    parts = line.split('{"#":"')
    for n in range(1, len(parts)):
        part = parts[n]
        opening = openings.get(part[:_DIGEST_LENGTH])
        if opening is None or part[_DIGEST_LENGTH : _DIGEST_LENGTH + 2] != '"}' or not opening.fits():
            return None
        parts[n] = opening.text + part[_DIGEST_LENGTH + 2 :]
    return "".join(parts)


def _is_plain(line: str) -> bool:
    """Whether nothing in a JSON line has to be cleaned: of ASCII, JSON itself forbids all but DEL."""
    if "\\" in line and _HIDES.search(line.replace("\\\\", "")):
        return False
    if line.isascii():
        return "\x7f" not in line
    # All that is hostile cannot be printed, and to ask that of a text is quick.
    return (line.isprintable() and is_normalized("NFC", line)) or is_clean(line)


def decode_line(line: str, openings: Openings) -> LogEntry:
    """The entry of a line; a concealed value comes back where its opening is there, else as redacted or empty."""
    whole = line if '{"#":' not in line else _with_openings(line, openings)
    # Most lines hold nothing that must be cleaned; the others are looked at in parts.
    if whole is not None and _is_plain(whole):
        try:
            return _ENTRY.validate_json(whole)  # type: ignore[no-any-return]
        except ValidationError as error:
            if "\\" not in whole:
                raise _unreadable(error) from None
    data = clean_data(parse_json(line))
    event = data.get("event") if isinstance(data, dict) else None
    if isinstance(event, dict):
        for holder, key in places(event, SENSITIVE.get(str(event.get("type")), ())):
            if (digest := digest_in(holder[key])) is not None:
                holder[key] = clean_data(_opened(key, digest, openings))
    try:
        return _ENTRY.validate_python(data)  # type: ignore[no-any-return]
    except ValidationError as error:
        raise _unreadable(error) from None


@dataclass(frozen=True)
class LoadedLog:
    """A log that was read and whose chain is whole; `head` is the hash of its last line."""

    name: str
    header: Header
    header_line: str
    lines: tuple[str, ...]
    entries: tuple[LogEntry, ...]
    openings: Openings
    head: str

    @cached_property
    def state(self) -> State:
        """Where the exercise stood at the end of the log."""
        with collector_paused():
            return replay(entry.event for entry in self.entries)

    @cached_property
    def reference(self) -> Reference:
        """The catalogue entries that marks are given under."""
        texts = self.header.reference
        return Reference(
            instruments={item.id: item for item in texts.instruments},
            commitments={item.id: item for item in texts.commitments},
        )

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario as it was played."""
        value = self._header_value(self.header.content)
        if value is None:
            raise LogError(
                f"{self.name}: the scenario was taken out of this log, or cut off with its end; it cannot be replayed"
            )
        try:
            return Scenario.model_validate(value)
        except ValidationError as error:
            raise LogError(f"{self.name}: the log's scenario cannot be read: {_first(error)}") from None

    @cached_property
    def seed(self) -> int | None:
        """The seed of the hidden facts; None where none was used or it was taken out."""
        value = self._header_value(self.header.seed)
        return value if isinstance(value, int) else None

    @cached_property
    def roster(self) -> Mapping[str, str]:
        """Names by seat; empty where nobody was named or the names were taken out."""
        value = self._header_value(self.header.roster)
        return {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {}

    def _header_value(self, digest: Digest | None) -> Any:
        opening = self.openings.get(digest.digest) if digest else None
        if opening is not None and not opening.fits():
            raise LogError(f"{self.name}: what belongs to the header was changed; `exercise verify` says more")
        if opening is None:
            return None
        return opening.value if _is_plain(opening.text) else clean_data(opening.value)


def read_log(
    header_text: str,
    lines: Sequence[str],
    openings: Iterable[Opening],
    *,
    name: str = "log",
    numbers: Sequence[int] | None = None,
) -> LoadedLog:
    """A whole log from its lines, with the chain checked; `numbers` are the line numbers of the entries in a file."""
    try:
        header = read_header(header_text)
    except LogError as error:
        raise LogError(f"{name}:1: {error}" if numbers is not None else f"{name}: {error}") from None
    kept = {opening.digest: opening for opening in openings}
    roots = header.roots(line_hash(header_text))
    entries: list[LogEntry] = []
    head = line_hash(header_text)
    seq = 0
    try:
        with collector_paused():
            for seq, line in enumerate(lines, start=1):
                prev = roots.get(seq, head)
                if line[_PREV_AT:] != f'{_PREV}{prev}"}}' or not line.startswith('{"seq":'):
                    raise LogError(_WRONG_LINK if prev_of(line) else _NO_ENTRY)
                entry = decode_line(line, kept)
                if entry.seq != seq:
                    raise LogError(f"the entry says it is number {entry.seq} and stands as number {seq}")
                entries.append(entry)
                head = sha256(line.encode()).hexdigest()
    except LogError as error:
        place = f"{name}: entry {seq}" if numbers is None else f"{name}:{numbers[seq - 1]}"
        raise LogError(f"{place}: {error}") from None
    return LoadedLog(name, header, header_text, tuple(lines), tuple(entries), kept, head)


def _unreadable(error: ValidationError) -> LogError:
    where = ".".join(str(part) for part in error.errors(include_url=False)[0]["loc"])[:80]
    return LogError(f"the entry cannot be read (at '{clean_text(where)}'); `exercise verify` says more")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _opened(name: str, digest: str, openings: Openings) -> Any:
    opening = openings.get(digest)
    if opening is None:
        return _REDACTED_DATA.get(name, REDACTED)
    if not opening.fits():
        raise LogError(f"what belongs to '{name}' was changed; `exercise verify` says more")
    return opening.value


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return clean_text(f"{where}: {first['msg']}" if where else first["msg"])[:240]
