"""Sessions in a database, through SQLAlchemy Core: by default one SQLite file in the user's data folder.

A batch is one short transaction that begins with the guard on the session's number of entries, so a second writer
fails there and nothing of its batch is kept.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.schema import CreateTable

from exercise.errors import StoreError
from exercise.session import sheet_rows
from exercise.session import tables as t
from exercise.session.erase_rows import delete_rows, scrub
from exercise.session.openings import Opening
from exercise.session.paths import database_file
from exercise.session.sheets import Answers
from exercise.session.sqlite_file import in_plain_words, set_pragmas
from exercise.session.store import (
    Added,
    Stored,
    Summary,
    already_there,
    conflict,
    digests_in,
    no_ticket,
    not_there,
)
from exercise.session.tickets import Ticket

T = TypeVar("T")
Insert = postgresql.Insert | sqlite.Insert

_SUMMARY = tuple(
    t.sessions.c[name] for name in ("id", "scenario", "title", "created", "updated", "phase", "seq", "play")
)
_TICKET = tuple(t.tickets.c[name] for name in ("id", "code", "kind", "seat", "revoked", "created"))

_MOST_DIGESTS = 500
"""So many openings are asked for by name; whoever is further behind takes them all."""


def open_store(where: str | Path | None = None) -> DatabaseStore:
    """The store at a `postgresql://…` address or in a SQLite file, by default the one in the user's data folder."""
    if isinstance(where, str) and "://" in where:
        from exercise.session.postgres import open_postgres

        return open_postgres(where)
    return open_sqlite(Path(where) if where else database_file())


def open_sqlite(path: Path) -> DatabaseStore:
    """The store in a SQLite file that only its owner can read, made on first use."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise StoreError(f"{path}: the sessions cannot be kept here ({error.strerror})") from error
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)), hide_parameters=True)
    sa.event.listen(engine, "connect", set_pragmas)
    return DatabaseStore(engine, str(path))


class DatabaseStore:
    """A store in a database; `name` stands in messages. As it is, for SQLite."""

    shared = False

    _seconds: sa.ColumnElement[float] = sa.literal_column("(julianday('now') - 2440587.5) * 86400.0", sa.Double)
    """The present in seconds, by the database's own clock."""

    def __init__(self, engine: sa.Engine, name: str) -> None:
        self.name = name
        self._engine = engine
        try:
            self._run(self._prepare)
        except BaseException:
            self._engine.dispose()
            raise

    def create(self, session: Stored) -> None:
        """Keeps a new session."""
        summary = session.summary
        row = {column.name: getattr(summary, column.name) for column in _SUMMARY}

        def work(db: sa.Connection) -> None:
            try:
                db.execute(t.sessions.insert(), {**row, "header": session.header, "head": session.head})
            except IntegrityError:
                raise already_there(summary.id) from None
            _insert_lines(db, summary.id, 0, session.lines, session.openings)

        self._run(work, done=lambda db: self._head(db, summary.id) == (len(session.lines), session.head))

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
        seq = expected_seq + len(lines)

        guard = {"its_id": session_id, "its_seq": expected_seq}
        row = {"seq": seq, "head": head, "new_play": play, "phase": phase, "updated": updated}

        def work(db: sa.Connection) -> None:
            if not self._grow(db, guard | row, lines, openings):
                raise conflict(session_id)

        self._run(work, done=lambda db: bool(lines) and self._line(db, session_id, seq) == lines[-1], at_once=True)

    def checkpoint(self, session_id: str, play: int) -> None:
        """Notes how far play time has run."""

        def work(db: sa.Connection) -> None:
            if db.execute(_CHECKPOINT, {"its_id": session_id, "new_play": play}).rowcount != 1:
                raise not_there(session_id)

        self._run(work)

    def list_sessions(self) -> tuple[Summary, ...]:
        """All sessions, the last used first."""
        order = (t.sessions.c.updated.desc(), t.sessions.c.id.desc())
        return self._run(lambda db: tuple(Summary(*row) for row in db.execute(sa.select(*_SUMMARY).order_by(*order))))

    def load(self, session_id: str) -> Stored:
        """A session whole."""

        def work(db: sa.Connection) -> Stored:
            row = db.execute(
                sa.select(*_SUMMARY, t.sessions.c.header, t.sessions.c.head).where(t.sessions.c.id == session_id)
            ).one_or_none()
            if row is None:
                raise not_there(session_id)
            *fields, header, head = row
            summary = Summary(*fields)
            # Bounded: somebody may append between two looks.
            own = t.entries.c
            wanted = sa.select(own.line).where(own.session == session_id, own.seq <= summary.seq).order_by(own.seq)
            lines = tuple(db.execute(wanted).scalars())
            return Stored(summary, header, head, lines, _openings(db, session_id))

        return self._run(work)

    def read_on(self, session_id: str, after: int) -> Added:
        """What stands behind line `after`."""

        def work(db: sa.Connection) -> Added:
            rows = db.execute(_READ_ON, {"its_id": session_id, "after": after}).all()
            if not rows:
                raise not_there(session_id)
            lines = tuple(line for _, line in rows if line is not None)
            named = digests_in(lines)
            return Added(lines, _openings(db, session_id, named) if named else (), rows[0].play)

        return self._run(work, at_once=True)

    def delete(self, session_id: str) -> None:
        """Forgets a session."""

        def work(db: sa.Connection) -> None:
            if db.execute(t.sessions.delete().where(t.sessions.c.id == session_id)).rowcount != 1:
                raise not_there(session_id)
            for table in t.OF_A_SESSION:
                db.execute(table.delete().where(table.c.session == session_id))

        self._run(work, done=lambda db: self._head(db, session_id) is None)

    def listen(self, session_id: str, heard: Callable[[int], None]) -> Callable[[], None]:
        """A file is one hub's own."""
        return lambda: None

    def take_lease(self, session_id: str, holder: str, seconds: float) -> bool:
        """Takes or prolongs the lease."""
        now, held = self._seconds, t.leases.c
        # A lease that begins in the future was taken before the clock was set back: nobody is to wait for it.
        free = sa.or_(held.holder == holder, held.until <= now, held.taken > now)
        row = {"holder": holder, "taken": now, "until": now + seconds}
        statement = self._insert(t.leases).values(session=session_id, **row)
        statement = statement.on_conflict_do_update(index_elements=[held.session], set_=row, where=free).returning(
            held.holder
        )

        def work(db: sa.Connection) -> bool:
            self._known(db, session_id)
            return db.execute(statement).one_or_none() is not None

        return self._run(work)

    def give_up_lease(self, session_id: str, holder: str) -> None:
        """Leaves the lease to others."""
        held = t.leases.c
        self._run(lambda db: db.execute(t.leases.delete().where(held.session == session_id, held.holder == holder)))

    def save_ticket(self, session_id: str, ticket: Ticket) -> None:
        """Keeps a join code."""
        own = t.tickets.c
        row = {column.name: getattr(ticket, column.name) for column in _TICKET} | {"revoked": int(ticket.revoked)}
        last = sa.select(sa.func.coalesce(sa.func.max(own.place), 0) + 1).where(own.session == session_id)
        statement = self._insert(t.tickets).values(session=session_id, place=last.scalar_subquery(), **row)

        def work(db: sa.Connection) -> None:
            self._known(db, session_id)
            db.execute(statement.on_conflict_do_update(index_elements=[own.session, own.id], set_=row))
            self._tell(db, session_id)

        self._run(work)

    def tickets(self, session_id: str) -> tuple[Ticket, ...]:
        """All join codes of a session."""
        wanted = sa.select(*_TICKET).where(t.tickets.c.session == session_id).order_by(t.tickets.c.place)
        return self._run(lambda db: tuple(_ticket(row) for row in db.execute(wanted)))

    def revoke_ticket(self, session_id: str, ticket_id: str) -> None:
        """From now on the code opens nothing."""
        own = t.tickets.c
        statement = t.tickets.update().where(own.session == session_id, own.id == ticket_id).values(revoked=1)

        def work(db: sa.Connection) -> None:
            if db.execute(statement).rowcount != 1:
                raise no_ticket(ticket_id)
            self._tell(db, session_id)

        self._run(work)

    def keep(self, session_id: str, person: str, key: str, text: str) -> None:
        """Keeps a half-written text."""
        own, row = t.kept.c, {"session": session_id, "person": person, "key": key}
        forget = t.kept.delete().where(own.session == session_id, own.person == person, own.key == key)
        write = self._insert(t.kept).values(**row, text=text)
        write = write.on_conflict_do_update(index_elements=[own.session, own.person, own.key], set_={"text": text})

        def work(db: sa.Connection) -> None:
            self._known(db, session_id)
            db.execute(write if text else forget)
            if person.startswith("@"):
                self._tell(db, session_id)

        self._run(work)

    def kept(self, session_id: str, person: str) -> dict[str, str]:
        """A person's half-written texts."""
        own = t.kept.c
        wanted = sa.select(own.key, own.text).where(own.session == session_id, own.person == person)
        return self._run(lambda db: {key: text for key, text in db.execute(wanted)})

    def hand_in(self, session_id: str, who: str, answers: Answers, *, drafted_by: str = "") -> None:
        """Keeps somebody's answers to the survey."""

        def work(db: sa.Connection) -> None:
            self._known(db, session_id)
            sheet_rows.hand_in(db, session_id, who, answers, drafted_by)

        self._run(work)
        self._overwrite()

    def answered(self, session_id: str) -> frozenset[str]:
        """Digests of those who have answered."""
        return self._run(lambda db: sheet_rows.answered(db, session_id))

    def shut_survey(self, session_id: str) -> Answers:
        """From now on takes no more answers."""

        def work(db: sa.Connection) -> Answers:
            self._known(db, session_id)
            return sheet_rows.shut(db, session_id)

        return self._run(work)

    def forget_survey(self, session_id: str) -> None:
        """Deletes what is held of a survey."""
        self._run(lambda db: sheet_rows.forget(db, session_id))
        self._overwrite()

    def erase(self, session_id: str, digests: Collection[str]) -> None:
        """Destroys openings and what is half-written, in the file and its journal too."""

        def work(db: sa.Connection) -> None:
            self._known(db, session_id)
            delete_rows(db, session_id, digests)

        self._run(work)
        self._scrub()

    def copy_tickets(self, from_session: str, to_session: str) -> None:
        """Takes codes and half-written texts along into a fork."""

        def work(db: sa.Connection) -> None:
            self._known(db, from_session)
            self._known(db, to_session)
            for table in (t.tickets, t.kept):
                rest = [column for column in table.c if column.name != "session"]
                rows = sa.select(sa.literal(to_session), *rest).where(table.c.session == from_session)
                copy = self._insert(table).from_select(["session", *(column.name for column in rest)], rows)
                db.execute(copy.on_conflict_do_nothing())
            self._tell(db, to_session)

        self._run(work)

    def close(self) -> None:
        """Lets go of files and connections."""
        self._engine.dispose()

    # What one kind of database does in its own way.

    def _run(
        self,
        work: Callable[[sa.Connection], T],
        *,
        done: Callable[[sa.Connection], bool] | None = None,
        at_once: bool = False,
    ) -> T:
        """Does the work in one transaction; `done` tells afterwards whether it was, where an answer got lost.

        With `at_once` the work changes at most one thing in one statement, which needs no transaction around it.
        """
        try:
            with self._engine.begin() as db:
                return work(db)
        except DBAPIError as error:
            raise StoreError(f"{self.name}: {in_plain_words(error)}") from error

    def _grow(self, db: sa.Connection, row: dict[str, Any], lines: Sequence[str], openings: Sequence[Opening]) -> bool:
        """Whether the session, which has to be there, had as many entries as the writer knew of; then these follow."""
        if db.execute(_GROW, row).rowcount != 1:
            self._known(db, row["its_id"])
            return False
        _insert_lines(db, row["its_id"], row["its_seq"], lines, openings)
        return True

    def _tell(self, db: sa.Connection, session_id: str) -> None:
        """Tells other hubs that something beside the log has changed; a file has none."""

    def _overwrite(self) -> None:
        """Lets nothing of what was deleted stand in the file's journal, which holds how the pages were before."""
        with suppress(DBAPIError), self._engine.connect() as db:
            db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def _scrub(self) -> None:
        """Writes the file anew without what was deleted."""
        scrub(self._engine, self.name)

    def _insert(self, table: sa.Table) -> Any:
        return sqlite.insert(table)

    def _prepare(self, db: sa.Connection) -> None:
        names = set(sa.inspect(db).get_table_names())
        if names and t.meta.name not in names:
            raise StoreError(f"{self.name}: this is the database of another program; name another one")
        # With "if not exists" two programs may start on a fresh file at once.
        for table in t.metadata.sorted_tables:
            if table.name not in names:
                db.execute(CreateTable(table, if_not_exists=True))
        row = {"name": "schema", "value": str(t.SCHEMA)}
        if t.meta.name not in names:
            db.execute(self._insert(t.meta).values(row).on_conflict_do_nothing())
        own = t.meta.c.name == row["name"]
        version = db.execute(sa.select(t.meta.c.value).where(own)).scalar_one()
        if not version.isdigit() or int(version) > t.SCHEMA:
            raise StoreError(
                f"{self.name}: the sessions were written by a newer program (version {version[:20]} of the "
                f"tables, this one knows {t.SCHEMA}); update the program"
            )
        if int(version) < t.SCHEMA:
            db.execute(t.meta.update().where(own).values(value=row["value"]))

    # Small looks.

    def _known(self, db: sa.Connection, session_id: str) -> None:
        if self._head(db, session_id) is None:
            raise not_there(session_id)

    def _head(self, db: sa.Connection, session_id: str) -> tuple[int, str] | None:
        row = db.execute(sa.select(t.sessions.c.seq, t.sessions.c.head).where(t.sessions.c.id == session_id))
        found = row.one_or_none()
        return None if found is None else (found.seq, found.head)

    def _line(self, db: sa.Connection, session_id: str, seq: int) -> str | None:
        own = t.entries.c
        return db.execute(sa.select(own.line).where(own.session == session_id, own.seq == seq)).scalar_one_or_none()


# What is done at every step is put together once.
_NEW_PLAY = sa.bindparam("new_play", type_=sa.BigInteger)
_CHECKPOINT = (
    t.sessions.update()
    .where(t.sessions.c.id == sa.bindparam("its_id"))
    .values(play=sa.case((t.sessions.c.play > _NEW_PLAY, t.sessions.c.play), else_=_NEW_PLAY))
)
_GROW = _CHECKPOINT.where(t.sessions.c.seq == sa.bindparam("its_seq")).values(
    {name: sa.bindparam(name) for name in ("seq", "head", "phase", "updated")}
)
_NEW_LINE = sa.and_(t.entries.c.session == t.sessions.c.id, t.entries.c.seq > sa.bindparam("after"))
_READ_ON = (
    sa.select(t.sessions.c.play, t.entries.c.line)
    .select_from(t.sessions.outerjoin(t.entries, _NEW_LINE))
    .where(t.sessions.c.id == sa.bindparam("its_id"))
    .order_by(t.entries.c.seq)
)
_INSERT_LINE = t.entries.insert()
_INSERT_OPENING = t.openings.insert()


def _ticket(row: sa.Row[Any]) -> Ticket:
    return Ticket(row.id, row.code, row.kind, row.seat, bool(row.revoked), row.created)


def _openings(db: sa.Connection, session_id: str, named: set[str] | None = None) -> tuple[Opening, ...]:
    own = t.openings.c
    wanted = sa.select(own.digest, own.salt, own.value).where(own.session == session_id)
    if named is not None and len(named) <= _MOST_DIGESTS:
        wanted = wanted.where(own.digest.in_(named))
    return tuple(Opening(digest, salt, value) for digest, salt, value in db.execute(wanted))


def _insert_lines(
    db: sa.Connection, session_id: str, seq: int, lines: Sequence[str], openings: Sequence[Opening]
) -> None:
    if lines:
        rows = [{"session": session_id, "seq": seq + n, "line": line} for n, line in enumerate(lines, start=1)]
        db.execute(_INSERT_LINE, rows)
    if openings:
        kept = [
            {"session": session_id, "digest": opening.digest, "salt": opening.salt, "value": opening.text}
            for opening in openings
        ]
        db.execute(_INSERT_OPENING, kept)
