"""A mark: one team's conduct on one occasion under one clause, with the entries that show it and the reason.

Here are also the rules that bound a grade: the ceiling that a text's force sets, and the step by which a grade may
rise. Marks are frozen and turn into plain data and back, because the log keeps those proposed at ENDEX.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from exercise.core.commitments import Force
from exercise.core.records import dataclass
from exercise.core.script import Grade, Lacking
from exercise.errors import LogError

LOWEST_FIRST = BREACHED, NEGLECTED, PARTLY, HONOURED = Grade.BREACHED, Grade.NEGLECTED, Grade.PARTLY, Grade.HONOURED
"""The four grades from the worst to the best; Python 3.11 finds them by their class thirty times as slowly."""

RANK: Mapping[Grade, int] = {grade: rank for rank, grade in enumerate(LOWEST_FIRST)}

RAISED = "raised one step: named, limited, told, came back"
NOT_RAISED = "not raised: where rights are concerned reasons do not lift further"
"""How a mark's note begins where its team came back to what it set aside; the log keeps the note alone."""


@dataclass(frozen=True)
class Mark:
    """A proposed mark; `grade` is what counts, `proposed` what stood before ceilings and lifts."""

    id: str
    team: str
    commitment: str
    instrument: str
    clause: str
    occasion: str
    """Id of the decision or occasion; `#2` follows where a decision was put a second time."""
    title: str
    """The same for people."""
    grade: Grade
    proposed: Grade
    reason: str
    entries: tuple[int, ...]
    """Numbers of the log entries that show it; never empty."""
    at: int
    """The entry with which the conduct stood as marked: only what comes after it can repair it."""
    exercise: int
    """Time of the story, in seconds."""
    source: str
    """`tag`, `self-proposed`, or the name of the detector."""
    adjustments: tuple[str, ...] = ()
    """Why the grade is not as proposed, or does not count: one readable sentence each."""
    observation: bool = False
    """Shown, never scored: a principle, or a text the profile holds for observation only."""
    self_proposed: bool = False
    """The team's own mapping of its own proposal, until an evaluator has looked."""
    rights: bool = False
    knowing: bool = False
    lacking: Lacking | None = None
    voided: bool = False

    @property
    def counts(self) -> bool:
        """Whether it stands in the figures of a scorecard."""
        return not (self.observation or self.voided)

    @property
    def came_back(self) -> bool:
        """Whether the team told those affected and came back to what it set aside, in the words of the log."""
        return any(note.startswith((RAISED, NOT_RAISED)) for note in self.adjustments)

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types, in the order of the fields."""
        return {
            "id": self.id,
            "team": self.team,
            "commitment": self.commitment,
            "instrument": self.instrument,
            "clause": self.clause,
            "occasion": self.occasion,
            "title": self.title,
            "grade": self.grade.value,
            "proposed": self.proposed.value,
            "reason": self.reason,
            "entries": list(self.entries),
            "at": self.at,
            "exercise": self.exercise,
            "source": self.source,
            "adjustments": list(self.adjustments),
            "observation": self.observation,
            "self_proposed": self.self_proposed,
            "rights": self.rights,
            "knowing": self.knowing,
            "lacking": self.lacking.value if self.lacking else None,
            "voided": self.voided,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Mark:
        """A mark as the log kept it; keys that a later version added are left out."""
        mark: Mark = _read(cls, data, "mark")
        return mark


@dataclass(frozen=True, slots=True)
class CapacityFinding:
    """A team could not do what a commitment asks: a finding about its means, and no grade of its conduct."""

    id: str
    team: str
    commitment: str
    instrument: str
    clause: str
    occasion: str
    title: str
    lacking: Lacking | None
    """What it lacked; empty where the scenario does not say."""
    reason: str
    entries: tuple[int, ...]
    exercise: int
    source: str
    voided: bool = False

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types, in the order of the fields."""
        return {
            "id": self.id,
            "team": self.team,
            "commitment": self.commitment,
            "instrument": self.instrument,
            "clause": self.clause,
            "occasion": self.occasion,
            "title": self.title,
            "lacking": self.lacking.value if self.lacking else None,
            "reason": self.reason,
            "entries": list(self.entries),
            "exercise": self.exercise,
            "source": self.source,
            "voided": self.voided,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> CapacityFinding:
        """A finding as it was written out."""
        finding: CapacityFinding = _read(cls, data, "capacity finding")
        return finding


@cache
def _reader(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _read(kind: type, data: Mapping[str, Any], what: str) -> Any:
    """Build a record from data of a log, which anyone may have changed: one line says which field does not fit."""
    try:
        record = _reader(kind).validate_python(dict(data))
    except ValidationError as error:
        field = ".".join(str(part) for part in error.errors()[0]["loc"]) or "its fields"
        raise LogError(f"the log holds a {what} that cannot be read: look at {field}") from None
    if not record.entries:
        raise LogError(f"the log holds a {what} that names no entry")
    return record


def lowest(grades: Iterable[Grade]) -> Grade:
    """The worst of some grades: a clause takes it, for no good conduct pays for bad."""
    row = tuple(grades)
    for grade in LOWEST_FIRST:
        if grade in row:
            return grade
    raise ValueError("there is no worst of no grades")


def raised(grade: Grade, *, rights: bool, was_breached: bool) -> Grade:
    """The grade one step up.

    Where rights are concerned a step never reaches honoured, and what began as a breach never passes neglected:
    reasons and repairs make an interference smaller, they do not make it a safeguard.
    """
    ceiling = HONOURED if not rights else NEGLECTED if was_breached else PARTLY
    if RANK[grade] >= RANK[ceiling]:
        return grade
    return LOWEST_FIRST[RANK[grade] + 1]


_NOT_KNOWING: Mapping[Force, str] = {
    Force.POLITICAL: "a politically binding text",
    Force.RECOMMENDATION: "a recommendation",
    Force.INTERNAL: "an internal act of an organisation",
}


def under_ceiling(
    grade: Grade, force: Force, *, observed: bool, knowing: bool, bad_faith: bool
) -> tuple[Grade, tuple[str, ...]]:
    """The grade that a text of this force allows, with a sentence for each change.

    Only a treaty duty can be breached by oversight. Texts that bind politically, recommend or bind an organisation
    are breached by a contrary act done knowingly, voluntary measures only in bad faith; else neglected is the worst.
    """
    if observed or force is Force.PRINCIPLE:
        return grade, ("observation: this text is observed and never scored",)
    if grade is not Grade.BREACHED or force is Force.TREATY or bad_faith:
        return grade, ()
    if force is Force.VOLUNTARY:
        return Grade.NEGLECTED, ("ceiling: a voluntary measure is breached only in bad faith, else neglected at worst",)
    if knowing:
        return grade, ()
    text = _NOT_KNOWING[force]
    return Grade.NEGLECTED, (f"ceiling: {text} is breached only by a contrary act done knowingly, else neglected",)
