"""What the program's own players write in requests: sentences with slots, filled here and told again in any language.

A text is a row of parts, so that each team can be told it part by part in its language. The parts of a kind of
request stand with the kind; those here are for what every kind has, and for kinds that say nothing of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, Field

SLOTS: Mapping[str, str] = {
    "us": "the writer's team",
    "them": "whoever it is written to",
    "role": "the writer's role that sees to such things",
    "title": "the title of what it is about",
    "matter": "what the writer knows of it",
    "facts": "the title, and what the writer knows of it",
    "holder": "who else holds it",
    "evidence": "what goes with it",
    "given": "what is handed over",
    "days": "for how many days data are kept",
    "ground": "the ground of a refusal",
    "missing": "the names of what is missing",
    "element": "the name of the element",
}
"""What a part may leave open, by the name that stands in braces."""

_SLOT = re.compile(r"\{([^{}]*)\}")


def _known_slots(part: str) -> str:
    if unknown := [name for name in _SLOT.findall(part) if name not in SLOTS]:
        raise ValueError(f"there is nothing to put in for '{{{unknown[0]}}}'; known are: {', '.join(SLOTS)}")
    return part


Part = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_known_slots)]
"""A sentence or two; what stands in braces is put in, and where there is nothing to put in the part is left out."""

ELEMENT = ("{title}.", "{role} of {us} tells more about it: {element}.")
"""For an element of a kind that says nothing of its own."""
CONDITIONS = ("We accept these conditions.", "{us}, {role}, sees to it that they are kept.")
READY = ("We are ready to help and need first: {missing}.",)
ACCEPTS = ("We take this on.", "In charge here: {role}.")
FULFILS = ("Done as agreed.", "Enclosed: {given}.")
REFUSES = ("No. {ground}.",)
NOT_NOW = ("Not now.",)
ALL_NOW = ("This is what we can say and do about it now.",)

PHRASES: Mapping[str, str] = {
    f"bots.{name}.{number}": part
    for name, parts in (
        ("element", ELEMENT),
        ("conditions", CONDITIONS),
        ("ready", READY),
        ("accepts", ACCEPTS),
        ("fulfils", FULFILS),
        ("refuses", REFUSES),
        ("not-now", NOT_NOW),
        ("all-now", ALL_NOW),
    )
    for number, part in enumerate(parts, 1)
}
"""By the id of their translation."""


@lru_cache(maxsize=2_048)
def _pieces(part: str) -> tuple[str, ...]:
    """A part as text, slot, text, slot … text."""
    return tuple(_SLOT.split(part))


def filled(parts: Iterable[str], slots: Mapping[str, str]) -> str:
    """The parts with their slots filled, one after another; a part with nothing to put in is left out."""
    said = []
    for part in parts:
        pieces = _pieces(part)
        if len(pieces) == 1:
            said.append(part)
        elif all(slots.get(name) for name in pieces[1::2]):
            said.append("".join([slots[piece] if n % 2 else piece for n, piece in enumerate(pieces)]))
    return " ".join(said)


_KEY = 2
"""Letters by which texts are looked up: enough to leave few, and no name is shorter."""
_MOST = 10
"""Parts of a text, and names in a slot: no text of ours has more, and one that somebody made up ends there."""
_NUMBER = re.compile(r"\d+")


class Said(dict[str, str]):
    """The texts of a scenario with what another language has for each, by which what bots made of them is told again.

    What is not known in all its parts was written by people and stays as it is. `same` are texts that count as known
    also where the language has nothing for them, as with many a name.
    """

    def __init__(self, said: Mapping[str, str], same: Iterable[str] = ()) -> None:
        super().__init__(said)
        self._found: dict[str, str] = {}
        self._whole: dict[str, list[str]] = {}
        self._open: dict[str, list[str]] = {}
        for text in sorted({*said, *same}, key=lambda text: (-len(text), text)):
            by_key = self._whole if len(_pieces(text)) == 1 else self._open
            by_key.setdefault(_key(text), []).append(text)

    def told(self, text: str) -> str:
        """A text as this language has it, whole or part by part."""
        found = self._found.get(text)
        if found is None:
            found = self.get(text) or next(self._read(text, 0, _MOST), text)
            self._found[text] = found
        return found

    def _read(self, text: str, start: int, most: int) -> Iterator[str]:
        """The rest of a text from a place on, read as a row of parts, of which there are no more than `most`."""
        for end, part in self._parts(text, start):
            if end == len(text):
                yield part
            elif text[end] == " " and most > 1:
                yield from (f"{part} {rest}" for rest in self._read(text, end + 1, most - 1))

    def _parts(self, text: str, start: int) -> Iterator[tuple[int, str]]:
        """The parts that may stand at a place, with where each ends: what is known whole, then what has slots."""
        yield from self._known(text, start)
        for part in (*self._open.get(text[start : start + _KEY], ()), *self._open.get("", ())):
            pieces = _pieces(part)
            for end, slots in self._fitted(text, start, pieces, {}):
                there = _pieces(self.get(part, part))
                if slots.keys() >= {*there[1::2]}:
                    yield end, "".join([slots[piece] if n % 2 else piece for n, piece in enumerate(there)])

    def _fitted(
        self, text: str, at: int, pieces: tuple[str, ...], slots: dict[str, str]
    ) -> Iterator[tuple[int, dict[str, str]]]:
        """Where a part with slots ends that stands at a place, with what is in its slots."""
        if not text.startswith(pieces[0], at):
            return
        at += len(pieces[0])
        if len(pieces) == 1:
            yield at, slots
            return
        for end, value in self._values(text, at, _MOST):
            yield from self._fitted(text, end, pieces[2:], {**slots, pieces[1]: value})

    def _values(self, text: str, at: int, most: int) -> Iterator[tuple[int, str]]:
        """What may stand in a slot at a place: a number, or what is known, of which there may be several in a row."""
        if number := _NUMBER.match(text, at):
            yield number.end(), number[0]
        for end, value in self._known(text, at):
            if most > 1 and text.startswith(", ", end):
                yield from ((last, f"{value}, {more}") for last, more in self._values(text, end + 2, most - 1))
            yield end, value

    def _known(self, text: str, at: int) -> Iterator[tuple[int, str]]:
        """The known texts that stand at a place, the longest first: names may have commas of their own."""
        for one in self._whole.get(text[at : at + _KEY], ()):
            if text.startswith(one, at):
                yield at + len(one), self.get(one, one)


def _key(text: str) -> str:
    """By which a text is looked up; nothing where a slot comes too early to tell."""
    return _pieces(text)[0][:_KEY] if len(_pieces(text)[0]) >= _KEY else ""
