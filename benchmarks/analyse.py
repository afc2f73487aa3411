"""What exploring a scenario costs: playthroughs a second on one core and on all, and seconds a scenario in both forms.

Run alone with `python benchmarks/analyse.py`; it takes some ten minutes, `--short` leaves the fullest form to one
scenario.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.timing import line
from exercise.analysis.explore import FULL_RUNS, FULL_STATES, RUNS, explore
from exercise.analysis.sharing import cores
from exercise.authoring.library import library, load_scenario
from exercise.catalogue import load_reference

LARGEST = "card-storm"


def main(*, short: bool = True) -> None:
    """Prints the figures of explorations."""
    print(f"Exploring a scenario ({cores()} cores)")
    for jobs in sorted({1, cores()}):
        _measure(f"{LARGEST}, {10 * RUNS} playthroughs and what is played on", LARGEST, 10 * RUNS, jobs, "")
    for name in library():
        _measure(f"{name}, the quick form ({RUNS})", name, RUNS, 1, "at most 8 s, on one core")
    for name in [LARGEST] if short else library():
        _measure(f"{name}, the fullest form ({FULL_RUNS})", name, FULL_RUNS, 0, "at most 300 s, on two cores")


def _measure(what: str, name: str, runs: int, jobs: int, wanted: str) -> None:
    scenario, reference = load_scenario(name), load_reference()
    started, worked = time.perf_counter(), _worked()
    explored = explore(scenario, reference, runs=runs, jobs=jobs, most_states=FULL_STATES)
    took, busy = time.perf_counter() - started, _worked() - worked
    on = "one core" if jobs == 1 else f"{jobs or cores()} cores"
    # On a machine that others use too, the time on the clock says more about them.
    beside = f"{explored.courses / took:.0f} courses/s on {on}, {busy:.1f} s of work"
    line(what, f"{took:.1f} s", beside, wanted)


def _worked() -> float:
    """Seconds that this process and those it started have worked."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


if __name__ == "__main__":
    main(short="--short" in sys.argv[1:])
