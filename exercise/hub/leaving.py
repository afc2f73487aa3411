"""Letting go of the screens of who has left, at once and whole.

Screens refer to one another in circles, and to look for circles takes half a second where fifty people are served, in
which nobody's keys are answered. So what is known to have ended is taken apart, and the search left for much later.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from textual.app import App
from textual.dom import DOMNode

Parts = tuple[DOMNode, ...]


def parts_of(app: App[Any]) -> Parts:
    """All that an app consists of while it still stands."""
    return (app, *app._registry)


def take_apart(parts: Iterable[DOMNode]) -> None:
    """Empties what an app consisted of that has ended, so that nothing of it holds another part."""
    for part in parts:
        # The styles of a part's parts, such as the marked line of a list, each hang on a node of their own.
        for styles in vars(part).get("_component_styles", {}).values():
            if styles.node is not None:
                vars(styles.node).clear()
        vars(part).clear()


def give_back() -> None:
    """Gives memory that is free back to the system, which glibc would keep for who comes next."""
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).malloc_trim(0)
