"""Where every value of a YAML text begins and ends, so that one can be exchanged and all else stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from exercise.authoring.problems import Path

__all__ = ["Node", "places"]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Node:
    """A value of the text between two offsets; comments and blank lines behind it are not part of it."""

    start: int
    end: int
    form: str
    """scalar, block (a scalar after | or >), list, mapping, or alias."""
    flow: bool = False
    """Whether it stands in brackets or braces, or inside some."""
    items: list[Node] = field(default_factory=list)
    keys: dict[str, tuple[int, Node]] = field(default_factory=dict)
    """By key, where the key begins, and its value; in the order of the text."""

    def at(self, path: Path) -> Node | None:
        """The node at a path below this one, if the text has it there."""
        here = self
        for step in path:
            if isinstance(step, int):
                if step >= len(here.items):
                    return None
                here = here.items[step]
            elif step in here.keys:
                here = here.keys[step][1]
            else:
                return None
        return here


def places(text: str) -> Node:
    """The outermost node of a text that the scenario reader has accepted already, which bounds its size and depth."""
    return _Walk(text).document()


class _Walk:
    def __init__(self, text: str) -> None:
        self._text = text
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=_LOADER))

    def document(self) -> Node:
        while not isinstance(event := next(self._events), yaml.NodeEvent):
            pass
        return self._node(event, False)

    def _node(self, event: Any, flow: bool) -> Node:
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.AliasEvent):
            return Node(start, end, "alias", flow)
        if isinstance(event, yaml.ScalarEvent):
            form = "block" if event.style in ("|", ">") else "scalar"
            return Node(start, start + len(self._text[start:end].rstrip()), form, flow)
        if isinstance(event, yaml.SequenceStartEvent):
            node = Node(start, end, "list", flow or bool(event.flow_style))
            while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
                node.items.append(self._node(event, node.flow))
            last = node.items[-1] if node.items else None
        else:
            node = Node(start, end, "mapping", flow or bool(event.flow_style))
            last = None
            while not isinstance(event := next(self._events), yaml.MappingEndEvent):
                key, place = event, event.start_mark.index
                last = self._node(next(self._events), node.flow)
                if last.start == last.end:
                    # Nothing is written there, and the parser says so somewhere behind; it belongs to its colon.
                    last.start = last.end = self._text.index(":", key.end_mark.index) + 1
                node.keys[key.value] = (place, last)
        # The parser ends what stands in rows where the next thing begins, behind any comments between.
        node.end = event.end_mark.index if node.flow or last is None else last.end
        return node
