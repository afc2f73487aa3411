"""A list of rows drawn by one widget, with the terminal's cursor on the chosen row for screen readers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from rich.segment import Segment
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.css.styles import RulesMap
from textual.events import Click, MouseEvent, MouseMove
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.style import Style
from textual.visual import Padding, Visual
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from exercise.language import _
from exercise.tui.widgets.cursor import place_cursor, put_cursor
from exercise.tui.widgets.line import Line, Wrapped

__all__ = ["Choices", "Lines"]


class Lines(Wrapped):
    """Lines of a row that wrap with hanging indents: each has what stands before it, and its words."""

    def __init__(self, *lines: tuple[str, Content]) -> None:
        self.parts = lines
        self.text = "\n".join(sign + line.plain for sign, line in lines)
        self._wrapped: tuple[int, list[Content]] = (0, [])

    def lines(self, width: int) -> list[Content]:
        """The row at a width."""
        if self._wrapped[0] != width:
            found: list[Content] = []
            for sign, line in self.parts:
                indent = len(sign)
                for number, part in enumerate(line.wrap(max(6, width - indent))):
                    found.append(Content(" " * indent if number else sign) + part)
            self._wrapped = (width, found)
        return self._wrapped[1]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return min(container_width, max(len(sign) + line.cell_length for sign, line in self.parts))


class Choices(OptionList):
    """An option list that takes content only, never markup, and keeps its place when its rows change.

    With `tells_new` it says what has come out of sight, for readers of a list that grows while they look at it.
    With `read_beside` the page keys are left to the screen, for they read on in what stands beside the marked row.
    """

    BINDINGS = [Binding("space", "tick", "Take", show=False)]

    class OutOfSight(Message):
        """What has come above or below the rows in sight, in words; empty once all of it has been in sight."""

        def __init__(self, choices: Choices, said: str) -> None:
            super().__init__()
            self.choices, self.said = choices, said

        @property
        def control(self) -> Choices:
            """The list, by which a handler chooses."""
            return self.choices

    out_of_sight: reactive[str] = reactive("", repaint=False, init=False)
    """What is said of rows out of sight."""

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
        tells_new: bool = False,
        read_beside: bool = False,
    ) -> None:
        super().__init__(id=id, classes=classes, markup=False)
        self._mark_first = mark_first
        self._one_click = one_click
        self._tells_new = tells_new
        self._read_beside = read_beside
        self._unseen: set[str] = set()
        self._rows: list[tuple[str, Content | Visual]] = []

    def show(self, rows: Iterable[tuple[str, Content | Visual]], *, divided: bool = False) -> None:
        """Put other rows here, each with its id; the highlighted one stays highlighted if it is still there.

        A row whose id begins with `#` is a heading and cannot be chosen. Only lines that differ are drawn again.
        """
        rows, before = list(rows), self._rows
        if len(rows) == len(before) and all(map(_same_row, rows, before)):
            return
        was, stood = self._visible(), self._marked_line()
        known, self._rows = dict(before), rows
        chosen = self.chosen
        options = []
        for place, (key, row) in enumerate(rows):
            ruled = divided and place < len(rows) - 1
            option = self._id_to_option.get(key)
            if option is None or option._divider != ruled or not _same(known.get(key), row):
                option = Option(row, id=key, disabled=key.startswith("#"))
                option._divider = ruled
            options.append(option)
        self._put(options)
        if chosen is not None and chosen in self._id_to_option:
            self.set_reactive(OptionList.highlighted, self.get_option_index(chosen))
            self.point()
        elif self.has_focus and self._mark_first and (near := self._beside(chosen, before)) is not None:
            # Whoever goes down a long list is not taken back to its top because one row is done with.
            chosen, self.highlighted = near, None
            self.choose(near)
        else:
            self.highlighted = None
            self.scroll_y = 0
            if self.has_focus and self._mark_first:
                self.action_first()
        if not self.is_mounted:
            return
        if self.styles.auto_dimensions:
            self.refresh(layout=True)
        self._update_lines()
        if stood is not None and chosen in self._id_to_option:
            self._keep_in_sight(stood)
        self.scroll_y = min(self.scroll_y, self.max_scroll_y)
        self._come_into_sight()
        if self._tells_new and before:
            self._unseen |= {key for key, _unused in rows if key not in known and not key.startswith("#")}
            self._tell_unseen()
        self._draw_changed(was)

    def _put(self, options: list[Option]) -> None:
        """Takes the place of `set_options`, which would forget what was drawn and where the list stood."""
        self._options = options
        self._id_to_option = {option._id: option for option in options if option._id is not None}
        if len(self._id_to_option) != len(options):
            raise ValueError("two rows with one id")
        self._option_to_index = {option: index for index, option in enumerate(options)}
        self._line_cache.clear()
        if len(self._option_render_cache) > 4 * len(options) + 64:
            self._option_render_cache.clear()

    def _beside(self, gone: str | None, before: list[tuple[str, Content | Visual]]) -> str | None:
        """The row that stood nearest below one that is gone, else above it, and is still there."""
        keys = [key for key, _unused in before]
        at = keys.index(gone) if gone in keys else -1
        near = (*keys[at + 1 :], *reversed(keys[:at])) if at >= 0 else ()
        return next((key for key in near if key in self._id_to_option and not key.startswith("#")), None)

    def _marked_line(self) -> int | None:
        """On which line of the window the marked row begins; None where it is out of sight."""
        if self.highlighted is None:
            return None
        line = self._index_to_line.get(self.highlighted, 0) - int(self.scroll_y)
        return line if 0 <= line < self.scrollable_content_region.height else None

    def _keep_in_sight(self, stood: int) -> None:
        """Leave the marked row on its line; from the list's start only as far as it would go out of sight."""
        assert self.highlighted is not None
        line = self._index_to_line[self.highlighted]
        rows = min(self._heights[self.highlighted], self.scrollable_content_region.height)
        least = max(0, line + rows - self.scrollable_content_region.height)
        self.scroll_y = min(line, max(line - stood, least)) if self.scroll_y else least

    def forget_new(self) -> None:
        """What was put here by the reader's own wish is no news."""
        self._unseen.clear()
        self._tell_unseen()

    def _tell_unseen(self) -> None:
        """Say on the frame what has come above or below the rows in sight, until it has been in sight."""
        if not self._tells_new:
            return
        top, height = int(self.scroll_y), self.scrollable_content_region.height
        above = below = 0
        for key in tuple(self._unseen):
            option = self._id_to_option.get(key)
            line = self._index_to_line.get(self._option_to_index[option], 0) if option is not None else -1
            if option is None or top <= line < top + height:
                self._unseen.discard(key)
            elif line < top:
                above += 1
            else:
                below += 1
        parts = [_("↑ {count} new: home").format(count=above)] if above else []
        parts += [_("↓ {count} new: end").format(count=below)] if below else []
        self.out_of_sight = "  ".join(parts)

    def watch_out_of_sight(self, said: str) -> None:
        """On the list's own frame, where it has one; whoever frames it otherwise hears of it."""
        self.border_subtitle = Content(said)
        self.post_message(self.OutOfSight(self, said))

    def _visible(self) -> list[tuple[Option, int, bool, bool] | None]:
        """What each line of the window shows: a row's line, and whether the row is marked or below the mouse."""
        lines, options, top = self._lines, self._options, self.scroll_offset.y
        shown: list[tuple[Option, int, bool, bool] | None] = []
        for index, line in lines[top : top + self.scrollable_content_region.height]:
            shown.append((options[index], line, index == self.highlighted, index == self._mouse_hovering_over))
        shown.extend([None] * (self.scrollable_content_region.height - len(shown)))
        return shown

    def _draw_changed(self, was: list[tuple[Option, int, bool, bool] | None]) -> None:
        now, width = self._visible(), self.scrollable_content_region.width
        if len(now) != len(was):
            self.refresh()
            return
        start = None
        for place, differs in enumerate([*(new != old for new, old in zip(now, was, strict=True)), False]):
            if differs and start is None:
                start = place
            elif not differs and start is not None:
                self.refresh(Region(0, start, width, place - start))
                start = None

    # Drawing: as the base does it, but what was drawn of a row stays good when the row moves

    def _update_lines(self) -> None:
        region = self.scrollable_content_region
        if not region:
            return
        cache, options = self._line_cache, self._options
        width = region.width - self._get_left_gutter_width()
        begin = cache.lines[-1][0] + 1 if cache.lines else 0
        if begin < len(options):
            inner = width - self.get_component_styles("option-list--option").padding.width
            rules = cast("RulesMap", self.styles)
            for index in range(begin, len(options)):
                option = options[index]
                height = self._get_visual(option).get_height(rules, inner) + option._divider
                cache.index_to_line[index] = len(cache.lines)
                cache.heights[index] = height
                cache.lines.extend((index, line) for line in range(height))
        size = Size(width, len(cache.lines) - bool(options and options[-1]._divider))
        if size != self.virtual_size:
            # As a reactive it would lay out the whole screen; whether a scrollbar is needed is found out below.
            self.set_reactive(Widget.virtual_size, size)
            self._scroll_update(size)
            if self.scrollable_content_region.width != region.width:
                # A scrollbar has come or gone, and every row has another width now.
                self._line_cache.clear()
                self._option_render_cache.clear()
                self.refresh(layout=True)
                self._update_lines()

    def _get_option_render(self, option: Option, style: Style) -> list[Strip]:
        width = self.scrollable_content_region.width - self._get_left_gutter_width()
        padding = self.get_component_styles("option-list--option").padding
        key = (option, style, padding)
        strips = self._option_render_cache.get(key)
        if strips is None:
            visual = self._get_visual(option)
            if padding:
                visual = Padding(visual, padding)
            drawn = visual.to_strips(self, visual, width, None, style)
            strips = [strip.extend_cell_length(width, style.rich_style) for strip in drawn]
            if option._divider:
                rule = self.get_visual_style("option-list--separator").rich_style
                strips.append(Strip([Segment("─" * width, rule)], width))
            self._option_render_cache[key] = strips
        return strips

    def render_lines(self, crop: Region) -> list[Strip]:
        if self.gutter or self.styles.tint.a or self.opacity != 1.0 or crop.column_span != (0, self.size.width):
            return super().render_lines(crop)
        # Nothing is put around the lines, so that each is the very strip drawn before, with all that it remembers.
        lines, top = self._lines, self.scroll_offset.y
        plain = self.get_visual_style("option-list--option")
        blank = Strip.blank(self.scrollable_content_region.width, plain.rich_style)
        rows: dict[int, list[Strip]] = {}
        strips = []
        for at in range(top + crop.y, top + crop.bottom):
            strip = blank
            if at < len(lines):
                index, line = lines[at]
                if index not in rows:
                    rows[index] = self._get_option_render(self._options[index], self._row_style(index, plain))
                strip = rows[index][line] if line < len(rows[index]) else blank
            strips.append(strip)
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        return strips

    def _row_style(self, index: int, plain: Style) -> Style:
        if self._options[index].disabled:
            return self.get_visual_style("option-list--option", "option-list--option-disabled")
        if self.highlighted == index:
            return self.get_visual_style("option-list--option", "option-list--option-highlighted")
        if self._mouse_hovering_over == index:
            return self.get_visual_style("option-list--option", "option-list--option-hover")
        return plain

    def _row_at(self, event: MouseEvent) -> int | None:
        """The row below the mouse."""
        offset = event.get_content_offset(self)
        line = offset.y + self.scroll_offset.y if offset is not None else -1
        if not 0 <= line < len(self._lines):
            return None
        index, within = self._lines[line]
        ruled = self._options[index]._divider and within == self._heights[index] - 1
        return None if ruled else index

    def _on_mouse_move(self, event: MouseMove) -> None:
        self._mouse_hovering_over = self._row_at(event)

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
        self.screen.screen_layout_refresh_signal.subscribe(self, lambda _: self.point())

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self.point()
        if self._unseen:
            self._tell_unseen()

    def watch_highlighted(self, highlighted: int | None) -> None:
        super().watch_highlighted(highlighted)
        self.point()
        self._come_into_sight()

    def on_focus(self) -> None:
        if self.highlighted is None and self.option_count and self._mark_first:
            self.action_first()
        self.point()

    async def _on_click(self, event: Click) -> None:
        """A first click marks a row, so that it can be read beside the list; a click on the marked row takes it.

        With `one_click` there is nothing to read beside the list, and the first click takes the row.
        """
        # Handlers of base classes run as well unless told not to.
        event.prevent_default()
        clicked = self._row_at(event)
        if clicked is None or self._options[clicked].disabled:
            return
        marked = clicked == self.highlighted
        self.highlighted = clicked
        if marked or self._one_click:
            self.action_select()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "tick":
            return self._one_click
        if action in ("page_up", "page_down"):
            return not self._read_beside
        return super().check_action(action, parameters)

    def action_tick(self) -> None:
        """Space does what enter does where rows are ticked: people know it from every other form."""
        self.action_select()

    def point(self) -> None:
        """Put the terminal's cursor on the marked row, or where the rows begin."""
        if self.has_focus:
            self.call_after_refresh(self._place_cursor)

    def step(self, by: int) -> None:
        """Mark the next row or the one before and point at it, while one types in a search above the list."""
        if by > 0:
            self.action_cursor_down()
        else:
            self.action_cursor_up()
        self.call_after_refresh(self._place_cursor, focused=False)

    def _place_cursor(self, *, focused: bool = True) -> None:
        region, line = self.content_region, self._marked_at()
        if 0 <= line < region.height:
            (place_cursor if focused else put_cursor)(self, Offset(region.x + 1, region.y + line))

    def _marked_at(self) -> int:
        """Which line of the window the marked row begins at, or where it would."""
        marked = self.highlighted
        return 0 if marked is None else self._index_to_line.get(marked, 0) - int(self.scroll_y)

    def _come_into_sight(self) -> None:
        """A list that stands whole in a form is scrolled by the form: it follows the marked row."""
        if self.has_focus:
            self.call_after_refresh(self._scroll_form)

    def _scroll_form(self) -> None:
        form = next((node for node in self.ancestors if isinstance(node, VerticalScroll)), None)
        if form is None or self.highlighted is None or not self.has_focus:
            return
        top = self.content_region.y + self._marked_at() - form.content_region.y
        below = top + self._heights.get(self.highlighted, 1) - form.content_region.height
        if by := min(0, top) or min(top, max(0, below)):
            form.scroll_relative(y=by, animate=False)


def _same_row(one: tuple[str, Content | Visual], other: tuple[str, Content | Visual]) -> bool:
    """Whether a row still says the same; of rows of other kinds their `text` tells."""
    if one[0] != other[0]:
        return False
    mine, theirs = getattr(one[1], "text", None), getattr(other[1], "text", None)
    if mine is not None and not isinstance(one[1], (Lines, Line)):
        return bool(mine == theirs)
    return _same(one[1], other[1])


def _same(one: Content | Visual | None, other: Content | Visual) -> bool:
    """Whether two rows look the same, so that what was drawn of one stands for the other."""
    if one is other:
        return True
    match one, other:
        case Content(), Content():
            return one.is_same(other)
        case Lines(), Lines():
            return one.text == other.text and all(
                mine.spans == theirs.spans for (_, mine), (_, theirs) in zip(one.parts, other.parts, strict=True)
            )
        case Line(), Line():
            pairs = ((one.left, other.left), (one.right, other.right), (one.short, other.short))
            return all(mine.is_same(theirs) for mine, theirs in pairs)
    return False
