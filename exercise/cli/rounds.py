"""Whole games by bots, in one process or in several; the figures do not depend on how many.

Every game is fixed by its seed alone; where no bot draws, by the hidden facts that the seed draws.
"""

from __future__ import annotations

import gc
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import prod
from time import monotonic

from exercise.analysis.sharing import cores, crew
from exercise.cli.seating import bots_of
from exercise.core.assess import Assessment, assess
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.scorecard import Scorecard
from exercise.core.script import Grade
from exercise.session.autoplay import Rehearsal, run
from exercise.session.bots import Policy
from exercise.session.collector import collector_paused, keep
from exercise.session.facts import draw_facts

KEPT = ("kept", "partly", "neglected", "breached")
"""The four counts of a card, in the order they are always shown."""
WORTH = 4.0
"""Seconds of games that are left from which on more processes are worth their start."""
CHUNK = 10
"""Games handed out at a time: few enough for an even load, and for Ctrl-C to be heard soon."""


@dataclass(frozen=True)
class Game:
    """What every run has in common: the scenario, what it is assessed by, who plays each team, a script's answers."""

    scenario: Scenario
    reference: Reference
    seats: Mapping[str, str]
    answers: Mapping[str, str]
    played: dict[tuple[str, ...], Tally] = field(default_factory=dict)
    """Where no bot draws, what a game came to, by the values of the hidden facts."""

    def play(self, seed: int) -> tuple[Rehearsal, Assessment]:
        """One game to its end, and its assessment."""
        facts = draw_facts(self.scenario, seed)
        rehearsal = run(self.scenario, facts, bots_of(self.scenario, self.reference, self.seats, seed, self.answers))
        return rehearsal, assess(self.scenario, self.reference, rehearsal.entries, rehearsal.states)

    def play_all(self, seeds: range) -> Tally:
        """What the games of these seeds came to."""
        tally = Tally()
        with collector_paused():
            for seed in seeds:
                tally.take(self._figures(seed))
        return tally

    def _figures(self, seed: int) -> Tally:
        drawn = tuple(draw_facts(self.scenario, seed).values())
        one = self.played.get(drawn)
        if one is None:
            one = Tally()
            one.add(seed, *self.play(seed))
            if not self._draws:
                self.played[drawn] = one
        [end] = one.ends.values()
        return replace(one, ends={seed: end})

    @property
    def _draws(self) -> bool:
        return Policy.RANDOM.value in self.seats.values()

    def to_play(self, runs: int) -> int:
        """How many games so many runs more can need at most."""
        stories = prod(sum(value.weight > 0 for value in fact.values) for fact in self.scenario.facts)
        return runs if self._draws else min(runs, stories - len(self.played))


@dataclass
class Tally:
    """The figures of many runs, added up as they come: a hundred thousand whole games would not fit in memory."""

    runs: int = 0
    areas: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    """By team and area, how many clauses were kept, partly kept, neglected, breached."""
    observed: Counter[str] = field(default_factory=Counter)
    """By team, how many clauses that are only observed were seen."""
    ends: dict[int, Mapping[str, float]] = field(default_factory=dict)
    """By seed, where the indicators stood at the end."""

    def add(self, seed: int, rehearsal: Rehearsal, assessment: Assessment) -> None:
        """Adds a run."""
        self.runs += 1
        for team, card in assessment.scorecards.items():
            areas = self.areas.setdefault(team, {})
            for row in card.areas:
                counts = {key: getattr(row.counts, key) for key in KEPT}
                areas.setdefault(row.title, Counter()).update(counts)
            self.observed[team] += len(observed(card))
        self.ends[seed] = {id: round(value, 3) for id, value in rehearsal.state.indicators.items()}

    def take(self, other: Tally) -> None:
        """Adds the runs of another."""
        self.runs += other.runs
        for team, rows in other.areas.items():
            areas = self.areas.setdefault(team, {})
            for title, counts in rows.items():
                areas.setdefault(title, Counter()).update(counts)
        self.observed.update(other.observed)
        self.ends |= other.ends


def observed(card: Scorecard) -> list[Grade | None]:
    """The grades of the clauses that are only observed, where something was seen."""
    return [clause.grade for clause in card.clauses if clause.status == "observed" and clause.marks]


def play_many(game: Game, first: int, runs: int, jobs: int) -> Iterator[Tally]:
    """The tallies of all games with seeds from `first` on, some at a time; `jobs` of 0 is a process for each core."""
    chunks = deque(range(at, min(at + CHUNK, first + runs)) for at in range(first, first + runs, CHUNK))
    most = jobs or cores()
    alone, left = most == 1, 0.0
    while chunks and (alone or (jobs == 0 and left < WORTH)):
        started, known, chunk = monotonic(), len(game.played), chunks.popleft()
        yield game.play_all(chunk)
        runs -= len(chunk)
        left = (monotonic() - started) / (len(game.played) - known or len(chunk)) * game.to_play(runs)
    if not chunks:
        return
    # A copy without what was worked out for the scenario: that is worked out anew in no time.
    given = replace(game, scenario=game.scenario.model_copy())
    with crew(min(most - 1, len(chunks)), _sit_down, (given,), _play, game.play_all) as share:
        yield from share([*chunks])


_game: Game | None = None


def _sit_down(game: Game) -> None:
    """Prepares a process."""
    global _game
    _game = game
    gc.collect()
    keep()


def _play(seeds: range) -> Tally:
    assert _game is not None
    return _game.play_all(seeds)
