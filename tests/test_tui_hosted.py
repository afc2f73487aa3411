"""Taking part in a hosted exercise: control paces, the link may break, the curtain falls, and nobody loses a word."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hosted import PLACES, HostedTable
from piloting import HOSTILE
from screens import at_both_sizes, picture, still, until
from seated import LAW, LEAD, POLICE, world
from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from exercise.core.commands import ChooseResponse, ReadMessage
from exercise.core.control.commands import DrawCurtain, LiftCurtain
from exercise.core.teamwork.commands import Say
from exercise.core.views import CurtainView
from exercise.errors import CommandRejected, DoorClosed
from exercise.hub.protocol import PRIVACY
from exercise.hub.server import ELSEWHERE
from exercise.tui.hosted import HostedApp
from exercise.tui.launch import hosted_app
from exercise.tui.screens.answer import AnswerScreen
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.screens.confirm import ConfirmScreen
from exercise.tui.screens.decision import DecisionScreen
from exercise.tui.screens.help import HelpScreen
from exercise.tui.screens.hosted_play import HostedPlayScreen
from exercise.tui.screens.join import JoinScreen
from exercise.tui.screens.lobby import LobbyScreen
from exercise.tui.screens.messages import MessagesScreen
from exercise.tui.screens.places import PlacesScreen
from exercise.tui.screens.review import ReviewScreen
from exercise.tui.widgets.notices import Curtain, NoticeLine
from exercise.tui.widgets.prose import ProseView

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]

LOST = "The link to the hub is lost; trying again."


def running(seat: str = "averne", **more: Any) -> HostedTable:
    """A hosted exercise of which the first move is open, with a dilemma for Averne."""
    table = HostedTable(seat, played=world(), **more)
    table.startex()
    return table


def app_on(table: HostedTable) -> HostedApp:
    app = hosted_app(table)
    assert isinstance(app, HostedApp)
    app.animation_level = "none"
    return app


def flat(pilot: Pilot[Any]) -> str:
    """What is on the screen, as one line of words."""
    return " ".join(picture(pilot.app).replace("\u00a0", " ").split())


async def opened(pilot: Pilot[Any], screen: type[Any]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, screen) and pilot.app.screen.is_mounted)
    await pilot.pause()


async def seen(pilot: Pilot[Any], *words: str) -> None:
    await until(pilot, lambda: all(word in flat(pilot) for word in words))


async def writing(pilot: Pilot[Any], reason: str) -> None:
    """From the play screen to the form of the first decision, with a reason half-written."""
    await pilot.press("d")
    await opened(pilot, DecisionScreen)
    await pilot.press("enter")
    await pilot.pause()
    await pilot.press("enter")
    await opened(pilot, AnswerScreen)
    await pilot.press(*reason)


# Pacing


@at_both_sizes
async def test_what_moves_the_story_on_is_neither_a_key_nor_in_the_menu(size: tuple[int, int]) -> None:
    """Protects a workshop's pace: nobody finds a way to step, stop or end it, and the hint says who does."""
    table = running()
    app = app_on(table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, HostedPlayScreen)
        actions = {active.binding.action for active in app.screen.active_bindings.values()}
        assert not actions & {"next", "pause", "end", "pass", "start"}
        names = {command.title for command in app.get_system_commands(app.screen)}
        assert {"Decide", "Messages", "What waits"} <= names
        assert not names & {"Next", "Clock", "End exercise", "Pass on", "Next team", "Note"}
        before = table.local.session.state.clock
        await pilot.press("n", "z", "E", "t")
        await pilot.pause()
        assert table.local.session.state.clock == before and isinstance(app.screen, HostedPlayScreen)
        assert "Exercise control paces the exercise." in app.screen.query_one("#reading", ProseView).text
        await pilot.press("question_mark")
        await opened(pilot, HelpScreen)
        await seen(pilot, "it starts and stops the clock")
        assert "moves the story on only" not in flat(pilot)


@at_both_sizes
async def test_leaving_asks_and_says_how_to_come_back(size: tuple[int, int]) -> None:
    """Protects who presses esc once too often: a question first, with how to come back; then the hub is told."""
    table = running()
    app = app_on(table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, HostedPlayScreen)
        await pilot.press("escape")
        await opened(pilot, ConfirmScreen)
        await seen(pilot, "Nothing is lost", "code and the same name.")
        assert "exercise play" not in flat(pilot)
        await pilot.press("enter")
        await opened(pilot, HostedPlayScreen)
        assert not table.left
        await pilot.press("ctrl+q")
        await opened(pilot, ConfirmScreen)
        await pilot.press("tab", "enter")
        await until(pilot, lambda: table.left)


async def test_who_was_put_out_for_good_is_not_promised_the_seat() -> None:
    """Protects the truth of the last question: somebody else has the place now, and why is said."""
    table = running()
    app = app_on(table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot, HostedPlayScreen)
        table.switch(over=True, trouble=ELSEWHERE)
        await pilot.press("escape")
        await opened(pilot, ConfirmScreen)
        await seen(pilot, "From this screen nothing is sent any more.", "has your place now.")
        assert "Nothing is lost" not in flat(pilot)
        await pilot.press("tab", "enter")
        await until(pilot, lambda: table.left)


# Coming in


@at_both_sizes
@pytest.mark.parametrize("hostile", HOSTILE)
async def test_whoever_joins_reads_what_is_recorded_and_why_a_door_stays_closed(
    size: tuple[int, int], hostile: str
) -> None:
    """Protects newcomers: the notice before joining, a refusal in words with what they wrote kept, the lobby."""
    table, asked = HostedTable(played=world()), []

    async def join(code: str, name: str) -> HostedTable:
        asked.append((code, name))
        if len(asked) == 1:
            raise DoorClosed("bad-code", f"That code opens nothing here. {HOSTILE[hostile]}")
        return table

    notice = PRIVACY if hostile == "wide" else f"It is recorded. {HOSTILE[hostile]}"
    app = HostedApp(lambda: JoinScreen(join, notice, address=HOSTILE[hostile]))
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, JoinScreen)
        await seen(pilot, "recorded")
        await pilot.press("ctrl+s")
        await seen(pilot, "Write the code first")
        await pilot.press(*"KLM-4F7", "enter", *"Kim", "enter")
        await seen(pilot, "That code opens nothing here.")
        assert app.screen.query_one("#code", Input).value == "KLM-4F7"
        await pilot.press("tab", "enter")
        await opened(pilot, LobbyScreen)
        assert asked == [("KLM-4F7", "Kim")] * 2


@at_both_sizes
async def test_who_has_a_teams_code_chooses_a_place_of_it(size: tuple[int, int]) -> None:
    """Protects seating: who sits where is named, a refusal is said, and taking a seat leads to its lobby."""
    table = HostedTable("", played=world())
    table.places = (*PLACES, ("averne/law", HOSTILE["markup"], HOSTILE["escapes"]))
    app = app_on(table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, PlacesScreen)
        await seen(
            pilot, "Welcome, Kim", "Ana sits here; you would read along", "free", "one screen for the whole team"
        )
        table.refuse_place = CommandRejected("taken", "That seat was just taken.")
        await pilot.press("down", "down", "enter")
        await seen(pilot, "That seat was just taken.")
        table.refuse_place = None
        await pilot.press("enter")
        await opened(pilot, LobbyScreen)
        assert table.seat == POLICE
        assert "given you" not in flat(pilot)
        # Before STARTEX one may think better of it.
        await pilot.press("l")
        await opened(pilot, PlacesScreen)
        await seen(pilot, "you sit here")
        await pilot.press("escape")
        await opened(pilot, LobbyScreen)


@at_both_sizes
async def test_the_lobby_shows_who_is_here_and_goes_on_by_itself_at_startex(size: tuple[int, int]) -> None:
    """Protects the wait: the team's muster, the own role, the briefing; at STARTEX all go on, also out of a help."""
    table = HostedTable(POLICE, played=world())
    app = app_on(table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, LobbyScreen)
        await seen(pilot, "Waiting for STARTEX", "You: Police", "Legal adviser · nobody yet", "Briefing")
        table.sit(LAW, HOSTILE["markup"][:60])
        table.sit(LEAD, "Ana")
        await seen(pilot, "Head of delegation · Ana", "2 are here")
        await pilot.press("n", "question_mark")
        await opened(pilot, HelpScreen)
        table.startex()
        await opened(pilot, HostedPlayScreen)
        await seen(pilot, "STARTEX: the exercise has begun.")
        assert any(isinstance(screen, HelpScreen) for screen in app.screen_stack) is False


@at_both_sizes
async def test_control_moves_somebody_to_another_seat_with_a_word(size: tuple[int, int]) -> None:
    """Protects who is moved: the new seat's screen comes up whatever is open, and a line says why."""
    table = running(POLICE)
    app = app_on(table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, HostedPlayScreen)
        await pilot.press("p")
        await until(pilot, lambda: not isinstance(app.screen, HostedPlayScreen))
        table.switch(seat=LAW)
        await until(pilot, lambda: isinstance(app.screen, HostedPlayScreen) and app.screen.seat == LAW)
        await seen(pilot, "Exercise control has given you another seat: Averne: Legal adviser")
        table.switch(seat="", places=PLACES)
        await opened(pilot, PlacesScreen)
        await seen(pilot, "choose a place anew")


# The link


@at_both_sizes
async def test_a_lost_link_is_said_over_every_screen_and_form(size: tuple[int, int]) -> None:
    """Protects who writes while the network is gone: it is said in words everywhere, and what was written stays."""
    table = running()
    app = app_on(table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, HostedPlayScreen)
        await writing(pilot, "because")
        table.switch(trouble=LOST)
        await seen(pilot, "NOT CONNECTED", LOST)
        await pilot.press("ctrl+s")
        await opened(pilot, ReviewScreen)
        await seen(pilot, "NOT CONNECTED")
        await pilot.press("ctrl+s")
        await seen(pilot, f"Not sent: {LOST}", "because")
        await pilot.press("ctrl+q")
        await opened(pilot, ConfirmScreen)
        await seen(pilot, "NOT CONNECTED")
        await pilot.press("escape", "escape")
        await opened(pilot, AnswerScreen)
        assert app.screen.query_one("#reason", TextArea).text == "because"
        assert len(app.screen.query(NoticeLine)) == 1
        table.local.submit(Say(seat="belmark", to="averne", text="Are you there?"))
        table.switch(trouble="")
        await seen(pilot, "Connected again", "1 new while you were away")
        await pilot.press("ctrl+s")
        await opened(pilot, ReviewScreen)
        await pilot.press("ctrl+s")
        await opened(pilot, HostedPlayScreen)
        assert any(isinstance(command, ChooseResponse) for command in table.asked)


@at_both_sizes
@pytest.mark.parametrize("hostile", HOSTILE)
async def test_whatever_the_hub_says_of_the_link_is_shown_as_words(size: tuple[int, int], hostile: str) -> None:
    """Protects the terminal: a hostile text of trouble or of a curtain neither breaks the screen nor acts."""
    table = running()
    app = app_on(table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, HostedPlayScreen)
        table.switch(trouble=HOSTILE[hostile], acting=False)
        await seen(pilot, "NOT CONNECTED")
        app._drawn = lambda: CurtainView("no-duff", HOSTILE[hostile])  # type: ignore[method-assign]
        table.tell()
        await seen(pilot, "REAL WORLD – NO DUFF", "Look to the facilitator")
        assert "\x1b" not in picture(app)


@at_both_sizes
async def test_who_reads_along_is_told_with_whom_and_why_nothing_is_taken(size: tuple[int, int]) -> None:
    """Protects a seat taken twice: a line on every screen, a refusal in words, and reading that refuses nothing."""
    table = running(POLICE)
    table.sit(POLICE, "Ana")
    app = app_on(table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, HostedPlayScreen)
        table.switch(acting=False)
        await seen(pilot, "READING ALONG", "Ana acts for this seat")
        await pilot.press("i", "down")
        await pilot.pause()
        assert not any(isinstance(command, ReadMessage) for command in table.asked)
        await pilot.press("m")
        await opened(pilot, MessagesScreen)
        await seen(pilot, "READING ALONG")
        await pilot.press("tab", "tab", *"hello", "enter")
        await seen(pilot, "You read along here")
        assert app.screen.query_one("#words", Input).value == "hello"
        table.switch(acting=True)
        await until(pilot, lambda: not app.screen.query(NoticeLine))


# The curtain


@at_both_sizes
@pytest.mark.parametrize("kind", ["blank", "no-duff"])
async def test_the_curtain_covers_what_is_open_and_leaves_it_untouched(size: tuple[int, int], kind: Any) -> None:
    """Protects a real emergency and a half-written form: all is covered at once, no key reaches it, it comes back."""
    table = running()
    app = app_on(table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, HostedPlayScreen)
        await writing(pilot, "because")
        table.control(DrawCurtain(kind=kind, text="Leave by the stairs."))
        await seen(pilot, "Leave by the stairs.")
        words = "REAL WORLD – NO DUFF" if kind == "no-duff" else "exercise control has the room"
        await seen(pilot, words)
        assert "because" not in flat(pilot) and "Averne" not in flat(pilot)
        await pilot.press(*"xyz", "escape", "ctrl+s", "ctrl+p", "ctrl+g")
        await pilot.pause()
        assert isinstance(app.screen, AnswerScreen)
        table.switch(trouble=LOST)
        await seen(pilot, "Not connected", words)
        table.switch(trouble="")
        table.control(LiftCurtain())
        await until(pilot, lambda: not app.screen.query(Curtain))
        assert app.screen.query_one("#reason", TextArea).text == "because"
        await pilot.press(*" so")
        assert app.screen.query_one("#reason", TextArea).text == "because so"


async def test_the_curtain_falls_over_the_menu_too() -> None:
    """Protects against the one window that is the toolkit's own: the menu goes when the curtain falls."""
    table = running()
    app = app_on(table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot, HostedPlayScreen)
        await pilot.press("ctrl+p")
        await opened(pilot, CommandPalette)
        table.control(DrawCurtain(kind="no-duff", text=""))
        await seen(pilot, "REAL WORLD – NO DUFF")
        assert isinstance(app.screen, HostedPlayScreen)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: table.left)


# Nothing is lost


async def test_a_form_whose_window_has_closed_says_so_before_its_last_page() -> None:
    """Protects from a check that is for nothing: the refusal comes at once, and what was written stays."""
    table = running()
    app = app_on(table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await writing(pilot, "because")
        await table.local.let_lapse()
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert isinstance(app.screen, AnswerScreen)
        await seen(pilot, "The window has closed while you wrote")
        assert app.screen.query_one("#reason", TextArea).text == "because"


@at_both_sizes
async def test_a_half_written_reason_is_found_again_at_another_terminal(size: tuple[int, int]) -> None:
    """Protects whoever loses a terminal: reason and line come back; what was sent is kept no longer."""
    table = running()
    app = app_on(table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, HostedPlayScreen)
        await writing(pilot, "because")
        await pilot.press("escape", "escape")
        await opened(pilot, HostedPlayScreen)
        await pilot.press("m")
        await opened(pilot, MessagesScreen)
        await pilot.press("tab", "tab", *"hello")
        app._keep()
        assert "because" in table.kept_texts["draft|averne|tell"]
        # The window is closed here: nobody says goodbye.
    again = app_on(table)
    async with again.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, HostedPlayScreen)
        await pilot.press("m")
        await opened(pilot, MessagesScreen)
        assert again.screen.query_one("#words", Input).value == "hello"
        await pilot.press("escape")
        await opened(pilot, HostedPlayScreen)
        await writing(pilot, "")
        assert again.screen.query_one("#reason", TextArea).text == "because"
        await pilot.press("ctrl+s")
        await opened(pilot, ReviewScreen)
        await pilot.press("ctrl+s")
        await opened(pilot, HostedPlayScreen)
        again._keep()
        assert "draft|averne|tell" not in table.kept_texts


@pytest.mark.parametrize(
    "kept",
    [
        "{",
        "[" * 5000,
        "null",
        '"words"',
        '{"option": {"a": 1}}',
        '{"set_aside": [{"commitment": 7}]}',
        json.dumps({"reason": HOSTILE["escapes"], "basis": [HOSTILE["markup"]], "nearest": "nowhere"}),
    ],
)
async def test_a_kept_text_that_is_no_draft_is_as_good_as_none(kept: str) -> None:
    """Protects the form: what a hub sends as kept may be anything, and neither breaks a screen nor steers it."""
    table = running()
    for what in ("draft|averne|tell", "heard|averne", "looked|averne", "request|averne|new", "words|averne|averne"):
        table.kept_texts[what] = kept
    app = app_on(table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot, HostedPlayScreen)
        await writing(pilot, "")
        assert "\x1b" not in app.screen.query_one("#reason", TextArea).text
        await pilot.press("ctrl+s")
        await opened(pilot, ReviewScreen)
        await pilot.press("escape", "escape", "escape", "w")
        await pilot.pause()
        await seen(pilot, "Waits for you")
        await pilot.press("escape", "m")
        await opened(pilot, MessagesScreen)
        assert "\x1b" not in picture(app)


async def test_control_is_told_where_people_are() -> None:
    """Protects the facilitator's overview: each screen says in a few words what is done there."""
    table = running()
    app = app_on(table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot, HostedPlayScreen)
        await pilot.press("d")
        await opened(pilot, DecisionScreen)
        await pilot.press("escape")
        await opened(pilot, HostedPlayScreen)
        assert table.done[:2] == ["playing", "deciding"] and table.done[-1] == "playing"


async def test_many_apps_live_in_one_process_and_know_only_their_own_table() -> None:
    """Protects the doors, which open an app for each guest: what befalls one table is not shown at another."""
    tables = [running(seat) for seat in (POLICE, LAW)]
    one, two = (app_on(table) for table in tables)
    async with one.run_test(size=(80, 24)) as first, two.run_test(size=(80, 24)) as second:
        await opened(first, HostedPlayScreen)
        await opened(second, HostedPlayScreen)
        tables[0].switch(trouble=LOST)
        await seen(first, "NOT CONNECTED")
        await second.pause()
        assert "NOT CONNECTED" not in flat(second)
        assert isinstance(two.screen, ExerciseScreen) and two.drafts is not one.drafts
