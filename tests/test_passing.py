"""Going on in a stepped game: what a team would lose by it is said first, and else nothing is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_client import FakeTable, make_view
from screens import picture, still, until
from test_plain import Room, given

from exercise.core.passing import passing
from exercise.core.state import State
from exercise.errors import CommandRejected
from exercise.plain.play import play
from exercise.session.ahead import time_ahead
from exercise.session.table import LocalTable
from exercise.tui.app import ExerciseApp
from exercise.tui.screens.confirm import ConfirmScreen
from exercise.tui.screens.decision import DecisionScreen
from exercise.tui.screens.play import PlayScreen

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]


def test_more_than_half_of_a_window_is_worth_a_question() -> None:
    """Protects the time to decide: more than half of what is left is named, half or less passes without a word."""
    view = make_view("averne")
    decision = replace(view.open_decisions[0], closes=view.clock.play + 540)
    view = replace(view, decisions=(decision,), inbox=())

    said = passing(view, (480, 0))
    assert said == f"9 minutes are left to decide “{decision.title}”; the next thing comes after 8 of them."
    assert passing(view, (270, 99 * 3600)) == ""
    assert passing(replace(view, decisions=()), (480, 99 * 3600)) == ""


def test_hours_over_unread_messages_are_worth_a_question() -> None:
    """Protects the story: hours do not go by over what nobody has read, and minutes do without a question."""
    view = make_view("averne")
    view = replace(view, decisions=(), inbox=(replace(view.inbox[0], read=False),))

    assert passing(view, (60, 2 * 3600)).startswith("1 message is unread; the next thing comes at T+")
    assert passing(view, (60, 1800)) == ""
    assert passing(replace(view, inbox=(replace(view.inbox[0], read=True),)), (60, 2 * 3600)) == ""


class _Hasty(FakeTable):
    """A game whose next thing comes after all of the time that is left."""

    def ahead(self) -> tuple[int, int]:
        return min(d.closes for d in self.clients["averne"].now.open_decisions) - 61, 3 * 3600


async def test_n_asks_before_much_time_goes_by() -> None:
    """Protects a decision from a slip of one key: the harmless answer leads to it, the other one goes on."""
    table = _Hasty()
    app = ExerciseApp(table=table)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, PlayScreen))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        assert "left to decide" in picture(app) and "Go on?" in picture(app)
        assert table.steps == []
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DecisionScreen))
        await pilot.press("escape", "n")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("right", "enter")
        await until(pilot, lambda: table.steps == ["step"])


def test_how_far_a_step_goes_is_known_before_it_is_taken() -> None:
    """Protects the question from being a guess: a game tells how far a step goes without taking it."""
    session = given()
    table = LocalTable(session, ("averne",), {})
    room = Room(["", "menu off"])
    play(table, room.read, room.write, piped=True)
    entries, clock = len(session.entries), session.state.clock

    ahead = table.ahead()
    assert len(session.entries) == entries and ahead > (0, 0)
    table._once(let_lapse=True)
    assert session.state.clock.play - clock.play <= ahead[0]


def test_a_step_refused_on_its_way_has_gone_that_far() -> None:
    """Protects the last minutes of a window: the time that goes by before the refusal is told before it is gone."""
    session = given()
    play(LocalTable(session, ("averne",), {}), Room(["", "menu off"]).read, lambda line: None, piped=True)
    begun = session.state.clock.play

    def ahead(refused_at_once: bool) -> tuple[int, int]:
        def keep(state: State, instant: int | None) -> None:
            if refused_at_once or state.clock.play > begun:
                raise CommandRejected("decisions-open", "Something is open.")

        return time_ahead(session.scenario, session.state, keep, lambda state: "nothing new")

    assert ahead(True) == (0, 0)
    assert ahead(False) > (0, 0)


def test_lines_ask_where_somebody_sits_and_not_in_a_script() -> None:
    """Protects both ways of typed play: a person is asked and can stay, a script goes on as it is written."""
    session = given()
    room = Room(["", "menu off", "next", "no"])
    play(LocalTable(session, ("averne",), {}), room.read, room.write, piped=False)
    scripted = given()
    script = Room(["", "menu off", "next"])
    play(LocalTable(scripted, ("averne",), {}), script.read, script.write, piped=True)

    assert "unread; the next thing comes at T+" in room.text and "Go on (yes or no): no" in room.text
    assert session.state.clock.play < scripted.state.clock.play
    assert "Go on" not in script.text


def test_who_leaves_the_question_is_told_that_all_stands() -> None:
    """Protects the words: nothing was to be sent, so none of it is said to be unsent."""
    session = given()
    room = Room(["", "menu off", "next", "maybe", "perhaps", "who knows", "endex", "cancel"])
    play(LocalTable(session, ("averne",), {}), room.read, room.write, piped=False)

    assert room.count("Left; the exercise stands where it was.") == 2
    assert room.count("nothing was sent") == 0
    assert session.state.clock.phase != "ended"
