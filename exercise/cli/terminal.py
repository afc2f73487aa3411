"""What the terminal can do, and what is said when a game is left."""

from __future__ import annotations

import os
import sys


def lines_only(wanted: bool) -> bool:
    """Whether to go on by lines of text: asked for, or no screen is there."""
    screen = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "dumb") not in ("dumb", "")
    return wanted or not screen


def left(session_id: str | None) -> None:
    """How to go on with a game that was left in the middle."""
    if session_id:
        print(f"Your game is kept. Go on with: exercise play --resume {session_id}")
