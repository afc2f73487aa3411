"""What is said of a cell to whoever brings a sheet back: shortly, and around what differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Told", "even", "short", "shown"]


@dataclass(frozen=True)
class Told:
    """A line for whoever brings the sheet back; `open_` where something of the sheet is not carried."""

    row: int
    text: str
    sort: Literal["changed", "notes", "new", "missing", "open"] = "changed"


def even(text: str) -> str:
    """A text as cells are compared: programs drop blanks at line ends, and some the empty lines at the end."""
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def short(text: str) -> str:
    """The beginning of a text in quotes, on one line."""
    flat = " ".join(text.split())
    return f"'{flat[:56]}…'" if len(flat) > 57 else f"'{flat}'" if flat else ""


def shown(name: str, was: str, now: str, listed: bool = False) -> str:
    """Both texts around the place where they part."""
    between = " | " if listed else " "
    one, two = (" ".join(text.replace("\n", between).split()) for text in (was, now))
    same = next(
        (n for n, pair in enumerate(zip(one, two, strict=False)) if pair[0] != pair[1]), min(len(one), len(two))
    )
    start = max(0, one.rfind(" ", 0, max(same - 12, 0)) + 1) if max(len(one), len(two)) > 57 else 0
    lead = "…" if start else ""
    left, right = (f"{lead}{text[start : start + 56]}{'…' if len(text) > start + 56 else ''}" for text in (one, two))
    return f"{name}: '{left}' → '{right}'"
