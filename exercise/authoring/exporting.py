"""A scenario in MISP's Common Exercise Format, as far as that goes: a flow of injects with texts and expectations."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID, uuid5

from exercise.core.control.told import condition_told
from exercise.core.scenario import Scenario
from exercise.core.script import Decision, Inject, channel_name
from exercise.core.times import tell_exercise_time
from exercise.core.timetable import exercise_at, timetable

__all__ = ["left_behind", "to_cexf"]

_SPACE = UUID("6f0a6c52-5d0e-4d0c-9d1f-2b1f3c8f5a11")
"""Ids are made of names in this space, so that the same scenario is always the same file."""
_POINTS = 10


def to_cexf(scenario: Scenario) -> dict[str, Any]:
    """The exercise as data of JSON; `left_behind` says what is not in it."""
    rows = _in_order(scenario)
    return {
        "exercise": {
            "name": scenario.title,
            "description": scenario.summary,
            "expanded": scenario.briefing,
            "namespace": "tabletop",
            "uuid": _uuid(scenario, "exercise", ""),
            "version": "1",
            "total_duration": str(scenario.minutes * 60),
            "tags": [],
            "meta": {"author": "", "level": ""},
        },
        "inject_flow": [_step(scenario, rows, n) for n in range(len(rows))],
        "inject_payloads": [_payload(scenario, row) for row, _ in rows],
        "injects": [_inject(scenario, row) for row, _ in rows],
    }


def left_behind(scenario: Scenario) -> Iterator[str]:
    """What the format has no place for, each with how much of it there is."""
    counts = {
        "teams with their roles, briefs, profiles and directories": len(scenario.teams),
        "bodies that exercise control plays": len(scenario.actors),
        "decisions, of which only the question and the options go along, as text": len(scenario.decisions),
        "moves and plenaries": len(scenario.moves),
        "hidden facts": len(scenario.facts),
        "flags": len(scenario.flags),
        "indicators": len(scenario.indicators),
        "pieces of evidence": len(scenario.evidence),
        "matters of requests": len(scenario.matters),
        "occasions that are watched": len(scenario.occasions),
        "objectives with critical tasks": len(scenario.objectives),
        "questions for hot wash and survey": len(scenario.hot_wash) + len(scenario.survey),
        "notes of injects": sum(bool(inject.notes) for inject in scenario.injects),
        "injects that bring a request": sum(inject.request is not None for inject in scenario.injects),
    }
    return (f"{what}: {number}" for what, number in counts.items() if number)


_Rows = Sequence[tuple[Inject | Decision, int | None]]


def _in_order(scenario: Scenario) -> _Rows:
    """Rows with their times in the story, in the order in which they come; those without a time stand last."""
    times: dict[str, int] = {}
    table = timetable(scenario)
    for slots in table.timed:
        times |= {slot.row.id: slot.exercise for slot in slots}
    times |= {item.row.id: item.slot.exercise for item in table.pending if item.slot is not None}
    moves = {move.id: move for move in scenario.moves}
    rows: list[tuple[Inject | Decision, int | None]] = []
    every: list[Inject | Decision] = [*scenario.injects, *scenario.decisions]
    for row in every:
        at = times.get(row.id)
        if at is None and row.move in moves and row.minute is not None:
            at = exercise_at(moves[row.move], row.minute)
        if at is None and row.follows is not None:
            at = times.get(row.follows)
        rows.append((row, at))
    return sorted(rows, key=lambda pair: (pair[1] is None, pair[1] or 0))


def _step(scenario: Scenario, rows: _Rows, n: int) -> dict[str, Any]:
    row, at = rows[n]
    said = [f"To: {_audience(scenario, row)}."]
    if at is not None:
        said.append(f"At {tell_exercise_time(at)}.")
    if row.when is not None:
        said.append(f"Comes once: {condition_told(scenario, row.when)}.")
    triggers = ["startex"] if n == 0 else ["manual"] if at is None else []
    first = scenario.injects_by_id.get(row.follows or "")
    after = [rows[n + 1][0]] if n + 1 < len(rows) and rows[n + 1][1] is not None else []
    return {
        "inject_uuid": _uuid(scenario, _kind(row), row.id),
        "description": " ".join(said),
        "reporting_callback": [],
        "requirements": {"inject_uuid": _uuid(scenario, "inject", first.id)} if first is not None else {},
        "sequence": {
            "trigger": triggers,
            "completion_trigger": ["time_expiration", "completion"],
            "followed_by": [_uuid(scenario, _kind(next_row), next_row.id) for next_row in after],
        },
        "timing": {"triggered_at": at},
    }


def _payload(scenario: Scenario, row: Inject | Decision) -> dict[str, Any]:
    return {
        "uuid": _uuid(scenario, "payload", f"{_kind(row)}/{row.id}"),
        "name": row.id,
        "type": "file",
        "parameters": {
            "filename": f"{row.id}.txt",
            "content-type": "base64",
            "content": base64.b64encode(_content(scenario, row).encode()).decode(),
        },
    }


def _content(scenario: Scenario, row: Inject | Decision) -> str:
    if isinstance(row, Inject):
        parts = [f"From: {row.sender}\nSubject: {row.title}", row.text]
        parts += [f"{paper.title}\n\n{paper.text}" for paper in row.attachments]
        return "\n\n".join(parts)
    options = [f"- {option.title}{': ' if option.text else ''}{option.text}" for option in row.options]
    return "\n\n".join([f"{scenario.names[row.team]} decides: {row.title}", row.text, "\n".join(options)])


def _inject(scenario: Scenario, row: Inject | Decision) -> dict[str, Any]:
    if isinstance(row, Inject):
        action = "email_to_participants" if row.channel == "e-mail" else "message_to_participants"
        expected, tool = row.expected, channel_name(row.channel)
    else:
        action, tool = "message_to_participants", "decision"
        expected = (f"An answer within {row.window // 60} minutes",)
    return {
        "uuid": _uuid(scenario, _kind(row), row.id),
        "name": row.title,
        "action": action,
        "action_payload_resource_uuid": _uuid(scenario, "payload", f"{_kind(row)}/{row.id}"),
        "target_tool": tool,
        "inject_evaluation": [{"parameters": [], "result": action, "score_range": [0, _POINTS]} for action in expected],
    }


def _audience(scenario: Scenario, row: Inject | Decision) -> str:
    if isinstance(row, Decision):
        return scenario.names[row.team]
    found = []
    for address in row.to:
        team, _, role = address.partition("/")
        name = scenario.names.get(team, "all")
        roles = {one.id: one.name for one in scenario.teams_by_id[team].roles} if role else {}
        found.append(f"{name}, {roles.get(role, role)}" if role else name)
    return "; ".join(found)


def _kind(row: Inject | Decision) -> str:
    return "inject" if isinstance(row, Inject) else "decision"


def _uuid(scenario: Scenario, kind: str, name: str) -> str:
    return str(uuid5(_SPACE, f"{scenario.id}/{kind}/{name}"))
