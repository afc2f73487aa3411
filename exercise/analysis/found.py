"""One thing that an exploration shows to be wrong or worth a look, with its place in the author's file.

`check` says what is wrong with the text of a scenario; a finding says what is wrong with how it plays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from exercise.authoring.problems import Path, readable_path
from exercise.authoring.yaml_source import Source
from exercise.core.text import clean_text

Severity = Literal["error", "warning", "note"]
"""How much it matters: an error fails the run, a warning fails it where asked to be strict, a note never does."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True)
class Finding:
    """What was found, where, and how much it matters; `kind` is a stable word for programs."""

    kind: str
    severity: Severity
    path: Path
    text: str


@dataclass(frozen=True)
class Placed:
    """A finding with its place in a file, as `check` gives places."""

    kind: str
    severity: Severity
    file: str
    line: int
    column: int
    path: str
    text: str

    @property
    def where(self) -> str:
        """The place as editors jump to it."""
        return f"{self.file}:{self.line}:{self.column}"

    def __str__(self) -> str:
        label = "" if self.severity == "error" else f"{self.severity}: "
        path = f"{self.path}: " if self.path else ""
        return f"{self.where}: {label}{path}{self.text}"

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "kind": self.kind,
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "path": self.path,
            "text": self.text,
        }


def placed(findings: Iterable[Finding], source: Source) -> tuple[Placed, ...]:
    """The findings at their places: errors before warnings before notes, each in the order of the file."""
    rows = []
    for finding in dict.fromkeys(findings):
        line, column = source.where(finding.path)
        path = readable_path(source.data, finding.path)
        text = " ".join(clean_text(finding.text).split())
        rows.append(Placed(finding.kind, finding.severity, source.name, line, column, path, text))
    return tuple(sorted(rows, key=lambda row: (SEVERITIES.index(row.severity), row.line, row.column, row.text)))


def often(number: int, what: str, plural: str = "") -> str:
    """`1 course`, `3 courses`."""
    return f"{number:,} {what if number == 1 else plural or what + 's'}"


def some(names: Iterable[str], most: int = 8) -> str:
    """Names in a row, cut where there are many."""
    found = list(names)
    return ", ".join(found[:most]) + (f" and {len(found) - most} more" if len(found) > most else "")
