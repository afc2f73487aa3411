"""What exercise control did by its own hand; free texts, names and facts are named in `SENSITIVE`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from exercise.core.control.commands import BotPolicy, CurtainKind
from exercise.core.happened import Happened


class Controlled(Happened):
    """What all events of exercise control's own hand share."""


class InjectSkipped(Controlled):
    """An inject comes no more by itself."""

    type: Literal["inject-skipped"] = "inject-skipped"
    inject: str
    why: str = ""


class InjectEdited(Controlled):
    """An inject has these words from now on; with `at` it has a new time too, and is neither held nor skipped."""

    type: Literal["inject-edited"] = "inject-edited"
    inject: str
    title: str
    text: str
    at: int | None = None
    since: int = 0


class InjectWritten(Controlled):
    """Control wrote an inject; without `at` it comes at once."""

    type: Literal["inject-written"] = "inject-written"
    inject: str
    sender: str
    channel: str
    to: tuple[str, ...]
    title: str
    text: str
    at: int | None = None
    since: int = 0


class RateSet(Controlled):
    """A second of the room is worth so many seconds of play."""

    type: Literal["rate-set"] = "rate-set"
    rate: float


class Claimed(Controlled):
    """A controller answers for an actor, or answers a request."""

    type: Literal["claimed"] = "claimed"
    what: str
    who: str


class Unclaimed(Controlled):
    """A claim was lifted."""

    type: Literal["unclaimed"] = "unclaimed"
    what: str


class FactSet(Controlled):
    """Correction: a fact was changed; `facts` is all that is true from now on."""

    type: Literal["fact-set"] = "fact-set"
    fact: str
    facts: Mapping[str, str]
    why: str = ""


class FactRevealed(Controlled):
    """Control told some what is true."""

    type: Literal["fact-revealed"] = "fact-revealed"
    fact: str
    to: tuple[str, ...]
    title: str
    text: str


class CurtainDrawn(Controlled):
    """All screens were covered."""

    type: Literal["curtain-drawn"] = "curtain-drawn"
    kind: CurtainKind
    text: str = ""


class CurtainLifted(Controlled):
    """The screens are open again."""

    type: Literal["curtain-lifted"] = "curtain-lifted"


class BotSeated(Controlled):
    """A bot plays a team."""

    type: Literal["bot-seated"] = "bot-seated"
    team: str
    policy: BotPolicy


class BotUnseated(Controlled):
    """A team was handed back to people."""

    type: Literal["bot-unseated"] = "bot-unseated"
    team: str


class PageTurned(Controlled):
    """Everybody's screen shows this page of the hot wash."""

    type: Literal["page-turned"] = "page-turned"
    page: str


ControlEvent = (
    InjectSkipped
    | InjectEdited
    | InjectWritten
    | RateSet
    | Claimed
    | Unclaimed
    | FactSet
    | FactRevealed
    | CurtainDrawn
    | CurtainLifted
    | BotSeated
    | BotUnseated
    | PageTurned
)

SENSITIVE: Mapping[str, tuple[str, ...]] = {
    "inject-skipped": ("why",),
    "inject-edited": ("title", "text"),
    "inject-written": ("sender", "title", "text"),
    "claimed": ("who",),
    "fact-set": ("facts", "why"),
    "fact-revealed": ("title", "text"),
    "curtain-drawn": ("text",),
}
"""Fields that the log keeps as salted digests."""
