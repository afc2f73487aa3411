"""Texts in other languages, kept beside a scenario as gettext files: `texts/lv.po`, an entry for each text by its id.

An entry counts only while its source is what the author's text says now: a translation of an older text would tell
people something else than the scenario does, so the text is shown in the scenario's language until somebody looked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from exercise.authoring.problems import Problem, quoted
from exercise.authoring.source_text import LARGEST_SCENARIO, read_text
from exercise.core.commitments import Actor, Commitment, Instrument, Model, Threat
from exercise.core.requests.kinds import Channel, RequestKind
from exercise.core.requests.phrases import PHRASES
from exercise.core.text import clean_text
from exercise.core.tongues import Words, texts_of

if TYPE_CHECKING:
    import polib

    from exercise.core.scenario import Scenario

FOLDER = "texts"
"""Where a scenario keeps its texts, translated ones too."""

LANGUAGE = re.compile(r"[a-z]{2,3}([_-][A-Za-z]{2,4})?")
"""A language as a file is named after it."""

CATALOGUE = Path(__file__).resolve().parent.parent / "catalogue" / FOLDER
"""The catalogue's kinds and channels of request in other languages, which every scenario has."""

CITED = CATALOGUE / "commitments"
"""Instruments and commitments in other languages, as far as somebody has translated them."""

_IN_PLAY = re.compile(r"instruments\.[^.]+\.(title|short|addressees)|commitments\..+|threats\.[^.]+\.says")
"""What marks, clauses and papers show of them; the rest is only looked up, and no scenario or log carries it."""

_PLACE = re.compile(r"\.\d+(?=\.|$)")

_SAID = re.compile(r'(?:#~\s+)?(?:msg(?:ctxt|id_plural|id|str(?:\[\d+\])?)\s+|(?="))(.*)')
"""A line with a text in it: with its name, or going on with the text of the line above."""

_BETWEEN_QUOTES = re.compile(r'"(?:[^"\\]|\\.)*"')


class RequestTexts(Model):
    """The catalogue's kinds and channels, under the names that they have in a scenario."""

    request_kinds: tuple[RequestKind, ...]
    request_channels: tuple[Channel, ...]


class CitedTexts(Model):
    """The catalogue's instruments, commitments and threats, under the names by which marks and reports cite them.

    Its actors have a name of their own: a scenario has actors too, and may call one as the catalogue does.
    """

    instruments: tuple[Instrument, ...]
    commitments: tuple[Commitment, ...]
    threats: tuple[Threat, ...]
    catalogue_actors: tuple[Actor, ...]


@dataclass(frozen=True)
class Translated:
    """One language's file, read against the texts as they stand."""

    texts: Mapping[str, str]
    """By id, what counts."""
    problems: tuple[Problem, ...]
    """What does not, with its line."""


def open_po(path: Path, name: str) -> tuple[polib.POFile | None, list[Problem]]:
    """A gettext file, or what is wrong with it; never raises for what stands in it."""
    import polib

    read = read_text(path, name, LARGEST_SCENARIO)
    if read.text is None:
        # A scenario is sound without its translations.
        return None, [replace(problem, severity="warning") for problem in read.problems]
    bare = _bare_line(read.text)
    if bare is not None:
        line, said = bare
        return None, [Problem(name, line, 1, "", f"{said}; until then nothing of this file counts", "warning")]
    try:
        return polib.pofile(read.text if read.text.strip() else "\n", check_for_duplicates=False), []
    except (OSError, ValueError, IndexError, KeyError, AttributeError) as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else 0
        unread = "this is no gettext file from here on, so nothing of it counts"
        return None, [Problem(name, line, 1 if line else 0, "", unread, "warning")]


def _bare_line(text: str) -> tuple[int, str] | None:
    """The first line whose text does not stand between quotation marks, and why: polib cuts both ends off unseen."""
    for number, line in enumerate(text.splitlines(), 1):
        found = _SAID.fullmatch(line.strip())
        if found is None or _BETWEEN_QUOTES.fullmatch(found[1]):
            continue
        if len(found[1]) > 1 and found[1][0] == found[1][-1] == '"' and not found[1].endswith('\\"'):
            return number, 'a quotation mark inside a text has a backslash before it: \\"'
        return number, 'a straight quotation mark is missing before or behind the text of this line: "…"'
    return None


def family(id: str) -> str:
    """An id without the places in lists, which move when something is put before them."""
    return _PLACE.sub(".#", id)


def read_language(path: Path, name: str, words: Iterable[Words]) -> Translated:
    """What a file says of these texts, as far as it is a translation of them as they stand."""
    file, problems = open_po(path, name)
    if file is None:
        return Translated({}, tuple(problems))
    by_id = {one.id: one for one in words}
    moved = {(family(one.id), one.text): one for one in by_id.values()}
    texts: dict[str, str] = {}
    for entry in file:
        if entry.obsolete or not entry.msgctxt or not entry.msgstr:
            continue
        said, source = clean_text(entry.msgstr).strip(), clean_text(entry.msgid).strip()
        known = by_id.get(entry.msgctxt)
        if known is None or known.text != source:
            known = moved.get((family(entry.msgctxt), source), known)
        fault = _fault(known, entry, source, said)
        if fault:
            problems.append(Problem(name, entry.linenum or 0, 1, entry.msgctxt[:120], fault, "warning"))
        elif known is not None and said:
            texts[known.id] = said
    return Translated(texts, tuple(problems))


def _fault(known: Words | None, entry: polib.POEntry, source: str, said: str) -> str:
    if known is None:
        return "there is no such text any more; `exercise translate --update` puts it aside"
    if known.text != source:
        return "the text has changed since it was translated, so it is shown untranslated; translate it anew"
    if "fuzzy" in entry.flags:
        return "this translation is marked as not yet looked at, so the text is shown untranslated"
    if len(said) > known.longest:
        return f"this has {len(said)} characters, and {known.longest} fit here; the text is shown untranslated"
    return ""


def languages_beside(scenario: Path) -> dict[str, Path]:
    """The languages that a scenario's folder has texts in, with their files."""
    try:
        found = sorted((scenario.parent / FOLDER).glob("*.po"))
    except OSError:
        return {}
    return {path.stem: path for path in found if LANGUAGE.fullmatch(path.stem)}


def read_translations(scenario: Scenario, path: Path, shown: str) -> tuple[dict[str, Mapping[str, str]], list[Problem]]:
    """A scenario's texts in other languages, and what of its files does not count.

    `scenario` is as its file has it, without the catalogue's kinds; `shown` is the folder as problems are to name it.
    """
    files = languages_beside(path)
    words = tuple(texts_of(scenario)) if files else ()
    found: dict[str, Mapping[str, str]] = {}
    problems: list[Problem] = []
    for language, file in files.items():
        name = f"{shown}{FOLDER}/{file.name}"
        if language == scenario.language:
            problems.append(Problem(name, 0, 0, "", "the scenario itself is written in this language", "warning"))
            continue
        read = read_language(file, name, words)
        problems += read.problems
        found[language] = read.texts
    for team in scenario.teams:
        if team.language and team.language not in {scenario.language, *found}:
            where, what = f"{shown}{path.name}", f"teams[{team.id}].language"
            advice = f"there is no {FOLDER}/{team.language}.po, so this team reads {quoted(scenario.language)}"
            problems.append(Problem(where, 0, 0, what, advice, "warning"))
    return found, problems


class Later(Mapping[str, Mapping[str, str]]):
    """A scenario's texts in other languages, each read from its file once somebody wants it: most are never read."""

    def __init__(self, scenario: Scenario, path: Path) -> None:
        self._scenario = scenario
        self._held: dict[str, Path | Mapping[str, str]] = {
            tag: file for tag, file in languages_beside(path).items() if tag != scenario.language
        }
        """By language its file, or what was read in it."""

    def __getitem__(self, language: str) -> Mapping[str, str]:
        held = self._held[language]
        if isinstance(held, Path):
            held = self._held[language] = read_language(held, held.name, texts_of(self._scenario)).texts
        return held

    def having(self, texts: Mapping[str, Mapping[str, str]]) -> Later:
        """The same, with these in some languages."""
        new = copy(self)
        new._held = {**self._held, **texts}
        return new

    def __contains__(self, language: object) -> bool:
        return language in self._held

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)


def with_forms(scenario: Scenario) -> Scenario:
    """The scenario with the catalogue's texts in the languages that its teams read; its own kinds stay as they are."""
    read = {team.language for team in scenario.teams} - {"", scenario.language}
    if not read:
        return scenario
    held = scenario.translations
    own = {language: {**forms_in(scenario, language), **held.get(language, {})} for language in read}
    return scenario.model_copy(
        update={"translations": held.having(own) if isinstance(held, Later) else {**held, **own}}
    )


def forms_in(scenario: Scenario, language: str) -> Mapping[str, str]:
    """What the catalogue says in a language, but for forms that the scenario has in words of its own."""
    here = RequestTexts(request_kinds=scenario.request_kinds, request_channels=scenario.request_channels)
    shown = {**{one.id: one.text for one in texts_of(here)}, **PHRASES}
    same = {one.id for one in catalogue_words() if shown.get(one.id) == one.text}
    cited = {id: text for id, text in cited_texts(language).items() if _IN_PLAY.fullmatch(id)}
    return cited | {id: text for id, text in catalogue_texts(language).items() if id in same}


@cache
def catalogue_words() -> tuple[Words, ...]:
    """The texts of the catalogue's kinds and channels of request, and what bots write in them."""
    from exercise.catalogue.requests import load_requests

    book = load_requests()
    kinds, channels = tuple(book.kinds.values()), tuple(book.channels.values())
    forms = texts_of(RequestTexts(request_kinds=kinds, request_channels=channels))
    spoken = (Words(id, tuple(id.split(".")), text, usual=False, longest=200) for id, text in PHRASES.items())
    return (*forms, *spoken)


@cache
def catalogue_texts(language: str) -> Mapping[str, str]:
    """What the catalogue's forms say in a language; empty where they are not in it."""
    path = CATALOGUE / f"{language}.po"
    return read_language(path, path.name, catalogue_words()).texts if path.is_file() else {}


@cache
def cited_words() -> tuple[Words, ...]:
    """The texts of instruments, commitments, threats and actors, as whoever looks one up reads them."""
    from exercise.catalogue import load_catalogue

    catalogue = load_catalogue()
    texts = CitedTexts(
        instruments=tuple(catalogue.instruments.values()),
        commitments=tuple(catalogue.commitments.values()),
        threats=tuple(catalogue.threats.values()),
        catalogue_actors=tuple(catalogue.actors.values()),
    )
    return tuple(texts_of(texts))


@cache
def cited_texts(language: str) -> Mapping[str, str]:
    """What those say in a language, as far as they are in it."""
    path = CITED / f"{language}.po"
    return read_language(path, path.name, cited_words()).texts if path.is_file() else {}
