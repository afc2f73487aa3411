"""The console's pages of what is asked and said: requests, answering for a body that control plays, messages, notes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import asking
import pytest
from console_room import DESK, LEAD, OBJECTIVES, POLICE, TEAMS, asked_centre, at, flat, mark, on_top, press, room, shows
from controlling import DirectControl
from piloting import HOSTILE
from screens import at_both_sizes, picture, still, until
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from exercise.core.commands import WriteNote
from exercise.core.control.commands import Claim, DrawCurtain
from exercise.core.requests.views import RequestView
from exercise.core.teamwork.commands import Say
from exercise.tui.console import marks as marks_page
from exercise.tui.console.answer_as import ActorRequestScreen
from exercise.tui.console.marks import MarksScreen
from exercise.tui.console.pick import PickScreen
from exercise.tui.console.requests_board import BoardRequestScreen, BoardScreen, turn_of
from exercise.tui.console.talk import TalkScreen, threads
from exercise.tui.screens.answering import AnswerRequestScreen
from exercise.tui.screens.confirm import ConfirmScreen
from exercise.tui.screens.fulfilling import FulfilScreen
from exercise.tui.screens.picker import PickerScreen

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]


def asks(control: DirectControl, number: int = 0) -> RequestView:
    """A request as Averne's board has it."""
    return control.sees(LEAD).requests[number]


async def answered(pilot: Pilot[Any], how: str, text: str) -> None:
    """From a request as its actor has it: choose an answer, write, send, and say yes."""
    await press(pilot, "a")
    await on_top(pilot, AnswerRequestScreen)
    await mark(pilot, "answer", how)
    await press(pilot, "enter")
    pilot.app.screen.query_one("#say-text", TextArea).text = text
    await press(pilot, "ctrl+s")
    await on_top(pilot, ConfirmScreen)
    await press(pilot, "tab", "enter")
    await on_top(pilot, ActorRequestScreen)


# requests


@at_both_sizes
async def test_an_actor_is_answered_for_and_the_team_reads_it(size: tuple[int, int]) -> None:
    """Protects control's bodies: taken in hand, answered in part under the body's name, carried out with evidence."""
    control = room().given(asked_centre())
    async with at(control, "q", size=size) as pilot:
        await shows(pilot, "Averne → Police centre", "Police centre’s turn", "Answer as")
        await press(pilot, "a")
        await on_top(pilot, ActorRequestScreen)
        assert control.view().claims == (("request:1", "Vera"),)
        await shows(pilot, "As Police centre", "a: answer it")
        await answered(pilot, "part", "We keep the traffic data, not the mails.")
        await until(pilot, lambda: asks(control).status == "part")
        step = asks(control).steps[-1]
        assert step.who == "Police centre" and "We keep the traffic data" in step.text
        await press(pilot, "f")
        await on_top(pilot, FulfilScreen)
        pilot.app.screen.query_one("#evidence").focus()
        await mark(pilot, "evidence", "logs")
        await press(pilot, "enter", "ctrl+s")
        await until(pilot, lambda: asks(control).status == "fulfilled")
        assert "The host's logs" in asks(control).gave
        assert [piece.title for piece in control.sees(LEAD).evidence] == ["A tip", "The host's logs"]
        # The script would have answered after half an hour: it has kept still.
        control.pass_(300)
        assert asks(control).steps[-1].step == "fulfilled" and len(asks(control).steps) == 4


async def test_a_refusal_for_an_actor_names_its_ground() -> None:
    """Protects the text's own grounds: control refuses with one, and the asking team reads which."""
    control = room().given(asked_centre())
    async with at(control, "q", "a") as pilot:
        await on_top(pilot, ActorRequestScreen)
        await press(pilot, "a")
        await on_top(pilot, AnswerRequestScreen)
        await mark(pilot, "answer", "refuse")
        await press(pilot, "enter")
        pilot.app.screen.query_one("#ground").focus()
        await mark(pilot, "ground", "political-offence")
        await press(pilot, "enter")
        pilot.app.screen.query_one("#say-text", TextArea).text = "It is a political matter here."
        await press(pilot, "ctrl+s", "tab", "enter")
        await until(pilot, lambda: asks(control).status == "refused")
        assert asks(control).ground == "Political offence"


async def test_what_control_accepts_whole_is_carried_out_and_said_so() -> None:
    """Protects control from a second step that does not exist: accepting for a body hands over at once."""
    control = room().given(asked_centre())
    async with at(control, "q", "a") as pilot:
        await on_top(pilot, ActorRequestScreen)
        await answered(pilot, "accept", "It is done.")
        await until(pilot, lambda: asks(control).status == "fulfilled")
        await shows(pilot, "Accepted and carried out; the team has it.")


async def test_two_controllers_do_not_answer_for_one_body() -> None:
    """Protects a team from contradicting answers: what another has in hand is taken over only after a question."""
    control = room().given(asked_centre(), Claim(what="actor:centre", who="Wim"))
    async with at(control, "q") as pilot:
        await shows(pilot, "☞ Wim")
        await press(pilot, "a")
        await on_top(pilot, ConfirmScreen)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, BoardScreen) and control.view().claims == (("actor:centre", "Wim"),)
        await press(pilot, "a", "tab", "enter")
        await on_top(pilot, ActorRequestScreen)
        assert control.view().claims == (("actor:centre", "Vera"),)


async def test_a_whole_body_is_taken_in_hand_and_given_back_to_its_script() -> None:
    """Protects several controllers: all that comes to a body waits while it is in hand, and then the script answers."""
    control = room()
    async with at(control, "q", "c") as pilot:
        await on_top(pilot, PickScreen)
        await shows(pilot, "Police centre · the script answers")
        await press(pilot, "enter")
        await until(pilot, lambda: control.view().claims == (("actor:centre", "Vera"),))
        control.given(asked_centre())
        control.pass_(300)
        assert asks(control).status == "sent"
        await shows(pilot, "☞ Vera")
        await press(pilot, "g")
        await until(pilot, lambda: control.view().claims == ())
        assert asks(control).status == "conditional"


async def test_a_request_between_teams_is_read_and_not_touched() -> None:
    """Protects the teams' own dealings: control sees all of it and whose turn it is, and has no answer to give."""
    control = room().given(asking.send("preservation", 1, seat=LEAD, matter="host", content=asking.FULL))
    async with at(control, "q") as pilot:
        await shows(pilot, "Averne → Belmark", "Belmark’s turn")
        await press(pilot, "a", "g")
        assert isinstance(pilot.app.screen, BoardScreen) and control.view().claims == ()
        await press(pilot, "enter")
        await on_top(pilot, BoardRequestScreen)
        await shows(pilot, "Belmark’s turn.", "National police desk")
        control.given(asking.answer(1, "ask-back", seat=DESK, missing=("note",), text="What for, please?"))
        await shows(pilot, "Averne’s turn.")
        assert turn_of(control.view().requests[0]) == "Averne"


async def test_the_board_is_filtered() -> None:
    """Protects the overview of many requests: open, late, control's own, and one team's, each with its count."""
    late = asking.send("preservation", 1, seat=LEAD, content=asking.FULL, deadline=600)
    control = room().given(late, asked_centre(), asking.send("ping", 1, seat=DESK))
    control.pass_(60)
    async with at(control, "q") as pilot:
        await shows(pilot, "[All 3]", "Open 2", "Late 1", "Control’s 1")
        await press(pilot, "f", "f")
        await shows(pilot, "[Late 1]", "Averne → Belmark")
        assert "Police centre" not in flat(pilot)
        await press(pilot, "f")
        await shows(pilot, "[Control’s 1]", "Averne → Police centre")
        await press(pilot, "F", "F", "F", "F")
        await shows(pilot, "[Belmark]", "Ping")


# messages


async def test_control_speaks_to_everybody_to_a_team_and_to_one_role() -> None:
    """Protects who hears what: the line says whom it goes to, and nobody else gets it."""
    control = room()
    async with at(control, "m") as pilot:
        await on_top(pilot, TalkScreen)
        await press(pilot, "tab", "tab", *"Ten minutes left", "enter")
        await shows(pilot, "Said to everybody.", "Ten minutes left")
        await press(pilot, "ctrl+t")
        await on_top(pilot, PickScreen)
        await mark(pilot, "picks", POLICE)
        await press(pilot, "enter")
        await shows(pilot, "To Averne: Police liaison.")
        await press(pilot, *"For you alone", "enter")
        await shows(pilot, "Said to Averne: Police liaison.")
    heard = {seat: [line.text for line in control.sees(seat).talk] for seat in (LEAD, POLICE, DESK)}
    both = ["Ten minutes left", "For you alone"]
    assert heard == {LEAD: both[:1], POLICE: both, DESK: both[:1]}


async def test_talk_is_sorted_by_who_speaks_with_whom() -> None:
    """Protects reading the room: inside a team, between teams, with control; what is new is marked."""
    control = room().given(
        Say(seat=LEAD, to="averne", text="Shall we warn them?"),
        Say(seat=LEAD, to="belmark", text="Have you seen it too?", official=True),
        Say(seat=DESK, to="averne", text="Not yet."),
        Say(seat=DESK, to="facilitator", text="Our line is down."),
    )
    found = {thread.key: [line.text for line in thread.lines] for thread in threads(control.view(), control.teams)}
    assert found["inside:averne"] == ["Shall we warn them?"] and found["control:belmark"] == ["Our line is down."]
    assert found["between:averne:belmark"] == ["Have you seen it too?", "Not yet."]
    async with at(control, "m") as pilot:
        await mark(pilot, "threads", "between:averne:belmark")
        await shows(pilot, "✔ official", "Averne: Head of delegation (Ana)", "Not yet.")
        control.given(Say(seat=DESK, to="facilitator", text="It is up again."))
        await shows(pilot, "● Belmark · 1 new")
        await press(pilot, "home")
        await mark(pilot, "threads", "control:belmark")
        await shows(pilot, "Belmark · 2 said", "Belmark and control", "It is up again.")


# notes


async def test_a_note_is_tied_to_an_objective_a_commitment_or_the_moment() -> None:
    """Protects the observer's work: each note says what it is about, who wrote it, and is found again by that."""
    control = room()
    async with at(control, "j") as pilot:
        await press(pilot, *"Calm at the table", "enter")
        await shows(pilot, "Noted.", "Calm at the table")
        await press(pilot, "ctrl+t")
        await mark(pilot, "picks", "=warn-early")
        await press(pilot, "enter", *"Nobody has called yet", "enter")
        await shows(pilot, "objective “Neighbours warn each other early”", "Nobody has called yet")
        await press(pilot, "ctrl+t")
        await mark(pilot, "picks", "+")
        await press(pilot, "enter")
        await on_top(pilot, PickerScreen)
        pilot.app.screen.query_one(Input).value = "bc-29"
        await press(pilot, "enter", *"Asked with all it takes", "enter")
        await shows(pilot, "Asked with all it takes")
    told = [(line.text, line.about, line.who) for _, line in control.view().notes]
    assert told == [
        ("Calm at the table", "", "Vera"),
        ("Nobody has called yet", "warn-early", "Vera"),
        ("Asked with all it takes", "bc-29", "Vera"),
    ]


async def test_teams_journals_stand_apart_from_observers_notes() -> None:
    """Protects the hot wash from mixing up who saw what: control's and observers' notes first, journals on request."""
    control = room().given(
        WriteNote(seat=LEAD, text="We agreed to wait."), WriteNote(seat="observer", text="They wait.")
    )
    async with at(control, "j") as pilot:
        await shows(pilot, "They wait.")
        assert "We agreed" not in flat(pilot)
        await press(pilot, "shift+tab", "f")
        await shows(pilot, "Averne: Head of delegation", "We agreed to wait.")
        assert "They wait." not in flat(pilot)


# marks


async def test_marks_accrue_and_one_is_made_void() -> None:
    """Protects the controllers' view of marks: worked out anew on demand, with reasons; a void one counts no more."""
    control = room()
    async with at(control, "g", size=(120, 40)) as pilot:
        await on_top(pilot, MarksScreen)
        await shows(pilot, "No mark has been given yet.")
        control.given(asking.send("preservation", 1, seat=LEAD, matter="host", content=asking.FULL))
        await shows(pilot, "u: there is news")
        await press(pilot, "u")
        await shows(pilot, "Averne · 1", "Why")
        (marked,) = (await control.assessment()).marks
        await press(pilot, "x")
        pilot.app.screen.query_one(Input).value = "The form was broken."
        await press(pilot, "enter", "enter")
        await shows(pilot, "void")
        (voided,) = (await control.assessment()).marks
        assert voided.id == marked.id and voided.voided


async def test_marks_are_not_worked_out_at_every_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects the hub from a page that is left open: it looks through the whole log now and then only."""
    control, asked = room(), []
    assess = control._assess
    monkeypatch.setattr(control, "_assess", lambda: asked.append(1) or assess())
    async with at(control, "g") as pilot:
        await until(pilot, lambda: asked)
        for _ in range(5):
            control.given(Say(to="all", text=f"Word {len(asked)} {_}"))
            await pilot.pause()
        assert len(asked) == 1 and marks_page.EVERY >= 15


# whatever is said


@at_both_sizes
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_words_do_nothing_on_any_page(text: str, size: tuple[int, int]) -> None:
    """Protects the console's terminal: names, words and titles from others are shown as they are, on every page."""
    teams = [TEAMS[0] | {"short": text[:16].strip()}, TEAMS[1]] if "\n" not in text else TEAMS
    aims = [OBJECTIVES[0] | {"title": " ".join(text.split())[:150] or "A"}]
    control = room(teams=teams, objectives=aims)
    control.given(
        asking.send("preservation", 2, seat=LEAD, content={"authority": text, "offence": text}, subject=text),
        Say(seat=LEAD, to="belmark", text=text),
        Say(to="all", text=text),
        WriteNote(text=text, about="warn-early", who=text[:60]),
        Claim(what="actor:centre", who=text[:60]),
        DrawCurtain(kind="blank", text=text),
    )
    control.change("p-1", name=text, doing=text, address=text)
    control.tickets = [replace(ticket, label=text) for ticket in control.tickets]
    async with at(control, size=size) as pilot:
        main = pilot.app.screen
        for key in ("p", "t", "s", "q", "m", "j", "g", "l", "u"):
            await press(pilot, key)
            if key in "tsq":
                await press(pilot, "enter")
            seen = picture(pilot.app)
            assert "\x1b" not in seen and "\x9b" not in seen and "\u202e" not in seen
            while pilot.app.screen is not main:
                depth = len(pilot.app.screen_stack)
                await press(pilot, "escape")
                await until(pilot, lambda depth=depth: len(pilot.app.screen_stack) < depth)
