"""Requests as a timeline between teams: every step with its time, drawn as an arrow where there is room for columns.

Teams have a column each, and all others share one, for a game knows few teams and many others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import Static

from exercise.core.text import clean_text
from exercise.language import N_, _
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.line import Wrapped
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.request_words import ends_of, step_text
from exercise.tui.widgets.times import exercise_time

if TYPE_CHECKING:
    from exercise.core.requests.views import RequestStep, RequestView

__all__ = ["ARROWS", "RequestTimeline", "steps_in_time"]

ARROWS = N_("● who  ▶ whom  ─ asks  ╌ answers  ✕ did not get through  ○ lapsed")
"""What the signs between the columns mean."""

_WIDE = 96
"""From this width on each step is an arrow between columns; below it the two ends stand in words."""
_TIME = 9
_LEAST_LANE = 9
"""Cells that a column has at least."""
_WORDS = 40
"""Cells that the words beside the columns have at least."""
_QUIET = "$foreground 65%"
_OTHERS = N_("Others")
_UNHEARD = ("delivered",)
"""Steps that nobody takes and nobody hears of."""


class _Move(NamedTuple):
    """A step as what goes from one end to the other, or happens at one of them."""

    start: str
    end: str
    sign: str
    back: bool
    """An answer to what was asked."""


def steps_in_time(requests: Iterable[RequestView]) -> Iterator[tuple[RequestView, int, RequestStep]]:
    """Each step of each request with its place in it, in the order in which the steps were taken."""
    found = [(step.play, step.exercise, r.number, n, r, step) for r in requests for n, step in enumerate(r.steps)]
    for *_order, place, request, step in sorted(found, key=lambda one: one[:4]):
        if step.step not in _UNHEARD:
            yield request, place, step


def _move(request: RequestView, step: RequestStep, own: str) -> _Move:
    by, to = ends_of(request, own)
    if step.step == "failed":
        return _Move(by, to, "✕", False)
    if step.step == "lapsed" or not step.who:
        return _Move(to, to, "○", True)
    back = step.who != by
    return _Move(to, by, "◀", True) if back else _Move(by, to, "▶", False)


class _Row(Wrapped):
    """One step: its time, its ends as columns or in words, what was done, and of which request."""

    def __init__(self, request: RequestView, step: RequestStep, lanes: Sequence[str], own: str) -> None:
        self._lanes = tuple(_flat(lane) for lane in lanes)
        move = _move(request, step, own)
        self._move = move._replace(start=_flat(move.start), end=_flat(move.end))
        self._at = exercise_time(step.exercise)
        self._did = _flat(step_text(step, request))
        about = f", {request.matter}" if request.matter and step.step == "sent" else ""
        self._which = _flat(f"{request.number} {request.kind_name}{about}")
        self.text = "\t".join((self._at, self._ends, self._did, self._which))

    @property
    def _ends(self) -> str:
        start, end = self._move.start, self._move.end
        return start if start == end else f"{start} → {end}"

    def lines(self, width: int) -> list[Content]:
        """The row at a width, in as many lines as its words need."""
        lane = _lane_width(width, self._lanes)
        time = safe(f"{self._at:<{_TIME}}", _QUIET)
        words = safe(self._did, "bold") + safe(f" · {self._which}", _QUIET)
        strangers = {self._move.start, self._move.end} - set(self._lanes)
        if not lane or strangers:
            words = safe(f"{self._ends}  ") + words
        drawn = self._drawn(lane) if lane else Content("")
        between = safe("".join("│".center(lane) for _ in self._lanes), _QUIET) if lane else Content("")
        room = max(8, width - time.cell_length - drawn.cell_length)
        found = []
        for number, line in enumerate(words.wrap(room)):
            found.append(Content(" " * _TIME) + between + line if number else time + drawn + line)
        return found

    def _drawn(self, lane: int) -> Content:
        """The columns with an arrow across them."""
        last = len(self._lanes) - 1
        places = {name: number for number, name in enumerate(self._lanes)}
        start, end = (places.get(name, last) for name in (self._move.start, self._move.end))
        cells = list("".join("│".center(lane) for _ in self._lanes))
        middle = "│".center(lane).index("│")
        begins, ends = start * lane + middle, end * lane + middle
        step = 1 if ends >= begins else -1
        for at in range(begins + step, ends, step):
            cells[at] = "╌" if self._move.back else "─"
        cells[begins] = "●"
        head = {"◀": "▶" if step > 0 else "◀", "▶": "▶" if step > 0 else "◀"}.get(self._move.sign, self._move.sign)
        if begins != ends:
            cells[ends] = head
        elif self._move.start == self._move.end:
            cells[begins] = self._move.sign
        low, high = sorted((begins, ends))
        style = "bold $text-error" if self._move.sign == "✕" else "bold $text-primary"
        arrow = safe("".join(cells[low : high + 1]), style)
        return safe("".join(cells[:low]), _QUIET) + arrow + safe("".join(cells[high + 1 :]), _QUIET)


class _Heads(Visual):
    """The names over the columns; they stay while the steps scroll."""

    def __init__(self, lanes: Sequence[str]) -> None:
        self._lanes = tuple(_flat(lane) for lane in lanes)

    def line(self, width: int) -> Content:
        """The line at a width."""
        lane = _lane_width(width, self._lanes)
        if not lane:
            return safe(f"{_('Time'):<{_TIME}}{_('Who → whom, what was done, and of which request')}", "bold $primary")
        names = [_centred(name, lane) for name in self._lanes]
        return safe(f"{_('Time'):<{_TIME}}{''.join(names)}{_('What was done, and of which request')}", "bold $primary")

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        if not width:
            return []
        line = self.line(width)
        line = line.truncate(width, ellipsis=True) if line.cell_length > width else line
        return line.render_strips(width, 1, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        return 1


class RequestTimeline(Vertical):
    """The steps of all requests; each row's id is `number.place`, so that it opens its request."""

    DEFAULT_CSS = """
    RequestTimeline { height: 1fr; }
    RequestTimeline > Static { height: 1; padding: 0 2 0 1; }
    RequestTimeline > Choices { scrollbar-gutter: stable; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows = Choices()
        self._heads = Static(markup=False)

    def compose(self) -> ComposeResult:
        yield self._heads
        yield self.rows

    def put(self, requests: Iterable[RequestView], teams: Sequence[str], own: str = "") -> None:
        """Show the steps of these requests, each of `teams` in a column of its own; `own` is whose board it is."""
        steps = list(steps_in_time(requests))
        ends = {_flat(end) for request, *_rest in steps for end in ends_of(request, own)}
        lanes = [team for team in teams if _flat(team) in ends]
        lanes += [_(_OTHERS)] if ends - {_flat(lane) for lane in lanes} else []
        self._heads.update(_Heads(lanes))
        rows: list[tuple[str, Content | Visual]] = [
            (f"{request.number}.{place}", _Row(request, step, lanes, own)) for request, place, step in steps
        ]
        self.rows.show(rows or [("#none", safe(_("Nobody has sent a request.")))])

    @property
    def chosen(self) -> str | None:
        """Number of the request whose step is highlighted."""
        return (self.rows.chosen or "").partition(".")[0] or None


def _lane_width(width: int, lanes: Sequence[str]) -> int:
    """Cells for each column, enough for every name if possible; 0 where there is no room for columns beside words."""
    if width < _WIDE or not lanes:
        return 0
    fits = (width - _TIME - _WORDS) // len(lanes)
    return min(fits, max(_LEAST_LANE, *(safe(lane).cell_length + 2 for lane in lanes))) if fits >= _LEAST_LANE else 0


def _centred(name: str, lane: int) -> str:
    content = safe(name)
    if content.cell_length >= lane:
        content = content.truncate(lane - 1, ellipsis=True)
    left = max(0, "│".center(lane).index("│") - content.cell_length // 2)
    left = min(left, lane - content.cell_length)
    return " " * left + content.plain + " " * (lane - left - content.cell_length)


def _flat(words: str) -> str:
    """Line ends and tabs of somebody's own words would break the row."""
    return " ".join(clean_text(words).split())
