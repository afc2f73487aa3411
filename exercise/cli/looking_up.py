"""`exercise commitments`: the catalogue in the language of whoever looks something up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exercise.authoring.nearest import did_you_mean
from exercise.catalogue import show
from exercise.cli.speaking import choose_language, named
from exercise.errors import UsageError
from exercise.language import SOURCE, languages


def look_up(language: str | None, entry: str | None, *, json: bool, **asked: Any) -> str:
    """One entry or a list, as text or data; what the language asked for does not have stays as it was written.

    Data are for programs, which are not to get other texts on another machine: they follow `language` alone.
    """
    if language is not None and named(language) not in languages():
        known = ", ".join(languages())
        near = did_you_mean(language, languages()) or "."
        raise UsageError(f"The catalogue is not kept in '{language[:40]}'{near} Known: {known}.")
    wanted = choose_language(language) if language is not None or not json else SOURCE
    return show.run(entry, json=json, texts=_texts(wanted), **asked)


def _texts(language: str) -> Mapping[str, str]:
    if language == SOURCE:
        return {}
    from exercise.authoring.translations import catalogue_texts, cited_texts

    return {**cited_texts(language), **catalogue_texts(language)}
