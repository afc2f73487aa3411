"""How grades and marks are shown: always a sign and a word, so that nothing is told by colour alone."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from exercise.core.marks import Mark
from exercise.core.script import Grade
from exercise.language import _
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.times import exercise_time

SIGNS: Mapping[Grade, str] = {
    Grade.HONOURED: "●",
    Grade.PARTLY: "◐",
    Grade.NEGLECTED: "○",
    Grade.BREACHED: "✕",
}
CHIP = Content.styled(" EXERCISE ", "bold auto on $accent")
"""Stands on every page that could be taken for a verdict on someone."""
_STYLES: Mapping[Grade, str] = {
    Grade.HONOURED: "$text-success",
    Grade.PARTLY: "$text-warning",
    Grade.NEGLECTED: "$text-secondary",
    Grade.BREACHED: "bold $text-error",
}


def legend() -> str:
    """Each sign with its word."""
    return "  ".join(f"{sign} {_(grade.value)}" for grade, sign in SIGNS.items())


def grade_text(grade: Grade, pad: bool = False) -> Content:
    """`● honoured`, padded to the widest where it stands in a column."""
    text = f"{SIGNS[grade]} {_(grade.value)}"
    widest = max(len(_(other.value)) for other in Grade) + 2
    return Content.styled(f"{text:<{widest}}" if pad else text, _STYLES[grade])


def mark_row(mark: Mark) -> Line:
    """A mark below its clause: grade and occasion, and whether it counts."""
    left = Content.assemble("        ", grade_text(mark.grade, pad=True), "  ", safe(mark.title))
    notes = [exercise_time(mark.exercise)]
    if mark.voided:
        notes.insert(0, _("void"))
    elif mark.observation:
        notes.insert(0, _("observed"))
    if mark.self_proposed:
        notes.insert(0, _("self-proposed"))
    return Line(left, Content.styled("  ".join(notes), "$foreground 65%"))
