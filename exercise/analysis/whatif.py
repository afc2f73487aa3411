"""What could have come of a decision: every way to answer it, played on many times by bots, beside what happened.

The same past and the same hidden facts stand before every way; what differs is the answer, and then what bots do.
Nothing here says how likely anything is outside the exercise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exercise.analysis.many import DRAWN, MIXED, Desk, Progress, play_all
from exercise.analysis.moment import How, Way, moment_of
from exercise.analysis.tally import KEPT, OUTCOMES, UNTESTED, Outcome, Spread, Tally, outcome_of, spread_of
from exercise.core.assess import assess
from exercise.core.commitments import Area
from exercise.core.control.events import FactSet
from exercise.core.events import ExerciseEnded, LogEntry, MoveOpened
from exercise.core.evolve import replay
from exercise.core.scenario import Scenario
from exercise.core.times import tell_exercise_time
from exercise.session.log import REDACTED, RULES, LoadedLog

RECORD = "A training record; no finding about any State."
"""What every output of figures says."""


@dataclass(frozen=True, slots=True)
class CountSpread:
    """How many of a team's clauses stood so, way by way, and in the log."""

    team: str
    area: str
    """Empty for all areas together."""
    word: str
    """kept, partly, neglected or breached."""
    ways: tuple[Spread, ...]
    real: int

    @property
    def differs(self) -> bool:
        """Whether the ways spread differently."""
        return len(set(self.ways)) > 1

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "team": self.team,
            "area": self.area or None,
            "count": self.word,
            "ways": [spread.as_data() for spread in self.ways],
            "in_the_log": self.real,
        }


@dataclass(frozen=True, slots=True)
class ClauseSpread:
    """How one clause stood for one team, way by way: in how many playthroughs how, and in the log."""

    team: str
    commitment: str
    clause: str
    title: str
    area: str
    ways: tuple[Mapping[str, int], ...]
    real: str
    difference: float
    """The largest share of playthroughs by which two ways differ, from 0 to 1."""

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "team": self.team,
            "commitment": self.commitment,
            "clause": self.clause,
            "title": self.title,
            "area": self.area,
            "ways": [dict(way) for way in self.ways],
            "in_the_log": self.real,
            "difference": round(self.difference, 4),
        }


@dataclass(frozen=True, slots=True)
class IndicatorSpread:
    """Where an indicator stood at ENDEX, way by way, and in the log."""

    indicator: str
    name: str
    unit: str
    better: str
    lowest: float
    highest: float
    ways: tuple[Spread, ...]
    real: float

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "indicator": self.indicator,
            "name": self.name,
            "unit": self.unit,
            "better": self.better,
            "lowest": self.lowest,
            "highest": self.highest,
            "ways": [spread.as_data() for spread in self.ways],
            "in_the_log": self.real,
        }


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The figures of a what-if, with all that must be said of them."""

    log: str
    session: str
    scenario: str
    title: str
    decision: str
    """Id, with the round where it was put again."""
    question: str
    team: str
    how: How
    seq: int
    exercise: int
    """Time of the story at which the ways part."""
    ended: bool
    """Whether the log reaches ENDEX; else what is called real is as far as it goes."""
    ways: tuple[Way, ...]
    withheld: tuple[str, ...]
    """Titles of options that were not open to the team at that moment."""
    policies: Mapping[str, str]
    names: Mapping[str, str]
    """Short names of teams."""
    runs: int
    seed: int
    rules: str
    counts: tuple[CountSpread, ...]
    clauses: tuple[ClauseSpread, ...]
    """Those that some way or the log tested; the ones between whose ways the difference is largest come first."""
    indicators: tuple[IndicatorSpread, ...]
    assumptions: tuple[str, ...]

    def count(self, team: str, word: str, area: str = "") -> CountSpread:
        """The row of a team's count."""
        return next(row for row in self.counts if (row.team, row.area, row.word) == (team, area, word))

    def areas(self, team: str) -> tuple[str, ...]:
        """Areas that were tested for a team in any playthrough, or in the log."""
        return tuple(dict.fromkeys(row.area for row in self.counts if row.team == team and row.area))

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types, with keys that stay."""
        return {
            "what_if": 1,
            "log": self.log,
            "session": self.session,
            "scenario": self.scenario,
            "title": self.title,
            "decision": self.decision,
            "question": self.question,
            "team": self.team,
            "in_the_log": {"how": self.how, "entry": self.seq, "exercise": self.exercise, "ended": self.ended},
            "ways": [
                {"key": way.key, "option": way.option, "title": way.title, "taken": way.taken} for way in self.ways
            ],
            "not_offered": list(self.withheld),
            "policies": dict(self.policies),
            "runs": self.runs,
            "seed": self.seed,
            "rules": self.rules,
            "counts": [row.as_data() for row in self.counts],
            "clauses": [row.as_data() for row in self.clauses],
            "indicators": [row.as_data() for row in self.indicators],
            "assumptions": list(self.assumptions),
            "statement": RECORD,
        }


def spread(
    log: LoadedLog,
    decision: str,
    *,
    policies: Mapping[str, str] | None = None,
    runs: int = 200,
    seed: int = 0,
    jobs: int = 1,
    progress: Progress | None = None,
    nearest: str = "",
) -> WhatIf:
    """Plays every way on from just before a decision of a log, `runs` times each, and lays the figures beside the log.

    `policies` says by team how its bot plays (`mixed` draws one for each playthrough); teams left out are mixed.
    `jobs` 0 takes every core. The figures depend on the log, the seed, the policies and the rules, on nothing else.
    """
    moment = moment_of(log, decision, nearest)
    scenario = log.scenario
    playing = {team.id: (policies or {}).get(team.id, MIXED) for team in scenario.teams}
    desk = Desk(moment, playing, seed)
    tallies = play_all(desk, runs, jobs, progress)
    end = next((n for n, entry in enumerate(log.entries, 1) if isinstance(entry.event, ExerciseEnded)), None)
    happened = log.entries[:end]
    real = _real(log, happened)
    offered = {way.option for way in desk.ways}
    return WhatIf(
        log=log.name,
        session=log.header.session,
        scenario=scenario.id,
        title=scenario.title,
        decision=moment.key,
        question=moment.decision.title,
        team=moment.decision.team,
        how=moment.how,
        seq=moment.seq,
        exercise=desk.start.state.clock.exercise,
        ended=end is not None,
        ways=desk.ways,
        withheld=tuple(option.title for option in moment.decision.options if option.id not in offered),
        policies=playing,
        names={team.id: team.short for team in scenario.teams},
        runs=runs,
        seed=seed,
        rules=RULES,
        counts=tuple(_counts(scenario, desk.areas, tallies, real)),
        clauses=_clauses(log, tallies, real),
        indicators=_indicators(scenario, tallies, real),
        assumptions=tuple(_assumptions(log, desk, runs, seed, happened, end is not None)),
    )


def _real(log: LoadedLog, happened: tuple[LogEntry, ...]) -> Outcome:
    """What the log came to at ENDEX, marked as the playthroughs are: by the program, under the rules of today."""
    state = log.state if len(happened) == len(log.entries) else replay(entry.event for entry in happened)
    return outcome_of(assess(log.scenario, log.reference, happened), state)


def _counts(scenario: Scenario, areas: Mapping[str, str], tallies: Sequence[Tally], real: Outcome) -> list[CountSpread]:
    happened = Tally(areas)
    happened.add(real)
    tested = {key[:2] for tally in (*tallies, happened) for key in tally.counts}
    return [
        CountSpread(
            team.id,
            area,
            word,
            tuple(tally.count(team.id, area, word) for tally in tallies),
            int(happened.count(team.id, area, word).middle),
        )
        for team in scenario.teams
        for area in ("", *(area.value for area in Area))
        if not area or (team.id, area) in tested
        for word in KEPT
    ]


def _clauses(log: LoadedLog, tallies: Sequence[Tally], real: Outcome) -> tuple[ClauseSpread, ...]:
    stood = {(team, commitment): word for team, commitment, word in real.clauses}
    known = {key for tally in tallies for key in tally.clauses} | stood.keys()
    found = []
    for team in log.scenario.teams:
        for id, commitment in log.reference.commitments.items():
            if (team.id, id) not in known:
                continue
            ways = tuple(tally.clause(team.id, id) for tally in tallies)
            found.append(
                ClauseSpread(
                    team.id,
                    id,
                    commitment.clause,
                    commitment.title,
                    log.reference.area(id).value,
                    ways,
                    stood.get((team.id, id), UNTESTED),
                    _difference(ways, tallies[0].runs),
                )
            )
    # A stable sort: of those that differ alike, the scenario's first team and the catalogue's order come first.
    return tuple(sorted(found, key=lambda row: -row.difference))


def _difference(ways: Sequence[Mapping[str, int]], runs: int) -> float:
    """The largest distance between two ways: the share of playthroughs that would have to stand otherwise."""
    return max(sum(abs(one[word] - other[word]) for word in OUTCOMES) / (2 * runs) for one in ways for other in ways)


def _indicators(scenario: Scenario, tallies: Sequence[Tally], real: Outcome) -> tuple[IndicatorSpread, ...]:
    stood = dict(real.indicators)
    often = Counter(row.name for row in scenario.indicators)
    return tuple(
        IndicatorSpread(
            row.id,
            f"{row.name} ({scenario.names[row.team]})" if row.team and often[row.name] > 1 else row.name,
            row.unit,
            row.better,
            row.lowest,
            row.highest,
            tuple(spread_of(tally.indicators[row.id]) for tally in tallies),
            stood.get(row.id, row.start),
        )
        for row in scenario.indicators
    )


def _assumptions(
    log: LoadedLog, desk: Desk, runs: int, seed: int, happened: tuple[LogEntry, ...], ended: bool
) -> list[str]:
    """All that has to be known before the figures are read, a sentence or two each."""
    moment, state = desk.moment, desk.start.state
    later = log.entries[moment.seq :]
    said = [
        "Bots are not people: they choose by simple rules, and where they differ from people, so do the figures.",
        "No figure says how likely anything is outside this exercise; it says what this scenario's rules made of it.",
        f"Every way starts from the log as it stood at {tell_exercise_time(state.clock.exercise)}, with the same "
        "hidden facts; the bots do not see them.",
        _playing(desk.policies, {team.id: team.short for team in moment.scenario.teams}),
        f"{runs} playthroughs of each way; number n of every way has the same bots and chances (seed {seed}).",
        _words(desk),
        "Scorecards are those the program proposes at ENDEX, for the log too; no evaluator has looked at the others.",
        f"Decided and marked by version {RULES} of the rules"
        + (f"; the log was played under version {log.header.rules}." if log.header.rules != RULES else "."),
    ]
    if desk.policies and not any(policy in (MIXED, "random") for policy in desk.policies.values()):
        said.append("There is no chance in these policies, so all playthroughs of a way are the same.")
    if not ended:
        said.append("The log stops before ENDEX; what stands beside the ways is as far as it goes.")
    elif sum(isinstance(entry.event, MoveOpened) for entry in happened) < len(moment.scenario.moves):
        said.append("The log ends before the last move; the ways are played to the end, so they were tested on more.")
    if moment.rounds > 1:
        said.append(
            f"The decision was put {moment.rounds} times; this is time {moment.round}. Later corrections by exercise "
            "control are not made again."
        )
    elif any(isinstance(entry.event, FactSet) for entry in later):
        said.append("Exercise control changed a hidden fact later in the log; the ways keep the one of the moment.")
    if state.held:
        said.append(f"Injects that exercise control held back stay back: {', '.join(sorted(state.held)[:6])}.")
    if any(REDACTED in (getattr(entry.event, "reason", ""), getattr(entry.event, "text", "")) for entry in happened):
        said.append("What people wrote was taken out of this log; marks that rested on it may come out otherwise.")
    return said


def _playing(policies: Mapping[str, str], names: Mapping[str, str]) -> str:
    drawn = f"drawn anew for each playthrough from {', '.join(policy.value for policy in DRAWN[:-1])} and {DRAWN[-1]}"
    by_policy: dict[str, list[str]] = {}
    for team, policy in policies.items():
        by_policy.setdefault(policy, []).append(names[team])
    if len(by_policy) == 1:
        only = next(iter(by_policy))
        return f"From there a bot plays every team, its policy {drawn if only == MIXED else only}."
    told = "; ".join(
        f"{', '.join(teams)}: {drawn if policy == MIXED else policy}" for policy, teams in by_policy.items()
    )
    return f"From there a bot plays every team. {told}."


def _words(desk: Desk) -> str:
    team = desk.moment.scenario.names[desk.moment.decision.team]
    if desk.moment.answer is None:
        return f"{team} gave no answer in the log, so each way is explained as its bot explains itself."
    return (
        f"Each way is given with the reasons {team} gave in the log; where it asks for safeguards or a legal basis "
        "that were not asked for then, its bot states them in its manner."
    )
