"""A team whose roles sit apart at one terminal, and a second team: what tests of team play look at."""

from __future__ import annotations

from typing import Any

from given import Row, decision, inject, option, scenario
from screens import picture, until
from textual.pilot import Pilot

from exercise.catalogue import load_reference
from exercise.core.scenario import Scenario
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.table import LocalTable
from exercise.tui.screens.handover import HandoverScreen
from exercise.tui.screens.play import PlayScreen

LEAD, POLICE, LAW, BELMARK = "averne/lead", "averne/police", "averne/law", "belmark"
NAMES = {LEAD: "Head of delegation", POLICE: "Police", LAW: "Legal adviser", BELMARK: "Kingdom of Belmark"}

TEAMS: list[Row] = [
    {
        "id": "averne",
        "name": "Republic of Averne",
        "short": "Averne",
        "about": "A coast.",
        "roles": [
            {"id": "lead", "name": "Head of delegation", "brief": "Keep calm.", "leads": True},
            {"id": "police", "name": "Police", "brief": "You have a source."},
            {"id": "law", "name": "Legal adviser", "brief": "Mind the treaty."},
        ],
    },
    {"id": "belmark", "name": "Kingdom of Belmark", "short": "Belmark", "about": "A plain."},
]


def world(mode: str = "lead", **more: Any) -> Scenario:
    """Averne has a dilemma, and its police a message of its own; Belmark has nothing to do but to talk."""
    tell = decision("tell", option("now"), option("wait"), option("ask"), mode=mode, free={}, **more)
    return scenario(inject("call"), inject("source", to=[POLICE]), tell, teams=TEAMS)


def table_for(*seats: str, played: Scenario | None = None, looks_on: bool = False) -> LocalTable:
    """These seats at one terminal, before STARTEX; bots play nobody, so that nothing moves by itself."""
    session = Session.start_new(played or world(), load_reference(), MemoryStore(), seed=1, pace="stepped")
    return LocalTable(session, seats, {}, looks_on=looks_on)


async def sit(pilot: Pilot[Any], seat: str) -> None:
    """Hand the keyboard to a seat; from the play screen, or where the game begins."""
    if isinstance(pilot.app.screen, PlayScreen):
        await pilot.press("t")
    await until(pilot, lambda: isinstance(pilot.app.screen, HandoverScreen) and pilot.app.screen.is_mounted)
    while NAMES[seat] not in " ".join(picture(pilot.app).split()):
        await pilot.press("tab")
        await pilot.pause()
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(pilot.app.screen, HandoverScreen))
    await pilot.pause()


async def begun(pilot: Pilot[Any], seat: str) -> None:
    """STARTEX, with the keyboard in the hands of one seat."""
    await sit(pilot, seat)
    await pilot.press("n")
    await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen) and pilot.app.screen.is_mounted)
    await pilot.pause()
