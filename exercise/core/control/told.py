"""Conditions in words, for exercise control alone: what an inject or a decision still waits for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from exercise.core import conditions as on
from exercise.core.scenario import Scenario
from exercise.core.times import tell_exercise_time
from exercise.language import _


def condition_told(scenario: Scenario, condition: on.Condition | None) -> str:
    """What has to hold, in words that end without a stop; '' where nothing has to."""
    if condition is None:
        return ""
    return _told(scenario, condition)


def follows_told(scenario: Scenario, inject: str | None) -> str:
    """Which inject something comes together with, in words; '' where it follows none."""
    found = scenario.injects_by_id.get(inject or "")
    return _("“{title}” comes").format(title=found.title) if found is not None else ""


def _told(scenario: Scenario, condition: on.Condition) -> str:
    names = scenario.names
    match condition:
        case on.AllOf():
            return joined(_inner(scenario, part) for part in condition.all)
        case on.AnyOf():
            return _either(_inner(scenario, part) for part in condition.any)
        case on.Not():
            return _("not: {what}").format(what=_inner(scenario, condition.not_))
        case on.FlagIsSet():
            return scenario.flags.get(condition.flag, condition.flag).rstrip(".") or condition.flag
        case on.FactIs():
            fact = next((fact.title for fact in scenario.facts if fact.id == condition.fact), condition.fact)
            values = (condition.is_,) if isinstance(condition.is_, str) else condition.is_
            return f"{fact}: {_either(values)}"
        case on.IndicatorIs():
            name = next((row.name for row in scenario.indicators if row.id == condition.indicator), condition.indicator)
            least, below = condition.at_least, condition.below
            bounds = [_("{least:g} or more").format(least=least)] if least is not None else []
            bounds += [_("below {below:g}").format(below=below)] if below is not None else []
            return f"{name} {joined(bounds)}"
        case on.Chose():
            return _chose(scenario, condition)
        case on.Lapsed():
            return _("{decision} lapsed").format(decision=_decision(scenario, condition.lapsed))
        case on.Released():
            return follows_told(scenario, condition.released) or condition.released
        case on.TimeIs():
            start, end = condition.time.from_, condition.time.until
            since = _("from {time}").format(time=tell_exercise_time(start)) if start is not None else ""
            until = _("until {time}").format(time=tell_exercise_time(end)) if end is not None else ""
            return " ".join(part for part in (since, until) if part)
        case on.Did():
            by, act = names.get(condition.by, condition.by), _(condition.did.replace("-", " "))
            if not condition.toward:
                return _("{team} did: {act}").format(team=by, act=act)
            toward = names.get(condition.toward, condition.toward)
            return _("{team} did: {act}, toward {other}").format(team=by, act=act, other=toward)
        case on.Knows():
            piece = scenario.evidence_by_id.get(condition.knows)
            held = piece.title if piece is not None else condition.knows
            team = names.get(condition.team, condition.team)
            return _("{team} holds “{evidence}”").format(team=team, evidence=held)
        case on.Requested():
            return _asked(scenario, condition)
        case _:
            assert_never(condition)


def _inner(scenario: Scenario, condition: on.Condition) -> str:
    told = _told(scenario, condition)
    return f"({told})" if isinstance(condition, on.AllOf | on.AnyOf) else told


def _decision(scenario: Scenario, id: str) -> str:
    found = scenario.decisions_by_id.get(id)
    return f"{scenario.names[found.team]}: “{found.title}”" if found is not None else id


def _chose(scenario: Scenario, condition: on.Chose) -> str:
    wanted = condition.option
    if wanted is None:
        return _("{decision} answered").format(decision=_decision(scenario, condition.chose))
    found = scenario.decisions_by_id.get(condition.chose)
    titles = {option.id: f"“{option.title}”" for option in found.options} if found is not None else {}
    titles["free"] = _("own words")
    chosen = _either(titles.get(id, id) for id in ((wanted,) if isinstance(wanted, str) else wanted))
    return _("{decision} answered with {options}").format(decision=_decision(scenario, condition.chose), options=chosen)


def _asked(scenario: Scenario, condition: on.Requested) -> str:
    kind = scenario.kinds_by_id.get(condition.asked)
    matter = scenario.matters_by_id.get(condition.about or "")
    by, to = (scenario.names.get(end or "", end or "") for end in (condition.by, condition.to))
    # Who asked whom is told by an arrow: names do not bend in it, and languages order them alike.
    ends = f"({by or '…'} → {to or '…'})" if by or to else ""
    parts = [
        kind.name if kind is not None else _("any request"),
        ends,
        _("about “{title}”").format(title=matter.title) if matter is not None else "",
    ]
    return f"{' '.join(part for part in parts if part)}: {_(condition.came.replace('-', ' '))}"


def joined(parts: Iterable[str]) -> str:
    """Parts that all have to hold."""
    return _(" and ").join(part for part in parts if part)


def _either(parts: Iterable[str]) -> str:
    return _(" or ").join(parts)
