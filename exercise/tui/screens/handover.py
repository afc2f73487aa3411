"""Between two seats that share a terminal: nothing of either is on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.content import Content
from textual.geometry import Offset
from textual.widgets import Static

from exercise.language import N_, _
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.widgets.banner import exercise_mark
from exercise.tui.widgets.cursor import place_cursor
from exercise.tui.widgets.prose import safe

if TYPE_CHECKING:
    from exercise.session.client import Table

__all__ = ["HandoverScreen"]


class _Named(Static, can_focus=True):
    """The words in the middle; the terminal's cursor stands on them, so that they are read aloud."""

    def on_mount(self) -> None:
        self.screen.screen_layout_refresh_signal.subscribe(self, lambda _: self.point())

    def point(self) -> None:
        """Put the cursor below the exercise mark, where it says to whom the keyboard goes."""
        self.call_after_refresh(lambda: place_cursor(self, self.content_region.offset + Offset(0, 2)))


class HandoverScreen(ExerciseScreen[None]):
    """Names the seat that is to look next; its view is asked for only when it says that it is alone."""

    TITLE_WORDS = N_("passing the keyboard")
    HINT = N_("Press enter when only those named can see the screen; tab names others.")
    HELP = N_("""
Several teams, or several roles of one team, share this terminal and take turns. Each may see its own screen only. Let
those who are named here sit down, let the others look away, then press **enter**.
""")
    BINDINGS = [
        Binding("enter", "show", "Show our screen", tooltip="Show the screen of those who are named"),
        Binding("tab", "other", "Others", tooltip="Hand over to others instead"),
    ]
    CSS = """
    HandoverScreen Container { align: center middle; height: 1fr; }
    HandoverScreen #name { width: auto; max-width: 94%; height: auto; padding: 2 6; border: round $border;
                           text-align: center; }
    """

    def __init__(self, table: Table, seat: str) -> None:
        super().__init__()
        self._table, self._seat = table, seat

    def body(self) -> ComposeResult:
        with Container():
            yield _Named(id="name", markup=False)

    def on_mount(self) -> None:
        self._show()
        self.query_one("#name").focus()

    def _show(self) -> None:
        name = dict(self._table.seats)[self._seat]
        self.query_one("#name", Static).update(
            Content("\n").join(
                [
                    exercise_mark(),
                    Content(""),
                    Content(_("Hand the keyboard to")),
                    safe(name, "bold $primary"),
                    Content(""),
                    safe(_("Press enter when only {name} can see the screen.").format(name=name)),
                ]
            )
        )

    def action_show(self) -> None:
        self.program.show_seat(self._seat)

    def action_other(self) -> None:
        seats = [seat for seat, _ in self._table.seats]
        self._seat = seats[(seats.index(self._seat) + 1) % len(seats)]
        self._show()

    def action_back(self) -> None:
        self.program.ask_to_leave(self.program.leave_table)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "other":
            return len(self._table.seats) > 1
        return True
