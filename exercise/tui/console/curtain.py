"""What covers every screen: a pause in which nobody reads on, or a real emergency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static

from exercise.core.control.commands import CurtainKind, DrawCurtain, LiftCurtain
from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.tui.screens.base import Dialog
from exercise.tui.screens.confirm import AskScreen, ConfirmScreen
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.prose import safe

if TYPE_CHECKING:
    from exercise.core.views import CurtainView
    from exercise.session.control import Control

__all__ = ["CurtainScreen", "curtain_words"]

_QUIET = "$foreground 65%"
_PAUSE = N_("A short break. Please look up.")
_STOP = N_("Stay where you are unless you are told otherwise, and listen to exercise control.")


def curtain_words(curtain: CurtainView | None) -> str:
    """What everybody sees at the moment."""
    if curtain is None:
        return _("All screens are open.")
    said = _(" They say: “{text}”").format(text=curtain.text) if curtain.text else ""
    if curtain.kind == "no-duff":
        return _("✕ REAL WORLD stop: every screen is covered and the clock stands.{said}").format(said=said)
    return _("▒ Every screen is covered.{said}").format(said=said)


class CurtainScreen(Dialog[None]):
    """Reached by one key from anywhere in the console, for it may be needed at once."""

    TITLE_WORDS = N_("the curtain over every screen")
    HELP = N_("""
Cover **every** screen, whatever its people are doing; what they were writing stays as it is underneath.

- **Cover the screens** with one line: for a break, or to have everybody look up. The clock goes on as it was.
- **REAL WORLD – NO DUFF** is for what is no exercise: somebody is ill, the building is cleared, a real incident.
  Every screen says so with your words, and the clock stops. You are asked once more before it is done.
- **Open the screens** takes the curtain away. The clock stays as it stands: after a stop you start it yourself.
""")
    DEFAULT_CSS = """
    CurtainScreen > Vertical { width: 72; max-width: 96%; height: auto; max-height: 94%; border: round $border;
                               background: $surface; padding: 0 1; }
    CurtainScreen Choices { height: auto; margin: 1 0; }
    CurtainScreen #curtain-now { height: auto; }
    CurtainScreen #curtain-wrong { height: auto; color: $text-error; text-style: bold; }
    """

    def __init__(self, control: Control) -> None:
        super().__init__()
        self._control = control

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(_("A curtain over every screen"), classes="heading", markup=False)
            yield Static(id="curtain-now", markup=False)
            yield Choices(id="curtains", one_click=True)
            yield Static(id="curtain-wrong", markup=False)
            yield Static(_("↑ ↓ move · enter takes it · esc goes back"), classes="quiet", markup=False)

    def on_mount(self) -> None:
        curtain = self._control.view().curtain
        self.query_one("#curtain-now", Static).update(safe(curtain_words(curtain)))
        rows = [
            ("lift", _("Open the screens"), _("the clock stays as it stands")),
            ("blank", _("Cover the screens"), _("everybody reads one line; the clock goes on")),
            ("no-duff", "REAL WORLD – NO DUFF", _("something real: the clock stops")),
        ]
        lines = [
            (key, Lines(("• ", safe(words, "bold") + safe(f" · {more}", _QUIET))))
            for key, words, more in rows
            if key != "lift" or curtain is not None
        ]
        choices = self.query_one("#curtains", Choices)
        choices.show(lines)
        choices.action_first()
        choices.focus()

    @on(OptionList.OptionSelected, "#curtains")
    def _take(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        match event.option_id:
            case "lift":
                self.run_worker(self._do(LiftCurtain()), exclusive=True)
            case "blank":
                ask = AskScreen(_("Cover every screen"), _("Everybody reads this line meanwhile."), value=_(_PAUSE))
                self.app.push_screen(ask, lambda text: self._draw("blank", text))
            case "no-duff":
                ask = AskScreen(
                    "REAL WORLD – NO DUFF", _("Everybody reads this line; the clock stops."), value=_(_STOP)
                )
                self.app.push_screen(ask, self._ask_once_more)

    def _ask_once_more(self, text: str | None) -> None:
        if text is None:
            return
        question = ConfirmScreen(
            _("Stop the exercise for something real?"),
            _("Every screen says REAL WORLD – NO DUFF at once, and the clock stops."),
            yes=_("Stop it now"),
            no=_("Go back"),
        )
        self.app.push_screen(question, lambda yes: self._draw("no-duff", text) if yes else None)

    def _draw(self, kind: CurtainKind, text: str | None) -> None:
        if text is not None:
            self.run_worker(self._do(DrawCurtain(kind=kind, text=text[:4000])), exclusive=True)

    async def _do(self, command: DrawCurtain | LiftCurtain) -> None:
        try:
            await self._control.submit(command)
        except ExerciseError as error:
            self.query_one("#curtain-wrong", Static).update(safe(f"✕ {_(str(error))}"))
        else:
            self.dismiss()
