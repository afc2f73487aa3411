"""What an exploration of a scenario found: figures over many courses, and how the courses were come by.

The figures of two parts of an exploration add up to those of both, in any order, so that processes can share the work.
Names of things are those of `things`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from exercise.analysis.tally import KEPT, UNTESTED, Spread, spread_of
from exercise.analysis.things import Thing

Method = Literal["exhaustive", "sampled"]

SLICE = 300
"""Seconds of play over which a team's load is added up."""

MEASURES = ("words", "opened", "open", "sent", "received")
"""Of a team's load in a slice: words that reach it or one of its roles, decisions put to it, decisions that stand open
at some time in it (each taken to stay open for its whole window, as a room that talks needs it), requests it sends,
requests and answers that it receives. What is read before STARTEX is not in."""

Clause = tuple[str, str]
"""A team and a commitment."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How the courses were come by, so that nobody reads more into the figures than there is."""

    method: Method
    why: str
    """Why this method, in a sentence."""
    varied: tuple[str, ...]
    """What differs from course to course, a sentence each."""
    fixed: tuple[str, ...]
    """What was the same in all of them, a sentence each; nothing said of the scenario goes beyond it."""
    seed: int = 0
    runs: int = 0
    """Playthroughs asked for; where exhaustive, those by which policies and pairs of answers were compared."""
    states: int = 0
    """States visited; 0 where sampled."""

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "method": self.method,
            "why": self.why,
            "varied": list(self.varied),
            "fixed": list(self.fixed),
            "seed": self.seed,
            "runs": self.runs,
            "states": self.states,
        }


def _add_up(mine: dict[Any, Counter[Any]], theirs: Mapping[Any, Counter[Any]]) -> None:
    for key, counter in theirs.items():
        mine.setdefault(key, Counter()).update(counter)


def plain(values: Mapping[float, int]) -> dict[str, Any] | None:
    """A spread as data; None where no course had a value."""
    return spread_of(values).as_data() if any(values.values()) else None


@dataclass
class Ends:
    """How courses ended."""

    courses: int = 0
    counted: Counter[tuple[str, str, str] | tuple[str, float]] = field(default_factory=Counter)
    """In how many courses a team's clause stood so, and an indicator had such a value at ENDEX: one row for both, since
    it is added to for every answer of every course."""

    def take(self, other: Ends) -> None:
        """Adds what another counted."""
        self.courses += other.courses
        self.counted.update(other.counted)
        self.__dict__.pop("indicators", None)
        self.__dict__.pop("clauses", None)

    @cached_property
    def indicators(self) -> Mapping[str, Counter[float]]:
        """Value at ENDEX, in how many courses; asked for once all is counted."""
        found: dict[str, Counter[float]] = {}
        for key, often in self.counted.items():
            if len(key) == 2:
                found.setdefault(key[0], Counter())[key[1]] += often
        return found

    @cached_property
    def clauses(self) -> Mapping[Clause, Counter[str]]:
        """How often a clause was `kept`, `partly`, `neglected`, `breached`; where it was never tested it is not in."""
        found: dict[Clause, Counter[str]] = {}
        for key, often in self.counted.items():
            if len(key) == 3:
                found.setdefault((key[0], key[1]), Counter())[key[2]] += often
        return found

    def clause(self, team: str, commitment: str) -> dict[str, int]:
        """In how many courses a clause stood how, untested ones among them."""
        found = self.clauses.get((team, commitment), Counter())
        return {**{word: found[word] for word in KEPT}, UNTESTED: self.courses - sum(found.values())}

    def counts(self, team: str) -> dict[str, int]:
        """How often a team's clauses were kept, partly kept, neglected and breached, over all courses."""
        found: Counter[str] = Counter()
        for (whose, _), words in self.clauses.items():
            if whose == team:
                found.update(words)
        return {word: found[word] for word in KEPT}

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "courses": self.courses,
            "indicators": {name: plain(values) for name, values in self.indicators.items()},
            "clauses": [
                {"team": team, "commitment": commitment, **self.clause(team, commitment)}
                for team, commitment in sorted(self.clauses)
            ],
        }


@dataclass
class Followed:
    """What came of one answer, over the courses in which it was given."""

    at_once: Counter[Thing] = field(default_factory=Counter)
    """What came in the same step of the log with it."""
    later: Counter[Thing] = field(default_factory=Counter)
    """What came after that, in how many courses."""
    ends: Ends = field(default_factory=Ends)

    def take(self, other: Followed) -> None:
        """Adds what another counted."""
        self.at_once.update(other.at_once)
        self.later.update(other.later)
        self.ends.take(other.ends)

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "at_once": dict(sorted(self.at_once.items())),
            "later": dict(sorted(self.later.items())),
            **self.ends.as_data(),
        }


@dataclass
class Beside:
    """Two answers to one decision beside each other, each pair played on from the same moment with the same chance.

    Whatever differs within a pair comes from the answer. Kept for a < b, in the order of the file, the lapse last.
    """

    pairs: int = 0
    same: int = 0
    """Pairs that differed in nothing later: not in what came after the step of the answer, nor in what indicators did
    after it, nor in any mark beyond those of this very decision."""
    other_marks: int = 0
    """Pairs that differed in marks beyond those of this very decision."""
    only_first: Counter[Thing] = field(default_factory=Counter)
    """What came later after the first alone, in how many pairs."""
    only_second: Counter[Thing] = field(default_factory=Counter)
    indicators: dict[str, Counter[float]] = field(default_factory=dict)
    """Second less first, at ENDEX; pairs without a difference are in, under 0."""
    moved_later: Counter[str] = field(default_factory=Counter)
    """Indicators whose difference grew or shrank after the step of the answer, in how many pairs."""
    clauses: dict[Clause, Counter[tuple[str, str]]] = field(default_factory=dict)
    """How a clause stood after the first and after the second (`not tested` among them), where that differed."""

    def take(self, other: Beside) -> None:
        """Adds what another counted."""
        self.pairs += other.pairs
        self.same += other.same
        self.other_marks += other.other_marks
        self.only_first.update(other.only_first)
        self.only_second.update(other.only_second)
        self.moved_later.update(other.moved_later)
        _add_up(self.indicators, other.indicators)
        _add_up(self.clauses, other.clauses)

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "pairs": self.pairs,
            "same": self.same,
            "other_marks": self.other_marks,
            "only_first": dict(sorted(self.only_first.items())),
            "only_second": dict(sorted(self.only_second.items())),
            "indicators": {name: plain(values) for name, values in self.indicators.items()},
            "moved_later": dict(sorted(self.moved_later.items())),
            "clauses": [
                {"team": team, "commitment": commitment, "first": first, "second": second, "pairs": often}
                for (team, commitment), found in sorted(self.clauses.items())
                for (first, second), often in sorted(found.items())
            ],
        }


@dataclass
class Figures:
    """Everything counted over courses; where a thing is counted, it is in how many courses it came."""

    courses: int = 0
    seen: set[int] = field(default_factory=set)
    """A digest of each distinct course, where sampled."""
    came: Counter[Thing] = field(default_factory=Counter)
    aimed: Counter[Thing] = field(default_factory=Counter)
    """For how many courses the plan set out to bring it about: what never came although it was aimed at is suspect."""
    ends: Ends = field(default_factory=Ends)
    lowest: dict[str, Counter[float]] = field(default_factory=dict)
    """The lowest value that each indicator had on the way, in how many courses."""
    highest: dict[str, Counter[float]] = field(default_factory=dict)
    policies: dict[tuple[str, str], Ends] = field(default_factory=dict)
    """How it ended for a team by the policy that played it: `cooperative`, `self-interested`, `random`, `silent`, with
    any company. Clauses are the team's own, indicators the team's own and the shared ones."""
    companies: dict[str, Ends] = field(default_factory=dict)
    """How it ended where one policy played every team."""
    load: dict[tuple[str, int, str], Counter[float]] = field(default_factory=dict)
    """By team, number of the slice and measure."""
    waits: dict[str, Counter[float]] = field(default_factory=dict)
    """The longest stretch of play, in seconds, in which nothing reached a team and no decision of it stood open (each
    taken to stay open for its whole window); plenaries are no waiting."""
    followed: dict[tuple[str, str], Followed] = field(default_factory=dict)
    """By decision and option, or `lapse`."""
    beside: dict[tuple[str, str, str], Beside] = field(default_factory=dict)
    """By decision and two of its answers."""
    edges: Counter[tuple[Thing, Thing]] = field(default_factory=Counter)
    """What brought what, in how many courses: an inject what follows it, a decision its answer, an answer or a request
    what comes of it, and anything whatever came since it had made the condition for that hold."""
    moves: Counter[tuple[Thing, int]] = field(default_factory=Counter)
    """In which move (from 0) a thing came; what falls into the gap before a move counts to that move."""
    hopeless: set[Thing] = field(default_factory=set)
    """What never came, and for which no row of facts, answers and requests was found that could bring it at all."""

    def take(self, other: Figures) -> None:
        """Adds what another counted."""
        self.courses += other.courses
        self.seen |= other.seen
        self.came.update(other.came)
        self.aimed.update(other.aimed)
        self.edges.update(other.edges)
        self.moves.update(other.moves)
        self.hopeless |= other.hopeless
        self.ends.take(other.ends)
        for mine, theirs in (
            (self.lowest, other.lowest),
            (self.highest, other.highest),
            (self.load, other.load),
            (self.waits, other.waits),
        ):
            _add_up(mine, theirs)
        for policy, ends in other.policies.items():
            self.policies.setdefault(policy, Ends()).take(ends)
        for company, ends in other.companies.items():
            self.companies.setdefault(company, Ends()).take(ends)
        for answer, followed in other.followed.items():
            self.followed.setdefault(answer, Followed()).take(followed)
        for pair, beside in other.beside.items():
            self.beside.setdefault(pair, Beside()).take(beside)


@dataclass(frozen=True)
class Explored:
    """An exploration: how it was made, and what it found."""

    scenario: str
    """Id of the scenario."""
    bounds: Bounds
    figures: Figures
    things: tuple[Thing, ...]
    """Everything that the scenario says may come, in the order of the file; `came` has no entry for what never did."""
    starts: Mapping[str, float]
    """Value of each indicator at STARTEX."""
    distinct: int
    """Number of distinct courses, that is of rows of hidden facts, answers, lapses and requests of which no two are the
    same: exactly where exhaustive, else how many were seen."""

    @property
    def exact(self) -> bool:
        """Whether the figures hold for every course within the bounds, and not only for those that were played."""
        return self.bounds.method == "exhaustive"

    @property
    def courses(self) -> int:
        """Courses that the figures are over."""
        return self.figures.courses

    @property
    def never(self) -> tuple[Thing, ...]:
        """What came in no course."""
        return tuple(thing for thing in self.things if not self.figures.came[thing])

    def aimed(self, thing: Thing) -> int:
        """For how many courses the plan set out to bring a thing about; all of them where exhaustive."""
        return self.courses if self.exact else self.figures.aimed[thing]

    def ends_at(self, indicator: str) -> Spread:
        """The spread of an indicator at ENDEX."""
        return spread_of(self.figures.ends.indicators[indicator])

    def range_of(self, indicator: str) -> tuple[float, float]:
        """The lowest and the highest value that an indicator ever had, at ENDEX or on the way."""
        return min(self.figures.lowest[indicator]), max(self.figures.highest[indicator])

    def load(self, team: str, measure: str) -> tuple[Spread, ...]:
        """A team's load, slice by slice, from STARTEX to the last slice in which anything came."""
        figures = self.figures
        last = max((slot for _, slot, _ in figures.load), default=-1)
        rows = []
        for slot in range(last + 1):
            found = Counter(figures.load.get((team, slot, measure), {}))
            found[0] += self.courses - sum(found.values())
            rows.append(spread_of(found))
        return tuple(rows)

    def mean_load(self, team: str, measure: str) -> tuple[float, ...]:
        """The mean of the same."""
        figures = self.figures
        return tuple(
            sum(value * often for value, often in figures.load.get((team, slot, measure), {}).items()) / self.courses
            for slot in range(max((slot for _, slot, _ in figures.load), default=-1) + 1)
        )

    def as_data(self, teams: Iterable[str]) -> dict[str, Any]:
        """Plain JSON types, for these teams."""
        figures = self.figures
        moves = 1 + max((number for _, number in figures.moves), default=-1)
        return {
            "scenario": self.scenario,
            "bounds": self.bounds.as_data(),
            "courses": self.courses,
            "distinct_courses": {"number": self.distinct, "exact": self.exact},
            "things": {
                thing: {
                    "courses": figures.came[thing],
                    "aimed": self.aimed(thing),
                    "moves": [number for number in range(moves) if figures.moves[thing, number]],
                }
                for thing in (*self.things, *sorted(figures.came.keys() - set(self.things)))
            },
            "indicators": {
                name: {
                    "start": start,
                    "end": plain(figures.ends.indicators.get(name, {})),
                    "lowest": plain(figures.lowest.get(name, {})),
                    "highest": plain(figures.highest.get(name, {})),
                }
                for name, start in self.starts.items()
            },
            "clauses": figures.ends.as_data()["clauses"],
            "policies": [
                {"policy": policy, "team": team, **ends.as_data()}
                for (policy, team), ends in sorted(figures.policies.items())
            ],
            "companies": {policy: ends.as_data() for policy, ends in sorted(figures.companies.items())},
            "load": {
                "seconds": SLICE,
                "teams": {
                    team: {
                        measure: [
                            {"lowest": spread.lowest, "mean": round(mean, 2), "highest": spread.highest}
                            for spread, mean in zip(
                                self.load(team, measure), self.mean_load(team, measure), strict=True
                            )
                        ]
                        for measure in MEASURES
                    }
                    for team in teams
                },
            },
            "longest_waits": {team: plain(values) for team, values in sorted(figures.waits.items())},
            "followed": [
                {"decision": decision, "option": option, **followed.as_data()}
                for (decision, option), followed in sorted(figures.followed.items())
            ],
            "beside": [
                {"decision": decision, "first": first, "second": second, **beside.as_data()}
                for (decision, first, second), beside in sorted(figures.beside.items())
            ],
            "edges": [
                {"from": before, "to": after, "courses": often}
                for (before, after), often in sorted(figures.edges.items())
            ],
        }
