"""Figures of many playthroughs, added up as they come, and how each spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from exercise.core.assess import Assessment
from exercise.core.script import Grade
from exercise.core.state import State

KEPT = ("kept", "partly", "neglected", "breached")
"""The four counts of a card, in the order they are always shown."""

WORD: Mapping[Grade, str] = dict(zip(Grade, KEPT, strict=True))
"""What a clause's grade is called where clauses are counted."""

UNTESTED = "not tested"
"""The clause was not put to the team, or nothing was seen that bears on it."""

OUTCOMES = (*KEPT, UNTESTED)
"""All that can come of a clause."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How a figure spread over playthroughs: values that single ones had, none worked out between two."""

    runs: int
    lowest: float
    lower: float
    """A quarter of the playthroughs had this or less."""
    middle: float
    upper: float
    highest: float

    @property
    def single(self) -> bool:
        """Whether every playthrough had the same."""
        return self.lowest == self.highest

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "runs": self.runs,
            "lowest": self.lowest,
            "lower_quartile": self.lower,
            "median": self.middle,
            "upper_quartile": self.upper,
            "highest": self.highest,
        }


def spread_of(values: Mapping[float, int]) -> Spread:
    """The spread of values, each with how many playthroughs had it; at least one had some."""
    rows = sorted((value, often) for value, often in values.items() if often)
    runs = sum(often for _, often in rows)

    def at(quarter: int) -> float:
        rank, seen = -(-quarter * runs // 4), 0
        for value, often in rows:
            seen += often
            if seen >= rank:
                return value
        return rows[-1][0]

    return Spread(runs, rows[0][0], at(1), at(2), at(3), rows[-1][0])


K = TypeVar("K")
V = TypeVar("V")


def _add(mine: dict[K, Counter[V]], theirs: Mapping[K, Counter[V]]) -> None:
    for key, counter in theirs.items():
        mine.setdefault(key, Counter()).update(counter)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one playthrough came to."""

    clauses: tuple[tuple[str, str, str], ...]
    """Team, commitment and how it stands, of every clause that was tested."""
    indicators: tuple[tuple[str, float], ...]


def outcome_of(assessment: Assessment, state: State) -> Outcome:
    """What a course came to, by its marks and the state it ended in."""
    return Outcome(
        tuple(
            (team, clause.commitment, WORD[clause.grade])
            for team, card in assessment.scorecards.items()
            for clause in card.clauses
            if clause.status == "tested" and clause.grade is not None
        ),
        tuple((name, round(value, 3)) for name, value in state.indicators.items()),
    )


@dataclass
class Tally:
    """The playthroughs of one way, added up; the order in which they come makes no difference."""

    areas: Mapping[str, str] = field(default_factory=dict)
    """The area of each commitment."""
    runs: int = 0
    clauses: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    """By team and commitment."""
    counts: dict[tuple[str, str, str], Counter[float]] = field(default_factory=dict)
    """By team, area (empty for all) and word: how many playthroughs had so many clauses; those with none are not in."""
    indicators: dict[str, Counter[float]] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        """Adds a playthrough."""
        self.runs += 1
        found: Counter[tuple[str, str, str]] = Counter()
        for team, commitment, word in outcome.clauses:
            self.clauses.setdefault((team, commitment), Counter())[word] += 1
            found[team, "", word] += 1
            found[team, self.areas[commitment], word] += 1
        for key, count in found.items():
            self.counts.setdefault(key, Counter())[count] += 1
        for name, value in outcome.indicators:
            self.indicators.setdefault(name, Counter())[value] += 1

    def take(self, others: Iterable[Tally]) -> None:
        """Adds what others have added up."""
        for other in others:
            self.runs += other.runs
            _add(self.clauses, other.clauses)
            _add(self.counts, other.counts)
            _add(self.indicators, other.indicators)

    def count(self, team: str, area: str, word: str) -> Spread:
        """How the number of a team's clauses that stand so spread."""
        found = Counter(self.counts.get((team, area, word), {}))
        found[0] = self.runs - sum(found.values())
        return spread_of(found)

    def clause(self, team: str, commitment: str) -> dict[str, int]:
        """In how many playthroughs a clause stood how."""
        found = self.clauses.get((team, commitment), Counter())
        return {**{word: found[word] for word in KEPT}, UNTESTED: self.runs - sum(found.values())}
