"""The command behind an event of the time after ENDEX."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from exercise.core.evaluation import commands as cmd
from exercise.core.evaluation import events as ev


def evaluation_commands(event: ev.EvaluationEvent, seat: str) -> Iterator[cmd.EvaluationCommand]:
    """The commands that may have led to an event; none where no command can say it."""
    try:
        command = _command(event, seat)
        if isinstance(command, cmd.WriteAction):
            yield command.model_copy(update={"number": 0})  # A new row, whose number the rules give.
        yield command
    except ValueError:
        return  # A validation error is one too.


def _command(event: ev.EvaluationEvent, seat: str) -> cmd.EvaluationCommand:
    said = event.as_data(exclude={"type", "by"})
    match event:
        case ev.EvaluatorEnrolled():
            return cmd.EnrolEvaluator(seat=seat, **said)
        case ev.MarkJudged():
            return cmd.JudgeMark(seat=seat, **said)
        case ev.MarkAdded():
            return cmd.AddMark(seat=seat, **event.as_data(exclude={"type", "by", "mark"}))
        case ev.Rated():
            return cmd.Rate(seat=seat, **said)
        case ev.EvaluationFinished():
            return cmd.FinishEvaluation(seat=seat, **said)
        case ev.MarkSettled():
            return cmd.SettleMark(seat=seat, **said)
        case ev.MarkAnswered():
            return cmd.AnswerMark(seat=seat, **said)
        case ev.SurveyClosed():
            return cmd.CloseSurvey(seat=seat, **said)
        case ev.ActionWritten():
            return cmd.WriteAction(seat=seat, **said)
        case ev.LogSealed():
            return cmd.SealLog(seat=seat, **said)
        case _:
            assert_never(event)
