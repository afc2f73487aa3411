"""How the console's pages about people look, at a projector's size and in an ordinary window."""

from __future__ import annotations

from typing import Any

import asking
import pytest
from console_room import DESK, LEAD, POLICE, asked_centre, press, room, settled
from screens import at_both_sizes, still
from textual.pilot import Pilot

from exercise.core.commands import PauseClock, WriteNote
from exercise.core.control.commands import Claim
from exercise.core.teamwork.commands import Say
from exercise.tui.console.app import ConsoleApp

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]

PAGES: dict[str, tuple[str, ...]] = {
    "people": ("p", "down", "down", "down"),
    "move": ("p", "down", "down", "down", "m"),
    "codes": ("t", "s"),
    "big-code": ("t", "enter"),
    "qr": ("t", "enter", "q"),
    "seats": ("s",),
    "looked-at": ("s", "down", "down", "enter"),
    "board": ("q",),
    "request": ("q", "enter"),
    "as-actor": ("q", "a"),
    "messages": ("m",),
    "notes": ("j",),
    "about": ("j", "ctrl+t"),
    "marks": ("g",),
    "curtain": ("m", "ctrl+b"),
    "before-endex": ("l",),
}


def lively() -> ConsoleApp:
    """A room in the middle of a move, with its clock stopped, so that each look at it is the same."""
    control = room()
    control.change("p-1", connected=False)
    control.change("p-2", doing="writing a request")
    control.given(
        asked_centre(),
        asking.send("preservation", 1, seat=LEAD, matter="host", content=asking.FULL, deadline=4 * 3600, urgent=True),
        asking.send("ping", 1, seat=DESK),
        Claim(what="actor:centre", who="Vera"),
        Say(seat=LEAD, to="averne", text="Shall we warn them?"),
        Say(seat=DESK, to="facilitator", text="Our line is down."),
        Say(to="all", text="Welcome. Ten minutes to read."),
        WriteNote(text="They asked whom to call before they called anybody.", about="warn-early", who="Vera"),
        WriteNote(seat="observer", text="The police sit alone."),
        WriteNote(seat=POLICE, text="We wait."),
    )
    control.pass_(300).given(PauseClock())
    app = ConsoleApp(control)
    app.animation_level = "none"
    return app


@pytest.mark.parametrize("name", PAGES)
@at_both_sizes
def test_picture_of_a_page_about_people(snap_compare: Any, size: tuple[int, int], name: str) -> None:
    """Protects how these pages look; look at the report before a changed picture is taken over."""

    async def go(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await press(pilot, *PAGES[name])
        await pilot.pause()
        await settled(pilot)

    assert snap_compare(lively(), terminal_size=size, run_before=go)
