"""A long log: read and jumped about in quickly, and never otherwise than the slow way would have it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from played import new_player, played_entries, played_reference, played_scenario

from exercise.core import events as ev
from exercise.core.assess import Assessment, assess
from exercise.core.evolve import replay
from exercise.core.teamwork import events as table
from exercise.core.text import clean_text
from exercise.session import logfile, retell
from exercise.session.chain import row
from exercise.session.log import decode_line, encode_entry, line_hash, make_header
from exercise.session.logfile import open_log, write_log
from exercise.session.openings import Opening
from exercise.session.player import SNAPSHOT_EVERY, LogPlayer
from exercise.session.retell import Retelling

SEAT = "averne/police"
TALK: tuple[ev.Event, ...] = (
    table.SeatTaken(seat=SEAT, name="Mira"),
    table.MessageSpoken(seat=SEAT, to="averne", text="We wait — then we write."),
    ev.MessageRead(seat=SEAT, message=1),
    ev.NoteWritten(seat=SEAT, text="A note of “two\nlines”, with a \\ in it"),
    table.PenTaken(seat=SEAT, team="averne", subject="request"),
    table.DraftWritten(seat=SEAT, team="averne", subject="request", text="We ask"),
    table.PenPutDown(seat=SEAT, team="averne", subject="request"),
    table.SeatLeft(seat=SEAT),
)
"""What a room does between two things that count."""


def padded() -> tuple[ev.LogEntry, ...]:
    """The played exercise with a room's talk after each of its batches."""
    played = played_entries()
    entries: list[ev.LogEntry] = []
    batch = 0
    for place, entry in enumerate(played):
        seq = len(entries) + 1
        batch = seq if entry.batch == entry.seq else batch
        entries.append(ev.LogEntry(seq, batch, entry.seat, "", entry.play, entry.exercise, entry.event))
        if place + 1 == len(played) or played[place + 1].batch != entry.batch:
            for event in TALK:
                seq = len(entries) + 1
                entries.append(ev.LogEntry(seq, seq, SEAT, "", entry.play, entry.exercise, event))
    return tuple(entries)


def written(path: Path, entries: tuple[ev.LogEntry, ...]) -> Path:
    """A log file of these entries."""
    header, openings = make_header(
        played_scenario(), played_reference(), session="long", created="2024-01-01T06:00:00Z", rules="2"
    )
    lines: list[str] = []
    kept: list[Opening] = list(openings)
    prev = line_hash(header)
    for entry in entries:
        line, found = encode_entry(entry, prev)
        lines.append(line)
        kept += found
        prev = line_hash(line)
    write_log(path, header, lines, kept)
    return path


def said(assessment: Assessment) -> object:
    """All that an assessment says."""
    return [mark.as_data() for mark in assessment.marks], assessment.findings, assessment.repairs


def test_talk_left_out_changes_no_mark() -> None:
    """Protects the scorecard of a moment: worked out without talk and notes, it is the one of the whole log."""
    entries = padded()
    player = LogPlayer(played_scenario(), played_reference(), entries)

    for position in (*range(0, len(entries), 37), len(entries)):
        player.seek(position)
        whole = assess(played_scenario(), played_reference(), entries[:position])
        assert said(player.assessment()) == said(whole)


def test_between_two_entries_that_count_the_marks_are_not_worked_out_again() -> None:
    """Protects stepping through talk: the scorecard beside it costs nothing."""
    entries = padded()
    player = LogPlayer(played_scenario(), played_reference(), entries)
    last = len(entries)

    player.seek(last)
    found = player.assessment()
    player.seek(last - len(TALK) + 1)

    assert player.assessment() is found


def test_once_prepared_the_first_jump_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects the first press of `end` in a long log: it folds no more than any other jump."""
    entries = padded()
    assert len(entries) > SNAPSHOT_EVERY
    player = LogPlayer(played_scenario(), played_reference(), entries)
    player.prepare()
    folded = 0

    def counted(events: object, state: object) -> object:
        nonlocal folded
        row = list(events)  # type: ignore[call-overload]
        folded += len(row)
        return replay(row, state)  # type: ignore[arg-type]

    monkeypatch.setattr("exercise.session.player.replay", counted)
    player.seek(player.length)

    assert (player.position, folded < SNAPSHOT_EVERY) == (len(entries), True)


def test_a_twin_has_a_place_of_its_own() -> None:
    """Protects whoever watches while a stretch is recorded: the recording moves another player."""
    player = new_player()
    player.seek(7)
    twin = player.twin()

    twin.seek(twin.length)

    assert (player.position, twin.position) == (7, player.length)
    assert player.view("averne") != twin.view("averne")


def test_all_that_marks_a_place_is_asked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects the line of time: a kind of event that has a marker is among those that are asked for one."""
    words = Retelling(played_scenario(), played_entries())
    quick = [words.marker(entry) for entry in played_entries()]

    monkeypatch.setattr(retell, "MARKING", {entry.event.__class__ for entry in played_entries()})

    assert quick == [words.marker(entry) for entry in played_entries()]


@given(st.text(max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_text_comes_back_from_its_line_as_it_is_cleaned(text: str) -> None:
    """Protects the quick way of reading: whatever is written in a log, nothing hostile slips through it."""
    text = text.encode(errors="ignore").decode()
    line, openings = encode_entry(ev.LogEntry(1, 1, SEAT, "", 0, 0, ev.NoteWritten(seat=SEAT, text=text)), "0" * 64)

    read = decode_line(line, {opening.digest: opening for opening in openings})

    assert isinstance(read.event, ev.NoteWritten)
    assert read.event.text == clean_text(text)


@pytest.mark.parametrize("escaped", [r"a\u202eb", r"a\u001b[2Jb", r"a\bb", r"a\\\u009bb", r"e\u0301", r"a\fb"])
def test_what_is_hostile_behind_an_escape_is_cleaned(escaped: str) -> None:
    """Protects screens from a hand-made log: an escape of JSON hides nothing from the cleaning."""
    event = f'{{"type":"message-spoken","seat":"{SEAT}","to":"averne","text":"{escaped}","official":false}}'
    envelope = f'"seq":1,"batch":1,"seat":"{SEAT}","wall":"","play":0,"exercise":0'
    line = f'{{{envelope},"event":{event},"prev":"{"0" * 64}"}}'

    read = decode_line(line, {})

    assert isinstance(read.event, table.MessageSpoken)
    assert read.event.text == clean_text(read.event.text) and "\x1b" not in read.event.text


def test_a_file_is_read_alike_at_one_stroke_and_line_by_line(tmp_path: Path) -> None:
    """Protects the quick way into a file: it gives what the careful one gives."""
    path = written(tmp_path / "long.jsonl", padded())

    quick, careful = logfile._as_written(path), logfile._one_by_one(path)

    assert quick is not None
    assert quick._replace(numbers=list(quick.numbers)) == careful
    assert [entry.event for entry in open_log(path).entries] == [entry.event for entry in padded()]


@pytest.mark.parametrize("cut", ["", "\n\n", "x\n", '{"seq":'])
def test_an_odd_end_is_left_to_the_careful_way(tmp_path: Path, cut: str) -> None:
    """Protects what is said of a damaged file: only what is whole is read at one stroke."""
    path = written(tmp_path / "long.jsonl", played_entries()[:3])
    text = path.read_text(encoding="utf-8")
    path.write_text(text[:-9] if not cut else text + cut, encoding="utf-8")

    assert logfile._as_written(path) is None


@pytest.mark.parametrize(
    ("line", "kind", "readable"),
    [
        ('{"seq":1,"batch":1,"event":{"type":"x"},"prev":"p"}', "x", True),
        ('{"seq":1,"batch":1,"event":{"type":3},"prev":"p"}', "3", True),
        ('{"seq":1,"batch":1,"event":{"a":1},"prev":"p"}', "", True),
        ('{"seq":1,"batch":1,"event":{},"prev":"p"}', "", False),
        ('{"seq":1.0,"batch":1,"event":{"type":"x"},"prev":"p"}', "x", False),
        ('{"seq":true,"batch":1,"event":{"type":"x"},"prev":"p"}', "x", False),
        ('{"seq":1,"batch":1,"event":{"type":"x"},"prev":null}', "x", False),
        ('{"seq":1,"batch":1,"event":{"type":"x","v":NaN},"prev":"p"}', "", False),
        ('{"seq":1,"batch":1,"event":{"type":"x"}', "", False),
        ('[{"seq":1}]', "", False),
        ('"\\ud800', "", False),
    ],
)
def test_a_line_is_taken_apart_alike_quickly_and_carefully(line: str, kind: str, readable: bool) -> None:
    """Protects `verify`: reading no more of a line than it needs, it still refuses what is no entry."""
    raw = line.encode()
    odd = b"NaN" in raw

    careful, quick = row(1, raw), row(1, raw, odd)

    assert careful == quick
    assert (quick.kind, quick.seq is not None) == (kind, readable)
