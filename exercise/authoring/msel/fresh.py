"""A row that somebody added to a sheet, as a new inject."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exercise.authoring.importing.draft import Ids
from exercise.authoring.msel.paragraphs import wrapped_like
from exercise.authoring.msel.sheet import Value
from exercise.authoring.msel.values import audiences, channel, folded, lines, story_time
from exercise.core.scenario import Scenario
from exercise.core.script import Channel
from exercise.core.times import format_exercise_time

__all__ = ["Fresh", "fresh_inject", "no_inject"]

_LINE, _SENDER, _RESPONSIBLE, _STATUS, _OBJECTIVE = 200, 120, 120, 60, 300
_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")


@dataclass(frozen=True)
class Fresh:
    """An inject's data as authors write it, and what its author has still to decide, as comments above it."""

    data: dict[str, Any]
    comments: tuple[str, ...]


def no_inject(cells: Mapping[str, str], id: str, copied: bool) -> str:
    """Why no inject is made of a row that is not the scenario's; empty where one is."""
    kind = folded(cells.get("type", ""))
    if "/" in id or (kind not in ("", "inject") and not copied and not cells.get("message")):
        what = f"'{id[:80]}' is no row of this scenario" if id else f"a new {kind} cannot be made of a row"
        return f"{what}; write it in the scenario's file"
    if not id and not any(map(cells.get, ("subject", "message", "time", "expected"))):
        return "a remark and no inject, since it says neither what comes nor when; not brought back"
    return ""


def fresh_inject(
    scenario: Scenario,
    number: int,
    cells: Mapping[str, str],
    others: Sequence[tuple[str, str]],
    time: Value,
    id: str,
    taken: set[str],
) -> Fresh:
    """A new inject of a row's cells; what has no place of its own goes to its notes, word for word."""
    comments: list[str] = []
    notes = [cells.get("notes", "")]

    def decide(what: str) -> None:
        comments.append(f"TO DECIDE: {what} (row {number} of the sheet)")

    def fitting(key: str, name: str, most: int, instead: str) -> str:
        text = " ".join(cells.get(key, "").split()) or instead
        if len(text) > most:
            notes.append(f"{name}: {text}")
            text = f"{text[: most - 1]}…"
        return text

    message = cells.get("message", "")
    title = fitting("subject", "Subject", _LINE, " ".join(message.split())[:80])
    data: dict[str, Any] = {"id": _fresh_id(id, title or f"row-{number}", taken)}
    if not title:
        decide("its title")
    data |= _when(scenario, cells, time, decide, notes)
    data["to"] = _audience(scenario, cells.get("to", ""), decide, notes)
    method = cells.get("method", "")
    found = channel(method)
    if found is None:
        decide(f"by what means it comes{f'; the sheet says {method!r}' if method else ''}")
        notes += [f"Method: {method}"] if method else []
    data["channel"] = (found or Channel.EMAIL).value
    data["from"] = fitting("from", "From", _SENDER, "Exercise control")
    if not cells.get("from"):
        decide("who it comes from")
    data["title"] = title or "Without a title"
    data["text"] = wrapped_like("", message or title or "…")
    expected = lines(cells.get("expected", ""))
    notes += [f"Expected action: {line}" for line in expected if len(line) > _LINE]
    objective = fitting("objective", "Objective", _OBJECTIVE, "")
    titles = {folded(one.title): one.id for one in scenario.objectives}
    more = {
        "expected": [line if len(line) <= _LINE else f"{line[: _LINE - 1]}…" for line in expected],
        "objective": titles.get(folded(objective), objective),
        "responsible": fitting("responsible", "Responsible", _RESPONSIBLE, ""),
        "status": fitting("status", "Status", _STATUS, ""),
    }
    if cells.get("condition"):
        decide("its condition (when), which the notes have in words")
        notes.append(f"Comes only when: {cells['condition']}")
    if cells.get("real"):
        notes.append(f"Real time: {cells['real']}")
    if folded(cells.get("type", "")) not in ("", "inject"):
        notes.append(f"Type: {cells['type']}")
    notes += [f"{name}: {words}" for name, words in others]
    kept = "\n\n".join(filter(None, notes))
    data |= {"notes": kept} if kept else {}
    return Fresh(data | {key: value for key, value in more.items() if value}, tuple(comments))


def _fresh_id(wanted: str, title: str, taken: set[str]) -> str:
    id = wanted if _ID.fullmatch(wanted) and wanted not in taken else Ids(tuple(taken)).give(title, title, "inject")
    taken.add(id)
    return id


def _when(scenario: Scenario, cells: Mapping[str, str], time: Value, decide: Any, notes: list[str]) -> dict[str, Any]:
    story = story_time(time)
    move = next((one for one in scenario.moves if folded(one.title) == folded(cells.get("move", ""))), None)
    if story is not None and story <= scenario.moves[-1].ends:
        return {"at": format_exercise_time(story)}
    if cells.get("time"):
        notes.append(f"Exercise time: {cells['time']}")
    if move is not None:
        if cells.get("time"):
            decide(f"when it comes; the sheet says {cells['time'][:40]!r}")
        return {"move": move.id, "minute": "0m"}
    decide(f"when it comes; the sheet says {cells['time'][:40]!r}" if cells.get("time") else "when it comes")
    return {"at": format_exercise_time(scenario.moves[0].starts)}


def _audience(scenario: Scenario, text: str, decide: Any, notes: list[str]) -> list[str]:
    found, unknown = audiences(scenario, text) if text else ([], [])
    if unknown or not found:
        decide(f"who receives it; the sheet says {text[:60]!r}" if text else "who receives it")
        notes += [f"To: {text}"] if text else []
    # What everybody could read by mistake cannot be taken back, so one team stands in where nothing is known.
    return found or [scenario.teams[0].id]
