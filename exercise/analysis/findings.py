"""All findings of an exploration, in one row: what an author should mend, look at, or know."""

from __future__ import annotations

from exercise.analysis.dominance import Compared, compare_siblings
from exercise.analysis.explored import Explored
from exercise.analysis.finding_choice import dominated
from exercise.analysis.finding_dead import dead
from exercise.analysis.finding_load import load
from exercise.analysis.finding_marks import always_the_same, changes_nothing, indicators, untested, wins_everywhere
from exercise.analysis.found import Finding
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario


def findings(
    scenario: Scenario, reference: Reference, explored: Explored, compared: tuple[Compared, ...] | None = None
) -> tuple[Finding, ...]:
    """Every finding; `compared` are the siblings beside each other, where they were compared already."""
    if compared is None:
        compared = compare_siblings(scenario, reference)
    return (
        *dominated(scenario, reference, explored, compared),
        *dead(scenario, explored),
        *changes_nothing(scenario, explored, compared),
        *always_the_same(scenario, explored),
        *indicators(scenario, explored),
        *wins_everywhere(scenario, explored),
        *load(scenario, explored),
        *untested(scenario, reference, explored),
    )
