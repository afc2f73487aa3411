"""The head of the log in full: read aloud, it shows that every screen stands on the same log."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Button, Static

from exercise.language import N_, _
from exercise.tui.screens.base import Dialog
from exercise.tui.widgets.prose import Prose, safe

__all__ = ["HeadScreen", "grouped"]

_GROUP, _GROUPS = 4, 4


def grouped(head: str) -> list[str]:
    """A head in lines of four groups of four signs, which is as much as one hears at a time."""
    signs = "".join(sign for sign in head if sign.isalnum())
    groups = [signs[at : at + _GROUP] for at in range(0, len(signs), _GROUP)]
    return [" ".join(groups[at : at + _GROUPS]) for at in range(0, len(groups), _GROUPS)] or [""]


class HeadScreen(Dialog[None]):
    """Four lines to read out; any key that closes a window closes it."""

    TITLE_WORDS = N_("the head of the log")
    HELP = N_("""
The **head** is a short sum over the whole log of the exercise. If it is the same on every screen, nothing in the log
was changed since. `exercise verify` compares a log with it later.
""")

    def __init__(self, head: str) -> None:
        super().__init__()
        self._head = head

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(_("The head of the log"), classes="heading", markup=False)
            yield Static(Prose(_("It is the same on every screen of this exercise. Write it down, or take a picture.")))
            yield Static(safe("\n" + "\n".join(grouped(self._head)) + "\n", "bold"), markup=False)
            yield Button(_("Close"), id="close")

    def on_mount(self) -> None:
        self.query_one("#close").focus()

    def on_button_pressed(self) -> None:
        """Close it."""
        self.dismiss(None)
