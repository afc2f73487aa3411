"""The line of a play screen that says what has come: it goes once its reader has gone elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercise.tui.widgets.moves import news
from exercise.tui.widgets.talk_words import heard_news

if TYPE_CHECKING:
    from exercise.core.views import ParticipantView
    from exercise.tui.screens.play import PlayScreen

__all__ = ["Arrivals"]


class Arrivals:
    """What has come since the reader last looked; a line that stayed would tell of what is long done."""

    def __init__(self, screen: PlayScreen) -> None:
        self._screen = screen
        self._left_with: ParticipantView | None = None
        self._stands = False

    def tell(self, before: ParticipantView, after: ParticipantView) -> None:
        """Say what a change has brought. While another screen lies above: all since, as it stands by now."""
        since = self._left_with or before
        said = news(since, after) or heard_news(since, after)
        if said or (self._stands and self._left_with is not None):
            self.put(said)

    def put(self, said: str) -> None:
        """Say it, and remember that it is news."""
        self._stands = bool(said)
        self._screen.say(said)

    def leave(self, view: ParticipantView) -> None:
        """The reader goes elsewhere: the next step takes the place of the news."""
        self._left_with = view
        if self._stands:
            self.put("")

    def come_back(self) -> None:
        """The reader looks at the screen again."""
        self._left_with = None
