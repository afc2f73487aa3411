"""Questions that control is asked: yes or no, one with a reason to write, one with a word to type so no slip counts."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Input, Static

from exercise.language import N_, _
from exercise.tui.screens.base import Dialog
from exercise.tui.screens.confirm import ConfirmScreen
from exercise.tui.widgets.prose import Prose, safe
from exercise.tui.widgets.writing import OneLine

__all__ = ["SureScreen", "TypeWordScreen", "WhyScreen"]


class SureScreen(ConfirmScreen):
    """Yes or no, with a text that scrolls where it is long: the answers stay in sight whatever it names."""

    DEFAULT_CSS = """
    SureScreen .heading { max-height: 3; }
    SureScreen .asked-text { height: auto; max-height: 40vh; }
    """

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(safe(self._question), classes="heading", markup=False)
            yield _text(self._text)
            with Horizontal(classes="buttons"):
                yield Button(safe(self._no), id="no")
                yield Button(safe(self._yes), id="yes", variant="warning")


def _text(text: str) -> VerticalScroll:
    return VerticalScroll(Static(Prose(text), markup=False), classes="asked-text", can_focus=False)


class WhyScreen(Dialog[str]):
    """Asks for a reason, which may stay empty, and then for a yes; dismisses with the reason, or None for no."""

    TITLE_WORDS = N_("a correction")
    HELP = N_("""
What you do here goes into the log with the reason you give, and is seen in the hot wash. The reason may stay empty.

**enter** in the line goes on to the answers; **tab**, **←** and **→** go from one to the other; **esc** changes
nothing.
""")
    DEFAULT_CSS = """
    WhyScreen .heading { max-height: 3; }
    WhyScreen .asked-text { height: auto; max-height: 25vh; }
    """

    def __init__(self, question: str, text: str = "", *, yes: str, no: str = "") -> None:
        super().__init__()
        self._question, self._text, self._yes, self._no = question, text, yes, no

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(safe(self._question), classes="heading", markup=False)
            yield _text(self._text)
            yield OneLine(placeholder=_("Why? (may stay empty)"), max_length=1_000)
            with Horizontal(classes="buttons"):
                yield Button(safe(self._no), id="no")
                yield Button(safe(self._yes), id="yes", variant="warning")
            yield Static(_("enter: on to the answers · esc: leave all as it is"), classes="quiet", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def on_key(self, event: object) -> None:
        key = getattr(event, "key", "")
        if key in ("left", "right") and isinstance(self.focused, Button):
            self.focus_next(Button) if key == "right" else self.focus_previous(Button)

    @on(Input.Submitted)
    def _written(self) -> None:
        self.query_one("#yes").focus()

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        self.dismiss(self.query_one(Input).value.strip() if event.button.id == "yes" else None)


class TypeWordScreen(Dialog[bool]):
    """What cannot be taken back and touches everybody: one word has to be typed out."""

    TITLE_WORDS = N_("something that cannot be taken back")
    HELP = N_("Type the word that is asked for and press **enter**; anything else, or **esc**, leaves all as it is.")
    DEFAULT_CSS = """
    TypeWordScreen .heading { max-height: 3; }
    TypeWordScreen .asked-text { height: auto; max-height: 40vh; }
    """

    def __init__(self, question: str, text: str, word: str) -> None:
        super().__init__()
        self._question, self._text, self._word = question, text, word

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(safe(self._question), classes="heading", markup=False)
            yield _text(self._text)
            yield Input(placeholder=_("Type {word}").format(word=self._word), max_length=20)
            yield Static(_("esc: leave all as it is"), classes="quiet", markup=False, id="word-said")

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        if event.value.strip().upper() == self._word.upper():
            self.dismiss(True)
        else:
            said = _("That is not {word}. Nothing has happened; esc goes back.").format(word=self._word)
            self.query_one("#word-said", Static).update(safe(said))
