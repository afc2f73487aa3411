"""Forms and lists under the fingers: what takes a row, what turns a page, and what an answer says before and after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from asking import answer, world
from fake_client import DILEMMA, FakeTable
from fake_requests import asking_app, asking_table, came, lively_table, sit_down
from given import decision, inject
from played import ended_player
from request_walk import seen, take
from screens import picture, still, until
from textual.pilot import Pilot

from exercise.catalogue import load_reference
from exercise.core.commands import ChooseResponse
from exercise.core.requests.kinds import Step, Tlp
from exercise.session.table import LocalTable
from exercise.tui.app import ExerciseApp
from exercise.tui.composing import deadlines
from exercise.tui.draft import Aside
from exercise.tui.screens.answer import AnswerScreen
from exercise.tui.screens.answering import AnswerRequestScreen
from exercise.tui.screens.briefing import briefing_text
from exercise.tui.screens.compose import KindScreen
from exercise.tui.screens.confirm import ConfirmScreen
from exercise.tui.screens.decision import DecisionScreen
from exercise.tui.screens.hotwash import HotWashScreen
from exercise.tui.screens.picker import PickerScreen, asides
from exercise.tui.screens.play import PlayScreen
from exercise.tui.screens.request import RequestScreen
from exercise.tui.screens.requests import RequestsScreen
from exercise.tui.screens.review import ReviewScreen
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.prose import ProseView
from exercise.tui.widgets.request_list import board_order

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]

SMALL: Any = {"size": (80, 24), "notifications": True, "tooltips": True}
CENTRE: Any = {"by": "centre", "to": "averne", "via": "police", "subject": "A name.", "kind": "preservation"}


def asked_by_an_actor(**more: Any) -> LocalTable:
    """A game in which an actor's request waits for Averne from STARTEX on."""
    scenario = world(injects=[inject("ask", to=["averne"], request=CENTRE | {"content": {"authority": "Us"}})], **more)
    return asking_table(scenario)


async def _answering(pilot: Pilot[Any], number: int) -> AnswerRequestScreen:
    await sit_down(pilot)
    await pilot.press("r")
    await came(pilot, RequestsScreen)
    pilot.app.screen.query_one(Choices).choose(str(number))
    await pilot.press("enter")
    await came(pilot, RequestScreen)
    await pilot.press("a")
    await came(pilot, AnswerRequestScreen)
    screen = pilot.app.screen
    assert isinstance(screen, AnswerRequestScreen)
    return screen


async def _chosen(pilot: Pilot[Any], option: str) -> AnswerScreen:
    """The form of the dilemma's answer, with this option."""
    await came(pilot, PlayScreen)
    pilot.app.screen._open_decision(DILEMMA.id)  # type: ignore[attr-defined]
    await came(pilot, DecisionScreen)
    await take(pilot, option, "list")
    await came(pilot, AnswerScreen)
    screen = pilot.app.screen
    assert isinstance(screen, AnswerScreen)
    return screen


async def test_a_part_is_accepted_under_conditions_with_tab_and_space() -> None:
    """Protects forms of lists: tab marks the first row, space takes it as enter does; a part may have conditions."""
    table = lively_table()
    number = next(r.number for r in table.client("averne").view().waiting_requests if "answer" in r.may)
    async with asking_app(table).run_test(**SMALL) as pilot:
        screen = await _answering(pilot, number)
        assert screen.query_one("#answer", Choices).chosen == "accept"
        await pilot.press("down", "space")
        await until(pilot, lambda: screen.draft.answer == "part")
        await pilot.press("tab", *"60", "tab", *"Not all of it", "tab")
        tlp = screen.query_one("#tlp", Choices)
        await until(pilot, lambda: tlp.has_focus and tlp.chosen == "none")
        # None has to be set; once one is, nothing stands apart from what belongs to it.
        await pilot.press("down", "down", "space")
        await until(pilot, lambda: screen.draft.handling.tlp is Tlp.AMBER)
        await pilot.pause()
        words = screen.query_one("#handling-words")
        assert screen.query_one("#handling-more").region.bottom == words.region.bottom
        await pilot.press("ctrl+s")
        await came(pilot, ConfirmScreen)
        assert "TLP:AMBER" in picture(pilot.app)
        await pilot.press("right", "enter")
        await came(pilot, RequestScreen)
        await seen(pilot, "Accepted in part.")
    (state,) = [request for request in table.session.state.requests.values() if request.status is Step.PART]
    assert state.conditions is not None and state.conditions.tlp is Tlp.AMBER


async def test_conditions_that_were_taken_at_once_are_not_waited_for() -> None:
    """Protects whoever answers an actor: it takes the conditions at once, and the next step is to carry it out."""
    table = asked_by_an_actor()
    async with asking_app(table).run_test(**SMALL) as pilot:
        await _answering(pilot, 1)
        await take(pilot, "conditional", "answer")
        await take(pilot, "amber", "tlp")
        await pilot.press("ctrl+s")
        await came(pilot, ConfirmScreen)
        await pilot.press("right", "enter")
        await came(pilot, RequestScreen)
        await seen(pilot, "your conditions are accepted. Carry it out")


async def test_whoever_comes_to_what_was_added_adds_and_removes_nothing() -> None:
    """Protects what a team has named: the row that adds is marked, whatever stands above it."""
    app = ExerciseApp(table=FakeTable())
    async with app.run_test(**SMALL) as pilot:
        screen = await _chosen(pilot, "watch")
        basis = screen.query_one("#basis", Choices)
        screen._draft.basis = ["se-p7", "bc-29"]
        screen._fill()
        await pilot.press("tab")
        await until(pilot, lambda: basis.has_focus and basis.chosen == "+add")
        await pilot.press("up", "space")
        await until(pilot, lambda: screen._draft.basis == ["se-p7"])
        assert basis.chosen == "+add"
        await pilot.press("space")
        await came(pilot, PickerScreen)


async def test_what_is_asked_for_and_not_said_has_one_sign() -> None:
    """Protects the last look before sending: every gap that the form asks about is marked alike."""
    app = ExerciseApp(table=FakeTable())
    async with app.run_test(**SMALL) as pilot:
        screen = await _chosen(pilot, "block")
        screen._draft.set_aside = [Aside("se-p7", "It is about lives.", "")]
        await pilot.press("ctrl+s")
        await came(pilot, ReviewScreen)
        text = pilot.app.screen.query_one(ProseView).text
        assert text.count("✕ not said") == 6 and "✕ no reason given" in text
        assert text.count("not said") == 6


def test_what_was_set_aside_stands_under_its_heading() -> None:
    """Protects two clauses that were set aside from running into one line: each is a point with its why below it."""
    reference = load_reference()

    text = asides(reference, [Aside("se-p7", "Lives.", "Two days."), Aside("bc-29", "Time.", "")]).split("\n")

    assert text[0] == "**You set aside**" and [line[:2] for line in text[1:]] == ["- ", "  ", "  "] * 2
    assert text[2] == "  - Why: Lives." and text[6] == "  - How limited: ✕ not said"


async def test_page_keys_read_on_and_leave_the_mark() -> None:
    """Protects against taking what was not meant: page down reads on beside a list, home, end and arrows move."""
    table = asking_table()
    async with asking_app(table).run_test(size=(80, 16), notifications=True, tooltips=True) as pilot:
        await sit_down(pilot)
        inbox, letter = pilot.app.screen.query_one("#inbox", Choices), pilot.app.screen.query_one("#reading", ProseView)
        await pilot.press("home")
        await pilot.pause()
        letter.show("Line.\n\n" * 40)
        await pilot.pause()
        marked = inbox.chosen
        await pilot.press("pagedown")
        await until(pilot, lambda: letter.scroll_y > 5)
        assert inbox.chosen == marked
        await pilot.press("r")
        await came(pilot, RequestsScreen)
        await pilot.press("w")
        await came(pilot, KindScreen)
        rows, card = pilot.app.screen.query_one("#rows", Choices), pilot.app.screen.query_one("#entry", ProseView)
        await until(pilot, lambda: card.max_scroll_y > 0)
        first = rows.chosen
        await pilot.press("pagedown")
        await until(pilot, lambda: card.scroll_y > 0)
        assert rows.chosen == first
        await pilot.press("pageup")
        await until(pilot, lambda: card.scroll_y == 0)
        await pilot.press("end")
        await until(pilot, lambda: rows.chosen != first)


async def test_page_keys_read_on_in_an_option() -> None:
    """Protects long options on a small screen: page down reads the marked one to its end."""
    long = replace(DILEMMA, text="Line.\n\n" * 40)
    table = FakeTable()
    table.client("averne").change(decisions=(long,))
    app = ExerciseApp(table=table)
    async with app.run_test(**SMALL) as pilot:
        await came(pilot, PlayScreen)
        await pilot.press("d")
        await came(pilot, DecisionScreen)
        rows, text = app.screen.query_one("#list", Choices), app.screen.query_one("#detail", ProseView)
        await until(pilot, lambda: text.max_scroll_y > 0)
        await pilot.press("pagedown")
        await until(pilot, lambda: text.scroll_y > 5)
        assert rows.chosen == "+question"


async def test_a_decision_points_to_the_request_that_came_with_it() -> None:
    """Protects a request from lapsing because its decision was taken: it waits for an answer of its own."""
    table = asked_by_an_actor(decisions=[decision("watch", follows="ask")])
    async with asking_app(table).run_test(**SMALL) as pilot:
        await sit_down(pilot)
        await pilot.press("d")
        await came(pilot, DecisionScreen)
        await pilot.press("down", "enter")
        await came(pilot, AnswerScreen)
        await pilot.press("ctrl+s")
        await came(pilot, ReviewScreen)
        await pilot.press("ctrl+s")
        await came(pilot, PlayScreen)
        await seen(pilot, "The request itself still waits for one: press r.")


def test_a_request_that_was_answered_is_pointed_to_no_more() -> None:
    """Protects the hint from crying wolf, and from naming a request that came at another time."""
    table = asked_by_an_actor(decisions=[decision("watch", follows="ask"), decision("later", at="T+0:10")])
    table.session.advance(60)
    view = table.client("averne").view()
    asked = view.asked_with("watch")
    assert asked is not None and asked.number == 1 and view.asked_with("later") is None

    table.submit(ChooseResponse(seat="averne", play=60, decision="watch", revision=1, option="yes"))
    table.submit(answer(1, "refuse", seat="averne", text="Not without a judge."))

    assert table.client("averne").view().asked_with("watch") is None


def test_a_time_is_offered_once() -> None:
    """Protects the choice by when an answer is wanted: the end of the move and “within 4 hours” may be one time."""
    view = asking_table().client("averne").view()
    ends = replace(view.clock, move_ends=view.clock.exercise + 4 * 3600)

    offered = deadlines(replace(view, clock=ends))

    times = [at for _key, _words, at in offered]
    assert len(set(times)) == len(times) and "move" in [key for key, *_rest in offered]


def test_a_board_has_the_newest_first_in_all_that_does_not_wait() -> None:
    """Protects who looks for what has just happened: it is on top of what is under way and of what is over."""
    view = lively_table().client("averne").view()
    parts = {title: part for title, part in board_order(view.requests) if title != "Waits for you"}

    assert set(parts) == {"Under way", "Over"}
    for part in parts.values():
        times = [(request.steps[-1].exercise, request.number) for request in part]
        assert times == sorted(times, reverse=True)


def test_the_others_of_a_briefing_are_parted_from_what_is_said_of_them() -> None:
    """Protects readers where weight cannot be seen: a colon parts a name from its text."""
    view = FakeTable().client("averne").view()
    others = (("Corvo Tel", "The second telephone company."),)

    text = briefing_text(replace(view, briefing=replace(view.briefing, others=others)))

    assert "- **Corvo Tel:** The second telephone company." in text


async def test_indicators_with_long_names_keep_both_values() -> None:
    """Protects the hot wash at 80 columns: a name gives way, not the value at which the exercise began."""
    player = ended_player()
    whole = player.hot_wash
    long = "Trust of everybody who has an account with the bank of the State"

    def named() -> Any:
        wash = whole()
        return wash and replace(wash, indicators=tuple(replace(item, name=long) for item in wash.indicators))

    player.hot_wash = named  # type: ignore[method-assign]
    app = ExerciseApp(lambda: HotWashScreen(player))
    async with app.run_test(**SMALL) as pilot:
        await came(pilot, HotWashScreen)
        await pilot.press("2")
        await seen(pilot, "Trust of ")
        rows = [line for line in picture(app).split("\n") if line.startswith(" Trust of")]
        assert rows and all("…" in row[:34] and " → " in row[:36] for row in rows)
