"""The tables of a database of sessions, the same in SQLite and in PostgreSQL."""

from __future__ import annotations

import sqlalchemy as sa

SCHEMA = 3
"""Version of the tables; a database of a higher one was made by a newer program.

Since 2: tickets, kept, leases. Since 3: answers, answered.
"""

metadata = sa.MetaData()

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("scenario", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("updated", sa.Text, nullable=False),
    sa.Column("phase", sa.Text, nullable=False),
    sa.Column("header", sa.Text, nullable=False),
    sa.Column("head", sa.Text, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("play", sa.BigInteger, nullable=False),
)
entries = sa.Table(
    "entries",
    metadata,
    sa.Column("session", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("line", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)
openings = sa.Table(
    "openings",
    metadata,
    sa.Column("session", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("salt", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
)
tickets = sa.Table(
    "tickets",
    metadata,
    sa.Column("session", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("seat", sa.Text, nullable=False),
    sa.Column("revoked", sa.Integer, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
)
kept = sa.Table(
    "kept",
    metadata,
    sa.Column("session", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)
leases = sa.Table(
    "leases",
    metadata,
    sa.Column("session", sa.Text, primary_key=True),
    sa.Column("holder", sa.Text, nullable=False),
    # Seconds since 1970 by the database's own clock. With `taken` beside `until` a clock that was set back is seen.
    sa.Column("taken", sa.Double, nullable=False),
    sa.Column("until", sa.Double, nullable=False),
)

# Without row numbers of their own, which would tell in which order people answered.
answers = sa.Table(
    "answers",
    metadata,
    sa.Column("session", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)
answered = sa.Table(
    "answered",
    metadata,
    sa.Column("session", sa.Text, primary_key=True),
    sa.Column("who", sa.Text, primary_key=True),
    sqlite_with_rowid=False,
)

OF_A_SESSION = (entries, openings, tickets, kept, leases, answers, answered)
"""What goes when a session goes; each has a column `session`."""
