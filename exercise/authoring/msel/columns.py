"""The columns of an MSEL: ours, Conducttr's, and by what other names people head theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from exercise.authoring.msel.sheet import Row, Sheet, said

__all__ = [
    "AS_EXPORTED",
    "CONDUCTTR",
    "EXPLAINED",
    "NOT_PRINTED",
    "OURS",
    "STATUSES",
    "Column",
    "Heading",
    "heading_of",
    "recognised",
]

STATUSES = ("pending", "entered", "approved", "completed")
"""How far a row is prepared; the list is offered, other words are kept as well."""


@dataclass(frozen=True)
class Column:
    """A column of our own sheet; `key` is what it is to the program, `width` in characters."""

    key: str
    heading: str
    width: float
    about: str


OURS: Sequence[Column] = (
    Column(
        "number",
        "No.",
        4.5,
        "The number that exercise control's console shows; M for moves, D for decisions, R for requests.",
    ),
    Column("time", "Exercise time", 8, "Time of the story since STARTEX, hours:minutes. May be changed."),
    Column("real", "Real time", 5.5, "Time on the wall: worked out with --start, else left to be written in by hand."),
    Column("move", "Move", 8.5, "The move it falls into. Another one may be named; a new time counts before it."),
    Column("from", "From", 11, "Who it comes from, as participants read it. May be changed."),
    Column("to", "To", 10.5, "All, a team, or team/role, a line for each. May be changed."),
    Column(
        "method",
        "Method",
        8.5,
        "By what means: e-mail, phone, media … For decisions their kind and length. May be changed.",
    ),
    Column("subject", "Subject", 13, "Its title, as participants read it. May be changed."),
    Column("message", "Message", 42, "What participants read, word for word. May be changed."),
    Column(
        "expected",
        "Expected action",
        18,
        "A line for each; for decisions their options, in their order; for moves their length. May be changed.",
    ),
    Column("objective", "Objective", 9, "The objective it serves. May be changed."),
    Column("responsible", "Responsible", 10, "Who of exercise control looks after it. May be changed."),
    Column("notes", "Notes", 17, "For exercise control only. May be changed."),
    Column("status", "Status", 8.5, f"{', '.join(STATUSES)}, or words of your own. May be changed."),
    Column("condition", "Comes only when", 13, "The condition in plain words; it is changed in the scenario's file."),
    Column("type", "Type", 10, "Inject, request, answer due, decision, deadline, move, plenary. New rows are injects."),
    Column("id", "ID", 24, "By this the row is found again. Leave it as it is; leave it empty in a new row."),
)
"""What facilitators know from other exercises, in the order they are used to; the last two are for the program."""

AS_EXPORTED = "As exported"
"""The hidden sheet that keeps every cell as it went out: by it one knows which ones people changed since."""

EXPLAINED = "Working with this sheet"
"""How the sheet begins that explains the columns."""

NOT_PRINTED = 2
"""So many columns at the end are left off the paper: colours, numbers and headings say the same there."""

CONDUCTTR: Sequence[Column] = (
    Column("number", "Number", 6, ""),
    Column("time", "Time", 10, ""),
    Column("from", "From", 18, ""),
    Column("faction", "Faction", 10, ""),
    Column("to", "To", 16, ""),
    Column("team", "Team", 14, ""),
    Column("method", "Method", 11, ""),
    Column("subject", "Subject", 22, ""),
    Column("message", "Message", 60, ""),
    Column("expected", "Expected Action", 28, ""),
    Column("tab", "Tab", 14, ""),
)
"""The header that Conducttr documents for its CSV; it has no place for an id, so it does not come back by `--into`."""

_NAMES: Mapping[str, tuple[str, ...]] = {
    "number": (
        *("no", "nr", "num", "#", "number", "inject number", "inject no", "inject #", "msel number", "msel no"),
        *("event number", "event no", "event #", "serial", "serial no", "serial number", "ser", "item", "item no"),
    ),
    "time": (
        *("exercise time", "time", "event time", "inject time", "scheduled time", "ex time", "story time", "t+"),
        *("start time", "time offset", "offset", "trigger time", "planned time", "scenario time", "simulation time"),
        *("date time", "date/time", "when", "time into exercise", "elapsed time", "delivery time", "time of inject"),
    ),
    "date": ("date", "day", "exercise day", "exercise date"),
    "real": ("real time", "wall time", "wall clock", "clock time", "local time", "actual time", "real world time"),
    "move": ("move", "module", "phase", "stage", "session", "exercise phase", "vignette", "storyline"),
    "type": ("type", "inject type", "event type", "kind", "category"),
    "from": (
        *("from", "sender", "source", "originator", "origin", "simulated sender", "initiator", "simulated player"),
        *("inject from", "sent by", "simulated by", "role player", "from who", "sending agency"),
    ),
    "to": (
        *("to", "recipient", "recipients", "recipient player", "recipient players", "target", "target team", "team"),
        *("teams", "audience", "target audience", "receiver", "receivers", "player", "players", "sent to", "addressee"),
        *("receiving agency", "recipient s", "target teams", "training audience", "addressees", "to whom", "for whom"),
        *("whom", "who gets it", "who receives it"),
    ),
    "method": (
        *("method", "delivery method", "mode", "mode of delivery", "method of delivery", "means", "means of delivery"),
        *("channel", "medium", "inject mode", "delivery", "inject method", "delivery mode", "injector", "via"),
        *("communication method", "transmission method", "by what means", "how"),
    ),
    "subject": (
        *("subject", "title", "inject title", "event title", "headline", "event name", "inject name", "name"),
        *("event", "topic", "synopsis", "summary", "short description"),
    ),
    "message": (
        *("message", "text", "body", "content", "inject text", "inject content", "message text", "inject"),
        *("inject message", "event description", "description", "inject description", "script", "details"),
        *("full text", "event inject description", "detailed statement", "what they see", "what they read"),
        *("what players see", "what participants see", "what is said"),
    ),
    "expected": (
        *("expected action", "expected actions", "expected response", "expected responses", "expected outcome"),
        *("expected outcomes", "expected player action", "expected player actions", "expected player response"),
        *("expectation", "expectations", "anticipated response", "anticipated action", "expected result"),
        *("desired response", "expected reaction", "expected player actions responses"),
    ),
    "objective": (
        *("objective", "objectives", "exercise objective", "exercise objectives", "capability", "core capability"),
        *("core capabilities", "capabilities", "training objective", "related objective", "objective capability"),
        *("evaluation criteria", "capability target", "objective s", "objective number", "objective no"),
    ),
    "responsible": (
        *("responsible", "responsible controller", "controller", "owner", "poc", "point of contact", "facilitator"),
        *("responsible person", "responsible party", "assigned to", "simcell", "lead", "control lead"),
        *("controller evaluator", "evaluator"),
    ),
    "notes": (
        *("notes", "note", "comments", "comment", "remarks", "remark", "controller notes", "facilitator notes"),
        *("our notes", "internal notes"),
    ),
    "status": ("status", "state", "inject status", "progress"),
    "condition": ("comes only when", "condition", "conditions", "trigger", "depends on", "dependency", "contingency"),
    "id": ("id", "row id", "inject id", "key"),
    "faction": ("faction",),
    "tab": ("tab",),
}
"""What each of our columns is called elsewhere: HSEEP's forms, Conducttr, OpenAEV, and plain usage."""

_BY_NAME = {name: (key, rank) for key, names in _NAMES.items() for rank, name in enumerate(names)}
_HEAD_ROWS = 25
"""Below a title, a logo and a legend; a header that comes later than this is none."""


def heading_of(text: str) -> str | None:
    """The key of a column by its heading, whatever its case, blanks and punctuation; None where it is not known."""
    found = _ranked(text)
    return found[0] if found else None


def _ranked(text: str) -> tuple[str, int] | None:
    """Key and rank of a heading: of two columns for the same, the usual name counts before the loose one."""
    whole = text.casefold().replace("(s)", "s")
    for name in (whole, re.sub(r"\([^)]*\)|\[[^]]*\]", " ", whole)):
        plain = " ".join(re.sub(r"[^\w#+/ ]|_", " ", name).split())
        found = _BY_NAME.get(plain) or _BY_NAME.get(" ".join(plain.replace("/", " ").split()))
        if found is not None:
            return found
    return None


@dataclass(frozen=True)
class Heading:
    """The row that heads a sheet: its place, and for each column of the file its text and what it is to us."""

    row: int
    texts: tuple[str, ...]
    columns: Mapping[str, int]
    """By key, the column of the file, counted from 0."""

    @property
    def others(self) -> tuple[tuple[int, str], ...]:
        """Columns that are none of ours, with what they are headed."""
        taken = set(self.columns.values())
        return tuple((n, text) for n, text in enumerate(self.texts) if n not in taken)


def recognised(sheet: Sheet, fixed: Mapping[str, int] | None = None) -> Heading | None:
    """The heading of a sheet: the row of its first ones with the most known names; `fixed` columns are as told.

    A column is taken once: of two headings for the same, the more usual one counts, and the other stands among the
    others.
    """
    best: tuple[int, Row] | None = None
    for row in sheet.rows[:_HEAD_ROWS]:
        texts = [value for value in row.values if isinstance(value, str)]
        score = len({key for text in texts if (key := heading_of(text))})
        # A row of content may have a word or two of a heading in it; it has other words and numbers as well.
        heads = 3 * score >= len(texts) and len(texts) == sum(value is not None for value in row.values)
        if score >= 2 and heads and (best is None or score > best[0]):
            best = (score, row)
    if best is None and not fixed:
        return None
    if best is None:
        # Nothing looks like a heading, so all is content, and only what was told is known.
        return Heading(0, tuple("" for _ in range(_width(sheet.rows))), dict(fixed or {}))
    head = best[1]
    texts = [said(value) for value in head.values]
    texts += [""] * (_width(sheet.rows) - len(texts))
    columns = dict(fixed or {})
    ranked = [(found[1], n, found[0]) for n, text in enumerate(texts) if (found := _ranked(text))]
    for _, n, key in sorted(ranked):
        if key not in columns and n not in columns.values():
            columns[key] = n
    return Heading(head.number, tuple(texts), columns)


def _width(rows: Iterable[Row]) -> int:
    return max((len(row.values) for row in rows), default=0)
