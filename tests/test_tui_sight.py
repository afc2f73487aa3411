"""What must not be out of sight on a small screen: notices whole, the keys that work, what is new, what binds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fake_client import ANSWERED, FakeTable
from fake_requests import asking_app, asking_table, came, every_step, sit_down
from request_walk import seen, take, to_board
from screens import picture, still, until
from textual.app import App, ComposeResult
from textual.content import Content

from exercise.core.commands import SetAside
from exercise.core.requests.kinds import Handling, Purpose, Tlp
from exercise.core.requests.views import RequestStep
from exercise.core.teamwork.commands import Say
from exercise.tui.app import ExerciseApp
from exercise.tui.screens.answered import AnsweredScreen
from exercise.tui.screens.compose import EntryScreen, KindScreen, MatterScreen
from exercise.tui.screens.compose_check import CheckRequestScreen
from exercise.tui.screens.compose_form import ComposeScreen
from exercise.tui.screens.confirm import ConfirmScreen
from exercise.tui.screens.play import PlayScreen
from exercise.tui.screens.request import RequestScreen
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.request_words import at_party

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]

SMALL = (80, 24)


def rows_of(app: App[Any]) -> list[str]:
    """The screen, line by line."""
    return picture(app).splitlines()


async def test_a_request_says_at_each_step_what_is_being_written() -> None:
    """Protects whoever is led through a request: kind and addressee stay in sight, what is missing is told apart, and
    a notice wants no answer by a time."""
    app = asking_app(asking_table())
    async with app.run_test(size=SMALL, notifications=True, tooltips=True) as pilot:
        await to_board(pilot)
        await pilot.press("w")
        await came(pilot, KindScreen)
        await take(pilot, "preservation")
        await came(pilot, EntryScreen)
        await seen(pilot, "Preservation of stored data  →")
        await take(pilot, "1")
        await came(pilot, MatterScreen)
        await seen(pilot, "Preservation of stored data  →  Belmark 24/7")
        assert "• Preservation of stored data" in picture(app), "which kinds raise the matter"
        await take(pilot, "host")
        await came(pilot, ComposeScreen)
        assert app.screen.query("#by")
        await pilot.press("ctrl+s")
        await came(pilot, CheckRequestScreen)
        await seen(pilot, "Missing: Authority; Offence")
        assert "To Belmark 24/7\n" in "\n".join(row.strip("│ ") for row in rows_of(app))
        await pilot.press("escape", "escape", "escape", "escape")
        await came(pilot, KindScreen)
        await take(pilot, "warning")
        await pilot.press("enter", "enter")
        await came(pilot, ComposeScreen)
        assert app.screen.query("#urgent") and not app.screen.query("#by")


def test_a_party_is_named_once() -> None:
    """Protects from "Belcora, Belcora": an entry whose own name says whose it is needs no second word of it."""
    assert at_party("Belcora", "Belcora") == "Belcora"
    assert at_party("Response team of Belcora", "Belcora") == "Response team of Belcora"
    assert at_party("Duty desk", "Belcora") == "Duty desk, Belcora"


async def test_behind_a_question_no_key_is_offered_that_does_nothing() -> None:
    """Protects whoever looks at the foot of the screen: under a question it shows the question's keys alone."""
    table = FakeTable()
    app = ExerciseApp(table=table)
    async with app.run_test(size=SMALL, notifications=True, tooltips=True) as pilot:
        await until(pilot, lambda: isinstance(app.screen, PlayScreen))
        await seen(pilot, "d Decide")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await seen(pilot, "F1 Help")
        hint, keys = rows_of(app)[-2:]
        assert not hint.strip() and "esc Back" in keys and "Decide" not in keys
        await pilot.press("escape")
        await seen(pilot, "d Decide")


async def test_what_is_said_is_read_whole() -> None:
    """Protects notices on 80 columns: one that is longer than a line takes more lines, and gives them back."""
    app = ExerciseApp(table=FakeTable())
    async with app.run_test(size=SMALL, notifications=True, tooltips=True) as pilot:
        await until(pilot, lambda: isinstance(app.screen, PlayScreen))
        play = app.screen
        assert isinstance(play, PlayScreen)
        foot = play.query_one("#foot")
        play.say("T+1:05: " + "Averne has one new message and one new decision, and so has Belcora. " * 3 + "The end.")
        await seen(pilot, "The end.")
        assert foot.size.height > 2
        play.say("")
        await until(pilot, lambda: foot.size.height == 2)


class Growing(App[None]):
    """A list of which only a part is in sight."""

    def compose(self) -> ComposeResult:
        yield Choices(tells_new=True)


def numbered(*numbers: int) -> list[tuple[str, Content]]:
    return [(f"n{number}", Content(f"Row {number}")) for number in numbers]


async def test_a_list_that_grows_says_what_came_out_of_sight() -> None:
    """Protects whoever reads an older row: it stays where it is, and what came above or below is told until seen."""
    app = Growing()
    async with app.run_test(size=(40, 10)) as pilot:
        rows = app.query_one(Choices)
        rows.focus()
        rows.show(numbered(*range(20, 0, -1)))
        await pilot.pause()
        rows.choose("n5")
        await pilot.pause()
        before = [row[:38] for row in rows_of(app)]
        rows.show(numbered(0, *range(22, 0, -1), 30, 31, 32))
        await pilot.pause()
        # "n0" is above as well: what counts is where it stands, not its name.
        assert rows.out_of_sight == "↑ 3 new: home  ↓ 3 new: end" and [row[:38] for row in rows_of(app)] == before
        await pilot.press("home")
        await until(pilot, lambda: rows.out_of_sight == "↓ 3 new: end")
        await pilot.press("end")
        await until(pilot, lambda: rows.out_of_sight == "")
        # Where the newest is in sight, one sees it come, and is not told of it.
        await pilot.press("home")
        rows.show(numbered(40, 0, *range(22, 0, -1), 30, 31, 32))
        await pilot.pause()
        assert rows.out_of_sight == "" and "Row 40" in rows_of(app)[0] and rows.chosen == "n0"


async def test_the_inbox_says_what_came_in_above() -> None:
    """Protects the play screen: new messages above the part of the inbox that is read are told on its frame."""
    table = FakeTable()
    app = ExerciseApp(table=table)
    async with app.run_test(size=SMALL, notifications=True, tooltips=True) as pilot:
        await until(pilot, lambda: isinstance(app.screen, PlayScreen))
        await pilot.press("end")
        await seen(pilot, "Message 1")
        for _ in range(6):
            await pilot.press("n")
        await seen(pilot, "↑ 6 new: home")
        assert "Doubled cards in use since" in picture(app), "the message that is read stays in sight"
        await pilot.press("home")
        await seen(pilot, "Message 10")
        await until(pilot, lambda: "new: home" not in picture(app))


async def test_new_words_do_not_tear_away_from_older_ones() -> None:
    """Protects whoever reads what was said before: a new line is told on the frame, and read by going to the end."""
    table = asking_table()

    def say(text: str) -> None:
        table.submit(Say(seat="belmark", play=0, to="averne", text=text))

    for number in range(12):
        say(f"Word {number} of Belmark")
    app = asking_app(table)
    async with app.run_test(size=SMALL, notifications=True, tooltips=True) as pilot:
        await sit_down(pilot)
        await pilot.press("m")
        await seen(pilot, "Word 11 of Belmark")
        say("The newest word")
        await seen(pilot, "The newest word")
        app.screen.query_one("#lines").focus()
        await pilot.press("home")
        await seen(pilot, "Word 0 of Belmark")
        say("Another word")
        await seen(pilot, "↓ new: end")
        assert "Word 0 of Belmark" in picture(app)
        await pilot.press("end")
        await seen(pilot, "Another word")
        await until(pilot, lambda: "↓ new" not in picture(app))


async def test_conditions_are_read_before_all_else() -> None:
    """Protects whoever is asked to accept conditions: on the smallest screen they stand above what the request says."""
    bound = Handling(tlp=Tlp.RED, purpose=Purpose.DEFENCE, words="Do not name us.")
    said = RequestStep("conditional", 900, 90, "Belcora", "We hand them over on Friday.")
    asked = every_step()[0]
    asked = replace(asked, status="conditional", may=("take-conditions",), conditions=bound, steps=(said,))
    table = FakeTable()
    table.client("averne").change(requests=(asked,))
    client = table.client("averne")
    app = ExerciseApp(lambda: RequestScreen(client, 1, live=False, now=lambda: 0.0))
    async with app.run_test(size=SMALL, notifications=True, tooltips=True) as pilot:
        await seen(pilot, "Yours to accept or decline: TLP:RED")
        top = "\n".join(rows_of(app)[3:9])
        assert "stays with your team alone" in top and "Do not name us." in top
        assert "They say: We hand them over on Friday." in "\n".join(rows_of(app)[:14])


async def test_what_was_set_aside_is_come_back_to() -> None:
    """Protects a team that set something aside: that it has still to tell and to come back stands where its tasks are,
    until it has, and not before the story has moved on."""
    aside = (SetAside(commitment="se-p7", why="There is no time", limits="One hour"),)
    assert ANSWERED.answer is not None
    half = replace(ANSWERED, answer=replace(ANSWERED.answer, set_aside=aside, followed_up=()))
    table = FakeTable()
    client = table.client("averne")
    read = tuple(replace(item, read=True) for item in client.now.inbox)
    client.change(decisions=(half,), inbox=read, requests=())
    app = ExerciseApp(table=table)
    async with app.run_test(size=SMALL, notifications=True, tooltips=True) as pilot:
        await until(pilot, lambda: isinstance(app.screen, PlayScreen))
        await seen(pilot, "o: 1 to come back to")
        assert "You set something aside: press o" in picture(app)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, AnsweredScreen))
        await seen(pilot, "○ whom you told is not said")
        assert "○ not come back to" in picture(app)
        await pilot.press("u", *"Bank", "enter")
        await until(pilot, lambda: "○ whom you told is not said" not in picture(app))
        assert "○ not come back to" in picture(app) and client.now.to_come_back_to
        await pilot.press("r", *"Ended", "enter")
        await until(pilot, lambda: "○" not in picture(app))
    assert not client.now.to_come_back_to
    client.clock(play=ANSWERED.answer.play)
    client.change(decisions=(half,))
    assert not client.now.to_come_back_to, "in the minute of the choice there is nothing to come back to"
