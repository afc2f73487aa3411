"""What bots ask for is made without being checked, so it is checked here."""

from __future__ import annotations

import pytest

from exercise.authoring.library import library, load_scenario
from exercise.catalogue import load_reference
from exercise.cli.seating import bots_of, roster
from exercise.core.asked import Asked
from exercise.core.commands import Command, StartExercise
from exercise.core.events import Event
from exercise.session.autoplay import Rehearsal, drive
from exercise.session.facts import draw_facts


class Listening(Rehearsal):
    """A run that keeps what was asked."""

    asked: list[Asked]

    def submit(self, command: Command) -> tuple[Event, ...]:
        """As ever."""
        self.asked.append(command)
        return super().submit(command)


@pytest.mark.parametrize("policy", ["cooperative", "self-interested", "random"])
@pytest.mark.parametrize("name", library())
def test_what_bots_ask_for_is_as_it_is_when_checked(name: str, policy: str) -> None:
    """Protects logs of bots' games: what they write is clean, short enough and of the right form, as from a person."""
    scenario = load_scenario(name)
    seats = roster(scenario, (), (policy,), policy)
    played = Listening(scenario)
    played.asked = []
    played.submit(StartExercise(facts=draw_facts(scenario, 3)))
    drive(scenario, lambda: played.state, played.submit, bots_of(scenario, load_reference(), seats, 3, {}))

    assert played.state.clock.phase == "ended"
    for command in played.asked:
        assert type(command).model_validate(command.model_dump()) == command
        assert type(command).model_validate_json(command.model_dump_json()) == command
        assert command.model_copy(update={"play": 7}).play == 7
