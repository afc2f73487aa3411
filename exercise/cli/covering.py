"""`exercise commitments --coverage`: what the library tests and draws on, and what it leaves out."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import typer

from exercise.authoring.coverage import ENOUGH, Coverage, Drawn, Tested, coverage
from exercise.authoring.library import library, load_scenario
from exercise.catalogue import Catalogue, load_catalogue
from exercise.catalogue.show import WIDTH, dumps
from exercise.catalogue.translated import told
from exercise.language import _, ngettext

OWN = "+"
"""Stands before the name of a scenario that was counted along."""
GAP = "!"


def show_coverage(paths: Sequence[str], texts: Mapping[str, str], *, as_json: bool) -> None:
    """Prints both tables; `paths` are counted along with the library, and stand for its scenario of the same id.

    `texts` are what another language has for the catalogue's own, by id.
    """
    catalogue = told(load_catalogue(), texts)
    scenarios = {name: load_scenario(name) for name in library()}
    given = {OWN + scenario.id: scenario for scenario in map(load_scenario, paths)}
    before = coverage(scenarios, catalogue)
    for scenario in given.values():
        scenarios.pop(scenario.id, None)
    found = coverage(scenarios | given, catalogue) if given else before
    if as_json:
        typer.echo(dumps(found.as_data()))
        return
    typer.echo("\n".join(_lines(catalogue, found, before if given else None)))


def _lines(catalogue: Catalogue, found: Coverage, before: Coverage | None) -> Iterator[str]:
    yield from textwrap.wrap(
        _(
            "Commitments that conduct in a turn can show, and the scenarios that put them to a team (r requests, "
            "a acts, t tags). {gap} marks those that fewer than {fewest} test."
        ).format(gap=GAP, fewest=ENOUGH),
        WIDTH,
    )
    for instrument, tested in groupby(found.tested, key=lambda row: row.commitment.instrument):
        yield from ("", catalogue.instruments[instrument].short)
        for row in tested:
            yield from _tested(row)
    yield ""
    yield from textwrap.wrap(
        _(
            "Threats, and the scenarios that draw on them. {gap} marks those that may be played and that none draws on."
        ).format(gap=GAP),
        WIDTH,
    )
    for instrument, drawn in groupby(found.drawn, key=lambda row: row.threat.instrument):
        yield from ("", catalogue.instruments[instrument].short)
        for line in drawn:
            yield from _drawn(line)
    yield ""
    if before is not None:
        yield from textwrap.wrap(_adds(found, before), WIDTH)
    yield from textwrap.wrap(_gaps(found), WIDTH, break_on_hyphens=False)


def _tested(row: Tested) -> Iterator[str]:
    where = ", ".join(f"{name}\N{NO-BREAK SPACE}({ways})" for name, ways in row.scenarios.items())
    yield f"{' ' if row.enough else GAP} {row.commitment.id:<7} {row.commitment.title}"
    yield from _wrapped(where or _("no scenario"))


def _drawn(row: Drawn) -> Iterator[str]:
    first, *rest = textwrap.wrap(row.threat.says, WIDTH - 10)
    yield f"{GAP if row.missing else ' '} {row.threat.id:<7} {first}"
    yield from (" " * 10 + line for line in rest)
    none = _("no scenario") if row.threat.playable else _("no scenario: it is never played as content")
    yield from _wrapped(", ".join(row.scenarios) or none)


def _wrapped(text: str) -> list[str]:
    space = " " * 12
    lines = textwrap.wrap(text, WIDTH, initial_indent=space, subsequent_indent=space, break_on_hyphens=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def _adds(found: Coverage, before: Coverage) -> str:
    """What the scenarios counted along change."""
    own = sum(any(name.startswith(OWN) for name in row.scenarios) for row in found.tested)
    gaps, gaps_before = {*found.thin, *found.undrawn}, {*before.thin, *before.undrawn}
    mended, opened = sorted(gaps_before - gaps), sorted(gaps - gaps_before)
    text = ngettext(
        "What was counted along ({sign}) tests {number} commitment.",
        "What was counted along ({sign}) tests {number} commitments.",
        own,
    ).format(sign=OWN, number=own)
    text += " " + (_("It closes {gaps}.").format(gaps=", ".join(mended)) if mended else _("It closes no gap."))
    if not opened:
        return text
    return f"{text} " + _("In place of the library's of the same name it opens {gaps}.").format(gaps=", ".join(opened))


def _gaps(found: Coverage) -> str:
    thin, undrawn = found.thin, found.undrawn
    first = (
        _("Of {number} commitments fewer than {fewest} scenarios test {gaps}.")
        if thin
        else _("Each of {number} commitments is tested by {fewest} scenarios or more.")
    ).format(number=len(found.tested), fewest=ENOUGH, gaps=", ".join(thin))
    second = (
        _("Of {number} threats that may be played no scenario draws on {gaps}.")
        if undrawn
        else _("Each of {number} threats that may be played is drawn on.")
    ).format(number=sum(row.threat.playable for row in found.drawn), gaps=", ".join(undrawn))
    return f"{first} {second}"
