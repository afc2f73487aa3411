"""What has been written of a request or an answer so far, kept by the app so that leaving a screen loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from exercise.core.requests.kinds import Handling, Purpose, Tlp

if TYPE_CHECKING:
    from exercise.tui.app import ExerciseApp

__all__ = ["AnswerDraft", "FulfilDraft", "HandlingDraft", "MendDraft", "RequestDraft", "draft_for", "forget"]
__all__ += ["request_key"]

Kept = TypeVar("Kept")


@dataclass(slots=True)
class HandlingDraft:
    """Conditions as they are being chosen; nothing is stated beforehand."""

    tlp: Tlp | None = None
    purpose: Purpose | None = None
    words: str = ""

    @property
    def stated(self) -> Handling | None:
        """The conditions, or none where they were left unsaid."""
        if self.tlp is None:
            return None
        return Handling(tlp=self.tlp, purpose=self.purpose or Purpose.ANY, words=self.words[:300])


@dataclass(slots=True)
class RequestDraft:
    """A new request."""

    kind: str | None = None
    contact: int | None = None
    matter: str | None = None
    asked_about: bool = False
    """What it is about has been chosen; with no matter it is something else, in the team's own words."""
    subject: str = ""
    content: dict[str, str] = field(default_factory=dict)
    basis: list[str] = field(default_factory=list)
    handling: HandlingDraft = field(default_factory=HandlingDraft)
    urgent: bool | None = None
    by: str | None = None
    """By when an answer is wanted, as the form's choice."""
    encloses: list[str] = field(default_factory=list)
    confirmed: set[tuple[str, int]] = field(default_factory=set)
    """Evidence and entry for which sending against the conditions was confirmed."""

    @property
    def begun(self) -> bool:
        """Whether anything would be lost with it."""
        return bool(self.kind and (self.asked_about or self.subject or any(self.content.values()) or self.encloses))


@dataclass(slots=True)
class AnswerDraft:
    """An answer to somebody's request."""

    answer: str | None = None
    text: str = ""
    ground: str = ""
    missing: list[str] = field(default_factory=list)
    handling: HandlingDraft = field(default_factory=HandlingDraft)
    days: str = ""


@dataclass(slots=True)
class MendDraft:
    """What was missing, as it is being supplied."""

    content: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class FulfilDraft:
    """What is handed over."""

    text: str = ""
    encloses: list[str] = field(default_factory=list)
    handling: HandlingDraft = field(default_factory=HandlingDraft)
    confirmed: set[str] = field(default_factory=set)


def _key(app: ExerciseApp, team: str, what: str) -> tuple[str, str, str]:
    return (app.table.session_id if app.table is not None else "", team, what)


def draft_for(app: ExerciseApp, team: str, what: str, make: Callable[[], Kept]) -> Kept:
    """The draft of this team under this name, or a new one."""
    kept: dict[tuple[str, str, str], Any] = app.request_drafts
    key = _key(app, team, what)
    if key not in kept:
        kept[key] = app.keeps(request_key(team, what), make)
    found: Kept = kept[key]
    return found


def request_key(team: str, what: str) -> str:
    """Under which a half-written request, or an answer to one, is kept beyond the app."""
    return f"request|{team}|{what}"


def forget(app: ExerciseApp, team: str, what: str) -> None:
    """Drop a draft, since it was sent or is not wanted."""
    app.request_drafts.pop(_key(app, team, what), None)
