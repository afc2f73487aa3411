"""Comments beside a log: found again by every copy of it, never in it, whole or not at all, and harmless."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from piloting import HOSTILE
from support import new_session, play_through

from exercise.core.commands import WriteNote
from exercise.errors import ExerciseError
from exercise.session.comments import LONGEST, LONGEST_NAME, CommentError, Comments, log_key
from exercise.session.redact import redact
from exercise.session.store import MemoryStore


@pytest.fixture
def comments(tmp_path: Path) -> Comments:
    """The comments on some log, in a folder of its own."""
    return Comments("s-1", "abc", tmp_path / "comments")


def test_what_was_written_is_there_again(comments: Comments, tmp_path: Path) -> None:
    """Protects what people write: in order of time, with the name, after the program was closed too."""
    comments.add(30, 600, "They could have called here.", "Ann")
    comments.add(7, 60, "Nobody reads this.")

    again = Comments("s-1", "abc", tmp_path / "comments")

    assert [(one.position, one.exercise, one.text, one.author) for one in again] == [
        (7, 60, "Nobody reads this.", ""),
        (30, 600, "They could have called here.", "Ann"),
    ]
    again.drop(next(iter(again)).id)
    assert len(Comments("s-1", "abc", tmp_path / "comments")) == 1


def test_another_log_has_other_comments(comments: Comments, tmp_path: Path) -> None:
    """Protects logs from each other: the session and its head at ENDEX both have to fit."""
    comments.add(1, 0, "Mine")

    assert not len(Comments("s-2", "abc", tmp_path / "comments"))
    assert not len(Comments("s-1", "abd", tmp_path / "comments"))


def test_a_copy_finds_them_and_what_comes_after_endex_does_not_lose_them(tmp_path: Path) -> None:
    """Protects comments through evaluation and redaction: the key is the head at ENDEX, which both leave as it is."""
    store = MemoryStore()
    session = new_session(store, pace="stepped")
    play_through(session)
    before = store.load(session.id).log()
    session.submit(WriteNote(seat="averne", text="Written after ENDEX"))
    after = store.load(session.id).log()
    assert before.head != after.head

    Comments.of(before, tmp_path).add(3, 0, "Here.")
    file = tmp_path / "clean.jsonl"
    redact(after, file)

    assert log_key(before) == log_key(after)
    assert [one.text for one in Comments.of(after, tmp_path)] == ["Here."]


def test_what_was_written_at_a_break_is_there_after_endex(tmp_path: Path) -> None:
    """Protects what is written before ENDEX, when the log's first line stands in for its head: nothing is lost."""
    store = MemoryStore()
    session = new_session(store, pace="stepped")
    Comments.of(store.load(session.id).log(), tmp_path).add(1, 0, "At the break.")
    play_through(session)

    ended = Comments.of(store.load(session.id).log(), tmp_path)
    ended.add(2, 0, "After it.")

    assert [one.text for one in Comments.of(store.load(session.id).log(), tmp_path)] == ["At the break.", "After it."]


def test_two_windows_lose_nothing_of_each_other(comments: Comments, tmp_path: Path) -> None:
    """Protects what a colleague wrote meanwhile: what is on the disk is read again before it is added to."""
    other = Comments("s-1", "abc", tmp_path / "comments")
    comments.add(1, 0, "One")
    other.add(2, 0, "Two")

    assert [one.text for one in other] == ["One", "Two"]


def test_handed_on_and_taken_in_once(comments: Comments, tmp_path: Path) -> None:
    """Protects sharing: a file goes to a colleague, whose own are kept, and taken in twice nothing doubles."""
    comments.add(1, 0, "Mine", "Ann")
    file = tmp_path / "out.jsonl"
    assert comments.export(file) == 1
    there = Comments("s-1", "abc", tmp_path / "elsewhere")
    there.add(5, 50, "Theirs", "Ben")

    assert there.take_in(file) == 1
    assert there.take_in(file) == 0
    assert [one.author for one in there] == ["Ann", "Ben"]
    with pytest.raises(CommentError, match="there is a file already"):
        comments.export(file)
    with pytest.raises(CommentError, match="on another log"):
        Comments("s-2", "abc", tmp_path / "elsewhere").take_in(file)


@pytest.mark.parametrize("said", HOSTILE.values(), ids=HOSTILE)
def test_hostile_words_are_kept_harmless(comments: Comments, tmp_path: Path, said: str) -> None:
    """Protects the terminal: what is typed or comes in a file is cleaned, and never longer than it may be."""
    kept = comments.add(1, 0, said * 20, said)

    assert not set(kept.text + kept.author) & set("\x1b\x07\x9b\u202e")
    assert len(kept.text) <= LONGEST and len(kept.author) <= LONGEST_NAME and "\n" not in kept.author
    assert list(Comments("s-1", "abc", tmp_path / "comments")) == [kept]


def test_nothing_written_is_nothing_kept(comments: Comments) -> None:
    """Protects against empty rows: blanks and control characters are no comment."""
    for text in ("", "  \n", "\x1b\x07"):
        with pytest.raises(CommentError):
            comments.add(1, 0, text)
    assert not comments.path.exists()


HEAD = '{"exercise-comments":1,"session":"s-1","head":"abc"}'
DAMAGED = {
    "no head": '{"id":"x"}\n',
    "later format": '{"exercise-comments":2}\n',
    "no json": f"{HEAD}\n{{\n",
    "wrong types": f'{HEAD}\n{{"id":"x","position":"1","exercise":0,"text":"t","author":""}}\n',
    "no place": f'{HEAD}\n{{"id":"x","position":-1,"exercise":0,"text":"t","author":""}}\n',
    "a list": f"{HEAD}\n[1,2]\n",
    "bytes": "\udcff",
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_named_and_left_alone(comments: Comments, tmp_path: Path, text: str) -> None:
    """Protects work that could still be saved: one line says which file, and it is not written over."""
    comments.path.parent.mkdir()
    data = text.encode(errors="surrogateescape")
    comments.path.write_bytes(data)

    with pytest.raises(ExerciseError, match=comments.path.name):
        Comments("s-1", "abc", tmp_path / "comments")
    with pytest.raises(ExerciseError):
        comments.add(1, 0, "New")
    assert comments.path.read_bytes() == data


def test_private_and_one_record_a_line(comments: Comments) -> None:
    """Protects privacy and other tools: only the owner reads the file, and each line is JSON."""
    comments.add(1, 0, "A line\nand another")

    assert stat.S_IMODE(comments.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(comments.path.parent.stat().st_mode) == 0o700
    records = [json.loads(line) for line in comments.path.read_text("utf-8").splitlines()]
    assert records[0]["session"] == "s-1" and records[1]["text"] == "A line\nand another"
    assert not list(comments.path.parent.glob(".*"))


def test_where_nothing_can_be_written_it_says_so(tmp_path: Path) -> None:
    """Protects against a traceback: a folder that is a file is one clear line."""
    (tmp_path / "comments").write_text("no folder")

    with pytest.raises(CommentError, match="cannot be kept here"):
        Comments("s-1", "abc", tmp_path / "comments").add(1, 0, "Lost?")
