"""What is wrong with a file that an author wrote, as lines that an editor can jump to and a person can act on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from exercise.core.text import clean_text

__all__ = [
    "MOST_PROBLEMS",
    "Path",
    "Position",
    "Problem",
    "Severity",
    "errors_in",
    "quoted",
    "readable_path",
]

Severity = Literal["error", "warning"]

Path = tuple[str | int, ...]
"""The way to a value: keys of mappings and indexes of lists, from the root."""

MOST_PROBLEMS = 200
"""More than this nobody reads, and a hostile file could ask for a hundred thousand."""

_LONGEST_QUOTE = 40


class Position(NamedTuple):
    """Line and column, both counted from 1 as editors do."""

    line: int
    column: int


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong; sorts by file and position. Line 0 means the file as a whole."""

    file: str
    line: int
    column: int
    path: str
    text: str
    severity: Severity = "error"

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        label = "warning: " if self.severity == "warning" else ""
        path = f"{self.path}: " if self.path else ""
        return _one_line(f"{where}: {label}{path}{self.text}")


def quoted(value: object) -> str:
    """Return `value` in quotes, cleaned and cut, since a message is one line and an input may be a whole page."""
    # The value is cut before it is cleaned: it may be megabytes.
    text = _one_line(str(value)[: 4 * _LONGEST_QUOTE])
    if len(text) > _LONGEST_QUOTE:
        text = text[: _LONGEST_QUOTE - 1] + "…"
    return f"'{text}'"


def readable_path(data: Any, path: Path) -> str:
    """Return a path such as `injects[press-call].to`: items of a list by their id, or counted from 1."""
    parts: list[str] = []
    here = data
    for step in path:
        if isinstance(step, int):
            here = here[step] if isinstance(here, list) and step < len(here) else None
            name = here.get("id") if isinstance(here, dict) else None
            parts.append(f"[{quoted(name)[1:-1]}]" if isinstance(name, str) and name else f"[{step + 1}]")
        else:
            here = here.get(step) if isinstance(here, dict) else None
            name = quoted(step)[1:-1]
            parts.append(f".{name}" if parts else name)
    return "".join(parts)


def errors_in(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems that stop a file from being used, leaving out what is only a warning."""
    return [problem for problem in problems if problem.severity == "error"]


def _one_line(text: str) -> str:
    return " ".join(clean_text(text).split())
