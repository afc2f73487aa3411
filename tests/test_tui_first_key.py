"""A key that is pressed in the very moment a screen is painted first does what the screen says that it does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from asking import FULL, answer, send
from console_room import asked_centre, at, flat, room
from evaluated import desk_of, ended_session
from fake_requests import asking_app, asking_table, came, lively_table
from given import decision, option
from request_walk import take, to_board
from screens import still, until
from test_tui_evaluation import finish
from test_tui_survey import Desk, app_on, at_hot_wash, opened
from textual.app import App
from textual.events import Key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from exercise.core.commands import ChooseResponse, WriteNote
from exercise.core.evaluation.commands import JudgeMark
from exercise.core.teamwork.commands import Say
from exercise.session.table import LocalTable
from exercise.tui.app import ExerciseApp
from exercise.tui.console.hotwash import HotWashControlScreen
from exercise.tui.console.marks import MarksScreen
from exercise.tui.console.notes import NotesScreen
from exercise.tui.console.people import PeopleScreen
from exercise.tui.console.requests_board import BoardRequestScreen, BoardScreen
from exercise.tui.console.talk import TalkScreen
from exercise.tui.console.tickets import TicketsScreen
from exercise.tui.evaluation.app import EvaluationApp
from exercise.tui.evaluation.differences import DifferencesScreen
from exercise.tui.evaluation.judge import JudgeScreen
from exercise.tui.evaluation.plan import PlanScreen
from exercise.tui.evaluation.ratings import RatingsScreen
from exercise.tui.evaluation.reading import RecordScreen
from exercise.tui.screens.answering import AnswerRequestScreen
from exercise.tui.screens.fulfilling import FulfilScreen
from exercise.tui.screens.hotwash import HotWashScreen
from exercise.tui.screens.mending import MendScreen
from exercise.tui.screens.request import RequestScreen
from exercise.tui.survey.sheet import SurveyScreen
from exercise.tui.widgets.scorecard_table import ScorecardTable

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]


def at_first_sight(app: App[Any], kind: type[Screen[Any]], *keys: str) -> Callable[[], bool]:
    """Press keys as soon as a screen of this kind is painted for the first time; says whether that has come about."""
    paint, left = app._display, list(keys)

    def painted(screen: Screen[Any], drawn: Any) -> None:
        paint(screen, drawn)
        if drawn is not None and isinstance(screen, kind):
            while left:
                key = left.pop(0)
                pressed = Key(key, key if len(key) == 1 else None)
                pressed.set_sender(app)
                app.post_message(pressed)

    app._display = painted  # type: ignore[method-assign]
    return lambda: not left


async def at_rest(pilot: Pilot[Any]) -> None:
    """Until all has been done that the screen on top had put off until it was painted."""
    await pilot.pause()
    for _ in range(2):
        done = asyncio.Event()
        pilot.app.screen.call_after_refresh(done.set)
        await done.wait()
        await pilot.pause()


async def opens(pilot: Pilot[Any], how: str | Screen[Any], kind: type[Screen[Any]], *keys: str) -> Any:
    """Open a screen by a key or by itself, with these keys pressed at first sight of it; gives the screen."""
    pressed = at_first_sight(pilot.app, kind, *keys)
    if isinstance(how, str):
        await pilot.press(how)
    else:
        pilot.app.push_screen(how)
    await until(pilot, pressed)
    await at_rest(pilot)
    return next(screen for screen in reversed(pilot.app.screen_stack) if isinstance(screen, kind))


# Exercise control


@pytest.mark.parametrize(
    ("key", "kind", "goes_to"),
    [
        ("p", PeopleScreen, "person"),
        ("t", TicketsScreen, "doors"),
        ("q", BoardScreen, "marked"),
        ("m", TalkScreen, "lines"),
        ("g", MarksScreen, "mark"),
    ],
)
async def test_tab_leads_on_and_nobody_is_taken_back(key: str, kind: type[Screen[Any]], goes_to: str) -> None:
    """Protects going on at once from a list to what is read beside it: the list does not take the focus again."""
    control = room()
    control.given(asked_centre())
    async with at(control, size=(120, 40)) as pilot:
        screen = await opens(pilot, key, kind, "tab")
        assert screen.focused.id == goes_to


async def test_tab_leads_on_to_the_course_of_a_request() -> None:
    """Protects the same where one request between others is read."""
    control = room()
    control.given(asked_centre())
    async with at(control, "q", size=(120, 40)) as pilot:
        screen = await opens(pilot, "enter", BoardRequestScreen, "tab")
        assert screen.focused.id == "course"


async def test_a_note_is_begun_at_once() -> None:
    """Protects the first letters of a note, which used to go to the list of notes."""
    async with at(room()) as pilot:
        screen = await opens(pilot, "j", NotesScreen, "w", "e")
        assert screen.query_one("#words", Input).value == "we"


async def test_what_is_said_of_the_hot_wash_can_be_scrolled_at_once() -> None:
    """Protects reading on before ENDEX: the list that is not shown does not have the keys."""
    async with at(room(), size=(50, 12)) as pilot:
        screen = await opens(pilot, "l", HotWashControlScreen, "end")
        assert screen.query_one("#wait").scroll_y > 0


async def test_whoever_reads_an_earlier_note_is_not_torn_away_from_it() -> None:
    """Protects reading back while observers write: the marked note stays, and at the last one the list goes along."""
    control = room()
    for number in range(4):
        control.given(WriteNote(seat="facilitator", text=f"Note {number}"))
    async with at(control, "j") as pilot:
        screen: Any = pilot.app.screen
        rows = screen.query_one("#notes")
        rows.focus()
        await pilot.press("up", "up")
        assert rows.chosen == "n1"
        control.given(WriteNote(seat="facilitator", text="One more"))
        await until(pilot, lambda: rows.option_count == 5)
        await at_rest(pilot)
        assert rows.chosen == "n1"
        await pilot.press("end")
        control.given(WriteNote(seat="facilitator", text="The last"))
        await until(pilot, lambda: rows.chosen == "n5")


async def test_whoever_reads_what_was_said_before_is_not_torn_away_from_it() -> None:
    """Protects reading back in a conversation while people talk; whoever is at its end goes along."""
    control = room()
    for number in range(30):
        control.given(Say(seat="facilitator", to="all", text=f"Line {number}"))
    async with at(control, "m") as pilot:
        screen: Any = pilot.app.screen
        lines = screen.query_one("#lines")
        await until(pilot, lambda: lines.scroll_offset.y == lines.max_scroll_y > 0)
        lines.focus()
        await pilot.press("home")
        control.given(Say(seat="facilitator", to="all", text="One more"))
        await until(pilot, lambda: "One more" in lines.text)
        await at_rest(pilot)
        assert lines.scroll_offset.y == 0 and "new: end" in flat(pilot)
        await pilot.press("end")
        control.given(Say(seat="facilitator", to="all", text="The last"))
        await until(pilot, lambda: "The last" in flat(pilot))
        assert "new: end" not in flat(pilot)


async def test_a_row_that_is_done_with_leaves_the_mark_beside_it() -> None:
    """Protects working down a list: a row that goes hands its mark to the next one, and at the end to the one above."""
    control = room(decisions=[decision(f"d{n}", option("now"), option("wait")) for n in range(6)])
    async with at(control, "d") as pilot:
        screen: Any = pilot.app.screen
        rows = screen.query_one("#decisions-list")
        await pilot.press("o", "home", "down", "down", "down")
        keys = [row.id for row in rows.options]
        for gone, then in ((3, 4), (4, 5), (5, 2)):
            assert rows.chosen == keys[gone]
            done = ChooseResponse(seat="averne/lead", decision=keys[gone], revision=1, option="now", reason="So it is.")
            control.given(done)
            await until(pilot, lambda gone=gone: keys[gone] not in [row.id for row in rows.options])
            await at_rest(pilot)
            assert rows.chosen == keys[then]
        assert f"Decide on {keys[2]}" in str(screen.query_one("#decisions-detail").border_title)


# Requests


async def to_request(pilot: Pilot[Any], number: int) -> None:
    """Open a request of the first team's board."""
    await to_board(pilot)
    await take(pilot, str(number), "board")
    await came(pilot, RequestScreen)
    await at_rest(pilot)


async def test_a_gap_is_named_at_once() -> None:
    """Protects asking back: the first row can be ticked as soon as it is seen."""
    table = asking_table()
    table.submit(send("preservation", 1, seat="belmark", subject="A phone", content={"authority": "Police"}))
    async with asking_app(table).run_test(size=(80, 24)) as pilot:
        await to_request(pilot, 1)
        screen = await opens(pilot, "b", AnswerRequestScreen, "enter")
        assert len(screen.draft.missing) == 1
        rows = screen.query_one("#missing")
        assert screen.can_view_entire(rows), "what has the focus is in sight"


async def test_what_is_handed_over_is_written_at_once() -> None:
    """Protects the first letters in the form by which a request is carried out."""
    table = asking_table()
    table.submit(send("preservation", 1, seat="belmark", subject="A phone", content=FULL))
    table.submit(answer(1, "accept", seat="averne", days=90))
    async with asking_app(table).run_test(size=(80, 24)) as pilot:
        await to_request(pilot, 1)
        screen = await opens(pilot, "f", FulfilScreen, "w", "e")
        assert screen.draft.text == "we"


async def test_what_was_missing_is_written_at_once() -> None:
    """Protects the first letters in the form by which a gap is filled."""
    async with asking_app(lively_table()).run_test(size=(80, 24)) as pilot:
        await to_request(pilot, 1)
        screen = await opens(pilot, "m", MendScreen, "w", "e")
        assert screen.draft.content == {"offence": "we"}


# Evaluators


@pytest.mark.parametrize("kind", [PlanScreen, RatingsScreen, DifferencesScreen])
async def test_tab_leads_evaluators_on_to_the_text(kind: type[Screen[Any]]) -> None:
    """Protects going on at once from the list to the text beside it: the list does not take the focus again."""
    desk = desk_of(ended_session(), "averne")
    async with EvaluationApp(desk).run_test(size=(80, 24)) as pilot:
        screen = await opens(pilot, kind(desk), kind, "tab")
        assert screen.focused is not None and screen.focused is not screen.query_one("Reader").rows


async def test_enter_confirms_the_mark_that_waits() -> None:
    """Protects what was judged already: the first row that waits is marked from the beginning."""
    desk = desk_of(ended_session(), "averne")
    occasion = next(o for o in desk.view().dossier.occasions() if len(o.marks) > 1)
    first, then = occasion.marks[:2]
    await desk.submit(JudgeMark(mark=first.id, grade=first.mark.grade))
    async with EvaluationApp(desk).run_test(size=(80, 24)) as pilot:
        names = tuple(o.id for o in desk.view().dossier.occasions())
        await opens(pilot, JudgeScreen(desk, occasion.id, names), JudgeScreen, "enter")
        await until(pilot, lambda: then.id in desk.view().standing.mine)


async def test_the_record_is_read_from_its_end_at_once() -> None:
    """Protects reading what led to an act: the latest entry is marked from the beginning."""
    desk = desk_of(ended_session(), "averne")
    view = desk.view()
    one = view.unjudged()[-1]
    record = view.dossier.record(one)
    async with EvaluationApp(desk).run_test(size=(80, 12)) as pilot:
        screen = await opens(pilot, RecordScreen(record, ()), RecordScreen, "up")
        rows = screen.query_one("#rec")
        assert rows.highlighted == len(record) - 2
        assert rows._marked_line() is not None, "the marked row is in sight"


# The hot wash, and the survey


@pytest.mark.parametrize("section", ["scorecard", "decisions"])
async def test_whoever_reads_the_hot_wash_keeps_their_place_when_marks_change(section: str) -> None:
    """Protects readers from evaluators who finish meanwhile: card, row and focus stay, the marks are new."""
    session = ended_session()
    desk, table = desk_of(session, "averne"), LocalTable(session, ("averne",), {})
    async with ExerciseApp(lambda: HotWashScreen(table.client("averne"), table)).run_test(size=(80, 24)) as pilot:
        await opened(pilot, HotWashScreen)
        screen: Any = pilot.app.screen
        if section == "scorecard":
            await pilot.press("v", "b", "down", "down", "down")
        else:
            await pilot.press("4", "down")
        rows = screen.focused
        before, team = rows.chosen, screen.query_one(ScorecardTable).team
        marks = screen.query_one(ScorecardTable).assessment.marks
        assert rows.highlighted
        await finish(desk, lower=3)
        screen.tell_changed()
        await until(pilot, lambda: screen.query_one(ScorecardTable).assessment.marks != marks)
        await at_rest(pilot)
        assert screen.focused is rows and rows.chosen == before
        assert screen.query_one(ScorecardTable).team == team


async def test_two_answers_in_a_row_are_two_answers() -> None:
    """Protects who answers fast: the second number is for the second question, and does not change the first."""
    table = at_hot_wash(Desk())
    async with app_on(table).run_test(size=(80, 24)) as pilot:
        await opened(pilot, HotWashScreen)
        await opens(pilot, "u", SurveyScreen, "3", "4")
        assert pilot.app.screen.focused is pilot.app.screen.query_one("#q2")
