"""What handing over a terminal says: of teams, or of seats where the roles of a team sit apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from exercise.language import N_


class HandingOver(NamedTuple):
    """The sentences, to be translated where they are shown."""

    opening: str
    does: str
    usage: str
    goes: str


_TEAMS = HandingOver(
    N_("At this terminal: {joined}. 'pass' hands over to another team."),
    N_("hand the terminal to another team (with a number: as forward)"),
    N_("pass [TEAM]"),
    N_("The terminal goes to {name}. Nothing of another team is shown from here on."),
)
_SEATS = HandingOver(
    N_("At this terminal: {joined}. 'pass' hands over to another seat."),
    N_("hand the terminal to another seat (with a number: as forward)"),
    N_("pass [SEAT]"),
    N_("The terminal goes to {name}. Nothing of another seat is shown from here on."),
)


def handing(seats: Iterable[str]) -> HandingOver:
    """How it is said at a terminal where these sit."""
    return _SEATS if any("/" in seat for seat in seats) else _TEAMS
