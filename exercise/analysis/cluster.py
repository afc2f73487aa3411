"""Work shared out over a Dask cluster: the crew of `sharing`, on machines that run `dask worker`."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import islice
from typing import Any, TypeVar
from uuid import uuid4

from exercise import __version__
from exercise.analysis.sharing import Share
from exercise.errors import ExerciseError, UsageError

C = TypeVar("C")
R = TypeVar("R")

PATIENCE = 10
"""Seconds that a scheduler has to answer, and then as many for its first worker."""


@contextmanager
def cluster(
    address: str, prepare: Callable[..., None], given: tuple[Any, ...], work: Callable[[C], R]
) -> Iterator[Share[C, R]]:
    """The workers of a scheduler, each process prepared once with what is given; as for `crew` otherwise.

    Raises `UsageError` where nothing answers at the address, `ExerciseError` where a worker has not this program.
    """
    try:
        dask: Any = import_module("distributed")
    except ImportError:
        raise UsageError(
            "--scheduler needs more than is installed; put it in with: pipx install 'exercise[cluster]'."
        ) from None
    with _patient(address):
        asyncio.run(_knock(dask, address))
        client = dask.Client(address, timeout=PATIENCE, set_as_default=False)
    try:
        with _patient(address):
            client.wait_for_workers(1, timeout=PATIENCE)
        _same_program(client)
        task = uuid4().hex
        kit = client.scatter([(task, prepare, given)], broadcast=True, hash=False)[0]

        def share(pieces: Iterable[C]) -> Iterator[R]:
            rest = iter(pieces)

            def submit(piece: C) -> Any:
                return client.submit(_at_worker, kit, work, piece, pure=False)

            # Handed out as they are taken: twice as many as hands, so that none waits for the next.
            hands = sum(client.nthreads().values())
            running = dask.as_completed([submit(piece) for piece in islice(rest, 2 * hands)], loop=client.loop)
            for future in running:
                found: R = future.result()
                future.release()
                for piece in islice(rest, 1):
                    running.add(submit(piece))
                yield found

        yield share
    except dask.KilledWorker:
        raise ExerciseError("The workers of the scheduler were ended from outside, one after another.") from None
    finally:
        client.close()


async def _knock(dask: Any, address: str) -> None:
    """A client that finds nobody takes a minute to give up, and complains at the end."""
    comm = await dask.connect(address, timeout=PATIENCE)
    await comm.close()


@contextmanager
def _patient(address: str) -> Iterator[None]:
    try:
        yield
    except (OSError, TimeoutError, ValueError, ImportError):
        # Dask takes any word for an address, and says of a wrong one many different things.
        raise UsageError(
            f"{address}: no Dask scheduler with a worker answers there; see `dask scheduler --help`."
        ) from None


def _same_program(client: Any) -> None:
    """Results of two versions added up would be neither's."""
    try:
        versions = set(client.run(program_version).values())
    except Exception as error:  # Whatever a worker says that has no such module to look into.
        raise ExerciseError(f"A worker of the scheduler cannot run this program: {error}"[:300]) from None
    if other := versions - {__version__}:
        raise ExerciseError(f"A worker has version {min(other)} of this program, and this is {__version__}.")


def program_version() -> str:
    """What a worker has installed."""
    return __version__


_prepared = ""
_one_at_a_time = threading.Lock()


def _at_worker(kit: tuple[str, Callable[..., None], tuple[Any, ...]], work: Callable[[C], R], piece: C) -> R:
    """One piece, in a process that is prepared for its task first; what is prepared is one for each process."""
    global _prepared
    task, prepare, given = kit
    with _one_at_a_time:
        if _prepared != task:
            prepare(*given)
            _prepared = task
        return work(piece)
