"""Where the terminal's cursor stands, which is what screen readers and braille displays read: told by a terminal."""

from __future__ import annotations

import pyte
from doorways import Paper, driven
from fake_client import FakeTable
from fake_requests import lively_table
from test_tui_redraw import press, settle
from textual.widgets import TextArea

from exercise.hub.doorway import Terminal
from exercise.hub.terminal_driver import TerminalDriver
from exercise.tui.app import ExerciseApp
from exercise.tui.screens.handover import HandoverScreen
from exercise.tui.screens.play import PlayScreen

SIZE = (80, 24)


async def read(app: ExerciseApp, driver: TerminalDriver, paper: Paper, keys: str) -> str:
    """The line on which the cursor stands after some keys, one after the other, up to its frame."""
    if not keys:
        await settle(app, paper)
    for key in keys.split():
        press(
            driver,
            {
                "down": "\x1b[B",
                "up": "\x1b[A",
                "right": "\x1b[C",
                "left": "\x1b[D",
                "tab": "\t",
                "enter": "\r",
                "esc": "\x1b",
            }.get(key, key),
        )
        await settle(app, paper)
    screen = pyte.Screen(*SIZE)
    pyte.ByteStream(screen).feed(bytes(paper.written))
    return screen.display[screen.cursor.y][screen.cursor.x :]


async def test_the_cursor_stands_on_what_is_marked() -> None:
    """Protects who reads with a screen reader: board, lists of a form and buttons are read at once, and not only with
    the next change on the screen."""
    table = lively_table()
    app = ExerciseApp(lambda: PlayScreen(table, "averne"))
    async with driven(app, Terminal(size=SIZE)) as (driver, paper):
        assert (await read(app, driver, paper, "r")).startswith("●")
        assert (await read(app, driver, paper, "enter")).startswith("Preservation of stored data")
        assert "( ) Accept it" in (await read(app, driver, paper, "a"))
        assert "( ) Accept a part" in (await read(app, driver, paper, "down"))
        assert "(●) Accept a part" in (await read(app, driver, paper, "enter"))
        assert "(●) Accept it" in (await read(app, driver, paper, "up enter"))
        assert (await read(app, driver, paper, "\x13")).strip().startswith("Go back")
        assert (await read(app, driver, paper, "right")).strip().startswith("Send it")
        # What lies below had not let go of it, and gets it back.
        assert (await read(app, driver, paper, "left enter")).startswith("(●) Accept it")


async def test_the_cursor_follows_what_moves_under_a_search_and_in_a_form() -> None:
    """Protects the same reader where something else has the focus, or a form scrolls: the marked row below a search,
    the field that came into sight, and the row that a longer list pushed out of it."""
    app = ExerciseApp(table=FakeTable())
    async with driven(app, Terminal(size=SIZE)) as (driver, paper):
        await read(app, driver, paper, "d")
        assert (await read(app, driver, paper, "down down enter tab tab")).startswith("+ Add what we set aside")
        found = await read(app, driver, paper, "enter down")
        assert found.startswith("• "), "the marked row, and not the search above it"
        assert "ype words" in await read(app, driver, paper, "x \x7f"), "what is typed is read where it is typed"
        await read(app, driver, paper, "enter " + "y tab tab enter")
        assert (await read(app, driver, paper, "")).startswith("+ Add what we set aside"), "scrolled into sight"


async def test_the_cursor_stands_on_who_is_to_have_the_keyboard() -> None:
    """Protects the hand-over: a screen with nothing to choose on it is read aloud as well."""
    table = lively_table()
    app = ExerciseApp(lambda: HandoverScreen(table, "averne"))
    async with driven(app, Terminal(size=SIZE)) as (driver, paper):
        assert "Hand the keyboard to" in await read(app, driver, paper, "")


async def test_the_cursor_follows_a_field_that_the_form_scrolls_to() -> None:
    """Protects who fills in a long form unseen: the cursor stands in the field that has come into sight, at once."""
    table = lively_table()
    app = ExerciseApp(lambda: PlayScreen(table, "averne"))
    async with driven(app, Terminal(size=SIZE)) as (driver, paper):
        app.animation_level = "full"
        await read(app, driver, paper, "r w enter enter enter")
        for _field in range(2):
            press(driver, "\t")
            await settle(app, paper)
            await app.animator.wait_for_idle()
            await settle(app, paper)
            field = app.focused
            assert isinstance(field, TextArea) and app.cursor_position == field.cursor_screen_offset
