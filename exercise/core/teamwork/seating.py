"""Who sits at a team's table, who may answer a decision, and how its votes stand: one place for rules and views."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from exercise.core.asked import FACILITATOR
from exercise.core.cast import DecisionMode, Team
from exercise.core.script import Decision
from exercise.core.state import State
from exercise.core.teamwork.state import Vote
from exercise.core.turn import available_options
from exercise.language import _


def seats_of(team: Team) -> tuple[str, ...]:
    """All seats of a team: the whole team's first, then its roles in the order of the file."""
    return (team.id, *(f"{team.id}/{role.id}" for role in team.roles))


def is_present(state: State, seat: str) -> bool:
    """Whether somebody sits there; exercise control always does."""
    taken = state.seats.get(seat)
    return seat == FACILITATOR or (taken is not None and taken.present)


def present_seats(team: Team, state: State) -> tuple[str, ...]:
    """The team's seats where somebody sits."""
    return tuple(seat for seat in seats_of(team) if is_present(state, seat)) if state.seats else ()


def leading_seat(team: Team) -> str | None:
    """The seat of the role that speaks for the team."""
    return next((f"{team.id}/{role.id}" for role in team.roles if role.leads), None)


def role_name(team: Team, seat: str) -> str:
    """What a seat of this team is called: its role, or the team's short name."""
    role_id = seat.partition("/")[2]
    return next((role.name for role in team.roles if role.id == role_id), role_id) or team.short


def seat_label(team: Team, state: State, seat: str) -> str:
    """A seat's name with the pseudonym of whoever sits there, for the members of its own team."""
    if seat == FACILITATOR:
        return _("Exercise control")
    taken = state.seats.get(seat)
    return named(role_name(team, seat), taken.name if taken is not None and taken.present else "")


def named(role: str, name: str) -> str:
    """A role with the pseudonym of whoever plays it."""
    return f"{role} ({name})" if name else role


def mode_of(team: Team, decision: Decision) -> DecisionMode:
    """How the team is to come to this decision."""
    return decision.mode or team.mode


def takes_votes(team: Team, decision: Decision, state: State) -> bool:
    """Whether an answer counts as a vote now: it takes two to vote, and one person alone answers as a lead does."""
    return mode_of(team, decision) != "lead" and len(present_seats(team, state)) >= 2


def pen_seat(team: Team, decision: Decision, state: State) -> str | None:
    """The role that answers a decision where a lead does, or None where every seat of the team may.

    It is the role the decision names, else the one that leads. Where neither sits at the table, whoever does sit there
    answers, or a team that comes with half its people could decide nothing.
    """
    leading = leading_seat(team)
    wanted = (f"{team.id}/{decision.role}" if decision.role else leading, leading)
    return next((seat for seat in wanted if seat is not None and is_present(state, seat)), None)


def may_answer(team: Team, decision: Decision, state: State, seat: str) -> bool:
    """Whether a seat of the team may answer, or vote, as things stand."""
    if takes_votes(team, decision, state):
        return is_present(state, seat)
    return pen_seat(team, decision, state) in (None, seat) or seat == team.id


def standing_votes(team: Team, decision: Decision, state: State) -> Mapping[str, Vote]:
    """The votes that count now, by seat: of those present, for what is still offered, on the revision now open."""
    cast = state.votes.get(decision.id)
    opened = state.decisions.get(decision.id)
    if not cast or opened is None:
        return {}
    offered = {option.id for option in available_options(decision, state)}
    counts = {seat: cast[seat] for seat in present_seats(team, state) if seat in cast}
    return {s: vote for s, vote in counts.items() if vote.revision == opened.revision and vote.option in offered}


def agreed_option(team: Team, decision: Decision, state: State, closing: bool = False) -> str | None:
    """The option the votes have come to, or None while they have come to none.

    A vote needs a majority of those present, or everybody's vote and one option ahead; consensus needs everybody for
    one option. When control is closing the vote, what has been cast decides, and a tie that the leading role does not
    break goes to the option that stands first in the file.
    """
    votes = standing_votes(team, decision, state)
    if not votes:
        return None
    present = len(present_seats(team, state))
    counted = Counter(vote.option for vote in votes.values())
    most = max(counted.values())
    ahead = [option.id for option in decision.options if counted[option.id] == most]
    if not closing:
        if mode_of(team, decision) == "consensus":
            return ahead[0] if most == present else None
        if most * 2 <= present and len(votes) < present:
            return None
    if len(ahead) == 1:
        return ahead[0]
    leading = votes.get(leading_seat(team) or "")
    if leading is not None and leading.option in ahead:
        return leading.option
    return ahead[0] if closing else None
