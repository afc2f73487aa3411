"""Forms of requests say what cures a refusal, show what goes before it goes, and keep their head up to date."""

from __future__ import annotations

from typing import Any

import pytest
from asking import FULL, answer, send
from fake_requests import asking_app, asking_scenario, asking_table, came, sit_down
from request_walk import seen, take, to_board
from screens import picture, still, until
from test_plain import Room
from test_plain_requests import ASK, given, steps, when
from test_tui_requests import confirmed, pass_on
from textual.pilot import Pilot
from textual.widgets import Static, TextArea

from exercise.core.scenario import Scenario
from exercise.plain.play import play
from exercise.session.table import LocalTable
from exercise.tui.screens.answering import AnswerRequestScreen
from exercise.tui.screens.compose import EntryScreen, KindScreen
from exercise.tui.screens.confirm import ConfirmScreen
from exercise.tui.screens.fulfilling import FulfilScreen
from exercise.tui.screens.mending import MendScreen
from exercise.tui.screens.request import RequestScreen
from exercise.tui.widgets.choices import Choices

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]

SMALL: Any = {"size": (80, 24), "notifications": True, "tooltips": True}


def said(pilot: Pilot[Any]) -> str:
    return " ".join(picture(pilot.app).split())


async def answering(pilot: Pilot[Any], how: str) -> None:
    """Belmark at the form that answers the one request before it."""
    await sit_down(pilot)
    await pass_on(pilot)
    await pilot.press("r", "enter")
    await came(pilot, RequestScreen)
    await pilot.press("a")
    await came(pilot, AnswerRequestScreen)
    await take(pilot, how, "answer")


def asked(**more: Any) -> LocalTable:
    table = asking_table()
    table.submit(send("preservation", 1, subject="A mail box", **more))
    return table


async def test_asking_back_says_how_many_words_it_takes() -> None:
    """Protects whoever asks back with a short sentence: form and refusal say what would be enough."""
    async with asking_app(asked()).run_test(**SMALL) as pilot:
        await answering(pilot, "ask-back")
        pilot.app.screen.query_one("#say-text").focus()
        await until(pilot, lambda: "In at least 3 words, unless you mark above what is missing." in said(pilot))
        await pilot.press(*"Which host?", "ctrl+s")
        await until(pilot, lambda: "✕ Write at least 3 words, or mark what is missing." in said(pilot))
        await pilot.press(*" And why?", "ctrl+s")
        await came(pilot, ConfirmScreen)


async def test_conditions_are_asked_for_by_what_the_form_shows() -> None:
    """Protects whoever has set none: the refusal names no question that does not stand there yet."""
    async with asking_app(asked(content=FULL)).run_test(**SMALL) as pilot:
        await answering(pilot, "conditional")
        assert "What may it be used for?" not in picture(pilot.app)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "✕ Mark how far it may go; below it you can then say" in said(pilot))


async def test_what_was_missing_is_shown_before_it_goes() -> None:
    """Protects a request that is mended: nothing goes before it was seen, with what is missing all the same."""
    table = asked()
    table.submit(answer(1, "ask-back", missing=("authority", "offence"), text="Who asks, and for which offence?"))
    async with asking_app(table).run_test(**SMALL) as pilot:
        await to_board(pilot)
        await pilot.press("enter")
        await came(pilot, RequestScreen)
        await pilot.press("m")
        await came(pilot, MendScreen)
        await until(pilot, lambda: isinstance(pilot.app.focused, TextArea))
        await pilot.press(*"National police desk", "ctrl+s")
        await came(pilot, ConfirmScreen)
        assert "National police desk" in said(pilot) and "✕ Missing: Offence." in said(pilot)
        assert table.client("averne").view().requests[0].status == "asked-back"
        await pilot.press("enter")
        await came(pilot, MendScreen)
        await pilot.press("ctrl+s")
        await confirmed(pilot)
        await came(pilot, RequestScreen)
        assert table.client("averne").view().requests[0].missing == ("offence",)


async def test_what_was_asked_for_is_said_to_go_in_any_case() -> None:
    """Protects whoever carries a request out: what the rules hand over by themselves is not said to stay behind."""
    table = asking_table()
    table.submit(send("preservation", 1, matter="host", content=FULL))
    table.submit(answer(1, "accept", text="We keep it.", days=60))
    async with asking_app(table).run_test(**SMALL) as pilot:
        await sit_down(pilot)
        table.session.advance(400)
        await pass_on(pilot)
        await pilot.press("r", "enter")
        await came(pilot, RequestScreen)
        client = table.client("belmark")
        pilot.app.push_screen(FulfilScreen(client, client.view().requests[0], live=False, now=lambda: 0.0))
        await came(pilot, FulfilScreen)
        await until(pilot, lambda: "What was asked for, and is yours to give, goes in any case" in said(pilot))
        assert "Nothing goes along unless" not in said(pilot)


def holding(*evidence: str) -> LocalTable:
    """Belmark has accepted what is asked of it about the host's logs, and holds this evidence."""
    data = asking_scenario().model_dump(mode="json", by_alias=True)
    data["injects"][0]["effects"] = [{"learn": name, "team": "belmark"} for name in evidence]
    data["matters"][0]["ready"] = None
    table = asking_table(Scenario.model_validate(data))
    table.session.advance(60)
    table.submit(send("preservation", 1, matter="host", content=FULL))
    table.submit(answer(1, "accept", text="We keep it.", days=60))
    return table


@pytest.mark.parametrize("more", [(), ("tip",)], ids=["nothing-else", "something-else"])
async def test_what_goes_by_itself_is_named_and_not_to_be_ticked(more: tuple[str, ...]) -> None:
    """Protects whoever carries a request out from doubting: what the rules hand over is said to go, and no choice."""
    table = holding("logs", *more)
    async with asking_app(table).run_test(**SMALL) as pilot:
        await sit_down(pilot)
        await pass_on(pilot)
        await pilot.press("r", "enter")
        await came(pilot, RequestScreen)
        await pilot.press("f")
        await came(pilot, FulfilScreen)
        rows = pilot.app.screen.query_one("#evidence", Choices)
        assert [row.id for row in rows.options] == list(more or ["#none"])
        words = " ".join(str(text.render()) for text in pilot.app.screen.query(Static))
        assert "Goes in any case: The host's logs. Of the rest goes what you tick." in words
        assert more or "Your team holds no other evidence." in str(rows.options[0].prompt)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: table.client("averne").view().requests[0].status == "fulfilled")
    assert table.client("averne").view().requests[0].gave == ("The host's logs",)


@pytest.mark.parametrize("more", [(), ("tip",)], ids=["nothing-else", "something-else"])
def test_by_lines_too_what_goes_by_itself_is_named_and_not_asked_about(more: tuple[str, ...]) -> None:
    """Protects the same for those who play by lines."""
    table = holding("logs", *more)
    room = Room(["", "menu off", "pass", "fulfil 1 Here it is.", *[""] * len(more), "yes"])
    play(table, room.read, room.write, piped=True)
    assert "Goes in any case: The host's logs. Of the rest goes what you name." in room.text
    assert "1. The host's logs" not in room.text and ("1. A tip" in room.text) == bool(more)
    assert steps(table.session)[0][-1] == "fulfilled"


def test_what_goes_by_itself_is_told_to_its_holder_alone() -> None:
    """Protects secrets of the story: nobody hears of evidence that they do not hold, the sender least of all."""
    table = holding("logs")
    assert table.client("belmark").view().requests[0].goes == ("logs",)
    assert table.client("averne").view().requests[0].goes == ()
    assert holding("tip").client("belmark").view().requests[0].goes == ()


async def test_coming_back_to_the_first_step_shows_whom_it_goes_to() -> None:
    """Protects whoever steps back: the list is in another order for the entry that was chosen, which stands above."""
    async with asking_app(asking_table()).run_test(**SMALL) as pilot:
        await to_board(pilot)
        await pilot.press("w")
        await came(pilot, KindScreen)
        assert "To: " not in picture(pilot.app)
        await take(pilot, "preservation")
        await came(pilot, EntryScreen)
        await take(pilot, "1")
        await until(pilot, lambda: not isinstance(pilot.app.screen, EntryScreen))
        for screen in (EntryScreen, KindScreen):
            await pilot.press("escape")
            await came(pilot, screen)
        await seen(pilot, "To: Belmark 24/7")


def test_asking_back_by_lines_asks_for_words_before_it_refuses() -> None:
    """Protects whoever types two words with the command: they are asked what they need, and told how much is enough."""
    session = given()
    room = when(
        [
            *["pass", "pass", *ASK, "", "", "", "", "", "", "", "+4h", "", "yes", "pass"],
            *["reply 1 ask def", "", "Which authority asks us?", "yes"],
        ],
        session,
    )
    assert steps(session)[0][-1] == "asked-back" and "Write at least" not in room.text
    assert "What you need from them, in 3 words or more" in " ".join(room.prompts)
