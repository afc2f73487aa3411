"""OpenAEV's spreadsheets: an MSEL without fixed columns, whose times count days or hours from a day called J."""

from __future__ import annotations

import re
from collections import Counter
from datetime import time, timedelta
from pathlib import Path

from exercise.authoring.importing.draft import Draft, DraftInject, DraftObjective, DraftTask, DraftTeam, task_of
from exercise.authoring.importing.html_text import looks_like_html, plain_text
from exercise.authoring.importing.report import LossReport
from exercise.authoring.msel.sheet import Row, Sheet, Value, read_sheet, said
from exercise.core.script import Channel
from exercise.errors import UsageError

__all__ = ["read_openaev_sheet"]

_COUNTED = re.compile(r"([JDTH])\s*(?:([+-])\s*(\d{1,4}))?(?:\s*(?:H\s*)?([+-])?(\d{1,2})[:h](\d{2})?)?", re.IGNORECASE)
_TITLE = 70
_CLOCK = re.compile(r"(\d{1,3})[:h]([0-5]\d)")
_ORDER = ("type", "time", "team", "subject", "message", "description", "expectation", "expectation text", "score")
"""The columns in the order in which these sheets have them, around that of the times."""

_HEADINGS = {
    "type": ("type", "inject type", "contract", "injector"),
    "time": ("time", "trigger", "trigger time", "date", "when"),
    "team": ("team", "teams", "to", "recipient", "audience"),
    "subject": ("subject", "title", "name"),
    "message": ("message", "body", "text", "content"),
    "description": ("description", "notes", "comment", "comments"),
    "expectation": ("expectation", "expectation name", "expected", "expected action"),
    "expectation text": ("expectation description", "expectation text", "expected result"),
    "score": ("score", "expectation score", "points"),
}


def read_openaev_sheet(path: Path) -> Draft:
    """The rows of the first sheet that holds times as a draft; a cell that has no place is in the report."""
    book = read_sheet(path)
    found = [(sheet, column) for sheet in book.sheets if (column := _time_column(sheet)) is not None]
    if not found:
        raise UsageError(
            f"{path}: no column holds times such as J-30, T+1:00 or 9:30; exercise msel import takes other sheets "
            "by their headings."
        )
    sheet, column = found[0]
    read = _Rows(path.stem, sheet, column)
    for other in book.sheets:
        if other is not sheet and other.rows:
            words = [" | ".join(filter(None, map(said, row.values))) for row in other.rows]
            read.draft.report.lost(f"sheet {other.name}", "\n".join(words), "only the first sheet with times is read")
    if not read.draft.injects:
        raise UsageError(f"{path}: there is no row in it to make an inject of.")
    return read.draft


def _time_column(sheet: Sheet) -> int | None:
    counts = Counter(n for row in sheet.rows for n, value in enumerate(row.values) if _seconds(value) is not None)
    return min(counts, key=lambda n: (-counts[n], n)) if counts else None


def _seconds(value: Value) -> int | None:
    """Seconds from the start, where a cell holds a time that says so; bare numbers are no times."""
    if isinstance(value, timedelta):
        return round(value.total_seconds())
    if isinstance(value, time):
        return value.hour * 3600 + value.minute * 60
    if not isinstance(value, str):
        return None
    text = value.strip()
    if clock := _CLOCK.fullmatch(text):
        return int(clock[1]) * 3600 + int(clock[2]) * 60
    match = _COUNTED.fullmatch(text)
    if match is None:
        return None
    unit = 3600 if match[1].upper() in "TH" else 86400
    sign = -1 if match[2] == "-" else 1
    inside = int(match[5] or 0) * 3600 + int(match[6] or 0) * 60
    if match[4] == "-" or (match[4] is None and match[1].upper() == "T" and sign < 0):
        inside = -inside
    return sign * int(match[3] or 0) * unit + inside


class _Rows:
    def __init__(self, title: str, sheet: Sheet, column: int) -> None:
        self.draft = Draft(title, report=LossReport())
        self._report = self.draft.report
        self._sheet = sheet
        self._columns = {name: column + n - 1 for n, name in enumerate(_ORDER) if column + n - 1 >= 0}
        rows = self._headed(list(sheet.rows))
        self._report.added("title", f"the file's name stands in for a title: '{title}'")
        self.draft.report.changed(f"sheet {sheet.name}", ", ".join(self._taken()), "columns were taken to be")
        tasks: list[DraftTask] = []
        for row in rows:
            self._row(row, tasks)
        for number, formula in sheet.unread:
            self._report.lost(f"row {number}", formula, "a formula whose value nobody worked out")
        if tasks:
            self.draft.objectives.append(
                DraftObjective("expected", "What the source expects of the teams", tasks=tasks)
            )
            self._report.added("expectations", "an objective that holds the critical tasks")

    def _headed(self, rows: list[Row]) -> list[Row]:
        """Takes the columns from a row of headings, where there is one; gives back the other rows."""
        for n, row in enumerate(rows):
            if _seconds(row.at(self._columns["time"])) is not None:
                break
            names = {name: m for m, value in enumerate(row.values) for name in _HEADINGS
                     if " ".join(said(value).lower().replace("_", " ").split()) in _HEADINGS[name]}  # fmt: skip
            if len(names) >= 3:
                self._columns = {"time": self._columns["time"], **names}
                return rows[:n] + rows[n + 1 :]
        return rows

    def _taken(self) -> list[str]:
        return [f"{_letter(column)} {name}" for name, column in sorted(self._columns.items(), key=lambda pair: pair[1])]

    def _row(self, row: Row, tasks: list[DraftTask]) -> None:
        cells = {name: said(row.at(column)) for name, column in self._columns.items()}
        where = f"row {row.number}"
        if not any(cells[name] for name in cells if name not in ("type", "time")):
            words = " | ".join(filter(None, map(said, row.values)))
            self._report.lost(where, words, "rows without any text for participants")
            return
        kind, text = cells.get("type", ""), cells.get("message", "") or cells.get("description", "")
        if looks_like_html(text):
            text, dropped = plain_text(text)
            for what, lost in dropped:
                self._report.lost(where, lost, f"no {what} is kept in plain text")
        # What a machine was told to do is no title; the first words of a short message are.
        first = text.strip().partition("\n")[0]
        title = cells.get("subject") or (first if 0 < len(first) <= _TITLE else "") or kind or where
        inject = DraftInject(f"row {row.number}", title, text, where=where)
        inject.channel = _channel(kind)
        if kind and inject.title != kind:
            inject.notes.append(f"In the source: {kind}")
            self._report.kept(where, kind, "what kind of inject it was", "channel, and notes of the inject")
        inject.at = _seconds(row.at(self._columns["time"]))
        if inject.at is None and cells["time"]:
            inject.notes.append(f"Time in the source: {cells['time']}")
            self._report.kept(where, cells["time"], "a time that is not understood", "notes of the inject")
        self._team(cells.get("team", ""), inject, where)
        if cells.get("description") and cells["description"] != text:
            inject.notes.append(cells["description"])
            self._report.kept(where, cells["description"], "descriptions", "notes of the inject")
        self._expected(cells, inject, tasks, where)
        used = set(self._columns.values())
        for n, value in enumerate(row.values):
            if n not in used and said(value):
                inject.notes.append(f"Column {_letter(n)}: {said(value)}")
                self._report.kept(f"{where}, column {_letter(n)}", said(value), "columns not understood", "notes")
        if row.hidden:
            self._report.changed(
                where, inject.title, "the row was hidden in the sheet, and is an inject like the others"
            )
        self.draft.injects.append(inject)

    def _team(self, names: str, inject: DraftInject, where: str) -> None:
        for name in filter(None, (part.strip() for part in re.split(r"[;,\n]", names))):
            if name.casefold() in ("all", "all teams", "everyone"):
                continue
            if name not in [team.key for team in self.draft.teams]:
                self.draft.teams.append(DraftTeam(name, name))
            inject.to.append(name)
        if not names:
            self._report.changed(where, inject.title, "it names no team, so it goes to all")

    def _expected(self, cells: dict[str, str], inject: DraftInject, tasks: list[DraftTask], where: str) -> None:
        name, about, score = (cells.get(key, "") for key in ("expectation", "expectation text", "score"))
        if name:
            inject.expected.append(name)
            tasks.append(task_of(name, inject.title))
        if about or score:
            line = f"Expected: {': '.join(filter(None, (name, about)))}{f' ({score} points)' if score else ''}"
            inject.notes.append(line)
            self._report.kept(
                where, line, "what else is said of an expected action, and its score", "notes of the inject"
            )


def _channel(kind: str) -> Channel:
    words = kind.lower()
    if "mail" in words:
        return Channel.EMAIL
    if any(word in words for word in ("sms", "phone", "call")):
        return Channel.PHONE
    return Channel.MEDIA if any(word in words for word in ("media", "press", "channel", "article")) else Channel.SITREP


def _letter(column: int) -> str:
    found = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found
