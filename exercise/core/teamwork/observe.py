"""How views of team play are built: each line decides anew whether this seat may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from exercise.core.asked import FACILITATOR
from exercise.core.audience import reaches
from exercise.core.cast import Team
from exercise.core.scenario import Scenario
from exercise.core.script import Decision
from exercise.core.state import State
from exercise.core.teamwork.commands import OBSERVER, REQUEST, SPECTATOR
from exercise.core.teamwork.seating import (
    leading_seat,
    may_answer,
    mode_of,
    named,
    pen_seat,
    present_seats,
    role_name,
    seat_label,
    seats_of,
    standing_votes,
    takes_votes,
)
from exercise.core.teamwork.state import Spoken
from exercise.core.teamwork.views import LED, BallotView, DraftView, SeatView, TalkLine, VoteView
from exercise.language import N_, _

if TYPE_CHECKING:
    from exercise.core.views import DecisionView

CONTROL = N_("Exercise control")


def seat_views(team: Team, state: State) -> tuple[SeatView, ...]:
    """The seats of a team, the whole team's first, taken or not."""
    return tuple(_seat(state, seat, role_name(team, seat), seat == leading_seat(team)) for seat in seats_of(team))


def all_seats(scenario: Scenario, state: State) -> tuple[tuple[str, SeatView], ...]:
    """Every team's seats with its short name, and of the others those that somebody has taken."""
    others = {FACILITATOR: _(CONTROL), OBSERVER: _("Observer"), SPECTATOR: _("Spectator")}
    seats = [(team.short, view) for team in scenario.teams for view in seat_views(team, state)]
    return (*seats, *(("", _seat(state, seat, name, False)) for seat, name in others.items() if seat in state.seats))


def _seat(state: State, seat: str, role: str, leads: bool) -> SeatView:
    taken = state.seats.get(seat)
    present = taken is not None and taken.present
    return SeatView(seat, role, taken.name if taken is not None and present else "", present, leads)


def joined(state: State, seat: str) -> int | None:
    """Time of the story at which whoever sits there sat down."""
    taken = state.seats.get(seat)
    return taken.exercise if taken is not None and taken.present else None


def with_votes(
    scenario: Scenario, state: State, seat: str, decisions: Iterable[DecisionView]
) -> tuple[DecisionView, ...]:
    """A team's decisions, each with how the team comes to it, as this seat of the team sees them."""
    team = scenario.teams_by_id[seat.partition("/")[0]]
    return tuple(_with_vote(scenario, state, team, seat, view) for view in decisions)


def _with_vote(scenario: Scenario, state: State, team: Team, seat: str, view: DecisionView) -> DecisionView:
    vote = _vote(team, scenario.decisions_by_id[view.id], state, seat)
    return view if vote == LED else replace(view, vote=vote)


def with_all_votes(
    scenario: Scenario, state: State, decisions: Iterable[tuple[str, DecisionView]]
) -> tuple[tuple[str, DecisionView], ...]:
    """All decisions with their votes, for exercise control."""
    teams = {name: scenario.teams_by_id[scenario.decisions_by_id[name].team] for name in state.decisions}
    return tuple(
        (short, _with_vote(scenario, state, teams[view.id], teams[view.id].id, view)) for short, view in decisions
    )


def _vote(team: Team, decision: Decision, state: State, seat: str) -> VoteView:
    mode = mode_of(team, decision)
    if not state.seats:
        return LED if mode == "lead" else VoteView(mode)
    opened = state.decisions[decision.id]
    still_open = opened.status == "open"
    cast = state.votes.get(decision.id, {})
    counts = standing_votes(team, decision, state) if still_open else cast
    titles = {option.id: option.title for option in decision.options}
    ballots = tuple(
        BallotView(
            by,
            named(role_name(team, by), vote.name),
            vote.option,
            titles[vote.option],
            vote.grounds.reason,
            vote.exercise,
        )
        for by in seats_of(team)
        if (vote := counts.get(by)) is not None and vote.revision == opened.revision
    )
    if not still_open:
        return VoteView(mode, ballots=ballots)
    voting = takes_votes(team, decision, state)
    holder = None if voting else pen_seat(team, decision, state)
    missing = [by for by in present_seats(team, state) if by not in counts] if voting else []
    return VoteView(
        mode,
        voting,
        ballots,
        tuple(seat_label(team, state, by) for by in missing),
        seat_label(team, state, holder) if holder is not None else "",
        may_answer(team, decision, state, seat),
    )


def draft_views(scenario: Scenario, state: State, seat: str) -> tuple[DraftView, ...]:
    """The shared drafts of a seat's team, in the order in which they were begun."""
    team = scenario.teams_by_id[seat.partition("/")[0]]
    views = []
    for (team_id, subject), draft in state.drafts.items():
        if team_id != team.id:
            continue
        decision = scenario.decisions_by_id.get(subject)
        views.append(
            DraftView(
                subject=subject,
                title=decision.title if decision is not None and subject != REQUEST else _("Request"),
                text=draft.text,
                holder=draft.holder or "",
                who=seat_label(team, state, draft.holder) if draft.holder is not None else "",
                mine=draft.holder == seat,
                exercise=draft.exercise,
                play=draft.play,
            )
        )
    return tuple(views)


def all_drafts(scenario: Scenario, state: State) -> tuple[tuple[str, DraftView], ...]:
    """Every team's drafts with its short name."""
    return tuple((team.short, view) for team in scenario.teams for view in draft_views(scenario, state, team.id))


def talk(scenario: Scenario, state: State, seat: str) -> tuple[TalkLine, ...]:
    """What a seat has heard and its team has said, oldest first; control hears everything."""
    own = seat.partition("/")[0]
    heard = (said for said in state.talk if said.seat.partition("/")[0] == own or reaches((said.to,), seat))
    return tuple(_line(scenario, said, own) for said in heard)


def public_talk(scenario: Scenario, state: State) -> tuple[TalkLine, ...]:
    """What control has said to everybody."""
    return tuple(_line(scenario, said, "") for said in state.talk if said.to == "all")


def _line(scenario: Scenario, said: Spoken, own: str) -> TalkLine:
    team = said.seat.partition("/")[0]
    inside = own in (team, FACILITATOR)
    kind: Literal["talk", "message", "control"] = "message"
    if FACILITATOR in (said.seat, said.to):
        kind = "control"
    elif said.to == team:
        kind = "talk"
    # Who in another team spoke, in which role and under which name, is that team's own business.
    sender = _place(scenario, said.seat if inside else team, own)
    return TalkLine(
        kind=kind,
        seat=said.seat if inside else team,
        sender=named(sender, said.name) if inside else sender,
        to=_place(scenario, said.to, own),
        text=said.text,
        official=said.official,
        own=team == own,
        exercise=said.exercise,
        play=said.play,
    )


def _place(scenario: Scenario, seat: str, own: str) -> str:
    """What a seat or an address is called: inside the own team by its role alone."""
    team_id, _unused, role_id = seat.partition("/")
    team = scenario.teams_by_id.get(team_id)
    if team is None:
        return {"all": _("All"), FACILITATOR: _(CONTROL)}.get(team_id, team_id)
    role = role_name(team, seat) if role_id else ""
    return role if role and team_id == own else f"{team.short}: {role}" if role else team.short
