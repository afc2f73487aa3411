"""Which actors and requests a controller answers for, so that the script keeps still about them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exercise.core.asked import FACILITATOR

if TYPE_CHECKING:
    from exercise.core.requests.state import Errand, RequestState
    from exercise.core.scenario import Scenario
    from exercise.core.state import State

_WHAT = re.compile(r"(actor):([a-z0-9][a-z0-9.-]{0,119})|(request):([1-9][0-9]{0,5})", re.ASCII)


def read_claim(what: str) -> tuple[str, str] | None:
    """`actor` or `request` and its name, of what may be claimed; None for anything else."""
    match = _WHAT.fullmatch(what)
    return (match[1] or match[3], match[2] or match[4]) if match else None


def covers(what: str, request: RequestState, state: State) -> bool:
    """Whether a claim is of this request, or of an actor that has a part in it."""
    kind, _, name = what.partition(":")
    if kind == "actor":
        return name in (request.by, request.to)
    board = state.boards.get(FACILITATOR, ())
    return name.isdecimal() and board[int(name) - 1 : int(name)] == (request.id,)


def is_claimed(state: State, request: RequestState) -> bool:
    """Whether a controller answers it, or answers for an actor that has a part in it."""
    return any(covers(what, request, state) for what in state.claims)


def stands_still(state: State, errand: Errand) -> bool:
    """Whether an actor's reply waits because a controller has claimed it; what is on its way arrives all the same."""
    return bool(state.claims) and errand.what != "arrive" and is_claimed(state, state.requests[errand.request])


def of_actors(scenario: Scenario, request: RequestState) -> bool:
    """Whether control has a part in a request, since an actor asks or is asked."""
    return request.by in scenario.actors_by_id or request.to in scenario.actors_by_id
