"""Sessions in PostgreSQL, where several hubs on several machines serve one exercise.

The same tables and statements as in a file, and besides: other hubs are told in the same transaction that keeps a
batch, a lost connection is made anew, and where it was lost in mid-commit the database is asked what became of it.
"""

from __future__ import annotations

import logging
import re
import select
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from exercise.core.text import clean_text
from exercise.errors import StoreError, UsageError
from exercise.session import tables as t
from exercise.session.database import DatabaseStore
from exercise.session.erase_rows import NOT_YET_GONE
from exercise.session.openings import Opening
from exercise.session.store import StoreUnreachable, not_there

T = TypeVar("T")

_SETTINGS = {
    # A machine that vanished is noticed within seconds, not hours.
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
    # A hub that hangs in mid-transaction must not hold the others.
    "options": "-c lock_timeout=5s -c idle_in_transaction_session_timeout=10s",
    "application_name": "exercise",
    "client_encoding": "utf8",
}
_TABLES_LOCK = 0x65786572
"""Any number that every copy of this program agrees on: two hubs may start on an empty database at once."""

_FIRST_WAIT, _LONGEST_WAIT = 0.1, 5.0
_LOOK_AFTER = 30.0
"""Seconds of silence after which a listener makes sure that its connection still stands."""

_log = logging.getLogger(__name__)


def open_postgres(address: str) -> PostgresStore:
    """The store at `postgresql://user@host/database`; the password is best left to `~/.pgpass` or PGPASSWORD."""
    try:
        url = sa.make_url(address)
        if url.drivername not in ("postgresql", "postgres"):
            raise UsageError(
                f"{url.drivername[:20]!r} is no kind of store; give a file or postgresql://user@host/database"
            )
        url = url.set(drivername="postgresql+psycopg")
    except (SQLAlchemyError, ValueError):
        # Not from the error: it may quote the address, and with it the password.
        raise UsageError("the address of the store cannot be read; it looks like postgresql://user@host/db") from None
    try:
        import psycopg  # noqa: F401
    except ImportError:
        raise StoreError("PostgreSQL needs one more library: pip install 'exercise[postgres]'") from None
    return PostgresStore(url.update_query_dict({**_SETTINGS, **url.query}))


class PostgresStore(DatabaseStore):
    """A store in PostgreSQL; every fault of the connection is mended by the next call."""

    shared = True

    _seconds: sa.ColumnElement[float] = sa.literal_column("extract(epoch from clock_timestamp())", sa.Double)

    def __init__(self, url: sa.URL) -> None:
        self._url = url
        engine = sa.create_engine(
            url, hide_parameters=True, pool_size=2, max_overflow=6, pool_timeout=10, pool_use_lifo=True
        )
        sa.event.listen(engine, "connect", _make_durable)
        # For a statement that is a whole transaction: BEGIN and COMMIT would each be a walk to the database and back.
        self._at_once = engine.execution_options(isolation_level="AUTOCOMMIT")
        super().__init__(engine, _name(url))

    def listen(self, session_id: str, heard: Callable[[int], None]) -> Callable[[], None]:
        """Calls back in a thread of its own when another hub has written; returns how to stop."""
        _, words = self._engine.dialect.create_connect_args(self._url)
        return Listener(words, channel(session_id), heard, self.name).stop

    def _run(
        self,
        work: Callable[[sa.Connection], T],
        *,
        done: Callable[[sa.Connection], bool] | None = None,
        at_once: bool = False,
    ) -> T:
        try:
            return self._attempt(work, at_once)
        except _Lost as lost:
            in_doubt = lost.in_doubt
        try:
            return self._attempt(work, at_once)
        except _Lost as lost:
            unknown = done is not None and (in_doubt or lost.in_doubt)
            doubt = "; whether the last step was kept shows when it is back" if unknown else ""
            raise StoreUnreachable(f"{self.name}: {lost}{doubt}") from None
        except StoreError:
            # Refused, perhaps because the first attempt was kept after all and only its answer was lost.
            if in_doubt and done is not None and self._run(done):
                return None  # type: ignore[return-value]  # What is done twice returns nothing.
            raise

    def _attempt(self, work: Callable[[sa.Connection], T], at_once: bool) -> T:
        committing = at_once
        try:
            with (self._at_once if at_once else self._engine).connect() as db:
                found = work(db)
                committing = True
                db.commit()
                return found
        except PoolTimeout:
            raise StoreUnreachable(f"{self.name}: too many ask at once; do it again") from None
        except DBAPIError as error:
            state = getattr(error.orig, "sqlstate", None)
            silent = state is None and isinstance(error, OperationalError | InterfaceError)
            if error.connection_invalidated or silent or (state or "")[:2] == "08" or state in _GOING:
                raise _Lost(_why(error, self._url), in_doubt=committing) from None
            raise StoreError(f"{self.name}: {_in_plain_words(error, state or '')}") from None

    def _grow(self, db: sa.Connection, row: dict[str, Any], lines: Sequence[str], openings: Sequence[Opening]) -> bool:
        digests, salts, texts = ([opening[n] for opening in openings] for n in range(3))
        parts = {"lines": [*lines], "digests": digests, "salts": salts, "texts": texts}
        told = {"channel": channel(row["its_id"]), "tidings": str(row["seq"])}
        found = db.execute(_GROW, {**row, **parts, **told}).rowcount
        if found == 0:
            raise not_there(row["its_id"])
        return found == 2

    def _tell(self, db: sa.Connection, session_id: str) -> None:
        db.execute(_NOTIFY, {"channel": channel(session_id), "tidings": "0"})

    def _overwrite(self) -> None:
        """What was deleted is the server's to overwrite."""

    def _scrub(self) -> None:
        """Has the server write the tables anew without what was deleted; its journal and backups are its own."""
        tables = ", ".join(table.name for table in (t.openings, t.kept, t.answers))
        try:
            with self._at_once.connect() as db:
                db.exec_driver_sql(f"VACUUM (FULL) {tables}")
        except DBAPIError as error:
            state = getattr(error.orig, "sqlstate", None) or ""
            raise StoreError(f"{self.name}: {NOT_YET_GONE} ({_in_plain_words(error, state)})") from None

    def _insert(self, table: sa.Table) -> Any:
        return postgresql.insert(table)

    def _prepare(self, db: sa.Connection) -> None:
        if db.execute(sa.text("SHOW server_encoding")).scalar_one() != "UTF8":
            raise StoreError(f"{self.name}: the database does not hold all letters; make it with ENCODING 'UTF8'")
        db.execute(sa.select(sa.func.pg_advisory_xact_lock(_TABLES_LOCK)))
        super()._prepare(db)


class Listener:
    """Hears what other hubs tell of one session, over a connection of its own that it makes anew when it is lost."""

    def __init__(self, words: Mapping[str, Any], channel: str, heard: Callable[[int], None], name: str) -> None:
        self._words = words
        self._channel = channel
        self._heard = heard
        self._name = name
        self._bell, self._door = socket.socketpair()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._listen, name=f"{channel} listener", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stops and waits for the thread, unless it is this one that asks."""
        if self._stopped.is_set():
            return
        self._stopped.set()
        self._bell.close()
        if threading.current_thread() is not self._thread:
            self._thread.join(_LONGEST_WAIT)

    def _listen(self) -> None:
        import psycopg

        wait = _FIRST_WAIT
        try:
            while not self._stopped.is_set():
                try:
                    with psycopg.connect(**self._words, autocommit=True) as db:
                        db.execute(f'LISTEN "{self._channel}"')
                        wait = _FIRST_WAIT
                        self._call(0)  # What was told before this moment was told to nobody here.
                        self._hear(db)
                except (psycopg.Error, OSError, ValueError):
                    if wait == _FIRST_WAIT and not self._stopped.is_set():
                        _log.warning("%s: the line to the database is lost; trying again", self._name)
                    self._stopped.wait(wait)
                    wait = min(2 * wait, _LONGEST_WAIT)
        finally:
            self._door.close()

    def _hear(self, db: Any) -> None:
        while not self._stopped.is_set():
            ready, _, _ = select.select([db, self._door], [], [], _LOOK_AFTER)
            if not ready:
                db.execute("SELECT 1")
            # Of several tidings the newest is enough, but for 0, which says that something beside the log has changed.
            told = {int(note.payload) for note in db.notifies(timeout=0) if note.payload.isdecimal()}
            for seq in {min(told), max(told)} if told else ():
                if seq in (0, max(told)):
                    self._call(seq)

    def _call(self, seq: int) -> None:
        if self._stopped.is_set():
            return
        try:
            self._heard(seq)
        except Exception:
            # Whoever is told may fail; the next tidings must come all the same.
            _log.exception("what another hub wrote could not be taken in")


class _Lost(Exception):
    def __init__(self, text: str, *, in_doubt: bool) -> None:
        super().__init__(text)
        self.in_doubt = in_doubt


_NOTIFY = sa.text("SELECT pg_notify(:channel, :tidings)")
_GROW = sa.text(
    """
    WITH guarded AS (
        UPDATE sessions
        SET seq = :seq, head = :head, play = greatest(play, :new_play), phase = :phase, updated = :updated
        WHERE id = :its_id AND seq = :its_seq
        RETURNING id
    ), line AS (
        INSERT INTO entries (session, seq, line)
        SELECT id, :its_seq + nth, line
        FROM guarded, unnest(CAST(:lines AS text[])) WITH ORDINALITY AS new (line, nth)
    ), opening AS (
        INSERT INTO openings (session, digest, salt, value)
        SELECT id, digest, salt, value
        FROM guarded, unnest(CAST(:digests AS text[]), CAST(:salts AS text[]), CAST(:texts AS text[]))
            AS new (digest, salt, value)
    )
    SELECT CAST(pg_notify(:channel, :tidings) AS text) FROM guarded
    UNION ALL SELECT 'there' FROM sessions WHERE id = :its_id
    """
)
"""A batch in one statement, as each one more costs a walk to the database and back.

Two rows where it was kept, one where the guard failed, none where there is no such session.
"""
_GOING = {"57P01", "57P02", "57P03", "53300"}
"""The server goes, comes or is full at this moment; a moment later it answers."""


def channel(session_id: str) -> str:
    """The channel of a session, which has to be a name of at most 63 plain letters."""
    return f"exercise_{sha256(session_id.encode()).hexdigest()[:32]}"


def _name(url: sa.URL) -> str:
    """The store as messages name it, without the password."""
    host = url.host or url.query.get("host") or "localhost"
    where = f"{host if isinstance(host, str) else host[0]}{f':{url.port}' if url.port else ''}"
    return clean_text(
        f"{url.username}@{where}/{url.database or ''}" if url.username else f"{where}/{url.database or ''}"
    )


def _make_durable(connection: DBAPIConnection, _record: object) -> None:
    # A commit that has returned must outlive the server's next moment, however the server was set up.
    cursor = connection.cursor()
    cursor.execute(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
    )
    cursor.close()
    connection.commit()


def _why(error: DBAPIError, url: sa.URL) -> str:
    text = clean_text(str(error.orig)).strip().splitlines()
    last = re.sub(r"^.*(?:FATAL|failed): +", "", text[-1]) if text else ""
    if url.password:
        last = last.replace(str(url.password), "…")
    return f"the database does not answer ({last[:120]})" if last else "the database does not answer"


def _in_plain_words(error: DBAPIError, state: str) -> str:
    if state in ("53100", "53200"):
        return "the database has no room left; nothing of the last step was kept: make room and do it again"
    if state in ("55P03", "57014", "40001", "40P01", "25P03"):
        return "somebody else holds the sessions; wait and do it again"
    if state == "42501":
        return "this user may not read or write the sessions; look at the user's rights in the database"
    if state == "25006":
        return "the database can be read only; name the one that takes writes"
    # The first line only: what follows it may quote what was written.
    said = clean_text(str(getattr(getattr(error.orig, "diag", None), "message_primary", "") or ""))
    return f"the sessions cannot be read or written ({state}: {said[:120]})"
