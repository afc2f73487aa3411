"""What the home screen asks for: the library, the sessions kept here, and tables to play at."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from exercise.authoring.library import library, load_scenario
from exercise.authoring.translations import cited_texts
from exercise.catalogue import Catalogue, load_catalogue, load_reference
from exercise.catalogue.translated import told
from exercise.cli.seating import PACE, bots_of, deciding, looking_on, places, reading_here, seats_here
from exercise.core.scenario import Scenario
from exercise.errors import ScenarioError
from exercise.language import Told, spoken
from exercise.session.client import Player, Table
from exercise.session.clock import Pace
from exercise.session.player import LogPlayer
from exercise.session.session import Session
from exercise.session.store import Store
from exercise.session.table import LocalTable
from exercise.tui.launch import RoleCard, SavedSession, ScenarioCard, TeamCard
from exercise.tui.replay.tools import Tools

PHASES = Told({"briefing": "in the briefing", "move": "in a move", "plenary": "in a plenary", "ended": "ended"})
_SHORT = 45
"""Minutes of play that a scenario takes at most which one looks at first."""


class LocalServices:
    """The home screen's services over the library and one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def scenarios(self) -> tuple[ScenarioCard, ...]:
        """The scenarios of the library; one that cannot be read is left to `exercise check`."""
        cards, catalogue = [], told(load_catalogue(), cited_texts(spoken()))
        for name in library():
            try:
                found = load_scenario(name)
                shown = found.in_language(spoken()) if spoken() in found.translations else found
                cards.append(card(shown, catalogue))
            except ScenarioError:
                continue
        # What teaches the program stands where a newcomer's eye falls.
        return tuple(sorted(cards, key=lambda card: card.minutes > _SHORT))

    def sessions(self) -> tuple[SavedSession, ...]:
        """The sessions kept here, the last used first."""
        return tuple(
            SavedSession(
                id=summary.id,
                title=summary.title,
                phase=PHASES.get(summary.phase, summary.phase),
                when=summary.updated[:16].replace("T", " ") + " UTC",
                ended=summary.phase == "ended",
            )
            for summary in self._store.list_sessions()
        )

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
        scenario = load_scenario(scenario_id)
        if mode is not None:
            scenario = deciding(scenario, teams, mode)
        scenario = reading_here(scenario, teams, spoken(), asked=False)
        return open_table(self._store, scenario, teams, seed, live)

    async def resume(self, session_id: str) -> Table:
        """A kept session where it stopped, paused."""
        return resume_table(self._store, session_id)

    def open_log(self, session_id: str) -> Player:
        """The log of a kept session."""
        log = self._store.load(session_id).log()
        player = LogPlayer(log.scenario, log.reference, log.entries)
        player.prepare()
        return player

    def replay_tools(self, session_id: str) -> Tools | None:
        """Comments beside it, and playing on from a moment of it."""
        from exercise.cli.replaying import LogTools

        return LogTools(self._store.load(session_id).log(), session_id, self._store)


def card(scenario: Scenario, catalogue: Catalogue) -> ScenarioCard:
    """A scenario as the library shows it, with what the catalogue says of its threats and texts."""
    texts = dict.fromkeys(entry.instrument for team in scenario.teams for entry in team.profile)
    return ScenarioCard(
        id=scenario.id,
        title=scenario.title,
        summary=scenario.summary,
        minutes=scenario.minutes,
        moves=len(scenario.moves),
        teams=tuple(
            TeamCard(
                team.id,
                team.name,
                team.about,
                tuple(catalogue.instrument(p.instrument).short for p in team.profile),
                tuple(RoleCard(role.id, role.name, role.leads) for role in team.roles),
                team.mode,
            )
            for team in scenario.teams
        ),
        threats=tuple(catalogue.threats[name].says for name in scenario.threats),
        texts=tuple(catalogue.instrument(name).title for name in texts),
    )


def open_table(store: Store, scenario: Scenario, seats: Mapping[str, str], seed: int | None, live: bool) -> LocalTable:
    """A new session with people and bots in their places; a seed is drawn where none is given."""
    seed = secrets.randbelow(1_000_000) if seed is None else seed
    pace: Pace = "live" if live else "stepped"
    kept = {**seats, PACE: pace}
    session = Session.start_new(scenario, load_reference(), store, seed=seed, roster=kept, pace=pace)
    return _seated(session, seats)


def resume_table(store: Store, session_id: str) -> LocalTable:
    """A kept session with the places it had, paused."""
    kept = store.load(session_id).log().roster
    pace: Pace = "live" if kept.get(PACE) == "live" else "stepped"
    table = _seated(Session.resume(store, session_id, pace=pace), kept)
    # Another roster may have been given to a fork: who does not sit here any more is not waited for.
    if table.session.state.clock.phase != "briefing":
        table.sit_down()
    return table


def _seated(session: Session, kept: Mapping[str, str]) -> LocalTable:
    seats = places(session.scenario, kept)
    here = looking_on(seats)
    played = {seat: who for seat, who in seats.items() if seat in session.scenario.teams_by_id}
    bots = bots_of(session.scenario, session.reference, played, session.seed or 0, {})
    return LocalTable(session, seats_here(seats), bots, looks_on=here)
