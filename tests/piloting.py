"""Driving a screen in a test: the app with nothing that moves by itself, and waiting for what should come about."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from exercise.tui.app import ExerciseApp

SIZES = [pytest.param((80, 24), id="80x24"), pytest.param((120, 40), id="120x40")]
HOSTILE = {
    "markup": "[/ [@click=app.quit]x[/] [b]$x \\[ **bold _it `code",
    "escapes": "\x1b]0;taken\x07\x1b[2J\x9b31m \u202egnp.exe\u202c two\nlines\tand a tab",
    "endless": "W" * 300,
    "wide": "網路危機 👩‍👩‍👧‍👦 🏳️‍🌈 مرحبا بالعالم " + "網路危機演習" * 20,
}
"""Strings that break screens which parse what they show: markup, escapes, direction marks, endless and wide words."""

MOST_WAITS = 200


def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stops what moves by itself: the blinking of a cursor, and animations."""
    monkeypatch.setattr(Input, "_toggle_cursor", lambda self: None)
    monkeypatch.setattr("textual.constants.TEXTUAL_ANIMATIONS", "none")


@asynccontextmanager
async def shown(first: Callable[[], Screen[Any]], size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[Any]]:
    """The app on a screen, with notifications and tooltips as people have them."""
    app = ExerciseApp(first)
    app.animation_level = "none"
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await pilot.pause()
        yield pilot


async def until(pilot: Pilot[Any], holds: Callable[[], object]) -> None:
    """Waits for something to hold; a test that waits in vain fails here."""
    for _ in range(MOST_WAITS):
        if holds():
            return
        await pilot.pause()
    raise AssertionError("what was waited for did not come about")


def text_of(pilot: Pilot[Any]) -> str:
    """What stands on the screen, line by line."""
    text = "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())
    return text.replace("\u00a0", " ")
