"""One of a long list: by its number, or by words of its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from exercise.language import _, folded
from exercise.plain.forms import TRIES, Cancelled, Lines
from exercise.plain.words import one_line


class Entry(NamedTuple):
    """A row of a list: the number before it, its name, and more words by which it may be found."""

    number: int
    name: str
    more: str = ""


def pick_one(lines: Lines, prompt: str, entries: Sequence[Entry], given: str = "") -> int:
    """The number of an entry; words that fit one take it, and of several all are listed to choose from.

    `given` is what was typed with the command.
    """
    known = {entry.number: entry for entry in entries}
    hint = _("A number of the list, or a word of its name; where several have it, they are listed.")
    tries = 0
    while tries < TRIES:
        text, given = given or lines.ask(prompt, hint), ""
        digits = text.lstrip("#").rstrip(".")
        if digits.isascii() and digits.isdigit() and len(digits) < 6 and int(digits) in known:
            return int(digits)
        found = [] if digits.isdigit() else _found(entries, text)
        if len(found) == 1:
            lines.say(_("Taken: {name}.").format(name=one_line(found[0].name)))
            return found[0].number
        for entry in found:
            lines.say(f"{entry.number}. {one_line(entry.name)}")
        if not found:
            tries += 1
            if digits.isdigit():
                lines.say(_("There is no number {text}.").format(text=text[:20]))
            elif text:
                lines.say(_("Nothing in the list has '{words}'.").format(words=text[:60]))
            lines.say(_("Type a number of the list, or a word of its name; 'cancel' leaves."))
    raise Cancelled


def _found(entries: Sequence[Entry], text: str) -> list[Entry]:
    """Those whose name holds all the words; only where there is none, those that hold them anywhere."""
    words = folded(one_line(text)).split()
    if not words:
        return []
    named = [entry for entry in entries if all(word in folded(entry.name) for word in words)]
    return named or [entry for entry in entries if all(word in folded(f"{entry.name} {entry.more}") for word in words)]
