"""Instruments, commitments, threats, actors and profiles: what conduct is assessed against.

Ids are those of the reference (`se-p7`, `cbm-8`, `bc-29`). Everything here is data about texts; the rules that turn
conduct into marks are in `assess`.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from exercise.language import Told


class Model(BaseModel):
    """A frozen, strict record: unknown keys are refused so that a misspelt one is found.

    Modules of such records take no annotations from `__future__`: as strings they would be compiled at every start.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, defer_build=True)


class Force(StrEnum):
    """How far a text binds, which bounds the grades that may be given under it (reference, section F)."""

    TREATY = "treaty"
    POLITICAL = "politically-binding"
    RECOMMENDATION = "recommendation"
    INTERNAL = "internal-act"
    VOLUNTARY = "voluntary"
    PRINCIPLE = "principle"


FORCES: Mapping[Force, str] = Told(
    {
        Force.TREATY: "a treaty",
        Force.POLITICAL: "politically binding",
        Force.RECOMMENDATION: "a recommendation",
        Force.INTERNAL: "an internal act, which binds the organisation and not States",
        Force.VOLUNTARY: "voluntary",
        Force.PRINCIPLE: "a principle",
    }
)
"""How far a text binds, in words."""
CEILINGS: Mapping[Force, str] = Told(
    {
        Force.TREATY: "every grade may be given",
        Force.POLITICAL: "breached only by a contrary act done knowingly, else neglected at worst",
        Force.RECOMMENDATION: "breached only by a contrary act done knowingly, else neglected at worst",
        Force.INTERNAL: "breached only by a contrary act done knowingly, else neglected at worst",
        Force.VOLUNTARY: "breached only in bad faith; silence is neglected at worst",
        Force.PRINCIPLE: "observed, never scored",
    }
)
"""What that does to a grade, in words; `marks.under_ceiling` does it."""


class Kind(StrEnum):
    """What a commitment is about."""

    INFORMATION_EXCHANGE = "information-exchange"
    MUTUAL_LEGAL_ASSISTANCE = "mutual-legal-assistance"
    PUBLIC_PRIVATE = "public-private"
    CAPACITY_BUILDING = "capacity-building"
    PUBLIC_AWARENESS = "public-awareness"
    LEGAL_FRAMEWORK = "legal-framework"
    RIGHTS_SAFEGUARDS = "rights-safeguards"
    CONFIDENCE_BUILDING = "confidence-building"
    OPERATIONAL_COORDINATION = "operational-coordination"
    RESPONSIBLE_BEHAVIOUR = "responsible-behaviour"
    INSTITUTION_BUILDING = "institution-building"


class Area(StrEnum):
    """The rows of a scorecard; each kind belongs to one."""

    COOPERATION = "cooperation"
    CONFIDENCE = "confidence-building"
    LEGAL_ASSISTANCE = "mutual legal assistance"
    RIGHTS = "rights and safeguards"
    BEHAVIOUR = "responsible behaviour"
    PUBLIC_PRIVATE = "public–private"
    AWARENESS = "public awareness"
    CAPACITY = "capacity"
    FRAMEWORK = "law and institutions"


AREA_OF_KIND: Mapping[Kind, Area] = {
    Kind.INFORMATION_EXCHANGE: Area.COOPERATION,
    Kind.OPERATIONAL_COORDINATION: Area.COOPERATION,
    Kind.CONFIDENCE_BUILDING: Area.CONFIDENCE,
    Kind.MUTUAL_LEGAL_ASSISTANCE: Area.LEGAL_ASSISTANCE,
    Kind.RIGHTS_SAFEGUARDS: Area.RIGHTS,
    Kind.RESPONSIBLE_BEHAVIOUR: Area.BEHAVIOUR,
    Kind.PUBLIC_PRIVATE: Area.PUBLIC_PRIVATE,
    Kind.PUBLIC_AWARENESS: Area.AWARENESS,
    Kind.CAPACITY_BUILDING: Area.CAPACITY,
    Kind.LEGAL_FRAMEWORK: Area.FRAMEWORK,
    Kind.INSTITUTION_BUILDING: Area.FRAMEWORK,
}


class Testable(StrEnum):
    """How far an exercise can score a commitment."""

    TURN = "T"
    """Conduct visible in a turn."""
    POSTURE = "P"
    """Posture before the crisis, or an undertaking after it."""
    CONTEXT = "X"
    """Context: shown, never scored."""


class Certainty(StrEnum):
    """How far the wording behind a paraphrase was checked."""

    VERIFIED = "V"
    """Verified in a named stored source."""
    SECONDARY = "V2"
    """Verified in a secondary source, or inferred from one."""
    RECALLED = "R"
    """Recalled, not confirmed."""


CERTAINTIES: Mapping[Certainty, str] = Told(
    {
        Certainty.VERIFIED: "checked against a stored source",
        Certainty.SECONDARY: "checked against a secondary source, or inferred from one",
        Certainty.RECALLED: "recalled, not confirmed",
    }
)


class Instrument(Model):
    """One text that holds commitments, or that such a text cites."""

    id: str = Field(description="Stable key, such as 'seecp-chisinau-2008'.")
    title: str = Field(description="Full title.")
    short: str = Field(description="Short title for tables, at most 24 characters.")
    prefix: str | None = Field(default=None, description="Prefix of its commitments' ids, such as 'se'.")
    body: str = Field(default="", description="Who adopted it.")
    number: str | None = Field(default=None, description="Official number; empty where none is known.")
    adopted: date | None = Field(default=None, description="Date of adoption; empty where uncertain.")
    adopted_note: str = Field(default="", description="How certain the date is, or its bounds.")
    place: str = Field(default="", description="Place of adoption.")
    source: bool = Field(default=False, description="True for the five documents.")
    force: Force | None = Field(default=None, description="How far it binds; empty for texts only cited.")
    addressees: str = Field(default="", description="Whom it addresses.")
    in_force_from: date | None = Field(default=None, description="First day in force; empty where uncertain.")
    in_force_until: date | None = Field(default=None, description="Last day in force; empty while it holds.")
    structure: str = Field(default="", description="Paragraphs and clauses.")
    cited_by: tuple[str, ...] = Field(default=(), description="Instruments or commitments that cite it.")
    certainty: Certainty = Field(default=Certainty.VERIFIED, description="How far its facts were checked.")
    notes: tuple[str, ...] = Field(default=(), description="What a user of the text should know.")


class Commitment(Model):
    """One thing a text asks, in the project's own words, and how conduct shows it kept or not."""

    id: str
    instrument: str = Field(description="Id of the instrument.")
    clause: str = Field(description="Where to read it, such as 'point 7' or 'Article 29'.")
    title: str = Field(description="A few words for tables, at most 48 characters.")
    kind: Kind
    test: Testable = Field(description="T visible in a turn, P posture, X context only.")
    says: str = Field(description="Paraphrase.")
    honours: str = Field(default="", description="Conduct that keeps it.")
    neglects: str = Field(default="", description="Conduct that leaves it undone.")
    breaches: str = Field(default="", description="Conduct against it; empty where breach has no meaning in play.")
    reading: Literal["reference", "project"] = Field(
        default="reference", description="Who says what honours, neglects, breaches: the reference or this project."
    )
    verb: str = Field(default="", description="The text's own operative verb, where it matters.")
    force: Force | None = Field(default=None, description="Where it differs from the instrument's.")
    addressees: str = Field(default="", description="Where they differ from the instrument's.")
    in_force_from: date | None = Field(default=None, description="Where it differs from the instrument's.")
    in_force_until: date | None = Field(default=None, description="Where it differs from the instrument's.")
    certainty: Certainty = Field(default=Certainty.VERIFIED)
    certainty_note: str = Field(default="", description="What is uncertain and why.")
    related: tuple[str, ...] = Field(default=(), description="Commitments that match it or pull against it.")
    facts: tuple[str, ...] = Field(default=(), description="Numbers and lists that a check can use.")
    notes: tuple[str, ...] = ()


class ThreatScenario(Model):
    """One scenario that can be drawn from a threat."""

    scenario: str = Field(description="S1 to S10.")
    idea: str = Field(default="", description="How the threat appears in it.")


class Threat(Model):
    """A danger that one of the five documents describes."""

    id: str
    instrument: str
    clause: str
    says: str
    implied: bool = Field(default=False, description="True where the text implies rather than says it.")
    playable: bool = Field(default=True, description="False where it is never played as content.")
    scenarios: tuple[ThreatScenario, ...] = ()
    notes: tuple[str, ...] = ()


class Actor(Model):
    """A body that a team may call, or that exercise control plays."""

    id: str
    name: str
    what: str
    called_for: str = Field(description="Who would call it, and for what.")
    speed: str = Field(description="How fast it answers in an exercise; a design value unless a source is named.")
    answers_after: tuple[str, str] | None = Field(
        default=None, description="Shortest and longest time to an answer, such as ['1h', '2d'], where one is given."
    )
    operational: bool = Field(default=True, description="False where it is no responder in a crisis.")
    historical_until: date | None = None
    play: Literal["control", "model", "not-played", "team"] = Field(
        description="'control' only by exercise control; 'model' for a fictional counterpart; 'team' may be a team."
    )
    certainty: Certainty = Certainty.VERIFIED
    notes: tuple[str, ...] = ()


class Profile(Model):
    """The texts a team has accepted, with the period of each where it differs from the text's own."""

    instrument: str = Field(description="Id of an instrument, such as 'budapest-convention'.")
    accepted: date | None = Field(default=None, description="From when; empty means from the text's own first day.")
    withdrawn: date | None = Field(default=None, description="Until when, where it has left the text.")
    observed_only: bool = Field(default=False, description="True: shown as observations, never scored.")
