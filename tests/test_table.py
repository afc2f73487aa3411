"""A game at one terminal: stepping, windows, bots beside people, resuming, and bots on their own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

import pytest
from given import inject, scenario
from seated import BELMARK, LEAD, POLICE, TEAMS, table_for, world
from support import FakeClock, small_scenario

from exercise.authoring.library import library, load_scenario
from exercise.catalogue import load_reference
from exercise.cli.seating import bots_of, deciding, every_role, fork_roster, looking_on, places, roster, seats_here
from exercise.core.commands import ChooseResponse, ReadMessage
from exercise.core.events import DecisionLapsed, ResponseChosen
from exercise.core.scenario import Scenario
from exercise.core.teamwork.commands import Say
from exercise.core.teamwork.events import SeatLeft, SeatTaken
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


# seats of one team


def test_seats_of_one_team_sit_down_and_each_asks_for_itself() -> None:
    """Protects roles at one terminal: each has its own view and speaks under its own name; others have no client."""

    async def story() -> LocalTable:
        table = table_for(LEAD, POLICE, BELMARK)
        await table.start()
        await table.client(POLICE).submit(Say(seat=BELMARK, to="averne", text="We begin."))
        return table

    table = asyncio.run(story())
    assert [seat for seat, _ in table.seats] == [LEAD, POLICE, BELMARK]
    assert dict(table.seats)[POLICE] == "Averne: Police" and dict(table.seats)[BELMARK] == "Kingdom of Belmark"
    assert {seat for seat, taken in table.session.state.seats.items() if taken.present} == {LEAD, POLICE}
    assert [item.title for item in table.client(POLICE).view().inbox] == ["call", "source"]
    assert [item.title for item in table.client(LEAD).view().inbox] == ["call"]
    assert [line.seat for line in table.client(LEAD).view().talk] == [POLICE]
    assert [by_people for _, _, by_people in table.teams] == [True, True]
    for seat in ("averne", "averne/law", "averne/ghost"):
        with pytest.raises(KeyError):
            table.client(seat)


def test_a_team_at_one_seat_takes_none() -> None:
    """Protects logs as they were: whole teams at one keyboard leave nothing of seats in them."""
    table = table_for("averne", "belmark")
    asyncio.run(table.start())
    assert table.session.state.seats == {}


def test_a_step_names_the_seats_that_have_news() -> None:
    """Protects the line that says what came: a message for one role is that role's news alone."""

    async def story() -> str:
        row = inject("tip", to=[POLICE], at="T+0:20")
        table = table_for(LEAD, POLICE, played=scenario(inject("call"), row, teams=TEAMS))
        await table.start()
        return await table.step()

    assert asyncio.run(story()) == "T+0:20: Averne: Police has 1 new message."


def test_who_no_longer_sits_here_gets_up() -> None:
    """Protects a team from waiting for a seat that nobody takes when a game goes on elsewhere."""

    async def story() -> tuple[LocalTable, LocalTable]:
        first = table_for(LEAD, POLICE, played=world("consensus"))
        await first.start()
        others = LocalTable(first.session, (POLICE, "averne/law"), {})
        others.sit_down()
        others.sit_down()
        return first, others

    _, others = asyncio.run(story())
    seats = others.session.state.seats
    assert {seat for seat, taken in seats.items() if taken.present} == {POLICE, "averne/law"}
    assert sum(isinstance(entry.event, SeatTaken | SeatLeft) for entry in others.session.entries) == 4


def test_onlookers_are_shown_each_team_and_ask_for_nothing() -> None:
    """Protects the game from those who watch it: nothing they do is written, not even what they have read."""

    async def story() -> LocalTable:
        table = table_for(looks_on=True)
        await table.start()
        client = table.client("averne")
        before = len(table.session.entries)
        await client.submit(ReadMessage(number=1))
        assert [item.read for item in client.view().inbox] == [True, False]
        for command in (ChooseResponse(decision="tell", revision=1, option="now"), Say(to="averne", text="Psst.")):
            with pytest.raises(CommandRejected, match="look on"):
                await client.submit(command)
        assert len(table.session.entries) == before
        return table

    table = asyncio.run(story())
    assert [seat for seat, _ in table.seats] == ["averne", "belmark"] and not any(here for _, _, here in table.teams)
    view = table.client("averne").view()
    assert view.seat == "observer" and not view.open_decisions[0].vote.may_answer and view.kinds == ()
    assert table.session.state.seats["observer"].present


def test_rosters_with_roles_come_back_as_they_were() -> None:
    """Protects resuming: a kept roster gives the same seats, and bots never play a team that has one."""
    played = world()
    seats = roster(played, (POLICE, LEAD), ("silent",), "cooperative")
    assert seats == {"averne": "seats", "belmark": "silent", POLICE: "people", LEAD: "people"}
    kept = places(played, seats)
    assert seats_here(kept) == (LEAD, POLICE)
    assert set(bots_of(played, load_reference(), {t: w for t, w in kept.items() if "/" not in t}, 1, {})) == {"belmark"}
    assert seats_here(roster(played, ("averne", POLICE), (), "cooperative")) == ("averne", POLICE)
    assert every_role(played, ("averne",)) == (LEAD, POLICE, "averne/law")
    watched = {**roster(played, (), (), "silent"), "observer": "people"}
    assert looking_on(places(played, watched)) and seats_here(places(played, watched)) == ()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("averne/polise",), "did you mean 'police'?"),
        (("belmark/desk",), "It has: none."),
        (("avern/police",), "did you mean 'averne'?"),
    ],
)
def test_a_seat_that_is_not_there_is_named(asked: tuple[str, ...], said: str) -> None:
    """Protects a typing slip on the command line: one line says what there is."""
    with pytest.raises(UsageError, match=re.escape(said)):
        roster(world(), asked, (), "cooperative")
    with pytest.raises(UsageError, match="no roles"):
        every_role(world(), ("belmark",))


def test_the_mode_of_a_session_stands_in_its_log() -> None:
    """Protects `--mode`: the scenario in the log has it, so that it replays under it; the library's own has not."""
    played = world(mode=None)
    seats = roster(played, (LEAD, POLICE), (), "cooperative")
    voting = deciding(played, seats, "vote")
    table = table_for(LEAD, POLICE, played=voting)
    kept = table.session.log().scenario
    assert [team.mode for team in kept.teams] == ["vote", "lead"]
    assert [team.mode for team in played.teams] == ["lead", "lead"]
    with pytest.raises(UsageError, match="did you mean 'vote'"):
        deciding(played, seats, "votes")
    with pytest.raises(UsageError, match="several seats"):
        deciding(played, roster(played, ("averne", "belmark"), (), "cooperative"), "vote")


def test_a_fork_is_played_by_other_seats() -> None:
    """Protects `fork`: roles can take a team that bots played, and a bot takes a team with all its roles."""
    seats = roster(world(), (LEAD, POLICE), (), "silent")
    session = Session.start_new(world(), load_reference(), MemoryStore(), seed=1, roster=seats, pace="stepped")
    log = session.log()
    assert seats_here(fork_roster(log, (), ())) == (LEAD, POLICE)
    assert seats_here(fork_roster(log, ("belmark", "averne/law"), ())) == ("averne/law", "belmark")
    assert seats_here(fork_roster(log, (), ("averne=random",))) == ("averne",), "somebody has to sit there"
    assert fork_roster(log, ("belmark",), ("averne=random",))["averne"] == "random"
