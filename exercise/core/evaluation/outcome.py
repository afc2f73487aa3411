"""What the evaluators leave of the marks that the program proposed at ENDEX, with the cards that come of it.

Where evaluators differ, the proposed mark stays in the figures, said to be disputed, until they settle it together.
Nothing here reads a hidden fact, and a later assessment by other rules replaces nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, get_args

from exercise.core.assess import Assessment, assess
from exercise.core.evaluation.commands import Rating
from exercise.core.evaluation.events import (
    ActionWritten,
    EvaluationEvent,
    EvaluationFinished,
    MarkAdded,
    MarkJudged,
    MarkSettled,
    Rated,
)
from exercise.core.evaluation.state import Evaluation, Evaluator
from exercise.core.events import LogEntry, MarksProposed, MarkVoided
from exercise.core.evolve import replay
from exercise.core.marks import RANK, CapacityFinding, Mark, under_ceiling
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.scorecard import Repair, Scorecard, scorecard
from exercise.core.script import Grade

_SAID = {MarksProposed, *get_args(EvaluationEvent)}

Status = Literal["proposed", "single", "agreed", "disputed", "settled", "added"]
"""Nobody looked; one evaluator did; all who did agree; they differ; settled together; added by one of them."""


@dataclass(frozen=True)
class Verdict:
    """A mark with what became of it; `final` is empty where it does not apply."""

    mark: Mark
    """As it was proposed, or added."""
    judgments: Mapping[str, MarkJudged]
    """By the evaluator's seat."""
    settled: MarkSettled | None
    final: Grade | None
    status: Status
    answer: str = ""
    """What the team says to it."""
    voided: bool = False

    @property
    def changed(self) -> bool:
        """Whether it does not stand as it was proposed."""
        return self.status != "added" and self.final is not self.mark.grade


@dataclass(frozen=True, eq=False)
class Evaluated:
    """An exercise's marks as evaluators left them."""

    scenario: Scenario = field(repr=False)
    reference: Reference = field(repr=False)
    evaluation: Evaluation = field(repr=False)
    proposed: tuple[Mark, ...]
    """As the log has them from ENDEX; worked out now where there was none yet."""
    verdicts: tuple[Verdict, ...]
    """One a mark, those that evaluators added at the end."""
    findings: tuple[CapacityFinding, ...]
    repairs: tuple[Repair, ...]
    ended: bool
    """Whether the exercise came to ENDEX; before, nobody has evaluated anything."""

    @property
    def evaluators(self) -> tuple[Evaluator, ...]:
        """In the order in which they sat down."""
        return tuple(self.evaluation.evaluators.values())

    @property
    def is_evaluated(self) -> bool:
        """Whether an evaluator has judged, added or settled anything."""
        return any(verdict.status != "proposed" for verdict in self.verdicts)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """The marks that stand, as the cards count them; one that does not apply is left out."""
        return tuple(_final(verdict, self) for verdict in self.verdicts if verdict.final is not None)

    @cached_property
    def scorecards(self) -> Mapping[str, Scorecard]:
        """Each team's card by the marks that stand, in the order of the scenario."""
        return {
            team.id: scorecard(self.scenario, self.reference, team.id, self.marks, self.findings, self.repairs)
            for team in self.scenario.teams
        }

    @property
    def disputed(self) -> tuple[Verdict, ...]:
        """Marks on which evaluators differed, settled since or not."""
        return tuple(v for v in self.verdicts if len({row.grade for row in v.judgments.values()}) > 1)

    def ratings(self, objective: str, task: str = "") -> tuple[Rated, ...]:
        """What evaluators rated an objective or a task, in the order in which they sat down."""
        rated = self.evaluation.rated
        found = (rated.get((one.seat, objective, task)) for one in self.evaluators)
        return tuple(row for row in found if row is not None)

    def suggested(self, objective: str, task: str = "") -> Rating | None:
        """What the clauses tested under an objective suggest, counted as the cards do; people rate.

        No commitment belongs to a task: for one it is the objective's, of the task's team. None where nothing was
        tested.
        """
        row = next(row for row in self.scenario.objectives if row.id == objective)
        team = next((one.team for one in row.tasks if one.id == task), None)
        grades = [
            clause.grade
            for id, card in self.scorecards.items()
            for clause in card.clauses
            if team in (None, id) and clause.commitment in row.commitments and clause.status == "tested"
        ]
        return _suggestion([grade for grade in grades if grade is not None])

    @property
    def plan(self) -> tuple[ActionWritten, ...]:
        """The rows of the improvement plan."""
        return tuple(row for row in self.evaluation.plan.values() if not row.drop)


def evaluated(
    scenario: Scenario, reference: Reference, entries: Sequence[LogEntry], *, known: Assessment | None = None
) -> Evaluated:
    """What a log's marks come to after all that evaluators said in it.

    `known` is what `assess` makes of the entries before ENDEX, where that has been worked out already.
    """
    # A type is compared, not asked for by `isinstance`: over a whole log that is ten times as quick.
    at_endex = next((entry for entry in entries if entry.event.__class__ is MarksProposed), None)
    now = known or assess(scenario, reference, entries if at_endex is None else entries[: at_endex.seq - 1])
    said = (entry.event for entry in entries if entry.event.__class__ in _SAID)
    evaluation = Evaluation() if at_endex is None else replay(said).evaluation
    proposed = _proposed(at_endex, now)
    voids = (entry.event for entry in entries if entry.event.__class__ is MarkVoided)
    voided = {str(getattr(event, "mark", "")) for event in voids}
    verdicts = [_verdict(evaluation, mark, mark.id in voided) for mark in proposed]
    by_seq = {entry.seq: entry for entry in entries}
    for row in evaluation.added.values():
        mark = _added(scenario, reference, row, by_seq)
        if mark is not None:
            settled = evaluation.settled.get(mark.id)
            own = evaluation.judged.get((row.by, mark.id))
            final = settled.grade if settled is not None else own.grade if own is not None else mark.grade
            answer = evaluation.answered.get(mark.id, "")
            status: Status = "settled" if settled is not None else "added"
            verdicts.append(Verdict(mark, {}, settled, final, status, answer, mark.id in voided))
    return Evaluated(
        scenario, reference, evaluation, proposed, tuple(verdicts), now.findings, now.repairs, at_endex is not None
    )


def as_evaluated(assessment: Assessment, entries: Sequence[LogEntry]) -> Assessment:
    """An assessment with the marks as evaluators left them, once all have finished; before, as it is.

    Until then nobody sees on a scorecard what one of them has marked: the other may be looking at it too.
    """
    if not any(entry.event.__class__ is EvaluationFinished for entry in entries):
        return assessment
    found = evaluated(assessment.scenario, assessment.reference, entries, known=assessment)
    return replace(assessment, marks=found.marks) if found.evaluation.all_finished else assessment


def _proposed(at_endex: LogEntry | None, now: Assessment) -> tuple[Mark, ...]:
    if at_endex is None or not isinstance(at_endex.event, MarksProposed):
        return now.marks
    return tuple(Mark.from_data(mark) for mark in at_endex.event.marks)


def _verdict(evaluation: Evaluation, mark: Mark, voided: bool) -> Verdict:
    found = {seat: evaluation.judged.get((seat, mark.id)) for seat in evaluation.evaluators}
    judgments = {seat: row for seat, row in found.items() if row is not None}
    settled = evaluation.settled.get(mark.id)
    grades = {row.grade for row in judgments.values()}
    final: Grade | None
    status: Status
    if settled is not None:
        final, status = settled.grade, "settled"
    elif len(grades) == 1:
        (final,) = grades
        status = "agreed" if len(judgments) > 1 else "single"
    else:
        final, status = mark.grade, "disputed" if grades else "proposed"
    answer = evaluation.answered.get(mark.id, "")
    return Verdict(mark, judgments, settled, final, status, answer, voided or mark.voided)


def _final(verdict: Verdict, of: Evaluated) -> Mark:
    """The mark as it counts, with a sentence on each thing that people did to it."""
    mark, final = verdict.mark, verdict.final
    assert final is not None
    notes = [*mark.adjustments, *_said(verdict)]
    if final is not mark.grade:
        force = of.reference.force(mark.commitment)
        # An evaluator who writes breached has looked at knowledge and faith; only what is never scored stays so.
        final, bounded = under_ceiling(final, force, observed=mark.observation, knowing=True, bad_faith=True)
        notes += [note for note in bounded if note not in notes]
    looked = verdict.status in ("single", "agreed", "settled", "added")
    return replace(
        mark,
        grade=final,
        adjustments=tuple(notes),
        self_proposed=mark.self_proposed and not looked,
        voided=verdict.voided,
    )


def _said(verdict: Verdict) -> Iterable[str]:
    match verdict.status:
        case "agreed":
            word = "changed" if verdict.changed else "confirmed"
            yield f"{word} by {len(verdict.judgments)} evaluators"
        case "single":
            yield f"{'changed' if verdict.changed else 'confirmed'} by one evaluator"
        case "disputed":
            yield "disputed: evaluators differ, so it stands as proposed"
        case "settled":
            yield "settled by the evaluators together"
        case "added":
            yield "added by an evaluator"
        case "proposed":
            pass


def _added(scenario: Scenario, reference: Reference, row: MarkAdded, by_seq: Mapping[int, LogEntry]) -> Mark | None:
    """An evaluator's own mark; None where the log's texts do not hold its commitment."""
    commitment = reference.commitments.get(row.commitment)
    if commitment is None or row.team not in scenario.teams_by_id:
        return None
    decision = scenario.decisions_by_id.get(row.decision)
    last = by_seq.get(max(row.entries))
    return Mark(
        id=row.mark,
        team=row.team,
        commitment=row.commitment,
        instrument=commitment.instrument,
        clause=commitment.clause,
        occasion=row.decision or row.mark,
        title=decision.title if decision is not None else "Added by an evaluator",
        grade=row.grade,
        proposed=row.grade,
        reason=row.reason,
        entries=row.entries,
        at=max(row.entries),
        exercise=last.exercise if last is not None else 0,
        source="evaluator",
        observation=reference.standing(scenario.teams_by_id[row.team].profile, row.commitment, scenario.date.date())
        == "observed",
        rights=reference.protects_rights(row.commitment),
    )


def _suggestion(grades: Sequence[Grade]) -> Rating | None:
    """P where all was kept, S where most was and nothing breached, M where something was, U where nothing was."""
    if not grades:
        return None
    kept = sum(grade is Grade.HONOURED for grade in grades)
    low = sum(RANK[grade] <= RANK[Grade.NEGLECTED] for grade in grades)
    if kept == len(grades):
        return "P"
    if low == len(grades):
        return "U"
    return "S" if 2 * kept >= len(grades) and Grade.BREACHED not in grades else "M"
