"""A hosted exercise as control's console and the room's projector know it, and the way in for every kind of code."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import TypeAdapter

from exercise.core.asked import FACILITATOR
from exercise.core.assess import Assessment
from exercise.core.commands import Command, ReadMessage
from exercise.core.views import FacilitatorView, SpectatorView
from exercise.errors import CommandRejected, DoorClosed
from exercise.hub import protocol as say
from exercise.hub.link import Link, Received
from exercise.hub.remote import ASSESSMENT, FeedClient, Hosted, RemoteTable, at_this_moment
from exercise.session.client import Client
from exercise.session.control import Moment, RoomCommand, RoomView

_MOMENTS: TypeAdapter[tuple[Moment, ...]] = TypeAdapter(tuple[Moment, ...])


class RemoteControl(Hosted):
    """Implements `session.control.Control` for the facilitator and controllers."""

    _view: Received | None = None
    _room: RoomView | None = None

    async def prepare(self) -> None:
        """Fetches the texts, the view and the room."""
        await super().prepare()
        for feed in ("control", "room"):
            self.link.watch(feed)
        for feed in ("control", "room"):
            await self.link.arrived(feed)

    @property
    def teams(self) -> tuple[tuple[str, str], ...]:
        """Id and short name of each team."""
        return tuple((id, short) for id, _, short in self._welcome.teams)

    def view(self) -> FacilitatorView:
        """All there is, with the clock at this moment."""
        self._view = self.link.received.get("control") or self._view
        assert self._view is not None, "prepare() was called"
        view: FacilitatorView = at_this_moment(self._view, self.link.now())
        return view

    def room(self) -> RoomView:
        """Who is here."""
        received = self.link.received.get("room")
        if received is not None:
            self._room = received.view
        assert self._room is not None, "prepare() was called"
        return self._room

    def looking_at(self, seat: str) -> Client:
        """A seat's screen, to read along."""
        return _Looking(self, seat, looks_on=True)

    async def ready(self, seat: str) -> None:
        """Waits for the first view of a seat that is looked at; raises `DoorClosed`."""
        if f"seat:{seat}" not in self.link.received:
            await self.link.through(self.link.arrived(f"seat:{seat}"))

    async def assessment(self) -> Assessment:
        """Marks as they stand now."""
        return ASSESSMENT.validate_python(await self.link.fetch("assessment"))

    async def moments(self) -> tuple[Moment, ...]:
        """The places to go back to."""
        return _MOMENTS.validate_python(await self.link.fetch("moments"))

    async def submit(self, command: Command) -> None:
        """Asks under control's seat."""
        seated = command.model_copy(update={"seat": FACILITATOR, "play": 0})
        await self.link.ask(lambda id: say.Ask(id=id, command=seated))

    async def ask(self, command: RoomCommand) -> str:
        """Asks something of the room."""
        return await self.link.ask(lambda id: say.AskRoom(id=id, command=command))


class _Looking(FeedClient):
    """A seat that control looks at: nothing is asked in its name."""

    async def submit(self, command: Command) -> None:
        """Keeps what was read; refuses the rest."""
        if not isinstance(command, ReadMessage):
            raise CommandRejected("looks-on", "You only look on here: this is for those who play the team.")
        await super().submit(command)


class PublicSource:
    """What the room's projector shows."""

    def __init__(self, hosted: Hosted) -> None:
        self._hosted = hosted
        self._last: Received | None = None
        hosted.link.watch("public")

    async def prepare(self) -> None:
        """Waits for the first view; raises `DoorClosed`."""
        await self._hosted.link.arrived("public")

    def view(self) -> SpectatorView:
        """What anyone in the room may see, with the clock at this moment."""
        self._last = self._hosted.link.received.get("public") or self._last
        assert self._last is not None, "prepare() was called"
        view: SpectatorView = at_this_moment(self._last, self._hosted.link.now())
        return view

    @property
    def language(self) -> str:
        """What the room reads."""
        return self._hosted.language

    @property
    def trouble(self) -> str:
        """Why nothing gets through."""
        return self._hosted.trouble

    @property
    def head(self) -> str:
        """After ENDEX, the head of the log."""
        return self._hosted.head

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back after each change."""
        return self._hosted.subscribe(changed)


async def come_in(link: Link) -> RemoteTable | RemoteControl | PublicSource:
    """Opens a link and returns what its code is for, ready to be shown; raises `DoorClosed`."""
    welcome = await link.open()
    hosted: RemoteTable | RemoteControl
    try:
        control = welcome.kind in ("controller", "facilitator")
        hosted = RemoteControl(link) if control else RemoteTable(link)
        if welcome.kind == "spectator":
            source = PublicSource(hosted)
            await source.prepare()
            return source
        await hosted.prepare()
    except CommandRejected as refused:
        await link.drop()
        raise DoorClosed(refused.code, refused.text) from refused
    except DoorClosed:
        await link.drop()
        raise
    return hosted
