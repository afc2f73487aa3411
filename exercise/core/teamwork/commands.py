"""What seats ask of each other and of the table: a seat, a vote, the pen, a word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from exercise.core.acts import Safeguard
from exercise.core.asked import Asked, SetAside, Words

REQUEST = "request"
"""The subject of a draft that is to become a cooperation request; any other subject is a decision's id."""

OBSERVER, SPECTATOR = "observer", "spectator"
"""The seats of those who look on: an observer may write notes, a spectator may not."""

LONGEST_PSEUDONYM = 60

Subject = Annotated[str, Field(min_length=1, max_length=120)]
"""What a draft is about: the id of a decision, or `request`."""


class TeamPlay(Asked):
    """What all commands of team play share."""


class TakeSeat(TeamPlay):
    """Somebody sits down, at any moment from the briefing on."""

    ask: Literal["take-seat"] = "take-seat"
    name: Annotated[str, Field(max_length=LONGEST_PSEUDONYM)] = Field(
        default="", description="A pseudonym; may be empty."
    )


class LeaveSeat(TeamPlay):
    """Whoever sits there gets up; the seat's pens are put down and its open votes taken back."""

    ask: Literal["leave-seat"] = "leave-seat"


class CastVote(TeamPlay):
    """A seat says which listed option it is for, with the revision of the decision that was on the screen."""

    ask: Literal["cast-vote"] = "cast-vote"
    decision: str
    revision: int
    option: str
    reason: Words = ""
    basis: tuple[str, ...] = Field(default=(), max_length=12)
    set_aside: tuple[SetAside, ...] = Field(default=(), max_length=12)
    safeguards: Mapping[Safeguard, Words] = Field(default_factory=dict)


class CloseVote(TeamPlay):
    """The facilitator ends a vote: the option with most votes is the answer."""

    ask: Literal["close-vote"] = "close-vote"
    decision: str


class WithDraft(TeamPlay):
    """What the commands on a shared draft have in common."""

    subject: Subject
    team: str | None = Field(
        default=None, description="Whose draft; only the facilitator needs to say, and only of a request."
    )


class TakePen(WithDraft):
    """A seat takes the one pen of a shared draft, or control gives it to one."""

    ask: Literal["take-pen"] = "take-pen"
    to: str | None = Field(
        default=None, max_length=121, description="The seat that is to hold it; only the facilitator says so."
    )


class WriteDraft(WithDraft):
    """The holder of the pen writes the draft anew."""

    ask: Literal["write-draft"] = "write-draft"
    text: Words


class PutDownPen(WithDraft):
    """The holder puts the pen down."""

    ask: Literal["put-down-pen"] = "put-down-pen"


class Say(TeamPlay):
    """A word inside the team, to another team, or to and from exercise control."""

    ask: Literal["say"] = "say"
    to: str = Field(max_length=121, description="A team, `facilitator`; from control also a role, or `all`.")
    text: Words
    official: bool = Field(default=False, description="Between teams: an official message, or a side talk.")


TeamPlayCommand = TakeSeat | LeaveSeat | CastVote | CloseVote | TakePen | WriteDraft | PutDownPen | Say

BY_ANY_SEAT = (TakeSeat, LeaveSeat)
"""What those who look on may ask too."""
BY_SEATS = (*BY_ANY_SEAT, CastVote, TakePen, WriteDraft, PutDownPen, Say)
"""What a seat may ask; only closing a vote is exercise control's alone."""
AFTER_ENDEX = (*BY_ANY_SEAT, Say)
"""What is still asked when the exercise is over: the hot wash has its latecomers and its talk."""
