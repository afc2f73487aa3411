"""How the ssh and the browser door let people in: over the hub's own protocol, like every other client."""

from __future__ import annotations

import ssl
from typing import Any

import aiohttp
from textual.app import App

from exercise.hub.both_doors import DoorsConfig
from exercise.hub.doorway import Turn
from exercise.hub.link import Link
from exercise.hub.protocol import Hello
from exercise.hub.remote import RemoteTable
from exercise.hub.remote_control import PublicSource, RemoteControl, come_in
from exercise.language import speaking
from exercise.session.closed import LAST_WORD, closed_words, is_closed
from exercise.session.control import Door
from exercise.session.sheets import DRAFT


class PacedLink(Link):
    """A link whose news reach the screens in turn with those of everyone else in this process."""

    turn: Turn | None = None

    def tell(self) -> None:
        """Calls back whoever subscribed, at once or when it is this person's turn."""
        if self.turn is None:
            super().tell()
        else:
            self.turn(super().tell)


class Entry:
    """Somebody the hub has let in."""

    def __init__(
        self, link: PacedLink, place: RemoteTable | RemoteControl | PublicSource, *, comes_back: bool = True
    ) -> None:
        self._link = link
        self._comes_back = comes_back
        self._place = place

    @property
    def name(self) -> str:
        """The pseudonym the hub knows this person by."""
        welcome = self._link.welcome
        return welcome.name if welcome is not None else ""

    @property
    def last_word(self) -> str:
        """What to tell this person where the exercise was closed and the door does not come back by itself; else ''."""
        if is_closed(self._link.trouble, ended=bool(self._link.head)):
            return closed_words(self._link.kept.get(DRAFT, ""))
        # A page knocks again; a terminal at the ssh door is left with nothing but a closed connection.
        return LAST_WORD if self._link.trouble == LAST_WORD and not self._comes_back else ""

    @property
    def wall(self) -> bool:
        """Whether it is the public view, which a whole room reads from afar."""
        return isinstance(self._place, PublicSource)

    def app(self, turn: Turn) -> App[Any]:
        """The screens for what the code opened."""
        self._link.turn = turn
        return app_for(self._place)

    async def close(self) -> None:
        """Lets go of the connection; the place is kept."""
        self._link.turn = None
        await self._link.drop()


class HubOpener:
    """Lets people in at a hub."""

    def __init__(self, url: str, secret: str, tls: ssl.SSLContext | aiohttp.Fingerprint | bool = True) -> None:
        self._url = url
        self._secret = secret
        self._tls = tls

    async def open(self, code: str, name: str, door: Door, address: str, seat: str = "") -> Entry:
        """Says hello to the hub in somebody's name; raises `DoorClosed`."""
        hello = Hello(code=code[:40], name=name[:200], door=door, seat=seat, address=address[:100])
        link = PacedLink(self._url, hello, tls=self._tls, secret=self._secret)
        return Entry(link, await come_in(link), comes_back=door != "ssh")


def app_for(place: RemoteTable | RemoteControl | PublicSource) -> App[Any]:
    """The screens for what a code opened: a seat's, exercise control's, or the projector's."""
    from exercise.tui.launch import hosted_app, projector_app

    if isinstance(place, RemoteTable):
        return hosted_app(place)
    # Behind a door nobody has said what is spoken there: it is what the hub writes to them in.
    with speaking(place.language):
        if isinstance(place, PublicSource):
            return projector_app(place)
        from exercise.tui.console.app import ConsoleApp

        return ConsoleApp(place)


def hub_opener(config: DoorsConfig) -> HubOpener:
    """The opener that a process which serves the doors uses."""
    return HubOpener(config.url, config.secret)
