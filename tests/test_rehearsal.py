"""A rehearsal by real clients against a real hub: one facilitator, four teams, twelve seats over all three doors."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from rehearsal_story import Rehearsal
from rehearsing_browser import browser

pytestmark = [
    pytest.mark.skipif(not browser(), reason="no Chromium here; on Debian or Ubuntu: apt install chromium"),
    pytest.mark.skipif(sys.platform == "win32", reason="the doors' processes are tried where sockets can be handed on"),
]


async def test_from_the_lobby_to_the_hot_wash(tmp_path: Path) -> None:
    """A workshop holds together: muster, words and requests both ways, lost connections, a killed hub, REAL WORLD, a
    bot for an empty team, and after ENDEX one head on every screen of a log that verifies and replays."""
    rehearsal = Rehearsal(tmp_path)
    try:
        head = await rehearsal.play(whole=False)
        await rehearsal.afterwards(head, tmp_path / "rehearsal.jsonl")
    finally:
        await rehearsal.close()
    # The clocks differ from machine to machine: what counts is that each came back, and came back by their own door.
    assert {door: len(times) for door, times in rehearsal.figures.reconnects.items()} == {
        "program": 5,
        "ssh": 5,
        "browser": 5,
    }
