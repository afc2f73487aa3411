"""An assessment in the language of whoever reads it: the marks are what they were, only their words are others."""

from __future__ import annotations

from dataclasses import replace

from exercise.core.assess import Assessment
from exercise.core.scenario import Scenario


def worded(assessment: Assessment, scenario: Scenario) -> Assessment:
    """The marks with reasons and names as a scenario has them that `read_by` gave.

    The texts of other languages stay behind: it is sent to those who read this one.
    """
    if scenario is assessment.scenario and not scenario.translations:
        return assessment
    marks = tuple(
        replace(mark, reason=scenario.said(mark.reason), title=scenario.said(mark.title)) for mark in assessment.marks
    )
    return replace(assessment, scenario=scenario.model_copy(update={"translations": {}}), marks=marks)
