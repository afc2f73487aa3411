"""A game at one terminal: seats played here take turns, bots play the rest, and the story is stepped or runs live."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from exercise.core.assess import Assessment, assess
from exercise.core.commands import (
    CloseMove,
    ClosePlenary,
    Command,
    EndExercise,
    PauseClock,
    ReadMessage,
    ResumeClock,
)
from exercise.core.evaluation.outcome import as_evaluated
from exercise.core.observe import participant_view
from exercise.core.overview import hot_wash_view
from exercise.core.reference import Reference
from exercise.core.refusals import refusal_told
from exercise.core.requests.views import RequestView
from exercise.core.scenario import Scenario
from exercise.core.schedule import lapse_at, lapses_at_opening, next_instant
from exercise.core.state import State
from exercise.core.teamwork.commands import OBSERVER, LeaveSeat, TakeSeat
from exercise.core.teamwork.observer import observer_view
from exercise.core.teamwork.seating import is_present, role_name
from exercise.core.times import tell_exercise_time
from exercise.core.tongues import read_by
from exercise.core.views import HotWashView, ParticipantView
from exercise.core.wording import cited_in, worded
from exercise.errors import CommandRejected
from exercise.language import _, ngettext
from exercise.session.ahead import time_ahead
from exercise.session.autoplay import beside_people, wake_bots
from exercise.session.bots import Bot
from exercise.session.client import Client, Player
from exercise.session.player import LogPlayer
from exercise.session.session import Session
from exercise.session.surveying import LocalSurvey

_MOST_STEPS = 10_000


class SeatClient:
    """A seat played at this terminal: a whole team, or a role in one."""

    def __init__(self, table: LocalTable, seat: str) -> None:
        self._table = table
        self._seat = seat

    @property
    def seat(self) -> str:
        """The team's id, or `team/role`."""
        return self._seat

    @property
    def reference(self) -> Reference:
        """The texts of the profiles, in the seat's language as far as they are in it."""
        session = self._table.session
        return cited_in(session.reference, read_by(session.scenario, self._seat))

    def view(self) -> ParticipantView:
        """What the seat may see now, with a live clock where it stands at this moment."""
        view = self._seen()
        play, exercise = self._table.session.times
        return replace(view, clock=replace(view.clock, play=play, exercise=exercise))

    def hot_wash(self) -> HotWashView | None:
        """What is opened after ENDEX."""
        return hot_wash_view(self._table.session.scenario, self._table.session.state, self._seat)

    def assessment(self) -> Assessment | None:
        """The scorecards, after ENDEX, with their reasons in the seat's language."""
        found = self._table.assessment()
        return found and self._table.worded(found, self._seat)

    async def submit(self, command: Command) -> None:
        """Asks under this seat's own name, whatever the command says."""
        # The session stamps its own play time: a seat cannot move the clock by what it says.
        try:
            self._table.submit(command.model_copy(update={"seat": self._seat, "play": 0}))
        except CommandRejected as refused:
            read = read_by(self._table.session.scenario, self._seat)
            raise CommandRejected(refused.code, refusal_told(refused.text, read)) from refused

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
        view = self._seen()
        return replace(view, clock=replace(view.clock, play=0, exercise=0))

    def _seen(self) -> ParticipantView:
        return participant_view(self._table.session.scenario, self._table.session.state, self._seat)


class OnlookerClient(SeatClient):
    """A team looked at by somebody who has no part in it: what it sees, and nothing to do."""

    def __init__(self, table: LocalTable, seat: str) -> None:
        super().__init__(table, seat)
        self._read: frozenset[int] = frozenset()

    async def submit(self, command: Command) -> None:
        """Keeps here what the onlooker has read, which is nobody's business; anything else is refused."""
        if not isinstance(command, ReadMessage):
            raise CommandRejected("looks-on", "You only look on here: this is for those who play the team.")
        self._read |= {command.number}
        self._table.tell()

    def _seen(self) -> ParticipantView:
        view = observer_view(self._table.session.scenario, self._table.session.state, self._seat)
        return replace(
            view,
            inbox=tuple(replace(item, read=item.number in self._read) for item in view.inbox),
            requests=tuple(replace(request, may=()) for request in view.requests),
            matters=(),
            kinds=(),
        )


class LocalTable:
    """Implements the `Table` of `client`: one session, its people, its bots and its pacing."""

    def __init__(
        self, session: Session, seats: tuple[str, ...], bots: Mapping[str, Bot], *, looks_on: bool = False
    ) -> None:
        """`seats` are those played here, each a team or a role of one; `looks_on` where bots play all of them."""
        self.session = session
        self.looks_on = looks_on
        self._people = frozenset(seat.partition("/")[0] for seat in seats)
        self._seats = tuple(team.id for team in session.scenario.teams) if looks_on else seats
        self._clients: dict[str, SeatClient] = {}
        self._bots = bots
        self._assessment: tuple[int, Assessment] | None = None
        """With the number of entries that it was made of."""
        self._worded: dict[str, tuple[Assessment, Assessment]] = {}
        """By language, what was made of which."""
        self.survey = None if looks_on else LocalSurvey(session, session.store, self._people)
        """Where those who play here answer the survey, one after another."""
        self._changed: list[Callable[[], None]] = []

    @property
    def hosted(self) -> None:
        """Nobody else hosts it."""
        return None

    @property
    def title(self) -> str:
        """Title of the scenario, in the language of those who play here."""
        return self._read_here.title

    @property
    def session_id(self) -> str:
        """Id under which the session is kept."""
        return self.session.id

    @property
    def teams(self) -> tuple[tuple[str, str, bool], ...]:
        """Id, name and whether people play it here, for each team."""
        return tuple((team.id, team.name, team.id in self._people) for team in self._read_here.teams)

    @property
    def live(self) -> bool:
        """Whether the clock runs by itself."""
        return self.session.pace == "live"

    @property
    def seats(self) -> tuple[tuple[str, str], ...]:
        """Id and name of each seat at this terminal; for onlookers, of each team."""
        return tuple((seat, self._called(seat, whole=True)) for seat in self._seats)

    @property
    def addressees(self) -> tuple[tuple[str, str], ...]:
        """Id and short name of each team."""
        return tuple((team.id, team.short) for team in self._read_here.teams)

    def client(self, seat: str) -> Client:
        """A seat at this terminal; raises KeyError for any other."""
        if seat not in self._seats:
            raise KeyError(seat)
        # An onlooker's client remembers what was read.
        kind = OnlookerClient if self.looks_on else SeatClient
        return self._clients.setdefault(seat, kind(self, seat))

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
            self.sit_down()
            self.session.start()
            self._settle()

    def sit_down(self) -> None:
        """Those who share a team take their seats; a team at one keyboard needs none, and who is not here gets up."""
        shared = {seat.partition("/")[0] for seat in self._seats if "/" in seat}
        here = {seat: None for seat in self._seats if seat.partition("/")[0] in shared}
        if self.looks_on:
            here = {OBSERVER: None}
        if self._state().clock.phase == "ended":
            return
        for seat in tuple(self._state().seats):
            if seat not in here and is_present(self._state(), seat):
                self.session.submit(LeaveSeat(seat=seat))
        for seat in here:
            if not is_present(self._state(), seat):
                self.session.submit(TakeSeat(seat=seat))

    async def step(self) -> str:
        """Moves the story on to the next thing that concerns a team here, a change of phase included."""
        return self._step(let_lapse=False)

    async def let_lapse(self) -> str:
        """As `step`, letting open windows run out."""
        return self._step(let_lapse=True)

    def ahead(self) -> tuple[int, int]:
        """Seconds of play and of the story that `step` would take at most; (0, 0) where no time passes by it."""
        return time_ahead(self.session.scenario, self._state(), self._keep_for_answers, self._seen)

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
        entries = self.session.entries
        if self._assessment is None or self._assessment[0] != len(entries):
            found = assess(self.session.scenario, self.session.reference, entries)
            self._assessment = len(entries), as_evaluated(found, entries)
        return self._assessment[1]

    def worded(self, found: Assessment, seat: str) -> Assessment:
        """The scorecards as a seat reads them; once made, the same again while they are."""
        read = read_by(self.session.scenario, seat)
        kept = self._worded.get(read.language)
        if kept is None or kept[0] is not found:
            kept = self._worded[read.language] = (found, worded(found, read))
        return kept[1]

    @property
    def _read_here(self) -> Scenario:
        """The scenario as the first seat here reads it, for what stands above all of them."""
        return read_by(self.session.scenario, next(iter(self._seats), ""))

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back after each change; returns how to stop."""
        self._changed.append(changed)
        return lambda: self._changed.remove(changed)

    def _state(self) -> State:
        return self.session.state

    def _wake_bots(self) -> int:
        return wake_bots(self.session.scenario, self._state, beside_people(self.session.submit), self._bots)

    def _settle(self) -> None:
        for _step in range(_MOST_STEPS):
            if not self._wake_bots():
                break
        self.tell()

    def tell(self) -> None:
        """Calls back whoever subscribed."""
        for changed in tuple(self._changed):
            changed()

    def _called(self, seat: str, *, whole: bool = False) -> str:
        """What a seat is called; a whole team by its short name unless `whole`."""
        team = read_by(self.session.scenario, seat).teams_by_id[seat.partition("/")[0]]
        if "/" in seat:
            return f"{team.short}: {role_name(team, seat)}"
        return team.name if whole else team.short

    def _seen(self, state: State | None = None) -> dict[str, _Seen]:
        """What each seat here has got so far, or has got in another state."""
        state = state or self._state()
        views = {seat: participant_view(self.session.scenario, state, seat) for seat in self._seats}
        return {seat: _Seen.of(view) for seat, view in views.items()}

    def _step(self, let_lapse: bool) -> str:
        clock = self._state().clock
        if not clock.running and clock.phase in ("move", "plenary"):
            self.session.submit(ResumeClock())
        before, phase = self._seen(), (clock.phase, clock.move)
        for _step in range(_MOST_STEPS):
            self._once(let_lapse)
            self._wake_bots()
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
        if not let_lapse:
            self._keep_for_answers(state, instant)
        if instant is None:
            self.session.submit(CloseMove())
        else:
            self.session.advance(instant)

    def _keep_for_answers(self, state: State, instant: int | None) -> None:
        """Refuses to go where a team here would lose a decision or a request: by `instant`, or for none as the moves
        change."""
        scenario, clock = self.session.scenario, state.clock
        for name, decision in state.decisions.items():
            lapses = decision.status == "open" and (instant is None or decision.closes <= instant)
            if lapses and decision.team in self._people:
                read = read_by(scenario, decision.team)
                text = _("{team} still has to answer “{title}”.").format(
                    team=read.names[decision.team], title=read.decisions_by_id[name].title
                )
                raise CommandRejected("decisions-open", text)
        coming = scenario.moves[clock.move + 1 :][:1]
        for request in state.requests.values():
            if request.to not in self._people:
                continue
            if instant is not None:
                due = lapse_at(clock, request)
                lapses = due is not None and due <= instant
            else:
                # What falls between this move and the next lapses as that one opens, when it is too late to answer.
                lapses = any(lapses_at_opening(clock, move.starts, request) for move in coming)
            if lapses:
                read = read_by(scenario, request.to)
                kind, names = read.kinds_by_id[request.kind], read.names
                text = _("{names} still has to answer “{name}” of {names2}.").format(
                    names=names[request.to], name=kind.name, names2=names[request.by]
                )
                raise CommandRejected("requests-open", text)

    def _report(self, before: Mapping[str, _Seen], phase: tuple[str, int]) -> str:
        scenario, clock = self._read_here, self._state().clock
        if clock.phase == "ended":
            return _("ENDEX. The exercise is over; the hot wash is open.")
        if (clock.phase, clock.move) != phase:
            title = scenario.moves[clock.move].title
            if clock.phase == "plenary":
                return _("The move “{title}” has ended; the plenary is open.").format(title=title)
            return _("Move {move} of {count}: {title}.").format(
                move=clock.move + 1, count=len(scenario.moves), title=title
            )
        parts = []
        for seat, seen in self._seen().items():
            if said := seen.since(before[seat]):
                parts.append(_("{called} has {said}").format(called=self._called(seat), said=said))
        news = "; ".join(parts) or _("nothing new for the teams here")
        return f"{tell_exercise_time(clock.exercise)}: {news}."


@dataclass(frozen=True, slots=True)
class _Seen:
    """How much a team has got: messages, decisions, requests of others, and how far each request on its board is."""

    messages: int
    decisions: int
    requests: int
    courses: tuple[int, ...]
    """By place on the board, the steps that a team wants to know of; its own are not taken while the clock is moved."""

    @classmethod
    def of(cls, view: ParticipantView) -> _Seen:
        return cls(
            messages=len(view.inbox),
            decisions=len(view.decisions),
            requests=sum(request.incoming for request in view.requests),
            courses=tuple(_course(request) for request in view.requests),
        )

    def since(self, before: _Seen) -> str:
        """What has come since, in words; empty where nothing did."""
        stirred = sum(now > was for now, was in zip(self.courses, before.courses, strict=False))
        new = [
            ngettext("{number} new message", "{number} new messages", messages).format(number=messages)
            if (messages := self.messages - before.messages)
            else "",
            ngettext("{number} new decision", "{number} new decisions", decisions).format(number=decisions)
            if (decisions := self.decisions - before.decisions)
            else "",
            ngettext("{number} new request", "{number} new requests", requests).format(number=requests)
            if (requests := self.requests - before.requests)
            else "",
            ngettext("news of {stirred} request", "news of {stirred} requests", stirred).format(stirred=stirred)
            if stirred
            else "",
        ]
        *first, last = [part for part in new if part] or [""]
        return _("{first} and {last}").format(first=", ".join(first), last=last) if first else last


_OF_ITSELF = ("sent", "delivered", "acknowledged")
"""Steps that nobody has to be told of: they ask for nothing."""


def _course(request: RequestView) -> int:
    return sum(step.step not in _OF_ITSELF for step in request.steps)
