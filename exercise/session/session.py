"""A session: the only writer of its log. It stamps what the rules decide, keeps it, and only then tells anybody.

What is published has reached the store before, so whatever was shown as accepted is there after a crash.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from threading import RLock
from typing import Any

from exercise.core.assess import assess
from exercise.core.commands import AdvanceClock, Command, PauseClock, StartExercise
from exercise.core.decide import next_instant, work_out
from exercise.core.events import ExerciseEnded, LogEntry, MarksProposed
from exercise.core.evolve import evolve
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.schedule import story_now
from exercise.core.state import State
from exercise.core.tongues import as_read
from exercise.core.turn import Turn
from exercise.errors import CommandRejected, ExerciseError, LogError, StoreError
from exercise.session.clock import Now, Pace, PlayClock, Wall, wall_time
from exercise.session.facts import draw_facts
from exercise.session.log import (
    RULES,
    LoadedLog,
    decode_line,
    encode_entry,
    line_hash,
    make_header,
    prev_of,
    read_log,
    used_by,
)
from exercise.session.openings import Opening
from exercise.session.store import Store, StoreConflict, Stored, Summary

ASLEEP = 90.0
"""Seconds without a tick after which the machine, or the program, must have been asleep."""

CHECKPOINT_EVERY = 5
"""Seconds of play that a crash may cost where nothing happened."""

MOST_TRIES = 50

Batch = tuple[LogEntry, ...]
Subscriber = Callable[[Batch], None]
HandOver = Callable[[Callable[[], None]], object]

_log = logging.getLogger(__name__)


class Session:
    """One exercise being played; safe to use from several threads.

    Made by `start_new` or `resume`. `state` is the fold of `entries`; `log()` gives what the store holds. Where several
    hubs serve one exercise each has its own `Session` of it: one leads, which is to tick, the others follow.
    """

    def __init__(
        self,
        log: LoadedLog,
        store: Store,
        *,
        play: int = 0,
        now: Now = time.monotonic,
        wall: Wall = wall_time,
        pace: Pace = "live",
    ) -> None:
        self.id = log.header.session
        self.scenario = log.scenario
        self.reference = log.reference
        self.seed = log.seed
        self.roster = log.roster
        self.pace = pace
        self._store = store
        self._now = now
        self._wall = wall
        self._entries = list(log.entries)
        self._state = log.state
        self._roots = log.header.roots(line_hash(log.header_line))
        self._head = log.head
        self._clock = PlayClock(now, max(play, self._state.clock.play), pace)
        self._checkpointed = self._clock.play()
        self._ticked: tuple[float, str, int] | None = None
        self._leads = True
        self._looked = float("-inf")
        self._noted = 0
        self._subscribers: list[Subscriber] = []
        self._outbox: deque[Batch] = deque()
        self._publishing = False
        self._lock = RLock()

    @classmethod
    def start_new(
        cls,
        scenario: Scenario,
        reference: Reference,
        store: Store,
        *,
        seed: int,
        session_id: str | None = None,
        roster: Mapping[str, str] | None = None,
        now: Now = time.monotonic,
        wall: Wall = wall_time,
        pace: Pace = "live",
    ) -> Session:
        """A new session in its briefing, kept in the store; `start` is STARTEX."""
        created = wall()
        scenario = as_read(scenario)
        session_id = session_id or new_session_id(scenario)
        header, openings = make_header(
            scenario,
            used_by(scenario, reference),
            session=session_id,
            created=created,
            rules=RULES,
            seed=seed,
            roster=roster,
        )
        log = read_log(header, (), openings, name=f"session {session_id}")
        summary = Summary(session_id, scenario.id, scenario.title, created, created, "briefing", 0, 0)
        store.create(Stored(summary, header, log.head, (), openings))
        # The very scenario that was given, not its copy from the header: what is worked out once for it stays warm.
        log.__dict__["scenario"] = scenario
        return cls(log, store, now=now, wall=wall, pace=pace)

    @classmethod
    def resume(
        cls,
        store: Store,
        session_id: str,
        *,
        now: Now = time.monotonic,
        wall: Wall = wall_time,
        pace: Pace = "live",
        leads: bool = True,
    ) -> Session:
        """A session as it was left, paused: nobody is to find that minutes ran while the room was empty.

        One that does not lead joins it as it is, running where another hub runs it.
        """
        kept = store.load(session_id)
        session = cls(kept.log(), store, play=kept.summary.play, now=now, wall=wall, pace=pace)
        if not leads:
            session._leads = False
            session._run_clock()
        elif session.state.clock.running:
            session.submit(PauseClock())
        return session

    @property
    def state(self) -> State:
        """Where the exercise stands, by all entries so far."""
        return self._state

    @property
    def store(self) -> Store:
        """Where it is kept."""
        return self._store

    @property
    def entries(self) -> Sequence[LogEntry]:
        """All entries so far."""
        return self._entries

    @property
    def head(self) -> str:
        """Hash of the last line, which screens show at ENDEX."""
        return self._head

    @property
    def times(self) -> tuple[int, int]:
        """Play time and exercise time now, in seconds; the clock runs on between entries."""
        play = self._clock.play()
        return play, story_now(self._state.clock, play)

    def head_at(self, seq: int) -> str:
        """Hash of the line of entry `seq`, which stays what it was whatever is noted after it."""
        return line_hash(self._store.read_on(self.id, seq - 1).lines[0])

    def log(self) -> LoadedLog:
        """The log as the store holds it."""
        return self._store.load(self.id).log()

    def start(self, facts: Mapping[str, str] | None = None) -> Batch:
        """STARTEX, with the facts drawn from the seed but for those that the facilitator fixes."""
        drawn = draw_facts(self.scenario, self.seed or 0)
        return self.submit(StartExercise(facts={**drawn, **(facts or {})}))

    def submit(self, command: Command) -> Batch:
        """Carries a command out at the present play time and returns its entries; raises `CommandRejected`.

        With a stepped clock the command may name a later play time, to which the clock then moves.
        """
        with self._lock:
            try:
                if self._slept():
                    self._accept(PauseClock())
                return self._accept(command)
            finally:
                self._publish()

    def tick(self, leads: bool = True) -> Batch:
        """Brings a live clock to now; called once a second or so, and writes nothing where nothing is due.

        A hub that does not lead reads on instead, now and then, in case it was not told; one that comes to lead, too.
        """
        with self._lock:
            if not (leads and self._leads):
                self._ticked = None
                missed = self.catch_up() if leads or self._now() - self._looked >= CHECKPOINT_EVERY else ()
                self._leads = leads
                if not leads:
                    return missed
            if not self._state.clock.running or self.pace != "live":
                self._ticked = None
                return ()
            if self._slept():
                return self.submit(PauseClock())
            try:
                batch = self.submit(AdvanceClock())
            except CommandRejected:
                if self.state.clock.running:
                    raise
                return ()  # Another hub has paused it at this moment.
            play = self._clock.play()
            self._ticked = (self._now(), self._wall(), play)
            if play - self._checkpointed >= CHECKPOINT_EVERY:
                self._store.checkpoint(self.id, play)
                self._checkpointed = play
            return batch

    def step(self) -> Batch:
        """Moves the clock to the next thing that comes by itself in this move; nothing happens where nothing does."""
        instant = next_instant(self.scenario, self._state)
        return () if instant is None else self.advance(instant)

    def advance(self, play: int) -> Batch:
        """Moves the clock forward to a play time, and brings what is due by then."""
        with self._lock:
            if not self._state.clock.running:
                return ()
            self._clock.set_to(max(play, self._clock.play()))
            return self.submit(AdvanceClock())

    def catch_up(self) -> Batch:
        """Takes in what others have written to the store, publishes and returns it, as one however much it is."""
        with self._lock:
            try:
                return self._catch_up()
            finally:
                self._publish()

    def follow(
        self, hand_over: HandOver = lambda work: work(), beside: Callable[[], None] | None = None
    ) -> Callable[[], None]:
        """Catches up whenever another hub has written; returns how to stop.

        The store tells in a thread of its own: `hand_over` (such as an event loop's `call_soon_threadsafe`) takes the
        work to where it is to be done. `beside` is called there when more than the log may have changed: join codes.
        """

        def take_in(seq: int) -> None:
            try:
                if seq == 0 or seq > len(self._entries):
                    self.catch_up()
                if seq == 0 and beside is not None:
                    beside()
            except ExerciseError as error:
                # The next tidings, or the next tick, will try again.
                _log.warning("session %s: what others wrote could not be read: %s", self.id, error)

        def heard(seq: int) -> None:
            hand_over(lambda: take_in(seq))

        return self._store.listen(self.id, heard)

    def subscribe(self, callback: Subscriber) -> Callable[[], None]:
        """Calls back with each batch once it is kept, in order; returns how to stop."""
        with self._lock:
            self._subscribers.append(callback)

        def stop() -> None:
            with self._lock:
                if callback in self._subscribers:
                    self._subscribers.remove(callback)

        return stop

    def _accept(self, command: Command) -> Batch:
        for _ in range(MOST_TRIES):
            play = self._clock.play() if self.pace == "live" else max(self._clock.play(), command.play)
            turn = work_out(self.scenario, self._state, command.model_copy(update={"play": play}))
            if not turn.events:
                if play > self._clock.play():
                    self._clock.set_to(play)
                return ()
            batch = self._stamp(command.seat, turn)
            try:
                self._keep(batch, turn.state, play)
            except StoreConflict:
                # Somebody else was first. Only the rules can say whether the command still stands after that.
                self._catch_up()
                continue
            return batch
        raise StoreError(f"session {self.id}: too many others write at once; do it again")

    def _stamp(self, seat: str, turn: Turn) -> Batch:
        if any(isinstance(event, ExerciseEnded) for event in turn.events):
            marks = self._proposed(self._entered(seat, turn))
            turn.emit(MarksProposed(rules=RULES, marks=marks))
        return self._entered(seat, turn)

    def _entered(self, seat: str, turn: Turn) -> Batch:
        wall, first = self._wall(), len(self._entries) + 1
        return tuple(
            LogEntry(seq, first, seat, wall, play, exercise, event)
            for seq, (event, (play, exercise)) in enumerate(zip(turn.events, turn.moments, strict=True), first)
        )

    def _proposed(self, batch: Batch) -> tuple[Mapping[str, Any], ...]:
        assessment = assess(self.scenario, self.reference, (*self._entries, *batch))
        return tuple(mark.as_data() for mark in assessment.marks)

    def _keep(self, batch: Batch, state: State, play: int) -> None:
        lines: list[str] = []
        openings: list[Opening] = []
        head = self._head
        for entry in batch:
            line, found = encode_entry(entry, self._roots.get(entry.seq, head))
            lines.append(line)
            openings += found
            head = line_hash(line)
        play = max(play, state.clock.play)
        self._store.append(
            self.id,
            len(self._entries),
            lines,
            openings,
            head=head,
            play=play,
            phase=state.clock.phase,
            updated=batch[-1].wall,
        )
        if play > self._clock.play():
            self._clock.set_to(play)
        self._checkpointed = play
        self._take(batch, state, head)

    def _take(self, batch: Batch, state: State, head: str) -> None:
        self._entries += batch
        self._state = state
        self._head = head
        self._run_clock()
        self._outbox.append(batch)

    def _run_clock(self) -> None:
        clock = self._state.clock
        self._clock.run(clock.running, clock.rate)

    def _catch_up(self) -> Batch:
        self._looked = self._now()
        kept = self._store.read_on(self.id, len(self._entries))
        openings = {opening.digest: opening for opening in kept.openings}
        batch: list[LogEntry] = []
        state, head = self._state, self._head
        for line in kept.lines:
            entry = decode_line(line, openings)
            if prev_of(line) != self._roots.get(entry.seq, head):
                raise LogError(f"session {self.id}: entry {entry.seq} does not follow what was there before")
            state, head = evolve(state, entry.event), line_hash(line)
            batch.append(entry)
        if batch:
            self._take(tuple(batch), state, head)
        self._noted = kept.play
        self._set_clock(learnt=bool(batch))
        return tuple(batch)

    def _set_clock(self, learnt: bool) -> None:
        """Puts the clock to where others have it; whoever leads notes in the store every few seconds where that is."""
        clock, play = self._state.clock, self._clock.play()
        if (learnt and not clock.running) or clock.play > play:
            self._clock.set_to(clock.play)
        elif clock.running and not self._leads:
            # It runs on by itself in between. Further ahead than the leader's checkpoints are apart it is wrong.
            latest = self._noted + CHECKPOINT_EVERY + 2 * clock.rate
            if not self._noted <= play <= latest:
                self._clock.set_to(self._noted)

    def _slept(self) -> bool:
        """Whether ticks stopped for long while the clock ran; play time goes back to the last one."""
        if self._ticked is None or not self._state.clock.running:
            return False
        now, wall, play = self._ticked
        # Some machines stop the monotonic clock in their sleep, others the program only; the wall shows both.
        gap = max(self._now() - now, _seconds_between(wall, self._wall()))
        if gap <= ASLEEP:
            return False
        self._ticked, self._leads = None, False
        self._catch_up()
        if self._noted > max(play, self._checkpointed) or not self._state.clock.running:
            return False  # Another hub has led on meanwhile: here was a sleep, but not in the room.
        self._leads = True
        self._clock.set_to(max(play, self._state.clock.play))
        return True

    def _publish(self) -> None:
        if self._publishing:
            return  # A subscriber has submitted: its batch goes out after the one being told.
        self._publishing = True
        try:
            while self._outbox:
                batch = self._outbox.popleft()
                for callback in tuple(self._subscribers):
                    try:
                        callback(batch)
                    except Exception:
                        # What is kept is kept; one screen's fault must not stop the exercise for the others.
                        _log.exception("a subscriber of session %s failed", self.id)
        finally:
            self._publishing = False


def new_session_id(scenario: Scenario) -> str:
    """An id for a new session that says which scenario it is, short enough to type."""
    return f"{scenario.id}-{secrets.token_hex(4)}"


def _seconds_between(before: str, after: str) -> float:
    try:
        return (datetime.fromisoformat(after) - datetime.fromisoformat(before)).total_seconds()
    except (TypeError, ValueError):
        return 0.0
