"""What each event of team play does to a state."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from exercise.core.happened import Happened
from exercise.core.records import replace
from exercise.core.teamwork import events as ev
from exercise.core.teamwork.state import Draft, Grounds, SeatState, Spoken, Vote

if TYPE_CHECKING:
    from exercise.core.state import State


def _seat_taken(state: State, event: ev.SeatTaken) -> State:
    clock = state.clock
    return replace(state, seats={**state.seats, event.seat: SeatState(event.name, clock.play, clock.exercise)})


def _seat_left(state: State, event: ev.SeatLeft) -> State:
    seats = {**state.seats, event.seat: dataclasses.replace(state.seats[event.seat], present=False)}
    # Whoever sits down next has not voted; what was voted on a decision that is answered stays as it was.
    votes = {
        name: {seat: vote for seat, vote in cast.items() if seat != event.seat}
        if state.decisions[name].status == "open"
        else cast
        for name, cast in state.votes.items()
    }
    return replace(state, seats=seats, votes=votes)


def _vote_cast(state: State, event: ev.VoteCast) -> State:
    clock = state.clock
    grounds = Grounds(event.reason, event.basis, event.set_aside, event.safeguards)
    vote = Vote(_name(state, event.seat), event.revision, event.option, clock.play, clock.exercise, grounds)
    cast = {**state.votes.get(event.decision, {}), event.seat: vote}
    return replace(state, votes={**state.votes, event.decision: cast})


def _draft(state: State, event: ev.PenTaken | ev.DraftWritten | ev.PenPutDown) -> State:
    clock, key = state.clock, (event.team, event.subject)
    before = state.drafts.get(key) or Draft("", None, clock.play, clock.exercise)
    text = event.text if isinstance(event, ev.DraftWritten) else before.text
    holder = None if isinstance(event, ev.PenPutDown) else event.seat
    return replace(state, drafts={**state.drafts, key: Draft(text, holder, clock.play, clock.exercise)})


def _message_spoken(state: State, event: ev.MessageSpoken) -> State:
    clock, name = state.clock, _name(state, event.seat)
    said = Spoken(event.seat, name, event.to, event.text, event.official, clock.play, clock.exercise)
    return replace(state, talk=state.talk.add(said))


def _name(state: State, seat: str) -> str:
    taken = state.seats.get(seat)
    return taken.name if taken is not None and taken.present else ""


FOLDS: Mapping[type[Happened], Callable[[State, Any], State]] = {
    ev.SeatTaken: _seat_taken,
    ev.SeatLeft: _seat_left,
    ev.VoteCast: _vote_cast,
    ev.PenTaken: _draft,
    ev.DraftWritten: _draft,
    ev.PenPutDown: _draft,
    ev.MessageSpoken: _message_spoken,
}
"""The rows that team play adds to the table of `evolve`."""
