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
    """One entry or a list, as text or data; what the language asked for does not have stays as it was written."""
    return show.run(entry, json=json, texts=texts_in(language, json=json), **asked)


def texts_in(language: str | None, *, json: bool) -> Mapping[str, str]:
    """The catalogue's texts as they are to be read, and the language that is spoken from here on.

    Data are for programs, which are not to get other texts on another machine: they follow `language` alone.
    """
    if language is not None and named(language) not in languages():
        known = ", ".join(languages())
        near = did_you_mean(language, languages()) or "."
        raise UsageError(f"The catalogue is not kept in '{language[:40]}'{near} Known: {known}.")
    wanted = choose_language(language) if language is not None or not json else SOURCE
    if wanted == SOURCE:
        return {}
    from exercise.authoring.translations import catalogue_texts, cited_texts

    return {**cited_texts(wanted), **catalogue_texts(wanted)}
