"""A frame with a title above and a few words below, both of which may change often."""

from __future__ import annotations

from typing import Self

from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region

__all__ = ["Panel"]


class Panel(Vertical):
    """Only the line of the frame that says something else is drawn again; Textual would draw all that is inside too."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._named: tuple[Content, Content] | None = None
        self._line: int | None = None

    def name_it(self, title: str | Content, below: str | Content) -> None:
        """What stands on the frame, above and below."""
        named = (_content(title), _content(below))
        was, self._named = self._named, named
        if was is None or not was[0].is_same(named[0]):
            self._line = 0
            self.border_title = named[0]
        if was is None or not was[1].is_same(named[1]):
            self._line = self.outer_size.height - 1
            self.border_subtitle = named[1]
        self._line = None

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        if self._line is not None and not regions and self.outer_size:
            # Regions begin inside the frame.
            regions = (Region(-self.gutter.left, self._line - self.gutter.top, self.outer_size.width, 1),)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


def _content(words: str | Content) -> Content:
    return Content(words) if isinstance(words, str) else words
