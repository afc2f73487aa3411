"""What happened at the table; free text and pseudonyms are named in `SENSITIVE`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from exercise.core.acts import Safeguard
from exercise.core.asked import SetAside
from exercise.core.happened import Happened


class TeamPlayed(Happened):
    """What all events of team play share: the seat that did it."""

    seat: str


class SeatTaken(TeamPlayed):
    """Somebody sat down."""

    type: Literal["seat-taken"] = "seat-taken"
    name: str = ""


class SeatLeft(TeamPlayed):
    """Somebody got up."""

    type: Literal["seat-left"] = "seat-left"


class VoteCast(TeamPlayed):
    """A seat said which option it is for, or changed its mind."""

    type: Literal["vote-cast"] = "vote-cast"
    decision: str
    revision: int
    option: str
    reason: str = ""
    basis: tuple[str, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    safeguards: Mapping[Safeguard, str] = field(default_factory=dict)


class PenTaken(TeamPlayed):
    """A seat took the pen of a team's draft, perhaps out of another's hand."""

    type: Literal["pen-taken"] = "pen-taken"
    team: str
    subject: str


class DraftWritten(TeamPlayed):
    """The draft has a new text."""

    type: Literal["draft-written"] = "draft-written"
    team: str
    subject: str
    text: str


class PenPutDown(TeamPlayed):
    """The pen lies on the table; `seat` held it."""

    type: Literal["pen-put-down"] = "pen-put-down"
    team: str
    subject: str


class MessageSpoken(TeamPlayed):
    """A word was said to a team, a role, all, or exercise control."""

    type: Literal["message-spoken"] = "message-spoken"
    to: str
    text: str
    official: bool = False


TeamPlayEvent = SeatTaken | SeatLeft | VoteCast | PenTaken | DraftWritten | PenPutDown | MessageSpoken

SENSITIVE: Mapping[str, tuple[str, ...]] = {
    "seat-taken": ("name",),
    "vote-cast": ("reason", "set_aside", "safeguards"),
    "draft-written": ("text",),
    "message-spoken": ("text",),
}
"""Fields that the log keeps as salted digests."""
