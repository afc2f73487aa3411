"""One course of a scenario in memory, players that can be told what to answer, and the loop that plays it to ENDEX.

Unlike the loop of `simulate` it takes one answer at a time, lets a team answer late in a window, and can be left just
before an answer, so that the other answers are played on from the very same moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from exercise.analysis.things import Thing, offered
from exercise.core.commands import ChooseResponse, Command, StartExercise
from exercise.core.decide import available_options, work_out
from exercise.core.events import LogEntry
from exercise.core.observe import correspondence_view, decisions_view
from exercise.core.scenario import Scenario
from exercise.core.schedule import next_instant
from exercise.core.state import Clock, DecisionState, State
from exercise.core.turn import LAPSE
from exercise.core.views import CorrespondenceView, DecisionView
from exercise.errors import CommandRejected
from exercise.session.autoplay import play_on
from exercise.session.bots import Bot
from exercise.session.correspondence import Looked, look

Letters = Callable[[CorrespondenceView], tuple[Command, ...]]
"""What a team asks of others and answers them, seeing its board."""


@dataclass
class Course:
    """What has happened so far, and what could have been chosen."""

    scenario: Scenario
    state: State = field(default_factory=State)
    entries: list[LogEntry] = field(default_factory=list)
    offers: dict[Thing, int] = field(default_factory=dict)
    """Options that could be chosen, each with the last entry by then."""

    def copy(self) -> Course:
        """The same course, to be played on differently."""
        return Course(self.scenario, self.state, list(self.entries), dict(self.offers))

    def submit(self, command: Command) -> None:
        """Decides, folds and keeps; raises `CommandRejected`."""
        turn = work_out(self.scenario, self.state, command)
        batch = len(self.entries) + 1
        for seq, (event, (play, exercise)) in enumerate(zip(turn.events, turn.moments, strict=True), batch):
            self.entries.append(LogEntry(seq, batch, command.seat, "", play, exercise, event))
        if not turn.events:
            return
        self.state = turn.state
        for id, put in turn.state.decisions.items():
            if put.status == "open":
                for option in available_options(self.scenario.decisions_by_id[id], turn.state):
                    self.offers.setdefault(offered(id, option.id), len(self.entries))


@dataclass
class Player:
    """A team's bot, told some of its answers and when to give them; in everything else the bot does as it likes."""

    bot: Bot
    told: Mapping[str, str] = field(default_factory=dict)
    """Option by decision, or `lapse`; where an option is not offered yet, the team waits for it as long as it can."""
    late: Mapping[str, float] = field(default_factory=dict)
    """After which share of its window a decision is answered; at once where it is not in."""
    letters: Letters | None = None
    """How the team asks and answers, where not as its bot would."""
    looked: Looked | None = None

    def telling(self, decision: str, answer: str) -> Player:
        """The same player where it stands, told one more answer, to be given at once."""
        late = {id: share for id, share in self.late.items() if id != decision}
        return replace(self, told={**self.told, decision: answer}, late=late)

    def act(self, course: Course, team: str, now: int) -> tuple[Command, ...]:
        """What it asks for at a play time, seeing its decisions."""
        if not self.bot.decides:
            return ()
        view = decisions_view(course.scenario, course.state, team)
        shown = [self._shown(row, course.state, now) if row.status == "open" else row for row in view.decisions]
        return self.bot.act(replace(view, decisions=tuple([row for row in shown if row is not None])))

    def due(self, state: State, team: str, now: int) -> int | None:
        """When it will next answer something that it lets lie."""
        found = [
            play
            for id, put in state.decisions.items()
            if put.team == team and put.status == "open" and self.told.get(id) != LAPSE
            for play in (self._from(id, put, state.clock), _last(put, state.clock))
            if play > now
        ]
        return min(found, default=None) if self.bot.decides else None

    def _shown(self, row: DecisionView, state: State, now: int) -> DecisionView | None:
        """A decision as far as the bot is let see it."""
        put, told = state.decisions[row.id], self.told.get(row.id)
        if told == LAPSE or not row.options or now < self._from(row.id, put, state.clock):
            return None
        if told is None:
            return row
        wanted = tuple(option for option in row.options if option.id == told)
        if not wanted and now < _last(put, state.clock):
            return None
        return replace(row, options=wanted or row.options)

    def _from(self, decision: str, put: DecisionState, clock: Clock) -> int:
        share = self.late.get(decision, 0.0)
        return put.opened + int(share * (_last(put, clock) - put.opened)) if share else put.opened


def _last(put: DecisionState, clock: Clock) -> int:
    """The last second of play in which a decision can be answered."""
    return min(put.closes, clock.opened + clock.seconds) - 1


Fork = Callable[[Course, Mapping[str, Player], ChooseResponse], object]
"""Is shown the course and the players just before an answer is given."""


def start(scenario: Scenario, facts: Mapping[str, str]) -> Course:
    """A course at STARTEX."""
    course = Course(scenario)
    course.submit(StartExercise(facts=facts))
    return course


def play(course: Course, players: Mapping[str, Player], fork: Fork | None = None) -> Course:
    """Plays a started course to ENDEX; the same one is returned."""
    scenario = course.scenario
    now = course.state.clock.play
    _wake(course, players, now, fork)
    while True:
        state = course.state
        if state.clock.phase == "move":
            due = min((at for team, one in players.items() if (at := one.due(state, team, now))), default=None)
            instant = next_instant(scenario, state)
            if due is not None and (instant is None or due < instant):
                now = due
                _wake(course, players, now, fork)
                continue
        if not play_on(scenario, lambda: course.state, course.submit):
            return course
        now = course.state.clock.play
        _wake(course, players, now, fork)


def _wake(course: Course, players: Mapping[str, Player], now: int, fork: Fork | None) -> None:
    """Lets every team answer and write what it will at a play time, one answer after another."""
    while _answer_one(course, players, now, fork):
        pass
    if not course.scenario.matters and not course.state.requests:
        return
    for team, player in players.items():
        state = course.state
        if not player.bot.corresponds or state.clock.phase != "move":
            continue
        looked = look(course.scenario, state, team, player.looked)
        if looked is None:
            continue
        player.looked = looked
        view = correspondence_view(course.scenario, state, team, looked.known, looked.letters)
        for command in (player.letters or player.bot.correspond)(view):
            try:
                course.submit(command)
            except CommandRejected:
                continue  # What an earlier letter of the same row has made needless is not sent.


def _answer_one(course: Course, players: Mapping[str, Player], now: int, fork: Fork | None) -> bool:
    """One answer of one team, whatever it follows up before that included; False where none has one to give."""
    state = course.state
    clock = state.clock
    if clock.phase != "move":
        return False
    fresh = clock.play == clock.opened
    waiting = {put.team for put in state.decisions.values() if fresh or put.status == "open"}
    for team, player in players.items():
        if team not in waiting:
            continue
        for command in player.act(course, team, now):
            command = command.model_copy(update={"play": now})
            if isinstance(command, ChooseResponse):
                if fork is not None:
                    fork(course, players, command)
                course.submit(command)
                return True
            course.submit(command)
    return False
