"""What is asked before something lapses: pressing on must never lose an answer by a slip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercise.language import _
from exercise.tui.screens.confirm import ConfirmScreen
from exercise.tui.widgets.vote_words import waits_for
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.views import ParticipantView

__all__ = ["decision_open", "request_open", "time_passes"]


def decision_open(view: ParticipantView, text: str) -> tuple[ConfirmScreen, bool]:
    """The question before a window closes, and whether this seat can decide; `text` is the refusal."""
    # The refusal names the decision; its title is for the eyes of the team that has it.
    named = next((decision for decision in view.open_decisions if decision.title in text), None)
    waits = "" if named is None else waits_for(named, view.seat)
    mine = named is not None and not waits
    said = plain(text) if named else _("Another team at this keyboard still has a decision to take.")
    advice = (
        _("Decide first, with **d**.")
        if mine
        else _("{waits} Pass the keyboard on with **t**.").format(waits=plain(waits)).strip()
    )
    lapse = _("Or let it lapse: what happens without an answer happens then, and that is assessed too.")
    question = ConfirmScreen(
        _("A decision is still open"),
        f"{said}\n\n{advice} {lapse}",
        yes=_("Let it lapse"),
        no=_("Decide now") if mine else _("Go back"),
    )
    return question, mine


def time_passes(said: str, *, decide: bool) -> ConfirmScreen:
    """The question before much of a team's time goes by at once; `said` is empty where it is another team's time."""
    text = plain(said) or _(
        "Another team at this keyboard has something to decide or to read before so much time goes by. "
        "Pass the keyboard on with **t**."
    )
    stay = _("Go back") if not said else _("Decide first") if decide else _("Read first")
    return ConfirmScreen(_("Go on?"), text, yes=_("Go on"), no=stay)


def request_open(view: ParticipantView) -> tuple[ConfirmScreen, bool]:
    """The question before a request lapses, and whether it waits for this team."""
    waiting = bool(view.waiting_requests)
    # The refusal names the request; what it is about is for the eyes of the team that has it.
    said = (
        _("A request waits for your answer") if waiting else _("Another team at this keyboard has a request to answer")
    )
    advice = _("Answer it first, with **r**.") if waiting else _("Pass the keyboard on with **t**.")
    question = ConfirmScreen(
        _("A request is not answered yet"),
        _("{said}, and its time would pass.\n\n{advice} Or let it lapse: that is assessed too.").format(
            said=said, advice=advice
        ),
        yes=_("Let it lapse"),
        no=_("Answer now") if waiting else _("Go back"),
    )
    return question, waiting
