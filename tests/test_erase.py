"""Erasing what is about people: gone from the file's and the database's bytes, with nothing else of the log lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from cluster import Cluster
from support import FakeClock, new_session, play_through, small_scenario
from test_postgres import opened
from typer.testing import CliRunner

import exercise.cli.after_action  # noqa: F401  # Its commands put themselves into the app.
from exercise.catalogue import load_reference
from exercise.cli.arguments import app
from exercise.core.commands import WriteNote
from exercise.core.evaluation.commands import EnrolEvaluator, JudgeMark
from exercise.core.events import MarksProposed
from exercise.core.teamwork.commands import Say, TakeSeat
from exercise.errors import StoreError, UsageError
from exercise.session.comments import Comments
from exercise.session.database import DatabaseStore, open_sqlite
from exercise.session.erase import also_in, erase_in_file, erase_in_store
from exercise.session.fork import fork
from exercise.session.log import REDACTED
from exercise.session.logfile import open_log
from exercise.session.paths import DATA_DIR
from exercise.session.seal import host_key, seal, shown
from exercise.session.session import Session
from exercise.session.store import MemoryStore, Store, export_log
from exercise.session.verify import verify

CANARY = "Kestrel4711"
"""Stands in every name and word of a person, and nowhere else."""

ROSTER = {"averne": f"Delegation {CANARY}", "belmark": f"Delegation {CANARY}-2"}


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keys, comments and sessions in a folder of the test's own."""
    folder = tmp_path / "data"
    monkeypatch.setenv(DATA_DIR, str(folder))
    return folder


def played(store: Store) -> Session:
    """A game full of people's words and names, kept, evaluated and sealed."""
    clock = FakeClock()
    session = Session.start_new(
        small_scenario(), load_reference(), store, seed=4, session_id="s-1", roster=ROSTER,
        now=clock, wall=clock.wall, pace="stepped",
    )  # fmt: skip
    session.submit(TakeSeat(seat="averne/lead", name=f"Ann {CANARY}"))
    session.submit(WriteNote(seat="averne", text=f"{CANARY} keeps a note."))
    store.keep("s-1", f"p-{CANARY}", "draft", f"{CANARY} was about to say")
    store.keep("s-1", "@room", "successor", "s-2")
    store.hand_in("s-1", "digest", (("q1", f"{CANARY} was not amused"),))
    play_through(session)
    session.submit(EnrolEvaluator(seat="evaluator/1", name=f"Eve {CANARY}", delegation="Arbiters"))
    (mark, *_) = next(entry.event for entry in session.entries if isinstance(entry.event, MarksProposed)).marks
    session.submit(
        JudgeMark(seat="evaluator/1", mark=str(mark["id"]), grade=None, reason=f"What {CANARY} did is no case of it.")
    )
    session.submit(Say(seat="averne", to="facilitator", text=f"{CANARY} thanks you."))
    seal(session, host_key(), f"Office of {CANARY}")
    Comments.of(session.log()).add(3, 60, f"Look at {CANARY}", f"Eve {CANARY}")
    return session


def holding(folder: Path) -> list[str]:
    """The files under a folder in whose bytes the canary stands."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.name for path in files if CANARY.encode() in path.read_bytes())


@pytest.fixture
def store(own_folder: Path) -> Iterator[DatabaseStore]:
    """A store in a file, as the command line keeps it."""
    own_folder.mkdir()
    made = open_sqlite(own_folder / "sessions.db")
    yield made
    made.close()


def test_erased_from_a_database_no_byte_of_it_is_left(store: DatabaseStore, own_folder: Path) -> None:
    """Protects people: names, words, half-written texts, answers and comments are in no byte of any file kept here."""
    session = played(store)
    assert "sessions.db" in holding(own_folder)
    before, head = session.state, session.head

    found = erase_in_store(store, session.log())

    assert holding(own_folder) == []
    assert (len(found.roster), found.comments) == (1, 1) and len(found.words) > 10
    kept = store.load("s-1")
    log = kept.log()
    assert log.head == head and log.roster == {} and log.seed == session.seed
    assert log.state.clock == before.clock and log.state.facts == before.facts
    assert log.state.evaluation.evaluators["evaluator/1"].name == REDACTED
    assert store.kept("s-1", "@room") == {"successor": "s-2"}
    account = verify(kept.file_lines(), head=head, key=shown(host_key().public), rules=True)
    assert account.ok, account.lines()


def test_erased_from_a_file_no_byte_of_it_is_left(tmp_path: Path) -> None:
    """Protects people: the file under its name holds nothing of them, and is still a log that verifies and replays."""
    memory, path = MemoryStore(), tmp_path / "game.jsonl"
    export_log(memory, played(memory).id, path)
    link = tmp_path / "link.jsonl"
    link.symlink_to(path)
    assert "game.jsonl" in holding(tmp_path)

    erase_in_file(link, open_log(link))

    assert holding(tmp_path) == [] and link.is_symlink()
    account = verify(path, key=shown(host_key().public), rules=True)
    assert account.ok, account.lines()
    assert open_log(path).state.clock.phase == "ended"


def test_what_else_holds_the_same_is_named(store: DatabaseStore) -> None:
    """Protects against a copy forgotten: a fork kept here has the same words, and is named until it is erased too."""
    session = played(store)
    other = new_session(store, pace="stepped", id="s-9")
    play_through(other)
    name = fork(session.log(), 20, store, session_id="s-fork")

    found = erase_in_store(store, session.log())

    assert list(also_in(store, session.log(), found, "s-1")) == [name]
    assert other.log().entries == tuple(other.entries)
    erase_in_store(store, store.load(name).log())
    assert list(also_in(store, session.log(), found, "s-1")) == []


def test_where_somebody_reads_on_it_is_said_that_bytes_may_be_left(store: DatabaseStore, own_folder: Path) -> None:
    """Protects against a false word: a reader in another program keeps old pages, and then nothing is called gone."""
    session = played(store)
    # Not to wait the five seconds that a person would.
    sa.event.listen(store._engine, "checkout", lambda db, *_: db.execute("PRAGMA busy_timeout=20"))
    with store._engine.connect() as reader:
        reader.exec_driver_sql("BEGIN")
        reader.exec_driver_sql("SELECT count(*) FROM openings").scalar()
        with pytest.raises(StoreError, match="not yet overwritten"):
            erase_in_store(store, session.log())

    erase_in_store(store, session.log())
    assert holding(own_folder) == []


def test_erased_from_postgresql_it_is_in_no_table(cluster: Cluster) -> None:
    """Protects people on a shared database: no row of any table holds them, nor does a file of the tables."""
    address = cluster.database()
    with opened(address) as store:
        played(store)
        said = CliRunner().invoke(app, ["log", "erase-personal", "s-1", "--yes", "--store", address])
        assert said.exit_code == 0, said.output
        kept = store.load("s-1")

    name = address.partition("?")[0].rpartition("/")[2]
    dumped = cluster.sql(name, "SELECT * FROM openings, kept; SELECT * FROM openings; SELECT * FROM answers;")
    assert CANARY not in dumped and CANARY not in "\n".join(kept.file_lines())
    assert verify(kept.file_lines(), key=shown(host_key().public)).ok
    cluster.sql(name, "CHECKPOINT")
    number = cluster.sql(name, f"SELECT oid FROM pg_database WHERE datname = '{name}'").strip()
    assert holding(cluster.folder / "data" / "base" / number) == []


def test_erasing_asks_first_and_says_what_it_does_not_reach(tmp_path: Path) -> None:
    """Protects against a slip of the hand, and against the belief that every copy is gone."""
    memory, path = MemoryStore(), tmp_path / "game.jsonl"
    export_log(memory, played(memory).id, path)
    before, run = path.read_bytes(), CliRunner().invoke

    refused = run(app, ["log", "erase-personal", str(path)])
    assert isinstance(refused.exception, UsageError) and "--yes" in str(refused.exception)
    assert path.read_bytes() == before

    said = run(app, ["log", "erase-personal", str(path), "--yes"])
    assert said.exit_code == 0 and "Copies of it elsewhere" in said.output and "   1  comments" in said.output
    assert holding(tmp_path) == []
    again = run(app, ["log", "erase-personal", str(path), "--yes"])
    assert again.exit_code == 0 and "   0  texts" in again.output
    assert "nothing was changed" in again.output and "Destroyed" not in again.output
