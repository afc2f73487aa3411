"""What a screen, a bot or a door needs of a session: views of one seat, and a way to ask.

Screens know this interface and nothing behind it, so that the same screen serves a local game, a door of a hub and a
replay.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from exercise.core.commands import Command
from exercise.core.views import HotWashView, ParticipantView

if TYPE_CHECKING:
    from exercise.core.assess import Assessment
    from exercise.core.reference import Reference
    from exercise.core.requests.views import RequestView
    from exercise.session.finding import Found
    from exercise.session.perspectives import Perspective, Sight


class Client(Protocol):
    """One seat of a session."""

    @property
    def seat(self) -> str:
        """`averne`, or `averne/police`; for onlookers the team whose view this is."""

    @property
    def reference(self) -> Reference:
        """The texts of the profiles, to look clauses up in."""

    def view(self) -> ParticipantView:
        """What the seat may see now."""

    def hot_wash(self) -> HotWashView | None:
        """What is opened after ENDEX; None before."""

    def assessment(self) -> Assessment | None:
        """The scorecards, after ENDEX; None before."""

    async def submit(self, command: Command) -> None:
        """Asks for something; raises `CommandRejected` with a text for the person."""

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back after each change that this seat can see; returns how to stop."""


class Hosted(Protocol):
    """What a seat's screens know of the hub that hosts the exercise, besides what every table has."""

    @property
    def name(self) -> str:
        """The pseudonym of whoever sits here."""

    @property
    def kind(self) -> str:
        """`participant`, `observer`, `evaluator` or `spectator`."""

    @property
    def seat(self) -> str:
        """The seat held; '' while none has been chosen."""

    @property
    def acting(self) -> bool:
        """False where somebody else acts for the seat, and this person reads along until control settles it."""

    @property
    def places(self) -> tuple[tuple[str, str, str], ...]:
        """Seats to choose from with their names and who sits there; empty where the code leaves no choice."""

    @property
    def trouble(self) -> str:
        """Why nothing gets through at the moment, in words; '' while the link holds."""

    @property
    def over(self) -> bool:
        """Whether the link is gone for good: nobody tries it again, and the seat is no longer held from here."""

    @property
    def head(self) -> str:
        """After ENDEX, the head of the log; '' before."""

    def kept(self, key: str) -> str:
        """A half-written text that was kept under a key, here or at a terminal that was lost; '' for none."""

    def keep(self, key: str, text: str) -> None:
        """Keeps a half-written text for this person; '' forgets it."""

    def doing(self, text: str) -> None:
        """Tells control which screen one is at, in a few words."""

    async def take_place(self, seat: str) -> None:
        """Chooses one of `places`; raises `CommandRejected`."""

    async def leave(self) -> None:
        """Gets up and goes."""

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back when any of this changes; returns how to stop."""


class Table(Protocol):
    """A game at one terminal: some teams played by people who take turns, the rest by bots, and the pacing.

    Where exercise control paces from elsewhere (`hosted`), what moves the story raises `CommandRejected`.
    """

    @property
    def hosted(self) -> Hosted | None:
        """What there is to know of the hub, or None for a game that is played here and paced here."""

    @property
    def title(self) -> str:
        """Title of the scenario."""

    @property
    def session_id(self) -> str:
        """Id under which the session is kept."""

    @property
    def teams(self) -> tuple[tuple[str, str, bool], ...]:
        """Id, name and whether people play it, for each team."""

    @property
    def seats(self) -> tuple[tuple[str, str], ...]:
        """Id and name of each seat at this terminal, which take turns; for onlookers, of each team to look at."""

    @property
    def looks_on(self) -> bool:
        """True where nobody plays here: bots play every team, and any team's view may be looked at."""

    @property
    def addressees(self) -> tuple[tuple[str, str], ...]:
        """Id and short name of each team, to write messages to."""

    @property
    def live(self) -> bool:
        """True where the clock runs by itself; False where it is stepped."""

    def client(self, seat: str) -> Client:
        """One of the `seats`."""

    def player(self) -> Player:
        """The log so far, to look back at."""

    async def start(self) -> None:
        """STARTEX."""

    async def step(self) -> str:
        """Moves the story on to the next thing, letting bots answer; returns one line that says what came.

        At the end of a move it closes the move, after a plenary it opens the next, at the end it is ENDEX. Raises
        `CommandRejected` where a team at this terminal has an open decision whose window would have to lapse (code
        `decisions-open`), or a request to it whose deadline would pass without an answer (code `requests-open`).
        """

    async def let_lapse(self) -> str:
        """As `step`, letting open windows run out and requests lapse."""

    def ahead(self) -> tuple[int, int]:
        """Seconds of play and of the story that `step` would take at most; (0, 0) where no time passes by it."""

    async def tick(self) -> None:
        """On a live clock, to be called about once a second: brings what has become due."""

    async def pause(self) -> None:
        """Stops a live clock."""

    async def resume(self) -> None:
        """Starts a live clock again."""

    async def end(self) -> None:
        """ENDEX now."""

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back after each change; returns how to stop."""


class Player(Protocol):
    """A log being replayed: a place in it, and what each seat saw there."""

    @property
    def title(self) -> str:
        """Title of the scenario."""

    @property
    def length(self) -> int:
        """Number of entries."""

    @property
    def position(self) -> int:
        """How many entries have been folded, 0 to `length`."""

    @property
    def seats(self) -> tuple[tuple[str, str], ...]:
        """Id and name of each team whose perspective can be taken."""

    @property
    def markers(self) -> tuple[tuple[int, int, str, str], ...]:
        """Position, exercise time, kind (move, inject, decision, answer, lapse, request, plenary, end) and label, in
        order."""

    @property
    def reference(self) -> Reference:
        """The texts of the profiles."""

    @property
    def plays(self) -> tuple[int, ...]:
        """Play seconds at every position, 0 to `length`, pauses left out."""

    def play_time(self, position: int) -> int:
        """Play seconds at a position, pauses left out."""

    def exercise_time(self, position: int) -> int:
        """Time of the story at a position, in seconds."""

    def twin(self) -> Player:
        """Another player of the same log, with a place of its own."""

    def prepare(self) -> None:
        """Folds the log once, so that even the first jump is short; for a log that is going to be watched."""

    def seek(self, position: int) -> None:
        """Goes to a position."""

    def view(self, team: str) -> ParticipantView:
        """What a team saw at this position."""

    def describe(self, position: int) -> str:
        """One line on what the entry at a position (1 to `length`) did."""

    def hot_wash(self) -> HotWashView | None:
        """What the hot wash opens, once the position is past ENDEX."""

    def requests(self) -> tuple[RequestView, ...]:
        """Every request as of this position, in the order they were sent."""

    def assessment(self) -> Assessment:
        """Marks and scorecards as of this position."""

    @property
    def perspectives(self) -> tuple[Perspective, ...]:
        """Everybody whose eyes it can be looked at with."""

    def sight(self, whose: str, position: int | None = None) -> Sight:
        """What a perspective saw at this position, or at another one without going there."""

    def began(self, position: int) -> int:
        """The position before the step that a position belongs to: one command, with all that it brought."""

    @property
    def signs(self) -> tuple[tuple[int, int, str, str], ...]:
        """As `markers`, for how the room fared: left, back, pause, resume."""

    @property
    def stirring(self) -> tuple[int, ...]:
        """The positions at which more happened than that the clock ran on or a message was opened."""

    def find(self, whose: str, words: str) -> tuple[Found, ...]:
        """Where words stand in what a perspective came to see, in order of time."""

    def place(self, whose: str, found: Found) -> int:
        """The position at which the perspective first had before it what was found."""
