"""`exercise commitments --coverage`: what the library tests and draws on, and what it leaves out."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby

import typer

from exercise.authoring.coverage import ENOUGH, WAYS, Coverage, Drawn, Tested, coverage
from exercise.authoring.library import library, load_scenario
from exercise.catalogue import load_catalogue
from exercise.catalogue.show import WIDTH, dumps

OWN = "+"
"""Stands before the name of a scenario that was counted along."""
GAP = "!"
_FEWEST = {2: "two", 3: "three"}.get(ENOUGH, str(ENOUGH))


def show_coverage(paths: Sequence[str], *, as_json: bool) -> None:
    """Prints both tables; `paths` are counted along with the library, and stand for its scenario of the same id."""
    scenarios = {name: load_scenario(name) for name in library()}
    given = {OWN + scenario.id: scenario for scenario in map(load_scenario, paths)}
    before = coverage(scenarios)
    for scenario in given.values():
        scenarios.pop(scenario.id, None)
    found = coverage(scenarios | given) if given else before
    if as_json:
        typer.echo(dumps(found.as_data()))
        return
    typer.echo("\n".join(_lines(found, before if given else None)))


def _lines(found: Coverage, before: Coverage | None) -> Iterator[str]:
    ways = ", ".join(f"{letter} {way}" for letter, way in WAYS.items())
    yield from textwrap.wrap(
        f"Commitments that conduct in a turn can show, and the scenarios that put them to a team ({ways}). "
        f"{GAP} marks those that fewer than {_FEWEST} test.",
        WIDTH,
    )
    for instrument, tested in groupby(found.tested, key=lambda row: row.commitment.instrument):
        yield from ("", load_catalogue().instruments[instrument].short)
        for row in tested:
            yield from _tested(row)
    yield ""
    yield from textwrap.wrap(
        f"Threats, and the scenarios that draw on them. {GAP} marks those that may be played and that none draws on.",
        WIDTH,
    )
    for instrument, drawn in groupby(found.drawn, key=lambda row: row.threat.instrument):
        yield from ("", load_catalogue().instruments[instrument].short)
        for line in drawn:
            yield from _drawn(line)
    yield ""
    if before is not None:
        yield from textwrap.wrap(_adds(found, before), WIDTH)
    yield from textwrap.wrap(_gaps(found), WIDTH, break_on_hyphens=False)


def _tested(row: Tested) -> Iterator[str]:
    where = ", ".join(f"{name}\N{NO-BREAK SPACE}({ways})" for name, ways in row.scenarios.items()) or "none"
    yield f"{' ' if row.enough else GAP} {row.commitment.id:<7} {row.commitment.title}"
    yield from _wrapped(where)


def _drawn(row: Drawn) -> Iterator[str]:
    first, *rest = textwrap.wrap(row.threat.says, WIDTH - 10)
    yield f"{GAP if row.missing else ' '} {row.threat.id:<7} {first}"
    yield from (" " * 10 + line for line in rest)
    yield from _wrapped(
        ", ".join(row.scenarios) or ("none" if row.threat.playable else "none: never played as content")
    )


def _wrapped(text: str) -> list[str]:
    space = " " * 12
    lines = textwrap.wrap(text, WIDTH, initial_indent=space, subsequent_indent=space, break_on_hyphens=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def _adds(found: Coverage, before: Coverage) -> str:
    """What the scenarios counted along change."""
    own = sum(any(name.startswith(OWN) for name in row.scenarios) for row in found.tested)
    gaps, gaps_before = {*found.thin, *found.undrawn}, {*before.thin, *before.undrawn}
    mended, opened = sorted(gaps_before - gaps), sorted(gaps - gaps_before)
    text = f"What was counted along ({OWN}) tests {own} commitments"
    text += f" and closes {', '.join(mended)}." if mended else " and closes no gap."
    return text + (f" In place of the library's of the same name it opens {', '.join(opened)}." if opened else "")


def _gaps(found: Coverage) -> str:
    thin, undrawn = found.thin, found.undrawn
    first = (
        f"Of {len(found.tested)} commitments fewer than {_FEWEST} scenarios test {', '.join(thin)}."
        if thin
        else f"Each of {len(found.tested)} commitments is tested by {_FEWEST} scenarios or more."
    )
    playable = sum(row.threat.playable for row in found.drawn)
    second = (
        f"Of {playable} playable threats none draws on {', '.join(undrawn)}."
        if undrawn
        else f"Each of {playable} playable threats is drawn on."
    )
    return f"{first} {second}"
