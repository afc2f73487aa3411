"""The survey's answers while it is open: what every store keeps of them, so that nobody can read who said what."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TypeVar

from exercise.errors import CommandRejected

Row = TypeVar("Row")

SHUT = "@shut"
"""Stands among those who have answered once no answer is taken any more, and stays."""

DRAFT = "survey"
"""Key under which a half-written sheet is kept, until it is handed in or the survey is closed."""

Answers = tuple[tuple[str, str], ...]
"""Question and answer, in no order."""

_RANDOM = secrets.SystemRandom()


def shuffled(rows: Sequence[Row]) -> list[Row]:
    """The rows in an order that tells nothing."""
    return _RANDOM.sample(rows, len(rows))


def refuse_twice(answered: frozenset[str], who: str) -> None:
    """Raises `CommandRejected` where no answer is taken any more, or this one has answered."""
    if SHUT in answered:
        raise CommandRejected("survey-closed", "The survey has been closed; no answers are taken any more.")
    if who in answered:
        raise CommandRejected("answered", "You have handed in your answers already; thank you.")
