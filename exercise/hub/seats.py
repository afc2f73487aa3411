"""Who acts for a seat: the first there, while others read along; and what of it stands in the log."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from exercise.core.commands import Command
from exercise.core.teamwork.commands import LeaveSeat, TakeSeat
from exercise.core.teamwork.seating import is_present
from exercise.errors import CommandRejected, StoreError
from exercise.hub.people import Member

if TYPE_CHECKING:
    from exercise.hub.room import Room

_log = logging.getLogger(__name__)


class Seats:
    """The seats of a room, as its people hold them and as its log has them."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def sit(self, member: Member) -> None:
        """Gives the seat to who comes first; whoever comes second reads along until control settles it."""
        if not member.seat or member.kind != "participant":
            return
        taken = any(other.acting for other in self._room.people.at(member.seat) if other is not member)
        if not taken and not self._awaited(member.seat, member.name):
            member.acting = True
        if member.acting:
            self.note(member)

    def get_up(self, member: Member) -> None:
        """Leaves a seat to whoever waits there, or empty."""
        seat, acted, member.acting = member.seat, member.acting, False
        if not acted:
            return
        for other in self._room.people.at(seat):
            if other.acting:
                # The log must not go on under the name of who has left.
                self.note(other)
                return
        self.free(seat)
        self._next_at(seat, member)

    def _next_at(self, seat: str, gone: Member | None = None) -> None:
        """Lets the first of those act who read along at a seat that is free now."""
        waiting = next((other for other in self._room.people.at(seat) if other.connection and other is not gone), None)
        if waiting is not None:
            waiting.acting = True
            self.note(waiting)
            self._room.welcome(waiting)

    def _awaited(self, seat: str, name: str) -> bool:
        """Whether the log has somebody else there: at another hub, or here before a restart and not back yet."""
        taken = self._room.session.state.seats.get(seat)
        if taken is None or not taken.present or taken.name == name:
            return False
        return all(other.name != taken.name for other in self._room.people.at(seat))

    def fill(self) -> None:
        """Seats that became free by the log alone go to those who read along there."""
        waiting = {
            m.seat for m in self._room.people.all.values() if m.seat and not m.acting and m.connection is not None
        }
        for seat in waiting:
            if not is_present(self._room.session.state, seat) and not any(m.acting for m in self._room.people.at(seat)):
                self._next_at(seat)
                self._room.tell()

    def catch_up(self) -> None:
        """Writes down who came and went while nothing could be written."""
        alone = not self._room.store.shared
        for member in self._room.people.all.values():
            taken = self._room.session.state.seats.get(member.seat)
            names = {other.name for other in self._room.people.at(member.seat) if other.acting}
            known = taken is not None and taken.present and (taken.name in names or not alone)
            if member.acting and not known:
                self.note(member)
        if alone:
            self.empty()

    def note(self, member: Member) -> None:
        """Writes down who sits at the seat."""
        taken = self._room.session.state.seats.get(member.seat)
        if taken is not None and taken.present and taken.name != member.name:
            self.free(member.seat)
        self._quietly(TakeSeat(seat=member.seat, name=member.name))

    def free(self, seat: str) -> None:
        """Writes down that nobody sits there."""
        if is_present(self._room.session.state, seat):
            self._quietly(LeaveSeat(seat=seat))

    def empty(self) -> None:
        """Those whom the log has at a seat that nobody holds any more get up."""
        for seat in tuple(self._room.session.state.seats):
            if not any(member.acting for member in self._room.people.at(seat)):
                self.free(seat)

    def _quietly(self, command: Command) -> None:
        """What belongs to coming and going: a fault of the store must not keep anybody out."""
        if self._room.trouble:
            return  # Nobody is to wait for it again; `catch_up` writes it down.
        try:
            self._room.session.submit(command)
        except CommandRejected as error:
            _log.warning("%s: %s", type(command).__name__, error)
        except StoreError as error:
            self._room.in_trouble(error)
