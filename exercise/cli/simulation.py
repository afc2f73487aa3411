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
from exercise.cli.rounds import KEPT, Game, Tally, observed, play_many
from exercise.cli.seating import bots_of, roster
from exercise.core.scenario import Scenario
from exercise.core.scorecard import Scorecard
from exercise.core.script import Grade
from exercise.errors import ScenarioError, UsageError
from exercise.plain.words import one_line
from exercise.session.collector import collector_paused
from exercise.session.log import used_by


def simulate(
    name: str,
    seed: int | None,
    bots: tuple[str, ...],
    runs: int,
    log: str | None,
    script: str | None,
    as_json: bool,
    force: bool = False,
    jobs: int = 0,
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
    game = Game(scenario, reference, seats, answers)
    if path is not None:
        _write(path, game, first)
    cards = None
    tally = Tally()
    if runs == 1:
        with collector_paused():
            rehearsal, assessment = game.play(first)
        tally.add(first, rehearsal, assessment)
        cards = assessment.scorecards
    else:
        for part in play_many(game, first, runs, jobs):
            tally.take(part)
            _progress(tally.runs, runs)
    data = figures(game, tally, first, cards)
    if as_json:
        typer.echo(json.dumps(data, indent=2, ensure_ascii=False))
        return
    if cards is not None:
        _print_cards(scenario, data, cards)
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


def _write(path: Path, game: Game, seed: int) -> None:
    """Plays the first run through a session, which stamps and chains it, and writes that log."""
    from exercise.session.autoplay import drive
    from exercise.session.session import Session
    from exercise.session.store import MemoryStore, export_log

    scenario, reference, store = game.scenario, game.reference, MemoryStore()
    session = Session.start_new(scenario, reference, store, seed=seed, roster=game.seats, pace="stepped")
    session.start()
    bots = bots_of(scenario, reference, game.seats, seed, game.answers)
    drive(scenario, lambda: session.state, session.submit, bots)
    export_log(store, session.id, path)


def _progress(done: int, runs: int) -> None:
    """A line that grows on stderr, where someone is watching and it takes long enough to matter."""
    if runs >= 100 and sys.stderr.isatty():
        end = "\n" if done == runs else ""
        typer.echo(f"\r{done} of {runs} runs{end}", nl=False, err=True)


def figures(game: Game, tally: Tally, seed: int, cards: Mapping[str, Scorecard] | None = None) -> dict[str, Any]:
    """All figures, as `--json` prints them."""
    teams = {}
    for team in game.scenario.teams:
        areas = tally.areas[team.id]
        total: Counter[str] = Counter()
        for counter in areas.values():
            total.update(counter)
        teams[team.id] = {
            "name": team.name,
            "played_by": game.seats[team.id],
            "clauses": dict(total),
            "observed": tally.observed[team.id],
            "areas": {name: dict(counter) for name, counter in areas.items()},
        }
    ends = [end for _, end in sorted(tally.ends.items())]
    data = {
        "scenario": game.scenario.id,
        "seed": seed,
        "runs": tally.runs,
        "teams": teams,
        "indicators": {name: [end[id] for end in ends] for id, name in _indicator_names(game.scenario).items()},
    }
    if cards is not None:
        data["scorecards"] = {team: card.as_data() for team, card in cards.items()}
    return data


def _indicator_names(scenario: Scenario) -> dict[str, str]:
    """Names by id; where two teams call theirs alike, with the team."""
    often = Counter(indicator.name for indicator in scenario.indicators)
    return {
        i.id: f"{i.name} ({scenario.names[i.team]})" if often[i.name] > 1 and i.team else i.name
        for i in scenario.indicators
    }


def _print_cards(scenario: Scenario, data: Mapping[str, Any], cards: Mapping[str, Scorecard]) -> None:
    typer.echo(f"{scenario.title}, seed {data['seed']}")
    for team in scenario.teams:
        card = cards[team.id]
        typer.echo(f"\n{team.name}, played by {data['teams'][team.id]['played_by']}")
        seen = observed(card)
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
