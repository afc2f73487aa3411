"""How a view travels: whole once, then only what changed of it, encoded once however many watch.

A view is a frozen record. Two of them are compared field by field; a field that is a row of items is compared item by
item, so that one new message of a long inbox costs one message on the wire.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter

from exercise.core.evaluation.views import Standing
from exercise.core.views import FacilitatorView, HotWashView, ParticipantView, SpectatorView
from exercise.session.control import RoomView

View = TypeVar("View")


class Shape(Generic[View]):
    """How records of one type are written, compared and read back."""

    def __init__(self, record: type[View]) -> None:
        hints = get_type_hints(record)
        self._whole: TypeAdapter[View] = TypeAdapter(record)
        self._fields: dict[str, TypeAdapter[Any]] = {}
        self._items: dict[str, TypeAdapter[Any]] = {}
        for field in fields(record):  # type: ignore[arg-type]
            hint = hints[field.name]
            self._fields[field.name] = TypeAdapter(hint)
            arguments = get_args(hint)
            if get_origin(hint) is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
                self._items[field.name] = TypeAdapter(arguments[0])

    def whole(self, view: View) -> bytes:
        """The whole record as JSON."""
        return self._whole.dump_json(view)

    def patch(self, before: View, after: View) -> dict[str, Any] | None:
        """What makes `after` of `before`, as plain data; None where they are equal."""
        changed: dict[str, Any] = {}
        for name, adapter in self._fields.items():
            old, new = getattr(before, name), getattr(after, name)
            if old is new or old == new:
                continue
            items = self._items.get(name)
            if items is None:
                changed[name] = {"to": adapter.dump_python(new, mode="json")}
                continue
            placed = {
                str(place): items.dump_python(item, mode="json")
                for place, item in enumerate(new)
                if place >= len(old) or not (old[place] is item or old[place] == item)
            }
            changed[name] = {"size": len(new), "at": placed}
        return changed or None

    def read(self, data: Any) -> View:
        """The record of its JSON data; raises `ValueError` where it is none."""
        return self._whole.validate_python(data)

    def apply(self, view: View, patch: Mapping[str, Any]) -> View:
        """The record after a patch; raises `ValueError` where it does not fit."""
        changed: dict[str, Any] = {}
        for name, change in patch.items():
            adapter = self._fields.get(name)
            if adapter is None or not isinstance(change, Mapping):
                raise ValueError(f"no field {name!r}")
            if "to" in change:
                changed[name] = adapter.validate_python(change["to"])
                continue
            old, placed = getattr(view, name), change["at"]
            items = self._items[name]
            size = int(change["size"])
            if not 0 <= size <= len(old) + len(placed):
                raise ValueError(f"a gap in {name!r}")
            row = list(old[:size])
            for place in range(size):
                if str(place) in placed:
                    row[place : place + 1] = [items.validate_python(placed[str(place)])]
            if len(row) != size:
                raise ValueError(f"a gap in {name!r}")
            changed[name] = tuple(row)
        return replace(view, **changed)  # type: ignore[type-var]


SHAPES: Mapping[str, Shape[Any]] = {
    "seat": Shape(ParticipantView),
    "control": Shape(FacilitatorView),
    "public": Shape(SpectatorView),
    "room": Shape(RoomView),
    "wash": Shape(HotWashView),
    "evaluation": Shape(Standing),
}
"""By the kind of a feed, which is the part of its name before the colon."""


def kind_of(feed: str) -> str:
    """`seat` of `seat:averne/police`."""
    return feed.partition(":")[0]
