"""The hot wash on a screen: scorecards with all their figures, marks with their reasons, and the texts to look up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from piloting import SIZES, shown, still, text_of, until
from played import (
    ended_player,
    new_player,
    played_assessment,
    played_reference,
    played_scenario,
)
from textual.widgets import Input

from exercise.core.assess import Assessment
from exercise.core.commands import Command, EndExercise, StartExercise
from exercise.core.marks import Mark
from exercise.core.scorecard import Counts
from exercise.core.script import Grade
from exercise.core.views import HotWashView, IndicatorView, ParticipantView
from exercise.session.autoplay import Rehearsal
from exercise.session.client import Client
from exercise.session.perspectives import FACILITATOR
from exercise.session.player import LogPlayer
from exercise.tui.app import ExerciseApp
from exercise.tui.replay.look import items
from exercise.tui.screens.commitments import CommitmentsScreen, clause_text
from exercise.tui.screens.hotwash import HotWashScreen
from exercise.tui.screens.mark import MarkScreen, mark_text
from exercise.tui.screens.replay import ReplayScreen
from exercise.tui.widgets.choice_bar import ChoiceBar
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.course_chart import draw_course
from exercise.tui.widgets.grades import SIGNS
from exercise.tui.widgets.scorecard_table import ScorecardTable


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    still(monkeypatch)


def wash() -> HotWashScreen:
    """The hot wash of the exercise played, with a replay behind it."""
    return HotWashScreen(ended_player(), player=new_player)


def rows_of(pilot: Any) -> list[str]:
    """The rows of the scorecard, whether or not they fit on the screen."""
    rows = pilot.app.screen.query_one(ScorecardTable).query_one(Choices)
    return [f"{row.prompt.left.plain} {row.prompt.right.plain}" for row in rows.options]


@pytest.mark.parametrize("size", SIZES)
async def test_opens_on_the_scorecard_with_its_counts(size: tuple[int, int]) -> None:
    """Protects the order of the hot wash: first each team's card, in the very figures of the assessment."""
    async with shown(wash, size) as pilot:
        card = played_assessment().scorecards["averne"]
        assert card.counts.text in text_of(pilot)
        assert "[1 Scorecard]" in text_of(pilot) and "no finding about any State" in text_of(pilot)
        for group in card.areas:
            if group.counts.tested:
                assert any(group.counts.text in row for row in rows_of(pilot))
        await pilot.press("v")
        assert played_assessment().scorecards["belmark"].counts.text in text_of(pilot)


async def test_every_clause_of_the_card_can_be_reached() -> None:
    """Protects against figures that hide something: tested, untested, inapplicable and observed are all there."""
    async with shown(wash) as pilot:
        rows = pilot.app.screen.query_one(ScorecardTable).query_one(Choices)
        for fold in ("observed", "not-tested", "beyond", "context", "apart"):
            rows.choose(f"fold={fold}")
            await pilot.press("enter")
        await pilot.pause()
        ids = {row.id.partition("=")[2] for row in rows.options if row.id and row.id.startswith("clause=")}
        card = played_assessment().scorecards["averne"]
        assert {clause.commitment for clause in card.clauses} | set(card.beyond) <= ids
        assert ids == set(played_reference().commitments)


async def test_grades_are_told_by_sign_and_word() -> None:
    """Protects those who see no colours: each tested clause has its grade's sign and word."""
    async with shown(wash) as pilot:
        for team in ("averne", "belmark"):
            pilot.app.screen.query_one(ScorecardTable).show_team(team)
            for clause in played_assessment().scorecards[team].clauses:
                if clause.status == "tested" and clause.grade:
                    wanted = f"{SIGNS[clause.grade]} {clause.grade.value}"
                    assert any(wanted in row and clause.title in row for row in rows_of(pilot))


async def test_by_text_instead_of_by_area() -> None:
    """Protects the second reading of the card: by instrument, with that instrument's counts."""
    async with shown(wash) as pilot:
        await pilot.press("b")
        assert pilot.app.screen.query_one(ScorecardTable).grouping == "instrument"
        group = next(g for g in played_assessment().scorecards["averne"].instruments if g.key == "osce-cbm")
        assert any("OSCE measures" in row and group.counts.text in row for row in rows_of(pilot))


async def test_capacity_findings_stand_apart_from_grades() -> None:
    """Protects the two axes: being unable is listed under means and gives no grade."""
    async with shown(wash) as pilot:
        await pilot.press("v")
        rows = rows_of(pilot)
        means = next(n for n, row in enumerate(rows) if row.startswith("Means"))
        assert "unable" in rows[means + 1] and "lacked people" in rows[means + 1]
        assert not any(grade.value in rows[means + 1] for grade in Grade)


async def test_several_marks_open_below_their_clause() -> None:
    """Protects the trail: a clause with more than one mark shows each, and each opens."""
    async with shown(wash) as pilot:
        await pilot.press("v")
        rows = pilot.app.screen.query_one(ScorecardTable).query_one(Choices)
        rows.choose("clause=bc-15")
        await pilot.press("enter")
        assert sum("T+1:40" in row for row in rows_of(pilot)) == 2
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, MarkScreen))


async def test_a_mark_tells_its_reason_and_leads_to_its_moment() -> None:
    """Protects traceability: from a grade to its clause, its reason, its steps, its entry, and there in the replay."""
    async with shown(wash, (120, 40)) as pilot:
        pilot.app.screen.query_one(ScorecardTable).query_one(Choices).choose("clause=os-pp3")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, MarkScreen))
        text = text_of(pilot)
        for part in ("◐ partly", "Proposed: ○ neglected", "Raised one step", "It named no legal basis", "T+0:36"):
            assert part in text
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReplayScreen))
        await until(pilot, lambda: "entry 38 of 69" in text_of(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, HotWashScreen))


class EndedSeat:
    """Belmark's seat after ENDEX, as a client has it."""

    seat = "belmark/lead"
    reference = played_reference()

    def view(self) -> ParticipantView:
        return ended_player().view("belmark")

    def hot_wash(self) -> HotWashView | None:
        return ended_player().hot_wash()

    def assessment(self) -> Assessment | None:
        return played_assessment()

    async def submit(self, command: Command) -> None:
        raise AssertionError("the hot wash asks for nothing")

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        return lambda: None


async def test_opens_on_the_own_teams_card_for_a_seat() -> None:
    """Protects a participant's first look: the own team's card, by the same screen that a replay opens."""
    client: Client = EndedSeat()
    async with shown(lambda: HotWashScreen(client)) as pilot:
        assert "[Belmark]" in text_of(pilot) and "Hot wash of Small Leak" in text_of(pilot)


async def test_without_a_log_there_is_no_way_into_the_replay() -> None:
    """Protects a participant's seat: where no replay is given, no key offers one."""
    async with shown(lambda: HotWashScreen(ended_player())) as pilot:
        await pilot.press("p")
        assert isinstance(pilot.app.screen, HotWashScreen)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, MarkScreen))
        await pilot.press("r", "enter")
        assert isinstance(pilot.app.screen, MarkScreen) and "Entry 12" in text_of(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_the_other_parts(size: tuple[int, int]) -> None:
    """Protects the rest of the hot wash: courses with numbers, what was true, reasons, and the questions."""
    async with shown(wash, size) as pilot:
        for key, parts in (
            ("2", ("48 %", "T+0:36", "▲ 5 better", "└")),
            ("3", ("Who leaked", "A crew of criminals.")),
            ("4", ("Averne: Tell Belmark?", "Reason: A partner")),
            ("5", ("What would you do sooner next time?", "Tell early")),
        ):
            await pilot.press(key)
            await pilot.pause()
            for part in parts:
                assert part in text_of(pilot), (key, part)


async def test_a_decision_left_open_is_not_open_after_endex() -> None:
    """Protects the page of decisions: what ENDEX found unanswered reads so, and not as if it could still be taken."""
    rehearsal = Rehearsal(played_scenario())
    for command in (StartExercise(facts={"source": "crew"}), EndExercise(play=150)):
        rehearsal.submit(command)
    player = LogPlayer(played_scenario(), played_reference(), tuple(rehearsal.entries))
    player.seek(player.length)
    async with shown(lambda: HotWashScreen(player)) as pilot:
        await pilot.press("4")
        await pilot.pause()
        told = text_of(pilot)
        assert "◇ still open at ENDEX" in told and "◇ open" not in told
    replayed = items("decisions", player.sight(FACILITATOR), played_reference(), ())
    assert all("◇ open" not in str(item.read()) for item in replayed)


async def test_parts_by_mouse_and_brackets() -> None:
    """Protects both hands: the parts are reached by a click and by going through them."""
    async with shown(wash) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, HotWashScreen)
        await pilot.click("#wash-sections", offset=(20, 0))
        await until(pilot, lambda: screen.section == "indicators")
        await pilot.press("right_square_bracket")
        assert screen.section == "facts"
        await pilot.press("1", "left_square_bracket")
        assert screen.section == "requests"
        await pilot.press("1")
        await pilot.click("#card-teams", offset=(19, 0))
        await until(pilot, lambda: screen.query_one(ScorecardTable).team == "belmark")


async def test_terminal_cursor_stands_on_the_chosen_row() -> None:
    """Protects readers by braille and voice: they follow the terminal's cursor."""
    async with shown(wash) as pilot:
        places = []
        for _ in range(3):
            await pilot.press("down")
            await pilot.pause()
            places.append(pilot.app.cursor_position.y)
        assert places == sorted(set(places)) and places[0] > 3


def test_mark_text_says_what_is_special() -> None:
    """Protects fairness: self-proposed, observed, void and unable are said, each in words."""
    marks = played_assessment().marks
    plain = next(mark for mark in marks if mark.commitment == "se-p7")
    said = mark_text(replace(plain, self_proposed=True, observation=True, voided=True), played_reference())

    assert "Self-proposed" in said and "Observed, not scored" in said and "Void" in said
    assert "no breach" in mark_text(played_assessment().findings[0], played_reference())


async def test_self_proposed_and_void_marks_are_marked_in_the_list() -> None:
    """Protects the reader of a card from taking a team's own word for an evaluator's."""
    whole = played_assessment()
    marks: tuple[Mark, ...] = tuple(replace(mark, self_proposed=True) for mark in whole.marks)
    assessment = Assessment(whole.scenario, whole.reference, marks, whole.findings, whole.repairs)
    player = ended_player()
    player.assessment = lambda: assessment  # type: ignore[method-assign]
    async with shown(lambda: HotWashScreen(player)) as pilot:
        assert sum("self-proposed" in row for row in rows_of(pilot) if "kept" not in row) == 4


def test_counts_are_not_netted() -> None:
    """Protects the words on a heading: the short form drops no grade."""
    counts = Counts(kept=7, partly=2, neglected=2, breached=1)

    assert counts.text == "7 kept, 2 partly, 2 neglected, 1 breached, of 12 tested"


# -- the chart ---------------------------------------------------------------------------------------------------------


def indicator(*values: float, lowest: float = 0, highest: float = 100) -> IndicatorView:
    """An indicator with a value each hour."""
    course = tuple((hour * 60, hour * 3600, value) for hour, value in enumerate(values))
    return IndicatorView("Trust", "", values[-1], lowest, highest, "higher", "%", "", course)


@pytest.mark.parametrize("size", [(20, 6), (46, 10), (80, 14), (200, 30)])
@pytest.mark.parametrize("values", [(50.0,), (0.0, 100.0), (100.0, 0.0, 100.0), (50.0, 50.5, 50.0), (0.0, 0.0)])
def test_chart_fills_its_room_exactly(size: tuple[int, int], values: tuple[float, ...]) -> None:
    """Protects the layout: whatever the course, lines are as many and as wide as the room."""
    lines = draw_course(indicator(*values), *size, until=7200)

    assert len(lines) == size[1] and all(len(line) == size[0] for line in lines)


def test_chart_goes_up_and_down_where_the_values_do() -> None:
    """Protects the meaning of the line: higher is higher, and the last value is the point at its end."""
    lines = draw_course(indicator(20, 80, 40), 60, 12, until=10800)
    heights = {value: next(n for n, line in enumerate(lines) if sign in line) for value, sign in ((80, "╭"), (40, "●"))}

    assert heights[80] < heights[40]
    assert "T+0:00" in lines[-1] and "T+3:00" in lines[-1]


@pytest.mark.parametrize("room", [(0, 0), (5, 3), (12, 1), (30, 2)])
def test_chart_without_room_says_the_value(room: tuple[int, int]) -> None:
    """Protects small windows: too little room gives words, or nothing, and never a fault."""
    assert len(draw_course(indicator(20, 80), *room)) <= max(1, room[1])


# -- the texts ---------------------------------------------------------------------------------------------------------


def profile_screen(select: str | None = None) -> CommitmentsScreen:
    """Averne's own texts."""
    scenario = played_scenario()
    return CommitmentsScreen(played_reference(), scenario.teams[0].profile, scenario.date.date(), select)


async def test_shows_only_the_texts_of_the_profile() -> None:
    """Protects a participant's look-up: no text that the team has not accepted."""
    async with shown(profile_screen) as pilot:
        rows = pilot.app.screen.query_one(Choices)
        held = {entry.instrument for entry in played_scenario().teams[0].profile}
        shown_ids = [row.id for row in rows.options if row.id and not row.id.startswith("#")]
        assert {played_reference().commitments[id].instrument for id in shown_ids} == held


async def test_search_narrows_by_every_word() -> None:
    """Protects looking up: all words typed have to be found, in any part of a clause, and nothing found is said."""
    async with shown(profile_screen) as pilot:
        rows = pilot.app.screen.query_one(Choices)
        pilot.app.screen.query_one(Input).value = "article 29"
        await until(pilot, lambda: rows.chosen == "bc-29")
        assert [row.id for row in rows.options] == ["#budapest-convention", "bc-29"]
        pilot.app.screen.query_one(Input).value = "zzz [/"
        await until(pilot, lambda: "Nothing found" in text_of(pilot))
        pilot.app.screen.query_one(Input).value = "SE-P7"
        await until(pilot, lambda: rows.chosen == "se-p7")


async def test_picker_returns_the_clause_and_esc_returns_nothing() -> None:
    """Protects naming a clause: enter takes it, esc takes none."""
    async with shown(wash) as pilot:
        taken: list[str | None] = []
        for keys in (("enter", "enter"), ("escape",)):
            pilot.app.push_screen(profile_screen("Choose a legal basis"), taken.append)
            await until(pilot, lambda: "Choose a legal basis" in text_of(pilot))
            pilot.app.screen.query_one(Input).value = "se-p7"
            await pilot.pause()
            await pilot.press(*keys)
            await until(pilot, lambda: isinstance(pilot.app.screen, HotWashScreen))
        assert taken == ["se-p7", None]


async def test_a_picker_offers_only_what_may_be_named() -> None:
    """Protects the written reason: what does not hold for the team on the day cannot be picked."""
    async with shown(lambda: profile_screen("Pick")) as pilot:
        scenario = played_scenario()
        standings = played_reference().standings(scenario.teams[0].profile, scenario.date.date())
        ids = [row.id for row in pilot.app.screen.query_one(Choices).options if row.id and row.id[0] != "#"]
        assert ids and all(standings[id] in ("applies", "observed") for id in ids)


@pytest.mark.parametrize("id", ["se-p7", "bc-29", "lv-4.1", "un-a", "ba-b1a"])
def test_clause_says_whose_reading_how_far_and_how_certain(id: str) -> None:
    """Protects honest citation: force, period, certainty, and who says what honours or neglects it."""
    text = clause_text(played_reference(), id)

    for part in ("**Force:**", "**In force:**", "**How certain:**"):
        assert part in text
    reading = played_reference().commitments[id].reading
    assert ("as the reference has it" if reading == "reference" else "this project's reading") in text


def test_every_clause_of_the_catalogue_can_be_shown() -> None:
    """Protects the whole catalogue: no entry has a gap that the look-up stumbles over."""
    assert all(clause_text(played_reference(), id) for id in played_reference().commitments)


# -- looks -------------------------------------------------------------------------------------------------------------


PARTS = {
    "scorecard": [],
    "folds": ["v", "end", "enter"],
    "mark": ["enter"],
    "indicators": ["2"],
    "facts": ["3"],
    "decisions": ["4"],
    "questions": ["5"],
}
"""What is pressed to come to each picture."""


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("size", SIZES)
def test_picture_of_the_hot_wash(snap_compare: Any, size: tuple[int, int], part: str) -> None:
    """Protects the looks: the hot wash as it was looked at and found good."""
    app = ExerciseApp(wash)
    app.animation_level = "none"
    assert snap_compare(app, terminal_size=size, press=PARTS[part])


@pytest.mark.parametrize("size", SIZES)
def test_picture_of_the_texts(snap_compare: Any, size: tuple[int, int]) -> None:
    """Protects the looks of the texts."""
    app = ExerciseApp(profile_screen)
    app.animation_level = "none"
    assert snap_compare(app, terminal_size=size, press=["tab", "down"])


async def test_choice_bar_keeps_the_current_choice_in_sight() -> None:
    """Protects exercises with many teams on a narrow screen: the team whose card is shown is always named."""
    teams = tuple((f"t{n}", f"Team number {n}") for n in range(20))
    async with shown(wash) as pilot:
        bar = pilot.app.screen.query_one("#card-teams", ChoiceBar)
        for team, label in teams:
            bar.put(teams, team)
            await pilot.pause()
            assert f"[{label}]" in text_of(pilot)


async def test_choice_bar_leaves_nothing_off_that_just_fits() -> None:
    """Protects the first choice from being left off for the sake of the blank after the last, chosen one."""
    async with shown(wash) as pilot:
        bar = pilot.app.screen.query_one("#card-teams", ChoiceBar)
        room = bar.size.width - len("Card of ")
        bar.put((("one", "First"), ("two", "x" * (room - len(" First  []")))), "two")
        await pilot.pause()
        assert "Card of  First  [x" in text_of(pilot) and "x]" in text_of(pilot)
