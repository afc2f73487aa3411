"""Texts that authors wrap by hand, as paragraphs that a cell can flow, and back to lines as they had them."""

from __future__ import annotations

import re
from itertools import pairwise
from textwrap import wrap

from exercise.core.text import with_breaks

__all__ = ["joined", "wrapped_like"]

_ANEW = re.compile(r"\s|(?:#{1,6}|[-*+•>|]|\d{1,3}[.)])\s")
"""What begins a line of its own in any case: what is indented, headings, items of a list, quotations, tables."""
_WIDTH = 116
_AS_IT_IS = ("```", "~~~", "\\\n")
"""Code is never flowed, and a text that marks its breaks itself is left alone."""


def joined(text: str) -> str:
    """A text with each paragraph on one line, however its author wrapped it; line ends that were meant stay."""
    if any(sign in text for sign in _AS_IT_IS):
        return text
    lines = with_breaks(text).split("\n")
    parts: list[str] = []
    for written, (line, after) in zip(text.split("\n"), pairwise([*lines, ""]), strict=True):
        # A sign that stood there before is a word of the author's.
        meant = line.endswith("\\") and not written.endswith("\\")
        plain = line[:-1] if meant else line
        ends = meant or not line.strip() or not after.strip() or _ANEW.match(after) or line.startswith(("#", "|"))
        parts += [plain, "\n" if ends else " "]
    return "".join(parts[:-1])


def wrapped_like(old: str, new: str) -> str:
    """A text from a cell with lines as its author wrapped them before, so that only what changed differs.

    A text that stood on long lines keeps them, unless a line end of the cell would then be taken for mere wrapping.
    """
    flowed = joined(old) != old
    if not flowed and joined(new) == new:
        return new
    width = max(map(len, old.split("\n"))) if flowed else _WIDTH
    lines = [
        part
        for line in new.split("\n")
        for part in (wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""])
    ]
    found = "\n".join(lines)
    return found if joined(found) == new else new
