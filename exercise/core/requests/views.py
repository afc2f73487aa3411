"""What a seat sees of requests, built field by field like every view."""

from __future__ import annotations

from typing import Literal

from exercise.core.records import dataclass
from exercise.core.requests.kinds import Handling


@dataclass(frozen=True, slots=True)
class ElementView:
    """One thing a kind of request has to say."""

    id: str
    name: str
    ask: str
    why: str
    required: bool


@dataclass(frozen=True, slots=True)
class KindView:
    """A kind of request as the form leads through it."""

    id: str
    name: str
    about: str
    use: str
    shape: Literal["asks", "gives", "calls"]
    basis: tuple[str, ...]
    """Commitments that it can rest on, the most fitting first; not all need be in the team's profile."""
    channels: tuple[tuple[str, str], ...]
    """Id and name of the channels that are fit for it, the best first."""
    elements: tuple[ElementView, ...]
    grounds: tuple[tuple[str, str, str], ...]
    """Id and name of each ground of refusal, with the commitment that names it or ''."""
    automatic: bool
    volatile: bool
    coercive: bool
    least_days: int | None
    lifts: bool
    purpose: str = "any"
    """What is sent with it is used for this, which may go beyond what it is held for."""

    @property
    def wants_answer(self) -> bool:
        """Whether somebody has to answer it, by a time that can be named; a notice is received, and a desk answers."""
        return self.shape != "gives" and not self.automatic


@dataclass(frozen=True, slots=True)
class MatterView:
    """Something the team can raise now."""

    id: str
    title: str
    text: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequestStep:
    """One step in the life of a request."""

    step: str
    """The id of the step, such as `asked-back`."""
    exercise: int
    play: int
    who: str
    """Name of the party that took it, or '' for what came by itself."""
    text: str


@dataclass(frozen=True, slots=True)
class LetterView:
    """The part of a request on a seat's board that bots ask and answer by."""

    number: int
    incoming: bool
    kind: str
    matter_id: str
    other_id: str
    status: str
    revision: int
    play: int
    """Play time at which it was sent."""
    missing: tuple[str, ...]
    may: tuple[str, ...]
    over: bool


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request on a seat's own board; `number` is how commands name it."""

    number: int
    incoming: bool
    kind: str
    kind_name: str
    shape: Literal["asks", "gives", "calls"]
    other: str
    """Name of the party at the other end."""
    other_id: str
    contact: str
    """The directory entry it was sent to, for the sender; else ''."""
    channel: str
    matter: str
    """Title of what it is about, or the sender's own words."""
    matter_id: str
    basis: tuple[str, ...]
    content: tuple[tuple[str, str, str, bool], ...]
    """Id, name, words or '', and whether it is demanded, for each element of its kind."""
    missing: tuple[str, ...]
    """Ids of demanded elements without words."""
    named: tuple[str, ...]
    """Ids of elements whose absence the addressee has named."""
    handling: Handling | None
    """Conditions on what the request itself gives."""
    conditions: Handling | None
    """Conditions on what the answer gives."""
    encloses: tuple[str, ...]
    """Titles of what comes with it."""
    gave: tuple[str, ...]
    """Titles of what was handed over in answer."""
    urgent: bool
    status: str
    """The id of its last step."""
    revision: int
    sent: int
    """Time of the story at which it was sent."""
    deadline: int | None
    over: bool
    may: tuple[str, ...]
    """What this seat can do now: acknowledge, answer, mend, take-conditions, fulfil, withdraw."""
    not_ready: str
    """Why it cannot be carried out yet, for an addressee that has accepted it; else ''."""
    ground: str
    days: int | None
    steps: tuple[RequestStep, ...]
    form: KindView | None = None
    """Its kind, with questions and grounds, also where the team could not send such a request itself."""
    channel_id: str = ""
    returned: str = ""
    """What a desk without the mandate said when it sent the request back; else ''."""
    arrives: int | None = None
    """Time of the story at which it arrives, for control alone, while it is on its way."""
    goes: tuple[str, ...] = ()
    """Ids of the evidence that goes by itself when it is carried out, for whoever is to do that and holds it."""

    @property
    def waits_for_me(self) -> bool:
        """Whether this seat has something to do about it beside reading or taking it back."""
        return bool({"answer", "take-conditions", "fulfil"} & set(self.may)) or (
            self.status == "asked-back" and ("mend" in self.may)
        )
