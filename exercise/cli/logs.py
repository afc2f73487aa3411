"""`exercise verify` and `exercise log …`, and how a LOG on the command line is found."""

from __future__ import annotations

import json as json_module
from dataclasses import asdict
from pathlib import Path

import typer

from exercise.errors import UsageError
from exercise.session.database import open_store
from exercise.session.log import LoadedLog
from exercise.session.logfile import open_log
from exercise.session.store import Summary, export_log, import_log


def find_log(name: str) -> LoadedLog:
    """The log in this file, or of the session kept under this id or its beginning."""
    if Path(name).exists():
        return open_log(Path(name))
    store = open_store()
    return store.load(session_named(name, store.list_sessions())).log()


def session_named(name: str, sessions: tuple[Summary, ...]) -> str:
    """The id of the one session that a person means: its id, or enough of its beginning."""
    found = [summary.id for summary in sessions if summary.id == name]
    found = found or [summary.id for summary in sessions if summary.id.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"Several sessions begin with {name!r}: {', '.join(found[:5])}.")
    raise UsageError(f"{name[:80]!r} is neither a log file nor a session kept here; see `exercise log list`.")


def verify(name: str, head: str | None, rules: bool, as_json: bool) -> None:
    """Prints how far the log vouches for itself; exit code 1 where something does not hold."""
    from exercise.session.verify import lines_of
    from exercise.session.verify import verify as account_of

    path = Path(name)
    if path.exists():
        account = account_of(path, head=head, rules=rules)
    else:
        log = find_log(name)
        account = account_of(lines_of(log), head=head, rules=rules, name=log.header.session)
    if as_json:
        typer.echo(json_module.dumps(account.as_data(), indent=2, ensure_ascii=False))
    else:
        for line in account.lines():
            typer.echo(line)
    if not account.ok:
        raise typer.Exit(1)


def list_sessions(as_json: bool) -> None:
    """Prints the sessions kept here, the last used first."""
    sessions = open_store().list_sessions()
    if as_json:
        typer.echo(json_module.dumps([asdict(summary) for summary in sessions], indent=2, ensure_ascii=False))
        return
    if not sessions:
        typer.echo("No sessions are kept here yet. Begin one with: exercise play card-storm")
    for summary in sessions:
        minutes = summary.play // 60
        typer.echo(f"{summary.id:<28} {summary.phase:<9} {minutes:>4} min  {summary.updated[:16]}  {summary.title}")


def export(name: str, file: str) -> None:
    """Writes a session as a log file."""
    store = open_store()
    session = session_named(name, store.list_sessions())
    if Path(file).exists():
        raise UsageError(f"{file}: there is a file already; name another, or remove it first.")
    export_log(store, session, Path(file))
    typer.echo(f"{session} written to {file}. It holds everything, secrets too: hand it on with care.")


def import_file(file: str) -> None:
    """Takes a log file in."""
    session = import_log(open_store(), Path(file))
    typer.echo(f"Kept as session {session}.")
