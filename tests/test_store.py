"""Stores: one suite for all of them, and what a SQLite file must bear: crashes, full disks, rivals, damage."""

from __future__ import annotations

import random
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path

import pytest
import sqlalchemy as sa
from endless import write
from support import FakeClock, new_session, play_through, small_scenario

from exercise.catalogue import load_reference
from exercise.core.commands import WriteNote
from exercise.errors import StoreError
from exercise.session.database import DatabaseStore, open_store
from exercise.session.lease import Lead
from exercise.session.log import line_hash
from exercise.session.logfile import open_log
from exercise.session.openings import Opening, conceal
from exercise.session.paths import DATA_DIR, data_dir, database_file
from exercise.session.session import Session
from exercise.session.store import (
    Added,
    MemoryStore,
    Store,
    StoreConflict,
    Stored,
    Summary,
    export_log,
    import_log,
    stored,
)
from exercise.session.tables import SCHEMA
from exercise.session.tickets import ALPHABET, Ticket, new_code, new_ticket, same_code, shown


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Each kind of store, empty."""
    made: Store
    if request.param == "memory":
        made = MemoryStore()
    elif request.param == "sqlite":
        made = open_store(tmp_path / "sessions.db")
    else:
        made = open_store(request.getfixturevalue("cluster").database())
    yield made
    made.close()


def session_row(name: str = "a", *, updated: str = "2026-01-01", lines: tuple[str, ...] = ()) -> Stored:
    """A session as a store keeps it."""
    summary = Summary(name, "small-leak", "Small Leak", "2026-01-01", updated, "briefing", len(lines), 0)
    return Stored(summary, '{"header":"ü"}', "0" * 64, lines, (conceal("Ann"),))


def append(store: Store, seq: int, *lines: str, openings: tuple[Opening, ...] = (), play: int = 0) -> None:
    """Appends lines to session `a`."""
    store.append("a", seq, lines, openings, head=f"h{seq}", play=play, phase="move", updated=f"2026-01-0{2 + seq}")


def test_what_was_appended_comes_back_in_order(store: Store) -> None:
    """Protects the log: lines and openings come back as they went in, and a reader may ask for the newest only."""
    kept = conceal({"fact": ["ä", 1.5, None]})
    store.create(session_row())

    append(store, 0, "one", f'{{"two":"– ü","text":{{"#":"{kept.digest}"}}}}', openings=(kept,), play=5)
    append(store, 2, "three", play=9)

    found = store.load("a")
    assert found.lines[::2] == ("one", "three") and "two" in found.lines[1]
    assert store.read_on("a", 1) == Added(found.lines[1:], (kept,), 9) and store.read_on("a", 3) == Added((), (), 9)
    assert store.read_on("a", 2) == Added(("three",), (), 9)
    assert found.header == '{"header":"ü"}' and found.head == "h2"
    assert kept in found.openings and all(opening.fits() for opening in found.openings)
    assert (found.summary.seq, found.summary.play, found.summary.phase) == (3, 9, "move")
    assert found.summary.updated == "2026-01-04"


def test_whoever_is_far_behind_gets_every_opening(store: Store) -> None:
    """Protects a hub that was long away: what it missed is readable whole, however much it is."""
    store.create(session_row())
    openings = tuple(conceal(number) for number in range(600))
    lines = [f'{{"text":{{"#":"{opening.digest}"}}}}' for opening in openings]
    append(store, 0, *lines, openings=openings)

    found = store.read_on("a", 0)

    assert found.lines == tuple(lines) and set(openings) <= set(found.openings)


def test_a_session_may_begin_with_lines(store: Store) -> None:
    """Protects imports and forks: a session is there with all its lines or not at all."""
    store.create(session_row(lines=("one", "two")))

    append(store, 2, "three")

    assert store.load("a").lines == ("one", "two", "three")


def test_two_writers_cannot_both_be_right(store: Store) -> None:
    """Protects the one sequence: the second to append on the same entries is refused, and nothing of it is kept."""
    store.create(session_row())
    append(store, 0, "mine")

    with pytest.raises(StoreConflict):
        append(store, 0, "theirs", openings=(conceal("x"),))

    assert store.load("a").lines == ("mine",)
    assert len(store.load("a").openings) == 1


def test_an_id_is_given_once(store: Store) -> None:
    """Protects a session from being written over by another of the same id."""
    store.create(session_row(lines=("one",)))

    with pytest.raises(StoreError, match="kept already"):
        store.create(session_row())

    assert store.load("a").lines == ("one",)


def test_what_nobody_keeps_is_one_plain_line(store: Store) -> None:
    """Protects whoever mistypes an id, in each thing that may be asked."""
    for ask in (
        lambda: store.load("no\x1bpe"),
        lambda: store.delete("no\x1bpe"),
        lambda: store.checkpoint("no\x1bpe", 3),
        lambda: store.append("no\x1bpe", 0, ("x",), (), head="", play=0, phase="", updated=""),
    ):
        with pytest.raises(StoreError, match="no session") as caught:
            ask()
        assert "\x1b" not in str(caught.value) and not isinstance(caught.value, StoreConflict)


def test_a_checkpoint_goes_forward_only(store: Store) -> None:
    """Protects play time after a crash: it is where it was seen last, and never earlier."""
    store.create(session_row())

    store.checkpoint("a", 40)
    store.checkpoint("a", 30)
    append(store, 0, "one", play=20)

    assert store.load("a").summary.play == 40


def test_the_last_used_session_is_listed_first(store: Store) -> None:
    """Protects the home screen: what one wants to resume is on top; deleted ones are gone with all they held."""
    store.create(session_row("a", updated="2026-01-01"))
    store.create(session_row("b", updated="2026-01-02"))
    store.create(session_row("c", updated="2026-01-03"))

    assert [summary.id for summary in store.list_sessions()] == ["c", "b", "a"]
    append(store, 0, "one")
    append(store, 1, "two")
    append(store, 2, "three")
    assert [summary.id for summary in store.list_sessions()] == ["a", "c", "b"]
    store.delete("a")
    assert [summary.id for summary in store.list_sessions()] == ["c", "b"]
    store.create(session_row("a"))
    assert store.load("a").lines == ()


def test_a_game_is_the_same_after_a_walk_through_a_file(store: Store, tmp_path: Path) -> None:
    """Protects export and import: the same head and entries, and taking the same file twice does no harm."""
    session = new_session(store, pace="stepped")
    play_through(session)
    path = tmp_path / "game.jsonl"

    export_log(store, session.id, path)
    other = MemoryStore()

    assert import_log(other, path) == import_log(other, path) == session.id
    assert other.load(session.id).head == session.head
    assert other.load(session.id).summary.phase == "ended"
    assert open_log(path).entries == tuple(session.entries)
    assert "\n".join([*store.load(session.id).file_lines(), ""]) == path.read_text(encoding="utf-8")
    other.append(session.id, len(session.entries), ("x",), (), head="x", play=0, phase="ended", updated="")
    with pytest.raises(StoreError, match="other entries"):
        import_log(other, path)


def test_a_stored_log_keeps_its_clock() -> None:
    """Protects resuming an imported session: its phase and play time come from its entries."""
    session = new_session(pace="stepped")
    session.start()
    session.advance(60)
    session.step()

    summary = stored(session.log()).summary

    assert (summary.phase, summary.play, summary.seq) == ("move", 300, len(session.entries))


def test_join_codes_are_kept_in_order_and_can_be_revoked(store: Store) -> None:
    """Protects the doors: a code opens what it was made for, however it is typed, until it is revoked; never two."""
    store.create(session_row("a"))
    store.create(session_row("b"))
    made = [new_ticket("participant", seat) for seat in ("belmark", "averne", "averne/police")]
    made.append(Ticket("x1", "abcdefgh", "observer", created="2026-01-01"))
    for ticket in made:
        store.save_ticket("a", ticket)

    store.save_ticket("a", made[0])
    assert store.tickets("a") == tuple(made) and store.tickets("b") == ()
    store.revoke_ticket("a", "x1")
    assert [ticket.revoked for ticket in store.tickets("a")] == [False, False, False, True]
    with pytest.raises(StoreError, match="no join code"):
        store.revoke_ticket("a", "no\x1bpe")


def test_half_written_texts_are_kept_for_their_writer(store: Store) -> None:
    """Protects a reason half written when the line broke: it is there again, for that person and no other."""
    store.create(session_row("a"))

    store.keep("a", "p1", "reason:tell", "We think – ü")
    store.keep("a", "p1", "reason:tell", "We think so.")
    store.keep("a", "p1", "note", "x")
    store.keep("a", "p2", "note", "theirs")
    store.keep("a", "p1", "note", "")
    store.keep("a", "p1", "never", "")

    assert store.kept("a", "p1") == {"reason:tell": "We think so."} and store.kept("a", "p2") == {"note": "theirs"}
    assert store.kept("a", "p3") == {}


def test_a_fork_takes_codes_and_half_written_texts_along(store: Store) -> None:
    """Protects a room that goes back to a moment: the codes on the table still open it, and nothing typed is lost."""
    store.create(session_row("a"))
    store.create(session_row("b"))
    tickets = (new_ticket("participant", "averne"), new_ticket("evaluator"))
    for ticket in tickets:
        store.save_ticket("a", ticket)
    store.keep("a", "p1", "note", "half")

    store.copy_tickets("a", "b")
    store.copy_tickets("a", "b")
    store.delete("a")

    assert store.tickets("b") == tickets and store.kept("b", "p1") == {"note": "half"}
    store.create(session_row("a"))
    assert store.tickets("a") == () and store.kept("a", "p1") == {}
    assert store.take_lease("a", "anyone", 9)


def test_one_hub_at_a_time_drives_the_clock(store: Store) -> None:
    """Protects the clock of several hubs: one has it until it gives it up or is heard of no more."""
    store.create(session_row("a"))
    store.create(session_row("b"))

    assert store.take_lease("a", "one", 600) and store.take_lease("b", "two", 600)
    assert not store.take_lease("a", "two", 600)
    assert store.take_lease("a", "one", 600)
    store.give_up_lease("a", "two")
    assert not store.take_lease("a", "two", 600)
    store.give_up_lease("a", "one")
    assert store.take_lease("a", "two", 0)
    assert store.take_lease("a", "one", 600), "what was taken for no time has run out"
    assert not store.take_lease("a", "two", 600)


def test_what_is_beside_the_log_needs_a_session(store: Store) -> None:
    """Protects from codes and texts of an exercise that is not there."""
    for ask in (
        lambda: store.save_ticket("a", new_ticket("observer")),
        lambda: store.keep("a", "p", "k", "x"),
        lambda: store.take_lease("a", "one", 1),
        lambda: store.copy_tickets("a", "a"),
        lambda: store.read_on("a", 0),
    ):
        with pytest.raises(StoreError, match="no session"):
            ask()


def test_codes_stand_in_nothing_that_is_handed_on(store: Store, tmp_path: Path) -> None:
    """Protects the doors from whoever is given a log, a list or a traceback."""
    session = new_session(store, pace="stepped")
    ticket = new_ticket("participant", "averne")
    store.save_ticket(session.id, ticket)
    play_through(session)
    export_log(store, session.id, tmp_path / "x.jsonl")

    seen = (tmp_path / "x.jsonl").read_text() + repr(store.list_sessions()) + repr(store.tickets(session.id))

    assert ticket.id in seen and ticket.code not in seen and shown(ticket.code) not in seen


def test_codes_can_be_read_out_and_typed() -> None:
    """Protects people who read a code from a wall: no look-alikes, any case, with or without the dash."""
    codes = {new_code() for _ in range(2000)}

    assert len(codes) == 2000 and {len(code) for code in codes} == {8}
    assert set("".join(codes)) == set(ALPHABET) and not set(ALPHABET) & set("0o1liuv")
    assert shown("abcdefgh") == "abcd-efgh"
    assert all(same_code("abcdefgh", typed) for typed in ("abcd-efgh", "ABCD EFGH", " abcd–efgh\n"))
    assert not any(same_code("abcdefgh", typed) for typed in ("abcd-efg", "abcdefghj", "", "ä" * 9000))


def test_the_hub_that_leads_knows_when_it_no_longer_may(tmp_path: Path) -> None:
    """Protects the clock from two drivers: where the store is silent, the lease ends here before it does there."""

    class Cut(MemoryStore):
        cut = False

        def take_lease(self, session_id: str, holder: str, seconds: float) -> bool:
            if self.cut:
                raise StoreError("gone")
            return super().take_lease(session_id, holder, seconds)

    clock, store = FakeClock(), Cut()
    store.create(session_row("a"))
    first, second = (Lead(store, "a", name, seconds=6, now=clock) for name in ("one", "two"))

    assert first() and not second()
    store.cut = True
    clock.pass_(5)
    assert first(), "it was given six seconds"
    clock.pass_(1)
    assert not first() and not second()
    store.cut = False
    clock.pass_(2)
    assert first() and not second()
    first.give_up()
    clock.pass_(2)
    assert second() and not first()


def test_a_lease_taken_before_the_clock_was_set_back_holds_nobody_up(tmp_path: Path) -> None:
    """Protects the start after a crash on a machine whose clock was put right: nobody waits an hour for a dead hub."""
    store = open_store(tmp_path / "x.db")
    store.create(session_row("a"))
    assert store.take_lease("a", "dead", 6)
    with sqlite3.connect(tmp_path / "x.db") as db:
        db.execute("UPDATE leases SET taken = taken + 3600, until = until + 3600")

    assert store.take_lease("a", "new", 6)


VERSION_1 = """
CREATE TABLE meta (name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name));
CREATE TABLE sessions (id TEXT NOT NULL, scenario TEXT NOT NULL, title TEXT NOT NULL, created TEXT NOT NULL,
    updated TEXT NOT NULL, phase TEXT NOT NULL, header TEXT NOT NULL, head TEXT NOT NULL, seq INTEGER NOT NULL,
    play INTEGER NOT NULL, PRIMARY KEY (id));
CREATE TABLE entries (session TEXT NOT NULL, seq INTEGER NOT NULL, line TEXT NOT NULL, PRIMARY KEY (session, seq))
    WITHOUT ROWID;
CREATE TABLE openings (session TEXT NOT NULL, digest TEXT NOT NULL, salt TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (session, digest));
INSERT INTO meta VALUES ('schema', '1');
INSERT INTO sessions VALUES ('a', 'small-leak', 'Small Leak', '2026-01-01', '2026-01-02', 'move', '{}', 'h0', 1, 7);
INSERT INTO entries VALUES ('a', 1, 'one');
INSERT INTO openings VALUES ('a', 'd', 's', '"v"');
"""


def test_a_database_of_the_first_version_is_taken_over(tmp_path: Path) -> None:
    """Protects sessions from before hosting: they are there, and can be hosted now; an older program then keeps off."""
    with sqlite3.connect(tmp_path / "x.db") as db:
        db.executescript(VERSION_1)

    for _ in range(2):
        store = open_store(tmp_path / "x.db")
        found = store.load("a")
        assert (found.lines, found.openings, found.summary.play) == (("one",), (Opening("d", "s", '"v"'),), 7)
        store.save_ticket("a", Ticket("t", "abcdefgh", "observer"))
        assert len(store.tickets("a")) == 1
        store.close()
    with sqlite3.connect(tmp_path / "x.db") as db:
        assert db.execute("SELECT value FROM meta").fetchall() == [(str(SCHEMA),)]


def test_file_and_folder_are_the_owners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects names and secrets on a machine that others use too, the database's side files included."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path / "mine"))

    store = open_store()
    store.create(session_row())
    files = list((tmp_path / "mine").iterdir())

    assert database_file() in files and len(files) == 3
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600] * 3
    assert stat.S_IMODE(data_dir().stat().st_mode) == 0o700
    store.close()
    database_file().chmod(0o644)
    open_store().close()
    assert stat.S_IMODE(database_file().stat().st_mode) == 0o600


def test_a_full_disk_loses_nothing_and_says_so(tmp_path: Path) -> None:
    """Protects the exercise when the disk fills: the step is refused whole, and play goes on once there is room."""
    store = open_store(tmp_path / "x.db")
    session = new_session(store)
    session.start()
    before = len(session.entries)
    pages = pragma(store, "page_count")
    pragma(store, f"max_page_count={pages + 1}")

    with pytest.raises(StoreError, match="disk is full"):
        for number in range(200):
            session.submit(WriteNote(seat="averne", text=f"{number} " + "x" * 3000))

    told = len(session.entries)
    assert told >= before and list(store.load(session.id).log().entries) == list(session.entries)
    pragma(store, "max_page_count=1000000")
    session.submit(WriteNote(seat="averne", text="There is room again."))
    assert len(store.load(session.id).lines) == told + 1


def pragma(store: DatabaseStore, text: str) -> int:
    """Asks the store's own connection for a setting, or sets it."""
    with store._engine.connect() as db:
        return int(db.execute(sa.text(f"PRAGMA {text}")).scalar_one())


def test_a_held_database_says_so(tmp_path: Path) -> None:
    """Protects from a riddle: where another program holds the file, the message says that."""
    store = open_store(tmp_path / "x.db")
    store.create(session_row())
    pragma(store, "busy_timeout=1")
    rival = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    rival.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreError, match="another program holds"):
        append(store, 0, "one")

    rival.close()
    append(store, 0, "one")


def test_damage_is_one_plain_line(tmp_path: Path) -> None:
    """Protects from tracebacks: files that are no database, another program's, a newer one's, or nowhere."""
    torn, other, newer = tmp_path / "torn.db", tmp_path / "other.db", tmp_path / "newer.db"
    torn.write_bytes(b"no database at all, but long enough to be looked at" * 100)
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE birds (name TEXT)")
    open_store(newer).close()
    with sqlite3.connect(newer) as db:
        db.execute("UPDATE meta SET value = ?", (str(SCHEMA + 1),))

    for path, said in ((torn, "damaged"), (other, "another program"), (newer, "newer program")):
        with pytest.raises(StoreError, match=said) as caught:
            open_store(path)
        assert str(caught.value).startswith(str(path)) and "\n" not in str(caught.value)
    with pytest.raises(StoreError, match="cannot be kept here"):
        open_store(tmp_path / "no" / "x.db")
    with sqlite3.connect(other) as db:
        assert db.execute("SELECT name FROM sqlite_master").fetchall() == [("birds",)]


def test_a_torn_page_is_one_plain_line(tmp_path: Path) -> None:
    """Protects from tracebacks where a file was damaged after it was opened."""
    path = tmp_path / "x.db"
    store = open_store(path)
    session = new_session(store, pace="stepped")
    play_through(session)
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))

    with pytest.raises(StoreError, match="damaged"):
        open_store(path).load(session.id)


def test_a_folder_that_cannot_be_made_is_one_plain_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects whoever points the data folder at a file."""
    (tmp_path / "file").touch()
    monkeypatch.setenv(DATA_DIR, str(tmp_path / "file" / "folder"))

    with pytest.raises(StoreError, match=DATA_DIR):
        data_dir()


def test_two_programs_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    """Protects the first start on a fresh machine, where two windows open the same new file."""
    first, second = open_store(tmp_path / "x.db"), open_store(tmp_path / "x.db")

    first.create(session_row())

    assert second.load("a").summary.id == "a"
    append(second, 0, "theirs")
    with pytest.raises(StoreConflict):
        append(first, 0, "mine")


def test_killed_at_any_moment_nothing_accepted_is_lost(tmp_path: Path) -> None:
    """Protects what was shown as accepted: twenty writers are killed in mid-write, and each is resumed, paused."""
    path = tmp_path / "x.db"
    store = open_store(path)
    new_session(store).start()
    chance = random.Random(20)
    accepted: dict[int, str] = {}

    # Where the system can, each writer is forked off a process that has read the program already.
    start = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
    start.set_forkserver_preload(["exercise.catalogue", "exercise.session.database", "exercise.session.session"])
    for _ in range(20):
        hearing, telling = start.Pipe(duplex=False)
        writer = start.Process(target=write, args=(path, telling))
        writer.start()
        telling.close()
        for _ in range(chance.randrange(1, 30)):
            seq, head = hearing.recv()
            accepted[seq] = head
        writer.kill()
        with suppress(EOFError, OSError):
            while True:  # Told before the kill, heard after it.
                seq, head = hearing.recv()
                accepted[seq] = head
        writer.join()
        hearing.close()

    kept = store.load("s-1").log()
    assert len(accepted) >= 20
    assert {seq: line_hash(kept.lines[seq - 1]) for seq in accepted} == accepted
    session = Session.resume(store, "s-1")
    assert not session.state.clock.running
    assert session.submit(WriteNote(seat="averne", text="And on."))[0].seq == len(kept.entries) + 1


def test_a_scenario_is_kept_with_its_session(store: Store) -> None:
    """Protects resuming: the scenario comes from the session's own log, whatever has become of its file."""
    new_session(store)

    session = Session.resume(store, "s-1")

    assert session.scenario == small_scenario()
    assert session.reference.commitments["se-p7"] == load_reference().commitments["se-p7"]
