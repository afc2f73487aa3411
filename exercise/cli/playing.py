"""`exercise`, `exercise play` and `exercise replay`: on a screen, or by lines."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import typer

from exercise.cli import INTERRUPTED
from exercise.cli.logs import find_log, session_named
from exercise.cli.seating import PEOPLE, deciding, every_role, reading_here, roster
from exercise.cli.services import open_table, resume_table
from exercise.cli.speaking import choose_language
from exercise.cli.terminal import left, lines_only
from exercise.core.teamwork.commands import OBSERVER
from exercise.errors import UsageError
from exercise.session.comments import Comments
from exercise.session.database import open_store
from exercise.session.player import LogPlayer
from exercise.session.seal import seal_at_endex, shown
from exercise.session.table import LocalTable


def start(
    name: str,
    people: tuple[str, ...],
    bots: tuple[str, ...],
    seed: int | None,
    live: bool,
    plain: bool,
    *,
    each_role: tuple[str, ...] = (),
    mode: str | None = None,
    observe: bool = False,
    language: str | None = None,
) -> None:
    """A new game: the first team is played here unless `--team` or `--seats` says which, or people only look on."""
    from exercise.authoring.library import load_scenario

    spoken_here = choose_language(language)
    scenario = load_scenario(name)
    if observe:
        if people or each_role or mode:
            raise UsageError("Who observes plays no team; leave --team, --seats and --mode out.")
        if lines_only(plain):
            raise UsageError("--observe needs a screen; by lines: exercise simulate --log FILE, then exercise replay.")
        seats = {**roster(scenario, (), bots, "cooperative"), OBSERVER: PEOPLE}
    else:
        asked = (*people, *every_role(scenario, each_role)) or (scenario.teams[0].id,)
        seats = roster(scenario, asked, bots, "cooperative")
    if mode is not None:
        scenario = deciding(scenario, seats, mode)
    scenario = reading_here(scenario, seats, spoken_here, asked=language is not None)
    _play(open_table(open_store(), scenario, seats, seed, live), plain)


def resume(name: str | None, plain: bool) -> None:
    """A kept game: the one named, or the newest that has not ended."""
    choose_language()
    store = open_store()
    sessions = store.list_sessions()
    if name is None:
        going = [summary.id for summary in sessions if summary.phase != "ended"]
        if not going:
            raise UsageError("No unfinished session is kept here. Begin one with: exercise play card-storm")
        name = going[0]
    table = resume_table(store, session_named(name, sessions))
    choose_language(kept=_read_in(table))
    _play(table, plain)


def _read_in(table: LocalTable) -> str:
    """The language in which the first seat here read the game; '' where that was the scenario's own."""
    seat = next((seat for seat, _name in table.seats), "")
    team = table.session.scenario.teams_by_id.get(seat.partition("/")[0])
    return team.language or "" if team else ""


def replay(name: str, plain: bool, beside: str | None = None) -> None:
    """A log, from its first entry; `beside` is another one to look at at the same time."""
    choose_language()
    log = find_log(name)
    player = LogPlayer(log.scenario, log.reference, log.entries)
    player.prepare()
    if lines_only(plain):
        if beside is not None:
            raise UsageError("Two logs side by side need a screen; by lines: exercise compare LOG LOG.")
        from exercise.plain.replay import replay as by_lines

        with _interrupt_told():
            by_lines(player, _replay_commands(), _write, comments=lambda: Comments.of(log))
        return
    from exercise.cli.replaying import LogTools
    from exercise.tui.launch import run_replay

    other = None
    if beside is not None:
        second = find_log(beside)
        seen = LogPlayer(second.scenario, second.reference, second.entries)
        seen.prepare()
        other = (seen, _called(beside), player.parted(seen))
    left(run_replay(player, LogTools(log, _called(name)), other))


def _called(name: str) -> str:
    """What a log is called in a heading: its file's name without the folders, or the session's id."""
    return Path(name).stem if Path(name).exists() else name


def _play(table: LocalTable, plain: bool) -> None:
    if lines_only(plain):
        from exercise.plain.play import play as by_lines

        with _interrupt_told():
            by_lines(table, _read, _write)
            _tell_head(table)
        return
    from exercise.tui.launch import run_play

    left(run_play(table))
    _tell_head(table)


def _tell_head(table: LocalTable) -> None:
    """After ENDEX, the hash that shows later whether a log is the one that was played here, and the key of its seal."""
    if table.session.state.clock.phase == "ended":
        seal_at_endex(table.session)
        for made in table.session.state.evaluation.seals[-1:]:
            typer.echo(f"The log is sealed with the key {shown(made.key)}.")
        typer.echo("Note this head of the log; `exercise verify --head` compares it:")
        typer.echo(table.session.head)


@contextmanager
def _interrupt_told() -> Iterator[None]:
    """Leaves with Ctrl-C's own exit code: the line mode ends a game properly, but a script must see that it was cut."""
    struck = False

    def strike(number: int, frame: FrameType | None) -> None:
        nonlocal struck
        struck = True
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, strike)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if struck:
        raise typer.Exit(INTERRUPTED)


def _replay_commands() -> Callable[[str], str]:
    """Commands as they are typed; where none can come, the one that tells the whole log."""
    asked = False

    def read(prompt: str) -> str:
        nonlocal asked
        first, asked = not asked, True
        # At a keyboard with the text going into a file nobody would see the prompts.
        if sys.stdin.isatty() and not sys.stdout.isatty():
            if first:
                return "all"
            raise EOFError
        try:
            return _read(prompt)
        except EOFError:
            if first:
                return "all"
            raise

    return read


def _read(prompt: str) -> str:
    # `input` raises EOFError at the end of a pipe; what a pipe says is echoed, so that a transcript reads whole.
    line = input(prompt)
    if not sys.stdin.isatty():
        typer.echo(line)
    return line


def _write(text: str) -> None:
    typer.echo(text)
