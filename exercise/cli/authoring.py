"""`exercise check` and `exercise schema`."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import typer

from exercise.authoring.check import counts
from exercise.authoring.library import find, named_otherwise, read_scenario
from exercise.authoring.problems import Problem, errors_in


def check(names: tuple[str, ...], strict: bool, as_json: bool) -> None:
    """Prints every problem of every scenario; exit code 1 where there is an error, or with `strict` a warning."""
    found = []
    for path in [shown_path(find(name)) for name in names]:
        scenario, problems, source = read_scenario(path)
        if scenario is not None:
            problems = sorted([*problems, *named_otherwise(scenario, path, source)])
        found += problems
        if not as_json:
            for problem in problems:
                typer.echo(str(problem))
            typer.echo(f"{path}: {verdict(problems)}")
            if scenario is not None:
                held = ", ".join(
                    f"{number} {what.removesuffix('s') if number == 1 else what}" for what, number in counts(scenario)
                )
                typer.echo(textwrap.fill(held, 80, initial_indent="  ", subsequent_indent="  "))
    if as_json:
        import json

        typer.echo(json.dumps([asdict(problem) for problem in found], indent=2, ensure_ascii=False))
    if any(strict or problem.severity == "error" for problem in found):
        raise typer.Exit(1)


def verdict(problems: Sequence[Problem]) -> str:
    """What `check` says of a scenario as a whole, for every command that checks what it has written."""
    errors = len(errors_in(problems))
    tally = [_counted(errors, "error"), _counted(len(problems) - errors, "warning")]
    said = " and ".join(filter(None, tally))
    if not problems:
        return "sound"
    return said if errors else f"sound, with {said}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}" if number else ""


def schema(of_log: bool) -> None:
    """Prints the JSON Schema of a scenario file, or of a log's lines."""
    if of_log:
        from exercise.session.log_schema import log_schema

        found = log_schema()
    else:
        from exercise.authoring.schema import scenario_schema

        found = scenario_schema()
    import json

    typer.echo(json.dumps(found, indent=2, ensure_ascii=False))


def shown_path(path: Path) -> Path:
    """The path as short as it can be said from here, so that lines stay readable and editors can still jump."""
    try:
        return path.resolve().relative_to(Path.cwd())
    except ValueError:
        return path
