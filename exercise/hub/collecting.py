"""Python's search for garbage, kept short in a process that runs many people's screens.

It looks through whatever was made since it looked last, and nobody's keys are answered meanwhile. While fifty people
come in that takes most of a second, again and again, for screens of which nothing is garbage until somebody leaves.
"""

from __future__ import annotations

import gc

from exercise.hub.leaving import give_back
from exercise.session.collector import keep, let_go


def calm_collector() -> None:
    """Looks through few objects at a time, and never again through what was loaded until now.

    Screens make and drop small objects all the time, few of them in circles: rarely would do, but takes long.
    """
    gc.set_threshold(3_000, 1, 300)
    gc.collect()
    keep()


def leave_out() -> None:
    """Has everything that stands now left out of each search, until `search_all`."""
    keep()


def search_all() -> None:
    """Looks through everything once, which holds everybody up for a moment, and gives free memory back."""
    let_go()
    gc.collect()
    keep()
    give_back()
