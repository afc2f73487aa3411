"""The line mode: whole games by a script at a pipe, hand-overs, forms, wrong words, hostile texts, replays."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from support import SMALL, FakeClock, new_session, play_through
from test_architecture import loaded_by, modules_of

import exercise.plain
from exercise.catalogue import load_reference
from exercise.core import events as ev
from exercise.core.acts import Safeguard
from exercise.core.scenario import Scenario
from exercise.core.text import HOSTILE
from exercise.errors import UsageError
from exercise.language import speaking
from exercise.plain.forms import TRIES
from exercise.plain.grammar import Command, Commands, NotUnderstood
from exercise.plain.keys import in_words
from exercise.plain.play import play
from exercise.plain.replay import playthrough, replay
from exercise.plain.words import body, one_line
from exercise.session.player import LogPlayer
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.table import LocalTable
from exercise.tui.screens.goto import place_of

BOTH = ("averne", "belmark")

TELL = ("choose a", "A partner should hear it from us first.", "se-p7", "", "", "yes")
"""Averne's answer to its dilemma, as a script gives it."""


class Room:
    """A terminal where a script is typed, with all that was printed on it."""

    def __init__(self, script: Iterable[str]) -> None:
        self._script = iter(script)
        self.lines: list[str] = []
        self.prompts: list[str] = []

    def read(self, prompt: str) -> str:
        self.prompts.append(prompt)
        try:
            line = next(self._script)
        except StopIteration:
            raise EOFError from None
        self.lines.append(f"{prompt}{line}")
        return line

    def write(self, line: str) -> None:
        assert "\n" not in line
        self.lines.append(line)

    @property
    def text(self) -> str:
        """Everything printed, folded lines joined."""
        return " ".join(" ".join(self.lines).split())

    def count(self, line: str) -> int:
        """How often a line was printed."""
        return sum(line in written for written in self.lines)


def given(scenario: dict[str, Any] | None = None, store: MemoryStore | None = None) -> Session:
    """A session in its briefing, of the small exercise or of a changed one."""
    if scenario is None:
        return new_session(store, pace="stepped")
    clock = FakeClock()
    return Session.start_new(
        Scenario.model_validate(scenario),
        load_reference(),
        store or MemoryStore(),
        seed=4,
        session_id="s-1",
        now=clock,
        wall=clock.wall,
        pace="stepped",
    )


def when(script: Iterable[str], session: Session | None = None, people: tuple[str, ...] = ("averne",)) -> Room:
    """Plays a script to its end and checks what holds for every game."""
    room = Room(script)
    assert play(LocalTable(session or given(), people, {}), room.read, room.write, piped=True) == 0
    assert all(prompt.endswith(": ") for prompt in room.prompts)
    return room


def chosen(session: Session) -> list[ev.ResponseChosen]:
    """The answers in a log."""
    return [entry.event for entry in session.entries if isinstance(entry.event, ev.ResponseChosen)]


def changed(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """The small exercise with a change made to it."""
    scenario = copy.deepcopy(SMALL)
    change(scenario)
    return scenario


# --- whole games ---


def test_a_script_plays_to_endex_and_the_scorecard() -> None:
    """Protects the promise that a pipe can play a whole exercise: every step by a line, up to the marks' reasons."""
    session = given()

    room = when(
        ["", "read", *TELL, "", "told 1 We told the operator and the press at once", *[""] * 6, "marks", "mark 1"],
        session,
    )

    assert session.state.clock.phase == "ended"
    assert "1 kept, 0 partly, 0 neglected, 0 breached, of 1 tested" in room.text
    assert room.count("By clause.") == 1
    assert "Honoured: se-p7: " in room.text
    assert "Reason: It told its partner at once." in room.text
    assert "Moment: T+0:00, log entry" in room.text
    assert chosen(session)[0].basis == ("se-p7",)
    assert "exercise play --resume s-1 --plain" in room.lines[-1]


def test_blank_lines_turn_the_pages_of_the_hot_wash() -> None:
    """Protects the way through the hot wash for someone who knows no command: facts, course, answers, questions."""
    room = when(["", *TELL, *[""] * 12])

    pages = ["What was true.", "Indicators over time.", "Decisions of all teams.", "Questions for the hot wash."]
    found = [room.lines.index(page) for page in pages]
    assert found == sorted(found)
    assert "T+0:00 50 %, T+0:00 55 %, T+0:00 70 %" in room.text
    assert "That was the last page." in room.text


def test_every_page_can_be_asked_for_while_playing() -> None:
    """Protects equal standing: whatever a screen shows can be read by lines too."""
    words = ["briefing", "inbox", "situation", "decisions", "show", "contacts", "profile"]
    words += ["evidence", "past", "journal", "time", "help", "menu"]

    room = when(["", "write We saw it first.", *words, "inbox phone", "inbox fax", "profile police", "profile se-p7"])

    headings = (
        "For Republic of Averne only.",
        "Inbox: 1 message, 1 unread.",
        "Inbox, phone only: 1 message, 1 unread.",
        "Situation at T+0:00.",
        "Open decisions: 1.",
        "Decision: Tell Belmark?",
        "Contacts: 0.",
        "Profile of Republic of Averne: ",
        "Evidence: 1 piece.",
        "Past decisions: 0.",
        "Journal: 1 line.",
        "How lines are read.",
        "se-p7: ",
    )
    assert [title for title in headings if not room.count(title)] == []
    assert "Story: T+0:00, Tuesday 12 March 2019, 06:00" in room.text
    assert "No message came by 'fax'; there are phone." in room.text
    assert "T+0:00: We saw it first." in room.text


def test_an_open_decision_is_named_before_its_window_runs_out() -> None:
    """Protects a team from losing its decision by a blank line: going on stops there until it answers or lets go."""
    session = given()

    room = when(["", *[""] * 5, "lapse"], session)

    assert "Still open: “Tell Belmark?”. Type 'choose' to answer, or 'lapse'" in room.text
    assert "Lapsed unanswered: Tell Belmark? Nobody told anybody." in room.text
    assert session.state.decisions["tell"].status == "lapsed"


def test_a_game_left_in_the_middle_goes_on_where_it_was() -> None:
    """Protects a game whose pipe ends: nothing is lost, the exit is clean, and the last line says how to resume."""
    store = MemoryStore()
    first = when(["", *TELL, ""], given(store=store))
    session = Session.resume(store, "s-1", now=FakeClock(), wall=FakeClock().wall, pace="stepped")

    second = when(["past", *[""] * 8], session)

    assert first.lines[-1] == "To go on: exercise play --resume s-1 --plain"
    assert "1. Tell Belmark? Answer: Tell them now" in second.text
    assert "By clause." in second.lines


def test_the_end_of_the_input_inside_a_form_sends_nothing() -> None:
    """Protects the decision: half an answer is no answer."""
    session = given()

    room = when(["", "choose a", "A reason"], session)

    assert chosen(session) == []
    assert "The game is kept as s-1." in room.text


def test_ctrl_c_keeps_the_game_as_quit_does() -> None:
    """Protects whoever stops in haste: no traceback, and the way back is printed."""
    room = Room([])

    def interrupted(prompt: str) -> str:
        raise KeyboardInterrupt

    assert play(LocalTable(given(), ("averne",), {}), interrupted, room.write) == 0
    assert "You have stopped. The game is kept as s-1." in room.text
    assert "exercise play --resume s-1 --plain" in room.lines[-1]


def test_without_people_it_says_what_to_use() -> None:
    """Protects against a prompt at which nobody could do anything."""
    with pytest.raises(UsageError, match="exercise simulate"):
        play(LocalTable(given(), (), {}), Room([]).read, Room([]).write)


def test_a_live_clock_is_brought_to_now_before_each_prompt() -> None:
    """Protects a live game by lines: what fell due while somebody was typing is told at the next prompt."""
    clock = FakeClock()
    session = new_session(pace="live", clock=clock)
    room = Room(["", *["time"] * 6, "pause"])

    def slowly(prompt: str) -> str:
        clock.pass_(60)
        return room.read(prompt)

    play(LocalTable(session, ("averne",), {}), slowly, room.write, piped=True)

    assert "New message 2: Are our records safe?" in room.text
    assert not session.state.clock.running


# --- forms ---


def test_a_coercive_option_asks_for_the_five_safeguards() -> None:
    """Protects the assessment of powers: what is stated at the prompt arrives in the log point by point."""

    def coercive(scenario: dict[str, Any]) -> None:
        scenario["decisions"][0]["options"][0]["coercive"] = True

    session = given(changed(coercive))
    five = ["Under the fraud law", "The duty judge", "", "Twelve hours at most", "Others are left alone"]

    room = when(["", "choose 1 a", "We must.", "", "", *five, "yes"], session)

    assert "Five safeguards are asked for" in room.text
    # Before the yes all of it is read back, word for word.
    assert "Authority: The duty judge Scope: none given Duration: Twelve hours at most" in room.text
    assert dict(chosen(session)[0].safeguards) == {
        Safeguard.GROUND: five[0],
        Safeguard.AUTHORITY: five[1],
        Safeguard.DURATION: five[3],
        Safeguard.THIRD_PARTIES: five[4],
    }


def test_what_is_set_aside_takes_its_why_and_its_limits() -> None:
    """Protects the conflict rule: each commitment named gets its own two answers, several found by one search."""
    session = given()

    when(["", "choose b", "Not sure yet.", "", "police, se-p1", "", "because", "an hour", "yes"], session)
    assert [(a.commitment, a.why, a.limits) for a in chosen(session)[0].set_aside] == [("se-p1", "because", "an hour")]

    session = given()
    when(["", "choose b", "Not sure.", "region", "1 2", "", "", "yes"], session)
    assert len(chosen(session)[0].basis) == 2


def test_what_was_set_aside_is_told_until_it_is_come_back_to() -> None:
    """Protects the two later duties of whoever set something aside: the prompt and the page of past decisions name
    them once the story has moved on, until both are done."""
    choose = ["choose b", "Not sure yet.", "", "police, se-p1", "", "because", "an hour", "yes"]
    done = ["told 1 We told the operator and the press at once", "returned 1 We looked at it again and ended it"]

    room = when(["", *choose, "", "past", done[0], "past", done[1], "past"])

    assert room.text.count("You set something aside: whom you told is not said") == 1
    assert room.text.count("You set something aside: you have not come back to it") == 2
    owing = ["1 answer to come back to" in prompt for prompt in room.prompts]
    assert any(owing) and not owing[0] and not owing[-1]


def test_coming_back_says_which_answers_wait_for_it() -> None:
    """Protects who reads '1 answer to come back to' and is shown a row of them: the one that is meant says so."""
    choose = ["choose b", "Not sure yet.", "", "police, se-p1", "", "because", "an hour", "yes"]

    owing = when(["", *choose, "", "follow", "cancel"])
    back = ["told 1 We told the operator and the press at once", "returned 1 We looked at it again and ended it"]
    done = when(["", *choose, "", *back, "follow", "cancel"])

    assert "; set aside, not come back to" in owing.text
    assert "; set aside, not come back to" not in done.text


def test_the_kind_of_a_decision_is_said_in_the_readers_language() -> None:
    """Protects lists of decisions for readers of other languages from a word left in English."""
    room = Room(["", "", "decisions"])
    with speaking("lv"):
        play(LocalTable(given(), ("averne",), {}), room.read, room.write, piped=True)

    assert "; ātrais," in room.text or "; dilemma," in room.text
    assert "; quick," not in room.text


def test_an_own_proposal_names_its_nearest_option() -> None:
    """Protects the free option: own words, then the listed option whose consequences follow."""
    session = given()

    when(["", "choose own", "We ask the operator to tell them", "b", "It knows more.", "", "", "yes"], session)

    answer = chosen(session)[0]
    assert (answer.option, answer.nearest, answer.free_text) == (None, "wait", "We ask the operator to tell them")


def test_where_no_own_proposal_is_taken_that_is_said() -> None:
    """Protects who asks for 'own' where only the options are taken: why it is asked on is told, and then once."""
    session = given(changed(lambda scenario: scenario["decisions"][0].pop("free")))

    room = when(["", "choose own", "b", "It knows more.", "", "", "yes"], session)

    assert room.text.count("This decision takes one of its options, and no proposal of your own.") == 1
    assert chosen(session)[0].option == "wait"


@pytest.mark.parametrize(
    "script",
    [
        ["cancel"],
        ["reason", "CANCEL"],
        ["reason", "", "", "no"],
        ["reason", "", "", *["perhaps"] * TRIES],
        ["?", "x" * 4_001, "reason", "cancel"],
    ],
)
def test_leaving_a_form_sends_nothing(script: list[str]) -> None:
    """Protects against an answer by accident: cancel, no, and a script that lost its place all leave it open."""
    session = given()

    room = when(["", "choose a", *script, "decisions"], session)

    assert chosen(session) == []
    assert room.count("1. Tell Belmark?; dilemma, closes in 10m of play") == 1


def test_words_of_a_form_that_was_left_are_offered_again() -> None:
    """Protects a long reason: whoever leaves the form to look something up keeps it with a blank line, may drop it with
    a hyphen, and is not offered it any more once it was sent."""
    session = given()

    room = when(["", "decide a", "because of the river", ".", "choose a", "", "", "", "yes"], session)

    assert [event.reason for event in chosen(session)] == ["because of the river"]
    assert room.text.count("Written before: “because of the river”.") == 1
    again = given()
    when(["", "choose a", "because", "", "", "no", "choose a", "-", "", "", "yes"], again)
    assert [event.reason for event in chosen(again)] == [""]


def test_clauses_of_a_form_that_was_left_are_offered_again() -> None:
    """Protects a search once made: the clauses named on both sides stay with a blank line and go with a hyphen."""
    session = given()
    begun = ["", "choose a", "", "se-p7", "", "se-p11", "", "It weighs less.", "One day.", "no"]

    room = when([*begun, "choose a", "", "", "", "", "", ".", "choose a", "", "-", "", "", "", "", "yes"], session)

    (sent,) = chosen(session)
    assert sent.basis == ()
    assert [(aside.commitment, aside.why, aside.limits) for aside in sent.set_aside] == [
        ("se-p11", "It weighs less.", "One day.")
    ]
    assert room.text.count("Named before: se-p7. A blank line keeps them, a hyphen drops them.") == 2
    assert "because: It weighs less. kept small by: One day." in room.text


def test_a_refusal_is_said_in_one_line_and_play_goes_on() -> None:
    """Protects the prompt: what the rules refuse is told in their words, and the next command works."""
    room = when(["", *TELL, "told 1 We told the operator and the press at once", "", "told 1 short", "situation"])

    assert "Come back to it once the exercise has moved on." in room.text
    assert "Say in a sentence whom you told" in room.text
    assert "Situation at " in room.text


def test_a_key_that_a_message_names_is_told_as_the_word_to_type() -> None:
    """Protects a newcomer by lines, where c is 'choose' and r is 'read': a message may name the keys of the screen."""
    text = "The numbers are there: press c. Mark one, and press p. For the press I have nothing; press Enter."

    assert list(in_words(text, 200)) == [
        "By lines you type a word where a key is named: 'contacts' for c and 'ping' for p."
    ]
    assert not list(in_words("Our press officer is ill. Express a wish.", 200))


def test_a_number_reads_the_clause_that_stands_under_it_in_the_list() -> None:
    """Protects the list of clauses: its numbers can be typed, and are not taken for a word to search."""
    room = when(["", "profile contact", "profile 2"])

    second = [line for line in room.lines if line.startswith("2. ")][-1]
    assert f"{second.removeprefix('2. ').partition(' (')[0]}." in room.lines
    assert room.text.count("Type 'profile' with a number or an id to read one.") == 1


def test_what_cannot_be_come_back_to_yet_is_said_before_the_sentence_is_asked_for() -> None:
    """Protects a sentence that would be typed for nothing: the refusal comes first."""
    room = when(["", *TELL, "told 1", "returned", "endex no"])

    assert room.text.count("Come back to it once the exercise has moved on.") == 2
    assert not any("In a sentence" in prompt for prompt in room.prompts)


def test_a_decision_that_endex_found_open_is_told_so() -> None:
    """Protects the page of all decisions and every list of what waits: after ENDEX nothing is open any more."""
    session = given()
    room = when(["", "endex yes", "outcomes"], session)

    assert "Still open when the exercise ended." in room.text
    view = LocalTable(session, ("averne",), {}).client("averne").view()
    assert [decision.status for decision in view.decisions] == ["open"]
    assert view.open_decisions == ()


# --- words ---


def commands() -> Commands:
    """Some commands that say nothing."""
    words = [("next", "n"), ("read", "r"), ("past", ""), ("pass", ""), ("help", "h"), ("quit", "q")]
    return Commands(Command(word, word, lambda rest: None, letter) for word, letter in words)


@pytest.mark.parametrize(
    ("line", "word", "rest"),
    [
        ("read 3", "read", "3"),
        ("  READ   3 ", "read", "3"),
        ("read3", "read", "3"),
        ("r3", "read", "3"),
        ("Re: 3", "read", "3"),
        ("2", "read", ""),
        ("2.", "read", ""),
        ("0", "quit", ""),
        ("?", "help", ""),
        ("pas", "", "may mean past or pass"),
        ("raed", "", "did you mean 'read'"),
        ("xyzzy", "", "'xyzzy' is no command"),
        ("99", "", "no number 99"),
        ("9" * 5_000, "", "no number"),
        ("!!", "", "no command"),
    ],
)
def test_lines_are_read_forgivingly(line: str, word: str, rest: str) -> None:
    """Protects people who type in a hurry: capitals and blanks do not matter, a slip names what is near."""
    if not word:
        with pytest.raises(NotUnderstood, match=re.escape(rest)):
            commands().find(line)
        return
    command, found = commands().find(line)
    assert (command.word, found) == (word, rest)


def test_wrong_words_leave_the_game_as_it_is() -> None:
    """Protects a game from its players' slips: odd lines are answered and nothing is written to the log."""
    odd = [
        "rread",
        "read 99",
        "cancel",
        "show 7",
        "cancel",
        "42",
        "%$",
        "mark 1",
        "read x",
        "cancel",
        "ınbox",
        "\x1b[A",
    ]
    session = given()
    before = when([""], session)
    entries = len(session.entries)

    room = when(odd, session)

    assert len(session.entries) == entries
    assert "That is opened in the hot wash, after ENDEX." in room.text
    assert "did you mean 'read'?" in room.text
    assert before.lines


# --- hostile texts ---

NASTY = "\x1b]52;c;ZXZpbA==\x07\x9b31mred\u202egnp.exe [@click=app.quit]x[/] [/ \x00\x08%s {0}"


def nasty(value: Any, key: str = "") -> Any:
    """The scenario with something hostile in every text that people read."""
    if isinstance(value, dict):
        return {name: nasty(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [nasty(item, key) for item in value]
    shown = (
        "title",
        "text",
        "name",
        "short",
        "about",
        "brief",
        "briefing",
        "summary",
        "says",
        "from",
        "source",
        "unit",
    )
    if key in ("unit", "short"):
        return value + "\x1b[2J"
    return f"{value} {NASTY}\nAverne, hot wash: quit" if key in shown and isinstance(value, str) else value


def test_clauses_found_are_narrowed_by_words() -> None:
    """Protects whoever searches by a common word: more words leave fewer, and wrong ones say what can be typed."""
    prompts = ("choose a", "A partner should hear it.", "law", "zzz", "state", "live traffic")
    room = Room(["", "menu off", *prompts, "", "", "no"])
    play(LocalTable(given(), BOTH, {}), room.read, room.write, piped=True)
    assert "None of these holds 'zzz'. Type their numbers, a word, or a blank line." in room.text
    assert room.count("Noted: ") == 1
    assert "Numbers, more words to narrow it, or blank for none: state 1. " in room.text


def test_hostile_texts_reach_the_terminal_as_text() -> None:
    """Protects the terminal: no escape, control or direction mark of a scenario or a player is ever printed."""
    session = given(nasty(SMALL))
    script = [
        "",
        "read all",
        "choose a",
        NASTY,
        "se-p7",
        "",
        "",
        "yes",
        f"write {NASTY}",
        "journal",
        "past",
        "briefing",
    ]
    looks = ["situation", "evidence", "inbox", "contacts", *[""] * 14, "marks", "mark 1", "scorecard averne"]

    room = when([*script, *looks], session, BOTH)
    told = list(playthrough(LogPlayer(session.scenario, session.reference, session.entries)))

    printed = [line for line in (*room.lines, *told) if not any(typed in line for typed in script)]
    assert [line for line in printed if HOSTILE.search(line)] == []
    assert all(prompt == one_line(prompt) + " " for prompt in room.prompts)
    assert "[@click=app.quit]x[/]" in " ".join(told)


def test_a_message_cannot_pose_as_a_line_of_the_program() -> None:
    """Protects readers from forged prompts and marks: what others wrote is indented, whatever lines it brings."""
    session = given(nasty(SMALL))

    room = when(["", "read all", "show"], session)

    assert not any(line.startswith("Averne, hot wash") for line in room.lines)


@pytest.mark.parametrize("width", [1, 24, 40, 78])
def test_lines_are_wrapped(width: int) -> None:
    """Protects narrow terminals and braille displays: no printed line is longer than asked, however odd the words."""
    session = given(nasty(SMALL))
    room = Room(["", "read all", "show", "profile", "help", "menu"])

    play(LocalTable(session, ("averne",), {}), room.read, room.write, width, piped=True)

    typed = set(room.prompts)
    assert max(len(line) for line in room.lines if not any(line.startswith(prompt) for prompt in typed)) <= max(
        width, 20
    )


def test_markdown_is_read_and_not_shown() -> None:
    """Protects listeners from hearing 'hash' and 'asterisk': paragraphs are joined, lists keep their items."""
    filled = "One *two* and " + "so on " * 12
    text = f"# Head\n{filled.strip()}\nthree **four**.\n\n1. first\n2. second\n   more\n- a 2*3*4"

    head, *paragraph, blank, first, second, third = body(text, 40)
    assert (head, blank) == ("  Head", "")
    assert " ".join(" ".join(paragraph).split()) == "One two and " + "so on " * 12 + "three four."
    assert [first, second, third] == ["  1. first", "  2. second more", "  - a 2*3*4"]


def test_a_text_made_of_marks_is_read_in_step_with_its_length() -> None:
    """Protects against texts built to stall: asterisks cost what letters cost, so that this ends at all."""
    assert body("**a " * 10_000) and body("*a_" * 13_000) and body("__" * 20_000)


# --- two teams at one terminal ---


def test_a_hand_over_shows_nothing_of_the_other_team() -> None:
    """Protects each team's secrets at a shared terminal: after `pass` only the texts of who sits there are printed."""

    def secrets(scenario: dict[str, Any]) -> None:
        scenario["teams"][0]["brief"] = "AVERNE-ONLY brief"
        scenario["teams"][1]["brief"] = "BELMARK-ONLY brief"
        for team in BOTH:
            word = team.upper()
            scenario["injects"].append(
                {
                    "id": f"note-{team}",
                    "at": "T+0:30",
                    "to": [team],
                    "channel": "e-mail",
                    "from": f"{word}-ONLY sender",
                    "title": f"{word}-ONLY title",
                    "text": f"{word}-ONLY text",
                }
            )
        scenario["decisions"][0]["title"] = "AVERNE-ONLY decision"
        scenario["decisions"][1]["title"] = "BELMARK-ONLY decision"

    looks = [
        "read all",
        "inbox",
        "decisions",
        "situation",
        "past",
        "journal",
        "briefing",
        "menu",
        "",
        "write {}-ONLY line",
    ]
    script = ["", *looks, "pass", *looks, "pass averne", *looks, "lapse yes", "pass", *looks, "pass", *looks]
    session = given(changed(secrets))

    room = when(script, session, BOTH)

    turn, seen = "AVERNE", {"AVERNE": 0, "BELMARK": 0}
    for line in room.lines:
        if line.startswith("The terminal goes to"):
            turn = "BELMARK" if "Belmark" in line else "AVERNE"
        other = "AVERNE" if turn == "BELMARK" else "BELMARK"
        assert f"{other}-ONLY" not in line
        seen[turn] += f"{turn}-ONLY" in line
    assert min(seen.values()) > 5, "the texts were there to be seen"


def test_at_a_terminal_the_next_team_is_waited_for() -> None:
    """Protects the moment of handing over: nothing of the next team is printed before it has pressed Enter."""
    room = Room(["", "", "pass", "", "quit"])

    play(LocalTable(given(), BOTH, {}), room.read, room.write, piped=False)

    waits = [n for n, line in enumerate(room.lines) if "press Enter when only you can see it" in line]
    assert len(waits) == 2
    between = room.lines[waits[1] - 61 : waits[1]]
    assert [line for line in between if line] == [
        "The terminal goes to Kingdom of Belmark. Nothing of another team is shown from",
        "  here on.",
    ]


# --- replays ---


def played() -> LogPlayer:
    """A played log, at its beginning."""
    session = new_session(pace="stepped")
    play_through(session)
    return LogPlayer(session.scenario, session.reference, session.entries)


def walk(script: Iterable[str], player: LogPlayer) -> Room:
    """Walks through a replay by a script."""
    room = Room(script)
    assert replay(player, room.read, room.write) == 0
    assert all(prompt.endswith(": ") for prompt in room.prompts)
    return room


def test_a_replay_is_walked_by_entry_marker_time_and_part() -> None:
    """Protects the replay's keys: each way of moving lands where it says."""
    player = played()
    end = player.length
    places: list[int] = []

    for command in (
        "",
        "step",
        "back",
        "next",
        "previous",
        "go 12",
        "go 50%",
        "go T+1:00",
        "go end",
        "go 9999",
        "go start",
    ):
        walk([command, "quit"], player)
        places.append(player.position)

    marks = [marker[0] for marker in player.markers]
    following = next(mark for mark in marks if mark > 1)
    before = max((mark for mark in marks if mark < following), default=0)
    assert places[:6] == [1, 2, 1, following, before, 12]
    assert places[6] == end // 2
    assert player.exercise_time(places[7] - 1) < 3600 <= player.exercise_time(places[7])
    assert places[7] == place_of(player, "T+1:00"), "the same time is the same place on the screen"
    assert places[8:] == [end, end, 0]


def test_a_replay_shows_a_moment_from_either_side() -> None:
    """Protects the perspective: the same moment as each team saw it, with the marks so far and nothing opened early."""
    room = walk(
        ["go T+1:01", "back", "inbox", "team belm", "inbox", "scorecard", "facts", "go elsewhere", "team nobody"],
        played(),
    )

    assert room.count("Inbox: 3 messages") == 1
    assert room.count("Inbox: 2 messages") == 1
    assert "Averne: 1 kept, 0 partly" in room.text
    assert "That is opened in the hot wash, after ENDEX." in room.text
    assert "'elsewhere' is no place" in room.text
    assert "The teams are Averne and Belmark." in room.text


def test_looking_at_a_replay_changes_nothing() -> None:
    """Protects the log: reading a message in a replay is not reading it in the exercise."""
    player = played()

    walk(["go end", "read 1", "read", "profile se-p7", "past"], player)

    assert not any(item.read for item in player.view("belmark").inbox)


def test_a_playthrough_tells_every_entry_and_every_screen() -> None:
    """Protects the golden files: each entry in order, each team's new messages once, the scorecard at the end."""
    player = played()

    told = list(playthrough(player))

    text = "\n".join(told)
    numbered = [int(found[1]) for line in told if (found := re.match(r"(\d+)\. T[+-]", line))]
    assert numbered == list(range(1, player.length + 1))
    assert text.count("Somebody offers records of customers") == 1
    assert "[Averne]\nMessage: Thank you." in text
    assert "[Belmark]\nJournal: We wait – “nothing” is known yet." in text
    assert "Who leaked: A crew of criminals." in text
    assert max(map(len, told)) <= 78


def test_a_playthrough_is_the_same_for_the_same_game() -> None:
    """Protects the golden files from the day they were made on: no wall time, salt, hash or session id in them."""
    first, second = list(playthrough(played())), list(playthrough(played()))

    assert first == second
    assert "2026-01-02" not in "\n".join(first)
    assert walk(["all"], played()).text.count("What happened.") == 1


# --- the shape ---


def test_the_line_mode_loads_no_screen() -> None:
    """Protects dumb terminals and the start of a pipe: no part of a screen is loaded for it."""
    assert not loaded_by(modules_of("plain")) & {"rich", "textual"}


def test_the_line_mode_never_decides_or_folds() -> None:
    """Protects the one way to the rules: the line mode knows views and commands, as the screens do."""
    folder = Path(exercise.plain.__file__).parent
    imported = {
        node.module
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module
    }

    assert not imported & {"exercise.core.decide", "exercise.core.evolve", "exercise.core.state", "exercise.core.turn"}
