"""A row that only grows, shared between states: adding to it costs the same however long it is.

A state is never changed in place, so a tuple would be copied whole at each step and a long log would replay in
quadratic time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Trail(Generic[T]):
    """An immutable sequence with cheap `add`; iterates from the oldest item to the newest."""

    __slots__ = ("_cell", "_length")

    def __init__(self, _cell: Any = None, _length: int = 0) -> None:
        self._cell = _cell
        self._length = _length

    def add(self, item: T) -> Trail[T]:
        """The same row with one more item at its end."""
        return Trail((self._cell, item), self._length + 1)

    def newest(self) -> Iterator[T]:
        """The items from the newest to the oldest, without building a list."""
        cell = self._cell
        while cell is not None:
            cell, item = cell
            yield item

    def __iter__(self) -> Iterator[T]:
        items: list[T] = []
        cell = self._cell
        while cell is not None:
            cell, item = cell
            items.append(item)
        return reversed(items)

    def __len__(self) -> int:
        return self._length

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Trail) and self._length == other._length and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(self._length)

    def __repr__(self) -> str:
        return f"Trail({list(self)!r})"
