"""Sessions in a database, through SQLAlchemy Core: by default one SQLite file in the user's data folder.

A batch is one short transaction that begins with the guard on the session's number of entries, so a second writer
fails there and nothing of its batch is kept.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.schema import CreateTable

from exercise.errors import StoreError
from exercise.session.openings import Opening
from exercise.session.paths import database_file
from exercise.session.store import Stored, Summary, already_there, conflict, not_there

SCHEMA = 1
"""Version of the tables; a database of a higher one was made by a newer program."""

_tables = sa.MetaData()
_meta = sa.Table(
    "meta",
    _tables,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
_sessions = sa.Table(
    "sessions",
    _tables,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("scenario", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("updated", sa.Text, nullable=False),
    sa.Column("phase", sa.Text, nullable=False),
    sa.Column("header", sa.Text, nullable=False),
    sa.Column("head", sa.Text, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("play", sa.Integer, nullable=False),
)
_entries = sa.Table(
    "entries",
    _tables,
    sa.Column("session", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("line", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)
_openings = sa.Table(
    "openings",
    _tables,
    sa.Column("session", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("salt", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
)
_SUMMARY = tuple(
    _sessions.c[name] for name in ("id", "scenario", "title", "created", "updated", "phase", "seq", "play")
)


def open_store(path: Path | None = None) -> DatabaseStore:
    """The store in a SQLite file, made on first use; by default the one in the user's data folder."""
    return DatabaseStore(path or database_file())


class DatabaseStore:
    """A store in a SQLite file that only its owner can read."""

    def __init__(self, path: Path) -> None:
        self._name = str(path)
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            if path.stat().st_mode & 0o077:
                path.chmod(0o600)
        except OSError as error:
            raise StoreError(f"{path}: the sessions cannot be kept here ({error.strerror})") from error
        self._engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)))
        sa.event.listen(self._engine, "connect", _set_pragmas)
        try:
            self._prepare()
        except BaseException:
            self._engine.dispose()
            raise

    def create(self, session: Stored) -> None:
        """Keeps a new session."""
        row = {column.name: getattr(session.summary, column.name) for column in _SUMMARY}
        with self._transaction() as db:
            try:
                db.execute(_sessions.insert(), {**row, "header": session.header, "head": session.head})
            except IntegrityError:
                raise already_there(session.summary.id) from None
            _insert(db, session.summary.id, 0, session.lines, session.openings)

    def append(
        self,
        session_id: str,
        expected_seq: int,
        lines: Sequence[str],
        openings: Sequence[Opening],
        *,
        head: str,
        play: int,
        phase: str,
        updated: str,
    ) -> None:
        """Keeps a batch; when this returns it has reached the disk."""
        with self._transaction() as db:
            guarded = db.execute(
                _sessions.update()
                .where(_sessions.c.id == session_id, _sessions.c.seq == expected_seq)
                .values(
                    seq=expected_seq + len(lines),
                    head=head,
                    play=sa.func.max(_sessions.c.play, play),
                    phase=phase,
                    updated=updated,
                )
            )
            if guarded.rowcount != 1:
                raise self._missing(db, session_id) or conflict(session_id)
            _insert(db, session_id, expected_seq, lines, openings)

    def checkpoint(self, session_id: str, play: int) -> None:
        """Notes how far play time has run."""
        with self._transaction() as db:
            changed = db.execute(
                _sessions.update().where(_sessions.c.id == session_id).values(play=sa.func.max(_sessions.c.play, play))
            )
            if changed.rowcount != 1:
                raise not_there(session_id)

    def list_sessions(self) -> tuple[Summary, ...]:
        """All sessions, the last used first."""
        order = (_sessions.c.updated.desc(), _sessions.c.id.desc())
        with self._transaction() as db:
            return tuple(Summary(*row) for row in db.execute(sa.select(*_SUMMARY).order_by(*order)))

    def load(self, session_id: str, after: int = 0) -> Stored:
        """A session with its lines behind number `after`."""
        with self._transaction() as db:
            row = db.execute(
                sa.select(*_SUMMARY, _sessions.c.header, _sessions.c.head).where(_sessions.c.id == session_id)
            ).one_or_none()
            if row is None:
                raise not_there(session_id)
            *fields, header, head = row
            summary = Summary(*fields)
            # Bounded above too: somebody may append between these two looks.
            wanted = sa.select(_entries.c.line).where(
                _entries.c.session == session_id, _entries.c.seq > after, _entries.c.seq <= summary.seq
            )
            lines = tuple(db.execute(wanted.order_by(_entries.c.seq)).scalars())
            kept = sa.select(_openings.c.digest, _openings.c.salt, _openings.c.value)
            openings = tuple(
                Opening(digest, salt, value)
                for digest, salt, value in db.execute(kept.where(_openings.c.session == session_id))
            )
        return Stored(summary, header, head, lines, openings)

    def delete(self, session_id: str) -> None:
        """Forgets a session."""
        with self._transaction() as db:
            if db.execute(_sessions.delete().where(_sessions.c.id == session_id)).rowcount != 1:
                raise not_there(session_id)
            for table in (_entries, _openings):
                db.execute(table.delete().where(table.c.session == session_id))

    def close(self) -> None:
        """Lets go of the file."""
        self._engine.dispose()

    def _prepare(self) -> None:
        with self._transaction() as db:
            names = set(sa.inspect(db).get_table_names())
            if names and "meta" not in names:
                raise StoreError(f"{self._name}: this is the database of another program; name another file")
            # With "if not exists" two programs may start on a fresh file at once.
            for table in _tables.sorted_tables:
                db.execute(CreateTable(table, if_not_exists=True))
            db.execute(_meta.insert().prefix_with("OR IGNORE"), {"name": "schema", "value": str(SCHEMA)})
            version = db.execute(sa.select(_meta.c.value).where(_meta.c.name == "schema")).scalar_one()
            if not version.isdigit() or int(version) > SCHEMA:
                raise StoreError(
                    f"{self._name}: the sessions were written by a newer program (version {version[:20]} of the "
                    f"tables, this one knows {SCHEMA}); update the program"
                )

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as db:
                yield db
        except DBAPIError as error:
            raise StoreError(f"{self._name}: {_in_plain_words(error)}") from error

    def _missing(self, db: sa.Connection, session_id: str) -> StoreError | None:
        found = db.execute(sa.select(_sessions.c.id).where(_sessions.c.id == session_id)).one_or_none()
        return None if found else not_there(session_id)


def _insert(db: sa.Connection, session_id: str, seq: int, lines: Sequence[str], openings: Sequence[Opening]) -> None:
    if lines:
        rows = [{"session": session_id, "seq": seq + n, "line": line} for n, line in enumerate(lines, start=1)]
        db.execute(_entries.insert(), rows)
    if openings:
        kept = [
            {
                "session": session_id,
                "digest": opening.digest,
                "salt": opening.salt,
                "value": opening.text,
            }
            for opening in openings
        ]
        db.execute(_openings.insert(), kept)


def _set_pragmas(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    # In WAL with FULL a commit has reached the disk when it returns, and readers never wait for the writer.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA busy_timeout=5000")
    # What is deleted is overwritten: openings hold names.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _in_plain_words(error: DBAPIError) -> str:
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
