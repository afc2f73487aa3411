"""Warnings about single values that are sound by themselves and say something else than was meant, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from exercise.authoring.problems import Path
from exercise.core.cast import Indicator
from exercise.core.commitments import Model
from exercise.core.conditions import IndicatorIs
from exercise.core.marks import under_ceiling
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.script import ChangeIndicator, Decision, Grade, Inject, Lapse, ResponseOption
from exercise.core.times import tell_exercise_time
from exercise.core.timetable import timetable

__all__ = ["warnings"]

Found = Iterator[tuple[Path, str]]


def warnings(scenario: Scenario, reference: Reference, records: Sequence[Model]) -> list[tuple[Path, str]]:
    """All of them with their places, in no order; `records` is all there is in the scenario."""
    found = [*_senders(scenario), *_empty(scenario), *_grades(scenario, reference), *_early(scenario)]
    beyond = {id(record): said for record in records if (said := _beyond(scenario, record))}
    return [*found, *(_placed(scenario, (), beyond) if beyond else ())]


def _outcomes(scenario: Scenario) -> Iterator[tuple[Path, str, ResponseOption | Lapse]]:
    for n, decision in enumerate(scenario.decisions):
        for m, option in enumerate(decision.options):
            yield ("decisions", n, "options", m), decision.team, option
        yield ("decisions", n, "lapse"), decision.team, decision.lapse


def _senders(scenario: Scenario) -> Found:
    """A sender is shown as it is written: an id there is seen by everybody."""
    for n, inject in enumerate(scenario.injects):
        name = scenario.names.get(inject.sender)
        if name is not None and name != inject.sender:
            yield ("injects", n, "from"), f"'{inject.sender}' is an id, and is read as it stands; write '{name}'"


def _empty(scenario: Scenario) -> Found:
    for n, inject in enumerate(scenario.injects):
        if not inject.text.strip() and not inject.attachments:
            yield ("injects", n, "text"), "nothing is written here, so an empty message would come"
    for path, _team, outcome in _outcomes(scenario):
        for n, came in enumerate(outcome.consequences):
            if not came.text.strip() and not came.effects:
                yield (
                    (*path, "consequences", n),
                    "this consequence has neither text nor effects, so nothing comes of it",
                )
    for n, decision in enumerate(scenario.decisions):
        if not decision.text.strip():
            yield ("decisions", n, "text"), "nothing is written here, so nobody would know what is to be decided"


def _grades(scenario: Scenario, reference: Reference) -> Found:
    """A breach that the force of its text never lets stand: the mark would be milder than its author wrote."""
    on = scenario.date.date()
    for path, team, outcome in _outcomes(scenario):
        profile = scenario.teams_by_id[team].profile
        for n, tag in enumerate(outcome.conduct):
            # Who says that it was done knowingly has thought of it, and the mark then tells of the ceiling.
            if tag.grade is not Grade.BREACHED or tag.knowing:
                continue
            if reference.standing(profile, tag.commitment, on) != "applies":
                continue
            force = reference.force(tag.commitment)
            marked = under_ceiling(tag.grade, force, observed=False, knowing=tag.knowing, bad_faith=tag.bad_faith)[0]
            knowingly = under_ceiling(tag.grade, force, observed=False, knowing=True, bad_faith=False)[0]
            if marked is not tag.grade:
                needed = "knowing" if knowingly is tag.grade else "bad_faith"
                text = (
                    f"'{tag.commitment}' is breached only with '{needed}: true'; as it stands this is marked neglected"
                )
                yield (*path, "conduct", n, "grade"), text


def _beyond(scenario: Scenario, record: Model) -> str:
    """What is wrong with a number that an indicator can never have, or never move by."""
    if not isinstance(record, ChangeIndicator | IndicatorIs):
        return ""
    indicator = scenario.indicators_by_id[record.indicator]
    span = f"'{indicator.id}' goes from {indicator.lowest:g} to {indicator.highest:g}"
    if isinstance(record, IndicatorIs):
        return f"{span}, so this never holds" if _never(record, indicator) else ""
    if record.to is not None:
        return "" if indicator.lowest <= record.to <= indicator.highest else f"{span}, so it can never be {record.to:g}"
    by = record.by or 0
    return f"{span}, so it can never move by {by:g}" if abs(by) > indicator.highest - indicator.lowest else ""


def _placed(value: object, path: Path, said: Mapping[int, str]) -> Found:
    """The places of records in the file; asked only where there is something to say, since it walks through all."""
    if isinstance(value, Model):
        if id(value) in said:
            yield path, said[id(value)]
        for name, field in type(value).model_fields.items():
            if name not in ("request_kinds", "request_channels"):
                yield from _placed(getattr(value, name), (*path, field.alias or name), said)
    elif isinstance(value, tuple):
        for n, item in enumerate(value):
            yield from _placed(item, (*path, n), said)


def _never(condition: IndicatorIs, indicator: Indicator) -> bool:
    least, below = condition.at_least, condition.below
    beyond = (least is not None and least > indicator.highest) or (below is not None and below <= indicator.lowest)
    return beyond or (least is not None and below is not None and least >= below)


def _early(scenario: Scenario) -> Found:
    """A deadline, or an end, that has passed when its row comes."""
    table = timetable(scenario)
    slots = [slot for slots in table.timed for slot in slots]
    slots += [item.slot for item in table.pending if item.slot is not None]
    places = {id(row): ("injects", n) for n, row in enumerate(scenario.injects)}
    places |= {id(row): ("decisions", n) for n, row in enumerate(scenario.decisions)}
    times = {slot.row.id: slot.exercise for slot in slots}
    found = [(slot.row, slot.exercise) for slot in slots]
    for row in (item.row for item in table.pending if item.row.follows is not None):
        time = _with_followed(row, scenario, times)
        found += [(row, time)] if time is not None else []
    for row, time in found:
        path, comes = places[id(row)], tell_exercise_time(time)
        if row.expires is not None and row.expires <= time:
            yield (*path, "expires"), f"this time has passed when it would come, at {comes}, so it never does"
        if isinstance(row, Decision) and row.deadline is not None and row.deadline <= time:
            yield (*path, "deadline"), f"this time has passed when the decision opens, at {comes}"
        asked = row.request if isinstance(row, Inject) else None
        if asked is not None and asked.deadline is not None and asked.deadline <= time:
            yield (*path, "request", "deadline"), f"this time has passed when the request comes, at {comes}"


def _with_followed(row: Inject | Decision, scenario: Scenario, times: Mapping[str, int]) -> int | None:
    """When a row comes at the earliest that comes together with another; None where no clock says it."""
    seen: set[str] = set()
    while row.follows is not None and row.id not in seen:
        seen.add(row.id)
        followed = scenario.injects_by_id.get(row.follows)
        if followed is None:
            return None
        row = followed
    return times.get(row.id)
