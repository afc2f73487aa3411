"""What a seat may ask about cooperation requests.

A request is named by its number on the asking seat's own board, so that no number tells of requests between others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from exercise.core.asked import Asked, Words
from exercise.core.requests.kinds import Handling, KindId, Step
from exercise.core.text import clean_words
from exercise.errors import CommandRejected

Answer = Literal["accept", "part", "conditional", "refuse", "ask-back"]
Element = Annotated[str, Field(max_length=60)]
"""Id of an element, a ground, a matter, or a piece of evidence."""
ENOUGH_FOR_ANSWER = 3
"""Words that an answer other than a plain yes says at least."""


def cleaned(handling: Handling | None) -> Handling | None:
    """Conditions with their words as they are kept, which may be none."""
    words = clean_words(handling.words)[:300] if handling else ""
    return handling if handling is None or words == handling.words else handling.model_copy(update={"words": words})


class SendRequest(Asked):
    """A team sends a request to an entry of its contact directory."""

    ask: Literal["send-request"] = "send-request"
    kind: KindId
    contact: int = Field(ge=1, le=500, description="Line of the team's own directory, from 1.")
    matter: Element | None = Field(default=None, description="What it is about; none for something else.")
    subject: Words = Field(default="", description="What it is about in the team's own words.")
    basis: tuple[Element, ...] = Field(default=(), max_length=8)
    content: Mapping[Element, Words] = Field(default_factory=dict)
    handling: Handling | None = Field(default=None, description="Conditions on what is given; none if not stated.")
    urgent: bool = False
    deadline: int | None = Field(default=None, description="Time of the story by which an answer is asked for.")
    encloses: tuple[Element, ...] = Field(default=(), max_length=12, description="Evidence that goes with it.")


class AcknowledgeRequest(Asked):
    """The addressee has seen it; opening it is enough."""

    ask: Literal["acknowledge-request"] = "acknowledge-request"
    request: int = Field(ge=1)


class AnswerRequest(Asked):
    """The addressee answers: accepts, in part, under conditions, refuses, or asks back for what is missing."""

    ask: Literal["answer-request"] = "answer-request"
    request: int = Field(ge=1)
    revision: int
    answer: Answer
    text: Words = Field(default="", description="What will be done, what is offered, the reasons, or what is missing.")
    ground: Element = Field(default="", description="Ground of a refusal, by its id.")
    missing: tuple[Element, ...] = Field(default=(), max_length=12, description="Elements that the addressee names.")
    conditions: Handling | None = Field(default=None, description="On what is given in part, or if they are taken.")
    days: int | None = Field(default=None, ge=1, le=3_650, description="For how many days data are kept.")

    @property
    def lacks(self) -> CommandRejected | None:
        """What it would be refused for whatever the request is, so that a form can say it before it is sent."""
        named = self.answer not in ("part", "ask-back") or self.missing
        if not named and len(clean_words(self.text).split()) < ENOUGH_FOR_ANSWER:
            if self.answer == "part":
                return CommandRejected("too-short", "Say in a few words which part you can do.")
            return CommandRejected("too-short", "Say in a few words what is missing.")
        if self.answer == "conditional" and ((bound := cleaned(self.conditions)) is None or not bound.binds):
            return CommandRejected("conditions", "Say under which conditions: how far it may go, or what it is for.")
        return None


class MendRequest(Asked):
    """The requester supplies what was missing."""

    ask: Literal["mend-request"] = "mend-request"
    request: int = Field(ge=1)
    revision: int
    content: Mapping[Element, Words]


class TakeConditions(Asked):
    """The receiver accepts the conditions under which something is given, or declines."""

    ask: Literal["take-conditions"] = "take-conditions"
    request: int = Field(ge=1)
    revision: int
    accept: bool
    text: Words = ""


class FulfilRequest(Asked):
    """The addressee does what it accepted, and hands over what there is."""

    ask: Literal["fulfil-request"] = "fulfil-request"
    request: int = Field(ge=1)
    revision: int
    text: Words = ""
    encloses: tuple[Element, ...] = Field(default=(), max_length=12)
    handling: Handling | None = None


class WithdrawRequest(Asked):
    """The requester takes a request back."""

    ask: Literal["withdraw-request"] = "withdraw-request"
    request: int = Field(ge=1)
    text: Words = ""


RequestCommand = (
    SendRequest | AcknowledgeRequest | AnswerRequest | MendRequest | TakeConditions | FulfilRequest | WithdrawRequest
)

ANSWERS: Mapping[Answer, Step] = {
    "accept": Step.ACCEPTED,
    "part": Step.PART,
    "conditional": Step.CONDITIONAL,
    "refuse": Step.REFUSED,
    "ask-back": Step.ASKED_BACK,
}
"""The step that each answer is."""
