"""The console's pages over a real link to a real hub, for what a table in the same process cannot show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from console_room import DESK, LEAD, POLICE, asked_centre, flat, mark, on_top, press, settled, world
from hosting import Hosting, hosted
from screens import still
from textual.pilot import Pilot
from textual.widgets import TextArea

from exercise.core.commands import EndExercise
from exercise.hub.remote_control import RemoteControl
from exercise.session.control import Startex
from exercise.tui.console.answer_as import ActorRequestScreen
from exercise.tui.console.app import ConsoleApp
from exercise.tui.console.marks import MarksScreen
from exercise.tui.console.people import PeopleScreen
from exercise.tui.console.teams import LookScreen
from exercise.tui.screens.answering import AnswerRequestScreen
from exercise.tui.screens.confirm import ConfirmScreen
from exercise.tui.screens.hotwash import HotWashScreen

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]

LONGEST = 2_000
"""Turns of the loop in which an answer comes over the loopback."""


async def comes(pilot: Pilot[Any], holds: Callable[[], object]) -> None:
    """Let app, link and hub work until something holds."""
    for _ in range(LONGEST):
        if holds():
            return
        await pilot.pause(0.005)
    raise AssertionError("it did not come: " + flat(pilot))


async def shows(pilot: Pilot[Any], *texts: str) -> None:
    await comes(pilot, lambda: all(text in flat(pilot) for text in texts))


def app_for(control: RemoteControl) -> ConsoleApp:
    app = ConsoleApp(control)
    app.animation_level = "none"
    return app


async def begun(hosting: Hosting) -> RemoteControl:
    control = await hosting.control("Vera")
    await control.ask(Startex())
    return control


async def test_a_seat_taken_twice_a_lost_one_and_a_bot_over_a_link() -> None:
    """Protects the promise in the hub that people meet: the second reads along until control lets that one act."""
    async with hosted(world()) as hosting:
        first = await hosting.person("averne", "Bo", "police")
        second = await hosting.person("averne", "Ciro", "police")
        control = await begun(hosting)
        assert first.acting and not second.acting
        async with app_for(control).run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
            await settled(pilot)
            await press(pilot, "p")
            await on_top(pilot, PeopleScreen)
            await shows(pilot, "2 at Averne: Police liaison", "Vera")
            ciro = next(person.id for person in control.room().people if person.name == "Ciro")
            await mark(pilot, "people", f"person:{ciro}")
            await press(pilot, "a")
            await comes(pilot, lambda: second.acting and not first.acting)
            await second.link.drop()
            await shows(pilot, "✕ connection lost")
            await press(pilot, "home")
            await mark(pilot, "people", "team:belmark")
            await press(pilot, "b", "enter")
            await shows(pilot, "⚙ Bot: Belmark")
            await press(pilot, "h")
            await comes(pilot, lambda: "⚙" not in flat(pilot))


async def test_any_seats_screen_comes_over_a_link_and_is_let_go_of() -> None:
    """Protects looking on: the first view has still to come when a seat is opened, and nothing is followed after."""
    async with hosted(world()) as hosting:
        await hosting.person("averne", "Ana", "lead")
        control = await begun(hosting)
        async with app_for(control).run_test(size=(120, 40), notifications=True, tooltips=True) as pilot:
            await settled(pilot)
            await press(pilot, "s")
            await mark(pilot, "seats", LEAD)
            await press(pilot, "enter")
            await comes(pilot, lambda: isinstance(pilot.app.screen, LookScreen))
            await shows(pilot, "LOOKED AT: Averne: Head of delegation (Ana)", "Decide on tell")
            await press(pilot, "greater_than_sign")
            await shows(pilot, "LOOKED AT: Averne: Police liaison")
            await comes(pilot, lambda: f"seat:{LEAD}" not in control.link.received)
            await press(pilot, "escape")
            await comes(pilot, lambda: f"seat:{POLICE}" not in control.link.received)


async def test_answering_for_a_body_over_a_link_reaches_the_team() -> None:
    """Protects the whole way of an answer: from the facilitator's form through the hub to the asking team's screen."""
    async with hosted(world()) as hosting:
        lead = await hosting.person("averne", "Ana", "lead")
        control = await begun(hosting)
        await lead.client(LEAD).submit(asked_centre())
        async with app_for(control).run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
            await settled(pilot)
            await press(pilot, "q")
            await shows(pilot, "Averne → Police centre", "a: answer for Police centre")
            await press(pilot, "a")
            await comes(pilot, lambda: isinstance(pilot.app.screen, ActorRequestScreen))
            await settled(pilot)
            await press(pilot, "a")
            await on_top(pilot, AnswerRequestScreen)
            await mark(pilot, "answer", "part")
            await press(pilot, "enter")
            pilot.app.screen.query_one("#say-text", TextArea).text = "We keep the traffic data only."
            await press(pilot, "ctrl+s")
            await on_top(pilot, ConfirmScreen)
            await press(pilot, "tab", "enter")
            await comes(pilot, lambda: lead.client(LEAD).view().requests[0].status == "part")
            assert lead.client(LEAD).view().requests[0].steps[-1].who == "Police centre"


async def test_marks_and_the_hot_wash_over_a_link() -> None:
    """Protects what is fetched: marks for controllers while it runs, and the page that everybody sees after ENDEX."""
    async with hosted(world()) as hosting:
        lead = await hosting.person("averne", "Ana", "lead")
        desk = await hosting.person("belmark", "Eli", "desk")
        control = await begun(hosting)
        async with app_for(control).run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
            await settled(pilot)
            await press(pilot, "g")
            await on_top(pilot, MarksScreen)
            await shows(pilot, "No mark has been given yet.")
            await press(pilot, "escape", "l")
            await control.submit(EndExercise())
            await shows(pilot, "Head of the log")
            await press(pilot, "right_square_bracket", "right_square_bracket")
            await comes(pilot, lambda: lead.client(LEAD).view().page and desk.client(DESK).view().page)
            await press(pilot, "o")
            await comes(pilot, lambda: isinstance(pilot.app.screen, HotWashScreen))
            await shows(pilot, "Hot wash of Asking")
