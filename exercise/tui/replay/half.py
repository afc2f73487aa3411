"""One perspective on a moment: the panes and what they list; a replay shows one of these, or two side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from exercise.core.requests.views import RequestView
from exercise.language import _
from exercise.session.client import Player
from exercise.session.perspectives import Perspective, Sight
from exercise.tui.replay.changes import Change
from exercise.tui.replay.look import (
    NOTHING,
    aside,
    briefing_of,
    changed_items,
    items,
    newest,
    panes_of,
    running,
)
from exercise.tui.widgets.choice_bar import ChoiceBar
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.reader import Item, Reader
from exercise.tui.widgets.requests_pane import RequestsPane
from exercise.tui.widgets.telling import both_ends


class Shown(NamedTuple):
    """What the pane of changes lists."""

    step: str
    """What the step is called."""
    changes: tuple[Change, ...]
    marks: tuple[Item, ...]
    """Further rows."""


Changed = Callable[[], Shown]
"""Asked only where the pane of changes is shown."""


class Half(Vertical):
    """Posts what was clicked; what is shown is put here by the screen."""

    # Not scoped: the widths follow the screen's breakpoints.
    SCOPED_CSS = False
    DEFAULT_CSS = """
    Half { width: 1fr; height: 1fr; }
    Half > .half-whose { height: 1; padding: 0 1; display: none; background: $panel; color: $foreground 65%; }
    Half > ChoiceBar { background: $panel; }
    Half .half-aside { display: none; width: 40; border-left: solid $border-blurred; padding: 0 1; height: 1fr; }
    .-very-wide Half .half-aside { display: block; }
    .-split Half .half-aside { display: none; }
    .-split Half > .half-whose { display: block; }
    .-split Half.-active > .half-whose { color: $foreground; }
    .-split Half > ChoiceBar { background: $background; }
    .-split.-wide Half.-second, .-split.-very-wide Half.-second { border-left: solid $border-blurred; }
    .-split.-wide Half Reader, .-split.-very-wide Half Reader { layout: vertical; }
    .-split.-wide Half Reader > Choices, .-split.-very-wide Half Reader > Choices {
        width: 1fr; height: 2fr; border: none; border-bottom: solid $border-blurred; }
    .-split.-wide Half Reader > Vertical, .-split.-very-wide Half Reader > Vertical { height: 3fr; }
    .-split Half CourseChart { height: 8; margin: 0 1 0 0; }
    """

    class PaneChosen(Message):
        """Somebody clicked a pane."""

        def __init__(self, half: Half, pane: str) -> None:
            super().__init__()
            self.half = half
            self.pane = pane

    class RequestOpened(Message):
        """Somebody opened a request."""

        def __init__(self, half: Half, request: RequestView) -> None:
            super().__init__()
            self.half = half
            self.request = request

    def __init__(self, player: Player, whose: Perspective, *, log: str = "", classes: str = "") -> None:
        super().__init__(classes=classes)
        self.player = player
        self.whose = whose
        self.pane = "messages"
        self.sight: Sight | None = None
        self._log = log
        self._where = ""
        self._seen = ""
        self._heading = Static(classes="half-whose", markup=False)
        self._panes = ChoiceBar()
        self._reader = Reader()
        self._requests = RequestsPane(player.reference)
        self._aside = Static(classes="half-aside", markup=False)

    def compose(self) -> ComposeResult:
        yield self._heading
        yield self._panes
        with Horizontal():
            yield self._reader
            yield self._requests
            yield self._aside

    def on_mount(self) -> None:
        self._requests.display = False

    def see_as(self, whose: Perspective) -> None:
        """Looks with other eyes from now on."""
        self.whose, self._seen = whose, ""
        if whose.kind == "public" and self.pane in ("decisions", "board", "timeline"):
            # The public has none of these.
            self.turn_to("messages")

    def turn_to(self, pane: str) -> None:
        """Shows another pane from now on."""
        if pane in ("board", "timeline"):
            self._requests.look("board" if pane == "board" else "timeline")
        self.pane = pane
        self._requests.display = self._asks
        self._reader.display = not self._asks

    @property
    def _asks(self) -> bool:
        """Whether requests are shown."""
        return self.pane in ("board", "timeline")

    def take_focus(self) -> None:
        """Gives the list that is shown the focus."""
        if self._asks:
            self._requests.take_focus()
        else:
            self._reader.rows.focus()

    def choose(self, row: str, words: str) -> None:
        """Marks a row of the list that is shown, where it is there, with its text from where the words stand."""
        if not self._asks:
            self._reader.rows.choose(row)
            self._reader.turn_to(words)

    def put(self, changed: Changed, where: str = "") -> None:
        """Shows the moment at which its player stands; `where` is said beside the name when there are two."""
        sight = self.sight = self.player.sight(self.whose.id)
        self._where = where
        self._put_head(sight)
        teams = self.player.seats
        if self._asks:
            self._requests.put(sight.requests, running(sight), [name for _unused, name in teams], sight.own)
        elif self.pane == "changed":
            step, found, marks = changed()
            rows = changed_items(step, found, sight, self.player.reference, teams)
            choose = "x" if step != self._seen else None
            self._seen = step
            self._reader.put([*rows, *marks], choose=choose)
        else:
            latest = newest(self.pane, sight)
            choose = latest if latest != self._seen else None
            self._seen = latest or ""
            # Before the first message a seat has its briefing to read.
            first = briefing_of(sight) if self.pane == "messages" else ""
            self._reader.put(items(self.pane, sight, self.player.reference, teams), NOTHING[self.pane], choose, first)
        self._aside.update(aside(sight))

    def _put_head(self, sight: Sight) -> None:
        """Whose eyes these are, and the panes, as far as there is room."""
        seen = "" if self._log else _("as seen by ")
        name = Content.assemble(seen, safe(self.whose.name, "bold"), safe(self._log and f" · {self._log}"))
        self._heading.update(both_ends(name, safe(self._where), self.size.width - 2))
        pane = "board" if self._asks else self.pane
        self._panes.put(panes_of(sight, pane, self._panes.size.width or self.size.width - 2), pane)

    def on_resize(self) -> None:
        """The other half came or went, be it behind the presenter."""
        if self.sight is not None:
            self._put_head(self.sight)

    @on(ChoiceBar.Chosen)
    def _pane_clicked(self, event: ChoiceBar.Chosen) -> None:
        event.stop()
        self.post_message(self.PaneChosen(self, event.choice))

    @on(RequestsPane.Chosen)
    def _look_clicked(self, event: RequestsPane.Chosen) -> None:
        event.stop()
        self.post_message(self.PaneChosen(self, event.look))

    @on(RequestsPane.Opened)
    def _request_opened(self, event: RequestsPane.Opened) -> None:
        event.stop()
        self.post_message(self.RequestOpened(self, event.request))
