"""The public view for the wall of the room: the clock large, what everybody may know, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from exercise.core.text import with_breaks
from exercise.language import N_, _
from exercise.session.closed import CLOSED, is_closed
from exercise.tui.console.big_type import big, fits
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.widgets.banner import exercise_mark
from exercise.tui.widgets.indicators import IndicatorLines
from exercise.tui.widgets.notices import Notice, dress
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.times import exercise_time, story_time
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.views import SpectatorView
    from exercise.tui.launch import PublicSource

__all__ = ["ProjectorScreen"]

_QUIET = "$foreground 65%"
_NEWEST = 30
"""Messages that are shown; nobody scrolls a wall."""


class BigClock(Widget):
    """Exercise time in letters five lines tall, the day of the story and the move beside it."""

    DEFAULT_CSS = """
    BigClock { dock: top; height: 8; background: $panel; color: $foreground; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._view: SpectatorView | None = None
        self._shown = ""

    def show(self, view: SpectatorView) -> None:
        """Take another view; a minute that has not passed costs no redraw."""
        self._view = view
        now = f"{exercise_time(view.clock.exercise)} {view.clock} {view.title}"
        if now != self._shown:
            self._shown = now
            self.refresh()

    def render(self) -> Content:
        """The mark, then the figures with the words beside them."""
        view, width = self._view, self.size.width - 2
        if view is None or width < 20:
            return Content("")
        time = exercise_time(view.clock.exercise)
        tall = big(time) if fits(time, width - 24) else [time, "", "", "", ""]
        left = max(map(len, tall)) + 3
        beside = [safe(words, style).truncate(max(1, width - left), ellipsis=True) for words, style in _beside(view)]
        mark = exercise_mark()
        title = safe(f" {view.title}", _QUIET).truncate(max(0, width - mark.cell_length), ellipsis=True)
        lines = [mark + title, Content("")]
        for number, row in enumerate(tall):
            figures = Content.styled(row.ljust(left), "bold $primary")
            lines.append(figures + (beside[number] if number < len(beside) else Content("")))
        return Content("\n").join(lines)


def _beside(view: SpectatorView) -> list[tuple[str, str]]:
    clock = view.clock
    where = {"briefing": _("Before STARTEX"), "ended": "ENDEX"}.get(
        clock.phase, _("Move {move} of {moves}").format(move=clock.move, moves=clock.moves)
    )
    if clock.phase == "plenary":
        where = _("Plenary after move {move} of {moves}").format(move=clock.move, moves=clock.moves)
    stands = "" if clock.running or clock.phase in ("briefing", "ended") else _("The clock stands still")
    rate = _("{rate:g} times as fast").format(rate=clock.rate) if clock.running and clock.rate != 1.0 else ""
    return [
        (_("Exercise time"), _QUIET),
        (story_time(clock), "bold"),
        (where, "bold"),
        (clock.move_title if clock.phase == "move" else "", ""),
        (stands or rate, "bold"),
    ]


class ProjectorScreen(ExerciseScreen[None]):
    """Built from the spectators' view alone: a wall is read by everybody, guests included."""

    TITLE_WORDS = N_("the public view")
    HINT = N_("The public view: what everybody in the room may know.")
    HELP = N_("""
This is what is public: exercise time and the day of the story, the move, the messages to all, newest first, and the
indicators that all share. Put it on the wall. **ctrl+q** closes it.
""")
    CSS = """
    ProjectorScreen #foot { display: none; }
    ProjectorScreen #public { height: 1fr; }
    ProjectorScreen #messages { width: 1fr; height: 1fr; padding: 0 1; }
    ProjectorScreen #shared { width: 34; height: 1fr; padding: 0 1; }
    ProjectorScreen.-wide #shared { width: 44; }
    ProjectorScreen.-no-shared #shared { display: none; }
    """

    def __init__(self, source: PublicSource) -> None:
        super().__init__()
        self._source = source
        self._view = source.view()
        self._shut = False

    def body(self) -> ComposeResult:
        yield BigClock()
        with Horizontal(id="public"):
            yield ProseView(id="messages", classes="panel")
            with VerticalScroll(id="shared", classes="panel", can_focus=False):
                yield Static(id="indicators", markup=False)

    def on_mount(self) -> None:
        self.follow(self._source.subscribe)
        self.query_one("#shared").border_title = _("Situation")
        self.look_again()
        self.set_interval(1.0, self._tick)
        self.query_one("#messages").focus()

    def _tick(self) -> None:
        self.query_one(BigClock).show(self._source.view())

    def look_again(self) -> None:
        view = self._view = self._source.view()
        self.query_one(BigClock).show(view)
        pane = self.query_one("#messages", ProseView)
        pane.show(_told(view))
        pane.border_title = _("To talk about") if view.clock.phase == "plenary" else _("What everybody has been told")
        self.query_one("#indicators", Static).update(IndicatorLines(view.indicators))
        self.set_class(not view.indicators, "-no-shared")
        trouble = self._source.trouble
        # A link that is tried again has another word for it; once closed, it stays so until the hub is back.
        self._shut = bool(trouble) and (self._shut or is_closed(trouble, ended=view.clock.phase == "ended"))
        notice = Notice("news", _(CLOSED)) if self._shut else Notice("trouble", _(trouble)) if trouble else None
        dress(self, notice, view.curtain, "" if self._shut else trouble)

    def action_back(self) -> None:
        """Nothing lies behind it; the wall is not cleared by a slip of the hand."""


def _told(view: SpectatorView) -> str:
    """What is public, newest first, as light Markdown."""
    clock = view.clock
    if clock.phase == "briefing":
        return _("# {title}\n\n{summary}\n\n**Waiting for STARTEX.**").format(
            title=plain(view.title), summary=view.summary
        )
    parts = []
    if clock.phase == "plenary":
        asked = "\n".join(f"{number}. {plain(text)}" for number, text in enumerate(view.plenary_questions, 1))
        parts += [_("# Plenary\n\n{plenary_text}").format(plenary_text=view.plenary_text), asked]
    if clock.phase == "ended":
        parts.append(_("# ENDEX\n\nThe exercise has ended. The hot wash follows."))
    said = [(line.exercise, f"**{exercise_time(line.exercise)}  {plain(line.sender)}**  \n{plain(line.text)}")
            for line in view.talk]  # fmt: skip
    for item in view.inbox:
        gone = _("  \n**✕ withdrawn**") if item.withdrawn else ""
        head = f"## {plain(item.title)}\n\n*{exercise_time(item.exercise)} · {plain(item.sender)}*{gone}"
        said.append((item.exercise, f"{head}\n\n{with_breaks(item.text)}"))
    # Of two at the same time the one that came later stands first.
    newest = [text for _unused, text in sorted(said, key=lambda pair: pair[0])][::-1][:_NEWEST]
    return "\n\n".join(part for part in [*parts, *newest] if part) or _("Nothing has been made public yet.")
