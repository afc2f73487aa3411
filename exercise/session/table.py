"""A game at one terminal: teams played here take turns, bots play the rest, and the story is stepped or runs live."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from exercise.core.assess import Assessment, assess
from exercise.core.commands import (
    CloseMove,
    ClosePlenary,
    Command,
    EndExercise,
    PauseClock,
    ResumeClock,
)
from exercise.core.observe import hot_wash_view, participant_view
from exercise.core.reference import Reference
from exercise.core.schedule import next_instant
from exercise.core.state import State
from exercise.core.times import tell_exercise_time
from exercise.core.views import HotWashView, ParticipantView
from exercise.errors import CommandRejected
from exercise.session.autoplay import wake_bots
from exercise.session.bots import Bot
from exercise.session.client import Client, Player
from exercise.session.player import LogPlayer
from exercise.session.session import Session

_MOST_STEPS = 10_000


class SeatClient:
    """The seat of a team played at this terminal."""

    def __init__(self, table: LocalTable, team: str) -> None:
        self._table = table
        self._team = team

    @property
    def seat(self) -> str:
        """The team's id."""
        return self._team

    @property
    def reference(self) -> Reference:
        """The texts of the profiles."""
        return self._table.session.reference

    def view(self) -> ParticipantView:
        """What the team may see now, with a live clock where it stands at this moment."""
        session = self._table.session
        view = participant_view(session.scenario, session.state, self._team)
        play, exercise = session.times
        return replace(view, clock=replace(view.clock, play=play, exercise=exercise))

    def hot_wash(self) -> HotWashView | None:
        """What is opened after ENDEX."""
        return hot_wash_view(self._table.session.scenario, self._table.session.state)

    def assessment(self) -> Assessment | None:
        """The scorecards, after ENDEX."""
        return self._table.assessment()

    async def submit(self, command: Command) -> None:
        """Asks under this seat's own name, whatever the command says."""
        # The session stamps its own play time: a seat cannot move the clock by what it says.
        self._table.submit(command.model_copy(update={"seat": self._team, "play": 0}))

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back after each change that this seat can see."""
        last = self._stated()

        def compare() -> None:
            nonlocal last
            now = self._stated()
            if now != last:
                last = now
                changed()

        return self._table.subscribe(compare)

    def _stated(self) -> ParticipantView:
        """The view but for where the clocks stand, which another team's doings move as well."""
        view = participant_view(self._table.session.scenario, self._table.session.state, self._team)
        return replace(view, clock=replace(view.clock, play=0, exercise=0))


class LocalTable:
    """Implements the `Table` of `client`: one session, its people, its bots and its pacing."""

    def __init__(self, session: Session, people: tuple[str, ...], bots: Mapping[str, Bot]) -> None:
        self.session = session
        self._people = people
        self._bots = bots
        self._assessment: Assessment | None = None
        self._changed: list[Callable[[], None]] = []

    @property
    def title(self) -> str:
        """Title of the scenario."""
        return self.session.scenario.title

    @property
    def session_id(self) -> str:
        """Id under which the session is kept."""
        return self.session.id

    @property
    def teams(self) -> tuple[tuple[str, str, bool], ...]:
        """Id, name and whether people play it here, for each team."""
        return tuple((team.id, team.name, team.id in self._people) for team in self.session.scenario.teams)

    @property
    def live(self) -> bool:
        """Whether the clock runs by itself."""
        return self.session.pace == "live"

    def client(self, team: str) -> Client:
        """The seat of a team played at this terminal; raises KeyError for any other."""
        if team not in self._people:
            raise KeyError(team)
        return SeatClient(self, team)

    def player(self) -> Player:
        """The log so far, to look back at."""
        return LogPlayer(self.session.scenario, self.session.reference, self.session.entries)

    def submit(self, command: Command) -> None:
        """Submits, lets the bots answer what that brought, and tells the screens."""
        self.session.submit(command)
        self._settle()

    async def start(self) -> None:
        """STARTEX, unless the session was resumed after it."""
        if self._state().clock.phase == "briefing":
            self.session.start()
            self._settle()

    async def step(self) -> str:
        """Moves the story on to the next thing that concerns a team here, a change of phase included."""
        return self._step(let_lapse=False)

    async def let_lapse(self) -> str:
        """As `step`, letting open windows run out."""
        return self._step(let_lapse=True)

    async def tick(self) -> None:
        """On a live clock, called about once a second: brings what has become due."""
        # Also while the clock stands: the session has to know that somebody is still there.
        if self.session.tick():
            self._settle()

    async def pause(self) -> None:
        """Stops the clock."""
        self.submit(PauseClock())

    async def resume(self) -> None:
        """Starts the clock again; a session that was resumed stands paused until then."""
        if not self._state().clock.running and self._state().clock.phase in ("move", "plenary"):
            self.submit(ResumeClock())

    async def end(self) -> None:
        """ENDEX now."""
        self.submit(EndExercise())

    def assessment(self) -> Assessment | None:
        """The scorecards, after ENDEX."""
        if self._state().clock.phase != "ended":
            return None
        if self._assessment is None:
            self._assessment = assess(self.session.scenario, self.session.reference, self.session.entries)
        return self._assessment

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back after each change; returns how to stop."""
        self._changed.append(changed)
        return lambda: self._changed.remove(changed)

    def _state(self) -> State:
        return self.session.state

    def _settle(self) -> None:
        for _ in range(_MOST_STEPS):
            if not wake_bots(self.session.scenario, self._state, self.session.submit, self._bots):
                break
        for changed in tuple(self._changed):
            changed()

    def _seen(self) -> dict[str, tuple[int, int]]:
        """Messages and decisions that each team here has got so far."""
        views = {team: participant_view(self.session.scenario, self._state(), team) for team in self._people}
        return {team: (len(view.inbox), len(view.decisions)) for team, view in views.items()}

    def _step(self, let_lapse: bool) -> str:
        clock = self._state().clock
        if not clock.running and clock.phase in ("move", "plenary"):
            self.session.submit(ResumeClock())
        before, phase = self._seen(), (clock.phase, clock.move)
        for _ in range(_MOST_STEPS):
            self._once(let_lapse)
            wake_bots(self.session.scenario, self._state, self.session.submit, self._bots)
            clock = self._state().clock
            if self._seen() != before or (clock.phase, clock.move) != phase or clock.phase == "ended":
                break
        self._settle()
        return self._report(before, phase)

    def _once(self, let_lapse: bool) -> None:
        scenario, state = self.session.scenario, self._state()
        clock = state.clock
        if clock.phase == "ended":
            return
        if clock.phase == "plenary":
            self.session.submit(ClosePlenary())
            return
        instant = next_instant(scenario, state)
        for name, decision in state.decisions.items():
            lapses = decision.status == "open" and (instant is None or decision.closes <= instant)
            if lapses and decision.team in self._people and not let_lapse:
                title = scenario.decisions_by_id[name].title
                team = scenario.names[decision.team]
                raise CommandRejected("decisions-open", f"{team} still has to answer “{title}”.")
        if instant is None:
            self.session.submit(CloseMove())
        else:
            self.session.advance(instant)

    def _report(self, before: Mapping[str, tuple[int, int]], phase: tuple[str, int]) -> str:
        scenario, clock = self.session.scenario, self._state().clock
        if clock.phase == "ended":
            return "ENDEX. The exercise is over; the hot wash is open."
        if (clock.phase, clock.move) != phase:
            title = scenario.moves[clock.move].title
            if clock.phase == "plenary":
                return f"The move “{title}” has ended; the plenary is open."
            return f"Move {clock.move + 1} of {len(scenario.moves)}: {title}."
        parts = []
        for team, (messages, decisions) in self._seen().items():
            new = [_counted(messages - before[team][0], "message"), _counted(decisions - before[team][1], "decision")]
            if said := " and ".join(filter(None, new)):
                parts.append(f"{scenario.names[team]} has {said}")
        news = "; ".join(parts) or "nothing new for the teams here"
        return f"{tell_exercise_time(clock.exercise)}: {news}."


def _counted(number: int, what: str) -> str:
    return f"{number} new {what}{'' if number == 1 else 's'}" if number else ""
