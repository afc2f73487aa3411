"""Signs that look like those YAML and ids are made of, as word processors, web pages and other keyboards bring them.

Where such a sign breaks the file, the parser's message leads astray; where it does not, the file says something else
than its author sees, so it is told all the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from exercise.core.times import parse_duration, parse_exercise_time

__all__ = [
    "CURLY_PAIR",
    "OPENS",
    "TORN",
    "WIDE_COLON",
    "bare",
    "curly_around",
    "ordinary",
    "time_meant",
    "torn",
    "unseen",
]

OPENS = frozenset("“„‟”«»‘‚‛’‹›")
"""Marks with which a quotation begins in one language or another."""
WIDE_COLON = re.compile("[\uff1a\ufe55\ua789\u02d0\u2236]")
_CLOSES = "“”‟«»‘’‛‹›\"'"
_CURLY_CLOSES = frozenset(_CLOSES) - {"'", '"'}
CURLY_PAIR = "curly quotation marks belong to the text and are shown with it; if they were to hold it together, type "
TORN = "curly quotation marks hold nothing together, so in these brackets the text ends at its first comma"
_BLANKS = re.compile(r"\s+")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")


def curly_around(text: str) -> bool:
    """Whether a text stands as a whole between marks that are not YAML's own: speech inside it does not count."""
    if len(text) < 3 or text[0] not in OPENS or text[-1] not in _CLOSES or "\n" in text:
        return False
    inner = text[1:-1]
    return not any(mark in inner for mark in OPENS - {"’"}) and text[-1] not in inner.replace("’", "")


def torn(items: Sequence[object]) -> int | None:
    """Which item of a list begins with such a mark that only a later item closes: a comma inside them has parted it."""
    opened: int | None = None
    for n, item in enumerate(items):
        if not isinstance(item, str) or len(item) < 2:
            continue
        # The last sign may be an apostrophe as well as a closing mark.
        if item[0] in OPENS - {"’"} and not any(mark in _CURLY_CLOSES for mark in item[1:].replace("’", "")):
            opened = n if item[-1] != "’" else None
        elif opened is not None and item[-1] in _CURLY_CLOSES and not any(mark in OPENS for mark in item[:-1]):
            return opened
    return None


def bare(key: str) -> str:
    """A key without quotation marks around it and without signs that cannot be seen."""
    return ordinary(key.strip("".join(OPENS))).strip()


def unseen(text: str) -> str:
    """The name of the first sign that cannot be seen, or that only looks like a blank; empty where there is none."""
    for sign in text:
        if not sign.isascii() and unicodedata.category(sign) in ("Cf", "Zs"):
            return f"U+{ord(sign):04X}"
    return ""


def ordinary(text: str) -> str:
    """The text in the signs that an ordinary keyboard has: wide letters, dashes and blanks, and nothing invisible."""
    seen = "".join(sign for sign in text if sign.isascii() or unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFKC", seen).translate(_DASHES)


def time_meant(text: str, *, of_story: bool) -> str:
    """How a time of the story, or a length, that cannot be read would be written; empty where it cannot be guessed."""
    plain = _BLANKS.sub("", ordinary(text)).strip("".join(OPENS) + "\"'").casefold()
    if of_story:
        # A bare 9:30 may be one on the wall, which is not to be guessed.
        found = re.sub(r"^t([+-]?)(\d+)(?:[.:h](\d\d)|h?$)", lambda m: f"T{m[1] or '+'}{m[2]}:{m[3] or '00'}", plain)
    else:
        found = re.sub(r"(\d)(minutes?|mins?|')", r"\1m", plain)
        found = re.sub(r"(\d)(hours?|hrs?)(?![a-z])", r"\1h", re.sub(r"(\d)(days?)(?![a-z])", r"\1d", found))
        found = f"{found}m" if found.isdecimal() else found
    try:
        (parse_exercise_time if of_story else parse_duration)(found)
    except ValueError:
        return ""
    return found
