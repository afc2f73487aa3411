"""The evaluators' screens: sitting down, judging occasion by occasion, changing, adding, rating, planning, settling."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from evaluated import desk_of, ended_session, marks
from piloting import SIZES, shown, still, text_of, until
from textual.pilot import Pilot
from textual.widgets import Button, Input, TextArea

from exercise.core.evaluation import commands as ec
from exercise.core.script import Grade
from exercise.errors import CommandRejected
from exercise.session.evaluating import LocalDesk, sit_down
from exercise.session.session import Session
from exercise.session.table import LocalTable
from exercise.tui.evaluation.adding import AddScreen
from exercise.tui.evaluation.answering import AnswerMarkScreen
from exercise.tui.evaluation.app import EvaluationApp
from exercise.tui.evaluation.differences import DifferencesScreen
from exercise.tui.evaluation.judge import JudgeScreen
from exercise.tui.evaluation.marks import EvaluationMarksScreen
from exercise.tui.evaluation.plan import PlanScreen, RowScreen
from exercise.tui.evaluation.ratings import RatingsScreen, WordsScreen
from exercise.tui.evaluation.reading import ReadScreen, RecordScreen
from exercise.tui.evaluation.reason import ReasonScreen
from exercise.tui.screens.help import HelpScreen
from exercise.tui.screens.mark import MarkScreen

WHY = "It came a day too late."


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    still(monkeypatch)
    monkeypatch.setattr(TextArea, "_toggle_cursor_blink_visible", lambda self: None)


@pytest.fixture
def session() -> Session:
    """An exercise after ENDEX."""
    return ended_session()


@asynccontextmanager
async def at(desk: LocalDesk | None, size: tuple[int, int] = (80, 24), **more: Any) -> AsyncIterator[Pilot[Any]]:
    """The evaluators' program at a desk."""
    app = EvaluationApp(desk, **more)
    app.animation_level = "none"
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await pilot.pause()
        yield pilot


def on(pilot: Pilot[Any], screen: type) -> Callable[[], bool]:
    """Whether this screen is in front."""
    return lambda: isinstance(pilot.app.screen, screen)


async def write(pilot: Pilot[Any], text: str) -> None:
    """Puts a text where one is asked for, and keeps it."""
    await until(pilot, on(pilot, ReasonScreen))
    pilot.app.screen.query_one(TextArea).text = text
    await pilot.pause()
    await pilot.press("ctrl+s")


async def finish(desk: LocalDesk, *, lower: int = 0) -> None:
    """Judges every mark, the first so many lower, and finishes."""
    for number, one in enumerate(desk.view().unjudged()):
        grade = one.mark.grade if number >= lower else Grade.NEGLECTED
        await desk.submit(ec.JudgeMark(mark=one.id, grade=grade, reason=WHY))
    await desk.submit(ec.FinishEvaluation())


async def test_sitting_down_asks_until_it_can_be_done(session: Session) -> None:
    """Protects the first step: a refusal is said in words, what was written stays, and then the marks open."""

    def enter(name: str, delegation: str) -> LocalDesk:
        if delegation == "closed":
            raise CommandRejected("closed", "That body does not evaluate here.")
        return sit_down(session, name, delegation)

    async with at(None, enter=enter, here=("Teams: [/ Averne.",)) as pilot:
        await pilot.press("ctrl+s")
        assert "who sends you" in text_of(pilot)
        screen = pilot.app.screen
        screen.query_one("#enrol-delegation", Input).value = "closed"
        await pilot.press("enter", "A", "n", "a", "enter")
        await until(pilot, lambda: "does not evaluate here" in text_of(pilot))
        assert "Teams: [/ Averne." in text_of(pilot)
        screen.query_one("#enrol-delegation", Input).value = "Averne"
        await pilot.press("ctrl+s")
        await until(pilot, on(pilot, EvaluationMarksScreen))
        assert session.state.evaluation.evaluators["evaluator/averne"].name == "Ana"


@pytest.mark.parametrize("key", ["enter", "ctrl+s"])
async def test_who_came_in_by_the_form_leaves_without_a_fault(session: Session, key: str) -> None:
    """Protects the way out: the form behind the marks closes with them, however it was sent."""
    async with at(None, enter=lambda name, delegation: sit_down(session, name, delegation)) as pilot:
        pilot.app.screen.query_one("#enrol-delegation", Input).value = "Averne"
        await pilot.press("enter", key)
        await until(pilot, on(pilot, EvaluationMarksScreen))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, EvaluationMarksScreen))


@pytest.mark.parametrize("size", SIZES)
async def test_occasion_by_occasion_to_the_end(session: Session, size: tuple[int, int]) -> None:
    """Protects the half hour of an evaluator: one key confirms an occasion and leads on, until nothing waits."""
    desk = desk_of(session, "averne")
    async with at(desk, size) as pilot:
        assert f"0 of {len(marks())} marks" in text_of(pilot)
        await pilot.press("u")
        await until(pilot, on(pilot, JudgeScreen))
        assert "What the text asks" in text_of(pilot) or "Proposed" in text_of(pilot)
        for _ in desk.view().dossier.occasions():
            await pilot.press("c")
            await pilot.pause()
        await until(pilot, lambda: not desk.view().unjudged())
        await until(pilot, lambda: "Every mark is judged" in text_of(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: f"{len(marks())} of {len(marks())} marks" in text_of(pilot))


async def test_what_was_judged_is_named_in_quotation_marks(session: Session) -> None:
    """Protects the line below: a title with a comma or a question mark does not run into the words around it."""
    desk = desk_of(session, "averne")
    async with at(desk, (120, 40)) as pilot:
        await pilot.press("enter")
        await until(pilot, on(pilot, JudgeScreen))
        first = desk.view().dossier.occasions()[0]
        title = desk.view().dossier.clauses[first.marks[0].mark.commitment].title
        await pilot.press("enter")
        await until(pilot, lambda: f"Confirmed, “{title}”." in text_of(pilot))
        await pilot.press("c")
        await until(pilot, lambda: f"confirmed: {first.name}, “{first.title}”." in text_of(pilot))


async def test_changing_a_mark_asks_why_and_keeps_what_was_half_written(session: Session) -> None:
    """Protects words: a reason that was left waits for the next time, and a change without one is not taken."""
    desk = desk_of(session, "averne")
    async with at(desk) as pilot:
        await pilot.press("enter")
        await until(pilot, on(pilot, JudgeScreen))
        one = pilot.app.screen.one  # type: ignore[attr-defined]
        key = "b" if one.mark.grade is not Grade.BREACHED else "n"
        await pilot.press(key)
        await until(pilot, on(pilot, ReasonScreen))
        await pilot.press("s", "o", "ctrl+s")
        assert "3 words or more" in text_of(pilot)
        await pilot.press("escape")
        await until(pilot, on(pilot, JudgeScreen))
        assert not desk.view().standing.mine
        await pilot.press(key)
        await until(pilot, on(pilot, ReasonScreen))
        assert pilot.app.screen.query_one(TextArea).text == "so"
        await write(pilot, WHY)
        await until(pilot, lambda: one.id in desk.view().standing.mine)
        assert desk.view().standing.mine[one.id].reason == WHY
        await pilot.press("escape", "w")
        await until(pilot, lambda: "[not judged]" in text_of(pilot))


async def test_not_applicable_and_enter_for_one_mark_alone(session: Session) -> None:
    """Protects the two other answers: this one mark only, and that the clause does not apply."""
    desk = desk_of(session, "averne")
    async with at(desk) as pilot:
        await pilot.press("enter")
        await until(pilot, on(pilot, JudgeScreen))
        await pilot.press("enter")
        await until(pilot, lambda: len(desk.view().standing.mine) == 1)
        await pilot.press("x")
        await write(pilot, WHY)
        await until(pilot, lambda: len(desk.view().standing.mine) == 2)
        grades = [row.grade for row in desk.view().standing.mine.values()]
        assert grades[1] is None and grades[0] is not None


async def test_what_the_team_knew_is_read_beside_a_mark(session: Session) -> None:
    """Protects the record: it opens by a key on a small screen, stands beside the text on a wide one, and is read."""
    desk = desk_of(session, "averne")
    async with at(desk) as pilot:
        await pilot.press("enter", "k")
        await until(pilot, on(pilot, RecordScreen))
        assert "STARTEX" in text_of(pilot)
        await pilot.press("enter")
        await until(pilot, on(pilot, ReadScreen))
        assert "of the log" in text_of(pilot)
    async with at(desk, (120, 40)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: "STARTEX" in text_of(pilot))


async def test_adding_a_mark_step_by_step(session: Session) -> None:
    """Protects what the program missed: team, clause, entries, grade, reason; found by words, one step back by esc."""
    desk = desk_of(session, "averne")
    async with at(desk) as pilot:
        await pilot.press("a")
        await until(pilot, on(pilot, AddScreen))
        await pilot.press("enter")
        await until(pilot, lambda: "Under which clause" in text_of(pilot))
        pilot.app.screen.query_one(Input).value = "se-p9a"
        await pilot.pause()
        pilot.app.screen.query_one(Input).focus()
        await pilot.press("enter", "space")
        await until(pilot, on(pilot, ReadScreen))
        await pilot.press("escape", "enter")
        await until(pilot, lambda: "Which entries" in text_of(pilot))
        await pilot.press("ctrl+s")
        assert "at least one" in text_of(pilot)
        await pilot.press("enter", "down", "enter", "ctrl+s")
        await until(pilot, lambda: "How does it stand" in text_of(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "Which entries" in text_of(pilot))
        await pilot.press("ctrl+s", "down", "enter")
        await write(pilot, WHY)
        await until(pilot, on(pilot, EvaluationMarksScreen))
        (added,) = desk.view().standing.added
        assert (added.team, added.commitment, added.grade) == ("averne", "se-p9a", Grade.PARTLY)
        assert added.entries == (1, 2)


async def test_rating_by_one_key_with_the_suggestion_apart(session: Session) -> None:
    """Protects ratings: people rate, by one key each; what the marks suggest is said to be a suggestion."""
    desk = desk_of(session, "averne")
    async with at(desk, (120, 40)) as pilot:
        await pilot.press("r")
        await until(pilot, on(pilot, RatingsScreen))
        assert "Only a suggestion" in text_of(pilot)
        await pilot.press("e")
        assert "Rate it first" in text_of(pilot)
        await pilot.press("m")
        await until(pilot, lambda: desk.view().standing.rating("early") is not None)
        await pilot.press("e")
        await until(pilot, on(pilot, WordsScreen))
        await pilot.press("F", "a", "s", "t", "escape")
        await until(pilot, on(pilot, RatingsScreen))
        await pilot.press("e")
        await until(pilot, on(pilot, WordsScreen))
        await pilot.press("ctrl+s")
        await until(pilot, on(pilot, RatingsScreen))
        given = desk.view().standing.rating("early")
        assert given is not None and (given.rating, given.strengths) == ("M", "Fast")
        await pilot.press("backspace")
        await until(pilot, lambda: desk.view().standing.rating("early") is None)


async def test_what_was_written_in_lines_is_read_in_lines(session: Session) -> None:
    """Protects an evaluator's notes: three strengths are three in the list as they are in the report, one is a line."""
    desk = desk_of(session, "averne")
    three = "- Word was sent early.\n- The *desk* was asked.\n\nNobody waited."
    await desk.submit(ec.Rate(objective="early", rating="S", strengths=three, improvements="Ask sooner."))
    async with at(desk, (120, 40)) as pilot:
        await pilot.press("r")
        await until(pilot, on(pilot, RatingsScreen))
        rows = [row.strip() for row in text_of(pilot).splitlines()]
        first = next(place for place, row in enumerate(rows) if row.endswith("• Strengths:"))
        for row, said in zip(
            rows[first + 1 :], ("Word was sent early.", "The *desk* was asked.", "Nobody waited."), strict=False
        ):
            assert row.endswith(f"• {said}")
        assert rows[first + 4].endswith("• Areas for improvement: Ask sooner.")


async def test_a_rating_is_typed_as_it_is_read(session: Session) -> None:
    """Protects raters who press the capital that stands everywhere: S rates as s does."""
    desk = desk_of(session, "averne")
    async with at(desk) as pilot:
        await pilot.press("r")
        await until(pilot, on(pilot, RatingsScreen))
        await pilot.press("S")
        await until(pilot, lambda: desk.view().standing.rating("early") is not None)
    given = desk.view().standing.rating("early")
    assert given is not None and given.rating == "S"


async def test_rows_of_the_improvement_plan(session: Session) -> None:
    """Protects the plan: rows are written, changed and taken out, and what was begun waits."""
    desk = desk_of(session, "averne")
    async with at(desk) as pilot:
        await pilot.press("i")
        await until(pilot, on(pilot, PlanScreen))
        await pilot.press("n")
        await until(pilot, on(pilot, RowScreen))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "names an area or an action" in text_of(pilot))
        await pilot.press("G", "a", "p", "escape", "n")
        await until(pilot, lambda: on(pilot, RowScreen)() and pilot.app.screen.query_one("#row-area", Input).value)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: [row.area for row in desk.view().standing.plan] == ["Gap"])
        await until(pilot, on(pilot, PlanScreen))
        await pilot.press("delete")
        await until(pilot, lambda: pilot.app.screen.query("#yes"))
        pilot.app.screen.query_one("#yes", Button).press()
        await until(pilot, lambda: not desk.view().standing.plan)


async def test_two_evaluators_finish_and_settle_what_they_differ_on(session: Session) -> None:
    """Protects the end of the pass: finishing says what is left, differences lie side by side, settling needs words."""
    ana, ben = desk_of(session, "averne", "Ana"), desk_of(session, "University", "Ben")
    await finish(ana)
    for one in ben.view().unjudged()[:2]:
        await ben.submit(ec.JudgeMark(mark=one.id, grade=Grade.NEGLECTED, reason=WHY))
    async with at(ben, (120, 40)) as pilot:
        await pilot.press("d")
        assert on(pilot, EvaluationMarksScreen)(), "nothing is laid open yet"
        await pilot.press("f")
        await until(pilot, lambda: "marks are not judged" in text_of(pilot))
        pilot.app.screen.query_one("#yes", Button).press()
        await until(pilot, lambda: ben.view().standing.all_finished)
        await until(pilot, lambda: "d: what you differ on" in text_of(pilot))
        await pilot.press("d")
        await until(pilot, on(pilot, DifferencesScreen))
        await until(pilot, lambda: "Ana" in text_of(pilot) and WHY in text_of(pilot))
        await pilot.press("p")
        await write(pilot, "We both saw the second call.")
        await until(pilot, lambda: bool(ben.view().standing.settled))
        assert "Settled" in text_of(pilot)


async def test_after_finishing_nothing_is_judged_by_a_slip(session: Session) -> None:
    """Protects the marks: keys that judge do nothing once an evaluator has finished, and going on is asked for."""
    ana = desk_of(session, "averne", "Ana")
    desk_of(session, "University", "Ben")
    await finish(ana)
    number = len(session.entries)
    async with at(ana) as pilot:
        await pilot.press("enter")
        await until(pilot, on(pilot, JudgeScreen))
        await pilot.press("c", "n", "x", "enter")
        assert on(pilot, JudgeScreen)() and len(session.entries) == number
        await pilot.press("escape", "f")
        await until(pilot, lambda: "Go on evaluating" in text_of(pilot))
        pilot.app.screen.query_one("#yes", Button).press()
        await until(pilot, lambda: not ana.view().standing.finished)


async def test_a_team_answers_a_mark_from_the_hot_wash(session: Session) -> None:
    """Protects a team's word: it is written beside the mark, kept half-written, and stands there once it is given."""
    table = LocalTable(session, ("averne",), {})
    client = table.client("averne")
    mark = next(mark for mark in marks() if mark.team == "averne")
    other = next(mark for mark in marks() if mark.team == "belmark")

    def screen() -> MarkScreen:
        return MarkScreen(mark, session.reference, "Averne", None, client=client)

    async with shown(screen) as pilot:
        await pilot.press("a")
        await until(pilot, on(pilot, AnswerMarkScreen))
        await pilot.press("W", "e", "escape", "a")
        await until(pilot, lambda: on(pilot, AnswerMarkScreen)() and pilot.app.screen.query_one(TextArea).text == "We")
        pilot.app.screen.query_one(TextArea).text = "We rang twice [/."
        await pilot.pause()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "We rang twice [/." in text_of(pilot) and on(pilot, MarkScreen)())
        assert client.view().answered == ((mark.id, "We rang twice [/."),)
        pilot.app.push_screen(MarkScreen(other, session.reference, "Belmark", None, client=client))
        await pilot.press("a")
        assert on(pilot, MarkScreen)(), "another team's mark is not answered"


async def test_every_page_has_help(session: Session) -> None:
    """Protects people who are here for the first time: ? explains each page in plain words."""
    desk = desk_of(session, "averne")
    async with at(desk) as pilot:
        for keys in ((), ("enter",), ("r",)):
            await pilot.press(*keys, "f1")
            await until(pilot, on(pilot, HelpScreen))
            await pilot.press("escape", *(("escape",) if keys else ()))
            await until(pilot, on(pilot, EvaluationMarksScreen))


def test_hostile_words_stay_words(session: Session) -> None:
    """Protects the terminal: what evaluators and teams write is shown as it is, never as markup of the screens."""
    ana, ben = desk_of(session, "averne", "[/ Ana [b]"), desk_of(session, "[@click=app.quit]x[/]", "Ben")
    hostile = "[/ [@click=app.quit]x[/] **bold _it `code \\["

    async def go() -> None:
        for desk in (ana, ben):
            for number, one in enumerate(desk.view().unjudged()):
                grade = Grade.PARTLY if (number % 2 == 0) == (desk is ana) else Grade.NEGLECTED
                await desk.submit(ec.JudgeMark(mark=one.id, grade=grade, reason=hostile))
            await desk.submit(ec.Rate(objective="early", rating="S", strengths=hostile))
            await desk.submit(ec.WriteAction(area=hostile, action=hostile, owner=hostile))
            await desk.submit(ec.FinishEvaluation())
        async with at(ana) as pilot:
            await pilot.press("enter")
            await until(pilot, lambda: "click=app.quit" in text_of(pilot))
            for key in ("r", "i", "d"):
                await pilot.press("escape", key)
                await until(pilot, lambda: "click=app.quit" in text_of(pilot))

    asyncio.run(go())
