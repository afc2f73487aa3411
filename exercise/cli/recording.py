"""`exercise record LOG`: what was done in an exercise, as the record that the next one begins with."""

from __future__ import annotations

from pathlib import Path

import typer

from exercise.authoring.folders import bring_texts, called_as, write_folder
from exercise.authoring.library import find, read_scenario
from exercise.authoring.problems import errors_in
from exercise.cli.files import new_file, write_file
from exercise.cli.logs import find_log
from exercise.errors import ScenarioError, UsageError
from exercise.report.record import record_of

PLACE = "texts/record.md"
"""The text beside a scenario that the record of an earlier exercise takes the place of."""


def record(name: str, into: str | None, out: str | None, force: bool) -> None:
    """Prints or writes the record of a log, or a copy of a scenario that begins with it."""
    text = record_of(find_log(name))
    if into is not None:
        _scenario_with(text, into, out, force)
    elif out is None:
        typer.echo(text, nl=False)
    else:
        # It tells what a log tells, and a log is for its owner alone until he hands it on.
        write_file(new_file(out, force, of=(name,)), text, private=True)
        typer.echo(f"{out}: the record.")


def _scenario_with(text: str, into: str, out: str | None, force: bool) -> None:
    path = find(into)
    if not (path.parent / PLACE).is_file():
        raise UsageError(
            f"{into}: this scenario has no place for a record: an attachment whose text is {{file: {PLACE}}}. "
            "After the Storm has one."
        )
    if out is None:
        raise UsageError("--for writes a copy of the scenario; name its folder with --out FOLDER.")
    scenario, problems, source = read_scenario(path)
    if scenario is None:
        raise ScenarioError(tuple(map(str, errors_in(problems))))
    folder = Path(out)
    file = write_folder(folder, called_as(source.text, folder), {PLACE: text}, force)
    bring_texts(path, folder)
    typer.echo(f"{file.parent / PLACE}: the record; read it, and cut what should not lie on the table.")
    typer.echo(f"{file}: begins with it; now: exercise check {out}, then exercise host {out}")
