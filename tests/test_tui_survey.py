"""The survey and the evaluators on screens: one's own sheet, several at one terminal, control's progress, and lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from console_room import at, press, room, settled, shows
from screens import picture, still, until
from test_tui_hosted import app_on, flat, opened, running, seen
from textual.pilot import Pilot
from textual.widgets import TextArea

from exercise.catalogue import load_reference
from exercise.core.cast import SurveyQuestion
from exercise.core.commands import EndExercise
from exercise.core.control.commands import TurnPage
from exercise.core.evaluation.survey import STANDARD
from exercise.errors import CommandRejected
from exercise.plain.play import play
from exercise.session.control import EvaluatorCard
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.surveying import SurveyProgress, SurveyView, checked
from exercise.session.table import LocalTable
from exercise.tui.app import ExerciseApp
from exercise.tui.console.hotwash import HotWashControlScreen
from exercise.tui.screens.confirm import ConfirmScreen
from exercise.tui.screens.hotwash import HotWashScreen
from exercise.tui.survey.scale import Scale
from exercise.tui.survey.sheet import HANDED_IN, SurveyScreen

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]

HOSTILE = "Was it [@click=app.quit]fair[/] [/ [b]?"
QUESTIONS = (*STANDARD[:2], SurveyQuestion(id="hostile", text=HOSTILE, kind="text", team="averne"))


class Desk:
    """A hub's desk without a hub."""

    shared = False

    def __init__(self) -> None:
        self.sheet: dict[str, str] = {}
        self.given: list[dict[str, str]] = []
        self.refuse: CommandRejected | None = None
        self.closed = False

    async def view(self) -> SurveyView:
        return SurveyView(QUESTIONS, bool(self.given), self.closed)

    def kept(self) -> dict[str, str]:
        return dict(self.sheet)

    def keep(self, answers: Mapping[str, str]) -> None:
        self.sheet = dict(answers)

    async def hand_in(self, answers: Mapping[str, str]) -> None:
        if self.refuse is not None:
            raise self.refuse
        checked(QUESTIONS, answers)
        self.given.append(dict(answers))

    async def progress(self) -> SurveyProgress | None:
        return None

    async def close(self, *, thin: bool = False) -> str:
        raise CommandRejected("hosted", "Exercise control closes the survey.")


def at_hot_wash(desk: Desk) -> Any:
    table = running()
    table.survey = desk  # type: ignore[attr-defined]
    table.control(EndExercise())
    return table


async def on_sheet(pilot: Pilot[Any]) -> None:
    """From the hot wash to the sheet."""
    await opened(pilot, HotWashScreen)
    await pilot.press("u")
    await opened(pilot, SurveyScreen)
    await until(pilot, lambda: isinstance(pilot.app.focused, Scale))


async def hand_in(pilot: Pilot[Any]) -> None:
    await pilot.press("ctrl+s")
    await opened(pilot, ConfirmScreen)
    await pilot.press("right", "enter")


async def test_the_cursor_stands_on_the_answer_of_a_scale() -> None:
    """Protects who reads with a screen reader: coming to a question reads what was answered, not where its line
    begins."""
    table = at_hot_wash(desk := Desk())
    desk.sheet = {"realistic": "4"}
    app = app_on(table)
    async with app.run_test(size=(80, 24)) as pilot:
        await on_sheet(pilot)
        for key, sign in (("", "4"), ("right", "5"), ("left", "4")):
            await pilot.press(*filter(None, [key]))
            await pilot.pause()
            x, y = app.cursor_position
            assert picture(app).split("\n")[y][x:].startswith(sign)


async def test_a_sheet_is_filled_in_by_keys_left_and_handed_in_once() -> None:
    """Protects whoever is no friend of computers: number keys and tab are enough, and nothing is lost by leaving."""
    table = at_hot_wash(desk := Desk())
    app = app_on(table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot, HotWashScreen)
        await seen(pilot, "u survey")
        await on_sheet(pilot)
        await seen(pilot, "kept without your name", "1/3", "could happen to us", "not answered")
        await pilot.press("4", "5", "left")
        await until(pilot, lambda: isinstance(app.focused, TextArea))
        await seen(pilot, "3/3 for your team: Was it [@click=app.quit]fair[/] [/ [b]?", "2 of 3 answered")
        await pilot.press(*"Yes.", "shift+tab", "left", "escape")
        await opened(pilot, HotWashScreen)
        assert desk.sheet == {"realistic": "4", "role": "4", "hostile": "Yes."}

        await on_sheet(pilot)
        await pilot.press("backspace")
        await seen(pilot, "2 of 3 answered", "[4]")
        await pilot.press("ctrl+s")
        await opened(pilot, ConfirmScreen)
        await seen(pilot, "Hand in 2 of 3 answers?")
        await pilot.press("enter")  # What has the focus changes nothing.
        await opened(pilot, SurveyScreen)
        desk.refuse = CommandRejected("lost", "The line is down.")
        await hand_in(pilot)
        await seen(pilot, "The line is down.")
        desk.refuse = None
        await hand_in(pilot)
        await opened(pilot, HotWashScreen)
        await seen(pilot, HANDED_IN)
        assert desk.given == [{"role": "4", "hostile": "Yes."}] and desk.sheet == {}
        await pilot.press("1")
        await seen(pilot, "enter opens a mark")
        assert "u survey" not in flat(pilot)
        await pilot.press("u")
        await seen(pilot, HANDED_IN)
        assert isinstance(app.screen, HotWashScreen)


async def test_an_empty_sheet_is_refused_in_words() -> None:
    """Protects from a sheet of nothing that counts as an answer."""
    app = app_on(at_hot_wash(Desk()))
    async with app.run_test(size=(80, 24)) as pilot:
        await on_sheet(pilot)
        await pilot.press("ctrl+s")
        await seen(pilot, "answer one question at least")


async def test_control_turns_everybody_to_the_survey_and_tears_nobody_from_it() -> None:
    """Protects a hot wash that is led: the page opens each one's sheet, and the next page waits until it is left."""
    table = at_hot_wash(desk := Desk())
    app = app_on(table)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, HotWashScreen)
        table.control(TurnPage(page="survey"))
        await opened(pilot, SurveyScreen)
        await until(pilot, lambda: isinstance(app.focused, Scale))
        await pilot.press("2")
        table.control(TurnPage(page="facts"))
        for _ in range(5):
            await pilot.pause()
        assert isinstance(app.screen, SurveyScreen)
        await pilot.press("escape")
        await opened(pilot, HotWashScreen)
        assert desk.sheet == {"realistic": "2"}


def local(store: MemoryStore) -> LocalTable:
    """A game at one terminal that has come to ENDEX."""
    from given import scenario

    session = Session.start_new(scenario(), load_reference(), store, seed=1, pace="stepped")
    session.start({})
    session.submit(EndExercise())
    return LocalTable(session, ("averne",), {})


async def test_at_one_terminal_each_has_an_own_sheet_and_f4_closes() -> None:
    """Protects local play: nobody sees the sheet before theirs, and the answers enter the log at the end."""
    table = local(store := MemoryStore())
    client = table.client("averne")
    app = ExerciseApp(lambda: HotWashScreen(client, table))
    app.animation_level = "none"
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await on_sheet(pilot)
        for number in ("1", "5"):
            await pilot.press(number)
            await hand_in(pilot)
            await opened(pilot, SurveyScreen)
            await seen(pilot, "0 of 9 answered", "Give the terminal to the next person")
            await until(pilot, lambda: isinstance(app.focused, Scale))
        await pilot.press("3", "f4")
        await seen(pilot, "half-written")
        await pilot.press("shift+tab", "backspace", "f4")
        await opened(pilot, ConfirmScreen)
        await seen(pilot, "so far: 2.", "guessed who said what")
        await pilot.press("right", "enter")
        await opened(pilot, HotWashScreen)
        await seen(pilot, "answers of 2 people")
    found = table.session.state.evaluation.survey
    assert found is not None and sorted(found["realistic"]) == ["1", "5"]
    assert store.shut_survey(table.session_id) == ()


def test_by_lines_it_is_answered_and_closed() -> None:
    """Protects those who hear the exercise read out, and scripts: question by question, with a way out."""
    table = local(MemoryStore())
    sheet = ["survey", "4", "nine", "2", "", "", "", "", "Keep it.", "", "", "yes"]
    lines = iter([*sheet, "survey", "cancel", "survey close", "no", "survey close", "yes", "survey", "quit"])
    said: list[str] = []
    play(table, lambda prompt: (said.append(prompt), next(lines))[1], said.append, piped=True)
    text = " ".join(" ".join(said).split())

    assert "1/9 The crisis was one that could happen to us." in text and "Type a number from 1 to 5" in text
    assert "Hand in 3 of 9 answers" in text and "answers are handed in" in text and "nothing was sent" in text
    assert "Only one person has answered" in text and "The survey has been closed." in text
    assert table.session.state.evaluation.survey == {
        **{question.id: () for question in STANDARD},
        **{"realistic": ("4",), "role": ("2",), "kept": ("Keep it.",)},
    }


async def test_control_sees_numbers_and_closes_it() -> None:
    """Protects anonymity at the console, and the evaluators' blindness: how many, and who has finished; no more."""
    control = room()
    control.given(EndExercise())
    control.evaluators = (EvaluatorCard("Wren", "Belmark", True), EvaluatorCard("", "University [/ of X", False))
    for name in "ab":
        control.store.hand_in(control.session.id, name, (("kept", "canary"),))
    async with at(control, "l", size=(80, 24)) as pilot:
        await shows(pilot, "2 of 3 have answered; c closes it", "Wren for Belmark ✔ finished", "… at work")
        assert isinstance(pilot.app.screen, HotWashControlScreen) and "canary" not in picture(pilot.app)
        await press(pilot, "c")
        await shows(pilot, "Close the survey?", "With fewer than 3 it can be guessed")
        await press(pilot, "right", "enter")
        await settled(pilot)
        await shows(pilot, "closed; the answers stand in the log")
        assert pilot.app.screen.check_action("close_survey", ()) is False
    assert control.session.state.evaluation.survey is not None


async def test_closing_the_doors_before_the_survey_is_warned_of() -> None:
    """Protects what people have answered: a survey left open at the end would be missing from log and report."""
    control = room()
    control.given(EndExercise())
    async with at(control, "c", size=(80, 24)) as pilot:
        await press(pilot, "X")
        await shows(pilot, "Close the doors?")
        assert "survey" not in picture(pilot.app)
        await press(pilot, "escape")
        control.store.hand_in(control.session.id, "a", (("kept", "canary"),))
        await press(pilot, "X")
        await shows(pilot, "The survey is still open.", "press c on the hot-wash page", "Type CLOSE")
