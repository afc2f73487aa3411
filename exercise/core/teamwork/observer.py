"""What an observer sees: one team at a time, as that team sees itself, and nothing of what is behind the story."""

from __future__ import annotations

from dataclasses import replace

from exercise.core.observe import participant_view
from exercise.core.scenario import Scenario
from exercise.core.state import State
from exercise.core.teamwork.commands import OBSERVER
from exercise.core.teamwork.observe import joined
from exercise.core.views import ParticipantView


def observer_view(scenario: Scenario, state: State, team: str) -> ParticipantView:
    """The whole team's view, without the means to act in it; raises KeyError for a team that is not there."""
    view = participant_view(scenario, state, team)
    return replace(
        view,
        seat=OBSERVER,
        decisions=tuple(replace(shown, vote=replace(shown.vote, may_answer=False)) for shown in view.decisions),
        drafts=tuple(replace(draft, mine=False) for draft in view.drafts),
        joined=joined(state, OBSERVER),
    )
