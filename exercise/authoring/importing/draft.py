"""A scenario in the making: what any foreign exercise can say, before it has ids, moves and the keys that ours needs.

Importers fill a `Draft` in the source's own names (`key`); `finishing.finish` makes a scenario's data of it. Nothing
here knows a foreign format.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from exercise.authoring.importing.report import LossReport
from exercise.core.script import Channel

__all__ = [
    "Cause",
    "Draft",
    "DraftDecision",
    "DraftInject",
    "DraftMove",
    "DraftObjective",
    "DraftOption",
    "DraftTask",
    "DraftTeam",
    "Ids",
    "slug",
    "task_of",
]

_LONGEST_ID = 40
_LONGEST_LINE = 200


@dataclass(frozen=True)
class Cause:
    """What lets a row come: an option that was chosen (any, where none is named), a lapsed decision, an inject."""

    chose: str = ""
    option: str = ""
    lapsed: str = ""
    released: str = ""


@dataclass
class DraftTeam:
    """A team that plays; `key` is what the source calls it."""

    key: str
    name: str
    about: str = ""
    brief: str = ""
    roles: list[tuple[str, str]] = field(default_factory=list)
    """(key, name) of each role; rows address one as `team/role`."""
    decide: list[str] = field(default_factory=list)


@dataclass
class DraftInject:
    """A row of the MSEL; with neither time, cause nor `follows` exercise control releases it by hand."""

    key: str
    title: str
    text: str = ""
    at: int | None = None
    """Seconds since STARTEX."""
    follows: str = ""
    causes: list[Cause] = field(default_factory=list)
    """It comes once one of these holds, or all of them where `every` is set."""
    every: bool = False
    when: Mapping[str, Any] | None = None
    """A condition in the scenario's own form, in place of causes; its flags are those of `Draft.flags`."""
    to: list[str] = field(default_factory=list)
    """Keys of teams, or `team/role`; empty means all."""
    channel: Channel = Channel.SITREP
    sender: str = "Exercise control"
    expected: list[str] = field(default_factory=list)
    attachments: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    where: str = ""
    """Its place in the source, for the report."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Further keys of an inject, written as they are."""
    decide: list[str] = field(default_factory=list)


@dataclass
class DraftOption:
    """One way to answer a decision."""

    key: str
    title: str
    text: str = ""


@dataclass
class DraftDecision:
    """A question put to one team."""

    key: str
    team: str
    title: str
    text: str
    options: list[DraftOption]
    at: int | None = None
    follows: str = ""
    causes: list[Cause] = field(default_factory=list)
    every: bool = False
    window: int = 600
    quick: bool = False
    lapse: str = "Nobody answered in time."
    notes: list[str] = field(default_factory=list)
    where: str = ""
    decide: list[str] = field(default_factory=list)


@dataclass
class DraftTask:
    """Something that evaluators look for; `team` is a key, or empty for all."""

    text: str
    team: str = ""


@dataclass
class DraftObjective:
    """What the exercise is for."""

    key: str
    title: str
    text: str = ""
    tasks: list[DraftTask] = field(default_factory=list)


@dataclass
class DraftMove:
    """A stretch of the story that the source itself names."""

    key: str
    title: str
    starts: int
    ends: int
    minutes: int
    """Minutes of play."""


@dataclass
class Draft:
    """What an importer made of a source."""

    title: str
    summary: str = ""
    briefing: str = ""
    facilitator: list[str] = field(default_factory=list)
    """Paragraphs for the facilitator's guide."""
    date: str = ""
    """The story's start as 2019-03-12T06:00, where the source knows it."""
    minutes: int | None = None
    """How long it is meant to be played, where the source says so."""
    teams: list[DraftTeam] = field(default_factory=list)
    moves: list[DraftMove] = field(default_factory=list)
    """Leave empty where the source has none: moves are then made to cover the times."""
    injects: list[DraftInject] = field(default_factory=list)
    decisions: list[DraftDecision] = field(default_factory=list)
    objectives: list[DraftObjective] = field(default_factory=list)
    flags: dict[str, str] = field(default_factory=dict)
    """Ids of flags with what each means."""
    hot_wash: list[str] = field(default_factory=list)
    survey: list[str] = field(default_factory=list)
    keys_are_names: bool = False
    """True where the source's own ids are words that its author chose: they stay ids here."""
    report: LossReport = field(default_factory=LossReport)


class Ids:
    """Hands out ids, each once, the same ones for the same source."""

    def __init__(self, taken: tuple[str, ...] = ()) -> None:
        self._taken = set(taken)
        self._given: dict[str, str] = {}

    def give(self, key: str, name: str, fallback: str, by_key: bool = False) -> str:
        """The id of the thing that the source calls `key`, made of its name; the first one of a key counts."""
        base = (slug(key) or slug(name) if by_key else slug(name) or slug(key)) or fallback
        found, number = base, 1
        while found in self._taken:
            number += 1
            found = f"{base}-{number}"
        self._taken.add(found)
        self._given.setdefault(key, found)
        return found

    def of(self, key: str) -> str | None:
        """The id given to a key, if there is such a thing."""
        return self._given.get(key)


def slug(text: str) -> str:
    """A name as an id: small letters, digits and dashes, none where nothing of it can be written so."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(found) > _LONGEST_ID:
        # A word cut in two is harder to remember than one left out.
        found = found[: _LONGEST_ID + 1].rpartition("-")[0] or found[:_LONGEST_ID]
    return found.strip("-")


def task_of(expected: str, title: str) -> DraftTask:
    """An expected action as a critical task that says of which inject; what is too long stands there in full."""
    told = f"{expected} ({title})"
    told = told if len(told) <= _LONGEST_LINE else expected
    return DraftTask(told if len(told) <= _LONGEST_LINE else f"{told[: _LONGEST_LINE - 1]}…")
