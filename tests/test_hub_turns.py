"""Whose screen is painted when: one after the other, after a key that somebody waits to see, without long halts."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from doorways import Entry, Paper, Standing, until
from textual.widgets import Input

from exercise.hub import turns
from exercise.hub.collecting import leave_out, search_all
from exercise.hub.doorway import Terminal
from exercise.hub.sessions import Session, Sessions
from exercise.hub.turns import Turns

DEAD_KEY, MOUSE_PASSES = b"\x1b[20~", b"\x1b[<35;3;3M"
"""F9, which means nothing to the small app, and the mouse over a cell with no button pressed."""


class Screen:
    """A screen that is painted when a test says so."""

    def __init__(self) -> None:
        self.begun = 0
        self.done = asyncio.Event()

    async def catch_up(self) -> None:
        self.begun += 1
        await self.done.wait()


@asynccontextmanager
async def two_people() -> AsyncIterator[tuple[Sessions, Session, Session]]:
    """Two who are in, at the small app, with nothing blinking that would be drawn meanwhile."""
    sessions, opener = Sessions(), Standing()
    people = [Session(sessions, Entry(opener, "x"), Paper(), Terminal()) for _ in range(2)]
    tasks = [asyncio.create_task(session.run()) for session in people]
    for session in people:
        await until(lambda session=session: frames(session) > 0 and session._app is not None, "the first screen")
        assert session._app is not None
        session._app.query_one(Input).cursor_blink = False
    # What is drawn after the first frame, such as the mark of where one types, is no echo.
    looks = [-1]

    def calm() -> bool:
        looks.append(sum(map(frames, people)))
        return looks[-5:] == [looks[-1]] * 5

    await until(calm, "nothing more drawn")
    try:
        yield sessions, people[0], people[1]
    finally:
        for session in people:
            session.end()
        await asyncio.wait(tasks)


def frames(session: Session) -> int:
    """How many frames somebody has got."""
    return session._driver.frames if session._driver is not None else 0


async def test_screens_are_painted_one_after_the_other() -> None:
    """Protects a key's echo from a row of repaints at once: the next begins when the one before is done."""
    row, screens = Turns(), [Screen() for _ in range(3)]
    for screen in [*screens, screens[1], screens[2]]:
        row.ask(screen)
    await asyncio.sleep(0)
    assert [screen.begun for screen in screens] == [1, 0, 0]

    row.forget(screens[1])
    screens[0].done.set()
    await until(lambda: screens[2].begun, "the third one's turn")
    assert [screen.begun for screen in screens] == [1, 0, 1]
    screens[2].done.set()


async def test_nobodys_turn_begins_while_a_key_is_to_show() -> None:
    """Protects the order: whoever types is answered first, then the row goes on where it stood."""
    row, first, second = Turns(), Screen(), Screen()
    row.ask(first)
    await asyncio.sleep(0)
    row.hold()
    row.ask(second)
    first.done.set()
    for _ in range(5):
        await asyncio.sleep(0)
    assert (first.begun, second.begun) == (1, 0)

    row.go_on()
    await asyncio.sleep(0)
    assert second.begun == 1
    second.done.set()


async def test_others_are_told_news_once_a_key_has_shown() -> None:
    """Protects who types while something changes for all: their letter stands there before others are painted."""
    async with two_people() as (_, typist, other):
        before = frames(typist)
        drawn_when_told: list[int] = []
        typist.feed(b"a")
        other.turn(lambda: drawn_when_told.append(frames(typist)))
        await until(lambda: drawn_when_told, "the other's turn")

        assert drawn_when_told[0] > before


async def test_key_that_shows_nothing_keeps_nobody_waiting_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects all others from whoever leans on a key that does nothing, and from a mouse that is moved about."""
    monkeypatch.setattr(turns, "ECHO_WITHIN", 0.02)
    async with two_people() as (sessions, idle, other):
        told: list[bool] = []
        idle.feed(DEAD_KEY)
        assert sessions.turns._held is not None
        other.turn(lambda: told.append(True))
        assert not told
        await until(lambda: told, "the other's turn")

        idle.feed(DEAD_KEY)
        assert sessions.turns._held is None
        other.feed(MOUSE_PASSES)
        assert sessions.turns._held is None


async def test_screens_that_stand_are_not_searched_for_garbage() -> None:
    """Protects everybody's keys: what fifty people's screens consist of is not looked through again and again."""
    frozen = gc.get_freeze_count()
    async with two_people() as (_, one, _):
        await until(lambda: gc.get_freeze_count() > frozen, "screens that are left out")
        app: Any = one._app
        searched = {id(each) for each in gc.get_objects()}
        assert id(app) not in searched
        assert id(app.query_one(Input)) not in searched


def test_what_was_left_out_is_found_when_it_is_garbage() -> None:
    """Protects memory over a long day: a circle that was left out goes with the next search through everything."""

    class Ring:
        def __init__(self) -> None:
            self.me = self

    ring = Ring()
    seen = weakref.ref(ring)
    leave_out()
    del ring
    gc.collect()
    assert seen() is not None

    search_all()
    assert seen() is None
