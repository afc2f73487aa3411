"""The screens of cooperation requests, played with keys over the real rules by two teams at one keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from asking import FULL, answer, send
from fake_requests import (
    asking_app,
    asking_scenario,
    asking_table,
    came,
    every_step,
    hostile_table,
    lively_table,
    moved_on,
    sit_down,
)
from given import PLENARY
from piloting import HOSTILE
from request_walk import PICTURES, seen, take, to_board
from screens import at_both_sizes, picture, still, until
from textual.pilot import Pilot
from textual.widgets import TextArea

from exercise.core.commands import CloseMove
from exercise.core.events import ActDone
from exercise.core.requests import commands as cmd
from exercise.core.requests.kinds import Handling, Purpose, Step, Tlp
from exercise.core.scenario import Scenario
from exercise.session.table import LocalTable
from exercise.tui.app import ExerciseApp
from exercise.tui.composing import deadlines
from exercise.tui.screens.against import AgainstScreen
from exercise.tui.screens.answering import AnswerRequestScreen
from exercise.tui.screens.commitments import CommitmentsScreen
from exercise.tui.screens.compose import EntryScreen, KindScreen, MatterScreen
from exercise.tui.screens.compose_check import CheckRequestScreen
from exercise.tui.screens.compose_form import ComposeScreen
from exercise.tui.screens.confirm import AskScreen, ConfirmScreen
from exercise.tui.screens.directory import DirectoryScreen
from exercise.tui.screens.evidence import EvidenceScreen
from exercise.tui.screens.fulfilling import FulfilScreen
from exercise.tui.screens.handover import HandoverScreen
from exercise.tui.screens.mending import MendScreen
from exercise.tui.screens.play import PlayScreen
from exercise.tui.screens.request import RequestScreen
from exercise.tui.screens.requests import RequestsScreen
from exercise.tui.widgets.moves import news
from exercise.tui.widgets.request_list import RequestList, board_order
from exercise.tui.widgets.request_words import handling_text, status_text

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]


async def pass_on(pilot: Pilot[Any]) -> None:
    """Back to the play screen from wherever a team is, and the keyboard to the other team."""
    while not isinstance(pilot.app.screen, PlayScreen):
        await pilot.press("escape")
        await pilot.pause()
    await pilot.press("t")
    await came(pilot, HandoverScreen)
    await pilot.press("enter")
    await came(pilot, PlayScreen)


async def confirmed(pilot: Pilot[Any]) -> None:
    """Say yes to the question that stands over the screen."""
    await came(pilot, ConfirmScreen)
    await pilot.press("right", "enter")


def board(table: LocalTable, team: str) -> tuple[Any, ...]:
    return table.client(team).view().requests


@at_both_sizes
async def test_a_preservation_with_a_gap_is_sent_back_mended_and_accepted(size: tuple[int, int]) -> None:
    """Protects the heart of cooperation at one keyboard: a gap is seen, named and filled, and the answer waits for
    the judge."""
    table = asking_table()
    app = asking_app(table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await sit_down(pilot)
        await pilot.press("r")
        await came(pilot, RequestsScreen)
        await seen(pilot, "Nothing was asked so far")
        await pilot.press("w")
        await came(pilot, KindScreen)
        await seen(pilot, "When data may be lost.")
        await pilot.press("enter")
        await came(pilot, EntryScreen)
        await pilot.press("enter")
        await came(pilot, MatterScreen)
        await pilot.press("enter")
        await came(pilot, ComposeScreen)
        await until(pilot, lambda: isinstance(app.focused, TextArea))
        assert all(not area.text for area in app.screen.query(TextArea)) and "demanded" in picture(app)
        assert "Question 1 of " in picture(app) and "Step 4 of 5" in picture(app), "the two counts are told apart"
        await pilot.press(*"National police desk")
        await pilot.press("ctrl+s")
        await came(pilot, CheckRequestScreen)
        await seen(pilot, "Missing: Offence")
        await pilot.press("ctrl+s")
        await came(pilot, RequestsScreen)
        await seen(pilot, "Sent.")
        # The board that was empty shows what it holds now, ready to be opened.
        assert "Nothing was asked so far" not in picture(app) and app.focused is app.screen.query_one(RequestList)
        assert board(table, "averne")[0].missing == ("offence",)

        await pass_on(pilot)
        await seen(pilot, "r: 1 request waits")
        await pilot.press("r")
        await came(pilot, RequestsScreen)
        assert "1 waits for you" in picture(app)
        await pilot.press("enter")
        await came(pilot, RequestScreen)
        await until(pilot, lambda: board(table, "belmark")[0].status == "acknowledged")
        await seen(pilot, "✕ 1 of 2 parts that are demanded are missing")
        await pilot.press("b")
        await came(pilot, AnswerRequestScreen)
        assert "[ ] ✕ Offence" in picture(app)
        await take(pilot, "offence", "missing")
        await pilot.press("ctrl+s")
        await confirmed(pilot)
        await came(pilot, RequestScreen)
        await seen(pilot, "you asked back: 1 gap named")

        await pass_on(pilot)
        await pilot.press("r")
        await came(pilot, RequestsScreen)
        await seen(pilot, "asked back: 1 gap named")
        await pilot.press("enter")
        await came(pilot, RequestScreen)
        await pilot.press("m")
        await came(pilot, MendScreen)
        await until(pilot, lambda: isinstance(app.focused, TextArea))
        assert len(app.screen.query(TextArea)) == 1
        await pilot.press(*"Access to a host")
        await pilot.press("ctrl+s")
        await confirmed(pilot)
        await came(pilot, RequestScreen)
        await seen(pilot, "mended; no answer yet")

        await pass_on(pilot)
        await pilot.press("r")
        await came(pilot, RequestsScreen)
        await pilot.press("enter")
        await came(pilot, RequestScreen)
        await pilot.press("a")
        await came(pilot, AnswerRequestScreen)
        # The draft of the answer that was sent is gone; nothing is ticked.
        assert "(●)" not in picture(app)
        await take(pilot, "accept", "answer")
        await seen(pilot, "For how many days")
        assert "At least 60 days" in picture(app)
        await pilot.press("ctrl+s")
        await confirmed(pilot)
        await came(pilot, RequestScreen)
        await seen(pilot, "The judge has not signed yet")
        await pilot.press("f")
        await seen(pilot, "✕ Not yet: The judge has not signed yet.")
    assert board(table, "belmark")[0].status == "accepted"


async def test_what_was_accepted_is_carried_out() -> None:
    """Protects the end of a request: what is handed over reaches the other team, and both boards say so."""
    table = asking_table()
    table.submit(send("preservation", 1, content=FULL, subject="A mail box"))
    table.submit(answer(1, "accept", text="We keep it.", days=60))
    app = asking_app(table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await sit_down(pilot)
        await pass_on(pilot)
        await pilot.press("r", "enter")
        await came(pilot, RequestScreen)
        await pilot.press("f")
        await came(pilot, FulfilScreen)
        await until(pilot, lambda: isinstance(app.focused, TextArea))
        await pilot.press(*"Kept as asked")
        await pilot.press("ctrl+s")
        await came(pilot, RequestScreen)
        await seen(pilot, "Done. The other side has it.")
    request = board(table, "averne")[0]
    assert request.status == "fulfilled" and request.steps[-1].text == "Kept as asked"


@at_both_sizes
async def test_conditions_are_accepted_and_then_broken_with_open_eyes(size: tuple[int, int]) -> None:
    """Protects the handling of information: conditions are read before they bind, and breaking them is warned of once,
    possible, and kept."""
    table = asking_table()
    table.submit(send("preservation", 4, content=FULL))
    moved_on(table, 400)
    app = asking_app(table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await sit_down(pilot)
        await pilot.press("r")
        await came(pilot, RequestsScreen)
        await seen(pilot, "under conditions, yours to accept")
        await pilot.press("enter")
        await came(pilot, RequestScreen)
        await pilot.press("y")
        await came(pilot, ConfirmScreen)
        assert "stays inside your team" in picture(app)
        await confirmed(pilot)
        await seen(pilot, "The conditions bind you")
        await pilot.press("escape")
        await came(pilot, RequestsScreen)
        await pilot.press("e")
        await came(pilot, EvidenceScreen)
        await take(pilot, "record")
        await seen(pilot, "Given by Police centre")
        assert "TLP:AMBER" in picture(app)
        await pilot.press("o")
        await came(pilot, KindScreen)
        await take(pilot, "warning")
        await came(pilot, EntryScreen)
        await take(pilot, "2")
        await came(pilot, MatterScreen)
        await take(pilot, "+other")
        await came(pilot, ComposeScreen)
        await pilot.press(*"A warning")
        await pilot.press("ctrl+s")
        await came(pilot, CheckRequestScreen)
        await pilot.press("ctrl+s")
        await came(pilot, AgainstScreen)
        await seen(pilot, "breaks that condition")
        assert "from Police centre" in picture(app)
        # Enter alone goes back: nothing is sent by a slip.
        await pilot.press("enter")
        await came(pilot, CheckRequestScreen)
        assert len(board(table, "averne")) == 1
        await pilot.press("ctrl+s")
        await came(pilot, AgainstScreen)
        await pilot.press("right", "right", "enter")
        await came(pilot, EvidenceScreen)
        await seen(pilot, "Sent")
    assert board(table, "averne")[-1].encloses == ("A record",)
    acts = [entry.event for entry in table.session.entries if isinstance(entry.event, ActDone)]
    assert any(done.act.against_conditions for done in acts)


async def test_consent_can_be_asked_from_the_warning() -> None:
    """Protects the third way: instead of breaking a condition one asks its giver, and what was written is kept."""
    table = asking_table()
    app = asking_app(table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await sit_down(pilot)
        await pilot.press("r", "w")
        await came(pilot, KindScreen)
        await take(pilot, "warning")
        await came(pilot, EntryScreen)
        await take(pilot, "4")
        await came(pilot, MatterScreen)
        await take(pilot, "host")
        await came(pilot, ComposeScreen)
        await take(pilot, "tip", "evidence")
        await came(pilot, AgainstScreen)
        await pilot.press("right", "enter")
        await until(pilot, lambda: isinstance(app.screen, ComposeScreen) and "Consent to pass on" in picture(app))
        assert "Belmark" in picture(app)
        await pilot.press("ctrl+s")
        await came(pilot, CheckRequestScreen)
        await pilot.press("ctrl+s")
        await seen(pilot, "Consent was asked of Belmark")
        assert isinstance(app.screen, ComposeScreen)
    assert [request.kind for request in board(table, "averne")] == ["consent"]


@at_both_sizes
async def test_a_ping_finds_a_stale_entry(size: tuple[int, int]) -> None:
    """Protects the directory: a test without a form says beside the entry whether anybody is there."""
    table = asking_table()
    app = asking_app(table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await sit_down(pilot)
        await pilot.press("c")
        await came(pilot, DirectoryScreen)
        rows = app.screen.query_one("#rows")
        rows.choose("1")  # type: ignore[attr-defined]
        await pilot.press("p")
        await seen(pilot, "✓ works")
        rows.choose("3")  # type: ignore[attr-defined]
        await pilot.pause()
        await pilot.press("p")
        await seen(pilot, "… ping on its way")
        moved_on(table, 300)
        await pilot.press("escape")
        await came(pilot, PlayScreen)
        await pilot.press("c")
        await came(pilot, DirectoryScreen)
        await seen(pilot, "✕ nobody there")
        # An entry without a channel can be read, and takes nothing.
        app.screen.query_one("#rows").choose("6")  # type: ignore[attr-defined]
        await seen(pilot, "Takes no requests")
        assert "p Ping" not in picture(app)


async def test_requests_rest_in_a_plenary_and_say_so() -> None:
    """Protects from two untruths in a plenary: that what waits for one's own answer waits for the other side, and that
    a request could be sent there and then."""
    data = asking_scenario().model_dump(mode="json", by_alias=True)
    data["moves"][0]["plenary"] = PLENARY
    table = asking_table(Scenario.model_validate(data))
    table.submit(send("preservation", 1, content=FULL))
    moved_on(table, 20 * 60)
    table.session.submit(CloseMove())
    assert table.client("averne").view().clock.phase == "plenary"
    app = asking_app(table)
    async with app.run_test(size=(80, 24)) as pilot:
        await came(pilot, HandoverScreen)
        await pilot.press("enter")
        await came(pilot, PlayScreen)
        await pilot.press("r")
        await came(pilot, RequestsScreen)
        await seen(pilot, "Requests rest in a plenary. w begins one")
        await pilot.press("enter")
        await came(pilot, RequestScreen)
        await seen(pilot, "they go on with the next move")


def test_what_a_team_did_itself_is_no_news_to_it() -> None:
    """Protects the line that says what has come: it tells what others did, not one's own sending and mending, nor a
    test of an entry that was answered on the spot."""
    table = asking_table()
    averne, belmark = table.client("averne"), table.client("belmark")
    before = averne.view()
    table.submit(send("ping", 1))
    assert averne.view().requests[0].status == "fulfilled" and news(before, averne.view()) == ""
    table.submit(send("preservation", 1, content={"authority": "National police desk"}))
    assert news(before, averne.view()) == ""
    before, stood = averne.view(), belmark.view()
    table.submit(answer(2, "ask-back", missing=("offence",), text="Tell us which offence it is."))
    assert "asked back: 1 gap named" in news(before, averne.view())
    assert "you asked back" not in news(stood, belmark.view())


async def test_a_refusal_names_its_ground_and_its_clause() -> None:
    """Protects reasons: a refusal without any is held back here, its ground can be read, a part may be offered."""
    table = asking_table()
    table.submit(send("preservation", 1, content=FULL, basis=("bc-29",)))
    app = asking_app(table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await sit_down(pilot)
        await pass_on(pilot)
        await pilot.press("r", "enter")
        await came(pilot, RequestScreen)
        await pilot.press("l")
        await came(pilot, CommitmentsScreen)
        await seen(pilot, "The request has six")
        await pilot.press("escape")
        await came(pilot, RequestScreen)
        await pilot.press("a")
        await came(pilot, AnswerRequestScreen)
        await pilot.press("ctrl+s")
        await seen(pilot, "Choose first how you answer")
        await take(pilot, "refuse", "answer")
        await seen(pilot, "could you do a part of it")
        await pilot.press("ctrl+s")
        await seen(pilot, "A refusal needs a ground or reasons")
        await take(pilot, "political-offence", "ground")
        await pilot.press("f2")
        await came(pilot, CommitmentsScreen)
        await pilot.press("escape")
        await came(pilot, AnswerRequestScreen)
        app.screen.query_one("#say-text").focus()
        await pilot.press(*"It is politics")
        await pilot.press("ctrl+s")
        await came(pilot, ConfirmScreen)
        assert "Political offence" in picture(app)
        await confirmed(pilot)
        await came(pilot, RequestScreen)
        await seen(pilot, "you refused: Political offence")
    request = board(table, "averne")[0]
    assert (request.status, request.ground) == ("refused", "Political offence")


async def test_a_late_answer_is_refused_in_one_line_and_kept() -> None:
    """Protects what was typed: a request that changed meanwhile says so, and no word is lost."""
    table = asking_table()
    table.submit(send("preservation", 1, content={"authority": "National police desk"}))
    app = asking_app(table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await sit_down(pilot)
        await pass_on(pilot)
        await pilot.press("r", "enter")
        await came(pilot, RequestScreen)
        await until(pilot, lambda: board(table, "belmark")[0].status == "acknowledged")
        await pilot.press("a")
        await came(pilot, AnswerRequestScreen)
        await take(pilot, "part", "answer")
        app.screen.query_one("#say-text").focus()
        await pilot.press(*"We keep some")
        table.submit(cmd.MendRequest(seat="averne", request=1, revision=1, content={"offence": "Access to a host"}))
        await pilot.press("ctrl+s")
        await confirmed(pilot)
        await seen(pilot, "✕ This request has changed")
        assert isinstance(app.screen, AnswerRequestScreen) and "We keep some" in picture(app)
        await pilot.press("escape")
        await came(pilot, RequestScreen)
        await pilot.press("a")
        await came(pilot, AnswerRequestScreen)
        assert "We keep some" in picture(app)


async def test_a_half_written_request_is_kept_and_offered_again() -> None:
    """Protects against loss: leaving the form keeps the draft, and only an answer of one's own throws it away."""
    table = asking_table()
    app = asking_app(table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await sit_down(pilot)
        await pilot.press("r", "w")
        await came(pilot, KindScreen)
        for screen in (EntryScreen, MatterScreen, ComposeScreen):
            await pilot.press("enter")
            await came(pilot, screen)
        await until(pilot, lambda: isinstance(app.focused, TextArea))
        await pilot.press(*"Half a name")
        while not isinstance(app.screen, RequestsScreen):
            await pilot.press("escape")
            await pilot.pause()
        await pilot.press("w")
        await came(pilot, ConfirmScreen)
        assert "Preservation of stored data" in picture(app)
        await pilot.press("enter")
        await came(pilot, ComposeScreen)
        await seen(pilot, "Half a name")
        while not isinstance(app.screen, RequestsScreen):
            await pilot.press("escape")
            await pilot.pause()
        await pilot.press("w")
        await confirmed(pilot)
        await came(pilot, KindScreen)
        for screen in (EntryScreen, MatterScreen, ComposeScreen):
            await pilot.press("enter")
            await came(pilot, screen)
        assert "Half a name" not in picture(app)


async def test_a_request_is_taken_back() -> None:
    """Protects the requester: what is not agreed to yet can be taken back, with a reason or without."""
    table = asking_table()
    table.submit(send("preservation", 1, content=FULL))
    app = asking_app(table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await sit_down(pilot)
        await pilot.press("r", "enter")
        await came(pilot, RequestScreen)
        await pilot.press("k")
        await came(pilot, AskScreen)
        await pilot.press("enter")
        await seen(pilot, "you took it back")
    assert board(table, "belmark")[0].status == "withdrawn"


async def test_time_does_not_pass_over_a_request_unasked() -> None:
    """Protects a request from lapsing by a slip, and the other team's secrets: going on asks first, naming nothing."""
    table = asking_table()
    table.submit(send("preservation", 1, content=FULL, subject="Quorrax", deadline=3600))
    app = asking_app(table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await sit_down(pilot)
        for _ in range(5):
            await pilot.press("n")
            await pilot.pause()
            if isinstance(app.screen, ConfirmScreen):
                break
        await seen(pilot, "Another team at this keyboard has a request to answer")
        assert "Preservation" not in picture(app)
        await pilot.press("escape")
        await came(pilot, PlayScreen)
    assert board(table, "belmark")[0].status in ("delivered", "acknowledged")


def test_no_answer_is_wanted_sooner_than_a_room_can_give_it() -> None:
    """Protects the other side: a time that leaves less than five minutes of play is not offered, the soonest first."""
    table = asking_table()
    first = [key for key, _, _ in deadlines(table.client("averne").view())]
    moved_on(table, 60)
    inside = {key: at for key, _, at in deadlines(table.client("averne").view())}
    moved_on(table, 1000)
    late = [key for key, _, _ in deadlines(table.client("averne").view())]

    # Four hours from the start are the end of the move: one time, offered once.
    assert first == ["none", "1", "move", "12"]
    assert inside == {"none": None, "move": 4 * 3600, "1": 720 + 3600, "4": 720 + 4 * 3600, "12": 720 + 12 * 3600}
    assert "move" not in late and "1" in late


def test_every_step_is_told_in_words() -> None:
    """Protects the board: whichever step a request has come to, each side reads a sentence and no id."""
    for request in every_step():
        for for_all in (False, True):
            said = status_text(request, for_all=for_all)
            assert said and "{" not in said and (" " in said or said in ("sent", "refused", "done", "received"))
    assert {request.status for request in every_step()} == {step.value for step in Step}


def test_conditions_are_told_in_plain_words() -> None:
    """Protects whoever is bound: the colour of a mark is never all that is said."""
    amber = Handling(tlp=Tlp.AMBER, purpose=Purpose.DEFENCE, words="Do not name the source.")

    said = handling_text(amber, mine=True)

    assert said.startswith("TLP:AMBER: stays inside your team and operators who need it; for defence only")
    assert said.endswith("“Do not name the source.”")


def test_the_board_puts_first_what_waits_for_the_team() -> None:
    """Protects the order of a board: mine first by deadline, then what is under way, then what is over."""
    table = lively_table()
    parts = {title: [r.number for r in part] for title, part in board_order(board(table, "averne"))}

    assert list(parts) == ["Waits for you", "Under way", "Over"]
    first = board(table, "averne")[parts["Waits for you"][0] - 1]
    assert first.incoming and first.deadline == 3 * 3600


@pytest.mark.parametrize("kind", HOSTILE)
@at_both_sizes
async def test_hostile_words_are_shown_as_they_are(size: tuple[int, int], kind: str) -> None:
    """Protects every screen of requests from words that are code elsewhere."""
    app = ExerciseApp(table=hostile_table(HOSTILE[kind]))
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await came(pilot, PlayScreen)
        for keys, screen in (
            (("r",), RequestsScreen),
            (("enter",), RequestScreen),
            (("a",), AnswerRequestScreen),
            (("escape", "m"), MendScreen),
            (("escape", "escape", "e"), EvidenceScreen),
            (("o",), KindScreen),
            (("enter",), EntryScreen),
            (("enter",), MatterScreen),
            (("enter",), ComposeScreen),
            (("ctrl+s",), CheckRequestScreen),
            (("ctrl+s",), AgainstScreen),
        ):
            await pilot.press(*keys)
            await came(pilot, screen)
            seen = picture(app)
            assert "\x1b" not in seen and "\u202e" not in seen


@pytest.mark.parametrize("name", PICTURES)
@at_both_sizes
def test_picture_of_requests(snap_compare: Any, size: tuple[int, int], name: str) -> None:
    """Protects how the screens of requests look; look at the report before a changed picture is taken over."""
    assert snap_compare(asking_app(lively_table()), terminal_size=size, run_before=PICTURES[name])


async def test_a_mouse_opens_requests_and_takes_rows() -> None:
    """Protects those who point: a second click opens what is marked, one click ticks, a button goes on."""
    app = asking_app(lively_table())
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await to_board(pilot)
        await pilot.click(RequestList, offset=(20, 4))
        await pilot.pause()
        assert isinstance(app.screen, RequestsScreen)
        await pilot.click(RequestList, offset=(20, 4))
        await came(pilot, RequestScreen)
        await pilot.press("escape", "up", "enter")
        await came(pilot, RequestScreen)
        await pilot.press("a")
        await came(pilot, AnswerRequestScreen)
        await pilot.click("#answer", offset=(6, 3))
        await seen(pilot, "(●) Refuse")
        await pilot.click("#answer", offset=(6, 0))
        await seen(pilot, "(●) Accept it")
        app.screen.query_one("#form").scroll_end(animate=False)
        await pilot.pause()
        await pilot.click("#go")
        await came(pilot, ConfirmScreen)


async def test_nothing_is_asked_back_where_nothing_is_demanded() -> None:
    """Protects from a dead end: a kind that demands no words offers no asking back for them."""
    table = asking_table()
    table.submit(send("contact-data", 2))
    app = asking_app(table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await sit_down(pilot)
        await pass_on(pilot)
        await pilot.press("r", "enter")
        await came(pilot, RequestScreen)
        assert "Ask back" not in picture(app)
        await pilot.press("a")
        await came(pilot, AnswerRequestScreen)
        assert "Accept a part" in picture(app) and "Ask back" not in picture(app)


async def test_the_board_is_drawn_by_one_widget() -> None:
    """Protects the cost of a change: however many requests there are, the board stays one list."""
    app = asking_app(lively_table())
    async with app.run_test(size=(120, 40), notifications=True, tooltips=True) as pilot:
        await to_board(pilot)
        assert len(app.screen.query(RequestList)) == 1 and len(list(app.screen.query("*"))) < 20
