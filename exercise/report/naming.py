"""How a report speaks of people, marks and moments, the same on every page."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from exercise.core.script import Grade
from exercise.core.times import tell_exercise_time
from exercise.language import Told, _
from exercise.report.blocks import Link
from exercise.report.model import AfterAction
from exercise.report.parts import Mark
from exercise.report.words import listed

RATINGS: Mapping[str, str] = Told(
    {
        "P": "performed without challenges",
        "S": "performed with some challenges",
        "M": "performed with major challenges",
        "U": "unable to be performed",
    }
)

GRADES: Mapping[Grade, str] = Told(
    {
        Grade.HONOURED: "honoured",
        Grade.PARTLY: "partly",
        Grade.NEGLECTED: "neglected",
        Grade.BREACHED: "breached",
    }
)

MOST_MARKS = 5
"""Marks named in one cell; the appendix has them all, by team and in the order of their conduct."""


class Names:
    """Names and places of one report."""

    def __init__(self, report: AfterAction) -> None:
        self._report = report
        self._seqs = [line.seq for line in report.timeline]
        control = report.control
        self._evaluators = {one.number: one for one in control.evaluators} if control else {}
        self.marks = {mark.number: mark for mark in report.marks}
        self.decisions = {row.id: row for row in report.decisions}

    def team(self, id: str) -> str:
        """A team or body."""
        return self._report.team_name(id)

    def teams(self, ids: Iterable[str]) -> str:
        """Several of them."""
        return listed([self.team(id) for id in ids])

    def evaluator(self, number: int) -> str:
        """An evaluator: a number, with name and delegation where the edition has them."""
        one = self._evaluators.get(number)
        if one is None:
            return _("Evaluator {number}").format(number=number)
        name = f", {one.name}" if one.name else ""
        return _("Evaluator {number}{name} ({delegation})").format(number=number, name=name, delegation=one.delegation)

    def entry(self, seqs: tuple[int, ...]) -> Link | str:
        """Entries of the log, leading to the line of the timeline that tells of the first of them."""
        text = ", ".join(map(str, seqs))
        place = bisect_right(self._seqs, seqs[0])
        return Link(text, f"entry-{self._seqs[place - 1]}") if place else text

    def mark(self, numbers: tuple[int, ...]) -> Link | str:
        """Marks by their numbers, leading to the first of them."""
        if not numbers:
            return ""
        shown = runs(numbers[:MOST_MARKS])
        more = len(numbers) - MOST_MARKS
        return Link(
            _("{shown}, {more} more").format(shown=shown, more=more) if more > 0 else shown, f"mark-{numbers[0]}"
        )


def runs(numbers: tuple[int, ...]) -> str:
    """`3, 5–8, 12`."""
    found: list[list[int]] = []
    for each in sorted(numbers):
        if found and each == found[-1][1] + 1:
            found[-1][1] = each
        else:
            found.append([each, each])
    return ", ".join(str(a) if a == b else f"{a}–{b}" if b > a + 1 else f"{a}, {b}" for a, b in found)


def graded(mark: Mark) -> str:
    """A mark's grade as it stands, with what it was proposed as where that is another."""
    stands = GRADES[mark.grade] if mark.grade else _("does not apply")
    if mark.voided:
        stands += _(", voided")
    elif mark.observation:
        stands += _(", observed only")
    return (
        stands
        if mark.grade is mark.proposed
        else _("{stands} (proposed: {proposed})").format(stands=stands, proposed=GRADES[mark.proposed])
    )


def story(seconds: int | None) -> str:
    """A time of the story, or a dash."""
    return "–" if seconds is None else tell_exercise_time(seconds)
