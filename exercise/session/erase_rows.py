"""What a session loses in a database when what is about people is erased from it, and how it goes from the file too."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from exercise.errors import StoreError
from exercise.session import tables as t
from exercise.session.sqlite_file import in_plain_words

NOT_YET_GONE = "deleted, but not yet overwritten on the disk; close other programs that use it and erase again"

_AT_ONCE = 500
"""So many openings are named in one statement."""


def delete_rows(db: sa.Connection, session_id: str, digests: Collection[str]) -> None:
    """Deletes openings, half-written texts and what is held of a survey."""
    own, kept = t.openings.c, t.kept.c
    named = sorted(digests)
    for start in range(0, len(named), _AT_ONCE):
        part = named[start : start + _AT_ONCE]
        db.execute(t.openings.delete().where(own.session == session_id, own.digest.in_(part)))
    # What begins with @ is the room's own: where it went on after going back to a moment.
    db.execute(t.kept.delete().where(kept.session == session_id, ~kept.person.startswith("@")))
    db.execute(t.answers.delete().where(t.answers.c.session == session_id))


def scrub(engine: sa.Engine, name: str) -> None:
    """Writes a SQLite file anew without what was deleted, and empties its journal, which holds what pages held."""
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
            db.exec_driver_sql("VACUUM")
            busy = db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
    except DBAPIError as error:
        raise StoreError(f"{name}: {NOT_YET_GONE} ({in_plain_words(error)})") from error
    if busy:
        raise StoreError(f"{name}: {NOT_YET_GONE}")
