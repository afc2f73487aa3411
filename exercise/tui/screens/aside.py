"""Why a commitment is set aside, and how that is kept small."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Static

from exercise.language import N_, _
from exercise.tui.draft import Aside
from exercise.tui.screens.base import Dialog
from exercise.tui.widgets.form import AT_ONCE
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.writing import OneLine, forget_line

__all__ = ["AsideScreen"]


class AsideScreen(Dialog[Aside]):
    """Two lines and buttons; `esc` leaves the answer as it was, and what is written is there again next time."""

    TITLE_WORDS = N_("setting a commitment aside")
    HELP = N_("""
Where two of your commitments pull apart, one may have to give way. Say **why**, and how that is **kept small**: for how
long, how far it goes, and who is told. **enter** goes to the next line and then to the buttons.
""")

    BINDINGS = [*AT_ONCE]

    def __init__(self, name: str, aside: Aside, *, is_new: bool, keep: tuple[str, str] | None = None) -> None:
        super().__init__()
        self._words, self._aside, self._is_new = name, aside, is_new
        self._keep = {line: (keep[0], f"{keep[1]}:{line}") for line in ("why", "limits")} if keep else {}

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(safe(_("We set aside: ")) + safe(self._words), classes="heading", markup=False)
            yield Static(_("Why does it give way?"), markup=False)
            yield OneLine(self._aside.why, id="why", keep=self._keep.get("why"))
            yield Static(_("How is that limited? How long, how far, who is told?"), markup=False)
            yield OneLine(self._aside.limits, id="limits", keep=self._keep.get("limits"))
            with Horizontal(classes="buttons"):
                yield Button(_("Take it"), id="take", variant="primary")
                if not self._is_new:
                    yield Button(_("Remove it"), id="remove")

    def on_mount(self) -> None:
        self.query_one("#why").focus()

    @on(Input.Submitted)
    def _next_field(self) -> None:
        self.focus_next()

    @on(Button.Pressed)
    def _done(self, event: Button.Pressed) -> None:
        why, limits = self.query_one("#why", Input).value, self.query_one("#limits", Input).value
        for kept in self._keep.values():
            forget_line(self.program, *kept)
        self.dismiss(Aside(self._aside.commitment, why, limits, removed=event.button.id == "remove"))
