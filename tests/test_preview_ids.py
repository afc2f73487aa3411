"""The ids that a preview prints, and what `--at` takes."""

from __future__ import annotations

import re

import pytest

from exercise.authoring.everything import Everything
from exercise.authoring.library import load_scenario
from exercise.plain.preview import preview_lines

_PRINTED = re.compile(r"^(?:\S+(?: min)? +)?\[([a-z-]+(?::[\w.-]+)?)\] ")


@pytest.fixture(scope="module")
def everything() -> Everything:
    """All that there is to read of a scenario of the library."""
    return Everything(load_scenario("card-storm"))


def test_every_id_that_is_printed_is_found_again(everything: Everything) -> None:
    """Protects whoever asks for a page by the name that stands above it, with its prefix and in its brackets."""
    printed = [match[1] for line in preview_lines(everything, control=True) if (match := _PRINTED.match(line))]
    assert {"briefing", "directory", "facts", "guide"} <= {*printed}
    assert {one.partition(":")[0] for one in printed} >= {"inject", "decision", "move", "plenary"}
    kinds = {id.partition(":")[0]: id for id in printed}
    for id in {"briefing", "directory", "facts", *kinds.values()}:
        for asked in (id, f"[{id}]"):
            assert any(f"[{id}] " in line for line in preview_lines(everything, "", asked)), asked


def test_a_row_with_its_prefix_is_read_by_its_own_team(everything: Everything) -> None:
    """Protects the seat: with its prefix an item opens where it opens without."""
    decision = everything.scenario.decisions[-1]
    named, bare = (list(preview_lines(everything, "", f"{kind}{decision.id}")) for kind in ("decision:", ""))
    assert named == bare
