"""Sessions laid side by side: of one scenario, or one team through several; in the order given, and never ranked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exercise.analysis.parting import CommonPast, DecisionRow, common_pasts, decision_rows, parted_at
from exercise.analysis.profiles import TeamProfile, team_profile
from exercise.analysis.whatif import RECORD
from exercise.core.cast import Team
from exercise.core.evaluation.outcome import Evaluated, evaluated
from exercise.core.events import ExerciseEnded, MarksProposed
from exercise.core.observe import courses_of
from exercise.core.requests.kinds import Step
from exercise.core.requests.state import RequestState
from exercise.core.scenario import Scenario
from exercise.core.state import State
from exercise.errors import UsageError
from exercise.session.log import LoadedLog

_REPLIES = (Step.ASKED_BACK, Step.ACCEPTED, Step.PART, Step.CONDITIONAL, Step.REFUSED)
"""What counts as an answer to whoever asked; to ask back is one."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session, as the overview shows it."""

    log: str
    session: str
    scenario: str
    title: str
    created: str
    played_by: Mapping[str, str]
    """By team: people, or a bot's policy; empty where the log does not say."""
    play: int
    exercise: int
    """Seconds of play, and time of the story, at ENDEX or where the log stops."""
    ended: bool
    marks: str
    """Whose marks stand in the figures, in words."""
    rules: str
    facts: Mapping[str, str]

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "log": self.log,
            "session": self.session,
            "scenario": self.scenario,
            "title": self.title,
            "created": self.created,
            "played_by": dict(self.played_by),
            "play": self.play,
            "exercise": self.exercise,
            "ended": self.ended,
            "marks": self.marks,
            "rules": self.rules,
            "facts": dict(self.facts),
        }


@dataclass(frozen=True, slots=True)
class RequestCounts:
    """What became of the requests that a team sent in one session."""

    sent: int = 0
    in_time: int = 0
    late: int = 0
    unanswered: int = 0
    failed: int = 0
    """They did not get through."""
    withdrawn: int = 0
    told: int = 0
    """Warnings, notices and the like, which ask for no answer; not counted among those sent."""

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "sent": self.sent,
            "in_time": self.in_time,
            "late": self.late,
            "unanswered": self.unanswered,
            "failed": self.failed,
            "withdrawn": self.withdrawn,
            "told": self.told,
        }


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator: where it stood at the end of each session, and how it came there."""

    indicator: str
    name: str
    unit: str
    better: str
    lowest: float
    highest: float
    ends: tuple[float | None, ...]
    courses: tuple[tuple[tuple[int, float], ...], ...]
    """Time of the story and value, session by session."""

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "indicator": self.indicator,
            "name": self.name,
            "unit": self.unit,
            "better": self.better,
            "sessions": [
                {"end": end, "course": [list(reading) for reading in course]}
                for end, course in zip(self.ends, self.courses, strict=True)
            ],
        }


@dataclass(frozen=True, slots=True)
class FactRow:
    """A hidden fact that was not the same in all sessions."""

    fact: str
    title: str
    values: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"fact": self.fact, "title": self.title, "sessions": list(self.values)}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Sessions side by side; every row has one cell for each session, in the order given."""

    sessions: tuple[SessionRow, ...]
    team: str
    """The team that is followed; empty where all teams of one scenario are compared."""
    one_scenario: bool
    notes: tuple[str, ...]
    pasts: tuple[CommonPast, ...]
    facts: tuple[FactRow, ...]
    decisions: tuple[DecisionRow, ...]
    requests: Mapping[str, tuple[RequestCounts, ...]]
    indicators: tuple[IndicatorRow, ...]
    profiles: tuple[TeamProfile, ...]
    names: Mapping[str, str]

    @property
    def parted(self) -> DecisionRow | None:
        """The first decision that was answered differently."""
        return parted_at(self.decisions)

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types, with keys that stay."""
        parted = self.parted
        return {
            "compare": 1,
            "team": self.team or None,
            "one_scenario": self.one_scenario,
            "sessions": [row.as_data() for row in self.sessions],
            "notes": list(self.notes),
            "common_past": [past.as_data() for past in self.pasts],
            "facts_that_differed": [row.as_data() for row in self.facts],
            "parted_at": parted.decision if parted else None,
            "decisions": [row.as_data() for row in self.decisions],
            "requests": {team: [counts.as_data() for counts in rows] for team, rows in self.requests.items()},
            "indicators": [row.as_data() for row in self.indicators],
            "profiles": [profile.as_data() for profile in self.profiles],
            "statement": RECORD,
        }


def compare(logs: Sequence[LoadedLog], team: str | None = None) -> Comparison:
    """Lays logs side by side: of one scenario, or with `team` (an id or a name) that team through any scenarios."""
    if len(logs) < 2:
        raise UsageError("There is nothing to compare one log with; name two or more.")
    scenarios = [log.scenario for log in logs]
    one = len({scenario.id for scenario in scenarios}) == 1
    if not one and team is None:
        titles = ", ".join(dict.fromkeys(scenario.title for scenario in scenarios))
        raise UsageError(
            f"These logs are of different scenarios ({titles}); to follow one team through them, name it: --team TEAM."
        )
    followed = _followed(logs, team) if team is not None else None
    marked = [evaluated(log.scenario, log.reference, log.entries) for log in logs]
    states = [log.state for log in logs]
    shown = scenarios[0].teams if followed is None else followed[:1]
    profiles = []
    for place, one_team in enumerate(shown):
        ids = [row.id for row in followed] if followed else [shown[place].id] * len(logs)
        profiles.append(
            team_profile(
                one_team.id,
                one_team.short,
                [found.scorecards[id] for found, id in zip(marked, ids, strict=True)],
                [[mark for mark in found.marks if mark.team == id] for found, id in zip(marked, ids, strict=True)],
                tested_in=1 if one else 2,
            )
        )
    team_ids = {row.id for row in shown}
    return Comparison(
        sessions=tuple(map(_session, logs, marked)),
        team=followed[0].short if followed else "",
        one_scenario=one,
        notes=tuple(_notes(logs, marked, one)),
        pasts=common_pasts(logs),
        facts=_facts(scenarios[0], states) if one else (),
        decisions=tuple(row for row in decision_rows(logs) if row.team in team_ids) if one else (),
        requests={
            row.id: tuple(
                _requests(log.scenario, state, followed[place].id if followed else row.id)
                for place, (log, state) in enumerate(zip(logs, states, strict=True))
            )
            for row in shown
        },
        indicators=_indicators(scenarios[0], states, team_ids if followed else None) if one else (),
        profiles=tuple(profiles),
        names={row.id: row.short for row in scenarios[0].teams},
    )


def _followed(logs: Sequence[LoadedLog], team: str) -> tuple[Team, ...]:
    """The team in each log: by id, else by a name that it has there or had in a log before."""
    found: list[Team] = []
    wanted = {team.strip().casefold()}
    for log in logs:
        teams = log.scenario.teams
        match = next((row for row in teams if row.id.casefold() in wanted), None) or next(
            (row for row in teams if wanted & {row.short.casefold(), row.name.casefold()}), None
        )
        if match is None:
            has = ", ".join(row.id for row in teams)
            raise UsageError(f"{log.name}: '{log.scenario.title}' has no team '{team.strip()[:40]}'; it has: {has}.")
        wanted |= {match.short.casefold(), match.name.casefold()}
        found.append(match)
    return tuple(found)


def _session(log: LoadedLog, marked: Evaluated) -> SessionRow:
    end = next((entry for entry in log.entries if isinstance(entry.event, ExerciseEnded)), None)
    last = end or (log.entries[-1] if log.entries else None)
    played_by = {team.id: log.roster[team.id] for team in log.scenario.teams if team.id in log.roster}
    return SessionRow(
        log=log.name,
        session=log.header.session,
        scenario=log.scenario.id,
        title=log.scenario.title,
        created=log.header.created,
        played_by=played_by | dict(log.state.bots) if played_by else dict(log.state.bots),
        play=last.play if last else 0,
        exercise=last.exercise if last else 0,
        ended=end is not None,
        marks=_whose(log, marked),
        rules=log.header.rules,
        facts=dict(log.state.facts),
    )


def _whose(log: LoadedLog, marked: Evaluated) -> str:
    if marked.is_evaluated:
        number = len(marked.evaluators)
        return f"as {'one evaluator' if number == 1 else f'{number} evaluators'} left them"
    if any(isinstance(entry.event, MarksProposed) for entry in log.entries):
        return "as proposed at ENDEX"
    return "as proposed now, for the log has none"


def _notes(logs: Sequence[LoadedLog], marked: Sequence[Evaluated], one: bool) -> Iterable[str]:
    if one and any(log.scenario != logs[0].scenario for log in logs[1:]):
        yield "The sessions were played with different versions of the scenario; what is missing in one is not put."
    rules = dict.fromkeys(log.header.rules for log in logs)
    if len(rules) > 1:
        yield f"The sessions were played under different versions of the rules: {', '.join(rules)}."
    if len({found.is_evaluated for found in marked}) > 1:
        yield "Some sessions were looked at by evaluators and some were not; their marks are not of one kind."
    stopped = [str(n) for n, log in enumerate(logs, 1) if log.state.clock.phase != "ended"]
    if stopped:
        word = "Session" if len(stopped) == 1 else "Sessions"
        yield f"{word} {', '.join(stopped)} did not reach ENDEX; what stands there is as far as it goes."
    yield "Sessions stand in the order given. Nothing is added up over teams or scenarios, and nobody is ranked."


def _facts(scenario: Scenario, states: Sequence[State]) -> tuple[FactRow, ...]:
    rows = []
    for fact in scenario.facts:
        says = {value.value: value.says for value in fact.values}
        found = tuple(state.facts.get(fact.id, "") for state in states)
        if len(set(found)) > 1:
            told = tuple(says.get(value, value) or "not known" for value in found)
            rows.append(FactRow(fact.id, fact.title, told))
    return tuple(rows)


def _requests(scenario: Scenario, state: State, team: str) -> RequestCounts:
    count = dict.fromkeys(("in_time", "late", "unanswered", "failed", "withdrawn", "told"), 0)
    for request in state.requests.values():
        if request.by == team:
            kind = scenario.kinds_by_id.get(request.kind)
            count["told" if kind is not None and kind.shape == "gives" else _came_of(request)] += 1
    return RequestCounts(sent=sum(count.values()) - count["told"], **count)


def _came_of(request: RequestState) -> str:
    reply = next((taken for taken in request.steps if taken.step in _REPLIES), None)
    if reply is not None:
        return "late" if request.deadline is not None and reply.exercise > request.deadline else "in_time"
    if request.reached(Step.FAILED):
        return "failed"
    return "withdrawn" if request.reached(Step.WITHDRAWN) else "unanswered"


def _indicators(scenario: Scenario, states: Sequence[State], teams: set[str] | None) -> tuple[IndicatorRow, ...]:
    courses = [courses_of(state) for state in states]
    return tuple(
        IndicatorRow(
            row.id,
            row.name,
            row.unit,
            row.better,
            row.lowest,
            row.highest,
            tuple(state.indicators.get(row.id) for state in states),
            tuple(tuple((exercise, value) for _, exercise, value in course.get(row.id, ())) for course in courses),
        )
        for row in scenario.indicators
        if teams is None or row.team is None or row.team in teams
    )
