"""Putting a newly written file in the place of an old one, so that neither is ever found half written."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

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
