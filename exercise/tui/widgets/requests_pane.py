"""Requests to look back at: as a board or as a timeline between teams, with the marked one to read below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.message import Message
from textual.widgets import ContentSwitcher, OptionList, Static

from exercise.core.reference import Reference
from exercise.language import _
from exercise.tui.widgets.choice_bar import ChoiceBar
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.request_list import RequestList
from exercise.tui.widgets.request_timeline import ARROWS, RequestTimeline
from exercise.tui.widgets.request_words import request_text

if TYPE_CHECKING:
    from exercise.core.requests.views import RequestView

__all__ = ["Look", "RequestsPane"]

Look = Literal["board", "timeline"]


def looks() -> tuple[tuple[str, str], ...]:
    """The two ways to look at them."""
    return (("board", _("r Board")), ("timeline", _("t Timeline between teams")))


_TALL = 22
"""From this height on what is marked is read below."""


class RequestsPane(Vertical):
    """Shown in the hot wash for all and in the replay for one team; posts what was opened and chosen."""

    # Not scoped: what is shown follows the screen's breakpoints.
    SCOPED_CSS = False
    DEFAULT_CSS = """
    RequestsPane { height: 1fr; }
    RequestsPane > #requests-top { height: 1; padding: 0 1; }
    RequestsPane #requests-signs { width: auto; color: $foreground 65%; display: none; }
    RequestsPane.-timeline #requests-signs { display: block; }
    .-narrow RequestsPane #requests-signs { display: none; }
    RequestsPane > ContentSwitcher { height: 1fr; }
    RequestsPane RequestList { height: 1fr; }
    RequestsPane > #requests-marked { display: none; height: 1fr; }
    RequestsPane.-tall > ContentSwitcher { height: 3fr; }
    RequestsPane.-tall > #requests-marked { display: block; height: 2fr; }
    """

    class Opened(Message):
        """Somebody opened a request."""

        def __init__(self, request: RequestView) -> None:
            super().__init__()
            self.request = request

    class Chosen(Message):
        """Somebody clicked one of the two ways to look at requests."""

        def __init__(self, look: str) -> None:
            super().__init__()
            self.look = look

    def __init__(self, reference: Reference, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._reference = reference
        self._look: Look = "board"
        self._requests: dict[str, RequestView] = {}
        self._now: int | None = None
        self._steps = 0
        self._own = ""
        self._for_all = False
        self._bar = ChoiceBar(looks())
        self._board = RequestList(id="requests-board")
        self._timeline = RequestTimeline(id="requests-timeline")
        self._marked = ProseView(id="requests-marked", classes="panel")

    def compose(self) -> ComposeResult:
        with Horizontal(id="requests-top"):
            yield self._bar
            yield Static(_(ARROWS), id="requests-signs", markup=False)
        with ContentSwitcher(initial="requests-board"):
            yield self._board
            yield self._timeline
        yield self._marked

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.height >= _TALL, "-tall")

    def put(self, requests: Iterable[RequestView], now: int | None, teams: Sequence[str], own: str = "") -> None:
        """Show these requests at this time of the story, none after ENDEX: the board of `own`, or of all."""
        requests = tuple(requests)
        self._requests = {str(request.number): request for request in requests}
        self._now, self._for_all = now, not own
        self._board.put(requests, now, for_all=self._for_all)
        if not requests:
            self._board.show([("#none", safe(_("Nobody has sent a request.")))])
        self._timeline.put(requests, teams, own)
        other, self._own = own != self._own, own
        if requests and (other or self._board.highlighted is None):
            self._board.action_first()
        steps = self._timeline.rows
        if own and (other or steps.option_count != self._steps):
            # In a replay the newest step is what just happened.
            steps.action_last()
        elif steps.highlighted is None:
            steps.action_first()
        self._steps = steps.option_count
        self._read()

    def look(self, look: Look) -> None:
        """Show the board or the timeline, with the same request marked in both."""
        before = self.chosen
        self._look = look
        self.set_class(look == "timeline", "-timeline")
        self._bar.put(looks(), look)
        self.query_one(ContentSwitcher).current = f"requests-{look}"
        if before is not None and self.chosen != before:
            steps = [row.id for row in self._timeline.rows.options if row.id and row.id.partition(".")[0] == before]
            self._rows.choose(before if look == "board" else (steps[0] or "") if steps else "")
        self._read()

    def take_focus(self) -> None:
        """Give the list that is shown the focus."""
        self._rows.focus()

    @property
    def chosen(self) -> str | None:
        """Number of the request that is marked."""
        return self._board.chosen if self._look == "board" else self._timeline.chosen

    @property
    def _rows(self) -> Choices:
        return self._board if self._look == "board" else self._timeline.rows

    def _read(self) -> None:
        request = self._requests.get(self.chosen or "")
        text = ""
        if request is not None:
            text = request_text(request, self._reference, self._now, for_all=self._for_all)
        self._marked.show(text, keep_place=text == self._marked.text)
        self._marked.border_title = (
            _("Request {number}").format(number=request.number) if request is not None else _("Requests")
        )

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._read()

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        request = self._requests.get(self.chosen or "")
        if request is not None:
            self.post_message(self.Opened(request))

    @on(ChoiceBar.Chosen)
    def _clicked(self, event: ChoiceBar.Chosen) -> None:
        event.stop()
        self.post_message(self.Chosen(event.choice))
