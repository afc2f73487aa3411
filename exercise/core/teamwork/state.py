"""What a state knows of team play."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from exercise.core.acts import Safeguard
from exercise.core.asked import SetAside
from exercise.core.records import dataclass


@dataclass(frozen=True, slots=True)
class SeatState:
    """A seat that was taken at least once; the times are those of the last taking."""

    name: str
    play: int
    exercise: int
    present: bool = True


class Grounds(NamedTuple):
    """What is said for an answer, or for a vote."""

    reason: str
    basis: tuple[str, ...]
    set_aside: tuple[SetAside, ...]
    safeguards: Mapping[Safeguard, str]


@dataclass(frozen=True, slots=True)
class Vote:
    """What a seat is for, under one revision of a decision, with the pseudonym of that moment."""

    name: str
    revision: int
    option: str
    play: int
    exercise: int
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that a team writes together, one hand at a time; the times are those of its last change."""

    text: str
    holder: str | None
    play: int
    exercise: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word that was said, with the speaker's pseudonym of that moment."""

    seat: str
    name: str
    to: str
    text: str
    official: bool
    play: int
    exercise: int
