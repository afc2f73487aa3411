"""Keys that a message names for readers with a screen, and the words that stand for them by lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exercise.language import _
from exercise.plain.words import joined, say

_WORDS = {"c": "contacts", "p": "ping", "r": "requests", "w": "ask"}
"""The command of each key that a text may tell a newcomer to press and that means another one by lines."""


def in_words(text: str, width: int) -> Iterator[str]:
    """What to type in place of the keys that a text says to press; nothing where it names none."""
    press = "|".join(re.escape(word) for word in ("press", _("press")))
    named = re.findall(rf"(?i:{press})\s+([a-z])\b(?!')", text)
    found = [key for key in dict.fromkeys(named) if key in _WORDS]
    if found:
        words = joined(_("'{word}' for {key}").format(word=_WORDS[key], key=key) for key in found)
        yield from say(_("By lines you type a word where a key is named: {words}.").format(words=words), width)
