"""Indicators with value, course and trend, drawn as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from exercise.language import _
from exercise.tui.widgets.line import Wrapped
from exercise.tui.widgets.prose import safe

if TYPE_CHECKING:
    from exercise.core.views import IndicatorView

__all__ = ["IndicatorLines", "course_line", "number", "trend"]

_STEPS = "▁▂▃▄▅▆▇█"


def number(value: float, unit: str = "") -> str:
    """A value with its unit, without digits that mean nothing."""
    text = f"{value:.0f}" if abs(value - round(value)) < 0.05 else f"{value:.1f}"
    return f"{text} {unit}" if unit else text


def course_line(indicator: IndicatorView, width: int) -> str:
    """The course as a row of blocks, oldest left; each stands for the value at that moment of the story."""
    course = indicator.course
    span = indicator.highest - indicator.lowest
    if not course or span <= 0 or width < 1:
        return ""
    first, last = course[0][1], course[-1][1]
    width = min(width, max(1, len(course) * 3)) if last > first else 1
    line, at = [], 0
    for cell in range(width):
        moment = first + (last - first) * (cell + 1) / width
        while at + 1 < len(course) and course[at + 1][1] <= moment:
            at += 1
        share = (course[at][2] - indicator.lowest) / span
        line.append(_STEPS[max(0, min(7, int(share * 8)))])
    return "".join(line)


def trend(indicator: IndicatorView) -> tuple[str, str]:
    """How it stands against its start, in a sign and a word, and the style to draw it in."""
    start = indicator.course[0][2] if indicator.course else indicator.value
    change = indicator.value - start
    if abs(change) < 0.05:
        return _("= as at start"), "$foreground 65%"
    sign = "▲" if change > 0 else "▼"
    good = (change > 0) == (indicator.better == "higher")
    words = f"{sign} {number(abs(change))} {_('better') if good else _('worse')}"
    return words, "$text-success" if good else "$text-error"


class IndicatorLines(Wrapped):
    """All indicators of a view, some lines each; one widget shows them however many there are."""

    def __init__(self, indicators: tuple[IndicatorView, ...], *, about: bool = False) -> None:
        self._indicators = indicators
        self._about = about

    def lines(self, width: int) -> list[Content]:
        """The lines at a width."""
        lines: list[Content] = []
        for indicator in self._indicators:
            if lines:
                lines.append(Content(""))
            lines.extend(self._one(indicator, max(20, width)))
        return lines or [Content.styled(_("No indicators in this exercise."), "$foreground 65%")]

    def _one(self, indicator: IndicatorView, width: int) -> list[Content]:
        value = safe(number(indicator.value, indicator.unit), "bold")
        owner = _(" ({owner} only)").format(owner=indicator.owner) if indicator.owner else ""
        name = safe(indicator.name + owner).wrap(max(8, width - value.cell_length - 2))
        gap = max(1, width - name[-1].cell_length - value.cell_length)
        lines = [*name[:-1], name[-1] + Content(" " * gap) + value]
        if self._about and indicator.about:
            lines += safe(indicator.about, "$foreground 65%").wrap(width)
        words, style = trend(indicator)
        span = indicator.highest - indicator.lowest
        share = (indicator.value - indicator.lowest) / span if span > 0 else 0.0
        bar = max(6, min(24, width - len(words) - 16))
        full = round(max(0.0, min(1.0, share)) * bar)
        course = course_line(indicator, max(1, width - bar - len(words) - 4))
        row = Content.assemble(
            ("█" * full, "$primary"), ("░" * (bar - full), "$border-blurred"), "  ", (course, "$foreground 65%"), "  "
        )
        room = max(0, width - row.cell_length - len(words))
        lines.append(row + Content(" " * room) + Content.styled(words, style))
        return lines
