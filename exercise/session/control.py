"""What exercise control needs of a hosted exercise beside its view: who is here, with which codes, and what it may ask.

The console's screens know the `Control` interface and the records of this module, as a participant's screens know
`Client`; a hub's door and a test's table implement the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Literal, Protocol

from pydantic import Field

from exercise.core.commands import Command
from exercise.core.commitments import Model
from exercise.core.records import dataclass
from exercise.core.views import FacilitatorView
from exercise.session.surveying import SurveyProgress

if TYPE_CHECKING:
    from exercise.core.assess import Assessment
    from exercise.core.reference import Reference
    from exercise.session.client import Client

Kind = Literal["participant", "observer", "evaluator", "controller", "facilitator", "spectator"]
"""What a code opens. A controller paces and sees all, ENDEX included; a facilitator may besides make and revoke codes,
send people out, go back to a moment and close the doors."""

Door = Literal["terminal", "ssh", "browser", "here"]
"""By which way somebody came in; `here` is the facilitator's own machine."""


LEFT = "has left"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has joined."""

    id: str
    """Unlike the name, never the same for two; it opens nothing."""
    name: str
    """The pseudonym given on joining."""
    kind: Kind
    seat: str
    """`averne`, `averne/police`, or '' for those without a place in a team, and who has not chosen one yet."""
    team: str
    """The team whose code was used, or ''."""
    acting: bool
    """Whether this person acts for the seat; of two at one seat the second reads along until control settles it."""
    connected: bool
    door: Door
    address: str
    """Where from, as the hub sees it."""
    joined: str
    """Wall time in UTC, ISO."""
    doing: str
    """The screen they are at, in a few words; `LEFT` where they got up and went."""

    @property
    def lost(self) -> bool:
        """Whether the connection is gone without a word."""
        return not self.connected and self.doing != LEFT


@dataclass(frozen=True, slots=True)
class TicketCard:
    """A code that opens the exercise, for control only."""

    id: str
    code: str
    kind: Kind
    seat: str
    """A team, a role of one, or '' for those who have no place in a team."""
    label: str
    """Whom it is for, in words: 'Averne', 'Averne: Police liaison', 'Observers'."""
    revoked: bool
    used_by: tuple[str, ...]
    """Ids of the persons who came in with it."""


@dataclass(frozen=True, slots=True)
class DoorCard:
    """A way in that stands open."""

    door: Door
    addresses: tuple[str, ...]
    """What one types or opens: `exercise join wss://…`, `ssh -p 8022 team@…`, `https://…`."""
    fingerprint: str
    """Of the certificate or the host key, or '' where there is none."""


@dataclass(frozen=True, slots=True)
class EvaluatorCard:
    """An evaluator as control sees one: nothing of what was judged."""

    name: str
    delegation: str
    finished: bool


@dataclass(frozen=True, slots=True)
class RoomView:
    """The room as control sees it."""

    session: str
    title: str
    seq: int
    """Number of entries in the log."""
    head: str
    """Hash of the last line of the log; after ENDEX of ENDEX's own, as every screen shows it."""
    hub: str
    """Name of the hub that says so."""
    leads: bool
    """Whether this hub drives the clock; of several, one does."""
    people: tuple[Person, ...]
    tickets: tuple[TicketCard, ...]
    doors: tuple[DoorCard, ...]
    trouble: str = ""
    """Why the exercise cannot go on at the moment, such as a full disk; '' where it can."""
    survey: SurveyProgress | None = None
    """How far the survey is; None before ENDEX."""
    evaluators: tuple[EvaluatorCard, ...] = ()
    """Who evaluates, after ENDEX."""


class _Room(Model):
    """What control asks of the room; none of it is part of the story."""


class Startex(_Room):
    """STARTEX, with facts drawn from the seed but for those that control fixes."""

    room: Literal["startex"] = "startex"
    facts: Mapping[str, str] = Field(default_factory=dict)


class StepOn(_Room):
    """Brings the clock to the next thing that comes by itself, or ends the plenary, or closes a move that is done."""

    room: Literal["step-on"] = "step-on"


class JumpTo(_Room):
    """Brings the clock forward to a time of the story within the present move; what is due by then comes."""

    room: Literal["jump-to"] = "jump-to"
    exercise: int


class SeatPerson(_Room):
    """Puts somebody on a seat; '' lets them choose anew."""

    room: Literal["seat-person"] = "seat-person"
    person: str
    seat: str


class LetAct(_Room):
    """Settles a seat taken twice: this person acts, the others there read along; with `too`, they act as well."""

    room: Literal["let-act"] = "let-act"
    person: str
    too: bool = False


class RemovePerson(_Room):
    """Sends somebody out; the code stays good unless it is revoked."""

    room: Literal["remove-person"] = "remove-person"
    person: str


class NewTicket(_Room):
    """Makes one more code; `seat` is a team or a role for participants."""

    room: Literal["new-ticket"] = "new-ticket"
    kind: Kind
    seat: str = ""


class RevokeTicket(_Room):
    """A code opens nothing any more, and who came in with it is sent out."""

    room: Literal["revoke-ticket"] = "revoke-ticket"
    ticket: str


class GoBack(_Room):
    """Back to that moment: a fork at the end of the batch of entry `seq`, which takes every seat along, paused."""

    room: Literal["go-back"] = "go-back"
    seq: int = Field(ge=1)


class CloseDoors(_Room):
    """Ends the hub; the exercise is kept and can be hosted again."""

    room: Literal["close-doors"] = "close-doors"


class EndSurvey(_Room):
    """The survey is closed and its answers enter the log; with `thin`, also where few have answered."""

    room: Literal["end-survey"] = "end-survey"
    thin: bool = False


RoomCommand = Annotated[
    Startex
    | StepOn
    | JumpTo
    | SeatPerson
    | LetAct
    | RemovePerson
    | NewTicket
    | RevokeTicket
    | GoBack
    | CloseDoors
    | EndSurvey,
    Field(discriminator="room"),
]

Moment = tuple[int, int, str, str]
"""Seq of an entry, exercise time, kind, and one line of what happened: a place to go back to."""


class Control(Protocol):
    """Exercise control's place: sees all, paces all. `CommandRejected` carries a text for the person."""

    @property
    def name(self) -> str:
        """The controller's own name, under which actors and requests are claimed."""

    @property
    def title(self) -> str:
        """Title of the scenario."""

    @property
    def session_id(self) -> str:
        """Id under which the session is kept; another one after `GoBack`."""

    @property
    def reference(self) -> Reference:
        """The texts of the profiles."""

    @property
    def teams(self) -> tuple[tuple[str, str], ...]:
        """Id and short name of each team."""

    @property
    def trouble(self) -> str:
        """Why nothing gets through at the moment, in words; '' while the link holds."""

    def view(self) -> FacilitatorView:
        """All there is, with the clock where it stands at this moment."""

    def room(self) -> RoomView:
        """Who is here and how one comes in."""

    def looking_at(self, seat: str) -> Client:
        """A seat's screen as it sees it, to read along; submits nothing."""

    async def assessment(self) -> Assessment:
        """Marks as they stand now, for controllers only."""

    async def moments(self) -> tuple[Moment, ...]:
        """The places to go back to, oldest first."""

    async def submit(self, command: Command) -> None:
        """Asks under control's seat; raises `CommandRejected`."""

    async def ask(self, command: RoomCommand) -> str:
        """Asks something of the room and returns one line on what came of it; raises `CommandRejected`."""

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back after each change of view, room or link; returns how to stop."""
