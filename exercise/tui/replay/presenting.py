"""The presenter's mode: a replay on the wall, with the clock large and only what matters, to be read from afar."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content
from textual.widget import Widget

from exercise.core.views import ClockView, DecisionView, IndicatorView
from exercise.language import _
from exercise.session.perspectives import Sight
from exercise.tui.console.big_type import big, fits
from exercise.tui.replay.changes import Change
from exercise.tui.widgets.banner import exercise_mark
from exercise.tui.widgets.indicators import number, trend
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.telling import both_ends, phase_text
from exercise.tui.widgets.times import exercise_time, story_time

_QUIET = "$foreground 65%"
_TALL = 5
"""Lines of a large figure."""
_MEASURE = 64
"""Cells of the longest line: a room reads short ones."""

_HEADS = {
    "answer": "ANSWER",
    "lapse": "NO ANSWER IN TIME",
    "decision": "DECISION",
    "message": "MESSAGE",
    "request": "REQUEST",
    "evidence": "EVIDENCE",
    "talk": "WORDS",
    "indicator": "SITUATION",
    "control": "EXERCISE CONTROL",
}


@dataclass(frozen=True)
class Slide:
    """What stands on the wall."""

    title: str
    sight: Sight
    happened: tuple[Change, ...]
    """The last that happened, the weightiest first."""
    running: str
    """Whether it plays, and how fast."""
    share: float
    """How far the replay has come, 0 to 1."""


class Presenter(Widget):
    """One drawn widget: a wall has no panes."""

    DEFAULT_CSS = """
    Presenter { width: 1fr; height: 1fr; display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._slide: Slide | None = None

    def put(self, slide: Slide) -> None:
        """Shows another moment."""
        if slide != self._slide:
            self._slide = slide
            self.refresh()

    def render(self) -> Content:
        """Clock, what happened, and the indicators, from the top down."""
        slide, width, height = self._slide, self.size.width, self.size.height
        if slide is None or width < 20:
            return Content("")
        top = _top(slide, width - 2)
        below = _figures(slide.sight.indicators, width - 2)
        room = height - len(top) - len(below) - 2
        if room < 4:
            # On a very small screen what happened comes before the figures.
            below, room = [], height - len(top) - 1
        happened = _happened(slide, min(_MEASURE, width - 6))
        if len(happened) > room:
            happened = [line for line in happened if line.plain][: max(0, room)]
        above = max(0, (room - len(happened)) // 2)
        indent = Content(" " * max(1, (width - min(_MEASURE, width - 6)) // 2 - 1))
        middle = [Content("")] * (above + 1) + [indent + line for line in happened]
        middle += [Content("")] * max(0, room + 1 - len(middle))
        lines = [Content(" ") + line for line in (*top, *middle, *below)]
        return Content("\n").join(lines[:height])


def _top(slide: Slide, width: int) -> list[Content]:
    """Mark and title, the large clock with what belongs to it at its side, and how far the replay is."""
    clock = slide.sight.clock
    mark = exercise_mark()
    whose = Content.assemble((_("as seen by "), _QUIET), safe(slide.sight.whose.name, "bold"))
    lines = [both_ends(mark + safe(f" {slide.title}", "bold"), whose, width), Content("")]
    time = exercise_time(clock.exercise)
    tall = big(time) if fits(time, width - 20) else [time, "", "", "", ""]
    left = max(map(len, tall)) + 3
    beside = _beside(clock, slide.running)
    for place, row in enumerate(tall):
        words = beside[place].truncate(max(1, width - left), ellipsis=True)
        lines.append(Content.styled(row.ljust(left), "bold $primary") + words)
    done = round(slide.share * (width - 1))
    lines += [
        Content(""),
        Content.assemble(("━" * done + "●", "bold $primary"), ("─" * (width - 1 - done), _QUIET)),
    ]
    return lines


def _beside(clock: ClockView, running: str) -> list[Content]:
    where, _, name = phase_text(clock).partition(": ")
    return [
        safe(story_time(clock, short=True), "bold"),
        Content(""),
        safe(where, "bold"),
        safe(name),
        safe(running, _QUIET),
    ]


def _happened(slide: Slide, width: int) -> list[Content]:
    """The last event; a decision with its answer where there is one."""
    if not slide.happened:
        return [line.stylize_before("bold") for line in safe(phase_text(slide.sight.clock)).wrap(width)]
    first = slide.happened[0]
    head = Content.styled(" ".join(_HEADS.get(first.kind, "NOW")), "bold $accent")
    decision = _decision(slide.sight, first)
    if decision is not None:
        return [head, Content(""), *_decided(*decision, width)]
    lines = safe(_without_kind(first), "bold").wrap(width)
    # Of several things of one kind two more are told, each about something else.
    told = {first.key}
    for change in slide.happened[1:]:
        if change.kind == first.kind and change.key not in told and len(told) < 3:
            told.add(change.key)
            lines += [Content(""), *safe(_without_kind(change)).wrap(width)]
    return [head, Content(""), *lines]


def _without_kind(change: Change) -> str:
    """A change without the words that the heading says already, such as `New message:`."""
    return change.title.partition(": ")[2] if change.kind in ("message", "evidence") else change.title


def _decision(sight: Sight, change: Change) -> tuple[str, DecisionView] | None:
    if change.kind not in ("answer", "lapse", "decision"):
        return None
    own = sight.own
    return next(((team or own, shown) for team, shown in sight.decisions if shown.id == change.key), None)


def _decided(team: str, decision: DecisionView, width: int) -> list[Content]:
    lines = safe(f"{team}: {decision.title}", "bold").wrap(width)
    if decision.answer is not None:
        lines.append(Content(""))
        sign = Content.styled("▶ ", "bold $text-success")
        for place, line in enumerate(safe(decision.answer.option, "bold").wrap(width - 2)):
            lines.append((Content("  ") if place else sign) + line)
        if decision.answer.reason:
            reason = safe(f"“{decision.answer.reason}”", _QUIET).wrap(width - 2)
            lines += [Content("  ") + line for line in reason[:3]]
    elif decision.status == "open":
        for option in decision.options:
            title = safe(option.title).truncate(width - 4, ellipsis=True)
            lines.append(Content.assemble((f"{option.letter}) ", "bold"), title))
    return lines


def _figures(indicators: tuple[IndicatorView, ...], width: int) -> list[Content]:
    """As many indicators as fit side by side, each with its name, a large figure and how it stands to its start."""
    if not indicators:
        return []
    number_of = max(1, min(len(indicators), width // 26))
    shown, column = indicators[:number_of], width // number_of
    lines = [Content("")] * (_TALL + 1)
    for item in shown:
        words, style = trend(item)
        tall = big(f"{item.value:.0f}")
        wide = max(map(len, tall))
        name = safe(item.name, "bold").truncate(column - 2, ellipsis=True)
        rows = [name]
        for place, row in enumerate(tall):
            end = Content("")
            if place == 0 and item.unit:
                end = safe(f" {item.unit}", _QUIET)
            elif place >= _TALL - 2 and not words.startswith("="):
                sign, _, word = words.rpartition(" ")
                end = Content.styled(f" {sign if place == _TALL - 2 else word}", f"bold {style}")
            figure = Content.styled(row.ljust(wide), "bold")
            rows.append((figure + end).truncate(column - 1))
        lines = [line + row + Content(" " * (column - row.cell_length)) for line, row in zip(lines, rows, strict=True)]
    if len(shown) < len(indicators):
        rest = "  ·  ".join(f"{item.name} {number(item.value, item.unit)}" for item in indicators[number_of:])
        lines.append(safe(rest, _QUIET).truncate(width, ellipsis=True))
    return lines
