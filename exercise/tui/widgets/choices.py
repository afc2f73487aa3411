"""A list of rows drawn by one widget, with the terminal's cursor on the chosen row for screen readers."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.css.styles import RulesMap
from textual.events import Click
from textual.geometry import Offset
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import OptionList
from textual.widgets.option_list import Option

__all__ = ["Choices", "Lines"]


class Lines(Visual):
    """Lines of a row that wrap with hanging indents: each has what stands before it, and its words."""

    def __init__(self, *lines: tuple[str, Content]) -> None:
        self._lines = lines
        self.text = "\n".join(sign + line.plain for sign, line in lines)

    def lines(self, width: int) -> list[Content]:
        """The row at a width."""
        found: list[Content] = []
        for sign, line in self._lines:
            indent = len(sign)
            for number, part in enumerate(line.wrap(max(6, width - indent))):
                found.append(Content(" " * indent if number else sign) + part)
        return found

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        if not width:
            return []
        return Content("\n").join(self.lines(width)).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return min(container_width, max(len(sign) + line.cell_length for sign, line in self._lines))

    def get_height(self, rules: RulesMap, width: int) -> int:
        return len(self.lines(width)) if width else 0


class Choices(OptionList):
    """An option list that takes content only, never markup, and keeps its place when its rows change."""

    DEFAULT_CSS = """
    Choices { height: 1fr; border: none; padding: 0; background: transparent; scrollbar-size-vertical: 1; }
    Choices:focus { border: none; background-tint: $foreground 0%; }
    Choices > .option-list--option { padding: 0 1; }
    Choices > .option-list--option-disabled { color: $foreground; }
    Choices > .option-list--option-hover { background: $primary 12%; }
    Choices > .option-list--option-highlighted { color: $foreground; background: $primary 18%; text-style: none; }
    Choices:focus > .option-list--option-highlighted { color: $foreground; background: $primary 38%; text-style: none; }
    Choices:nocolor > .option-list--option-highlighted { text-style: underline; }
    Choices:nocolor:focus > .option-list--option-highlighted { text-style: bold underline; }
    """

    def __init__(
        self,
        *,
        id: str | None = None,
        classes: str | None = None,
        mark_first: bool = True,
        one_click: bool = False,
    ) -> None:
        super().__init__(id=id, classes=classes, markup=False)
        self._mark_first = mark_first
        self._one_click = one_click
        self._now: list[tuple[str, str]] = []

    def show(self, rows: Iterable[tuple[str, Content | Visual]], *, divided: bool = False) -> None:
        """Put other rows here, each with its id; the highlighted one stays highlighted if it is still there.

        A row whose id begins with `#` is a heading and cannot be chosen.
        """
        rows = list(rows)
        shown = [(key, row.plain if isinstance(row, Content) else str(getattr(row, "text", ""))) for key, row in rows]
        if shown == self._now:
            return
        self._now = shown
        chosen = self.highlighted_option.id if self.highlighted_option else None
        place = self.scroll_y
        options: list[Option | None] = []
        for key, row in rows:
            if divided and options:
                options.append(None)
            options.append(Option(row, id=key, disabled=key.startswith("#")))
        self.set_options(options)
        if chosen is not None and chosen in self._id_to_option:
            with self.prevent(OptionList.OptionHighlighted):
                self.highlighted = self.get_option_index(chosen)
            self.scroll_to(y=place, animate=False)
        elif self.has_focus and self._mark_first:
            self.action_first()

    def choose(self, key: str) -> None:
        """Highlight a row by its id, if it is there."""
        if key in self._id_to_option:
            self.highlighted = self.get_option_index(key)

    @property
    def chosen(self) -> str | None:
        """Id of the highlighted row."""
        return self.highlighted_option.id if self.highlighted_option else None

    def on_mount(self) -> None:
        # What stands above the list may grow or the window may change: the row is then elsewhere.
        self.screen.screen_layout_refresh_signal.subscribe(self, lambda _: self._point())

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._point()

    def watch_highlighted(self, highlighted: int | None) -> None:
        super().watch_highlighted(highlighted)
        self._point()

    def on_focus(self) -> None:
        if self.highlighted is None and self.option_count and self._mark_first:
            self.action_first()
        self._point()

    async def _on_click(self, event: Click) -> None:
        """A first click marks a row, so that it can be read beside the list; a click on the marked row takes it.

        With `one_click` there is nothing to read beside the list, and the first click takes the row.
        """
        # Handlers of base classes run as well unless told not to.
        event.prevent_default()
        clicked = event.style.meta.get("option")
        if clicked is None or self._options[clicked].disabled:
            return
        marked = clicked == self.highlighted
        self.highlighted = clicked
        if marked or self._one_click:
            self.action_select()

    def _point(self) -> None:
        if self.has_focus and self.highlighted is not None:
            self.call_after_refresh(self._place_cursor)

    def _place_cursor(self) -> None:
        if not self.has_focus or self.highlighted is None:
            return
        region = self.content_region
        line = self._index_to_line.get(self.highlighted, 0) - int(self.scroll_y)
        if 0 <= line < region.height:
            self.app.cursor_position = Offset(region.x + 1, region.y + line)
