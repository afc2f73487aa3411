"""What bots ask for is made without being checked, so it is checked here; and how much of it a room could follow."""

from __future__ import annotations

import pytest

from exercise.authoring.library import library, load_scenario
from exercise.catalogue import load_reference
from exercise.cli.seating import bots_of, roster
from exercise.core.asked import Asked
from exercise.core.commands import Command, StartExercise
from exercise.core.events import Event
from exercise.core.requests.commands import SendRequest
from exercise.session.autoplay import Rehearsal, drive
from exercise.session.facts import draw_facts


class Listening(Rehearsal):
    """A run that keeps what was asked."""

    asked: list[Asked]

    def submit(self, command: Command) -> tuple[Event, ...]:
        """As ever."""
        self.asked.append(command)
        return super().submit(command)


def played_by(name: str, policy: str, seed: int) -> Listening:
    """A game in which bots of one policy play every team."""
    scenario = load_scenario(name)
    seats = roster(scenario, (), (policy,), policy)
    played = Listening(scenario)
    played.asked = []
    played.submit(StartExercise(facts=draw_facts(scenario, seed)))
    drive(scenario, lambda: played.state, played.submit, bots_of(scenario, load_reference(), seats, seed, {}))
    assert played.state.clock.phase == "ended"
    return played


@pytest.mark.parametrize("policy", ["cooperative", "self-interested", "random"])
@pytest.mark.parametrize("name", library())
def test_what_bots_ask_for_is_as_it_is_when_checked(name: str, policy: str) -> None:
    """Protects logs of bots' games: what they write is clean, short enough and of the right form, as from a person."""
    played = played_by(name, policy, 3)

    for command in played.asked:
        assert type(command).model_validate(command.model_dump()) == command
        assert type(command).model_validate_json(command.model_dump_json()) == command
        assert command.model_copy(update={"play": 7}).play == 7


@pytest.mark.parametrize("policy", ["cooperative", "self-interested", "random"])
@pytest.mark.parametrize("name", library())
def test_a_bot_raises_no_more_than_people_beside_it_can_follow(name: str, policy: str) -> None:
    """Protects a room in which bots play some of the teams: a board that fills at once is no exercise."""
    for seed in (1, 2, 3):
        raised: dict[tuple[str | None, int], set[str | None]] = {}
        asked = [command for command in played_by(name, policy, seed).asked if isinstance(command, SendRequest)]
        for letter in asked:
            if policy != "cooperative" or letter.kind != "judicial-order":
                raised.setdefault((letter.seat, letter.play // 900), set()).add(letter.matter)

        assert asked
        assert {len(matters) for matters in raised.values()} == {1}
        if policy != "cooperative":
            assert len(asked) == len(raised)
