"""Every record of a scenario in one walk, so that a warning about what is never used looks everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from exercise.core.commitments import Model
from exercise.core.scenario import Scenario

_PLAIN = (str, int, float, bool, str | None, int | None, float | None, bool | None)
_NOT_THEIRS = ("request_kinds", "request_channels", "translations")
"""What the catalogue has, and what holds no records."""


def records(scenario: Scenario) -> tuple[Model, ...]:
    """All that authors write as keys with values: options, effects, acts, conditions and what is in them."""
    found: list[Model] = []
    for name in type(scenario).model_fields:
        if name not in _NOT_THEIRS:
            _gather(getattr(scenario, name), found)
    return tuple(found)


@cache
def _roomy(kind: type[Any]) -> tuple[str, ...] | None:
    """The fields of a kind of record that can hold others: most hold a word or a number, and are many."""
    if not issubclass(kind, Model):
        return None
    return tuple(name for name, field in kind.model_fields.items() if field.annotation not in _PLAIN)


def _gather(value: Any, found: list[Model]) -> None:
    if isinstance(value, tuple):
        for item in value:
            if item.__class__ is not str:
                _gather(item, found)
    elif (names := _roomy(value.__class__)) is not None:
        found.append(value)
        held = value.__dict__
        for name in names:
            if part := held[name]:
                _gather(part, found)
    elif isinstance(value, Mapping):
        for item in value.values():
            _gather(item, found)
