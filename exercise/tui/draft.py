"""A half-written answer, kept by the app so that leaving the screen loses nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["OWN_WORDS", "Aside", "Draft", "draft_key"]

OWN_WORDS = "+own"
"""In place of an option's id; no id can look like this."""


@dataclass(slots=True)
class Aside:
    """A commitment to be set aside, as it is being written."""

    commitment: str
    why: str = ""
    limits: str = ""
    removed: bool = False
    """It is to be taken out of the answer again."""


@dataclass(slots=True)
class Draft:
    """What has been chosen and written so far; nothing is chosen beforehand."""

    option: str | None = None
    own_words: str = ""
    nearest: str | None = None
    reason: str = ""
    basis: list[str] = field(default_factory=list)
    set_aside: list[Aside] = field(default_factory=list)
    safeguards: dict[str, str] = field(default_factory=dict)


def draft_key(seat: str, decision: str) -> str:
    """Under which a half-written answer is kept beyond the app."""
    return f"draft|{seat}|{decision}"
