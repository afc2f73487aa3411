"""Writes commitments-and-detectors.md from the catalogue, the kinds of request and the scenarios.

Run it after a change to any of them: `python docs/coverage.py`. A test compares the file with what this would write.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from exercise.authoring.library import library, load_scenario
from exercise.catalogue import load_catalogue, load_reference
from exercise.catalogue.requests import load_requests
from exercise.core.acts import ActKind
from exercise.core.commitments import Commitment, Testable
from exercise.core.detectors import BASIS_ROWS, CONSULTED, REASONED, SAFEGUARDED
from exercise.core.requests.marks import put_by_requests
from exercise.core.scenario import Scenario
from exercise.core.script import Lapse, ResponseOption

Found = dict[str, set[str]]
"""What was found of each commitment."""

FILE = Path(__file__).parent / "commitments-and-detectors.md"

HEAD = """# Commitments, what marks them, and where they are tested

Written by `python docs/coverage.py`; change that, the catalogue or a scenario, and run it again.

Each row is a commitment that conduct in a turn can show. *By requests* names the detectors over the life of a request
that mark it, by the kinds at the end. *By acts* names those that look at answers to decisions, at single acts and at
occasions. *Scenarios* are those that put it to a team whose profile holds it: by **r**equests that the scenario
calls for, by **a**cts and occasions, or by **t**ags on options. The principles (`lv-`) are observed, never scored.
"""

_MARKED_BY_ACTS: Mapping[str, tuple[str, ...]] = {
    "safeguards-stated": SAFEGUARDED,
    "basis-stated": tuple(row.commitment for row in BASIS_ROWS),
    "consulted-first": CONSULTED,
    "reasons-given": REASONED,
}
"""Detectors over answers and acts that have a table of their own."""


def document() -> str:
    """The whole document."""
    catalogue = load_catalogue()
    by_requests, by_acts = _by_requests(), _by_acts()
    tested: dict[str, Found] = {}
    for name in library():
        for id, ways in _tested(load_scenario(name), by_requests, by_acts).items():
            tested.setdefault(id, {})[name] = ways
    turn = [item for item in catalogue.commitments.values() if item.test is Testable.TURN]
    parts = [HEAD, _summary(turn, by_requests, by_acts, tested)]
    for text in catalogue.instruments.values():
        rows = [item for item in turn if item.instrument == text.id]
        if rows:
            parts.append(f"## {text.short}\n\n" + _table(rows, by_requests, by_acts, tested))
    return "\n".join([*parts, _kinds()])


def _by_requests() -> Found:
    found: Found = {}
    for kind in load_requests().kinds.values():
        for detector, commitments in kind.marks.items():
            for id in commitments:
                found.setdefault(id, set()).add(detector)
    return found


def _by_acts() -> Found:
    found: Found = {}
    for detector, commitments in _MARKED_BY_ACTS.items():
        for id in commitments:
            found.setdefault(id, set()).add(detector)
    return found


def _tested(scenario: Scenario, by_requests: Found, by_acts: Found) -> Found:
    """Which commitments a scenario puts to some team that holds them, and how: `r`, `a` or `t`.

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


def _summary(
    turn: Iterable[Commitment],
    by_requests: Found,
    by_acts: Found,
    tested: Mapping[str, Found],
) -> str:
    ids = [item.id for item in turn]
    marked = [id for id in ids if id in by_requests or id in by_acts]
    tags = [id for id in ids if id not in marked and any("t" in ways for ways in tested.get(id, {}).values())]
    none = [id for id in ids if id not in tested]
    text = (
        f"Of {len(ids)} such commitments {sum(id in by_requests for id in ids)} are marked by detectors over requests, "
        f"{len(marked)} by a detector of any sort, {len(tags)} by tags alone. "
    )
    text += f"No scenario tests {', '.join(none)}." if none else "Each is tested by a scenario."
    return "\n".join(textwrap.wrap(text, 118, break_on_hyphens=False)) + "\n"


def _table(
    rows: Iterable[Commitment],
    by_requests: Found,
    by_acts: Found,
    tested: Mapping[str, Found],
) -> str:
    lines = ["| Commitment | By requests | By acts | Scenarios |", "| --- | --- | --- | --- |"]
    for item in rows:
        where = [f"{name} ({''.join(sorted(ways))})" for name, ways in sorted(tested.get(item.id, {}).items())]
        requests, acts = sorted(by_requests.get(item.id, ())), sorted(by_acts.get(item.id, ()))
        cells = (f"`{item.id}` {item.title}", *(", ".join(cell) or "–" for cell in (requests, acts, where)))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _kinds() -> str:
    """Which detectors look at which kinds of request, and under what."""
    lines = ["## Kinds of request", "", "| Kind | Looked at, and marked under |", "| --- | --- |"]
    for kind in load_requests().kinds.values():
        looks = "; ".join(f"{name}: {', '.join(ids)}" for name, ids in kind.marks.items())
        lines.append(f"| `{kind.id}` {kind.name} | {looks or '–'} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
