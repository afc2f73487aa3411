"""The collector's pauses: they leave it as it was, also one inside another, and what is kept stays kept."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from exercise.session import collector
from exercise.session.collector import collector_paused, keep, let_go


@pytest.fixture
def as_it_was() -> Iterator[None]:
    """The collector of the tests themselves, as it was before."""
    yield
    gc.enable()
    keep()


@pytest.mark.usefixtures("as_it_was")
def test_a_pause_inside_another_does_not_end_it() -> None:
    """Protects long work of many parts: the collector stays away until all of it is done."""
    with collector_paused():
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


@pytest.mark.usefixtures("as_it_was")
def test_what_is_kept_stays_kept_and_is_never_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects a room of people: to ask how much is kept takes as long as there is much, at every look at a log."""
    let_go()
    with collector_paused():
        pass
    assert gc.get_freeze_count() == 0

    keep()
    kept = gc.get_freeze_count()
    monkeypatch.delattr(collector.gc, "get_freeze_count")
    with collector_paused():
        pass
    monkeypatch.undo()
    assert gc.get_freeze_count() == kept > 10_000
