"""The rules: what a command leads to, as events, or why it is refused.

`decide` is pure. Every command first brings the clock to the play time at which it was given, so that what was due
before it comes before it; idle seconds on their own lead to no event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

from exercise.core import commands as cmd
from exercise.core import events as ev
from exercise.core.asked import FACILITATOR, Asked
from exercise.core.audience import reaches
from exercise.core.control import commands as control
from exercise.core.control.rules import name_of, note_about, refuse_behind_curtain, take_in_hand
from exercise.core.evaluation.commands import AnswerMark, Evaluates, EvaluationCommand
from exercise.core.evaluation.rules import after_endex
from exercise.core.requests import rules as requests
from exercise.core.requests.commands import RequestCommand
from exercise.core.scenario import Scenario
from exercise.core.schedule import next_instant
from exercise.core.script import Decision, Inject
from exercise.core.state import DecisionState, State
from exercise.core.teamwork import commands as teamwork
from exercise.core.teamwork.rules import cast_vote, draft_of, play_as_team, refuse_without_pen
from exercise.core.teamwork.seating import takes_votes
from exercise.core.teamwork.state import Grounds
from exercise.core.text import LONGEST_TEXT, clean_text
from exercise.core.text import clean_words as _words
from exercise.core.times import tell_exercise_time
from exercise.core.turn import Turn, available_options
from exercise.errors import CommandRejected

__all__ = ["LONGEST_TEXT", "available_options", "decide", "next_instant", "work_out"]

FREE_WORDS = 3
"""A proposal of the team's own says at least so much."""
FOLLOW_UP_WORDS = 5
"""A follow-up says at least so much; a tick alone is no conduct."""
LONGEST_NAME = 80
"""Characters kept of a commitment that a participant names."""

_BY_SEATS = frozenset(
    {
        cmd.ChooseResponse,
        cmd.FollowUp,
        cmd.ReadMessage,
        cmd.WriteNote,
        *get_args(RequestCommand),
        *teamwork.BY_SEATS,
        AnswerMark,
    }
)
"""What a seat may ask; everything else is exercise control's, but for the evaluators' own."""
_AFTER = frozenset(get_args(EvaluationCommand))
_AFTER_ENDEX = (cmd.VoidMark, cmd.WriteNote, cmd.ReadMessage, Evaluates, *teamwork.AFTER_ENDEX, *control.AFTER_ENDEX)


def decide(scenario: Scenario, state: State, command: cmd.Command) -> tuple[ev.Event, ...]:
    """The events that a command leads to, in order; raises `CommandRejected` with a code and a text."""
    return tuple(work_out(scenario, state, command).events)


def work_out(scenario: Scenario, state: State, command: cmd.Command) -> Turn:
    """As `decide`, with the state that the events lead to beside them, which need not be folded again."""
    kind = command.__class__
    if kind in _BY_SEATS:
        _seated(scenario, command)
    elif kind not in _AFTER:
        _control(command)
    refuse_behind_curtain(state, command)
    if state.clock.phase == "ended" and not isinstance(command, _AFTER_ENDEX):
        raise CommandRejected("ended", "The exercise has ended; its log takes no more play.")
    turn = Turn(scenario, state)
    turn.bring_to(command.play)
    if kind is cmd.AdvanceClock:
        _running(turn.state)
        return turn
    if kind is not cmd.ReadMessage:
        turn.clock_to(command.play)
    before = len(turn.events)
    RULES[kind](turn, command)
    if len(turn.events) == before:
        # Reading again writes nothing; what has become due comes with the clock, under the facilitator's name.
        return Turn(scenario, state)
    turn.settle()
    return turn


def _start(turn: Turn, command: cmd.StartExercise) -> None:
    if turn.state.clock.phase != "briefing":
        raise CommandRejected("started", "The exercise has already started.")
    for fact in turn.scenario.facts:
        if command.facts.get(fact.id) not in {value.value for value in fact.values}:
            raise CommandRejected("facts", f"Fact '{fact.id}' has no value, or one the scenario does not know.")
    if extra := set(command.facts) - {fact.id for fact in turn.scenario.facts}:
        raise CommandRejected("facts", f"The scenario has no fact '{min(extra)}'.")
    start = {indicator.id: indicator.start for indicator in turn.scenario.indicators}
    turn.emit(ev.ExerciseStarted(facts=dict(command.facts), indicators=start))
    turn.open_move(0)


def _write_note(turn: Turn, command: cmd.WriteNote) -> None:
    text = _words(command.text)
    if not text:
        raise CommandRejected("empty", "There is nothing in the note.")
    about, who = note_about(turn.scenario, command.seat, command.about), name_of(command.who)
    turn.emit(ev.NoteWritten(seat=command.seat, text=text, about=about, who=who))


def _pause_clock(turn: Turn, _command: cmd.PauseClock) -> None:
    _running(turn.state)
    turn.emit(ev.ClockPaused())


def _resume_clock(turn: Turn, _command: cmd.ResumeClock) -> None:
    _started(turn.state)
    if turn.state.clock.running:
        raise CommandRejected("running", "The clock is already running.")
    turn.emit(ev.ClockResumed())


def _end_exercise(turn: Turn, _command: cmd.EndExercise) -> None:
    _started(turn.state)
    turn.emit(ev.ExerciseEnded())


def _release_inject(turn: Turn, command: cmd.ReleaseInject) -> None:
    inject = _inject(turn, command.inject)
    if inject.id in turn.state.released:
        raise CommandRejected("released", f"Inject '{inject.id}' has been released already.")
    turn.release(inject, by_hand=True)


def _hold_inject(turn: Turn, command: cmd.HoldInject) -> None:
    inject = _inject(turn, command.inject)
    if inject.id in turn.state.released or inject.id in turn.state.held:
        raise CommandRejected("released", f"Inject '{inject.id}' is released or held already.")
    if inject.id in turn.state.skipped:
        raise CommandRejected("skipped", f"Inject '{inject.id}' is skipped, and comes only by hand already.")
    turn.emit(ev.InjectHeld(inject=inject.id))


def _withdraw_inject(turn: Turn, command: cmd.WithdrawInject) -> None:
    if command.inject not in turn.state.released or command.inject in turn.state.withdrawn:
        raise CommandRejected("not-released", f"Inject '{command.inject}' is not out, so it cannot be withdrawn.")
    turn.emit(ev.InjectWithdrawn(inject=command.inject, why=_words(command.why)))


def _extend_window(turn: Turn, command: cmd.ExtendWindow) -> None:
    opened = _opened(turn, command.decision)
    if opened.status != "open":
        raise CommandRejected("closed", f"Decision '{command.decision}' is not open.")
    closes = opened.closes + command.seconds
    turn.emit(ev.WindowExtended(decision=command.decision, revision=opened.revision, closes=closes))


def _void_mark(turn: Turn, command: cmd.VoidMark) -> None:
    if command.mark in turn.state.voided:
        raise CommandRejected("voided", f"Mark '{command.mark}' is void already.")
    turn.emit(ev.MarkVoided(mark=command.mark, why=_words(command.why)))


def _close_move(turn: Turn, command: cmd.CloseMove) -> None:
    state = turn.state
    if state.clock.phase != "move":
        raise CommandRejected("no-move", "No move is being played.")
    opened = [name for name, decision in state.decisions.items() if decision.status == "open"]
    if opened and not command.lapse_open:
        decision = turn.scenario.decisions_by_id[opened[0]]
        team = turn.scenario.names[decision.team]
        raise CommandRejected("decisions-open", f"{team} has not yet answered “{decision.title}”.")
    for name in opened:
        turn.lapse(turn.scenario.decisions_by_id[name])
    turn.settle(messages_only=True)
    index = turn.state.clock.move
    move = turn.scenario.moves[index]
    turn.emit(ev.MoveClosed(move=move.id))
    if move.plenary is not None:
        turn.emit(ev.PlenaryOpened(move=move.id))
    else:
        _next_move(turn, index)


def _close_plenary(turn: Turn, _command: cmd.ClosePlenary) -> None:
    clock = turn.state.clock
    if clock.phase != "plenary":
        raise CommandRejected("no-plenary", "There is no plenary now.")
    turn.emit(ev.PlenaryClosed(move=turn.scenario.moves[clock.move].id))
    _next_move(turn, clock.move)


def _next_move(turn: Turn, index: int) -> None:
    if index + 1 < len(turn.scenario.moves):
        turn.open_move(index + 1)
    else:
        turn.emit(ev.ExerciseEnded())


def _choose(turn: Turn, command: cmd.ChooseResponse | teamwork.CastVote) -> None:
    decision, opened = _put_to(turn, command.seat, command.decision)
    _still_open(turn, decision, opened)
    if command.revision != opened.revision:
        raise CommandRejected("changed", f"“{decision.title}” has changed since you opened it; look at it again.")
    offered = {option.id: option for option in available_options(decision, turn.state)}
    grounds = Grounds(
        reason=_words(command.reason),
        basis=tuple(filter(None, map(_name, command.basis))),
        set_aside=tuple(
            cmd.SetAside(commitment=name, why=_words(item.why), limits=_words(item.limits))
            for item in command.set_aside
            if (name := _name(item.commitment))
        ),
        safeguards={point: words for point, text in command.safeguards.items() if (words := _words(text))},
    )
    team = turn.scenario.teams_by_id[decision.team]
    if isinstance(command, teamwork.CastVote) or takes_votes(team, decision, turn.state):
        cast_vote(turn, decision, command, offered, grounds)
        return
    refuse_without_pen(turn, decision, command.seat)
    free_text = "" if command.option is not None else _words(command.free_text)
    if command.option is None:
        if decision.free is None:
            raise CommandRejected("no-free-option", f"“{decision.title}” takes one of the options listed.")
        if len(free_text.split()) < FREE_WORDS:
            raise CommandRejected("too-short", "Say in a few words what you do instead.")
        if command.nearest not in offered:
            raise CommandRejected("nearest", "Name the listed option that comes nearest to your own.")
    elif command.option not in offered:
        raise CommandRejected("no-option", f"“{decision.title}” has no such option now.")
    followed = command.option or command.nearest
    assert followed is not None
    turn.emit(
        ev.ResponseChosen(
            decision=decision.id,
            team=decision.team,
            revision=opened.revision,
            option=command.option,
            free_text=free_text,
            nearest=command.nearest if command.option is None else None,
            reason=grounds.reason or draft_of(turn.state, decision.team, decision.id),
            basis=grounds.basis,
            set_aside=grounds.set_aside,
            safeguards=grounds.safeguards,
        )
    )
    turn.carry_out(decision, offered[followed], followed)


def _still_open(turn: Turn, decision: Decision, opened: DecisionState) -> None:
    team = turn.scenario.names[decision.team]
    if opened.status == "chosen" and opened.choice is not None:
        titles = {option.id: option.title for option in decision.options}
        answer = titles.get(opened.choice.option or "", "a proposal of its own")
        when = tell_exercise_time(opened.choice.exercise)
        raise CommandRejected("chosen", f"{team} already answered “{decision.title}” at {when}: {answer}.")
    if opened.status == "lapsed":
        raise CommandRejected("lapsed", f"The window for “{decision.title}” has closed.")


def _follow_up(turn: Turn, command: cmd.FollowUp) -> None:
    decision, opened = _put_to(turn, command.seat, command.decision)
    if opened.choice is None:
        raise CommandRejected("not-chosen", "Only a decision that your team has answered can be followed up.")
    if turn.state.clock.play <= opened.choice.play:
        raise CommandRejected("too-soon", "Come back to it once the exercise has moved on.")
    text = _words(command.text)
    if len(text.split()) < FOLLOW_UP_WORDS:
        raise CommandRejected("too-short", "Say in a sentence whom you told, or what you changed on coming back.")
    turn.emit(ev.FollowedUp(decision=decision.id, team=decision.team, kind=command.kind, text=text))


def _read(turn: Turn, command: cmd.ReadMessage) -> None:
    mine = [message.number for message in turn.state.messages if reaches(message.to, command.seat)]
    if not 1 <= command.number <= len(mine):
        raise CommandRejected("no-message", "There is no such message in your inbox.")
    message = mine[command.number - 1]
    if message not in turn.state.read.get(command.seat, ()):
        turn.emit(ev.MessageRead(seat=command.seat, message=message))


def _reopen(turn: Turn, command: cmd.ReopenDecision) -> None:
    decision = _decision(turn, command.decision)
    opened = _opened(turn, command.decision)
    if opened.status == "open":
        raise CommandRejected("open", f"Decision '{decision.id}' is open.")
    if turn.state.clock.phase != "move":
        raise CommandRejected("no-move", "A decision can be put again only while a move is played.")
    for item in turn.state.due:
        if item.decision == decision.id:
            turn.emit(ev.ConsequenceDropped(decision=item.decision, source=item.source, index=item.index))
    turn.emit(
        ev.DecisionReopened(
            decision=decision.id,
            revision=opened.revision + 1,
            closes=turn.state.clock.play + decision.window,
            why=_words(command.why),
        )
    )


def _set_indicator(turn: Turn, command: cmd.SetIndicator) -> None:
    indicator = turn.scenario.indicators_by_id.get(command.indicator)
    if indicator is None or not indicator.lowest <= command.value <= indicator.highest:
        raise CommandRejected("indicator", f"No indicator '{command.indicator}' takes the value {command.value:g}.")
    _started(turn.state)
    turn.emit(ev.IndicatorCorrected(indicator=command.indicator, value=command.value, why=_words(command.why)))


def _control(command: cmd.Command) -> None:
    if command.seat != FACILITATOR:
        raise CommandRejected("not-facilitator", "Only exercise control may do this.")


def _seated(scenario: Scenario, command: cmd.Command) -> None:
    if command.seat in (teamwork.OBSERVER, teamwork.SPECTATOR):
        _looking_on(command)
        return
    team_id, _, role_id = command.seat.partition("/")
    team = scenario.teams_by_id.get(team_id)
    known = team is not None and (not role_id or any(role.id == role_id for role in team.roles))
    if command.seat != FACILITATOR and not known:
        raise CommandRejected("no-seat", "There is no such seat in this exercise.")


def _looking_on(command: cmd.Command) -> None:
    """Observers write notes, spectators not even that; neither has a part in the story."""
    notes = command.seat == teamwork.OBSERVER and isinstance(command, cmd.WriteNote)
    if not notes and not isinstance(command, teamwork.BY_ANY_SEAT):
        raise CommandRejected("looks-on", "Those who look on take no part in the exercise.")


def _started(state: State) -> None:
    if state.clock.phase == "briefing":
        raise CommandRejected("not-started", "The exercise has not started.")


def _running(state: State) -> None:
    _started(state)
    if not state.clock.running:
        raise CommandRejected("paused", "The clock is paused.")


def _inject(turn: Turn, name: str) -> Inject:
    _started(turn.state)
    inject = turn.scenario.injects_by_id.get(name)
    if inject is None:
        raise CommandRejected("no-inject", f"The scenario has no inject '{name}'.")
    return inject


def _decision(turn: Turn, name: str) -> Decision:
    decision = turn.scenario.decisions_by_id.get(name)
    if decision is None:
        raise CommandRejected("no-decision", "There is no such decision.")
    return decision


def _put_to(turn: Turn, seat: str, name: str) -> tuple[Decision, DecisionState]:
    """A decision that stands before a seat's team; one refusal for all others, or it would tell what is to come."""
    decision, opened = turn.scenario.decisions_by_id.get(name), turn.state.decisions.get(name)
    if decision is None or opened is None or decision.team != seat.partition("/")[0]:
        raise CommandRejected("not-open", "No such decision has been put to your team.")
    return decision, opened


def _opened(turn: Turn, name: str) -> DecisionState:
    opened = turn.state.decisions.get(_decision(turn, name).id)
    if opened is None:
        raise CommandRejected("not-open", f"Decision '{name}' has not been put yet.")
    return opened


def _name(text: str) -> str:
    return clean_text(text)[:LONGEST_NAME].strip()


RULES: Mapping[type[Asked], Callable[[Turn, Any], None]] = {
    cmd.StartExercise: _start,
    cmd.PauseClock: _pause_clock,
    cmd.ResumeClock: _resume_clock,
    cmd.CloseMove: _close_move,
    cmd.ClosePlenary: _close_plenary,
    cmd.EndExercise: _end_exercise,
    cmd.ChooseResponse: _choose,
    cmd.FollowUp: _follow_up,
    cmd.ReadMessage: _read,
    cmd.WriteNote: _write_note,
    cmd.ReleaseInject: _release_inject,
    cmd.HoldInject: _hold_inject,
    cmd.ExtendWindow: _extend_window,
    cmd.WithdrawInject: _withdraw_inject,
    cmd.ReopenDecision: _reopen,
    cmd.SetIndicator: _set_indicator,
    cmd.VoidMark: _void_mark,
    **dict.fromkeys(get_args(RequestCommand), requests.rule),
    **dict.fromkeys(get_args(teamwork.TeamPlayCommand), play_as_team),
    teamwork.CastVote: _choose,
    **dict.fromkeys(get_args(control.ControlCommand), take_in_hand),
    **dict.fromkeys(get_args(EvaluationCommand), after_endex),
}
"""What each kind of command but the clock's own leads to: a table, since to try the kinds in turn costs more than most
rules; a test keeps it whole."""
