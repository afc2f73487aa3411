"""What people write: pasted, undone, too long, or begun and left; none of it ends the program or is lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from fake_client import DILEMMA, FakeTable
from request_walk import take
from screens import picture, still, until
from test_tui_mouse import came
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from exercise.tui.app import ExerciseApp
from exercise.tui.screens.answer import AnswerScreen
from exercise.tui.screens.answered import AnsweredScreen
from exercise.tui.screens.aside import AsideScreen
from exercise.tui.screens.confirm import AskScreen, ConfirmScreen
from exercise.tui.screens.decision import DecisionScreen
from exercise.tui.screens.journal import JournalScreen
from exercise.tui.screens.picker import PickerScreen
from exercise.tui.screens.play import PlayScreen
from exercise.tui.screens.review import ReviewScreen

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]

SMALL: Any = {"size": (80, 24), "notifications": True, "tooltips": True}
LONG = "We weigh it 🙂\tcarefully. שלום\r\nand a second line\r\n" * 100


async def writing(pilot: Pilot[Any]) -> AnswerScreen:
    """The form of the dilemma's answer, with its second option."""
    await came(pilot, PlayScreen)
    pilot.app.screen._open_decision(DILEMMA.id)  # type: ignore[attr-defined]
    await came(pilot, DecisionScreen)
    await take(pilot, "watch", "list")
    await came(pilot, AnswerScreen)
    screen = pilot.app.screen
    assert isinstance(screen, AnswerScreen)
    return screen


async def paste(pilot: Pilot[Any], text: str) -> None:
    pilot.app.post_message(Paste(text))
    await pilot.pause()


async def test_a_long_paste_can_be_undone() -> None:
    """Protects the whole game: to undo a paste that had brought a scrollbar ended the program."""
    app = ExerciseApp(table=FakeTable())
    async with app.run_test(**SMALL) as pilot:
        reason = (await writing(pilot)).query_one("#reason", TextArea)
        await paste(pilot, LONG)
        assert reason.document.line_count > 100 and reason.show_vertical_scrollbar
        await pilot.press("ctrl+z")
        await until(pilot, lambda: not reason.text and not reason.show_vertical_scrollbar)
        await pilot.press("ctrl+y", "x")
        await until(pilot, lambda: reason.document.line_count > 100)


async def test_what_is_too_long_is_told_with_its_length_and_kept() -> None:
    """Protects a long reason: how much too long it is is said, and it stands there to be cut."""
    app = ExerciseApp(table=FakeTable())
    async with app.run_test(**SMALL) as pilot:
        reason = (await writing(pilot)).query_one("#reason", TextArea)
        reason.text = "x" * 4200
        await pilot.press("ctrl+s")
        await came(pilot, ReviewScreen)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "“reason” has 4200 characters" in picture(app))
        await pilot.press("escape")
        await came(pilot, AnswerScreen)
        assert len(reason.text) == 4200


async def test_a_paste_into_a_line_loses_nothing() -> None:
    """Protects words brought from elsewhere: several lines become one, and what does not fit is told."""
    app = ExerciseApp(table=FakeTable())
    async with app.run_test(**SMALL) as pilot:
        await came(pilot, PlayScreen)
        await pilot.press("j")
        await came(pilot, JournalScreen)
        line = app.screen.query_one(Input)
        await paste(pilot, "first\r\nsecond\tthird\r\n")
        assert line.value == "first second third"
        await paste(pilot, "y" * 5000)
        await until(pilot, lambda: "characters were left out" in picture(app))
        assert len(line.value) == 4000


async def test_a_line_begun_is_there_again() -> None:
    """Protects who is called away: the journal's line and what is set aside are kept though `esc` was pressed, and
    are gone once taken."""
    app = ExerciseApp(table=FakeTable())
    async with app.run_test(**SMALL) as pilot:
        await came(pilot, PlayScreen)
        for _time in range(2):
            await pilot.press("j")
            await came(pilot, JournalScreen)
            if not app.screen.query_one(Input).value:
                await pilot.press(*"ab")
            else:
                assert app.screen.query_one(Input).value == "ab"
            await pilot.press("escape")
            await came(pilot, PlayScreen)

        form = await writing(pilot)
        for again in (False, True):
            form.query_one("#aside").focus()
            await pilot.press("enter")
            await came(pilot, PickerScreen)
            await pilot.press("enter")
            await came(pilot, AsideScreen)
            why = app.screen.query_one("#why", Input)
            assert why.value == ("so" if again else "")
            await pilot.press(*("" if again else "so"))
            await pilot.press(*(("enter", "enter", "enter") if again else ("escape",)))
            await came(pilot, AnswerScreen)
        assert [aside.why for aside in form._draft.set_aside] == ["so"]
        assert not any(name.startswith("+aside") for _session, _seat, name in app.words)


async def test_what_was_done_later_is_kept_while_it_is_written() -> None:
    """Protects a follow-up that was begun: it is there again until it was sent, and then no more."""
    app = ExerciseApp(table=FakeTable())
    async with app.run_test(**SMALL) as pilot:
        await came(pilot, PlayScreen)
        await pilot.press("o")
        await came(pilot, AnsweredScreen)
        for written in ("", "us"):
            await pilot.press("u")
            await came(pilot, AskScreen)
            assert app.screen.query_one(Input).value == written
            await pilot.press(*("us" if not written else ""), "enter" if written else "escape")
            await came(pilot, AnsweredScreen)
        await until(pilot, lambda: "Noted." in picture(app))
        await pilot.press("u")
        await came(pilot, AskScreen)
        assert not app.screen.query_one(Input).value


async def test_leaving_says_what_is_not_kept() -> None:
    """Protects who quits over a half-written answer: the game is kept, unsent words are not, and both are said."""
    app = ExerciseApp(table=FakeTable())
    async with app.run_test(**SMALL) as pilot:
        await came(pilot, PlayScreen)
        await pilot.press("ctrl+q")
        await came(pilot, ConfirmScreen)
        assert "not sent" not in picture(app)
        await pilot.press("escape")
        (await writing(pilot)).query_one("#reason", TextArea).text = "half"
        await pilot.pause()
        await pilot.press("ctrl+q")
        await came(pilot, ConfirmScreen)
        await until(pilot, lambda: "begun to write and not sent is not kept" in picture(app))
        await pilot.press("escape")
        await pilot.press("ctrl+c")
        await pilot.pause()
        app.screen.query_one("#back").focus()
        await pilot.press("ctrl+c")
        await until(pilot, lambda: "ctrl+q leaves the program" in picture(app))


def test_no_form_takes_the_library_s_own_field_for_many_lines() -> None:
    """Protects whoever writes at length, at any desk: only our own can be undone without ending the program."""
    folder = Path(__file__).parent.parent / "exercise" / "tui"
    taken = {path.name for path in folder.rglob("*.py") if re.search(r"\bTextArea\(", path.read_text("utf-8"))}

    assert not taken and list(folder.rglob("writing.py"))
