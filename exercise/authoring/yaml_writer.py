"""A scenario's data as the YAML that authors write: keys in the models' order, texts as blocks, comments above.

What it writes, `yaml_source` reads back as the same data; blanks around texts do not count, since the models drop them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from functools import cache
from textwrap import wrap
from typing import Any

from exercise.authoring.known_keys import KnownKeys
from exercise.authoring.problems import Path
from exercise.core.text import clean_text

__all__ = ["SCHEMA_FILE", "to_yaml"]

SCHEMA_FILE = "scenario.schema.json"
"""Where editors look for the schema: a file beside the scenario."""

_WIDEST = 116
_LONGEST_LINE = 90
"""A text of more characters than this stands as a block of its own lines."""
_COMMENT = 100

_PLAIN = re.compile(r"[^\W_](?:[^\n:#]|:(?=\S)|(?<=\S)#)*", re.UNICODE)
_FLOW = re.compile(r"[,\[\]{}?]")
"""What ends a plain text between brackets; of the question mark only some readers think so."""
# Words that this or other readers of YAML take for something else than text: truth values, nothing, numbers, 1:30.
_BITES = re.compile(
    r"(?:true|false|yes|no|on|off|y|n|null|nan|inf)|[-+.]?\d[\d_]*(?:[.:eE][-+\d:._eE]*)?|0[xob][0-9a-f_]+",
    re.IGNORECASE | re.ASCII,
)
_ESCAPED = re.compile('[\x00-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff\u2028\u2029"\\\\]')
_SHORT = {"\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff\u2028\u2029]")

# What says which thing this is, and which of its forms a condition or an effect has.
_FIRST = (
    *("id", "all", "any", "not", "flag", "fact", "indicator", "chose", "lapsed", "released", "time"),
    *("did", "knows", "asked", "clear", "learn"),
)
# Rows that people look for, one below the other: never pressed into a line, however short.
_ROWS = ("teams", "moves", "injects", "decisions", "options", "matters")
# Lists and tables that grow: one entry a line, so that the next one is easily added.
_GROWING = ("roles", "profile", "directory", "values", "conduct", "outcomes", "replies", "flags")


def to_yaml(data: Mapping[str, Any], notes: Mapping[Path, str] | None = None, schema: str = SCHEMA_FILE) -> str:
    """The data of a scenario as YAML; each note becomes comment lines above the key or item at its path.

    A note about a key that is not there stands above the nearest one around it, so that none is lost.
    """
    writer = _Writer(data, notes or {})
    head = [f"# yaml-language-server: $schema={schema}"] if schema else []
    return "\n".join([*head, *writer.lines()]) + "\n"


@cache
def _known_keys() -> KnownKeys:
    from exercise.core.scenario import Scenario

    return KnownKeys(Scenario)


class _Writer:
    def __init__(self, data: Mapping[str, Any], notes: Mapping[Path, str]) -> None:
        self._keys = _known_keys()
        self._data = data
        self._notes: dict[Path, list[str]] = {}
        for path, note in notes.items():
            self._notes.setdefault(_nearest(data, path), []).append(note)
        self._noted_below = {path[:length] for path in self._notes for length in range(len(path))}

    def lines(self) -> Iterator[str]:
        yield from self._comment((), "")
        for n, (key, value) in enumerate(self._ordered(self._data, ())):
            block = list(self._entry(key, value, (key,), ""))
            if n and (len(block) > 1 or block[0].startswith("#")):
                yield ""
            yield from block

    def _ordered(self, mapping: Mapping[str, Any], path: Path) -> list[tuple[str, Any]]:
        """Pairs in the order of the model's keys, the id before all others; the author's own order elsewhere."""
        known = self._keys.at(path)
        order = {key: n for n, key in enumerate(known)}
        if path:
            order |= {key: -1 for key in _FIRST if key in order}
        pairs = [(str(key), _plain(value)) for key, value in mapping.items()]
        return sorted(pairs, key=lambda pair: order.get(pair[0], len(order))) if known else pairs

    def _entry(self, key: str, value: Any, path: Path, indent: str) -> Iterator[str]:
        yield from self._comment(path, indent)
        yield from self._valued(f"{indent}{_key(key)}:", value, path, indent)

    def _valued(self, head: str, value: Any, path: Path, indent: str) -> Iterator[str]:
        """What stands after `key:` or `-`, on the same line where it fits, else indented below."""
        if isinstance(value, str) and _is_block(value):
            yield f"{head} |"
            yield from (f"{indent}  {line}" if line else "" for line in value.rstrip().split("\n"))
            return
        flow = self._flow(value, path)
        if flow is not None and (
            not _is_nest(value) or not value or (len(head) + len(flow) < _WIDEST and self._may_flow(path))
        ):
            yield f"{head} {flow}"
            return
        if isinstance(value, Mapping):
            yield head
            for key, inner in self._ordered(value, path):
                yield from self._entry(key, inner, (*path, key), f"{indent}  ")
            return
        yield head
        yield from self._items(value, path, f"{indent}  ")

    def _items(self, values: Sequence[Any], path: Path, indent: str) -> Iterator[str]:
        apart = False
        for n, item in enumerate(map(_plain, values)):
            here = (*path, n)
            block = [*self._comment(here, indent), *self._item(item, here, indent)]
            # Rows of one line stand close together; whatever takes more is set apart.
            if n and len(path) == 1 and (len(block) > 1 or apart):
                yield ""
            apart = len(block) > 1
            yield from block

    def _item(self, item: Any, path: Path, indent: str) -> Iterator[str]:
        flow = self._flow(item, path)
        fits = flow is not None and len(indent) + 2 + len(flow) < _WIDEST and self._may_flow(path)
        if isinstance(item, Mapping) and item and not fits:
            lines = [
                line
                for key, inner in self._ordered(item, path)
                for line in self._entry(key, inner, (*path, key), f"{indent}  ")
            ]
            # The first line that is no comment takes the dash in place of two of its blanks.
            first = next(n for n, line in enumerate(lines) if not line.lstrip().startswith("#"))
            yield from (line.removeprefix("  ") for line in lines[:first])
            yield f"{indent}- {lines[first].removeprefix(f'{indent}  ')}"
            yield from lines[first + 1 :]
            return
        yield from self._valued(f"{indent}-", item, path, indent)

    def _may_flow(self, path: Path) -> bool:
        row = len(path) > 1 and path[-2] in _ROWS
        return path not in self._noted_below and not row and path[-1] not in (*_ROWS, *_GROWING)

    def _flow(self, value: Any, path: Path, depth: int = 0) -> str | None:
        """The value on one line, or None where it would not be read with ease."""
        if isinstance(value, Mapping):
            if depth > 3 or (not depth and value and not self._may_flow(path)):
                return None
            parts = []
            for key, inner in self._ordered(value, path):
                part = self._flow(inner, (*path, key), depth + 1)
                if part is None:
                    return None
                parts.append(f"{_key(key)}: {part}")
            return "{ " + ", ".join(parts) + " }" if parts else "{}"
        if _is_nest(value):
            items = [self._flow(_plain(item), (*path, n), depth + 1) for n, item in enumerate(value)]
            return None if depth > 3 or None in items else f"[{', '.join(item for item in items if item)}]"
        if isinstance(value, str) and _is_block(value):
            return None
        return _scalar(value, flow=depth > 0)

    def _comment(self, path: Path, indent: str) -> Iterator[str]:
        for note in self._notes.get(path, ()):
            for line in _UNSEEN.sub("", clean_text(note)).split("\n"):
                width = max(_COMMENT - len(indent), 40)
                yield from (f"{indent}# {part}" for part in wrap(line, width, break_on_hyphens=False) or [""])


def _nearest(data: Any, path: Path) -> Path:
    here: Any = data
    for length, step in enumerate(path):
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            return path[:length]
        if isinstance(here, str) and length < len(path) - 1:
            return path[: length + 1]
    return path


def _is_nest(value: Any) -> bool:
    return isinstance(value, Mapping | list | tuple)


def _plain(value: Any) -> Any:
    """A value as YAML has it: times as texts, members of an enumeration by their value."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else value


def _is_block(text: str) -> bool:
    """Whether a text stands as a block: long, or of several lines, and such that a block keeps it as it is."""
    if len(text) <= _LONGEST_LINE and "\n" not in text.strip():
        return False
    return bool(text.strip()) and not text[0].isspace() and not _UNSEEN.search(text)


def _key(key: str) -> str:
    """A key; `on`, which steps of requests are filed under, needs no quotes before a colon in YAML of today."""
    return key if key == "on" else _scalar(key, flow=True)


def _scalar(value: Any, flow: bool = False) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return f"{int(value)}"
    if not isinstance(value, str):
        return str(value)
    plain = _PLAIN.fullmatch(value) and not _BITES.fullmatch(value) and value == value.strip()
    if plain and not value.endswith(":") and not _ESCAPED.search(value) and not (flow and _FLOW.search(value)):
        return value
    return '"' + _ESCAPED.sub(_escape, value) + '"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    number = ord(character)
    return _SHORT.get(character) or (f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}")
