"""A hosted exercise as a seat's screens know it, over one link."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from exercise.core.assess import Assessment
from exercise.core.commands import Command, ReadMessage
from exercise.core.reference import Reference
from exercise.core.views import ClockView, HotWashView, ParticipantView
from exercise.errors import CommandRejected, DoorClosed
from exercise.hub import protocol as say
from exercise.hub.link import Link, Received
from exercise.hub.remote_evaluation import RemoteDesk, RemoteSurvey
from exercise.language import N_, SOURCE
from exercise.session.client import Client, Player

_REFERENCE: TypeAdapter[Reference] = TypeAdapter(Reference)
ASSESSMENT: TypeAdapter[Assessment] = TypeAdapter(Assessment)

_references: dict[str, Reference] = {}
"""The texts by digest: in a worker with fifty people they are fetched and kept once."""

TRY_AGAIN = 1.0
"""Seconds between two tries at what could not be fetched."""

_NOT_HERE = N_("Exercise control paces the exercise.")


class Hosted:
    """What all who came in have in common: the link, the texts, and what is opened after ENDEX."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self._reference: Reference | None = None
        self._assessment: Assessment | None = None
        self._session = self._welcome.session
        self._opening: asyncio.Task[None] | None = None
        self._washes = False
        self._evaluated = False
        link.subscribe(self._look)

    async def prepare(self) -> None:
        """Fetches what every screen needs; raises `DoorClosed` or `CommandRejected`."""
        digest = self._welcome.reference
        if digest not in _references:
            _references[digest] = _REFERENCE.validate_python(await self.link.fetch("reference"))
        self._reference = _references[digest]

    @property
    def _welcome(self) -> say.Welcome:
        assert self.link.welcome is not None, "the link is open"
        return self.link.welcome

    @property
    def language(self) -> str:
        """The language that this seat reads."""
        welcome = self.link.welcome
        return welcome.language if welcome is not None else SOURCE

    @property
    def title(self) -> str:
        """Title of the scenario."""
        return self._welcome.title

    @property
    def session_id(self) -> str:
        """Id under which the hub keeps it."""
        return self._welcome.session

    @property
    def reference(self) -> Reference:
        """The texts of the profiles."""
        assert self._reference is not None, "prepare() was called"
        return self._reference

    @property
    def name(self) -> str:
        """The pseudonym, also a controller's, under which actors are claimed."""
        return self._welcome.name

    @property
    def kind(self) -> str:
        """What the code opened."""
        return self._welcome.kind

    @property
    def trouble(self) -> str:
        """Why nothing gets through at the moment."""
        return self.link.trouble

    @property
    def over(self) -> bool:
        """Whether the link is gone for good."""
        return self.link.over

    @property
    def head(self) -> str:
        """After ENDEX, the head of the log."""
        return self.link.head

    def doing(self, text: str) -> None:
        """Tells control which screen one is at."""
        self.link.post(say.Doing(text=text[:120]))

    async def leave(self) -> None:
        """Gets up and goes."""
        await self.link.through(self.link.close())

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back after each change."""
        return self.link.subscribe(changed)

    def hot_wash(self) -> HotWashView | None:
        """What is opened after ENDEX, once it is here."""
        found = self.link.received.get("wash")
        return found.view if found is not None and self.link.head else None

    def opened_assessment(self) -> Assessment | None:
        """The scorecards, after ENDEX, once they are here."""
        return self._assessment

    def _look(self) -> None:
        """Fetches what the hot wash needs once ENDEX has come, and drops it after going back before it."""
        if self._session != self._welcome.session:
            self._session, self._assessment = self._welcome.session, None
            if self._washes:
                self._washes = False
                self.link.unwatch("wash")
        if not self.link.head:
            return
        if self._is_behind and (self._opening is None or self._opening.done()):
            self._opening = asyncio.ensure_future(self._open_hot_wash())

    @property
    def _is_behind(self) -> bool:
        """Whether the scorecards are still to be fetched, or fetched anew since the evaluators have finished."""
        wash = self.hot_wash()
        return self._assessment is None or (wash is not None and wash.evaluated is not self._evaluated)

    async def _open_hot_wash(self) -> None:
        """Tries until all of it is here; a link that was lost meanwhile, or a slow one, may take several times."""
        while self._is_behind and self.link.head and not self.link.over:
            session = self._session
            try:
                if "wash" not in self.link.received:
                    if not self._washes:
                        self._washes = True
                        self.link.watch("wash")
                    await self.link.arrived("wash")
                wash = self.hot_wash()
                found = ASSESSMENT.validate_python(await self.link.fetch("assessment"))
            except (CommandRejected, DoorClosed):
                await asyncio.sleep(TRY_AGAIN)
                continue
            if session == self._session:
                self._assessment, self._evaluated = found, wash is not None and wash.evaluated
                self.link.tell()


class FeedClient:
    """One seat's feed as a client; for those who look on, what they read is their own affair."""

    def __init__(self, table: Hosted, seat: str, *, looks_on: bool) -> None:
        self._table = table
        self._link = table.link
        self._seat = seat
        self._looks_on = looks_on
        self._read: frozenset[int] = frozenset()
        self._link.watch(self.feed)

    @property
    def feed(self) -> str:
        """Name of the feed."""
        return f"seat:{self._seat}"

    @property
    def seat(self) -> str:
        """The team's id, or `team/role`."""
        return self._seat

    @property
    def reference(self) -> Reference:
        """The texts of the profiles."""
        return self._table.reference

    def view(self) -> ParticipantView:
        """What the seat may see now; while a lost link is mended, what it last saw."""
        received = self._link.received.get(self.feed) or self._last
        if received is None:
            raise DoorClosed("no-view", "Nothing has come from the hub yet.")
        self._last = received
        view: ParticipantView = at_this_moment(received, self._link.now())
        if self._looks_on:
            inbox = tuple(replace(item, read=item.number in self._read) for item in view.inbox)
            view = replace(view, inbox=inbox)
        return view

    _last: Received | None = None

    def hot_wash(self) -> HotWashView | None:
        """What is opened after ENDEX."""
        return self._table.hot_wash()

    def assessment(self) -> Assessment | None:
        """The scorecards, after ENDEX."""
        return self._table.opened_assessment()

    async def submit(self, command: Command) -> None:
        """Asks under the own seat; the hub decides whose that is."""
        if self._looks_on and isinstance(command, ReadMessage):
            self._read |= {command.number}
            self._link.tell()
            return
        await self._link.ask(lambda id: say.Ask(id=id, command=command))

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back after each change that this seat can see."""
        last = self._stated()

        def compare() -> None:
            nonlocal last
            now = self._stated()
            if now[0] is not last[0] or now[1:] != last[1:]:
                last = now
                changed()

        return self._link.subscribe(compare)

    def close(self) -> None:
        """Follows the seat no more."""
        self._link.unwatch(self.feed)

    def _stated(self) -> tuple[Any, ...]:
        received = self._link.received.get(self.feed) or self._last
        opened = (self._table.opened_assessment() is None, self._table.hot_wash() is None)
        return (received.view if received is not None else None, self._read, self._link.head, *opened)


class RemoteTable(Hosted):
    """Implements `Table` and `session.client.Hosted` for a participant, an observer or an evaluator."""

    live = True

    def __init__(self, link: Link) -> None:
        super().__init__(link)
        self._clients: dict[str, FeedClient] = {}
        self._seat = ""
        self.survey = RemoteSurvey(self) if self.kind == "participant" else None
        """Where a participant answers the survey."""
        self.desk = RemoteDesk(self) if self.kind == "evaluator" else None
        """Where an evaluator judges, after ENDEX."""

    async def prepare(self) -> None:
        """Fetches the texts and waits for the first view, where there is a seat already."""
        await super().prepare()
        if self.looks_on:
            await self.ready(self.seats[0][0])
        elif seat := self._welcome.seat:
            self._follow(seat)
            await self.link.arrived(f"seat:{seat}")
            self._seat = seat

    @property
    def hosted(self) -> RemoteTable:
        """Itself."""
        return self

    @property
    def seat(self) -> str:
        """The seat held, as soon as there is something to see of it; '' while none has been chosen."""
        return self._seat

    @property
    def acting(self) -> bool:
        """Whether this person acts for the seat."""
        return self._welcome.acting

    @property
    def places(self) -> tuple[tuple[str, str, str], ...]:
        """Seats to choose from."""
        return self._welcome.places

    @property
    def objectives(self) -> tuple[tuple[str, str], ...]:
        """Id and title of each objective, for those who write notes."""
        return self._welcome.objectives

    @property
    def teams(self) -> tuple[tuple[str, str, bool], ...]:
        """Id and name of each team, all played by people for all one knows."""
        return tuple((id, name, True) for id, name, _ in self._welcome.teams)

    @property
    def seats(self) -> tuple[tuple[str, str], ...]:
        """The seat of whoever sits here; for onlookers, every team."""
        if self.looks_on:
            return tuple((id, name) for id, name, _ in self._welcome.teams)
        seat = self._seat
        if not seat:
            return ()
        names = {place: name for place, name, _ in self._welcome.places}
        team = next((name for id, name, _ in self._welcome.teams if id == seat), seat)
        return ((seat, names.get(seat, team)),)

    @property
    def looks_on(self) -> bool:
        """Whether nothing is played here."""
        return self._welcome.kind in ("observer", "evaluator")

    @property
    def addressees(self) -> tuple[tuple[str, str], ...]:
        """Id and short name of each team."""
        return tuple((id, short) for id, _, short in self._welcome.teams)

    def client(self, seat: str) -> Client:
        """One of `seats`; raises KeyError for any other."""
        if all(seat != place for place, _ in self.seats):
            raise KeyError(seat)
        return self._follow(seat)

    def _follow(self, seat: str) -> FeedClient:
        found = self._clients.get(seat)
        if found is None:
            found = self._clients[seat] = FeedClient(self, seat, looks_on=self.looks_on)
        return found

    def _move_to(self, seat: str) -> None:
        """Of a seat that was left nothing more comes; until then the old one shows what it last saw."""
        self._seat = seat
        for left in [other for other in self._clients if other != seat]:
            self._clients.pop(left).close()

    def _look(self) -> None:
        """Besides, moves to another seat once its first view is here, so that no screen is ever without one."""
        super()._look()
        wanted = self._welcome.seat
        if self.looks_on or wanted == self._seat:
            return
        if wanted:
            self._follow(wanted)
        if not wanted or f"seat:{wanted}" in self.link.received:
            self._move_to(wanted)

    async def ready(self, seat: str) -> None:
        """Waits for a seat's first view; raises `DoorClosed`."""
        client = self.client(seat)
        assert isinstance(client, FeedClient)
        if client.feed not in self.link.received:
            await self.link.through(self.link.arrived(client.feed))

    def player(self) -> Player:
        """The log is the hub's; it is looked back at from its file."""
        raise CommandRejected("not-here", "The log is kept by the hub; exercise control can export it.")

    def kept(self, key: str) -> str:
        """A half-written text of this person."""
        return self.link.kept.get(key, "")

    def keep(self, key: str, text: str) -> None:
        """Keeps a half-written text here and at the hub."""
        if len(text) > say.LONGEST_KEPT or len(key) > 200 or self.kept(key) == text:
            return
        self.link.keep(key, text)

    async def take_place(self, seat: str) -> None:
        """Chooses a seat, and waits for its first view."""
        await self.link.ask(lambda id: say.TakePlace(id=id, seat=seat))
        await self.link.through(self._arrived(seat))

    async def _arrived(self, seat: str) -> None:
        self._follow(seat)
        await self.link.arrived(f"seat:{seat}")
        self._look()

    async def start(self) -> None:
        """STARTEX is control's."""
        raise CommandRejected("hosted", _NOT_HERE)

    async def step(self) -> str:
        """The story is moved on by control."""
        raise CommandRejected("hosted", _NOT_HERE)

    async def let_lapse(self) -> str:
        """The story is moved on by control."""
        raise CommandRejected("hosted", _NOT_HERE)

    def ahead(self) -> tuple[int, int]:
        """Nothing is moved on from here."""
        return 0, 0

    async def tick(self) -> None:
        """The hub ticks."""

    async def pause(self) -> None:
        """The clock is control's."""
        raise CommandRejected("hosted", _NOT_HERE)

    async def resume(self) -> None:
        """The clock is control's."""
        raise CommandRejected("hosted", _NOT_HERE)

    async def end(self) -> None:
        """ENDEX is control's."""
        raise CommandRejected("hosted", _NOT_HERE)


def at_this_moment(received: Received, now: float) -> Any:
    """A view with its clock run on since it came."""
    clock: ClockView = received.view.clock
    play, exercise = received.play, received.exercise
    if clock.running and clock.phase == "move":
        passed = max(0.0, now - received.at) * clock.rate
        left = clock.phase_opened + clock.phase_seconds - received.play
        play = received.play + int(passed)
        if left > 0:
            exercise = min(
                clock.move_ends, received.exercise + int((clock.move_ends - received.exercise) * passed / left)
            )
    return replace(received.view, clock=replace(clock, play=play, exercise=exercise))
