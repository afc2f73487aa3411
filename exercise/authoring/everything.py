"""A scenario with all of it open at once, so that the views of play can show what has not happened yet.

Only for authors: every message has arrived, every decision stands open, every piece of evidence is held. What a team
sees is then built by the same function as in play, and not by another one that could differ from it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from exercise.core.observe import participant_view
from exercise.core.requests.state import Holding
from exercise.core.scenario import Scenario
from exercise.core.state import Clock, DecisionState, Message, State
from exercise.core.timetable import Row, timetable
from exercise.core.views import ParticipantView

__all__ = ["Everything", "Place", "places"]


class Place(NamedTuple):
    """When a row comes, as far as that is known beforehand; sorts by time. `move` is one past the last for never."""

    move: int
    offset: int
    exercise: int
    position: int


def places(scenario: Scenario) -> dict[str, Place]:
    """Where in the exercise each inject and decision stands: by its time, by what it follows, or at the end."""
    table = timetable(scenario)
    found = {
        slot.row.id: Place(slot.move, slot.offset, slot.exercise, slot.position)
        for slots in table.timed
        for slot in slots
    }
    waiting = list(table.pending)
    never = len(scenario.moves)
    for _ in range(len(waiting)):
        left = []
        for item in waiting:
            slot, before = item.slot, found.get(item.row.follows or "")
            if slot is not None:
                found[item.row.id] = Place(slot.move, slot.offset, slot.exercise, item.position)
            elif before is not None:
                found[item.row.id] = before._replace(position=item.position)
            else:
                left.append(item)
        if len(left) == len(waiting):
            break
        waiting = left
    for item in waiting:
        found[item.row.id] = Place(never, 0, scenario.moves[-1].ends, item.position)
    return found


class Everything:
    """The scenario in the state in which all is open, and the views of its seats."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.places = places(scenario)
        rows: list[Row] = [*scenario.injects, *scenario.decisions]
        self.rows = sorted(rows, key=lambda row: self.places[row.id])
        # A condition that says from when on something is offered would hide it here.
        self._open = scenario.model_copy(
            update={
                "matters": tuple(matter.model_copy(update={"known": None}) for matter in scenario.matters),
                "decisions": tuple(
                    decision.model_copy(
                        update={
                            "options": tuple(
                                option.model_copy(update={"available": None}) for option in decision.options
                            )
                        }
                    )
                    for decision in scenario.decisions
                ),
            }
        )
        self._messages = self._all_messages()
        self._state = State(
            clock=Clock(phase="move", move=0, seconds=1),
            facts={fact.id: fact.values[0].value for fact in scenario.facts},
            indicators={indicator.id: indicator.start for indicator in scenario.indicators},
            messages=self._messages,
            released={inject.id: self.places[inject.id].exercise for inject in scenario.injects},
            decisions={
                decision.id: DecisionState(
                    team=decision.team,
                    status="open",
                    revision=1,
                    opened=0,
                    opened_exercise=self.places[decision.id].exercise,
                    closes=decision.window,
                )
                for decision in scenario.decisions
            },
            knowledge={
                team.id: {piece.id: Holding(0, 0, piece.giver, None, piece.handling) for piece in scenario.evidence}
                for team in scenario.teams
            },
        )
        self._views: dict[str, ParticipantView] = {}

    @property
    def seats(self) -> tuple[str, ...]:
        """Every team, each followed by its roles, as ids."""
        return tuple(
            seat for team in self.scenario.teams for seat in (team.id, *(f"{team.id}/{role.id}" for role in team.roles))
        )

    def view(self, seat: str) -> ParticipantView:
        """What a seat sees of all this."""
        if seat not in self._views:
            self._views[seat] = participant_view(self._open, self._state, seat)
        return self._views[seat]

    def at_decision(self, seat: str, decision: str) -> ParticipantView:
        """What a seat sees at the moment at which a decision is put, with no other one open."""
        view, place = self.view(seat), self.places[decision]
        number = min(place.move, len(self.scenario.moves) - 1)
        move = self.scenario.moves[number]
        clock = replace(view.clock, move=number + 1, move_title=move.title, exercise=place.exercise)
        return replace(view, clock=clock, decisions=tuple(one for one in view.decisions if one.id == decision))

    def inject_of(self, seat: str) -> dict[str, int]:
        """The injects that reach a seat, each with the place of its message in the seat's inbox."""
        from exercise.core.audience import reaches

        got = [message.inject or "" for message in self._messages if reaches(message.to, seat)]
        return {inject: place for place, inject in enumerate(got)}

    def _all_messages(self) -> tuple[Message, ...]:
        injects = {inject.id: inject for inject in self.scenario.injects}
        return tuple(
            Message(number, injects[row.id].to, 0, self.places[row.id].exercise, inject=row.id)
            for number, row in enumerate((row for row in self.rows if row.id in injects), 1)
        )
