"""What exercise control asks of the room: STARTEX, steps of the clock, seats and codes, and back to a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from exercise.core.commands import CloseMove, ClosePlenary, ResumeClock
from exercise.core.schedule import next_instant, play_when
from exercise.core.teamwork.seating import seats_of
from exercise.core.times import tell_exercise_time
from exercise.errors import CommandRejected, DoorClosed
from exercise.hub.people import Member
from exercise.session import control as ask
from exercise.session.fork import fork
from exercise.session.session import Session
from exercise.session.tickets import Ticket, new_ticket, shown

if TYPE_CHECKING:
    from exercise.hub.room import Room

ROOM_ITSELF, SUCCESSOR = "@room", "successor"
"""Under which a session keeps the id of the one that the room went on with after going back."""

REVOKED = DoorClosed("revoked", "Your code opens nothing any more; ask exercise control.")
"""Said to whoever is in by a code that has been revoked."""

_FACILITATOR_ONLY = (ask.NewTicket, ask.RevokeTicket, ask.GoBack, ask.CloseDoors, ask.RemovePerson)


def carry_out(room: Room, member: Member, command: ask.RoomCommand) -> str:
    """Does what control asks and returns one line on it; raises `CommandRejected` with a text for the person."""
    if member.kind not in ("controller", "facilitator"):
        raise CommandRejected("not-facilitator", "Only exercise control may do this.")
    if member.kind != "facilitator" and isinstance(command, _FACILITATOR_ONLY):
        raise CommandRejected("not-facilitator", "Only the facilitator may do this.")
    match command:
        case ask.Startex():
            room.session.start(command.facts)
            return "STARTEX."
        case ask.StepOn():
            return _step_on(room)
        case ask.JumpTo():
            return _jump(room, command.exercise)
        case ask.SeatPerson():
            person = _person(room, command.person)
            room.move(person, command.seat)
            return f"{person.name} has been moved."
        case ask.LetAct():
            person = _person(room, command.person)
            room.act(person, too=command.too)
            return f"{person.name} acts now."
        case ask.RemovePerson():
            person = _person(room, command.person)
            if person is member:
                raise CommandRejected("self", "You cannot send yourself out.")
            room.send_out(person, DoorClosed("sent-out", "Exercise control has sent you out; ask there."))
            return f"{person.name} has been sent out."
        case ask.NewTicket():
            ticket = make_ticket(room, command.kind, command.seat)
            return f"A code for {room.label(ticket)}: {shown(ticket.code)}"
        case ask.RevokeTicket():
            return _revoke(room, member, command.ticket)
        case ask.GoBack():
            return go_back(room, command.seq)
        case ask.EndSurvey():
            return room.surveys.close(thin=command.thin)
        case ask.CloseDoors():
            room.closing = True
            room.tell()
            return "The doors are being closed; the exercise is kept."
        case _:
            assert_never(command)


def make_ticket(room: Room, kind: ask.Kind, seat: str = "") -> Ticket:
    """A new code, kept before it is told to anybody."""
    if kind == "participant":
        known = {seat for team in room.session.scenario.teams for seat in seats_of(team)}
        if seat not in known:
            raise CommandRejected("no-seat", "A participant's code is for a team or a role of one.")
    elif seat:
        raise CommandRejected("no-seat", "Only a participant's code is for a seat.")
    ticket = new_ticket(kind, seat, created=room.wall())
    room.store.save_ticket(room.session.id, ticket)
    room.read_tickets()
    room.tell()
    return ticket


def go_back(room: Room, seq: int) -> str:
    """A fork at a moment, which the whole room goes on with, paused."""
    session = room.session
    if not 1 <= seq <= len(session.entries):
        raise CommandRejected("no-moment", f"There is no moment {seq}; the log has {len(session.entries)} entries.")
    new_id = fork(session.log(), seq, room.store)
    room.store.copy_tickets(session.id, new_id)
    room.store.keep(session.id, ROOM_ITSELF, SUCCESSOR, new_id)
    room.take_over(Session.resume(room.store, new_id, pace=session.pace))
    clock = room.session.state.clock
    return f"The exercise stands at {tell_exercise_time(clock.exercise)} again, paused; what came after is kept apart."


def _step_on(room: Room) -> str:
    session = room.session
    clock = session.state.clock
    if clock.phase == "briefing":
        raise CommandRejected("not-started", "The exercise has not started.")
    if clock.phase == "plenary":
        session.submit(ClosePlenary())
        return "The plenary is closed."
    if not clock.running and clock.phase == "move":
        session.submit(ResumeClock())
    instant = next_instant(session.scenario, session.state)
    if instant is None:
        session.submit(CloseMove())
        return "Nothing more comes by itself: the move is closed."
    session.advance(instant)
    return f"The story stands at {tell_exercise_time(session.state.clock.exercise)}."


def _jump(room: Room, exercise: int) -> str:
    session = room.session
    clock = session.state.clock
    if clock.phase != "move":
        raise CommandRejected("no-move", "The clock can be brought forward only while a move is played.")
    _, now = session.times
    if not now < exercise <= clock.ends:
        text = f"Name a time between {tell_exercise_time(now)} and the move's end, {tell_exercise_time(clock.ends)}."
        raise CommandRejected("time", text)
    if not clock.running:
        session.submit(ResumeClock())
    session.advance(play_when(session.state.clock, exercise) or session.times[0])
    return f"The story stands at {tell_exercise_time(session.times[1])}."


def _revoke(room: Room, member: Member, id: str) -> str:
    if member.ticket.id == id:
        raise CommandRejected("self", "That is the code you came in with yourself.")
    room.store.revoke_ticket(room.session.id, id)
    room.read_tickets()
    for other in tuple(room.people.all.values()):
        if other.ticket.id == id:
            room.send_out(other, REVOKED)
    room.tell()
    return "The code opens nothing any more."


def _person(room: Room, id: str) -> Member:
    found = room.people.all.get(id)
    if found is None:
        raise CommandRejected("no-person", "Nobody of that kind is here any more.")
    return found
