"""`exercise`, `exercise play` and `exercise replay`: on a screen, or by lines."""

from __future__ import annotations

import os
import sys

import typer

from exercise.cli.logs import find_log, session_named
from exercise.cli.seating import roster
from exercise.cli.services import LocalServices, open_table, resume_table
from exercise.errors import UsageError
from exercise.session.database import open_store
from exercise.session.player import LogPlayer
from exercise.session.table import LocalTable


def open_home() -> None:
    """The home screen, or where there is no screen what to type instead."""
    if _lines_only(False):
        typer.echo("There is no screen here. Try: exercise play card-storm --plain, or exercise --help.")
        return
    from exercise.tui.launch import run_home

    _left(run_home(LocalServices(open_store())))


def start(name: str, people: tuple[str, ...], bots: tuple[str, ...], seed: int | None, live: bool, plain: bool) -> None:
    """A new game: the first team is played here unless `--team` says which."""
    from exercise.authoring.library import load_scenario

    scenario = load_scenario(name)
    seats = roster(scenario, people or (scenario.teams[0].id,), bots, "cooperative")
    _play(open_table(open_store(), scenario, seats, seed, live), plain)


def resume(name: str | None, plain: bool) -> None:
    """A kept game: the one named, or the newest that has not ended."""
    store = open_store()
    sessions = store.list_sessions()
    if name is None:
        going = [summary.id for summary in sessions if summary.phase != "ended"]
        if not going:
            raise UsageError("No unfinished session is kept here. Begin one with: exercise play card-storm")
        name = going[0]
    _play(resume_table(store, session_named(name, sessions)), plain)


def replay(name: str, plain: bool) -> None:
    """A log, from its first entry."""
    log = find_log(name)
    player = LogPlayer(log.scenario, log.reference, log.entries)
    if _lines_only(plain):
        from exercise.plain.replay import replay as by_lines

        by_lines(player, _read, _write)
        return
    from exercise.tui.launch import run_replay

    run_replay(player)


def _play(table: LocalTable, plain: bool) -> None:
    if _lines_only(plain):
        from exercise.plain.play import play as by_lines

        raise typer.Exit(by_lines(table, _read, _write))
    from exercise.tui.launch import run_play

    _left(run_play(table))


def _left(session_id: str | None) -> None:
    if session_id:
        typer.echo(f"Your game is kept. Go on with: exercise play --resume {session_id}")


def _lines_only(wanted: bool) -> bool:
    screen = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "dumb") not in ("dumb", "")
    return wanted or not screen


def _read(prompt: str) -> str:
    # `input` raises EOFError at the end of a pipe; what a pipe says is echoed, so that a transcript reads whole.
    line = input(prompt)
    if not sys.stdin.isatty():
        typer.echo(line)
    return line


def _write(text: str) -> None:
    typer.echo(text)
