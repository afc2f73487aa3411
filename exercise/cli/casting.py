"""`exercise replay LOG --cast FILE` and `--page FILE`: a stretch of a replay as a recording that others can watch."""

from __future__ import annotations

import asyncio
import re
import sys

import typer

from exercise.cli.files import new_file, write_file
from exercise.cli.logs import find_log
from exercise.core.times import parse_exercise_time, shown_until
from exercise.errors import UsageError
from exercise.plain.words import one_line
from exercise.session.cast import Cast
from exercise.session.player import LogPlayer

LEAST_SIZE, MOST_SIZE = (60, 20), (240, 80)


def cast(
    name: str,
    cast_file: str | None,
    page_file: str | None,
    *,
    first: str | None = None,
    last: str | None = None,
    speed: float = 8,
    seat: str | None = None,
    size: str = "100x30",
    idle: float = 2,
    force: bool = False,
) -> None:
    """Writes the recording as an asciinema cast, as a page that plays it, or as both."""
    asked = (("cast", cast_file), ("page", page_file))
    files = {kind: new_file(file, force, of=(name,)) for kind, file in asked if file is not None}
    if not files:
        raise UsageError("--from, --to and --seat say what to record; add --cast FILE or --page FILE.")
    columns_rows = _size(size)
    if not (0 < speed <= 10_000 and 0 < idle <= 3_600):
        raise UsageError("--speed is a number above 0, at most 10,000, and --idle one above 0, at most 3,600.")
    log = find_log(name)
    player = LogPlayer(log.scenario, log.reference, log.entries)
    whose = _seat(player, seat)
    begin, end = _stretch(player, first, last)

    from exercise.tui.recording import record

    if sys.stderr.isatty():
        typer.echo("Recording …", err=True)
    made = asyncio.run(record(player, seat=whose, first=begin, last=end, speed=speed, size=columns_rows, idle=idle))
    for kind, file in files.items():
        # It shows what a log shows, and a log is for its owner alone.
        write_file(file, made.text() if kind == "cast" else made.page(), private=True)
        typer.echo(f"{file}: {_told(made)}")


def _told(made: Cast) -> str:
    pictures, markers = (sum(kind == wanted for _, kind, _ in made.events) for wanted in "om")
    minutes, seconds = divmod(round(made.seconds), 60)
    return f"{minutes}:{seconds:02} minutes, {pictures} pictures, {markers} markers. {one_line(made.about)}"


def _seat(player: LogPlayer, seat: str | None) -> str:
    ids = [one.id for one in player.perspectives]
    if seat is None:
        return ids[0]
    if seat not in ids:
        raise UsageError(f"Nobody sees this log as '{one_line(seat)[:80]}'; --seat is one of: {', '.join(ids)}.")
    return seat


def _stretch(player: LogPlayer, first: str | None, last: str | None) -> tuple[int, int]:
    """The positions at which the recording begins and ends; a time takes in all that happened at it."""
    begin = 0 if first is None else _position(player, "--from", first, after=False)
    end = player.length if last is None else _position(player, "--to", last, after=True)
    if begin >= end:
        raise UsageError(f"Nothing lies between --from (entry {begin}) and --to (entry {end}); --to must be later.")
    return begin, end


def _position(player: LogPlayer, option: str, text: str, *, after: bool) -> int:
    asked = text.strip()
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        if int(asked) > player.length:
            raise UsageError(f"{option}: there is no entry {int(asked)}; the log has {player.length} entries.")
        return int(asked)
    try:
        time = parse_exercise_time(asked[:1].upper() + asked[1:])
    except ValueError:
        raise UsageError(
            f"{option}: '{one_line(asked)[:40]}' is neither an entry's number nor a time such as T+1:30."
        ) from None
    if after:
        time = shown_until(time)
    reached = [place for place in range(player.length + 1) if player.exercise_time(place) <= time]
    earlier = [place for place in reached if player.exercise_time(place) < time]
    return max(reached if after else earlier, default=0)


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{1,4})x([0-9]{1,4})", text.strip().lower())
    size = (int(found[1]), int(found[2])) if found else (0, 0)
    if not all(least <= given <= most for least, given, most in zip(LEAST_SIZE, size, MOST_SIZE, strict=True)):
        (columns, rows), (most_columns, most_rows) = LEAST_SIZE, MOST_SIZE
        raise UsageError(
            f"--size is columns x rows, such as 100x30: from {columns}x{rows} to {most_columns}x{most_rows}."
        )
    return size
