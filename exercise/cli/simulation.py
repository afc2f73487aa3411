"""`exercise simulate`: bots only, no screen."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from exercise.authoring.library import load_scenario
from exercise.authoring.yaml_source import read_source
from exercise.catalogue import load_reference
from exercise.cli.seating import bots_of, roster
from exercise.core.assess import Assessment, assess
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.errors import ScenarioError
from exercise.session.autoplay import Rehearsal, run
from exercise.session.facts import draw_facts


def simulate(
    name: str, seed: int | None, bots: tuple[str, ...], runs: int, log: str | None, script: str | None, as_json: bool
) -> None:
    """Plays `runs` times with seeds from `seed` on; prints scorecards for one run, a table for several."""
    scenario, reference = load_scenario(name), load_reference()
    answers = _script(script)
    seats = roster(scenario, (), bots, "scripted" if script else "cooperative")
    first = seed or 0
    results: list[tuple[Rehearsal, Assessment]] = []
    for number in range(first, first + runs):
        facts = draw_facts(scenario, number)
        rehearsal = run(scenario, facts, bots_of(scenario, reference, seats, number, answers))
        results.append((rehearsal, assess(scenario, reference, rehearsal.entries)))
        if number == first and log is not None:
            _write(log, scenario, reference, seats, first, answers)
        _progress(number - first + 1, runs)
    data = _summary(scenario, seats, first, results)
    if as_json:
        typer.echo(json.dumps(data, indent=2, ensure_ascii=False))
    elif runs == 1:
        _print_cards(scenario, seats, results[0][1])
    else:
        _print_table(scenario, data)


def _script(path: str | None) -> Mapping[str, str]:
    if path is None:
        return {}
    source = read_source(Path(path))
    if source.problems or not isinstance(source.data, dict):
        raise ScenarioError(tuple(map(str, source.problems)) or (f"{path}: write one line 'decision: option' each",))
    return {str(key): str(value) for key, value in source.data.items()}


def _write(
    log: str, scenario: Scenario, reference: Reference, seats: Mapping[str, str], seed: int, script: Mapping[str, str]
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
    export_log(store, session.id, Path(log))


def _progress(done: int, runs: int) -> None:
    """A line that grows on stderr, where someone is watching and it takes long enough to matter."""
    if runs >= 100 and sys.stderr.isatty() and (done % 25 == 0 or done == runs):
        end = "\n" if done == runs else ""
        typer.echo(f"\r{done} of {runs} runs{end}", nl=False, err=True)


def _summary(
    scenario: Scenario, seats: Mapping[str, str], seed: int, results: list[tuple[Rehearsal, Assessment]]
) -> dict[str, Any]:
    teams = {}
    for team in scenario.teams:
        cards = [assessment.scorecards[team.id] for _, assessment in results]
        areas: dict[str, Counter[str]] = {}
        for card in cards:
            for row in card.areas:
                counts = row.counts
                areas.setdefault(row.title, Counter()).update(
                    kept=counts.kept, partly=counts.partly, neglected=counts.neglected, breached=counts.breached
                )
        total: Counter[str] = Counter()
        for counter in areas.values():
            total.update(counter)
        teams[team.id] = {
            "name": team.name,
            "played_by": seats[team.id],
            "marks": dict(total),
            "areas": {name: dict(counter) for name, counter in areas.items()},
        }
    indicators = {
        indicator.name: [round(rehearsal.state.indicators[indicator.id], 3) for rehearsal, _ in results]
        for indicator in scenario.indicators
    }
    return {"scenario": scenario.id, "seed": seed, "runs": len(results), "teams": teams, "indicators": indicators}


def _print_cards(scenario: Scenario, seats: Mapping[str, str], assessment: Assessment) -> None:
    for team in scenario.teams:
        card = assessment.scorecards[team.id]
        typer.echo(f"{team.name} (played by {seats[team.id]})")
        typer.echo(f"  {card.counts.text}")
        for row in card.areas:
            if row.counts.tested:
                typer.echo(f"    {row.title:<26} {row.counts.text}")
        typer.echo("")
    typer.echo("A training record; no finding about any State.")


def _print_table(scenario: Scenario, data: Mapping[str, Any]) -> None:
    runs = data["runs"]
    typer.echo(f"{scenario.title}, {runs} runs, seeds {data['seed']} to {data['seed'] + runs - 1}")
    typer.echo("Clauses per run, on average")
    typer.echo(f"  {'team':<16} {'played by':<16} {'kept':>6} {'partly':>7} {'negl.':>6} {'breach':>7}")
    for team in scenario.teams:
        row = data["teams"][team.id]
        marks = [row["marks"].get(key, 0) / runs for key in ("kept", "partly", "neglected", "breached")]
        typer.echo(f"  {team.short:<16} {row['played_by']:<16} " + "{:>6.1f} {:>7.1f} {:>6.1f} {:>7.1f}".format(*marks))
    typer.echo("Indicators at the end: lowest, middle, highest")
    for name, values in data["indicators"].items():
        ordered = sorted(values)
        middle = ordered[len(ordered) // 2]
        typer.echo(f"  {name:<40} {ordered[0]:>8g} {middle:>8g} {ordered[-1]:>8g}")
