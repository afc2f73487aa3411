"""The board of requests: what was asked of the team and what it asked, what waits first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.events import Resize
from textual.widgets import OptionList

from exercise.language import N_, _, ngettext
from exercise.tui.composing import Composer, start_request
from exercise.tui.screens.lookup import LookupScreen
from exercise.tui.widgets.prose import ProseView
from exercise.tui.widgets.request_list import RequestList
from exercise.tui.widgets.request_words import request_text

if TYPE_CHECKING:
    from exercise.core.views import ParticipantView

__all__ = ["RequestsScreen", "board_title"]

_TALL = 32
"""From this height on what is marked is read below the board."""


class RequestsScreen(LookupScreen):
    """In two lines a request where the screen is narrow, in columns where it is wide; enter opens the marked one."""

    TITLE_WORDS = N_("requests")
    HELP = N_("""
Requests are how teams and services ask each other for help, warn each other and try out their contacts.

- **←** came in, **→** went out; a dot (●) marks what waits for something from you.
- How each stands is said in words: whether it waits for your answer, was asked back, or did not get through.
- **w** writes a new one and leads you through it. A half-written one is kept and offered again.

The time at the right is when an answer is asked for, in the time of the story.
""")
    BINDINGS = [
        Binding("w", "write", "Write", tooltip="Write a new request; you are led through it"),
        Binding("c", "contacts", "Contacts", tooltip="Your contact directory, with a way to test entries"),
        Binding("e", "evidence", "Evidence", tooltip="The evidence your team holds"),
    ]
    DEFAULT_CSS = """
    RequestsScreen #board { height: 1fr; }
    RequestsScreen #marked { display: none; height: 1fr; }
    RequestsScreen.-tall #marked { display: block; }
    RequestsScreen.-tall #board { height: auto; max-height: 60%; min-height: 8; }
    RequestsScreen.-empty #board { display: none; }
    RequestsScreen.-empty #marked { display: block; }
    """

    def looked_up(self) -> ComposeResult:
        yield RequestList(id="board", classes="panel", tells_new=True)
        yield ProseView(id="marked", classes="panel")

    def on_mount(self) -> None:
        self.follow(self._client.subscribe)
        self.show_board()
        rows = self.query_one(RequestList)
        (rows if rows.display else self.query_one("#marked")).focus()

    def look_again(self) -> None:
        self.show_board()

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.height >= _TALL, "-tall")

    def show_board(self) -> None:
        """Bring the board up to date; what is marked stays marked."""
        view = self._client.view()
        self.set_class(not view.requests, "-empty")
        rows = self.query_one(RequestList)
        rows.put(view.requests, view.clock.exercise)
        rows.border_title = board_title(view)
        if rows.highlighted is None and rows.option_count:
            rows.action_first()
        self.show_time()
        self._read()
        self.refresh_hint()
        self.refresh_bindings()

    def hint(self) -> str:
        view = self._client.view()
        if view.waiting_requests:
            return _("● waits for you. enter opens what is marked, w writes a new request.")
        if view.clock.phase == "plenary":
            return _("Requests rest in a plenary. w begins one: it is kept, and can be sent in the next move.")
        return _("enter opens what is marked, w writes a new request. esc goes back.")

    def _read(self) -> None:
        view = self._client.view()
        chosen = self.query_one(RequestList).chosen
        request = next((request for request in view.requests if str(request.number) == chosen), None)
        pane = self.query_one("#marked", ProseView)
        if request is not None:
            text = request_text(request, self._client.reference, view.clock.exercise)
            pane.show(text, keep_place=text == pane.text)
            pane.border_title = _("Request {number}").format(number=request.number)
        elif not view.requests:
            pane.show(_("Nothing was asked so far, by you or of you.\n\nPress **w** to write a request."))
            pane.border_title = _("Requests")

    @on(OptionList.OptionHighlighted, "#board")
    def _mark(self) -> None:
        self._read()

    @on(OptionList.OptionSelected, "#board")
    def _open(self, event: OptionList.OptionSelected) -> None:
        from exercise.tui.screens.request import RequestScreen

        if event.option_id is not None:
            number = int(event.option_id)
            self.app.push_screen(RequestScreen(self._client, number, live=self._live, now=self._now), self._back)

    def _back(self, _: object) -> None:
        self.show_board()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "write":
            view = self._client.view()
            return bool(view.kinds) and view.clock.phase != "ended"
        return True

    def action_write(self) -> None:
        start_request(Composer(self.program, self._client, live=self._live, now=self._now, done=self._sent))

    def _sent(self, said: str) -> None:
        self.show_board()
        rows = self.query_one(RequestList)
        if rows.display:
            # What was just sent is what one looks at next.
            sent = [request.number for request in self._client.view().requests if not request.incoming]
            rows.choose(str(max(sent, default=0)))
            rows.focus()
        self.call_later(self.say, said)

    def action_contacts(self) -> None:
        from exercise.tui.screens.directory import DirectoryScreen

        self.app.push_screen(DirectoryScreen(self._client, live=self._live, now=self._now), self._back)

    def action_evidence(self) -> None:
        from exercise.tui.screens.evidence import EvidenceScreen

        self.app.push_screen(EvidenceScreen(self._client, live=self._live, now=self._now), self._back)


def board_title(view: ParticipantView) -> str:
    """`Requests · 2 wait for you`."""
    waiting = len(view.waiting_requests)
    return (
        ngettext("Requests · {waiting} waits for you", "Requests · {waiting} wait for you", waiting).format(
            waiting=waiting
        )
        if waiting
        else _("Requests")
    )
