"""The after-action report as data: what the JSON form holds, and what every other form is laid out from.

Everything outside `control` may be read by all who took part, as soon as the hot wash has opened it; what only exercise
control may read stands in `control` and nowhere else, so that an edition without it cannot hold it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import ConfigDict, Field

from exercise.report.parts import (
    Action,
    Agreed,
    Answers,
    Course,
    Decision,
    Delegation,
    Finding,
    Happening,
    Mark,
    Move,
    Objective,
    Overview,
    Record,
    Request,
)

FORM = 1
"""Version of this form; raised whenever a field changes its meaning or goes."""

Edition = Literal["facilitator", "participants", "anonymous"]


class Seal(Record):
    """A host's signature over the log's head."""

    upto: int
    head: str
    kind: str
    key: str
    host: str


class Trust(Record):
    """What the log can be held to."""

    entries: int
    head: str = Field(description="Hash of the last line.")
    endex_entries: int | None = Field(description="Number of the last entry of ENDEX.")
    endex_head: str = Field(description="Hash that the screens showed at ENDEX; empty before.")
    checks: tuple[tuple[str, Literal["ok", "failed", "not looked at"], str], ...]
    verified: bool = Field(description="Whether nothing speaks against the log.")
    vouches: tuple[str, ...] = Field(description="What may be relied on after these checks.")
    does_not_vouch: tuple[str, ...] = Field(description="What nothing of this shows.")
    seals: tuple[Seal, ...]
    engine: str
    rules: str
    rules_now: str = Field(description="Rules of the program that wrote this report.")
    form: int = Field(description="Version of the log's form.")


class Person(Record):
    """Somebody at a seat."""

    seat: str
    role: str
    name: str = Field(description="The pseudonym taken at the table.")


class EvaluatorName(Record):
    """Who an evaluator's number stands for."""

    number: int
    name: str
    delegation: str


class Line(Record):
    """Something somebody wrote or said, with its moment."""

    seq: int
    play: int
    exercise: int
    seat: str
    who: str
    text: str
    about: str = ""


class ScriptRow(Record):
    """An inject of the MSEL and what became of it."""

    id: str
    title: str
    sender: str
    channel: str
    to: str
    status: str = Field(description="released, withdrawn, held, skipped, or not reached.")
    exercise: int | None
    text: str
    expected: tuple[str, ...]
    notes: str


class Ballot(Record):
    """A seat's vote on a decision."""

    decision: str
    who: str
    option: str
    reason: str


class Control(Record):
    """What only exercise control may read."""

    notes: tuple[Line, ...] = Field(description="What exercise control and observers wrote down.")
    journals: tuple[Line, ...] = Field(description="Teams' journals.")
    talk: tuple[Line, ...]
    drafts: tuple[Line, ...] = Field(description="Texts that teams left unfinished.")
    script: tuple[ScriptRow, ...]
    behind: tuple[Happening, ...] = Field(description="What control did and what went on behind the scenes.")
    decision_notes: tuple[tuple[str, str], ...] = Field(description="Author's notes by decision's id.")
    unput: dict[str, str] = Field(default_factory=dict, description="Titles of decisions that were never put, by id.")
    guidance: str = Field(description="How the author meant the scenario to be run.")
    ballots: tuple[Ballot, ...]
    people: tuple[Person, ...]
    evaluators: tuple[EvaluatorName, ...]
    team_survey: tuple[Answers, ...] = Field(description="Questions put to one team only.")
    seed: int | None


class AfterAction(Record):
    """An after-action report and improvement plan: a training record, and no finding about any State."""

    form: Literal[1] = Field(default=1, alias="after-action", description="Version of this form.")
    statement: str
    edition: Edition
    notices: tuple[str, ...] = Field(description="What a reader has to know first: interim, not evaluated, redacted.")
    overview: Overview
    summary: tuple[str, ...] = Field(description="Executive summary, in paragraphs.")
    truth: tuple[tuple[str, str], ...] = Field(description="What lay behind the crisis, as the hot wash reveals it.")
    moves: tuple[Move, ...]
    timeline: tuple[Happening, ...]
    objectives: tuple[Objective, ...]
    teams: tuple[Delegation, ...]
    marks: tuple[Mark, ...]
    findings: tuple[Finding, ...]
    requests: tuple[Request, ...]
    indicators: tuple[Course, ...]
    decisions: tuple[Decision, ...]
    names: Mapping[str, str] = Field(description="Short names of teams and of bodies played by control, by id.")
    evaluated: bool = Field(description="Whether people have looked at the marks.")
    evaluators: int = Field(description="How many evaluators' work is in this report.")
    agreement: Agreed | None
    survey: tuple[Answers, ...]
    plan: tuple[Action, ...]
    trust: Trust
    control: Control | None = Field(description="For exercise control; empty in every other edition.")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

    def team_name(self, id: str) -> str:
        """A team or body as people write it."""
        return self.names.get(id, id)
