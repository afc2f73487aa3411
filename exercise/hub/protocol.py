"""What a hub and its clients say to each other: JSON messages over a WebSocket, each validated on arrival.

A client says hello with its code and is told what it may watch. What is watched is a *feed*: a record (a view) that
comes whole once and then as patches of the fields that changed. Whatever a client asks has a number, and its answer
names it. Large answers come as one binary message, a JSON answer compressed by zlib.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from exercise.core.commands import Command
from exercise.core.commitments import Model
from exercise.core.evaluation.commands import LONGEST_ANSWER
from exercise.language import N_
from exercise.session.control import Door, Kind, RoomCommand

VERSION = 1
"""Of this protocol; a hub refuses another with a line that says which side to update."""

WORKER = "X-Exercise-Worker"
"""Header by which the hub's own workers show that they are its own; then the address they name is believed."""

LONGEST_MESSAGE = 64 * 1024
"""Bytes of one message from a client; more closes the connection."""

LONGEST_KEPT = 32 * 1024
"""Characters of one half-written text that the hub keeps for somebody."""

MOST_KEPT, LONGEST_KEPT_IN_ALL = 200, 256 * 1024
"""Half-written texts of one person, and characters of all of them together."""

PRIVACY = N_(
    "What you do here is recorded: your choices, reasons, messages and requests stand in the exercise's log under the "
    "seat you hold and the name you give here. Give a made-up name if you like. The log is used for the hot wash and "
    "the after-action report; personal entries can be taken out of it afterwards."
)
"""Shown before anybody joins."""


class Hello(Model):
    """The first message: who comes in, with which code."""

    say: Literal["hello"] = "hello"
    version: int = VERSION
    code: str = Field(max_length=40, repr=False)
    name: str = Field(default="", max_length=200)
    door: Door = "terminal"
    seat: str = Field(default="", max_length=121, description="The role wanted, where the code leaves a choice.")
    token: str = Field(
        default="", max_length=64, repr=False, description="From an earlier welcome, to come back as the same one."
    )
    address: str = Field(default="", max_length=100, description="Where from; believed only of the hub's own workers.")
    language: str = Field(
        default="", max_length=35, description="Spoken there; heeded for those who read with no team, such as control."
    )


class Watch(Model):
    """Asks for a feed: `seat:averne/police`, `control`, `room`, `public`, `wash`, `evaluation`."""

    say: Literal["watch"] = "watch"
    feed: str = Field(max_length=140)


class Unwatch(Model):
    """Asks for no more of a feed."""

    say: Literal["unwatch"] = "unwatch"
    feed: str = Field(max_length=140)


class Ask(Model):
    """A command under the own seat; answered by `Done` or `Refused`."""

    say: Literal["ask"] = "ask"
    id: int = Field(ge=0)
    command: Command


class AskRoom(Model):
    """Something that control asks of the room."""

    say: Literal["ask-room"] = "ask-room"
    id: int = Field(ge=0)
    command: RoomCommand


class TakePlace(Model):
    """Somebody with a team's code chooses a role of it, or the whole team's seat."""

    say: Literal["take-place"] = "take-place"
    id: int = Field(ge=0)
    seat: str = Field(max_length=121)


class Fetch(Model):
    """Asks for something large or rare: the texts, the scorecards, the survey, what is evaluated, where to go back."""

    say: Literal["fetch"] = "fetch"
    id: int = Field(ge=0)
    what: Literal["reference", "assessment", "moments", "survey", "dossier"]


class Keep(Model):
    """A half-written text, kept for this person only, so that it survives the loss of a terminal; '' forgets it."""

    say: Literal["keep"] = "keep"
    key: str = Field(max_length=200)
    text: str = Field(max_length=LONGEST_KEPT)


class HandIn(Model):
    """A person's answers to the survey, by question; they go into the log without a name, and not before its end."""

    say: Literal["hand-in"] = "hand-in"
    id: int = Field(ge=0)
    answers: dict[Annotated[str, Field(max_length=120)], Annotated[str, Field(max_length=LONGEST_ANSWER)]] = Field(
        repr=False
    )


class Doing(Model):
    """Which screen somebody is at, in a few words, for control to see."""

    say: Literal["doing"] = "doing"
    text: str = Field(max_length=120)


class Leave(Model):
    """Gets up and goes, as against a connection that is lost."""

    say: Literal["leave"] = "leave"


FromClient = Annotated[
    Hello | Watch | Unwatch | Ask | AskRoom | TakePlace | Fetch | Keep | HandIn | Doing | Leave,
    Field(discriminator="say"),
]
FROM_CLIENT: TypeAdapter[FromClient] = TypeAdapter(FromClient)


class Welcome(Model):
    """Who one is here; again whenever that changes: another seat, another session after going back."""

    say: Literal["welcome"] = "welcome"
    person: str
    token: str = Field(repr=False)
    name: str
    kind: Kind
    seat: str
    """'' while no place is taken."""
    acting: bool
    places: tuple[tuple[str, str, str], ...]
    """Seats to choose from with their names, and who sits there ('' for nobody); empty where there is no choice."""
    session: str
    title: str
    teams: tuple[tuple[str, str, str], ...]
    """Id, name and short name."""
    objectives: tuple[tuple[str, str], ...] = ()
    """Id and title of each, for those who write notes; empty for others."""
    reference: str
    """Digest of the texts, to fetch them once."""
    kept: dict[str, str] = Field(default_factory=dict)
    """Half-written texts by key; only in the first welcome of a connection."""
    language: str = "en"
    """The language that the seat reads."""


class Turned(Model):
    """The door stays closed, or is closed again; `code` says why to a program and `text` to a person."""

    say: Literal["turned"] = "turned"
    code: str
    text: str
    wait: float = 0.0
    """Seconds after which to come back; 0 where coming back alone will not help."""


class Feed(Model):
    """A feed's news: `whole` instead of `patch` where the client has nothing to build on."""

    say: Literal["feed"] = "feed"
    feed: str
    whole: Any = None
    patch: Any = None
    play: int = 0
    exercise: int = 0
    """Where the clocks stood when it was sent."""


class Done(Model):
    """What was asked is done, and kept."""

    say: Literal["done"] = "done"
    id: int
    text: str = ""


class Fetched(Model):
    """Something large that was asked for; the same message for all who ask at one time."""

    say: Literal["fetched"] = "fetched"
    what: str
    data: Any


class Refused(Model):
    """What was asked is refused."""

    say: Literal["refused"] = "refused"
    id: int
    code: str
    text: str


class Ended(Model):
    """ENDEX, with the head of the log that every screen shows."""

    say: Literal["ended"] = "ended"
    head: str


FromHub = Welcome | Turned | Feed | Done | Fetched | Refused | Ended
"""Whatever a hub says; each kind is built, and read, where it is at home."""
