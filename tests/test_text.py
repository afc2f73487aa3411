"""Texts as authors write them: which line ends are meant, and which only wrap."""

from __future__ import annotations

import pytest

from exercise.core.text import with_breaks

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


@pytest.mark.parametrize("text", ["", "one line", "a\n\nb", "\n\n", "ends with its own\\\nmark"])
def test_nothing_to_mark_is_left_alone(text: str) -> None:
    """Protects texts without such ends, and those whose author marked them."""
    assert with_breaks(text) == text


def test_short_lines_are_all_meant() -> None:
    """Protects a log of calls: each stands on its own line."""
    assert with_breaks("09:12 called\n09:20 called again\n09:31 a travel agency") == (
        "09:12 called\\\n09:20 called again\\\n09:31 a travel agency"
    )
