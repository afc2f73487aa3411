"""The plan of a sampled exploration: who plays how in each playthrough, by the scenario, the seed and its number.

Nothing in it depends on what another process has found; where a later round goes on from what an earlier one came to,
it goes on from all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations, islice, product
from math import prod

from exercise.analysis import things
from exercise.analysis.aiming import Aim
from exercise.analysis.demands import NOTHING, Demand
from exercise.analysis.letters import draw
from exercise.analysis.things import Thing
from exercise.core.scenario import Scenario
from exercise.session.bots import Policy

STEERED = "steered"
"""A team that answers as the plan tells it."""

POLICIES = (Policy.COOPERATIVE.value, Policy.SELF_INTERESTED.value, Policy.RANDOM.value, Policy.SILENT.value)
"""How teams are played that are not steered."""

FEW_ASSIGNMENTS = 512
"""So many assignments of hidden facts are laid out one by one; of more, some are drawn."""

PACKED = 8
"""Things that one playthrough is aimed at, at most."""

TRIES = 3
"""Playthroughs that a later round aims at one thing, at most."""

_LATE = (0.0, 0.0, 0.0, 0.5, 1.0)
"""After which share of its window a steered team answers; each drawn as often as the others."""


@dataclass(frozen=True, slots=True)
class Run:
    """One playthrough of the plan."""

    number: int
    facts: Mapping[str, str]
    policies: tuple[str, ...]
    """Of the teams, in the order of the scenario."""
    told: Mapping[str, str] = field(default_factory=dict)
    late: Mapping[str, float] = field(default_factory=dict)
    demand: Demand = NOTHING
    aims: tuple[Thing, ...] = ()
    asks_late: bool = False
    """Whether what is demanded to be asked is asked late now and then."""
    quiet: bool = False
    """Whether nothing else is asked, so that what must be absent may stay so."""
    forks: tuple[str, ...] = ()
    """Decisions from which every option is played on; the playthrough itself has been counted before."""
    lapses: bool = False
    """Whether the lapse is played on beside the options."""


Answered = dict[int, dict[str, frozenset[str]]]
"""By playthrough, the decisions that were answered in it, each with the options that it offered then."""


class Plan:
    """Lays out the playthroughs of one scenario."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario, self.seed = scenario, seed
        self.facts = tuple(assignments(scenario, seed))
        self._answers = {put.id: [name for name, _ in things.answers_of(put)] for put in scenario.decisions}

    def base(self, runs: int) -> list[Run]:
        """The first round: a third of it by policies, in like and in mixed company, the rest steered."""
        found = [self._by_policy(number) for number in range(-(-runs // 3))]
        return found + [self._steered(number) for number in range(len(found), runs)]

    def _facts(self, number: int) -> Mapping[str, str]:
        return self.facts[number % len(self.facts)]

    def _by_policy(self, number: int) -> Run:
        teams = tuple(self.scenario.teams_by_id)
        like, turn = divmod(number, len(POLICIES) + 1)
        if turn < len(POLICIES):
            # Like company meets each assignment of facts in turn.
            return Run(number, self._facts(like), (POLICIES[turn],) * len(teams))
        mixed = tuple(POLICIES[draw(self.seed, number, team, "policy") % len(POLICIES)] for team in teams)
        return Run(number, self._facts(number), mixed)

    def _steered(self, number: int, demand: Demand = NOTHING, aims: tuple[Thing, ...] = ()) -> Run:
        told = {id: self._answer(id, number) for id in self._answers} | dict(demand.answers)
        late = {
            id: share
            for id in self._answers
            if (share := _LATE[draw(self.seed, number, id, "late") % len(_LATE)]) and id not in dict(demand.answers)
        }
        facts = {**self._facts(number), **dict(demand.facts)}
        policies = (STEERED,) * len(self.scenario.teams)
        return Run(number, facts, policies, told, late, demand, aims)

    def _answer(self, decision: str, number: int) -> str:
        """In every few playthroughs on end each answer of a decision is told once, in an order that is drawn anew."""
        answers = self._answers[decision]
        block, place = divmod(number, len(answers))
        return sorted(answers, key=lambda answer: draw(self.seed, decision, block, answer))[place]

    def forked(self, base: Iterable[Run], answered: Answered, often: int) -> list[Run]:
        """The second round: each decision is left just before an answer so many times, where it offered most.

        Once more where that leaves out an option that some playthrough offered.
        """
        chosen: dict[int, list[str]] = {}
        for id in self._answers:
            offering = [number for number, found in answered.items() if id in found]
            offering.sort(key=lambda number: draw(self.seed, "fork", id, number))
            left = {option for number in offering for option in answered[number][id]}
            for turn in range(often + 1):
                if not offering or (turn == often and not left):
                    break
                best = max(offering, key=lambda number: (len(left & answered[number][id]), len(answered[number][id])))
                offering.remove(best)
                left -= answered[best][id]
                chosen.setdefault(best, []).append(id)
        return [replace(run, forks=tuple(chosen[run.number]), lapses=often > 1) for run in base if run.number in chosen]

    def aimed(
        self, never: Iterable[Thing], aim: Aim, first: int, attempt: int, most: int
    ) -> tuple[list[Run], set[Thing]]:
        """A later round: playthroughs aimed at what never came, and those things to which there is no way at all."""
        found = {thing: aim.ways(thing) for thing in never}
        hopeless = {thing for thing, ways in found.items() if not ways}
        tries = {thing: ways for thing, ways in found.items() if ways}
        packs: list[tuple[Demand, list[Thing]]] = []
        # At first one way to each, several things in one playthrough; of what is left each is tried by itself, again
        # and again.
        again = 1 if attempt == 0 else min(TRIES, max(1, most // max(1, len(tries))))
        for thing, ways in tries.items():
            for turn in range(again):
                way = ways[(attempt * again + turn) % len(ways)]
                for place, (demand, row) in enumerate(packs if attempt == 0 else ()):
                    both = demand.also(way) if len(row) < PACKED else None
                    if both is not None:
                        packs[place] = (both, [*row, thing])
                        break
                else:
                    packs.append((way, [thing]))
        if len(packs) > most:
            # What one attempt leaves over begins the next.
            turn = attempt * most % len(packs)
            packs = [*packs[turn:], *packs[:turn]][:most]
        runs = [
            replace(
                self._steered(number, demand, tuple(row)),
                asks_late=attempt > 0 and number % 2 == 1,
                quiet=attempt > 0 and number % 4 > 1,
            )
            for number, (demand, row) in enumerate(packs, first)
        ]
        return runs, hopeless


def assignments(scenario: Scenario, seed: int) -> Iterator[dict[str, str]]:
    """Assignments of the hidden facts, each pair of values as early as may be; a value of no weight has its turn too.

    They may be fixed by the facilitator, so how likely they are drawn says nothing about what can happen.
    """
    names = [fact.id for fact in scenario.facts]
    values = [[value.value for value in fact.values] for fact in scenario.facts]
    if prod(map(len, values)) <= FEW_ASSIGNMENTS:
        left = sorted(product(*values), key=lambda row: draw(seed, "facts", *row))
    else:
        drawn = (
            tuple(row[draw(seed, "facts", number, name) % len(row)] for name, row in zip(names, values, strict=True))
            for number in range(FEW_ASSIGNMENTS * 4)
        )
        left = list(islice(dict.fromkeys(drawn), FEW_ASSIGNMENTS))
    seen: set[object] = set()
    while left:
        best = max(left, key=lambda row: sum(pair not in seen for pair in _pairs(row)))
        left.remove(best)
        seen.update(_pairs(best))
        yield dict(zip(names, best, strict=True))


def _pairs(row: tuple[str, ...]) -> list[object]:
    return [*enumerate(row), *combinations(enumerate(row), 2)]
