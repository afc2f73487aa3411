"""The garbage collector, kept out of the way where many records are made and none is rubbish."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_kept = False
"""Whether something is left out of each search; to ask the collector itself takes as long as there is much of it."""


def keep() -> None:
    """Has everything that stands now left out of each search, until `let_go`."""
    global _kept
    gc.freeze()
    _kept = True


def let_go() -> None:
    """Has everything searched again."""
    global _kept
    gc.unfreeze()
    _kept = False


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keeps the garbage collector still while many records are made: it would look at all of them again and again.

    Afterwards they count as old, or the next few records made would have it look at all of them at once.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if not _kept:
            gc.freeze()
            gc.unfreeze()
        gc.enable()
