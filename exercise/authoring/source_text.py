"""Files as text: size, encoding and line ends, with advice that someone who never met an encoding can follow."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath

from exercise.authoring.nearest import did_you_mean
from exercise.authoring.problems import MOST_PROBLEMS, Position, Problem, quoted
from exercise.core.text import HOSTILE, clean_text, printable

__all__ = ["LARGEST_SCENARIO", "LARGEST_TEXT", "SourceText", "TextFolder", "decode", "position_of", "read_text"]

LARGEST_SCENARIO = 2 * 1024 * 1024
"""Bytes of a scenario file; a two-hour exercise takes about a tenth of it."""

LARGEST_TEXT = 200_000
"""Bytes of one text kept beside it."""

_SAVE_AS = "save it as UTF-8 (in the editor: File, Save as, Encoding)"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# What a YAML reader refuses, and separators that YAML counts as line ends and editors do not.
_NOT_YAML = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff\u2028\u2029]")
_SEPARATORS = "\u2028\u2029"


@dataclass
class SourceText:
    """The text of one file, or None where it cannot be used at all, with what is wrong."""

    text: str | None
    problems: list[Problem] = field(default_factory=list)


def position_of(text: str, index: int) -> Position:
    """Return the line and column of the character at `index`."""
    return Position(text.count("\n", 0, index) + 1, index - (text.rfind("\n", 0, index) + 1) + 1)


def read_text(path: Path, name: str, largest: int) -> SourceText:
    """Return the text of a file of at most `largest` bytes; `name` is what problems call it."""
    try:
        if path.is_dir():
            return _unusable(name, "this is a folder; name the file in it")
        if not path.is_file():
            return _unusable(name, f"there is no such file{_near(path)}")
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except (OSError, ValueError, RuntimeError) as error:
        reason = (getattr(error, "strerror", None) or "not a usable file name").lower()
        return _unusable(name, f"the file cannot be read: {reason}")
    if len(data) > largest:
        return _unusable(name, f"the file is larger than the {_size(largest)} allowed")
    return decode(data, name)


def decode(data: bytes, name: str) -> SourceText:
    """Return bytes as text with `\\n` line ends; a byte order mark at the start is let pass."""
    if data.startswith(_UTF16):
        return _unusable(name, f"the file is saved as UTF-16 (Notepad calls it Unicode); {_SAVE_AS}", Position(1, 1))
    if data.startswith(b"{\\rtf"):
        return _unusable(
            name, f"the file is saved as a word processor's own (RTF), not as plain text; {_SAVE_AS}", Position(1, 1)
        )
    try:
        text = _line_ends(data.decode("utf-8").removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        before = _line_ends(data[: error.start].decode("utf-8").removeprefix("\ufeff"))
        place = position_of(before, len(before))
        if b"\0" in data:
            return _unusable(name, "this is not a text file", place)
        return _unusable(name, f"a character here is not written in UTF-8; {_SAVE_AS}", place)
    if "\0" in text:
        return _unusable(name, "this is not a text file: it holds a zero byte", position_of(text, text.index("\0")))
    return SourceText(text)


def yaml_ready(text: str, name: str) -> SourceText:
    """Return `text` without characters that YAML refuses, each reported, in the same places.

    They are made spaces rather than left to the parser, so that one of them does not hide every other problem.
    """
    problems: list[Problem] = []
    if printable(text):
        return SourceText(text, problems)
    for match in _NOT_YAML.finditer(text):
        if match[0] not in _SEPARATORS and len(problems) < MOST_PROBLEMS:
            advice = f"an invisible control character (U+{ord(match[0]):04X}) is not allowed; delete it"
            problems.append(Problem(name, *position_of(text, match.start()), "", advice))
    return SourceText(_NOT_YAML.sub(" ", text), problems)


class TextFolder:
    """The folder of a scenario, from which its long texts are read, and nothing outside of it."""

    def __init__(self, folder: Path, prefix: str = "") -> None:
        self._folder = folder
        self._prefix = prefix
        self._read: dict[str, SourceText] = {}

    def text(self, relative: str) -> SourceText | str:
        """Return the text of a file, or a sentence that says why this name cannot be used."""
        if relative not in self._read:
            refusal = _not_inside(relative)
            if refusal:
                return refusal
            try:
                root = self._folder.resolve()
                path = (root / relative).resolve()
            except (OSError, ValueError, RuntimeError):
                return f"{quoted(relative)} is not a usable file name"
            if not path.is_relative_to(root):
                return f"{quoted(relative)} leads out of the scenario's folder"
            try:
                if not path.is_file():
                    return f"there is no file {quoted(relative)} in the scenario's folder{_near_below(root, relative)}"
            except OSError:
                return f"{quoted(relative)} is not a usable file name"
            found = read_text(path, f"{self._prefix}{relative}", LARGEST_TEXT)
            if found.text is not None:
                found = _cleaned(found, f"{self._prefix}{relative}")
            self._read[relative] = found
        return self._read[relative]


def _cleaned(found: SourceText, name: str) -> SourceText:
    assert found.text is not None
    text = clean_text(found.text)
    hostile = HOSTILE.search(found.text)
    if hostile is None:
        return SourceText(text, found.problems)
    advice = f"invisible characters were left out, the first of them U+{ord(hostile[0]):04X}"
    place = position_of(found.text, hostile.start())
    return SourceText(text, [*found.problems, Problem(name, *place, "", advice, "warning")])


def _not_inside(relative: str) -> str:
    path = PurePosixPath(relative)
    if "\\" in relative:
        return f"write {quoted(relative)} with forward slashes, as in texts/briefing.md"
    if path.is_absolute() or PureWindowsPath(relative).drive or ".." in path.parts or not path.parts:
        return f"{quoted(relative)} must be a file inside the scenario's folder, such as texts/briefing.md"
    return ""


def _near(path: Path) -> str:
    try:
        return did_you_mean(path.name, (entry.name for entry in path.parent.iterdir()))
    except OSError:
        return ""


def _near_below(root: Path, relative: str) -> str:
    # A wrong folder is as likely as a wrong name, so both are compared, one level deep: nobody nests deeper.
    try:
        files = [entry for level in ("*", "*/*") for entry in root.glob(level) if entry.is_file()][:500]
    except OSError:
        return ""
    names = sorted(entry.relative_to(root).as_posix() for entry in files)
    same = next((name for name in names if PurePosixPath(name).name == PurePosixPath(relative).name), None)
    return f"; did you mean '{same}'?" if same else did_you_mean(relative, names)


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _size(number: int) -> str:
    return f"{number // 1024**2} MiB" if number >= 1024**2 else f"{number // 1000} kB"


def _unusable(name: str, text: str, place: Position | None = None) -> SourceText:
    line, column = place or (0, 0)
    return SourceText(None, [Problem(name, line, column, "", text)])
