"""How the benchmarks take and print times: several rounds in turn, the median, and the ratio of medians."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def seconds(work: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def in_turn(rounds: int, *works: Callable[[], object]) -> list[float]:
    """Median seconds of each work, the works taken in turn so that a drifting machine drifts for all."""
    for work in works:
        work()
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for times, work in zip(taken, works, strict=True):
            times.append(seconds(work))
    return [statistics.median(times) for times in taken]


def line(what: str, value: str, beside: str = "", wanted: str = "") -> None:
    """Prints one figure, with what it is held against."""
    print(f"  {what:<58} {value:>14}  {beside:<34} {wanted}", flush=True)
