"""The course of an indicator as a drawn line over exercise time, and the same numbers as a table."""

from __future__ import annotations

from bisect import bisect_right
from math import floor, log10

from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget

from exercise.core.text import clean_text
from exercise.core.views import IndicatorView
from exercise.tui.widgets.indicators import number
from exercise.tui.widgets.times import exercise_time

Point = tuple[int, float]


class CourseChart(Widget):
    """Draws one indicator in the room it has; the value stands until it changes, so the line has steps."""

    DEFAULT_CSS = """
    CourseChart { height: 10; width: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._indicator: IndicatorView | None = None
        self._until = 0
        self._drawn: tuple[tuple[int, int], list[Strip]] | None = None

    def put(self, indicator: IndicatorView | None, until: int = 0) -> None:
        """Shows an indicator up to a time of the story."""
        self._indicator, self._until, self._drawn = indicator, until, None
        self.refresh()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._drawn = None

    def render_line(self, y: int) -> Strip:
        size = (self.size.width, self.size.height)
        if self._drawn is None or self._drawn[0] != size:
            lines = draw_course(self._indicator, size[0], size[1], self._until) if self._indicator else []
            style = self.visual_style
            strips = [Strip(Content(line).render_segments(style)) for line in lines]
            self._drawn = (size, strips)
        strips = self._drawn[1]
        strip = strips[y] if y < len(strips) else Strip([])
        return strip.adjust_cell_length(size[0], self.rich_style)


def draw_course(indicator: IndicatorView, width: int, height: int, until: int = 0) -> list[str]:
    """The chart as lines of text: values at the left, times of the story below."""
    points = _by_time(indicator)
    low, high = _scale(indicator, points)
    labels = _labels(low, high)
    margin = max(map(len, labels.values())) + 1
    columns, rows = width - margin - 1, height - 2
    if not points or columns < 10 or rows < 2:
        return [clean_text(f"{indicator.name}: {number(indicator.value, indicator.unit)}")][:height]
    last = max(until, points[-1][0], points[0][0] + 1)
    first = points[0][0]
    levels = []
    times = [at for at, _ in points]
    for column in range(columns):
        time = first + (last - first) * column / (columns - 1)
        value = points[max(0, bisect_right(times, time) - 1)][1]
        levels.append(round((high - value) / (high - low) * (rows - 1)))
    canvas = [[" "] * columns for _ in range(rows)]
    for column, level in enumerate(levels):
        _step(canvas, column, levels[column - 1] if column else level, level)
    canvas[levels[-1]][-1] = "●"
    shown = {round((high - value) / (high - low) * (rows - 1)): text for value, text in labels.items()}
    lines = [
        f"{shown.get(row, ''):>{margin - 1}} {'┤' if row in shown else '│'}{''.join(cells)}"
        for row, cells in enumerate(canvas)
    ]
    return [*lines, *_time_axis(first, last, columns, margin)]


def _by_time(indicator: IndicatorView) -> list[Point]:
    """Time and value, oldest first; of several values at one time the last stands."""
    points: dict[int, float] = {}
    for _, exercise, value in indicator.course:
        points[exercise] = value
    return sorted(points.items())


def _scale(indicator: IndicatorView, points: list[Point]) -> tuple[float, float]:
    """Part of the indicator's range that holds its course: at least half, so that a small change looks small."""
    lowest, highest = indicator.lowest, indicator.highest
    values = [value for _, value in points] or [indicator.value]
    room = (highest - lowest) / 2
    step = 10 ** floor(log10(room)) / 2
    middle = (min(values) + max(values)) / 2
    low = min(min(values), middle - room / 2)
    high = max(max(values), middle + room / 2)
    low, high = floor(low / step) * step, -floor(-high / step) * step
    if round((high - low) / step) % 2:
        # An even number of steps puts a round number in the middle.
        high += step
    if high > highest:
        low, high = low - (high - highest), highest
    low = max(lowest, low)
    return (low, high) if high > low else (lowest, highest)


def _labels(low: float, high: float) -> dict[float, str]:
    return {value: number(value) for value in (high, (low + high) / 2, low)}


def _step(canvas: list[list[str]], column: int, before: int, now: int) -> None:
    if before == now:
        canvas[now][column] = "─"
        return
    up = now < before
    for row in range(min(before, now) + 1, max(before, now)):
        canvas[row][column] = "│"
    canvas[before][column] = "╯" if up else "╮"
    canvas[now][column] = "╭" if up else "╰"


def _time_axis(first: int, last: int, columns: int, margin: int) -> list[str]:
    """The line below the chart with ticks at round times, and the times under them."""
    wide = len(exercise_time(last)) + 3
    most = max(2, columns // wide)
    step = next((step for step in _TICKS if (last - first) / step < most), _TICKS[-1])
    rule, names = ["─"] * columns, [" "] * (columns + margin + 1)
    for time in range(-(-first // step) * step, last + 1, step):
        column = round((time - first) * (columns - 1) / (last - first))
        rule[column] = "┬"
        name = exercise_time(time)
        start = min(margin + 1 + column, len(names) - len(name))
        if all(cell == " " for cell in names[start - 1 : start + len(name)]):
            names[start : start + len(name)] = name
    return [" " * margin + "└" + "".join(rule), "".join(names)]


_TICKS = tuple(minutes * 60 for minutes in (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 5760, 10080, 20160))
"""Steps between ticks, so that they fall on times that people say."""
