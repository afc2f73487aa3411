"""Stores: one suite for all of them, and what a SQLite file must bear: crashes, full disks, rivals, damage."""

from __future__ import annotations

import random
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from support import new_session, play_through, small_scenario

from exercise.catalogue import load_reference
from exercise.core.commands import WriteNote
from exercise.errors import StoreError
from exercise.session.database import DatabaseStore, open_store
from exercise.session.log import line_hash
from exercise.session.logfile import open_log
from exercise.session.openings import Opening, conceal
from exercise.session.paths import DATA_DIR, data_dir, database_file
from exercise.session.session import Session
from exercise.session.store import (
    MemoryStore,
    Store,
    StoreConflict,
    Stored,
    Summary,
    export_log,
    import_log,
    stored,
)

HERE = Path(__file__).parent


@pytest.fixture(params=["memory", "database"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Each kind of store, empty."""
    made: Store = MemoryStore() if request.param == "memory" else open_store(tmp_path / "sessions.db")
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

    append(store, 0, "one", "two – ü", openings=(kept,), play=5)
    append(store, 2, "three", play=9)

    found = store.load("a")
    assert found.lines == ("one", "two – ü", "three")
    assert store.load("a", after=2).lines == ("three",)
    assert found.header == '{"header":"ü"}' and found.head == "h2"
    assert kept in found.openings and all(opening.fits() for opening in found.openings)
    assert (found.summary.seq, found.summary.play, found.summary.phase) == (3, 9, "move")
    assert found.summary.updated == "2026-01-04"


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
        db.execute("UPDATE meta SET value = '2'")

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


WRITER = """
import sys
from pathlib import Path
from support import FakeClock
from exercise.core.commands import WriteNote
from exercise.session.database import open_store
from exercise.session.session import Session

clock = FakeClock()
session = Session.resume(open_store(Path(sys.argv[1])), "s-1", now=clock, wall=clock.wall)
while True:
    batch = session.submit(WriteNote(seat="averne", text=f"note {len(session.entries)}"))
    print(batch[-1].seq, session.head, flush=True)
"""


def test_killed_at_any_moment_nothing_accepted_is_lost(tmp_path: Path) -> None:
    """Protects what was shown as accepted: twenty writers are killed in mid-write, and each is resumed, paused."""
    path = tmp_path / "x.db"
    store = open_store(path)
    new_session(store).start()
    chance = random.Random(20)
    accepted: dict[int, str] = {}

    for _ in range(20):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True, cwd=HERE
        )
        assert writer.stdout is not None
        for _ in range(chance.randrange(1, 30)):
            seq, head = writer.stdout.readline().split()
            accepted[int(seq)] = head
        writer.kill()
        for line in writer.stdout.read().splitlines(keepends=True):
            if line.endswith("\n"):  # Printed before the kill, read after it.
                seq, head = line.split()
                accepted[int(seq)] = head
        writer.wait()
        writer.stdout.close()

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
