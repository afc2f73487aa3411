"""Questions that stand over a screen: yes or no, and a line of one's own."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Static

from exercise.language import N_, _
from exercise.tui.screens.base import Dialog
from exercise.tui.widgets.prose import Prose, safe
from exercise.tui.widgets.writing import OneLine

__all__ = ["AskScreen", "ConfirmScreen", "kept"]


def kept(session_id: str) -> str:
    """The sentence that says how to come back to a game."""
    command = f"exercise play --resume {session_id}"
    return _("Your game is kept as it is now. Go on later from the home screen, or with\n\n`{command}`").format(
        command=command
    )


class ConfirmScreen(Dialog[bool]):
    """A question with two answers; the answer that changes nothing has the focus, so that Enter alone is harmless."""

    def __init__(self, question: str, text: str = "", *, yes: str = "", no: str = "") -> None:
        super().__init__()
        self._question, self._text = question, text
        self._yes, self._no = yes or _("Yes"), no or _("No")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(safe(self._question), classes="heading", markup=False)
            if self._text:
                yield Static(Prose(self._text), markup=False)
            with Horizontal(classes="buttons"):
                yield Button(safe(self._no), id="no")
                yield Button(safe(self._yes), id="yes", variant="warning")

    def on_mount(self) -> None:
        self.query_one("#no").focus()

    def on_key(self, event: object) -> None:
        key = getattr(event, "key", "")
        if key in ("left", "right"):
            self.focus_next() if key == "right" else self.focus_previous()

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")


class AskScreen(Dialog[str]):
    """One line to write; Enter takes it, `esc` leaves all as it was."""

    TITLE_WORDS = N_("a line to write")
    HELP = N_("Write one line. **enter** takes it as it stands; **esc** leaves all as it was.")

    def __init__(
        self,
        question: str,
        text: str = "",
        *,
        value: str = "",
        placeholder: str = "",
        keep: tuple[str, str] | None = None,
    ) -> None:
        super().__init__()
        self._question, self._text, self._value, self._placeholder = question, text, value, placeholder
        self._keep = keep

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(safe(self._question), classes="heading", markup=False)
            if self._text:
                yield Static(Prose(self._text), markup=False)
            yield OneLine(self._value, placeholder=self._placeholder, keep=self._keep)
            yield Static(_("enter: take it · esc: leave it"), classes="quiet", markup=False)

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)
