"""Every record of a scenario in one walk, so that a warning about what is never used looks everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from exercise.core.commitments import Model
from exercise.core.scenario import Scenario

_PLAIN = (str, int, float, bool, str | None, int | None, float | None, bool | None)
_CATALOGUE = ("request_kinds", "request_channels")


def records(scenario: Scenario) -> tuple[Model, ...]:
    """All that authors write as keys with values: options, effects, acts, conditions and what is in them."""
    return tuple(
        record
        for name in type(scenario).model_fields
        if name not in _CATALOGUE
        for record in _inside(getattr(scenario, name))
    )


@cache
def _roomy(kind: type[Model]) -> tuple[str, ...]:
    """The fields of a kind of record that can hold others: most hold a word or a number, and are many."""
    return tuple(name for name, field in kind.model_fields.items() if field.annotation not in _PLAIN)


def _inside(value: object) -> Iterator[Model]:
    if isinstance(value, Model):
        yield value
        for name in _roomy(type(value)):
            held = getattr(value, name)
            if held and isinstance(held, Model | tuple | Mapping):
                yield from _inside(held)
    elif isinstance(value, tuple):
        for item in value:
            yield from _inside(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _inside(item)
