"""Who and what a scenario holds before anything happens: teams, actors, facts, indicators, evidence."""

from typing import Annotated, Literal, Self

from pydantic import Field, WithJsonSchema, model_validator

from exercise.core.commitments import Model, Profile
from exercise.core.conditions import Id
from exercise.core.requests.kinds import Handling, KindId

Text = Annotated[
    str,
    Field(max_length=40_000),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {"file": {"type": "string", "description": "A Markdown file beside the scenario."}},
                    "required": ["file"],
                    "additionalProperties": False,
                },
            ],
            "description": "Text, or {file: texts/name.md} for a long text kept beside the scenario.",
        }
    ),
]
"""Text shown to people; the loader has already put files in place of `{file: …}`."""

Line = Annotated[str, Field(min_length=1, max_length=200)]
"""One line of text, such as a title or a name."""

LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}([_-][A-Za-z]{2,4})?$")]
"""A language as it is named in files: `lv`, `ro`, `pt_BR`."""

DecisionMode = Literal["lead", "vote", "consensus"]
"""How a team with several people comes to its answer: one holds the pen, most agree, or all agree."""


class Role(Model):
    """A part played inside a team; a seat is a place in a team, with a role."""

    id: Id
    name: Line = Field(description="As shown, such as 'Duty judge'.")
    brief: Text = Field(default="", description="What only this role is told at the start.")
    leads: bool = Field(default=False, description="True for the role that speaks for the team.")


class Contact(Model):
    """A line of a team's contact directory."""

    name: Line = Field(description="Whom one reaches, such as '24/7 contact, Cadria police'.")
    party: Id = Field(description="The team or actor it belongs to.")
    channel: Line = Field(description="By what means, such as 'INTERPOL network' or 'phone'.")
    address: Line = Field(default="–", description="Number or address as the directory shows it; fictional.")
    hours: str = Field(default="", max_length=80, description="When it is staffed.")
    level: Literal["technical", "operational", "political"] = Field(default="operational")
    updated: str = Field(default="", max_length=40, description="When the entry was last checked, as shown.")
    stale: bool = Field(default=False, description="True where the entry no longer works; never shown.")
    via: KindId | None = Field(
        default=None, description="The channel that requests to it go by, such as cert; leave out where it takes none."
    )
    instead: str = Field(
        default="", max_length=200, description="The address that works, once a stale entry is put right."
    )


class Team(Model):
    """A team of participants: a State, a service, a company."""

    id: Id
    name: Line = Field(description="Full name, such as 'Republic of Averne'.")
    short: Annotated[str, Field(min_length=1, max_length=16)] = Field(description="Short name for tables.")
    kind: Literal["state", "company", "organisation"] = Field(default="state")
    about: Text = Field(description="Who this team is, as all may read it.")
    brief: Text = Field(default="", description="What only this team is told at the start: aims, means, worries.")
    roles: tuple[Role, ...] = Field(default=(), description="Roles inside the team.")
    profile: tuple[Profile, ...] = Field(
        default=(), description="The texts it has accepted; nothing outside this is ever marked."
    )
    directory: tuple[Contact, ...] = Field(default=(), description="Its contact directory.")
    mode: DecisionMode = Field(
        default="lead", description="How it decides where several of its seats are taken: lead, vote or consensus."
    )
    language: str = Field(
        default="",
        pattern=r"^([a-z]{2,3}([_-][A-Za-z]{2,4})?)?$",
        description="Language that it reads, such as lv; leave out for the scenario's own.",
    )


class FactValue(Model):
    """One way a hidden fact may stand."""

    value: Id = Field(description="Short name of this value, such as 'crew'.")
    weight: int = Field(default=1, ge=0, le=1000, description="How likely it is beside the others.")
    says: Text = Field(description="What is true then, as the hot wash reveals it.")


class Fact(Model):
    """Something true behind the crisis, fixed at STARTEX and hidden until the hot wash."""

    id: Id
    title: Line = Field(description="What the fact is about, for the facilitator and the hot wash.")
    values: tuple[FactValue, ...] = Field(min_length=2, description="The ways it may stand.")

    @model_validator(mode="after")
    def _some_weight(self) -> Self:
        if not any(value.weight for value in self.values):
            raise ValueError("at least one value needs a weight above 0")
        return self


class Indicator(Model):
    """A number that shows how the crisis goes, shared by all or belonging to one team."""

    id: Id
    name: Line
    team: Id | None = Field(default=None, description="The team it belongs to; leave out for a shared one.")
    about: str = Field(default="", max_length=300, description="What it measures, in one sentence.")
    start: float = Field(description="Value at STARTEX.")
    lowest: float = Field(default=0, description="It never falls below this.")
    highest: float = Field(default=100, description="It never rises above this.")
    better: Literal["higher", "lower"] = Field(default="higher", description="Which direction is good.")
    unit: str = Field(default="", max_length=16, description="Unit shown behind the number.")
    hidden: bool = Field(default=False, description="True where only the facilitator sees it.")

    @model_validator(mode="after")
    def _inside(self) -> Self:
        if not self.lowest <= self.start <= self.highest or self.lowest == self.highest:
            raise ValueError("an indicator needs lowest <= start <= highest, and lowest below highest")
        return self


class Evidence(Model):
    """A piece of knowledge that a team may come to hold."""

    id: Id
    title: Line
    text: Text = Field(description="What it says, as the holder reads it.")
    source: Line = Field(description="Whom it comes from, as the holder reads it.")
    conditions: str = Field(default="", max_length=300, description="Handling conditions that bind the holder.")
    handling: Handling | None = Field(
        default=None, description="The same as tlp and purpose, so that passing it on can be judged."
    )
    giver: Id | None = Field(default=None, description="The team or actor it comes from, which may lift conditions.")


class Attachment(Model):
    """A document that comes with an inject."""

    title: Line
    text: Text


class CriticalTask(Model):
    """An observable criterion of an objective."""

    id: Id
    text: Line
    team: Id | None = Field(default=None, description="The team that should do it; leave out for all.")


class Objective(Model):
    """What the exercise is for, tied to commitments and to what evaluators should look for."""

    id: Id
    title: Line
    text: Text = ""
    commitments: tuple[str, ...] = Field(default=(), description="Catalogue ids it serves.")
    tasks: tuple[CriticalTask, ...] = ()


class SurveyQuestion(Model):
    """A question of the anonymous survey after the hot wash."""

    id: Id
    text: Line
    kind: Literal["scale", "text"] = Field(
        default="scale", description="scale: agreement from 1 to 5; text: in one's own words."
    )
    team: Id | None = Field(default=None, description="For one team; leave out for all.")


class HotWashQuestion(Model):
    """A question for the discussion right after the exercise."""

    text: Line
    team: Id | None = Field(default=None, description="For one team; leave out for all.")
