"""How every figure of a report is drawn: one hand, the same file from the same figures, no screen and no network.

Letters become outlines, so that a page, a document and a PDF show the same on a machine with other fonts; the words
are beside each figure in its table. Texts are never read as formulas.
"""

from __future__ import annotations

import io
import math
import re
import textwrap
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from exercise.core.times import tell_exercise_time
from exercise.errors import UsageError
from exercise.language import _
from exercise.report.blocks import Figure, Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

WIDTH = 7.0
"""Inches: the text's width on A4 and Letter."""
DOTS = 200
INK = "#1f2933"
MUTED = "#5b6673"
RULE = "#c5ccd3"
SHADE = "#eef1f4"

_STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 8.0,
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": RULE,
    "axes.labelcolor": MUTED,
    "axes.linewidth": 0.6,
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "axes.unicode_minus": True,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "hatch.linewidth": 0.7,
    "legend.frameon": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "after-action",
}


@contextmanager
def _style() -> Iterator[None]:
    try:
        import matplotlib
    except ImportError:
        raise UsageError("Reports and manuals need more libraries: pip install 'exercise[report]'") from None
    with matplotlib.rc_context(_STYLE), warnings.catch_warnings():
        # A letter that no font of ours has is drawn as a box; the table beside the figure has it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        yield


def drawn(
    height: float, draw: Callable[[Canvas], None], *, caption: str, alt: str, table: Table, width: float = WIDTH
) -> Figure:
    """A figure from what draws it on a canvas of so many inches; pixels are made later, and only if asked for."""
    with _style():
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure as Canvas

        canvas = Canvas(figsize=(width, height), facecolor="white")
        FigureCanvasAgg(canvas)
        draw(canvas)
        written = io.StringIO()
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        canvas.savefig(written, format="svg", metadata=nothing)

    def png() -> bytes:
        with _style():
            file = io.BytesIO()
            canvas.savefig(file, format="png", dpi=DOTS, metadata={"Software": None})
            return file.getvalue()

    return Figure(svg=_plain(written.getvalue()), png=png, caption=caption, alt=alt, table=table)


_SHEET = re.compile(r"\s*<defs>\s*<style[^>]*>[^<]*</style>\s*</defs>")
_NAMESPACES = re.compile(r'\s+xmlns(?::xlink)?="[^"]*"')


def _plain(svg: str) -> str:
    """One SVG element with nothing around it and nothing that reaches beyond it, such as rules for the whole page."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = _SHEET.sub("", svg, count=1)
    end = svg.index(">")
    head = _NAMESPACES.sub("", svg[:end]).replace(
        "<svg", '<svg xmlns="http://www.w3.org/2000/svg" stroke-linejoin="round" stroke-linecap="butt"', 1
    )
    return re.sub(r"\n\s*", "\n", head + svg[end:].replace("xlink:href", "href")).strip()


def short(text: str, width: int, lines: int = 1) -> str:
    """A label that fits: wrapped at so many letters, and cut with an ellipsis after so many lines."""
    wrapped = textwrap.wrap(" ".join(text.split()), width) or [""]
    if len(wrapped) > lines:
        wrapped = [*wrapped[: lines - 1], wrapped[lines - 1][: width - 1].rstrip() + "…"]
    return "\n".join(wrapped)


def grid(canvas: Canvas, number: int, across: int, **room: float) -> list[Axes]:
    """So many panels, row by row, each row of so many; `room` is what lies around and between them."""
    cells = canvas.add_gridspec(max(1, math.ceil(number / across)), across, **room)
    return [canvas.add_subplot(cells[place // across, place % across]) for place in range(number)]


def bare(axes: Axes, *keep: str) -> None:
    """Takes the frame away but for the sides named."""
    for side, spine in axes.spines.items():
        spine.set_visible(side in keep)
    axes.tick_params(length=2.5)


def story_time(axes: Axes, start: float, end: float, most: int = 7) -> None:
    """Marks the axis with times of the story at round distances, and with no more than can stand side by side."""
    span = max(end - start, 60.0)
    steps = [60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000]
    step = next((each for each in steps if span / each <= most), int(span / most) or 1)
    first = int(-(-start // step)) * step
    ticks = list(range(first, int(end) + 1, step)) or [int(start)]
    axes.set_xticks(ticks, [tell_exercise_time(tick) for tick in ticks])


def first_of(words: list[str], most: int) -> list[str]:
    """So many of them, and how many more there are; the table beside a figure has them all."""
    more = len(words) - most
    return [*words[:most], _("{more} more").format(more=more)] if more > 0 else words


def listed(words: list[str]) -> str:
    """`a, b and c`."""
    return f" {_('and')} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
