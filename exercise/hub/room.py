"""The room: one session, the people in it, what each may see, and what each may ask. No network is known here.

Every view goes out as a feed that is built once however many watch it, and only when something in it has changed: an
update that tells nothing would tell that something happened elsewhere.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from exercise.core.control.msel import origin
from exercise.core.events import ExerciseEnded, LogEntry
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.tongues import common_language, in_language, read_by
from exercise.errors import CommandRejected, DoorClosed, ExerciseError
from exercise.hub.asking import Asking
from exercise.hub.audience import Feeds
from exercise.hub.guard import WrongCodes
from exercise.hub.people import GRACE, Member, People
from exercise.hub.protocol import Hello, Welcome
from exercise.hub.robots import Robots
from exercise.hub.seats import Seats
from exercise.hub.steering import REVOKED, ROOM_ITSELF, SUCCESSOR
from exercise.hub.surveys import Surveys
from exercise.language import _, languages, speaking
from exercise.session.clock import Wall, wall_time
from exercise.session.control import LEFT, DoorCard, EvaluatorCard, RoomView, TicketCard
from exercise.session.session import HandOver, Session
from exercise.session.store import Store
from exercise.session.tickets import Ticket, same_code

_log = logging.getLogger(__name__)

_OWN_LANGUAGE = ("controller", "facilitator", "spectator")
"""Who belongs to no team and yet need not read what the author wrote: marks by their ids are judged in its words."""

LOOK_EVERY = 2.0
"""Seconds after which the room looks for what another hub has changed, in case it was not told."""

_A_PAGE_OR_TWO = "." * 16_000


class Room:
    """One hosted exercise in one process; every method is called from the hub's one thread.

    `lead_of` gives for a session what tells whether this hub drives its clock: of several that serve it, one does.
    """

    def __init__(
        self,
        session: Session,
        store: Store,
        *,
        hub: str = "hub",
        lead_of: Callable[[str], Callable[[], bool]] = lambda session_id: _alone,
        now: Callable[[], float] = time.monotonic,
        wall: Wall = wall_time,
    ) -> None:
        self.session = session
        self.store = store
        self.hub = hub
        self.leads = lead_of(session.id)
        self._lead_of = lead_of
        self._led = False
        self._sweeps_at = None if store.shared else now() + GRACE
        self._looked = now()
        self._rests_until = float("-inf")
        self.doors: tuple[DoorCard, ...] = ()
        self.trouble = ""
        self.closing = False
        self.stamp = object()
        """Another one after each change of the room or its exercise."""
        self.head = ""
        """Of the log at ENDEX; '' before."""
        self.now = now
        self.wall = wall
        self._tickets: dict[str, Ticket] = {}
        self._wrong = WrongCodes(now)
        self.people = People(session.scenario, now)
        self.feeds = Feeds(self)
        self.robots = Robots(self)
        self.seats = Seats(self)
        self.asking = Asking(self)
        self.surveys = Surveys(self)
        self.changed: list[Callable[[], None]] = []
        """Called when a feed may have changed: whoever sends them looks then."""
        self.welcomed: list[Callable[[Member], None]] = []
        """Called when somebody has to be told anew who they are here."""
        self.sent_out: list[Callable[[Member, DoorClosed], None]] = []
        """Called when somebody has to go."""
        self.moved: list[Callable[[], None]] = []
        """Called when the room goes on with another session."""
        self._stop = self._follow()
        self.read_tickets()
        self._find_head()

    # The session

    def _follow(self) -> Callable[[], None]:
        """Hears of what happens here, and of what other hubs write."""
        try:
            hand_over: HandOver = asyncio.get_running_loop().call_soon_threadsafe
        except RuntimeError:
            hand_over = _at_once
        stops = (self.session.subscribe(self._happened), self.session.follow(hand_over, self._beside))

        def stop() -> None:
            for each in stops:
                each()

        return stop

    def _beside(self) -> None:
        """Another hub has changed something that is not in the log: codes, or it went back to a moment."""
        before = self._tickets
        self.read_tickets()
        for member in tuple(self.people.all.values()):
            ticket = self._tickets.get(member.ticket.id)
            if ticket is not None and ticket.revoked:
                self.send_out(member, REVOKED)
        following = self.store.kept(self.session.id, ROOM_ITSELF).get(SUCCESSOR, "")
        if following:
            self.take_over(Session.resume(self.store, following, pace=self.session.pace, leads=False))
        elif self.surveys.look() or self._tickets != before:
            self.tell()

    def close(self) -> None:
        """Hears of nothing any more."""
        self._stop()

    def take_over(self, session: Session) -> None:
        """Goes on with another session, as after going back: everybody keeps code and seat."""
        self._stop()
        self.session = session
        self.leads = self._lead_of(session.id)
        self._stop = self._follow()
        self.head = ""
        self._find_head()
        self.read_tickets()
        self.feeds.forget()
        self.surveys.look()
        for member in tuple(self.people.all.values()):
            self.seats.sit(member)
            self.welcome(member)
        self.seats.empty()
        for moved in tuple(self.moved):
            moved()
        self.tell()

    def tick(self) -> None:
        """To be called a few times a second: brings what is due, and notices who did not come back."""
        for member in self.people.all.values():
            if member.lost_at is not None and self.now() - member.lost_at > GRACE:
                member.lost_at = None
                self.seats.get_up(member)
                self.tell()
        if self._sweeps_at is not None and self.now() > self._sweeps_at:
            # Those who sat there before the hub was started anew and have not come back.
            self._sweeps_at = None
            self.seats.empty()
        self.seats.fill()
        began = self.now()
        if began < self._rests_until:
            return
        try:
            if self.trouble:
                # Nothing may be due for long: only a write that takes room shows whether it goes on.
                for text in (_A_PAGE_OR_TWO, ""):
                    self.store.keep(self.session.id, ROOM_ITSELF, "room to write", text)
            if self.now() - self._looked > LOOK_EVERY:
                self._looked = self.now()
                self._beside()
            leads = self.leads()
            self.session.tick(leads)
            if leads and not self._led:
                self.robots.wake()
            if leads is not self._led:
                self._led = leads
                self.tell()
            if self.trouble:
                self.trouble = ""
                self.seats.catch_up()
                self.tell()
        except ExerciseError as error:
            self.in_trouble(error)
            # A store that somebody else holds has us wait before it fails: people are heard at least as long.
            self._rests_until = 2 * self.now() - began

    def in_trouble(self, error: ExerciseError) -> None:
        """Lets control know why it does not go on, until it does."""
        if self.trouble != str(error):
            _log.error("the exercise cannot go on: %s", error)
            self.trouble = str(error)
            self.tell()

    def tell(self) -> None:
        """Says that a feed may have changed."""
        self.stamp = object()
        for changed in tuple(self.changed):
            changed()

    @property
    def reference(self) -> Reference:
        """The texts of the profiles."""
        return self.session.reference

    def _happened(self, batch: tuple[LogEntry, ...]) -> None:
        if any(isinstance(entry.event, ExerciseEnded) for entry in batch):
            self.head = self.session.head
        self.robots.wake()
        self.tell()

    def _find_head(self) -> None:
        ended = [entry.batch for entry in self.session.entries if isinstance(entry.event, ExerciseEnded)]
        if ended:
            last = max(entry.seq for entry in self.session.entries if entry.batch == ended[-1])
            self.head = self.session.head_at(last)

    # Tickets

    def read_tickets(self) -> None:
        """Reads the codes anew: another hub may have made or revoked some."""
        self._tickets = {ticket.id: ticket for ticket in self.store.tickets(self.session.id)}

    def ticket_cards(self, *, codes: bool, read: Scenario | None = None) -> tuple[TicketCard, ...]:
        """The codes as control sees them; a controller who is not the facilitator sees them without the code."""
        used: dict[str, list[str]] = {}
        for member in self.people.all.values():
            used.setdefault(member.ticket.id, []).append(member.id)
        return tuple(
            TicketCard(
                id=ticket.id,
                code=ticket.code if codes else "",
                kind=ticket.kind,
                seat=ticket.seat,
                label=self.label(ticket, read),
                revoked=ticket.revoked,
                used_by=tuple(used.get(ticket.id, ())),
            )
            for ticket in self._tickets.values()
        )

    def label(self, ticket: Ticket, read: Scenario | None = None) -> str:
        """Whom a code is for, in words."""
        team = (read or self.session.scenario).teams_by_id.get(ticket.seat.partition("/")[0])
        if ticket.kind != "participant" or team is None:
            return _(ticket.kind).capitalize()
        role_id = ticket.seat.partition("/")[2]
        role = next((role.name for role in team.roles if role.id == role_id), "")
        return f"{team.name}: {role}" if role else team.name

    # Coming and going

    def knock(self, hello: Hello, address: str) -> Member:
        """Lets somebody in by their code; raises `DoorClosed` with words that fit every wrong code alike."""
        if self.closing:
            raise DoorClosed("closed", "The exercise is being closed.", 5.0)
        ticket, wait = self._ticket_of(hello.code), self._wrong.wait(address)
        # Those who were in already are not kept out by somebody else's guesses.
        known = ticket is not None and self.people.by_token(ticket, hello.token) is not None
        if wait > 0 and not known:
            raise DoorClosed("slow-down", "Too many wrong codes came from your address; try again shortly.", wait)
        if ticket is None:
            self._wrong.count(address)
            raise DoorClosed("no-code", "This code opens nothing here. Check it, or ask exercise control for another.")
        try:
            member = self.people.come(ticket, hello.name, hello.token, hello.door, address, self.wall())
            member.language = hello.language
            if not member.comes.take():
                raise DoorClosed("slow-down", "You come and go too often; try again shortly.", member.comes.wait())
            # The seat they hold comes first: control may have given them another than their code's.
            wanted = member.seat or self.people.fixed_seat(ticket)
            if not wanted and any(hello.seat == seat for seat, _, _ in self.people.places(member)):
                wanted = hello.seat
            member.seat = wanted or self._sat_before(member)
            member.lost_at = None
        except CommandRejected as refused:
            raise DoorClosed(refused.code, refused.text) from refused
        return member

    def _sat_before(self, member: Member) -> str:
        """The seat that the log knows them by: a hub that was started anew has met nobody yet."""
        taken = self.session.state.seats
        mine = (seat for seat, _, _ in self.people.places(member) if seat in taken and taken[seat].name == member.name)
        return next(mine, "")

    def enter(self, member: Member, connection: object) -> object | None:
        """Somebody's connection stands; returns the one that this person had before, which is to be closed."""
        before, member.connection = member.connection, connection
        member.lost_at, member.doing = None, ""
        self.seats.sit(member)
        self.tell()
        return before

    def lose(self, member: Member, connection: object) -> None:
        """A connection is gone without a word; the seat is kept for a while."""
        if member.connection is connection:
            member.connection, member.doing, member.lost_at = None, "", self.now()
            self.tell()

    def leave(self, member: Member) -> None:
        """Somebody gets up and goes."""
        member.connection, member.doing, member.lost_at = None, LEFT, None
        self.seats.get_up(member)
        self.tell()

    def take_place(self, member: Member, seat: str) -> None:
        """Somebody with a team's code chooses a seat of it."""
        if all(seat != place for place, _, _ in self.people.places(member)):
            raise CommandRejected("no-seat", "There is no such seat for your code.")
        self.move(member, seat)

    def move(self, member: Member, seat: str) -> None:
        """Puts somebody on a seat, or on none."""
        if seat and not self.people.may_sit(member, seat):
            raise CommandRejected("no-seat", "There is no such seat for this person.")
        if seat != member.seat:
            self.seats.get_up(member)
            member.seat = seat
            self.seats.sit(member)
        self.welcome(member)
        self.tell()

    def act(self, member: Member, *, too: bool) -> None:
        """Settles who acts for a seat."""
        if not member.seat:
            raise CommandRejected("no-seat", f"{member.name} has no seat.")
        others = [other for other in self.people.at(member.seat) if other is not member and other.acting]
        if not too:
            for other in others:
                other.acting = False
                self.welcome(other)
            self.seats.free(member.seat)
        member.acting = True
        if not too or not others:
            self.seats.note(member)
        self.welcome(member)
        self.tell()

    def send_out(self, member: Member, why: DoorClosed) -> None:
        """Somebody has to go; the code stays what it is."""
        for told in tuple(self.sent_out):
            told(member, why)
        self.leave(member)
        self.people.all.pop(member.id, None)
        self.tell()

    def welcome(self, member: Member) -> None:
        """Tells somebody anew who they are here."""
        for told in tuple(self.welcomed):
            told(member)

    def welcome_message(self, member: Member, *, first: bool) -> Welcome:
        """Who somebody is here."""
        scenario = self.read(member)
        return Welcome(
            person=member.id,
            token=member.token,
            name=member.name,
            kind=member.kind,
            seat=member.seat,
            acting=member.acting or member.kind != "participant",
            places=self.people.places(member),
            session=self.session.id,
            title=scenario.title,
            teams=tuple((team.id, team.name, team.short) for team in scenario.teams),
            objectives=()
            if member.kind in ("participant", "spectator")
            else tuple((objective.id, objective.title) for objective in scenario.objectives),
            reference=self.feeds.reference_digest(member),
            language=scenario.language,
            kept=self.asking.kept_of(member) if first else {},
        )

    def read(self, member: Member) -> Scenario:
        """The scenario as somebody reads it: as their team does; control and the projector as is spoken there.

        Where none was said it is what all teams read. What the scenario does not carry stays as it was written.
        """
        scenario = origin(self.session.scenario)
        if member.kind not in _OWN_LANGUAGE:
            return read_by(scenario, member.seat or member.ticket.seat)
        known = {scenario.language, *scenario.translations, *languages()}
        return in_language(scenario, member.language if member.language in known else common_language(scenario))

    def _ticket_of(self, code: str) -> Ticket | None:
        found = None
        # All are compared, so that the time taken tells nothing.
        for ticket in self._tickets.values():
            if same_code(ticket.code, code) and not ticket.revoked:
                found = ticket
        return found

    def view(self, *, codes: bool, read: Scenario | None = None) -> RoomView:
        """The room as control sees it, with the names that it reads."""
        read = read or self.session.scenario
        with speaking(read.language):
            return self._view(codes, read)

    def _view(self, codes: bool, read: Scenario) -> RoomView:
        people = sorted(self.people.all.values(), key=lambda member: (member.kind, member.seat, member.name))
        return RoomView(
            session=self.session.id,
            title=read.title,
            seq=len(self.session.entries),
            head=self.head or self.session.head,
            hub=self.hub,
            # Whoever is asked may have to wait for the store.
            leads=self._led if self.trouble else self.leads(),
            people=tuple(member.shown() for member in people),
            tickets=self.ticket_cards(codes=codes, read=read),
            doors=self.doors,
            trouble=self.trouble,
            survey=self.surveys.progress(),
            evaluators=tuple(
                EvaluatorCard(one.name, read.names.get(one.delegation, one.delegation), one.finished)
                for one in self.session.state.evaluation.evaluators.values()
            ),
        )


def _at_once(work: Callable[[], None]) -> None:
    work()


def _alone() -> bool:
    return True
