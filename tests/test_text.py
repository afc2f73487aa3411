"""Texts as authors write them: which line ends are meant, and which only wrap."""

from __future__ import annotations

import sys

import pytest

from exercise.authoring.source_text import yaml_ready
from exercise.core.text import HOSTILE, clean_text, printable, with_breaks

WRAPPED = (
    "The pumps of the district heating stand still since six this morning, and about 300,000 people in\n"
    "the lower valley are without heat; crews are on their way to close the breakers by hand, which will\n"
    "take until noon.\n"
    "Petra Vind\n"
    "Duty manager\n"
    "\n"
    "Heading for what follows\n"
)


def test_a_wrapped_paragraph_stays_one_and_a_signature_keeps_its_lines() -> None:
    """Protects letters: what an editor wrapped is wrapped anew, what an author ended stays ended."""
    assert with_breaks(WRAPPED).split("\n") == [
        "The pumps of the district heating stand still since six this morning, and about 300,000 people in",
        "the lower valley are without heat; crews are on their way to close the breakers by hand, which will",
        "take until noon.\\",
        "Petra Vind\\",
        "Duty manager",
        "",
        "Heading for what follows",
        "",
    ]


def test_one_line_that_is_too_long_leaves_the_others_wrapped() -> None:
    """Protects a text corrected by hand: no line breaks off in the middle of a sentence because another grew."""
    text = (
        "The pumps of the district heating stand still since six this morning, and the\n"
        "Lower Valley is without heat; crews are on their way to close all the breakers by hand, one by one, and\n"
        "ask for patience until noon, when the\n"
        "next report comes.\n"
    )
    assert with_breaks(text).split("\n")[:2] == text.split("\n")[:2]


def test_a_long_line_that_halts_at_a_semicolon_goes_on() -> None:
    """Protects briefings: a sentence wrapped behind a semicolon is no line of its own, however much room was left."""
    text = (
        "From time to time your team must decide, and a decision stays open for some of your time;\n"
        "the hour of the story by which an answer is due may be shown beside it too, and where it is, the answer\n"
        "belongs to that hour.\n"
    )
    assert with_breaks(text) == text


@pytest.mark.parametrize("text", ["", "one line", "a\n\nb", "\n\n", "ends with its own\\\nmark"])
def test_nothing_to_mark_is_left_alone(text: str) -> None:
    """Protects texts without such ends, and those whose author marked them."""
    assert with_breaks(text) == text


def test_short_lines_are_all_meant() -> None:
    """Protects a log of calls: each stands on its own line."""
    assert with_breaks("09:12 called\n09:20 called again\n09:31 a travel agency") == (
        "09:12 called\\\n09:20 called again\\\n09:31 a travel agency"
    )


def test_nothing_hostile_is_printable() -> None:
    """Protects terminals: the quick look never lets pass what the search would find, in any character there is."""
    hostile = [chr(code) for code in range(sys.maxunicode + 1) if HOSTILE.match(chr(code))]

    assert len(hostile) > 2_000  # Controls, overrides, and the lone surrogates.
    assert not [sign for sign in hostile if printable(f"word\n{sign}word")]
    assert [clean_text(f"a{sign}b") for sign in "\x1b\u202e\x9b\x7f"] == ["ab"] * 4
    assert (
        clean_text("a\u00a0\u200db\n") == "a\u00a0\u200db\n"
    )  # A hard blank and a joiner cannot be printed either, and stay.


def test_what_yaml_refuses_is_never_taken_for_printable() -> None:
    """Protects authors: a character that the parser would stop at is reported in its place, and made a blank."""
    for sign in "\x00\x0b\x7f\x85\ufeff\ufffe\uffff\ud800":
        ready = yaml_ready(f"id: a\ntitle: b{sign}c\n", "s.yaml")
        assert ready.text == "id: a\ntitle: b c\n"
        assert [(problem.line, problem.column) for problem in ready.problems] == [(2, 9)]
