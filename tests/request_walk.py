"""The way to each screen of requests, for pictures of them and for the walk through all help."""

from __future__ import annotations

from typing import Any

from fake_requests import came, sit_down
from screens import picture, until
from textual.pilot import Pilot
from textual.widgets import TextArea

from exercise.tui.screens.against import AgainstScreen
from exercise.tui.screens.answering import AnswerRequestScreen
from exercise.tui.screens.compose import EntryScreen, KindScreen, MatterScreen
from exercise.tui.screens.compose_check import CheckRequestScreen
from exercise.tui.screens.compose_form import ComposeScreen
from exercise.tui.screens.directory import DirectoryScreen
from exercise.tui.screens.evidence import EvidenceScreen
from exercise.tui.screens.fulfilling import FulfilScreen
from exercise.tui.screens.mending import MendScreen
from exercise.tui.screens.request import RequestScreen
from exercise.tui.screens.requests import RequestsScreen


async def seen(pilot: Pilot[Any], words: str) -> None:
    """Wait for words on the screen."""
    await until(pilot, lambda: words in picture(pilot.app))


async def take(pilot: Pilot[Any], key: str, list_id: str = "rows") -> None:
    """Take a row of a list by its id, with the keyboard."""
    rows = pilot.app.screen.query_one(f"#{list_id}")
    rows.focus()
    rows.choose(key)  # type: ignore[attr-defined]
    await pilot.pause()
    await pilot.press("enter")


async def to_board(pilot: Pilot[Any]) -> None:
    """From the hidden screen to the board."""
    await sit_down(pilot)
    await pilot.press("r")
    await came(pilot, RequestsScreen)


async def _request(pilot: Pilot[Any]) -> None:
    await to_board(pilot)
    await pilot.press("enter")
    await came(pilot, RequestScreen)
    await seen(pilot, "Status waits for your answer")


async def _refusing(pilot: Pilot[Any]) -> None:
    await _request(pilot)
    await pilot.press("a")
    await came(pilot, AnswerRequestScreen)
    await take(pilot, "refuse", "answer")


async def _conditional(pilot: Pilot[Any]) -> None:
    await _request(pilot)
    await pilot.press("a")
    await came(pilot, AnswerRequestScreen)
    await take(pilot, "conditional", "answer")
    await take(pilot, "amber", "tlp")


async def _kind(pilot: Pilot[Any]) -> None:
    await to_board(pilot)
    await pilot.press("w")
    await came(pilot, KindScreen)


async def _entry(pilot: Pilot[Any]) -> None:
    await _kind(pilot)
    await take(pilot, "preservation")
    await came(pilot, EntryScreen)


async def _matter(pilot: Pilot[Any]) -> None:
    await _entry(pilot)
    await take(pilot, "1")
    await came(pilot, MatterScreen)


async def _form(pilot: Pilot[Any]) -> None:
    await _matter(pilot)
    await take(pilot, "host")
    await came(pilot, ComposeScreen)
    await until(pilot, lambda: isinstance(pilot.app.focused, TextArea))


async def _form_end(pilot: Pilot[Any]) -> None:
    await _form(pilot)
    await take(pilot, "amber", "tlp")
    pilot.app.screen.query_one("#evidence").focus()
    await pilot.pause()


async def _check(pilot: Pilot[Any]) -> None:
    await _form(pilot)
    await pilot.press("ctrl+s")
    await came(pilot, CheckRequestScreen)


async def _against(pilot: Pilot[Any]) -> None:
    await _kind(pilot)
    for key, screen in (("warning", EntryScreen), ("4", MatterScreen), ("host", ComposeScreen)):
        await take(pilot, key)
        await came(pilot, screen)
    await take(pilot, "tip", "evidence")
    await came(pilot, AgainstScreen)


async def _directory(pilot: Pilot[Any]) -> None:
    await sit_down(pilot)
    await pilot.press("c")
    await came(pilot, DirectoryScreen)
    pilot.app.screen.query_one("#rows").choose("3")  # type: ignore[attr-defined]


async def _evidence(pilot: Pilot[Any]) -> None:
    await sit_down(pilot)
    await pilot.press("e")
    await came(pilot, EvidenceScreen)


async def _mend(pilot: Pilot[Any]) -> None:
    await to_board(pilot)
    await take(pilot, "1", "board")
    await came(pilot, RequestScreen)
    await pilot.press("m")
    await came(pilot, MendScreen)
    await until(pilot, lambda: isinstance(pilot.app.focused, TextArea))


async def _fulfil(pilot: Pilot[Any]) -> None:
    await to_board(pilot)
    number = next(r.number for r in pilot.app.table.client("averne").view().requests if r.status == "accepted")  # type: ignore[attr-defined]
    await take(pilot, str(number), "board")
    await came(pilot, RequestScreen)
    await pilot.press("f")
    await came(pilot, FulfilScreen)
    await until(pilot, lambda: isinstance(pilot.app.focused, TextArea))


PICTURES = {
    "play": sit_down,
    "board": to_board,
    "request": _request,
    "refusing": _refusing,
    "conditional": _conditional,
    "kind": _kind,
    "entry": _entry,
    "matter": _matter,
    "form": _form,
    "form-end": _form_end,
    "check": _check,
    "against": _against,
    "directory": _directory,
    "evidence": _evidence,
    "mend": _mend,
    "fulfil": _fulfil,
}
