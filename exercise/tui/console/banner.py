"""The lines at the top of every console screen: that it is an exercise, what time it is, who is here, what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from exercise.language import _, ngettext
from exercise.tui.widgets.banner import exercise_mark
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.times import exercise_time, play_left, story_time

if TYPE_CHECKING:
    from exercise.core.views import ClockView, FacilitatorView
    from exercise.session.control import Control

__all__ = ["ConsoleBanner", "clock_words", "waiting_requests"]


class ConsoleBanner(Widget):
    """Two drawn lines, and a third while nothing gets through."""

    DEFAULT_CSS = """
    ConsoleBanner { dock: top; height: auto; background: $panel; color: $foreground; }
    """

    def __init__(self, control: Control) -> None:
        super().__init__()
        self._control = control
        self._trouble = ""

    def show(self) -> None:
        """Draw it anew from what control sees now."""
        trouble = _trouble(self._control)
        changed = bool(trouble) != bool(self._trouble)
        self._trouble = trouble
        self.refresh(layout=changed)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 3 if _trouble(self._control) else 2

    def render(self) -> Content:
        width = self.size.width
        if width < 20:
            return Content("")
        view = self._control.view()
        lines = [self._first(view, width), self._second(view, width)]
        if trouble := _trouble(self._control):
            lines.append(safe(f" ✕ {trouble}", "bold $text-error").truncate(width, ellipsis=True))
        return Content("\n").join(lines)

    def _first(self, view: FacilitatorView, width: int) -> Content:
        mark = exercise_mark()
        people = [person for person in self._control.room().people if person.kind == "participant"]
        here = _("{sum}/{count} here").format(sum=sum(person.connected for person in people), count=len(people))
        waiting = waiting_requests(view)
        right = safe(f" {here} ", "bold")
        if waiting:
            right = (
                safe(
                    ngettext(" {waiting} request waits ·", " {waiting} requests wait ·", waiting).format(
                        waiting=waiting
                    ),
                    "bold",
                )
                + right
            )
        if (curtain := view.curtain) is not None:
            said = "NO DUFF" if curtain.kind == "no-duff" else _("SCREENS COVERED")
            right = Content.styled(f" {said} ", "bold reverse") + right
        room = width - mark.cell_length - right.cell_length - 1
        title = safe(f" {self._control.title}", "$foreground 65%")
        title = title.truncate(max(0, room), ellipsis=True) if room > 6 else Content("")
        return _apart(mark + title, right, width)

    def _second(self, view: FacilitatorView, width: int) -> Content:
        clock = view.clock
        state, style = clock_words(clock)
        left = Content.styled(f" {state} ", style) + safe(f" {_where(clock)}")
        titled = left + safe(f": {clock.move_title}") if clock.move_title and clock.phase == "move" else left
        ends = _left(clock)
        for start, short in ((titled, False), (titled, True), (left, True)):
            time = f"{exercise_time(clock.exercise)}  {story_time(clock, short=short)}"
            if start.cell_length + len(time) + len(ends) + 5 <= width:
                break
        return _apart(start, Content.styled(time, "bold") + safe(f"   {ends} ", "$foreground 65%"), width)


def _trouble(control: Control) -> str:
    """What is wrong with the link, or with the hub, in one line."""
    if control.trouble:
        return " ".join(_("NOTHING GETS THROUGH: {trouble}").format(trouble=_(control.trouble)).split())
    return " ".join(_(control.room().trouble).split())


def clock_words(clock: ClockView) -> tuple[str, str]:
    """How the clock stands, in a sign and words, and the style to draw it in."""
    if clock.phase == "briefing":
        return "○ " + _("BEFORE STARTEX"), "bold"
    if clock.phase == "ended":
        return "■ ENDEX", "bold"
    if clock.phase == "plenary":
        return "≡ " + _("PLENARY"), "bold $text-warning"
    rate = "" if clock.rate == 1 else f" {clock.rate:g}×"
    if clock.running:
        return f"▶ {_('RUNNING')}{rate}", "bold $text-success"
    return f"‖ {_('PAUSED')}{rate}", "bold $text-warning"


def waiting_requests(view: FacilitatorView) -> int:
    """How many requests are open between parties; after ENDEX nobody waits any more."""
    return sum(not request.over for request in view.requests) if view.clock.phase != "ended" else 0


def _where(clock: ClockView) -> str:
    if clock.phase == "briefing":
        return ngettext("{moves} move", "{moves} moves", clock.moves).format(moves=clock.moves)
    if clock.phase == "ended":
        return _("The exercise has ended")
    told = _("after move {move} of {moves}") if clock.phase == "plenary" else _("Move {move} of {moves}")
    return told.format(move=clock.move, moves=clock.moves)


def _left(clock: ClockView) -> str:
    if clock.phase not in ("move", "plenary"):
        return ""
    left = clock.phase_opened + clock.phase_seconds - clock.play
    what = _("plenary") if clock.phase == "plenary" else _("move")
    return (
        _("{what} over").format(what=what)
        if left <= 0
        else _("{what} {play_left} left").format(what=what, play_left=play_left(left, live=True))
    )


def _apart(left: Content, right: Content, width: int) -> Content:
    gap = max(1, width - left.cell_length - right.cell_length)
    return (left + Content(" " * gap) + right).truncate(width)
