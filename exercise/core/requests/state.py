"""Where each request stands, and what has come of it so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from exercise.core.records import dataclass
from exercise.core.requests.kinds import Handling, Step

OPEN = (Step.DELIVERED, Step.ACKNOWLEDGED, Step.MENDED)
"""It waits for the addressee's answer."""

AGREED = (Step.ACCEPTED, Step.PART, Step.CONDITIONS_ACCEPTED)
"""It waits to be carried out."""

OVER = (
    Step.FAILED,
    Step.REFUSED,
    Step.LAPSED,
    Step.WITHDRAWN,
    Step.CONDITIONS_DECLINED,
    Step.FULFILLED,
)
"""Nothing more comes of it."""


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One step in the life of a request, with its moment."""

    step: Step
    play: int
    exercise: int
    text: str = ""
    """What was written with it; for a failure its reason."""
    by_control: bool = False


@dataclass(frozen=True)
class RequestState:
    """A request as it stands; times of the story and of play in seconds."""

    id: str
    kind: str
    seat: str
    by: str
    to: str
    contact: int
    channel: str
    status: Step
    revision: int
    play: int
    exercise: int
    matter: str | None = None
    subject: str = ""
    basis: tuple[str, ...] = ()
    content: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    """Elements whose absence the addressee has named."""
    handling: Handling | None = None
    """Conditions on what the request itself gives."""
    urgent: bool = False
    deadline: int | None = None
    encloses: tuple[str, ...] = ()
    delivered: int | None = None
    """Play time at which it was delivered."""
    part: bool = False
    conditions: Handling | None = None
    """Conditions on what the answer gives."""
    ground: str = ""
    days: int | None = None
    gave: tuple[str, ...] = ()
    reply: int | None = None
    """The reply by which a controlled actor answers; -1 where none of its replies fits."""
    inject: str | None = None
    """The inject with which a controlled actor sent it."""
    steps: tuple[StepTaken, ...] = ()

    @property
    def over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.status in OVER

    def reached(self, step: Step) -> bool:
        """Whether it has ever taken a step."""
        for taken in self.steps:  # noqa: SIM110 (asked at every look: a generator costs twice as much)
            if taken.step is step:
                return True
        return False


@dataclass(frozen=True, slots=True)
class Errand:
    """Something on its way: a request to its addressee, or what a controlled actor replies or adds."""

    request: str
    what: Literal["arrive", "reply", "mend"]
    due: int
    """Time of the story."""


@dataclass(frozen=True)
class Holding:
    """A piece of evidence that a team holds: from when, from whom, under which conditions."""

    play: int
    exercise: int
    giver: str | None = None
    """The team or actor it came from, where it came by a request."""
    request: str | None = None
    handling: Handling | None = None
    """What still binds: None where no conditions ever did, or where they have been lifted."""
    lifted: bool = False
