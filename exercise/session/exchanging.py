"""Putting a newly written file in the place of an old one, so that neither is ever found half written."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

_HELD_BY_READERS = sys.platform == "win32"
_WAITS = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds: together longer than anybody reads a file of ours, or a virus scanner looks at it."""


def exchange(fresh: Path | str, path: Path) -> None:
    """Puts `fresh` in the place of `path`; Windows refuses while somebody has the old one open, which is soon over."""
    for wait in _WAITS:
        try:
            os.replace(fresh, path)
            return
        except PermissionError:
            if not _HELD_BY_READERS:
                raise
            time.sleep(wait)
    os.replace(fresh, path)


@contextmanager
def written_whole(path: Path, *, encoding: str = "utf-8", newline: str = "\n") -> Iterator[TextIO]:
    """A file to write to that takes the place of `path` once all of it is on the disk, and else leaves no trace.

    Only its owner can read it, for what is kept so holds names and secrets; fails with `OSError`.
    """
    handle, scratch = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # made with mode 0600
    try:
        with os.fdopen(handle, "w", encoding=encoding, newline=newline) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        exchange(scratch, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(scratch)
        raise
