"""A scenario: the whole of what an author writes, as one frozen record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_serializer
from pydantic.json_schema import SkipJsonSchema

from exercise.core.cast import (
    Evidence,
    Fact,
    HotWashQuestion,
    Indicator,
    LanguageTag,
    Line,
    Objective,
    SurveyQuestion,
    Team,
    Text,
)
from exercise.core.commitments import Model
from exercise.core.conditions import Id
from exercise.core.requests.kinds import Channel, RequestKind
from exercise.core.requests.matters import Actor, Matter
from exercise.core.requests.phrases import Said
from exercise.core.script import Decision, Inject, Move, Occasion


def _as_text(value: Any) -> Any:
    if isinstance(value, int | float):
        raise ValueError("a date is written 2019-03-12T06:00")
    return value


StoryDate = Annotated[datetime, BeforeValidator(_as_text)]
"""A date and time without a zone; a bare number is refused, since it would be read as seconds since 1970."""


class Scenario(Model):
    """A crisis in moves, with teams, hidden facts, injects and decisions. Read `scenarios/` for examples."""

    format: Literal[1] = Field(description="Version of this file's form; write 1.")
    id: Id = Field(description="Short name, the same as the folder's.")
    title: Line
    summary: Text = Field(description="What it is about, in two or three sentences; anyone may read it.")
    threats: tuple[str, ...] = Field(min_length=1, description="Catalogue ids of the threats it draws on.")
    date: StoryDate = Field(description="Date and time of the story's start, such as 2019-03-12T06:00.")
    briefing: Text = Field(description="What everyone is told before STARTEX.")
    facilitator: Text = Field(default="", description="How to run it; for the facilitator only.")
    teams: tuple[Team, ...] = Field(min_length=1)
    actors: tuple[Actor, ...] = ()
    facts: tuple[Fact, ...] = ()
    flags: Annotated[Mapping[Id, str], Field(description="Flags with what each means, for authors.")] = Field(
        default_factory=dict
    )
    indicators: tuple[Indicator, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    matters: tuple[Matter, ...] = Field(default=(), description="What requests may be about, and what comes of them.")
    request_kinds: tuple[RequestKind, ...] = Field(
        default=(), description="Kinds of request of this scenario's own, beside those of the catalogue."
    )
    request_channels: tuple[Channel, ...] = Field(
        default=(), description="Channels of its own, beside the catalogue's."
    )
    moves: tuple[Move, ...] = Field(min_length=1)
    injects: tuple[Inject, ...] = Field(min_length=1, description="The MSEL, in order.")
    decisions: tuple[Decision, ...] = ()
    occasions: tuple[Occasion, ...] = ()
    objectives: tuple[Objective, ...] = ()
    hot_wash: tuple[HotWashQuestion, ...] = ()
    survey: tuple[SurveyQuestion, ...] = Field(
        default=(), description="The anonymous survey after the hot wash; leave out for the standard one."
    )
    licence: str = Field(default="Apache-2.0", max_length=80)
    language: LanguageTag = Field(default="en", description="Language that the texts are written in, such as en or lv.")
    translations: SkipJsonSchema[Mapping[LanguageTag, Mapping[str, str]]] = Field(
        default_factory=dict,
        description="Texts in other languages, by id; read from texts/<language>.po and never written here.",
    )

    @field_serializer("translations")
    def _all_read(self, held: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
        """Those too that are read only when somebody wants them."""
        return {language: dict(texts) for language, texts in held.items()}

    def in_language(self, language: str) -> Scenario:
        """The scenario as somebody reads it in a language; what has no translation is in its own."""
        from exercise.core.tongues import in_language

        return in_language(self, language)

    def said(self, text: str) -> str:
        """A text that an event took from the scenario, in the language of this copy; any other as it is."""
        said: Said | None = self.__dict__.get("_said")
        return said.told(text) if said else text

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Scenario:
        """A copy without what was worked out for the original, which may not hold for it."""
        copy = super().model_copy(update=update, deep=deep)
        for name in copy.__dict__.keys() - type(self).model_fields.keys():
            del copy.__dict__[name]
        return copy

    @cached_property
    def teams_by_id(self) -> Mapping[str, Team]:
        """Teams by id, in the order of the file."""
        return {team.id: team for team in self.teams}

    @cached_property
    def injects_by_id(self) -> Mapping[str, Inject]:
        """Injects by id, in MSEL order."""
        return {inject.id: inject for inject in self.injects}

    @cached_property
    def decisions_by_id(self) -> Mapping[str, Decision]:
        """Decisions by id, in the order of the file."""
        return {decision.id: decision for decision in self.decisions}

    @cached_property
    def decision_places(self) -> Mapping[str, int]:
        """Where each decision stands in the file."""
        return {decision.id: place for place, decision in enumerate(self.decisions)}

    @cached_property
    def indicators_by_id(self) -> Mapping[str, Indicator]:
        """Indicators by id."""
        return {indicator.id: indicator for indicator in self.indicators}

    @cached_property
    def evidence_by_id(self) -> Mapping[str, Evidence]:
        """Evidence by id."""
        return {piece.id: piece for piece in self.evidence}

    @cached_property
    def matters_by_id(self) -> Mapping[str, Matter]:
        """What requests may be about, by id."""
        return {matter.id: matter for matter in self.matters}

    @cached_property
    def kinds_by_id(self) -> Mapping[str, RequestKind]:
        """Kinds of request by id, in the order in which people choose among them."""
        return {kind.id: kind for kind in self.request_kinds}

    @cached_property
    def channels_by_id(self) -> Mapping[str, Channel]:
        """Channels of requests by id."""
        return {channel.id: channel for channel in self.request_channels}

    @cached_property
    def actors_by_id(self) -> Mapping[str, Actor]:
        """Bodies that exercise control plays, by id."""
        return {actor.id: actor for actor in self.actors}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Short names of teams and names of actors, by id."""
        return {a.id: a.name for a in self.actors} | {t.id: t.short for t in self.teams}

    @property
    def minutes(self) -> int:
        """Planned length of play, plenaries included, in minutes."""
        return sum(move.minutes + (move.plenary.minutes if move.plenary else 0) for move in self.moves) // 60
