"""What the screens' tests share: still pictures, waiting for what is to be seen, and what is on the screen as text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import piloting
import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import TextArea

at_both_sizes = pytest.mark.parametrize("size", piloting.SIZES, ids=["80x24", "120x40"])
"""A projector, and an ordinary window."""


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing blinks or glides, so that the same screen gives the same picture."""
    piloting.still(monkeypatch)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(TextArea, "_toggle_cursor_blink_visible", lambda self: None)


async def until(pilot: Pilot[Any], seen: Callable[[], object], tries: int = 300) -> None:
    """Let the app work until something holds; fails with what is on the screen otherwise."""
    for _ in range(tries):
        if seen():
            return
        await pilot.pause()
    raise AssertionError("not seen; the screen shows:\n" + picture(pilot.app))


def picture(app: App[Any]) -> str:
    """The screen as lines of text, as a terminal gets it."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())
