"""Zip files from elsewhere: looked at before anything is unpacked, and nothing of them ever written to the disk."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from exercise.authoring.importing.json_source import LARGEST
from exercise.authoring.problems import quoted
from exercise.errors import UsageError

__all__ = ["Archive", "is_zip", "open_archive"]

_MOST_MEMBERS = 1_000
_LARGEST_TOTAL = 256 * 1024 * 1024
_WORST_RATIO = 200
_SMALL = 1024 * 1024
"""Members below this may be packed however well: a table of zeros is no bomb."""
_PACKED = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".jar")
_DRIVE = re.compile(r"[A-Za-z]:")


def is_zip(data: bytes) -> bool:
    """Whether bytes begin as a zip file does."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True)
class Archive:
    """A zip whose table of contents holds nothing hostile; members are read on demand and within bounds."""

    shown: str
    file: zipfile.ZipFile

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all members that are files."""
        return tuple(member.filename for member in self.file.infolist() if not member.is_dir())

    def only_json(self) -> tuple[str, bytes]:
        """Name and bytes of the one JSON file that an export holds."""
        found = [name for name in self.names if name.lower().endswith(".json")]
        if any(PurePosixPath(name).name in ("injects.yml", "injects.yaml") for name in self.names):
            raise UsageError(f"{self.shown}: this is a definition of INJECT; unpack it and name its folder.")
        if len(found) != 1:
            held = ", ".join(map(quoted, found[:4])) or "none"
            raise UsageError(f"{self.shown}: an export holds one JSON file, and this archive {held}.")
        return found[0], self.read(found[0])

    def read(self, name: str) -> bytes:
        """A member's bytes, never more than a source may have, whatever its header promises."""
        try:
            with self.file.open(name) as member:
                data = member.read(LARGEST + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise UsageError(f"{self.shown}: {quoted(name)} in this archive is damaged or packed strangely.") from error
        if len(data) > LARGEST:
            raise UsageError(f"{self.shown}: {quoted(name)} is larger than the {LARGEST // 2**20} MB allowed.")
        return data

    def others(self, taken: str) -> Iterator[tuple[str, int]]:
        """Name and size of every other file."""
        for member in self.file.infolist():
            if not member.is_dir() and member.filename != taken:
                yield member.filename, member.file_size


def open_archive(data: bytes, shown: str) -> Archive:
    """The archive, once all its names, sizes and kinds have been looked at; refuses a hostile one with one line."""
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
        members = file.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, OverflowError) as error:
        raise UsageError(f"{shown}: this is a damaged zip file.") from error
    if len(members) > _MOST_MEMBERS:
        raise UsageError(f"{shown}: refused: {len(members):,} files in it, more than the {_MOST_MEMBERS:,} allowed.")
    seen: set[str] = set()
    for member in members:
        reason = _hostile(member, seen)
        if reason:
            raise UsageError(f"{shown}: refused: {quoted(member.filename)} in this archive {reason}.")
    if sum(member.file_size for member in members) > _LARGEST_TOTAL:
        raise UsageError(f"{shown}: refused: unpacked it is larger than the {_LARGEST_TOTAL // 2**20} MB allowed.")
    if sum(member.compress_size for member in members) > len(data):
        raise UsageError(f"{shown}: refused: its files overlap each other.")
    return Archive(shown, file)


def _hostile(member: zipfile.ZipInfo, seen: set[str]) -> str:
    """Why a member is refused, or nothing."""
    name = member.orig_filename
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or _DRIVE.match(name) or name.startswith("\\"):
        return "has an absolute path"
    if ".." in path.parts:
        return "leads out of the archive"
    if "\\" in name or "\0" in name or not name.isprintable():
        return "has a name that no file should have"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "is a link"
    if member.flag_bits & 0x1:
        return "is encrypted; unpack it with its password first"
    plain = str(path).casefold()
    if plain in seen:
        return "is there twice"
    seen.add(plain)
    if member.file_size > _SMALL and member.file_size > _WORST_RATIO * max(member.compress_size, 1):
        return "is packed like a bomb"
    if name.lower().endswith(_PACKED):
        return "is an archive inside the archive"
    return ""
