"""The participants' screens over a real link to a real hub: what a stand-in in the same process cannot show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hosting import hosted
from screens import picture, still
from seated import world
from textual.pilot import Pilot
from textual.widgets import TextArea

from exercise.core.commands import EndExercise, PauseClock, ResumeClock
from exercise.core.control.commands import DrawCurtain, LiftCurtain, TurnPage
from exercise.hub.remote_control import come_in
from exercise.session.control import GoBack, SeatPerson, Startex
from exercise.tui.hosted import HostedApp
from exercise.tui.screens.answer import AnswerScreen
from exercise.tui.screens.decision import DecisionScreen
from exercise.tui.screens.hosted_play import HostedPlayScreen
from exercise.tui.screens.hotwash import HotWashScreen
from exercise.tui.screens.lobby import LobbyScreen
from exercise.tui.screens.places import PlacesScreen
from exercise.tui.screens.review import ReviewScreen
from exercise.tui.widgets.choices import Choices

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]

LONGEST = 2_000
"""Turns of the loop in which an answer comes over the loopback."""


def flat(pilot: Pilot[Any]) -> str:
    return " ".join(picture(pilot.app).replace("\u00a0", " ").split())


async def comes(pilot: Pilot[Any], holds: Callable[[], object]) -> None:
    """Let app, link and hub work until something holds."""
    for _ in range(LONGEST):
        if holds():
            await pilot.pause()
            return
        await pilot.pause(0.005)
    raise AssertionError("it did not come:\n" + picture(pilot.app))


async def on_top(pilot: Pilot[Any], screen: type[Any]) -> None:
    await comes(pilot, lambda: isinstance(pilot.app.screen, screen) and pilot.app.screen.is_mounted)


async def shows(pilot: Pilot[Any], *words: str) -> None:
    await comes(pilot, lambda: all(word in flat(pilot) for word in words))


async def writing(pilot: Pilot[Any]) -> None:
    await pilot.press("d")
    await on_top(pilot, DecisionScreen)
    await pilot.press("enter", "enter")
    await on_top(pilot, AnswerScreen)


async def test_from_a_code_to_the_hot_wash_over_a_link() -> None:
    """Protects the whole way: place, lobby, STARTEX, curtain, a lost terminal, going back, another seat, ENDEX."""
    async with hosted(world()) as hosting:
        control = await hosting.control()
        code = hosting.code("participant", "averne")
        table: Any = await come_in(hosting.link(code, "Kim"))
        app = HostedApp(table=table)
        async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
            await on_top(pilot, PlacesScreen)
            await shows(pilot, "Police", "free")
            app.screen.query_one("#places", Choices).choose("averne/police")
            await pilot.press("enter")
            await on_top(pilot, LobbyScreen)
            await shows(pilot, "Waiting for STARTEX")
            await control.ask(Startex())
            await on_top(pilot, HostedPlayScreen)
            await shows(pilot, "Decide on tell")
            await writing(pilot)
            await pilot.press(*"because")
            await control.submit(DrawCurtain(kind="no-duff", text="Leave by the stairs."))
            await shows(pilot, "REAL WORLD – NO DUFF", "Leave by the stairs.")
            await control.submit(LiftCurtain())
            await shows(pilot, "because")
            app._keep()
            await comes(pilot, lambda: all(p.doing for p in control.room().people if p.name == "Kim"))
        await table.link.drop()
        again: Any = await come_in(hosting.link(code, "Kim"))
        app = HostedApp(table=again)
        async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
            await on_top(pilot, HostedPlayScreen)
            await writing(pilot)
            assert app.screen.query_one("#reason", TextArea).text == "because"
            kim = next(person for person in control.room().people if person.name == "Kim")
            await control.ask(SeatPerson(person=kim.id, seat="averne/law"))
            await shows(pilot, "given you another seat")
            moments = await control.moments()
            await control.ask(GoBack(seq=moments[-1][0]))
            await shows(pilot, "gone back to an earlier moment")
            await on_top(pilot, HostedPlayScreen)
            await control.submit(EndExercise())
            await on_top(pilot, HotWashScreen)
            await shows(pilot, "tested", "Log ")
            await control.submit(TurnPage(page="facts"))
            await shows(pilot, "Exercise control has turned to: What was true")
            assert again.head and again.head[:4] in flat(pilot)


async def test_an_observer_goes_from_team_to_team_over_a_link() -> None:
    """Protects looking on: another team's screen comes once its view is here."""
    async with hosted(world()) as hosting:
        control = await hosting.control()
        await control.ask(Startex())
        app = HostedApp(table=await hosting.onlooker())
        async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
            await shows(pilot, "Looking on: Republic of Averne")
            await pilot.press("t")
            await shows(pilot, "Looking on: Kingdom of Belmark")
            await pilot.press("t")
            await shows(pilot, "Looking on: Republic of Averne")
            await pilot.press("n", "tab", *"They waited", "enter")
            await shows(pilot, "The note is kept.")
            await comes(pilot, lambda: any(line.text == "They waited" for _, line in control.view().notes))


async def test_a_form_shows_that_the_clock_was_stopped_and_runs_again() -> None:
    """Protects who writes while control stops the clock: the time left in the banner does not go on running down."""
    async with hosted(world()) as hosting:
        control = await hosting.control()
        await control.ask(Startex())
        table = await hosting.person("averne", "Kim", "police")
        app = HostedApp(table=table)

        async def stops_and_runs() -> None:
            await control.submit(PauseClock())
            await shows(pilot, "PAUSED")
            await control.submit(ResumeClock())
            await comes(pilot, lambda: "PAUSED" not in flat(pilot))

        async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
            await shows(pilot, "Decide on tell")
            await pilot.press("d")
            await on_top(pilot, DecisionScreen)
            await stops_and_runs()
            await pilot.press("enter", "enter")
            await on_top(pilot, AnswerScreen)
            await stops_and_runs()
            await pilot.press("ctrl+s")
            await on_top(pilot, ReviewScreen)
            await stops_and_runs()
