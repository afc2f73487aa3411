"""The commitments as data: every text, commitment, threat and actor that conduct is assessed against.

Each document has one YAML file here; `load_catalogue` reads them all into one frozen `Catalogue`. The types live in
`exercise.core.commitments`, so that the rules need no file.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from importlib import resources
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from exercise.core.commitments import (
    AREA_OF_KIND,
    Actor,
    Area,
    Commitment,
    Force,
    Instrument,
    Model,
    Testable,
    Threat,
)
from exercise.core.reference import Reference
from exercise.core.times import parse_duration
from exercise.errors import ScenarioError, UsageError

__all__ = ["COUNTS", "FILES", "Catalogue", "Entry", "load_catalogue", "load_reference", "problems"]

FILES = (
    "baltic-assembly.yaml",
    "seecp.yaml",
    "interpol-impact.yaml",
    "osce-mc-5-17.yaml",
    "latvia-unidir.yaml",
    "osce-cbm.yaml",
    "budapest-convention.yaml",
    "un-norms.yaml",
    "un-poc-directory.yaml",
    "cited-instruments.yaml",
    "threats.yaml",
    "actors.yaml",
)
"""The files in the order in which a reader meets them: the five documents, what they refer to, threats, actors."""

COUNTS: Mapping[str, int] = MappingProxyType(
    {"ba": 16, "se": 19, "in": 12, "os": 12, "lv": 10, "cbm": 16, "bc": 18, "un": 11, "poc": 1}
)
"""How many commitments each prefix holds, so that a lost one is noticed."""

THREATS = 37
SCENARIOS = frozenset(f"S{number}" for number in range(1, 11))

Entry = Commitment | Instrument | Threat | Actor
"""Anything that has an id of its own in the catalogue."""

_Item = TypeVar("_Item", bound=Model)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All entries by id, in the order of the files; the one place that knows which text a commitment belongs to."""

    instruments: Mapping[str, Instrument]
    commitments: Mapping[str, Commitment]
    threats: Mapping[str, Threat]
    actors: Mapping[str, Actor]

    def commitment(self, commitment_id: str) -> Commitment:
        """Return the commitment of this id, or say which id is nearest, since most wrong ids are slips."""
        found = self.commitments.get(commitment_id)
        if found is None:
            raise UsageError(_unknown("commitment", commitment_id, self.commitments))
        return found

    def instrument(self, instrument_id: str) -> Instrument:
        """Return the instrument of this id, or say which id is nearest."""
        found = self.instruments.get(instrument_id)
        if found is None:
            raise UsageError(_unknown("instrument", instrument_id, self.instruments))
        return found

    def find(self, entry_id: str) -> Entry:
        """Return whatever has this id, in capitals or not, for someone who types it at a prompt."""
        for entry in self.entries():
            if entry.id.lower() == entry_id.strip().lower():
                return entry
        raise UsageError(_unknown("entry", entry_id, [entry.id for entry in self.entries()]))

    def entries(self) -> Iterator[Entry]:
        """Walk all entries: commitments, instruments, threats, actors."""
        yield from self.commitments.values()
        yield from self.instruments.values()
        yield from self.threats.values()
        yield from self.actors.values()

    def instrument_of(self, commitment: Commitment) -> Instrument:
        """Return the text that holds a commitment."""
        return self.instrument(commitment.instrument)

    def commitments_of(self, instrument_id: str) -> tuple[Commitment, ...]:
        """Return the commitments of one text, in its own order."""
        return tuple(item for item in self.commitments.values() if item.instrument == instrument_id)

    def force_of(self, commitment: Commitment) -> Force:
        """Return how far a commitment binds: its own force, or else that of its text."""
        force = commitment.force or self.instrument_of(commitment).force
        if force is None:
            raise UsageError(f"'{commitment.id}' stands in a text that is only cited and has no force of its own.")
        return force

    def area_of(self, commitment: Commitment) -> Area:
        """Return the row of the scorecard in which a commitment is counted."""
        return AREA_OF_KIND[commitment.kind]

    def period_of(self, commitment: Commitment) -> tuple[date | None, date | None]:
        """Return the first and the last day of a commitment; empty where the text's own day is not established.

        A text without a first day in force counts from its adoption, the earliest day on which anyone could keep it.
        """
        text = self.instrument_of(commitment)
        first = commitment.in_force_from or text.in_force_from or text.adopted
        return first, commitment.in_force_until or text.in_force_until


def _unknown(what: str, wanted: str, known: Iterable[str]) -> str:
    by_lower = {name.lower(): name for name in known}
    near = get_close_matches(wanted.strip().lower(), by_lower, n=1, cutoff=0.5)
    # What was typed is quoted by repr: it may hold anything, a terminal's escapes included.
    return f"No {what} {wanted[:60]!r} in the catalogue" + (f"; did you mean '{by_lower[near[0]]}'?" if near else ".")


@functools.cache
def load_catalogue() -> Catalogue:
    """Read the catalogue that the package carries, once a process; it works from a wheel and from a zip archive."""
    instruments: dict[str, Instrument] = {}
    commitments: dict[str, Commitment] = {}
    threats: dict[str, Threat] = {}
    actors: dict[str, Actor] = {}
    for name in FILES:
        data = _read(name)
        texts = [data["instrument"]] if "instrument" in data else data.get("instruments", [])
        _add(instruments, Instrument, texts, name)
        _add(commitments, Commitment, data.get("commitments", []), name)
        _add(threats, Threat, data.get("threats", []), name)
        _add(actors, Actor, data.get("actors", []), name)
    return Catalogue(
        instruments=MappingProxyType(instruments),
        commitments=MappingProxyType(commitments),
        threats=MappingProxyType(threats),
        actors=MappingProxyType(actors),
    )


def _read(name: str) -> dict[str, Any]:
    # Here, so that whoever needs only the types above does not pay for it.
    from yaml import YAMLError

    from exercise.catalogue.reading import plain_data

    try:
        data = plain_data(resources.files(__name__).joinpath(name).read_text(encoding="utf-8"))
    except YAMLError as error:
        raise ScenarioError((f"{name}: {' '.join(str(error).split())}",)) from error
    if not isinstance(data, dict):
        raise ScenarioError((f"{name}: holds no entries",))
    return data


def _add(into: dict[str, _Item], model: type[_Item], rows: Iterable[Any], name: str) -> None:
    for row in rows:
        try:
            item: Any = model.model_validate(row)
        except ValidationError as error:
            where = row.get("id", "?") if isinstance(row, dict) else "?"
            lines = (f"{name}: {where}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise ScenarioError(tuple(lines)) from error
        if item.id in into:
            raise ScenarioError((f"{name}: the id '{item.id}' is used twice",))
        into[item.id] = item


def problems(catalogue: Catalogue) -> list[str]:
    """List what does not fit together in a catalogue, one line each; an empty list means that all references hold."""
    found = [f"the id '{name}' is used twice" for name, n in _ids(catalogue).items() if n > 1]
    for text in catalogue.instruments.values():
        found += _problems_of_instrument(catalogue, text)
    for commitment in catalogue.commitments.values():
        found += [f"{commitment.id}: {line}" for line in _problems_of_commitment(catalogue, commitment)]
    for threat in catalogue.threats.values():
        source = catalogue.instruments.get(threat.instrument)
        if source is None or not source.source:
            found.append(f"{threat.id}: '{threat.instrument}' is none of the five documents")
        found += [f"{threat.id}: no scenario '{s.scenario}'" for s in threat.scenarios if s.scenario not in SCENARIOS]
    for actor in catalogue.actors.values():
        found += _problems_of_speed(actor)
    counts = Counter(name.partition("-")[0] for name in catalogue.commitments)
    found += [f"{counts[p]} commitments {p}-, not {n}" for p, n in COUNTS.items() if counts[p] != n]
    if len(catalogue.threats) != THREATS:
        found.append(f"{len(catalogue.threats)} threats, not {THREATS}")
    return found


def _ids(catalogue: Catalogue) -> Counter[str]:
    return Counter(entry.id.lower() for entry in catalogue.entries())


def _problems_of_instrument(catalogue: Catalogue, text: Instrument) -> Iterator[str]:
    if len(text.short) > 24:
        yield f"{text.id}: the short title has more than 24 characters"
    if bool(text.prefix) != bool(catalogue.commitments_of(text.id)):
        yield f"{text.id}: a text has a prefix if it has commitments, and only then"
    if text.prefix and text.force is None:
        yield f"{text.id}: a text with commitments needs a force"
    if text.in_force_from and text.in_force_until and text.in_force_until < text.in_force_from:
        yield f"{text.id}: ends before it begins"
    for name in text.cited_by:
        if name not in catalogue.instruments and name not in catalogue.commitments:
            yield f"{text.id}: cited by '{name}', which is not there"


def _problems_of_commitment(catalogue: Catalogue, item: Commitment) -> Iterator[str]:
    text = catalogue.instruments.get(item.instrument)
    if text is None:
        yield f"no instrument '{item.instrument}'"
        return
    if item.id.partition("-")[0] != text.prefix:
        yield f"the prefix is not that of '{text.id}'"
    if len(item.title) > 48:
        yield "the title has more than 48 characters"
    if item.test is Testable.TURN and not (item.honours and item.neglects):
        yield "can be seen in a turn, so it must say what honours and what neglects it"
    if item.in_force_from and text.in_force_from and item.in_force_from < text.in_force_from:
        yield "begins before its text"
    for name in item.related:
        if name not in catalogue.commitments or name == item.id:
            yield f"related to '{name}', which is not there or is itself"


def _problems_of_speed(actor: Actor) -> Iterator[str]:
    if actor.answers_after is None:
        return
    try:
        shortest, longest = (parse_duration(text) for text in actor.answers_after)
    except ValueError as error:
        yield f"{actor.id}: {error}"
        return
    if not 0 < shortest <= longest:
        yield f"{actor.id}: the shortest time to an answer is no shorter than the longest"


@functools.cache
def load_reference() -> Reference:
    """The catalogue as the assessment reads it, once a process."""
    catalogue = load_catalogue()
    return Reference(instruments=dict(catalogue.instruments), commitments=dict(catalogue.commitments))
