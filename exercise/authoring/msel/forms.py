"""Cells that say several things in a form of their own, told apart again: options, lengths, the elements of a request.

What does not have the form is given back as a sentence that says which form it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from exercise.authoring.msel.rows import ELEMENT, MselRow
from exercise.authoring.msel.values import folded
from exercise.authoring.nearest import did_you_mean
from exercise.authoring.problems import Path
from exercise.core.scenario import Scenario
from exercise.core.script import Move
from exercise.core.times import format_exercise_time, parse_exercise_time

__all__ = ["Values", "formed", "into_move", "objective_of", "request_content"]

Values = list[tuple[Path, Any]]
"""What the scenario's file is to say, below the row's own place."""

_LETTER = re.compile(r"^\(?[a-z][).]\s*")
_METHOD = re.compile(r"(?:(dilemma|quick)\b[\s,]*)?(\d{1,3})\s*(?:m|min|minutes?)?", re.IGNORECASE)
_PLAY = re.compile(
    r"(\d{1,3})\s*(?:m|min|minutes?)(?: of play)?(?:[\s,]+until\s+(T\+\d{1,4}:[0-5]\d))?\.?", re.IGNORECASE
)
_TALK = re.compile(r"plenary[\s,:]*(\d{1,3})\s*(?:m|min|minutes?)\.?", re.IGNORECASE)


def formed(scenario: Scenario, entry: MselRow, key: str, now: str) -> Values | str | None:
    """What a cell with a form says otherwise than the scenario, or why it cannot be told; None for any other cell."""
    match entry.kind, key:
        case "decision", "expected":
            return _options(scenario, entry.place, now)
        case "decision", "method":
            decision, found = scenario.decisions[entry.place], _METHOD.fullmatch(now)
            if found is None:
                return "it is written as 'quick, 5 minutes' or 'dilemma, 12 minutes'; left as it was"
            kind = (found[1] or decision.kind).lower()
            return [
                *([(("kind",), kind)] if kind != decision.kind else []),
                *([(("window",), f"{found[2]}m")] if int(found[2]) * 60 != decision.window else []),
            ]
        case "move", "expected":
            return _length(scenario.moves[entry.place], now)
        case "plenary", "subject":
            talk = _TALK.fullmatch(now)
            if talk is None:
                return "a plenary has no title of its own; it is written as 'Plenary, 5 minutes'"
            return [(("plenary", "minutes"), f"{talk[1]}m")]
    return None


def _options(scenario: Scenario, place: int, now: str) -> Values | str:
    options = scenario.decisions[place].options
    titles = [_LETTER.sub("", line.strip()) for line in now.split("\n") if line.strip()]
    if len(titles) != len(options) or not all(titles):
        return f"it has {len(options)} options, a line each; others are added and taken out in the scenario's file"
    pairs = enumerate(zip(titles, options, strict=True))
    return [(("options", n, "title"), title) for n, (title, option) in pairs if title != option.title]


def _length(move: Move, now: str) -> Values | str:
    found = _PLAY.fullmatch(now)
    if found is None:
        end = format_exercise_time(move.ends)
        return f"it is written as '{move.minutes // 60} minutes of play, until {end}.'; left as it was"
    ends = parse_exercise_time(found[2].upper()) if found[2] else move.ends
    return [
        *([(("minutes",), f"{found[1]}m")] if int(found[1]) * 60 != move.minutes else []),
        *([(("ends",), format_exercise_time(ends))] if ends != move.ends else []),
    ]


def into_move(
    scenario: Scenario,
    entry: MselRow,
    old: Mapping[str, Any],
    story: int | None,
    now: str,
    renamed: Mapping[str, str],
) -> Values | str:
    """What puts an inject or a decision into the move that its cell names, or why it cannot be.

    `story` is the time in its row, which counts before the move. `old` is the row as its author wrote it, `renamed`
    the moves' titles as the sheet gives them, by id.
    """
    move = _move_named(scenario, now, renamed)
    if move is None:
        return f"no such move{did_you_mean(now, (one.title for one in scenario.moves))}"
    inside = story is not None and move.starts <= story <= move.ends
    if story != entry.story:
        return [] if inside or story is None else "its new time is not in this move; the time counts"
    if inside:
        return []  # The same move by another name.
    row = (scenario.decisions if entry.kind == "decision" else scenario.injects)[entry.place]
    if "move" in old and (row.minute or 0) <= move.minutes:
        return [(("move",), move.id)]
    if "at" in old and story is not None:
        # As late in it as it was in the other.
        began = max((one.starts for one in scenario.moves if one.starts <= story), default=story)
        return [(("at",), format_exercise_time(min(move.starts + story - began, move.ends)))]
    return "say its time too: it comes after another row, or is too late for this move"


def _move_named(scenario: Scenario, text: str, renamed: Mapping[str, str]) -> Move | None:
    """The move of a title, an id, or a number as `M2`."""
    for n, move in enumerate(scenario.moves, 1):
        names = (move.id, move.title, renamed.get(move.id, move.title), f"m{n}", f"move {n}", str(n))
        if folded(text) in map(folded, names):
            return move
    return None


def objective_of(scenario: Scenario, now: str) -> str:
    """The id of the objective of this title, or the words themselves."""
    return next((one.id for one in scenario.objectives if folded(one.title) == folded(now)), now)


def request_content(scenario: Scenario, place: int, now: str) -> dict[str, str] | str:
    """A request's content by element, told apart by their names at the start of a line; or why it cannot be."""
    request = scenario.injects[place].request
    kind = scenario.kinds_by_id.get(request.kind) if request else None
    names = {element.name: element.id for element in kind.elements} if kind else {}
    names |= {id: id for id in (request.content if request else ()) if id not in names.values()}
    if not names:
        return "this kind of request has no elements"
    heads = "|".join(re.escape(ELEMENT.format(name, "").rstrip()) for name in names)
    first, *rest = re.split(rf"^({heads})", now, flags=re.MULTILINE)
    pairs = list(zip(rest[::2], rest[1::2], strict=True))
    if first.strip() or (not pairs and now):
        told = ", ".join(f"'{name}: …'" for name in names)
        return f"each paragraph begins with what it is: {told}"
    return {names[head.removesuffix(":")]: text.strip() for head, text in pairs}
