"""Seats of a team at one keyboard: the pen goes on with the keyboard, and who is missing can be told apart."""

from __future__ import annotations

from typing import Any

import pytest
from screens import picture, still, until
from seated import BELMARK, LAW, LEAD, NAMES, POLICE, TEAMS, begun, sit, table_for, world
from test_plain_teamplay import typed
from test_tui_teamplay import app_for, back, opened, vote
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from exercise.core.scenario import Scenario
from exercise.core.teamwork.commands import TakePen
from exercise.plain.words import joined
from exercise.tui.app import ExerciseApp
from exercise.tui.screens.answer import AnswerScreen
from exercise.tui.screens.decision import DecisionScreen
from exercise.tui.screens.journal import JournalScreen
from exercise.tui.screens.review import ReviewScreen
from exercise.tui.screens.shared_draft import SharedDraftScreen

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]

SMALL: Any = {"size": (80, 24), "notifications": True, "tooltips": True}
WITH_COMMAS = {"lead": "Head, of delegation", "police": "Police, liaison", "law": "Law, courts"}


def said(app: ExerciseApp) -> str:
    return " ".join(picture(app).split())


async def drafting(pilot: Pilot[Any]) -> None:
    """From the play screen to the team's draft."""
    await pilot.press("d")
    await opened(pilot, DecisionScreen)
    await pilot.press("w")
    await opened(pilot, SharedDraftScreen)


async def test_who_leaves_the_draft_puts_the_pen_down() -> None:
    """Protects the next seat at the keyboard: nobody waits for a pen whose holder sits there no more."""
    app, table = app_for(LEAD, POLICE, LAW, mode="vote")
    async with app.run_test(**SMALL) as pilot:
        await begun(pilot, LEAD)
        await drafting(pilot)
        await pilot.press("ctrl+t", *"First", "escape")
        await opened(pilot, DecisionScreen)
        draft = table.session.state.drafts[("averne", "tell")]
        assert (draft.text, draft.holder) == ("First", None)
        await back(pilot)
        await sit(pilot, POLICE)
        await drafting(pilot)
        await pilot.press("ctrl+t")
        await until(pilot, lambda: "You hold the pen" in picture(app))
        # Whoever has the pen goes on behind what stands there.
        await pilot.press(*" then", "escape")
        await opened(pilot, DecisionScreen)
        assert table.session.state.drafts[("averne", "tell")].text == "First then"


async def test_who_sends_a_vote_puts_the_pen_down() -> None:
    """Protects the others of a team that votes: a vote that was cast keeps nobody from writing on."""
    app, table = app_for(LEAD, POLICE, LAW, mode="vote")
    async with app.run_test(**SMALL) as pilot:
        await begun(pilot, LEAD)
        await pilot.press("d")
        await opened(pilot, DecisionScreen)
        await pilot.press("down", "enter")
        await opened(pilot, AnswerScreen)
        await pilot.press("ctrl+t", *"So", "ctrl+s")
        await opened(pilot, ReviewScreen)
        assert table.session.state.drafts[("averne", "tell")].holder == LEAD
        await pilot.press("ctrl+s")
        await opened(pilot, DecisionScreen)
        await until(pilot, lambda: table.session.state.drafts[("averne", "tell")].holder is None)
    assert table.session.state.drafts[("averne", "tell")].text == "So"


async def test_a_pen_that_cannot_be_taken_over_is_not_offered() -> None:
    """Protects from a promise: the button stands only where pressing it does something."""
    app, table = app_for(LEAD, POLICE, LAW)
    async with app.run_test(**SMALL) as pilot:
        await begun(pilot, LAW)
        await table.client(POLICE).submit(TakePen(seat=POLICE, subject="tell"))
        await drafting(pilot)
        assert "Police holds the pen" in picture(app) and "Take the pen over" not in picture(app)
        await back(pilot)
        await sit(pilot, LEAD)
        await drafting(pilot)
        assert "Take the pen over" in picture(app)


def test_the_pen_goes_on_with_the_keyboard_by_lines() -> None:
    """Protects the next seat in the line mode: whoever passes the keyboard on, or has answered, holds no pen."""
    table = table_for(POLICE, LAW, played=world("vote"))
    room = typed(table, "", "draft 1 They asked us", "pass", "draft 1 Mine", "choose 1 a", "Hurry", "", "", "yes")
    draft = table.session.state.drafts[("averne", "tell")]
    assert (draft.text, draft.holder) == ("Mine", None)
    assert "wait until it is put down" not in room.text


# who is missing


def named_with_commas() -> Scenario:
    data = world("vote").model_dump(mode="json", by_alias=True)
    data["teams"] = [
        {**TEAMS[0], "roles": [{**role, "name": WITH_COMMAS[role["id"]]} for role in TEAMS[0]["roles"]]},
        TEAMS[1],
    ]
    return Scenario.model_validate(data)


async def test_who_is_still_to_vote_can_be_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects a vote among roles whose names hold commas: it can be read how many are missing, and who."""
    for seat, role in ((LEAD, "lead"), (POLICE, "police"), (LAW, "law")):
        monkeypatch.setitem(NAMES, seat, WITH_COMMAS[role])
    table = table_for(LEAD, POLICE, LAW, BELMARK, played=named_with_commas())
    app = ExerciseApp(table=table)
    async with app.run_test(**SMALL) as pilot:
        await begun(pilot, LEAD)
        await pilot.press("d")
        await opened(pilot, DecisionScreen)
        assert "still to vote: Head, of delegation; Police, liaison; Law, courts" in said(app)
        await back(pilot)
        await vote(pilot, 1, "x")
        await until(pilot, lambda: "Waiting for Police, liaison; Law, courts." in said(app))
    assert joined(["a, b", "c"]) == "a, b; c" and joined(["a", "b"]) == "a and b"


# the decision


async def test_enter_takes_the_option_whose_text_is_read() -> None:
    """Protects whoever went to the text beside the list: the footer says enter takes it, and it does."""
    app, _ = app_for("averne")
    async with app.run_test(**SMALL) as pilot:
        await pilot.press("enter", "n")
        await until(pilot, lambda: "d Decide" in picture(app))
        await pilot.press("d")
        await opened(pilot, DecisionScreen)
        app.screen.query_one("#detail").focus()
        # With the question in front, enter goes to the first option, as it does in the list.
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, DecisionScreen)
        await pilot.press("enter")
        await opened(pilot, AnswerScreen)


async def test_whoever_comes_back_to_a_reason_writes_on_at_its_end() -> None:
    """Protects what was begun: the next letters go behind it, and a line is not lost to the first of them."""
    app, _ = app_for("averne", BELMARK)
    async with app.run_test(**SMALL) as pilot:
        await pilot.press("enter", "n")
        await until(pilot, lambda: "d Decide" in picture(app))
        for words in ("because", " of it"):
            await pilot.press("d")
            await opened(pilot, DecisionScreen)
            await pilot.press("down", "enter")
            await opened(pilot, AnswerScreen)
            await pilot.press(*words)
            await back(pilot)
        await pilot.press("d")
        await opened(pilot, DecisionScreen)
        await pilot.press("down", "enter")
        await opened(pilot, AnswerScreen)
        assert app.screen.query_one("#reason", TextArea).text == "because of it"
        await back(pilot)
        for words, stands in (("noted", "noted"), (" so", "noted so")):
            await pilot.press("j")
            await opened(pilot, JournalScreen)
            app.screen.query_one(Input).focus()
            await pilot.press(*words)
            await until(pilot, lambda stands=stands: app.screen.query_one(Input).value == stands)
            await back(pilot)
