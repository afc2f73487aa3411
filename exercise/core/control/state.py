"""What a state knows of exercise control's own hand."""

from __future__ import annotations

from exercise.core.control.commands import CurtainKind
from exercise.core.records import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """An inject's words as control has changed them, and its time where that was changed too."""

    title: str
    text: str
    at: int | None = None
    since: int = 0
    """The first move, from 0, in which or before which it may come; those before were over when the time was given."""


@dataclass(frozen=True, slots=True)
class Written:
    """An inject that control wrote during the exercise."""

    sender: str
    channel: str
    to: tuple[str, ...]
    title: str
    text: str
    at: int
    since: int = 0


@dataclass(frozen=True, slots=True)
class Curtain:
    """What covers every screen."""

    kind: CurtainKind
    text: str
