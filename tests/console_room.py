"""A room for tests of the console's pages about people: two teams with roles, and bodies that control plays."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asking
from controlling import DirectControl
from given import Row, decision, option
from screens import picture, until
from textual.pilot import Pilot
from textual.screen import Screen

from exercise.core.scenario import Scenario
from exercise.tui.console.app import ConsoleApp

LEAD, POLICE, LAW, MISSION, DESK = "averne/lead", "averne/police", "averne/law", "belmark/lead", "belmark/desk"

TEAMS: list[Row] = [
    {
        "id": "averne",
        "name": "Republic of Averne",
        "short": "Averne",
        "about": "A coast.",
        "profile": [{"instrument": "budapest-convention"}],
        "roles": [
            {"id": "lead", "name": "Head of delegation", "leads": True},
            {"id": "police", "name": "Police liaison"},
            {"id": "law", "name": "Legal adviser"},
        ],
        "directory": [
            {"name": "Belmark 24/7", "party": "belmark", "channel": "phone", "via": "contact-24-7"},
            {"name": "Police centre", "party": "centre", "channel": "network", "via": "contact-24-7"},
        ],
    },
    {
        "id": "belmark",
        "name": "Kingdom of Belmark",
        "short": "Belmark",
        "about": "A plain.",
        "roles": [{"id": "lead", "name": "Head of mission"}, {"id": "desk", "name": "Duty officer"}],
        "directory": [{"name": "Averne 24/7", "party": "averne", "channel": "phone", "via": "contact-24-7"}],
    },
]
OBJECTIVES: list[Row] = [
    {"id": "warn-early", "title": "Neighbours warn each other early"},
    {"id": "rights", "title": "Rights are weighed before data move"},
]


def world(**more: Any) -> Scenario:
    """Averne may ask Belmark, and a police centre that control plays; one decision is open for Averne."""
    tell = decision("tell", option("now"), option("wait"))
    return asking.world(**({"teams": TEAMS, "objectives": OBJECTIVES, "decisions": [tell]} | more))


def room(*, started: bool = True, **more: Any) -> DirectControl:
    """Three people of Averne, of whom two are at one seat; nobody at Belmark; an observer."""
    control = DirectControl(world(**more))
    control.join("Ana", LEAD, door="ssh")
    control.join("Bo", POLICE, door="browser")
    control.join("Ciro", POLICE)
    control.join("Olga", kind="observer")
    return control.started() if started else control


def asked_centre(number: int = 2) -> Any:
    """Averne asks the police centre to preserve data, with all that is demanded."""
    return asking.send("preservation", number, seat=LEAD, content=asking.FULL, subject="The host's data")


@asynccontextmanager
async def at(control: DirectControl, *keys: str, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[Any]]:
    """The console, on the page that these keys lead to from its main screen."""
    app = ConsoleApp(control)
    app.animation_level = "none"
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await settled(pilot)
        for key in keys:
            await press(pilot, key)
        yield pilot


async def settled(pilot: Pilot[Any]) -> None:
    """Until the screen on top stands and has the focus where it wants it."""
    await until(pilot, lambda: pilot.app.screen.is_mounted and pilot.app.screen.focused is not None)
    await pilot.pause()


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """These keys, each after the one before has done its work."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause()
        await settled(pilot)


async def shows(pilot: Pilot[Any], *texts: str) -> None:
    """Wait until all of these stand on the screen."""
    await until(pilot, lambda: all(text in flat(pilot) for text in texts))


def flat(pilot: Pilot[Any]) -> str:
    """What stands on the screen, with every gap as one space."""
    return " ".join(picture(pilot.app).replace("│", " ").replace("\u00a0", " ").split())


async def on_top(pilot: Pilot[Any], kind: type[Screen[Any]]) -> None:
    """Wait until a screen of this kind is on top."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.is_mounted)
    await settled(pilot)


async def mark(pilot: Pilot[Any], list_id: str, row: str) -> None:
    """Go down a list with the arrow until this row is marked."""
    rows = pilot.app.screen.query_one(f"#{list_id}")
    seen: Callable[[], str | None] = lambda: getattr(rows, "chosen")  # noqa: B009, E731
    for _ in range(60):
        if seen() == row:
            return
        await pilot.press("down")
        await pilot.pause()
    raise AssertionError(f"no row {row}; marked is {seen()}")
