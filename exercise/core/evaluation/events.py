"""What was judged, answered, planned and sealed after ENDEX; names and people's words are named in `SENSITIVE`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from exercise.core.evaluation.commands import Element, Rating
from exercise.core.happened import Happened
from exercise.core.script import Grade


class AfterEndex(Happened):
    """What all events of the time after ENDEX share; `by` is the seat they come from."""


class EvaluatorEnrolled(AfterEndex):
    """Somebody evaluates from now on."""

    type: Literal["evaluator-enrolled"] = "evaluator-enrolled"
    by: str
    name: str
    delegation: str


class MarkJudged(AfterEndex):
    """An evaluator's judgment of a proposed mark; without a grade it does not apply."""

    type: Literal["mark-judged"] = "mark-judged"
    by: str
    mark: str
    grade: Grade | None
    reason: str = ""


class MarkAdded(AfterEndex):
    """A mark that an evaluator found missing; `mark` is its id."""

    type: Literal["mark-added"] = "mark-added"
    by: str
    mark: str
    team: str
    commitment: str
    grade: Grade
    reason: str
    entries: tuple[int, ...]
    decision: str = ""


class Rated(AfterEndex):
    """An evaluator's rating of an objective or of a critical task."""

    type: Literal["rated"] = "rated"
    by: str
    objective: str
    task: str = ""
    rating: Rating | None
    strengths: str = ""
    improvements: str = ""


class EvaluationFinished(AfterEndex):
    """An evaluator has done, or goes on after all."""

    type: Literal["evaluation-finished"] = "evaluation-finished"
    by: str
    done: bool = True


class MarkSettled(AfterEndex):
    """What the evaluators came to together on a mark."""

    type: Literal["mark-settled"] = "mark-settled"
    by: str
    mark: str
    grade: Grade | None
    reason: str


class MarkAnswered(AfterEndex):
    """What a team says to a mark on its conduct."""

    type: Literal["mark-answered"] = "mark-answered"
    by: str
    mark: str
    text: str


class SurveyClosed(AfterEndex):
    """The survey's answers by question, shuffled."""

    type: Literal["survey-closed"] = "survey-closed"
    answers: Mapping[str, tuple[str, ...]]


class ActionWritten(AfterEndex):
    """A row of the improvement plan as it now reads; dropped rows keep their number."""

    type: Literal["action-written"] = "action-written"
    by: str
    number: int
    area: str = ""
    action: str = ""
    element: Element = ""
    owner: str = ""
    contact: str = ""
    start: str = ""
    end: str = ""
    drop: bool = False


class LogSealed(AfterEndex):
    """The host's signature over the head of the log as it stood with entry `upto`."""

    type: Literal["log-sealed"] = "log-sealed"
    upto: int
    head: str
    kind: Literal["ed25519"] = "ed25519"
    key: str
    signature: str
    host: str = ""


EvaluationEvent = (
    EvaluatorEnrolled
    | MarkJudged
    | MarkAdded
    | Rated
    | EvaluationFinished
    | MarkSettled
    | MarkAnswered
    | SurveyClosed
    | ActionWritten
    | LogSealed
)

SENSITIVE: Mapping[str, tuple[str, ...]] = {
    "evaluator-enrolled": ("name",),
    "mark-judged": ("reason",),
    "mark-added": ("reason",),
    "rated": ("strengths", "improvements"),
    "mark-settled": ("reason",),
    "mark-answered": ("text",),
    "survey-closed": ("answers",),
    "action-written": ("area", "action", "owner", "contact"),
    "log-sealed": ("host",),
}
"""Fields that the log keeps as salted digests."""
