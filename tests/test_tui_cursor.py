"""Where the terminal's cursor stands, which is what screen readers and braille displays read: told by a terminal."""

from __future__ import annotations

import pyte
from doorways import Paper, driven
from fake_requests import lively_table
from test_tui_redraw import press, settle

from exercise.hub.doorway import Terminal
from exercise.hub.terminal_driver import TerminalDriver
from exercise.tui.app import ExerciseApp
from exercise.tui.screens.play import PlayScreen

SIZE = (80, 24)


async def read(app: ExerciseApp, driver: TerminalDriver, paper: Paper, keys: str) -> str:
    """The line on which the cursor stands after some keys, one after the other, up to its frame."""
    for key in keys.split():
        press(
            driver,
            {"down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "tab": "\t", "enter": "\r", "esc": "\x1b"}.get(
                key, key
            ),
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
        assert (await read(app, driver, paper, "\x13")).strip().startswith("Go back")
        assert (await read(app, driver, paper, "right")).strip().startswith("Send it")
        # What lies below had not let go of it, and gets it back.
        assert (await read(app, driver, paper, "left enter")).startswith("(●) Accept a part")
