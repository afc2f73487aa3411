"""A log as a table, one row an entry, for spreadsheets and for those who count.

It is UTF-8 with a byte-order mark, without which Excel takes it for another alphabet, and which pandas and `utf-8-sig`
pass over. A cell that a spreadsheet would take for a formula gets an apostrophe in front: what a participant typed must
not run on whoever opens the table.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from exercise.core.events import LogEntry
from exercise.errors import LogError
from exercise.session.exchanging import written_whole
from exercise.session.log import LoadedLog
from exercise.session.openings import compact_json
from exercise.session.retell import Retelling

COLUMNS = ("seq", "batch", "seat", "wall", "play_s", "exercise_s", "type", "team", "subject", "value", "text", "rest")
"""The columns, in their order; `docs/log-format.md` says what each holds."""

SUBJECTS = (
    "decision",
    "inject",
    "request",
    "mark",
    "indicator",
    "evidence",
    "fact",
    "flag",
    "objective",
    "move",
    "subject",
    "what",
)
"""Fields that name what an entry is about; the first that an event has is its subject."""

VALUES = ("option", "answer", "grade", "rating", "value", "kind", "rate", "policy", "accepted", "works", "to")
"""Fields that say what was chosen, given or reached; the first that an event has is its value."""

MOST = 32_000
"""Letters that a cell may have; Excel holds 32,767, and what is longer it cuts off or will not open."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Cell = int | float | str


def write_events(path: Path, log: LoadedLog) -> int:
    """Writes the table to a file that only its owner can read, whole or not at all; returns the number of rows."""
    try:
        with written_whole(path, encoding="utf-8-sig", newline="") as file:
            table = csv.writer(file)
            table.writerow(COLUMNS)
            table.writerows(rows(log))
    except OSError as error:
        raise LogError(f"{path}: the table cannot be written here ({error.strerror})") from error
    return len(log.entries)


def rows(log: LoadedLog) -> Iterator[tuple[Cell, ...]]:
    """The entries as rows; without its scenario, where that was taken out, a log has no words for them."""
    telling: Retelling | None = None
    with suppress(LogError):
        telling = Retelling(log.scenario, log.entries)
    teams = {team.id for team in log.scenario.teams} if telling else set()
    for entry in log.entries:
        yield _row(entry, teams, telling.line(entry) if telling else "")


def _row(entry: LogEntry, teams: set[str], text: str) -> tuple[Cell, ...]:
    data = entry.event.as_data()
    kind = str(data.pop("type"))
    team = data.pop("team", None) or _team(data, entry.seat, teams)
    subject = _first(data, SUBJECTS)
    value = _first(data, VALUES)
    rest = {name: held for name, held in data.items() if held not in (None, "", [], {})}
    times: tuple[Cell, ...] = (entry.play, entry.exercise)
    told = (kind, str(team), _cell(subject), _cell(value), text, _rest(rest))
    cells = (entry.seq, entry.batch, entry.seat, entry.wall, *times, *told)
    return tuple(_safe(cell) for cell in cells)


def _team(data: dict[str, Any], seat: str, teams: set[str]) -> str:
    """The team whose doing it was, by the seat; '' for exercise control, evaluators and the clock."""
    found = str(data.get("seat") or data.get("by") or seat).partition("/")[0]
    return found if found in teams else ""


def _first(data: dict[str, Any], names: tuple[str, ...]) -> Any:
    """The first of these that is there and says something, taken out of the rest."""
    found = next((name for name in names if data.get(name) not in (None, "", [], {})), None)
    return "" if found is None else data.pop(found)


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return " ".join(value)  # Ids hold no blanks.
    return value if isinstance(value, int | float | str) else compact_json(value)


def _rest(rest: dict[str, Any]) -> str:
    """The rest as one cell; a field that is too long for it is named, and stands in the log alone."""
    while len(told := compact_json(rest)) > MOST:
        longest = max(rest, key=lambda name: len(compact_json(rest[name])))
        held = rest[longest]
        many = f"{len(held)} items" if isinstance(held, list | dict) else f"{len(str(held))} letters"
        rest = rest | {longest: f"[{many}: too long for a cell, see the log]"}
    return told


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
