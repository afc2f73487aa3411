"""Changes in a scenario's file that touch nothing else: its comments, order and lines stay, byte for byte.

A library that reads and writes YAML again would keep comments, and yet fold, quote and indent the rest its own way;
so single values are cut out and others put in, and what comes of it is read again and compared with what was meant.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as File
from textwrap import wrap
from typing import Any

import yaml

from exercise.authoring.msel.yaml_places import Node, places
from exercise.authoring.problems import Path, readable_path
from exercise.authoring.yaml_source import parse
from exercise.errors import UsageError

__all__ = ["AddItem", "DropItem", "Edit", "Rename", "SetValue", "patched"]

_WIDEST = 116
_LONG = 90


@dataclass(frozen=True)
class SetValue:
    """Puts a value at a path; with None the key goes, or stays with nothing in it where it heads its item."""

    path: Path
    value: Any
    after: tuple[str, ...] = ()
    """For a key that is not there yet: those of its neighbours that may stand before it, in their order."""


@dataclass(frozen=True)
class Rename:
    """Puts another key with its value in a key's place."""

    path: Path
    key: str
    value: Any


@dataclass(frozen=True)
class AddItem:
    """Puts an item behind item number `behind` of a list; behind -1 is before the first."""

    path: Path
    behind: int
    item: Mapping[str, Any]
    comments: tuple[str, ...] = ()


@dataclass(frozen=True)
class DropItem:
    """Takes an item out of a list."""

    path: Path
    number: int


Edit = SetValue | Rename | AddItem | DropItem


def patched(text: str, edits: Sequence[Edit], data: Any, file: File) -> str:
    """The text with the edits made; raises UsageError where its form does not let one be made without touching more.

    `data` is what the text says now, with the texts of the files beside `file` in their places.
    """
    if not edits:
        return text
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    body = text.removeprefix(mark)
    ends = "\r\n" if "\r\n" in body else "\n"
    patch = _Patch(body)
    for edit in edits:
        patch.make(edit)
    made = mark + patch.result(ends)
    meant = _applied(data, edits)
    wrong = _differs(meant, parse(made, str(file), file.parent).data, ())
    if wrong is not None:
        raise UsageError(
            f"{file}: {readable_path(meant, wrong)} cannot be changed from here, since of how it is written there; "
            "change it in the file itself."
        )
    return made


class _Patch:
    def __init__(self, text: str) -> None:
        self._text = text
        self._root = places(text)
        self._cuts: list[tuple[int, int, int, str]] = []
        """(from, order, to, with): insertions at the same place stand in their order."""

    def make(self, edit: Edit) -> None:
        match edit:
            case SetValue():
                self._set(edit)
            case Rename():
                *around, key = edit.path
                place, node = self._parent(tuple(around)).keys[str(key)]
                self._cut(place, node.end, f"{edit.key}: {self._value(edit.value, place, node)}")
            case AddItem():
                self._add(edit)
            case DropItem():
                self._drop(edit)

    def result(self, ends: str) -> str:
        """The text with all cuts made, each with the line ends of the file."""
        out, done = [], 0
        for start, _, end, new in sorted(self._cuts, key=lambda cut: cut[:2]):
            out += [self._text[done:start], new.replace("\n", ends)]
            done = end
        return "".join([*out, self._text[done:]])

    def _cut(self, start: int, end: int, new: str, order: int = 0) -> None:
        self._cuts.append((start, order, end, new))

    def _parent(self, path: Path) -> Node:
        node = self._root.at(path)
        if node is None or node.form == "alias":
            raise UsageError(f"{readable_path(None, path)}: this part stands elsewhere in the file; change it there.")
        return node

    def _set(self, edit: SetValue) -> None:
        *around, key = edit.path
        parent = self._parent(tuple(around))
        if not isinstance(key, str):
            raise UsageError(f"{readable_path(None, edit.path)}: items of a list are not changed one by one.")
        found = parent.keys.get(key)
        if found is not None and edit.value is None:
            self._remove(parent, key)
        elif found is not None:
            place, node = found
            empty = " " if node.start == node.end and self._text[node.start - 1] == ":" else ""
            self._exchange(node, empty + self._value(edit.value, place, node))
        elif edit.value is not None:
            self._insert(parent, key, edit)

    def _exchange(self, node: Node, new: str) -> None:
        """Puts a value in place of another; a comment behind that one moves behind the sign that begins a block."""
        end = node.end
        head = self._text[node.start : self._line_end(node.start)]
        if node.form == "block":
            comment = head[head.index("#") :] if "#" in head else ""
        else:
            comment = self._text[node.end : self._line_end(node.end)].strip()
        block = new.startswith(("|", ">")) and "\n" in new
        if comment.startswith("#") and (block or node.form == "block"):
            first, line, rest = new.partition("\n")
            new = f"{first}   {comment}{line}{rest}"
            end = node.end if node.form == "block" else self._line_end(node.end)
        self._cut(node.start, end, new)

    def _remove(self, parent: Node, key: str) -> None:
        place, node = parent.keys[key]
        line = self._line_start(place)
        if parent.flow and len(parent.keys) > 1:
            names = list(parent.keys)
            n = names.index(key)
            # With the comma before it, or where it is the first, with the one behind it.
            start, end = (parent.keys[names[n - 1]][1].end, node.end) if n else (place, parent.keys[names[1]][0])
            self._cut(start, end, "")
            return
        if parent.flow or self._text[line:place].strip():
            self._cut(node.start, node.end, "[]" if node.form == "list" else '""')
            return
        self._cut(line, min(self._line_end(node.end) + len(self._ending()), len(self._text)), "")

    def _ending(self) -> str:
        return "\r\n" if "\r\n" in self._text else "\n"

    def _insert(self, parent: Node, key: str, edit: SetValue) -> None:
        before = [name for name in edit.after if name in parent.keys] or list(parent.keys)[:1]
        place, node = parent.keys[before[-1]]
        if parent.flow:
            self._cut(node.end, node.end, f", {key}: {_flowing(edit.value)}")
            return
        indent = self._column(place)
        end = self._line_end(node.end)
        self._cut(end, end, f"\n{' ' * indent}{key}: {_standing(edit.value, indent)}")

    def _value(self, value: Any, place: int, node: Node) -> str:
        """A value as it is to be written in the place of another, in that one's manner."""
        if (node.flow and node.form not in ("list", "mapping")) or self._inside_flow(place):
            return _flowing(value)
        if isinstance(value, str) and node.form == "scalar" and node.end - node.start > _LONG and "\n" not in value:
            # Whoever writes long texts on one line wants them so.
            return _one_line(value.strip())
        if isinstance(value, list | tuple):
            if node.form == "list" and not node.flow:
                column = self._column(node.start)
                return f"\n{' ' * column}".join(f"- {_standing(item, column)}" for item in value)
            return _flowing(value)
        folded = node.form == "block" and self._text[node.start] == ">"
        return _standing(value, self._column(place), folded)

    def _inside_flow(self, place: int) -> bool:
        node: Node | None = self._root
        while node is not None:
            if node.flow:
                return True
            inner = [*node.items, *(value for _, value in node.keys.values())]
            node = next((one for one in inner if one.start <= place < one.end), None)
        return False

    def _add(self, edit: AddItem) -> None:
        found = self._parent(edit.path)
        if found.flow or found.form != "list" or not found.items:
            raise UsageError(f"{readable_path(None, edit.path)}: rows can be added only to a list with a row a line.")
        near = found.items[max(edit.behind, 0)]
        dash = self._text.rindex("-", 0, near.start)
        column = self._column(dash)
        lines = _item(edit.item, edit.comments, column)
        if edit.behind < 0:
            start = self._line_start(dash)
            self._cut(start, start, f"{lines}\n")
            return
        end = self._line_end(near.end)
        first = found.items[0]
        apart = len(found.items) > 1 and "\n\n" in self._text[first.end : found.items[1].start].replace("\r", "")
        self._cut(end, end, f"\n{chr(10) if apart else ''}{lines}", order=1)

    def _drop(self, edit: DropItem) -> None:
        found = self._parent(edit.path)
        if found.flow or len(found.items) < 2:
            raise UsageError(f"{readable_path(None, edit.path)}: the last row of a list cannot be taken out.")
        node = found.items[edit.number]
        start = self._line_start(self._text.rindex("-", 0, node.start))
        self._cut(start, min(self._line_end(node.end) + len(self._ending()), len(self._text)), "")

    def _line_start(self, place: int) -> int:
        return self._text.rfind("\n", 0, place) + 1

    def _line_end(self, place: int) -> int:
        end = self._text.find("\n", place)
        end = len(self._text) if end < 0 else end
        return end - 1 if end and self._text[end - 1] == "\r" and end > place else end

    def _column(self, place: int) -> int:
        return place - self._line_start(place)


def _item(item: Mapping[str, Any], comments: Sequence[str], column: int) -> str:
    """An item of a list in rows, a key a line, under its comments."""
    pad = " " * column
    lines = [f"{pad}# {part}" for comment in comments for part in wrap(comment, _WIDEST - column - 2)]
    for n, (key, value) in enumerate(item.items()):
        lines.append(f"{pad}{'  ' if n else '- '}{key}: {_standing(value, column + 2)}")
    return "\n".join(lines)


def _standing(value: Any, column: int, folded: bool = False) -> str:
    """A value behind a key that stands in `column`, outside of braces: a long text as a block of its own lines."""
    if not isinstance(value, str):
        flow = _flowing(value)
        if isinstance(value, list | tuple) and len(flow) + column > _WIDEST and value:
            pad = f"\n{' ' * (column + 2)}"
            return "".join(f"{pad}- {_standing(item, column + 2)}" for item in value)
        return flow
    text = value.strip()
    if "\n" not in text and len(text) <= _LONG:
        return _one_line(text)
    pad = " " * (column + 2)
    if folded and "\n" not in text:
        lines = wrap(text, _WIDEST - column, break_long_words=False, break_on_hyphens=False)
        block = f">-\n{pad}" + f"\n{pad}".join(lines)
        if _reads(block, text):
            return block
    block = "|\n" + "\n".join(f"{pad}{line}" if line.strip() else "" for line in text.split("\n"))
    return block if _reads(block, text) else json.dumps(text, ensure_ascii=False)


def _one_line(text: str) -> str:
    """A text on one line: plain where every reader of YAML takes it for that text, else in quotes."""
    return text if text and "\n" not in text and _reads(text, text) else json.dumps(text, ensure_ascii=False)


def _flowing(value: Any) -> str:
    """A value as it may stand between braces or brackets."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_flowing, value))}]"
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    plain = value and not set(value) & set(",[]{}\n") and _reads(value, value)
    return value if plain else json.dumps(value, ensure_ascii=False)


def _reads(written: str, text: str) -> bool:
    """Whether both the strict reader here and a usual one take this for that text."""
    try:
        usual = yaml.safe_load(f"k: {written}\n")
    except yaml.YAMLError:
        return False
    if not isinstance(usual, dict) or not isinstance(usual.get("k"), str) or usual["k"].strip() != text:
        return False
    strict = parse(f"k: {written}\n", "value").data
    return isinstance(strict, dict) and isinstance(strict.get("k"), str) and strict["k"].strip() == text


def _applied(data: Any, edits: Sequence[Edit]) -> Any:
    """The data with the edits made, to compare with what the changed text says."""
    made = copy.deepcopy(data)
    for edit in edits:
        if isinstance(edit, SetValue | Rename):
            *around, key = edit.path
            parent = made
            for step in around:
                parent = parent[step]
            if isinstance(edit, Rename):
                del parent[key]
                parent[edit.key] = edit.value
            elif edit.value is None:
                parent.pop(key, None)
            else:
                parent[key] = edit.value
    # Items last and from behind, since the numbers in all edits are those of the text as it was.
    moving = [edit for edit in edits if isinstance(edit, AddItem | DropItem)]
    for edit in sorted(
        reversed(moving), key=lambda one: -(one.behind if isinstance(one, AddItem) else one.number - 0.5)
    ):
        items = made
        for step in edit.path:
            items = items[step]
        if isinstance(edit, AddItem):
            items.insert(edit.behind + 1, dict(edit.item))
        else:
            del items[edit.number]
    return made


def _differs(meant: Any, got: Any, path: Path) -> Path | None:
    """Where two data differ, blanks around texts and emptied keys left out; None where they do not."""
    if isinstance(meant, Mapping) and isinstance(got, Mapping):
        keys = dict.fromkeys((*meant, *got))
        return next((found for key in keys if (found := _differs(meant.get(key), got.get(key), (*path, key)))), None)
    if isinstance(meant, list | tuple) and isinstance(got, list | tuple):
        if len(meant) != len(got):
            return path
        pairs = enumerate(zip(meant, got, strict=True))
        return next((found for n, (one, two) in pairs if (found := _differs(one, two, (*path, n)))), None)
    one = meant.strip() if isinstance(meant, str) else meant
    two = got.strip() if isinstance(got, str) else got
    return None if one == two or (one in (None, "", []) and two in (None, "", [])) else path
