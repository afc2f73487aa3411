"""PostgreSQL as a store: addresses and passwords, lost connections and answers, hubs that hear of each other."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from cluster import PASSWORD, Cluster
from support import new_session
from test_store import append, session_row

from exercise.core.commands import WriteNote
from exercise.errors import ExerciseError, StoreError, UsageError
from exercise.session.database import DatabaseStore, open_store
from exercise.session.postgres import PostgresStore
from exercise.session.store import StoreConflict, StoreUnreachable
from exercise.session.tables import SCHEMA
from exercise.session.tickets import new_ticket

LONG = 30
"""Seconds after which a test gives up waiting for what should come at once."""


@pytest.fixture
def address(cluster: Cluster) -> str:
    """A fresh database."""
    return cluster.database()


@pytest.fixture
def store(address: str) -> Iterator[PostgresStore]:
    """A store in it."""
    with opened(address) as made:
        yield made


@contextmanager
def opened(address: str) -> Iterator[PostgresStore]:
    """A store, closed afterwards."""
    made = open_store(address)
    assert isinstance(made, PostgresStore)
    yield made
    made.close()


def said_by(work: Callable[[], object]) -> str:
    """The line that an attempt ends with, and that its traceback says no more than may be said."""
    with pytest.raises(ExerciseError) as caught:
        work()
    line = str(caught.value)
    assert "\n" not in line and PASSWORD not in "".join(traceback.format_exception(caught.value))
    return line


def test_the_password_stands_nowhere(cluster: Cluster, caplog: pytest.LogCaptureFixture) -> None:
    """Protects the database: no message, representation, traceback or log of the program shows the password."""
    address = cluster.address("postgres", user=f"locked:{PASSWORD}")
    right = open_store(cluster.database().replace("exercise@", f"exercise:{PASSWORD}@"))
    wrong = said_by(lambda: open_store(address.replace(PASSWORD, f"{PASSWORD}x")))
    nobody = said_by(lambda: open_store(f"postgresql://ann:{PASSWORD}@127.0.0.1:1/x"))

    assert right.name.startswith("exercise@/") and PASSWORD not in f"{right!r} {vars(right)}"
    assert wrong.startswith("locked@/") and "does not answer" in wrong and "password" in wrong
    assert nobody.startswith("ann@127.0.0.1:1/x: the database does not answer")
    stop = right.listen("a", lambda seq: None)
    stop()
    right.close()
    assert PASSWORD not in caplog.text


@pytest.mark.parametrize(
    "address", [f"postgresql://ann:{PASSWORD}@host:port/x", f"mysql://ann:{PASSWORD}@host/x", f"://{PASSWORD}"]
)
def test_an_address_that_cannot_be_read_is_not_repeated(address: str) -> None:
    """Protects the password of whoever mistypes the rest of the address; the line shows how one looks."""
    assert "postgresql://user@host" in said_by(lambda: open_store(address))
    with pytest.raises(UsageError):
        open_store(address)


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects whoever installed the program without what PostgreSQL needs: one line says what to type."""
    monkeypatch.setitem(sys.modules, "psycopg", None)

    assert said_by(lambda: open_store("postgresql://x@/y")).endswith("pip install 'exercise[postgres]'")


def test_databases_that_will_not_do_are_named(cluster: Cluster) -> None:
    """Protects other programs' databases, newer ones, and letters that a database cannot hold."""
    other, newer, letters = cluster.database(), cluster.database(), cluster.database("SQL_ASCII")
    cluster.sql(name_of(other), "CREATE TABLE birds (name text)")
    open_store(newer).close()
    cluster.sql(name_of(newer), "UPDATE meta SET value = '99'")
    closed = open_store(shut := cluster.database())
    cluster.sql("postgres", f"ALTER DATABASE {name_of(shut)} SET default_transaction_read_only = on")
    closed.close()

    assert "another program" in said_by(lambda: open_store(other))
    assert "newer program" in said_by(lambda: open_store(newer))
    assert "UTF8" in said_by(lambda: open_store(letters))
    assert "does not exist" in said_by(lambda: open_store(cluster.address("nowhere")))
    assert "read only" in said_by(lambda: closed.create(session_row()))
    assert cluster.sql(name_of(other), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "1"


def test_a_user_without_rights_is_told_so(cluster: Cluster) -> None:
    """Protects whoever sets a database up: the line says that it is the rights, and whose."""
    name = name_of(cluster.database())
    open_store(cluster.address(name)).close()

    line = said_by(lambda: open_store(cluster.address(name, user=f"locked:{PASSWORD}")))

    assert line.startswith("locked@") and "rights" in line


def test_many_hubs_may_start_on_an_empty_database(address: str) -> None:
    """Protects the first start on several machines at once: one makes the tables, nobody trips."""
    stores: Queue[DatabaseStore | ExerciseError] = Queue()

    def start() -> None:
        try:
            stores.put(open_store(address))
        except ExerciseError as error:
            stores.put(error)

    run_all(start, count=6)

    made = [stores.get() for _ in range(6)]
    assert all(isinstance(store, DatabaseStore) for store in made), made
    for store in made:
        assert isinstance(store, DatabaseStore) and store.list_sessions() == ()
        store.close()


def test_a_database_of_the_first_version_is_taken_over(address: str, cluster: Cluster) -> None:
    """Protects sessions from before hosting: their database gets the tables it lacks."""
    with opened(address) as store:
        store.create(session_row(lines=("one",)))
    cluster.sql(name_of(address), "DROP TABLE tickets, kept, leases; UPDATE meta SET value = '1'")

    with opened(address) as store:
        store.save_ticket("a", new_ticket("observer"))
        assert store.load("a").lines == ("one",) and len(store.tickets("a")) == 1
    assert cluster.sql(name_of(address), "SELECT value FROM meta") == str(SCHEMA)


def test_a_commit_has_reached_the_disk(address: str, cluster: Cluster) -> None:
    """Protects what was shown as accepted, on a server that was set up to be fast instead."""
    cluster.sql("postgres", f"ALTER DATABASE {name_of(address)} SET synchronous_commit = off")

    with opened(address) as store, store._engine.connect() as db:
        assert db.execute(sa.text("SHOW synchronous_commit")).scalar_one() == "on"


def test_a_restarted_database_is_found_again(store: PostgresStore, cluster: Cluster) -> None:
    """Protects the exercise from the database's bad moment: while it is away a line says so, then all goes on."""
    store.create(session_row())
    append(store, 0, "one")

    cluster.restart()
    append(store, 1, "two")
    cluster.restart("fast")
    assert store.load("a").lines == ("one", "two")
    cluster.stop("immediate")
    with pytest.raises(StoreUnreachable, match="the database does not answer"):
        append(store, 2, "three")
    with pytest.raises(StoreUnreachable):
        store.list_sessions()
    cluster.start()
    append(store, 2, "three")
    assert store.load("a").lines == ("one", "two", "three")


def test_a_lost_answer_is_asked_for(store: PostgresStore) -> None:
    """Protects from a step kept twice or thought lost: where the answer to it is lost, the database is asked."""
    store.create(session_row())

    for number, moment in enumerate(("before_cursor_execute", "after_cursor_execute")):
        with losing_the_line(store, moment):
            append(store, number, f"line {number}")
    assert store.load("a").lines == ("line 0", "line 1")

    append(store, 2, "theirs")
    for moment in ("before_cursor_execute", "after_cursor_execute"):
        with losing_the_line(store, moment), pytest.raises(StoreConflict):
            append(store, 2, "mine")
    assert store.load("a").lines == ("line 0", "line 1", "theirs")


def test_a_lost_answer_to_a_new_or_deleted_session_is_asked_for(store: PostgresStore) -> None:
    """Protects from "kept already" about the session that one has just made."""
    with losing_the_answer(store):
        store.create(session_row(lines=("one",)))
    assert store.load("a").lines == ("one",)
    with losing_the_answer(store), pytest.raises(StoreError, match="kept already"):
        store.create(session_row(lines=("other", "lines")))
    with losing_the_answer(store):
        store.delete("a")
    assert store.list_sessions() == ()
    with losing_the_answer(store), pytest.raises(StoreError, match="no session"):
        store.delete("b")


@contextmanager
def losing_the_line(store: PostgresStore, moment: str) -> Iterator[None]:
    """The connection breaks once, before or after the database has done what the next statement says."""
    lost: list[bool] = []

    def lose(db: sa.Connection, *rest: Any) -> None:
        if not lost:
            lost.append(True)
            driver = db.connection.driver_connection
            assert driver is not None
            driver.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    sa.event.listen(store._engine, moment, lose)
    yield
    sa.event.remove(store._engine, moment, lose)
    assert lost


@contextmanager
def losing_the_answer(store: PostgresStore) -> Iterator[None]:
    """The connection breaks once, after a commit and before its answer has come."""
    commit, lost = store._engine.dialect.do_commit, []

    def lose(connection: Any) -> None:
        commit(connection)
        if not lost:
            lost.append(True)
            connection.driver_connection.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    store._engine.dialect.do_commit = lose  # type: ignore[method-assign]
    yield
    store._engine.dialect.do_commit = commit  # type: ignore[method-assign]


def test_a_hub_that_hangs_holds_the_others_for_seconds_only(address: str) -> None:
    """Protects the other hubs from one that hangs in the middle of a step: they are told, and may try again."""
    with opened(f"{address}&options=-c%20lock_timeout%3D20ms") as store, psycopg.connect(address) as rival:
        store.create(session_row())
        rival.execute("UPDATE sessions SET phase = 'held'")
        with pytest.raises(StoreError, match="somebody else holds"):
            append(store, 0, "one")
        rival.rollback()
        append(store, 0, "one")


def test_two_hubs_cannot_both_be_right(address: str) -> None:
    """Protects the one sequence where two hubs truly write at the same moment."""
    kept: Queue[str] = Queue()
    with opened(address) as first, opened(address) as second:
        first.create(session_row())

        def write(store: DatabaseStore, name: str) -> None:
            seq = 0
            for number in range(40):
                while True:
                    try:
                        append(store, seq, f"{name} {number}", play=number)
                        break
                    except StoreConflict:
                        seq = store.load("a").summary.seq
                kept.put(f"{name} {number}")
                seq += 1

        run_all(lambda: write(first, "first"), lambda: write(second, "second"))

        assert sorted(first.load("a").lines) == sorted(kept.get() for _ in range(80))


def test_the_lease_outlives_a_restart_of_the_database(store: PostgresStore, address: str, cluster: Cluster) -> None:
    """Protects the clock: the hub that drives it drives on, the other still may not, and what ran out has run out."""
    store.create(session_row())
    with opened(address) as other:
        assert store.take_lease("a", "one", 600)
        cluster.restart()
        assert not other.take_lease("a", "two", 600) and store.take_lease("a", "one", 600)
        cluster.sql(name_of(address), "UPDATE leases SET taken = taken - 700, until = until - 700")
        cluster.restart()
        assert other.take_lease("a", "two", 600) and not store.take_lease("a", "one", 600)


def test_others_are_told_of_what_was_kept(store: PostgresStore, address: str, cluster: Cluster) -> None:
    """Protects hubs that serve one exercise: each hears at once, once connected again too, and of codes as well."""
    heard: Queue[int] = Queue()
    store.create(session_row("a"))
    store.create(session_row("b"))
    with opened(address) as other:
        stop = other.listen("a", heard.put)
        assert heard.get(timeout=LONG) == 0, "whoever begins to listen has to look once"

        append(store, 0, "one")
        assert heard.get(timeout=LONG) == 1
        store.save_ticket("b", new_ticket("observer"))
        store.save_ticket("a", new_ticket("observer"))
        assert heard.get(timeout=LONG) == 0
        store.keep("a", "somebody", "note", "half")
        store.keep("a", "@room", "successor", "b")
        assert heard.get(timeout=LONG) == 0
        with pytest.raises(StoreConflict):
            append(store, 0, "refused")
        cluster.restart()
        assert heard.get(timeout=LONG) == 0, "what was told while the line was down was told to nobody"
        append(store, 1, "two", "three")
        assert heard.get(timeout=LONG) == 3
        stop()
        stop()
        append(store, 3, "four")
        assert heard.empty() and not listeners()


def test_one_fault_of_a_listener_stops_nothing(store: PostgresStore, caplog: pytest.LogCaptureFixture) -> None:
    """Protects a hub from its own slip: the next tidings come all the same."""
    heard: Queue[int] = Queue()

    def fail(seq: int) -> None:
        heard.put(seq)
        raise RuntimeError("a screen is gone")

    store.create(session_row())
    stop = store.listen("a", fail)
    assert heard.get(timeout=LONG) == 0
    append(store, 0, "one")
    assert heard.get(timeout=LONG) == 1
    stop()
    assert "a screen is gone" in caplog.text


def test_what_was_written_stands_in_no_log_of_the_program(
    store: PostgresStore, cluster: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    """Protects codes and people's words: where the database fails, neither error nor log repeats what was written."""
    session = new_session(store)
    cluster.sql(name_of(str(store._url.database)), "ALTER TABLE entries ADD CHECK (length(line) < 10)")
    ticket = new_ticket("observer")

    line = said_by(lambda: session.submit(WriteNote(seat="averne", text="Nobody else may read this.")))
    cluster.sql(str(store._url.database), "ALTER TABLE tickets ADD CHECK (length(code) < 2)")
    other = said_by(lambda: store.save_ticket(session.id, ticket))

    assert "Nobody" not in line + caplog.text and ticket.code not in other + caplog.text


def name_of(address: str) -> str:
    """The database of an address."""
    return address.partition("?")[0].rpartition("/")[2]


def listeners() -> list[threading.Thread]:
    """Threads that still listen."""
    return [thread for thread in threading.enumerate() if "listener" in thread.name]


def run_all(*works: Callable[[], None], count: int = 1) -> None:
    """Runs works at the same time, each `count` times, and waits for all."""
    threads = [threading.Thread(target=work) for work in works * count]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
