"""`exercise import` and `exercise export`: from another tool's exercise to a scenario and back, and what was lost."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from exercise.authoring.exporting import left_behind, to_cexf
from exercise.authoring.importing.formats import read_source
from exercise.authoring.importing.writing import Written, write
from exercise.authoring.library import find, load_scenario
from exercise.authoring.problems import errors_in
from exercise.cli.files import new_file, write_file
from exercise.errors import UsageError


def import_(source: str, wanted: str | None, out: str | None, name: str | None, force: bool) -> None:
    """Writes scenario and loss report and prints the report; exit code 1 where the result does not pass `check`."""
    draft, said = read_source(Path(source), wanted)
    told(write(draft, Path(source).name, Path(out) if out is not None else None, name, force), source, said)


def told(written: Written, source: str, said: str) -> None:
    """Prints what became of a source of the form `said`; exit code 1 where the result does not pass `check`."""
    draft = written.draft
    for line in draft.report.printed():
        typer.echo(line)
    typer.echo("")
    held = ", ".join(
        f"{len(rows)} {what}{'s' * (len(rows) != 1)}"
        for rows, what in ((draft.teams, "team"), (draft.injects, "inject"), (draft.decisions, "decision"))
    )
    typer.echo(f"{source}: {said}; {held}.")
    typer.echo(f"Report: {draft.report.summary()}.")
    errors = errors_in(written.problems)
    for problem in errors:
        typer.echo(str(problem))
    typer.echo(f"{written.outcome} The same report, in full: {written.report}")
    typer.echo(f"Scenario: {written.scenario}")
    if errors:
        raise typer.Exit(1)


def export(name: str, to: str, out: str | None, force: bool) -> None:
    """Writes a scenario in another tool's form, to a file or to the terminal, and says what it has no place for."""
    if to != "cexf":
        raise UsageError(f"There is no form '{to[:40]}' to export to. Known: cexf.")
    path = None if out is None else new_file(out, force, of=(str(find(name)),))
    scenario = load_scenario(name)
    text = json.dumps(to_cexf(scenario), indent=2, ensure_ascii=False) + "\n"
    if path is None:
        typer.echo(text, nl=False)
    else:
        write_file(path, text)
        typer.echo(f"{path}: {len(scenario.injects)} injects and {len(scenario.decisions)} decisions as a flow (CEXF).")
    # What is lost is said even where the file itself goes on to another program.
    typer.echo("Not carried:", err=path is None)
    for line in left_behind(scenario):
        typer.echo(f"  {line}", err=path is None)
