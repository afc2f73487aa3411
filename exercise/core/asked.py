"""What all commands share: who asks, and at which play time."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Self

from pydantic import Field

from exercise.core.commitments import Model

FACILITATOR = "facilitator"
"""The seat of exercise control."""

Seat = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)?$", max_length=121)]
"""`facilitator`, a team (`averne`), or a role of a team (`averne/police`)."""

Words = Annotated[str, Field(max_length=4_000)]
"""Text written by a participant."""


class Asked(Model):
    """What all commands share."""

    seat: Seat = FACILITATOR
    play: int = Field(default=0, ge=0, description="Play time in seconds at which it was given.")

    @classmethod
    def unchecked(cls, **fields: Any) -> Self:
        """One that the program makes of what was checked when it was read: nothing of it is checked again.

        Bots give commands by the hundred, and to check one costs several times what its rules do.
        """
        made = _new(cls)
        _put(made, "__dict__", {**_defaults(cls), **fields})
        _put(made, "__pydantic_fields_set__", set(fields))
        _put(made, "__pydantic_extra__", None)
        _put(made, "__pydantic_private__", None)
        return made


_new, _put = object.__new__, object.__setattr__


@cache
def _defaults(kind: type[Asked]) -> dict[str, Any]:
    fields = kind.model_fields.items()
    return {name: one.get_default(call_default_factory=True) for name, one in fields if not one.is_required()}


class SetAside(Model):
    """A commitment the team says it sets aside, and how it keeps that small."""

    commitment: str
    why: Words = ""
    limits: Words = ""
