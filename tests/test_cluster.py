"""An exploration that a Dask cluster shares: real workers, and what is said where they are not right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from exercise.analysis import cluster
from exercise.analysis.explore import explore
from exercise.authoring.library import find, read_scenario
from exercise.catalogue import load_reference
from exercise.core.scenario import Scenario
from exercise.errors import ExerciseError, UsageError

distributed = pytest.importorskip("distributed", reason="needs exercise[cluster]")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """A scenario that is quickly explored."""
    found, _, _ = read_scenario(find("first-light"))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a scheduler with two workers, each a process."""
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as found:
        yield found.scheduler_address


def test_a_cluster_finds_what_one_process_finds(scenario: Scenario, scheduler: str) -> None:
    """Protects the figures: who plays must not change what is found, twice by the same workers."""
    alone = [explore(scenario, load_reference(), runs=8, most_states=1, seed=seed) for seed in (1, 2)]

    shared = [
        explore(scenario, load_reference(), runs=8, most_states=1, seed=seed, scheduler=scheduler) for seed in (1, 2)
    ]

    assert shared == alone
    assert alone[0] != alone[1]


def test_workers_of_another_version_are_refused(
    scenario: Scenario, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protects the figures: results of two versions added up would be neither's."""
    monkeypatch.setattr(cluster, "__version__", "99.0")

    with pytest.raises(ExerciseError, match=r"A worker has version .*, and this is 99\.0"):
        explore(scenario, load_reference(), runs=8, most_states=1, scheduler=scheduler)


def test_no_scheduler_is_one_line(scenario: Scenario) -> None:
    """Protects whoever mistypes the address: one line that names it, and no traceback."""
    with pytest.raises(UsageError, match="no Dask scheduler with a worker answers there"):
        explore(scenario, load_reference(), runs=8, most_states=1, scheduler="nowhere")
