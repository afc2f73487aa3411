"""Words for what evaluators, teams and the host did after ENDEX."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from exercise.core.evaluation import events as ev
from exercise.core.scenario import Scenario
from exercise.language import _, quoted

Who = Callable[[str], str]
Short = Callable[[str], str]


def tell_evaluation(event: ev.EvaluationEvent, scenario: Scenario, who: Who, short: Short) -> str:
    """One line on an event of the time after ENDEX."""
    match event:
        case ev.EvaluatorEnrolled():
            sender = scenario.names.get(event.delegation, event.delegation)
            return _("{named} sits down to evaluate, sent by {sender}.").format(named=_named(event, who), sender=sender)
        case ev.MarkJudged():
            said = (
                _("judges a mark {value}").format(value=_(event.grade.value))
                if event.grade is not None
                else _("says that a mark does not apply")
            )
            return f"{who(event.by)} {said}{_why(event.reason, short)}"
        case ev.MarkAdded():
            what = f"{_(event.grade.value)}, {who(event.team)}, {event.commitment}"
            return _("{by} adds a mark ({what}){reason}").format(
                by=who(event.by), what=what, reason=_why(event.reason, short)
            )
        case ev.Rated():
            title = next((row.title for row in scenario.objectives if row.id == event.objective), event.objective)
            what = _("a critical task of “{title}”").format(title=title) if event.task else quoted(title)
            return _("{by} rates {what} {more}.").format(
                by=who(event.by), what=what, more=event.rating or _("no longer")
            )
        case ev.EvaluationFinished():
            return (_("{by} has finished evaluating.") if event.done else _("{by} goes on evaluating.")).format(
                by=who(event.by)
            )
        case ev.MarkSettled():
            said = _(event.grade.value) if event.grade is not None else _("not applicable")
            return _("The evaluators settle a mark together as {said}{reason}").format(
                said=said, reason=_why(event.reason, short)
            )
        case ev.MarkAnswered():
            return _("{by} answers a mark on its conduct{text}").format(by=who(event.by), text=_why(event.text, short))
        case ev.SurveyClosed():
            number = max(map(len, event.answers.values()), default=0)
            return _(
                "The survey is closed with up to {number} answers to a question, kept without seat and time."
            ).format(number=number)
        case ev.ActionWritten():
            did = _("takes out") if event.drop else _("writes")
            return _("{by} {did} row {number} of the improvement plan{area}").format(
                by=who(event.by), did=did, number=event.number, area=_why(event.area, short)
            )
        case ev.LogSealed():
            return _("The host seals the log up to entry {upto} with the key {value}…").format(
                upto=event.upto, value=event.key[:16]
            )
        case _:
            assert_never(event)


def _named(event: ev.EvaluatorEnrolled, who: Who) -> str:
    return f"{who(event.by)} ({event.name})" if event.name else who(event.by)


def _why(text: str, short: Short) -> str:
    return f": {short(text)}" if text else "."
