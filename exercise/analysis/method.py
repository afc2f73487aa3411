"""How an exploration was made, in sentences, so that no figure is read for more than it says."""

from __future__ import annotations

from collections.abc import Iterator

from exercise.analysis.explored import Explored
from exercise.analysis.finding_load import ASSUMPTION
from exercise.analysis.found import often


def sentences(explored: Explored) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Method, bounds and number of courses; each sentence with those that say it in detail."""
    bounds = explored.bounds
    yield f"{bounds.method.capitalize()}: {bounds.why}", ()
    if explored.exact:
        number = often(explored.distinct, "distinct course")
        yield f"{number} in all, found by walking {often(bounds.states, 'state')}.", ()
    else:
        played = often(explored.courses, "course")
        yield f"{played} played with seed {bounds.seed}, {explored.distinct:,} of them distinct; there may be more.", ()
    if bounds.varied:
        yield "Varied:", bounds.varied
    if bounds.fixed:
        yield "Held fixed:", bounds.fixed
    yield ASSUMPTION, ()
