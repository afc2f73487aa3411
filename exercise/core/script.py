"""What a scenario makes happen: moves, injects, decisions, response options, consequences, occasions."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from exercise.core.acts import Act
from exercise.core.cast import Attachment, DecisionMode, Line, Text
from exercise.core.commitments import Model
from exercise.core.conditions import Condition, Id
from exercise.core.requests.kinds import Handling, KindId
from exercise.core.times import Duration, ExerciseTime
from exercise.language import N_

Audience = Annotated[str, Field(pattern=r"^(all|[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)?)$", max_length=121)]
"""`all`, a team (`averne`) or a role of a team (`averne/police`)."""


class Channel(StrEnum):
    """By what means an inject reaches its audience."""

    EMAIL = "e-mail"
    PHONE = "phone"
    MEDIA = "media"
    SITREP = "sitrep"
    ADVISORY = "advisory"
    POLICE = "police-message"
    DIPLOMATIC = "diplomatic-note"
    NETWORK = "protected-network"
    LETTER = "letter"
    PERSON = "in-person"


def channel_name(channel: str) -> str:
    """A channel's id as words: `police message`, but `e-mail` and `in-person` as they are written."""
    return channel if channel in ("e-mail", "in-person") else channel.replace("-", " ")


class Grade(StrEnum):
    """How conduct stands to a commitment."""

    HONOURED = "honoured"
    PARTLY = "partly"
    NEGLECTED = "neglected"
    BREACHED = "breached"


class Lacking(StrEnum):
    """The means a team was without; 'unable' is a capacity finding and no breach."""

    CHANNEL = "channel"
    PEOPLE = "people"
    TIME = "time"
    LAW = "law"
    TOOLS = "tools"


class Plenary(Model):
    """A joint discussion after a move, with the clock of the story standing still."""

    minutes: Duration = Field(description="How long it is meant to take.")
    text: Text = ""
    questions: tuple[Line, ...] = ()


class Move(Model):
    """A stretch of the story that is played; between moves the clock jumps."""

    id: Id
    title: Line
    starts: ExerciseTime = Field(description="Time of the story at which it begins.")
    ends: ExerciseTime = Field(description="Time of the story at which its clock stops.")
    minutes: Duration = Field(description="How long it is played, such as 25m.")
    text: Text = Field(default="", description="Read out when the move opens.")
    plenary: Plenary | None = None

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.ends <= self.starts or self.minutes <= 0:
            raise ValueError("a move ends after it starts and takes some minutes")
        return self


class ChangeIndicator(Model):
    """Moves an indicator by an amount, or sets it."""

    indicator: Id
    by: float | None = Field(default=None, description="Amount to add; negative to take away.")
    to: float | None = Field(default=None, description="Value to set.")
    when: Condition | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.by is None) == (self.to is None):
            raise ValueError("an indicator effect needs either by or to")
        return self


class SetFlag(Model):
    """Sets a flag."""

    flag: Id
    when: Condition | None = None


class ClearFlag(Model):
    """Clears a flag."""

    clear: Id
    when: Condition | None = None


class Learn(Model):
    """Gives a team a piece of evidence."""

    learn: Id
    team: Id
    when: Condition | None = None


def _effect(value: object) -> str | None:
    keys = value if isinstance(value, dict) else getattr(value, "model_fields_set", ())
    return next((key for key in ("indicator", "flag", "clear", "learn") if key in keys), None)


Effect = Annotated[
    Annotated[ChangeIndicator, Tag("indicator")]
    | Annotated[SetFlag, Tag("flag")]
    | Annotated[ClearFlag, Tag("clear")]
    | Annotated[Learn, Tag("learn")],
    Discriminator(
        _effect,
        custom_error_type="effect",
        custom_error_message="an effect has one of: indicator, flag, clear, learn",
    ),
]


class Conduct(Model):
    """What an option means for one commitment, if the team's profile holds it."""

    commitment: str = Field(description="Catalogue id, such as se-p7.")
    grade: Grade = Field(description="honoured, partly, neglected or breached.")
    because: str = Field(min_length=8, max_length=400, description="One sentence of reason, shown in the hot wash.")
    when: Condition | None = Field(
        default=None, description="Counts only if this holds at the choice; may read knowledge, acts, choices, flags."
    )
    knowing: bool = Field(default=False, description="True for an act done knowingly against the commitment.")
    bad_faith: bool = Field(default=False, description="True for bad faith, such as lying through a contact point.")
    lacking: Lacking | None = Field(default=None, description="What the team lacked, if it could not do better.")
    returned: Condition | None = Field(
        default=None, description="Later conduct by which the team came back to what it set aside."
    )
    told: Condition | None = Field(
        default=None, description="Later conduct by which the team told those affected of what it set aside."
    )


class Consequence(Model):
    """What an option brings about, at once or later, perhaps depending on hidden facts."""

    when: Condition | None = Field(default=None, description="Comes only if this holds when it is due.")
    after: Duration = Field(default=0, description="How long after the choice, in the story's time; default at once.")
    to: tuple[Audience, ...] = Field(default=(), description="Who is told; default the deciding team.")
    channel: Channel = Channel.SITREP
    sender: str = Field(default=N_("Exercise control"), alias="from", max_length=120)
    title: Line = N_("What came of it")
    text: Text = Field(default="", description="What they read; leave out for silent effects.")
    effects: tuple[Effect, ...] = ()

    model_config = {"populate_by_name": True, "serialize_by_alias": True}


class Scheduled(Model):
    """When something comes: at a time, so many minutes into a move, together with an inject, or on a condition."""

    at: ExerciseTime | None = Field(default=None, description="Time of the story.")
    move: Id | None = Field(default=None, description="A move, together with `minute`.")
    minute: Duration | None = Field(default=None, description="Minutes of play into that move.")
    follows: Id | None = Field(default=None, description="An inject: this comes together with it.")
    when: Condition | None = Field(default=None, description="Comes only once this holds.")
    expires: ExerciseTime | None = Field(default=None, description="If it has not come by then, it never does.")

    @model_validator(mode="after")
    def _some_trigger(self) -> Self:
        if (self.move is None) != (self.minute is None):
            raise ValueError("move and minute go together")
        if sum(part is not None for part in (self.at, self.move, self.follows)) > 1:
            raise ValueError("use one of at, move with minute, or follows")
        if self.at is None and self.move is None and self.follows is None and self.when is None:
            raise ValueError("say when it comes: at, move with minute, follows, or when")
        return self


class IncomingRequest(Model):
    """A request that a controlled actor sends to a team together with an inject."""

    kind: KindId
    by: Id = Field(description="The actor that asks.")
    to: Id = Field(description="The team that is asked.")
    via: KindId = Field(description="The channel it comes by.")
    matter: Id | None = None
    subject: str = Field(default="", max_length=300, description="What it is about, in a line.")
    content: Mapping[KindId, str] = Field(default_factory=dict, description="What it says, by element of its kind.")
    handling: Handling | None = None
    urgent: bool = False
    deadline: ExerciseTime | None = Field(default=None, description="By when it asks for an answer.")
    encloses: tuple[Id, ...] = Field(default=(), description="Evidence that comes with it.")
    mends: Mapping[KindId, str] = Field(
        default_factory=dict,
        description="What the actor adds when the team asks back, by element; after its desk's speed.",
    )


class Inject(Scheduled):
    """A message or event that reaches participants, as a row of the MSEL."""

    id: Id
    to: tuple[Audience, ...] = Field(min_length=1, description="all, a team, or a role such as averne/police.")
    channel: Channel
    sender: str = Field(alias="from", min_length=1, max_length=120, description="Who it comes from, as shown.")
    title: Line = Field(description="Subject, as shown.")
    text: Text = Field(description="What the audience reads.")
    attachments: tuple[Attachment, ...] = ()
    notes: Text = Field(default="", description="For the facilitator only.")
    expected: tuple[Line, ...] = Field(default=(), description="Expected actions, for controllers and evaluators.")
    objective: str = Field(
        default="", max_length=300, description="The objective it serves, by id or in words; for the facilitator only."
    )
    responsible: str = Field(default="", max_length=120, description="Who looks after it; for the facilitator only.")
    status: str = Field(
        default="", max_length=60, description="How far it is prepared, such as approved; for the facilitator only."
    )
    noise: bool = Field(default=False, description="True where no reaction is right.")
    tension: bool = Field(default=False, description="True where it raises tension between States.")
    effects: tuple[Effect, ...] = ()
    request: IncomingRequest | None = Field(default=None, description="A request that comes with it, to be answered.")

    model_config = {"populate_by_name": True, "serialize_by_alias": True}


class ResponseOption(Model):
    """One way to answer a decision."""

    id: Id
    title: Line = Field(description="The option in a few words.")
    text: Text = Field(default="", description="What it means, as the team reads it.")
    available: Condition | None = Field(default=None, description="Offered only if this holds.")
    coercive: bool = Field(
        default=False, description="True where it uses a power: the team is asked for the five safeguards."
    )
    outward: bool = Field(default=False, description="True where it has effects abroad: a legal basis is asked for.")
    conduct: tuple[Conduct, ...] = ()
    acts: tuple[Act, ...] = ()
    effects: tuple[Effect, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    repairs: tuple[str, ...] = Field(default=(), description="Commitments whose earlier low marks this makes good.")


class Lapse(Model):
    """What happens when a decision's window closes unanswered."""

    text: Text = Field(description="What the team is told.")
    conduct: tuple[Conduct, ...] = ()
    acts: tuple[Act, ...] = ()
    effects: tuple[Effect, ...] = ()
    consequences: tuple[Consequence, ...] = ()


class FreeOption(Model):
    """The team's own proposal; its consequences follow the listed option it names as nearest."""

    prompt: Line = N_("In your own words: what do you do instead?")


class Decision(Scheduled):
    """A question put to one team, open for a window of play time."""

    id: Id
    team: Id = Field(description="The team that decides.")
    role: Id | None = Field(default=None, description="The role that holds the pen; leave out for the lead.")
    kind: Literal["dilemma", "quick"] = Field(default="dilemma", description="A dilemma, or a quick decision.")
    title: Line
    text: Text = Field(description="The question, with what the team needs to weigh.")
    window: Duration = Field(description="How long it stays open, in minutes of play.")
    deadline: ExerciseTime | None = Field(
        default=None, description="Time of the story by which an answer is due, shown to the team."
    )
    timely: tuple[str, ...] = Field(
        default=(), description="Commitments that ask for an answer in time: an answer by the deadline honours them."
    )
    options: tuple[ResponseOption, ...] = Field(min_length=2, max_length=6)
    free: FreeOption | None = Field(default=None, description="Write {} to let the team propose its own.")
    lapse: Lapse
    notes: Text = Field(default="", description="For the facilitator only.")
    objective: str = Field(
        default="", max_length=300, description="The objective it serves, by id or in words; for the facilitator only."
    )
    responsible: str = Field(default="", max_length=120, description="Who looks after it; for the facilitator only.")
    status: str = Field(
        default="", max_length=60, description="How far it is prepared, such as approved; for the facilitator only."
    )
    mode: DecisionMode | None = Field(
        default=None,
        description="How the team decides this one: lead, vote or consensus; leave out for the team's way.",
    )


class Occasion(Model):
    """A point of the story at which a detector watches one team's conduct."""

    id: Id
    detector: Literal[
        "warned-partners",
        "two-levels",
        "standing-channel-first",
        "parliament-informed",
        "public-told",
        "operator-involved",
        "kept-condition",
        "help-sought",
        "evidence-kept",
        "contact-kept",
    ] = Field(description="Which conduct is looked for.")
    team: Id
    opens: Condition = Field(description="From when on the conduct was called for; if it never holds: not tested.")
    until: ExerciseTime = Field(description="By when it had to be done to be in time.")
    toward: tuple[Id, ...] = Field(default=(), description="Partners it is owed to, where there are several.")
    about: str | None = Field(default=None, max_length=60, description="Subject or evidence, as named in acts.")
    commitments: tuple[str, ...] = Field(min_length=1, description="Catalogue ids it is marked under.")
    unable: Condition | None = Field(default=None, description="Where this holds, failing is a capacity finding.")
    lacking: Lacking | None = Field(default=None, description="The means it lacked then.")
