"""What all events share."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Happened(BaseModel):
    """Something that happened: frozen, and unknown fields are kept out."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
