"""The console's story side, driven by keys over the real rules: what a facilitator does is what the teams then see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from controlling import DirectControl
from given import decision, inject, option, scenario
from piloting import HOSTILE
from screens import at_both_sizes, picture, until
from screens import still as still
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from exercise.core.commands import ChooseResponse, PauseClock, ReadMessage
from exercise.core.teamwork.commands import CastVote, TakePen, WriteDraft
from exercise.session.control import GoBack, Startex
from exercise.tui.console.app import ConsoleApp
from exercise.tui.console.corrections import TypeWordScreen, WhyScreen
from exercise.tui.console.decisions import DecisionsScreen
from exercise.tui.console.facts import FactsScreen
from exercise.tui.console.inject_form import EditScreen, WriteScreen
from exercise.tui.console.main import MainScreen
from exercise.tui.console.moments import MomentsScreen
from exercise.tui.console.pages import PAGES
from exercise.tui.screens.confirm import AskScreen, ConfirmScreen
from exercise.tui.screens.help import HelpScreen
from exercise.tui.widgets.choices import Choices

pytestmark = pytest.mark.usefixtures("still")


@asynccontextmanager
async def console(control: DirectControl, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[Any]]:
    """The console over this control, with notifications and tooltips as people have them."""
    app = ConsoleApp(control)
    app.animation_level = "none"
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await at(pilot, MainScreen)
        await until(pilot, lambda: "MSEL" in picture(app))
        yield pilot


async def at(pilot: Pilot[Any], screen: type) -> None:
    """Waits until this screen is in front and drawn."""
    await until(pilot, lambda: isinstance(pilot.app.screen, screen) and pilot.app.screen.is_mounted)
    await pilot.pause()


async def agree(pilot: Pilot[Any]) -> None:
    """Says yes to what is asked; the answer that changes nothing has the focus."""
    await at(pilot, ConfirmScreen)
    await pilot.press("tab", "enter")
    await until(pilot, lambda: not isinstance(pilot.app.screen, ConfirmScreen))
    await pilot.pause()


async def explain(pilot: Pilot[Any], why: str) -> None:
    """Gives a reason and says yes."""
    await at(pilot, WhyScreen)
    await pilot.press(*why, "enter", "enter")
    await until(pilot, lambda: not isinstance(pilot.app.screen, WhyScreen))
    await pilot.pause()


def mark(pilot: Pilot[Any], row: str, list_id: str = "msel") -> None:
    """Marks a row of a list, as the arrows do."""
    pilot.app.screen.query_one(f"#{list_id}", Choices).choose(row)


def write(pilot: Pilot[Any], field: str, text: str) -> None:
    """Puts a text in a field of the form in front."""
    found = pilot.app.screen.query_one(field)
    if isinstance(found, TextArea):
        found.text = text
    else:
        assert isinstance(found, Input)
        found.value = text


def titles(control: DirectControl, seat: str) -> list[str]:
    """The messages that a seat has."""
    return [item.title for item in control.sees(seat).inbox]


def started(**facts: str) -> DirectControl:
    """After STARTEX, with one person at each of three seats."""
    control = DirectControl()
    control.join("Ana", "averne/lead")
    control.join("Bo", "averne/police")
    control.join("Cid", "belmark")
    return control.started(**({"source": "crew"} | facts))


# STARTEX and the clock


@at_both_sizes
async def test_startex_with_a_fixed_fact(size: tuple[int, int]) -> None:
    """Protects the gate: control sees who is missing, fixes a fact, is asked once, and the exercise begins so."""
    control = DirectControl()
    control.join("Ana", "averne/lead")
    async with console(control, size) as pilot:
        await pilot.press("c")
        await until(pilot, lambda: "Muster" in picture(pilot.app))
        shown = picture(pilot.app)
        assert "ready: 1 here" in shown and "empty: nobody has" in shown and "drawn by lot" in shown
        await pilot.press("down", "enter")
        await until(pilot, lambda: "what is true?" in picture(pilot.app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "fixed: insider" in picture(pilot.app))
        await pilot.press("s")
        await at(pilot, ConfirmScreen)
        assert "Nobody plays Belmark" in picture(pilot.app)
        await agree(pilot)
        await until(pilot, lambda: "RUNNING" in picture(pilot.app))
        assert control.asked == [Startex(facts={"source": "insider"})]
        assert control.session.state.facts["source"] == "insider"


async def test_the_clock_stops_and_starts_by_one_key_and_keeps_its_rate() -> None:
    """Protects the keys used under stress: space and z stop and start at once, < and > change the rate, shown above."""
    control = started()
    async with console(control) as pilot:
        await pilot.press("space")
        await until(pilot, lambda: "‖ PAUSED" in picture(pilot.app))
        assert not control.session.state.clock.running
        await pilot.press("z")
        await until(pilot, lambda: "▶ RUNNING" in picture(pilot.app))
        await pilot.press("greater_than_sign", "greater_than_sign")
        await until(pilot, lambda: "RUNNING 4×" in picture(pilot.app))
        await pilot.press("less_than_sign")
        await until(pilot, lambda: "RUNNING 2×" in picture(pilot.app))


async def test_a_step_is_asked_while_the_clock_runs_and_not_while_it_stands() -> None:
    """Protects a running room from a slip on n, and lets who paces by hand step without a question."""
    control = started()
    control.given(ChooseResponse(seat="averne/lead", decision="tell", revision=1, option="wait", reason="Too early."))
    async with console(control) as pilot:
        await pilot.press("n")
        await at(pilot, ConfirmScreen)
        asked = " ".join(picture(pilot.app).replace("│", " ").split())
        assert "T+1:00 Are" in asked and "our records safe?, or sooner" in asked
        await pilot.press("escape")
        await at(pilot, MainScreen)
        assert "Are our records safe?" not in titles(control, "averne")
        await pilot.press("space", "n")
        await until(pilot, lambda: "Are our records safe?" in titles(control, "averne"))


async def test_a_jump_says_what_comes_and_refuses_what_cannot_be() -> None:
    """Protects jumps: a time that is no time, or past the move, is told; a good one names what comes, then goes."""
    control = started()
    async with console(control) as pilot:
        await pilot.press("c")
        for typed, said in (("soon", "is written T+1:30"), ("9:00", "within this move")):
            await pilot.press("j")
            await at(pilot, AskScreen)
            await pilot.press(*typed, "enter")
            await until(pilot, lambda said=said: said in " ".join(picture(pilot.app).split()))  # type: ignore[misc]
        await pilot.press("j")
        await at(pilot, AskScreen)
        await pilot.press(*"1:30", "enter")
        await at(pilot, ConfirmScreen)
        assert "Are our records safe?" in picture(pilot.app)
        await agree(pilot)
        await until(pilot, lambda: "T+1:30" in picture(pilot.app))
        assert "Are our records safe?" in titles(control, "averne")


@at_both_sizes
async def test_moves_close_with_what_is_open_named_and_endex_is_typed(size: tuple[int, int]) -> None:
    """Protects the two ends: open decisions are named before they lapse, and ENDEX needs its word."""
    control = started()
    async with console(control, size) as pilot:
        await pilot.press("c", "m")
        await at(pilot, ConfirmScreen)
        assert "Averne: Tell Belmark?" in picture(pilot.app)
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, ConfirmScreen))
        assert control.session.state.clock.phase == "move"
        await pilot.press("m")
        await agree(pilot)
        await until(pilot, lambda: "≡ PLENARY" in picture(pilot.app))
        assert control.session.state.decisions["tell"].status == "lapsed"
        await pilot.press("p")
        await agree(pilot)
        await until(pilot, lambda: "Move 2 of 2" in picture(pilot.app))
        await pilot.press("E")
        await at(pilot, TypeWordScreen)
        await pilot.press(*"yes", "enter")
        await until(pilot, lambda: "That is not ENDEX" in picture(pilot.app))
        assert control.session.state.clock.phase == "move"
        pilot.app.screen.query_one(Input).value = ""
        await pilot.press(*"endex", "enter")
        await until(pilot, lambda: "■ ENDEX" in picture(pilot.app))
        # The head is shown in groups, to be read aloud.
        assert "Head of the log" in picture(pilot.app) and control.session.head[:4] in picture(pilot.app)
        await pilot.press("X")
        await at(pilot, TypeWordScreen)
        await pilot.press(*"close", "enter")
        await until(pilot, lambda: control.closed)
        await pilot.press("escape")
        await at(pilot, MainScreen)
        await until(pilot, lambda: "did not come" in picture(pilot.app))


# the MSEL


@at_both_sizes
async def test_an_inject_is_released_early_after_asking(size: tuple[int, int]) -> None:
    """Protects release by hand: the next inject is marked, Enter alone does nothing, a yes sends it to its teams."""
    control = started()
    async with console(control, size) as pilot:
        await pilot.press("r")
        await at(pilot, ConfirmScreen)
        await pilot.press("enter")
        await at(pilot, MainScreen)
        assert "Are our records safe?" not in titles(control, "averne")
        await pilot.press("r")
        await agree(pilot)
        await until(pilot, lambda: "Released: Are our records safe?" in picture(pilot.app))
        assert "Are our records safe?" in titles(control, "averne") and "Are our records safe?" in titles(
            control, "belmark"
        )


async def test_who_has_read_an_inject_is_told_by_number_and_name() -> None:
    """Protects the count of readers: of the people in their seats, with their seats below."""
    control = started().given(ReadMessage(seat="averne/police", number=1))
    async with console(control) as pilot:
        await until(pilot, lambda: "read 1/3" in picture(pilot.app))
        mark(pilot, "i:call")
        await pilot.press("enter", "end")
        await until(pilot, lambda: "Averne: Police" in picture(pilot.app))


async def test_a_held_inject_does_not_come_and_comes_again_when_let_go() -> None:
    """Protects hold: its time passes without it; let go before its time it comes by itself."""
    control = started()
    async with console(control) as pilot:
        await pilot.press("h")
        await until(pilot, lambda: "‖ HELD" in picture(pilot.app))
        await pilot.press("h")
        await until(pilot, lambda: "› in 5 min" in picture(pilot.app))
        await pilot.press("h")
        await until(pilot, lambda: "‖ HELD" in picture(pilot.app))
        control.pass_(400)
        assert "Are our records safe?" not in titles(control, "averne")
        await pilot.press("r")
        await agree(pilot)
        await until(pilot, lambda: "Are our records safe?" in titles(control, "averne"))


async def test_an_inject_on_a_condition_is_held_only_after_asking() -> None:
    """Protects what cannot be undone: an inject without a time has nothing to go back to once it is held."""
    control = started()
    async with console(control) as pilot:
        mark(pilot, "i:thanks")
        await pilot.press("h")
        await agree(pilot)
        await until(pilot, lambda: "thanks" in control.session.state.held)
        await pilot.press("h")
        await until(pilot, lambda: "no time to go back to" in picture(pilot.app))


async def test_skipping_takes_a_reason_and_the_inject_stays_away() -> None:
    """Protects skip: the reason is kept, the row says so, its time passes without it."""
    control = started()
    async with console(control) as pilot:
        await pilot.press("k")
        await explain(pilot, "No time")
        await until(pilot, lambda: "– skipped" in picture(pilot.app))
        control.pass_(400)
        assert "Are our records safe?" not in titles(control, "averne")
        assert any(getattr(entry.event, "why", "") == "No time" for entry in control.session.entries)


@at_both_sizes
async def test_an_edited_text_is_what_the_team_reads(size: tuple[int, int]) -> None:
    """Protects edits before release: new words and a new time, and the participant's view has the new words."""
    control = started()
    async with console(control, size) as pilot:
        await pilot.press("e")
        await at(pilot, EditScreen)
        write(pilot, "#form-text", "A newspaper asks **you**.")
        write(pilot, "#form-when", "T+0:10")
        await pilot.press("ctrl+s")
        await at(pilot, MainScreen)
        await until(pilot, lambda: "edited" in picture(pilot.app) and "T+0:10" in picture(pilot.app))
        control.pass_(60)
        found = next(item for item in control.sees("averne").inbox if item.title == "Are our records safe?")
        assert found.text == "A newspaper asks **you**." and found.exercise == 600


async def test_what_was_written_is_not_left_without_asking() -> None:
    """Protects a half-written form: esc asks, and an unchanged one just closes."""
    control = started()
    async with console(control) as pilot:
        await pilot.press("e")
        await at(pilot, EditScreen)
        await pilot.press("escape")
        await at(pilot, MainScreen)
        await pilot.press("e")
        await at(pilot, EditScreen)
        write(pilot, "#form-title", "Other")
        await pilot.press("escape")
        await at(pilot, ConfirmScreen)
        await pilot.press("enter")
        await at(pilot, EditScreen)
        assert pilot.app.screen.query_one("#form-title", Input).value == "Other"


@at_both_sizes
async def test_an_inject_is_written_to_one_role(size: tuple[int, int]) -> None:
    """Protects improvising: what is missing is told, what is sent is shown once more, and only that role gets it."""
    control = started()
    async with console(control, size) as pilot:
        await pilot.press("w")
        await at(pilot, WriteScreen)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Tick whom it is for" in picture(pilot.app))
        mark(pilot, "averne/police", "form-to")
        await pilot.press("enter")
        write(pilot, "#form-sender", "A caller")
        write(pilot, "#form-title", "I saw them")
        write(pilot, "#form-text", "At the harbour.")
        await pilot.press("ctrl+s")
        await at(pilot, ConfirmScreen)
        assert "Averne: Police" in picture(pilot.app)
        await agree(pilot)
        await at(pilot, MainScreen)
        await until(pilot, lambda: "I saw them" in picture(pilot.app))
        assert titles(control, "averne/police")[-1] == "I saw them"
        assert "I saw them" not in titles(control, "averne/lead") + titles(control, "belmark")


async def test_an_inject_written_for_later_waits_in_the_msel() -> None:
    """Protects the time of a written inject: it waits among the others, and comes by itself."""
    control = started()
    async with console(control) as pilot:
        await pilot.press("w")
        await at(pilot, WriteScreen)
        await pilot.press("enter")
        write(pilot, "#form-sender", "A caller")
        write(pilot, "#form-title", "Later")
        write(pilot, "#form-text", "It is later.")
        write(pilot, "#form-when", "0:30")
        await pilot.press("ctrl+s")
        await agree(pilot)
        await at(pilot, MainScreen)
        await until(pilot, lambda: "Later" in picture(pilot.app) and "T+0:30" in picture(pilot.app))
        control.pass_(160)
        assert titles(control, "belmark")[-1] == "Later"


@at_both_sizes
async def test_an_inject_that_came_is_withdrawn_with_a_reason(size: tuple[int, int]) -> None:
    """Protects the correction: the message stays, marked; what has not come cannot be withdrawn, and that is said."""
    control = started()
    async with console(control, size) as pilot:
        await pilot.press("x")
        await until(pilot, lambda: "has not come yet" in picture(pilot.app))
        mark(pilot, "i:call")
        await pilot.press("x")
        await explain(pilot, "Wrong file")
        await until(pilot, lambda: "✕ withdrawn" in picture(pilot.app))
        assert control.sees("averne").inbox[0].withdrawn
        await pilot.press("r")
        await until(pilot, lambda: "withdrawn already" in picture(pilot.app))


async def test_the_list_follows_now_until_a_row_is_chosen() -> None:
    """Protects the eye: the next row is marked as the clock runs; a row chosen by hand stays, and . goes back."""
    played = scenario(*(inject(f"i{n}", at=f"T+0:{n:02}") for n in range(1, 50)))
    control = DirectControl(played).started()
    async with console(control) as pilot:
        msel = pilot.app.screen.query_one("#msel", Choices)
        assert msel.chosen == "i:i1"
        control.pass_(100)
        await until(pilot, lambda: msel.chosen == "i:i21" and "── now T+0:20" in picture(pilot.app))
        await pilot.press("up", "up")
        await until(pilot, lambda: ". back to now" in picture(pilot.app))
        chosen = msel.chosen
        control.pass_(50)
        await until(pilot, lambda: "T+0:30" in picture(pilot.app))
        assert msel.chosen == chosen
        await pilot.press("full_stop")
        await until(pilot, lambda: msel.chosen == "i:i31" and "── now T+0:30" in picture(pilot.app))


async def test_rows_of_one_team_and_only_what_is_to_come() -> None:
    """Protects the filters: v walks through the teams, o leaves out what is over, and the frame says which."""
    control = started()
    async with console(control) as pilot:
        await pilot.press("v", "v")
        await until(pilot, lambda: "MSEL · Belmark" in picture(pilot.app))
        assert "Thank you" not in picture(pilot.app) and "Are our records safe?" in picture(pilot.app)
        await pilot.press("o")
        await until(pilot, lambda: "still to come" in picture(pilot.app))
        assert "Records are for sale" not in picture(pilot.app)


# decisions


@at_both_sizes
async def test_a_decision_is_extended_and_closed(size: tuple[int, int]) -> None:
    """Protects windows: + gives five minutes at once, e as many as typed, k closes after asking, and it lapses."""
    control = started()
    closes = control.session.state.decisions["tell"].closes
    async with console(control, size) as pilot:
        await pilot.press("d")
        await at(pilot, DecisionsScreen)
        await pilot.press("plus")
        await until(pilot, lambda: control.session.state.decisions["tell"].closes == closes + 300)
        await pilot.press("e")
        await at(pilot, AskScreen)
        await pilot.press("backspace", "backspace", *"2 min", "enter")
        await until(pilot, lambda: control.session.state.decisions["tell"].closes == closes + 420)
        await pilot.press("k")
        await agree(pilot)
        await until(pilot, lambda: "lapsed unanswered" in picture(pilot.app))
        await pilot.press("r")
        await explain(pilot, "Closed too soon")
        await until(pilot, lambda: "open, " in picture(pilot.app))
        assert control.session.state.decisions["tell"].revision == 2


async def test_the_board_shows_votes_the_reason_being_written_and_the_answer() -> None:
    """Protects the facilitator's look over shoulders: who votes for what, what is being written, what was answered."""
    vote = decision("tell", option("now"), option("wait"), mode="vote")
    control = DirectControl(scenario(vote))
    control.join("Ana", "averne/lead")
    control.join("Bo", "averne/police")
    control.started()
    control.given(CastVote(seat="averne/police", decision="tell", revision=1, option="now", reason="Hurry up"))
    control.given(TakePen(seat="averne/lead", subject="tell"))
    control.given(WriteDraft(seat="averne/lead", subject="tell", text="We owe it to them"))
    async with console(control, (120, 40)) as pilot:
        await pilot.press("d")
        await at(pilot, DecisionsScreen)
        shown = picture(pilot.app)
        assert "1 of 2 have voted" in shown and "Police (Bo): Hurry up" in shown and "We owe it to them" in shown
        await pilot.press("v")
        await agree(pilot)
        await until(pilot, lambda: "answered at" in picture(pilot.app))
        assert "Option now" in picture(pilot.app)


# facts, moments


@at_both_sizes
async def test_a_fact_is_set_with_a_reason_and_revealed_to_one_team(size: tuple[int, int]) -> None:
    """Protects what is true: another value takes a reason, and only those ticked are told."""
    control = started()
    async with console(control, size) as pilot:
        await pilot.press("f")
        await at(pilot, FactsScreen)
        await pilot.press("enter")
        await until(pilot, lambda: "what is to be true?" in picture(pilot.app))
        await pilot.press("enter")
        await explain(pilot, "A better story")
        await until(pilot, lambda: control.session.state.facts["source"] == "insider")
        await pilot.press("v")
        await until(pilot, lambda: "Reveal to whom?" in picture(pilot.app))
        mark(pilot, "belmark", "addressees")
        await pilot.press("enter", "ctrl+s")
        await at(pilot, FactsScreen)
        await until(pilot, lambda: any("inside the operator" in item.text for item in control.sees("belmark").inbox))
        assert not any("inside the operator" in item.text for item in control.sees("averne").inbox)


@at_both_sizes
async def test_back_to_a_moment_is_asked_with_what_is_lost(size: tuple[int, int]) -> None:
    """Protects the fork: what came after is named first; then everybody stands at that moment, paused."""
    control = started().pass_(350)
    assert "Are our records safe?" in titles(control, "averne")
    before = control.session_id
    async with console(control, size) as pilot:
        await pilot.press("b")
        await at(pilot, MomentsScreen)
        await until(pilot, lambda: "Averne: Tell Belmark?" in picture(pilot.app))
        moments = pilot.app.screen.query_one("#moments", Choices)
        while moments.highlighted:
            await pilot.press("up")
        await pilot.press("enter")
        await at(pilot, ConfirmScreen)
        assert "has not happened" in " ".join(picture(pilot.app).split())
        assert "Are our records safe?" in picture(pilot.app)
        await agree(pilot)
        await at(pilot, MainScreen)
        await until(pilot, lambda: "‖ PAUSED" in picture(pilot.app))
        assert isinstance(control.asked[-1], GoBack) and control.session_id != before
        assert "Are our records safe?" not in titles(control, "averne")


# trouble, hostile words, help


async def test_trouble_is_said_and_nothing_is_taken_in_silence() -> None:
    """Protects a console without its hub: the banner says so, and what is asked is refused in words."""
    control = started()
    async with console(control) as pilot:
        control.trouble = "The hub cannot be reached; trying again."
        await until(pilot, lambda: "NOTHING GETS THROUGH" in picture(pilot.app))
        await pilot.press("space")
        await until(pilot, lambda: "✕ The hub cannot be reached" in picture(pilot.app))
        control.trouble = ""
        await until(pilot, lambda: "NOTHING GETS THROUGH" not in picture(pilot.app))


@at_both_sizes
@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_words_stay_words(size: tuple[int, int], words: str) -> None:
    """Protects the console from what scenarios and people write: every page draws it, nothing runs, nothing tears."""
    line = " ".join(words.split())[:100].replace("\x1b", "").replace("\x07", "").replace("\x9b", "")
    rows = [
        inject("call", title=line, text=words[:300], notes=words[:300], expected=[line], **{"from": line}),
        inject("late", title=line, at="T+1:00"),
        decision("tell", option("yes", title=line), option("no"), title=line, text=words[:300], mode="vote"),
    ]
    control = DirectControl(scenario(*rows, title=line))
    control.join(words, "averne/lead")
    control.join(words, "averne/police")
    control.started()
    control.given(CastVote(seat="averne/lead", decision="tell", revision=1, option="yes", reason=words))
    control.given(TakePen(seat="averne/police", subject="tell"))
    control.given(WriteDraft(seat="averne/police", subject="tell", text=words))
    control.given(PauseClock())
    async with console(control, size) as pilot:
        await pilot.press("r")
        await at(pilot, ConfirmScreen)
        await pilot.press("escape", "enter", "escape", "k")
        await at(pilot, WhyScreen)
        await pilot.press("escape")
        for key in ("c", "d", "f", "b", "e"):
            await pilot.press(key)
            await until(pilot, lambda: not isinstance(pilot.app.screen, MainScreen))
            await pilot.pause()
            shown = picture(pilot.app)
            assert "EXERCISE – EXERCISE" in shown and "\x1b" not in shown and "\u202e" not in shown
            await pilot.press("escape")
            await at(pilot, MainScreen)


@pytest.mark.parametrize("key", ["", "c", "d", "f", "b", "w", "e"])
async def test_every_page_has_its_help_and_a_hint_that_fits(key: str) -> None:
    """Protects who is here for the first time: ? explains each page, and its one-line hint is whole at 80 columns."""
    control = started()
    async with console(control) as pilot:
        if key:
            await pilot.press(key)
            await until(pilot, lambda: not isinstance(pilot.app.screen, MainScreen))
            await pilot.pause()
        screen = pilot.app.screen
        assert len(screen.hint()) <= 78  # type: ignore[attr-defined]
        await pilot.press("f1")
        await at(pilot, HelpScreen)
        assert "Help: " in picture(pilot.app)


def test_no_two_pages_or_actions_share_a_key() -> None:
    """Protects the one list of pages: a key opens one page and is none of the main screen's own."""
    keys = [page.key for page in PAGES]
    own = {
        key
        for binding in MainScreen.BINDINGS
        if not binding.action.startswith("page(")  # type: ignore[union-attr]
        for key in binding.key.split(",")  # type: ignore[union-attr]
    }
    assert len(set(keys)) == len(keys) and not own & set(keys)


async def test_leaving_asks_and_leaves_the_exercise_running() -> None:
    """Protects the room: esc at the console asks first, and the clock runs on behind it."""
    control = started()
    async with console(control) as pilot:
        await pilot.press("escape")
        await at(pilot, ConfirmScreen)
        assert "goes on without you" in picture(pilot.app)
        await pilot.press("enter")
        await at(pilot, MainScreen)
        assert control.session.state.clock.running and not control.closed


async def test_what_is_still_to_be_decided_and_what_it_waits_for_stands_in_the_msel() -> None:
    """Protects the look ahead: decisions not put yet have their rows, and conditions are told in words."""
    waits = decision("later", at="T+2:00", title="Later on")
    if_told = inject("thanks", title="Thanks", when={"all": [{"flag": "told"}, {"chose": "tell", "option": "yes"}]})
    control = DirectControl(scenario(inject("call"), if_told, decision("tell", title="Tell them"), waits)).started()
    async with console(control) as pilot:
        await until(pilot, lambda: "Later on" in picture(pilot.app) and "› in 10 min" in picture(pilot.app))
        mark(pilot, "i:thanks")
        told = "Belmark knows and Averne: “Tell them” answered with “Option yes”"
        await until(pilot, lambda: told in " ".join(picture(pilot.app).replace("│", " ").split()))
        mark(pilot, "c:later")
        await until(pilot, lambda: "Not put yet" in picture(pilot.app))


async def test_an_indicator_is_set_with_a_reason() -> None:
    """Protects the correction of an indicator: a number within its bounds, a reason, and the teams see it."""
    control = started()
    async with console(control) as pilot:
        await pilot.press("f")
        await at(pilot, FactsScreen)
        mark(pilot, "n:0", "facts-list")
        for typed in ("900", "20"):
            await pilot.press("e")
            await at(pilot, AskScreen)
            await pilot.press(*typed, "enter")
            await until(pilot, lambda: not isinstance(pilot.app.screen, AskScreen))
        await explain(pilot, "Counted wrongly")
        await until(pilot, lambda: control.session.state.indicators["trust"] == 20)
        assert control.sees("averne").indicators[0].value == 20
