"""Kinds of cooperation request and the channels they go by, as data: what each demands, and what its steps mean.

The catalogue carries those that follow from the instruments; a scenario may add its own.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Literal, Protocol

from pydantic import Field

from exercise.core.acts import ActKind
from exercise.core.commitments import Model
from exercise.core.requests.phrases import SLOTS, Part
from exercise.core.times import Duration

KindId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=60)]
"""Id of a kind, of a channel, or of a part of one."""

Title = Annotated[str, Field(min_length=1, max_length=120)]
"""A few words as shown."""

Sentence = Annotated[str, Field(min_length=1, max_length=600)]
"""A sentence or two as shown."""


Says = tuple[Part, ...]
"""What a bot writes somewhere, part by part."""

_OPEN = f"These stand for what is put in, and a part with nothing to put in is left out: {{{'}, {'.join(SLOTS)}}}."


class Tlp(StrEnum):
    """How far information may go (Traffic Light Protocol), from the narrowest."""

    RED = "red"
    """To the receiving team alone."""
    AMBER = "amber"
    """Inside the receiving team and to operators who need it to protect themselves."""
    GREEN = "green"
    """To other teams and services, not to the public."""
    CLEAR = "clear"
    """To anyone."""


class Purpose(StrEnum):
    """What information may be used for."""

    ANY = "any"
    DEFENCE = "defence"
    """To protect systems and warn others."""
    INVESTIGATION = "investigation"
    """Inside police and prosecution work."""
    POLICY = "policy"
    """For what governments and parliaments decide."""
    PUBLIC = "public"
    """To tell the public; only ever the use something is put to, not a limit."""


class Handling(Model):
    """The conditions under which something is given; they bind whoever accepts it (Budapest, Articles 26 and 28)."""

    tlp: Tlp = Field(default=Tlp.GREEN, description="How far it may go: red, amber, green or clear.")
    purpose: Purpose = Field(default=Purpose.ANY, description="Its use: any, defence, investigation, policy.")
    words: str = Field(default="", max_length=300, description="Further conditions in words.")

    @property
    def binds(self) -> bool:
        """Whether a receiver has to accept it first: anything narrower than 'to other services, for any use'."""
        return self.tlp in (Tlp.RED, Tlp.AMBER) or self.purpose is not Purpose.ANY or bool(self.words)


class Step(StrEnum):
    """What may happen to a request, in the order of its life."""

    SENT = "sent"
    FAILED = "failed"
    """It did not get through: stale contact, wrong channel, no mandate."""
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    ASKED_BACK = "asked-back"
    """The addressee names what is missing."""
    MENDED = "mended"
    ACCEPTED = "accepted"
    PART = "part"
    CONDITIONAL = "conditional"
    """Accepted under conditions that the requester has yet to accept."""
    CONDITIONS_ACCEPTED = "conditions-accepted"
    CONDITIONS_DECLINED = "conditions-declined"
    REFUSED = "refused"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    FULFILLED = "fulfilled"


class Channel(Model):
    """A way from one service to another; each has a level, and is fit for some kinds only."""

    id: KindId
    name: Title
    about: Sentence = Field(description="What it is, for someone who never used it.")
    transit: Duration = Field(default=0, description="How long a message takes in the story.")
    standing: bool = Field(default=True, description="True where it stood before the crisis.")
    clauses: tuple[str, ...] = Field(default=(), description="Commitments that speak of it.")


class ContentElement(Model):
    """One thing that a request of a kind has to say."""

    id: KindId
    name: Title
    ask: Sentence = Field(description="The question the form puts, in plain words.")
    why: Sentence = Field(description="Why it is needed, and where that stands.")
    required: bool = Field(default=True, description="False for what helps but is not demanded.")
    says: Says = Field(default=(), max_length=4, description=f"What a bot writes here, in parts. {_OPEN}")


class Ground(Model):
    """A ground on which a request of a kind may be refused."""

    id: KindId
    name: Title
    clause: str = Field(default="", description="Commitment that allows or names it.")
    says: Says = Field(default=(), max_length=4, description="What a curt bot writes that refuses on it, in parts.")
    acts: tuple[ActKind, ...] | None = Field(
        default=None,
        max_length=2,
        description="What a refusal on it is as acts, where that is something else than a refusal of its kind.",
    )


RequestDetector = Literal[
    "complete",
    "fit-channel",
    "urgent-route",
    "handling-stated",
    "conditions-kept",
    "basis-named",
    "answered-in-time",
    "gap-named",
    "reasons-given",
    "carried-out",
    "kept-long-enough",
    "check-first",
    "specified-only",
]
"""What is looked at in the life of a request; `requests.marks` says what each finds."""


class RequestKind(Model):
    """A kind of request: what it demands, by which channels it goes, what its steps are as acts and under what they
    are marked."""

    id: KindId
    name: Title = Field(description="Such as 'Preservation of stored data'.")
    about: Sentence = Field(description="What it asks for or gives, in plain words.")
    use: Sentence = Field(description="When one sends it.")
    shape: Literal["asks", "gives", "calls"] = Field(
        default="asks",
        description="asks: the other side is to do something; gives: it carries information; calls: a call or ping.",
    )
    basis: tuple[str, ...] = Field(default=(), description="Commitments it can rest on, the most fitting first.")
    channels: tuple[KindId, ...] = Field(min_length=1, description="Channels that are fit for it, the best first.")
    elements: tuple[ContentElement, ...] = Field(default=(), max_length=10)
    grounds: tuple[Ground, ...] = Field(default=(), description="Grounds on which it may be refused.")
    coercive: bool = Field(default=False, description="True where carrying it out uses a power over persons or data.")
    volatile: bool = Field(default=False, description="True where what it is about may be lost if nobody hurries.")
    automatic: bool = Field(default=False, description="True where the desk answers by itself, as to a ping.")
    purpose: Purpose = Field(default=Purpose.ANY, description="What is sent with it is used for this.")
    least_days: int | None = Field(default=None, ge=1, description="Days for which data must be kept at least.")
    hands_over: bool = Field(default=True, description="False where doing it hands nothing over, as keeping data does.")
    renews: Literal["requester", "addressee"] | None = Field(
        default=None, description="Whose directory it puts right: entries about the other party."
    )
    lifts: bool = Field(default=False, description="True where agreeing lifts the conditions on what it is about.")
    accepts: Says = Field(default=(), max_length=4, description="What a bot writes that takes it on, in parts.")
    fulfils: Says = Field(default=(), max_length=4, description="What a bot writes that has done it, in parts.")
    acts: Mapping[Step, tuple[ActKind, ...]] = Field(
        default_factory=dict, description="What its steps are as acts, which occasions and conditions read."
    )
    marks: Mapping[RequestDetector, tuple[str, ...]] = Field(
        default_factory=dict, description="What is looked at, and the commitments it is marked under."
    )

    @property
    def demanded(self) -> tuple[ContentElement, ...]:
        """The elements a complete request has."""
        return tuple(element for element in self.elements if element.required)


ENOUGH_FOR_ELEMENT = 2
"""Words below which an element counts as missing."""


class Demand(Protocol):
    """An element as far as gaps go; screens know it by a view only."""

    @property
    def id(self) -> str:
        """By which the words for it are found."""

    @property
    def required(self) -> bool:
        """Whether it is demanded."""


def missing_of(elements: Iterable[Demand], content: Mapping[str, str]) -> tuple[str, ...]:
    """Ids of the demanded elements that are missing: empty, too short, or the same words as another element."""
    seen: set[str] = set()
    missing = []
    for element in elements:
        words = content.get(element.id, "").split()
        text = " ".join(words).casefold()
        filled = len(words) >= ENOUGH_FOR_ELEMENT and text not in seen
        seen.add(text)
        if element.required and not filled:
            missing.append(element.id)
    return tuple(missing)
