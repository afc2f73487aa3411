"""The MSEL as a file: a spreadsheet formatted to be printed, or CSV for other tools."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from itertools import product
from textwrap import wrap
from typing import Any

from exercise.authoring.msel.columns import AS_EXPORTED, CONDUCTTR, EXPLAINED, NOT_PRINTED, OURS, STATUSES, Column
from exercise.authoring.msel.rows import Kind, MselRow
from exercise.authoring.msel.sheet import NEEDS_MORE
from exercise.core.scenario import Scenario
from exercise.errors import UsageError

__all__ = ["CUT", "MARK", "as_csv", "as_xlsx", "cell_text"]

MARK = "EXERCISE – EXERCISE – EXERCISE"
_FONT = "Arial"
"""There everywhere, or a font of the same width in its place."""
_PLAIN, _BOLD = 1.45, 1.28
"""Letters to a unit of a column's width, in that font at its size."""
_TALLEST = 409.0
"""Points of a row; more no program shows."""
_LONGEST_CELL = 32_000
CUT = "… (longer than a cell can hold; the rest stands in the scenario)"
_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

_BANDS: Mapping[Kind, tuple[str, bool]] = {
    "startex": ("1F3A5F", True),
    "endex": ("1F3A5F", True),
    "move": ("2F5D8A", True),
    "plenary": ("D9E4EF", False),
    "decision": ("FBEFD5", False),
    "deadline": ("FDF7EA", False),
    "request": ("E6F2E6", False),
    "due": ("F3F9F3", False),
}
"""Colour behind a row, and whether its letters are white; its number and words say the same without colour."""


def cell_text(text: str) -> str:
    """A text as far as a cell can hold it; what was cut says so, and is known again when the sheet comes back."""
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - len(CUT)] + CUT


def as_csv(rows: Sequence[MselRow], columns: Sequence[Column]) -> bytes:
    """The rows as CSV in UTF-8 with a byte order mark, so that spreadsheet programs take the letters for what they are.

    A cell that a program would take for a formula begins with an apostrophe, which `read_sheet` takes away again.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.heading for column in columns])
    for row in rows:
        cells = _conducttr(row) if columns is CONDUCTTR else row.cells
        writer.writerow([_guarded(cells.get(column.key, "")) for column in columns])
    return out.getvalue().encode("utf-8-sig")


def _guarded(text: str) -> str:
    return f"'{text}" if _DANGEROUS.match(text) else text


def _conducttr(row: MselRow) -> Mapping[str, str]:
    """A row's cells under the headings that Conducttr knows: its tab is the move, its team the teams without roles."""
    teams = dict.fromkeys(one.partition("/")[0] for one in row.cells.get("to", "").split("\n"))
    condition = row.cells.get("condition", "")
    expected = "\n".join(filter(None, (row.cells.get("expected", ""), f"Comes only {condition}" if condition else "")))
    more = {"team": ", ".join(teams), "tab": row.cells.get("move", ""), "expected": expected}
    return {**row.cells, "method": row.cells.get("method", "") or row.cells["type"], **more}


def as_xlsx(scenario: Scenario, rows: Sequence[MselRow], paper: str = "a4", about: str = "") -> bytes:
    """The rows as a workbook: the MSEL ready to print, and a sheet that explains its columns."""
    try:
        from openpyxl import Workbook
        from openpyxl.utils import get_column_letter
    except ImportError as error:
        raise UsageError(NEEDS_MORE) from error
    book = Workbook()
    book.properties.title = f"MSEL: {scenario.title}"
    book.properties.creator = "exercise"
    sheet: Any = book.active
    sheet.title = "MSEL"
    _fill(sheet, rows)
    _table(sheet, rows)
    _printed(sheet, scenario.title, paper, about)
    sheet.print_area = f"A1:{get_column_letter(len(OURS) - NOT_PRINTED)}{len(rows) + 1}"
    _explain(book.create_sheet("Columns"), scenario.title, paper)
    _kept(book.create_sheet(AS_EXPORTED), rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Any, rows: Sequence[MselRow]) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    thin = Side(style="thin", color="B8C2CC")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    wrapped = Alignment(wrap_text=True, vertical="top")
    head = PatternFill("solid", fgColor="0F2338")
    fonts = {
        (bold, white): Font(name=_FONT, bold=bold, size=9, color="FFFFFF" if white else "1A1A1A")
        for bold, white in product((True, False), repeat=2)
    }
    for n, column in enumerate(OURS, 1):
        cell = sheet.cell(1, n, column.heading)
        cell.font, cell.fill, cell.border = Font(name=_FONT, bold=True, size=8, color="FFFFFF"), head, border
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    for m, row in enumerate(rows, 2):
        colour, white = _BANDS.get(row.kind, ("", False))
        fill = PatternFill("solid", fgColor=colour) if colour else None
        for n, column in enumerate(OURS, 1):
            text = cell_text(row.cells.get(column.key, ""))
            cell = sheet.cell(m, n)
            if text:
                _write(cell, column, text)
                cell.quotePrefix = bool(_DANGEROUS.match(text))
            bold = white or (column.key == "subject" and row.kind in ("inject", "decision", "plenary"))
            cell.font = fonts[bold, white]
            cell.alignment, cell.border = wrapped, border
            # Every cell is text, or what one types into it would be made a date or a share of a day.
            cell.number_format = "@"
            if fill is not None:
                cell.fill = fill
        sheet.row_dimensions[m].height = _height(row.cells, white)


def _write(cell: Any, column: Column, text: str) -> None:
    number = column.key == "number" and text.isdigit()
    cell.value = int(text) if number else _LOOKS_ESCAPED.sub("_x005F_", text)
    # Told to be text: one that begins with = would be run as a formula by whoever opens the sheet.
    cell.data_type = "n" if number else "s"


def _kept(sheet: Any, rows: Sequence[MselRow]) -> None:
    """The same cells once more, out of sight."""
    sheet.sheet_state = "hidden"
    for n, column in enumerate(OURS, 1):
        sheet.cell(1, n, column.heading)
        for m, row in enumerate(rows, 2):
            if text := cell_text(row.cells.get(column.key, "")):
                _write(sheet.cell(m, n), column, text)


def _height(cells: Mapping[str, str], bold: bool) -> float:
    """Points that the tallest cell takes: programs other than Excel show two lines of a row that does not say it."""
    lines = 1
    for column in OURS:
        text = cell_text(cells.get(column.key, ""))
        wide = int(column.width * (_BOLD if bold or column.key == "subject" else _PLAIN))
        lines = max(lines, sum(len(wrap(line, wide)) or 1 for line in text.split("\n")))
    return min(_TALLEST, 5 + 10.8 * lines)


def _table(sheet: Any, rows: Sequence[MselRow]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for n, column in enumerate(OURS, 1):
        sheet.column_dimensions[get_column_letter(n)].width = column.width
    last = get_column_letter(len(OURS))
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{last}{len(rows) + 1}"
    status = get_column_letter(next(n for n, column in enumerate(OURS, 1) if column.key == "status"))
    listed = DataValidation(type="list", formula1=f'"{",".join(STATUSES)}"', allow_blank=True, showErrorMessage=False)
    sheet.add_data_validation(listed)
    # Some rows more than there are, for those that are added.
    listed.add(f"{status}2:{status}{len(rows) + 200}")


def _printed(sheet: Any, title: str, paper: str, about: str) -> None:
    """Landscape, as wide as the page, the heading on every page; the banner stands above and below."""
    setup = sheet.page_setup
    setup.orientation = "landscape"
    setup.paperSize = sheet.PAPERSIZE_LETTER if paper == "letter" else sheet.PAPERSIZE_A4
    setup.fitToWidth, setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.3
    margins.top, margins.bottom, margins.header, margins.footer = 0.65, 0.55, 0.25, 0.25
    sheet.print_title_rows = "1:1"
    header, footer = sheet.oddHeader, sheet.oddFooter
    # An ampersand begins a code there, and two stand for one.
    header.left.text = f"{title} – MSEL{f', {about}' if about else ''}".replace("&", "&&")
    header.center.text = MARK
    header.right.text = "For exercise control only"
    footer.left.text = "Everything in it is invented, for training."
    footer.center.text = MARK
    footer.right.text = "Page &P of &N"


def _explain(sheet: Any, title: str, paper: str) -> None:
    from openpyxl.styles import Alignment, Font

    lines = (
        (EXPLAINED, ""),
        (
            "",
            "Change cells, add rows, save it as .xlsx or .csv, and bring it back: exercise msel import SHEET --into …",
        ),
        ("", "A row is known by its ID. A row without one becomes a new inject, at the time that it says."),
        ("", "A row that you delete stays in the scenario, and is reported, unless you ask with --drop-missing."),
        ("", "Columns of your own are kept: their words go to the notes of the row, headed by the column's name."),
        ("Columns", ""),
        *((column.heading, column.about) for column in OURS),
    )
    for n, (name, words) in enumerate(lines, 1):
        sheet.cell(n, 1, name).font = Font(name=_FONT, bold=True, size=10)
        cell = sheet.cell(n, 2, words)
        cell.font, cell.alignment = Font(name=_FONT, size=10), Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 100
    _printed(sheet, title, paper, "the columns")
    sheet.print_title_rows = None
    sheet.page_setup.fitToHeight = 1
