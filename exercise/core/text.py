"""Cleaning of texts that come from outside, done once where each enters, so that no later place has to think of it."""

from __future__ import annotations

import re
from unicodedata import is_normalized, normalize

__all__ = ["HOSTILE", "LONGEST_TEXT", "clean_text", "clean_words", "is_clean", "printable", "with_breaks"]

# Terminal escapes need C0, DEL or C1; direction overrides make a text read as something else; lone surrogates cannot
# be written as UTF-8; the Unicode line separators would split a log's line. The zero-width joiner stays: emoji need it.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
HOSTILE = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_BIDI}\u2028\u2029\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\u2028\u2029]")


def printable(text: str) -> bool:
    """Whether there is nothing in it but what can be printed, and line ends: a look a tenth as long as a search.

    All that is hostile cannot be printed; a blank that must not break cannot either, so a search may follow.
    """
    return text.isprintable() or text.replace("\n", " ").isprintable()


def is_clean(text: str) -> bool:
    """Whether `clean_text` would leave a text as it is."""
    harmless = printable(text) or not HOSTILE.search(text)
    return harmless and (text.isascii() or is_normalized("NFC", text))


def clean_text(text: str) -> str:
    """Return `text` in Unicode's composed form, line ends as newline, without what could steer a terminal or mislead.

    Text from YAML, the network and the log is hostile, and every screen shows it; a text that is clean already comes
    back as it is, after two quick looks. Cleaning twice changes nothing.
    """
    if text.isascii() and text.isprintable():
        return text
    if not printable(text) and HOSTILE.search(text):
        text = HOSTILE.sub("", _LINE_END.sub("\n", text))
    if text.isascii() or is_normalized("NFC", text):
        return text
    return normalize("NFC", text)


LONGEST_TEXT = 4_000
"""Characters kept of what a participant writes, counted after cleaning, which may lengthen it."""


def clean_words(text: str) -> str:
    """What somebody typed, cleaned, without blanks around it and no longer than a text may be."""
    return clean_text(text)[:LONGEST_TEXT].strip()


_STARTS_ANEW = re.compile(r"\s*(?:#{1,6}|[-*+•>|]|\d{1,3}[.)])\s")
"""Headings, items of a list and quotations begin a line of their own without any mark."""
_TIMED = re.compile(r"\d{1,2}:\d\d\b")
"""A line that opens with a time of day is an entry of a log, however full the line before it is."""
_LABELLED = re.compile(r"[A-Z][\w ]{0,24}: ")
"""So is one that opens with what it is: Classification, Handling, Request."""
_NARROWEST = 72
"""Nobody fills lines to less than this; shorter ones were ended on purpose."""
_CLOSED = re.compile(r"[.!?:…\\][\"'”’»)\]*_]*\s*$")
"""What ends a sentence. A long line that stops in the middle of one was wrapped there, however long its neighbours."""


def with_breaks(text: str) -> str:
    """Marks with a backslash, as Markdown has it, the line ends that an author meant and did not merely wrap at.

    A line was ended on purpose where the next word would still have fitted: signatures, logs, addresses. Texts shown to
    people are paragraphs otherwise, and are wrapped anew for each screen. One line that is longer than the others,
    as an editor leaves it after a correction, does not make ends of all the rest.
    """
    lines = text.split("\n")
    pairs = list(zip(lines, [*lines[1:], ""], strict=True))
    filled = max((len(line) for line, after in pairs if line.strip() and after.strip()), default=0)
    width = filled if filled >= _NARROWEST else len(text)
    marked = []
    for line, after in pairs:
        word = next(iter(after.split(maxsplit=1)), "")
        ended = len(line) < _NARROWEST or _CLOSED.search(line) or _LABELLED.match(after)
        fits = bool(line.strip() and word) and bool(
            _TIMED.match(word) or (ended and len(line) + 1 + len(word) <= width)
        )
        # An indented line goes on with the item above it.
        meant = fits and not after[0].isspace() and not _STARTS_ANEW.match(after) and not line.lstrip().startswith("#")
        marked.append(f"{line.rstrip()}\\" if meant and not line.endswith("\\") else line)
    return "\n".join(marked)
