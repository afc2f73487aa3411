"""The pages of the hot wash by the ids that exercise control turns them by."""

from __future__ import annotations

from exercise.language import N_

__all__ = ["HOT_WASH_PAGES"]

HOT_WASH_PAGES: tuple[tuple[str, str], ...] = (
    ("scorecard", N_("Scorecard")),
    ("indicators", N_("Indicators")),
    ("facts", N_("What was true")),
    ("decisions", N_("Decisions")),
    ("questions", N_("Questions")),
    ("requests", N_("Requests")),
    ("survey", N_("Survey")),
)
"""Id and title, in their order on the screen; the survey opens over it, for each their own sheet."""
