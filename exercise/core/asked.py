"""What all commands share: who asks, and at which play time."""

from __future__ import annotations

from typing import Annotated

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


class SetAside(Model):
    """A commitment the team says it sets aside, and how it keeps that small."""

    commitment: str
    why: Words = ""
    limits: Words = ""
