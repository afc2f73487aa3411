"""What evaluators, teams and exercise control ask after ENDEX; all of it is kept as events, and none changes what was.

An evaluator holds a seat `evaluator/NAME`. Judging is blind: nobody sees another's marks before both have finished.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from exercise.core.asked import Asked, Words
from exercise.core.script import Grade

EVALUATOR = "evaluator"
"""The part of a seat before the slash that all evaluators share."""

LONGEST_NAME, LONGEST_ANSWER = 60, 2_000
MOST_EVALUATORS = 8

Rating = Literal["P", "S", "M", "U"]
"""HSEEP's: performed without challenges, with some, with major ones, unable to be performed."""

Element = Literal["", "planning", "organisation", "equipment", "training", "exercises"]
"""HSEEP's capability elements, by which a corrective action is sorted."""

MarkId = Annotated[str, Field(min_length=1, max_length=400)]
Line = Annotated[str, Field(max_length=400)]


class Evaluates(Asked):
    """What all commands of the time after ENDEX share."""


class EnrolEvaluator(Evaluates):
    """Somebody sits down to evaluate; the delegations of evaluators differ."""

    ask: Literal["enrol-evaluator"] = "enrol-evaluator"
    name: Annotated[str, Field(max_length=LONGEST_NAME)] = Field(default="", description="A pseudonym; may be empty.")
    delegation: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)] = Field(
        description="A team's id, or the body that sends the evaluator."
    )


class JudgeMark(Evaluates):
    """An evaluator confirms a proposed mark (the same grade), changes it, or says that it does not apply (no grade).

    A mark of the evaluator's own is changed, or taken back, in the same way.
    """

    ask: Literal["judge-mark"] = "judge-mark"
    mark: MarkId
    grade: Grade | None
    reason: Words = Field(default="", description="Needed where the grade is not the proposed one.")


class AddMark(Evaluates):
    """An evaluator adds a mark that nothing proposed, on entries of the log that show it."""

    ask: Literal["add-mark"] = "add-mark"
    team: Annotated[str, Field(max_length=120)]
    commitment: Annotated[str, Field(max_length=120)]
    grade: Grade
    reason: Words
    entries: tuple[Annotated[int, Field(ge=1)], ...] = Field(min_length=1, max_length=40)
    decision: Annotated[str, Field(max_length=120)] = Field(default="", description="The decision it is about, if any.")


class Rate(Evaluates):
    """An evaluator rates an objective, or one of its critical tasks; no rating takes it back."""

    ask: Literal["rate"] = "rate"
    objective: Annotated[str, Field(max_length=120)]
    task: Annotated[str, Field(max_length=120)] = ""
    rating: Rating | None
    strengths: Words = ""
    improvements: Words = ""


class FinishEvaluation(Evaluates):
    """An evaluator has done; or, until all have, goes on after all."""

    ask: Literal["finish-evaluation"] = "finish-evaluation"
    done: bool = True


class SettleMark(Evaluates):
    """What evaluators came to together on a mark, once all have finished; their dissent stays in the log."""

    ask: Literal["settle-mark"] = "settle-mark"
    mark: MarkId
    grade: Grade | None
    reason: Words


class AnswerMark(Evaluates):
    """A team says what it has to say to a mark on its own conduct; an empty text takes its answer back."""

    ask: Literal["answer-mark"] = "answer-mark"
    mark: MarkId
    text: Words


class CloseSurvey(Evaluates):
    """The participants' answers to the hot wash's survey, by question: shuffled, with neither seat nor time."""

    ask: Literal["close-survey"] = "close-survey"
    answers: Mapping[
        Annotated[str, Field(max_length=120)],
        Annotated[tuple[Annotated[str, Field(max_length=LONGEST_ANSWER)], ...], Field(max_length=2_000)],
    ]


class WriteAction(Evaluates):
    """A row of the improvement plan, new (number 0) or written anew; by an evaluator or exercise control."""

    ask: Literal["write-action"] = "write-action"
    number: int = Field(default=0, ge=0, le=999)
    area: Line = Field(default="", description="The area for improvement.")
    action: Words = Field(default="", description="The corrective action.")
    element: Element = ""
    owner: Line = ""
    contact: Line = ""
    start: Annotated[str, Field(max_length=40)] = ""
    end: Annotated[str, Field(max_length=40)] = ""
    drop: bool = Field(default=False, description="The row is taken out.")


class SealLog(Evaluates):
    """The host vouches for the log up to an entry by a signature over its head."""

    ask: Literal["seal-log"] = "seal-log"
    upto: int = Field(ge=1)
    head: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    kind: Literal["ed25519"] = "ed25519"
    key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] = Field(description="The public key.")
    signature: Annotated[str, Field(pattern=r"^[0-9a-f]{128}$")]
    host: Annotated[str, Field(max_length=LONGEST_NAME)] = Field(default="", description="Who vouches, in words.")


EvaluationCommand = (
    EnrolEvaluator
    | JudgeMark
    | AddMark
    | Rate
    | FinishEvaluation
    | SettleMark
    | AnswerMark
    | CloseSurvey
    | WriteAction
    | SealLog
)
