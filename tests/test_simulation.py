"""The figures of many runs: added up as they come, each indicator under a name of its own."""

from __future__ import annotations

import gc
import weakref

import pytest
from support import small_scenario

from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.cli.rounds import Game, Tally
from exercise.cli.simulation import figures
from exercise.core.assess import assess
from exercise.session.autoplay import run
from exercise.session.bots import Silent
from exercise.session.facts import draw_facts


def test_runs_are_added_up_and_let_go() -> None:
    """Protects long simulations: of a hundred thousand games only figures stay in memory."""
    scenario, reference = small_scenario(), load_reference()
    game, tally = Game(scenario, reference, {"averne": "silent", "belmark": "silent"}, {}), Tally()
    played = []
    for seed in range(3):
        rehearsal = run(scenario, draw_facts(scenario, seed), {"averne": Silent()})
        tally.add(seed, rehearsal, assess(scenario, reference, rehearsal.entries))
        played.append(weakref.ref(rehearsal))
    del rehearsal
    gc.collect()

    assert [ref() for ref in played] == [None, None, None]
    data = figures(game, tally, 0)
    assert data["runs"] == 3
    assert all(len(values) == 3 for values in data["indicators"].values())


def test_two_teams_may_call_their_indicators_alike() -> None:
    """Protects the table: a second indicator of the same name does not take the first one's place."""
    scenario = small_scenario()
    shared = scenario.indicators[0]
    home = [shared.model_copy(update={"id": f"{t.id}-home", "name": "At home", "team": t.id}) for t in scenario.teams]
    scenario = scenario.model_copy(update={"indicators": (shared, *home)})
    game, tally = Game(scenario, load_reference(), {"averne": "silent", "belmark": "silent"}, {}), Tally()
    rehearsal = run(scenario, draw_facts(scenario, 1), {})
    tally.add(1, rehearsal, assess(scenario, load_reference(), rehearsal.entries))

    names = list(figures(game, tally, 1)["indicators"])
    assert names == [shared.name, "At home (Averne)", "At home (Belmark)"]


@pytest.mark.parametrize("policy", ["cooperative", "random"])
def test_a_story_is_played_once_where_nothing_else_is_drawn(policy: str) -> None:
    """Protects the figures of many runs: whether a game was played for its own seed or for its like changes none."""
    scenario, reference = load_scenario("first-light"), load_reference()
    game = Game(scenario, reference, {"dunmere": policy, "elvast": "self-interested"}, {})
    assert set(game.seats) == {team.id for team in scenario.teams}
    each = Tally()
    for seed in range(12):
        each.add(seed, *game.play(seed))

    assert game.play_all(range(12)) == each
    stories = {tuple(draw_facts(scenario, seed).values()) for seed in range(12)}
    assert 1 < len(stories) < 12
    assert set(game.played) == (stories if policy == "cooperative" else set())
    assert game.to_play(1000) == (4 - len(stories) if policy == "cooperative" else 1000)
