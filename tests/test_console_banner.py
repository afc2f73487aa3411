"""What the banner of the console counts: requests and messages that wait for control, and nothing else."""

from __future__ import annotations

import asking
import pytest
from console_room import LEAD, asked_centre, at, flat, mark, on_top, press, room, shows
from screens import picture, still

from exercise.core.teamwork.commands import Say
from exercise.tui.console.answer_as import ActorRequestScreen
from exercise.tui.console.banner import unread_messages, waiting_requests
from exercise.tui.console.main import MainScreen
from exercise.tui.console.people import PeopleScreen
from exercise.tui.console.talk import TalkScreen

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]


async def test_a_message_to_control_stands_in_the_banner_until_it_is_looked_at() -> None:
    """Protects a team that asks control for help: it is seen from every screen, without looking for it."""
    control = room()
    async with at(control) as pilot:
        assert "for you" not in flat(pilot)
        control.given(Say(seat=LEAD, to="facilitator", text="We need a hand."))
        await shows(pilot, "1 message for you: m")
        control.given(Say(seat=LEAD, to="facilitator", text="Hello?"), Say(seat=LEAD, to="averne", text="Among us."))
        await shows(pilot, "2 messages for you: m")
        # There m is another key, or none.
        await press(pilot, "p")
        await on_top(pilot, PeopleScreen)
        await shows(pilot, "2 messages for you")
        await press(pilot, "escape", "m")
        await on_top(pilot, TalkScreen)
        await shows(pilot, "2 messages for you")
        await mark(pilot, "threads", "control:averne")
        await press(pilot, "escape")
        await on_top(pilot, MainScreen)
        assert "for you" not in flat(pilot)
        control.given(Say(seat="facilitator", to="averne", text="On my way."))
        await pilot.pause()
        assert unread_messages(control.view(), control.teams, {}) == 2
        assert "for you" not in flat(pilot)


async def test_only_requests_that_wait_for_control_are_counted() -> None:
    """Protects the count from being overlooked: what is on its way, or a team's turn, is no work of control's."""
    control = room().given(asking.send("preservation", 1, seat=LEAD, content=asking.FULL, subject="To a team"))
    assert waiting_requests(control.view(), control.teams) == 0
    async with at(control) as pilot:
        assert "request waits" not in flat(pilot)
        control.given(asked_centre())
        await shows(pilot, "1 request waits")


async def test_a_narrow_banner_cuts_no_word() -> None:
    """Protects the first line at 80 columns: what waits is whole, and the head count gives way where all cannot be."""
    control = room().given(asked_centre(), *(Say(seat=LEAD, to="facilitator", text=f"No. {n}") for n in range(12)))
    async with at(control) as pilot:
        await shows(pilot, "request waits")
        first = picture(pilot.app).splitlines()[0]
        assert first.rstrip().endswith("12 messages for you: m · 1 request waits")
    async with at(control, size=(120, 40)) as pilot:
        await shows(pilot, "12 messages for you: m · 1 request waits · 3/3 here")


async def test_a_request_that_is_on_its_way_to_an_actor_is_said_to_be() -> None:
    """Protects whoever answers for an actor from waiting for a team that waits for them."""
    slow = [channel | ({"transit": "20m"} if channel["id"] == "contact-24-7" else {}) for channel in asking.CHANNELS]
    control = room(request_channels=slow).given(asked_centre())
    assert waiting_requests(control.view(), control.teams) == 0
    async with at(control, "q", size=(120, 40)) as pilot:
        await press(pilot, "a")
        await on_top(pilot, ActorRequestScreen)
        await shows(pilot, "It is on its way: it arrives at T+")
        control.pass_(120)
        await shows(pilot, "a: answer it.")
    assert waiting_requests(control.view(), control.teams) == 1
