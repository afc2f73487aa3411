"""What exercise control asks of the room: STARTEX, steps of the clock, seats and codes, and back to a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from exercise.core.commands import CloseMove, ClosePlenary, PauseClock, ResumeClock
from exercise.core.schedule import next_instant, play_when
from exercise.core.teamwork.seating import seats_of
from exercise.core.times import tell_exercise_time
from exercise.errors import CommandRejected, DoorClosed
from exercise.hub.people import Member
from exercise.language import N_, said_in, speaking
from exercise.session import control as ask
from exercise.session.fork import fork
from exercise.session.session import Session
from exercise.session.tickets import Ticket, new_ticket, shown

if TYPE_CHECKING:
    from exercise.hub.room import Room

ROOM_ITSELF, SUCCESSOR = "@room", "successor"
"""Under which a session keeps the id of the one that the room went on with after going back."""

_STANDS = N_("The story stands at {time}.")

REVOKED = DoorClosed("revoked", "Your code opens nothing any more; ask exercise control.")
"""Said to whoever is in by a code that has been revoked."""

_FACILITATOR_ONLY = (ask.NewTicket, ask.RevokeTicket, ask.GoBack, ask.CloseDoors, ask.RemovePerson)


def carry_out(room: Room, member: Member, command: ask.RoomCommand) -> str:
    """Does what control asks and returns one line on it in their language; raises `CommandRejected`."""
    if member.kind not in ("controller", "facilitator"):
        raise CommandRejected("not-facilitator", "Only exercise control may do this.")
    if member.kind != "facilitator" and isinstance(command, _FACILITATOR_ONLY):
        raise CommandRejected("not-facilitator", "Only the facilitator may do this.")
    match command:
        case ask.Startex():
            room.session.start(command.facts)
            return "STARTEX."
        case ask.StepOn():
            return _step_on(room, member)
        case ask.JumpTo():
            return _jump(room, member, command.exercise)
        case ask.SeatPerson():
            person = _person(room, command.person)
            room.move(person, command.seat)
            return _told(room, member, N_("{name} has been moved."), name=person.name)
        case ask.LetAct():
            person = _person(room, command.person)
            room.act(person, too=command.too)
            return _told(room, member, N_("{name} acts now."), name=person.name)
        case ask.RemovePerson():
            person = _person(room, command.person)
            if person is member:
                raise CommandRejected("self", "You cannot send yourself out.")
            room.send_out(person, DoorClosed("sent-out", "Exercise control has sent you out; ask there."))
            return _told(room, member, N_("{name} has been sent out."), name=person.name)
        case ask.NewTicket():
            ticket = make_ticket(room, command.kind, command.seat)
            with speaking(room.read(member).language):
                label = room.label(ticket, room.read(member))
            return _told(room, member, N_("A code for {label}: {code}"), label=label, code=shown(ticket.code))
        case ask.RevokeTicket():
            return _revoke(room, member, command.ticket)
        case ask.GoBack():
            return _go_back(room, member, command.seq)
        case ask.EndSurvey():
            with speaking(room.read(member).language):
                return room.surveys.close(thin=command.thin)
        case ask.CloseDoors():
            room.closing = True
            room.tell()
            return _told(room, member, N_("The doors are being closed; the exercise is kept."))
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


def _go_back(room: Room, member: Member, seq: int) -> str:
    """A fork at a moment, which the whole room goes on with, paused."""
    session = room.session
    if not 1 <= seq <= len(session.entries):
        text = N_("There is no moment {seq}; the log has {count} entries.")
        raise CommandRejected("no-moment", _told(room, member, text, seq=seq, count=len(session.entries)))
    new_id = fork(session.log(), seq, room.store)
    room.store.copy_tickets(session.id, new_id)
    room.store.keep(session.id, ROOM_ITSELF, SUCCESSOR, new_id)
    room.take_over(Session.resume(room.store, new_id, pace=session.pace))
    time = tell_exercise_time(room.session.state.clock.exercise)
    text = N_("The exercise stands at {time} again, paused; what came after is kept apart.")
    return _told(room, member, text, time=time)


def _step_on(room: Room, member: Member) -> str:
    session = room.session
    clock = session.state.clock
    if clock.phase == "briefing":
        raise CommandRejected("not-started", "The exercise has not started.")
    if clock.phase == "plenary":
        session.submit(ClosePlenary())
        return _told(room, member, N_("The plenary is closed."))
    instant = next_instant(session.scenario, session.state)
    if instant is None:
        session.submit(CloseMove())
        return _told(room, member, N_("Nothing more comes by itself: the move is closed."))
    _bring_to(session, instant)
    return _told(room, member, _STANDS, time=tell_exercise_time(session.state.clock.exercise))


def _jump(room: Room, member: Member, exercise: int) -> str:
    session = room.session
    clock = session.state.clock
    if clock.phase != "move":
        raise CommandRejected("no-move", "The clock can be brought forward only while a move is played.")
    now = session.times[1]
    if not now < exercise <= clock.ends:
        text, end = N_("Name a time between {time} and the move's end, {end}."), tell_exercise_time(clock.ends)
        raise CommandRejected("time", _told(room, member, text, time=tell_exercise_time(now), end=end))
    _bring_to(session, play_when(clock, exercise) or session.times[0])
    return _told(room, member, _STANDS, time=tell_exercise_time(session.times[1]))


def _bring_to(session: Session, play: int) -> None:
    """Brings the clock to a play time; one that stood runs for this alone, and stands again."""
    stood = not session.state.clock.running
    if stood:
        session.submit(ResumeClock())
    session.advance(play)
    if stood and session.state.clock.running:
        session.submit(PauseClock())


def _revoke(room: Room, member: Member, id: str) -> str:
    if member.ticket.id == id:
        raise CommandRejected("self", "That is the code you came in with yourself.")
    room.store.revoke_ticket(room.session.id, id)
    room.read_tickets()
    for other in tuple(room.people.all.values()):
        if other.ticket.id == id:
            room.send_out(other, REVOKED)
    room.tell()
    return _told(room, member, N_("The code opens nothing any more."))


def _told(room: Room, member: Member, text: str, **holes: object) -> str:
    """A line in the language of who asked. What was asked is done in none: it stands in the log for everybody."""
    return said_in(room.read(member).language, text).format(**holes)


def _person(room: Room, id: str) -> Member:
    found = room.people.all.get(id)
    if found is None:
        raise CommandRejected("no-person", "Nobody of that kind is here any more.")
    return found
