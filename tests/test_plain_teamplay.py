"""Seats of one team in the line mode: votes that are told, and a reason written with one pen."""

from __future__ import annotations

from collections.abc import Iterator

from seated import LAW, LEAD, POLICE, table_for, world
from test_plain import Room

from exercise.core.teamwork.commands import TakePen, WriteDraft
from exercise.plain.play import play
from exercise.session.table import LocalTable


def typed(table: LocalTable, *script: str) -> Room:
    """Plays a script to its end."""
    room = Room(script)
    assert play(table, room.read, room.write, piped=True) == 0
    return room


def test_a_decision_says_who_has_voted_for_what_and_who_is_missing() -> None:
    """Protects a vote by lines: each seat reads the votes with their options and reasons, and for whom it waits."""
    table = table_for(POLICE, LAW, played=world("vote"))

    room = typed(table, "", "choose 1 a", "Hurry", "", "", "yes", "pass", "show 1")

    assert "Police is for: A." in room.text and "Reason: Hurry" in room.text
    assert "Still to vote: Legal adviser" in room.text


def test_the_pen_of_a_shared_reason_goes_from_hand_to_hand() -> None:
    """Protects one hand at a time by lines: a draft is read by all, refused to the others, and taken when free."""
    table = table_for(POLICE, LAW)

    def script() -> Iterator[str]:
        yield ""
        table.submit(TakePen(seat=LAW, subject="tell"))
        table.submit(WriteDraft(seat=LAW, subject="tell", text="They asked us"))
        yield from ("draft 1 Mine", "pen 1", "show 1", "pass", "pen 1", "pass", "pen")

    room = Room(script())
    assert play(table, room.read, room.write, piped=True) == 0

    assert "Written; your team reads it." not in room.text
    assert "Legal adviser holds the pen." in room.text and "wait until it is put down" in room.text
    assert "They asked us" in room.text and "Pen of the shared reason: Legal adviser now" in room.text
    assert "You have laid the pen down." in room.text
    draft = table.session.state.drafts[("averne", "tell")]
    assert (draft.text, draft.holder) == ("They asked us", POLICE)


def test_the_lead_answers_with_the_reason_that_was_written_together() -> None:
    """Protects what a team wrote: an answer without a reason of its own takes the shared one."""
    table = table_for(POLICE, LEAD)

    room = typed(table, "", "draft 1 They asked us", "pen 1", "pass", "choose 1 a", "", "", "", "yes")

    assert "it stands where you give none: “They asked us”" in room.text
    assert "Reason: They asked us" in room.text and "none given" not in room.text
    choice = table.session.state.decisions["tell"].choice
    assert choice is not None and choice.reason == "They asked us"


def test_one_seat_alone_has_no_pen() -> None:
    """Protects games as they were: where nobody shares the draft, nothing of it is shown or logged."""
    table = table_for("averne")

    room = typed(table, "", "draft 1 Mine", "pen 1", "show 1")

    assert room.count("Nobody else of your team is at the table") == 2 and "Pen of the shared" not in room.text
    assert table.session.state.drafts == {}


def test_a_terminal_of_seats_speaks_of_seats() -> None:
    """Protects the words where roles of one team share a terminal: the other one is a seat, and not a team."""
    room = typed(table_for(POLICE, LAW), "help", "pass")

    assert "'pass' hands over to another seat." in room.text and "hand the terminal to another seat" in room.text
    assert "Nothing of another seat is shown" in room.text
    assert "another team (with" not in room.text and "Nothing of another team" not in room.text
