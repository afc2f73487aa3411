"""A writer into a session's database that never ends by itself: a process to be killed in mid-write."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

from support import FakeClock

from exercise.core.commands import WriteNote
from exercise.session.database import open_store
from exercise.session.session import Session


def write(path: Path, told: Connection) -> None:
    """Write one note after another, and tell the place and the head of each once it is accepted."""
    clock = FakeClock()
    session = Session.resume(open_store(path), "s-1", now=clock, wall=clock.wall)
    while True:
        batch = session.submit(WriteNote(seat="averne", text=f"note {len(session.entries)}"))
        told.send((batch[-1].seq, session.head))
