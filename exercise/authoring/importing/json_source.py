"""JSON from elsewhere: read strictly and within bounds, and every value accounted for.

Each value that an importer does not ask for is listed at the end, so that nothing is lost for want of a line of code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from exercise.authoring.importing.report import LossReport
from exercise.authoring.problems import quoted
from exercise.authoring.source_text import decode
from exercise.core.text import HOSTILE, clean_text
from exercise.errors import UsageError

__all__ = ["LARGEST", "Ledger", "Node", "read_json"]

LARGEST = 8 * 1024 * 1024
"""Bytes of a source's JSON; a scenario may have two megabytes."""

_DEEPEST = 40
_MOST_VALUES = 200_000
_LONGEST_LIST = 1_000
# A string that never ends is one token too, or a hostile text would be searched anew from each of its quotes.
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*+\\?(?:"|\Z)|[\[\]{},]', re.DOTALL)
_PLAIN_KEY = re.compile(r"[\w-]+")


def read_json(data: bytes, name: str) -> Any:
    """The value of a JSON text; refuses with one line what is no strict JSON, or more than anyone would write."""
    if len(data) > LARGEST:
        raise UsageError(f"{name}: the file is larger than the {LARGEST // 2**20} MB allowed.")
    read = decode(data, name)
    if read.text is None:
        raise UsageError(str(read.problems[0]))
    text = read.text
    _bounded(text, name)
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_number)
    except json.JSONDecodeError as error:
        raise UsageError(f"{name}:{error.lineno}:{error.colno}: this is no JSON: {error.msg.lower()}.") from error
    except RecursionError as error:
        raise UsageError(f"{name}: this is nested more than {_DEEPEST} levels deep.") from error
    except ValueError as error:
        raise UsageError(f"{name}: {error}.") from error


def _bounded(text: str, name: str) -> None:
    """Refuses by a look at brackets and commas alone, before anything is built of them."""
    depth = values = 0
    for match in _TOKENS.finditer(text):
        token = match[0]
        if token in ("[", "{"):
            depth += 1
            if depth > _DEEPEST:
                raise UsageError(f"{name}: this is nested more than {_DEEPEST} levels deep.")
        elif token in ("]", "}"):
            depth -= 1
        elif token == ",":
            values += 1
    if values > _MOST_VALUES:
        raise UsageError(f"{name}: this holds more than {_MOST_VALUES:,} values; that is no exercise.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {quoted(key)} stands twice in one object, so it is not plain which one counts")
        found[key] = value
    return found


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number that JSON knows")


def _number(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"{quoted(text)} is too large a number")
    return value


@dataclass
class Ledger:
    """Which values of a source an importer has taken, and what it cleaned of them."""

    report: LossReport
    taken: set[str] = field(default_factory=set)
    cleaned: set[str] = field(default_factory=set)


class Node:
    """A value of the source with its path; what is asked for counts as taken. Missing keys are empty nodes."""

    def __init__(self, value: Any, path: str, ledger: Ledger) -> None:
        self.value = value
        self.path = path
        self.ledger = ledger

    def __getitem__(self, key: str) -> Node:
        inner = self.value.get(key) if isinstance(self.value, dict) else None
        return Node(inner, _below(self.path, key), self.ledger)

    def __contains__(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def __bool__(self) -> bool:
        return self.value not in (None, "", [], {})

    def first(self, *keys: str) -> Node:
        """The first of these keys that is there: names drift from version to version."""
        nodes = [self[key] for key in keys]
        return next(filter(None, nodes), nodes[0])

    def items(self) -> Iterator[Node]:
        """The items of a list; a single value counts as a list of one."""
        values = self.value if isinstance(self.value, list) else [self.value] if self else []
        if len(values) > _LONGEST_LIST:
            raise UsageError(f"{self.path}: more than {_LONGEST_LIST:,} entries; that is no exercise.")
        for n, value in enumerate(values):
            yield Node(value, f"{self.path}[{n}]" if isinstance(self.value, list) else self.path, self.ledger)

    def fields(self) -> Iterator[tuple[str, Node]]:
        """Keys with values of an object."""
        for key in self.value if isinstance(self.value, dict) else ():
            yield key, self[key]

    def text(self) -> str:
        """A text or number as cleaned text, and taken; empty where there is none, or something else."""
        if isinstance(self.value, bool) or not isinstance(self.value, str | int | float):
            return ""
        self.ledger.taken.add(self.path)
        raw = str(self.value)
        return self._clean(raw)

    def _clean(self, raw: str) -> str:
        text = clean_text(raw)
        found = HOSTILE.findall(raw.replace("\r", ""))
        if found and self.path not in self.ledger.cleaned:
            self.ledger.cleaned.add(self.path)
            codes = ", ".join(sorted({f"U+{ord(letter):04X}" for letter in found}))
            why = "invisible control or direction characters were taken out of these texts"
            self.ledger.report.changed(self.path, codes, why)
        return text

    def line(self) -> str:
        """A text on one line."""
        return " ".join(self.text().split())

    def number(self) -> float | None:
        """A number, also one written as text; taken only where it is one."""
        value = self.value
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                return None
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e12 or value != value:
            return None
        self.ledger.taken.add(self.path)
        return float(value)

    def flag(self) -> bool | None:
        """A truth value, and taken."""
        if not isinstance(self.value, bool):
            return None
        self.ledger.taken.add(self.path)
        return self.value

    def texts(self) -> list[str]:
        """The texts of a list, or a single one."""
        return [text for item in self.items() if (text := item.text())]

    def take(self) -> None:
        """Takes all that is below: it stands in the scenario already, or means nothing outside the other tool."""
        self.ledger.taken.update(path for path, _ in self.leaves())

    def drop(self, why: str, said: str | None = None) -> None:
        """Takes all that is below and reports it: in full, or in one line where `said` tells what it was."""
        if not self:
            return
        if said is not None:
            self.ledger.report.lost(self.path, said, why)
        else:
            for path, value in self.leaves():
                if path not in self.ledger.taken and value not in (None, ""):
                    self.ledger.report.lost(path, _shown(value), why)
        self.take()

    def leaves(self) -> Iterator[tuple[str, Any]]:
        """Every text, number and truth value below, with its path."""
        stack: list[tuple[str, Any]] = [(self.path, self.value)]
        while stack:
            path, value = stack.pop()
            if isinstance(value, dict):
                inner = [(_below(path, key), below) for key, below in value.items()]
            elif isinstance(value, list):
                inner = [(f"{path}[{n}]", below) for n, below in enumerate(value)]
            else:
                yield path, value
                continue
            stack += reversed(inner)

    def left(self) -> None:
        """Reports whatever nobody asked for, so that it is at least known; the last thing an importer does."""
        for path, value in self.leaves():
            if path not in self.ledger.taken and value not in (None, ""):
                self.ledger.report.lost(path, _shown(value), "this key is not known here")
                self.ledger.taken.add(path)


def _below(path: str, key: str) -> str:
    if not _PLAIN_KEY.fullmatch(key):
        return f"{path}[{json.dumps(key, ensure_ascii=False)}]"
    return f"{path}.{key}" if path else key


def _shown(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)
