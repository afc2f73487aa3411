"""Playing the ways on many times over, in as many processes as there are cores; the figures do not depend on how many.

Every playthrough is fixed by the seed and its number alone, and the ways share both: what differs between two ways of
one number comes from the way.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from exercise.analysis.moment import Moment, Way
from exercise.analysis.playing_on import PlayedOn, begin, play_on
from exercise.analysis.sharing import cores, crew
from exercise.analysis.tally import Outcome, Tally, outcome_of
from exercise.core.assess import assess
from exercise.session.bots import Bot, Policy, make_bot
from exercise.session.collector import collector_paused, keep

MIXED = "mixed"
"""Each playthrough draws the team's policy anew."""

DRAWN = (Policy.COOPERATIVE, Policy.SELF_INTERESTED, Policy.RANDOM)
"""What a mixed team's policy is drawn from, each as often as the others."""

CHUNK = 4
"""Playthroughs handed out at a time: few enough for an even load, and for Ctrl-C to be heard soon."""

FEW = 60
"""So many playthroughs are over before a second process has started."""

Progress = Callable[[int, int], object]
"""Is told how many playthroughs are done, and of how many."""


@dataclass
class Desk:
    """What one process keeps while it plays: the moment, the bots that know no chance, and what they came to."""

    moment: Moment
    policies: Mapping[str, str]
    seed: int
    start: PlayedOn = field(init=False)
    ways: tuple[Way, ...] = field(init=False)
    areas: Mapping[str, str] = field(init=False)
    _steady: dict[tuple[str, str], Bot] = field(default_factory=dict)
    _known: dict[tuple[int, tuple[str, ...]], Outcome] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.start = begin(self.moment)
        self.ways = self.moment.ways(self.start.state)
        reference = self.moment.reference
        self.areas = {id: reference.area(id).value for id in reference.commitments}

    def play(self, numbers: range) -> list[Tally]:
        """Plays each way once for each number; what it came to, by way."""
        tallies = [Tally(self.areas) for _ in self.ways]
        with collector_paused():
            for number in numbers:
                drawn = self._policies(number)
                for place, tally in enumerate(tallies):
                    tally.add(self._outcome(place, number, drawn))
        return tallies

    def course(self, way: Way, number: int) -> PlayedOn:
        """One playthrough, whole."""
        return play_on(self.moment, self.start, way, self._bots(number, self._policies(number)))

    def _policies(self, number: int) -> tuple[str, ...]:
        return tuple(
            DRAWN[_draw(f"{self.seed}:{number}:{team}:policy") % len(DRAWN)].value if policy == MIXED else policy
            for team, policy in self.policies.items()
        )

    def _outcome(self, place: int, number: int, drawn: tuple[str, ...]) -> Outcome:
        steady = Policy.RANDOM.value not in drawn
        known = self._known.get((place, drawn)) if steady else None
        if known is None:
            course = play_on(self.moment, self.start, self.ways[place], self._bots(number, drawn))
            known = outcome_of(assess(self.moment.scenario, self.moment.reference, course.entries), course.state)
            if steady:
                # Without chance in it, the same company plays the same way again.
                self._known[place, drawn] = known
        return known

    def _bots(self, number: int, drawn: tuple[str, ...]) -> dict[str, Bot]:
        return {team: self._bot(team, policy, number) for team, policy in zip(self.policies, drawn, strict=True)}

    def _bot(self, team: str, policy: str, number: int) -> Bot:
        moment = self.moment
        bot = self._steady.get((team, policy))
        if bot is None:
            chance = _draw(f"{self.seed}:{number}:bots")
            bot = make_bot(Policy(policy), moment.scenario, moment.reference, team, chance)
            if policy != Policy.RANDOM:
                self._steady[team, policy] = bot
        return bot


def _draw(ticket: str) -> int:
    # A hash and not a random generator: any process draws the same, in any order.
    return int.from_bytes(sha256(ticket.encode()).digest()[:8], "big")


def play_all(desk: Desk, runs: int, jobs: int, progress: Progress | None) -> list[Tally]:
    """All ways played `runs` times each; the tally of each way."""
    tallies = [Tally(desk.areas) for _ in desk.ways]
    chunks = [range(first, min(first + CHUNK, runs)) for first in range(0, runs, CHUNK)]
    total = runs * len(desk.ways)
    jobs = 1 if total <= FEW else min(jobs or cores(), len(chunks))
    done = 0
    for found in _each(desk, chunks, jobs):
        for mine, part in zip(tallies, found, strict=True):
            mine.take((part,))
        done += sum(part.runs for part in found)
        if progress is not None:
            progress(done, total)
    return tallies


def _each(desk: Desk, chunks: list[range], jobs: int) -> Iterator[list[Tally]]:
    if jobs == 1:
        yield from map(desk.play, chunks)
        return
    # A copy without what was worked out for the scenario: that holds whole states, and is worked out anew in no time.
    moment = replace(desk.moment, scenario=desk.moment.scenario.model_copy())
    with crew(jobs, _sit_down, (moment, dict(desk.policies), desk.seed), _play) as share:
        yield from share(chunks)


_desk: Desk | None = None


def _sit_down(moment: Moment, policies: Mapping[str, str], seed: int) -> None:
    """Prepares a process."""
    global _desk
    _desk = Desk(moment, policies, seed)
    gc.collect()
    keep()


def _play(numbers: range) -> list[Tally]:
    assert _desk is not None
    return _desk.play(numbers)
