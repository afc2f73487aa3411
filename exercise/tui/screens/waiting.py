"""What waits for a seat and what is new to it, in one list; enter goes straight to the thing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList

from exercise.core.asked import FACILITATOR
from exercise.core.commands import ReadMessage
from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.tui.draft import Draft
from exercise.tui.request_draft import RequestDraft
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.screens.lookup import LookupScreen
from exercise.tui.widgets.agenda import Looked, Row, looked_at, new_rows, task_rows
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.inbox import letter
from exercise.tui.widgets.prose import ProseView, safe

if TYPE_CHECKING:
    from exercise.core.views import InboxItem
    from exercise.session.client import Client, Table

__all__ = ["LetterScreen", "WaitingScreen"]


class WaitingScreen(LookupScreen):
    """Opens over whatever one is at, which stays as it is; what was new counts as seen once this is closed."""

    TITLE_WORDS = N_("what waits, and what is new")
    HINT = N_("enter goes straight to what is marked. esc goes back to where you were.")
    HELP = N_("""
Above stands **what waits for you**, most urgent first: decisions with the time they have left, requests, messages you
have not opened, words from people, and what you have begun to write.

Below stands **what is new since you looked here last**, newest first. Closing this list counts as having looked.

**enter** goes straight to what is marked. **esc** goes back to where you were; nothing you were writing is lost.
""")
    DEFAULT_CSS = """
    WaitingScreen #rows { height: 1fr; }
    """

    def __init__(self, client: Client, table: Table, *, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(client, live=table.live, now=now)
        self._table = table
        self._since = Looked()

    def looked_up(self) -> ComposeResult:
        yield Choices(id="rows", classes="panel", one_click=True, tells_new=True)

    def on_mount(self) -> None:
        self._since = self._kept_since()
        self.follow(self._client.subscribe)
        self.query_one("#rows").border_title = _("What waits, and what is new")
        self.look_again()
        # Each second where the clock runs: beside the banner a window is to show the same time.
        self.set_interval(1.0 if self._live else 5.0, self.look_again)
        self.query_one("#rows").focus()

    def look_again(self) -> None:
        view = self._client.view()
        tasks = [*task_rows(view, self._parties, self._heard, self._begun, live=self._live), *self._half_written()]
        new = new_rows(view, self._since, self._parties)
        waits = _("Waits for you · {count}").format(count=len(tasks)) if tasks else _("Nothing waits for you")
        shown: list[tuple[str, Content | Lines]] = [("#waits", safe(waits, "bold $primary"))]
        shown += [(f"a:{row.key}", row.lines()) for row in tasks]
        since = (
            _("New since you looked · {count}").format(count=len(new))
            if new
            else _("Nothing is new since you looked here last")
        )
        shown += [("#gap", safe("")), ("#new", safe(since, "bold $primary"))]
        # Counted from the oldest, so that a row keeps its name when newer ones come above it.
        shown += [(f"{len(new) - place}:{row.key}", row.lines()) for place, row in enumerate(new)]
        self.query_one("#rows", Choices).show(shown)

    def _half_written(self) -> list[Row]:
        """A request that was begun; half-written answers stand with what they answer."""
        key = (self._table.session_id, self._client.view().team, "new")
        draft = self.program.request_drafts.get(key) or self.program.keeps(f"request|{key[1]}|new", RequestDraft)
        if not draft.begun:
            return []
        return [Row(("begun", "new"), "✎", _("A request you have begun"), _("not sent yet; enter goes on with it"))]

    @property
    def _begun(self) -> list[str]:
        """Decisions for which something was chosen or written, here or at a terminal that was lost."""
        drafts, found = self.program.drafts, []
        for decision in self._client.view().open_decisions:
            key = (self._table.session_id, self._client.seat, decision.id)
            draft = drafts.get(key) or self.program.keeps(f"draft|{key[1]}|{key[2]}", Draft)
            found += [decision.id] if draft != Draft() else []
        return found

    @property
    def _parties(self) -> tuple[tuple[str, str], ...]:
        return (*self._table.addressees, (FACILITATOR, _("Exercise control")))

    @property
    def _heard(self) -> dict[str, int]:
        return self.program.heard_by(self._table.session_id, self._client.seat)

    def _kept_since(self) -> Looked:
        key = (self._table.session_id, self._client.seat)
        if key not in self.program.looked:
            self.program.looked[key] = self.program.keeps(f"looked|{key[1]}", Looked)
        return self.program.looked[key]

    def action_back(self) -> None:
        self.close()

    def close(self) -> None:
        """Close the list; what stood on it has been seen."""
        self.program.looked[(self._table.session_id, self._client.seat)] = looked_at(self._client.view())
        self.dismiss()

    @on(OptionList.OptionSelected, "#rows")
    def _open(self, event: OptionList.OptionSelected) -> None:
        if event.option_id is None:
            return
        _, kind, name = event.option_id.split(":", 2)
        self.close()
        app, screen = self.program, self._screen_for(kind, name)
        if screen is None:
            return
        # What is open already is gone back to, for two forms of one thing would write over each other.
        for below in app.screen_stack:
            if isinstance(below, ExerciseScreen) and screen.about and below.about == screen.about:
                below.pop_until_active()
                return
        app.push_screen(screen)

    def _screen_for(self, kind: str, name: str) -> ExerciseScreen[Any] | None:
        client, table, now, live = self._client, self._table, self._now, self._live
        view = client.view()
        screen: ExerciseScreen[Any] | None = None
        if kind == "decision" and any(decision.id == name for decision in view.open_decisions):
            from exercise.tui.screens.decision import DecisionScreen

            screen = DecisionScreen(client, name, table, now=now)
        elif kind == "decision":
            from exercise.tui.screens.answered import AnsweredScreen

            screen = AnsweredScreen(client, live=live, now=now, first=name)
        elif kind == "request":
            from exercise.tui.screens.request import RequestScreen

            screen = RequestScreen(client, int(name), live=live, now=now)
        elif kind == "talk":
            from exercise.tui.screens.messages import MessagesScreen

            screen = MessagesScreen(client, table, self._heard, live=live, now=now, key=name)
        elif kind == "message":
            item = next((item for item in view.inbox if str(item.number) == name), None)
            screen = LetterScreen(client, item, live=live, now=now) if item is not None else None
        elif kind == "begun":
            from exercise.tui.composing import Composer, start_request

            start_request(Composer(self.program, client, live=live, now=now))
        return screen


class LetterScreen(LookupScreen):
    """One message of the inbox by itself, so that reading it leaves no form that was open."""

    TITLE_WORDS = N_("a message")
    HINT = N_("Scroll with the arrows or page down. esc goes back.")
    HELP = N_("One message of your inbox. **esc** goes back to where you were; the message stays in the inbox.")
    DEFAULT_CSS = """
    LetterScreen ProseView { height: 1fr; padding: 0 2; }
    """

    def __init__(self, client: Client, item: InboxItem, *, live: bool, now: Callable[[], float]) -> None:
        super().__init__(client, live=live, now=now)
        self._item = item

    def looked_up(self) -> ComposeResult:
        yield ProseView(letter(self._item, self._client.view().clock), classes="panel")

    def on_mount(self) -> None:
        pane = self.query_one(ProseView)
        pane.border_title = _("Message {number}").format(number=self._item.number)
        pane.focus()
        if not self._item.read:
            self.run_worker(self._mark_read())

    async def _mark_read(self) -> None:
        client, hosted = self._client, self.program.table.hosted if self.program.table else None
        if hosted is not None and (hosted.trouble or not (hosted.acting or hosted.kind != "participant")):
            return
        try:
            play = client.view().clock.play
            await client.submit(ReadMessage(seat=client.seat, play=play, number=self._item.number))
        except ExerciseError as error:
            self.say(str(error), wrong=True)
