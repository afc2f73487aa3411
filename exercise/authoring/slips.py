"""What can be read and says something else than its author sees: found in the text, once it is known as data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from exercise.authoring.problems import Path, Position

__all__ = ["cut_short"]

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
