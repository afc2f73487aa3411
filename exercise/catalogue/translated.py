"""The catalogue in another language, for whoever looks something up: its texts by id, as a translation has them.

The files of translations are read by those who also check them; here their texts take the places of the catalogue's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from exercise.catalogue import Catalogue
from exercise.catalogue.requests import RequestBook
from exercise.core.tongues import Told, with_texts

__all__ = ["told_book", "told_catalogue"]


def told_catalogue(catalogue: Catalogue, texts: Mapping[str, str]) -> Catalogue:
    """The catalogue with the titles and paraphrases that are known; without any it is the catalogue itself."""
    if not texts:
        return catalogue
    return replace(
        catalogue,
        instruments=_told("instruments", catalogue.instruments, texts),
        commitments=_told("commitments", catalogue.commitments, texts),
        threats=_told("threats", catalogue.threats, texts),
    )


def told_book(book: RequestBook, texts: Mapping[str, str]) -> RequestBook:
    """The kinds and channels of request in the same way."""
    if not texts:
        return book
    return replace(
        book,
        kinds=_told("request_kinds", book.kinds, texts),
        channels=_told("request_channels", book.channels, texts),
    )


def _told(under: str, entries: Mapping[str, Told], texts: Mapping[str, str]) -> dict[str, Told]:
    return {id: with_texts(entry, f"{under}.{id}", texts) for id, entry in entries.items()}
