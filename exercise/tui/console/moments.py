"""Back to that moment: the places of the log to play on from, and what is lost by going there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import OptionList

from exercise.errors import ExerciseError
from exercise.language import N_, Told, _
from exercise.session.control import GoBack
from exercise.tui.console.base import ConsoleScreen
from exercise.tui.console.corrections import SureScreen
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.session.control import Control, Moment

__all__ = ["MomentsScreen"]

_SIGNS = Told(
    {
        "move": "┃ move",
        "plenary": "≡ plenary",
        "inject": "▪ inject",
        "decision": "◆ decision",
        "answer": "◇ answer",
        "lapse": "○ lapse",
        "request": "↔ request",
        "end": "■ ENDEX",
    }
)
_MOST_NAMED = 12


class MomentsScreen(ConsoleScreen[str]):
    """The latest moment at the bottom and marked; going back is asked first, with what is lost by it."""

    TITLE_WORDS = N_("back to a moment")
    HINT = N_("Mark a moment to play on from and press enter; you are asked before.")
    HELP = N_("""
Here is what has happened so far, the latest at the bottom. **enter** on a moment takes the whole exercise back to it:
every seat comes along, the clock stands, and what came after it has not happened. You are asked first.

The exercise as it was until now is kept as it is, under its own name; only what is played from there on is new.
""")
    DEFAULT_CSS = """
    MomentsScreen #moments { height: 1fr; }
    MomentsScreen #moments:focus { border: round $border; }
    """

    def __init__(self, control: Control) -> None:
        super().__init__(control)
        self._moments: tuple[Moment, ...] = ()
        self._seen = -1

    def page(self) -> ComposeResult:
        yield Choices(id="moments", classes="panel", mark_first=False)

    def on_mount(self) -> None:
        self.query_one("#moments").focus()

    def refresh_page(self) -> None:
        self.query_one("#moments").border_title = _("Back to that moment")
        # Asking for the moments is not free: only where the log has grown.
        if self.control.room().seq != self._seen:
            self._seen = self.control.room().seq
            self.run_worker(self._fetch(), exclusive=True)

    async def _fetch(self) -> None:
        try:
            self._moments = await self.control.moments()
        except ExerciseError as error:
            self.say(str(error), wrong=True)
            return
        rows = self.query_one("#moments", Choices)
        if self._moments:
            rows.show((str(seq), _row(moment)) for seq, moment in zip(self._seqs(), self._moments, strict=True))
        else:
            rows.show([("#none", safe(_("Nothing has happened yet."), "$foreground 65%"))])
        if rows.highlighted is None and self._moments:
            rows.action_last()

    def _seqs(self) -> list[int]:
        return [moment[0] for moment in self._moments]

    @on(OptionList.OptionSelected, "#moments")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        if event.option_id is None or event.option_id.startswith("#"):
            return
        seq = int(event.option_id)
        moment = next(moment for moment in self._moments if moment[0] == seq)
        # What happened in the same breath as the moment stays with it, so only later times are named as lost.
        lost = [
            f"- {exercise_time(at)} {_SIGNS.get(kind, kind)}: {plain(what)}"
            for n, at, kind, what in self._moments
            if n > seq and at > moment[1]
        ]
        more = len(lost) - _MOST_NAMED
        if more > 0:
            lost = [*lost[:_MOST_NAMED], _("- and {more} more").format(more=more)]
        now = self.control.view().clock.exercise
        text = _("The clock goes from {exercise_time} back to {exercise_time2} and stands there. ").format(
            exercise_time=exercise_time(now), exercise_time2=exercise_time(moment[1])
        )
        text += _("**What came after it has not happened**, nor what was read, said, voted or noted since.")
        if lost:
            text += "\n\n" + "\n".join(lost)
        text += _("\n\nEvery seat comes along. The exercise as it is now is kept.")

        def answered(agreed: bool | None) -> None:
            if agreed:
                self.run_worker(self._go(seq), exclusive=True)

        question = _("Back to {exercise_time}, “{moment}”?").format(
            exercise_time=exercise_time(moment[1]), moment=moment[3]
        )
        self.app.push_screen(SureScreen(question, text, yes=_("Go back there"), no=_("Stay")), answered)

    async def _go(self, seq: int) -> None:
        try:
            said = await self.control.ask(GoBack(seq=seq))
        except ExerciseError as error:
            self.say(str(error), wrong=True)
        else:
            self.dismiss(said)


def _row(moment: Moment) -> Line:
    _, exercise, kind, what = moment
    sign, widest = _SIGNS.get(kind, f"· {kind}"), max(map(len, _SIGNS.values()))
    left = safe(f"{exercise_time(exercise):<9}{sign:<{widest}}  ", "$foreground 65%") + safe(what)
    return Line(left)
