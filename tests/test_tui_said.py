"""The line at the foot of a screen: what it says holds as long as it stands there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fake_client import FakeTable
from fake_requests import asking_app, lively_table, sit_down
from request_walk import seen, take
from screens import picture, still, until
from seated import LAW, NAMES, POLICE
from test_tui_forms import _answering
from test_tui_home import _setup as to_set_up
from test_tui_home import home
from test_tui_mouse import came, click_words
from test_tui_teamplay import app_for, back, begun, opened, vote
from textual.widgets import Static

from exercise.tui.app import ExerciseApp
from exercise.tui.screens.commitments import CommitmentsScreen
from exercise.tui.screens.confirm import ConfirmScreen
from exercise.tui.screens.decision import DecisionScreen
from exercise.tui.screens.evidence import EvidenceScreen
from exercise.tui.screens.play import PlayScreen
from exercise.tui.screens.request import RequestScreen
from exercise.tui.screens.requests import RequestsScreen
from exercise.tui.widgets.notices import Notice, NoticeLine

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]

SMALL: Any = {"size": (80, 24), "notifications": True, "tooltips": True}


def foot(app: ExerciseApp) -> str:
    """What is said above the keys."""
    return str(app.screen.query_one("#hint", Static).content)


async def test_news_goes_once_its_reader_has_been_elsewhere() -> None:
    """Protects the next step: what came in is told until somebody has looked, and not after it was dealt with."""
    table = FakeTable()
    app = ExerciseApp(table=table)
    async with app.run_test(**SMALL) as pilot:
        await came(pilot, PlayScreen)
        await pilot.press("n")
        await until(pilot, lambda: "● New:" in foot(app))
        await pilot.press("c")
        await until(pilot, lambda: not isinstance(app.screen, PlayScreen))
        await pilot.press("escape")
        await came(pilot, PlayScreen)
        assert "New:" not in foot(app) and foot(app).startswith("Press i")
        await pilot.press("c")
        await until(pilot, lambda: not isinstance(app.screen, PlayScreen))
        waiting = table.clients["averne"].now.inbox
        table.clients["averne"].change(inbox=(*waiting, replace(waiting[-1], number=99, title="Meanwhile", read=False)))
        await pilot.press("escape")
        await came(pilot, PlayScreen)
        assert "● New: Meanwhile" in foot(app)


async def test_a_request_that_was_read_or_done_is_no_news() -> None:
    """Protects against work done twice: neither opening a request nor carrying it out is told as if it had come."""
    table = lively_table()
    app = asking_app(table)
    async with app.run_test(**SMALL) as pilot:
        await sit_down(pilot)
        number = max(r.number for r in table.client("averne").view().requests if r.incoming and r.waits_for_me)
        await pilot.press("r")
        await came(pilot, RequestsScreen)
        app.screen.query_one("#board").choose(str(number))  # type: ignore[attr-defined]
        await pilot.press("enter")
        await came(pilot, RequestScreen)
        await pilot.press("escape")
        await came(pilot, RequestsScreen)
        await pilot.press("escape")
        await came(pilot, PlayScreen)
        assert "↔" not in foot(app)


async def test_a_refusal_goes_with_what_was_wrong() -> None:
    """Protects who mends a form: nobody is asked to confirm what cannot be sent, and ✕ goes when it is put right."""
    app = asking_app(lively_table())
    async with app.run_test(**SMALL) as pilot:
        waits = max(r.number for r in app.table.client("averne").view().requests if r.incoming and r.waits_for_me)  # type: ignore[union-attr]
        await _answering(pilot, waits)
        for answer, lacks in (("conditional", "Mark how far it may go"), ("part", "which part you can do")):
            await take(pilot, answer, "answer")
            await pilot.press("ctrl+s")
            await until(pilot, lambda lacks=lacks: lacks in foot(app))
            assert not isinstance(app.screen, ConfirmScreen)
        app.screen.query_one("#say-text").focus()
        await pilot.press(*"Only logs", "ctrl+s")
        await pilot.pause()
        assert "which part you can do" in foot(app) and not isinstance(app.screen, ConfirmScreen)
        await take(pilot, "red", "tlp")
        await until(pilot, lambda: "✕" not in foot(app))


async def test_a_setting_that_is_changed_takes_the_refusal_away() -> None:
    """Protects the start: that no team was played by people is not said of a table where one is."""
    app = home()
    async with app.run_test(**SMALL) as pilot:
        await to_set_up(pilot)
        await pilot.press("enter", "n")
        await until(pilot, lambda: "✕" in foot(app))
        await pilot.press("left")
        await until(pilot, lambda: "✕" not in foot(app))


async def test_evidence_names_only_keys_that_do_something() -> None:
    """Protects who follows the hint: consent is offered for what others gave under conditions, and for nothing else."""
    lively, table = lively_table().client("averne").view(), FakeTable()
    own = replace(lively.evidence[0], giver=table.clients["averne"].now.team_short)
    table.clients["averne"].change(kinds=lively.kinds, evidence=(own,))
    app = ExerciseApp(table=table)
    async with app.run_test(**SMALL) as pilot:
        await came(pilot, PlayScreen)
        await pilot.press("e")
        await came(pilot, EvidenceScreen)
        await until(pilot, lambda: "o: pass the marked piece on" in foot(app))
        assert "consent" not in foot(app) and "o Pass on" in picture(app)


async def test_whoever_has_voted_is_told_how_to_pass_the_keyboard_on() -> None:
    """Protects a vote at one keyboard: the next hand is named, and the key that passes on stands at the foot."""
    app, _table = app_for(POLICE, LAW, mode="vote")
    async with app.run_test(**SMALL) as pilot:
        await begun(pilot, POLICE)
        assert "t Pass on" in picture(app)
        await vote(pilot, 1)
        await opened(pilot, DecisionScreen)
        assert f"Waiting for {NAMES[LAW].split(': ')[-1]}" in foot(app) and "then t: pass" in foot(app)
        await back(pilot)
        await pilot.press("i", "i", "i")
        await pilot.pause()
        assert "t: pass the keyboard on." in foot(app)


async def test_a_click_opens_an_open_decision() -> None:
    """Protects the mouse: nothing is read beside the open decisions, so one click opens the one pointed at."""
    app = ExerciseApp(table=FakeTable())
    async with app.run_test(**SMALL) as pilot:
        await came(pilot, PlayScreen)
        await click_words(pilot, "A line for the press")
        await came(pilot, DecisionScreen)
        await seen(pilot, "A line for the press")


def test_the_signs_of_a_hosted_screen_are_translated() -> None:
    """Protects readers of other languages: that the link is down is said in theirs."""
    from exercise.language import speaking

    with speaking("lv"):
        line = NoticeLine(Notice("trouble", "x")).render().plain
    assert not line.startswith("✕ NOT CONNECTED") and line.startswith("✕ ")


async def test_the_texts_name_the_keys_that_work_where_one_is() -> None:
    """Protects who searches: `/` and `f` are letters in the search, and are named once the list has the focus."""
    app = ExerciseApp(table=FakeTable())
    async with app.run_test(**SMALL) as pilot:
        await came(pilot, PlayScreen)
        await pilot.press("p")
        await came(pilot, CommitmentsScreen)
        await until(pilot, lambda: "type to search" in foot(app))
        assert "f only" not in foot(app) and "/ Search" not in picture(app)
        await pilot.press("down")
        await until(pilot, lambda: "f only this text" in foot(app) and "/ Search" in picture(app))
