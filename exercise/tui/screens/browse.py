"""A list at the left and what is marked in it at the right: the shape of all look-up screens."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.events import ScreenResume
from textual.widgets import OptionList

from exercise.language import N_, _
from exercise.tui.screens.lookup import LookupScreen
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.prose import ProseView

__all__ = ["BrowseScreen"]


class BrowseScreen(LookupScreen):
    """Shows entries, each with an id, a row for the list and a text; `EMPTY` stands where there are none."""

    EMPTY = N_("There is nothing here.")
    BINDINGS = [
        Binding("pagedown", "read_on(1)", "Read on", show=False, tooltip="Read on in the text beside the list"),
        Binding("pageup", "read_on(-1)", "Read back", show=False, tooltip="Read back in the text beside the list"),
    ]
    DEFAULT_CSS = """
    BrowseScreen #browse { height: 1fr; }
    BrowseScreen #rows { width: 34; height: 1fr; }
    BrowseScreen.-wide #rows { width: 44; }
    BrowseScreen.-very-wide #rows { width: 56; }
    BrowseScreen #entry { width: 1fr; height: 1fr; }
    """

    def looked_up(self) -> ComposeResult:
        with Horizontal(id="browse"):
            rows = Choices(id="rows", classes="panel", tells_new=True, read_beside=True)
            title = _(self.TITLE_WORDS)
            rows.border_title = title[:1].upper() + title[1:]
            yield rows
            yield ProseView(id="entry", classes="panel")

    def entries(self) -> list[tuple[str, Content | Lines, str]]:
        """Id, row and text of each entry; headings have an id that begins with `#`."""
        return []

    def on_mount(self) -> None:
        self.follow(self._client.subscribe)
        self.show_entries()
        self.query_one("#rows").focus()

    @on(ScreenResume)
    def look_again(self) -> None:
        # What lies below another screen is brought up to date once it is looked at again.
        if self.is_attached and self.app.screen is self and self.query("#rows"):
            self.show_entries()
            self.refresh_bindings()

    def show_entries(self) -> None:
        """Build the list anew; what is marked stays marked."""
        self._texts = {key: text for key, _unused, text in self.entries()}
        rows = self.query_one("#rows", Choices)
        rows.show((key, row) for key, row, _unused in self.entries())
        rows.display = bool(self._texts)
        if not self._texts:
            self.query_one("#entry", ProseView).show(_(self.EMPTY))
        elif rows.chosen is None:
            rows.action_first()
        else:
            self.query_one("#entry", ProseView).show(self._texts[rows.chosen], keep_place=True)

    @property
    def marked(self) -> str | None:
        """Id of the marked entry."""
        return self.query_one("#rows", Choices).chosen

    @on(OptionList.OptionHighlighted, "#rows")
    def _mark(self, event: OptionList.OptionHighlighted) -> None:
        pane = self.query_one("#entry", ProseView)
        pane.show(self._texts.get(event.option_id or "", ""))
        self.refresh_bindings()

    @on(OptionList.OptionSelected, "#rows")
    def _open(self) -> None:
        self.query_one("#entry").focus()

    def action_read_on(self, pages: int) -> None:
        """The page keys turn the text; to move the mark instead would take something nobody has read to its end."""
        self.query_one("#entry", ProseView).turn(pages)
