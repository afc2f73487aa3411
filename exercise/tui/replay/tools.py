"""What a replay can do beyond looking, where whoever opened it has the log itself and a place to keep sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from exercise.session.client import Table
    from exercise.session.comments import Comments

__all__ = ["Tools"]


class Tools(Protocol):
    """A replay opened by itself has these; one opened at a table, from the hot wash, has none."""

    @property
    def name(self) -> str:
        """What the log is called: its file, or the session's id."""

    @property
    def comments(self) -> Comments:
        """What was written beside the log; raises `CommentError` where that cannot be read."""

    @property
    def players(self) -> tuple[tuple[str, str], ...]:
        """Who can play on from a moment: id and name of each team, and '' for those who played it."""

    def fork(self, position: int, team: str) -> Table:
        """Keeps a new session that begins as the log did up to a position, and opens it; `team` is played here."""
