"""One way on from a moment, played to ENDEX by bots: the same past, the same hidden facts, legal commands only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from exercise.analysis.moment import Moment, Way
from exercise.core import events as ev
from exercise.core.commands import AdvanceClock, ChooseResponse, Command, FollowUp, ResumeClock
from exercise.core.control.commands import LiftCurtain, Unclaim
from exercise.core.decide import work_out
from exercise.core.evolve import replay
from exercise.core.observe import decisions_view
from exercise.core.scenario import Scenario
from exercise.core.script import ResponseOption
from exercise.core.state import State
from exercise.core.teamwork.commands import CastVote
from exercise.core.teamwork.events import DraftWritten, MessageSpoken, PenPutDown, PenTaken, SeatLeft, SeatTaken
from exercise.core.teamwork.seating import present_seats, takes_votes
from exercise.core.views import CorrespondenceView, DecisionsView, ParticipantView
from exercise.session.autoplay import drive
from exercise.session.bots import Bot
from exercise.session.correspondence import Looked

_UNMARKED = (
    ev.MessageRead,
    ev.NoteWritten,
    MessageSpoken,
    DraftWritten,
    PenTaken,
    PenPutDown,
    SeatTaken,
    SeatLeft,
)
"""Events that no mark can rest on: left out of the past, a talkative room costs a thousand playthroughs nothing."""


@dataclass
class PlayedOn:
    """A course that begins as the log did and goes on in memory; bots speak for all who sit at their team's table."""

    scenario: Scenario
    state: State
    entries: list[ev.LogEntry]
    """The past, as far as marks can rest on it, and what came after."""
    seq: int
    """Of the last entry so far."""

    def copy(self) -> PlayedOn:
        """The same course, to be played on differently."""
        return PlayedOn(self.scenario, self.state, list(self.entries), self.seq)

    def submit(self, command: Command) -> None:
        """Decides, folds and keeps; an answer of a team that votes is cast by everybody who sits there."""
        if isinstance(command, ChooseResponse) and command.option is not None:
            decision = self.scenario.decisions_by_id[command.decision]
            team = self.scenario.teams_by_id[decision.team]
            if takes_votes(team, decision, self.state):
                voted = self.state.votes.get(decision.id, {})
                # Who has voted changes the vote first: else the last of the others might settle it the old way.
                for seat in sorted(present_seats(team, self.state), key=lambda seat: seat not in voted):
                    if self.state.decisions[decision.id].status == "open":
                        self._take(_vote(command, command.option, seat))
                return
        self._take(command)

    def _take(self, command: Command) -> None:
        turn = work_out(self.scenario, self.state, command)
        first = self.seq + 1
        for event, (play, exercise) in zip(turn.events, turn.moments, strict=True):
            self.seq += 1
            self.entries.append(ev.LogEntry(self.seq, first, command.seat, "", play, exercise, event))
        self.state = turn.state


def _vote(command: ChooseResponse, option: str, seat: str) -> CastVote:
    return CastVote(
        seat=seat,
        play=command.play,
        decision=command.decision,
        revision=command.revision,
        option=option,
        reason=command.reason,
        basis=command.basis,
        set_aside=command.set_aside,
        safeguards=command.safeguards,
    )


def begin(moment: Moment) -> PlayedOn:
    """The exercise as it stood just before the answer: what fell due up to that second has come, as in the log."""
    past = moment.past
    course = PlayedOn(
        moment.scenario,
        replay(entry.event for entry in past),
        [entry for entry in past if not isinstance(entry.event, _UNMARKED)],
        past[-1].seq if past else 0,
    )
    clock = course.state.clock
    if course.state.curtain is not None:
        course.submit(LiftCurtain(play=clock.play))
    if clock.running and moment.play > clock.play:
        course.submit(AdvanceClock(play=moment.play))
    return course


def play_on(moment: Moment, start: PlayedOn, way: Way, bots: Mapping[str, Bot]) -> PlayedOn:
    """A course from `start` to ENDEX with one way taken; the bots know nothing that a person there would not know."""
    course = start.copy()
    team = moment.decision.team
    if way.lapses:
        bots = {**bots, team: _LetsLapse(bots[team], moment.decision.id)}
    else:
        said = _said(moment, course.state, way, bots[team])
        course.submit(_answer(moment, course.state, way, said))
        for command in said:
            # With an answer a bot also comes back to what it had set aside before, and might not be asked again.
            if isinstance(command, FollowUp):
                course.submit(command)
    for what in course.state.claims:
        # Nobody is left to answer for an actor by hand, so its script does.
        course.submit(Unclaim(play=course.state.clock.play, what=what))
    if not course.state.clock.running:
        course.submit(ResumeClock(play=course.state.clock.play))
    drive(course.scenario, lambda: course.state, course.submit, bots)
    return course


def _answer(moment: Moment, state: State, way: Way, said: tuple[Command, ...]) -> ChooseResponse:
    """The command that takes a way, with what the team said in the log; `said` is what its bot says for that way.

    Where another option asks for more than the team had been asked (safeguards, a legal basis, any reason at all), the
    bot's words stand in: no option is to look worse because nobody was asked to explain it.
    """
    decision, chosen = moment.decision, moment.answer
    plain = ChooseResponse(
        seat=decision.team,
        play=max(moment.play, state.clock.play),
        decision=decision.id,
        revision=state.decisions[decision.id].revision,
        option=way.option,
    )
    its_own = next((command for command in said if isinstance(command, ChooseResponse)), plain)
    if chosen is None:
        return its_own.model_copy(update={"play": plain.play})
    words = plain.model_copy(
        update={
            "reason": chosen.reason,
            "basis": chosen.basis,
            "set_aside": chosen.set_aside,
            "safeguards": chosen.safeguards,
        }
    )
    if way.taken:
        return words.model_copy(update={"free_text": chosen.free_text, "nearest": chosen.nearest})
    options = {option.id: option for option in decision.options}
    now, then = options[way.option or ""], options.get(chosen.option or chosen.nearest or "")
    if not _asks_more(now, then):
        return words
    return words.model_copy(
        update={"basis": chosen.basis or its_own.basis, "safeguards": dict(chosen.safeguards) or its_own.safeguards}
    )


def _asks_more(now: ResponseOption, then: ResponseOption | None) -> bool:
    return then is None or (now.coercive and not then.coercive) or (now.outward and not then.outward)


def _said(moment: Moment, state: State, way: Way, bot: Bot) -> tuple[Command, ...]:
    """What the team's bot would ask for, were this way the only one of its open decisions before it."""
    view = decisions_view(moment.scenario, state, moment.decision.team)
    shown = []
    for row in view.decisions:
        if row.id == moment.decision.id and way.option is not None:
            shown.append(replace(row, options=tuple(option for option in row.options if option.id == way.option)))
        elif row.status != "open":
            shown.append(row)
    return bot.act(replace(view, decisions=tuple(shown)))


class _LetsLapse:
    """A bot that leaves one decision unanswered and plays on as it would otherwise."""

    corresponds: bool

    def __init__(self, bot: Bot, decision: str) -> None:
        self._bot = bot
        self._decision = decision
        self.decides = bot.decides
        self.corresponds = bot.corresponds
        self.looked: Looked | None = None

    def act(self, view: DecisionsView | ParticipantView) -> tuple[Command, ...]:
        """What the bot asks for, did it not see the one decision while that is open."""
        left = tuple(row for row in view.decisions if row.id != self._decision or row.status != "open")
        return self._bot.act(replace(view, decisions=left))

    def correspond(self, view: CorrespondenceView) -> tuple[Command, ...]:
        """As the bot would."""
        return self._bot.correspond(view)
