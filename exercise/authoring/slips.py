"""What can be read and says something else than its author sees: found in the text, once it is known as data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from exercise.authoring.problems import Path, Position, Severity

__all__ = ["NEW_ITEM", "TWICE", "UNSEEN", "cut_short", "of_one_slip"]

Found = tuple[Position, Path, str, Severity]
"""What a reader finds: where, at which path, what, and how bad it is."""

TWICE = "this key stands here twice"
UNSEEN = "a character that cannot be seen"
_NO_TEXT = "a key must be text"
_WHOLE = "here the scenario begins a second time: take one of the two out"
_MANY = 4
"""So many keys with signs that cannot be seen are no slips of the hand."""
NEW_ITEM = "if a new item begins here, '- ' is missing before it"
_DECIMAL = re.compile(r"\d,\s*$")

_NOTE = re.compile(r" #(?=\w| ?\d)")
"""A sign # as in a text, `#1` or `# 4`; behind a blank and before words it is the usual note of an author."""
_MARKED = "\"'|>[{&*!"
"""What begins a value that is not written plainly."""


def cut_short(
    text: str, data: Any, places: Mapping[Path, tuple[Position, Position]]
) -> Iterator[tuple[Position, Path]]:
    """The texts that end where a number sign was meant to be read, since YAML takes what follows for a note."""
    lines = {text.count("\n", 0, found.start()) + 1 for found in _NOTE.finditer(text)}
    if not lines:
        return
    written = text.split("\n")
    for path, (_, place) in places.items():
        if place.line not in lines:
            continue
        value, rest = _at(data, path), written[place.line - 1][place.column - 1 :]
        note = _NOTE.search(rest)
        if isinstance(value, str) and note and rest[:1] not in _MARKED and rest[: note.start()].strip() == value:
            yield Position(place.line, place.column + note.start() + 1), path


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def of_one_slip(found: list[Found], text: str, data: Any) -> list[Found]:
    """What was found, with what comes of one slip told once: a missing dash, a comma for a point, another program."""
    begun: dict[Path, int] = {}
    for place, path, said, _severity in found:
        if said.startswith(TWICE) and path[:-1] not in begun and _is_first_key(data, path):
            begun[path[:-1]] = place.line
    written = text.split("\n") if found else []
    kept: list[Found] = []
    for place, path, said, severity in found:
        line = begun.get(path[:-1])
        if said.startswith(TWICE) and line is not None and place.line >= line:
            if place.line == line:
                again = NEW_ITEM if len(path) > 1 else _WHOLE
                kept.append((place, path, f"{said.partition(';')[0]}; {again}", severity))
        elif said.startswith(_NO_TEXT) and _DECIMAL.search(written[place.line - 1][: place.column - 1]):
            kept.append((place, path, "a number takes a point, not a comma, such as 2.5", severity))
        else:
            kept.append((place, path, said, severity))
    return _unseen_once(kept)


def _unseen_once(found: list[Found]) -> list[Found]:
    """A program that puts false blanks into a file does so in every line of it."""
    unseen = [one for one in found if one[2].startswith(UNSEEN)]
    if len(unseen) < _MANY:
        return found
    place, path, said, severity = unseen[0]
    more = f"{said}; so it is in {len(unseen) - 1} more keys below: let the editor put ordinary blanks for all of them"
    return [(place, path, more, severity), *(one for one in found if one not in unseen)]


def _is_first_key(data: Any, path: Path) -> bool:
    """Whether a key is the first of an item, or of the file: where it comes again, a new one was meant to begin."""
    if data is None or (len(path) > 1 and not isinstance(path[-2], int)):
        return False
    return next(iter(_at(data, path[:-1])), None) == path[-1]
