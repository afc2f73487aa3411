"""The home screen from the command line: painted first, with the rest of the program loaded behind it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING

from exercise.cli.speaking import choose_language
from exercise.cli.terminal import left, lines_only

if TYPE_CHECKING:
    from exercise.cli.services import LocalServices
    from exercise.session.client import Player, Table
    from exercise.tui.launch import SavedSession, ScenarioCard
    from exercise.tui.replay.tools import Tools


class HomeServices:
    """`LocalServices`, loaded when the screen first asks, which it does from a thread."""

    def __init__(self) -> None:
        self._lock = RLock()

    @cached_property
    def _loaded(self) -> LocalServices:
        from exercise.cli.services import LocalServices
        from exercise.session.database import open_store

        return LocalServices(open_store())

    @property
    def _rest(self) -> LocalServices:
        with self._lock:
            return self._loaded

    def scenarios(self) -> tuple[ScenarioCard, ...]:
        """The scenarios of the library."""
        return self._rest.scenarios()

    def sessions(self) -> tuple[SavedSession, ...]:
        """The sessions kept here."""
        return self._rest.sessions()

    async def start(
        self,
        scenario_id: str,
        teams: Mapping[str, str],
        *,
        seed: int | None = None,
        live: bool = False,
        mode: str | None = None,
    ) -> Table:
        """A new session in its briefing."""
        return await self._rest.start(scenario_id, teams, seed=seed, live=live, mode=mode)

    async def resume(self, session_id: str) -> Table:
        """A kept session where it stopped."""
        return await self._rest.resume(session_id)

    def open_log(self, session_id: str) -> Player:
        """The log of a kept session."""
        return self._rest.open_log(session_id)

    def replay_tools(self, session_id: str) -> Tools | None:
        """What a replay of it can do beyond looking."""
        return self._rest.replay_tools(session_id)


def open_home() -> None:
    """The home screen, or where there is no screen what to type instead."""
    choose_language()
    if lines_only(False):
        print("There is no screen here. Try: exercise play card-storm --plain, or exercise --help.")
        return
    from exercise.tui.launch import EVALUATE, HOST, HOST_AGAIN, JOIN, REPORT, ROOM, run_home

    led_to = run_home(HomeServices()) or ""
    word, _, rest = led_to.partition(" ")
    if f"{word} " in (HOST, HOST_AGAIN):
        from exercise.cli.hosting import host_from_home

        room, _, which = rest.partition(" ")
        host_from_home(which, again=f"{word} " == HOST_AGAIN, room=room == ROOM)
    elif f"{word} " == JOIN:
        from exercise.cli.hosting import join

        join(rest, "", False, None)
    elif f"{word} " == EVALUATE:
        from exercise.cli.evaluating import evaluate

        evaluate(rest, "", "", merge=None, agreement=False, plain=False, json=False)
    elif f"{word} " == REPORT:
        from exercise.cli.reporting import report

        report(rest, ".", (), "facilitator", templates=None, write_templates=None, schema=False)
    else:
        left(led_to)
