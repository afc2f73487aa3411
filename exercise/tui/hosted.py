"""The app of somebody who takes part in a hosted exercise: control paces, the link may break, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from textual.binding import Binding
from textual.events import Event, InputEvent, Key
from textual.screen import Screen

from exercise.errors import DoorClosed, ExerciseError
from exercise.language import N_, SOURCE, _
from exercise.session.closed import closed_words, is_closed
from exercise.session.sheets import DRAFT
from exercise.tui.app import ExerciseApp
from exercise.tui.keeping import Keeper
from exercise.tui.screens.base import Dialog, ExerciseScreen
from exercise.tui.widgets.agenda import looked_at, new_rows
from exercise.tui.widgets.notices import Notice, dress
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.views import CurtainView, ParticipantView
    from exercise.session.client import Client, Hosted, Table

__all__ = ["COME_BACK", "HostedApp"]

Kept = TypeVar("Kept")

KEEP_EVERY = 2.0
"""Seconds between two looks at what was written, so that a lost terminal costs no more than a few words."""
NEWS_STAYS = 10.0
"""Seconds that a passing line stands."""
_LEAVING = 3.0
"""Seconds that a goodbye may take: nobody is kept at a terminal because the link is down."""

COME_BACK = N_(
    "Nothing is lost: your seat and what you have begun to write are kept. "
    "Come back the way you came, with **the same code and the same name**."
)

PUT_OUT = N_("From this screen nothing is sent any more. What you have begun to write here can still be copied.")


class HostedApp(ExerciseApp):
    """Follows the hub: where one sits, whether anything gets through, whether the curtain is drawn.

    Everything that is so belongs to this app alone, for a door opens many of them in one process.
    """

    BINDINGS = [
        Binding(
            "ctrl+g",
            "waiting",
            "What waits",
            key_display="^g",
            priority=True,
            tooltip="What waits for you, and what is new since you looked",
        )
    ]

    def __init__(self, first: Callable[[], Screen[Any]] | None = None, *, table: Table | None = None) -> None:
        super().__init__(first, table=table)
        self._keeper: Keeper | None = None
        self._depth = 0
        """How many screens lie below the game's own."""
        self._sat: tuple[str, str, bool] = ("", "", True)
        """Session and seat that the screens are for, and whether it was before STARTEX."""
        self._asked_for: str | None = None
        self._briefed = False
        """Whether the briefing was shown, or where to find it was said."""
        self._client: tuple[str, Client] | None = None
        self._looking_at = ""
        self._trouble = ""
        self._shut = False
        """Whether the exercise was closed after ENDEX, so that no link is missing."""
        self._before_trouble: ParticipantView | None = None
        self._news = ""
        self._curtain: CurtainView | None = None
        self._told = False
        self._stops: list[Callable[[], None]] = []

    # Coming and going

    def open_table(self, table: Table) -> None:
        hosted = table.hosted
        assert hosted is not None
        self.table = table
        self._keeper = Keeper(hosted)
        self._trouble = hosted.trouble
        self._stops = [hosted.subscribe(self._tell_changed), table.subscribe(self._tell_changed)]
        self.set_interval(KEEP_EVERY, self._keep)
        self._depth = len(self.screen_stack)
        self._sat = self._now_at()
        self._curtain = self._drawn()
        self.push_screen(self._game_screen(self._sat[1], covered=False))

    @property
    def hosted(self) -> Hosted:
        """The hub, as this person has to do with it."""
        assert self.table is not None and self.table.hosted is not None
        return self.table.hosted

    @property
    def client(self) -> Client | None:
        """The seat one holds or looks at; None where no place was chosen yet."""
        table, seat = self.table, self._seat
        if table is None or not seat:
            return None
        # The same as long as the seat is: while another seat's view is on its way, the old one still shows its last.
        if self._client is None or self._client[0] != seat:
            self._client = (seat, table.client(seat))
        return self._client[1]

    @property
    def _seat(self) -> str:
        table = self.table
        if table is None:
            return ""
        if not table.looks_on:
            return self.hosted.seat
        seats = [seat for seat, _ in table.seats]
        return self._looking_at if self._looking_at in seats else next(iter(seats), "")

    def _now_at(self) -> tuple[str, str, bool]:
        client = self.client
        before = client is None or client.view().clock.phase == "briefing"
        return (self.table.session_id if self.table is not None else "", self._seat, before)

    def _game_screen(self, seat: str, *, covered: bool) -> Screen[Any]:
        table = self.table
        assert table is not None
        if not seat:
            from exercise.tui.screens.places import PlacesScreen

            self.speak_to(getattr(table, "language", SOURCE))
            return PlacesScreen(table)
        view = table.client(seat).view()
        self.speak_to(view.language)
        late, self._briefed = not (self._briefed or table.looks_on) and view.clock.phase == "move", True
        if view.clock.phase == "briefing":
            from exercise.tui.screens.lobby import LobbyScreen

            return LobbyScreen(table, seat)
        from exercise.tui.screens.hosted_play import HostedPlayScreen

        return HostedPlayScreen(table, seat, late=late)

    def show_seat(self, seat: str, *, covered: bool = False) -> None:
        self.run_worker(self._show_once_here(seat), exclusive=True, group="seat")

    async def _show_once_here(self, seat: str) -> None:
        """Another team's screen for who looks on, once its first view has come from the hub."""
        ready = getattr(self.table, "ready", None)
        if ready is not None:
            try:
                await ready(seat)
            except ExerciseError as error:
                self.announce(str(error))
                return
        self._looking_at = seat
        self._sat = self._now_at()
        super().show_seat(seat)

    async def take_place(self, seat: str) -> None:
        """Sit down; the screens follow once the hub says so."""
        self._asked_for = seat
        await self.hosted.take_place(seat)
        self._tell_changed()

    def ask_to_leave(self, leave: Callable[[], None]) -> None:
        from exercise.tui.screens.confirm import ConfirmScreen

        if self._shut:
            self.leave_table()
        elif self.table is not None and not isinstance(self.screen, ConfirmScreen):
            gone = f"{_(PUT_OUT)}\n\n{plain(_(self.hosted.trouble))}"
            words = gone if self.hosted.over else _(COME_BACK)
            question = ConfirmScreen(_("Leave the exercise?"), words, yes=_("Leave"), no=_("Stay"))
            self.push_screen(question, lambda yes: self.leave_table() if yes else None)

    def leave_table(self) -> None:
        self.run_worker(self._leave(), exclusive=True)

    async def _leave(self) -> None:
        self._keep()
        for stop in self._stops:
            stop()
        self._stops = []
        with suppress(ExerciseError, TimeoutError):
            await asyncio.wait_for(self.hosted.leave(), _LEAVING)
        self.exit()

    async def action_quit(self) -> None:
        client = self.client
        if self.table is None:
            self.exit()
        elif self._curtain is not None or (client is not None and client.view().clock.phase == "ended"):
            self.leave_table()
        else:
            self.ask_to_leave(self.leave_table)

    # What the hub says

    def _tell_changed(self) -> None:
        # The hub calls from anywhere and in bursts; one look afterwards sees it all.
        if not self._told and self.is_running:
            self._told = True
            self.call_later(self._look)

    def _look(self) -> None:
        self._told = False
        if self.table is None or not self._stops:
            return
        with suppress(DoorClosed):
            # Of a seat whose first view has not come there is nothing to show yet; the next change looks again.
            self._look_now()

    def _look_now(self) -> None:
        trouble, client = self.hosted.trouble, self.client
        if not self._shut and is_closed(trouble, ended=bool(self.hosted.head)):
            self._shut = True
            self.run_worker(self._let_go())
        if self._shut:
            trouble = ""
        if trouble and not self._trouble:
            self._before_trouble = client.view() if client is not None else None
        elif self._trouble and not trouble:
            self.announce(self._back_again(client))
        self._trouble = trouble
        self._follow()
        self._curtain = self._drawn()
        self._dress(self.screen)

    async def _let_go(self) -> None:
        """Ends the link, which would go on trying to come back; what is on the screens stays there to be read."""
        with suppress(ExerciseError, TimeoutError):
            await asyncio.wait_for(self.hosted.leave(), _LEAVING)

    def _back_again(self, client: Client | None) -> str:
        said = _("Connected again; what you wrote is still here.")
        if client is None or self._before_trouble is None or self.table is None:
            return said
        new = len(new_rows(client.view(), looked_at(self._before_trouble), self.table.addressees))
        return (
            _("{said} {new} new while you were away: ctrl+g.").format(said=said, new=new)
            if new
            else _("{said} You have missed nothing.").format(said=said)
        )

    def _follow(self) -> None:
        """Go where one sits now: another seat, another session after going back, the first move at STARTEX."""
        was, now = self._sat, self._now_at()
        if now == was:
            return
        self._sat = now
        self._keep()
        if now[0] != was[0] and was[0]:
            self.announce(_("Exercise control has gone back to an earlier moment; you are taken along."))
        elif now[1] != was[1] and now[1] != self._asked_for:
            name = dict(self.table.seats).get(now[1], now[1]) if self.table is not None else now[1]
            other = _("Exercise control has given you another seat: {name}.")
            first = _("Exercise control has given you a seat: {name}.")
            moved = (other if was[1] else first).format(name=name)
            self.announce(moved if now[1] else _("Exercise control asks you to choose a place anew."))
        elif was[2] and not now[2] and now[1] == was[1]:
            self.announce(_("STARTEX: the exercise has begun."))
        self._asked_for = None
        while len(self.screen_stack) > self._depth + 1:
            self.pop_screen()
        self.clear_notifications()
        self.switch_screen(self._game_screen(now[1], covered=False))

    def _drawn(self) -> CurtainView | None:
        client = self.client
        return client.view().curtain if client is not None else None

    # What stands over every screen

    def announce(self, text: str) -> None:
        """A line over whatever is open, for a while."""
        self._news = text
        self._dress(self.screen)
        self.set_timer(NEWS_STAYS, lambda: self._forget(text))

    def _forget(self, text: str) -> None:
        if self._news == text:
            self._news = ""
            self._dress(self.screen)

    def shown(self, screen: Screen[Any]) -> None:
        if self.table is None:
            return
        self._keep()
        if isinstance(screen, ExerciseScreen) and screen.TITLE_WORDS:
            self.hosted.doing(screen.TITLE_WORDS)
        self._dress(screen)

    def _notice(self) -> Notice | None:
        if self._shut:
            return Notice("news", _(closed_words(self.hosted.kept(DRAFT))))
        if self._trouble:
            return Notice("trouble", _(self._trouble))
        if self._news:
            return Notice("news", self._news)
        client = self.client
        if self.table is not None and not self.table.looks_on and client is not None and not self.hosted.acting:
            seats = client.view().seats
            who = next((seat.name for seat in seats if seat.seat == client.seat), "") or _("somebody else")
            text = _("{who} acts for this seat. What you do here is refused until exercise control settles it.").format(
                who=who
            )
            return Notice("along", text)
        return None

    def _dress(self, screen: Screen[Any]) -> None:
        if self.table is None or not screen.is_attached:
            return
        if self._curtain is not None and not isinstance(screen, (ExerciseScreen, Dialog)):
            # The menu knows no curtain: it goes, and may be opened again.
            self.pop_screen()
            return
        dress(screen, self._notice(), self._curtain, self._trouble)

    async def on_event(self, event: Event) -> None:
        """Behind the curtain nobody types or clicks on: what one cannot see, one cannot mean."""
        leaves = isinstance(event, Key) and event.key == "ctrl+q"
        typed = isinstance(event, InputEvent) and not event.is_forwarded
        if self._curtain is not None and typed and not leaves:
            return
        await super().on_event(event)

    # What one has begun

    def keeps(self, key: str, make: Callable[[], Kept]) -> Kept:
        return self._keeper.restore(key, make) if self._keeper is not None else make()

    def _keep(self) -> None:
        if self._keeper is not None and self.table is not None:
            self._keeper.sync(self, self.table.session_id)

    def action_waiting(self) -> None:
        """What waits and what is new, over whatever is open; asked again, it closes."""
        from exercise.tui.screens.waiting import WaitingScreen

        client = self.client
        if self.table is None or client is None:
            return
        if isinstance(self.screen, WaitingScreen):
            self.screen.dismiss()
        elif not any(isinstance(screen, WaitingScreen) for screen in self.screen_stack):
            self.push_screen(WaitingScreen(client, self.table))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "waiting":
            return self.table is not None and self.client is not None
        return super().check_action(action, parameters)
