"""Brings a sheet back into its scenario: the file's text with the changes in it, and what there is to say of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from exercise.authoring.library import read_scenario
from exercise.authoring.msel.changes import changes
from exercise.authoring.msel.columns import AS_EXPORTED, Heading, recognised
from exercise.authoring.msel.sheet import Book, Sheet, read_sheet, said
from exercise.authoring.msel.telling import Told
from exercise.authoring.msel.yaml_patch import patched
from exercise.authoring.problems import errors_in
from exercise.authoring.yaml_source import Source
from exercise.core.scenario import Scenario
from exercise.errors import ScenarioError, UsageError

__all__ = ["Brought", "bring_back", "compared", "headed"]


@dataclass(frozen=True)
class Brought:
    """A scenario's text before and after, with a line for everything that differs."""

    old: str
    new: str
    told: tuple[Told, ...]


def bring_back(sheet: Path, into: Path, drop_missing: bool = False) -> Brought:
    """What the scenario file would say with the sheet's changes in it; nothing is written.

    Raises ScenarioError where the scenario has errors already, since its rows are then not known for certain.
    """
    scenario, problems, source = read_scenario(into)
    if scenario is None:
        raise ScenarioError(tuple(map(str, errors_in(problems))))
    return compared(read_sheet(sheet), scenario, source, into, drop_missing)


def compared(book: Book, scenario: Scenario, source: Source, into: Path, drop_missing: bool = False) -> Brought:
    """The same for a scenario that has been read already."""
    found, heading = headed(book, "id")
    differing = changes(scenario, source.data, found, heading, _as_exported(book), drop_missing)
    # Bytes are kept as they are, line ends included, which reading as text would even out.
    text = into.read_bytes().decode("utf-8")
    new = patched(text, differing.edits, source.data, into)
    return Brought(text, new, tuple(differing.told))


def _as_exported(book: Book) -> dict[str, dict[str, str]] | None:
    """The cells as they went out, by id and column; None where the file, such as a CSV, does not have them."""
    kept = next((sheet for sheet in book.sheets if sheet.name == AS_EXPORTED), None)
    heading = recognised(kept) if kept is not None else None
    if kept is None or heading is None or "id" not in heading.columns:
        return None
    cells = ({key: said(row.at(n)) for key, n in heading.columns.items()} for row in kept.rows[1:])
    return {found["id"]: found for found in cells}


def headed(book: Book, wanted: str = "") -> tuple[Sheet, Heading]:
    """The sheet of a book that looks most like an MSEL, and its heading; one with the wanted column before others."""
    best: tuple[int, Sheet, Heading] | None = None
    for sheet in book.sheets:
        if sheet.name == AS_EXPORTED:
            continue
        heading = recognised(sheet)
        if heading is None:
            continue
        score = len(heading.columns) + 100 * (wanted in heading.columns) - 50 * sheet.hidden
        if best is None or score > best[0]:
            best = (score, sheet, heading)
    if best is None:
        raise UsageError(
            f"{book.path}: no row of it looks like the heading of an MSEL; say what its columns are with "
            "--map 'Time=A,Message=C'. Exports of other tools are read by `exercise import`."
        )
    return best[1], best[2]
