"""Whom something is for: all, teams, or single roles of them, to tick."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Button, OptionList, Static

from exercise.language import N_, _
from exercise.tui.console.msel import Names
from exercise.tui.screens.base import Dialog
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.form import ticks
from exercise.tui.widgets.prose import Prose, safe

__all__ = ["Addressees", "AddresseesScreen", "named"]


def named(addresses: Iterable[str], names: Names) -> str:
    """The addresses as one reads them."""
    return ", ".join(names.get(address, address) for address in addresses)


class Addressees(Choices):
    """Rows to tick; `all` takes the place of every other, and a team that of its roles."""

    class Ticked(Message):
        """Another set is ticked."""

    def __init__(self, names: Names, *, id: str | None = None) -> None:
        super().__init__(id=id, mark_first=True, one_click=True)
        self._names = names
        self._ticked: tuple[str, ...] = ()

    @property
    def ticked(self) -> tuple[str, ...]:
        """The addresses ticked, in the order of the list."""
        return self._ticked

    def on_mount(self) -> None:
        self._fill()

    def _order(self) -> list[str]:
        teams = [name for name in self._names if name != "all" and "/" not in name]
        order = ["all"]
        for team in teams:
            order += [team, *(name for name in self._names if name.startswith(f"{team}/"))]
        return order

    def _fill(self) -> None:
        rows = [(name, f"{'  ' if '/' in name else ''}{self._names[name]}", "") for name in self._order()]
        self.show(ticks(rows, self._ticked, many=True))

    @on(OptionList.OptionSelected)
    def _tick(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        name = event.option_id or ""
        if name in self._ticked:
            kept = {ticked for ticked in self._ticked if ticked != name}
        elif name == "all":
            kept = {"all"}
        else:
            # A role within a team that is ticked whole would say the same twice.
            team = name.partition("/")[0]
            without = {"all", team} if "/" in name else {"all", *(n for n in self._ticked if n.startswith(f"{team}/"))}
            kept = {*self._ticked} - without | {name}
        self._ticked = tuple(known for known in self._order() if known in kept)
        self._fill()
        self.post_message(self.Ticked())


class AddresseesScreen(Dialog[tuple[str, ...]]):
    """Ends with the addresses that were ticked; with none nothing can be taken."""

    TITLE_WORDS = N_("whom it is for")
    HELP = N_("""
Tick with **enter** whom it is for: all, a whole team, or single roles of one. **tab** goes on to the answers,
**ctrl+s** takes what is ticked, **esc** leaves all as it was.
""")
    BINDINGS = [Binding("ctrl+s", "take", "Take", tooltip="Take what is ticked")]
    DEFAULT_CSS = """
    AddresseesScreen .heading { max-height: 2; }
    AddresseesScreen .asked-text { height: auto; max-height: 4; }
    AddresseesScreen Addressees { height: auto; max-height: 25vh; margin-top: 1; background: $panel; }
    """

    def __init__(self, question: str, text: str, names: Names, *, yes: str) -> None:
        super().__init__()
        self._question, self._text, self._names, self._yes = question, text, names, yes

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(safe(self._question), classes="heading", markup=False)
            yield Static(Prose(self._text), markup=False, classes="asked-text")
            yield Addressees(self._names, id="addressees")
            with Horizontal(classes="buttons"):
                yield Button(_("No"), id="no")
                yield Button(safe(self._yes), id="yes", variant="warning", disabled=True)

    def on_mount(self) -> None:
        self.query_one(Addressees).focus()

    @on(Addressees.Ticked)
    def _ticked(self) -> None:
        self.query_one("#yes", Button).disabled = not self.query_one(Addressees).ticked

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        if event.button.id == "yes":
            self.action_take()
        else:
            self.dismiss(None)

    def action_take(self) -> None:
        ticked = self.query_one(Addressees).ticked
        if ticked:
            self.dismiss(ticked)
