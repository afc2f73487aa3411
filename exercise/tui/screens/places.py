"""Choosing a place: a role of the team whose code one has, or the whole team's screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList, Static

from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.widgets.banner import exercise_mark
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import Prose, safe
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.session.client import Table
    from exercise.tui.hosted import HostedApp

__all__ = ["PlacesScreen"]


class PlacesScreen(ExerciseScreen[None]):
    """Names who sits where already; whoever takes a seat that is taken reads along until control settles it."""

    TITLE_WORDS = N_("choosing a place")
    HINT = N_("Choose with ↑ ↓; enter sits you down there.")
    HELP = N_("""
Your code is your team's. Choose **which role you play**; agree on it with the others of your team. Each role may get
messages of its own and has a brief of its own.

**The whole team** is one screen for all: take it where your team sits around one laptop.

A place that somebody holds can be taken too: you then **read along** there until exercise control settles it.
""")
    CSS = """
    PlacesScreen #places-head { height: 1; }
    PlacesScreen #places-words { height: auto; padding: 1 2; }
    PlacesScreen #places { height: 1fr; margin: 0 1; }
    """

    def __init__(self, table: Table) -> None:
        super().__init__()
        self._table = table
        self._busy = False

    def body(self) -> ComposeResult:
        yield Static(id="places-head", markup=False)
        yield Static(id="places-words", markup=False)
        rows = Choices(id="places", classes="panel", one_click=True)
        rows.border_title = _("Places")
        yield rows

    @property
    def _app(self) -> HostedApp:
        from exercise.tui.hosted import HostedApp

        assert isinstance(self.app, HostedApp)
        return self.app

    def on_mount(self) -> None:
        self.follow(self._app.hosted.subscribe)
        mark = exercise_mark()
        self.query_one("#places-head", Static).update(Line(mark, safe(self._table.title, "$foreground 65%")))
        self.look_again()
        self.query_one("#places").focus()

    def look_again(self) -> None:
        hosted = self._app.hosted
        name = plain(hosted.name)
        ask = (
            _("Welcome, **{name}**. Which place do you take?").format(name=name)
            if name
            else _("Welcome. Which place do you take?")
        )
        self.query_one("#places-words", Static).update(Prose(ask))
        rows = [(seat, self._row(seat, name, who, seat == hosted.seat)) for seat, name, who in hosted.places]
        nothing = Content.styled(_("There is no place to choose; exercise control will seat you."), "$foreground 65%")
        self.query_one("#places", Choices).show(rows or [("#none", nothing)])
        self.refresh_hint()

    def _row(self, seat: str, name: str, who: str, mine: bool) -> Lines:
        whole = _("one screen for the whole team") if "/" not in seat else ""
        if mine:
            said = _("you sit here")
        elif who:
            said = _("{who} sits here; you would read along until exercise control settles it").format(who=who)
        else:
            said = _("free")
        sign = "✔" if mine else "●" if who else "○"
        quiet = " · ".join(part for part in (said, whole) if part)
        return Lines((f"{sign} ", safe(name, "bold")), ("  ", safe(quiet, "$foreground 65%")))

    @on(OptionList.OptionSelected, "#places")
    async def _take(self, event: OptionList.OptionSelected) -> None:
        if event.option_id is None or self._busy:
            return
        if event.option_id == self._app.hosted.seat:
            self.action_back()
            return
        self._busy = True
        self.say(_("Sitting down …"))
        try:
            await self._app.take_place(event.option_id)
        except ExerciseError as error:
            self.say(str(error), wrong=True)
        finally:
            self._busy = False

    def action_back(self) -> None:
        if self._app.hosted.seat:
            self.dismiss()
        else:
            self.program.ask_to_leave(self.program.leave_table)
