"""The MSEL and the rest of exercise control's hand as views: whole for control, and the curtain for everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from exercise.core.conditions import holds
from exercise.core.control.msel import in_hand
from exercise.core.control.told import condition_told, follows_told, joined
from exercise.core.scenario import Scenario
from exercise.core.script import Decision, Inject
from exercise.core.state import Clock, State
from exercise.core.timetable import Slot, timetable
from exercise.core.views import ComingDecision, CurtainView, FactChoices, MselRow

Status = Literal["released", "held", "skipped", "withdrawn", "waiting"]
Waits = Literal["", "time", "condition", "hand"]


def curtain_view(state: State) -> CurtainView | None:
    """What covers every screen, if anything does."""
    drawn = state.curtain
    return CurtainView(drawn.kind, drawn.text) if drawn is not None else None


def fact_choices(scenario: Scenario, state: State) -> tuple[FactChoices, ...]:
    """Each fact with what it may be, for control alone."""
    return tuple(
        (fact.id, fact.title, state.facts.get(fact.id, ""), tuple((value.value, value.says) for value in fact.values))
        for fact in scenario.facts
    )


def msel(scenario: Scenario, state: State) -> tuple[MselRow, ...]:
    """Every inject as control has it in hand, in MSEL order; those it wrote stand at the end."""
    scenario = in_hand(scenario, state)
    readers: dict[int, list[str]] = {}
    for seat, numbers in state.read.items():
        for number in numbers:
            readers.setdefault(number, []).append(seat)
    message_of = {message.inject: message.number for message in state.messages if message.inject}
    slots, pending = _slots(scenario)
    rows = []
    for number, inject in enumerate(scenario.injects, 1):
        released, status, slot = state.released.get(inject.id), _status(inject, state), slots.get(inject.id)
        rows.append(
            MselRow(
                inject=inject.id,
                number=number,
                title=inject.title,
                channel=inject.channel,
                to=inject.to,
                status=status,
                exercise=inject.at if released is None else released,
                noise=inject.noise,
                notes=inject.notes,
                expected=inject.expected,
                read_by=tuple(sorted(readers.get(message_of.get(inject.id, -1), ()))),
                sender=inject.sender,
                text=inject.text,
                due=slot.exercise if slot is not None else None,
                waits=_waits(scenario, inject, status, slot, inject.id in pending, state),
                written=inject.id in state.written,
                edited=inject.id in state.edits,
                condition=_condition(scenario, inject) if status == "waiting" else "",
            )
        )
    return tuple(rows)


def coming_decisions(scenario: Scenario, state: State) -> tuple[ComingDecision, ...]:
    """The decisions that have not been put to their teams, for control alone."""
    scenario = in_hand(scenario, state)
    slots = {slot.row.id: slot.exercise for row in timetable(scenario).timed for slot in row}
    slots |= {item.row.id: item.slot.exercise for item in timetable(scenario).pending if item.slot is not None}
    return tuple(
        ComingDecision(
            id=decision.id,
            team=scenario.names[decision.team],
            title=decision.title,
            text=decision.text,
            due=slots.get(decision.id),
            condition=_condition(scenario, decision),
        )
        for decision in scenario.decisions
        if decision.id not in state.decisions
    )


def _condition(scenario: Scenario, row: Inject | Decision) -> str:
    parts = (follows_told(scenario, row.follows), condition_told(scenario, row.when))
    return joined(parts)


def _slots(scenario: Scenario) -> tuple[dict[str, Slot], frozenset[str]]:
    """By inject its time, and the injects that wait for a condition or another inject; worked out once a scenario."""
    found: tuple[dict[str, Slot], frozenset[str]] | None = scenario.__dict__.get("_msel_slots")
    if found is None:
        table = timetable(scenario)
        pending = [item for item in table.pending if item.kind == "inject"]
        slots = {slot.row.id: slot for row in table.timed for slot in row if slot.kind == "inject"}
        slots.update((item.row.id, item.slot) for item in pending if item.slot is not None)
        found = scenario.__dict__["_msel_slots"] = (slots, frozenset(item.row.id for item in pending))
    return found


def _status(inject: Inject, state: State) -> Status:
    if inject.id in state.withdrawn:
        return "withdrawn"
    if inject.id in state.released:
        return "released"
    if inject.id in state.skipped:
        return "skipped"
    return "held" if inject.id in state.held else "waiting"


def _waits(scenario: Scenario, inject: Inject, status: Status, slot: Slot | None, pending: bool, state: State) -> Waits:
    clock = state.clock
    if status in ("released", "withdrawn"):
        return ""
    if status != "waiting" or (inject.expires is not None and inject.expires <= clock.exercise):
        return "hand"
    if slot is not None and not _reached(slot, clock):
        comes = _would_come(inject, slot, state) and _followed_comes(scenario, inject.follows, slot.exercise, state)
        return "time" if comes else "condition"
    # A time that passed without it, since its move was closed before, does not come again.
    return "condition" if pending else "hand"


def _would_come(inject: Inject, slot: Slot, state: State) -> bool:
    """Whether its condition holds at its time if all stays as it is: else nobody is to be promised that it comes."""
    if inject.when is None:
        return True
    return holds(inject.when, replace(state, clock=replace(state.clock, exercise=slot.exercise)))


def _followed_comes(scenario: Scenario, id: str | None, until: int, state: State) -> bool:
    """Whether what a row follows has come, or comes by itself until then if all stays as it is."""
    slots, _pending = _slots(scenario)
    passed: set[str] = set()
    while id is not None and id not in state.released:
        row, slot = scenario.injects_by_id.get(id), slots.get(id)
        if row is None or id in passed or _status(row, state) != "waiting":
            return False
        passed.add(id)
        if slot is None:
            if row.when is not None:
                return False
        elif slot.exercise > until or not _would_come(row, slot, state):
            return False
        elif row.follows is None:
            return not _reached(slot, state.clock)
        id = row.follows
    return True


def _reached(slot: Slot, clock: Clock) -> bool:
    if clock.move == slot.move and clock.phase == "move":
        return clock.play - clock.opened >= slot.offset
    return clock.move >= slot.move
