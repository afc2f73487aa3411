"""A file of the catalogue as plain data: lists, records and texts, which the models make numbers and dates of.

The library's own constructor of values takes three times as long, and every command that plays or checks reads these
files first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

__all__ = ["plain_data"]

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # libyaml is ten times faster, and not on every machine.
_NOTHING = ("", "null", "~")


def plain_data(text: str) -> Any:
    """What a document holds, None where there is none; raises `yaml.YAMLError`."""
    loader = _LOADER(text)
    try:
        loader.get_event()  # The stream begins,
        loader.get_event()  # and in it a document.
        return _value(loader.get_event, loader.get_event(), {})
    finally:
        loader.dispose()


def _value(following: Callable[[], Any], event: Any, anchors: dict[str, Any]) -> Any:
    form = type(event)
    value: Any
    if form is yaml.ScalarEvent:
        value = None if event.implicit[0] and event.value in _NOTHING else event.value
    elif form is yaml.SequenceStartEvent:
        value = []
        while type(item := following()) is not yaml.SequenceEndEvent:
            value.append(_value(following, item, anchors))
    elif form is yaml.MappingStartEvent:
        value = {}
        while type(key := following()) is not yaml.MappingEndEvent:
            value[key.value] = _value(following, following(), anchors)
    else:
        return anchors[event.anchor] if form is yaml.AliasEvent else None
    if event.anchor is not None:
        anchors[event.anchor] = value
    return value
