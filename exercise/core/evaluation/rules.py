"""Who may say what after ENDEX, and what it leads to.

Evaluators judge blind: what they wrote can be changed until they finish, and seen by the others only when all have.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from exercise.core.asked import FACILITATOR
from exercise.core.evaluation import commands as cmd
from exercise.core.evaluation import events as ev
from exercise.core.evaluation.state import Evaluation
from exercise.core.evaluation.survey import questions_of
from exercise.core.text import clean_text, clean_words
from exercise.errors import CommandRejected

if TYPE_CHECKING:
    from exercise.core.scenario import Scenario
    from exercise.core.turn import Turn

REASON_WORDS = 3
"""A reason says at least so much."""

_COMMITMENT = re.compile(r"[a-z]{2,}[a-z0-9.-]*", re.ASCII)


def after_endex(turn: Turn, command: cmd.EvaluationCommand) -> None:
    """Works out one command of the time after ENDEX; refuses with a text for whoever asked."""
    if turn.state.clock.phase != "ended":
        raise CommandRejected("not-ended", "Conduct is evaluated after ENDEX.")
    known = turn.state.evaluation
    match command:
        case cmd.EnrolEvaluator():
            _enrol(turn, command)
        case cmd.JudgeMark():
            _at_work(known, command.seat)
            _judge(turn, command)
        case cmd.AddMark():
            _at_work(known, command.seat)
            _add(turn, command)
        case cmd.Rate():
            _at_work(known, command.seat)
            _rate(turn, command)
        case cmd.FinishEvaluation():
            _finish(turn, command)
        case cmd.SettleMark():
            _settle(turn, command)
        case cmd.AnswerMark():
            _answer(turn, command)
        case cmd.CloseSurvey():
            _control(command.seat)
            _close_survey(turn, command)
        case cmd.WriteAction():
            if command.seat not in known.evaluators:
                _control(command.seat)
            _write_action(turn, command)
        case cmd.SealLog():
            _control(command.seat)
            seal = command.model_dump(exclude={"ask", "seat", "play", "host"})
            turn.emit(ev.LogSealed(**seal, host=_line(command.host, cmd.LONGEST_NAME)))
        case _:
            assert_never(command)


def _control(seat: str) -> None:
    if seat != FACILITATOR:
        raise CommandRejected("not-facilitator", "Only exercise control may do this.")


def _at_work(known: Evaluation, seat: str) -> None:
    """Only an evaluator who has not finished judges: afterwards the others' marks may have been seen."""
    one = known.evaluators.get(seat)
    if one is None:
        raise CommandRejected("not-evaluator", "Only an evaluator may do this; sit down as one first.")
    if one.finished:
        raise CommandRejected("finished", "You have finished your evaluation; go on with it first to change it.")


def _enrol(turn: Turn, command: cmd.EnrolEvaluator) -> None:
    known, seat = turn.state.evaluation.evaluators, command.seat
    if seat.partition("/")[0] != cmd.EVALUATOR or not seat.partition("/")[2]:
        raise CommandRejected("no-seat", "An evaluator's seat is evaluator/NAME.")
    delegation = delegation_of(turn.scenario, command.delegation)
    if not delegation:
        raise CommandRejected("delegation", "Say which delegation or body sends you.")
    if any(one.seat != seat and one.delegation.casefold() == delegation.casefold() for one in known.values()):
        raise CommandRejected("delegation", "An evaluator of that delegation is here; two come from different ones.")
    if seat not in known and len(known) >= cmd.MOST_EVALUATORS:
        raise CommandRejected("evaluators", f"There are {cmd.MOST_EVALUATORS} evaluators already.")
    before, name = known.get(seat), _line(command.name, cmd.LONGEST_NAME)
    if before is not None and (before.finished or (before.name, before.delegation) == (name, delegation)):
        return  # Sat down again after a lost line, or to look at what has been finished.
    turn.emit(ev.EvaluatorEnrolled(by=seat, name=name, delegation=delegation))


def delegation_of(scenario: Scenario, said: str) -> str:
    """A team by its id, however it was called; any other body in its own words."""
    text = _line(said, cmd.LONGEST_NAME)
    for team in scenario.teams:
        if text.casefold() in (team.id.casefold(), team.short.casefold(), team.name.casefold()):
            return team.id
    return text


def _judge(turn: Turn, command: cmd.JudgeMark) -> None:
    known = turn.state.evaluation
    proposed, added = known.proposed.get(command.mark), known.added.get(command.mark)
    own = added is not None and added.by == command.seat
    if proposed is None and not own:
        raise CommandRejected("no-mark", "No mark of that id was proposed at ENDEX, nor added by you.")
    stands = added.grade.value if added is not None else proposed[1] if proposed is not None else ""
    confirms = command.grade is not None and command.grade.value == stands
    reason = clean_words(command.reason) if confirms else _reasoned(command.reason)
    event = ev.MarkJudged(by=command.seat, mark=command.mark, grade=command.grade, reason=reason)
    if known.judged.get((command.seat, command.mark)) != event:
        turn.emit(event)


def _add(turn: Turn, command: cmd.AddMark) -> None:
    known, scenario = turn.state.evaluation, turn.scenario
    if command.team not in scenario.teams_by_id:
        raise CommandRejected("no-team", "There is no such team.")
    if not _COMMITMENT.fullmatch(command.commitment):
        raise CommandRejected("no-commitment", "A mark stands under a commitment, by its id, such as se-p7.")
    if command.decision and command.decision not in scenario.decisions_by_id:
        raise CommandRejected("no-decision", "There is no such decision.")
    reason = _reasoned(command.reason)
    number = 1 + sum(mark.by == command.seat for mark in known.added.values())
    said = command.model_dump(exclude={"ask", "seat", "play", "reason"})
    name = f"added:{command.seat.partition('/')[2]}:{number}"
    turn.emit(ev.MarkAdded(by=command.seat, mark=name, reason=reason, **said))


def _rate(turn: Turn, command: cmd.Rate) -> None:
    objective = next((row for row in turn.scenario.objectives if row.id == command.objective), None)
    if objective is None:
        raise CommandRejected("no-objective", "The scenario has no such objective.")
    if command.task and all(task.id != command.task for task in objective.tasks):
        raise CommandRejected("no-task", "The objective has no such critical task.")
    event = ev.Rated(
        by=command.seat,
        objective=command.objective,
        task=command.task,
        rating=command.rating,
        strengths=clean_words(command.strengths),
        improvements=clean_words(command.improvements),
    )
    before = turn.state.evaluation.rated.get((command.seat, command.objective, command.task))
    if before != event and (before is not None or event.rating is not None):
        turn.emit(event)


def _finish(turn: Turn, command: cmd.FinishEvaluation) -> None:
    known = turn.state.evaluation
    one = known.evaluators.get(command.seat)
    if one is None:
        raise CommandRejected("not-evaluator", "Only an evaluator may do this; sit down as one first.")
    if one.finished == command.done:
        return
    if not command.done and command.seat in known.seen:
        raise CommandRejected("seen", "All had finished, and the marks lay open; settle a mark together instead.")
    turn.emit(ev.EvaluationFinished(by=command.seat, done=command.done))


def _settle(turn: Turn, command: cmd.SettleMark) -> None:
    known = turn.state.evaluation
    if command.seat not in known.evaluators:
        raise CommandRejected("not-evaluator", "Only an evaluator may do this; sit down as one first.")
    if not known.all_finished or len(known.evaluators) < 2:
        raise CommandRejected(
            "not-finished", "Marks are settled together, once there are two evaluators and every one has finished."
        )
    if known.team_of(command.mark) is None:
        raise CommandRejected("no-mark", "There is no such mark.")
    reason = _reasoned(command.reason)
    turn.emit(ev.MarkSettled(by=command.seat, mark=command.mark, grade=command.grade, reason=reason))


def _answer(turn: Turn, command: cmd.AnswerMark) -> None:
    known, team = turn.state.evaluation, command.seat.partition("/")[0]
    if known.team_of(command.mark) != team or (command.mark in known.added and not known.all_finished):
        raise CommandRejected("no-mark", "No such mark stands on your team's conduct.")
    text = clean_words(command.text)
    if known.answered.get(command.mark, "") != text:
        turn.emit(ev.MarkAnswered(by=command.seat, mark=command.mark, text=text))


def _close_survey(turn: Turn, command: cmd.CloseSurvey) -> None:
    if turn.state.evaluation.survey is not None:
        raise CommandRejected("survey-closed", "The survey has been closed already.")
    known = {question.id for question in questions_of(turn.scenario)}
    if unknown := command.answers.keys() - known:
        raise CommandRejected("no-question", f"The survey has no question '{_line(min(unknown), 80)}'.")
    answers = {
        id: tuple(text for text in (clean_text(said)[: cmd.LONGEST_ANSWER].strip() for said in given) if text)
        for id, given in command.answers.items()
    }
    turn.emit(ev.SurveyClosed(answers=answers))


def _write_action(turn: Turn, command: cmd.WriteAction) -> None:
    plan = turn.state.evaluation.plan
    if command.number and command.number not in plan:
        raise CommandRejected("no-action", f"The improvement plan has no row {command.number}.")
    number = command.number or max(plan, default=0) + 1
    event = ev.ActionWritten(
        by=command.seat,
        number=number,
        area=_line(command.area, 400),
        action=clean_words(command.action),
        element=command.element,
        owner=_line(command.owner, 400),
        contact=_line(command.contact, 400),
        start=_line(command.start, 40),
        end=_line(command.end, 40),
        drop=command.drop,
    )
    if not (event.area or event.action or event.drop):
        raise CommandRejected("empty", "A row of the improvement plan names an area or an action.")
    if plan.get(number) != event:
        turn.emit(event)


def _reasoned(text: str) -> str:
    reason = clean_words(text)
    if len(reason.split()) < REASON_WORDS:
        raise CommandRejected("reason", f"Say why, in {REASON_WORDS} words or more.")
    return reason


def _line(text: str, longest: int) -> str:
    return " ".join(clean_text(text).split())[:longest].strip()
