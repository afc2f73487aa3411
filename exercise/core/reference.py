"""The catalogue as the assessment reads it: which commitments hold for a team on a day, and how far each binds.

The catalogue's package builds one from its files; the core never imports it, so that a test, or a log's own copy of
the entries it used, can stand in for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from exercise.core import records
from exercise.core.cast import Team
from exercise.core.commitments import AREA_OF_KIND, Area, Commitment, Force, Instrument, Kind, Profile, Testable
from exercise.errors import ScenarioError

if TYPE_CHECKING:
    from exercise.core.scenario import Scenario

Standing = Literal["applies", "observed", "outside-profile", "outside-period", "context"]
"""How a commitment stands to a team on a day; only `applies` is scored, and `observed` is shown."""


@dataclass(frozen=True, eq=False)
class Reference:
    """Instruments and commitments by id, with the questions that an assessment puts to them."""

    instruments: Mapping[str, Instrument]
    commitments: Mapping[str, Commitment]
    _forces: dict[str, Force] = field(default_factory=dict, init=False, repr=False)
    _known: dict[tuple[tuple[Profile, ...], date], Mapping[str, Standing]] = field(
        default_factory=dict, init=False, repr=False
    )

    def commitment(self, id: str) -> Commitment:
        """The commitment of this id; one line for a person where the catalogue has none."""
        found = self.commitments.get(id)
        if found is None:
            raise ScenarioError((f"commitment '{id}' is not in the catalogue",))
        return found

    def instrument(self, id: str) -> Instrument:
        """The instrument of this commitment."""
        of = self.commitment(id).instrument
        found = self.instruments.get(of)
        if found is None:
            raise ScenarioError((f"commitment '{id}' belongs to instrument '{of}', which is not in the catalogue",))
        return found

    def force(self, id: str) -> Force:
        """How far a commitment binds: its own force, else its instrument's.

        A text whose force nobody has stated counts as a principle: what is not known to bind is not scored.
        """
        found = self._forces.get(id)
        if found is None:
            found = self._forces[id] = self.commitment(id).force or self.instrument(id).force or Force.PRINCIPLE
        return found

    def area(self, id: str) -> Area:
        """The row of the scorecard that a commitment belongs to."""
        return AREA_OF_KIND[self.commitment(id).kind]

    def protects_rights(self, id: str) -> bool:
        """Whether a commitment is about rights and safeguards, which no reason and no repair lifts to honoured."""
        return self.commitment(id).kind is Kind.RIGHTS_SAFEGUARDS

    def standing(self, profile: tuple[Profile, ...], id: str, on: date) -> Standing:
        """How a commitment stands to the holder of a profile on a day.

        A profile may hold one text twice, for a team that left it and came back; any of the periods will do.
        """
        commitment, instrument = self.commitment(id), self.instrument(id)
        held = [entry for entry in profile if entry.instrument == commitment.instrument]
        if not held:
            return "outside-profile"
        current = [entry for entry in held if _in_period(entry, commitment, instrument, on)]
        if not current:
            return "outside-period"
        if commitment.test is Testable.CONTEXT:
            return "context"
        if self.force(id) is Force.PRINCIPLE or all(entry.observed_only for entry in current):
            return "observed"
        return "applies"

    def standings(self, profile: tuple[Profile, ...], on: date) -> Mapping[str, Standing]:
        """How every commitment of the catalogue stands to a profile on a day, worked out once."""
        key = (profile, on)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = {id: self.standing(profile, id, on) for id in self.commitments}
        return known

    def applicable(self, team: Team, on: date) -> tuple[str, ...]:
        """Ids of all that may be marked for a team on a day, observations included, in the catalogue's order."""
        standings = self.standings(team.profile, on)
        return tuple(id for id, standing in standings.items() if standing in ("applies", "observed"))


@records.dataclass(frozen=True, slots=True)
class Duty:
    """A commitment that may be marked for a team: what each mark under it says, and what bounds its grade."""

    instrument: str
    clause: str
    force: Force
    observed: bool
    rights: bool


@records.dataclass(frozen=True, slots=True)
class Terms:
    """What the catalogue asks of a team on the day of a scenario, as every assessment looks it up."""

    standings: Mapping[str, Standing]
    duties: Mapping[str, Duty]
    """All that may be marked, observations included."""
    texts: Mapping[str, str]
    """The texts the team may name as a basis, each with its instrument."""


def terms(scenario: Scenario, reference: Reference) -> Mapping[str, Terms]:
    """What a catalogue asks of each team of a scenario; every run is asked the same, so it is worked out once."""
    kept: tuple[Reference, Mapping[str, Terms]] | None = scenario.__dict__.get("_terms")
    if kept is None or kept[0] is not reference:
        on = scenario.date.date()
        found = {team.id: _terms(reference, reference.standings(team.profile, on)) for team in scenario.teams}
        kept = scenario.__dict__["_terms"] = (reference, found)
    return kept[1]


def _terms(reference: Reference, standings: Mapping[str, Standing]) -> Terms:
    duties: dict[str, Duty] = {}
    texts: dict[str, str] = {}
    for id, standing in standings.items():
        if standing not in ("applies", "observed"):
            continue
        commitment = reference.commitment(id)
        instrument, rights = commitment.instrument, reference.protects_rights(id)
        duties[id] = Duty(instrument, commitment.clause, reference.force(id), standing == "observed", rights)
        if standing == "applies":
            texts[id] = texts[instrument] = instrument
    return Terms(standings, duties, texts)


def _in_period(entry: Profile, commitment: Commitment, instrument: Instrument, on: date) -> bool:
    """Whether a day lies in the period: the profile's dates go before the instrument's, an empty date is no bound.

    A commitment with a period of its own keeps it even so: who accepted the measures of 2013 had not yet those of 2016.
    """
    starts = [commitment.in_force_from or (None if entry.accepted else instrument.in_force_from), entry.accepted]
    ends = [commitment.in_force_until or (None if entry.withdrawn else instrument.in_force_until), entry.withdrawn]
    return all(day is None or day <= on for day in starts) and all(day is None or on <= day for day in ends)
