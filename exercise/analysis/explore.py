"""Exploring what can happen in a scenario: exhaustively where that is feasible, else by seeded sampling."""

from __future__ import annotations

from dataclasses import dataclass, replace

from exercise.analysis import exhaustive
from exercise.analysis.explored import Bounds, Explored, Figures
from exercise.analysis.sampled import Progress, Sampling, bounds
from exercise.analysis.things import things_of
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario

RUNS = 60
"""Playthroughs of the form that is quick enough for every commit; the answers played on come on top."""

FULL_RUNS = 1_500
"""Playthroughs of the fullest form."""

STATES = 800
"""States that are walked at most before an exhaustive walk is given up."""

FULL_STATES = 20_000
"""The same in the fullest form."""


def explore(
    scenario: Scenario,
    reference: Reference,
    *,
    runs: int = RUNS,
    seed: int = 1,
    jobs: int = 1,
    scheduler: str = "",
    most_states: int = STATES,
    progress: Progress | None = None,
) -> Explored:
    """What can happen in a scenario; the figures depend on `runs`, `seed` and `most_states` alone, never on `jobs`.

    `jobs` is the number of processes; 0 takes as many as there are cores, or one where little is to be done. With the
    address of a Dask `scheduler` its workers play instead.
    """
    exact, why = _walked(scenario, reference, most_states)
    sampled = Sampling(scenario, reference, runs, seed, progress).explore(jobs, scheduler)
    if exact is None:
        figures, distinct, how = sampled, len(sampled.seen), bounds(scenario, runs, seed, why)
    else:
        (figures, distinct), how = exact.found, exact.bounds
        # What policies come to, and pairs of answers with the same chance, only playthroughs can tell.
        figures.policies, figures.companies, figures.beside = sampled.policies, sampled.companies, sampled.beside
        how = replace(how, seed=seed, runs=runs)
    return Explored(
        scenario=scenario.id,
        bounds=how,
        figures=figures,
        things=tuple(things_of(scenario)),
        starts={indicator.id: indicator.start for indicator in scenario.indicators},
        distinct=distinct,
    )


@dataclass(frozen=True)
class _Walked:
    """What an exhaustive walk came to."""

    found: tuple[Figures, int]
    bounds: Bounds


def _walked(scenario: Scenario, reference: Reference, most_states: int) -> tuple[_Walked | None, str]:
    """The exhaustive walk, or why there is none."""
    reason = exhaustive.infeasible(scenario)
    if reason:
        return None, reason
    walk = exhaustive.Exhaustive(scenario, reference, most_states)
    try:
        found = walk.explore()
    except exhaustive.TooMany:
        return None, f"walking through all of it would take more than {most_states:,} states."
    return _Walked(found, exhaustive.bounds(scenario, walk.states)), ""
