"""Files that commands write: none of them takes the place of another unasked, whatever the command."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from exercise.errors import UsageError

__all__ = ["new_file", "new_files", "write_file"]


def new_file(name: str, force: bool = False, *, of: Iterable[str] = ()) -> Path:
    """A path to write to, where nothing stands yet unless `force` says so; what is there may be somebody's work.

    `of` is what the file is made of: that is never written over, not even on demand.
    """
    path = Path(name)
    if path.is_dir():
        raise UsageError(f"{name}: this is a folder; name a file in it.")
    if path.exists():
        if any(Path(source).exists() and path.samefile(source) for source in of):
            raise UsageError(f"{name}: this is what it would be made of; name another file.")
        if not force:
            raise UsageError(f"{name}: there is a file already; name another, or say --force to write over it.")
    return path


def new_files(paths: Iterable[Path], force: bool) -> None:
    """The same for several that one command writes: all are looked at before the first is written."""
    there = [] if force else [path for path in paths if path.exists()]
    if there:
        more = f" and {len(there) - 1} more like it" if there[1:] else ""
        raise UsageError(
            f"{there[0]}: there is a file already{more}; name another place, or say --force to write over."
        )


def write_file(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Writes a file, for its owner only where it is private; what hinders it is one line."""
    try:
        if private:
            # A file that exists keeps its mode, so it goes first.
            path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o666)
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        why = (error.strerror or "no reason given").lower()
        raise UsageError(f"{path}: cannot be written: {why}.") from None
