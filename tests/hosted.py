"""A hosted exercise without a hub: a table as a door gives it, over a session in memory, with switches for the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from given import scenario

from exercise.catalogue import load_reference
from exercise.core.assess import Assessment
from exercise.core.commands import Command, WriteNote
from exercise.core.scenario import Scenario
from exercise.core.teamwork.commands import OBSERVER, TakeSeat
from exercise.core.views import HotWashView
from exercise.errors import CommandRejected
from exercise.session.client import Client, Player
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.table import LocalTable, OnlookerClient, SeatClient

PLACES = (
    ("averne", "Averne: the whole team", ""),
    ("averne/lead", "Head of delegation", "Ana"),
    ("averne/police", "Police", ""),
)


class HostedClient:
    """A seat as somebody holds it through a hub: refused while the link is down, or while another one acts."""

    def __init__(self, table: HostedTable, inner: SeatClient) -> None:
        self._table, self._inner = table, inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def hot_wash(self) -> HotWashView | None:
        return None if self._table.fetching else self._inner.hot_wash()

    def assessment(self) -> Assessment | None:
        return None if self._table.fetching else self._inner.assessment()

    async def submit(self, command: Command) -> None:
        if self._table.trouble:
            raise CommandRejected("not-connected", f"Not sent: {self._table.trouble}")
        if not self._table.acting:
            raise CommandRejected("reads-along", "You read along here; somebody else acts for this seat.")
        self._table.asked.append(command)
        if isinstance(command, WriteNote) and command.seat == OBSERVER:
            self._table.local.submit(command)
        else:
            await self._inner.submit(command)


class HostedTable:
    """Implements `Table` and `Hosted`; `local` is the whole exercise, and what control does is done there."""

    live = True

    def __init__(
        self, seat: str = "averne", *, played: Scenario | None = None, kind: str = "participant", name: str = "Kim"
    ) -> None:
        session = Session.start_new(played or scenario(), load_reference(), MemoryStore(), seed=1, pace="stepped")
        self.local = LocalTable(session, tuple(team.id for team in session.scenario.teams), {})
        self.kind, self.name, self.seat = kind, name, seat
        self.acting, self.trouble, self.head = True, "", ""
        self.over = False
        self.places: tuple[tuple[str, str, str], ...] = ()
        self.objectives: tuple[tuple[str, str], ...] = ()
        self.fetching = False
        self.kept_texts: dict[str, str] = {}
        self.done: list[str] = []
        self.asked: list[Command] = []
        self.left = False
        self.refuse_place: CommandRejected | None = None
        if kind != "participant":
            self.sit(OBSERVER, name)
        self._hosted_changed: list[Callable[[], None]] = []
        self._clients: dict[str, HostedClient] = {}

    # What control does

    def startex(self) -> None:
        """STARTEX."""
        self.local.session.start()
        self.local.tell()

    def control(self, command: Command) -> None:
        """Exercise control does something."""
        self.local.submit(command)

    def sit(self, seat: str, name: str) -> None:
        """Somebody else sits down."""
        self.local.submit(TakeSeat(seat=seat, name=name))

    def switch(self, **parts: Any) -> None:
        """Set any of trouble, acting, places, head, seat, fetching; the screens are told."""
        for name, value in parts.items():
            setattr(self, name, value)
        self.tell()

    def tell(self) -> None:
        """Calls back whoever subscribed to either."""
        for changed in tuple(self._hosted_changed):
            changed()
        self.local.tell()

    # Table

    @property
    def hosted(self) -> HostedTable:
        return self

    @property
    def looks_on(self) -> bool:
        return self.kind != "participant"

    @property
    def title(self) -> str:
        return self.local.title

    @property
    def session_id(self) -> str:
        return self.local.session_id

    @property
    def teams(self) -> tuple[tuple[str, str, bool], ...]:
        return self.local.teams

    @property
    def seats(self) -> tuple[tuple[str, str], ...]:
        if self.looks_on:
            return tuple((team, name) for team, name, _ in self.local.teams)
        return ((self.seat, self.local._called(self.seat)),) if self.seat else ()

    @property
    def addressees(self) -> tuple[tuple[str, str], ...]:
        return self.local.addressees

    def client(self, seat: str) -> Client:
        if seat not in dict(self.seats):
            raise KeyError(seat)
        if seat not in self._clients:
            inner = OnlookerClient(self.local, seat) if self.looks_on else SeatClient(self.local, seat)
            self._clients[seat] = HostedClient(self, inner)
        return self._clients[seat]

    def player(self) -> Player:
        return self.local.player()

    async def start(self) -> None:
        raise CommandRejected("not-facilitator", "Exercise control starts the exercise.")

    async def step(self) -> str:
        raise CommandRejected("not-facilitator", "Exercise control paces the exercise.")

    let_lapse = step

    async def pause(self) -> None:
        raise CommandRejected("not-facilitator", "Exercise control paces the exercise.")

    resume = end = pause

    async def tick(self) -> None:
        """The hub ticks."""

    # Hosted

    def kept(self, key: str) -> str:
        return self.kept_texts.get(key, "")

    def keep(self, key: str, text: str) -> None:
        if text:
            self.kept_texts[key] = text
        else:
            self.kept_texts.pop(key, None)

    def doing(self, text: str) -> None:
        self.done.append(text)

    async def take_place(self, seat: str) -> None:
        if self.refuse_place is not None:
            raise self.refuse_place
        self.switch(seat=seat)

    async def leave(self) -> None:
        self.left = True

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        stop = self.local.subscribe(changed)
        self._hosted_changed.append(changed)

        def both() -> None:
            self._hosted_changed.remove(changed)
            stop()

        return both
