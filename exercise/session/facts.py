"""Drawing what is true behind the crisis from the session's seed, so that the same seed tells the same story."""

from __future__ import annotations

from hashlib import sha256

from exercise.core.cast import Fact
from exercise.core.scenario import Scenario


def draw_facts(scenario: Scenario, seed: int) -> dict[str, str]:
    """The value of every hidden fact; each depends only on seed, scenario and fact.

    A hash and not a random generator: adding a fact, reordering the file or another version of Python leaves the
    other facts as they were.
    """
    return {fact.id: _draw(fact, f"{seed}:{scenario.id}:{fact.id}") for fact in scenario.facts}


def _draw(fact: Fact, ticket: str) -> str:
    total = sum(value.weight for value in fact.values)
    # 256 bits over a few thousand: the remainder's bias is far below anything that could be noticed.
    point = int.from_bytes(sha256(ticket.encode()).digest(), "big") % total
    for value in fact.values:
        if point < value.weight:
            return value.value
        point -= value.weight
    raise AssertionError("a fact has some weight")
