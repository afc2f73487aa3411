"""Between two teams that share a terminal: nothing of either is on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.widgets.banner import MARK
from exercise.tui.widgets.prose import safe

if TYPE_CHECKING:
    from exercise.session.client import Table

__all__ = ["HandoverScreen"]


class HandoverScreen(ExerciseScreen[None]):
    """Names the team that is to look next; its view is asked for only when it says that it is alone."""

    TITLE_WORDS = "passing the keyboard"
    HINT = "Press enter when only this team can see the screen; tab names another team."
    HELP = """
Several teams share this terminal and take turns. Each may see its own screen only. Let the team that is named here sit
down, let the others look away, then press **enter**.
"""
    BINDINGS = [
        Binding("enter", "show", "Show our screen", tooltip="Show the screen of the team that is named"),
        Binding("tab", "other", "Another team", tooltip="Hand over to another team instead"),
    ]
    CSS = """
    HandoverScreen Container { align: center middle; height: 1fr; }
    HandoverScreen #name { width: auto; max-width: 94%; height: auto; padding: 2 6; border: round $border;
                           text-align: center; }
    """

    def __init__(self, table: Table, team: str) -> None:
        super().__init__()
        self._table, self._team = table, team

    def body(self) -> ComposeResult:
        with Container():
            yield Static(id="name", markup=False)

    def on_mount(self) -> None:
        self._show()

    def _show(self) -> None:
        name = next(name for team, name, _ in self._table.teams if team == self._team)
        self.query_one("#name", Static).update(
            Content("\n").join(
                [
                    Content.styled(MARK, "bold auto on $accent"),
                    Content(""),
                    Content("Hand the keyboard to"),
                    safe(name, "bold $primary"),
                    Content(""),
                    safe(f"Press enter when only {name} can see the screen."),
                ]
            )
        )

    def action_show(self) -> None:
        self.program.show_team(self._team)

    def action_other(self) -> None:
        people = [team for team, _, by_people in self._table.teams if by_people]
        self._team = people[(people.index(self._team) + 1) % len(people)]
        self._show()

    def action_back(self) -> None:
        self.program.ask_to_leave(self.program.leave_table)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "other":
            return sum(by_people for _, _, by_people in self._table.teams) > 1
        return True
