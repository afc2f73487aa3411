"""The console's pages about people: who sits where, codes, any seat's screen, the curtain and the hot wash."""

from __future__ import annotations

import pytest
from console_room import LEAD, POLICE, at, flat, mark, on_top, press, room, settled, shows
from screens import at_both_sizes, picture, still, until
from textual.widgets import Input

from exercise.core.commands import EndExercise
from exercise.core.teamwork.commands import TakePen, WriteDraft
from exercise.session.control import LetAct, NewTicket, RemovePerson, RevokeTicket, SeatPerson
from exercise.tui.console.curtain import CurtainScreen
from exercise.tui.console.hotwash import HotWashControlScreen
from exercise.tui.console.people import PeopleScreen
from exercise.tui.console.pick import PickScreen
from exercise.tui.console.teams import LookScreen
from exercise.tui.console.tickets import BigCodeScreen, TicketsScreen, qr
from exercise.tui.hot_wash_pages import HOT_WASH_PAGES
from exercise.tui.screens.confirm import AskScreen, ConfirmScreen
from exercise.tui.screens.decision import DecisionScreen
from exercise.tui.screens.head import grouped
from exercise.tui.screens.help import HelpScreen

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]


# people and seats


@at_both_sizes
async def test_a_seat_taken_twice_is_seen_and_settled(size: tuple[int, int]) -> None:
    """Protects the promise that two at one seat are told in words at the top, and settled by one key."""
    control = room()
    async with at(control, "p", size=size) as pilot:
        await shows(pilot, "2 at Averne: Police liaison", "reads along")
        await mark(pilot, "people", "person:p-3")
        await press(pilot, "a")
        await shows(pilot, "Ciro acts.")
        assert LetAct(person="p-3") in control.asked
        people = {person.name: person for person in control.room().people}
        assert people["Ciro"].acting and not people["Bo"].acting
        # With both acting nothing is left to settle.
        await mark(pilot, "people", "person:p-3")
        await press(pilot, "home")
        await mark(pilot, "people", "person:p-2")
        await press(pilot, "A")
        await until(pilot, lambda: "✕ 2 at" not in flat(pilot))


async def test_somebody_is_moved_to_another_seat_or_lets_go_of_it() -> None:
    """Protects moving people: every seat is offered with who sits there, and 'chooses anew' as well."""
    control = room()
    async with at(control, "p") as pilot:
        await mark(pilot, "people", "person:p-3")
        await press(pilot, "m")
        await on_top(pilot, PickScreen)
        assert "Legal adviser · free" in flat(pilot) and "Head of delegation · taken by Ana" in flat(pilot)
        await mark(pilot, "picks", "averne/law")
        await press(pilot, "enter")
        await shows(pilot, "✓ Complete: Averne")
        assert SeatPerson(person="p-3", seat="averne/law") in control.asked
        await mark(pilot, "people", "person:p-3")
        await press(pilot, "m")
        await mark(pilot, "picks", "-")
        await press(pilot, "enter")
        await shows(pilot, "no place chosen yet", "1 without a place")


async def test_nobody_is_sent_out_by_a_slip() -> None:
    """Protects participants: sending out asks first, and Enter alone changes nothing."""
    control = room()
    async with at(control, "p") as pilot:
        await mark(pilot, "people", "person:p-1")
        await press(pilot, "x")
        await on_top(pilot, ConfirmScreen)
        await press(pilot, "enter")
        assert not control.asked
        await press(pilot, "x", "tab", "enter")
        await until(pilot, lambda: RemovePerson(person="p-1") in control.asked)
        await until(pilot, lambda: "Ana" not in flat(pilot).replace("Ana has", ""))


async def test_a_bot_takes_an_empty_team_and_hands_it_back() -> None:
    """Protects going on with fewer people than planned: the muster says who plays, before and after."""
    control = room()
    async with at(control, "p") as pilot:
        await shows(pilot, "○ Empty: Belmark")
        await mark(pilot, "people", "team:belmark")
        await press(pilot, "b")
        await on_top(pilot, PickScreen)
        await mark(pilot, "picks", "self-interested")
        await press(pilot, "enter")
        await shows(pilot, "⚙ Bot: Belmark", "⚙ bot: self-interested")
        assert control.view().bots == (("belmark", "self-interested"),)
        await press(pilot, "h")
        await shows(pilot, "○ Empty: Belmark")
        assert control.view().bots == ()


async def test_a_pen_that_was_left_behind_is_freed() -> None:
    """Protects a team whose writer has gone: control frees the pen, and what was written stays."""
    control = room()
    control.given(TakePen(seat=POLICE, subject="tell"), WriteDraft(seat=POLICE, subject="tell", text="We tell them."))
    async with at(control, "p", "p") as pilot:
        await on_top(pilot, PickScreen)
        assert "Decide on tell" in flat(pilot) and "Bo" in flat(pilot)
        await press(pilot, "enter")
        await shows(pilot, "Who is to hold it?")
        await press(pilot, "end", "enter")
        await shows(pilot, "The pen lies free")
    (draft,) = control.sees(LEAD).drafts
    assert (draft.holder, draft.text) == ("", "We tell them.")


async def test_somebody_is_made_pen_holder() -> None:
    """Protects a team that cannot agree on who writes: control puts the pen into a hand, before anything is written."""
    control = room()
    async with at(control, "p", "p") as pilot:
        await on_top(pilot, PickScreen)
        assert "it lies free" in flat(pilot)
        await press(pilot, "enter")
        await shows(pilot, "Who is to hold it?", "Bo")
        await press(pilot, "down", "enter")
        await shows(pilot, "The pen is given")
    (draft,) = control.sees(LEAD).drafts
    assert draft.holder == POLICE


async def test_a_lost_connection_and_where_people_are_is_told_in_words() -> None:
    """Protects seeing who needs help: door, what somebody is doing, and that a line is lost."""
    control = room()
    control.change("p-1", connected=False)
    control.change("p-2", doing="writing a request")
    async with at(control, "p", size=(120, 40)) as pilot:
        await shows(pilot, "✕ connection lost", "1 lost the connection", "browser · writing a request")
        control.change("p-1", connected=True, doing="at the briefing")
        await shows(pilot, "ssh · at the briefing")


# codes


@at_both_sizes
async def test_codes_are_hidden_until_they_are_asked_for(size: tuple[int, int]) -> None:
    """Protects codes from the projector: the page opens without them, and one key shows or hides them."""
    control = room()
    async with at(control, "t", size=size) as pilot:
        await on_top(pilot, TicketsScreen)
        assert "ABCD" not in picture(pilot.app) and "ssh -p 8022" in flat(pilot)
        await press(pilot, "s")
        await shows(pilot, "ABCD-0001", "ABCD-0002")
        await press(pilot, "s")
        await until(pilot, lambda: "ABCD" not in picture(pilot.app))


@at_both_sizes
async def test_one_code_in_big_type_shows_no_other(size: tuple[int, int]) -> None:
    """Protects the wall: one team's code with the doors' addresses, and a picture of the browser's."""
    control = room()
    async with at(control, "t", "enter", size=size) as pilot:
        await on_top(pilot, BigCodeScreen)
        await shows(pilot, "██████", "ABCD-0001", "exercise join ws://127.0.0.1:8765", "http://127.0.0.1:8080")
        assert "ABCD-0002" not in picture(pilot.app)
        await press(pilot, "q")
        await until(pilot, lambda: "ABCD" not in picture(pilot.app) and "▀" in picture(pilot.app))


async def test_a_code_is_revoked_and_another_made_for_one_role() -> None:
    """Protects closing a leaked code: it asks first; the new one's code is not said aloud on the page."""
    control = room()
    async with at(control, "t", "x") as pilot:
        await on_top(pilot, ConfirmScreen)
        await press(pilot, "tab", "enter")
        await shows(pilot, "✕ Averne", "revoked")
        assert RevokeTicket(ticket="t-1") in control.asked
        await press(pilot, "w", "enter")
        await mark(pilot, "picks", "averne/police")
        await press(pilot, "enter")
        await shows(pilot, "Made a code for Averne: Police liaison")
        assert NewTicket(kind="participant", seat="averne/police") in control.asked
        assert "ABCD" not in picture(pilot.app)


def test_the_picture_of_an_address_has_a_quiet_margin() -> None:
    """Protects scanning: light on dark with nothing but light around it, and words where no door stands open."""
    lines = qr("https://192.168.100.200:8080").plain.split("\n")
    assert len({len(line) for line in lines}) == 1 and set(lines[0]) == {"█"}
    assert all(line.startswith("██") and line.endswith("██") for line in lines)
    assert len(lines) <= 18 and "No browser door" in qr("").plain


# the teams' screens


@at_both_sizes
async def test_a_seats_own_screen_is_looked_at_and_not_touched(size: tuple[int, int]) -> None:
    """Protects the teams: control reads what a seat reads, answers nothing, and its reading counts for nobody."""
    control = room()
    async with at(control, "s", size=size) as pilot:
        await mark(pilot, "seats", POLICE)
        await press(pilot, "enter")
        await on_top(pilot, LookScreen)
        await shows(pilot, "LOOKED AT: Averne: Police liaison (Bo, Ciro)", "call")
        before = len(control.session.entries)
        await press(pilot, "i", "enter")
        await shows(pilot, "call.")
        await press(pilot, "n", "z", "E")
        await press(pilot, "d")
        await on_top(pilot, DecisionScreen)
        await press(pilot, "enter", "escape")
        assert len(control.session.entries) == before and not control.sees(POLICE).inbox[0].read


async def test_from_table_to_table_by_one_key() -> None:
    """Protects walking the room: the next seat and the one before, and back to the list of seats."""
    control = room()
    async with at(control, "s", "enter") as pilot:
        await on_top(pilot, LookScreen)
        await press(pilot, ">")
        await shows(pilot, "LOOKED AT: Averne: Head of delegation (Ana)")
        await press(pilot, "<", "<")
        await shows(pilot, "LOOKED AT: Belmark: Duty officer")
        await press(pilot, "escape")
        await shows(pilot, "Whose screen?")


# the curtain


async def test_every_screen_is_covered_and_opened_again() -> None:
    """Protects a break: one key from any page covers every screen with a line, and takes the curtain away."""
    control = room()
    async with at(control, "p", "ctrl+b") as pilot:
        await on_top(pilot, CurtainScreen)
        await press(pilot, "enter")
        await on_top(pilot, AskScreen)
        pilot.app.screen.query_one(Input).value = "Coffee until ten."
        await press(pilot, "enter")
        await on_top(pilot, PeopleScreen)
        curtain = control.sees(LEAD).curtain
        assert curtain is not None and (curtain.kind, curtain.text) == ("blank", "Coffee until ten.")
        await press(pilot, "ctrl+b")
        assert "Coffee until ten." in flat(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: control.sees(LEAD).curtain is None)


@at_both_sizes
async def test_something_real_stops_the_exercise_after_one_more_question(size: tuple[int, int]) -> None:
    """Protects people and play alike: the stop reaches every screen and the clock, and no slip brings it."""
    control = room()
    async with at(control, "q", "ctrl+b", size=size) as pilot:
        await on_top(pilot, CurtainScreen)
        await press(pilot, "down", "enter", "enter")
        await on_top(pilot, ConfirmScreen)
        await press(pilot, "enter")
        assert control.view().curtain is None
        await press(pilot, "enter", "enter", "tab", "enter")
        await until(pilot, lambda: control.view().curtain is not None)
        curtain = control.sees(LEAD).curtain
        assert curtain is not None and curtain.kind == "no-duff" and not control.view().clock.running
        await settled(pilot)
        await shows(pilot, "NO DUFF")


# the hot wash


@at_both_sizes
async def test_everybodys_page_is_turned_after_endex(size: tuple[int, int]) -> None:
    """Protects the hot wash in one hand: the page turned to is on every seat's view, under the head of the log."""
    control = room()
    async with at(control, "l", size=size) as pilot:
        await shows(pilot, "The hot wash opens at ENDEX")
        control.given(EndExercise())
        await shows(pilot, "Head of the log", *grouped(control.session.head))
        first, second = HOT_WASH_PAGES[0][0], HOT_WASH_PAGES[1][0]
        await press(pilot, "right_square_bracket")
        await until(pilot, lambda: control.sees(LEAD).page == first)
        await press(pilot, "right_square_bracket")
        await until(pilot, lambda: control.sees(LEAD).page == second)
        await shows(pilot, f"▶ {HOT_WASH_PAGES[1][1]}")
        await press(pilot, "home", "enter")
        await until(pilot, lambda: control.sees(LEAD).page == "")
        assert isinstance(pilot.app.screen, HotWashControlScreen)


# all of them


@pytest.mark.parametrize("key", ["p", "t", "s", "q", "m", "j", "g", "l", "u"])
async def test_each_page_has_help_and_a_way_back(key: str) -> None:
    """Protects a first-time controller: help from every page, and esc from there to the main screen."""
    async with at(room(), key) as pilot:
        page = pilot.app.screen
        await press(pilot, "f1")
        await on_top(pilot, HelpScreen)
        await press(pilot, "escape")
        assert pilot.app.screen is page
        depth = len(pilot.app.screen_stack)
        await press(pilot, "escape")
        assert len(pilot.app.screen_stack) == depth - 1


@pytest.mark.parametrize("key", ["p", "t", "s", "q", "m", "j"])
async def test_a_refusal_is_said_in_words(key: str) -> None:
    """Protects against silence: while nothing gets through, every page says so at its top."""
    control = room()
    async with at(control, key) as pilot:
        control.trouble = "The hub does not answer."
        await shows(pilot, "The hub does not answer.")


@pytest.mark.parametrize("ended", [False, True], ids=["before-startex", "after-endex"])
async def test_every_page_opens_in_the_lobby_and_after_the_end(ended: bool) -> None:
    """Protects the two ends of the day: people are seated before STARTEX, and all can be looked back at after ENDEX."""
    control = room(started=ended)
    if ended:
        control.given(EndExercise())
    async with at(control) as pilot:
        main = pilot.app.screen
        for key in ("p", "t", "s", "q", "m", "j", "g", "l", "u"):
            await press(pilot, key)
            assert pilot.app.screen is not main
            if key == "p":
                await shows(pilot, "2 at Averne: Police liaison")
            if key == "s":
                await press(pilot, "enter")
                await on_top(pilot, LookScreen)
                assert ended or "You are on duty." in flat(pilot)
            while pilot.app.screen is not main:
                depth = len(pilot.app.screen_stack)
                await press(pilot, "escape")
                await until(pilot, lambda depth=depth: len(pilot.app.screen_stack) < depth)
