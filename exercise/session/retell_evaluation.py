"""Words for what evaluators, teams and the host did after ENDEX."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from exercise.core.evaluation import events as ev
from exercise.core.scenario import Scenario

Who = Callable[[str], str]
Short = Callable[[str], str]


def tell_evaluation(event: ev.EvaluationEvent, scenario: Scenario, who: Who, short: Short) -> str:
    """One line on an event of the time after ENDEX."""
    match event:
        case ev.EvaluatorEnrolled():
            sender = scenario.names.get(event.delegation, event.delegation)
            return f"{_named(event, who)} sits down to evaluate, sent by {sender}."
        case ev.MarkJudged():
            said = (
                f"judges a mark {event.grade.value}" if event.grade is not None else "says that a mark does not apply"
            )
            return f"{who(event.by)} {said}{_why(event.reason, short)}"
        case ev.MarkAdded():
            what = f"{event.grade.value}, {who(event.team)}, {event.commitment}"
            return f"{who(event.by)} adds a mark ({what}){_why(event.reason, short)}"
        case ev.Rated():
            title = next((row.title for row in scenario.objectives if row.id == event.objective), event.objective)
            what = f"a critical task of “{title}”" if event.task else f"“{title}”"
            return f"{who(event.by)} rates {what} {event.rating or 'no longer'}."
        case ev.EvaluationFinished():
            return f"{who(event.by)} {'has finished evaluating' if event.done else 'goes on evaluating'}."
        case ev.MarkSettled():
            said = event.grade.value if event.grade is not None else "not applicable"
            return f"The evaluators settle a mark together as {said}{_why(event.reason, short)}"
        case ev.MarkAnswered():
            return f"{who(event.by)} answers a mark on its conduct{_why(event.text, short)}"
        case ev.SurveyClosed():
            number = max(map(len, event.answers.values()), default=0)
            return f"The survey is closed with up to {number} answers to a question, kept without seat and time."
        case ev.ActionWritten():
            did = "takes out" if event.drop else "writes"
            return f"{who(event.by)} {did} row {event.number} of the improvement plan{_why(event.area, short)}"
        case ev.LogSealed():
            return f"The host seals the log up to entry {event.upto} with the key {event.key[:16]}…"
        case _:
            assert_never(event)


def _named(event: ev.EvaluatorEnrolled, who: Who) -> str:
    return f"{who(event.by)} ({event.name})" if event.name else who(event.by)


def _why(text: str, short: Short) -> str:
    return f": {short(text)}" if text else "."
