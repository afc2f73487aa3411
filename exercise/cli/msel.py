"""`exercise msel export` and `exercise msel import`."""

from __future__ import annotations

import difflib
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from exercise.authoring.folders import bring_texts, called_as
from exercise.authoring.library import FILE, find, library_folder, load_scenario, read_scenario
from exercise.authoring.msel.columns import CONDUCTTR, OURS, Column
from exercise.authoring.nearest import did_you_mean
from exercise.authoring.problems import errors_in
from exercise.cli.authoring import verdict
from exercise.cli.files import new_file, write_file
from exercise.core.scenario import Scenario
from exercise.core.text import clean_text
from exercise.errors import UsageError

_PAPERS = ("a4", "letter")
_FORMS = {"own": OURS, "conducttr": CONDUCTTR}


def export(
    name: str, out: str, team: str | None, start: str | None, columns: str, paper: str, *, force: bool = False
) -> None:
    """Writes a scenario's MSEL as a sheet; refuses to write over one, which may hold somebody's work."""
    from exercise.authoring.msel.export import as_csv, as_xlsx
    from exercise.authoring.msel.rows import msel_rows

    scenario, path = load_scenario(name), Path(out)
    form = _form(columns)
    if paper not in _PAPERS:
        raise UsageError(f"There is no paper '{paper[:40]}'; known: {', '.join(_PAPERS)}.")
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise UsageError(f"{path}: the sheet's name ends in .xlsx or .csv.")
    if path.suffix.lower() == ".xlsx" and form is not OURS:
        raise UsageError(f"Conducttr takes its columns as CSV; write to {path.with_suffix('.csv')}.")
    new_file(out, force)
    one = _team(scenario, team)
    rows = msel_rows(scenario, one, _start(start))
    about = f"for {scenario.teams_by_id[one].short}" if one else ""
    made = as_csv(rows, form) if path.suffix.lower() == ".csv" else as_xlsx(scenario, rows, paper, about)
    write_file(path, made)
    injects = sum(row.kind == "inject" for row in rows)
    typer.echo(f"{path}: {len(rows)} rows, {injects} of them injects{f', {about}' if about else ''}.")
    typer.echo("It holds what participants must not see; it is for exercise control only.")


def import_into(sheet: str, name: str, out: str | None, *, dry_run: bool, drop_missing: bool, force: bool) -> None:
    """Brings a sheet's changes into its scenario; exit code 1 where something is left to look at."""
    from exercise.authoring.msel.bringing import bring_back

    into = find(name)
    if out is None and not dry_run and library_folder() in into.resolve().parents and not Path(name).exists():
        raise UsageError(f"'{name}' is of the library; say with --out FOLDER where your own edition goes.")
    target = into if out is None else _target(Path(out))
    if target != into and not dry_run:
        new_file(str(target), force)
    brought = bring_back(Path(sheet), into, drop_missing)
    new = brought.new
    if target.name == FILE and target.resolve().parent != into.resolve().parent:
        new = called_as(new, target.parent)
    for told in brought.told:
        where = f"row {told.row}: " if told.row else ""
        mark = "! " if told.sort in ("open", "missing") else "  "
        typer.echo(f"{mark}{where}{clean_text(told.text)}")
    waiting = sum(told.sort in ("open", "missing") for told in brought.told)
    if dry_run:
        _shown(brought.old, new, into)
    elif brought.old == new and target == into:
        typer.echo(f"{into}: nothing to change.")
    else:
        kept = _keep(into, target)
        write_file(target, new.encode())
        if target == into:
            typer.echo(f"{target}: changed; as it was before: {kept}")
        else:
            typer.echo(f"{target}: written; {into} is as it was.")
    wrong = 0 if dry_run else _checked(target)
    if waiting:
        typer.echo(f"Lines with ! above: {waiting}. They are yours to look at.")
    if waiting or wrong:
        raise typer.Exit(1)


def import_new(sheet: str, name: str, columns: str, out: str | None, *, force: bool) -> None:
    """Makes a new scenario of somebody's own sheet, and says what it took for what and what it could not place."""
    from exercise.authoring.importing.writing import write
    from exercise.authoring.msel.adopting import adopt, read_map
    from exercise.authoring.msel.sheet import read_sheet
    from exercise.cli.importing import told

    mapped, path = read_map(columns), Path(sheet)
    book = read_sheet(path)
    if sys.stdin.isatty() and not mapped:
        mapped = _asked(book)
    adopted = adopt(book, mapped)
    for line in adopted.taken:
        typer.echo(clean_text(line))
    typer.echo("")
    written = write(adopted.draft, path.name, Path(out) if out is not None else None, name, force)
    told(written, sheet, f"sheet '{clean_text(adopted.sheet)}'")


def _asked(book: object) -> dict[str, str]:
    """Asks at a terminal for the columns that matter most and are not recognised."""
    from exercise.authoring.msel.adopting import letter
    from exercise.authoring.msel.bringing import headed
    from exercise.authoring.msel.sheet import Book

    assert isinstance(book, Book)
    try:
        _, heading = headed(book)
    except UsageError:
        return {}
    found: dict[str, str] = {}
    asked = {"time": "the time", "to": "who receives it", "message": "what they read"}
    for key, what in asked.items():
        open_ = [(n, text) for n, text in heading.others if text and letter(n) not in found.values()]
        if key in heading.columns or not open_:
            continue
        listed = ", ".join(f"{letter(n)} {clean_text(text)[:24]!r}" for n, text in open_)
        answer = typer.prompt(f"Which column says {what}? {listed} (Enter for none)", default="", show_default=False)
        if answer.strip():
            found[key] = answer.strip()
    return found


def _form(columns: str) -> Sequence[Column]:
    if columns not in _FORMS:
        raise UsageError(f"There are no columns '{columns[:40]}'; known: {', '.join(_FORMS)}.")
    return _FORMS[columns]


def _team(scenario: Scenario, name: str | None) -> str | None:
    if name is None:
        return None
    found = next((team.id for team in scenario.teams if name.casefold() in (team.id, team.short.casefold())), None)
    if found is None:
        near = did_you_mean(name, scenario.teams_by_id)
        known = ", ".join(scenario.teams_by_id)
        raise UsageError(f"There is no team '{name[:40]}' in '{scenario.id}'{near}; known: {known}.")
    return found


def _start(text: str | None) -> int | None:
    if text is None:
        return None
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text)
    if match is None:
        raise UsageError(f"--start: '{text[:20]}' is no time on the wall; write 09:00.")
    return int(match[1]) * 3600 + int(match[2]) * 60


def _target(out: Path) -> Path:
    return out if out.suffix in (".yaml", ".yml") else out / FILE


def _keep(into: Path, target: Path) -> str:
    """Keeps what is about to be replaced, and brings the texts along where the scenario goes to another folder."""
    kept = _kept(target)
    try:
        if target.exists():
            shutil.copyfile(target, kept)
        target.parent.mkdir(parents=True, exist_ok=True)
        bring_texts(into, target.parent)
    except OSError as error:
        raise UsageError(f"{target}: cannot be written: {(error.strerror or 'no reason given').lower()}.") from None
    return kept.name


def _kept(target: Path) -> Path:
    """Where the file as it was is kept: never over an older one, which may be the only good one."""
    first = target.with_name(f"{target.name}.bak")
    numbers = (target.with_name(f"{target.name}.bak{n}") for n in range(2, 10_000))
    return first if not first.exists() else next(path for path in numbers if not path.exists())


def _shown(old: str, new: str, into: Path) -> None:
    lines = difflib.unified_diff(
        old.splitlines(), new.splitlines(), str(into), f"{into} (with the sheet)", lineterm="", n=2
    )
    differing = list(lines)
    for line in differing:
        typer.echo(clean_text(line))
    typer.echo("Nothing was written." if differing else f"{into}: nothing to change.")


def _checked(path: Path) -> int:
    """Prints what `check` finds in the scenario as it is now; how many of them are errors."""
    _, problems, _ = read_scenario(path)
    for problem in problems:
        typer.echo(str(problem))
    typer.echo(f"{path}: {verdict(problems)}")
    return len(errors_in(problems))
