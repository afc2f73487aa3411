"""How the command line opens the screens, and what the home screen needs of the rest of the program.

Nothing here loads the rules: the home screen must be on the terminal at once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from exercise.language import N_

if TYPE_CHECKING:
    from exercise.core.views import SpectatorView
    from exercise.session.client import Player, Table
    from exercise.tui.app import ExerciseApp
    from exercise.tui.replay.tools import Tools

__all__ = ["OBSERVER", "PEOPLE", "POLICIES", "SEATS", "PublicSource", "RoleCard", "SavedSession", "ScenarioCard"]
__all__ += ["Services", "TeamCard", "hosted_app", "join_app", "projector_app", "run_home", "run_play"]
__all__ += ["run_replay"]

PEOPLE = "people"
"""In place of a bot's policy: the team, or the role, is played by people at this terminal."""

SEATS = "seats"
"""In place of a bot's policy: people at this terminal play roles of the team, each with its own seat and screen."""

OBSERVER = "observer"
"""In place of a team: people only look on."""

POLICIES: tuple[tuple[str, str, str], ...] = (
    (
        PEOPLE,
        N_("people at this terminal"),
        N_("You, or others who take turns at this keyboard, decide for this team."),
    ),
    (SEATS, N_("people, each role by itself"), N_("Each role has a screen of its own, hidden from the others.")),
    ("cooperative", N_("bot: cooperative"), N_("A bot that shares, consults and keeps its partners informed.")),
    ("self-interested", N_("bot: self-interested"), N_("A bot that looks after its own State first.")),
    ("random", N_("bot: random"), N_("A bot that draws its answers by chance, the same ones for the same seed.")),
    ("silent", N_("bot: silent"), N_("A bot that never answers; its windows run out.")),
)
"""Who can play a team: id, a few words, one sentence."""


@dataclass(frozen=True, slots=True)
class RoleCard:
    """A role of a team as the library shows it."""

    id: str
    name: str
    leads: bool = False


@dataclass(frozen=True, slots=True)
class TeamCard:
    """A team as the library shows it."""

    id: str
    name: str
    about: str
    texts: tuple[str, ...] = ()
    """Short titles of the texts it has accepted."""
    roles: tuple[RoleCard, ...] = ()
    mode: str = "lead"
    """How its seats decide where nothing else is said: lead, vote or consensus."""


@dataclass(frozen=True, slots=True)
class ScenarioCard:
    """A scenario as the library shows it; all of it may be read by anyone."""

    id: str
    title: str
    summary: str
    minutes: int
    moves: int = 0
    teams: tuple[TeamCard, ...] = ()
    threats: tuple[str, ...] = ()
    """What the crisis is about, one line each."""
    texts: tuple[str, ...] = ()
    """The commitments it puts to the test, one line each text."""


@dataclass(frozen=True, slots=True)
class SavedSession:
    """An exercise that is kept on this machine."""

    id: str
    title: str
    phase: str
    """In words, such as 'move 2 of 3' or 'ended'."""
    when: str
    """When it was last played, in words."""
    moves: int = 0
    ended: bool = False
    teams: tuple[str, ...] = ()
    """Short names of the teams that people play."""


class Services(Protocol):
    """What the home screen asks for; listing is called from a thread, so that the screen is painted first."""

    def scenarios(self) -> tuple[ScenarioCard, ...]:
        """The scenarios of the library."""

    def sessions(self) -> tuple[SavedSession, ...]:
        """The exercises kept on this machine, newest first."""

    async def start(
        self,
        scenario_id: str,
        teams: Mapping[str, str],
        *,
        seed: int | None = None,
        live: bool = False,
        mode: str | None = None,
    ) -> Table:
        """Opens a new exercise, before STARTEX; `teams` says `PEOPLE`, `SEATS` or a bot's policy for each team.

        Beside it stand the roles with seats of their own, as `team/role`, or `OBSERVER`. `mode` is how seats of one
        team decide, if not as the scenario says.
        """

    async def resume(self, session_id: str) -> Table:
        """Opens a kept exercise where it stopped, paused."""

    def open_log(self, session_id: str) -> Player:
        """Opens the log of a kept exercise for replay."""

    def replay_tools(self, session_id: str) -> Tools | None:
        """What a replay of it can do beyond looking."""


class PublicSource(Protocol):
    """Where the public view comes from."""

    @property
    def trouble(self) -> str:
        """Why it is not up to date, in words; '' while it is."""

    def view(self) -> SpectatorView:
        """What everybody may know now."""

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back after each change; returns how to stop."""


HOST, HOST_AGAIN, JOIN, EVALUATE, REPORT = "host ", "host-again ", "join ", "evaluate ", "report "
"""What the home screen leads to outside of it, before the scenario, the exercise or the address; no id has a blank."""

ROOM = "room"
"""Between `HOST` and what is hosted: the doors open on every network, not on this machine alone."""


def run_home(services: Services) -> str | None:
    """Show the home screen; returns the id of an exercise that was left in the middle, so that it can be named.

    Where one is to be hosted or joined instead, it returns `HOST`, `HOST_AGAIN` or `JOIN` and which.
    """
    from exercise.tui.app import ExerciseApp
    from exercise.tui.screens.home import HomeScreen

    return ExerciseApp(lambda: HomeScreen(services)).run()


def run_play(table: Table) -> str | None:
    """Play at one terminal; returns the id of the exercise if it was left before ENDEX."""
    from exercise.tui.app import ExerciseApp

    return ExerciseApp(table=table).run()


def run_replay(player: Player, tools: Tools | None = None, beside: tuple[Player, str, int] | None = None) -> str | None:
    """Look back at a log; `beside` is another one, with its name and the last entry that both share.

    Returns the id of an exercise that was begun from a moment of it and left before ENDEX.
    """
    from exercise.session.collector import keep
    from exercise.tui.app import ExerciseApp
    from exercise.tui.screens.replay import Beside, ReplayScreen

    # The log stays as long as the program runs: looking through all of it for garbage again and again is a stutter.
    keep()
    other = Beside(*beside) if beside is not None else None
    return ExerciseApp(lambda: ReplayScreen(player, tools=tools, beside=other)).run()


def hosted_app(table: Table) -> ExerciseApp:
    """The app of one person in a hosted exercise; a door opens as many as it has guests, each with its own driver."""
    from exercise.tui.hosted import HostedApp

    return HostedApp(table=table)


def join_app(
    join: Callable[[str, str], Awaitable[Table]], notice: str, code: str = "", name: str = "", address: str = ""
) -> ExerciseApp:
    """The app that asks for code and name until the door opens, and then takes part."""
    from exercise.tui.hosted import HostedApp
    from exercise.tui.screens.join import JoinScreen

    return HostedApp(lambda: JoinScreen(join, notice, code=code, name=name, address=address))


def projector_app(source: PublicSource) -> ExerciseApp:
    """The public view for the wall of the room: the clock, and what everybody may know."""
    from exercise.tui.app import ExerciseApp
    from exercise.tui.screens.projector import ProjectorScreen

    return ExerciseApp(lambda: ProjectorScreen(source))
