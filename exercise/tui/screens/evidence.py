"""The evidence a team holds, with where it came from and on what conditions."""

from __future__ import annotations

from textual.content import Content

from exercise.tui.screens.browse import BrowseScreen
from exercise.tui.widgets.choices import Lines
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.words import plain

__all__ = ["EvidenceScreen"]


class EvidenceScreen(BrowseScreen):
    """What the team knows and can show; the conditions stand first, for they are what is forgotten."""

    TITLE_WORDS = "evidence"
    HINT = "What your team holds, and on what conditions it got it. esc goes back."
    EMPTY = "Your team holds no evidence yet. Some of your decisions bring in more."
    HELP = """
Pieces of evidence reach your team through what you decide and ask for. Each says where it came from, and whether it was
given on a condition, for instance that it is not passed on.
"""

    def entries(self) -> list[tuple[str, Content | Lines, str]]:
        return [
            (
                str(number),
                Lines(("", safe(piece.title)), ("  ", safe(piece.source or "own finding", "$foreground 65%"))),
                f"## {plain(piece.title)}\n\n**From** {plain(piece.source) or 'own finding'}  \n"
                f"**Conditions** {plain(piece.conditions) or 'none'}\n\n---\n\n{piece.text}",
            )
            for number, piece in enumerate(self._client.view().evidence)
        ]
