"""What a change draws: only what differs, and yet exactly what a terminal drawn from the beginning would show."""

from __future__ import annotations

import inspect
from typing import Any

import pyte
import pytest
from doorways import Paper, driven, until
from given import decision, inject, scenario
from hosted import HostedTable
from textual._compositor import Compositor
from textual.app import App, ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList

from exercise.core.commands import PauseClock
from exercise.core.control.commands import WriteInject
from exercise.hub.doorway import Terminal
from exercise.hub.terminal_driver import TerminalDriver
from exercise.tui.app import ExerciseApp
from exercise.tui.drawing import LineCompositor
from exercise.tui.hosted import HostedApp
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.screens.hosted_play import HostedPlayScreen
from exercise.tui.widgets.choices import Choices, Lines


class Seen:
    """A terminal's screen, cell by cell, with its colours."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._fed = 0

    def look(self, paper: Paper, begin: int | None = None) -> list[str]:
        """What stands there after all that was written since the last look, or from `begin`."""
        self._stream.feed(bytes(paper.written[self._fed if begin is None else begin :]))
        self._fed = len(paper.written)
        return [
            "".join(f"{cell.data}|{cell.fg}|{cell.bg}|{cell.bold}|{cell.underscore} " for cell in cells)
            for cells in ([row[x] for x in range(self._screen.columns)] for row in self._rows())
        ]

    def _rows(self) -> list[Any]:
        return [self._screen.buffer[y] for y in range(self._screen.lines)]


def message(number: int) -> WriteInject:
    """A new message with a subject that takes one line or several."""
    title = f"Number {number}" if number % 2 else f"Number {number}, whose subject is longer than a line of the list"
    return WriteInject(
        seat="facilitator", sender="Desk", channel="e-mail", to=("averne",), title=title, text="It has happened."
    )


async def settle(app: ExerciseApp, paper: Paper) -> None:
    """Until nothing is drawn any more."""
    quiet, written = 0, -1
    while quiet < 6:
        done: list[bool] = []
        app.screen.call_after_refresh(done.append, True)
        await until(lambda done=done: done, "a drawing")
        quiet, written = (quiet + 1 if len(paper.written) == written else 0), len(paper.written)


async def whole(app: ExerciseApp, paper: Paper, size: tuple[int, int]) -> tuple[list[str], int]:
    """What a terminal shows that is drawn anew, and how many bytes that takes."""
    begin = len(paper.written)
    app.refresh()
    await until(lambda: len(paper.written) > begin, "the whole screen")
    await settle(app, paper)
    return Seen(size).look(paper, begin), len(paper.written) - begin


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_is_drawn_line_by_line_is_what_a_terminal_drawn_whole_shows(size: tuple[int, int]) -> None:
    """Protects every screen: drawing less must not leave anything old standing, whatever happens one after another."""
    table = HostedTable(played=scenario(inject("call", at="T+0:00"), decision("leak", at="T+0:00")))
    table.startex()
    # Where the clock stands, nothing changes but by what happens here.
    table.control(PauseClock(seat="facilitator"))
    app = HostedApp(table=table)
    async with driven(app, Terminal(size=size)) as (driver, paper):
        seen = Seen(size)
        await until(lambda: "Inbox" in paper.text, "the play screen")

        async def same(after: str) -> None:
            await settle(app, paper)
            now = seen.look(paper)
            fresh, _ = await whole(app, paper, size)
            # The second line, or the third below a notice, has the clock, which runs on meanwhile.
            assert [now[0], *now[3:]] == [fresh[0], *fresh[3:]], after
            seen.look(paper)

        await same("coming in")
        for number in range(14):
            table.control(message(number))
            await same(f"message {number}")
            press(driver, ("i", "\x1b[B", "\x1b[A", "\r")[number % 4])
            await same(f"key {number}")
        for keys in ("?", "\x1b[B", "\x1b", "f", "f", "s", "\x1b[B", "s", "d", "\x1b", "\t", "\t"):
            press(driver, keys)
            if keys == "\x1b":
                # It may be the beginning of a longer key, so it is waited for.
                await until(lambda: isinstance(app.screen, HostedPlayScreen), "the play screen")
            table.control(message(20))
            await same(f"key {keys!r}")
        for trouble, said in (("the line is cut", "the line is cut"), ("", "Connected again")):
            begin = len(paper.written)
            table.switch(trouble=trouble)
            await until(lambda begin=begin, said=said: said.encode() in paper.written[begin:], said)
            await same(said)


def press(driver: TerminalDriver, keys: str) -> None:
    """Somebody presses a key."""
    driver.feed(keys.encode())


async def test_new_message_draws_a_part_of_the_screen() -> None:
    """Protects a room of fifty: what stays the same is not drawn again when something comes."""
    size = (120, 40)
    table = HostedTable()
    table.startex()
    app = HostedApp(table=table)
    async with driven(app, Terminal(size=size)) as (_, paper):
        await until(lambda: "Inbox" in paper.text, "the play screen")
        table.control(message(1))
        await settle(app, paper)
        _, all_of_it = await whole(app, paper, size)
        begin = len(paper.written)

        table.control(message(3))
        await until(lambda: b"Number 3" in paper.written[begin:], "the message")
        await settle(app, paper)
        drawn = len(paper.written) - begin

        table.tell()
        await settle(app, paper)

    assert drawn < all_of_it / 3
    assert len(paper.written) - begin - drawn < 200, "nothing has changed"


class Rows(App[None]):
    """A screen with one list."""

    def compose(self) -> ComposeResult:
        yield Choices(id="rows")


def row(number: int, words: str = "") -> tuple[str, Lines]:
    """A row of two lines."""
    return (str(number), Lines(("● ", Content(f"row {number}")), ("  ", Content(words or "as it is"))))


async def test_row_stays_marked_and_in_its_place_when_others_come() -> None:
    """Protects whoever reads: a row keeps its mark, and nobody hears of a new mark, when rows come above it."""
    app = Rows()
    heard: list[Any] = []
    async with app.run_test(size=(40, 10), message_hook=heard.append) as pilot:
        rows = app.screen.query_one(Choices)
        rows.show([row(2), row(1)])
        rows.focus()
        await pilot.press("down")
        await pilot.pause()
        heard.clear()
        option = rows.get_option("1")

        rows.show([row(4), row(3), row(2), row(1, "other words")])
        await pilot.pause()
        assert rows.chosen == "1"
        assert rows.highlighted == 3
        assert rows.get_option("2") is not option
        assert rows.get_option("1") is not option, "it says something else"
        assert not [it for it in heard if isinstance(it, OptionList.OptionHighlighted)]

        rows.show([row(4)])
        await pilot.pause()
        assert rows.chosen == "4", "with the focus a list has a marked row"


async def test_click_takes_the_row_below_the_mouse_in_a_list_that_has_moved() -> None:
    """Protects the mouse: what was drawn of a row before it moved says nothing of where it stands now."""
    app = Rows()
    async with app.run_test(size=(40, 10)) as pilot:
        rows = app.screen.query_one(Choices)
        rows.show([row(1)])
        await pilot.pause()
        rows.show([row(3), row(2), row(1)])
        await pilot.pause()
        await pilot.click(Choices, offset=(5, 5))
        assert rows.chosen == "1"
        await pilot.click(Choices, offset=(5, 2))
        assert rows.chosen == "2"
        await pilot.click(Choices, offset=(5, 8))
        assert rows.chosen == "2", "below the rows is nothing"


def test_what_is_relied_on_of_textual() -> None:
    """Protects a change of Textual's version: the names that drawing by lines takes over are still there."""
    assert isinstance(ExerciseScreen()._compositor, LineCompositor)
    assert "self._compositor = Compositor()" in inspect.getsource(Screen.__init__)
    assert "self.render_partial_update()" in inspect.getsource(Compositor.render_update)
    for name in ("_regions_to_spans", "cuts", "visible_widgets"):
        assert hasattr(Compositor, name)
    for name in ("_update_lines", "_get_option_render", "_on_mouse_move", "_get_visual"):
        assert hasattr(OptionList, name)
