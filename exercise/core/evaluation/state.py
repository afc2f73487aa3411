"""What a state knows of the time after ENDEX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from exercise.core.evaluation.events import ActionWritten, LogSealed, MarkAdded, MarkJudged, MarkSettled, Rated
from exercise.core.records import dataclass


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Somebody who evaluates."""

    seat: str
    name: str
    delegation: str
    """A team's id, or a body in words."""
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that was said after ENDEX, as it last stood."""

    proposed: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Team and grade of each mark that the program proposed, by the mark's id."""
    evaluators: Mapping[str, Evaluator] = field(default_factory=dict)
    """By seat, in the order in which they sat down."""
    judged: Mapping[tuple[str, str], MarkJudged] = field(default_factory=dict)
    """By evaluator's seat and mark."""
    added: Mapping[str, MarkAdded] = field(default_factory=dict)
    """By the mark's id."""
    rated: Mapping[tuple[str, str, str], Rated] = field(default_factory=dict)
    """By evaluator's seat, objective and task ('' for the objective itself)."""
    seen: frozenset[str] = frozenset()
    """Seats of those before whom all marks have lain open, so that they judge no more; whoever comes later has not."""
    settled: Mapping[str, MarkSettled] = field(default_factory=dict)
    answered: Mapping[str, str] = field(default_factory=dict)
    """A team's answer by mark."""
    survey: Mapping[str, tuple[str, ...]] | None = None
    """Answers by question once the survey is closed."""
    plan: Mapping[int, ActionWritten] = field(default_factory=dict)
    """Rows of the improvement plan by number."""
    seals: tuple[LogSealed, ...] = ()

    @property
    def all_finished(self) -> bool:
        """Whether there are evaluators, and all have done: only then may each see the others' marks."""
        return bool(self.evaluators) and all(one.finished for one in self.evaluators.values())

    def team_of(self, mark: str) -> str | None:
        """Whose conduct a mark is on; None where there is no such mark."""
        added, proposed = self.added.get(mark), self.proposed.get(mark)
        return added.team if added is not None else proposed[0] if proposed is not None else None
