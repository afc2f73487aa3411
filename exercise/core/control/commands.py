"""What exercise control asks while it paces an exercise: the MSEL changed, a curtain drawn, an actor claimed.

All of these are control's alone; the `Controls` they share is how the rules know them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from exercise.core.asked import Asked, Words
from exercise.core.script import Audience, Channel

LONGEST_NAME = 60
"""Characters kept of a controller's pseudonym."""

SLOWEST, FASTEST = 0.1, 20.0
"""Seconds of play that a second of the room may be worth, at least and at most."""

LONGEST_TITLE, LONGEST_SENDER = 200, 120

Title = Annotated[str, Field(max_length=LONGEST_TITLE)]
"""One line over a message."""

LongText = Annotated[str, Field(max_length=40_000)]
"""A message's text, which may be as long as an author's."""

_LONGEST = 10_000 * 3600
"""Times of the story stay below ten thousand hours, as an author's do."""

BotPolicy = Literal["cooperative", "self-interested", "random", "silent"]
"""How a bot chooses that plays an empty team."""

CurtainKind = Literal["blank", "no-duff"]
"""Screens that show nothing for a while, or a real emergency in which nobody plays on."""


class Controls(Asked):
    """What all commands of exercise control's own hand share."""


class SkipInject(Controls):
    """An inject is not to come by itself any more; it may still be released by hand."""

    ask: Literal["skip-inject"] = "skip-inject"
    inject: str
    why: Words = ""


class EditInject(Controls):
    """Changes an inject's words or its time before it is released; what is left out stays as it was."""

    ask: Literal["edit-inject"] = "edit-inject"
    inject: str
    title: Title | None = None
    text: LongText | None = None
    at: int | None = Field(
        default=None, gt=-_LONGEST, lt=_LONGEST, description="Time of the story in seconds at which it is to come."
    )


class WriteInject(Controls):
    """A message written on the spot, from any sender, to come now or at a time of the story."""

    ask: Literal["write-inject"] = "write-inject"
    sender: str = Field(max_length=LONGEST_SENDER)
    channel: Channel
    to: tuple[Audience, ...] = Field(min_length=1, max_length=40)
    title: Title
    text: LongText
    at: int | None = Field(
        default=None, gt=-_LONGEST, lt=_LONGEST, description="Time of the story in seconds; left out, it comes at once."
    )


class SetRate(Controls):
    """How many seconds of play pass in a second of the room."""

    ask: Literal["set-rate"] = "set-rate"
    rate: float


class CloseDecision(Controls):
    """An open decision's window closes now, and it lapses."""

    ask: Literal["close-decision"] = "close-decision"
    decision: str


class Claim(Controls):
    """A controller takes it upon themselves to answer for an actor, or to answer one request; the script waits."""

    ask: Literal["claim"] = "claim"
    what: str = Field(max_length=200, description="`actor:ID`, or `request:N` with its number on control's own board.")
    who: str = Field(max_length=LONGEST_NAME, description="The controller's name.")
    take_over: bool = Field(default=False, description="Take it out of another controller's hand.")


class Unclaim(Controls):
    """A claim is lifted, and the script may answer again."""

    ask: Literal["unclaim"] = "unclaim"
    what: str = Field(max_length=200)


class SetFact(Controls):
    """Correction: what is true behind the crisis is another of the fact's values."""

    ask: Literal["set-fact"] = "set-fact"
    fact: str
    value: str
    why: Words = ""


class RevealFact(Controls):
    """Control tells what is true, as a message to those named."""

    ask: Literal["reveal-fact"] = "reveal-fact"
    fact: str
    to: tuple[Audience, ...] = Field(min_length=1, max_length=40)


class DrawCurtain(Controls):
    """All screens are covered; a no-duff stop also halts the clock, and nobody plays on behind it."""

    ask: Literal["draw-curtain"] = "draw-curtain"
    kind: CurtainKind
    text: Words = ""


class LiftCurtain(Controls):
    """The screens are open again; the clock stays as it stands."""

    ask: Literal["lift-curtain"] = "lift-curtain"


class SeatBot(Controls):
    """A bot plays a team from now on."""

    ask: Literal["seat-bot"] = "seat-bot"
    team: str
    policy: BotPolicy = "cooperative"


class UnseatBot(Controls):
    """A team is handed back to people."""

    ask: Literal["unseat-bot"] = "unseat-bot"
    team: str


class TurnPage(Controls):
    """Which page of the hot wash everybody's screen shows; '' leaves them where they are."""

    ask: Literal["turn-page"] = "turn-page"
    page: str = Field(max_length=80, pattern=r"^[a-z0-9:./_-]*$")


ControlCommand = (
    SkipInject
    | EditInject
    | WriteInject
    | SetRate
    | CloseDecision
    | Claim
    | Unclaim
    | SetFact
    | RevealFact
    | DrawCurtain
    | LiftCurtain
    | SeatBot
    | UnseatBot
    | TurnPage
)

AFTER_ENDEX = (DrawCurtain, LiftCurtain, TurnPage)
"""What control still does when the exercise is over."""
