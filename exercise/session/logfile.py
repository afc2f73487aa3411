"""A log as one file of JSON Lines that needs nothing else to be replayed: header, entries as stored, openings.

The openings stand at the end, where they can be cut off without touching what is chained.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from exercise.errors import LogError
from exercise.session.collector import collector_paused
from exercise.session.exchanging import written_whole
from exercise.session.log import BEGINS, LoadedLog, read_header, read_log
from exercise.session.openings import Opening, read_opening

MOST_LINE = 32 * 1024 * 1024
"""No line is longer: the longest holds a whole scenario, which its own limits keep far below."""
MOST_FILE = 1024 * 1024 * 1024
"""No file is larger: a workshop's day is a few megabytes."""

MOST_AT_ONCE = 8 * MOST_LINE
"""A larger file is read line by line, so that one which cannot be a log does not fill the memory first."""

_BOM = b"\xef\xbb\xbf"
_PACKED = (b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf")
"""How files of gzip, zip, bzip2, xz and 7-zip begin."""
_ASK = "copy the file again from where it was written"


class LogLines(NamedTuple):
    """The lines of a log file, sorted by what they are; `numbers` are the line numbers of the entries."""

    header: str
    entries: tuple[str, ...]
    numbers: Sequence[int]
    openings: tuple[Opening, ...]


def write_log(path: Path, header_line: str, lines: Iterable[str], openings: Iterable[Opening]) -> None:
    """Writes a log to a file that only its owner can read, whole or not at all, since it holds names and secrets."""
    try:
        with written_whole(path) as file:
            file.write(header_line + "\n")
            file.writelines(line + "\n" for line in lines)
            file.writelines(opening.line() + "\n" for opening in openings)
    except OSError as error:
        raise LogError(f"{path}: the log cannot be written here ({error.strerror})") from error


def open_log(path: Path) -> LoadedLog:
    """A log read from a file, with its chain checked; anything wrong is one line with file and line number."""
    found = read_lines(path)
    return read_log(found.header, found.entries, found.openings, name=str(path), numbers=found.numbers)


def read_lines(path: Path) -> LogLines:
    """The lines of a log file; the chain is not looked at here."""
    with collector_paused():
        return _as_written(path) or _one_by_one(path)


def _as_written(path: Path) -> LogLines | None:
    """The lines of a file that stands as `write_log` made it, taken apart at one stroke; None where it does not."""
    raw = raw_lines(path)
    if not raw[-1].endswith(b"}") or any(b"\r" in line for line in raw):
        return None
    try:
        header, *lines = [line.decode() for line in raw]
        count = next((n for n, line in enumerate(lines) if not line.startswith('{"seq":')), len(lines))
        openings = tuple(map(read_opening, lines[count:]))
    except (UnicodeDecodeError, LogError):
        return None
    return LogLines(header, tuple(lines[:count]), range(2, 2 + count), openings)


def _one_by_one(path: Path) -> LogLines:
    """The lines of any other file, one by one, to say which is wrong and how."""
    entries: list[str] = []
    numbers: list[int] = []
    openings: list[Opening] = []
    header = ""
    raw = _read(path)
    for number, part in enumerate(raw, start=1):
        try:
            line = _text(part, last=number == len(raw))
            if number == 1:
                read_header(line)
                header = line
            elif part.startswith(BEGINS):
                raise LogError("another log begins here: several were joined in one file; " + _ASK)
            elif line.startswith('{"seq":'):
                entries.append(line)
                numbers.append(number)
            else:
                openings.append(read_opening(line))
        except LogError as error:
            raise LogError(f"{path}:{number}: {error}") from None
    return LogLines(header, tuple(entries), numbers, tuple(openings))


def raw_lines(path: Path) -> list[bytes]:
    """The lines of a file as bytes, without their line ends."""
    with suppress(OSError):
        if path.stat().st_size <= MOST_AT_ONCE:
            data = path.read_bytes()
            lines = data.removesuffix(b"\n").split(b"\n")
            if data.startswith(BEGINS) and max(map(len, lines)) < MOST_LINE:
                return lines
    return [line.removesuffix(b"\n") for line in _read(path)]


def _read(path: Path) -> list[bytes]:
    """The lines of a file as bytes with their line ends, refusing what cannot be a log before it fills the memory."""
    lines: list[bytes] = []
    size = 0
    try:
        with path.open("rb") as file:
            while line := file.readline(MOST_LINE + 1):
                size += len(line)
                if not lines:
                    _look_like_a_log(line)
                if len(line) > MOST_LINE or size > MOST_FILE:
                    raise LogError("too large for a log; is this the right file?")
                lines.append(line)
    except IsADirectoryError:
        raise LogError(f"{path}: this is a folder; name the log file in it") from None
    except OSError as error:
        raise LogError(f"{path}: the log cannot be read ({error.strerror})") from error
    except LogError as error:
        raise LogError(f"{path}:{len(lines) + 1}: {error}") from None
    if not lines:
        raise LogError(f"{path}: the file is empty")
    return lines


def _look_like_a_log(line: bytes) -> None:
    if line.startswith(_BOM + BEGINS):
        raise LogError(
            "an editor put a byte-order mark before the log; save it as UTF-8 without one, or use the file as written"
        )
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise LogError("an editor saved the log as UTF-16; save it as UTF-8, or use the file as written")
    if line.startswith(_PACKED):
        raise LogError("this is a packed file and no log of an exercise; if there is one in it, unpack it first")
    if not line.startswith(BEGINS):
        raise LogError("this is no log of an exercise: its first line is not a log's header")


def _text(data: bytes, *, last: bool) -> str:
    ended = data.endswith(b"\n")
    if data.endswith((b"\r\n", b"\r")):
        raise LogError("the line ends were changed to Windows ones (CRLF); change them back to LF, " + _or_again())
    try:
        line = data.removesuffix(b"\n").decode()
    except UnicodeDecodeError as error:
        where = f"byte {error.start + 1} of the line"
        raise LogError(f"not UTF-8 text at {where}; the file was damaged or re-saved: {_ASK}") from None
    if last and not ended and not line.endswith("}"):
        raise LogError(f"the file is cut off in the middle of this line; {_ASK}, or remove this one line")
    if not line:
        raise LogError("an empty line; remove it, " + _or_again())
    return line


def _or_again() -> str:
    return f"or {_ASK}"
