"""The MSEL as exercise control has it in hand: the scenario's injects with control's changes, and those it wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from exercise.core.control.state import Edit, Written
from exercise.core.script import Inject
from exercise.core.timetable import SINCE

if TYPE_CHECKING:
    from exercise.core.scenario import Scenario
    from exercise.core.state import Clock, State

_BEFORE, _COPY, _ROWS, _SAID = "_before_control", "_in_hand", "_rows", "_said"


def in_hand(scenario: Scenario, state: State) -> Scenario:
    """The scenario with its injects as they stand in a state; without control's changes it is the scenario itself.

    Rules, views and the clock all read this one, so that a changed inject is nowhere its old self. It may be given
    the scenario as it stood in an earlier state just as well. The copy is made once a change and kept.
    """
    base: Scenario = scenario.__dict__.get(_BEFORE, scenario)
    edits, written = state.edits, state.written
    if not edits and not written:
        return base
    kept: tuple[object, object, Scenario] | None = base.__dict__.get(_COPY)
    if kept is None or kept[0] is not edits or kept[1] is not written:
        kept = base.__dict__[_COPY] = (edits, written, _changed(base, edits, written))
    return kept[2]


def origin(scenario: Scenario) -> Scenario:
    """The scenario as its author has it, of which every changed one is a copy."""
    found: Scenario = scenario.__dict__.get(_BEFORE, scenario)
    return found


def move_for(scenario: Scenario, clock: Clock, at: int) -> int | None:
    """The first move that a row due at `at` can come in or before, or None where none is left or the time has passed.

    Before STARTEX any time will do that is not past the last move.
    """
    since = max(0, clock.move + 1 if clock.phase == "plenary" else clock.move)
    if clock.phase != "briefing" and at <= clock.exercise:
        return None
    return since if any(at <= move.ends for move in scenario.moves[since:]) else None


def _changed(base: Scenario, edits: Mapping[str, Edit], written: Mapping[str, Written]) -> Scenario:
    # A row that control left alone is the very one it was, so that what was made of it is still good.
    before: dict[str, tuple[object, object, Inject]] = base.__dict__.get(_ROWS, {})
    now: dict[str, tuple[object, object, Inject]] = {}
    authored = base.injects_by_id
    for id in (*(id for id in edits if id in authored and id not in written), *written):
        sources = (written.get(id) or authored[id], edits.get(id))
        kept = before.get(id)
        if kept is None or kept[0] is not sources[0] or kept[1] is not sources[1]:
            row = _row(id, written[id]) if id in written else authored[id]
            kept = (*sources, row if sources[1] is None else _edited(base, row, sources[1]))
        now[id] = kept
    base.__dict__[_ROWS] = now
    injects = tuple(now[row.id][2] if row.id in now else row for row in base.injects)
    injects += tuple(now[id][2] for id in written)
    copy = base.model_copy(update={"injects": injects})
    copy.__dict__[_BEFORE] = base
    copy.__dict__[_SAID] = base.__dict__.get(_SAID, {})
    since = {id: row.since for id, row in written.items()}
    since.update((id, edit.since) for id, edit in edits.items() if edit.at is not None)
    copy.__dict__[SINCE] = since
    return copy


def _row(id: str, row: Written) -> Inject:
    # The rules have looked at it; a log is folded as it is, and what it says must not fail here.
    words: dict[str, Any] = {"sender": row.sender, "channel": row.channel, "title": row.title, "text": row.text}
    return Inject.model_construct(id=id, to=row.to, at=row.at, **words)


def _edited(base: Scenario, inject: Inject, edit: Edit) -> Inject:
    # Whoever changed only the time kept the author's words, which each team reads in its own language.
    change: dict[str, Any] = {"title": base.said(edit.title), "text": base.said(edit.text)}
    if edit.at is not None:
        change |= {"at": edit.at, "move": None, "minute": None}
        if inject.expires is not None and inject.expires <= edit.at:
            change["expires"] = None  # Whoever sets a later time means it to come.
    return inject.model_copy(update=change)
