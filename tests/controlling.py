"""Exercise control without a network: the real rules and store behind `Control`, and a small room of invented people.

`DirectControl(scenario)` stands before STARTEX. `given` submits commands of any seat; `join` and `left` move people in
and out; `trouble` can be set; `clock.pass_(seconds)` with `tick` lets a running clock run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from support import FakeClock, small_scenario

from exercise.catalogue import load_reference
from exercise.core.assess import Assessment, assess
from exercise.core.commands import CloseMove, ClosePlenary, Command, PauseClock, ResumeClock
from exercise.core.observe import participant_view
from exercise.core.overview import facilitator_view, hot_wash_view
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.schedule import next_instant, play_when
from exercise.core.teamwork.commands import LeaveSeat, TakeSeat
from exercise.core.teamwork.observer import observer_view
from exercise.core.teamwork.seating import role_name
from exercise.core.times import tell_exercise_time
from exercise.core.views import FacilitatorView, HotWashView, ParticipantView
from exercise.errors import CommandRejected
from exercise.session import control as asks
from exercise.session.clock import Pace
from exercise.session.control import (
    Door,
    DoorCard,
    EvaluatorCard,
    Kind,
    Moment,
    Person,
    RoomCommand,
    RoomView,
    TicketCard,
)
from exercise.session.fork import fork
from exercise.session.player import LogPlayer
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.surveying import SurveyProgress, close_survey, handed_in

DOORS = (
    DoorCard("terminal", ("exercise join ws://127.0.0.1:8765",), ""),
    DoorCard("ssh", ("ssh -p 8022 team@127.0.0.1",), "SHA256:0aF2kMfLw9yJp3mQk1xGvHq8ZrTtUeXb5nCdYsAiOPo"),
    DoorCard("browser", ("http://127.0.0.1:8080",), ""),
)


class DirectControl:
    """Implements `Control` over one session; what a hub would do with people and codes is done here on lists."""

    def __init__(
        self,
        scenario: Scenario | None = None,
        *,
        name: str = "Vera",
        pace: Pace = "live",
        seed: int = 4,
        session: Session | None = None,
    ) -> None:
        self.clock = FakeClock()
        self.store = MemoryStore()
        self.session = session or Session.start_new(
            scenario or small_scenario(),
            load_reference(),
            self.store,
            seed=seed,
            session_id="s-1",
            now=self.clock,
            wall=self.clock.wall,
            pace=pace,
        )
        self._name = name
        self._trouble = ""
        self._changed: list[Callable[[], None]] = []
        self.people: list[Person] = []
        self.tickets: list[TicketCard] = []
        self.doors: tuple[DoorCard, ...] = DOORS
        self.asked: list[RoomCommand] = []
        """Everything asked of the room, for tests to look at."""
        self.closed = False
        self.evaluators: tuple[EvaluatorCard, ...] = ()
        for team in self.session.scenario.teams:
            self._new_ticket("participant", team.id)
        self._new_ticket("observer", "")
        self._stop = self.session.subscribe(lambda _: self.tell())

    # What `Control` promises

    @property
    def name(self) -> str:
        """The controller's own name."""
        return self._name

    @property
    def title(self) -> str:
        """Title of the scenario."""
        return self.session.scenario.title

    @property
    def session_id(self) -> str:
        """Another one after going back."""
        return self.session.id

    @property
    def reference(self) -> Reference:
        """The texts of the profiles."""
        return self.session.reference

    @property
    def teams(self) -> tuple[tuple[str, str], ...]:
        """Id and short name of each team."""
        return tuple((team.id, team.short) for team in self.session.scenario.teams)

    @property
    def trouble(self) -> str:
        """What a test says is wrong."""
        return self._trouble

    @trouble.setter
    def trouble(self, text: str) -> None:
        self._trouble = text
        self.tell()

    def view(self) -> FacilitatorView:
        """All there is, with the clock where it stands."""
        view = facilitator_view(self.session.scenario, self.session.state)
        play, exercise = self.session.times
        return replace(view, clock=replace(view.clock, play=play, exercise=exercise))

    def room(self) -> RoomView:
        """The invented room."""
        return RoomView(
            session=self.session.id,
            title=self.title,
            seq=len(self.session.entries),
            head=self.session.head,
            hub="hub-1",
            leads=True,
            people=tuple(self.people),
            tickets=tuple(self.tickets),
            doors=self.doors,
            survey=self._survey(),
            evaluators=self.evaluators,
        )

    def _survey(self) -> SurveyProgress | None:
        state = self.session.state
        if state.clock.phase != "ended":
            return None
        return SurveyProgress(handed_in(self.store, self.session), 3, state.evaluation.survey is not None)

    def looking_at(self, seat: str) -> SeatLook:
        """A seat's screen."""
        return SeatLook(self, seat)

    async def assessment(self) -> Assessment:
        """Marks as they stand now."""
        return self._assess()

    async def moments(self) -> tuple[Moment, ...]:
        """The places to go back to."""
        return LogPlayer(self.session.scenario, self.reference, self.session.entries).markers

    async def submit(self, command: Command) -> None:
        """Asks under control's seat, as the hub does."""
        if self._trouble:
            raise CommandRejected("no-link", self._trouble)
        self.session.submit(command.model_copy(update={"seat": "facilitator", "play": 0}))

    async def ask(self, command: RoomCommand) -> str:
        """Does what a room does, so far as screens can see it."""
        if self._trouble:
            raise CommandRejected("no-link", self._trouble)
        self.asked.append(command)
        said = self._do(command)
        self.tell()
        return said

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back after each change."""
        self._changed.append(changed)
        return lambda: self._changed.remove(changed) if changed in self._changed else None

    # What tests do with it

    def tell(self) -> None:
        """Calls back whoever subscribed."""
        for changed in tuple(self._changed):
            changed()

    def given(self, *commands: Command) -> DirectControl:
        """These commands, each under the seat it names, at the present moment."""
        for command in commands:
            self.session.submit(command)
        return self

    def started(self, **facts: str) -> DirectControl:
        """STARTEX."""
        self.session.start(facts)
        return self

    def pass_(self, seconds: float) -> DirectControl:
        """So many seconds of a running clock, a tick at each."""
        for _ in range(int(seconds)):
            self.clock.pass_(1)
            self.session.tick()
        return self

    def join(self, name: str, seat: str = "", kind: Kind = "participant", door: Door = "terminal") -> Person:
        """Somebody comes in, and sits down where the seat is free; a second one there reads along."""
        taken = any(person.seat == seat and person.acting for person in self.people) if seat else False
        acting = bool(seat) and kind == "participant" and not taken
        person = Person(
            id=f"p-{len(self.people) + 1}",
            name=name,
            kind=kind,
            seat=seat,
            team=seat.partition("/")[0],
            acting=acting,
            connected=True,
            door=door,
            address="127.0.0.1",
            joined=self.clock.wall(),
            doing="reading the briefing",
        )
        self.people.append(person)
        if acting:
            self.session.submit(TakeSeat(seat=seat, name=name[:60]))
        self.tell()
        return person

    def change(self, person: str, **fields: Any) -> None:
        """Somebody's line in the room changes: `change("p-1", connected=False)`."""
        self.people = [replace(p, **fields) if p.id == person else p for p in self.people]
        self.tell()

    def sees(self, seat: str) -> ParticipantView:
        """What a seat sees now."""
        return participant_view(self.session.scenario, self.session.state, seat)

    # The room

    def _do(self, command: RoomCommand) -> str:
        match command:
            case asks.Startex():
                self.session.start(command.facts)
                return "STARTEX."
            case asks.StepOn():
                return self._step_on()
            case asks.JumpTo():
                return self._jump_to(command.exercise)
            case asks.SeatPerson():
                return self._seat(command)
            case asks.LetAct():
                return self._let_act(command)
            case asks.RemovePerson():
                person = self._person(command.person)
                self.people.remove(person)
                return f"{person.name} has been sent out."
            case asks.NewTicket():
                return f"New code: {self._new_ticket(command.kind, command.seat).code}"
            case asks.RevokeTicket():
                return self._revoke(command.ticket)
            case asks.GoBack():
                return self._go_back(command.seq)
            case asks.EndSurvey():
                return close_survey(self.store, self.session, thin=command.thin)
            case asks.CloseDoors():
                self.closed = True
                return "The doors are closed."

    def _step_on(self) -> str:
        clock = self.session.state.clock
        if clock.phase == "plenary":
            self.session.submit(ClosePlenary())
        elif (instant := next_instant(self.session.scenario, self.session.state)) is None:
            self.session.submit(CloseMove())
        else:
            self._bring_to(instant)
        return f"The clock stands at {tell_exercise_time(self.session.times[1])}."

    def _jump_to(self, exercise: int) -> str:
        clock = self.session.state.clock
        play = play_when(clock, exercise)
        if play is None or play < self.session.times[0]:
            raise CommandRejected("not-there", "The clock goes forward only, and within the present move.")
        self._bring_to(play)
        return f"The clock stands at {tell_exercise_time(self.session.times[1])}."

    def _bring_to(self, play: int) -> None:
        paused = not self.session.state.clock.running
        if paused:
            self.session.submit(ResumeClock())
        self.session.advance(play)
        if paused and self.session.state.clock.running:
            self.session.submit(PauseClock())

    def _person(self, id: str) -> Person:
        found = next((person for person in self.people if person.id == id), None)
        if found is None:
            raise CommandRejected("unknown-person", "That person is not here any more.")
        return found

    def _seat(self, command: asks.SeatPerson) -> str:
        person = self._person(command.person)
        if person.seat and person.acting:
            self.session.submit(LeaveSeat(seat=person.seat))
        taken = any(p.seat == command.seat and p.acting and p is not person for p in self.people)
        acting = bool(command.seat) and not taken
        if acting:
            self.session.submit(TakeSeat(seat=command.seat, name=person.name[:60]))
        team = command.seat.partition("/")[0] or person.team
        self.change(person.id, seat=command.seat, team=team, acting=acting)
        return f"{person.name} sits at {command.seat}." if command.seat else f"{person.name} chooses anew."

    def _let_act(self, command: asks.LetAct) -> str:
        person = self._person(command.person)
        for other in list(self.people):
            if other.seat == person.seat and not command.too:
                self.change(other.id, acting=False)
        self.change(person.id, acting=True)
        if not command.too:
            # The log knows one person at a seat: who acts beside another one there is the room's own business.
            self.session.submit(LeaveSeat(seat=person.seat))
            self.session.submit(TakeSeat(seat=person.seat, name=person.name[:60]))
        return f"{person.name} acts."

    def _new_ticket(self, kind: Kind, seat: str) -> TicketCard:
        number = len(self.tickets) + 1
        team = self.session.scenario.teams_by_id.get(seat.partition("/")[0])
        label = f"{kind.capitalize()}s" if team is None else team.short
        if team is not None and "/" in seat:
            label = f"{team.short}: {role_name(team, seat)}"
        ticket = TicketCard(f"t-{number}", f"ABCD-{number:04}", kind, seat, label, False, ())
        self.tickets.append(ticket)
        return ticket

    def _revoke(self, id: str) -> str:
        for ticket in self.tickets:
            if ticket.id == id:
                self.tickets = [replace(t, revoked=True) if t.id == id else t for t in self.tickets]
                self.people = [person for person in self.people if person.id not in ticket.used_by]
                return f"The code of {ticket.label} opens nothing any more."
        raise CommandRejected("unknown-ticket", "There is no such code.")

    def _go_back(self, seq: int) -> str:
        forked = fork(self.session.log(), seq, self.store, session_id=f"{self.session.id}-back")
        self._stop()
        self.session = Session.resume(self.store, forked, now=self.clock, wall=self.clock.wall, pace=self.session.pace)
        self._stop = self.session.subscribe(lambda _: self.tell())
        return f"Back at {tell_exercise_time(self.session.times[1])}; the clock is paused."

    def _assess(self) -> Assessment:
        return assess(self.session.scenario, self.reference, self.session.entries)


class SeatLook:
    """A seat read along by control: implements `Client`, submits nothing."""

    def __init__(self, control: DirectControl, seat: str) -> None:
        self._control = control
        self._seat = seat

    @property
    def seat(self) -> str:
        """Whose screen it is."""
        return self._seat

    @property
    def reference(self) -> Reference:
        """The texts of the profiles."""
        return self._control.reference

    def view(self) -> ParticipantView:
        """What the seat sees, without the means to act; a whole team's as an observer has it."""
        session = self._control.session
        build = participant_view if "/" in self._seat else observer_view
        view = build(session.scenario, session.state, self._seat)
        play, exercise = session.times
        return replace(view, clock=replace(view.clock, play=play, exercise=exercise))

    def hot_wash(self) -> HotWashView | None:
        """What is opened after ENDEX."""
        return hot_wash_view(self._control.session.scenario, self._control.session.state)

    def assessment(self) -> Assessment | None:
        """The scorecards, after ENDEX."""
        return self._control._assess() if self._control.session.state.clock.phase == "ended" else None

    async def submit(self, command: Command) -> None:
        """Nobody acts for a team from here."""
        raise CommandRejected("looks-on", "You only look on here: this is for those who play the team.")

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back after each change."""
        return self._control.subscribe(changed)
