"""What is asked before something lapses: pressing on must never lose an answer by a slip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercise.tui.screens.confirm import ConfirmScreen
from exercise.tui.widgets.vote_words import waits_for
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.views import ParticipantView

__all__ = ["decision_open", "request_open"]


def decision_open(view: ParticipantView, text: str) -> tuple[ConfirmScreen, bool]:
    """The question before a window closes, and whether this seat can decide; `text` is the refusal."""
    # The refusal names the decision; its title is for the eyes of the team that has it.
    named = next((decision for decision in view.open_decisions if decision.title in text), None)
    waits = "" if named is None else waits_for(named, view.seat)
    mine = named is not None and not waits
    said = plain(text) if named else "Another team at this keyboard still has a decision to take."
    advice = "Decide first, with **d**." if mine else f"{plain(waits)} Pass the keyboard on with **t**.".strip()
    lapse = "Or let it lapse: what happens without an answer happens then, and that is assessed too."
    question = ConfirmScreen(
        "A decision is still open",
        f"{said}\n\n{advice} {lapse}",
        yes="Let it lapse",
        no="Decide now" if mine else "Go back",
    )
    return question, mine


def request_open(view: ParticipantView) -> tuple[ConfirmScreen, bool]:
    """The question before a request lapses, and whether it waits for this team."""
    waiting = bool(view.waiting_requests)
    # The refusal names the request; what it is about is for the eyes of the team that has it.
    said = "A request waits for your answer" if waiting else "Another team at this keyboard has a request to answer"
    advice = "Answer it first, with **r**." if waiting else "Pass the keyboard on with **t**."
    question = ConfirmScreen(
        "A request is not answered yet",
        f"{said}, and its time would pass.\n\n{advice} Or let it lapse: that is assessed too.",
        yes="Let it lapse",
        no="Answer now" if waiting else "Go back",
    )
    return question, waiting
