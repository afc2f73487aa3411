"""Figures of many playthroughs and of several sessions, as small pictures side by side, each with its table.

Nothing is told by colour alone: ways and sessions are named in words, and lines differ in their dashes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exercise.analysis.tally import Spread
from exercise.core.times import tell_exercise_time
from exercise.report.blocks import Figure, Table
from exercise.report.drawing import INK, MUTED, RULE, bare, drawn, grid, short, story_time
from exercise.report.words import amount

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas
    from matplotlib.typing import LineStyleType

_BOX = "#8bb4da"
_REAL = "#b3541e"
_DASHES: tuple[tuple[str, LineStyleType], ...] = (
    ("#12395b", "solid"),
    ("#b3541e", (0, (5, 1.5))),
    ("#4a7fb0", (0, (1.2, 1.2))),
    ("#5c5c5c", (0, (7, 1.5, 1.5, 1.5))),
)


@dataclass(frozen=True, slots=True)
class Panel:
    """One figure of a what-if: its spread way by way, and what it was in the log."""

    title: str
    spreads: tuple[Spread, ...]
    real: float
    note: str = ""
    """Said beside the title: which way is better."""

    @property
    def name(self) -> str:
        """Title and note in one, for words and tables."""
        return f"{self.title}, {self.note}" if self.note else self.title


@dataclass(frozen=True, slots=True)
class Courses:
    """One indicator: its course session by session, as times of the story and values, to where the session ended."""

    title: str
    courses: tuple[tuple[tuple[int, float], ...], ...]


def ranges_chart(panels: Sequence[Panel], ways: Sequence[str], caption: str, *, shared: bool = False) -> Figure:
    """A panel for each figure, a line for each way: from lowest to highest, a box between quartiles, the median.

    `shared` draws all panels over one scale, which counts need and indicators must not have.
    """
    across = 2 if len(panels) > 1 else 1
    down = max(1, math.ceil(len(panels) / across))
    panel = 0.19 * (len(ways) + 1) + 0.46
    height = down * panel + 0.34
    everything = [value for each in panels for value in _values(each)]

    def draw(canvas: Canvas) -> None:
        room = {"left": 0.075, "right": 0.985, "top": 1 - 0.42 / height, "bottom": 0.28 / height}
        cells = grid(canvas, len(panels), across, **room, wspace=0.16, hspace=0.46 / (panel - 0.46))
        for axes, each in zip(cells, panels, strict=True):
            _panel(axes, each, ways, everything if shared else _values(each))
        _key(canvas)

    return drawn(height, draw, caption=caption, alt=_in_words(panels, ways), table=_table(panels, ways, caption))


def _values(panel: Panel) -> list[float]:
    return [panel.real, *(value for spread in panel.spreads for value in (spread.lowest, spread.highest))]


def _panel(axes: Axes, panel: Panel, ways: Sequence[str], scale: Sequence[float]) -> None:
    lowest, highest = min(scale), max(scale)
    room = (highest - lowest) * 0.04 or 0.5
    axes.axvline(panel.real, color=_REAL, linewidth=0.7, linestyle=(0, (2, 2)), zorder=1)
    axes.plot([panel.real], [0], marker="D", markersize=4, color=_REAL, zorder=4)
    for place, spread in enumerate(panel.spreads, 1):
        axes.plot([spread.lowest, spread.highest], [place, place], color=MUTED, linewidth=1, zorder=2)
        for end in (spread.lowest, spread.highest):
            axes.plot([end, end], [place - 0.18, place + 0.18], color=MUTED, linewidth=1, zorder=2)
        width = spread.upper - spread.lower
        axes.barh(place, width, left=spread.lower, height=0.56, color=_BOX, edgecolor=INK, linewidth=0.5, zorder=3)
        axes.plot([spread.middle, spread.middle], [place - 0.34, place + 0.34], color=INK, linewidth=2, zorder=4)
    axes.set_yticks(range(len(ways) + 1), ["log", *ways])
    axes.set_ylim(len(ways) + 0.6, -0.6)
    axes.set_xlim(lowest - room, highest + room)
    axes.grid(axis="x", color=RULE, linewidth=0.4)
    axes.set_axisbelow(True)
    bare(axes, "bottom")
    axes.tick_params(axis="y", length=0)
    axes.locator_params(axis="x", nbins=6, integer=highest - lowest >= 2)
    axes.set_title(short(panel.title, 34 if panel.note else 46), loc="left", pad=3)
    axes.set_title(panel.note, loc="right", pad=3, fontsize=6.5, fontweight="normal", color=MUTED)


def _key(canvas: Canvas) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    canvas.legend(
        [
            Line2D([], [], color=MUTED, linewidth=1),
            Patch(facecolor=_BOX, edgecolor=INK, linewidth=0.5),
            Line2D([], [], color=INK, linewidth=2),
            Line2D([], [], color=_REAL, marker="D", markersize=4, linewidth=0.7, linestyle=(0, (2, 2))),
        ],
        ["lowest to highest", "between the quartiles", "median", "in the log"],
        loc="upper right",
        ncols=4,
        fontsize=6.5,
    )


def _in_words(panels: Sequence[Panel], ways: Sequence[str]) -> str:
    said = []
    for panel in panels:
        medians = ", ".join(
            f"{amount(spread.middle)} by way {way}" for way, spread in zip(ways, panel.spreads, strict=True)
        )
        said.append(f"{panel.name}: {amount(panel.real)} in the log; median {medians}")
    return ". ".join(said) + "." if said else "Nothing was counted."


def _table(panels: Sequence[Panel], ways: Sequence[str], caption: str) -> Table:
    rows: list[tuple[str, ...]] = []
    for panel in panels:
        rows.append((panel.name, "log", "", "", amount(panel.real), "", ""))
        rows += [
            ("", way, *map(amount, (each.lowest, each.lower, each.middle, each.upper, each.highest)))
            for way, each in zip(ways, panel.spreads, strict=True)
        ]
    return Table(
        columns=("Figure", "Way", "Lowest", "Lower quartile", "Median", "Upper quartile", "Highest"),
        rows=tuple(rows),
        caption=caption,
        widths=(4, 1.2, 1.4, 1.6, 1.4, 1.6, 1.4),
        numeric=(2, 3, 4, 5, 6),
    )


def courses_chart(rows: Sequence[Courses], sessions: Sequence[str], caption: str) -> Figure:
    """A panel for each indicator, a line for each session, named at its end."""
    across = 2 if len(rows) > 1 else 1
    down = max(1, math.ceil(len(rows) / across))
    height = down * 1.45 + 0.35
    times = [time for row in rows for course in row.courses for time, _ in course] or [0]
    start, end = min(times), max(times)

    def draw(canvas: Canvas) -> None:
        room = {"left": 0.075, "right": 0.945, "top": 1 - 0.42 / height, "bottom": 0.3 / height}
        for axes, row in zip(grid(canvas, len(rows), across, **room, wspace=0.24, hspace=0.62), rows, strict=True):
            _courses(axes, row)
            _fewer_times(axes, start, end)
            axes.set_xlim(start, end + (end - start or 60) * 0.02)
            axes.grid(axis="y", color=RULE, linewidth=0.4)
            bare(axes, "bottom", "left")
            axes.locator_params(axis="y", nbins=5)
            axes.set_title(short(row.title, 46), loc="left", pad=4)
        _sessions(canvas, sessions)

    return drawn(height, draw, caption=caption, alt=_told(rows, sessions), table=_ends(rows, sessions, caption))


def _fewer_times(axes: Axes, start: int, end: int) -> None:
    """Times of the story under a panel of half the width, where every other one is enough."""
    story_time(axes, start, end)
    ticks, labels = axes.get_xticks(), [label.get_text() for label in axes.get_xticklabels()]
    if len(labels) > 4:
        axes.set_xticks(ticks[::2], labels[::2])


def _courses(axes: Axes, row: Courses) -> None:
    for place, course in enumerate(row.courses):
        if not course:
            continue
        colour, dashes = _DASHES[place % len(_DASHES)]
        times, values = [time for time, _ in course], [value for _, value in course]
        axes.step(times, values, where="post", color=colour, linestyle=dashes, linewidth=1.3)
        axes.annotate(
            str(place + 1), (times[-1], values[-1]), xytext=(4 + 7 * (place % 3), 0), textcoords="offset points",
            va="center", fontsize=7, color=colour, annotation_clip=False,
        )  # fmt: skip


def _sessions(canvas: Canvas, sessions: Sequence[str]) -> None:
    from matplotlib.lines import Line2D

    lines = []
    for place in range(len(sessions)):
        colour, dashes = _DASHES[place % len(_DASHES)]
        lines.append(Line2D([], [], color=colour, linestyle=dashes, linewidth=1.3))
    labels = [f"{number} {short(name, 26)}" for number, name in enumerate(sessions, 1)]
    canvas.legend(lines, labels, loc="upper right", ncols=min(4, len(labels)), fontsize=6.5, handlelength=3.2)


def _told(rows: Sequence[Courses], sessions: Sequence[str]) -> str:
    said = []
    for row in rows:
        ends = [
            f"{amount(course[-1][1])} in session {number}" for number, course in enumerate(row.courses, 1) if course
        ]
        said.append(f"{row.title} ended at " + ", ".join(ends))
    return f"{len(sessions)} sessions. " + ". ".join(said) + "."


def _ends(rows: Sequence[Courses], sessions: Sequence[str], caption: str) -> Table:
    """The course of each indicator at the hours at which any session's moved, at most as many as a page takes."""
    found: list[tuple[str, ...]] = []
    for row in rows:
        times = sorted({time for course in row.courses for time, _ in course})
        step = max(1, math.ceil(len(times) / 8))
        kept = list(dict.fromkeys([*times[::step], *times[-1:]]))
        for time in kept:
            values = (next((v for when, v in reversed(course) if when <= time), None) for course in row.courses)
            cells = tuple("–" if value is None else amount(value) for value in values)
            found.append((row.title if time == kept[0] else "", tell_exercise_time(time), *cells))
    return Table(
        columns=("Indicator", "Time", *(f"Session {number}" for number in range(1, len(sessions) + 1))),
        rows=tuple(found),
        caption=caption,
        numeric=tuple(range(2, 2 + len(sessions))),
    )
