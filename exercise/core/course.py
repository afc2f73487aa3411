"""The course of an exercise as the assessment reads it: one walk through the log, with the state before each entry.

Answers and acts of a decision that was put again are left out: that correction takes back what had been answered.
Hidden facts are taken out of every state that is looked at, so that nothing built on this can read them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import assert_never

from exercise.core import events as ev
from exercise.core.acts import Act
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
    """The state before each entry, and at the end the last one; with hidden facts, so that none but `state` reads it.
    """
    answers: tuple[Answer, ...]
    """In the order of the log, without those taken back."""
    acts: Mapping[str, tuple[DoneAct, ...]]
    """Acts of each team in the order of the log, without those of answers taken back."""
    follow_ups: Mapping[tuple[str, str, str], list[tuple[ev.LogEntry, ev.FollowedUp]]]
    """By decision, team and kind, each in the order of the log."""
    ended: bool
    places: Mapping[Cause, list[int]]
    """Where the events of each type stand, by what they name."""

    def state(self, index: int) -> State:
        """The state before an entry, or with -1 the last one, without hidden facts."""
        return replace(self._states[index], facts={})

    @property
    def states(self) -> tuple[State, ...]:
        """The state before each entry, and at the end the last one, without hidden facts."""
        return tuple(map(self.state, range(len(self._states))))

    @property
    def voided(self) -> frozenset[str]:
        """Ids of the marks that the facilitator has voided."""
        return self._states[-1].voided

    def acts_of(self, team: str) -> tuple[DoneAct, ...]:
        """What a team did, from the first act to the last."""
        return self.acts.get(team, ())

    def holds_before(self, condition: Condition | None, answer: Answer) -> bool:
        """Whether a condition held when an answer was given; one that asks for a hidden fact never does."""
        return condition is None or (not reads_facts(condition) and holds(condition, self.state(answer.index)))

    def first_entry(self, condition: Condition) -> ev.LogEntry | None:
        """The entry with which a condition first held."""
        if reads_facts(condition) or not self.entries:
            return None
        for index in (0, *self._turns(condition)):
            if holds(condition, self.state(index + 1)):
                return self.entries[index]
        return None

    def became_true_after(self, condition: Condition | None, answer: Answer) -> ev.LogEntry | None:
        """The entry, later than the whole batch of an answer, with which a condition came to hold that had not held.

        What the chosen option itself brings about is not later conduct, so the batch of the answer does not count.
        """
        if condition is None or reads_facts(condition):
            return None
        entries, last = self.entries, answer.index
        while last + 1 < len(entries) and entries[last + 1].batch == answer.batch:
            last += 1
        held = holds(condition, self.state(last + 1))
        for index in self._turns(condition):
            if index > last:
                now = holds(condition, self.state(index + 1))
                if now and not held:
                    return entries[index]
                held = now
        return None

    def _turns(self, condition: Condition) -> Iterable[int]:
        """Places of the entries that can make a condition hold or end it, in the order of the log."""
        rows = [self.places[cause] for cause in _moved_by(condition) if cause in self.places]
        return rows[0] if len(rows) == 1 else sorted(index for row in rows for index in row)

    def passing(self, until: int) -> int | None:
        """Index of the entry with which a time of the story passed, or of ENDEX at that very time; else none."""
        entries, found = self.entries, None
        for index in range(len(entries) - 1, -1, -1):
            if entries[index].exercise > until:
                found = index
            elif found is None and entries[index].exercise == until and self.ended:
                if isinstance(entries[index].event, ev.ExerciseEnded):
                    return index
            else:
                break
        return found


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
        ev.ExerciseEnded,
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
    ended = False
    places: dict[Cause, list[int]] = defaultdict(list)
    for index, entry in enumerate(row):
        event = entry.event
        kind = event.__class__
        named = _NAMES.get(kind)
        places[kind, getattr(event, named) if named else ""].append(index)
        if kind not in _TOLD:
            continue
        if isinstance(event, ev.ActDone):
            answer = current.get(event.decision) if event.decision else None
            acts.append(DoneAct(event.team, event.act, entry.seq, entry.batch, entry.exercise, answer, event.request))
        elif isinstance(event, ev.ResponseChosen | ev.DecisionLapsed):
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
        elif isinstance(event, ev.ExerciseEnded):
            ended = True
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
        ended=ended,
        places=places,
    )
