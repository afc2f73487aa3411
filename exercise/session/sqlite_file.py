"""How SQLite is set up for sessions, and what its faults are in words for a person."""

from __future__ import annotations

from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError


def set_pragmas(connection: DBAPIConnection, _record: object) -> None:
    """Makes each commit durable, and what is deleted gone."""
    cursor = connection.cursor()
    # In WAL with FULL a commit has reached the disk when it returns, and readers never wait for the writer.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA busy_timeout=5000")
    # What is deleted is overwritten: openings hold names.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def in_plain_words(error: DBAPIError) -> str:
    """A fault of the file with what to do about it."""
    text = str(error.orig)
    if "full" in text:
        return "the disk is full; nothing of the last step was kept: make room and do it again"
    if "locked" in text or "busy" in text:
        return "another program holds the sessions; close it, or wait and do it again"
    if "not a database" in text or "malformed" in text:
        return "the file is damaged or is no database of sessions; put a copy in its place, or name another file"
    if "readonly" in text or "unable to open" in text:
        return "the sessions cannot be written here; look at the rights of file and folder"
    return f"the sessions cannot be read or written ({text[:120]})"
