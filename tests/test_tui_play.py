"""The screens of a game: what a team sees, how it answers, and that nothing it should not see gets through."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_client import ANSWERED, DILEMMA, INBOX, INDICATORS, FakeTable
from piloting import HOSTILE
from screens import at_both_sizes, picture, still, until
from support import new_session
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from exercise.core.commands import ChooseResponse, FollowUp, ReadMessage, SetAside, WriteNote
from exercise.errors import CommandRejected
from exercise.session.bots import Policy, make_bot
from exercise.session.table import LocalTable
from exercise.tui.app import ExerciseApp
from exercise.tui.screens.answer import AnswerScreen
from exercise.tui.screens.answered import AnsweredScreen
from exercise.tui.screens.briefing import BriefingScreen
from exercise.tui.screens.confirm import AskScreen, ConfirmScreen
from exercise.tui.screens.decision import DecisionScreen
from exercise.tui.screens.handover import HandoverScreen
from exercise.tui.screens.help import HelpScreen
from exercise.tui.screens.journal import JournalScreen
from exercise.tui.screens.picker import PickerScreen
from exercise.tui.screens.play import PlayScreen
from exercise.tui.screens.review import ReviewScreen
from exercise.tui.widgets.banner import Banner
from exercise.tui.widgets.indicators import course_line, trend

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]


def on(app: ExerciseApp, screen: type[Any]) -> bool:
    return isinstance(app.screen, screen) and app.screen.is_mounted


async def opened(pilot: Pilot[Any], screen: type[Any] = PlayScreen) -> None:
    await until(pilot, lambda: on(pilot.app, screen))
    await pilot.pause()


@at_both_sizes
async def test_a_team_sees_what_waits_for_it(size: tuple[int, int]) -> None:
    """Protects the first look: whose screen, that it is an exercise, what time it is, what is unread and undecided."""
    app = ExerciseApp(table=FakeTable())
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot)
        seen = picture(app)

    for words in ("EXERCISE – EXERCISE – EXERCISE", "Republic of Averne", "T+0:45", "08:45", "Window: 5 min left"):
        assert words in seen
    assert "Inbox · 3 unread" in seen and "Decisions · 2 open" in seen and "Press i to read" in seen
    assert "n Next" in seen and "? Help" in seen and "esc Back" in seen


async def test_opening_a_message_marks_it_read_and_shows_it_whole() -> None:
    """Protects the record of who has read what: only an opened message counts, and it is shown with its head."""
    table = FakeTable()
    app = ExerciseApp(table=table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot)
        assert table.client("averne").sent == []

        await pilot.press("i")

        await until(pilot, lambda: "Inbox · 2 unread" in picture(app))
        assert "Bank of Averne, fraud desk" in picture(app)
        (sent,) = table.client("averne").sent
        assert isinstance(sent, ReadMessage) and sent.number == 2


async def test_the_terminals_cursor_stands_on_the_chosen_row() -> None:
    """Protects people with a screen reader or a braille display: these follow the terminal's own cursor."""
    app = ExerciseApp(table=FakeTable())
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot)
        await pilot.press("i")
        lines = lambda: picture(app).split("\n")  # noqa: E731
        await until(pilot, lambda: "T+0:10" in lines()[app.cursor_position.y])
        await pilot.press("up")
        await until(pilot, lambda: "T+0:15" in lines()[app.cursor_position.y])


async def test_the_inbox_can_be_shown_by_channel() -> None:
    """Protects finding a message again where there are many."""
    app = ExerciseApp(table=FakeTable())
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot)
        await pilot.press("f")
        await until(pilot, lambda: "only: e-mail" in picture(app))
        assert "Two persons held" not in picture(app)

        await pilot.press("f", "f", "f", "f")
        await until(pilot, lambda: "Two persons held" in picture(app))


async def test_next_moves_the_story_and_says_what_came() -> None:
    """Protects the pace of a stepped game: one key, and the new message is named."""
    table = FakeTable()
    app = ExerciseApp(table=table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot)
        await pilot.press("n")
        await until(pilot, lambda: "● New: News number 5" in picture(app))
        assert "T+0:55" in picture(app)
    assert table.steps == ["step"]


async def test_next_asks_before_a_window_lapses() -> None:
    """Protects a decision from lapsing by a slip: Enter opens it, only the other button lets it go."""
    table = FakeTable()
    app = ExerciseApp(table=table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot)
        table.refuse = CommandRejected("decisions-open", "Averne still has to answer “A line for the press”.")
        await pilot.press("n")
        await opened(pilot, ConfirmScreen)
        assert "A line for the press" in picture(app)
        await pilot.press("enter")
        await opened(pilot, DecisionScreen)
        await pilot.press("escape")
        await opened(pilot)
        assert table.steps == ["step"]

        table.refuse = CommandRejected("decisions-open", "Averne still has to answer “A line for the press”.")
        await pilot.press("n")
        await opened(pilot, ConfirmScreen)
        await pilot.press("right", "enter")
        await until(pilot, lambda: "lapse" in table.steps)


async def test_a_refusal_does_not_name_another_teams_decision() -> None:
    """Protects secrecy at a shared terminal: the title of what the other team has to decide is for that team."""
    table = FakeTable(("averne", "belcora"))
    app = ExerciseApp(table=table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot, HandoverScreen)
        await pilot.press("enter")
        await opened(pilot)
        table.refuse = CommandRejected("decisions-open", "Belcora still has to answer “Sell the secret?”.")
        await pilot.press("n")
        await opened(pilot, ConfirmScreen)
        assert "Sell the secret" not in picture(app)
        assert "Another team at this keyboard" in picture(app)


@at_both_sizes
async def test_passing_the_keyboard_hides_one_team_from_the_other(size: tuple[int, int]) -> None:
    """Protects secrecy at a shared terminal: between two teams the screen names the next one and shows nothing."""
    app = ExerciseApp(table=FakeTable(("averne", "belcora")))
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot, HandoverScreen)
        assert "Two persons held" not in picture(app)
        await pilot.press("enter")
        await opened(pilot)
        assert "Two persons held" in picture(app)

        await pilot.press("t")
        await opened(pilot, HandoverScreen)
        between = picture(app)
        assert "Hand the keyboard to" in between and "Kingdom of Belcora" in between
        assert "Two persons" not in between and "For Belcora only" not in between and "T+0:45" not in between

        await pilot.press("enter")
        await until(pilot, lambda: on(app, PlayScreen) and "For Belcora only" in picture(app))
        assert "Two persons held" not in picture(app)
        assert len(app.screen_stack) == 2


async def test_a_decision_is_read_written_and_confirmed() -> None:
    """Protects the heart of the game: choosing, giving reasons, naming texts, seeing it whole, then sending."""
    table = FakeTable()
    app = ExerciseApp(table=table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot)
        app.screen._open_decision(DILEMMA.id)  # type: ignore[attr-defined]
        await opened(pilot, DecisionScreen)
        assert "the withdrawals lead" in picture(app)
        await pilot.press("down")
        await until(pilot, lambda: "So does the trail" in picture(app))
        await pilot.press("enter")
        await opened(pilot, AnswerScreen)
        await pilot.press(*"We stop it")
        app.screen.query_one("#basis").focus()
        await pilot.press("down", "enter")
        await opened(pilot, PickerScreen)
        await pilot.press(*"police channels")
        await until(pilot, lambda: "Operational exchange" in picture(app))
        await pilot.press("enter")
        await opened(pilot, AnswerScreen)
        app.screen.query_one("#aside").focus()
        await pilot.press("enter")
        await opened(pilot, PickerScreen)
        await pilot.press(*"safeguards", "enter")
        await until(pilot, lambda: app.screen.__class__.__name__ == "AsideScreen")
        await pilot.press(*"Urgent", "enter", *"One day", "enter", "enter")
        await opened(pilot, AnswerScreen)
        app.screen.query_one("#safeguard-ground").focus()
        await pilot.press(*"Banking act")
        await pilot.press("ctrl+s")
        await opened(pilot, ReviewScreen)
        assert "This cannot be taken back." in picture(app)
        assert table.client("averne").sent == []
        await pilot.press("ctrl+s")
        await opened(pilot)

    (sent,) = table.client("averne").sent
    assert isinstance(sent, ChooseResponse)
    assert (sent.decision, sent.revision, sent.option, sent.reason) == (DILEMMA.id, 1, "block", "We stop it")
    assert sent.basis == ("se-p7a",) or sent.basis[0].startswith("se-p7")
    assert isinstance(sent.set_aside[0], SetAside)
    assert (sent.set_aside[0].why, sent.set_aside[0].limits) == ("Urgent", "One day")
    assert sent.safeguards == {"ground": "Banking act"}
    assert app.drafts == {}


async def test_own_words_name_the_nearest_option() -> None:
    """Protects the free option: a proposal of one's own goes with the listed option that it comes nearest to."""
    table = FakeTable()
    app = ExerciseApp(table=table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot)
        app.screen._open_decision(DILEMMA.id)  # type: ignore[attr-defined]
        await opened(pilot, DecisionScreen)
        await pilot.press("end", "enter")
        await opened(pilot, AnswerScreen)
        assert "(●)" not in picture(app)
        await pilot.press(*"Block half")
        # The first row is marked as soon as one is there, and space takes it as enter would.
        await pilot.press("tab", "space")
        await until(pilot, lambda: "(●)" in picture(app))
        assert app.screen.query_one("#safeguards").display
        await pilot.press("ctrl+s")
        await opened(pilot, ReviewScreen)
        await pilot.press("ctrl+s")
        await opened(pilot)

    (sent,) = table.client("averne").sent
    assert isinstance(sent, ChooseResponse)
    assert (sent.option, sent.free_text, sent.nearest) == (None, "Block half", "block")


async def test_a_half_written_answer_survives_leaving() -> None:
    """Protects what a team has written: leaving to look something up loses nothing, and nothing is chosen for it."""
    app = ExerciseApp(table=FakeTable())
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot)
        await pilot.press("d")
        await opened(pilot, DecisionScreen)
        await pilot.press("down", "enter")
        await opened(pilot, AnswerScreen)
        await pilot.press(*"Because we must")
        await pilot.press("escape", "escape")
        await opened(pilot)
        await pilot.press("d")
        await opened(pilot, DecisionScreen)
        await pilot.press("down", "enter")
        await opened(pilot, AnswerScreen)
        assert app.screen.query_one("#reason", TextArea).text == "Because we must"


async def test_a_refused_answer_is_shown_in_place_and_kept() -> None:
    """Protects a team whose answer is refused: it reads why, where it is, and nothing it wrote is lost."""
    table = FakeTable()
    client = table.client("averne")
    app = ExerciseApp(table=table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot)
        await pilot.press("d")
        await opened(pilot, DecisionScreen)
        await pilot.press("down", "enter")
        await opened(pilot, AnswerScreen)
        await pilot.press(*"Why", "ctrl+s")
        await opened(pilot, ReviewScreen)
        client.refuse = CommandRejected("lapsed", "The window for “[/A line” has closed.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "✕ The window for “[/A line” has closed." in picture(app))
        assert on(app, ReviewScreen)
        (draft,) = app.drafts.values()
        assert draft.reason == "Why"


async def test_a_plenary_hides_the_teams_own_screen() -> None:
    """Protects secrecy in a plenary: the room looks together, so inbox and decisions are away until it is over."""
    table = FakeTable(("averne", "belcora"))
    app = ExerciseApp(table=table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot, HandoverScreen)
        await pilot.press("enter")
        await opened(pilot)
        table.plenary()
        await until(pilot, lambda: "Who speaks to the banks?" in picture(app))
        assert "Two persons held" not in picture(app)
        await pilot.press("n")
        await opened(pilot, HandoverScreen)


async def test_follow_up_says_whom_the_team_told() -> None:
    """Protects coming back to a decision: it goes to the decision that is marked, with the team's words."""
    table = FakeTable()
    app = ExerciseApp(table=table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot)
        await pilot.press("o")
        await opened(pilot, AnsweredScreen)
        assert "lapsed without an answer" in picture(app)
        await pilot.press("r")
        await opened(pilot, AskScreen)
        await pilot.press(*"We end it now", "enter")
        await until(pilot, lambda: "We end it now" in picture(app) and on(app, AnsweredScreen))
    (sent,) = table.client("averne").sent
    assert isinstance(sent, FollowUp) and (sent.decision, sent.kind) == (ANSWERED.id, "returned")


async def test_the_journal_keeps_what_is_written() -> None:
    """Protects the team's notes: a line is sent, shown, and the field is free for the next."""
    table = FakeTable()
    app = ExerciseApp(table=table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot)
        await pilot.press("j")
        await opened(pilot, JournalScreen)
        await pilot.press(*"Ask n about it?", "enter")
        await until(pilot, lambda: "Ask n about it?" in picture(app) and not app.screen.query_one(Input).value)
    (sent,) = table.client("averne").sent
    assert isinstance(sent, WriteNote) and sent.text == "Ask n about it?"


@pytest.mark.parametrize("key", ["c", "e", "o", "j", "b", "d", "p"])
@at_both_sizes
async def test_every_screen_has_help_and_a_way_back(size: tuple[int, int], key: str) -> None:
    """Protects first-time users: `?` explains each screen (F1 where one types), and `esc` leads back to the game."""
    app = ExerciseApp(table=FakeTable())
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot)
        await pilot.press(key)
        await until(pilot, lambda: not on(app, PlayScreen) and app.screen.is_mounted)
        there = type(app.screen)
        if there.__module__.endswith("commitments"):
            await pilot.press("escape")
        else:
            await pilot.press("f1")
            await opened(pilot, HelpScreen)
            assert "Keys here" in app.screen.query_one("ProseView").text  # type: ignore[attr-defined]
            await pilot.press("escape")
            await opened(pilot, there)
            assert len(app.screen.hint()) <= size[0] - 2, "the hint is cut"  # type: ignore[attr-defined]
            await pilot.press("escape")
        await opened(pilot)


async def test_leaving_asks_and_says_how_to_come_back() -> None:
    """Protects a workshop from a slip of the hand: quitting asks, names the command to go on, and ends with the id."""
    app = ExerciseApp(table=FakeTable())
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+q")
        await opened(pilot, ConfirmScreen)
        assert "exercise play --resume storm-2026-10-13" in picture(app)
        await pilot.press("enter")
        await opened(pilot)
        await pilot.press("escape")
        await opened(pilot, ConfirmScreen)
        await pilot.press("right", "enter")
        await until(pilot, lambda: app._exit)
    assert app.return_value == "storm-2026-10-13"


async def test_a_live_clock_counts_down() -> None:
    """Protects the room's sense of time: as seconds pass the banner counts down, and the list with it."""
    table = FakeTable(live=True)
    app = ExerciseApp(table=table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot)
        moment = [100.0]
        banner = app.screen.query_one(Banner)
        banner._now = lambda: moment[0]
        banner._since = 100.0
        banner.refresh()
        await until(pilot, lambda: "Window: 5:00 left" in picture(app))
        moment[0] = 161.0
        app.screen._tick()  # type: ignore[attr-defined]
        await until(pilot, lambda: "Window: 3:59 left" in picture(app))
        await until(pilot, lambda: "◆ 3:59 left" in picture(app))
        await pilot.press("z")
        await until(pilot, lambda: "PAUSED" in picture(app))
    assert "pause" in table.steps


async def test_the_briefing_comes_before_startex() -> None:
    """Protects the start: the team's own brief is read first, and one key gives STARTEX."""
    table = FakeTable(phase="briefing")
    app = ExerciseApp(table=table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot, BriefingScreen)
        assert "What all teams know" in picture(app)
        await pilot.press("n")
        await opened(pilot)
    assert table.steps == ["start"]


TOURS = [((80, 24), name) for name in HOSTILE] + [((120, 40), "markup"), ((120, 40), "wide")]


async def _answer_first_option(pilot: Pilot[Any]) -> None:
    await opened(pilot, DecisionScreen)
    await pilot.press("down", "enter")
    await opened(pilot, AnswerScreen)
    await pilot.press(*"We tell them", "ctrl+s")
    await opened(pilot, ReviewScreen)
    await pilot.press("ctrl+s")
    await opened(pilot)


async def test_a_whole_exercise_on_the_real_rules() -> None:
    """Protects the joint between screens and rules: briefing to hot wash by keys alone, with nothing in their place."""
    session = new_session(pace="stepped")
    bot = make_bot(Policy.COOPERATIVE, session.scenario, session.reference, "belmark", 4)
    app = ExerciseApp(table=LocalTable(session, ("averne",), {"belmark": bot}))
    answered = 0
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await opened(pilot, BriefingScreen)
        assert "Republic of Averne" in picture(app)
        await pilot.press("n")
        await opened(pilot)
        for _ in range(60):
            if session.state.clock.phase == "ended":
                break
            await pilot.press("n")
            await pilot.pause()
            if not on(app, ConfirmScreen):
                continue
            if "Decide" in picture(app):
                await pilot.press("enter")
                await _answer_first_option(pilot)
                answered += 1
            else:
                await pilot.press("right", "enter")
                await until(pilot, lambda: not on(app, ConfirmScreen))
        await until(pilot, lambda: type(app.screen).__name__ == "HotWashScreen")
        await pilot.press("escape")
        await opened(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: app._exit)

    assert answered >= 1 and session.state.clock.phase == "ended"
    assert any(d.choice and d.choice.reason == "We tell them" for d in session.state.decisions.values())
    assert app.return_value is None


@pytest.mark.parametrize(("size", "name"), TOURS)
async def test_hostile_words_do_nothing_anywhere(size: tuple[int, int], name: str) -> None:
    """Protects the terminal and the app: whatever a scenario says is shown as words, on every screen of a game."""
    words = HOSTILE[name]
    table = FakeTable()
    client = table.client("averne")
    view = client.now
    option = replace(DILEMMA.options[0], title=words, text=words)
    client.now = replace(
        view,
        team_name=words,
        team_short=words[:16],
        clock=replace(view.clock, move_title=words, move_text=words),
        briefing=replace(view.briefing, title=words, briefing=words, roles=((words,) * 2,), others=((words,) * 2,)),
        inbox=tuple(
            replace(
                i, title=words, sender=words, text=words, addressed=words, attachments=((words, words),), channel=words
            )
            for i in INBOX
        ),
        indicators=tuple(replace(i, name=words, unit=words, owner=words, about=words) for i in INDICATORS),
        decisions=(
            replace(DILEMMA, title=words, text=words, role=words, options=(option,), free_prompt=words),
            replace(ANSWERED, title=words, text=words),
        ),
        contacts=tuple(replace(c, name=words, party=words, address=words) for c in view.contacts),
        evidence=tuple(replace(e, title=words, text=words, source=words, conditions=words) for e in view.evidence),
        journal=tuple(replace(line, text=words) for line in view.journal),
    )
    app = ExerciseApp(table=table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await opened(pilot)
        for keys in (["i"], ["s"], ["f"], ["n"], ["escape"]):
            await pilot.press(*keys)
            await pilot.pause()
        while not on(app, PlayScreen):
            await pilot.press("escape")
            await pilot.pause()
        for key in "ceojbd":
            await pilot.press(key)
            await until(pilot, lambda: not on(app, PlayScreen) and app.screen.is_mounted)
            await pilot.press("down", "down")
            await pilot.pause()
            assert "\x1b" not in picture(app) and "\x07" not in picture(app) and "\u202e" not in picture(app)
            if key == "d":
                await pilot.press("enter")
                await pilot.pause()
                await pilot.press("ctrl+s")
                await pilot.pause()
            while not on(app, PlayScreen):
                await pilot.press("escape")
                await pilot.pause()
        assert app._exit is False


def test_courses_are_drawn_by_their_values() -> None:
    """Protects the little pictures: a falling value falls, and a fall of what should be low is called better."""
    falling = INDICATORS[0]
    line = course_line(falling, 8)
    assert line[0] > line[-1] and len(line) == 8
    assert trend(falling) == ("▼ 18 worse", "$text-error")
    assert trend(replace(falling, better="lower"))[0] == "▼ 18 better"
    assert trend(INDICATORS[3])[0] == "= as at start"


async def _read(pilot: Pilot[Any]) -> None:
    await opened(pilot)
    await pilot.press("i")
    await until(pilot, lambda: "Inbox · 2 unread" in picture(pilot.app))


async def _situation(pilot: Pilot[Any]) -> None:
    await _read(pilot)
    await pilot.press("s")


async def _decision(pilot: Pilot[Any]) -> None:
    await opened(pilot)
    pilot.app.screen._open_decision(DILEMMA.id)  # type: ignore[attr-defined]
    await opened(pilot, DecisionScreen)
    await pilot.press("down" if pilot.app.size.width < 100 else "right")


async def _answer(pilot: Pilot[Any]) -> None:
    await _decision(pilot)
    await pilot.press("enter")
    await opened(pilot, AnswerScreen)
    await pilot.press(*"The losses hit people who cannot wait.")


async def _safeguards(pilot: Pilot[Any]) -> None:
    await _answer(pilot)
    pilot.app.screen.query_one("#safeguard-third-parties").focus()


async def _review(pilot: Pilot[Any]) -> None:
    await _answer(pilot)
    await pilot.press("ctrl+s")
    await opened(pilot, ReviewScreen)


async def _picker(pilot: Pilot[Any]) -> None:
    await _answer(pilot)
    pilot.app.screen.query_one("#basis").focus()
    await pilot.press("down", "enter")
    await opened(pilot, PickerScreen)


def _key(key: str) -> Any:
    async def press(pilot: Pilot[Any]) -> None:
        await opened(pilot)
        await pilot.press(key)
        await until(pilot, lambda: not on(pilot.app, PlayScreen) and pilot.app.screen.is_mounted)

    return press


async def _plenary(pilot: Pilot[Any]) -> None:
    await opened(pilot)
    pilot.app.table.plenary()  # type: ignore[attr-defined]
    await until(pilot, lambda: "Who speaks" in picture(pilot.app))


PICTURES = {
    "play": opened,
    "message": _read,
    "situation": _situation,
    "plenary": _plenary,
    "decision": _decision,
    "answer": _answer,
    "safeguards": _safeguards,
    "picker": _picker,
    "review": _review,
    "contacts": _key("c"),
    "evidence": _key("e"),
    "answered": _key("o"),
    "journal": _key("j"),
    "briefing": _key("b"),
    "help": _key("f1"),
    "leave": _key("escape"),
}


@pytest.mark.parametrize("name", PICTURES)
@at_both_sizes
def test_picture_of_a_game(snap_compare: Any, size: tuple[int, int], name: str) -> None:
    """Protects how the screens of a game look; look at the report before a changed picture is taken over."""
    assert snap_compare(ExerciseApp(table=FakeTable()), terminal_size=size, run_before=PICTURES[name])


@at_both_sizes
def test_picture_of_passing_the_keyboard(snap_compare: Any, size: tuple[int, int]) -> None:
    """Protects how the screen between two teams looks."""

    async def seen(pilot: Pilot[Any]) -> None:
        await opened(pilot, HandoverScreen)

    assert snap_compare(ExerciseApp(table=FakeTable(("averne", "belcora"))), terminal_size=size, run_before=seen)


def test_picture_in_light_colours(snap_compare: Any) -> None:
    """Protects the light theme, which projectors in bright rooms need."""
    app = ExerciseApp(table=FakeTable(), theme="exercise-light")
    assert snap_compare(app, terminal_size=(120, 40), run_before=_read)


def test_styles_lie_beside_their_screens() -> None:
    """Protects the wheel: a screen that names a style file finds it beside itself."""
    folder = Path(PlayScreen.__module__.replace(".", "/")).parent
    named = [screen.CSS_PATH for screen in (PlayScreen, DecisionScreen, AnswerScreen)]
    assert all((Path(__file__).parent.parent / folder / str(name)).is_file() for name in named)
