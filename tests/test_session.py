"""Sessions: stamping, keeping before telling, clocks, rivals, resuming, and the hidden facts."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import SMALL, FakeClock, new_session, play_through, small_scenario

from exercise.core.commands import (
    ChooseResponse,
    CloseMove,
    ClosePlenary,
    EndExercise,
    PauseClock,
    ResumeClock,
    WriteNote,
)
from exercise.core.control.commands import SetRate
from exercise.core.events import MarksProposed
from exercise.core.evolve import replay
from exercise.core.scenario import Scenario
from exercise.errors import CommandRejected, StoreError
from exercise.session.clock import PlayClock
from exercise.session.database import open_store
from exercise.session.facts import draw_facts
from exercise.session.openings import Opening
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.verify import lines_of, verify


def types(entries: Sequence[object]) -> list[str]:
    """The kinds of event in some entries."""
    return [entry.event.type for entry in entries]  # type: ignore[attr-defined]


def choose(option: str = "now", revision: int = 1) -> ChooseResponse:
    """Averne's answer to its dilemma."""
    return ChooseResponse(seat="averne", decision="tell", option=option, revision=revision)


def test_startex_fixes_the_facts_and_opens_the_first_move() -> None:
    """Protects the beginning: one batch holds facts, move, first injects and decision, each stamped."""
    clock = FakeClock()
    session = new_session(clock=clock)

    batch = session.start()

    assert types(batch)[:3] == ["exercise-started", "move-opened", "inject-released"]
    assert {entry.batch for entry in batch} == {1} and [entry.seq for entry in batch] == list(range(1, len(batch) + 1))
    assert {(entry.seat, entry.wall, entry.play) for entry in batch} == {("facilitator", clock.wall(), 0)}
    assert session.state.facts == draw_facts(session.scenario, 4)


def test_the_facilitator_may_fix_a_fact() -> None:
    """Protects a facilitator who wants a certain story: fixed facts stand, the others are drawn."""
    for value in ("insider", "crew"):
        session = new_session()
        session.start({"source": value})
        assert session.state.facts == {"source": value}


def test_every_command_brings_the_clock_to_now_first() -> None:
    """Protects the order of things: what was due before a command comes before it, each at its own moment."""
    clock = FakeClock()
    session = new_session(clock=clock)
    session.start()

    clock.pass_(400.7)
    batch = session.submit(WriteNote(seat="belmark", text="Noted."))

    assert types(batch)[:2] == ["clock-advanced", "inject-released"] and types(batch)[-1] == "note-written"
    assert batch[0].play == 300 and batch[-1].play == 400
    assert batch[-1].exercise == 4800 and session.times == (400, 4800)
    assert {entry.seat for entry in batch} == {"belmark"}


def test_idle_seconds_write_nothing() -> None:
    """Protects the log from filling while people talk; the clock's place is checkpointed outside it."""
    clock, store = FakeClock(), MemoryStore()
    session = new_session(store, clock=clock)
    session.start()
    before = len(session.entries)

    for _ in range(40):
        clock.pass_(1)
        assert session.tick() == ()

    assert len(session.entries) == before
    assert store.load(session.id).summary.play == 40
    assert session.times == (40, 480)


def test_what_is_due_comes_with_the_tick() -> None:
    """Protects live play: a window closes when its time has come, with nobody pressing a key."""
    clock = FakeClock()
    session = new_session(clock=clock)
    session.start()
    came: list[str] = []

    for _ in range(620):
        clock.pass_(1)
        came += types(session.tick())

    assert came.count("inject-released") == 1 and came.count("decision-lapsed") == 2


def test_a_refused_command_leaves_no_trace() -> None:
    """Protects the log from half-steps: a refusal says why, and nothing is written."""
    session = new_session()
    session.start()
    session.submit(choose())
    before = session.log().lines

    with pytest.raises(CommandRejected, match="already answered") as caught:
        session.submit(choose("wait"))

    assert caught.value.code == "chosen"
    assert session.log().lines == before and len(session.entries) == len(before)


def test_pauses_are_no_play_time() -> None:
    """Protects windows and timeliness: while the clock is stopped nothing runs out."""
    clock = FakeClock()
    session = new_session(clock=clock)
    session.start()
    clock.pass_(10)
    session.submit(PauseClock())

    clock.pass_(5000)
    assert session.tick() == ()
    session.submit(ResumeClock())
    clock.pass_(5)

    assert session.times[0] == 15
    assert session.state.decisions["tell"].status == "open"


def test_a_sleeping_machine_pauses_the_exercise() -> None:
    """Protects teams whose facilitator shut the lid: the night is no play time, and the clock waits for someone."""
    clock = FakeClock()
    session = new_session(clock=clock)
    session.start()
    clock.pass_(20)
    session.tick()

    clock.pass_(30_000)
    batch = session.tick()

    assert types(batch) == ["clock-advanced", "clock-paused"] and batch[-1].play == 20
    assert session.state.decisions["tell"].status == "open"
    session.submit(ResumeClock())
    clock.pass_(5)
    assert session.times[0] == 25


def test_a_command_after_sleep_does_not_find_its_window_gone() -> None:
    """Protects the first to press a key after the lid was opened, before any tick has come."""
    clock = FakeClock()
    session = new_session(clock=clock)
    session.start()
    session.tick()

    clock.pass_(30_000)
    batch = session.submit(choose())

    assert "response-chosen" in types(batch) and not session.state.clock.running


def test_a_stepped_clock_moves_only_when_told() -> None:
    """Protects simulations: hours on the wall change nothing, a step goes to the next thing in the story."""
    clock = FakeClock()
    session = new_session(clock=clock, pace="stepped")
    session.start()

    clock.pass_(9999)
    assert session.tick() == () and session.times == (0, 0)
    assert types(session.step())[0] == "clock-advanced"
    assert session.times[0] == 300
    session.submit(WriteNote(seat="averne", text="Later.", play=330))
    assert session.entries[-1].play == 330
    session.submit(PauseClock())
    assert session.step() == ()


def test_nobody_is_told_before_it_is_kept() -> None:
    """Protects what was shown: at the moment of telling, the store already holds the batch."""
    store = MemoryStore()
    session = new_session(store)
    seen: list[tuple[int, int]] = []
    session.subscribe(lambda batch: seen.append((batch[-1].seq, len(store.load(session.id).lines))))

    session.start()
    session.submit(choose())

    assert len(seen) == 2 and all(told == kept for told, kept in seen)


def test_what_cannot_be_kept_is_not_shown() -> None:
    """Protects from a screen that shows what a crash would lose: a failing store leaves everything as it was."""

    class FullStore(MemoryStore):
        full = False

        def append(self, session_id: str, expected_seq: int, lines: Sequence[str], openings: Sequence[Opening], *,
                   head: str, play: int, phase: str, updated: str) -> None:  # fmt: skip
            if self.full:
                raise StoreError("the disk is full")
            super().append(
                session_id, expected_seq, lines, openings, head=head, play=play, phase=phase, updated=updated
            )

    store = FullStore()
    session = new_session(store)
    session.start()
    told: list[object] = []
    session.subscribe(told.append)
    before = (session.state, session.head, len(session.entries))

    store.full = True
    with pytest.raises(StoreError, match="disk is full"):
        session.submit(choose())
    assert (session.state, session.head, len(session.entries)) == before and told == []
    store.full = False
    session.submit(choose())
    assert len(told) == 1


def test_subscribers_hear_all_in_order_and_one_fault_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """Protects every screen from the others: a nested command and a failing screen leave order and delivery whole."""
    session = new_session()
    heard: list[int] = []

    def answer(batch: Sequence[object]) -> None:
        if "decision-opened" in types(batch):
            session.submit(choose())

    def fail(batch: Sequence[object]) -> None:
        raise RuntimeError("a screen is gone")

    session.subscribe(answer)
    session.subscribe(fail)
    stop = session.subscribe(lambda batch: heard.extend(entry.seq for entry in batch))
    session.start()

    assert heard == [entry.seq for entry in session.entries] and "response-chosen" in types(session.entries)
    assert "a screen is gone" in caplog.text
    stop()
    stop()
    session.submit(WriteNote(seat="averne", text="Unheard."))
    assert len(heard) == len(session.entries) - 1


def test_two_writers_decide_again_silently(tmp_path: Path) -> None:
    """Protects two consoles on one session: the later one reads on, decides again, and both hear everything."""
    clock = FakeClock()
    first = new_session(open_store(tmp_path / "x.db"), clock=clock)
    second = Session.resume(open_store(tmp_path / "x.db"), first.id, now=clock, wall=clock.wall)
    heard: list[int] = []
    second.subscribe(lambda batch: heard.extend(entry.seq for entry in batch))
    first.start()

    second.submit(WriteNote(seat="belmark", text="From the other console."))
    first.submit(WriteNote(seat="averne", text="And from this one."))
    second.submit(WriteNote(seat="belmark", text="Seen."))

    assert list(first.entries) == list(second.entries)[: len(first.entries)]
    assert heard == [entry.seq for entry in second.entries]
    assert verify(lines_of(second.log()), head=second.head, rules=True).ok


def test_only_a_real_conflict_is_refused(tmp_path: Path) -> None:
    """Protects fairness: of two answers to one decision the second is told so, as if it had come a moment later."""
    first = new_session(open_store(tmp_path / "x.db"))
    first.start()
    first.submit(PauseClock())
    second = Session.resume(open_store(tmp_path / "x.db"), first.id)

    first.submit(choose("now"))

    with pytest.raises(CommandRejected, match="already answered"):
        second.submit(choose("wait"))
    assert list(second.entries) == list(first.entries)


def test_many_threads_make_one_sequence() -> None:
    """Protects a hub that serves many doors: commands from several threads stand in one whole chain."""
    session = new_session(MemoryStore())
    session.start()
    before = len(session.entries)

    def write(team: str) -> None:
        for number in range(25):
            session.submit(WriteNote(seat=team, text=f"{team} {number}"))

    threads = [threading.Thread(target=write, args=(team,)) for team in ("averne", "belmark") * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert types(session.entries[before:]).count("note-written") == 100
    assert verify(lines_of(session.log())).ok


def test_a_session_resumes_where_it_was_and_paused(tmp_path: Path) -> None:
    """Protects a room after a crash: state, facts and play time are there, and the clock waits for someone."""
    clock, path = FakeClock(), tmp_path / "x.db"
    session = new_session(open_store(path), clock=clock)
    session.start()
    session.submit(choose())
    for _ in range(50):
        clock.pass_(1)
        session.tick()
    left = session.state

    clock.pass_(100_000)
    resumed = Session.resume(open_store(path), session.id, now=clock, wall=clock.wall)

    assert not resumed.state.clock.running and resumed.times[0] == 50
    assert types(resumed.entries[len(session.entries) :]) == ["clock-advanced", "clock-paused"]
    assert (resumed.state.facts, resumed.state.decisions) == (left.facts, left.decisions)
    assert resumed.seed == 4
    again = Session.resume(open_store(path), session.id, now=clock, wall=clock.wall)
    assert len(again.entries) == len(resumed.entries), "pausing twice writes nothing"
    clock.pass_(7)
    assert again.times[0] == 50


def test_a_briefing_resumes_with_the_same_facts_ahead(tmp_path: Path) -> None:
    """Protects the seed: a session left before STARTEX draws what it would have drawn."""
    path = tmp_path / "x.db"
    new_session(open_store(path), seed=11)

    resumed = Session.resume(open_store(path), "s-1")
    resumed.start()

    assert resumed.state.facts == draw_facts(small_scenario(), 11)


@pytest.mark.parametrize("by_hand", [True, False])
def test_endex_brings_the_marks_in_the_same_batch(by_hand: bool) -> None:
    """Protects the scorecard: marks stand in the log with ENDEX, on disk with it, whichever way the end came."""
    session = new_session(pace="stepped")
    session.start()
    session.submit(choose())

    if by_hand:
        batch = session.submit(EndExercise())
    else:
        session.submit(CloseMove(lapse_open=True))
        session.submit(ClosePlenary())
        batch = session.submit(CloseMove(lapse_open=True))

    assert types(batch)[-2:] == ["exercise-ended", "marks-proposed"] and {entry.batch for entry in batch} == {
        batch[0].seq
    }
    marks = batch[-1].event
    assert isinstance(marks, MarksProposed)
    assert [mark["commitment"] for mark in marks.marks] == ["se-p7"]
    assert session.log().entries == tuple(session.entries)


def test_the_log_replays_to_the_state_it_was_written_in(tmp_path: Path) -> None:
    """Protects replay: the fold of what the store holds is the state that people saw."""
    session = new_session(open_store(tmp_path / "x.db"), pace="stepped")
    play_through(session)

    log = session.log()

    assert replay(entry.event for entry in log.entries) == session.state
    assert log.head == session.head
    assert Counter(types(log.entries))["marks-proposed"] == 1


def test_a_clock_that_jumps_back_takes_no_play_time_back() -> None:
    """Protects play time from a faulty or suspended clock."""
    clock = FakeClock()
    session = new_session(clock=clock)
    session.start()
    clock.pass_(30)
    session.submit(WriteNote(seat="averne", text="Half a minute in."))

    clock.pass_(-500)

    assert session.times[0] == 30
    session.submit(WriteNote(seat="averne", text="Still there."))
    assert session.entries[-1].play == 30


def test_a_wall_clock_set_back_does_no_harm() -> None:
    """Protects the exercise from a machine whose time is put right: play time, order and log stay as they were."""
    clock, shift = FakeClock(50_000), [0.0]
    session = new_session(store := MemoryStore(), clock=clock)
    session._wall = lambda: FakeClock(clock() + shift[0]).wall()
    session.start()
    clock.pass_(20)
    session.tick()

    shift[0] = -7200.0
    for _ in range(30):
        clock.pass_(1)
        session.tick()
    session.submit(choose())

    assert session.state.clock.running and session.times[0] == 50
    assert [entry.play for entry in session.entries] == sorted(entry.play for entry in session.entries)
    assert session.entries[-1].wall < session.entries[0].wall
    assert store.load(session.id).summary.updated == session.entries[-1].wall
    assert verify(lines_of(session.log()), head=session.head, rules=True).ok


def test_a_faster_clock_loses_and_invents_no_time() -> None:
    """Protects windows when the facilitator changes the pace: what has been played stays, what follows runs anew."""
    clock = FakeClock()
    session = new_session(clock=clock)
    session.start()
    clock.pass_(10.9)
    session.submit(SetRate(rate=2.0))
    clock.pass_(10.1)
    assert session.times[0] == 31

    session.submit(SetRate(rate=0.5))
    clock.pass_(20)
    assert session.times[0] == 41
    session.submit(PauseClock())
    clock.pass_(500)
    session.submit(ResumeClock())
    joined = Session.resume(session._store, session.id, now=clock, wall=clock.wall, leads=False)
    clock.pass_(14)
    assert joined.times[0] == session.times[0] == 48


@given(steps=st.lists(st.tuples(st.floats(0, 50), st.booleans(), st.floats(0.1, 20)), max_size=20))
def test_play_time_is_the_sum_of_what_was_played(steps: list[tuple[float, bool, float]]) -> None:
    """Protects play time through any row of pauses and rates: each stretch counts once, at its own rate."""
    clock = FakeClock(0)
    play, rate, running, played = PlayClock(clock), 1.0, False, 0.0
    for seconds, wanted, new in steps:
        clock.pass_(seconds)
        played += seconds * rate if running else 0
        running, rate = wanted, new
        play.run(running, rate)
        play.run(running, rate)

    assert abs(play.play() - played) <= 1


@given(seed=st.integers(-(2**70), 2**70), order=st.permutations([f"f{n}" for n in range(6)]))
def test_facts_depend_on_nothing_but_their_own_name(seed: int, order: list[str]) -> None:
    """Protects a seed's story: reordering a scenario's facts or leaving some out changes none of the others."""
    pair = [{"value": "a", "weight": 2, "says": ""}, {"value": "b", "says": ""}]

    def drawn(names: list[str]) -> dict[str, str]:
        facts = [{"id": name, "title": name, "values": pair} for name in names]
        return draw_facts(Scenario.model_validate({**SMALL, "facts": facts}), seed)

    whole = drawn(order)

    assert drawn(sorted(order)) == whole
    assert drawn(order[:3]) == {name: whole[name] for name in order[:3]}


def test_facts_are_drawn_by_their_weights_and_stay_as_they_are() -> None:
    """Protects weights, and old seeds: these draws are written down here so that no change to them goes unseen."""
    counts = Counter(draw_facts(small_scenario(), seed)["source"] for seed in range(4000))
    never = {**SMALL, "facts": [{**SMALL["facts"][0]}]}
    never["facts"][0]["values"] = [{"value": "x", "weight": 0, "says": ""}, {"value": "y", "weight": 1, "says": ""}]

    assert 2880 < counts["crew"] < 3120
    assert [draw_facts(small_scenario(), seed)["source"][0] for seed in range(12)] == list("cccccccccicc")
    assert {draw_facts(Scenario.model_validate(never), seed)["source"] for seed in range(50)} == {"y"}
