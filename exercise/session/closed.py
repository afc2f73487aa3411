"""The last word of a hub that was closed after ENDEX: all is kept, and no link is missing."""

from __future__ import annotations

from exercise.language import N_

__all__ = ["CLOSED", "LAST_WORD", "closed_words", "is_closed"]

CLOSED = N_("The exercise is closed and kept.")
"""What people are shown then."""
_UNANSWERED = N_("The exercise is closed and kept. Your survey was not handed in.")
LAST_WORD = N_("The exercise has been closed; it is kept.")
"""What a hub says to everybody before it goes."""


def is_closed(trouble: str, *, ended: bool) -> bool:
    """Whether the link is gone for good: a hub that goes in the middle of an exercise may be on its way back."""
    return ended and trouble == LAST_WORD


def closed_words(sheet: str) -> str:
    """What a person is shown then, whose half-written sheet of the survey this is; '' where there is none."""
    return _UNANSWERED if sheet else CLOSED
