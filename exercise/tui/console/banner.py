"""The lines at the top of every console screen: that it is an exercise, what time it is, who is here, what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from exercise.core.asked import FACILITATOR
from exercise.language import _, ngettext
from exercise.tui.app import ExerciseApp
from exercise.tui.widgets.banner import exercise_mark
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.times import exercise_time, play_left, story_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exercise.core.views import ClockView, FacilitatorView
    from exercise.session.control import Control

__all__ = ["ConsoleBanner", "clock_words", "unread_messages", "waiting_requests"]

Teams = tuple[tuple[str, str], ...]
"""Id and short name of each."""


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
        left = []
        if unread := unread_messages(view, self._control.teams, self._heard()):
            told = ngettext("{unread} message for you{key}", "{unread} messages for you{key}", unread)
            left.append(told.format(unread=unread, key=self._key()))
        if waiting := waiting_requests(view, self._control.teams):
            told = ngettext("{waiting} request waits", "{waiting} requests wait", waiting)
            left.append(told.format(waiting=waiting))
        curtain = Content("")
        if view.curtain is not None:
            said = "NO DUFF" if view.curtain.kind == "no-duff" else _("SCREENS COVERED")
            curtain = Content.styled(f" {said} ", "bold reverse")
        right = curtain + safe(f" {' · '.join([*left, here])} ", "bold")
        if left and mark.cell_length + right.cell_length >= width:
            # Who is here stands on the page of people as well.
            right = curtain + safe(f" {' · '.join(left)} ", "bold")
        room = width - mark.cell_length - right.cell_length - 1
        title = safe(f" {self._control.title}", "$foreground 65%")
        title = title.truncate(max(0, room), ellipsis=True) if room > 6 else Content("")
        return _apart(mark + title, right, width)

    def _heard(self) -> Mapping[str, int]:
        """How much of each conversation was looked at on the page of messages."""
        app = self.app
        return app.heard_by(self._control.session_id, FACILITATOR) if isinstance(app, ExerciseApp) else {}

    def _key(self) -> str:
        """The key that opens the messages, on the one screen where it does."""
        from exercise.tui.console.main import MainScreen

        return ": m" if isinstance(self.screen, MainScreen) else ""

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


def waiting_requests(view: FacilitatorView, teams: Teams) -> int:
    """How many requests wait for a body that control plays; after ENDEX nobody waits any more."""
    from exercise.tui.console.requests_board import turn_of

    if view.clock.phase == "ended":
        return 0
    others = {"", *(short for _unused, short in teams)}
    return sum(turn_of(request) not in others for request in view.requests)


def unread_messages(view: FacilitatorView, teams: Teams, heard: Mapping[str, int]) -> int:
    """How many lines to control stand in conversations beyond what was looked at."""
    from exercise.tui.console.talk import threads

    new = [line for thread in threads(view, teams) for line in thread.lines[heard.get(thread.key, 0) :]]
    return sum(line.kind == "control" and not line.own for line in new)


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
