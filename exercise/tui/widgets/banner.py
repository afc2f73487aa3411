"""The two lines at the top of a game: that it is an exercise, whose screen it is, and what time it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget

from exercise.core.teamwork.commands import OBSERVER
from exercise.language import _
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.times import exercise_time, play_left, story_time

if TYPE_CHECKING:
    from exercise.core.views import ParticipantView

__all__ = ["Banner", "exercise_mark"]


def exercise_mark() -> Content:
    """What every page of an exercise carries, so that none is taken for a real report; in the reader's language."""
    return Content.styled(f" {_('EXERCISE – EXERCISE – EXERCISE')} ", "bold auto on $accent")


class Banner(Widget):
    """Drawn from the last view it was given; a running clock repaints these two lines and nothing else."""

    DEFAULT_CSS = """
    Banner { dock: top; height: 2; background: $panel; color: $foreground; }
    """

    def __init__(self, now: Callable[[], float]) -> None:
        super().__init__()
        self._now = now
        self._view: ParticipantView | None = None
        self._live = False
        self._since = 0.0
        self._drawn = (Content(""), Content(""))

    def show(self, view: ParticipantView, *, live: bool) -> None:
        """Take another view; its clock runs on from this moment."""
        if self._view is None or self._view.clock != view.clock:
            self._since = self._now()
        self._view, self._live = view, live
        lines = self._lines()
        for y, (now, drawn) in enumerate(zip(lines, self._drawn, strict=True)):
            if not now.is_same(drawn):
                self.refresh(Region(0, y, self.size.width, 1))

    def follow(self, view: Callable[[], ParticipantView]) -> None:
        """On a live clock: shows each second what stands then, for a form is open while control stops or extends."""
        self.set_interval(1.0, lambda: self.show(view(), live=True))

    @property
    def play(self) -> int:
        """Play seconds now."""
        if self._view is None:
            return 0
        clock = self._view.clock
        passed = (self._now() - self._since) * clock.rate if self._live and clock.running else 0.0
        return clock.play + max(0, int(passed))

    def render(self) -> Content:
        """Both lines, fitted to the width by leaving out the least needed part first."""
        self._drawn = self._lines()
        return Content("\n").join(self._drawn)

    def _lines(self) -> tuple[Content, Content]:
        view, width = self._view, self.size.width
        if view is None or width < 10:
            return Content(""), Content("")
        return self._first(view, width), self._second(view, width)

    def _first(self, view: ParticipantView, width: int) -> Content:
        mark = exercise_mark()
        whole, short = _whose(view)
        team = safe(f" {whole} ", "bold")
        if mark.cell_length + team.cell_length > width:
            team = safe(f" {short} ", "bold").truncate(max(0, width - mark.cell_length), ellipsis=True)
        room = width - mark.cell_length - team.cell_length - 1
        title = safe(f" {view.briefing.title}", "$foreground 65%")
        title = title.truncate(max(0, room), ellipsis=True) if room > 6 else Content("")
        return _apart(mark + title, team, width)

    def _second(self, view: ParticipantView, width: int) -> Content:
        clock = view.clock
        where = f" {_where(view)}"
        titled = f"{where}: {clock.move_title}" if clock.move_title and clock.phase == "move" else where
        window = f"{self._window(view)} "
        for left, short in ((titled, False), (titled, True), (where, True)):
            time = f"{exercise_time(clock.exercise)}  {story_time(clock, short=short)}"
            if sum(safe(part).cell_length for part in (left, time, window)) + 4 <= width:
                break
        ends = Content.styled(window, "bold $text-warning" if view.open_decisions else "$foreground 65%")
        start = safe(left, "$foreground").truncate(max(8, width - ends.cell_length - len(time) - 4), ellipsis=True)
        # The time stands in the middle of the line unless the sides leave it less room.
        middle = max(start.cell_length + 2, (width - len(time)) // 2)
        middle = min(middle, width - ends.cell_length - len(time) - 2)
        padded = start + Content(" " * max(1, middle - start.cell_length)) + Content.styled(time, "bold")
        return _apart(padded, ends, width)

    def _window(self, view: ParticipantView) -> str:
        clock = view.clock
        if clock.phase == "briefing":
            return _("Before STARTEX")
        if clock.phase == "plenary":
            return _("Clock stands still")
        if clock.phase == "ended":
            return "ENDEX"
        paused = _("PAUSED") + "  " if self._live and not clock.running else ""
        open_ones = view.open_decisions
        if not open_ones:
            return paused + _("No decision open")
        left = min(decision.closes for decision in open_ones) - self.play
        return (
            paused + _("Window closing")
            if left <= 0
            else paused + _("Window: {left} left").format(left=play_left(left, live=self._live))
        )


def _whose(view: ParticipantView) -> tuple[str, str]:
    """Whose screen it is, and the same for a narrow one: a team, a role in it, or a team looked at by an onlooker."""
    if view.seat == OBSERVER:
        return _("Looking on: {team_name}").format(team_name=view.team_name), _("Looking on: {team_short}").format(
            team_short=view.team_short
        )
    role = next((seat.role for seat in view.seats if seat.seat == view.seat), "") if "/" in view.seat else ""
    return (f"{view.team_short}: {role}", role) if role else (view.team_name, view.team_short)


def _where(view: ParticipantView) -> str:
    clock = view.clock
    if clock.phase == "briefing":
        return _("Briefing")
    if clock.phase == "ended":
        return _("The exercise has ended")
    if clock.phase == "plenary":
        return _("Plenary after move {move} of {moves}").format(move=clock.move, moves=clock.moves)
    return _("Move {move} of {moves}").format(move=clock.move, moves=clock.moves)


def _apart(left: Content, right: Content, width: int) -> Content:
    gap = max(0, width - left.cell_length - right.cell_length)
    return (left + Content(" " * gap) + right).truncate(width)
