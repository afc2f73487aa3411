"""The catalogue in another language, for whoever looks something up: its texts by id, as a translation has them.

The files of translations are read by those who also check them; here their texts take the places of the catalogue's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from exercise.catalogue import Catalogue
from exercise.catalogue.requests import RequestBook
from exercise.core.tongues import with_texts

__all__ = ["told"]

Book = TypeVar("Book", Catalogue, RequestBook)

_TABLES: Mapping[type[Catalogue | RequestBook], Mapping[str, str]] = {
    Catalogue: {**{name: name for name in ("instruments", "commitments", "threats")}, "actors": "catalogue_actors"},
    RequestBook: {"kinds": "request_kinds", "channels": "request_channels"},
}
"""The tables whose texts are read, each with the name that its ids begin with."""


def told(book: Book, texts: Mapping[str, str]) -> Book:
    """The catalogue, or the book of requests, with the texts that are known; without any it is the book itself."""
    if not texts:
        return book
    changed: dict[str, Any] = {
        table: {id: with_texts(entry, f"{under}.{id}", texts) for id, entry in getattr(book, table).items()}
        for table, under in _TABLES[type(book)].items()
    }
    return replace(book, **changed)
