"""The language in which the program speaks to whoever looks at a screen: gettext, chosen for each task of its own.

One process may show screens in several languages at once, so the language is a context variable and not a global.
What is not translated is shown in English, the language of the source.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast
from unicodedata import combining, normalize

DOMAIN = "exercise"
SOURCE = "en"
"""The language in which everything is written first."""

Key = TypeVar("Key")
Words = TypeVar("Words", bound=str | tuple[str, ...])

_FOLDER = Path(__file__).resolve().parent / "locale"


class Voice:
    """What the tasks that share it speak; all of them go over to another language when it is given one."""

    def __init__(self, language: str) -> None:
        self.language = language or SOURCE


_ENGLISH = Voice(SOURCE)
_voice: ContextVar[Voice] = ContextVar("voice", default=_ENGLISH)


def folded(text: str) -> str:
    """Letters without case and without their marks, for a search: on a foreign keyboard people leave the marks out."""
    if text.isascii():
        return text.lower()
    # Composed again, since the syllables of Hangul come apart too, and a search shows what stands around a place.
    return normalize("NFC", "".join(sign for sign in normalize("NFD", text.casefold()) if not combining(sign)))


@cache
def languages() -> tuple[str, ...]:
    """The languages of the interface, the source's first."""
    found = sorted(path.parent.parent.name for path in _FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (SOURCE, *found)


def spoken() -> str:
    """The language spoken here and now."""
    return _voice.get().language


def speak(language: str) -> Voice:
    """Speaks a language from here on, in this task and those it starts; one that is not there means English."""
    voice = Voice(language)
    _voice.set(voice)
    return voice


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speaks a language for a while."""
    token = _voice.set(Voice(language))
    try:
        yield
    finally:
        _voice.reset(token)


def _(text: str) -> str:
    """The text in the language spoken; as it is where it has no translation."""
    language = spoken()
    return _catalogue(language).gettext(text) if text and language != SOURCE else text


def said_in(language: str, text: str) -> str:
    """The text in a language of its own, for places where people of several languages are served at once."""
    with speaking(language):
        return _(text)


def quoted(text: str) -> str:
    """Words or a title inside a sentence, in the marks of the language: they may hold a comma, or end with a stop."""
    return _("“{text}”").format(text=text)


def ngettext(one: str, many: str, number: int) -> str:
    """The form of a text that goes with a number: Latvian has three, English two."""
    return _catalogue(spoken()).ngettext(one, many, number)


def N_(text: str) -> str:
    """Marks a text that is translated only when it is shown, since it is written down while modules load."""
    return text


class Told(Mapping[Key, Words]):
    """A table of words, written down while modules load; each is read in the language spoken when it is looked up."""

    def __init__(self, words: Mapping[Key, Words]) -> None:
        self._words = words

    def __getitem__(self, key: Key) -> Words:
        words: Any = self._words[key]
        told: Any = _(words) if isinstance(words, str) else tuple(_(word) for word in words)
        return cast(Words, told)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


@lru_cache(maxsize=64)
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, _FOLDER, [language], fallback=True)
