"""`exercise simulate`: bots only, no screen."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import typer
from rich.cells import set_cell_size

from exercise.authoring.library import find, load_scenario
from exercise.authoring.nearest import did_you_mean
from exercise.authoring.yaml_source import read_source
from exercise.catalogue import load_reference
from exercise.cli.files import new_file
from exercise.cli.seating import bots_of, roster
from exercise.core.assess import Assessment, assess
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.scorecard import Scorecard
from exercise.core.script import Grade
from exercise.errors import ScenarioError, UsageError
from exercise.plain.words import one_line
from exercise.session.autoplay import Rehearsal, run
from exercise.session.collector import collector_paused
from exercise.session.facts import draw_facts
from exercise.session.log import used_by

KEPT = ("kept", "partly", "neglected", "breached")
"""The four counts of a card, in the order they are always shown."""


def simulate(
    name: str,
    seed: int | None,
    bots: tuple[str, ...],
    runs: int,
    log: str | None,
    script: str | None,
    as_json: bool,
    force: bool = False,
) -> None:
    """Plays `runs` times with seeds from `seed` on; prints scorecards for one run, a table for several."""
    scenario = load_scenario(name)
    # The part of the catalogue that a session would be assessed by, so that the figures are the same to the last row.
    reference = used_by(scenario, load_reference())
    answers = _script(script, scenario)
    seats = roster(scenario, (), bots, "scripted" if script else "cooperative", scripted=script is not None)
    if script and "scripted" not in seats.values():
        raise UsageError("No team follows the script; say which with --bots scripted or --bots TEAM=scripted.")
    path = None if log is None else new_file(log, force, of=(str(find(name)), *((script,) if script else ())))
    first = seed or 0
    tally = _Tally(scenario)
    for number in range(first, first + runs):
        with collector_paused():
            facts = draw_facts(scenario, number)
            rehearsal = run(scenario, facts, bots_of(scenario, reference, seats, number, answers))
            tally.add(rehearsal, assess(scenario, reference, rehearsal.entries, rehearsal.states))
        if number == first and path is not None:
            _write(path, scenario, reference, seats, first, answers)
        _progress(number - first + 1, runs)
    data = tally.data(seats, first)
    if as_json:
        typer.echo(json.dumps(data, indent=2, ensure_ascii=False))
        return
    if runs == 1:
        _print_cards(scenario, data, tally.last)
    else:
        _print_table(scenario, data)
    if log is not None:
        typer.echo(f"Log of seed {first}: {log}")


def _script(path: str | None, scenario: Scenario) -> Mapping[str, str]:
    if path is None:
        return {}
    source = read_source(Path(path))
    if source.problems or not isinstance(source.data, dict):
        raise ScenarioError(tuple(map(str, source.problems)) or (f"{path}: write one line 'decision: option' each",))
    answers = {str(key): str(value) for key, value in source.data.items()}
    for decision in answers:
        if decision not in scenario.decisions_by_id:
            near = did_you_mean(decision, scenario.decisions_by_id)
            raise UsageError(f"{path}: the scenario has no decision '{one_line(decision)[:40]}'{near or '.'}")
    return answers


def _write(
    path: Path, scenario: Scenario, reference: Reference, seats: Mapping[str, str], seed: int, script: Mapping[str, str]
) -> None:
    """Plays the first run once more through a session, which stamps and chains it, and writes that log."""
    from exercise.session.autoplay import drive
    from exercise.session.session import Session
    from exercise.session.store import MemoryStore, export_log

    store = MemoryStore()
    session = Session.start_new(scenario, reference, store, seed=seed, roster=seats, pace="stepped")
    session.start()
    bots = bots_of(scenario, reference, seats, seed, script)
    drive(scenario, lambda: session.state, session.submit, bots)
    export_log(store, session.id, path)


def _progress(done: int, runs: int) -> None:
    """A line that grows on stderr, where someone is watching and it takes long enough to matter."""
    if runs >= 100 and sys.stderr.isatty() and (done % 25 == 0 or done == runs):
        end = "\n" if done == runs else ""
        typer.echo(f"\r{done} of {runs} runs{end}", nl=False, err=True)


class _Tally:
    """The figures of many runs, added up as they come: a hundred thousand whole games would not fit in memory."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._runs = 0
        self._areas: dict[str, dict[str, Counter[str]]] = {team.id: {} for team in scenario.teams}
        self._observed: Counter[str] = Counter()
        self._indicators: dict[str, list[float]] = {name: [] for name in _indicator_names(scenario).values()}
        self.last: Assessment

    def add(self, rehearsal: Rehearsal, assessment: Assessment) -> None:
        """Adds a run."""
        self._runs += 1
        self.last = assessment
        for team, card in assessment.scorecards.items():
            for row in card.areas:
                counts = {key: getattr(row.counts, key) for key in KEPT}
                self._areas[team].setdefault(row.title, Counter()).update(counts)
            self._observed[team] += len(_observed(card))
        for id, name in _indicator_names(self._scenario).items():
            self._indicators[name].append(round(rehearsal.state.indicators[id], 3))

    def data(self, seats: Mapping[str, str], seed: int) -> dict[str, Any]:
        """All figures, as `--json` prints them."""
        teams = {}
        for team in self._scenario.teams:
            areas = self._areas[team.id]
            total: Counter[str] = Counter()
            for counter in areas.values():
                total.update(counter)
            teams[team.id] = {
                "name": team.name,
                "played_by": seats[team.id],
                "clauses": dict(total),
                "observed": self._observed[team.id],
                "areas": {name: dict(counter) for name, counter in areas.items()},
            }
        data = {
            "scenario": self._scenario.id,
            "seed": seed,
            "runs": self._runs,
            "teams": teams,
            "indicators": self._indicators,
        }
        if self._runs == 1:
            data["scorecards"] = {team: card.as_data() for team, card in self.last.scorecards.items()}
        return data


def _indicator_names(scenario: Scenario) -> dict[str, str]:
    """Names by id; where two teams call theirs alike, with the team."""
    often = Counter(indicator.name for indicator in scenario.indicators)
    return {
        i.id: f"{i.name} ({scenario.names[i.team]})" if often[i.name] > 1 and i.team else i.name
        for i in scenario.indicators
    }


def _observed(card: Scorecard) -> list[Grade | None]:
    """The grades of the clauses that are only observed, where something was seen."""
    return [clause.grade for clause in card.clauses if clause.status == "observed" and clause.marks]


def _print_cards(scenario: Scenario, data: Mapping[str, Any], assessment: Assessment) -> None:
    typer.echo(f"{scenario.title}, seed {data['seed']}")
    for team in scenario.teams:
        card = assessment.scorecards[team.id]
        typer.echo(f"\n{team.name}, played by {data['teams'][team.id]['played_by']}")
        seen = _observed(card)
        if card.counts.tested:
            typer.echo(f"  {card.counts.text}")
            typer.echo(f"  {'':<28}" + _columns(KEPT))
            for row in card.areas:
                if row.counts.tested:
                    typer.echo(f"  {row.title:<28}" + _columns(getattr(row.counts, key) for key in KEPT))
        elif not seen:
            typer.echo("  nothing tested")
        if seen:
            tally = ", ".join(f"{seen.count(grade)} {grade.value}" for grade in Grade if grade in seen)
            noun = "clause" if len(seen) == 1 else "clauses"
            typer.echo(f"  observed, not scored: {len(seen)} {noun} ({tally})")
        if card.untested:
            typer.echo(f"  not tested: {len(card.untested)}")
    typer.echo("")
    _print_indicators(data)
    typer.echo("\nA training record; no finding about any State.")


def _columns(cells: Iterable[object]) -> str:
    return "".join(f"{cell:>11}" for cell in cells)


def _print_table(scenario: Scenario, data: Mapping[str, Any]) -> None:
    runs = data["runs"]
    typer.echo(f"{scenario.title}, {runs} runs, seeds {data['seed']} to {data['seed'] + runs - 1}")
    typer.echo("\nClauses in a run, on average")
    typer.echo(
        f"  {'team':<16} {'played by':<16}"
        + "".join(f"{key:>9}" for key in ("kept", "partly", "neglect", "breach", "observed"))
    )
    for team in scenario.teams:
        row = data["teams"][team.id]
        counts = [row["clauses"].get(key, 0) / runs for key in KEPT] + [row["observed"] / runs]
        typer.echo(f"  {team.short:<16} {row['played_by']:<16}" + "".join(f"{count:>9.1f}" for count in counts))
    typer.echo("")
    _print_indicators(data)


def _print_indicators(data: Mapping[str, Any]) -> None:
    many = data["runs"] > 1
    columns = f"{'lowest':>9}{'middle':>9}{'highest':>9}" if many else ""
    typer.echo(f"{'Indicators at the end':<46}{columns}".rstrip())
    for name, values in data["indicators"].items():
        ordered = sorted(values)
        shown = (ordered[0], ordered[len(ordered) // 2], ordered[-1]) if many else ordered
        typer.echo(f"  {set_cell_size(name, 44)}" + "".join(f"{value:>9g}" for value in shown))
