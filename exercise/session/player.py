"""A log being replayed: any place in it, what each team saw there, and the scorecard of that moment.

A place is a fold of the first entries. Snapshots along the way keep every jump short, however long the log.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable
from copy import copy
from functools import cached_property

from exercise.core.asked import FACILITATOR
from exercise.core.assess import Assessment, assess
from exercise.core.evaluation.outcome import as_evaluated
from exercise.core.events import ClockAdvanced, LogEntry, MessageRead, NoteWritten
from exercise.core.evolve import replay
from exercise.core.happened import Happened
from exercise.core.observe import participant_view
from exercise.core.overview import hot_wash_view
from exercise.core.reference import Reference
from exercise.core.requests.observe import requests_of
from exercise.core.requests.views import RequestView
from exercise.core.scenario import Scenario
from exercise.core.state import State
from exercise.core.teamwork.events import (
    DraftWritten,
    MessageSpoken,
    PenPutDown,
    PenTaken,
    SeatLeft,
    SeatTaken,
    VoteCast,
)
from exercise.core.tongues import in_language
from exercise.core.views import HotWashView, ParticipantView
from exercise.core.wording import cited_in, worded
from exercise.errors import LogError
from exercise.language import _, spoken
from exercise.session.collector import collector_paused, keep
from exercise.session.finding import Finder, Found
from exercise.session.perspectives import Perspective, Sight, Sign, parting, perspectives, sight, signs
from exercise.session.retell import Marker, Retelling

SNAPSHOT_EVERY = 200
"""Entries between two kept states: a jump folds fewer than so many events."""

MOST_ASSESSMENTS = 500
"""Assessments kept for going back and forth."""

_WITHOUT_MARKS: frozenset[type[Happened]] = frozenset(
    {MessageRead, NoteWritten, SeatTaken, SeatLeft, VoteCast, PenTaken, PenPutDown, DraftWritten, MessageSpoken}
)
"""What no mark ever reads, and no time passes with; of a long log it is nearly all."""

SIGHTS_KEPT = 16
"""Views that are kept: a step on a screen asks for the same two or three several times."""


class LogPlayer:
    """Implements `Player` over the entries of one log; starts before the first entry."""

    def __init__(self, scenario: Scenario, reference: Reference, entries: Iterable[LogEntry]) -> None:
        self._played = scenario
        self._scenario = in_language(scenario, spoken())
        """As whoever looks reads it; what its teams saw, they saw in languages of their own."""
        self._reference = reference
        self._entries = tuple(entries)
        if [entry.seq for entry in self._entries] != list(range(1, len(self._entries) + 1)):
            raise LogError("The log has a gap: its entries are not numbered 1, 2, 3 and so on.")
        self._words = Retelling(self._scenario, self._entries)
        self._snapshots: list[State] = [State()]
        self._position = 0
        self._state = State()
        self._assessments: OrderedDict[int, Assessment] = OrderedDict()
        self._sights: OrderedDict[tuple[str, int], Sight] = OrderedDict()

    def prepare(self) -> None:
        """Folds the log once, so that even the first jump is short; for a log that is going to be watched.

        Its entries stay from now on, so the collector need not look at them: in a long log a key would wait for that.
        """
        here = self._position
        with collector_paused():
            self.seek(self.length)
        self.seek(here)
        keep()

    def twin(self) -> LogPlayer:
        """Another player of the same log with a place of its own; what was worked out for the log is shared."""
        self.prepare()
        other = copy(self)
        other.__dict__.pop("_finder", None)
        other._assessments = OrderedDict()
        return other

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
        """The texts of the profiles, in the language of whoever looks as far as the log has them in it."""
        return cited_in(self._reference, self._scenario)

    @cached_property
    def plays(self) -> tuple[int, ...]:
        """Play seconds at every position, 0 to `length`, pauses left out."""
        return (0, *(entry.play for entry in self._entries))

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
        return self._words.line(entry) if entry else _("Before STARTEX: the teams have their briefing.")

    def hot_wash(self) -> HotWashView | None:
        """What the hot wash opens, once the position is past ENDEX."""
        return hot_wash_view(self._scenario, self._state)

    def requests(self) -> tuple[RequestView, ...]:
        """Every request as of this position, in the order they were sent."""
        return requests_of(self._scenario, self._state, FACILITATOR)

    def assessment(self) -> Assessment:
        """Marks and scorecards as of this position; between two entries that marks can be read from they are the same.

        Talk, notes and drafts are left out of the walk: what it costs grows with what was decided, asked and done.
        """
        count = bisect_right(self._marking, self._position, key=lambda entry: entry.seq)
        found = self._assessments.pop(count, None) or assess(self._played, self._reference, self._marking[:count])
        self._assessments[count] = found
        if len(self._assessments) > MOST_ASSESSMENTS:
            self._assessments.popitem(last=False)
        if self._state.evaluation.all_finished:
            found = as_evaluated(found, self._entries[: self._position])
        return found if self._scenario is self._played else worded(found, self._scenario)

    @cached_property
    def _marking(self) -> tuple[LogEntry, ...]:
        return tuple(entry for entry in self._entries if entry.event.__class__ not in _WITHOUT_MARKS)

    # --- whose eyes it is looked at with ---

    @cached_property
    def perspectives(self) -> tuple[Perspective, ...]:
        """Everybody whose eyes it can be looked at with."""
        return perspectives(self._scenario, self._entries)

    @cached_property
    def _by_id(self) -> dict[str, Perspective]:
        return {whose.id: whose for whose in self.perspectives}

    def sight(self, whose: str, position: int | None = None) -> Sight:
        """What a perspective saw at this position, or at another one without going there."""
        position = self._position if position is None else max(0, min(position, self.length))
        key = (whose, position)
        found = self._sights.pop(key, None)
        if found is None:
            here, state = self._position, self._state
            self.seek(position)
            found = sight(self._scenario, self._state, self._by_id[whose])
            self._position, self._state = here, state
        self._sights[key] = found
        if len(self._sights) > SIGHTS_KEPT:
            self._sights.popitem(last=False)
        return found

    def began(self, position: int) -> int:
        """The position before the step that a position belongs to: one command, with all that it brought."""
        entry = self._entry(position)
        return max(0, min(entry.batch - 1, position - 1)) if entry else 0

    @cached_property
    def signs(self) -> tuple[Sign, ...]:
        """Seats left and taken again, and stops of the clock."""
        return signs(self._scenario, self._entries)

    @cached_property
    def stirring(self) -> tuple[int, ...]:
        """The positions at which more happened than that the clock ran on or a message was opened."""
        quiet = (ClockAdvanced, MessageRead)
        return tuple(entry.seq for entry in self._entries if entry.event.__class__ not in quiet)

    @cached_property
    def _finder(self) -> Finder:
        def sight_at(whose: Perspective, position: int) -> Sight:
            return self.sight(whose.id, position)

        return Finder(self._scenario, self._entries, sight_at, self._words.line)

    def find(self, whose: str, words: str) -> tuple[Found, ...]:
        """Where words stand in what a perspective came to see, in order of time."""
        teams = [known for known in self.perspectives if known.kind == "team"]
        return self._finder.find(self._by_id[whose], words, teams)

    def place(self, whose: str, found: Found) -> int:
        """The position at which the perspective first had before it what was found."""
        return self._finder.place(self._by_id[whose], found)

    def parted(self, other: LogPlayer) -> int:
        """The last entry that this log shares with another from the beginning; 0 where they share none."""
        return parting(self._entries, other._entries)

    def _entry(self, position: int) -> LogEntry | None:
        return self._entries[position - 1] if 1 <= position <= self.length else None
