"""What a door for terminals needs: somebody let in by the hub, and a way to and from the terminal they sit at.

The ssh and the browser door know these few shapes and nothing of the hub behind them, so that one way of running the
screens serves both, and a test's stand-in serves either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from textual.app import App

from exercise.session.control import Door

Turn = Callable[[Callable[[], None]], None]
"""Calls what it is given when it is this person's turn to have the screen painted; the same call waits once only."""


class Opened(Protocol):
    """One person's way in, already let in by the hub."""

    @property
    def name(self) -> str:
        """The pseudonym the hub knows this person by; with it and the code they come back as the same person."""

    @property
    def last_word(self) -> str:
        """What to tell this person where the exercise was closed and the door does not come back by itself; else ''."""

    @property
    def wall(self) -> bool:
        """Whether it is the public view, which a whole room reads from afar."""

    def app(self, turn: Turn) -> App[Any]:
        """A new app with the person's screens; changes that come by themselves reach its screens through `turn`."""

    async def close(self) -> None:
        """The connection to the hub ends; the person's place is kept."""


class Opener(Protocol):
    """Asks the hub to let people in."""

    async def open(self, code: str, name: str, door: Door, address: str, seat: str = "") -> Opened:
        """Lets somebody in, or raises `DoorClosed` with a text for the person."""


class Channel(Protocol):
    """The way to one person's terminal and back."""

    def write(self, data: bytes) -> None:
        """Sends bytes, at once or as soon as the terminal takes them."""

    def waiting(self) -> int:
        """Bytes that were written and that the network has not taken yet."""

    def pause(self, pause: bool) -> None:
        """Stops reading what the terminal sends, or goes on."""

    def abort(self) -> None:
        """Breaks the connection without waiting for anything."""


Colours = Literal["standard", "256", "truecolor"]

SMALLEST, LARGEST = (20, 5), (500, 200)
"""Columns and lines: less cannot be read, and more costs every other person at this process too much."""

_FULL_COLOUR = ("kitty", "alacritty", "foot", "wezterm", "ghostty", "direct")


@dataclass(frozen=True, slots=True)
class Terminal:
    """What a terminal says it can do."""

    size: tuple[int, int] = (80, 24)
    colours: Colours = "256"
    plain: bool = False
    """NO_COLOR: whoever sits there wants no colours."""
    unicode: bool = True
    """False where its characters are not UTF-8: then the screens are drawn with ASCII only."""


def bounded(width: int, height: int) -> tuple[int, int]:
    """A size within what is served; nought, which a terminal says that does not know, is the usual 80 by 24."""
    return (
        min(max(width or 80, SMALLEST[0]), LARGEST[0]),
        min(max(height or 24, SMALLEST[1]), LARGEST[1]),
    )


def terminal_of(term: str, environment: dict[str, str], size: tuple[int, int]) -> Terminal | None:
    """What the client's own TERM and environment say, or None for a terminal that can show no screen."""
    if term in ("", "dumb", "unknown"):
        return None
    colours: Colours = "256" if "256" in term else "standard"
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit") or any(it in term for it in _FULL_COLOUR):
        colours = "truecolor"
    # As the locale's own rules have it, the first that is set decides; nothing said at all is read as UTF-8, since
    # clients for Windows say nothing and are UTF-8.
    locale = next((environment[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(name)), "UTF-8")
    return Terminal(
        size=bounded(*size),
        colours=colours,
        plain=bool(environment.get("NO_COLOR")),
        unicode=locale.lower().replace("-", "").partition("@")[0].endswith("utf8"),
    )
