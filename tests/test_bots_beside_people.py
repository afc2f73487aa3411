"""Bots at a table with people: whatever people write, bots know how to go on, and are in nobody's way."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from request_strategies import RequestWish, request_command, request_wishes, three_askers

from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.cli.seating import bots_of, roster
from exercise.core.commands import StartExercise
from exercise.core.requests.commands import AnswerRequest
from exercise.core.requests.kinds import Step
from exercise.core.scenario import Scenario
from exercise.errors import CommandRejected
from exercise.session.autoplay import Rehearsal, beside_people, wake_bots
from exercise.session.facts import draw_facts
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.table import LocalTable

SCENARIOS = {"three-askers": three_askers, "first-light": lambda: load_scenario("first-light")}


def started(scenario: Scenario) -> Rehearsal:
    """A run that has begun."""
    played = Rehearsal(scenario)
    played.submit(StartExercise(facts=draw_facts(scenario, 1)))
    return played


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("policy", ["cooperative", "self-interested", "random"])
@settings(max_examples=25)
@given(wanted=request_wishes, person=st.integers(0, 1))
def test_no_bot_asks_for_what_it_is_refused(name: str, policy: str, wanted: list[RequestWish], person: int) -> None:
    """Protects people beside bots: what one is refused is said no more, and the game hangs on it."""
    scenario = SCENARIOS[name]()
    people = scenario.teams[person].id
    bots = bots_of(scenario, load_reference(), roster(scenario, (people,), (), policy), 1, {})
    played = started(scenario)
    for wish in wanted:
        command = request_command(wish, scenario, played.state)
        if command.seat in (None, people):
            try:
                played.submit(command)
            except CommandRejected:
                continue  # A person's, who reads why.
        for _ in range(50):
            if not wake_bots(scenario, lambda: played.state, played.submit, bots):
                break
        else:
            raise AssertionError("the bots answer each other without an end")


@pytest.mark.parametrize("policy", ["cooperative", "self-interested"])
def test_a_bot_that_is_asked_back_in_words_says_once_more_what_it_can(policy: str) -> None:
    """Protects a person who asks what a whole request means: it is answered, and the game goes on."""

    async def play() -> None:
        scenario = load_scenario("first-light")
        session = Session.start_new(scenario, load_reference(), MemoryStore(), seed=1)
        seats = roster(scenario, ("dunmere",), (), policy)
        table = LocalTable(session, ("dunmere",), bots_of(scenario, session.reference, seats, 1, {}))
        await table.start()
        client = table.client("dunmere")
        while not (asked := [r for r in client.view().requests if r.incoming and "answer" in r.may]):
            await table.step()
        request = asked[0]
        assert not request.missing

        # when
        back = AnswerRequest(
            request=request.number,
            revision=request.revision,
            answer="ask-back",
            text="Please say which signs you mean.",
        )
        await client.submit(back)

        # then
        now = client.view().requests[request.number - 1]
        steps = next(entry for entry in session.state.requests.values() if entry.to == "dunmere")
        assert steps.reached(Step.ASKED_BACK) and steps.reached(Step.MENDED)
        assert "answer" in now.may
        await table.step()

    asyncio.run(play())


def test_a_bots_refusal_is_neither_shown_to_people_nor_in_the_way_of_other_bots() -> None:
    """Protects the person whose step it was: only what one has asked for oneself can be refused to one."""
    said: list[str] = []

    def submit(command: StartExercise) -> tuple[str, ...]:
        said.append(command.facts["cause"])
        if command.facts["cause"] == "wrong":
            raise CommandRejected("empty", "There is nothing to add.")
        return ("entry",)

    give = beside_people(submit)  # type: ignore[arg-type]

    assert [bool(give(StartExercise(facts={"cause": cause}))) for cause in ("wrong", "right")] == [False, True]
    assert said == ["wrong", "right"]
