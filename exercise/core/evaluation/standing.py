"""How an evaluator's view of the time after ENDEX is built: from the events that this evaluator may see, and no others.

What another evaluator has judged is left out before anything is worked out, so that no figure and no suggestion can
give it away.
"""

from __future__ import annotations

from collections.abc import Sequence

from exercise.core.assess import Assessment
from exercise.core.evaluation import events as ev
from exercise.core.evaluation.outcome import Evaluated, evaluated
from exercise.core.evaluation.state import Evaluation, Evaluator
from exercise.core.evaluation.views import (
    AddedMark,
    EvaluatorView,
    Judgment,
    PlanRow,
    RatingGiven,
    Standing,
    Suggestion,
)
from exercise.core.events import LogEntry, MarksProposed
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.scorecard import Repair

_BLIND = (ev.MarkJudged, ev.MarkAdded, ev.Rated, ev.MarkSettled)
"""What nobody sees of the others before all have finished."""


def standing_of(
    scenario: Scenario, reference: Reference, entries: Sequence[LogEntry], seat: str, repairs: tuple[Repair, ...]
) -> Standing:
    """What has been said since ENDEX as far as an evaluator's seat may see it; of the entries only those are read.

    `repairs` are those of `assess`, from the entries before: with them the suggestions are the same as in a report.
    """
    start = next((n for n, entry in enumerate(entries) if entry.event.__class__ is MarksProposed), len(entries))
    tail = entries[start:]
    who = _evaluators(tail)
    # Whoever has not sat down yet could look first, and judge by it afterwards.
    open_to_all = all(one.finished for one in who) and any(one.seat == seat for one in who)
    done = any(one.seat == seat and one.finished for one in who)
    seen = [entry for entry in tail if _may_see(entry, seat, open_to_all=open_to_all, done=done)]
    known = Assessment(scenario, reference, marks=(), findings=(), repairs=repairs)
    found = evaluated(scenario, reference, seen, known=known)
    evaluation = found.evaluation
    return Standing(
        seat=seat,
        evaluators=tuple(_evaluator(scenario, one) for one in found.evaluators),
        mine={mark: _judgment(row) for (by, mark), row in evaluation.judged.items() if by == seat},
        added=tuple(_added(evaluation, row) for row in evaluation.added.values()),
        ratings=tuple(_rating(row) for row in evaluation.rated.values()),
        suggested=_suggestions(found),
        plan=tuple(_plan_row(row) for row in found.plan),
        voided=frozenset(verdict.mark.id for verdict in found.verdicts if verdict.voided),
        answers=dict(evaluation.answered) if done else None,
        others=_others(evaluation, seat) if open_to_all else None,
        settled={mark: _judgment(row) for mark, row in evaluation.settled.items()} if open_to_all else None,
    )


def _evaluators(tail: Sequence[LogEntry]) -> tuple[Evaluator, ...]:
    found: dict[str, Evaluator] = {}
    for entry in tail:
        event = entry.event
        if isinstance(event, ev.EvaluatorEnrolled):
            found[event.by] = Evaluator(event.by, event.name, event.delegation)
        elif isinstance(event, ev.EvaluationFinished) and event.by in found:
            one = found[event.by]
            found[event.by] = Evaluator(one.seat, one.name, one.delegation, event.done)
    return tuple(found.values())


def _may_see(entry: LogEntry, seat: str, *, open_to_all: bool, done: bool) -> bool:
    event = entry.event
    if isinstance(event, _BLIND):
        return open_to_all or event.by == seat
    if isinstance(event, ev.MarkAnswered):
        return done
    return True


def _evaluator(scenario: Scenario, one: Evaluator) -> EvaluatorView:
    team = scenario.teams_by_id.get(one.delegation)
    return EvaluatorView(one.seat, one.name, team.name if team is not None else one.delegation, one.finished)


def _judgment(row: ev.MarkJudged | ev.MarkSettled) -> Judgment:
    return Judgment(row.by, row.grade, row.reason)


def _others(evaluation: Evaluation, seat: str) -> dict[str, tuple[Judgment, ...]]:
    found: dict[str, tuple[Judgment, ...]] = {}
    for (by, mark), row in evaluation.judged.items():
        if by != seat:
            found[mark] = (*found.get(mark, ()), _judgment(row))
    return found


def _added(evaluation: Evaluation, row: ev.MarkAdded) -> AddedMark:
    own = evaluation.judged.get((row.by, row.mark))
    grade, reason = (row.grade, row.reason) if own is None else (own.grade, own.reason or row.reason)
    return AddedMark(row.mark, row.by, row.team, row.commitment, grade, reason, row.entries, row.decision)


def _rating(row: ev.Rated) -> RatingGiven:
    assert row.rating is not None  # One that was taken back is kept nowhere.
    return RatingGiven(row.by, row.objective, row.task, row.rating, row.strengths, row.improvements)


def _suggestions(found: Evaluated) -> tuple[Suggestion, ...]:
    places = [(row.id, task) for row in found.scenario.objectives for task in ("", *(task.id for task in row.tasks))]
    rated = ((objective, task, found.suggested(objective, task)) for objective, task in places)
    return tuple(Suggestion(objective, task, rating) for objective, task, rating in rated if rating is not None)


def _plan_row(row: ev.ActionWritten) -> PlanRow:
    return PlanRow(row.number, row.area, row.action, row.element, row.owner, row.contact, row.start, row.end)
