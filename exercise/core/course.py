"""The course of an exercise as the assessment reads it: one walk through the log, with the state before each entry.

Answers and acts of a decision that was put again are left out: that correction takes back what had been answered.
Hidden facts are taken out of every state that is looked at, so that nothing built on this can read them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from itertools import accumulate
from typing import assert_never

from exercise.core import events as ev
from exercise.core.acts import Act, ActKind
from exercise.core.conditions import (
    AllOf,
    AnyOf,
    Chose,
    Condition,
    Did,
    FactIs,
    FlagIsSet,
    IndicatorIs,
    Knows,
    Lapsed,
    Not,
    Released,
    Requested,
    TimeIs,
    holds,
    references,
    steps_of,
)
from exercise.core.evolve import evolve
from exercise.core.happened import Happened
from exercise.core.records import dataclass, replace
from exercise.core.requests.folds import BRINGS
from exercise.core.state import State

Cause = tuple[type[Happened], str]
"""A type of events, and the name of what they change: a flag, an inject, a decision, …"""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a decision was answered, or that its window closed."""

    decision: str
    team: str
    index: int
    """Place of the entry in the walk; `Course.state(index)` is the state just before it."""
    seq: int
    batch: int
    play: int
    exercise: int
    chosen: ev.ResponseChosen | None
    """Empty where the window closed unanswered."""
    round: int
    """1, or more where the decision was put again."""

    @property
    def key(self) -> str:
        """Id of this occasion: the decision's, with the round where it is not the first."""
        return self.decision if self.round == 1 else f"{self.decision}#{self.round}"


@dataclass(frozen=True, slots=True)
class DoneAct:
    """An act with its place in the log, and the answer it came with."""

    team: str
    act: Act
    seq: int
    batch: int
    exercise: int
    answer: Answer | None
    request: str | None = None
    """The request by a step of which it was done."""


@dataclass(frozen=True, eq=False)
class Course:
    """A log, walked once."""

    entries: tuple[ev.LogEntry, ...]
    _states: Sequence[State]
    """The state before each entry, and at the end the last one; with hidden facts, so that none reads it but `state`,
    and those here who first make sure that a condition asks for none.
    """
    answers: tuple[Answer, ...]
    """In the order of the log, without those taken back."""
    acts: Mapping[str, tuple[DoneAct, ...]]
    """Acts of each team in the order of the log, without those of answers taken back."""
    follow_ups: Mapping[tuple[str, str, str], list[tuple[ev.LogEntry, ev.FollowedUp]]]
    """By decision, team and kind, each in the order of the log."""
    _kinds: Mapping[type[Happened], list[int]]
    """Where the events of each type stand."""
    _named: dict[type[Happened], dict[str, list[int]]] = field(default_factory=dict)
    """The same by what they name, for the few types that somebody has asked about."""

    def state(self, index: int) -> State:
        """The state before an entry, or with -1 the last one, without hidden facts."""
        return replace(self._states[index], facts={})

    @property
    def states(self) -> tuple[State, ...]:
        """The state before each entry, and at the end the last one, without hidden facts."""
        return tuple(map(self.state, range(len(self._states))))

    def of(self, kinds: Iterable[type[Happened]]) -> list[ev.LogEntry]:
        """The entries of some types of events, in the order of the log."""
        found = sorted([index for kind in kinds for index in self._kinds.get(kind, ())])
        return [self.entries[index] for index in found]

    @property
    def voided(self) -> frozenset[str]:
        """Ids of the marks that the facilitator has voided."""
        return self._states[-1].voided

    def acts_of(self, team: str, *kinds: ActKind) -> Sequence[DoneAct]:
        """What a team did, from the first act to the last; of these kinds only, where some are named."""
        if not kinds:
            return self.acts.get(team, ())
        rows = [row for kind in kinds if (row := self._acts_by_kind.get((team, kind)))]
        return rows[0] if len(rows) == 1 else sorted([done for row in rows for done in row], key=_seq)

    @cached_property
    def _acts_by_kind(self) -> Mapping[tuple[str, ActKind], list[DoneAct]]:
        found: dict[tuple[str, ActKind], list[DoneAct]] = defaultdict(list)
        for row in self.acts.values():
            for done in row:
                found[done.team, done.act.act].append(done)
        return found

    def places(self, kind: type[Happened], name: str = "") -> Sequence[int]:
        """Where the events of a type stand, or those of them that name this flag, inject, decision, …"""
        row, named = self._kinds.get(kind, ()), _NAMES.get(kind)
        if named is None:
            return row
        rows = self._named.get(kind)
        if rows is None:
            rows = self._named[kind] = defaultdict(list)
            for index in row:
                rows[getattr(self.entries[index].event, named)].append(index)
        return rows.get(name, ())

    def holds_before(self, condition: Condition | None, answer: Answer) -> bool:
        """Whether a condition held when an answer was given; one that asks for a hidden fact never does."""
        return condition is None or (not reads_facts(condition) and holds(condition, self._states[answer.index]))

    def first_entry(self, condition: Condition, moved_by: frozenset[Cause] | None = None) -> ev.LogEntry | None:
        """The entry with which a condition first held; `moved_by` is what moves it, where that is known."""
        moved_by = movers(condition) if moved_by is None else moved_by
        if not moved_by or not self.entries:
            return None
        if condition.__class__ is Requested and not holds(condition, self._states[-1]):
            return None  # A step that was taken stays taken, so that the many of a log need not be looked at.
        for index in (0, *self._turns(moved_by)):
            if holds(condition, self._states[index + 1]):
                return self.entries[index]
        return None

    def became_true_after(self, condition: Condition | None, answer: Answer) -> ev.LogEntry | None:
        """The entry, later than the whole batch of an answer, with which a condition came to hold that had not held.

        What the chosen option itself brings about is not later conduct, so the batch of the answer does not count.
        """
        moved_by = movers(condition) if condition is not None else None
        if condition is None or not moved_by:
            return None
        entries, states, last = self.entries, self._states, answer.index
        while last + 1 < len(entries) and entries[last + 1].batch == answer.batch:
            last += 1
        held = holds(condition, states[last + 1])
        for index in self._turns(moved_by):
            if index > last:
                now = holds(condition, states[index + 1])
                if now and not held:
                    return entries[index]
                held = now
        return None

    def _turns(self, moved_by: frozenset[Cause]) -> Sequence[int]:
        """Places of the entries that can make a condition hold or end it, in the order of the log."""
        rows = [row for kind, name in moved_by if (row := self.places(kind, name))]
        return rows[0] if len(rows) == 1 else sorted([index for row in rows for index in row])

    def passing(self, until: int) -> int | None:
        """Index of the entry with which a time of the story passed, or of ENDEX at that very time; else none."""
        entries = self.entries
        after = bisect_right(entries, until, key=_exercise)
        if after < len(entries):
            return after
        ended = self.places(ev.ExerciseEnded)
        return ended[-1] if ended and entries[ended[-1]].exercise == until else None


def _seq(done: DoneAct) -> int:
    return done.seq


def _exercise(entry: ev.LogEntry) -> int:
    return entry.exercise


def movers(condition: Condition) -> frozenset[Cause]:
    """The events that can make a condition hold or end it; none where it asks for a hidden fact, as no mark may."""
    return frozenset() if reads_facts(condition) else _moved_by(condition)


def _moved_by(condition: Condition) -> frozenset[Cause]:
    """The events on which it depends whether a condition holds."""
    match condition:
        case AllOf():
            return frozenset().union(*map(_moved_by, condition.all))
        case AnyOf():
            return frozenset().union(*map(_moved_by, condition.any))
        case Not():
            return _moved_by(condition.not_)
        case FlagIsSet():
            return _about(condition.flag, ev.FlagRaised, ev.FlagCleared)
        case FactIs():
            return frozenset()
        case IndicatorIs():
            changed = _about(condition.indicator, ev.IndicatorChanged, ev.IndicatorCorrected)
            return changed | _about("", ev.ExerciseStarted)
        case Chose():
            return _about(condition.chose, *_DECISIONS)
        case Lapsed():
            return _about(condition.lapsed, *_DECISIONS)
        case Released():
            return _about(condition.released, ev.InjectReleased)
        case TimeIs():
            return _about("", ev.ClockAdvanced, ev.MoveOpened)
        case Did():
            return _about(condition.by, ev.ActDone)
        case Knows():
            return _about(condition.knows, ev.EvidenceLearned)
        case Requested():
            # A step that was taken stays taken, so nothing else makes it hold, or ends it.
            return _about("", *(BRINGS[step] for step in steps_of(condition)))
    assert_never(condition)


def _about(name: str, *kinds: type[Happened]) -> frozenset[Cause]:
    return frozenset((kind, name) for kind in kinds)


_DECISIONS = (ev.DecisionOpened, ev.ResponseChosen, ev.DecisionLapsed, ev.DecisionReopened)

_NAMES: Mapping[type[Happened], str] = {
    ev.FlagRaised: "flag",
    ev.FlagCleared: "flag",
    ev.IndicatorChanged: "indicator",
    ev.IndicatorCorrected: "indicator",
    ev.DecisionOpened: "decision",
    ev.ResponseChosen: "decision",
    ev.DecisionLapsed: "decision",
    ev.DecisionReopened: "decision",
    ev.InjectReleased: "inject",
    ev.ActDone: "team",
    ev.EvidenceLearned: "evidence",
}
"""The field by which an event names what it changes; an event of another type stands under an empty name."""


def reads_facts(condition: Condition) -> bool:
    """Whether a condition asks for a hidden fact, which no mark may."""
    return any(kind == "fact" for kind, _ in references(condition))


_TOLD = frozenset[type[Happened]](
    {
        ev.ActDone,
        ev.ResponseChosen,
        ev.DecisionLapsed,
        ev.DecisionReopened,
        ev.FollowedUp,
    }
)
"""Events that a course keeps of its own; the others are most of a log, and only move the state."""


def follow(entries: Iterable[ev.LogEntry], states: Sequence[State] | None = None) -> Course:
    """Walk a log, or a prefix of one, once.

    Whoever has played it and kept the states, that before each entry and the last one, spares it folding them again.
    """
    row = tuple(entries)
    if states is None:
        states = tuple(accumulate((entry.event for entry in row), evolve, initial=State()))
    answers: dict[int, Answer] = {}
    current: dict[str, Answer] = {}
    rounds: dict[str, int] = {}
    acts: list[DoneAct] = []
    follow_ups: dict[tuple[str, str, str], list[tuple[ev.LogEntry, ev.FollowedUp]]] = {}
    kinds: dict[type[Happened], list[int]] = defaultdict(list)
    for index, entry in enumerate(row):
        kinds[entry.event.__class__].append(index)
    for index in sorted([index for kind in _TOLD for index in kinds.get(kind, ())]):
        entry = row[index]
        event = entry.event
        if isinstance(event, ev.ActDone):  # By far the most.
            answer = current.get(event.decision) if event.decision else None
            acts.append(DoneAct(event.team, event.act, entry.seq, entry.batch, entry.exercise, answer, event.request))
        elif isinstance(event, (ev.ResponseChosen, ev.DecisionLapsed)):
            answer = Answer(
                event.decision,
                event.team,
                index,
                entry.seq,
                entry.batch,
                entry.play,
                entry.exercise,
                event if isinstance(event, ev.ResponseChosen) else None,
                rounds.get(event.decision, 1),
            )
            answers[index] = current[event.decision] = answer
        elif isinstance(event, ev.DecisionReopened):
            rounds[event.decision] = rounds.get(event.decision, 1) + 1
            taken_back = current.pop(event.decision, None)
            if taken_back is not None:
                del answers[taken_back.index]
        elif isinstance(event, ev.FollowedUp):
            follow_ups.setdefault((event.decision, event.team, event.kind), []).append((entry, event))
    by_team: dict[str, list[DoneAct]] = {}
    for done in acts:
        if done.answer is None or done.answer.index in answers:
            by_team.setdefault(done.team, []).append(done)
    return Course(
        entries=row,
        _states=states,
        answers=tuple(answers.values()),
        acts={team: tuple(row) for team, row in by_team.items()},
        follow_ups=follow_ups,
        _kinds=kinds,
    )
