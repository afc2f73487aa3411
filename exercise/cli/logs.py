"""`exercise verify`, `exercise fork` and `exercise log …`, and how a LOG on the command line is found."""

from __future__ import annotations

import json as json_module
import shutil
import sys
import textwrap
from dataclasses import asdict
from pathlib import Path

import typer
from rich.cells import cell_len, set_cell_size

from exercise.cli.files import new_file
from exercise.core.events import ExerciseEnded
from exercise.core.times import parse_exercise_time, shown_until
from exercise.errors import UsageError
from exercise.plain.words import one_line, story
from exercise.session.database import open_store
from exercise.session.log import LoadedLog
from exercise.session.logfile import open_log
from exercise.session.store import Summary, export_log, import_log
from exercise.session.verify import Account

WIDTH = 80


def find_log(name: str) -> LoadedLog:
    """The log in this file, or of the session kept under this id or its beginning."""
    if Path(name).exists():
        return open_log(Path(name))
    store = open_store()
    return store.load(session_named(name, store.list_sessions())).log()


def session_named(name: str, sessions: tuple[Summary, ...]) -> str:
    """The id of the one session that a person means: its id, or enough of its beginning."""
    found = [summary.id for summary in sessions if summary.id == name]
    found = found or [summary.id for summary in sessions if name and summary.id.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        more = ", …" if len(found) > 5 else ""
        raise UsageError(f"Several sessions begin with '{name}': {', '.join(map(one_line, found[:5]))}{more}.")
    raise UsageError(f"'{one_line(name)[:80]}' is no log file, nor a session kept here; see `exercise log list`.")


def verify(name: str, head: str | None, rules: bool, as_json: bool, key: str | None = None) -> None:
    """Prints how far the log vouches for itself; exit code 1 where something does not hold."""
    from exercise.session.verify import verify as account_of

    path = Path(name)
    if path.exists():
        account = account_of(path, head=head, rules=rules, key=key)
    else:
        # The lines as they are kept, not as they are read: one that was changed is to be named, not refused.
        store = open_store()
        kept = store.load(session_named(name, store.list_sessions()))
        account = account_of(kept.file_lines(), head=head, rules=rules, name=kept.summary.id, key=key)
    if as_json:
        typer.echo(json_module.dumps(account.as_data(), indent=2, ensure_ascii=False))
    else:
        _print_account(account)
    if not account.ok:
        raise typer.Exit(1)


def _print_account(account: Account) -> None:
    typer.echo(f"{one_line(account.name)}: {account.entries} entries")
    signs = {True: "ok", False: "FAILED", None: "–"}
    for check in account.checks:
        said = textwrap.wrap(one_line(check.text), WIDTH - 20) or [""]
        typer.echo(f"  {check.name:<9} {signs[check.holds]:<7} {said[0]}")
        for line in said[1:]:
            typer.echo(" " * 20 + line)
    typer.echo(f"head {account.head}")
    for title, sentences in (("This vouches:", account.vouches), ("Nothing here shows:", account.does_not_vouch)):
        if sentences:
            typer.echo(title)
        for sentence in sentences:
            typer.echo(textwrap.fill(sentence, WIDTH, initial_indent="  - ", subsequent_indent="    "))


def list_sessions(as_json: bool) -> None:
    """Prints the sessions kept here, the last used first."""
    sessions = open_store().list_sessions()
    if as_json:
        typer.echo(json_module.dumps([asdict(summary) for summary in sessions], indent=2, ensure_ascii=False))
        return
    if not sessions:
        typer.echo("No sessions are kept here yet. Begin one with: exercise play card-storm")
        return
    rows = [
        (one_line(s.id), s.phase, f"{s.play // 60} min", s.updated[:16].replace("T", " "), one_line(s.title))
        for s in sessions
    ]
    rows.insert(0, ("session", "phase", "played", "last used (UTC)", "title"))
    wide = [max(cell_len(row[n]) for row in rows) for n in range(4)]
    # A title is cut only where somebody looks at it: what reads a pipe gets all of it.
    room = max(12, shutil.get_terminal_size().columns - sum(wide) - 2 * len(wide)) if sys.stdout.isatty() else None
    for row in rows:
        cells = [set_cell_size(cell, width) for cell, width in zip(row, wide, strict=False)]
        typer.echo("  ".join([*cells, _cut(row[4], room)]))


def _cut(text: str, room: int | None) -> str:
    if room is None or cell_len(text) <= room:
        return text
    return set_cell_size(text, room - 1).rstrip() + "…"


def export(name: str, file: str, force: bool = False) -> None:
    """Writes a session as a log file, or any log as a table of its events."""
    if file.lower().endswith(".csv"):
        from exercise.session.events_csv import write_events

        log = find_log(name)
        number = write_events(new_file(file, force, of=(name,)), log)
        typer.echo(f"{file}: {number} entries of {one_line(log.name)}, one a row.")
        typer.echo("It holds secrets, names and words too, as far as the log does.")
        return
    if Path(name).is_file():
        raise UsageError(f"{name}: this is a log file already, to be copied as it is; for a table end FILE in .csv.")
    store = open_store()
    session = session_named(name, store.list_sessions())
    export_log(store, session, new_file(file, force))
    typer.echo(f"{one_line(session)} is written to {file}.")
    typer.echo("It holds everything, secrets and names too; `exercise log redact` takes out what people wrote.")


def import_file(file: str) -> None:
    """Takes a log file in."""
    store = open_store()
    before = {summary.id for summary in store.list_sessions()}
    session = import_log(store, Path(file))
    if session not in before:
        typer.echo(f"Kept as session {one_line(session)}.")
        return
    typer.echo(f"Session {one_line(session)} is kept here already, with the same entries; nothing was taken in.")
    if more := len(open_log(Path(file)).openings.keys() - {opening.digest for opening in store.load(session).openings}):
        typer.echo(f"Words, names and secrets of this file that were taken out of the one kept here stay out: {more}.")


def redact(name: str, file: str, secrets: bool, force: bool = False) -> None:
    """Writes a log without what people typed and who they were, and says what was taken out."""
    from exercise.session import redact as body

    done = body.redact(find_log(name), new_file(file, force, of=(name,)), secrets=secrets)
    said = {
        body.WORDS: "what people wrote: reasons, own proposals, notes, safeguards",
        body.ROSTER: "who played which team",
        body.SECRETS: "the scenario, the seed and the hidden facts",
    }
    typer.echo(f"{file}: taken out, and not to be brought back:")
    for kind, number in done.taken.items():
        typer.echo(f"  {number:>4}  {said[kind]}")
    if secrets:
        typer.echo("It still verifies, but without its scenario it cannot be replayed.")
    else:
        typer.echo("It still verifies and replays. Marks that rested on those words may come out")
        typer.echo("otherwise when they are worked out anew; those proposed at ENDEX stay in it.")


def fork(name: str, at: str, people: tuple[str, ...], bots: tuple[str, ...]) -> None:
    """Keeps a new session that shares a log's beginning, and says how to play on."""
    from exercise.cli.seating import fork_roster
    from exercise.session.fork import fork as forked

    log, store = find_log(name), open_store()
    seq = _moment(log, at)
    end = next((entry.batch for entry in log.entries if isinstance(entry.event, ExerciseEnded)), None)
    if end is not None and end <= seq <= len(log.entries):
        raise UsageError(f"Entry {seq} is past ENDEX, where nothing is left to play; name one before {end}.")
    session = forked(log, seq, store, roster=fork_roster(log, people, bots))
    kept = next(summary.seq for summary in store.list_sessions() if summary.id == session)
    when = f"{kept} of {len(log.entries)} entries, to {story(log.entries[kept - 1].exercise)}"
    typer.echo(f"Kept as session {one_line(session)}: {when if kept else 'the briefing, before STARTEX'}.")
    if kept > seq:
        typer.echo(f"What came of the same command as entry {seq} stays with it, to entry {kept}.")
    typer.echo(f"Play on with: exercise play --resume {one_line(session)}")


def _moment(log: LoadedLog, at: str) -> int:
    """The last entry to keep: its number, or the last before a time of the story has passed."""
    text = at.strip()
    if text.isascii() and text.isdigit():
        return int(text[:9])
    try:
        time = parse_exercise_time(text.upper())
    except ValueError:
        raise UsageError(f"'{one_line(at)[:40]}' is no moment; write an entry's number, or a time as T+1:30.") from None
    last = shown_until(time)
    return sum(entry.exercise <= last for entry in log.entries)
