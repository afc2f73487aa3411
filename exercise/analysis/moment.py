"""The moment just before a decision was answered, or lapsed, in a log, and the ways on from there.

What came before is kept entry by entry, so that whatever is played on from it shares the past and the hidden facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Literal

from exercise.core import events as ev
from exercise.core.decide import available_options
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.script import Decision
from exercise.core.state import State
from exercise.errors import UsageError
from exercise.session.log import LoadedLog

How = Literal["answered", "lapsed", "open"]
"""What became of the decision in the log; `open` where the log, or the exercise, ended before it was answered."""

_PUT = re.compile(r"(?P<decision>[^#]*)(?:#(?P<round>[0-9]{1,3}))?")


@dataclass(frozen=True, slots=True)
class Way:
    """One way to answer the decision: a listed option, the team's own proposal of the log, or no answer."""

    key: str
    """The option's letter, as the team's screen had it, `own`, or `lapse`."""
    option: str | None
    title: str
    taken: bool
    """Whether it is what really happened."""

    @property
    def lapses(self) -> bool:
        """Whether the decision is left to lapse."""
        return self.key == "lapse"


@dataclass(frozen=True)
class Moment:
    """Where the ways part: the log up to there, and what the team answered then."""

    scenario: Scenario
    reference: Reference
    past: tuple[ev.LogEntry, ...]
    decision: Decision
    round: int
    """1, or more where the decision was put again."""
    rounds: int
    how: How
    answer: ev.ResponseChosen | None
    seq: int
    """The entry of the answer or the lapse; the first one after the log where it is open."""
    play: int
    """Seconds of play at which each way is taken."""

    @property
    def key(self) -> str:
        """The decision's id, with the round where it is not the first."""
        return self.decision.id if self.round == 1 else f"{self.decision.id}#{self.round}"

    def ways(self, state: State) -> tuple[Way, ...]:
        """Every way on: the options offered then, the team's own words where it used them, and no answer."""
        chosen = self.answer.option if self.answer is not None else None
        found = [
            Way(letter, option.id, option.title, self.how == "answered" and option.id == chosen)
            for letter, option in zip(ascii_uppercase, available_options(self.decision, state), strict=False)
        ]
        if self.answer is not None and chosen is None:
            found.append(Way("own", None, "The team's own proposal", True))
        return (*found, Way("lapse", None, "No answer: it lapses", self.how == "lapsed"))


@dataclass(frozen=True, slots=True)
class _Answered:
    """How one round of a decision ended."""

    index: int
    event: ev.ResponseChosen | ev.DecisionLapsed | None


def moment_of(log: LoadedLog, name: str, nearest: str = "") -> Moment:
    """The moment just before a decision ended in a log; `name` is its id, with `#2` for the second time it was put.

    `nearest` is what an unknown name was perhaps meant to be, in words to put behind the complaint.
    """
    scenario = log.scenario
    found = _PUT.fullmatch(name.strip())
    decision = scenario.decisions_by_id.get(found["decision"].strip()) if found else None
    put = tuple(dict.fromkeys(e.event.decision for e in log.entries if isinstance(e.event, ev.DecisionOpened)))
    if found is None or decision is None:
        told = nearest or (f". Put in this log: {_some(put)}." if put else ".")
        raise UsageError(f"'{scenario.title}' has no decision '{name.strip()[:40]}'{told}")
    rounds = tuple(_rounds(log, decision.id))
    if not rounds:
        team = scenario.names[decision.team]
        told = f"; put were: {_some(put)}." if put else "; it ends before any was put."
        raise UsageError(f"{log.name}: decision '{decision.id}' was never put to {team} in this log{told}")
    number = int(found["round"] or 1)
    if not 1 <= number <= len(rounds):
        often = "once" if len(rounds) == 1 else f"{len(rounds)} times"
        raise UsageError(f"{log.name}: decision '{decision.id}' was put {often} in this log; there is no #{number}.")
    if scenario.facts and not log.state.facts:
        raise UsageError(f"{log.name}: the hidden facts were taken out of this log, so it cannot be played on.")
    return _moment(log, decision, number, rounds)


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:12]) + (", …" if len(names) > 12 else "")


def _rounds(log: LoadedLog, decision: str) -> Iterator[_Answered]:
    """How each round of a decision ended, in the order of the log."""
    is_open = False
    end = len(log.entries)
    for index, entry in enumerate(log.entries):
        event = entry.event
        if isinstance(event, ev.ExerciseEnded):
            end = index
            break
        if isinstance(event, ev.DecisionOpened | ev.DecisionReopened) and event.decision == decision:
            is_open = True
        elif isinstance(event, ev.ResponseChosen | ev.DecisionLapsed) and event.decision == decision:
            is_open = False
            yield _Answered(index, event)
    if is_open:
        yield _Answered(end, None)


def _moment(log: LoadedLog, decision: Decision, number: int, rounds: tuple[_Answered, ...]) -> Moment:
    ended = rounds[number - 1]
    entries = log.entries
    cut = ended.index
    # The commands of a batch are never cut in two: what the answer's command brought along is to come again by itself.
    while 0 < cut < len(entries) and entries[cut - 1].batch == entries[cut].batch:
        cut -= 1
    stood = entries[cut - 1].play if cut else 0
    if isinstance(ended.event, ev.ResponseChosen):
        play = entries[ended.index].play
    elif ended.event is not None:
        play = max(stood, entries[ended.index].play - 1)
    else:
        play = stood
    how: How = "open"
    if ended.event is not None:
        how = "answered" if isinstance(ended.event, ev.ResponseChosen) else "lapsed"
    return Moment(
        scenario=log.scenario,
        reference=log.reference,
        past=entries[:cut],
        decision=decision,
        round=number,
        rounds=len(rounds),
        how=how,
        answer=ended.event if isinstance(ended.event, ev.ResponseChosen) else None,
        seq=ended.index + 1,
        play=play,
    )
