"""The language in which the program speaks to whoever looks at a screen: gettext, chosen for each task of its own.

One process may show screens in several languages at once, so the language is a context variable and not a global.
What is not translated is shown in English, the language of the source.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

DOMAIN = "exercise"
SOURCE = "en"
"""The language in which everything is written first."""

_FOLDER = Path(__file__).resolve().parent / "locale"
_spoken: ContextVar[str] = ContextVar("language", default=SOURCE)


def languages() -> tuple[str, ...]:
    """The languages of the interface, the source's first."""
    found = sorted(path.parent.parent.name for path in _FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (SOURCE, *found)


def spoken() -> str:
    """The language spoken here and now."""
    return _spoken.get()


def speak(language: str) -> None:
    """Speaks a language from here on, in this task and those it starts; one that is not there means English."""
    _spoken.set(language or SOURCE)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speaks a language for a while."""
    token = _spoken.set(language or SOURCE)
    try:
        yield
    finally:
        _spoken.reset(token)


def _(text: str) -> str:
    """The text in the language spoken; as it is where it has no translation."""
    return _catalogue(_spoken.get()).gettext(text) if text else text


def ngettext(one: str, many: str, number: int) -> str:
    """The form of a text that goes with a number: Latvian has three, English two."""
    return _catalogue(_spoken.get()).ngettext(one, many, number)


def pgettext(context: str, text: str) -> str:
    """The text in the language spoken, where the same English words mean different things."""
    return _catalogue(_spoken.get()).pgettext(context, text)


def N_(text: str) -> str:
    """Marks a text that is translated only when it is shown, since it is written down while modules load."""
    return text


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, _FOLDER, [language], fallback=True)
