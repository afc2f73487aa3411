"""`exercise whatif`: every way to answer a decision of a log, played on many times by bots, beside what happened."""

from __future__ import annotations

import json as json_module
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.cells import set_cell_size

from exercise.authoring.nearest import did_you_mean
from exercise.cli.files import new_file, write_file
from exercise.cli.logs import find_log
from exercise.cli.seating import roster
from exercise.errors import UsageError
from exercise.plain.words import one_line, story, wrapped

if TYPE_CHECKING:
    from exercise.analysis.moment import Way
    from exercise.analysis.tally import Spread
    from exercise.analysis.whatif import ClauseSpread, WhatIf
    from exercise.report.blocks import Document

WIDTH = 79
_CHART = 30
_MOST_CLAUSES = 8
_WORTH_SHOWING = 0.1
"""Clauses whose ways differ in fewer than this share of the playthroughs are left to the data forms."""
_FORMS = (".html", ".md")


def whatif(
    name: str,
    at: str,
    bots: tuple[str, ...],
    runs: int,
    seed: int,
    jobs: int,
    out: str | None,
    as_json: bool,
    force: bool = False,
) -> None:
    """Plays the ways on; prints the figures as text or data, or writes them as a page."""
    from exercise.analysis.many import MIXED
    from exercise.analysis.whatif import spread

    path = None if out is None else page_file(out, force, (name,))
    log = find_log(name)
    scenario = log.scenario
    policies = roster(scenario, (), bots, MIXED)
    found = spread(
        log,
        at,
        policies=policies,
        runs=runs,
        seed=seed,
        jobs=jobs,
        progress=_progress,
        nearest=did_you_mean(at.partition("#")[0], scenario.decisions_by_id),
    )
    if path is not None:
        from exercise.analysis.whatif_page import page

        write_page(path, page(found))
    if as_json:
        typer.echo(json_module.dumps(found.as_data(), indent=2, ensure_ascii=False))
    elif path is None:
        for line in _lines(found):
            typer.echo(line)
    if path is not None:
        typer.echo(f"Written to {path}.", err=as_json)


def page_file(name: str, force: bool, of: Iterable[str]) -> Path:
    """A file to write a page of these logs to, known by its ending to be one of the forms there are."""
    path = new_file(name, force, of=of)
    if path.suffix.lower() not in _FORMS:
        raise UsageError(f"{name}: --out writes a page or Markdown; end the name in {' or '.join(_FORMS)}.")
    if not path.parent.is_dir():
        raise UsageError(f"{name}: there is no folder '{path.parent}' to write it in.")
    return path


def write_page(path: Path, document: Document) -> None:
    """Writes a document in the form that the file's ending names; needs what only reports need.

    It tells hidden facts and what teams wrote, as a log does, and is for its owner alone like that.
    """
    try:
        from exercise.report.html import to_html
        from exercise.report.markdown import to_markdown

        text = to_html(document) if path.suffix.lower() == ".html" else to_markdown(document)
    except ImportError as error:
        raise UsageError(f"A page needs {error.name}: pip install 'exercise[report]'.") from error
    write_file(path, text, private=True)


def _progress(done: int, total: int) -> None:
    """A line that grows on stderr, where someone is watching and it takes long enough to matter."""
    if total >= 100 and sys.stderr.isatty():
        typer.echo(f"\r{done} of {total} playthroughs" + ("\n" if done == total else ""), nl=False, err=True)


def _lines(found: WhatIf) -> Iterator[str]:
    yield from _head(found)
    for team, name in found.names.items():
        yield from _team(found, team, name)
    yield from _indicators(found)
    yield from _clauses(found)
    yield ""
    yield "A training record; no finding about any State."


def _head(found: WhatIf) -> Iterator[str]:
    team = found.names[found.team]
    yield from wrapped(f"What if: “{one_line(found.question)}” ({one_line(team)})", WIDTH)
    where = {
        "answered": f"just before the answer, entry {found.seq}, at {story(found.exercise)}",
        "lapsed": f"just before it lapsed, entry {found.seq}, at {story(found.exercise)}",
        "open": f"not answered in the log; at {story(found.exercise)}",
    }[found.how]
    yield from wrapped(f"{one_line(found.title)}, log {one_line(found.log)}: {where}", WIDTH)
    yield ""
    yield f"Ways on, {found.runs} playthroughs each"
    for way in found.ways:
        yield from _way(way)
    for title in found.withheld:
        yield from wrapped(f"(not open to the team then: {one_line(title)})", WIDTH, "     ")
    yield ""
    yield "Before reading the figures"
    for sentence in found.assumptions:
        yield from wrapped(f"- {one_line(sentence)}", WIDTH, "  ", "  ")
    yield ""
    yield "  ├──▒▒█▒▒──┤  lowest, quartiles, median, highest of the playthroughs   ◆ log"
    yield "  all: every way came out the same"


def _way(way: Way) -> list[str]:
    taken = " (as in the log)" if way.taken else ""
    return wrapped(f"{label(way):<5}{one_line(way.title)}{taken}", WIDTH, "  ", "     ")


def label(way: Way) -> str:
    """What a way is called in a table: its letter, `own` or `none`."""
    return "none" if way.lapses else way.key


def _team(found: WhatIf, team: str, name: str) -> Iterator[str]:
    from exercise.analysis.tally import KEPT

    rows = [found.count(team, word) for word in KEPT]
    most = max(max(row.real, *(spread.highest for spread in row.ways)) for row in rows)
    if not most:
        yield from ("", f"{one_line(name)}: nothing was tested, in the log or in any playthrough")
        return
    yield from _title(f"{one_line(name)}: clauses at ENDEX", f"each line 0 to {most:g}")
    for row in rows:
        if all(spread.single and spread.highest == row.real for spread in row.ways):
            yield f"  {row.word:<10} {row.real} in the log and in every playthrough"
            continue
        yield from _block(found, row.word, row.real, row.ways, 0, most)
    yield from _areas(found, team)


def _block(
    found: WhatIf, name: str, real: float, spreads: Iterable[Spread], lowest: float, highest: float
) -> Iterator[str]:
    yield _row(name, "log", _place(real, lowest, highest), f"{real:g}")
    rows = [(label(way), spread) for way, spread in zip(found.ways, spreads, strict=True)]
    if len({spread for _, spread in rows}) == 1:
        rows = [("all", rows[0][1])]
    for way, spread in rows:
        yield _row(
            "",
            way,
            bar(spread, lowest, highest, _CHART),
            f"{spread.middle:g}",
            f"{spread.lower:g}–{spread.upper:g}",
            f"{spread.lowest:g}–{spread.highest:g}",
        )


def _row(name: str, way: str, chart: str, middle: str, quartiles: str = "", extremes: str = "") -> str:
    return f"  {set_cell_size(name, 10)} {way:<4} {chart:<{_CHART}} {middle:>6} {quartiles:>11} {extremes:>11}".rstrip()


def _title(left: str, right: str = "") -> Iterator[str]:
    yield ""
    yield f"{set_cell_size(left, 49)}{'median':>6} {'quartiles':>11} {'from–to':>11}"
    if right:
        yield f"  {right}"


def bar(spread: Spread, lowest: float, highest: float, width: int) -> str:
    """A spread as characters, so that it reads without colour and without a picture."""
    places = [_at(value, lowest, highest, width) for value in (spread.lowest, spread.lower, spread.upper)]
    first, box, box_end = places
    last, middle = (_at(value, lowest, highest, width) for value in (spread.highest, spread.middle))
    cells = [" "] * width
    cells[first : last + 1] = "─" * (last + 1 - first)
    cells[box : box_end + 1] = "▒" * (box_end + 1 - box)
    if first < box:
        cells[first] = "├"
    if last > box_end:
        cells[last] = "┤"
    cells[middle] = "█"
    return "".join(cells)


def _place(value: float, lowest: float, highest: float) -> str:
    at = _at(value, lowest, highest, _CHART)
    return " " * at + "◆"


def _at(value: float, lowest: float, highest: float, width: int) -> int:
    if highest <= lowest:
        return 0
    return round((value - lowest) / (highest - lowest) * (width - 1))


def _areas(found: WhatIf, team: str) -> Iterator[str]:
    """The areas in which the ways differ, as figures; where many do not, they would only hide those that do."""
    from exercise.analysis.tally import KEPT

    shown = []
    for area in found.areas(team):
        rows = [found.count(team, word, area) for word in KEPT]
        medians = {tuple(row.ways[place].middle for row in rows) for place in range(len(found.ways))}
        if len(medians) > 1:
            shown.append((area, rows))
    if not shown:
        return
    yield f"  by area, where the ways differ{'kept':>15}{'partly':>11}{'neglected':>11}{'breached':>11}"
    for area, rows in shown:
        yield f"    {area:<26} {'log':<5}" + "".join(f"{row.real:>11}" for row in rows)
        for place, way in enumerate(found.ways):
            cells = (row.ways[place] for row in rows)
            yield f"    {'':<26} {label(way):<5}" + "".join(f"{_short(spread):>11}" for spread in cells)


def _short(spread: Spread) -> str:
    return f"{spread.middle:g}" if spread.single else f"{spread.middle:g} ({spread.lowest:g}–{spread.highest:g})"


def _indicators(found: WhatIf) -> Iterator[str]:
    if found.indicators:
        yield from _title("Indicators at ENDEX")
    for row in found.indicators:
        unit = f" in {row.unit}" if row.unit else ""
        name = one_line(f"{row.name}{unit}, {row.better} is better")
        values = [row.real, *(value for spread in row.ways for value in (spread.lowest, spread.highest))]
        lowest, highest = min(values), max(values)
        if lowest == highest:
            yield f"  {name}: {lowest:g} in the log and in every playthrough"
            continue
        yield from wrapped(f"{name}; each line {lowest:g} to {highest:g}", WIDTH, "  ", "  ")
        yield from _block(found, "", row.real, row.ways, lowest, highest)


def _clauses(found: WhatIf) -> Iterator[str]:
    from exercise.analysis.tally import OUTCOMES

    shown = [row for row in found.clauses if row.difference >= _WORTH_SHOWING][:_MOST_CLAUSES]
    yield ""
    if not shown:
        yield "No clause stands much otherwise by one way than by another."
        return
    yield f"Clauses that differ most between the ways, of {found.runs} playthroughs each"
    yield f"{'':<24}" + "".join(f"{word:>11}" for word in OUTCOMES)
    for row in shown:
        yield from _clause(found, row)
    if len(found.clauses) > len(shown):
        yield f"  {len(found.clauses) - len(shown)} more clauses were tested; --json has them all."


def _clause(found: WhatIf, row: ClauseSpread) -> Iterator[str]:
    who = one_line(found.names[row.team])
    yield from wrapped(
        f"{who}, {row.commitment} ({one_line(row.clause)}): {one_line(row.title)}. In the log: {row.real}.",
        WIDTH,
        "  ",
        "  ",
    )
    for way, stood in zip(found.ways, row.ways, strict=True):
        yield f"      {label(way):<18}" + "".join(f"{often or '–':>11}" for often in stood.values())
