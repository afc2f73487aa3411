"""One request as a detector looks at it, with the words in which its finding is told."""

from __future__ import annotations

from collections.abc import Iterator

from exercise.core.course import Course
from exercise.core.detectors import Names, Verdict, seqs_of
from exercise.core.events import LogEntry
from exercise.core.records import dataclass
from exercise.core.requests.history import History, Life
from exercise.core.requests.kinds import Step
from exercise.core.scenario import Scenario
from exercise.core.script import Grade
from exercise.core.times import tell_exercise_time

ENOUGH_PLAY = 600
"""Seconds of play below which nobody is blamed for what was not done before ENDEX."""

_DELIVERED = Step.DELIVERED


@dataclass(frozen=True, slots=True)
class Case:
    """A request, the log around it, and the scenario it was played in."""

    life: Life
    told: History
    course: Course
    scenario: Scenario
    names: Names
    """Of the parties, as the scenario has them."""

    @property
    def to(self) -> str:
        """Whom it went to, as people write it."""
        party = self.life.sent.to
        return self.names.get(party, party)

    @property
    def by(self) -> str:
        """Who sent it, as people write it."""
        party = self.life.sent.by
        return self.names.get(party, party)

    def name(self, party: str) -> str:
        """A team or actor, as people write it."""
        return self.names.get(party, party)

    @property
    def channel(self) -> str:
        """The channel it went by, as people write it."""
        known = self.scenario.channels_by_id.get(self.life.sent.channel)
        return known.name if known else self.life.sent.channel

    @property
    def subject(self) -> str | None:
        """What it is about, as acts name it."""
        matter = self.scenario.matters_by_id.get(self.life.sent.matter or "")
        return matter.subject if matter else None

    @property
    def arrived(self) -> LogEntry | None:
        """The entry with which it reached its addressee."""
        return self.life.came(_DELIVERED)

    def idle(self, since: LogEntry) -> bool:
        """Whether ENDEX has come and there had been time enough after an entry."""
        return self.told.ended is not None and self.told.played(since) >= ENOUGH_PLAY

    def sent_again(self) -> Iterator[Life]:
        """Later requests of the same team, of the same kind and about the same, that reached someone."""
        sent = self.life.sent
        for other in self.told.of(sent.by):
            same = other.kind.id == sent.kind and other.sent.matter == sent.matter
            if same and other.entry.seq > self.life.entry.seq and other.came(_DELIVERED) is not None:
                yield other


def at(entry: LogEntry) -> str:
    """When it was, as people write it."""
    return tell_exercise_time(entry.exercise)


def found(grade: Grade, reason: str, shown: LogEntry, *more: LogEntry | None, knowing: bool = False) -> Verdict:
    """A finding that stands from its newest entry on."""
    newest, seqs = shown, [shown.seq]
    for entry in more:
        if entry is not None:
            seqs.append(entry.seq)
            if entry.seq > newest.seq:
                newest = entry
    return Verdict(grade, reason, seqs_of(*seqs), newest.exercise, knowing)
