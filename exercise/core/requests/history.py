"""What a log tells of each request, step by step and with the entries: all that the detectors over requests read.

One walk over the entries; hidden facts are never looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from exercise.core.events import EvidenceLearned, ExerciseEnded, LogEntry, MoveClosed, MoveOpened
from exercise.core.happened import Happened
from exercise.core.requests import events as ev
from exercise.core.requests.commands import ANSWERS
from exercise.core.requests.kinds import RequestKind, Step

AGREEING = (Step.ACCEPTED, Step.PART, Step.CONDITIONS_ACCEPTED)
"""The steps by which something is agreed."""

_SENT, _MENDED, _FULFILLED, _FAILED = Step.SENT, Step.MENDED, Step.FULFILLED, Step.FAILED


@dataclass(eq=False, slots=True)
class Life:
    """One request: how it was sent, and every step with its entry."""

    kind: RequestKind
    entry: LogEntry
    """With which it was sent."""
    sent: ev.RequestSent
    steps: list[tuple[Step, LogEntry]] = field(default_factory=list)
    answers: list[tuple[LogEntry, ev.RequestAnswered]] = field(default_factory=list)
    taken: tuple[LogEntry, ev.ConditionsTaken] | None = None
    fulfilment: ev.RequestFulfilled | None = None
    failure: str = ""
    gaps: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    """What was missing from an entry on."""
    learned: list[tuple[LogEntry, EvidenceLearned]] = field(default_factory=list)
    """Evidence that changed hands by it."""

    @property
    def status(self) -> Step:
        """How far it has come."""
        return self.steps[-1][0]

    @property
    def last(self) -> LogEntry:
        """The entry of its newest step."""
        return self.steps[-1][1]

    def came(self, *steps: Step) -> LogEntry | None:
        """The entry of the first of these steps that it took; none where it took none."""
        for step, entry in self.steps:
            if step in steps:
                return entry
        return None

    def missing(self, before: LogEntry) -> tuple[str, ...]:
        """Ids of the demanded elements that were missing just before an entry."""
        found: tuple[str, ...] = ()
        for seq, gap in self.gaps:
            if seq < before.seq:
                found = gap
        return found

    def named(self, ids: Iterable[str]) -> str:
        """Names of elements in one line."""
        wanted = set(ids)
        return ", ".join(element.name for element in self.kind.elements if element.id in wanted)


@dataclass(eq=False, slots=True)
class History:
    """All requests of a log, and what else bears on them."""

    lives: dict[str, Life] = field(default_factory=dict)
    ended: LogEntry | None = None
    """ENDEX, once it has come."""
    moves: list[tuple[int, int | None]] = field(default_factory=list)
    """Play time at which each move began and ended; requests lie idle through a plenary."""
    tried: dict[tuple[str, int], list[tuple[LogEntry, bool]]] = field(default_factory=dict)
    """What a team learned of a line of its directory, and when: whether it works."""
    lifted: dict[tuple[str, str], LogEntry] = field(default_factory=dict)
    """From when on nothing binds a team any more that holds a piece of evidence."""
    unasked: dict[tuple[str, str], LogEntry] = field(default_factory=dict)
    """Evidence that a team came to hold by other ways than a request."""
    passed_on: dict[tuple[str, str], tuple[LogEntry, str]] = field(default_factory=dict)
    """Where a team first passed on evidence, by a request, against the conditions it held it under; and to whom."""

    def of(self, team: str) -> Iterator[Life]:
        """What a team sent."""
        return (life for life in self.lives.values() if life.sent.by == team)

    def played(self, since: LogEntry) -> int:
        """Seconds of play inside moves from an entry to ENDEX."""
        until = self.ended.play if self.ended else since.play
        stretches = ((max(begins, since.play), until if ends is None else ends) for begins, ends in self.moves)
        return sum(max(0, min(ends, until) - begins) for begins, ends in stretches)

    def known_dead(self, life: Life) -> LogEntry | None:
        """The entry by which a team knew, when it sent a request, that this line of its directory was dead."""
        tried = self.tried.get((life.sent.by, life.sent.contact), ())
        before = [(entry, works) for entry, works in tried if entry.seq < life.entry.seq]
        return before[-1][0] if before and not before[-1][1] else None


def history(entries: Iterable[LogEntry], kinds: Mapping[str, RequestKind]) -> History:
    """Walk a log, or a prefix of one, for what it tells of requests; a kind that is not known is left out."""
    told = History()
    for entry in entries:
        event = entry.event
        if event.__class__ in _STEPPED:
            life = told.lives.get(getattr(event, "request", ""))
            if life is not None:
                _step(told, life, entry, event)
        elif event.__class__ in TOLD:
            _tell(told, entry, event, kinds)
    return told


def _tell(told: History, entry: LogEntry, event: Happened, kinds: Mapping[str, RequestKind]) -> None:
    match event:
        case ev.RequestSent():
            kind = kinds.get(event.kind)
            if kind is not None:
                life = told.lives[event.request] = Life(kind, entry, event, [(_SENT, entry)])
                life.gaps.append((entry.seq, event.missing))
                _against(told, event.by, event.against, entry, event.to)
        case ev.ContactTried():
            told.tried.setdefault((event.team, event.contact), []).append((entry, event.works))
        case ev.ContactRenewed():
            told.tried.setdefault((event.team, event.contact), []).append((entry, True))
        case ev.ConditionsLifted():
            if event.handling is None or not event.handling.binds:
                told.lifted.setdefault((event.team, event.evidence), entry)
        case EvidenceLearned():
            found = told.lives.get(event.request or "")
            if found is not None:
                found.learned.append((entry, event))
            else:
                told.unasked.setdefault((event.team, event.evidence), entry)
        case MoveOpened():
            told.moves.append((entry.play, None))
        case MoveClosed() if told.moves:
            told.moves[-1] = (told.moves[-1][0], entry.play)
        case ExerciseEnded():
            told.ended = entry


def _step(told: History, life: Life, entry: LogEntry, event: Happened) -> None:
    step = _STEPS.get(event.__class__)
    match event:
        case _ if step is not None:
            pass
        case ev.RequestAnswered():
            life.answers.append((entry, event))
            step = ANSWERS[event.answer]
        case ev.RequestMended():
            life.gaps.append((entry.seq, event.missing))
            step = _MENDED
        case ev.ConditionsTaken():
            life.taken = (entry, event)
            step = Step.CONDITIONS_ACCEPTED if event.accepted else Step.CONDITIONS_DECLINED
        case ev.RequestFulfilled():
            life.fulfilment = event
            _against(told, life.sent.to, event.against, entry, life.sent.by)
            step = _FULFILLED
        case ev.RequestFailed():
            life.failure = event.reason
            step = _FAILED
        case _:
            return
    life.steps.append((step, entry))


def _against(told: History, team: str, evidence: tuple[str, ...], entry: LogEntry, to: str) -> None:
    for name in evidence:
        told.passed_on.setdefault((team, name), (entry, to))


_STEPS: Mapping[type[Happened], Step] = {
    ev.RequestDelivered: Step.DELIVERED,
    ev.RequestAcknowledged: Step.ACKNOWLEDGED,
    ev.RequestLapsed: Step.LAPSED,
    ev.RequestWithdrawn: Step.WITHDRAWN,
}

_STEPPED = frozenset[type[Happened]](
    {
        ev.RequestFailed,
        ev.RequestAnswered,
        ev.RequestMended,
        ev.ConditionsTaken,
        ev.RequestFulfilled,
        *_STEPS,
    }
)
"""The steps of a request that has been sent."""

TOLD = frozenset[type[Happened]](
    {
        ev.RequestSent,
        ev.ContactTried,
        ev.ContactRenewed,
        ev.ConditionsLifted,
        EvidenceLearned,
        MoveOpened,
        MoveClosed,
        ExerciseEnded,
        *_STEPPED,
    }
)
"""The events that tell of requests; the others are most of a log."""
