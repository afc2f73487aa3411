"""What a seat sees of its own team at the table, and of what was said to it."""

from __future__ import annotations

from typing import Literal

from exercise.core.cast import DecisionMode
from exercise.core.records import dataclass


@dataclass(frozen=True, slots=True)
class SeatView:
    """A seat of the team."""

    seat: str
    role: str
    """Name of its role, or the team's short name for the whole team's seat."""
    name: str
    """Pseudonym of whoever sits there, or ''."""
    present: bool
    leads: bool


@dataclass(frozen=True, slots=True)
class BallotView:
    """What a member of the team is for."""

    seat: str
    who: str
    option: str
    """Id of the option."""
    title: str
    reason: str
    exercise: int


@dataclass(frozen=True, slots=True)
class VoteView:
    """How the team comes to one decision, and how far it has come."""

    mode: DecisionMode = "lead"
    voting: bool = False
    """Whether an answer counts as a vote now; with fewer than two people at the table it never does."""
    ballots: tuple[BallotView, ...] = ()
    """In the order of the team's seats; after the answer, those that led to it."""
    missing: tuple[str, ...] = ()
    """Who has still to vote."""
    pen: str = ""
    """Who answers where a lead does, or '' where every seat may."""
    may_answer: bool = True
    """Whether this seat may answer, or vote, now."""


LED = VoteView()
"""How a team decides that does not say how, and where nobody has taken a seat."""


@dataclass(frozen=True, slots=True)
class DraftView:
    """A text the team writes together."""

    subject: str
    """Id of the decision, or `request`."""
    title: str
    text: str
    holder: str
    """Seat that holds the pen, or ''."""
    who: str
    """The holder's name, or ''."""
    mine: bool
    exercise: int
    play: int


@dataclass(frozen=True, slots=True)
class TalkLine:
    """A word that was said."""

    kind: Literal["talk", "message", "control"]
    """Inside the team; between teams; to or from exercise control."""
    seat: str
    """Who said it: a seat of the own team, else only the team."""
    sender: str
    to: str
    text: str
    official: bool
    own: bool
    """Whether the own team said it."""
    exercise: int
    play: int
