"""What all events share."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any, ClassVar, dataclass_transform

from pydantic import ConfigDict, TypeAdapter


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(dataclasses.field,))
class Happened:
    """Something that happened: a plain record, since the rules make thousands, checked where one is read from data.

    The type checker keeps it frozen.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    def __init_subclass__(cls) -> None:
        """Makes a record of every kind of event, without being told at each."""
        dataclasses.dataclass(kw_only=True, unsafe_hash=True)(cls)

    def as_data(self, exclude: Iterable[str] = ()) -> dict[str, Any]:
        """All fields as JSON has them, in their order, without those of `exclude`."""
        kind = self.__class__
        if (writer := _WRITERS.get(kind)) is None:
            writer = _WRITERS[kind] = TypeAdapter(kind)
        data: dict[str, Any] = writer.dump_python(self, mode="json", exclude=set(exclude) or None)
        return data


_WRITERS: dict[type[Happened], TypeAdapter[Any]] = {}
"""Each is made when the first event of its kind is written: a start that writes none does not pay for it."""
