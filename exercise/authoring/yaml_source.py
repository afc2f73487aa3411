"""YAML text as plain data with the place of everything in it, and from there any model, with all errors at once.

The parser's events are read once; no tree of nodes stands between. Scalars are resolved strictly, so that `no`, `1:30`
and `2024-03-12` are the texts an author sees. What YAML can do beyond plain data is refused where it would surprise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, NoReturn, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from exercise.authoring.lookalikes import CURLY_PAIR, OPENS, TORN, WIDE_COLON, bare, curly_around, torn, unseen
from exercise.authoring.problems import (
    MOST_PROBLEMS,
    Path,
    Position,
    Problem,
    Severity,
    errors_in,
    quoted,
    readable_path,
)
from exercise.authoring.slips import TWICE, UNSEEN, cut_short, of_one_slip
from exercise.authoring.source_text import (
    LARGEST_SCENARIO,
    SourceText,
    TextFolder,
    read_text,
    yaml_ready,
)
from exercise.core.text import HOSTILE, clean_text

__all__ = ["Source", "as_model", "load_model", "parse", "read_source"]

M = TypeVar("M", bound=BaseModel)

# The C parser is ten times as quick; some platforms have no wheel with it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ALIAS, _SCALAR, _LIST, _LIST_END, _MAPPING_END = (
    yaml.AliasEvent,
    yaml.ScalarEvent,
    yaml.SequenceStartEvent,
    yaml.SequenceEndEvent,
    yaml.MappingEndEvent,
)

_DEEPEST = 40
_MOST_NODES = 100_000
_TOO_MUCH = "the file holds, or repeats by aliases, more than can be used"
# A long text counts as several nodes, so that repeating it by aliases meets the same limit.
_CHARACTERS_PER_NODE = 100

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?", re.ASCII)
_BEGINS_NUMBER = "-0123456789"
_new = tuple.__new__
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass
class Source:
    """One file as data, and where each value stands; `data` is None where the text could not be read at all."""

    name: str
    text: str = ""
    data: Any = None
    places: dict[Path, tuple[Position, Position]] = field(default_factory=dict)
    """Path to the place of the key and of the value; an item of a list has no key, so both are the item's."""
    problems: list[Problem] = field(default_factory=list)
    spoilt: set[Path] = field(default_factory=set)
    """Paths already reported, whose values are stand-ins: a second message about them would only confuse."""

    def where(self, path: Path, at_key: bool = False) -> Position:
        """Return the place of a value, or of its key; of the key around it where the file has no such thing."""
        for length in range(len(path), -1, -1):
            place = self.places.get(path[:length])
            if place is not None:
                return place[0] if at_key or length < len(path) else place[1]
        return Position(1, 1)

    def problem(self, path: Path, text: str, severity: Severity = "error", at_key: bool = False) -> Problem:
        """Return a problem at a path; `at_key` where the key rather than its value is what is wrong."""
        return Problem(self.name, *self.where(path, at_key), readable_path(self.data, path), text, severity)

    def is_spoilt(self, path: Path) -> bool:
        """Whether this value, or one around it, was reported already."""
        return bool(self.spoilt) and any(path[:length] in self.spoilt for length in range(len(path) + 1))


def read_source(path: FilePath | str) -> Source:
    """Read a YAML file; never raises for what stands in it or for its not being there: see `problems`."""
    file = FilePath(path)
    read = read_text(file, str(path), LARGEST_SCENARIO)
    if read.text is None:
        return Source(str(path), problems=read.problems)
    return parse(read.text, str(path), file.parent)


def parse(text: str, name: str, folder: FilePath | None = None) -> Source:
    """Read YAML text; `folder` is where `{file: …}` finds texts, without it none are found."""
    ready = yaml_ready(text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff"), name)
    assert ready.text is not None
    source = Source(name, ready.text, problems=ready.problems)
    prefix = name[: -len(FilePath(name).name)] if folder is not None else ""
    reader = _Reader(source, TextFolder(folder, prefix) if folder is not None else None)
    reader.read()
    source.problems.sort()
    return source


def as_model(source: Source, model: type[M]) -> tuple[M | None, list[Problem]]:
    """Return the source as a model, if nothing is wrong, and all problems and warnings of both in order."""
    problems = list(source.problems)
    made: M | None = None
    if source.places:
        try:
            made = model.model_validate(source.data)
        except ValidationError as error:
            from exercise.authoring.misfits import from_validation_error

            problems += from_validation_error(source, error, model)
    return (None if errors_in(problems) else made), sorted(set(problems))


def load_model(path: FilePath | str, model: type[M]) -> tuple[M | None, list[Problem], Source]:
    """Read a YAML file as a model: the model if nothing is wrong, all problems and warnings, and the source."""
    source = read_source(path)
    made, problems = as_model(source, model)
    return made, problems, source


class _Stop(Exception):
    """Reading cannot go on; the reason is among the problems."""


@dataclass
class _Anchored:
    value: Any
    nodes: int
    height: int


class _Reader:
    """Builds the data from parser events, one method a form; depth is capped, so recursion is."""

    def __init__(self, source: Source, folder: TextFolder | None) -> None:
        self._source = source
        self._folder = folder
        self._anchors: dict[str, _Anchored | None] = {}
        self._nodes = 0
        self._keys: set[str] = set()
        """Keys that were in order: a long scenario has few of them, each a thousand times."""
        self._loader: Any = None
        self._found: list[tuple[Position, Path, str, Severity]] = []
        self._beside: list[SourceText] = []

    def read(self) -> None:
        """Fill the source from its text; its data stays None where the document cannot be read to the end."""
        source = self._source
        source.data = self._whole()
        for place, path in cut_short(source.text, source.data, source.places):
            self._warn(
                place, path, "what follows # is a note, and no part of the text; put all of it in quotes if it is"
            )
        # Only now is the data whole, and items of lists can be told by their ids.
        for place, path, text, severity in of_one_slip(self._found, source.text, source.data):
            from exercise.authoring.yaml_words import inside  # Only where there is something to say.

            shown = readable_path(source.data, path)
            source.problems.append(Problem(source.name, *inside(source.text, place), shown, text, severity))
        for beside in self._beside:
            source.problems += beside.problems

    def _whole(self) -> Any:
        try:
            self._loader = _LOADER(self._source.text)
            return self._document()
        except _Stop:
            return self._unread()
        except yaml.YAMLError as error:
            from exercise.authoring.yaml_words import syntax_problem

            problem = syntax_problem(self._source.text, self._source.name, error)
            self._source.problems.append(problem)
            # What was found in the same line comes of the same slip.
            self._found = [found for found in self._found if found[0].line != problem.line]
            return self._unread()
        except (ValueError, OverflowError):
            # The pure parser trips over some escapes, such as \UFFFFFFFF, without saying where.
            self._found.append((Position(1, 1), (), "a \\ code in double quotes is no character", "error"))
            return self._unread()
        finally:
            if self._loader is not None:
                self._loader.dispose()

    def _unread(self) -> None:
        self._source.places.clear()
        self._source.spoilt.clear()

    def _document(self) -> Any:
        self._loader.get_event()
        event = self._loader.get_event()
        if isinstance(event, yaml.StreamEndEvent):
            self._stop(Position(1, 1), (), "the file is empty")
        data, _ = self._value(self._loader.get_event(), (), 1)
        if data is None and not self._found:
            self._stop(Position(1, 1), (), "the file is empty")
        self._loader.get_event()
        event = self._loader.get_event()
        if not isinstance(event, yaml.StreamEndEvent):
            self._stop(_place(event), (), "a second document begins here; keep one file for each, without '---' inside")
        return data

    def _value(self, event: Any, path: Path, depth: int, key: Position | None = None) -> tuple[Any, int]:
        """The value that `event` begins, and how many levels it is high."""
        mark = event.start_mark
        place = _new(Position, (mark.line + 1, mark.column + 1))
        self._source.places[path] = (key or place, place)
        form = type(event)
        if form is _ALIAS:
            return self._alias(event, path, depth)
        if depth > _DEEPEST:
            self._stop(place, path, f"this is nested more than {_DEEPEST} levels deep")
        if event.tag is not None:
            self._report(
                place, path, f"{quoted(event.tag)} is a YAML tag; tags mean nothing here, and texts with ! need quotes"
            )
        nodes = self._nodes
        self._nodes = nodes + 1 if key is None else nodes + 2  # A key is a node as well.
        if nodes >= _MOST_NODES:
            self._stop(place, path, _TOO_MUCH)
        value: Any
        height = 0
        anchor = event.anchor
        if form is _SCALAR:
            value = self._scalar(event, path, place)
            self._nodes += len(event.value) // _CHARACTERS_PER_NODE
            if value is None and key is not None:
                # The parser puts an empty value after the colon or on a later line; its key is what a person looks for.
                self._source.places[path] = (key, key)
        else:
            if anchor is not None:
                self._anchors[anchor] = None
            if form is _LIST:
                value, height = self._list(path, depth)
                if event.flow_style and (opened := torn(value)) is not None:
                    self._torn((*path, opened))
            else:
                value, height = self._mapping(path, depth)
                if "file" in value:
                    value = self._text_beside(value, path, place)
        if anchor is not None:
            self._anchors[anchor] = _Anchored(value, self._nodes - nodes, height)
        return value, height

    def _list(self, path: Path, depth: int) -> tuple[list[Any], int]:
        items: list[Any] = []
        height = 0
        while type(event := self._loader.get_event()) is not _LIST_END:
            item, below = self._value(event, (*path, len(items)), depth + 1)
            items.append(item)
            if below >= height:
                height = below + 1
        return items, height

    def _torn(self, path: Path) -> None:
        place = self._source.where(path)
        # Between straight quotation marks no comma parts anything.
        if self._source.text.split("\n")[place.line - 1][place.column - 1 : place.column] in OPENS:
            self._warn(place, path, f'{TORN}; type straight ones around all of it: "…"')

    def _mapping(self, path: Path, depth: int) -> tuple[dict[str, Any], int]:
        mapping: dict[str, Any] = {}
        height = 0
        next_event, known = self._loader.get_event, self._keys
        while type(event := next_event()) is not _MAPPING_END:
            place = _place(event)
            plain = type(event) is _SCALAR and event.implicit[0] and event.anchor is None and event.tag is None
            key = event.value if plain and event.value in known else self._key(event, path, depth, place, plain)
            if key in mapping:
                first = self._source.where((*path, key), at_key=True)
                self._report(place, (*path, key), f"{TWICE}, first in line {first.line}", False)
                key = None
            if key is None:
                self._passed_over(next_event(), path, depth)
            else:
                mapping[key], below = self._value(next_event(), (*path, key), depth + 1, place)
                if below >= height:
                    height = below + 1
        return mapping, height

    def _passed_over(self, event: Any, path: Path, depth: int) -> None:
        """Read a value for its own traps and anchors only: what it would be filed under is not known."""
        kept = self._source.places, self._source.spoilt
        self._source.places, self._source.spoilt = {}, set()
        self._value(event, path, depth + 1)
        self._source.places, self._source.spoilt = kept

    def _key(self, event: Any, path: Path, depth: int, place: Position, plain: bool) -> str | None:
        if type(event) is not _SCALAR:
            self._report(place, path, "a key must be a plain name", False)
            if type(event) is not _ALIAS:
                self._passed_over(event, path, depth)
            return None
        key = clean_text(event.value)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(key, 1, 0)
        if event.implicit[0] and key == "<<":
            self._report(place, path, "merging with << is not supported; write the lines out in both places", False)
            return None
        if event.tag is not None or (event.implicit[0] and not isinstance(_resolved(event.value), str)):
            self._report(place, path, f"a key must be text; put {quoted(key)} in quotes if it is meant", False)
            return None
        if plain and not key.isascii() and WIDE_COLON.search(key):
            self._report(place, path, "a sign here only looks like a colon; type an ordinary one, and a space")
            return None
        if plain and not key.isascii() and (key[0] in OPENS or unseen(key)):
            # Read as what was meant, so that nothing else is said of it.
            meant = bare(key)
            unlike = f"{UNSEEN} ({unseen(key)}) stands in this key"
            said = "a key stands without curly quotation marks" if key[0] in OPENS else unlike
            self._report(place, path, f"{said}; type it anew: {quoted(meant)[1:-1]}", False)
            return meant
        if plain and key == event.value:
            self._keys.add(key)
        return key

    def _scalar(self, event: Any, path: Path, place: Position) -> Any:
        text: str = event.value
        if event.implicit[0]:
            value = _resolved(text)
            if not isinstance(value, str):
                return value
            if text[0] in OPENS and curly_around(text):
                self._warn(place, path, f'{CURLY_PAIR}straight ones: "…"')
            elif text.endswith(".md") and path[-1:] != ("file",) and self._is_file(text):
                self._warn(place, path, f"this is only a file's name; for what stands in it write {{ file: {text} }}")
        cleaned = clean_text(text)
        if cleaned is not text and (hostile := HOSTILE.search(text)):
            advice = f"an invisible control character (U+{ord(hostile[0]):04X}) was left out of this text"
            self._warn(place, path, advice)
        return cleaned

    def _alias(self, event: Any, path: Path, depth: int) -> tuple[Any, int]:
        place = _place(event)
        if event.anchor not in self._anchors:
            name = quoted(event.anchor)[1:-1]
            self._report(place, path, f"*{name} repeats an &{name} that is not above; quote a text that begins with *")
            return None, 0
        known = self._anchors[event.anchor]
        if known is None:
            self._stop(place, path, f"*{quoted(event.anchor)[1:-1]} repeats itself without end")
        self._count(known.nodes, place, path)
        if depth + known.height > _DEEPEST:
            self._stop(place, path, f"this is nested more than {_DEEPEST} levels deep")
        return known.value, known.height

    def _text_beside(self, mapping: dict[str, Any], path: Path, place: Position) -> Any:
        """The text that a mapping of the single key `file` stands for; any other mapping as it is."""
        relative = mapping["file"]
        if len(mapping) != 1 or not isinstance(relative, str):
            return mapping
        found = self._folder.text(relative) if self._folder is not None else "texts in other files cannot be read here"
        if isinstance(found, str):
            self._report(self._source.where((*path, "file")), (*path, "file"), found)
            self._source.spoilt.add(path)
            return ""
        if found not in self._beside:
            self._beside.append(found)
        if found.text is None:
            self._source.spoilt.add(path)
            return ""
        self._count(len(found.text) // _CHARACTERS_PER_NODE, place, path)
        return found.text

    def _is_file(self, name: str) -> bool:
        return self._folder is not None and not isinstance(self._folder.text(name), str)

    def _count(self, nodes: int, place: Position, path: Path) -> None:
        self._nodes += nodes
        if self._nodes > _MOST_NODES:
            self._stop(place, path, _TOO_MUCH)

    def _warn(self, place: Position, path: Path, text: str) -> None:
        if len(self._found) < MOST_PROBLEMS:
            self._found.append((place, path, text, "warning"))

    def _report(self, place: Position, path: Path, text: str, spoil: bool = True) -> None:
        self._found.append((place, path, text, "error"))
        if spoil:
            self._source.spoilt.add(path)
        if len(self._found) >= MOST_PROBLEMS:
            raise _Stop

    def _stop(self, place: Position, path: Path, text: str) -> NoReturn:
        self._found.append((place, path, text, "error"))
        raise _Stop


def _place(event: Any) -> Position:
    mark = event.start_mark
    # Made for every key and value: by its own constructor it would take twice as long.
    return _new(Position, (mark.line + 1, mark.column + 1))


def _resolved(text: str) -> Any:
    """A plain scalar as what it says it is; all that other readers of YAML guess further stays text."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _BEGINS_NUMBER or (match := _NUMBER.fullmatch(text)) is None:
        return text
    return float(text) if match[1] else int(text)
