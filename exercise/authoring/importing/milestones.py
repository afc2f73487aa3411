"""INJECT's conditions over milestones, such as `called and not (late or refused)`, as conditions over flags."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

__all__ = ["condition"]

_WORDS = re.compile(r"\(|\)|[\w.\-]+")
_MOST = 60


def condition(text: str, flag_of: Callable[[str], str | None]) -> dict[str, Any] | None:
    """The condition as data, or None where it is not understood or names a milestone that is not there."""
    words = _WORDS.findall(text)
    if not words or len(words) > _MOST or _WORDS.sub("", text).strip():
        return None
    reader = _Reader(words, flag_of)
    try:
        found = reader.either()
    except (IndexError, KeyError):
        return None
    return found if reader.place == len(words) else None


class _Reader:
    """Reads by precedence: or below and below not; the number of words bounds how deep it goes."""

    def __init__(self, words: list[str], flag_of: Callable[[str], str | None]) -> None:
        self._words = words
        self._flag_of = flag_of
        self.place = 0

    def either(self) -> dict[str, Any]:
        """Conditions joined by `or`."""
        return self._joined("or", "any", lambda: self._joined("and", "all", self._single))

    def _joined(self, word: str, key: str, part: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        parts = [part()]
        while self.place < len(self._words) and self._words[self.place].lower() == word:
            self.place += 1
            parts.append(part())
        return parts[0] if len(parts) == 1 else {key: parts}

    def _single(self) -> dict[str, Any]:
        word = self._words[self.place]
        self.place += 1
        if word.lower() == "not":
            return {"not": self._single()}
        if word == "(":
            inner = self.either()
            if self._words[self.place] != ")":
                raise KeyError(word)
            self.place += 1
            return inner
        flag = self._flag_of(word)
        if flag is None:
            raise KeyError(word)
        return {"flag": flag}
