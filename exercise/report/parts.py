"""The parts of an after-action report as data, each with what its fields mean.

Times of the story and of play are seconds since STARTEX; `seq` and `entries` are numbers of entries of the log.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from exercise.core.evaluation.commands import Element, Rating
from exercise.core.script import Grade

Status = Literal["proposed", "single", "agreed", "disputed", "settled", "added"]
Outcome = Literal["met", "partly", "refused", "unanswered", "failed", "withdrawn", "open"]
"""How a request ended; `failed` is one that did not get through, of which its addressee never heard."""


GONE = "[redacted]"
"""What stands in a log for words that were taken out of it."""


class Record(BaseModel):
    """What all parts share: frozen, and no field that is not described."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Reference(Record):
    """A clause, as a reader finds it."""

    commitment: str = Field(description="Id of the commitment in the catalogue, such as se-p7.")
    instrument: str = Field(description="Short title of the text it stands in.")
    clause: str = Field(description="Where in the text, such as 'point 7'.")
    title: str = Field(description="What it asks for, in a few words.")
    area: str = Field(description="Area of the scorecard it belongs to.")
    says: str = Field(default="", description="What it asks for, in the catalogue's own words.")

    @property
    def cited(self) -> str:
        """Text and clause."""
        return f"{self.instrument}, {self.clause}"


class Overview(Record):
    """The first page of an AAR/IP."""

    exercise: str = Field(description="Name of the exercise.")
    session: str = Field(description="Id of the session; empty in the anonymous edition.")
    held: str = Field(description="Day or days on which it was played (UTC), ISO; empty where the log has no entry.")
    held_until: str = Field(description="Last day of play, where it is another.")
    story_from: str = Field(description="When the story begins, ISO.")
    story_until: str = Field(description="How far the story came, ISO.")
    play_seconds: int = Field(description="How long it was played, pauses left out.")
    story_seconds: int = Field(description="How much time of the story that was.")
    planned_minutes: int
    ended: bool = Field(description="Whether ENDEX was called.")
    scope: str = Field(description="What was played, in a sentence.")
    areas: tuple[str, ...] = Field(description="Areas of the commitments that this scenario can put to a team.")
    capabilities: tuple[str, ...] = Field(description="Core capabilities: areas in which conduct was tested.")
    instruments: tuple[str, ...] = Field(description="Titles of the texts that conduct was looked at under.")
    objectives: tuple[str, ...]
    threats: tuple[tuple[str, str], ...] = Field(description="Catalogue id and wording of each threat drawn on.")
    scenario: str = Field(description="Summary of the scenario.")
    sponsor: str = Field(default="", description="To be filled in by the host.")
    contact: str = Field(default="", description="To be filled in by the host.")


class Move(Record):
    """A stretch of the story that was played."""

    number: int
    title: str
    starts: int
    ends: int
    seq: int
    play: int = Field(description="When it opened, in seconds of play.")
    closed: int | None = Field(description="When it closed, in seconds of play.")


class Happening(Record):
    """A line of the timeline."""

    seq: int
    play: int
    exercise: int
    kind: Literal["phase", "inject", "decision", "answer", "request", "correction", "follow-up", "control"]
    text: str
    decision: str = Field(default="", description="Id of the decision it is about, if any.")
    request: int = Field(default=0, description="Number of the request it is about, if any.")
    reached: tuple[str, ...] = Field(default=(), description="Ids of the teams that a message reached.")


class Judgment(Record):
    """What one evaluator said of a mark."""

    evaluator: int = Field(description="Number of the evaluator; names stand in `control` only.")
    grade: Grade | None = Field(description="Empty: it does not apply.")
    reason: str


class Mark(Record):
    """A mark, from the moment of the conduct to what evaluators left of it."""

    number: int = Field(description="By which this report names it.")
    id: str = Field(description="Id in the log.")
    team: str
    reference: Reference
    occasion: str = Field(description="Id of the decision or occasion; `#2` follows where a decision was put again.")
    title: str = Field(description="The same for people.")
    decision: str = Field(default="", description="Id of the decision it belongs to, if any.")
    proposed: Grade = Field(description="As the program proposed it at ENDEX, or as an evaluator added it.")
    grade: Grade | None = Field(description="As it stands; empty where evaluators hold that it does not apply.")
    status: Status
    reason: str
    source: str = Field(description="What proposed it: tag, self-proposed, a detector's name, or evaluator.")
    entries: tuple[int, ...] = Field(description="Entries of the log that show it.")
    exercise: int
    adjustments: tuple[str, ...] = Field(description="Why the grade is not as first found: ceilings, lifts, people.")
    observation: bool = Field(description="Shown and never scored.")
    came_back: bool = Field(
        default=False,
        description="The team told those affected and came back to what it set aside, in words of its own or by acts.",
    )
    self_proposed: bool
    voided: bool = Field(description="Exercise control took it out of the figures.")
    judgments: tuple[Judgment, ...] = ()
    added_by: int = Field(default=0, description="Number of the evaluator that added it; 0 where the program did.")
    settled: str = Field(default="", description="The reason with which evaluators settled it together.")
    answer: str = Field(default="", description="What the team says to it.")

    @property
    def why(self) -> str:
        """Why it stands as it does: where people changed it, their reason goes before the program's."""
        said = [self.settled, *(one.reason for one in self.judgments if one.grade is self.grade is not self.proposed)]
        return next((text for text in said if text not in ("", GONE)), self.reason)

    @property
    def stands(self) -> bool:
        """Whether it is one of those from which a clause's result comes."""
        return self.grade is not None and not self.voided

    @property
    def counts(self) -> bool:
        """Whether it stands in the figures."""
        return self.stands and not self.observation


class Finding(Record):
    """Something a team could not do for want of means: no grade of its conduct."""

    team: str
    reference: Reference
    title: str
    lacking: str
    reason: str
    entries: tuple[int, ...]
    exercise: int
    voided: bool = False


class Counts(Record):
    """Clauses kept and not kept; they are never netted."""

    kept: int = 0
    partly: int = 0
    neglected: int = 0
    breached: int = 0
    self_proposed: int = 0

    @property
    def tested(self) -> int:
        """How many clauses were tested."""
        return self.kept + self.partly + self.neglected + self.breached


class Tally(Record):
    """An area or a text on a team's card."""

    title: str
    counts: Counts
    not_tested: int = Field(description="Clauses that the run never put to the team.")
    unable: int = Field(description="Clauses for which it lacked the means.")
    observed: int = Field(description="Clauses that are only observed, where something was seen.")


class Clause(Record):
    """A clause on a team's card."""

    reference: Reference
    status: str = Field(description="tested, unable, not-tested, not-applicable, observed or context.")
    grade: Grade | None
    marks: tuple[int, ...] = Field(description="Numbers of the marks behind it.")
    note: str


class Delegation(Record):
    """A team with its card."""

    id: str
    name: str
    short: str
    about: str
    counts: Counts
    areas: tuple[Tally, ...]
    instruments: tuple[Tally, ...]
    clauses: tuple[Clause, ...]
    beyond: int = Field(description="Clauses that apply to it and that this scenario never puts to it.")
    roles: tuple[str, ...]
    seats_taken: int = Field(description="Seats at which somebody sat; 0 where the log names none.")
    played_by: str = Field(description="people, a bot's policy, or empty where the log does not say.")


class Rated(Record):
    """An evaluator's rating of an objective or a task."""

    evaluator: int
    rating: Rating
    strengths: str = ""
    improvements: str = ""


class Task(Record):
    """A critical task of an objective."""

    id: str
    text: str
    team: str = Field(description="Id of the team that should do it; empty for all.")
    ratings: tuple[Rated, ...]
    suggested: Rating | None = Field(
        description="Suggested by the program for the whole objective, of the task's team; people rate."
    )


class Point(Record):
    """A strength or an area for improvement under an objective: one clause, with what the marks say of it."""

    reference: Reference
    teams: tuple[str, ...] = Field(description="Ids of the teams it was seen at.")
    grades: tuple[Grade, ...] = Field(description="How each of these teams stands under it, in the same order.")
    grade: Grade = Field(description="The lowest of them.")
    marks: tuple[int, ...] = Field(description="Numbers of the marks that show it, the most telling first.")


class Objective(Record):
    """An objective with its ratings and their grounds."""

    id: str
    title: str
    text: str
    areas: tuple[str, ...]
    ratings: tuple[Rated, ...]
    suggested: Rating | None = Field(description="Suggested by the program from the clauses tested; people rate.")
    tasks: tuple[Task, ...]
    strengths: tuple[Point, ...]
    improvements: tuple[Point, ...]
    observations: tuple[Point, ...] = Field(description="Seen under texts that are observed and never scored.")


class Option(Record):
    """An answer that was open to a team."""

    title: str
    chosen: bool


class Setting(Record):
    """A commitment that a team said it sets aside."""

    reference: Reference
    why: str
    limits: str


class FollowUp(Record):
    """A later word on a decision."""

    kind: Literal["told", "returned"]
    exercise: int
    text: str


class Decision(Record):
    """A decision with what was answered, and what was not."""

    number: int
    id: str
    team: str
    kind: str
    title: str
    text: str
    move: int
    seq: int = Field(description="Entry with which it was put.")
    status: Literal["open", "chosen", "lapsed"]
    opened: int
    opened_play: int
    answered: int | None = Field(description="Time of the story of the answer, or of the lapse.")
    answered_play: int | None
    answer_seq: int | None
    deadline: int | None
    options: tuple[Option, ...]
    own_words: str = Field(description="The team's own proposal, where it made one.")
    nearest: str = Field(description="The listed option it named as nearest to its own.")
    reason: str
    basis: tuple[Reference, ...]
    set_aside: tuple[Setting, ...]
    safeguards: tuple[tuple[str, str], ...] = Field(description="Name and wording of each safeguard stated.")
    follow_ups: tuple[FollowUp, ...]
    times_put: int = Field(description="1, or more where it was put again.")


class RequestStep(Record):
    """A step in the life of a request."""

    step: str
    exercise: int
    play: int
    who: str
    text: str


class Request(Record):
    """A cooperation request."""

    number: int
    kind: str
    source: str = Field(description="Id of the team or body that sent it.")
    target: str = Field(description="Id of the team or body it went to.")
    source_name: str
    target_name: str
    channel: str
    matter: str
    basis: tuple[Reference, ...]
    urgent: bool
    deadline: int | None
    seq: int
    sent: int
    sent_play: int
    answered: int | None = Field(description="Time of the story of the first answer.")
    done: int | None = Field(description="Time of the story at which it was carried out.")
    status: str = Field(description="Its last step.")
    outcome: Outcome
    wants_answer: bool = Field(description="False for what only informs and waits for nobody.")
    missing: tuple[str, ...] = Field(description="Demanded elements it never had.")
    ground: str = Field(description="Ground of a refusal.")
    conditions: str
    steps: tuple[RequestStep, ...]

    @property
    def replied(self) -> bool:
        """Whether its addressee answered; what only informs is received as it arrives, and nobody answers that."""
        by_hand = self.wants_answer or self.outcome != "met" or any(step.step == "accepted" for step in self.steps)
        return self.answered is not None and by_hand


class Course(Record):
    """An indicator over time."""

    id: str
    name: str
    about: str
    team: str = Field(description="Id of the team it belongs to; empty where it is shared.")
    unit: str
    better: Literal["higher", "lower"]
    lowest: float
    highest: float
    points: tuple[tuple[int, int, float], ...] = Field(description="(seconds of play, of the story, value).")


class Dissent(Record):
    """A mark on which evaluators differed."""

    mark: int
    settled: bool


class Agreed(Record):
    """How far evaluators agree."""

    evaluators: int
    compared: int
    same: int
    percent: float | None
    alpha: float | None = Field(description="Krippendorff's alpha, ordinal.")
    words: str
    disagreements: tuple[Dissent, ...]


class Answers(Record):
    """A question of the survey with its answers, which have neither seat nor time."""

    id: str
    text: str
    kind: Literal["scale", "text"]
    team: str
    given: int
    counts: tuple[int, ...] = Field(description="Of a scale: how many answered 1, 2, 3, 4 and 5.")
    median: float | None
    words: tuple[str, ...] = Field(description="Of a question in free words.")


class Action(Record):
    """A row of the improvement plan."""

    number: int = Field(description="Number in the log; 0 for a row that is only suggested.")
    area: str
    teams: tuple[str, ...] = Field(default=(), description="Ids of the teams that a suggested row is about.")
    action: str = ""
    element: Element = ""
    owner: str = ""
    contact: str = ""
    start: str = ""
    end: str = ""
