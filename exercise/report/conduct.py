"""How conduct was marked, gathered from what evaluators left: marks, cards, objectives with what shows each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from exercise.core.evaluation.events import Rated
from exercise.core.evaluation.outcome import Evaluated, Verdict
from exercise.core.marks import RANK
from exercise.core.marks import Mark as Proposed
from exercise.core.reference import Reference
from exercise.core.scorecard import ClauseResult, Counts, Row, Scorecard
from exercise.core.script import Grade
from exercise.report import parts
from exercise.report.agreement import agreement
from exercise.report.course import cited

_BY_PEOPLE = "evaluator"
_TELLING = ("tag", "self-proposed", _BY_PEOPLE)
"""A mark on what a team decided tells more than one on how a form was filled in."""

_ID = re.compile(r"\b[a-z]{2,4}-[a-z0-9.]*[a-z0-9]\b")
"""What may be a clause's id."""


def came_back(outcome: Evaluated) -> frozenset[str]:
    """Marks of which the log, in whose words the notes still are, says that the team came back to what it set aside."""
    return frozenset(mark.id for mark in outcome.proposed if mark.came_back)


def marks(outcome: Evaluated, came: frozenset[str] = frozenset()) -> tuple[parts.Mark, ...]:
    """Every mark in the order of its conduct, with what people did to it; of those in `came` a team came back to it."""
    numbers = evaluator_numbers(outcome)
    stands = {mark.id: mark for mark in outcome.marks}
    rows = sorted(outcome.verdicts, key=lambda row: (row.mark.exercise, row.mark.entries[0], row.mark.id))
    made = (_mark(outcome, row, number, stands, numbers) for number, row in enumerate(rows, 1))
    return tuple(mark.model_copy(update={"came_back": mark.id in came}) for mark in made)


def evaluator_numbers(outcome: Evaluated) -> Mapping[str, int]:
    """By which number the report speaks of each evaluator."""
    return {one.seat: number for number, one in enumerate(outcome.evaluators, 1)}


def _mark(
    outcome: Evaluated, row: Verdict, number: int, stands: Mapping[str, Proposed], numbers: Mapping[str, int]
) -> parts.Mark:
    mark, final = row.mark, stands.get(row.mark.id)
    decision = mark.occasion.partition("#")[0]
    added = outcome.evaluation.added.get(mark.id)
    return parts.Mark(
        number=number,
        id=mark.id,
        team=mark.team,
        reference=cited(outcome.reference, mark.commitment),
        occasion=mark.occasion,
        title=mark.title,
        decision=decision if decision in outcome.scenario.decisions_by_id else "",
        proposed=mark.grade,
        grade=final.grade if final else None,
        status=row.status,
        reason=mark.reason if mark.source in _TELLING else with_clauses(outcome.reference, mark.reason),
        source=mark.source,
        entries=mark.entries,
        exercise=mark.exercise,
        adjustments=(final or mark).adjustments,
        observation=mark.observation,
        self_proposed=(final or mark).self_proposed,
        voided=row.voided,
        judgments=tuple(
            parts.Judgment(evaluator=numbers[seat], grade=said.grade, reason=said.reason)
            for seat, said in row.judgments.items()
        ),
        added_by=numbers.get(added.by, 0) if added else 0,
        settled=row.settled.reason if row.settled else "",
        answer=row.answer,
    )


def with_clauses(reference: Reference, reason: str) -> str:
    """A rule's reason with clauses as people cite them; the log has their ids."""

    def citation(found: re.Match[str]) -> str:
        return cited(reference, found[0]).cited if found[0] in reference.commitments else found[0]

    return _ID.sub(citation, reason)


def findings(outcome: Evaluated) -> tuple[parts.Finding, ...]:
    """What teams could not do for want of means."""
    return tuple(
        parts.Finding(
            team=row.team,
            reference=cited(outcome.reference, row.commitment),
            title=row.title,
            lacking=row.lacking.value if row.lacking else "",
            reason=row.reason,
            entries=row.entries,
            exercise=row.exercise,
            voided=row.voided,
        )
        for row in outcome.findings
    )


def counts(found: Counts) -> parts.Counts:
    """The counts of a card as the report keeps them."""
    return parts.Counts(
        kept=found.kept,
        partly=found.partly,
        neglected=found.neglected,
        breached=found.breached,
        self_proposed=found.self_proposed,
    )


def areas(card: Scorecard) -> tuple[parts.Tally, ...]:
    """A card by area."""
    return tuple(_tally(row, [clause for clause in card.clauses if clause.area.value == row.key]) for row in card.areas)


def instruments(card: Scorecard) -> tuple[parts.Tally, ...]:
    """A card by text."""
    return tuple(
        _tally(row, [clause for clause in card.clauses if clause.instrument == row.key]) for row in card.instruments
    )


def _tally(row: Row, mine: Iterable[ClauseResult]) -> parts.Tally:
    """A clause that is only observed is told where something was seen, as in a simulation and in the hot wash."""
    found = [clause.status for clause in mine if clause.status != "observed" or clause.grade]
    return parts.Tally(
        title=row.title,
        counts=counts(row.counts),
        not_tested=found.count("not-tested"),
        unable=found.count("unable"),
        observed=found.count("observed"),
    )


def clauses(outcome: Evaluated, card: Scorecard, numbers: Mapping[str, int]) -> tuple[parts.Clause, ...]:
    """Clauses of a card; `numbers` are those of the marks."""
    return tuple(
        parts.Clause(
            reference=cited(outcome.reference, row.commitment),
            status=row.status,
            grade=row.grade,
            marks=tuple(sorted(numbers[id] for id in row.marks if id in numbers)),
            note=row.note,
        )
        for row in card.clauses
    )


def objectives(outcome: Evaluated, made: tuple[parts.Mark, ...]) -> Iterator[parts.Objective]:
    """Each objective with ratings, tasks, and the clauses under it that were kept and were not."""
    seats = evaluator_numbers(outcome)
    for row in outcome.scenario.objectives:
        found = [point for id in row.commitments for point in _points(outcome, made, id)]
        areas = (cited(outcome.reference, id).area for id in row.commitments)
        scored = [point for observed, point in found if not observed]
        yield parts.Objective(
            id=row.id,
            title=row.title,
            text=row.text,
            areas=tuple(dict.fromkeys(area for area in areas if area)),
            ratings=tuple(_rated(rated, seats) for rated in outcome.ratings(row.id)),
            suggested=outcome.suggested(row.id),
            tasks=tuple(
                parts.Task(
                    id=task.id,
                    text=task.text,
                    team=task.team or "",
                    ratings=tuple(_rated(rated, seats) for rated in outcome.ratings(row.id, task.id)),
                    suggested=outcome.suggested(row.id, task.id),
                )
                for task in row.tasks
            ),
            strengths=tuple(point for point in scored if point.grade is Grade.HONOURED),
            improvements=tuple(
                sorted(
                    (point for point in scored if point.grade is not Grade.HONOURED),
                    key=lambda point: (RANK[point.grade], -len(point.teams)),
                )
            ),
            observations=tuple(point for observed, point in found if observed),
        )


def _rated(row: Rated, seats: Mapping[str, int]) -> parts.Rated:
    assert row.rating is not None
    return parts.Rated(
        evaluator=seats[row.by], rating=row.rating, strengths=row.strengths, improvements=row.improvements
    )


def _points(outcome: Evaluated, made: tuple[parts.Mark, ...], id: str) -> Iterator[tuple[bool, parts.Point]]:
    """What teams' cards say under one clause: kept, and not; whether it is only observed stands beside."""
    by_grade: dict[tuple[bool, bool], list[tuple[Grade, str]]] = {}
    for team, card in outcome.scorecards.items():
        for clause in card.clauses:
            if clause.commitment == id and clause.grade is not None and clause.status in ("tested", "observed"):
                key = clause.status == "observed", clause.grade is Grade.HONOURED
                by_grade.setdefault(key, []).append((clause.grade, team))
    for (observed, kept), found in by_grade.items():
        teams = tuple(team for _, team in found)
        shown = [m for m in made if m.reference.commitment == id and m.team in teams and m.grade and not m.voided]
        shown = [mark for mark in shown if (mark.grade is Grade.HONOURED) == kept] or shown
        shown.sort(key=lambda m: (RANK[m.grade or m.proposed], m.source not in _TELLING, m.number))
        worst = min((grade for grade, _ in found), key=RANK.__getitem__)
        point = parts.Point(
            reference=cited(outcome.reference, id),
            teams=teams,
            grades=tuple(grade for grade, _ in found),
            grade=worst,
            marks=tuple(m.number for m in shown),
        )
        yield observed, point


def agreed(outcome: Evaluated, made: tuple[parts.Mark, ...]) -> parts.Agreed | None:
    """How far evaluators agree; None where there were not two of them."""
    if len(outcome.evaluators) < 2:
        return None
    found = agreement(outcome)
    numbers = {mark.id: mark.number for mark in made}
    return parts.Agreed(
        evaluators=found.evaluators,
        compared=found.compared,
        same=found.same,
        percent=found.percent,
        alpha=found.alpha,
        words=found.words,
        disagreements=tuple(
            parts.Dissent(mark=numbers[row.mark.id], settled=row.settled is not None) for row in found.disagreements
        ),
    )
