"""The survey after the hot wash: the scenario's own questions, or a standard set where it has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercise.core.cast import SurveyQuestion
from exercise.language import N_

if TYPE_CHECKING:
    from exercise.core.scenario import Scenario

SCALE = ("1", "2", "3", "4", "5")
"""Answers to a question by scale, from disagreement to agreement."""
SCALE_ENDS = (N_("disagree"), N_("agree"))

STANDARD: tuple[SurveyQuestion, ...] = (
    SurveyQuestion(id="realistic", text=N_("The crisis was one that could happen to us."), kind="scale"),
    SurveyQuestion(id="role", text=N_("I knew what was asked of my role."), kind="scale"),
    SurveyQuestion(id="pace", text=N_("The pace left time to think and to talk."), kind="scale"),
    SurveyQuestion(id="commitments", text=N_("I know better now what my side has committed itself to."), kind="scale"),
    SurveyQuestion(id="contacts", text=N_("I know better now whom to ask for help, and how."), kind="scale"),
    SurveyQuestion(id="fair", text=N_("The marks were fair to what we did."), kind="scale"),
    SurveyQuestion(id="kept", text=N_("What worked and should be kept?"), kind="text"),
    SurveyQuestion(id="change", text=N_("What would you change first at home?"), kind="text"),
    SurveyQuestion(id="exercise", text=N_("What should the next exercise do differently?"), kind="text"),
)


def questions_of(scenario: Scenario) -> tuple[SurveyQuestion, ...]:
    """What participants of this scenario are asked."""
    return scenario.survey or STANDARD
