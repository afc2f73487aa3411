"""Figures of counts: clauses kept by area, answers to a survey, and how far two evaluators agree."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from exercise.language import N_, _
from exercise.report.blocks import Figure, Table
from exercise.report.drawing import INK, MUTED, bare, drawn, first_of, grid, listed, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas


@dataclass(frozen=True, slots=True)
class Conduct:
    """How many clauses of one area one team kept and did not."""

    team: str
    area: str
    kept: int = 0
    partly: int = 0
    neglected: int = 0
    breached: int = 0

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """From the best to the worst."""
        return (self.kept, self.partly, self.neglected, self.breached)


GRADES = (N_("kept"), N_("partly"), N_("neglected"), N_("breached"))
_FILLS = ("#d7e6f3", "#8bb4da", "#e39a3b", "#6e1d10")
"""From light to dark, so that grey keeps the order; safe for the three kinds of colour blindness."""
_HATCHES = ("", "////", "xxxx", "")
_PLATE = {"boxstyle": "square,pad=0.12", "facecolor": "white", "edgecolor": "none"}
"""A figure over hatching is read on a small plate of its own."""


def scorecard_chart(rows: Sequence[Conduct], caption: str = "") -> Figure:
    """A panel for each team, a bar for each area: clauses kept, partly kept, neglected and breached, each counted."""
    caption = caption or _("Clauses tested, by area and team")
    teams = list(dict.fromkeys(row.team for row in rows))
    areas = list(dict.fromkeys(row.area for row in rows))
    found = {(row.team, row.area): row for row in rows}
    most = max((sum(row.counts) for row in rows), default=0) or 1
    across = 1 if len(teams) == 1 else 2 if len(teams) in (2, 4) else 3
    down = max(1, math.ceil(len(teams) / across))
    panel = 0.215 * max(len(areas), 1) + 0.42
    labels = [short(_(area), 30) for area in areas]
    size = 7.0 if max(map(len, labels), default=0) > 25 else 8.0
    height = down * panel + 0.5

    def draw(canvas: Canvas) -> None:
        room = {"left": 0.245, "right": 0.985, "top": 1 - 0.46 / height, "bottom": 0.06 / height}
        cells = grid(canvas, len(teams), across, **room, wspace=0.08, hspace=0.42 / (panel - 0.42))
        for index, (axes, team) in enumerate(zip(cells, teams, strict=True)):
            for place, area in enumerate(areas):
                _bar(axes, place, found.get((team, area)), most)
            axes.set_ylim(len(areas) - 0.4, -0.6)
            axes.set_xlim(0, most * 1.04)
            first = index % across == 0
            axes.set_yticks(range(len(areas)), labels if first else [""] * len(areas), fontsize=size)
            axes.set_xticks([])
            bare(axes, "left")
            axes.tick_params(axis="y", length=0)
            axes.set_title(short(team, 22 if across == 3 else 40), loc="left", pad=4)
        _legend(canvas, [(_FILLS[i], _HATCHES[i], _(GRADES[i])) for i in range(4)])

    return drawn(
        height,
        draw,
        caption=caption,
        alt=_conduct_in_words(teams, rows),
        table=Table(
            columns=(_("Team"), _("Area"), _("Kept"), _("Partly"), _("Neglected"), _("Breached"), _("Tested")),
            rows=tuple((row.team, _(row.area), *map(str, row.counts), str(sum(row.counts))) for row in rows),
            caption=caption,
            widths=(3, 4, 1.3, 1.3, 1.6, 1.6, 1.4),
            numeric=(2, 3, 4, 5, 6),
        ),
    )


def _bar(axes: Axes, place: int, row: Conduct | None, most: int) -> None:
    pieces = (
        [(row.counts[i], _FILLS[i], _HATCHES[i], i == 3, "white" if i == 3 else INK) for i in range(4)] if row else []
    )
    if not _stacked(axes, place, pieces, height=0.72, size=6.5):
        axes.text(most * 0.015, place, _("not tested"), va="center_baseline", fontsize=6.5, color=MUTED, style="italic")


def _stacked(
    axes: Axes, place: int, pieces: Iterable[tuple[int, str, str, bool, str]], *, height: float, size: float
) -> int:
    """Counts in one bar, each with its figure on it, and how long the bar is; fill, hatch, if it is dark, and edge."""
    left = 0
    for count, fill, hatch, dark, edge in pieces:
        if count:
            axes.barh(place, count, left=left, height=height, color=fill, hatch=hatch, edgecolor=edge, linewidth=0.5)
            axes.text(
                left + count / 2,
                place,
                str(count),
                ha="center",
                va="center_baseline",
                fontsize=size,
                color="white" if dark else INK,
                bbox=_PLATE if hatch else None,
            )
            left += count
    return left


def _conduct_in_words(teams: Sequence[str], rows: Sequence[Conduct]) -> str:
    said = []
    for team in teams:
        sums = [sum(row.counts[i] for row in rows if row.team == team) for i in range(4)]
        parts = [f"{count} {_(grade)}" for count, grade in zip(sums, GRADES, strict=True) if count]
        said.append(
            _("{team}: {parts} of {sum} tested").format(team=team, parts=listed(parts), sum=sum(sums))
            if parts
            else _("{team}: nothing tested").format(team=team)
        )
    return _("Clauses by team. ") + "; ".join(said) + "." if said else _("No team was tested.")


def _legend(canvas: Canvas, entries: Sequence[tuple[str, str, str]]) -> None:
    from matplotlib.patches import Patch

    patches = [Patch(facecolor=fill, hatch=hatch, edgecolor=INK, linewidth=0.5) for fill, hatch, _ in entries]
    canvas.legend(
        patches,
        [label for _, _, label in entries],
        loc="upper right",
        ncols=len(entries),
        fontsize=7.5,
        handlelength=1.6,
        columnspacing=1.4,
        bbox_to_anchor=(1.0, 1.0),
        borderaxespad=0.3,
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """A survey question answered on a scale: how many chose each step, from the lowest."""

    question: str
    counts: tuple[int, ...]

    @property
    def middle(self) -> str:
        """The median step, counted from 1, for steps have an order and no distances; a dash where nobody answered."""
        given = [step for step, count in enumerate(self.counts, 1) for _ in range(count)]
        return f"{median(given):g}" if given else "–"


_STEPS = ("#eef4f9", "#c9dded", "#8bb4da", "#3f78ad", "#12395b", "#081f33", "#04101b")
_STEP_HATCHES = ("", "\\\\", "", "////", "", "", "")


def survey_chart(questions: Sequence[Scale], ends: tuple[str, str], caption: str = "") -> Figure:
    """A bar for each question: how many chose each step; `ends` says in words what the lowest and highest mean."""
    caption = caption or _("Answers on the scale")
    most = max((sum(each.counts) for each in questions), default=0) or 1
    steps = max((len(each.counts) for each in questions), default=5)
    height = 0.48 * max(len(questions), 1) + 0.5

    def draw(canvas: Canvas) -> None:
        axes = canvas.add_axes((0.42, 0.04 / height, 0.5, 1 - 0.44 / height))
        for place, each in enumerate(questions):
            pieces = ((count, _STEPS[i % 7], _STEP_HATCHES[i % 7], i >= 4, INK) for i, count in enumerate(each.counts))
            _stacked(axes, place, pieces, height=0.62, size=7)
            axes.text(most * 1.03, place, each.middle, va="center_baseline", fontsize=8)
        axes.set_ylim(len(questions) - 0.4, -0.6)
        axes.set_xlim(0, most)
        axes.set_xticks([])
        axes.set_yticks(range(len(questions)), [short(each.question, 46, 2) for each in questions], fontsize=7.5)
        bare(axes, "left")
        axes.tick_params(axis="y", length=0)
        axes.annotate(_("median"), (1.03, 1.0), xycoords="axes fraction", fontsize=7, color=MUTED, va="bottom")
        names = [str(step + 1) for step in range(steps)]
        if names:
            names[0], names[-1] = f"1 {short(ends[0], 24)}", f"{steps} {short(ends[1], 24)}"
        _legend(canvas, [(_STEPS[i % 7], _STEP_HATCHES[i % 7], names[i]) for i in range(steps)])

    said = [
        _("“{question}”: median {middle} of {steps}, answers: {sum}").format(
            question=each.question, middle=each.middle, steps=steps, sum=sum(each.counts)
        )
        for each in questions
    ]
    return drawn(
        height,
        draw,
        caption=caption,
        alt=_("1 is {value}, {steps} is {value2}. ").format(value=ends[0], steps=steps, value2=ends[1])
        + "; ".join(said)
        + "."
        if said
        else _("Nobody answered."),
        table=Table(
            columns=(_("Question"), *map(str, range(1, steps + 1)), _("Answers"), _("Median")),
            rows=tuple(
                (each.question, *map(str, each.counts), str(sum(each.counts)), each.middle) for each in questions
            ),
            caption=f"{caption} (1 {ends[0]}, {steps} {ends[1]})",
            widths=(6, *[0.8] * steps, 1.3, 1.1),
            numeric=tuple(range(1, steps + 3)),
        ),
    )


def agreement_chart(
    grades: Sequence[str], counts: Sequence[Sequence[int]], first: str, second: str, caption: str = ""
) -> Figure:
    """How often two evaluators gave which grade to one and the same mark: rows the first's, columns the second's."""
    caption = caption or _("Marks as {first} and {second} judged them").format(first=first, second=second)
    size = max(len(grades), 1)
    total = sum(map(sum, counts))
    same = sum(counts[i][i] for i in range(len(grades)))
    height = 0.42 * size + 0.78

    def draw(canvas: Canvas) -> None:
        from matplotlib.patches import Rectangle

        wide, tall = 0.78 * size, 0.42 * size
        axes = canvas.add_axes(((7.0 - wide) / 2 / 7.0, 0.1 / height, wide / 7.0, tall / height))
        top = max((count for row in counts for count in row), default=0) or 1
        for y, row in enumerate(counts):
            for x, count in enumerate(row):
                part = count / top
                # From white to dark blue, a straight line that grey keeps.
                fill = tuple(1 - part * (1 - end) for end in (0.07, 0.22, 0.36))
                edge, line = (INK, 1.6) if x == y else ("#c5ccd3", 0.6)
                axes.add_patch(
                    Rectangle((x, y), 1, 1, facecolor=fill, edgecolor=edge, linewidth=line, zorder=1 + (x == y))
                )
                colour = "white" if part > 0.5 else INK if count else MUTED
                axes.text(
                    x + 0.5, y + 0.5, str(count) if count else "·", ha="center", va="center", color=colour, zorder=3
                )
        axes.set_xlim(-0.02, size + 0.02)
        axes.set_ylim(size + 0.02, -0.02)
        middles = [index + 0.5 for index in range(len(grades))]
        axes.set_xticks(middles, [short(each, 11, 2) for each in grades], fontsize=7)
        axes.set_yticks(middles, [short(each, 18) for each in grades], fontsize=7)
        axes.xaxis.tick_top()
        axes.xaxis.set_label_position("top")
        axes.set_xlabel(short(second, 50), fontweight="bold", labelpad=6)
        axes.set_ylabel(short(first, 30, 2), fontweight="bold", labelpad=8)
        bare(axes)
        axes.tick_params(length=0)

    apart = [
        _("{x} {y} against {x2}").format(x=counts[y][x], y=grades[y], x2=grades[x])
        for y in range(len(grades))
        for x in range(len(grades))
        if x != y and counts[y][x]
    ]
    alt = _("Marks that {first} and {second} judged: {total}; the same: {same}").format(
        first=first, second=second, total=total, same=same
    )
    return drawn(
        height,
        draw,
        caption=caption,
        alt=alt + (_("; apart: {listed}.").format(listed=listed(first_of(apart, 8))) if apart else "."),
        table=Table(
            columns=(f"{first} \\ {second}", *grades),
            rows=tuple((grade, *map(str, row)) for grade, row in zip(grades, counts, strict=True)),
            caption=caption,
            numeric=tuple(range(1, len(grades) + 1)),
        ),
    )
