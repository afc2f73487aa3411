"""Figures of the course: indicators over time, who asked whom, and what each team met and did when."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from exercise.core.times import tell_exercise_time
from exercise.language import N_, _
from exercise.report.blocks import Figure, Table
from exercise.report.drawing import INK, MUTED, RULE, SHADE, bare, drawn, first_of, grid, listed, short, story_time
from exercise.report.words import amount

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas
    from matplotlib.patches import Patch
    from matplotlib.typing import LineStyleType


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator's course: times of the story in seconds, and the value from then on."""

    name: str
    points: tuple[tuple[int, float], ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the story, such as a move."""

    title: str
    start: int
    end: int


def indicators_chart(lines: Sequence[Line], moves: Sequence[Span] = (), caption: str = "") -> Figure:
    """Steps over time, labelled at their ends; a panel each where there are more than four or their units differ."""
    caption = caption or _("Indicators over the course of the exercise")
    times = [time for line in lines for time, _value in line.points] + [
        time for move in moves for time in (move.start, move.end)
    ]
    start, end = min(times, default=0), max(times, default=3600)
    apart = len(lines) > 4 or len({line.unit for line in lines}) > 1
    across = 2 if apart else 1
    down = max(1, math.ceil(len(lines) / across))
    height = down * 1.25 + 0.45 if apart else 3.0

    def draw(canvas: Canvas) -> None:
        right = 0.93 if apart else 0.77
        room = {"left": 0.085, "right": right, "top": 1 - 0.36 / height, "bottom": 0.3 / height}
        cells = grid(canvas, len(lines) if apart else 1, across, **room, wspace=0.34, hspace=0.72)
        if not apart:
            axes = cells[0]
            _moves(axes, moves, 85)
            _courses(axes, lines, end)
            _settle(axes, start, end)
            axes.set_ylabel(short(lines[0].unit, 30) if lines else "")
            return
        for index, (axes, line) in enumerate(zip(cells, lines, strict=True)):
            _moves(axes, moves, 40 if index < across else 0)
            _courses(axes, [line], end)
            _settle(axes, start, end, ticks=4)
            unit = f" ({line.unit})" if line.unit else ""
            axes.set_title(short(line.name + unit, 44), loc="left", pad=11 if index < across and moves else 4)

    said = [_went(line) for line in lines if line.points]
    return drawn(
        height,
        draw,
        caption=caption,
        alt="; ".join(said) + "." if said else _("No indicator was kept."),
        table=Table(
            columns=(_("Indicator"), _("Time"), _("Value"), _("Unit")),
            rows=tuple(
                (line.name, tell_exercise_time(time), amount(value), line.unit)
                for line in lines
                for time, value in line.points
            ),
            caption=caption,
            widths=(4, 1.5, 2, 2),
            numeric=(2,),
        ),
    )


def _went(line: Line) -> str:
    first, last = amount(line.points[0][1]), amount(line.points[-1][1])
    words = _("{name} went from {amount} to {amount2} {unit}")
    if len({value for _time, value in line.points}) == 1:
        words = _("{name} stayed at {amount} {unit}")
    return words.format(name=line.name, amount=first, amount2=last, unit=line.unit).rstrip()


_DASHES: tuple[tuple[str, object], ...] = (
    ("#12395b", "solid"),
    ("#b3541e", (0, (5, 1.5))),
    ("#4a7fb0", (0, (1.2, 1.2))),
    ("#5c5c5c", (0, (7, 1.5, 1.5, 1.5))),
)


def _courses(axes: Axes, lines: Sequence[Line], end: int) -> None:
    lasts: list[tuple[float, str, str]] = []
    for (colour, dash), line in zip(_DASHES, lines, strict=False):
        if not line.points:
            continue
        times = [time for time, _ in line.points] + [end]
        values = [value for _, value in line.points] + [line.points[-1][1]]
        axes.plot(times, values, drawstyle="steps-post", color=colour, linestyle=dash, linewidth=1.6)
        label = amount(values[-1]) if len(lines) == 1 else f"{short(line.name, 22)}  {amount(values[-1])}"
        lasts.append((values[-1], label, colour))
    low, high = axes.get_ylim()
    # Labels at the ends keep a line's height from each other, in the order of their values.
    gap, before = (high - low) * 0.075, -math.inf
    for value, label, colour in sorted(lasts):
        before = max(value, before + gap)
        axes.annotate(
            label,
            (1.0, before),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=7.5,
            color=colour,
            annotation_clip=False,
        )


def _settle(axes: Axes, start: float, end: float, ticks: int = 7) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.set_xlim(start, max(end, start + 60))
    story_time(axes, start, end, ticks)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value)))
    axes.margins(y=0.12)
    axes.tick_params(labelsize=7)
    bare(axes, "left", "bottom")


def _moves(axes: Axes, moves: Sequence[Span], letters: int) -> None:
    """Shades every other move; so many letters fit side by side above, and each move has its part of them."""
    whole = max((move.end for move in moves), default=0) - min((move.start for move in moves), default=0)
    for index, move in enumerate(moves):
        if index % 2 == 0:
            axes.axvspan(move.start, move.end, color=SHADE, linewidth=0, zorder=0)
        if letters:
            axes.annotate(
                _name(move.title, round(letters * (move.end - move.start) / max(whole, 1))),
                ((move.start + move.end) / 2, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
                fontsize=6.5,
                color=MUTED,
            )


def _name(title: str, letters: int) -> str:
    """A move's title, or its number alone where the title does not fit."""
    first = title.partition(" ")[0].rstrip(".")
    return first if len(title) > letters and first.isdigit() else short(title, max(4, letters))


Outcome = Literal["met", "partly", "refused", "unanswered", "failed", "withdrawn", "open"]


@dataclass(frozen=True, slots=True)
class Flow:
    """How many requests went from one team to another and ended in one way."""

    source: str
    target: str
    outcome: Outcome
    count: int


_OUTCOMES: Mapping[Outcome, tuple[str, LineStyleType, str]] = {
    "met": ("#12395b", "solid", N_("met")),
    "partly": ("#4a7fb0", (0, (7, 1.5, 1.5, 1.5)), N_("met in part")),
    "refused": ("#b3541e", (0, (5, 2)), N_("refused")),
    "unanswered": ("#5c5c5c", (0, (1.2, 1.6)), N_("no answer")),
    "failed": ("#8a8a8a", (0, (1, 3.5)), N_("did not get through")),
    "withdrawn": ("#8a8a8a", (0, (3, 3)), N_("withdrawn")),
    "open": ("#5c5c5c", (0, (9, 4)), N_("still open")),
}


def request_network(flows: Sequence[Flow], teams: Sequence[str] = (), caption: str = "") -> Figure:
    """Teams on a circle, an arrow for each way that requests between two of them ended, with how many."""
    caption = caption or _("Requests between teams, and how they ended")
    names = list(dict.fromkeys([*teams, *(name for flow in flows for name in (flow.source, flow.target))]))
    height = {0: 1.0, 1: 1.0, 2: 2.6, 3: 4.2, 4: 4.6}.get(len(names), 5.6)
    used = [outcome for outcome in _OUTCOMES if any(flow.outcome == outcome for flow in flows)]
    many = len(used) > 5

    def draw(canvas: Canvas) -> None:
        from matplotlib.lines import Line2D

        axes = canvas.add_axes((0.01, 0.01, 0.98, 1 - (0.6 if many else 0.4) / height))
        half = (height - 0.5) / 2
        axes.set_xlim(-3.43, 3.43)
        axes.set_ylim(-half, half)
        axes.set_axis_off()
        places = _circle(names, 2.55, half - 0.35)
        groups: dict[tuple[str, str], list[Flow]] = {}
        for flow in flows:
            if flow.count and flow.source in places and flow.target in places:
                groups.setdefault((flow.source, flow.target), []).append(flow)
        boxes = {name: _node(axes, name, place) for name, place in places.items()}
        for group in groups.values():
            for index, flow in enumerate(sorted(group, key=lambda each: list(_OUTCOMES).index(each.outcome))):
                _arrow(axes, places, boxes, flow, 0.1 + 0.13 * index)
        keys = [Line2D([], [], color=_OUTCOMES[key][0], linestyle=_OUTCOMES[key][1], linewidth=1.5) for key in used]
        canvas.legend(
            keys,
            [_(_OUTCOMES[key][2]) for key in used],
            loc="upper right",
            # A line holds five of them.
            ncols=4 if many else max(1, len(used)),
            fontsize=7.5,
            handlelength=3.2,
        )

    totals = {outcome: sum(flow.count for flow in flows if flow.outcome == outcome) for outcome in _OUTCOMES}
    parts = [f"{count} {_(_OUTCOMES[outcome][2])}" for outcome, count in totals.items() if count]
    pairs = [
        _("{source} to {target}: {count} {value}").format(
            source=flow.source, target=flow.target, count=flow.count, value=_(_OUTCOMES[flow.outcome][2])
        )
        for flow in flows
        if flow.count
    ]
    alt = (
        _("Requests: {sum}; teams and bodies: {names}; {parts}. ").format(
            sum=sum(totals.values()), names=len(names), parts=listed(parts)
        )
        if parts
        else _("No requests. ")
    )
    return drawn(
        height,
        draw,
        caption=caption,
        alt=(alt + "; ".join(first_of(pairs, 12)) + ("." if pairs else "")).strip(),
        table=Table(
            columns=(_("From"), _("To"), _("Outcome"), _("Requests")),
            rows=tuple((flow.source, flow.target, _(_OUTCOMES[flow.outcome][2]), str(flow.count)) for flow in flows),
            caption=caption,
            widths=(3, 3, 2, 1.2),
            numeric=(3,),
        ),
    )


def _circle(names: Sequence[str], wide: float, tall: float) -> dict[str, tuple[float, float]]:
    """Two stand side by side; more stand on an ellipse, the first at the top."""
    if len(names) == 2:
        return {names[0]: (-wide * 0.8, 0.0), names[1]: (wide * 0.8, 0.0)}
    turn = 2 * math.pi / max(len(names), 1)
    return {name: (wide * math.sin(index * turn), tall * math.cos(index * turn)) for index, name in enumerate(names)}


def _node(axes: Axes, name: str, place: tuple[float, float]) -> Patch:
    """A team's box; an inch is a unit of these axes, so its size follows from its letters."""
    from matplotlib.patches import FancyBboxPatch

    words = short(name, 17, 2)
    lines = words.split("\n")
    wide, tall = 0.078 * max(map(len, lines)) + 0.1, 0.15 * len(lines) + 0.08
    box = FancyBboxPatch(
        (place[0] - wide / 2, place[1] - tall / 2),
        wide,
        tall,
        boxstyle="round,pad=0.05",
        facecolor="white",
        edgecolor=INK,
        linewidth=0.9,
        zorder=5,
    )
    axes.add_patch(box)
    axes.text(*place, words, ha="center", va="center", fontsize=7.5, fontweight="bold", zorder=6)
    return box


def _arrow(
    axes: Axes, places: Mapping[str, tuple[float, float]], boxes: Mapping[str, Patch], flow: Flow, bend: float
) -> None:
    from matplotlib.patches import FancyArrowPatch

    source, target = places[flow.source], places[flow.target]
    colour, dash, _words = _OUTCOMES[flow.outcome]
    ends = (boxes[flow.source], boxes[flow.target])
    # The line is dashed, its head is not: a dashed head cannot be read.
    for form, line, thick in (("-", dash, 1.3), ("-|>", "solid", 0.0)):
        arrow = FancyArrowPatch(
            source,
            target,
            arrowstyle=form,
            connectionstyle=f"arc3,rad={bend}",
            patchA=ends[0],
            patchB=ends[1],
            shrinkA=1.0,
            shrinkB=2.0,
            mutation_scale=9,
            color=colour,
            linestyle=line,
            linewidth=thick,
            zorder=2,
        )
        axes.add_patch(arrow)
    (ax, ay), (bx, by) = source, target
    # A point of the curve, nearer to the sender, where arrows that cross in the middle do not hide the figure.
    part = 0.36 if math.dist(source, target) > 2.4 else 0.5
    cx, cy = (ax + bx) / 2 + bend * (by - ay), (ay + by) / 2 - bend * (bx - ax)
    x = (1 - part) ** 2 * ax + 2 * part * (1 - part) * cx + part**2 * bx
    y = (1 - part) ** 2 * ay + 2 * part * (1 - part) * cy + part**2 * by
    plate = {"boxstyle": "circle,pad=0.16", "facecolor": "white", "edgecolor": colour, "linewidth": 0.7}
    axes.text(x, y, str(flow.count), ha="center", va="center", fontsize=7, color=colour, zorder=7, bbox=plate)


Kind = Literal["inject", "decision", "lapse", "request", "answer", "act"]


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing on a team's lane: when in the story, of which kind, and what it was."""

    at: int
    lane: str
    kind: Kind
    label: str = ""


_SHAPES: Mapping[Kind, tuple[str, str, str]] = {
    "inject": ("o", "#ffffff", N_("inject")),
    "decision": ("s", "#12395b", N_("decision")),
    "lapse": ("X", "#b3541e", N_("decision lapsed")),
    "request": (">", "#e39a3b", N_("request sent")),
    "answer": ("<", "#8bb4da", N_("request answered")),
    "act": ("d", "#5c5c5c", N_("other act")),
}


def timeline_chart(
    moments: Sequence[Moment], moves: Sequence[Span] = (), lanes: Sequence[str] = (), caption: str = ""
) -> Figure:
    """A lane for each team with what came to it and what it did, over the moves of the story."""
    caption = caption or _("What each team met and did, in the time of the story")
    names = list(dict.fromkeys([*lanes, *(moment.lane for moment in moments)]))
    times = [moment.at for moment in moments] + [time for move in moves for time in (move.start, move.end)]
    start, end = min(times, default=0), max(times, default=3600)
    until = max(end, start + 60)
    height = 0.62 * max(len(names), 1) + 0.95

    def draw(canvas: Canvas) -> None:
        axes = canvas.add_axes((0.19, 0.3 / height, 0.77, 1 - 0.84 / height))
        _moves(axes, moves, 88)
        rows = {name: index for index, name in enumerate(names)}
        for index in rows.values():
            axes.axhline(index, color=RULE, linewidth=0.7, zorder=1)
        kinds = [kind for kind in _SHAPES if any(moment.kind == kind for moment in moments)]
        # What comes in stands above the lane's line, what the team does on and below it.
        level = {"inject": -0.24, "answer": 0.24, "request": 0.24}
        for kind in kinds:
            shape, fill, label = _SHAPES[kind]
            found = [moment for moment in moments if moment.kind == kind]
            axes.scatter(
                [moment.at for moment in found],
                [rows[moment.lane] + level.get(kind, 0.0) for moment in found],
                s=26,
                marker=shape,
                facecolor=fill,
                edgecolor=INK,
                linewidth=0.7,
                label=_(label),
                zorder=3,
                clip_on=False,
            )
        span = until - start
        axes.set_xlim(start - span * 0.01, until + span * 0.01)
        axes.set_ylim(max(len(names), 1) - 0.5, -0.5)
        axes.set_yticks(range(len(names)), [short(name, 19, 2) for name in names])
        story_time(axes, start, until)
        bare(axes, "bottom")
        axes.tick_params(axis="y", length=0)
        if kinds:
            canvas.legend(loc="upper right", ncols=len(kinds), fontsize=7.5, handletextpad=0.2, columnspacing=1.2)

    said = []
    for name in names:
        found = Counter(moment.kind for moment in moments if moment.lane == name)
        # The number after the word, for the word stands there as in the legend and bends in no language.
        counts = [f"{_(label)} {found[kind]}" for kind, (_shape, _fill, label) in _SHAPES.items() if found[kind]]
        said.append(f"{name}: {listed(counts)}" if counts else _("{name}: nothing").format(name=name))
    span_text = _("From {time} to {time2}; moves: {moves}. ").format(
        time=tell_exercise_time(start), time2=tell_exercise_time(end), moves=len(moves)
    )
    return drawn(
        height,
        draw,
        caption=caption,
        alt=span_text + "; ".join(said) + "." if said else _("Nothing happened."),
        table=Table(
            columns=(_("Time"), _("Team"), _("What"), _("Which")),
            rows=tuple(
                (tell_exercise_time(moment.at), moment.lane, _(_SHAPES[moment.kind][2]), moment.label)
                for moment in sorted(moments, key=lambda each: each.at)
            ),
            caption=caption,
            widths=(1.2, 2.2, 2, 5),
        ),
    )
