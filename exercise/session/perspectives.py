"""Whose eyes a log is looked at with: each team, each role of one, exercise control, and the public.

A sight is the very view that the seat had at that moment; what is asked of it here only gives the parts of three
different views one name each, so that one screen can show them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from exercise.core.asked import FACILITATOR
from exercise.core.control.events import CurtainDrawn, CurtainLifted
from exercise.core.events import ClockPaused, ClockResumed, LogEntry
from exercise.core.observe import participant_view
from exercise.core.overview import facilitator_view, spectator_view
from exercise.core.requests.views import RequestView
from exercise.core.scenario import Scenario
from exercise.core.state import State
from exercise.core.teamwork.commands import SPECTATOR
from exercise.core.teamwork.events import SeatLeft, SeatTaken
from exercise.core.teamwork.seating import role_name, seats_of
from exercise.core.teamwork.views import DraftView, SeatView, TalkLine
from exercise.core.views import (
    ClockView,
    CurtainView,
    DecisionView,
    EvidenceView,
    FacilitatorView,
    InboxItem,
    IndicatorView,
    JournalLine,
    ParticipantView,
    SpectatorView,
)
from exercise.language import _

CONTROL, PUBLIC = FACILITATOR, SPECTATOR
"""Ids of the two perspectives that belong to no team."""

Kind = Literal["team", "role", "control", "public"]
View = ParticipantView | FacilitatorView | SpectatorView
_SIGNS = (SeatLeft, SeatTaken, ClockPaused, ClockResumed, CurtainDrawn, CurtainLifted)
Sign = tuple[int, int, str, str]
"""Position, time of the story, kind and label of a place on the line of time."""


@dataclass(frozen=True, slots=True)
class Perspective:
    """Somebody to look at a log as."""

    id: str
    name: str
    kind: Kind
    sat: tuple[str, ...] = ()
    """Names of those who took the seat, in that order; '' for one who gave none."""

    @property
    def team(self) -> str:
        """The team it belongs to, or ''."""
        return self.id.partition("/")[0] if self.kind in ("team", "role") else ""

    @property
    def in_turn(self) -> bool:
        """Whether it comes up when one goes through them: a role where nobody ever sat has to be asked for."""
        return self.kind != "role" or bool(self.sat)


@dataclass(frozen=True, slots=True)
class Sight:
    """What one perspective saw at one moment."""

    whose: Perspective
    view: View

    @property
    def clock(self) -> ClockView:
        """The clocks as they stood."""
        return self.view.clock

    @property
    def curtain(self) -> CurtainView | None:
        """What covered the screen."""
        return self.view.curtain

    @property
    def indicators(self) -> tuple[IndicatorView, ...]:
        """The indicators that were shown."""
        return self.view.indicators

    @property
    def talk(self) -> tuple[TalkLine, ...]:
        """What was said, oldest first."""
        return self.view.talk

    @property
    def inbox(self) -> tuple[InboxItem, ...]:
        """The messages; control has the MSEL in their place."""
        return () if isinstance(self.view, FacilitatorView) else self.view.inbox

    @property
    def decisions(self) -> tuple[tuple[str, DecisionView], ...]:
        """Whose decision, '' for the own team's, and the decision."""
        match self.view:
            case ParticipantView():
                return tuple(("", decision) for decision in self.view.decisions)
            case FacilitatorView():
                return self.view.decisions
            case _:
                return ()

    @property
    def requests(self) -> tuple[RequestView, ...]:
        """The board."""
        return () if isinstance(self.view, SpectatorView) else self.view.requests

    @property
    def evidence(self) -> tuple[EvidenceView, ...]:
        """What the team held."""
        return self.view.evidence if isinstance(self.view, ParticipantView) else ()

    @property
    def notes(self) -> tuple[tuple[str, JournalLine], ...]:
        """Whose note, '' for the own team's, and the note."""
        match self.view:
            case ParticipantView():
                return tuple(("", line) for line in self.view.journal)
            case FacilitatorView():
                return self.view.notes
            case _:
                return ()

    @property
    def seats(self) -> tuple[tuple[str, SeatView], ...]:
        """Whose seat, '' for the own team's, and the seat."""
        match self.view:
            case ParticipantView():
                return tuple(("", seat) for seat in self.view.seats)
            case FacilitatorView():
                return self.view.seats
            case _:
                return ()

    @property
    def drafts(self) -> tuple[tuple[str, DraftView], ...]:
        """Whose draft, '' for the own team's, and the draft."""
        match self.view:
            case ParticipantView():
                return tuple(("", draft) for draft in self.view.drafts)
            case FacilitatorView():
                return self.view.drafts
            case _:
                return ()

    @property
    def own(self) -> str:
        """Short name of the own team, or ''."""
        return self.view.team_short if isinstance(self.view, ParticipantView) else ""

    @property
    def plenary(self) -> tuple[str, tuple[str, ...]]:
        """What the plenary is about, and its questions; control reads them in its own hand-out."""
        if isinstance(self.view, FacilitatorView):
            return "", ()
        return self.view.plenary_text, self.view.plenary_questions

    def stated(self) -> View:
        """The view but for where its clocks stand, which other people's doings move as well."""
        return replace(self.view, clock=replace(self.view.clock, play=0, exercise=0))


def perspectives(scenario: Scenario, entries: Iterable[LogEntry]) -> tuple[Perspective, ...]:
    """Every team with its roles, then exercise control and the public."""
    sat: dict[str, dict[str, None]] = {}
    for entry in entries:
        event = entry.event
        # Over a long log, asking for the class itself is many times quicker than asking for an instance.
        if event.__class__ is SeatTaken:
            assert isinstance(event, SeatTaken)
            sat.setdefault(event.seat, {})[event.name] = None
    found = []
    for team in scenario.teams:
        for seat in seats_of(team):
            name = f"{team.short}: {role_name(team, seat)}" if "/" in seat else team.short
            kind: Kind = "role" if "/" in seat else "team"
            found.append(Perspective(seat, name, kind, tuple(sat.get(seat, ()))))
    found.append(Perspective(CONTROL, _("Exercise control"), "control", tuple(sat.get(CONTROL, ()))))
    found.append(Perspective(PUBLIC, _("The public"), "public", tuple(sat.get(PUBLIC, ()))))
    return tuple(found)


def sight(scenario: Scenario, state: State, whose: Perspective) -> Sight:
    """What a perspective sees of a state: the same views that the doors of a live exercise hand out."""
    match whose.kind:
        case "control":
            return Sight(whose, facilitator_view(scenario, state))
        case "public":
            return Sight(whose, spectator_view(scenario, state))
        case _:
            return Sight(whose, participant_view(scenario, state, whose.id))


def signs(scenario: Scenario, entries: Iterable[LogEntry]) -> tuple[Sign, ...]:
    """Seats that were left and taken again, and stops of the clock: what shows how the room fared, not the story."""
    left: set[str] = set()
    found = []
    for entry in entries:
        if entry.event.__class__ not in _SIGNS:
            continue
        match entry.event:
            case SeatLeft():
                left.add(entry.event.seat)
                label, kind = _("{seat} leaves the table").format(seat=_seat(scenario, entry.event.seat)), "left"
            case SeatTaken() if entry.event.seat in left:
                left.discard(entry.event.seat)
                label, kind = _("{seat} is back").format(seat=_seat(scenario, entry.event.seat)), "back"
            case ClockPaused():
                label, kind = _("The clock is stopped"), "pause"
            case ClockResumed():
                label, kind = _("The clock runs again"), "resume"
            case CurtainDrawn():
                label, kind = _("All screens are covered"), "pause"
            case CurtainLifted():
                label, kind = _("The screens are open again"), "resume"
            case _:
                continue
        found.append((entry.seq, entry.exercise, kind, label))
    return tuple(found)


def parting(one: Sequence[LogEntry], other: Sequence[LogEntry]) -> int:
    """The last entry that two logs share from their beginning; 0 where they share none.

    A fork keeps its parent's lines as they were written, wall times and all, so that equal entries are the same ones.
    """
    pairs = zip(one, other, strict=False)
    return next((n for n, (mine, theirs) in enumerate(pairs) if mine != theirs), min(len(one), len(other)))


def _seat(scenario: Scenario, seat: str) -> str:
    team_id, _unused, role = seat.partition("/")
    team = scenario.teams_by_id.get(team_id)
    if team is None:
        return _("Exercise control") if seat == FACILITATOR else seat.capitalize()
    return f"{team.short}: {role_name(team, seat)}" if role else team.short
