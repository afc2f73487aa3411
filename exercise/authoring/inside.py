"""Every record of a scenario in one walk, so that a warning about what is never used looks everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exercise.core.commitments import Model
from exercise.core.scenario import Scenario

_CATALOGUE = ("request_kinds", "request_channels")


def records(scenario: Scenario) -> tuple[Model, ...]:
    """All that authors write as keys with values: options, effects, acts, conditions and what is in them."""
    return tuple(
        record
        for name in type(scenario).model_fields
        if name not in _CATALOGUE
        for record in _inside(getattr(scenario, name))
    )


def _inside(value: object) -> Iterator[Model]:
    if isinstance(value, Model):
        yield value
        for name in type(value).model_fields:
            held = getattr(value, name)
            if held and isinstance(held, Model | tuple | Mapping):
                yield from _inside(held)
    elif isinstance(value, tuple):
        for item in value:
            yield from _inside(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _inside(item)
