"""Work shared out among processes, heard by Ctrl-C soon and ended in good order."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context, resource_tracker
from threading import active_count
from typing import Any, TypeVar

from exercise.errors import ExerciseError

C = TypeVar("C")
R = TypeVar("R")

_MOST = 61 if sys.platform == "win32" else 1_000
"""Windows waits for no more processes than these at once."""

Share = Callable[[Iterable[C]], Iterator[R]]
"""Gives out pieces of work, and hands on what each came to in the order in which they are done."""


def cores() -> int:
    """Cores this program may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


@contextmanager
def crew(
    jobs: int,
    prepare: Callable[..., None],
    given: tuple[Any, ...],
    work: Callable[[C], R],
    here: Callable[[C], R] | None = None,
) -> Iterator[Share[C, R]]:
    """So many processes, each prepared once with what is given; `prepare` and `work` stand at the top of a module.

    With `here`, this process does pieces of the work itself, beside the others and while they are still loading. They
    need not load then where it can be copied as it stands: on Linux, and where it does one thing at a time.
    """
    copied = here is not None and sys.platform == "linux" and active_count() == 1
    pool = ProcessPoolExecutor(min(jobs, _MOST), get_context("fork" if copied else "spawn"), prepare, given)

    def share(pieces: Iterable[C]) -> Iterator[R]:
        rest = iter(pieces)
        # Handed out as they are taken, so that a hundred thousand of them need not wait in a row.
        with _unheard_by_children():
            running: set[Future[R]] = {pool.submit(work, piece) for piece in islice(rest, 2 * jobs)}
        while running:
            own = next(rest, None) if here is not None else None
            if here is not None and own is not None:
                yield here(own)
            finished = wait(running, timeout=0 if own is not None else None, return_when="FIRST_COMPLETED")
            running = set(finished.not_done)
            running.update(pool.submit(work, piece) for piece in islice(rest, len(finished.done)))
            for future in finished.done:
                yield future.result()

    try:
        yield share
    except BrokenProcessPool:
        raise ExerciseError("A process that played on was ended from outside; try again, or with --jobs 1.") from None
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _unheard_by_children() -> Iterator[None]:
    """Has the processes that are started meanwhile never hear Ctrl-C; this one hears it right after.

    It is for the one that started them, which ends them in good order; one that is still loading could only complain.
    """
    if sys.platform == "win32":
        yield
    else:
        # The first process that is started brings this helper along, which would let the signal through again.
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
