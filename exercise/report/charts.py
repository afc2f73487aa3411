"""The figures of a report: from plain counts and times to a picture, the finding in words, and the table behind it.

Nothing in them is told by colour alone: hatches, shapes, line styles and figures say the same, so a grey copy and a
colour-blind reader lose nothing.
"""

from __future__ import annotations

from exercise.report.charts_counted import Conduct, Scale, agreement_chart, scorecard_chart, survey_chart
from exercise.report.charts_courses import (
    Flow,
    Line,
    Moment,
    Span,
    indicators_chart,
    request_network,
    timeline_chart,
)

__all__ = [
    "Conduct",
    "Flow",
    "Line",
    "Moment",
    "Scale",
    "Span",
    "agreement_chart",
    "indicators_chart",
    "request_network",
    "scorecard_chart",
    "survey_chart",
    "timeline_chart",
]
