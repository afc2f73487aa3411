"""How sessions went: each decision and how it was answered, and where sessions of one scenario took different ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any, Literal

from exercise.core import events as ev
from exercise.core.scenario import Scenario
from exercise.core.script import Decision
from exercise.session.log import LoadedLog

Ending = Literal["chosen", "own", "lapsed", "open", "not put"]
"""How a decision ended; `own` is the team's own proposal, `open` that the log ends before it did."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How one session answered one decision, as it stood at the end."""

    ending: Ending
    option: str | None = None
    letter: str = ""
    """By its place in the scenario, since not every session need have offered the same."""
    title: str = ""
    """What was chosen, in words; the team's own words where it proposed something else."""
    reason: str = ""
    exercise: int | None = None
    seq: int | None = None
    rounds: int = 1

    @property
    def same_as(self) -> tuple[str, str | None, str]:
        """What must be equal for two sessions to have answered alike: two proposals in other words are not."""
        return self.ending, self.option, self.title if self.ending == "own" else ""

    @property
    def short(self) -> str:
        """What stands in a table: the option's letter, or how else it ended."""
        return self.letter if self.ending == "chosen" else self.ending

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "ending": self.ending,
            "option": self.option,
            "letter": self.letter,
            "title": self.title,
            "reason": self.reason,
            "exercise": self.exercise,
            "entry": self.seq,
            "rounds": self.rounds,
        }


NOT_PUT = Taken("not put")


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision, and how each session answered it."""

    decision: str
    team: str
    title: str
    taken: tuple[Taken, ...]

    @property
    def differs(self) -> bool:
        """Whether some session answered it otherwise than another; not having been asked is no answer."""
        return len({taken.same_as for taken in self.taken if taken.ending != "not put"}) > 1

    @property
    def first(self) -> int:
        """Time of the story at which a session first answered it, or let it lapse."""
        return min((taken.exercise for taken in self.taken if taken.exercise is not None), default=1 << 60)

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "decision": self.decision,
            "team": self.team,
            "title": self.title,
            "differs": self.differs,
            "sessions": [taken.as_data() for taken in self.taken],
        }


def decision_rows(logs: Sequence[LoadedLog]) -> tuple[DecisionRow, ...]:
    """Every decision that was put in any of the logs, in the order in which the first session answered them."""
    known: dict[str, Decision] = {}
    for log in logs:
        known |= {id: decision for id, decision in log.scenario.decisions_by_id.items() if id not in known}
    found = [_taken(log.scenario, log.entries) for log in logs]
    rows = [
        DecisionRow(id, decision.team, decision.title, tuple(taken.get(id, NOT_PUT) for taken in found))
        for id, decision in known.items()
        if any(id in taken for taken in found)
    ]
    return tuple(sorted(rows, key=lambda row: row.first))


def parted_at(rows: Iterable[DecisionRow]) -> DecisionRow | None:
    """The first decision that was answered differently; None where all were answered alike."""
    return next((row for row in rows if row.differs), None)


def _taken(scenario: Scenario, entries: Iterable[ev.LogEntry]) -> Mapping[str, Taken]:
    found: dict[str, Taken] = {}
    rounds: dict[str, int] = {}
    for entry in entries:
        event = entry.event
        if isinstance(event, ev.DecisionOpened | ev.DecisionReopened):
            rounds[event.decision] = rounds.get(event.decision, 0) + 1
            found[event.decision] = Taken("open", rounds=rounds[event.decision])
        elif isinstance(event, ev.DecisionLapsed):
            found[event.decision] = Taken(
                "lapsed", exercise=entry.exercise, seq=entry.seq, rounds=rounds.get(event.decision, 1)
            )
        elif isinstance(event, ev.ResponseChosen):
            found[event.decision] = _chosen(scenario, entry, event, rounds.get(event.decision, 1))
    return found


def _chosen(scenario: Scenario, entry: ev.LogEntry, event: ev.ResponseChosen, rounds: int) -> Taken:
    decision = scenario.decisions_by_id.get(event.decision)
    options = decision.options if decision is not None else ()
    letter, title = next(
        (
            (letter, option.title)
            for letter, option in zip(ascii_uppercase, options, strict=False)
            if option.id == event.option
        ),
        ("?", event.option or event.free_text),
    )
    return Taken(
        "own" if event.option is None else "chosen",
        event.option,
        "" if event.option is None else letter,
        title,
        event.reason,
        entry.exercise,
        entry.seq,
        rounds,
    )


@dataclass(frozen=True, slots=True)
class CommonPast:
    """Two sessions whose logs begin with the very same lines, as a fork and its parent do."""

    earlier: int
    """Places of the two sessions in the order given, from 0."""
    later: int
    entries: int
    exercise: int

    def as_data(self) -> dict[str, Any]:
        """Plain JSON types; sessions count from 1, as they are shown."""
        return {"sessions": [self.earlier + 1, self.later + 1], "entries": self.entries, "exercise": self.exercise}


def common_pasts(logs: Sequence[LoadedLog]) -> tuple[CommonPast, ...]:
    """For each session but the first, the earlier one with which it shares the longest beginning, where any does."""
    found = []
    for later in range(1, len(logs)):
        shared = [_shared(logs[earlier].lines, logs[later].lines) for earlier in range(later)]
        most = max(shared)
        if most:
            entry = logs[later].entries[most - 1]
            found.append(CommonPast(shared.index(most), later, most, entry.exercise))
    return tuple(found)


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines two logs share from the first on; each carries the hash of all before it."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[middle - 1] == other[middle - 1]:
            low = middle
        else:
            high = middle - 1
    return low
