"""Decisions a second through a session on each store, beside the bare commit rate of the same database by itself."""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import psycopg
from cluster import binaries, running
from support import new_session

from benchmarks.timing import in_turn, line
from exercise.core.commands import ChooseResponse, ReopenDecision, WriteNote
from exercise.session.database import open_store
from exercise.session.store import MemoryStore, Store

COUNT = 300
"""Decisions in a round: answers to a dilemma, with the facilitator opening it anew in between."""

ROW = '{"seq":1,"prev":"' + "0" * 64 + '","event":"' + "x" * 400 + '"}'
"""As long as the line of an entry."""


def decisions(store: Store, name: str) -> Callable[[], None]:
    """One round of decisions, each decided, encoded, chained, kept and published before the next."""
    session = new_session(store, id=name)
    session.start()
    heard: list[int] = []
    session.subscribe(lambda batch: heard.append(batch[-1].seq))
    revision = 1

    def work() -> None:
        nonlocal revision
        for _ in range(COUNT // 2):
            session.submit(ChooseResponse(seat="averne", decision="tell", revision=revision, option="wait"))
            session.submit(ReopenDecision(decision="tell", why="Once more."))
            revision += 1

    return work


def notes(store: Store, name: str) -> Callable[[], None]:
    """One round of the smallest command there is."""
    session = new_session(store, id=name)
    session.start()

    def work() -> None:
        for number in range(COUNT):
            session.submit(WriteNote(seat="averne", text=f"Note {number}: the desk has been told."))

    return work


def bare_sqlite(path: Path) -> Callable[[], None]:
    """One row a commit, by the driver itself, with the settings that make a commit reach the disk."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE rows (seq INTEGER PRIMARY KEY, line TEXT)")

    def work() -> None:
        for _ in range(COUNT):
            db.execute("BEGIN")
            db.execute("INSERT INTO rows (line) VALUES (?)", (ROW,))
            db.execute("COMMIT")

    return work


def bare_postgres(address: str) -> Callable[[], None]:
    """The same in PostgreSQL."""
    db = psycopg.connect(address)
    db.execute("CREATE TABLE rows (seq SERIAL PRIMARY KEY, line TEXT)")
    db.commit()

    def work() -> None:
        for _ in range(COUNT):
            db.execute("INSERT INTO rows (line) VALUES (%s)", (ROW,))
            db.commit()

    return work


def main() -> None:
    """Prints the figures of the stores."""
    print(f"Store (rounds of {COUNT}, each on disk before the next; one writer, median of 7)")
    with tempfile.TemporaryDirectory() as folder:
        file = open_store(Path(folder) / "x.db")
        bare, decided, noted, memory = in_turn(
            7, bare_sqlite(Path(folder) / "y.db"), decisions(file, "d"), notes(file, "n"), decisions(MemoryStore(), "m")
        )
        line("decisions without a store", f"{COUNT / memory:,.0f} /s")
        _line("SQLite", bare, decided, noted)
        file.close()
    programs = binaries()
    if programs is None:
        print("  PostgreSQL: not here")
        return
    with running(programs) as cluster:
        address = cluster.database()
        shared = open_store(address)
        bare, decided, noted = in_turn(7, bare_postgres(cluster.database()), decisions(shared, "d"), notes(shared, "n"))
        _line("PostgreSQL", bare, decided, noted)
        _told(shared, address)
        shared.close()


def _line(name: str, bare: float, decided: float, noted: float) -> None:
    for what, took in (("decisions", decided), ("notes", noted)):
        beside = f"bare commit {COUNT / bare:,.0f} /s: ×{took / bare:.2f}"
        line(f"{name}: {what}", f"{COUNT / took:,.0f} /s", beside, "at most ×3")


def _told(store: Store, address: str) -> None:
    """From before the commit to the moment at which four hubs have been told."""
    session = new_session(store, id="told")
    session.start()
    with _listeners(address, 4) as (heard, barrier):
        taken: list[float] = []
        for number in range(200):
            started = time.perf_counter()
            session.submit(WriteNote(seat="averne", text=f"Note {number}."))
            barrier.wait(10)
            taken.append((max(heard) - started) * 1000)
    line(
        "PostgreSQL: a note kept and four hubs told",
        f"{statistics.median(taken):.1f} ms",
        f"p99 {sorted(taken)[-2]:.1f} ms",
    )


@contextmanager
def _listeners(address: str, count: int) -> Iterator[tuple[list[float], threading.Barrier]]:
    heard = [0.0] * count
    ready, barrier = threading.Barrier(count + 1), threading.Barrier(count + 1)

    def hear(number: int) -> Callable[[int], None]:
        def told(seq: int) -> None:
            if seq == 0:
                ready.wait(10)
                return
            heard[number] = time.perf_counter()
            barrier.wait(10)

        return told

    stores = [open_store(address) for _ in range(count)]
    stops = [store.listen("told", hear(number)) for number, store in enumerate(stores)]
    ready.wait(10)
    yield heard, barrier
    for stop, store in zip(stops, stores, strict=True):
        stop()
        store.close()


if __name__ == "__main__":
    main()
