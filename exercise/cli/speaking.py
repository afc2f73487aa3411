"""Which language the program speaks to whoever started it, decided in one place by every command with screens."""

from __future__ import annotations

import os

from exercise.language import SOURCE, languages, speak

VARIABLE = "EXERCISE_LANGUAGE"
"""Says it for good, whatever the machine's own language is."""
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


def choose_language(wanted: str | None = None, kept: str = "") -> str:
    """What was asked for on the command line, else in the environment, else the machine's language; it is spoken now.

    `kept` is the language in which a game was read before, and comes before the machine's. A language that only the
    scenario has is handed back all the same; the interface speaks English then.
    """
    asked = wanted or os.environ.get(VARIABLE, "")
    found = named(asked or kept or next(filter(None, map(os.environ.get, _LOCALE)), "") or "")
    if not asked and found not in languages():
        found = SOURCE
    speak(found)
    return found


def named(locale: str) -> str:
    """`lv` for `lv`, `LV`, `lv-LV` and `lv_LV.UTF-8`; as it was given where the interface has nothing like it."""
    plain = locale.partition(".")[0].partition("@")[0].replace("-", "_")
    known = {language.casefold(): language for language in languages()}
    short = plain.partition("_")[0].casefold()
    return known.get(plain.casefold()) or known.get(short) or plain or SOURCE
