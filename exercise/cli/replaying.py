"""What a replay may do with the log it was opened from: comments beside it, and playing on from a moment."""

from __future__ import annotations

from functools import cached_property

from exercise.cli.seating import PEOPLE, SEATS, fork_roster
from exercise.cli.services import resume_table
from exercise.core.events import ExerciseEnded
from exercise.errors import UsageError
from exercise.session.client import Table
from exercise.session.comments import Comments
from exercise.session.database import open_store
from exercise.session.fork import fork
from exercise.session.log import LoadedLog
from exercise.session.store import Store


class LogTools:
    """Implements `Tools` of the replay; a store is opened only when a session is to be kept."""

    def __init__(self, log: LoadedLog, name: str, store: Store | None = None) -> None:
        self._log = log
        self._name = name
        self._store = store

    @property
    def name(self) -> str:
        """The file, or the session's id."""
        return self._name

    @cached_property
    def comments(self) -> Comments:
        """What was written beside the log."""
        return Comments.of(self._log)

    @property
    def players(self) -> tuple[tuple[str, str], ...]:
        """Who can play on: '' with how it was played, where people played it, then each team by id and name."""
        teams = tuple((team.id, team.name) for team in self._log.scenario.teams)
        played = {PEOPLE, SEATS} & set(self._log.roster.values())
        return (("", "as in this log"), *teams) if played else teams

    def fork(self, position: int, team: str) -> Table:
        """Keeps a new session with the log's beginning and opens it; with `team` that one is played here."""
        log = self._log
        ended = next((entry.batch for entry in log.entries if isinstance(entry.event, ExerciseEnded)), None)
        if ended is not None and position >= ended:
            raise UsageError(f"This is past ENDEX, where nothing is left to play; go before entry {ended}.")
        store = self._store or open_store()
        session = fork(log, position, store, roster=fork_roster(log, (team,) if team else (), ()))
        return resume_table(store, session)
