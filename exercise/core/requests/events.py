"""What happened to cooperation requests, in the past tense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from exercise.core.happened import Happened
from exercise.core.requests.commands import Answer
from exercise.core.requests.kinds import Handling

Failure = Literal["stale", "channel", "mandate"]
"""Why a request did not get through: nobody at that address, a channel not fit for it, a desk without the mandate."""


class RequestSent(Happened):
    """A request left a team; it arrives at `arrives` in the story."""

    type: Literal["request-sent"] = "request-sent"
    request: str
    kind: str
    seat: str
    by: str
    to: str
    contact: int
    channel: str
    arrives: int
    matter: str | None = None
    subject: str = ""
    basis: tuple[str, ...] = ()
    content: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    handling: Handling | None = None
    urgent: bool = False
    deadline: int | None = None
    encloses: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    """Evidence that goes with it against the conditions it is held under."""
    inject: str | None = None
    """The inject with which a controlled actor sent it."""


class RequestFailed(Happened):
    """A request did not get through."""

    type: Literal["request-failed"] = "request-failed"
    request: str
    reason: Failure


class RequestDelivered(Happened):
    """A request reached the addressee's board."""

    type: Literal["request-delivered"] = "request-delivered"
    request: str


class RequestAcknowledged(Happened):
    """The addressee has seen it."""

    type: Literal["request-acknowledged"] = "request-acknowledged"
    request: str


class ReplyPlanned(Happened):
    """A controlled actor will answer at `due` in the story, by this reply; -1 is its way with everything else."""

    type: Literal["reply-planned"] = "reply-planned"
    request: str
    reply: int
    due: int


class MendPlanned(Happened):
    """A controlled actor will add what it was asked back for at `due` in the story."""

    type: Literal["mend-planned"] = "mend-planned"
    request: str
    due: int


class RequestAnswered(Happened):
    """The addressee answered."""

    type: Literal["request-answered"] = "request-answered"
    request: str
    revision: int
    answer: Answer
    text: str = ""
    ground: str = ""
    missing: tuple[str, ...] = ()
    conditions: Handling | None = None
    days: int | None = None
    by_control: bool = False


class RequestMended(Happened):
    """The requester supplied what was missing."""

    type: Literal["request-mended"] = "request-mended"
    request: str
    revision: int
    content: Mapping[str, str]
    missing: tuple[str, ...] = ()


class ConditionsTaken(Happened):
    """The receiver accepted the conditions, or declined."""

    type: Literal["conditions-taken"] = "conditions-taken"
    request: str
    revision: int
    accepted: bool
    text: str = ""


class RequestFulfilled(Happened):
    """What was accepted has been done."""

    type: Literal["request-fulfilled"] = "request-fulfilled"
    request: str
    revision: int
    text: str = ""
    gives: tuple[str, ...] = ()
    handling: Handling | None = None
    against: tuple[str, ...] = ()
    """Evidence that is handed over against the conditions it is held under."""


class RequestLapsed(Happened):
    """Its time passed without an answer."""

    type: Literal["request-lapsed"] = "request-lapsed"
    request: str


class RequestWithdrawn(Happened):
    """The requester took it back."""

    type: Literal["request-withdrawn"] = "request-withdrawn"
    request: str
    text: str = ""


class OutcomeCame(Happened):
    """A step of a request about a matter had consequences; `to` is empty where nobody is told."""

    type: Literal["outcome-came"] = "outcome-came"
    request: str
    matter: str
    index: int
    to: tuple[str, ...]


class ContactTried(Happened):
    """A team learned whether an entry of its directory works."""

    type: Literal["contact-tried"] = "contact-tried"
    team: str
    contact: int
    works: bool


class ContactRenewed(Happened):
    """An entry of a team's directory was put right."""

    type: Literal["contact-renewed"] = "contact-renewed"
    team: str
    contact: int


class ConditionsLifted(Happened):
    """The giver let a team use a piece of evidence without its conditions; `handling` is what binds the giver too."""

    type: Literal["conditions-lifted"] = "conditions-lifted"
    team: str
    evidence: str
    handling: Handling | None = None


RequestEvent = (
    RequestSent
    | RequestFailed
    | RequestDelivered
    | RequestAcknowledged
    | ReplyPlanned
    | MendPlanned
    | RequestAnswered
    | RequestMended
    | ConditionsTaken
    | RequestFulfilled
    | RequestLapsed
    | RequestWithdrawn
    | OutcomeCame
    | ContactTried
    | ContactRenewed
    | ConditionsLifted
)

SENSITIVE: Mapping[str, tuple[str, ...]] = {
    "request-sent": ("subject", "content", "handling.words"),
    "request-answered": ("text", "conditions.words"),
    "request-mended": ("content",),
    "conditions-taken": ("text",),
    "request-fulfilled": ("text", "handling.words"),
    "request-withdrawn": ("text",),
    "conditions-lifted": ("handling.words",),
    "evidence-learned": ("handling.words",),
}
"""Words that people wrote, which the log keeps so that they can be taken out."""
