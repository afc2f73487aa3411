"""What the rules cost: a whole exercise by bots, assessed, alone and by `simulate`; and one choice beside inkjs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import branching
from benchmarks.timing import in_turn, line, seconds
from exercise.authoring.library import library, load_scenario
from exercise.catalogue import load_reference
from exercise.cli.seating import bots_of, roster
from exercise.core.assess import Assessment, assess
from exercise.core.commands import ChooseResponse, StartExercise
from exercise.core.decide import decide, work_out
from exercise.core.evolve import replay
from exercise.core.state import State
from exercise.session.autoplay import run
from exercise.session.collector import collector_paused
from exercise.session.facts import draw_facts

INKJS = "inkjs@2.4.0"
RUNS = 300
"""Of each table that `simulate` is timed with: enough that its start is a small part."""
POLICIES = ("cooperative", "self-interested", "random", "silent")


def main() -> None:
    """Prints the figures of the rules."""
    print("Rules (one core, warm; whole exercises by the least CPU of seven, a choice by the median)")
    _whole_exercises()
    _simulated()
    _one_choice()


def _whole_exercises() -> None:
    """What `simulate` does to each scenario, by every policy, and by decisions alone, without requests."""
    reference = load_reference()
    for name in library():
        scenario = load_scenario(name)
        facts = draw_facts(scenario, 1)
        for policy, asks in (*((policy, True) for policy in POLICIES), ("cooperative", False)):
            seats = roster(scenario, (), (policy,), policy)
            bots = bots_of(scenario, reference, seats, 1, {})
            if not asks:
                for bot in bots.values():
                    bot.corresponds = False
            played = run(scenario, facts, bots)

            def whole() -> None:
                rehearsal = run(scenario, facts, bots)  # noqa: B023
                _counted(assess(scenario, reference, rehearsal.entries, rehearsal.states))  # noqa: B023

            def assessed() -> None:
                _counted(assess(scenario, reference, played.entries, played.states))  # noqa: B023

            took, of_it = _least_cpu(whole), _least_cpu(assessed)
            sent = f"{len(played.state.requests)} requests" if asks else "no requests sent"
            what = f"{name}, {policy}, {sent}, {len(played.entries)} entries"
            wanted = "at most 15 ms" if asks else "at most 10 ms"
            line(what, f"{took * 1000:.1f} ms", f"of it assessment {of_it * 1000:.1f} ms", wanted)


def _counted(assessment: Assessment) -> list[object]:
    """All that is counted on the cards, which is worked out when it is asked for."""
    return [(card.counts, card.areas, card.instruments) for card in assessment.scorecards.values()]


def _simulated() -> None:
    """What a scenario costs whoever runs `simulate`: the whole command's time, its start included, by its runs.

    Each run draws its facts by a seed of its own, and all cores take part, as they do at any table of runs. Where no
    bot draws, runs of the same facts are played once; random bots play every run.
    """
    command = [sys.executable, "-m", "exercise", "simulate"]
    for name in library():
        taken = []
        for policy in POLICIES:
            options = ["--bots", policy, "--runs", str(RUNS), "--seed", "1"]
            simulate = partial(subprocess.run, [*command, name, *options], check=True, capture_output=True)
            taken.append(seconds(simulate))
        figures = ", ".join(f"{policy} {took / RUNS * 1000:.1f}" for policy, took in zip(POLICIES, taken, strict=True))
        worst = f"{max(taken) / RUNS * 1000:.1f} ms"
        line(f"simulate {name} --runs {RUNS}, a run", worst, figures, "at most 15 ms")


def _least_cpu(work: Callable[[], object]) -> float:
    """The least CPU seconds of seven calls: on a machine that others use too, the least is what the work itself costs.

    The collector is paused around each, as `simulate` has it.
    """
    work()
    taken = []
    for _ in range(7):
        with collector_paused():
            started = time.process_time()
            work()
            taken.append(time.process_time() - started)
    return min(taken)


def _one_choice() -> None:
    scenario = branching.scenario()
    start = replay(decide(scenario, State(), StartExercise(facts={})))

    def story(round_: int) -> None:
        state = start
        for n in range(branching.CHOICES):
            option = f"o{(n + round_) % branching.OPTIONS}"
            command = ChooseResponse(seat="team", decision=f"d{n}", revision=1, option=option)
            state = work_out(scenario, state, command).state

    def many() -> None:
        for round_ in range(50):
            story(round_)

    [took] = in_turn(9, many)
    here = took / 50 / branching.CHOICES * 1e6
    there = _inkjs()
    beside = f"inkjs {there:.0f} µs: ×{here / there:.2f}" if there else "inkjs not measured (no npm)"
    line("one choice: decide and fold", f"{here:.0f} µs", beside, "less than inkjs")


def _inkjs() -> float | None:
    """Microseconds a choice in inkjs, from npm; None where there is no npm or no registry."""
    if not shutil.which("npm") or not shutil.which("node"):
        return None
    with tempfile.TemporaryDirectory() as folder:
        asked = ["npm", "install", "--silent", "--no-audit", "--no-fund", INKJS]
        if subprocess.run(asked, cwd=folder, stdout=subprocess.DEVNULL, check=False).returncode:
            return None
        environment = {**os.environ, "NODE_PATH": str(Path(folder) / "node_modules")}
        script = Path(__file__).with_name("ink.js")
        played = subprocess.run(
            ["node", str(script)], input=branching.ink(), env=environment, capture_output=True, text=True, check=False
        )
        if played.returncode:
            print(played.stderr, file=sys.stderr)
            return None
        return float(played.stdout)


if __name__ == "__main__":
    main()
