"""Whether a table has the time that a scenario asks of it: to read, to decide, and without sitting idle.

The reading speed is that of people who read quietly in a language that is not their own; a facilitator who knows the
room better can scale the figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from exercise.analysis import things
from exercise.analysis.explored import SLICE, Explored
from exercise.analysis.found import Finding, often
from exercise.analysis.reading import Texts
from exercise.authoring.problems import Path
from exercise.core.scenario import Scenario

WORDS_A_MINUTE = 190
"""About as fast as adults read plain English that is not their first language."""

IDLE = 20
"""Minutes after which a team that nothing concerns is idle."""

BEHIND = 10
"""Minutes of unread text after which a table plays without knowing what it was told."""

AT_ONCE = 4
"""Decisions open at once that no table can hold apart."""

FULL = 1.15
"""Above this share of the stated time a team cannot do even what it must."""

THIN = 0.6
"""Below this share of the stated time a team has less to do than it came for, however thoroughly it does it."""

WRITING, READING = 2, 1
"""Minutes that a request takes who sends it, and a request or an answer who receives it."""

ASSUMPTION = (
    f"Reading is taken at {WORDS_A_MINUTE} words a minute, as adults read plain English that is not their first "
    "language, by one person for the whole table. What a team must do: read what reaches it, and talk for half of "
    f"each decision's window. All it may do: talk for the whole window, and take {WRITING} minutes for each request it "
    f"sends and {READING} for each request or answer it gets. A decision's own text is read within its window."
)


@dataclass(frozen=True)
class Needs:
    """What a course asks of one team on average, in minutes."""

    team: str
    words: float
    reading: float
    """Of all but the texts of decisions."""
    windows: float
    letters: float
    stated: float

    @property
    def must(self) -> float:
        """The least that it takes."""
        return self.reading + self.windows / 2

    @property
    def may(self) -> float:
        """What it takes to do everything at leisure."""
        return self.reading + self.windows + self.letters


def play_minutes(scenario: Scenario) -> float:
    """Stated minutes of play, plenaries left out."""
    return sum(move.minutes for move in scenario.moves) / 60


def needs(scenario: Scenario, explored: Explored) -> tuple[Needs, ...]:
    """What each team needs, team by team."""
    stated, texts = play_minutes(scenario), Texts(scenario).of
    rows = []
    for team in scenario.teams:
        put = {
            decision: explored.figures.came[things.decision(decision.id)] / explored.courses
            for decision in scenario.decisions
            if decision.team == team.id
        }
        words = sum(explored.mean_load(team.id, "words"))
        asked = sum(share * texts[things.decision(decision.id)] for decision, share in put.items())
        sent, got = (sum(explored.mean_load(team.id, measure)) for measure in ("sent", "received"))
        rows.append(
            Needs(
                team=team.id,
                words=words,
                reading=max(0.0, words - asked) / WORDS_A_MINUTE,
                windows=sum(share * decision.window / 60 for decision, share in put.items()),
                letters=WRITING * sent + READING * got,
                stated=stated,
            )
        )
    return tuple(rows)


def load(scenario: Scenario, explored: Explored) -> Iterator[Finding]:
    """All that is too much or too little for a team."""
    for n, need in enumerate(needs(scenario, explored)):
        path: Path = ("teams", n)
        short = scenario.teams_by_id[need.team].short
        if need.must > FULL * need.stated:
            yield Finding(
                "too-much",
                "warning",
                path,
                f"{short} needs at least {need.must:.0f} minutes to read and decide, and {need.stated:.0f} minutes of "
                "play are stated",
            )
        elif need.may < THIN * need.stated:
            yield Finding(
                "too-little",
                "warning",
                path,
                f"{short} has about {need.may:.0f} minutes of reading, deciding and requests in {need.stated:.0f} "
                "minutes of play",
            )
        yield from _behind(scenario, explored, n, need.team)
        yield from _at_once(scenario, explored, n, need.team)
        yield from _idle(scenario, explored, n, need.team)


def unread(explored: Explored, team: str) -> tuple[float, ...]:
    """How many minutes of text lie unread before a team at the end of each slice, on average."""
    rows: list[float] = []
    left = 0.0
    for words in explored.mean_load(team, "words"):
        left = max(0.0, left + words / WORDS_A_MINUTE - SLICE / 60)
        rows.append(left)
    return tuple(rows)


def _behind(scenario: Scenario, explored: Explored, n: int, team: str) -> Iterator[Finding]:
    rows = unread(explored, team)
    worst = max(rows, default=0.0)
    if worst >= BEHIND:
        slot = rows.index(worst)
        short = scenario.teams_by_id[team].short
        text = f"{short} is given more than it can read: {worst:.0f} minutes of text lie unread at {at(slot + 1)}"
        yield Finding("unread", "warning", ("teams", n), f"{text}, at {WORDS_A_MINUTE} words a minute")


def _at_once(scenario: Scenario, explored: Explored, n: int, team: str) -> Iterator[Finding]:
    spreads = explored.load(team, "open")
    most = max((spread.middle for spread in spreads), default=0)
    if most >= AT_ONCE:
        slot = next(slot for slot, spread in enumerate(spreads) if spread.middle == most)
        short = scenario.teams_by_id[team].short
        text = f"{short} has {most:g} decisions open at once at {at(slot)} in half of the courses or more"
        yield Finding("open-at-once", "warning", ("teams", n), text)


def _idle(scenario: Scenario, explored: Explored, n: int, team: str) -> Iterator[Finding]:
    waits = explored.figures.waits.get(team, Counter())
    long = sum(many for seconds, many in waits.items() if seconds > IDLE * 60)
    if not long:
        return
    short = scenario.teams_by_id[team].short
    longest = max(waits) / 60
    share = long / explored.courses
    if share >= 0.5:
        text = (
            f"{short} waits for more than {IDLE} minutes in {share:.0%} of the courses, at most {longest:.0f} minutes"
        )
        yield Finding("idle", "warning", ("teams", n), text)
    else:
        text = f"{short} waits for up to {longest:.0f} minutes in {often(long, 'course')} of {explored.courses:,}"
        yield Finding("idle", "note", ("teams", n), text)


def at(slot: int) -> str:
    """The play time at which a slice begins, as hours and minutes."""
    minutes = slot * SLICE // 60
    return f"{minutes // 60}:{minutes % 60:02d}"
