"""What each event of the time after ENDEX does to a state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace as with_changes
from typing import TYPE_CHECKING, Any

from exercise.core.evaluation import events as ev
from exercise.core.evaluation.state import Evaluation, Evaluator
from exercise.core.happened import Happened
from exercise.core.records import replace

if TYPE_CHECKING:
    from exercise.core.events import MarksProposed
    from exercise.core.state import State


def marks_proposed(state: State, event: MarksProposed) -> State:
    """Whose each proposed mark is and how it is graded, so that judgments and answers can be held to it."""
    proposed = {str(mark.get("id")): (str(mark.get("team")), str(mark.get("grade"))) for mark in event.marks}
    return _with(state, proposed=proposed)


def _enrolled(state: State, event: ev.EvaluatorEnrolled) -> State:
    one = Evaluator(event.by, event.name, event.delegation)
    return _with(state, evaluators={**state.evaluation.evaluators, event.by: one})


def _judged(state: State, event: ev.MarkJudged) -> State:
    return _with(state, judged={**state.evaluation.judged, (event.by, event.mark): event})


def _added(state: State, event: ev.MarkAdded) -> State:
    return _with(state, added={**state.evaluation.added, event.mark: event})


def _rated(state: State, event: ev.Rated) -> State:
    key = (event.by, event.objective, event.task)
    kept = {place: row for place, row in state.evaluation.rated.items() if place != key}
    return _with(state, rated=kept if event.rating is None else {**kept, key: event})


def _finished(state: State, event: ev.EvaluationFinished) -> State:
    known = state.evaluation
    one = with_changes(known.evaluators[event.by], finished=event.done)
    evaluators = {**known.evaluators, event.by: one}
    laid_open = len(evaluators) > 1 and all(one.finished for one in evaluators.values())
    return _with(state, evaluators=evaluators, seen=known.seen | evaluators.keys() if laid_open else known.seen)


def _settled(state: State, event: ev.MarkSettled) -> State:
    return _with(state, settled={**state.evaluation.settled, event.mark: event})


def _answered(state: State, event: ev.MarkAnswered) -> State:
    kept = {mark: text for mark, text in state.evaluation.answered.items() if mark != event.mark}
    return _with(state, answered={**kept, event.mark: event.text} if event.text else kept)


def _survey_closed(state: State, event: ev.SurveyClosed) -> State:
    return _with(state, survey=event.answers)


def _action_written(state: State, event: ev.ActionWritten) -> State:
    return _with(state, plan={**state.evaluation.plan, event.number: event})


def _sealed(state: State, event: ev.LogSealed) -> State:
    return _with(state, seals=(*state.evaluation.seals, event))


def _with(state: State, **changes: Any) -> State:
    evaluation: Evaluation = with_changes(state.evaluation, **changes)
    return replace(state, evaluation=evaluation)


FOLDS: Mapping[type[Happened], Callable[[State, Any], State]] = {
    ev.EvaluatorEnrolled: _enrolled,
    ev.MarkJudged: _judged,
    ev.MarkAdded: _added,
    ev.Rated: _rated,
    ev.EvaluationFinished: _finished,
    ev.MarkSettled: _settled,
    ev.MarkAnswered: _answered,
    ev.SurveyClosed: _survey_closed,
    ev.ActionWritten: _action_written,
    ev.LogSealed: _sealed,
}
