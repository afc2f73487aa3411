"""`exercise log seal` and `exercise log erase-personal`."""

import shlex
import sys
from pathlib import Path

import typer

from exercise.cli.logs import session_named
from exercise.core.evaluation.events import LogSealed
from exercise.errors import UsageError
from exercise.plain.words import one_line
from exercise.session.database import open_store
from exercise.session.logfile import open_log
from exercise.session.store import Store


def seal(name: str, key: str, by: str) -> None:
    """Signs a log's head, keeps the seal in the log, and says by which key others know it."""
    from exercise.session.appending import open_writable
    from exercise.session.seal import host_key, read_key, shown
    from exercise.session.seal import seal as signed

    with_key = read_key(Path(key)) if key else host_key()
    session = open_writable(_place(name, open_store()))
    if session.state.clock.phase != "ended":
        raise UsageError(f"{one_line(name)}: a log is sealed after ENDEX, and this exercise has not ended.")
    last = session.entries[-1].event
    if isinstance(last, LogSealed) and last.key == with_key.public:
        typer.echo(f"It is sealed already, to entry {last.upto}, and nothing came after.")
    else:
        typer.echo(f"Sealed: entries 1 to {signed(session, with_key, by)}.")
    typer.echo(f"The key: {shown(with_key.public)}")
    typer.echo("Give these digits out by another way than the log; whoever has them checks it with")
    typer.echo(f"  exercise verify {shlex.quote(one_line(name))} --key {shown(with_key.public)}")


def erase_personal(name: str, yes: bool, address: str = "") -> None:
    """Destroys in a log what people wrote and who they were, once that is confirmed; says what it did not reach."""
    from exercise.session.erase import also_in, erase_in_file, erase_in_store, personal_in

    store = open_store(address or None)
    place = _place(name, store)
    log = open_log(place) if isinstance(place, Path) else store.load(place).log()
    there = personal_in(log)
    typer.echo(f"{one_line(log.name)}: to be destroyed, and not to be brought back:")
    for number, what in (
        (len(there.words), "texts that people wrote, and names in entries"),
        (len(there.roster), "rosters of who played which team"),
        (there.comments, "comments kept on this machine beside the log"),
    ):
        typer.echo(f"  {number:>4}  {what}")
    if not isinstance(place, Path):
        typer.echo("        and all half-written texts and survey answers kept beside it")
    if not (there.words or there.roster or there.comments) and isinstance(place, Path):
        typer.echo("There is nothing of that kind in it, and nothing was changed.")
        return
    if not yes and not _confirmed():
        typer.echo("Nothing was destroyed.")
        return
    erased = erase_in_file(place, log) if isinstance(place, Path) else erase_in_store(store, log)
    typer.echo("Destroyed. The log still verifies, with its seals, and replays without those words.")
    typer.echo("Copies of it elsewhere, reports made from it, printed handouts and backups are not reached.")
    for other in also_in(store, log, erased, "" if isinstance(place, Path) else place):
        typer.echo(f"Session {one_line(other)}, kept here, holds some of the same; erase it too if they are to go.")


def _confirmed() -> bool:
    if not sys.stdin.isatty():
        raise UsageError("What is erased is gone for good, so this asks first; without a keyboard, add --yes.")
    return typer.confirm("Destroy them?", default=False)


def _place(name: str, store: Store) -> Path | str:
    """A log file, or the id of the session in the store that is meant."""
    path = Path(name)
    return path if path.exists() else session_named(name, store.list_sessions())
