"""Writes commitments-and-detectors.md from the catalogue, the kinds of request and the scenarios.

Run it after a change to any of them: `python docs/coverage.py`. A test compares the file with what this would write.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path

from exercise.authoring.coverage import Coverage, Tested, coverage
from exercise.authoring.library import library, load_scenario
from exercise.catalogue import load_catalogue
from exercise.catalogue.requests import load_requests

FILE = Path(__file__).parent / "commitments-and-detectors.md"

HEAD = """# Commitments, what marks them, and where they are tested

Written by `python docs/coverage.py`; change that, the catalogue or a scenario, and run it again. The last column, the
threats that scenarios draw on, and the gaps of both are shown by `exercise commitments --coverage`; `--scenario PATH`
counts a scenario of your own along.

Each row is a commitment that conduct in a turn can show. *By requests* names the detectors over the life of a request
that mark it, by the kinds at the end. *By acts* names those that look at answers to decisions, at single acts and at
occasions. *Scenarios* are those that put it to a team whose profile holds it: by **r**equests that the scenario
calls for, by **a**cts and occasions, or by **t**ags on options. The principles (`lv-`) are observed, never scored.
"""


def document() -> str:
    """The whole document."""
    found = coverage({name: load_scenario(name) for name in library()})
    parts = [HEAD, _summary(found)]
    for text in load_catalogue().instruments.values():
        rows = [row for row in found.tested if row.commitment.instrument == text.id]
        if rows:
            parts.append(f"## {text.short}\n\n" + _table(rows, found))
    return "\n".join([*parts, _kinds()])


def _summary(found: Coverage) -> str:
    ids = [row.commitment.id for row in found.tested]
    marked = [id for id in ids if id in found.by_requests or id in found.by_acts]
    tagged = {row.commitment.id for row in found.tested if any("t" in ways for ways in row.scenarios.values())}
    tags = [id for id in ids if id not in marked and id in tagged]
    none = [row.commitment.id for row in found.tested if not row.scenarios]
    text = (
        f"Of {len(ids)} such commitments {sum(id in found.by_requests for id in ids)} are marked by detectors over "
        f"requests, {len(marked)} by a detector of any sort, {len(tags)} by tags alone. "
    )
    text += f"No scenario tests {', '.join(none)}." if none else "Each is tested by a scenario."
    return "\n".join(textwrap.wrap(text, 118, break_on_hyphens=False)) + "\n"


def _table(rows: Iterable[Tested], found: Coverage) -> str:
    lines = ["| Commitment | By requests | By acts | Scenarios |", "| --- | --- | --- | --- |"]
    for row in rows:
        item = row.commitment
        where = [f"{name} ({''.join(sorted(ways))})" for name, ways in row.scenarios.items()]
        requests, acts = sorted(found.by_requests.get(item.id, ())), sorted(found.by_acts.get(item.id, ()))
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
