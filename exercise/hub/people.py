"""Who is in the room: people, the seats they hold, and who acts where two came for one seat.

People are the room's own and no part of the story; that somebody sits down or gets up is, and stands in the log.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from exercise.core.cast import Team
from exercise.core.scenario import Scenario
from exercise.core.teamwork.commands import LONGEST_PSEUDONYM
from exercise.core.teamwork.seating import role_name, seats_of
from exercise.core.text import clean_text
from exercise.core.tongues import read_by
from exercise.errors import CommandRejected, DoorClosed
from exercise.hub.guard import Allowance
from exercise.language import _, speaking
from exercise.session.control import Door, Kind, Person
from exercise.session.tickets import Ticket, as_typed

GRACE = 45.0
"""Seconds for which a lost connection keeps its seat: a lid is closed and opened, a train goes through a tunnel."""

MOST_PEOPLE = 2_000

MOST_OF_ONE_CODE = 300
"""People of one code: whoever holds it must not fill the room for everybody else."""

NEW_AT_ONCE, NEW_EVERY = 150, 10.0
"""People whom a code lets in anew at once, and seconds for each more: what one may write is counted by person."""

_PSEUDONYMS = (
    *("Kestrel", "Heron", "Plover", "Wren", "Osprey", "Dunlin", "Siskin", "Avocet", "Lapwing", "Merlin"),
    *("Petrel", "Curlew", "Linnet", "Grebe", "Bittern", "Swift", "Teal", "Redstart", "Fulmar", "Godwit"),
    *("Whimbrel", "Nuthatch", "Pipit", "Goldeneye", "Gannet", "Turnstone", "Sanderling", "Eider", "Harrier"),
)


@dataclass(eq=False)
class Member:
    """One person; changed in place by the room alone."""

    id: str
    ticket: Ticket
    name: str
    door: Door
    address: str
    joined: str
    asks: Allowance = field(repr=False)
    """What of this person may enter the log: a hand in a form takes seconds; a burst is what a long absence needs."""
    comes: Allowance = field(repr=False)
    """How often this person may come in; it outlives the connection, as does the other."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    seat: str = ""
    acting: bool = False
    connection: object | None = None
    """The way to this person, while there is one; a newer one takes its place."""
    lost_at: float | None = None
    doing: str = ""
    language: str = ""
    """Spoken where they are, or '' where nobody has said; a team's people read their team's all the same."""
    kept: dict[str, int] | None = None
    """Lengths of the half-written texts that are kept, once they have been looked up."""

    @property
    def kind(self) -> Kind:
        """What the code opens."""
        return self.ticket.kind

    @property
    def key(self) -> str:
        """Under which half-written texts are kept; the same after a restart of the hub."""
        return self.id

    @property
    def team(self) -> str:
        """The team that the code is for, or ''."""
        return self.ticket.seat.partition("/")[0]

    def shown(self) -> Person:
        """As control sees it."""
        return Person(
            id=self.id,
            name=self.name,
            kind=self.kind,
            seat=self.seat,
            team=self.team,
            acting=self.acting,
            connected=self.connection is not None,
            door=self.door,
            address=self.address,
            joined=self.joined,
            doing=self.doing,
        )


class People:
    """All who came in since the hub began, by their id."""

    def __init__(self, scenario: Scenario, now: Callable[[], float]) -> None:
        self._scenario = scenario
        self._now = now
        self.all: dict[str, Member] = {}
        self._new: dict[str, Allowance] = {}
        """How many more each code may let in anew."""

    def come(self, ticket: Ticket, name: str, token: str, door: Door, address: str, joined: str) -> Member:
        """The person who comes in with a code: one who was here before, by token or by name, or a new one."""
        name = pseudonym(name)
        if as_typed(ticket.code) in as_typed(name):
            name = ""  # A slip at the prompts: everybody would read the code on everybody's screen.
        if found := self.by_token(ticket, token):
            found.door, found.address = door, address
            return found
        name = name or self._pseudonym(ticket, address)
        id = person_id(ticket, name)
        if id not in self.all:
            if not self._new.setdefault(ticket.id, Allowance(self._now, 1 / NEW_EVERY, NEW_AT_ONCE)).take():
                raise DoorClosed("slow-down", "Too many came by this code at once; try again shortly.", NEW_EVERY)
            self._make_room(ticket)
            asks, comes = Allowance(self._now, rate=2.0, most=100.0), Allowance(self._now, rate=1.0, most=60.0)
            self.all[id] = Member(id, ticket, name, door, address, joined, asks, comes)
        member = self.all[id]
        member.door, member.address, member.ticket = door, address, ticket
        return member

    def by_token(self, ticket: Ticket, token: str) -> Member | None:
        """Who was given this token on coming in with this code."""
        for member in self.all.values() if token else ():
            if member.ticket.id == ticket.id and secrets.compare_digest(member.token.encode(), token.encode()):
                return member
        return None

    def _make_room(self, ticket: Ticket) -> None:
        """Forgets somebody of this code who is gone, where it has let in all it may; raises `CommandRejected`."""
        same = [member for member in self.all.values() if member.ticket.id == ticket.id]
        # Exercise control is let in however many there are.
        control = ticket.kind in ("controller", "facilitator")
        if len(same) >= MOST_OF_ONE_CODE or (len(self.all) >= MOST_PEOPLE and not control):
            gone = next((one for one in same if one.connection is None and one.lost_at is None), None)
            if gone is None:
                raise CommandRejected("full", "The room is full; ask exercise control.")
            del self.all[gone.id]

    def at(self, seat: str) -> list[Member]:
        """Who holds a seat, in the order in which they came, those who act first."""
        here = [member for member in self.all.values() if member.seat == seat and seat]
        return sorted(here, key=lambda member: not member.acting)

    def places(self, member: Member) -> tuple[tuple[str, str, str], ...]:
        """Seats that a person may choose, with their names and who sits there; empty where there is no choice."""
        read = read_by(self._scenario, member.ticket.seat)
        team = read.teams_by_id.get(member.ticket.seat)
        if member.kind != "participant" or team is None or not team.roles:
            return ()
        with speaking(read.language):
            return tuple(
                (seat, _place_name(team, seat), self._sitting(seat, member)) for seat in (*seats_of(team)[1:], team.id)
            )

    def fixed_seat(self, ticket: Ticket) -> str:
        """The seat that a code leads to by itself, or ''."""
        if ticket.kind != "participant":
            return ""
        team = self._scenario.teams_by_id.get(ticket.seat)
        return "" if team is not None and team.roles else ticket.seat

    def may_sit(self, member: Member, seat: str) -> bool:
        """Whether control may put this person there: any seat of the exercise."""
        team = self._scenario.teams_by_id.get(seat.partition("/")[0])
        return member.kind == "participant" and team is not None and seat in seats_of(team)

    def _sitting(self, seat: str, asking: Member) -> str:
        return ", ".join(member.name for member in self.at(seat) if member is not asking and member.acting)

    def _pseudonym(self, ticket: Ticket, address: str) -> str:
        """For somebody who gives no name: that of a person lost at the same place, or one nobody has."""
        for member in self.all.values():
            alone = member.connection is None and member.address == address
            if member.ticket.id == ticket.id and alone and member.name.partition(" ")[0] in _PSEUDONYMS:
                return member.name
        taken = {member.name.casefold() for member in self.all.values()}
        for round in range(1, MOST_PEOPLE):
            for bird in _PSEUDONYMS:
                name = bird if round == 1 else f"{bird} {round}"
                if name.casefold() not in taken:
                    return name
        raise CommandRejected("full", "The room is full; ask exercise control.")


def _place_name(team: Team, seat: str) -> str:
    return role_name(team, seat) if "/" in seat else _("{team}: the whole team").format(team=team.short)


def pseudonym(typed: str) -> str:
    """A name as it is taken: one line without signs that cannot be seen, by which two could look like one."""
    seen = "".join(sign for sign in clean_text(typed) if sign.isprintable() or sign.isspace())
    return " ".join(seen.split())[:LONGEST_PSEUDONYM].strip()


def person_id(ticket: Ticket, name: str) -> str:
    """The same for the same code and name, on every hub and after a restart; it opens nothing."""
    return sha256(f"{ticket.id}\n{name.casefold()}".encode()).hexdigest()[:12]
