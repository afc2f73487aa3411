"""Acts: what a choice makes a team do in the world, typed, so that detectors can read conduct from the log.

An option says which acts it carries out; later steps (and, between teams, requests) add others. Detectors look at the
row of acts in time and never at hidden facts.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from exercise.core.commitments import Model

Party = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=60)]
"""Id of a team or of a controlled actor."""


class ActKind(StrEnum):
    """The kinds of act that detectors know."""

    WARN = "warn"
    """Tells a partner of a danger or a new scheme."""
    SHARE = "share"
    """Gives a partner information it can use: indicators, data, a sample, a counter-measure."""
    FORWARD = "forward"
    """Passes on something that a partner gave."""
    CONTACT = "contact"
    """Calls a contact point or opens a line, at a technical, operational or political level."""
    CONSULT = "consult"
    """Asks for, accepts or holds a consultation."""
    ESCALATE = "escalate"
    """A step that raises tension between States: naming one, an ultimatum, a military alert, counter-measures."""
    REFUSE_CONTACT = "refuse-contact"
    """Turns down contact on purpose."""
    REFUSE = "refuse"
    """Turns down a partner's request."""
    ANSWER = "answer"
    """Answers a partner's request, in whole or in part."""
    COERCE = "coerce"
    """Uses a power over persons, data or services: seizure, collection, blocking, freezing, filtering."""
    OUTWARD = "outward"
    """A measure with effects abroad or on the network at large."""
    PRESERVE = "preserve"
    """Keeps evidence, or asks that data be kept."""
    TELL_PARLIAMENT = "tell-parliament"
    TELL_PUBLIC = "tell-public"
    """Explains the incident to the public."""
    ADVISE_USERS = "advise-users"
    """Gives the people affected something to do."""
    MISLEAD = "mislead"
    """Says what it knows to be untrue, or hides what it promised to tell."""
    CONDEMN = "condemn"
    """Condemns the act without naming a State."""
    INVOLVE_OPERATOR = "involve-operator"
    """Gives an operator, vendor or bank a part in the response."""
    SEEK_CHECK = "seek-check"
    """Goes to a judge, an independent authority or a legal adviser before acting."""
    SEEK_HELP = "seek-help"
    """Asks for expertise or capacity it lacks."""
    REPAIR = "repair"
    """Makes good an earlier act or omission."""


class Level(StrEnum):
    """At which level of authority a contact is made."""

    TECHNICAL = "technical"
    OPERATIONAL = "operational"
    POLITICAL = "political"


class Safeguard(StrEnum):
    """The five points by which a coercive measure is judged (Budapest Convention, Article 15; SEECP, point 2)."""

    GROUND = "ground"
    AUTHORITY = "authority"
    SCOPE = "scope"
    DURATION = "duration"
    THIRD_PARTIES = "third-parties"


class Act(Model):
    """One act, with whom it concerns and how it is done."""

    act: ActKind = Field(description="What is done.")
    toward: tuple[Party, ...] = Field(default=(), description="Teams and actors it is done toward.")
    level: Level | None = Field(default=None, description="Level of authority, for contact and consult.")
    about: str | None = Field(default=None, max_length=60, description="The evidence, occasion or subject it concerns.")
    unasked: bool = Field(default=False, description="True where nobody had asked for it.")
    standing: bool = Field(default=False, description="True where it uses a channel that stood before the crisis.")
    partial: bool = Field(default=False, description="True where a part is given, or offered instead of a refusal.")
    against_conditions: bool = Field(
        default=False, description="True where the giver's conditions are knowingly set aside."
    )
