"""What all tests share: how hypothesis searches, and that nothing is left out unseen on the build server."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator

import pytest
from cluster import Cluster, binaries, running
from hypothesis import settings

from exercise.session.collector import keep

# What is on the screen is compared word by word, whatever the language of whoever runs the tests.
os.environ["EXERCISE_LANGUAGE"] = "en"

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

# No deadlines: a slow machine is no defect. On the build server the same examples each time: a red run means a change.
settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if IN_CI else "dev")


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip on the build server into a failure with its reason, for what a test needs is installed there."""
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid}: where CI is set a skip is a failure: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Look at each test's outcome, skip marks included."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Look at each file's outcome too, for a whole file can skip itself."""
    report = yield
    _refuse_skip(report)
    return report


def pytest_collection_finish() -> None:
    """Let the collector leave alone what lives as long as the tests: looking it through took a third of the time."""
    gc.collect()
    keep()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Give a PostgreSQL server of our own, made once for all tests of a process."""
    programs = binaries()
    if programs is None:
        pytest.skip("no PostgreSQL here; on Debian or Ubuntu: apt install postgresql")
    # It has to outlive its own crashes only, not the machine's.
    with running(programs, "fsync = off", "full_page_writes = off") as made:
        yield made
