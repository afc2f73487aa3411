"""How teams' conduct compares between sessions: counts by area, and the clauses that were graded differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exercise.analysis.tally import KEPT, UNTESTED, WORD
from exercise.core.commitments import Area
from exercise.core.marks import RANK, Mark
from exercise.core.scorecard import ClauseResult, Counts, Scorecard

UNABLE = "unable"
"""The team lacked the means: a capacity finding, and no grade."""


@dataclass(frozen=True, slots=True)
class Stood:
    """How a clause stood in one session, and the moment that made it so."""

    outcome: str
    """kept, partly, neglected, breached, unable, not tested, or not applicable."""
    seq: int | None = None
    exercise: int | None = None
    occasion: str = ""
    reason: str = ""

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "outcome": self.outcome,
            "entry": self.seq,
            "exercise": self.exercise,
            "occasion": self.occasion,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """One clause of one team, session by session."""

    commitment: str
    clause: str
    title: str
    area: str
    stood: tuple[Stood, ...]

    @property
    def differs(self) -> bool:
        """Whether sessions that tested it found otherwise."""
        return len({stood.outcome for stood in self.stood if stood.outcome in KEPT}) > 1

    @property
    def tested(self) -> int:
        """In how many sessions it was tested."""
        return sum(stood.outcome in KEPT for stood in self.stood)

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "commitment": self.commitment,
            "clause": self.clause,
            "title": self.title,
            "area": self.area,
            "differs": self.differs,
            "sessions": [stood.as_data() for stood in self.stood],
        }


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area of one team, session by session."""

    area: str
    counts: tuple[Counts, ...]
    not_tested: tuple[int, ...]

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "area": self.area,
            "sessions": [
                {**counts.as_data(), "not_tested": left}
                for counts, left in zip(self.counts, self.not_tested, strict=True)
            ],
        }


@dataclass(frozen=True, slots=True)
class TeamProfile:
    """One team's conduct, session by session; counts stand side by side and are never added up."""

    team: str
    name: str
    counts: tuple[Counts, ...]
    areas: tuple[AreaRow, ...]
    clauses: tuple[ClauseRow, ...]

    @property
    def differing(self) -> tuple[ClauseRow, ...]:
        """The clauses that were graded differently."""
        return tuple(row for row in self.clauses if row.differs)

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "team": self.team,
            "name": self.name,
            "counts": [counts.as_data() for counts in self.counts],
            "areas": [row.as_data() for row in self.areas],
            "clauses": [row.as_data() for row in self.clauses],
        }


def team_profile(
    team: str,
    name: str,
    cards: Sequence[Scorecard],
    marks: Sequence[Sequence[Mark]],
    *,
    tested_in: int = 1,
) -> TeamProfile:
    """A team's cards laid side by side; with `tested_in` above 1, only what was tested in so many sessions."""
    by_id = [{clause.commitment: clause for clause in card.clauses} for card in cards]
    known: dict[str, ClauseResult] = {}
    for clauses in by_id:
        known |= {id: clause for id, clause in clauses.items() if id not in known}
    rows = []
    for id, clause in known.items():
        found = tuple(_stood(clauses.get(id), mine) for clauses, mine in zip(by_id, _of_clause(marks, id), strict=True))
        row = ClauseRow(id, clause.clause, clause.title, clause.area.value, found)
        if row.tested >= tested_in:
            rows.append(row)
    areas = []
    for area in Area:
        of_card = [{row.key: row for row in card.areas}.get(area.value) for card in cards]
        counts = tuple(row.counts if row else Counts() for row in of_card)
        if sum(count.tested > 0 for count in counts) >= tested_in:
            areas.append(AreaRow(area.value, counts, tuple(row.not_tested if row else 0 for row in of_card)))
    return TeamProfile(team, name, tuple(card.counts for card in cards), tuple(areas), tuple(rows))


def _of_clause(marks: Sequence[Sequence[Mark]], commitment: str) -> list[list[Mark]]:
    return [[mark for mark in mine if mark.commitment == commitment and mark.counts] for mine in marks]


_OTHERWISE: Mapping[str, str] = {
    "unable": UNABLE,
    "not-tested": UNTESTED,
    "not-applicable": "not applicable",
    "observed": "observed",
    "context": "not applicable",
}


def _stood(clause: ClauseResult | None, marks: Sequence[Mark]) -> Stood:
    if clause is None:
        return Stood(UNTESTED)
    if clause.status != "tested" or clause.grade is None:
        return Stood(_OTHERWISE.get(clause.status, UNTESTED))
    # A clause takes its lowest mark: that is the moment which made it so.
    mark = min(marks, key=lambda mark: (RANK[mark.grade], mark.at), default=None)
    if mark is None:
        return Stood(WORD[clause.grade])
    return Stood(WORD[clause.grade], mark.at, mark.exercise, mark.title, mark.reason)
