"""The pages of the hot wash by the ids that exercise control turns them by."""

from __future__ import annotations

__all__ = ["HOT_WASH_PAGES"]

HOT_WASH_PAGES: tuple[tuple[str, str], ...] = (
    ("scorecard", "Scorecard"),
    ("indicators", "Indicators"),
    ("facts", "What was true"),
    ("decisions", "Decisions"),
    ("questions", "Questions"),
    ("requests", "Requests"),
    ("survey", "Survey"),
)
"""Id and title, in their order on the screen; the survey opens over it, for each their own sheet."""
