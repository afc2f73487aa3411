"""One readable playthrough for each scenario and policy; someone new learns the game from them.

Each is played twice, directly and through JSON, to equal states. `EXERCISE_WRITE_PLAYTHROUGHS=1` writes the files anew;
read what changed in them before you keep it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from exercise.authoring.library import library, load_scenario
from exercise.catalogue import load_reference
from exercise.cli.seating import bots_of, roster
from exercise.core.assess import assess
from exercise.core.events import EVENTS
from exercise.core.evolve import replay
from exercise.core.scenario import Scenario
from exercise.plain.replay import playthrough
from exercise.session.autoplay import Rehearsal, run
from exercise.session.bots import Policy
from exercise.session.facts import draw_facts
from exercise.session.player import LogPlayer

FOLDER = Path(__file__).parent / "playthroughs"
SEED = 1
SHOWN_WHOLE = Policy.COOPERATIVE
"""This policy's file shows every team's screen; the others tell what happened and how it was marked."""

CASES = [(name, policy) for name in library() for policy in Policy]


def script(scenario: Scenario) -> dict[str, str]:
    """The scripted policy's script: the second option of every decision."""
    return {decision.id: decision.options[1].id for decision in scenario.decisions}


def played(scenario: Scenario, policy: Policy) -> Rehearsal:
    """The exercise played by bots of one policy."""
    seats = roster(scenario, (), (policy.value,), policy.value, scripted=True)
    bots = bots_of(scenario, load_reference(), seats, SEED, script(scenario))
    return run(scenario, draw_facts(scenario, SEED), bots)


def told(scenario: Scenario, rehearsal: Rehearsal) -> Iterator[str]:
    """What happened, a line an entry, and every team's marks."""
    player = LogPlayer(scenario, load_reference(), rehearsal.entries)
    for position in range(1, player.length + 1):
        yield f"{position}. {player.describe(position)}"
    assessment = assess(scenario, load_reference(), rehearsal.entries)
    for team in scenario.teams:
        yield ""
        yield f"{team.name}: {assessment.scorecards[team.id].counts.text}"
        for mark in assessment.marks_of(team.id):
            yield f"  {mark.commitment}, {mark.grade.value} ({mark.source}): {mark.reason}"


@pytest.mark.parametrize(("name", "policy"), CASES)
def test_playthrough_reads_as_it_did(name: str, policy: Policy) -> None:
    """Protects the game as people meet it: any change of rules, scenario or wording shows as a change of text."""
    scenario = load_scenario(name)
    rehearsal = played(scenario, policy)
    lines = (
        playthrough(LogPlayer(scenario, load_reference(), rehearsal.entries))
        if policy is SHOWN_WHOLE
        else told(scenario, rehearsal)
    )
    text = "\n".join(lines).rstrip() + "\n"
    file = FOLDER / f"{name}-{policy.value}.txt"
    if os.environ.get("EXERCISE_WRITE_PLAYTHROUGHS"):
        FOLDER.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "policy"), CASES)
def test_played_twice_and_through_json_to_equal_states(name: str, policy: Policy) -> None:
    """Protects replay: the same seed gives the same log, and a log read from JSON folds to the same state."""
    scenario = load_scenario(name)
    first, second = played(scenario, policy), played(scenario, policy)
    copy = Scenario.model_validate_json(scenario.model_dump_json(by_alias=True))
    third = played(copy, policy)

    assert first.entries == second.entries == third.entries
    read = [EVENTS.validate_json(EVENTS.dump_json(entry.event)) for entry in first.entries]
    assert replay(read) == first.state
    marks = assess(scenario, load_reference(), first.entries).marks
    assert marks == assess(copy, load_reference(), third.entries).marks


def test_every_scenario_and_policy_has_its_file() -> None:
    """Protects the set: a scenario without its playthroughs is not done, and none is left of one that has gone."""
    assert {file.stem for file in FOLDER.glob("*.txt")} == {f"{name}-{policy.value}" for name, policy in CASES}
