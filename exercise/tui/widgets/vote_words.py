"""How a team comes to its answer, in words: who answers, who has voted for what, who is missing; pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from exercise.language import Told, _
from exercise.tui.widgets.choices import Lines
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.teamwork.views import BallotView
    from exercise.core.views import DecisionView, ParticipantView

__all__ = ["NEEDS", "listed", "my_vote", "reasons", "shared", "standing", "vote_said", "waits_for"]

NEEDS = Told(
    {
        "lead": "One answers for the team.",
        "vote": "The team votes: more than half decide; once all have voted, most do.",
        "consensus": "The team decides together: everybody has to be for the same option.",
    }
)
"""What each way of deciding needs, in one sentence."""


def shared(view: ParticipantView) -> bool:
    """Whether several people of the team sit apart, so that there is a pen to pass and a text to share."""
    return sum(seat.present for seat in view.seats) > 1


def my_vote(decision: DecisionView, seat: str) -> BallotView | None:
    """What this seat is for, while the decision is open."""
    return next((ballot for ballot in decision.vote.ballots if ballot.seat == seat), None)


def vote_said(decision: DecisionView, seat: str) -> str:
    """This seat's vote and for whom the team waits; empty where it has not voted."""
    mine = my_vote(decision, seat)
    if mine is None or decision.status != "open":
        return ""
    missing = decision.vote.missing
    waits = (
        _("Waiting for {joined}.").format(joined=_joined(missing))
        if missing
        else _("You do not agree yet: talk, and vote again.")
    )
    return _("Your vote: {letter}. {waits} Until then you may change it.").format(
        letter=_letter(decision, mine.option), waits=waits
    )


def waits_for(decision: DecisionView, seat: str) -> str:
    """Why this seat can do nothing more about a decision now, in one sentence; empty where it can."""
    vote = decision.vote
    if vote.voting:
        return vote_said(decision, seat)
    if vote.may_answer:
        return ""
    return _("{pen} answers this one for your team.").format(pen=vote.pen) if vote.pen else _("You look on.")


def standing(decision: DecisionView, view: ParticipantView) -> Lines | None:
    """Who answers, or how the vote stands, in a few lines; None where there is nothing to say."""
    vote = decision.vote
    if decision.status != "open" or not shared(view):
        return None
    if not vote.voting:
        mine = (
            _("You answer this one for your team.") if vote.pen else _("Whoever of you answers does so for the team.")
        )
        who = mine if vote.may_answer else waits_for(decision, view.seat)
        return Lines(("✎ ", safe(who, "bold") + safe(_(" w: the reason that you write together."))))
    lines: list[tuple[str, Content]] = [("☑ ", safe(NEEDS[vote.mode], "bold"))]
    by_option: dict[str, list[str]] = {}
    for ballot in vote.ballots:
        by_option.setdefault(ballot.option, []).append(_("you") if ballot.seat == view.seat else ballot.who)
    said = [f"{_letter(decision, option)}: {listed(who)}" for option, who in by_option.items()]
    missing = (
        _("still to vote: {missing}").format(missing=listed(vote.missing))
        if vote.missing
        else _("all have voted, and do not agree")
    )
    lines.append(("  ", safe(" · ".join([*said, missing]))))
    return Lines(*lines)


def reasons(decision: DecisionView, seat: str) -> str:
    """Who is for what and why, as light Markdown to stand below the question; empty where nobody has voted."""
    lines = [
        f"- **{_letter(decision, ballot.option)}** {_('You') if ballot.seat == seat else plain(ballot.who)}: "
        f"{plain(ballot.reason) or _('no reason given')}"
        for ballot in decision.vote.ballots
    ]
    return "\n".join((_("### The votes so far\n"), *lines)) if lines and decision.status == "open" else ""


def _letter(decision: DecisionView, option: str) -> str:
    return next((shown.letter for shown in decision.options if shown.id == option), "?")


def listed(names: Sequence[str]) -> str:
    """Names in a row, told apart also where one holds a comma of its own."""
    return ("; " if any("," in name for name in names) else ", ").join(names)


def _joined(names: tuple[str, ...]) -> str:
    *first, last = names
    if any("," in name for name in names):
        return listed(names)
    return _("{first} and {last}").format(first=", ".join(first), last=last) if first else last
