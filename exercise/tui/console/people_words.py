"""Who is here in words: a row for each seat and person, how each team musters, and which seats are taken twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from exercise.language import Told, _
from exercise.tui.launch import POLICIES
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.teamwork.views import SeatView
    from exercise.core.views import FacilitatorView
    from exercise.session.control import Person, RoomView

__all__ = ["Muster", "bot_words", "doing_words", "musters", "person_text", "room_rows", "seat_name", "taken_twice"]

_QUIET = "$foreground 65%"
_SEAT = 24
"""Cells of the column of seats."""
_NAME = 18

DOORS = Told({"terminal": "program", "ssh": "ssh", "browser": "browser", "here": "this machine"})
_KINDS = Told(
    {
        "observer": "Observers",
        "evaluator": "Evaluators",
        "controller": "Controllers",
        "facilitator": "Facilitator",
        "spectator": "Spectators",
        "participant": "Participants without a team",
    }
)


class Muster(NamedTuple):
    """How far a team is complete."""

    team: str
    short: str
    here: int
    """Roles, or the whole team's seat, at which somebody connected acts."""
    roles: int
    bot: str
    """Policy of the bot that plays it, or ''."""

    @property
    def state(self) -> str:
        """`complete`, `empty`, `bot`, or `short`."""
        if self.bot:
            return "bot"
        return "empty" if not self.here else "complete" if self.here >= self.roles else "short"

    @property
    def words(self) -> str:
        """The same for a row."""
        match self.state:
            case "bot":
                return f"⚙ {bot_words(self.bot)}"
            case "empty":
                return _("○ nobody acts for it")
            case "complete":
                return _("✓ complete")
        return _("◐ {here} of {roles} roles").format(here=self.here, roles=self.roles)


def bot_words(policy: str) -> str:
    """`bot: cooperative`, as the list of those who can play a team has it."""
    return next((_(words) for id, words, _more in POLICIES if id == policy), policy)


def seats_by_team(view: FacilitatorView) -> dict[str, list[SeatView]]:
    """Each team's seats by its id, the whole team's first."""
    found: dict[str, list[SeatView]] = {}
    for short, seat in view.seats:
        if short:
            found.setdefault(seat.seat.partition("/")[0], []).append(seat)
    return found


def seat_name(view: FacilitatorView, seat: str) -> str:
    """`Averne: Police liaison`, or the team's short name for the whole team's seat."""
    found = next(((short, one) for short, one in view.seats if one.seat == seat), None)
    if found is None:
        return seat
    return f"{found[0]}: {found[1].role}" if "/" in seat else _("{found}: whole team").format(found=found[0])


def musters(room: RoomView, view: FacilitatorView, teams: tuple[tuple[str, str], ...]) -> tuple[Muster, ...]:
    """Each team's, in the order of the scenario; somebody at the whole team's seat makes it complete."""
    seats, bots = seats_by_team(view), dict(view.bots)
    found = []
    for team, short in teams:
        roles = max(1, sum("/" in seat.seat for seat in seats.get(team, ())))
        acting = {person.seat for person in room.people if person.acting and person.connected}
        whole = team in acting
        here = roles if whole else sum(seat.startswith(f"{team}/") for seat in acting)
        found.append(Muster(team, short, here, roles, bots.get(team, "")))
    return tuple(found)


def taken_twice(room: RoomView, view: FacilitatorView) -> list[str]:
    """`2 at Averne: Police liaison`, where somebody reads along until control settles it."""
    at: dict[str, list[Person]] = {}
    for person in room.people:
        if person.kind == "participant" and person.seat:
            at.setdefault(person.seat, []).append(person)
    return [
        _("{count} at {seat_name}").format(count=len(people), seat_name=seat_name(view, seat))
        for seat, people in at.items()
        if len(people) > 1 and not all(person.acting for person in people)
    ]


def doing_words(person: Person) -> str:
    """What somebody is at, in a few words."""
    if not person.connected:
        return _("✕ connection lost") if person.lost else _("○ has left")
    along = _("reads along · ") if person.kind == "participant" and person.seat and not person.acting else ""
    return f"{along}{DOORS.get(person.door, person.door)}{f' · {_(person.doing)}' if person.doing else ''}"


def room_rows(
    room: RoomView, view: FacilitatorView, teams: tuple[tuple[str, str], ...]
) -> Iterator[tuple[str, Content | Line]]:
    """A row for each team, each of its seats or the people there, and for those who belong to no team."""
    seats, known = seats_by_team(view), {team for team, _unused in teams}
    for muster in musters(room, view, teams):
        yield f"team:{muster.team}", Line(safe(muster.short, "bold $primary"), safe(muster.words, "bold"))
        mine = [person for person in room.people if person.team == muster.team or _team(person) == muster.team]
        mine = [person for person in mine if person.kind == "participant"]
        for seat in seats.get(muster.team, ()):
            here = [person for person in mine if person.seat == seat.seat]
            role = seat.role if "/" in seat.seat else _("The whole team")
            for person in sorted(here, key=lambda person: not person.acting):
                yield f"person:{person.id}", _row(role, person)
            if not here and ("/" in seat.seat or len(seats[muster.team]) == 1):
                left = safe(f"  ○ {_cut(role, _SEAT)}", _QUIET) + safe(_("free"), _QUIET)
                yield f"seat:{seat.seat}", Line(left)
        for person in mine:
            if not person.seat:
                yield f"person:{person.id}", _row(_("no place chosen yet"), person)
    for kind, words in _KINDS.items():
        group = [p for p in room.people if p.kind == kind and (kind != "participant" or _team(p) not in known)]
        if group:
            yield f"#{kind}", safe(words, "bold $primary")
            for person in group:
                yield f"person:{person.id}", _row("" if kind != "participant" else _("no place"), person)


def _team(person: Person) -> str:
    return person.seat.partition("/")[0] or person.team


def _row(role: str, person: Person) -> Line:
    lost = person.lost
    sign = "✕" if lost else "●" if person.acting or person.kind != "participant" else "◌"
    style = "$text-error" if lost else ""
    name = safe(_cut(person.name, _NAME), "bold")
    left = safe(f"  {sign} ", style) + safe(_cut(role, _SEAT) if role else "") + name
    words = doing_words(person)
    short = words.rpartition(" · ")[0] if person.doing and not lost else words
    return Line(left, safe(words, style or _QUIET), safe(short or words, style or _QUIET))


def _cut(words: str, width: int) -> str:
    content = safe(" ".join(words.split()))
    if content.cell_length > width - 1:
        content = content.truncate(width - 1, ellipsis=True)
    return content.plain + " " * max(1, width - content.cell_length)


def person_text(person: Person, view: FacilitatorView) -> str:
    """All there is to know of somebody, as light Markdown."""
    seat = seat_name(view, person.seat) if person.seat else _("no place")
    if person.kind != "participant":
        place = _("{kind}, no place in a team").format(kind=_(person.kind))
    elif person.seat and not person.acting:
        place = _("{seat}: **reads along**, somebody else acts for it").format(seat=plain(seat))
    else:
        place = f"{plain(seat)}{_(': acts for it') if person.seat else ''}"
    away = _("**✕ the connection is lost**; the place is kept") if person.lost else _("has got up and left")
    link = _("connected") if person.connected else away
    door = DOORS.get(person.door, person.door)
    door += _(", from {address}").format(address=plain(person.address)) if person.address else ""
    doing = f": {plain(_(person.doing))}" if person.doing and person.connected else ""
    came = _("{link}, by {door}, since {clock}{doing}").format(
        link=link, door=door, clock=plain(_clock(person.joined)), doing=doing
    )
    return f"**{plain(person.name)}** · {place}  \n{came}"


def _clock(joined: str) -> str:
    """The time of day, in UTC, of an ISO time."""
    return f"{joined[11:16]} UTC" if len(joined) >= 16 else joined
