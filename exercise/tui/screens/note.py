"""Where an observer or evaluator writes a note: a line, and what it is about."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Input, OptionList, Static

from exercise.core.commands import WriteNote
from exercise.core.teamwork.commands import OBSERVER
from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.tui.screens.lookup import LookupScreen
from exercise.tui.screens.picker import PickerScreen, clause
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.writing import OneLine

if TYPE_CHECKING:
    from exercise.session.client import Client, Table

__all__ = ["NoteScreen"]

_MOMENT, _CLAUSE = "+moment", "+clause"
"""In place of an id; no id can look like these."""
_QUIET = "$foreground 65%"


class NoteScreen(LookupScreen):
    """First what it is about, then the line; several notes can be written one after the other."""

    TITLE_WORDS = N_("writing a note")
    HINT = N_("Choose what it is about with ↑ ↓; tab to the line, write, enter keeps it. esc goes back.")
    HELP = N_("""
A note goes to exercise control and into the log, and helps the hot wash and the report; no team reads it.

Choose what it is **about**: this moment, one of the exercise's objectives, or a point of the texts that the team you
look at has accepted. **tab** to the line, write what you **saw**, and press **enter**. The time is noted by itself.

Write what was done and said, rather than what you think of it: the mark comes later. Notes cannot be changed.
""")
    BINDINGS = [Binding("ctrl+t", "clause", "Point of a text", key_display="^t", tooltip="Tie it to a commitment")]
    DEFAULT_CSS = """
    NoteScreen #about { height: 1fr; }
    NoteScreen #kept { height: auto; max-height: 5; padding: 0 2; color: $foreground 65%; }
    NoteScreen #tied { height: 1; padding: 0 2; text-style: bold; }
    """

    def __init__(self, client: Client, table: Table, *, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(client, live=table.live, now=now)
        # A hub names the objectives to those who are to look for them; a game at one terminal does not.
        self._objectives: tuple[tuple[str, str], ...] = getattr(table, "objectives", ())
        self._about = self._words = ""
        self._written: list[str] = []

    def looked_up(self) -> ComposeResult:
        yield Choices(id="about", classes="panel")
        yield Static(id="kept", markup=False)
        yield Static(id="tied", markup=False)
        yield OneLine(id="words", placeholder=_("What you saw"), keep=(OBSERVER, "+note"))

    def on_mount(self) -> None:
        self.query_one("#about").border_title = _("What it is about")
        self._show()
        self.query_one("#about").focus()

    def _show(self) -> None:
        moment = ("  ", safe(_("whatever is happening now"), _QUIET))
        rows = [(_MOMENT, Lines((self._sign(""), safe(_("This moment"), "bold")), moment))]
        if self._objectives:
            rows.append(("#objectives", Lines(("", safe(_("Objectives of the exercise"), "bold $primary")))))
        rows += [(f"o:{id}", Lines((self._sign(id), safe(title)))) for id, title in self._objectives]
        texts = _("What {team_short} has accepted").format(team_short=self._client.view().team_short)
        rows.append(("#texts", Lines(("", safe(texts, "bold $primary")))))
        tied = self._about and self._about not in dict(self._objectives)
        words = clause(self._client.reference, self._about) if tied else _("A point of its texts … (ctrl+t)")
        rows.append((_CLAUSE, Lines((self._sign(self._about if tied else "-"), safe(words)))))
        self.query_one("#about", Choices).show(rows)
        self.query_one("#kept", Static).update(safe("\n".join(self._written[-3:])))
        self.query_one("#tied", Static).update(safe(_("About: {words}").format(words=self._words or _("this moment"))))

    def _sign(self, id: str) -> str:
        return "(●) " if id == self._about else "( ) "

    @on(OptionList.OptionSelected, "#about")
    def _tie(self, event: OptionList.OptionSelected) -> None:
        key = event.option_id or _MOMENT
        if key == _CLAUSE:
            self.action_clause()
            return
        self._about = key.removeprefix("o:") if key != _MOMENT else ""
        self._words = dict(self._objectives).get(self._about, "")
        self._show()
        self.query_one("#words").focus()

    def action_clause(self) -> None:
        """Tie the note to a point of the texts that the team has accepted."""
        view = self._client.view()

        def picked(id: str | None) -> None:
            if id is not None:
                self._about, self._words = id, clause(self._client.reference, id)
                self._show()
                self.query_one("#words").focus()

        day = view.clock.story.date()
        self.app.push_screen(PickerScreen(_("What is it about?"), self._client.reference, view.profile, day), picked)

    @on(Input.Submitted)
    async def _write(self, event: Input.Submitted) -> None:
        if not event.value.strip():
            return
        clock = self._client.view().clock
        note = WriteNote(seat=OBSERVER, play=clock.play, text=event.value, about=self._about)
        try:
            await self._client.submit(note)
        except ExerciseError as error:
            self.say(str(error), wrong=True)
            return
        self._written.append(f"✔ {exercise_time(clock.exercise)} {' '.join(event.value.split())[:120]}")
        event.input.clear()
        self._show()
        self.say(_("The note is kept."))
