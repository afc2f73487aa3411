"""Which scenarios put which commitments to a team that holds them, and which threats they draw on.

Authors see what the library still lacks, and what a scenario of theirs adds to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exercise.catalogue import Catalogue, load_catalogue, load_reference
from exercise.catalogue.requests import load_requests
from exercise.core.acts import ActKind
from exercise.core.commitments import Commitment, Testable, Threat
from exercise.core.detectors import BASIS_ROWS, CONSULTED, REASONED, SAFEGUARDED
from exercise.core.requests.marks import put_by_requests
from exercise.core.scenario import Scenario
from exercise.core.script import Lapse, ResponseOption

Found = dict[str, set[str]]
"""What was found of each commitment."""

ENOUGH = 2
"""Scenarios that should test a commitment: one alone would tie it to one story."""

WAYS: Mapping[str, str] = {"r": "requests", "a": "acts", "t": "tags"}
"""How a scenario puts a commitment: requests it calls for, acts and occasions that are watched, tags on options."""

_MARKED_BY_ACTS: Mapping[str, tuple[str, ...]] = {
    "safeguards-stated": SAFEGUARDED,
    "basis-stated": tuple(row.commitment for row in BASIS_ROWS),
    "consulted-first": CONSULTED,
    "reasons-given": REASONED,
}
"""Detectors over answers and acts that have a table of their own."""


@dataclass(frozen=True, slots=True)
class Tested:
    """A commitment that conduct in a turn can show, with the scenarios that put it to somebody."""

    commitment: Commitment
    scenarios: Mapping[str, str]
    """By scenario, in the order of names: the letters of `WAYS`."""

    @property
    def enough(self) -> bool:
        """Whether it is tested as often as it should be."""
        return len(self.scenarios) >= ENOUGH


@dataclass(frozen=True, slots=True)
class Drawn:
    """A threat, with the scenarios that draw on it."""

    threat: Threat
    scenarios: tuple[str, ...]

    @property
    def missing(self) -> bool:
        """Whether it may be played and nobody does."""
        return self.threat.playable and not self.scenarios


@dataclass(frozen=True, slots=True)
class Coverage:
    """Both tables, with the detectors that mark each commitment."""

    tested: tuple[Tested, ...]
    """In the catalogue's order."""
    drawn: tuple[Drawn, ...]
    by_requests: Mapping[str, set[str]]
    by_acts: Mapping[str, set[str]]

    @property
    def thin(self) -> tuple[str, ...]:
        """Commitments that too few scenarios test."""
        return tuple(row.commitment.id for row in self.tested if not row.enough)

    @property
    def undrawn(self) -> tuple[str, ...]:
        """Threats that may be played and that nobody draws on."""
        return tuple(row.threat.id for row in self.drawn if row.missing)

    def as_data(self) -> dict[str, Any]:
        """Both tables and their gaps as plain data."""
        return {
            "commitments": [
                {
                    "id": row.commitment.id,
                    "title": row.commitment.title,
                    "instrument": row.commitment.instrument,
                    "scenarios": {name: [WAYS[way] for way in ways] for name, ways in row.scenarios.items()},
                    "enough": row.enough,
                }
                for row in self.tested
            ],
            "threats": [
                {
                    "id": row.threat.id,
                    "says": row.threat.says,
                    "instrument": row.threat.instrument,
                    "playable": row.threat.playable,
                    "scenarios": list(row.scenarios),
                }
                for row in self.drawn
            ],
            "gaps": {"commitments": list(self.thin), "threats": list(self.undrawn)},
        }


def coverage(scenarios: Mapping[str, Scenario], catalogue: Catalogue | None = None) -> Coverage:
    """What these scenarios, by the names that are to stand in the tables, cover together.

    `catalogue` is the one whose texts the tables show, where that is another language's.
    """
    catalogue = catalogue or load_catalogue()
    by_requests, by_acts = _by_requests(), _by_acts()
    tested: dict[str, dict[str, str]] = {}
    for name in sorted(scenarios):
        for id, ways in _tested(scenarios[name], by_requests, by_acts).items():
            tested.setdefault(id, {})[name] = "".join(way for way in WAYS if way in ways)
    return Coverage(
        tested=tuple(
            Tested(item, tested.get(item.id, {}))
            for item in catalogue.commitments.values()
            if item.test is Testable.TURN
        ),
        drawn=tuple(
            Drawn(threat, tuple(name for name in sorted(scenarios) if threat.id in scenarios[name].threats))
            for threat in catalogue.threats.values()
        ),
        by_requests=by_requests,
        by_acts=by_acts,
    )


def _by_requests() -> Found:
    found: Found = {}
    for kind in load_requests().kinds.values():
        for detector, commitments in kind.marks.items():
            _note(found, detector, commitments)
    return found


def _by_acts() -> Found:
    found: Found = {}
    for detector, commitments in _MARKED_BY_ACTS.items():
        _note(found, detector, commitments)
    return found


def _note(found: Found, detector: str, commitments: Iterable[str]) -> None:
    for id in commitments:
        found.setdefault(id, set()).add(detector)


def _tested(scenario: Scenario, by_requests: Found, by_acts: Found) -> Found:
    """Which commitments a scenario puts to some team that holds them, and how.

    What its own kinds and occasions are marked under is added to the detectors.
    """
    reference, found = load_reference(), Found()
    for team in scenario.teams:
        standings = reference.standings(team.profile, scenario.date.date())
        asked = put_by_requests(scenario, team.id)
        ways: list[tuple[str, str, str]] = []
        ways += [("r", detector, id) for id, detectors in asked.items() for detector in detectors]
        ways += _by_decisions(scenario, team.id)
        watched = (occasion for occasion in scenario.occasions if occasion.team == team.id)
        ways += [("a", occasion.detector, id) for occasion in watched for id in occasion.commitments]
        for way, detector, id in ways:
            if standings.get(id) in ("applies", "observed"):
                found.setdefault(id, set()).add(way)
                if detector:
                    (by_requests if way == "r" else by_acts).setdefault(id, set()).add(detector)
    return found


def _by_decisions(scenario: Scenario, team: str) -> Iterator[tuple[str, str, str]]:
    for decision in (decision for decision in scenario.decisions if decision.team == team):
        yield from (("a", "answered-in-time", id) for id in decision.timely)
        outcomes: tuple[ResponseOption | Lapse, ...] = (*decision.options, decision.lapse)
        yield from (("t", "", tag.commitment) for outcome in outcomes for tag in outcome.conduct)
        acts = {act.act for outcome in outcomes for act in outcome.acts}
        done = {
            "safeguards-stated": any(option.coercive for option in decision.options),
            "basis-stated": any(option.outward for option in decision.options),
            "consulted-first": ActKind.ESCALATE in acts,
            "reasons-given": ActKind.REFUSE in acts,
        }
        yield from (("a", name, id) for name, there in done.items() if there for id in _MARKED_BY_ACTS[name])
