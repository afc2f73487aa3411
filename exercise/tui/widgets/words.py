"""Strings of a view put inside light Markdown as the words they are."""

from __future__ import annotations

__all__ = ["plain", "sentence"]


def plain(text: str) -> str:
    """One line whose signs light Markdown leaves as they are."""
    line = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in "\\*_`" else sign for sign in line)


def sentence(text: str) -> str:
    """The same with a capital at its beginning and a full stop at its end."""
    text = plain(text)
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
