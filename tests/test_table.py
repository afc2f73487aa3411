"""A game at one terminal: stepping, windows, bots beside people, resuming, and bots on their own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from support import FakeClock, small_scenario

from exercise.authoring.library import library, load_scenario
from exercise.catalogue import load_reference
from exercise.cli.seating import bots_of, roster
from exercise.core.commands import ChooseResponse
from exercise.core.events import DecisionLapsed, ResponseChosen
from exercise.core.scenario import Scenario
from exercise.errors import CommandRejected, UsageError
from exercise.session.autoplay import run
from exercise.session.bots import Policy, declarations, make_bot
from exercise.session.clock import Pace
from exercise.session.facts import draw_facts
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.table import LocalTable


def table_of(scenario: Scenario, people: tuple[str, ...], pace: Pace = "stepped", **clock: object) -> LocalTable:
    """A table with people in these teams and cooperative bots in the others."""
    reference = load_reference()
    session = Session.start_new(scenario, reference, MemoryStore(), seed=7, pace=pace, **clock)  # type: ignore[arg-type]
    seats = roster(scenario, people, (), "cooperative")
    return LocalTable(session, people, bots_of(scenario, session.reference, seats, 7, {}))


def play_alone(table: LocalTable, answers: Mapping[str, str]) -> None:
    """Steps to ENDEX, answering by `answers` and else with the first option."""

    async def whole() -> None:
        await table.start()
        while table.session.state.clock.phase != "ended":
            for team, _, here in table.teams:
                if not here:
                    continue
                client = table.client(team)
                for decision in client.view().open_decisions:
                    option = answers.get(decision.id, decision.options[0].id)
                    await client.submit(
                        ChooseResponse(
                            decision=decision.id, revision=decision.revision, option=option, reason="Because."
                        )
                    )
            await table.step()

    asyncio.run(whole())


def test_two_teams_at_one_terminal_reach_endex() -> None:
    """Protects the plain game: people in two teams step to ENDEX, and every team has a scorecard."""
    table = table_of(small_scenario(), ("averne", "belmark"))

    play_alone(table, {})

    assessment = table.client("averne").assessment()
    assert assessment is not None
    assert set(assessment.scorecards) == {"averne", "belmark"}
    assert table.client("averne").hot_wash() is not None


def test_step_does_not_let_a_window_lapse_unasked() -> None:
    """Protects a slow reader: a step that would close a team's own window is refused, and can be insisted upon."""

    async def story() -> tuple[str, list[object]]:
        table = table_of(small_scenario(), ("averne", "belmark"))
        await table.start()
        with pytest.raises(CommandRejected) as refused:
            for _ in range(50):
                await table.step()
        await table.let_lapse()
        return refused.value.code, [entry.event for entry in table.session.entries]

    code, events = asyncio.run(story())
    assert code == "decisions-open"
    assert any(isinstance(event, DecisionLapsed) for event in events)


def test_a_seat_speaks_only_for_itself() -> None:
    """Protects the other team: whatever seat a command names, a client asks under its own."""

    async def story() -> None:
        table = table_of(small_scenario(), ("averne", "belmark"))
        await table.start()
        mine = table.client("averne").view().open_decisions[0]
        forged = ChooseResponse(seat="averne", decision=mine.id, revision=1, option=mine.options[0].id)
        with pytest.raises(CommandRejected):
            await table.client("belmark").submit(forged)

    asyncio.run(story())
    with pytest.raises(KeyError):
        table_of(small_scenario(), ("averne",)).client("belmark")


def test_resumed_table_goes_on_with_the_same_bots_and_nothing_lost() -> None:
    """Protects `--resume`: entries, facts and whoever played which team are as they were."""

    async def first() -> MemoryStore:
        store = MemoryStore()
        scenario = small_scenario()
        session = Session.start_new(scenario, load_reference(), store, seed=3, session_id="one", pace="stepped")
        table = LocalTable(
            session, ("averne",), bots_of(scenario, session.reference, {"belmark": "cooperative"}, 3, {})
        )
        await table.start()
        return store

    store = asyncio.run(first())
    before = store.load("one").lines
    session = Session.resume(store, "one", pace="stepped")
    assert store.load("one").lines[: len(before)] == before
    assert not session.state.clock.running
    table = LocalTable(session, ("averne", "belmark"), {})
    play_alone(table, {})
    assert session.state.clock.phase == "ended"


def test_live_clock_brings_what_is_due_and_survives_a_pause() -> None:
    """Protects a live game: ticks release injects at their time, and a long pause is no sleep."""
    clock = FakeClock()

    async def story() -> tuple[int, int, bool]:
        table = table_of(small_scenario(), ("averne", "belmark"), "live", now=clock, wall=clock.wall)
        await table.start()
        for _ in range(200):
            clock.pass_(1)
            await table.tick()
        before = len(table.client("averne").view().inbox)
        await table.pause()
        for _ in range(300):
            clock.pass_(1)
            await table.tick()
        await table.resume()
        for _ in range(5):
            clock.pass_(1)
            await table.tick()
        view = table.client("averne").view()
        return before, view.clock.play, table.session.state.clock.running

    _, play, running = asyncio.run(story())
    assert running
    assert 200 <= play <= 210


@pytest.mark.parametrize("name", library())
@pytest.mark.parametrize("policy", [policy.value for policy in Policy if policy is not Policy.SCRIPTED])
def test_every_policy_plays_every_scenario_to_its_end(name: str, policy: str) -> None:
    """Protects the library: no policy gets stuck, and silent bots alone let every window lapse."""
    scenario = load_scenario(name)
    seats = roster(scenario, (), (policy,), policy)

    played = run(scenario, draw_facts(scenario, 5), bots_of(scenario, load_reference(), seats, 5, {}))

    answered = [entry for entry in played.entries if isinstance(entry.event, ResponseChosen)]
    lapsed = [entry for entry in played.entries if isinstance(entry.event, DecisionLapsed)]
    assert played.state.clock.phase == "ended"
    assert bool(answered) is (policy != "silent")
    assert bool(lapsed) is (policy == "silent")


def test_scripted_bot_answers_by_letter_or_id_and_says_what_is_not_offered() -> None:
    """Protects scripts: a letter and an id mean the same option, and a wrong word is one clear line."""
    scenario, reference = small_scenario(), load_reference()
    decision = scenario.decisions[0]
    facts = draw_facts(scenario, 1)

    def outcome(word: str) -> str | None:
        bot = make_bot(Policy.SCRIPTED, scenario, reference, decision.team, 1, {decision.id: word})
        state = run(scenario, facts, {decision.team: bot}).state
        choice = state.decisions[decision.id].choice
        return choice.option if choice else None

    assert outcome("b") == outcome(decision.options[1].id) == decision.options[1].id
    with pytest.raises(UsageError, match="not offered"):
        outcome("no-such-option")


def test_the_declared_table_is_the_same_whatever_the_facts() -> None:
    """Protects fairness: what a bot is told of its options holds nothing that depends on hidden facts."""
    for name in library():
        scenario = load_scenario(name)
        bare = scenario.model_copy(
            update={
                "decisions": tuple(
                    decision.model_copy(
                        update={
                            "options": tuple(
                                option.model_copy(
                                    update={
                                        "consequences": tuple(
                                            came
                                            for came in option.consequences
                                            if "fact" not in str(came.when and came.when.model_dump())
                                        )
                                    }
                                )
                                for option in decision.options
                            )
                        }
                    )
                    for decision in scenario.decisions
                )
            }
        )
        for team in scenario.teams:
            assert declarations(scenario, load_reference(), team.id) == declarations(bare, load_reference(), team.id)
