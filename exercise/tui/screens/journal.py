"""The team's journal: notes it writes for itself, in the order they were written."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from exercise.core.commands import WriteNote
from exercise.core.teamwork.commands import OBSERVER
from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.tui.screens.lookup import LookupScreen
from exercise.tui.widgets.prose import ProseView
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.words import plain
from exercise.tui.widgets.writing import OneLine

__all__ = ["JournalScreen"]


class JournalScreen(LookupScreen):
    """A line to write in and the lines written; the log keeps them, so that the hot wash can look back."""

    TITLE_WORDS = N_("journal")
    HINT = N_("Write a line and press enter. esc goes back.")
    HELP = N_("""
Write down what you agreed, whom you spoke to, what you want to come back to. Only your team and exercise control read
it during the exercise; it stands in the log afterwards. Where the roles of a team sit apart, each line says who wrote
it. Notes cannot be changed once written.
""")
    CSS = """
    JournalScreen Input { dock: bottom; margin: 0 0 2 0; }
    JournalScreen ProseView { height: 1fr; }
    """

    def looked_up(self) -> ComposeResult:
        yield ProseView(id="notes", classes="panel")
        looks_on = self._client.view().seat == OBSERVER
        words = _("You look on") if looks_on else _("A line for the journal")
        yield OneLine(placeholder=words, disabled=looks_on, keep=(self._client.seat, "+journal"))

    def on_mount(self) -> None:
        self.query_one("#notes").border_title = _("Journal")
        self._show()
        written = self.query_one(Input)
        (self.query_one("#notes") if written.disabled else written).focus()
        self.refresh_hint()

    def hint(self) -> str:
        return _("What the team wrote down. esc goes back.") if self.query_one(Input).disabled else _(self.HINT)

    def _show(self) -> None:
        lines = [
            f"**{exercise_time(line.exercise)}** {f'*{plain(line.who)}:* ' if line.who else ''}{plain(line.text)}"
            for line in self._client.view().journal
        ]
        pane = self.query_one("#notes", ProseView)
        pane.show("\n\n".join(lines) or _("Nothing has been written yet."))
        pane.scroll_end(animate=False)

    @on(Input.Submitted)
    async def _write(self, event: Input.Submitted) -> None:
        if not event.value.strip():
            return
        client = self._client
        try:
            await client.submit(WriteNote(seat=client.seat, play=client.view().clock.play, text=event.value))
        except ExerciseError as error:
            self.say(str(error), wrong=True)
            return
        event.input.clear()
        self.say("")
        self._show()
