"""What the terminal can do, and what is said when a game is left."""

from __future__ import annotations

import os
import sys


def lines_only(wanted: bool) -> bool:
    """Whether to go on by lines of text: asked for, or no screen is there."""
    # A terminal that does not say what it is counts as dumb; but those of Windows never do, and all show screens.
    named = os.environ.get("TERM", "windows" if sys.platform == "win32" else "dumb")
    screen = sys.stdin.isatty() and sys.stdout.isatty() and named not in ("dumb", "")
    return wanted or not screen


def left(session_id: str | None) -> None:
    """How to go on with a game that was left in the middle."""
    if session_id:
        print(f"Your game is kept. Go on with: exercise play --resume {session_id}")
