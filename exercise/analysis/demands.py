"""What a course would have to have so that something comes, and how several such demands go together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from exercise.analysis.letters import Ask
from exercise.core.requests.kinds import Step

MOST = 6
"""Ways that are followed up for each thing; more would only be more of the same."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Facts, answers and requests that a course is to have."""

    facts: tuple[tuple[str, str], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    asks: tuple[Ask, ...] = ()

    def also(self, other: Demand) -> Demand | None:
        """Both; None where they cannot go together."""
        facts, answers = dict(self.facts), dict(self.answers)
        for mine, theirs in ((facts, other.facts), (answers, other.answers)):
            for key, value in theirs:
                if mine.setdefault(key, value) != value:
                    return None
        asks = {(ask.by, ask.matter, ask.kind): ask for ask in self.asks}
        for ask in other.asks:
            before = asks.setdefault((ask.by, ask.matter, ask.kind), ask)
            if before.to and ask.to and before.to != ask.to:
                return None
            if ask != before:
                # Fulfilled says more than accepted; of two different answers only one can be given.
                asks[ask.by, ask.matter, ask.kind] = max(before, ask, key=lambda one: (one.to, one.came == DONE))
        return Demand(tuple(sorted(facts.items())), tuple(sorted(answers.items())), tuple(sorted(asks.values())))


NOTHING = Demand()
DONE = Step.FULFILLED.value
Ways = tuple[Demand, ...]
"""Demands of which any one would do."""


def first(ways: Iterable[Demand]) -> Ways:
    """The first few that differ."""
    found: dict[Demand, None] = {}
    for way in ways:
        found[way] = None
        if len(found) == MOST:
            break
    return tuple(found)


def both_of(some: Ways, others: Ways) -> Ways:
    """Each of some with each of the others, as far as they go together."""
    joined = (both for one in some for other in others if (both := one.also(other)) is not None)
    return first(joined)
