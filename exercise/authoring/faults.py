"""Pydantic's errors brought back to the author's data, and the noise of unions taken out.

An error's `loc` mixes keys of the data with names of union members and validators, which no author has ever seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic_core import ErrorDetails

from exercise.authoring.problems import Path

__all__ = ["SHAPES", "Fault", "located", "without_union_noise"]

# Where names of union members equal keys of the data there is more than one reading of a loc; few need many tries.
_MOST_READINGS = 64
_MOST_STEPS = 4000


_TEXT, _WHOLE, _NUMBER, _LIST = "text", "a whole number, such as 3", "a number", "a list"
_MAPPING = "keys with values, one 'key: value' a line"
_DATE, _MOMENT, _CLOCK = "a date such as 2031-03-12", "a date and time such as 2031-03-12T06:00", "a time such as 06:30"
_SPAN, _SWITCH = "a length of time", "true or false"

SHAPES = {
    "string_type": _TEXT,
    "string_sub_type": _TEXT,
    "bytes_type": _TEXT,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": "a smaller number",
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "bool_type": _SWITCH,
    "bool_parsing": _SWITCH,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "iterable_type": _LIST,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "dict_type": _MAPPING,
    "mapping_type": _MAPPING,
    "dataclass_type": _MAPPING,
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "datetime_object_invalid": _MOMENT,
    "time_type": _CLOCK,
    "time_parsing": _CLOCK,
    "time_delta_type": _SPAN,
    "time_delta_parsing": _SPAN,
    "none_required": "empty",
}
"""What each of pydantic's type errors asks for, in an author's words."""


# How far data is from a member of a union: by its shape, by its kind, by its keys.
_OTHER_SHAPE = 100_000
_OTHER_TAG = 1_000
_OTHER_KEYS = 10


@dataclass(frozen=True)
class Fault:
    """One error with the path of the data it is about; `steps` is its loc, with True for each key of the data."""

    kind: str
    path: Path
    value: Any
    context: dict[str, Any]
    message: str
    steps: tuple[tuple[str | int, bool], ...]
    at_key: bool = False
    missing: str = ""
    """The key that is not there; the path is then that of the mapping which should have it."""

    @property
    def form(self) -> str | int:
        """The name of the union's member that an unknown key was looked for in; empty where there is no union."""
        return self.steps[-2][0] if len(self.steps) > 1 and not self.steps[-2][1] else ""

    @property
    def follows_from_others(self) -> bool:
        """Whether a list was only found short because pydantic does not count its faulty items."""
        return (
            self.kind == "too_short" and isinstance(self.value, list) and len(self.value) >= self.context["min_length"]
        )


def located(data: Any, detail: ErrorDetails) -> Fault:
    """Return an error with its place in the data; what cannot be placed stands at the nearest thing around it."""
    kind, loc, value = detail["type"], detail["loc"], detail["input"]
    missing = str(loc[-1]) if kind == "missing" and loc else ""
    way = loc[:-1] if missing else loc
    first: tuple[bool, ...] | None = None
    for flags, end in islice(_readings(data, way, [_MOST_STEPS]), _MOST_READINGS):
        first = flags if first is None else first
        last_is_key = not way or kind != "extra_forbidden" or flags[-1]
        # The error carries the very object it is about, which tells the right reading from the others.
        if last_is_key and (end is value or way[-1:] == ("[key]",)):
            break
    else:
        flags = first if first is not None else (False,) * len(way)
    steps = tuple(zip(way, flags, strict=True)) + (((missing, True),) if missing else ())
    path = tuple(part for part, is_key in steps[: len(way)] if is_key)
    at_key = kind == "extra_forbidden" or bool(missing) or way[-1:] == ("[key]",)
    return Fault(kind, path, value, detail.get("ctx", {}), detail["msg"], steps, at_key, missing)


def without_union_noise(faults: list[Fault]) -> list[Fault]:
    """Return the faults with one account for each union: that of the member which the data is most like."""
    return _settle(faults, 0)


def _readings(value: Any, loc: Path, budget: list[int]) -> Iterator[tuple[tuple[bool, ...], Any]]:
    """Every way to read `loc` as keys of `value` and names that are none, with what it leads to; likeliest first."""
    budget[0] -= 1
    if budget[0] < 0:
        return
    if not loc:
        yield (), value
        return
    part, rest = loc[0], loc[1:]
    if isinstance(part, int):
        if isinstance(value, list) and part < len(value):
            for flags, end in _readings(value[part], rest, budget):
                yield (True, *flags), end
        return
    if isinstance(value, dict) and part in value:
        for flags, end in _readings(value[part], rest, budget):
            yield (True, *flags), end
    for flags, end in _readings(value, rest, budget):
        yield (False, *flags), end


def _settle(faults: list[Fault], depth: int) -> list[Fault]:
    """Faults that agree up to `depth`: those of one place stay together, those of union members compete."""
    settled: list[Fault] = []
    members: dict[str | int, list[Fault]] = {}
    places: dict[str | int, list[Fault]] = {}
    for fault in faults:
        if len(fault.steps) == depth:
            settled.append(fault)
        else:
            part, is_key = fault.steps[depth]
            (places if is_key else members).setdefault(part, []).append(fault)
    for group in places.values():
        settled += _settle(group, depth + 1)
    if len(members) > 1:
        settled += _best_member(list(members.values()), depth + 1)
    else:
        for group in members.values():
            settled += _settle(group, depth + 1)
    return settled


def _best_member(members: list[list[Fault]], depth: int) -> list[Fault]:
    ranked = sorted(members, key=lambda group: _distance(group, depth))
    best, distance = ranked[0], _distance(ranked[0], depth)
    if distance >= _OTHER_SHAPE:
        return [_combined("union_shape", [group[0] for group in members])]
    if distance >= _OTHER_KEYS and len(ranked) > 1 and _distance(ranked[1], depth) == distance:
        unknown = [fault for fault in best if fault.kind == "extra_forbidden"]
        return unknown or [_combined("union_keys", [fault for group in members for fault in group if fault.missing])]
    return _settle(best, depth)


def _distance(faults: list[Fault], depth: int) -> int:
    """How unlike a union member the data is: wrong shape, wrong kind, wrong keys, and last wrong values."""
    far = 1
    for fault in faults:
        below = len(fault.steps) - depth
        if below == 0 and fault.kind in SHAPES:
            far += _OTHER_SHAPE
        elif below == 1 and fault.kind in ("literal_error", "enum"):
            far += _OTHER_TAG
        elif below == 1 and fault.kind in ("missing", "extra_forbidden"):
            far += _OTHER_KEYS
    return far


def _combined(kind: str, faults: list[Fault]) -> Fault:
    first = faults[0]
    if kind == "union_shape":
        expected = [SHAPES[fault.kind] for fault in faults if fault.kind in SHAPES]
    else:
        expected = [fault.missing for fault in faults]
    context = {"expected": list(dict.fromkeys(expected))}
    return Fault(kind, first.path, first.value, context, "", first.steps, at_key=kind == "union_keys")
