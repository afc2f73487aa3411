"""Conditions in words, for exercise control alone: what an inject or a decision still waits for."""

from __future__ import annotations

from typing import assert_never

from exercise.core import conditions as on
from exercise.core.scenario import Scenario
from exercise.core.times import tell_exercise_time


def condition_told(scenario: Scenario, condition: on.Condition | None) -> str:
    """What has to hold, in words that end without a stop; '' where nothing has to."""
    if condition is None:
        return ""
    return _told(scenario, condition)


def follows_told(scenario: Scenario, inject: str | None) -> str:
    """Which inject something comes together with, in words; '' where it follows none."""
    found = scenario.injects_by_id.get(inject or "")
    return f"“{found.title}” comes" if found is not None else ""


def _told(scenario: Scenario, condition: on.Condition) -> str:
    names = scenario.names
    match condition:
        case on.AllOf():
            return " and ".join(_inner(scenario, part) for part in condition.all)
        case on.AnyOf():
            return " or ".join(_inner(scenario, part) for part in condition.any)
        case on.Not():
            return f"not: {_inner(scenario, condition.not_)}"
        case on.FlagIsSet():
            return scenario.flags.get(condition.flag, condition.flag).rstrip(".") or condition.flag
        case on.FactIs():
            fact = next((fact.title for fact in scenario.facts if fact.id == condition.fact), condition.fact)
            values = (condition.is_,) if isinstance(condition.is_, str) else condition.is_
            return f"{fact}: {' or '.join(values)}"
        case on.IndicatorIs():
            name = next((row.name for row in scenario.indicators if row.id == condition.indicator), condition.indicator)
            least = f"{condition.at_least:g} or more" if condition.at_least is not None else ""
            below = f"below {condition.below:g}" if condition.below is not None else ""
            return f"{name} {' and '.join(part for part in (least, below) if part)}"
        case on.Chose():
            return _chose(scenario, condition)
        case on.Lapsed():
            return f"{_decision(scenario, condition.lapsed)} lapsed"
        case on.Released():
            return follows_told(scenario, condition.released) or condition.released
        case on.TimeIs():
            start, end = condition.time.from_, condition.time.until
            since = f"from {tell_exercise_time(start)}" if start is not None else ""
            until = f"until {tell_exercise_time(end)}" if end is not None else ""
            return " ".join(part for part in (since, until) if part)
        case on.Did():
            toward = f" toward {names.get(condition.toward, condition.toward)}" if condition.toward else ""
            return f"{names.get(condition.by, condition.by)} did: {condition.did.replace('-', ' ')}{toward}"
        case on.Knows():
            piece = scenario.evidence_by_id.get(condition.knows)
            held = piece.title if piece is not None else condition.knows
            return f"{names.get(condition.team, condition.team)} holds “{held}”"
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
        return f"{_decision(scenario, condition.chose)} answered"
    found = scenario.decisions_by_id.get(condition.chose)
    titles = {option.id: f"“{option.title}”" for option in found.options} if found is not None else {}
    titles["free"] = "own words"
    chosen = " or ".join(titles.get(id, id) for id in ((wanted,) if isinstance(wanted, str) else wanted))
    return f"{_decision(scenario, condition.chose)} answered with {chosen}"


def _asked(scenario: Scenario, condition: on.Requested) -> str:
    kind = scenario.kinds_by_id.get(condition.asked)
    matter = scenario.matters_by_id.get(condition.about or "")
    parts = [
        kind.name if kind is not None else "any request",
        f"by {scenario.names.get(condition.by, condition.by)}" if condition.by else "",
        f"to {scenario.names.get(condition.to, condition.to)}" if condition.to else "",
        f"about “{matter.title}”" if matter is not None else "",
        condition.came.replace("-", " "),
    ]
    return " ".join(part for part in parts if part)
