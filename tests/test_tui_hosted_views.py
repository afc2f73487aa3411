"""A hosted exercise to look at: what waits and is new, the hot wash under control's hand, the wall, an observer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from hosted import HostedTable
from piloting import HOSTILE
from screens import at_both_sizes, picture, still, until
from seated import LEAD, POLICE, world
from test_tui_hosted import app_on, flat, opened, running, seen, writing
from textual.widgets import Input

from exercise.core.commands import EndExercise, WriteNote
from exercise.core.control.commands import DrawCurtain, LiftCurtain, TurnPage
from exercise.core.overview import spectator_view
from exercise.core.teamwork.commands import Say
from exercise.core.views import InboxItem, SpectatorView
from exercise.tui.hot_wash_pages import HOT_WASH_PAGES
from exercise.tui.launch import projector_app
from exercise.tui.screens.answer import AnswerScreen
from exercise.tui.screens.decision import DecisionScreen
from exercise.tui.screens.head import HeadScreen, grouped
from exercise.tui.screens.hosted_play import HostedPlayScreen
from exercise.tui.screens.hotwash import HotWashScreen
from exercise.tui.screens.messages import MessagesScreen
from exercise.tui.screens.note import NoteScreen
from exercise.tui.screens.projector import ProjectorScreen
from exercise.tui.screens.waiting import LetterScreen, WaitingScreen
from exercise.tui.widgets.choices import Choices

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]

HEAD = "4f2a91bc07de33a1" + "0" * 48


# What waits


@at_both_sizes
async def test_what_waits_and_what_is_new_lead_straight_to_the_thing(size: tuple[int, int]) -> None:
    """Protects the overview: one key from anywhere, time left, enter opens; once looked at, it is new no longer."""
    table = running()
    app = app_on(table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, HostedPlayScreen)
        await pilot.press("w")
        await opened(pilot, WaitingScreen)
        await seen(pilot, "Waits for you · 2", "Decide on tell", "10:00 left", "2 messages to read", "New since you")
        await pilot.press("enter")
        await opened(pilot, DecisionScreen)
        await pilot.press("escape", "w")
        await opened(pilot, WaitingScreen)
        await seen(pilot, "Nothing is new since you looked here last")
        app.screen.query_one("#rows", Choices).choose("a:message:1")
        await pilot.press("enter")
        await opened(pilot, LetterScreen)
        await until(pilot, lambda: table.client("averne").view().unread == 1)
        await pilot.press("escape", "w")
        await opened(pilot, WaitingScreen)
        table.local.submit(Say(seat="belmark", to="averne", text="Are you there?"))
        table.control(Say(seat="facilitator", to="all", text=HOSTILE["markup"]))
        await seen(pilot, "1 new from Belmark", "1 new from Exercise control", "New since you looked · 2")
        app.screen.query_one("#rows", Choices).choose("a:talk:belmark")
        await pilot.press("enter")
        await opened(pilot, MessagesScreen)
        await seen(pilot, "Are you there?", "Belmark")


@at_both_sizes
async def test_looking_what_waits_leaves_a_form_as_it_is(size: tuple[int, int]) -> None:
    """Protects what is being written: the list opens over the form, names it, and leads back to it, not to a second."""
    table = running()
    app = app_on(table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, HostedPlayScreen)
        await writing(pilot, "because")
        await pilot.press("ctrl+g")
        await opened(pilot, WaitingScreen)
        await seen(pilot, "half-written")
        await pilot.press("ctrl+g")
        await opened(pilot, AnswerScreen)
        await pilot.press("ctrl+g")
        await opened(pilot, WaitingScreen)
        await pilot.press("enter")
        await opened(pilot, DecisionScreen)
        assert sum(isinstance(screen, DecisionScreen) for screen in app.screen_stack) == 1


# The hot wash


@at_both_sizes
async def test_the_hot_wash_waits_for_what_the_hub_sends_and_shows_the_head(size: tuple[int, int]) -> None:
    """Protects the moment after ENDEX: it is said that the card is being fetched, then it is there, with the head."""
    table = running()
    table.fetching = True
    app = app_on(table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, HostedPlayScreen)
        table.control(EndExercise())
        await opened(pilot, HotWashScreen)
        await seen(pilot, "The hot wash is being fetched")
        await pilot.press("3", "4", "5", "1")
        table.switch(fetching=False, head=HEAD)
        await seen(pilot, "Log 4f2a 91bc 07de 33a1", "Averne", "tested")
        assert "being fetched" not in flat(pilot)
        await pilot.press("h")
        await opened(pilot, HeadScreen)
        await seen(pilot, "4f2a 91bc 07de 33a1", "0000 0000 0000 0000")
        await pilot.press("enter")
        await opened(pilot, HotWashScreen)
        await pilot.press("escape")
        await opened(pilot, HostedPlayScreen)
        await seen(pilot, "Press h for the hot wash")
        await pilot.press("h")
        await opened(pilot, HotWashScreen)


@at_both_sizes
async def test_control_turns_the_page_on_every_screen_and_people_look_around(size: tuple[int, int]) -> None:
    """Protects a hot wash that is led: each turn takes all along, from anywhere; between turns all are free."""
    table = running()
    app = app_on(table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, HostedPlayScreen)
        table.control(EndExercise())
        await opened(pilot, HotWashScreen)
        wash = app.screen
        assert isinstance(wash, HotWashScreen)
        for page, title in HOT_WASH_PAGES[1:3]:
            await pilot.press("question_mark")
            await until(pilot, lambda: app.screen is not wash)
            table.control(TurnPage(page=page))
            await until(pilot, lambda: app.screen is wash)
            await until(pilot, partial(_at, wash, page))
            await seen(pilot, f"Exercise control has turned to: {title}")
        await pilot.press("5")
        await pilot.pause()
        assert wash.section == "questions"
        table.control(TurnPage(page="no-such-page"))
        await pilot.pause()
        assert wash.section == "questions"


def _at(wash: HotWashScreen, page: str) -> bool:
    return wash.section == page


def test_a_head_is_told_in_groups_that_can_be_read_aloud() -> None:
    """Protects the comparing of heads by ear; what a hub sends beside signs of a sum is left out."""
    assert grouped("abcd" * 5) == ["abcd abcd abcd abcd", "abcd"]
    assert grouped("") == [""]
    assert "\x1b" not in "".join(grouped("ab\x1b[2Jcd"))


# The wall


class Wall:
    """The public view of a table's exercise, with a message of one's own choosing."""

    def __init__(self, table: HostedTable) -> None:
        self._local = table.local
        self.trouble = ""
        self.more: tuple[InboxItem, ...] = ()

    def view(self) -> SpectatorView:
        view = spectator_view(self._local.session.scenario, self._local.session.state)
        return replace(view, inbox=(*view.inbox, *self.more))

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        return self._local.subscribe(changed)


@at_both_sizes
async def test_the_wall_shows_what_is_public_and_nothing_else(size: tuple[int, int]) -> None:
    """Protects a room with guests: clock, public messages newest first, the curtain; never what one seat got."""
    table = HostedTable(played=world())
    wall = Wall(table)
    app = projector_app(wall)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, ProjectorScreen)
        await seen(pilot, "Waiting for STARTEX", "EXERCISE", "██")
        table.startex()
        await seen(pilot, "Move 1 of 2", "call", "Trust")
        # A message to one role is no public matter, nor is a team's decision.
        assert "source" not in flat(pilot) and "Decide on tell" not in flat(pilot)
        item = wall.view().inbox[0]
        for text in HOSTILE.values():
            wall.more += (replace(item, number=9, title=text, text=text, sender=text, exercise=60),)
        table.tell()
        await seen(pilot, "網路危機")
        assert "\x1b" not in picture(app)
        wall.trouble = "The link is lost."
        table.tell()
        await seen(pilot, "NOT CONNECTED")
        wall.trouble = ""
        table.control(DrawCurtain(kind="no-duff", text="Leave."))
        await seen(pilot, "REAL WORLD – NO DUFF")
        table.control(LiftCurtain())
        await pilot.press("escape")
        await seen(pilot, "Move 1 of 2")


# Observers


@at_both_sizes
async def test_an_observer_looks_at_every_team_and_ties_a_note_to_an_objective(size: tuple[int, int]) -> None:
    """Protects observation: any team's screen, no means to act, and notes with what they are about."""
    table = running("observer", kind="observer")
    table.objectives = (("share-early", "Share early"), ("odd", HOSTILE["markup"]))
    app = app_on(table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, HostedPlayScreen)
        await seen(pilot, "Looking on: Republic of Averne")
        await pilot.press("t")
        await seen(pilot, "Looking on: Kingdom of Belmark")
        await pilot.press("n")
        await opened(pilot, NoteScreen)
        rows = app.screen.query_one("#about", Choices)
        rows.choose("o:share-early")
        await pilot.press("enter", *"They told nobody", "enter")
        await seen(pilot, "The note is kept.", "They told nobody")
        await pilot.press("shift+tab")
        rows.choose("+moment")
        await pilot.press("enter", *"Quiet", "enter")
        notes = [command for command in table.asked if isinstance(command, WriteNote)]
        await until(pilot, lambda: len([c for c in table.asked if isinstance(c, WriteNote)]) == 2)
        notes = [command for command in table.asked if isinstance(command, WriteNote)]
        assert [(note.about, note.text, note.seat) for note in notes] == [
            ("share-early", "They told nobody", "observer"),
            ("", "Quiet", "observer"),
        ]
        await pilot.press("tab")
        assert app.screen.query_one("#words", Input).value == ""


async def test_a_line_to_control_can_be_written_where_it_hosts() -> None:
    """Protects the way to exercise control: it stands among the parties before it has said anything."""
    table = running(POLICE)
    table.sit(POLICE, "Kim")
    table.sit(LEAD, "Ana")
    app = app_on(table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot, HostedPlayScreen)
        await pilot.press("m")
        await opened(pilot, MessagesScreen)
        await seen(pilot, "Exercise control")
        app.screen.query_one("#parties", Choices).choose("facilitator")
        await seen(pilot, "To exercise control.")
        await pilot.press("tab", "tab", *"help", "enter")
        await until(pilot, lambda: any(isinstance(c, Say) and c.to == "facilitator" for c in table.asked))
