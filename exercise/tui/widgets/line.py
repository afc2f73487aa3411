"""What is drawn line by line, fitted to the width there is: text that wraps, and a line with two ends."""

from __future__ import annotations

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

__all__ = ["Line", "Wrapped"]


_LEAST = 10
"""Cells that the left part keeps in any case."""


class Wrapped(Visual):
    """What makes lines of itself at any width, and takes all the width it is given."""

    def lines(self, width: int) -> list[Content]:
        """The lines at a width, none of them wider."""
        raise NotImplementedError

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        if not width:
            return []
        return Content("\n").join(self.lines(width)).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        return len(self.lines(width)) if width else 0


class Line(Visual):
    """`left` gives way to `right`; where both do not fit, a `short` right part takes the place of the long one."""

    def __init__(self, left: Content, right: Content | None = None, short: Content | None = None) -> None:
        self.left = _flat(left)
        self.right = _flat(right or Content(""))
        self.short = _flat(short) if short is not None else self.right

    @property
    def text(self) -> str:
        """Both parts, to tell lines apart."""
        return f"{self.left.plain}\t{self.right.plain}"

    def fitted(self, width: int) -> Content:
        """The line in exactly so many cells."""
        fits = self.left.cell_length + self.right.cell_length < width
        right = self.right if fits else self.short
        if right.cell_length > width - _LEAST:
            right = right.truncate(max(0, width - _LEAST), ellipsis=True)
        room = max(0, width - right.cell_length - (1 if right.cell_length else 0))
        left = self.left
        if left.cell_length > room:
            left = left.truncate(room, ellipsis=True)
        gap = width - left.cell_length - right.cell_length
        return Content.assemble(left, " " * max(0, gap), right)

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        return self.fitted(width).render_strips(width, 1, style, options) if width else []

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return self.left.cell_length + self.right.cell_length + 1

    def get_height(self, rules: RulesMap, width: int) -> int:
        return 1


def _flat(content: Content) -> Content:
    """Line ends and tabs as spaces: a row is one line whatever its text holds."""
    plain = content.plain
    return Content(" ".join(plain.split())) if "\n" in plain or "\t" in plain else content
