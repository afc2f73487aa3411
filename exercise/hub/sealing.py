"""The host's seal at ENDEX: made by the hub that leads, with a key that never leaves its machine."""

from __future__ import annotations

import logging

from exercise.hub.room import Room
from exercise.session.seal import host_key, seal_at_endex, shown

_log = logging.getLogger(__name__)


class Sealing:
    """Seals each exercise of a room once it has ended; tried once each, so that a fault is told and not repeated."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._tried = ""
        room.changed.append(self._look)
        self._look()

    def _look(self) -> None:
        room = self._room
        # A room has the head of its log from ENDEX on. Before that nothing is asked of anybody.
        if not room.head or self._tried == room.session.id or not room.leads():
            return
        self._tried = room.session.id
        if seal_at_endex(room.session):
            _log.info("session %s is sealed with the key %s", room.session.id, shown(host_key().public))
