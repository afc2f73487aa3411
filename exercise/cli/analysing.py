"""`exercise analyse`: what can happen in a scenario, what is wrong with how it plays, as text, data or a page."""

from __future__ import annotations

import json as json_module
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.cells import cell_len, set_cell_size

from exercise.cli.authoring import shown_path
from exercise.cli.files import new_file, write_file
from exercise.errors import ScenarioError, UsageError
from exercise.plain.words import one_line, wrapped

if TYPE_CHECKING:
    from exercise.analysis.explored import Explored
    from exercise.analysis.found import Placed
    from exercise.core.reference import Reference
    from exercise.core.scenario import Scenario
    from exercise.report.blocks import Table

WIDTH = 79
_BARS = " ▁▂▃▄▅▆▇█"
_NAME = 24


@dataclass(frozen=True)
class Analysed:
    """One scenario with what was found."""

    path: Path
    scenario: Scenario
    reference: Reference
    explored: Explored
    findings: tuple[Placed, ...]

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types, with keys that stay."""
        return {
            "analysis": 1,
            "file": str(self.path),
            "title": self.scenario.title,
            "findings": [finding.as_data() for finding in self.findings],
            **self.explored.as_data(self.scenario.teams_by_id),
        }


def analyse(
    names: tuple[str, ...],
    runs: int | None,
    seed: int,
    jobs: int,
    scheduler: str,
    full: bool,
    as_json: bool,
    page: str | None,
    strict: bool,
    force: bool = False,
) -> None:
    """Explores each scenario; exit code 1 where there is an error, or with `strict` a warning."""
    if page is not None and len(names) > 1:
        raise UsageError("--page writes the page of one scenario; name one, or run the command for each.")
    out = None if page is None else _page_to_write(page, force)
    found = []
    for name in names:
        analysed = _analysed(name, runs, seed, jobs, scheduler, full)
        found.append(analysed)
        if not as_json:
            for line in _lines(analysed, brief=len(names) > 1):
                typer.echo(line)
    if as_json:
        typer.echo(json_module.dumps([one.as_data() for one in found], indent=2, ensure_ascii=False))
    if out is not None:
        # Last, so that a disk that is full takes nothing else of the work along.
        from exercise.analysis.analysis_page import page as written

        (only,) = found
        made = written(only.scenario, only.reference, only.explored, only.findings)
        write_file(out, made)
        typer.echo(f"Written to {out}.", err=as_json)
    failing = ("error", "warning") if strict else ("error",)
    if any(finding.severity in failing for one in found for finding in one.findings):
        raise typer.Exit(1)


def _page_to_write(name: str, force: bool) -> Path:
    """A file to write the page to; looked at before the work is done, which may take minutes."""
    path = new_file(name, force)
    if path.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"{name}: --page writes a page; end the name in .html.")
    if not path.parent.is_dir():
        raise UsageError(f"{name}: there is no folder '{path.parent}' to write it in.")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise UsageError(f"{name}: nothing can be written there; name another place.")
    return path


def _analysed(name: str, runs: int | None, seed: int, jobs: int, scheduler: str, full: bool) -> Analysed:
    from exercise.analysis.explore import FULL_RUNS, FULL_STATES, RUNS, STATES, explore
    from exercise.analysis.findings import findings
    from exercise.analysis.found import placed
    from exercise.authoring.library import find, read_scenario
    from exercise.authoring.problems import errors_in
    from exercise.catalogue import load_reference

    path = shown_path(find(name))
    scenario, problems, source = read_scenario(path)
    if scenario is None:
        raise ScenarioError(tuple(map(str, errors_in(problems))))
    reference = load_reference()
    watched = sys.stderr.isatty()
    explored = explore(
        scenario,
        reference,
        runs=runs or (FULL_RUNS if full else RUNS),
        seed=seed,
        jobs=jobs,
        scheduler=scheduler,
        most_states=FULL_STATES if full else STATES,
        progress=_Progress(scenario.id) if watched else None,
    )
    return Analysed(path, scenario, reference, explored, placed(findings(scenario, reference, explored), source))


class _Progress:
    """A line that grows on stderr, where someone is watching, and is gone when the work is done."""

    def __init__(self, name: str) -> None:
        self.name = one_line(name)
        self.wide = 0

    def __call__(self, done: int, total: int) -> None:
        text = "" if done >= total else f"{self.name}: {done:,} of {total:,} playthroughs"
        typer.echo(f"\r{text:<{self.wide}}" + ("\r" if not text else ""), nl=False, err=True)
        self.wide = len(text)


# --- text ---


def _lines(found: Analysed, *, brief: bool) -> Iterator[str]:
    """Everything in lines of at most 79 columns; `brief` leaves out all but method, findings and reach."""
    from exercise.analysis import tables

    scenario, explored = found.scenario, found.explored
    yield from _method(found, brief)
    yield from _findings(found.findings)
    yield from _table(tables.reach(explored))
    if brief:
        yield ""
        return
    yield from _table(tables.indicators(scenario, explored))
    for team in scenario.teams_by_id:
        yield from _table(tables.clauses(scenario, found.reference, explored, team))
    yield from _table(tables.load(scenario, explored))
    yield from _over_time(scenario, explored)
    yield from _table(tables.policies(scenario, explored))
    yield from _table(tables.policy_numbers(scenario, explored))
    yield from _table(tables.answers(scenario, explored))
    yield from _table(tables.changes(scenario, explored))
    yield ""


def _method(found: Analysed, brief: bool) -> Iterator[str]:
    from exercise.analysis.method import sentences

    yield from wrapped(f"{one_line(found.scenario.title)} ({found.path})", WIDTH)
    every = list(sentences(found.explored))
    for sentence, more in every[:2] if brief else every:
        yield from wrapped(f"- {one_line(sentence)}", WIDTH, "  ", "  ")
        for each in more:
            yield from wrapped(f"- {one_line(each)}", WIDTH, "    ", "  ")


def _findings(findings: Sequence[Placed]) -> Iterator[str]:
    from exercise.analysis.found import SEVERITIES, often

    yield ""
    counted = [(severity, sum(one.severity == severity for one in findings)) for severity in SEVERITIES]
    yield "Findings: " + (", ".join(often(number, word) for word, number in counted if number) or "none")
    for finding in findings:
        yield from wrapped(one_line(str(finding)), WIDTH, "  ", "    ")


def _table(table: Table) -> Iterator[str]:
    """A table as text: the first column takes what the figures leave, and folds."""
    from exercise.report.blocks import shown

    rows = [tuple(one_line(shown(cell)) for cell in row) for row in table.rows]
    if not rows:
        return
    yield ""
    yield from wrapped(one_line(table.caption), WIDTH)
    columns = [max(cell_len(cell) for cell in cells) for cells in zip(table.columns, *rows, strict=True)]
    words = [n for n in range(len(columns)) if n not in table.numeric]
    for n in words[1:]:
        columns[n] = min(columns[n], 16)
    first = max(_NAME // 2, min(columns[0], WIDTH - 2 - sum(wide + 1 for wide in columns[1:])))
    yield _row(table.columns, [first, *columns[1:]], table.numeric)
    for row, (full, *_) in zip(rows, table.rows, strict=True):
        hang = "  " if isinstance(full, str) and full.startswith(" ") else ""
        folded = wrapped(row[0], first, hang, "  ") or [""]
        yield from folded[:-1] and [f"  {line}" for line in folded[:-1]]
        yield _row((folded[-1], *row[1:]), [first, *columns[1:]], table.numeric)


def _row(cells: Sequence[str], columns: Sequence[int], numeric: Sequence[int]) -> str:
    parts = []
    for n, (cell, wide) in enumerate(zip(cells, columns, strict=True)):
        parts.append(" " * (wide - cell_len(cell)) + cell if n in numeric else set_cell_size(cell, wide))
    return ("  " + " ".join(parts)).rstrip()


def _over_time(scenario: Scenario, explored: Explored) -> Iterator[str]:
    """Each team's load as small bars, one for every five minutes of play."""
    from exercise.analysis.explored import SLICE
    from exercise.analysis.finding_load import WORDS_A_MINUTE

    full = WORDS_A_MINUTE * SLICE / 60
    yield ""
    yield from wrapped(
        f"Load over time, a column for every {SLICE // 60} minutes of play; words: a full bar is {full:,.0f}, as much "
        f"as can be read in them; open: decisions open at once, the digit (. for none)",
        WIDTH,
    )
    for team in scenario.teams:
        words = explored.mean_load(team.id, "words")
        opened = explored.mean_load(team.id, "open")
        yield f"  {set_cell_size(one_line(team.short), 16)} words {''.join(_bar(value / full) for value in words)}"
        yield f"  {'':<16} open  {''.join(_digit(value) for value in opened)}"


def _bar(share: float) -> str:
    if share > 1:
        return "!"
    return _BARS[ceil(share * (len(_BARS) - 1))]


def _digit(value: float) -> str:
    return "." if value < 0.5 else str(min(9, round(value)))
