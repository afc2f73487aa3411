"""Bots that hold an empty team's place: they act after each change, on the hub that drives the clock."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from exercise.errors import ExerciseError
from exercise.session.autoplay import beside_people, wake_bots
from exercise.session.bots import Bot, Policy, make_bot

if TYPE_CHECKING:
    from exercise.hub.room import Room

_log = logging.getLogger(__name__)

MOST_ROUNDS = 200
"""Times that bots may answer each other before the room goes on."""


class Robots:
    """Who plays what is in the log; the bots themselves are made here when they are first needed."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._bots: dict[str, tuple[str, str, Bot]] = {}
        self._awake = False

    def wake(self) -> None:
        """Lets the bots answer what is before them."""
        state = self._room.session.state
        if state.curtain is not None:
            return  # Nobody plays on behind it.
        if self._awake or not state.bots or state.clock.phase != "move" or not self._room.leads():
            return
        self._awake = True
        try:
            bots = {team: self._bot(team, policy) for team, policy in state.bots.items()}
            for _ in range(MOST_ROUNDS):
                if not self._act(bots):
                    break
        except ExerciseError as error:
            _log.warning("a bot was refused: %s", error)
        finally:
            self._awake = False

    def _act(self, bots: dict[str, Bot]) -> int:
        session = self._room.session
        return wake_bots(session.scenario, lambda: session.state, beside_people(session.submit), bots)

    def _bot(self, team: str, policy: str) -> Bot:
        session = self._room.session
        kept = self._bots.get(team)
        if kept is None or kept[:2] != (session.id, policy):
            bot = make_bot(Policy(policy), session.scenario, session.reference, team, session.seed or 0, {})
            kept = self._bots[team] = (session.id, policy, bot)
        return kept[2]
