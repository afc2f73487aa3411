"""What requests may be about in a scenario, what comes of them, and how controlled actors answer."""

from typing import Literal

from pydantic import Field

from exercise.core.cast import Line, Text
from exercise.core.commitments import Model
from exercise.core.conditions import Condition, Id
from exercise.core.requests.kinds import Handling, KindId, Step
from exercise.core.script import Audience, Effect
from exercise.core.script import Channel as MessageChannel
from exercise.core.times import Duration, ExerciseTime
from exercise.language import N_


class Outcome(Model):
    """What a step of a request about a matter brings about; each comes once."""

    on: Step = Field(description="The step: sent, failed, accepted, part, refused, lapsed, fulfilled …")
    kinds: tuple[KindId, ...] = Field(default=(), description="For these kinds only; leave out for all.")
    by: tuple[Id, ...] = Field(default=(), description="For requests of these teams only; leave out for all.")
    when: Condition | None = Field(default=None, description="Comes only if this holds; may read hidden facts.")
    to: tuple[Audience, ...] = Field(default=(), description="Who is told; default the team that asked.")
    channel: MessageChannel = MessageChannel.SITREP
    sender: str = Field(default=N_("Exercise control"), alias="from", max_length=120)
    title: Line = N_("What came of it")
    text: Text = Field(default="", description="What they read; leave out for silent effects.")
    effects: tuple[Effect, ...] = ()

    model_config = {"populate_by_name": True, "serialize_by_alias": True}


class Matter(Model):
    """Something that can be asked about, offered or told: a server's logs, a scheme, a meeting."""

    id: Id
    title: Line = Field(description="As it stands in the list to choose from.")
    text: Text = Field(default="", description="What those who may raise it know of it.")
    known: Condition | None = Field(default=None, description="From when on it can be raised; leave out for at once.")
    teams: tuple[Id, ...] = Field(default=(), description="Who may raise it; leave out for every team.")
    kinds: tuple[KindId, ...] = Field(default=(), description="Kinds that fit it; others can be sent and lead nowhere.")
    about: Id | None = Field(
        default=None, description="The subject or evidence, as acts and occasions name it; default this matter's id."
    )
    holder: Id | None = Field(default=None, description="The team or actor that can give it.")
    gives: tuple[Id, ...] = Field(default=(), description="Evidence that the requester gets when it is fulfilled.")
    part: tuple[Id, ...] = Field(default=(), description="Evidence that it gets when only a part is.")
    ready: Condition | None = Field(
        default=None, description="The holder can fulfil it only once this holds, such as after the judge's order."
    )
    not_ready: Line = Field(default=N_("It cannot be done yet."), description="What the holder reads until then.")
    outcomes: tuple[Outcome, ...] = ()

    @property
    def subject(self) -> str:
        """What acts about it name."""
        return self.about or self.id


class Reply(Model):
    """How a controlled actor answers what reaches it; the first that fits is taken."""

    kinds: tuple[KindId, ...] = Field(default=(), description="For these kinds; leave out for all.")
    about: tuple[Id, ...] = Field(default=(), description="For these matters; leave out for all.")
    by: tuple[Id, ...] = Field(default=(), description="From these teams; leave out for all.")
    when: Condition | None = Field(default=None, description="Fits only if this holds when the request arrives.")
    gaps: bool = Field(default=False, description="True where it is answered even if the request is incomplete.")
    after: Duration | None = Field(default=None, description="How long it takes; default the actor's speed.")
    not_before: ExerciseTime | None = Field(default=None, description="It answers no earlier than this.")
    answer: Literal["accept", "part", "conditional", "refuse", "silent"] = "accept"
    ground: str = Field(default="", max_length=60, description="Ground of a refusal, by its id.")
    text: Text = Field(default="", description="What the requester reads.")
    conditions: Handling | None = Field(default=None, description="Under which conditions it gives.")
    gives: tuple[Id, ...] = Field(default=(), description="Evidence it gives; leave out for what the matter gives.")
    effects: tuple[Effect, ...] = ()


class Desk(Model):
    """How a controlled actor deals with requests."""

    speed: Duration = Field(default=3600, description="How long it takes to answer, where a reply says nothing else.")
    mandate: tuple[KindId, ...] = Field(default=(), description="Kinds it may take; leave out for all.")
    outside: Line = Field(
        default=N_("This is outside our mandate; we return it."),
        description="What it says to kinds outside its mandate.",
    )
    otherwise: Line = Field(
        default=N_("We hold nothing on this and cannot act on it."), description="What it says where no reply fits."
    )
    replies: tuple[Reply, ...] = ()


class Actor(Model):
    """A body that exercise control plays."""

    id: Id
    name: Line
    catalogue: Id | None = Field(default=None, description="Id of the actor in the catalogue, where it is there.")
    about: Text = Field(default="", description="What it is, as all may read it.")
    notes: Text = Field(default="", description="How control plays it; for the facilitator.")
    desk: Desk | None = Field(default=None, description="How it answers requests; leave out where it never does.")
