"""What a what-if costs: 3,000 playthroughs of the largest scenario, from its first decision and from one in the middle.

Run alone with `python benchmarks/whatif.py`; it takes a minute or two on two idle cores.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.timing import in_turn, line
from exercise.analysis.sharing import cores
from exercise.analysis.whatif import spread
from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.cli.seating import bots_of, roster
from exercise.core.assess import assess
from exercise.core.events import DecisionOpened
from exercise.session.autoplay import drive, run
from exercise.session.log import LoadedLog
from exercise.session.session import Session
from exercise.session.store import MemoryStore

SCENARIO = "card-storm"
PLAYTHROUGHS = 3_000


def main() -> None:
    """Prints how long the playthroughs take, and how much of it the cores worked."""
    print(f"What-if ({cores()} cores, {PLAYTHROUGHS:,} playthroughs of {SCENARIO}, mixed bots)")
    log = _log()
    _yardstick(log)
    put = list(dict.fromkeys(e.event.decision for e in log.entries if isinstance(e.event, DecisionOpened)))
    for where, decision in (("first", put[0]), ("middle", put[len(put) // 2])):
        _measure(log, where, decision)


def _log() -> LoadedLog:
    scenario, reference = load_scenario(SCENARIO), load_reference()
    session = Session.start_new(scenario, reference, MemoryStore(), seed=1, pace="stepped")
    session.start()
    seats = roster(scenario, (), (), "cooperative")
    drive(scenario, lambda: session.state, session.submit, bots_of(scenario, reference, seats, 1, {}))
    return session.log()


def _yardstick(log: LoadedLog) -> None:
    """What one whole exercise costs here and now, as `benchmarks/rules.py` measures it, to read the rest by."""
    scenario, reference, facts = log.scenario, log.reference, log.state.facts
    bots = bots_of(scenario, reference, roster(scenario, (), ("random",), "random"), 1, {})

    def whole() -> None:
        assess(scenario, reference, run(scenario, facts, bots).entries).scorecards  # noqa: B018

    (took,) = in_turn(15, whole)
    line("one whole exercise on one core, to read the rest by", f"{took * 1000:.1f} ms", "", "about 15 ms where idle")


def _measure(log: LoadedLog, where: str, decision: str) -> None:
    ways = len(spread(log, decision, runs=1).ways)
    runs = -(-PLAYTHROUGHS // ways)
    started, worked = time.perf_counter(), _worked()
    spread(log, decision, runs=runs, jobs=0)
    took, busy = time.perf_counter() - started, _worked() - worked
    what = f"from the {where} decision ({decision}), {ways} ways of {runs} runs"
    # On a machine that others use too, the time on the clock says more about them.
    line(what, f"{took:.1f} s", f"{busy:.1f} s of work, {busy / (ways * runs) * 1000:.1f} ms each", "at most 60 s")


def _worked() -> float:
    """Seconds that this process and those it started have worked."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


if __name__ == "__main__":
    main()
