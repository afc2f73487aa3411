"""A log being replayed: any place in it, what each team saw there, and the scorecard of that moment.

A place is a fold of the first entries. Snapshots along the way keep every jump short, however long the log.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from exercise.core.asked import FACILITATOR
from exercise.core.assess import Assessment, assess
from exercise.core.events import LogEntry
from exercise.core.evolve import replay
from exercise.core.observe import participant_view
from exercise.core.overview import hot_wash_view
from exercise.core.reference import Reference
from exercise.core.requests.observe import requests_of
from exercise.core.requests.views import RequestView
from exercise.core.scenario import Scenario
from exercise.core.state import State
from exercise.core.views import HotWashView, ParticipantView
from exercise.errors import LogError
from exercise.session.retell import Marker, Retelling

SNAPSHOT_EVERY = 200
"""Entries between two kept states: a jump folds fewer than so many events."""


class LogPlayer:
    """Implements `Player` over the entries of one log; starts before the first entry."""

    def __init__(self, scenario: Scenario, reference: Reference, entries: Iterable[LogEntry]) -> None:
        self._scenario = scenario
        self._reference = reference
        self._entries = tuple(entries)
        if any(entry.seq != place for place, entry in enumerate(self._entries, 1)):
            raise LogError("The log has a gap: its entries are not numbered 1, 2, 3 and so on.")
        self._words = Retelling(scenario, self._entries)
        self._snapshots: list[State] = [State()]
        self._position = 0
        self._state = State()
        self._assessments: dict[int, Assessment] = {}

    @property
    def title(self) -> str:
        """Title of the scenario."""
        return self._scenario.title

    @property
    def length(self) -> int:
        """Number of entries."""
        return len(self._entries)

    @property
    def position(self) -> int:
        """How many entries have been folded, 0 to `length`."""
        return self._position

    @cached_property
    def seats(self) -> tuple[tuple[str, str], ...]:
        """Id and name of each team whose perspective can be taken."""
        return tuple((team.id, team.short) for team in self._scenario.teams)

    @cached_property
    def markers(self) -> tuple[Marker, ...]:
        """Position, exercise time, kind and label of each place to jump to, in order."""
        found = (self._words.marker(entry) for entry in self._entries)
        return tuple(marker for marker in found if marker is not None)

    @property
    def reference(self) -> Reference:
        """The texts of the profiles."""
        return self._reference

    def play_time(self, position: int) -> int:
        """Play seconds at a position, pauses left out."""
        entry = self._entry(position)
        return entry.play if entry else 0

    def exercise_time(self, position: int) -> int:
        """Seconds of the story at a position."""
        entry = self._entry(position)
        return entry.exercise if entry else 0

    def seek(self, position: int) -> None:
        """Goes to a position; one before the start or past the end means the start or the end."""
        position = max(0, min(position, self.length))
        start, state = self._position, self._state
        kept = min(position // SNAPSHOT_EVERY, len(self._snapshots) - 1)
        if position < start or kept * SNAPSHOT_EVERY > start:
            start, state = kept * SNAPSHOT_EVERY, self._snapshots[kept]
        while start < position:
            stop = min(position, (start // SNAPSHOT_EVERY + 1) * SNAPSHOT_EVERY)
            state = replay((entry.event for entry in self._entries[start:stop]), state)
            start = stop
            if start == len(self._snapshots) * SNAPSHOT_EVERY:
                self._snapshots.append(state)
        self._position, self._state = position, state

    def view(self, team: str) -> ParticipantView:
        """What a team saw at this position."""
        return participant_view(self._scenario, self._state, team)

    def describe(self, position: int) -> str:
        """One line on what the entry at a position (1 to `length`) did."""
        entry = self._entry(position)
        return self._words.line(entry) if entry else "Before STARTEX: the teams have their briefing."

    def hot_wash(self) -> HotWashView | None:
        """What the hot wash opens, once the position is past ENDEX."""
        return hot_wash_view(self._scenario, self._state)

    def requests(self) -> tuple[RequestView, ...]:
        """Every request as of this position, in the order they were sent."""
        return requests_of(self._scenario, self._state, FACILITATOR)

    def assessment(self) -> Assessment:
        """Marks and scorecards as of this position; worked out once for each position."""
        found = self._assessments.get(self._position)
        if found is None:
            found = assess(self._scenario, self._reference, self._entries[: self._position])
            self._assessments[self._position] = found
        return found

    def _entry(self, position: int) -> LogEntry | None:
        return self._entries[position - 1] if 1 <= position <= self.length else None
