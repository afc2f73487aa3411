"""Strings of a view put inside light Markdown as the words they are."""

from __future__ import annotations

__all__ = ["plain"]


def plain(text: str) -> str:
    """One line whose signs light Markdown leaves as they are."""
    line = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in "\\*_`" else sign for sign in line)
