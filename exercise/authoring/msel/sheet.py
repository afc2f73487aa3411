"""Spreadsheets of other people as plain rows of values: XLSX and CSV, read within bounds, following nothing.

A sheet comes by e-mail from somebody. So nothing of it is run or fetched, and what would fill the memory is refused
before it is read: archives that unpack to too much, merged cells over a million rows, entities, links out.
"""

from __future__ import annotations

import csv
import io
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from exercise.core.text import clean_text
from exercise.errors import UsageError

__all__ = ["NEEDS_MORE", "Book", "Row", "Sheet", "Value", "read_sheet", "said"]

Value = str | int | float | bool | datetime | date | time | timedelta | None
"""What may stand in a cell."""

NEEDS_MORE = "Spreadsheets (XLSX) need more libraries: pip install 'exercise[sheets]'; CSV works without."
"""What is said where the extra is missing, on the way out as on the way in."""

_LARGEST_FILE = 20 * 1024**2
_LARGEST_UNPACKED = 120 * 1024**2
_MOST_MEMBERS = 1_000
_MOST_TIMES = 250
"""XML packs well, to a fiftieth at best; what packs to less than this was made to burst."""
_MOST_ROWS = 10_000
_MOST_COLUMNS = 200
_MOST_CELLS = 250_000
_MOST_SHEETS = 50
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_HOLDING = (f"{_MAIN}v", f"{_MAIN}is")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True)
class Row:
    """A row of a sheet; `number` is its row in the file, counted from 1 as spreadsheets do."""

    number: int
    values: tuple[Value, ...]
    hidden: bool = False

    def at(self, column: int) -> Value:
        """The value of a column counted from 0; nothing where the row is shorter."""
        return self.values[column] if column < len(self.values) else None


@dataclass(frozen=True)
class Sheet:
    """A worksheet, or the only one of a CSV file; rows without any value are left out."""

    name: str
    rows: tuple[Row, ...]
    hidden: bool = False
    unread: tuple[tuple[int, str], ...] = ()
    """Row and words for each cell whose value could not be known, such as a formula that nobody worked out."""


@dataclass(frozen=True)
class Book:
    """A file with its sheets, in their order."""

    path: Path
    sheets: tuple[Sheet, ...]


def read_sheet(path: Path) -> Book:
    """Reads an XLSX or CSV file, told apart by what is in it; raises UsageError with one line where it cannot."""
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise UsageError(f"{path}: the file is larger than the {_LARGEST_FILE // 1024**2} MiB allowed.")
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "not a usable file name").lower()
        raise UsageError(f"{path}: the file cannot be read: {reason}.") from None
    if data.startswith(b"PK"):
        return Book(path, _workbook(path, data))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UsageError(f"{path}: this is the old form of Excel, or has a password; save it as .xlsx without one.")
    return Book(path, (_delimited(path, data),))


def said(value: Value) -> str:
    """A cell as the text that a person would read in it, cleaned and without blanks around it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return clean_text(value).strip()
        case float():
            return f"{value:.10g}"
        case datetime():
            return value.isoformat(" ", "minutes")
        case time():
            return value.isoformat("seconds" if value.second else "minutes")
        case timedelta():
            seconds = round(value.total_seconds())
            hours, rest = divmod(abs(seconds), 3600)
            return f"{'-' if seconds < 0 else ''}{hours}:{rest // 60:02}" + (f":{rest % 60:02}" if rest % 60 else "")
        case _:
            return str(value)


def _delimited(path: Path, data: bytes) -> Sheet:
    """A CSV file as Excel and LibreOffice write it anywhere: any of three separators, UTF-8, UTF-16 or Windows'."""
    text = _decoded(path, data)
    if "\0" in text:
        raise UsageError(f"{path}: this is neither a spreadsheet (XLSX) nor a text file with columns (CSV).")
    csv.field_size_limit(1_000_000)
    separator = _separator(text)
    text = text.partition("\n")[2] if text[:4].lower() == "sep=" else text
    rows: list[Row] = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1):
            if number > _MOST_ROWS or len(cells) > _MOST_COLUMNS:
                raise _too_large(path)
            if any(cell.strip() for cell in cells):
                rows.append(Row(number, tuple(map(_unguarded, cells))))
    except csv.Error as error:
        raise UsageError(f"{path}: the columns cannot be told apart: {error}.") from None
    return Sheet(path.name, tuple(rows))


def _decoded(path: Path, data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise UsageError(f"{path}: the file begins as UTF-16 and goes on as something else.") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Five bytes mean nothing in Windows' code page; they become the replacement character rather than an error.
        return data.decode("cp1252", errors="replace")


def _separator(text: str) -> str:
    """The separator named by `sep=`, else the one that stands most often in the first line outside of quotes."""
    if text[:4].lower() == "sep=" and text[4:5] in tuple(",;\t|"):
        return text[4]
    head = re.sub(r'"[^"]*"', "", text[:20_000]).lstrip("\r\n").partition("\n")[0]
    return max(",;\t", key=head.count)


def _unguarded(cell: str) -> str:
    """A cell without the apostrophe that keeps programs from taking it for a formula."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _workbook(path: Path, data: bytes) -> tuple[Sheet, ...]:
    try:
        import defusedxml  # noqa: F401 - openpyxl reads safely only where it is there
        from openpyxl import load_workbook
    except ImportError as error:
        raise UsageError(NEEDS_MORE) from error
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            _look_over(path, archive)
            members = _worksheets(archive)
            formulas = any(_has_formula(archive, member) for _, member, _ in members)
            merged = {name: _looked_through(path, archive, member) for name, member, _ in members}
        known = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        written = load_workbook(io.BytesIO(data), read_only=True, keep_links=False) if formulas else None
        return tuple(
            _sheet(known[name], written[name] if written else None, name, hidden, merged[name])
            for name, _, hidden in members
        )
    except UsageError:
        raise
    except (BadZipFile, EOFError, MemoryError, RecursionError) as error:
        raise UsageError(f"{path}: the spreadsheet is damaged ({type(error).__name__}).") from None
    except Exception as error:
        # openpyxl raises whatever its parts raise; what a stranger's file does to it must not end in a traceback.
        raise UsageError(f"{path}: the spreadsheet cannot be read: {_line(error)}; save it as .xlsx anew.") from None


def _look_over(path: Path, archive: ZipFile) -> None:
    """Refuses an archive for what its directory says, before anything is unpacked."""
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if len(infos) > _MOST_MEMBERS:
        raise UsageError(f"{path}: the spreadsheet holds {len(infos)} parts; that is no spreadsheet.")
    if len(set(names)) != len(names):
        raise UsageError(f"{path}: the spreadsheet holds a part twice; save it anew.")
    for info in infos:
        if info.flag_bits & 1:
            raise UsageError(f"{path}: the spreadsheet has a password; save it without one.")
        parts = info.filename.replace("\\", "/").split("/")
        if ".." in parts or not parts[0] or ":" in parts[0] or stat.S_ISLNK(info.external_attr >> 16):
            raise UsageError(f"{path}: a part of the spreadsheet leads out of it; it is not read.")
        if info.file_size > 1024**2 and info.file_size > _MOST_TIMES * max(info.compress_size, 1):
            raise UsageError(f"{path}: a part of the spreadsheet unpacks to far more than it says; it is not read.")
    if sum(info.file_size for info in infos) > _LARGEST_UNPACKED:
        raise UsageError(f"{path}: unpacked, the spreadsheet is larger than {_LARGEST_UNPACKED // 1024**2} MiB.")
    if "xl/workbook.xml" not in names:
        raise UsageError(f"{path}: this archive is no spreadsheet of the form XLSX; save it as .xlsx.")


def _worksheets(archive: ZipFile) -> list[tuple[str, str, bool]]:
    """(name, part, hidden) of each worksheet; charts on sheets of their own are none."""
    from defusedxml.ElementTree import fromstring

    related = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    links = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    parts = {link.get("Id"): link.get("Target", "") for link in links if link.get("Type", "").endswith("/worksheet")}
    found = []
    for element in fromstring(archive.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):
        target = parts.get(element.get(related))
        if target is None:
            continue
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found.append((element.get("name", ""), part, element.get("state", "visible") != "visible"))
    if len(found) > _MOST_SHEETS:
        raise UsageError(f"The spreadsheet has {len(found)} sheets; at most {_MOST_SHEETS} are read.")
    return found


def _has_formula(archive: ZipFile, member: str) -> bool:
    with archive.open(member) as file:
        return any(b"<f>" in part or b"<f " in part for part in _parts(file))


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    """The file in parts that overlap a little, so that nothing short is cut in two."""
    last = b""
    while part := file.read(1024**2):
        yield last + part
        last = part[-8:]


@dataclass(frozen=True)
class _Form:
    """What a worksheet has beside values."""

    hidden: frozenset[int]
    down: tuple[tuple[int, int, int], ...]
    """(column, first row, last row) of merged cells, in rows from 1 and columns from 0."""
    rows: int
    columns: int
    """How far there are values."""


def _looked_through(path: Path, archive: ZipFile, member: str) -> _Form:
    """Counts rows and cells as they stream by, and finds what is hidden or merged, which reading by rows does not."""
    from defusedxml.ElementTree import iterparse

    hidden: set[int] = set()
    down: list[tuple[int, int, int]] = []
    cells = rows = last_row = columns = 0
    with archive.open(member) as file:
        for _, element in iterparse(file, ("end",)):
            if element.tag == f"{_MAIN}c":
                cells += 1
            elif element.tag == f"{_MAIN}row":
                rows += 1
                if element.get("hidden") in ("1", "true"):
                    hidden.add(int(element.get("r", rows)))
                # Cells that hold nothing but a colour are often drawn down to the last row there can be.
                holding = [cell for cell in element if any(part.tag in _HOLDING for part in cell)]
                # Places may be left out, and then count on from the one before.
                if holding:
                    last_row = int(element.get("r", max(rows, last_row + 1)))
                    widest = max(_column(cell.get("r", "").rstrip("0123456789")) + 1 for cell in holding)
                    columns = max(columns, widest, len(element) if not widest else 0)
                if last_row > _MOST_ROWS or columns > _MOST_COLUMNS:
                    raise _too_large(path)
                element.clear()
            elif element.tag == f"{_MAIN}mergeCell":
                first, _, last = element.get("ref", "").partition(":")
                start, end = _CELL.fullmatch(first), _CELL.fullmatch(last)
                if start and end and end[2] != start[2] and len(down) < _MOST_ROWS:
                    down.append((_column(start[1]), int(start[2]), min(int(end[2]), _MOST_ROWS)))
            if cells > _MOST_CELLS or rows > 60 * _MOST_ROWS:
                raise _too_large(path)
    return _Form(frozenset(hidden), tuple(down), last_row, columns)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _sheet(known: Any, written: Any, name: str, hidden: bool, form: _Form) -> Sheet:
    rows: dict[int, list[Value]] = {}
    if not form.rows:
        return Sheet(clean_text(name), (), hidden)
    unread: list[tuple[int, str]] = []
    # What a sheet says of its own size is a guess of the program that wrote it, and sometimes wrong.
    known.reset_dimensions()
    wanted = known.iter_rows(max_row=form.rows, max_col=form.columns, values_only=True)
    for number, cells in enumerate(wanted, 1):
        values = list(map(_value, cells))
        while values and values[-1] is None:
            values.pop()
        if values:
            rows[number] = values
    if written is not None:
        written.reset_dimensions()
        texts = written.iter_rows(max_row=form.rows, max_col=form.columns, values_only=True)
        for number, cells in enumerate(texts, 1):
            for column, cell in enumerate(cells):
                values = rows.get(number, [])
                if isinstance(cell, str) and cell.startswith("=") and len(cell) > 1 and not _has(values, column):
                    unread.append((number, clean_text(cell)[:200]))
    for column, first, last in form.down:
        value = rows[first][column] if first in rows and column < len(rows[first]) else None
        for number in range(first + 1, last + 1):
            if value is not None and number in rows:
                rows[number] += [None] * (column + 1 - len(rows[number]))
                rows[number][column] = value
    found = tuple(Row(number, tuple(values), number in form.hidden) for number, values in rows.items())
    return Sheet(clean_text(name), found, hidden, tuple(unread))


def _has(values: list[Value], column: int) -> bool:
    return column < len(values) and values[column] is not None


def _value(cell: Any) -> Value:
    if isinstance(cell, str):
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), cell)
        return text if text.strip() else None
    return cell if isinstance(cell, int | float | bool | datetime | date | time | timedelta) else None


def _too_large(path: Path) -> UsageError:
    return UsageError(f"{path}: the sheet has more than {_MOST_ROWS} rows or {_MOST_COLUMNS} columns of values.")


def _line(error: Exception) -> str:
    return clean_text(" ".join(str(error).split()))[:120] or type(error).__name__
