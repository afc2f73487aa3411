"""What `exercise translate --check` looks at: that a translation is there, and that it kept what must not change.

Numbers, times, addresses and markings are what people act on; a slip in one of them changes the exercise for those who
read that language, and nobody else would ever see it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exercise.authoring.problems import Problem
from exercise.authoring.translations import family
from exercise.core.text import clean_text
from exercise.core.tongues import Words

if TYPE_CHECKING:
    import polib

MISSING = "is not translated"

ROOM: Mapping[str, int] = {"title": 70, "name": 90, "from": 60, "channel": 40, "hours": 40, "source": 60, "unit": 16}
"""Characters that a label may have on a screen of 80 columns, unless its source is longer already."""

_KEPT: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("placeholder", re.compile(r"\{[A-Za-z_][\w.]*(?:![rsa])?(?::[^{}]*)?\}|%\([a-z_]+\)[sd]|%[sd]")),
    ("marking", re.compile(r"TLP:[A-Z+]+")),
    ("address", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:[a-z0-9-]+\.)+(?:example|invalid|test)(?:/[\w/-]*)?")),
    ("reference", re.compile(r"\b[A-Z]{2,}(?:-\d+(?:/\d+)*| \d+(?:/\d+)+)\b")),
    ("number or time", re.compile(r"\+?\d+(?:[.,:]\d+)*(?:(?<=\d)\s\d{3}\b)*")),
    ("code", re.compile(r"`[^`\n]+`")),
)
_ALWAYS = re.compile(r"\b24/7\b")
"""Day and night: a phrase, for which a language may have a word."""
_TIME = re.compile(r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?")
_MARKUP = (("**", re.compile(r"\*\*")), ("*", re.compile(r"(?<!\*)\*(?!\*)")), ("`", re.compile("`")))
_LINE = re.compile(r"^[ \t]*(#{1,6} |[-*+] |\d+[.)] |\|)?", re.MULTILINE)


@dataclass
class Count:
    """How far one part of a scenario is translated."""

    texts: int = 0
    done: int = 0
    to_look_at: int = 0
    words: int = 0
    """Words of the source that are still to be translated."""


def counts(file: polib.POFile, words: Iterable[Words]) -> dict[str, Count]:
    """How far each part is translated, in the order of the texts."""
    entries = {entry.msgctxt: entry for entry in file if not entry.obsolete}
    found: dict[str, Count] = {}
    for one in words:
        if one.usual:
            continue
        count = found.setdefault(section(one.id), Count())
        count.texts += 1
        entry = entries.get(one.id)
        if entry is not None and entry.msgstr and clean_text(entry.msgid).strip() == one.text:
            count.to_look_at += "fuzzy" in entry.flags
            count.done += "fuzzy" not in entry.flags
        if entry is None or not entry.msgstr:
            count.words += len(one.text.split())
    return found


def section(id: str) -> str:
    """The part of a scenario that a text belongs to."""
    first, dot, _rest = id.partition(".")
    return first if dot else "the whole"


def findings(file: polib.POFile, name: str, words: Iterable[Words]) -> list[Problem]:
    """All that is missing, out of date or suspicious in a scenario's file, in the order of its lines."""
    known = {one.id: one for one in words if not one.usual}
    found: list[Problem] = []
    seen: set[str] = set()
    moved = {(family(one.id), one.text): one for one in known.values()}
    for entry in file:
        if entry.obsolete or not entry.msgctxt:
            continue
        source = clean_text(entry.msgid).strip()
        one = known.get(entry.msgctxt)
        if one is None or one.text != source:
            one = moved.get((family(entry.msgctxt), source), one)
        texts = list(_entry(entry, one, source))
        if one is not None:
            if one.id in seen:
                texts.append("a second entry for the same text; one is enough")
            seen.add(one.id)
        found += [Problem(name, entry.linenum or 0, 1, entry.msgctxt[:120], text) for text in texts]
    for id in known.keys() - seen:
        found.append(Problem(name, 0, 0, id, "has no entry; `exercise translate --update` adds it"))
    return sorted(found)


def _entry(entry: polib.POEntry, one: Words | None, source: str) -> Iterator[str]:
    if one is None:
        yield "there is no such text any more; `exercise translate --update` puts it aside"
        return
    if source != one.text:
        yield "the text has changed since it was translated; `exercise translate --update`, then look at it"
        return
    said = clean_text(entry.msgstr)
    if not said.strip():
        yield MISSING
        return
    if "fuzzy" in entry.flags:
        yield "is marked as not yet looked at"
    if said != entry.msgstr:
        yield "holds invisible control characters, which are left out"
    if len(said.strip()) > one.longest:
        yield f"has {len(said.strip())} characters; {one.longest} fit"
    # An instrument's full title has lines of its own; tables and headings have the short one.
    is_label = not {"content", "mends", "instruments"} & {*one.place}
    room = max(ROOM.get(str(one.place[-1]), len(said)) if is_label else len(said), len(source))
    if room < len(said) <= one.longest:
        yield f"has {len(said)} characters; a screen shows about {room} of such a label"
    if said == source and len(source.split()) > 3 and not all(word[0].isupper() for word in source.split()):
        yield "is the same as its source"  # But for what is all names.
    yield from kept(source, said, label=one.longest <= 200)


def kept(source: str, said: str, *, label: bool = False) -> Iterator[str]:
    """What of a source a translation has lost or added: placeholders, markings, addresses, numbers, lines, markup.

    A label is shown as it is: that it begins with `2025.`, as dates do in some languages, makes no list of it.
    """
    source, said = source.strip(), said.strip()
    rest = [_ALWAYS.sub(" ", text) for text in (source, said)]
    for what, pattern in _KEPT:
        before, after = (Counter(map(_plain, pattern.findall(text))) for text in rest)
        if what == "number or time":
            _redot(after, before, pattern.findall(rest[1]))
        for text in sorted((before - after).elements()):
            yield f"lacks the {what} {text}"
        for text in sorted((after - before).elements()):
            yield f"has the {what} {text}, which its source has not"
        # What was compared once is not taken for a number again.
        rest = [pattern.sub(" ", text) for text in rest]
    lines = [[found.strip() for found in _LINE.findall(text)] for text in (source, said)]
    if len(lines[0]) != len(lines[1]):
        yield f"has {len(lines[1])} lines where its source has {len(lines[0])}"
    elif lines[0] != lines[1] and not label:
        place = next(n for n, (one, other) in enumerate(zip(*lines, strict=True), 1) if one != other)
        yield f"begins line {place} with {lines[1][place - 1]!r} instead of {lines[0][place - 1]!r}"
    elif [line.count("|") for line in source.split("\n")] != [line.count("|") for line in said.split("\n")]:
        yield "has a table with other cells than its source"
    for sign, pattern in _MARKUP:
        had, has = (len(pattern.findall(text)) for text in (source, said))
        if had != has:
            yield f"has {has} times {sign} where its source has {had}"


def _redot(after: Counter[str], before: Counter[str], written: list[str]) -> None:
    """Times of day that a translation writes with a full stop, as 02.14 for 02:14, are counted as in the source."""
    for time in filter(_TIME.fullmatch, [*(before - after)]):
        dotted = time.replace(":", ".")
        number = min((before - after)[time], (after - before)[dotted], written.count(dotted))
        after[dotted] -= number
        after[time] += number


def _plain(text: str) -> str:
    """A number without the signs that languages group and divide differently."""
    if not text[:1].isdigit():
        return text
    return re.sub(r"(?<=\d)[.,\s](?=\d{3}(?!\d))", "", text).replace(",", ".")


def interface_findings(file: polib.POFile, name: str) -> list[Problem]:
    """The same of the program's own words, where plural forms have to be whole as well."""
    forms = re.search(r"nplurals\s*=\s*(\d+)", file.metadata.get("Plural-Forms", ""))
    number = int(forms[1]) if forms else 2
    found: list[Problem] = []
    for entry in file:
        if entry.obsolete:
            continue
        said = [text for _n, text in sorted(entry.msgstr_plural.items())] if entry.msgid_plural else [entry.msgstr]
        texts: list[str] = []
        if not all(said):
            texts.append(MISSING)
        elif "fuzzy" in entry.flags:
            texts.append("is marked as not yet looked at")
        if entry.msgid_plural and len(said) != number:
            texts.append(f"has {len(said)} plural forms; this language has {number}")
        source = entry.msgid_plural or entry.msgid
        pattern = _KEPT[0][1]
        for text in filter(None, said):
            # A form for one thing may say it in words.
            if set(pattern.findall(text)) - set(pattern.findall(source)):
                texts.append("has a placeholder that its source has not")
            elif not entry.msgid_plural and Counter(pattern.findall(text)) != Counter(pattern.findall(source)):
                texts.append("lacks a placeholder of its source")
        found += [Problem(name, entry.linenum or 0, 1, f"'{entry.msgid[:40]}'", text) for text in texts]
    return sorted(found)
