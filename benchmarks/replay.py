"""What a long log costs whoever replays or verifies it: to open, to jump about in, to look at, and to vouch for."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

from benchmarks.timing import in_turn, line, seconds
from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.cli.seating import bots_of, roster
from exercise.core import events as ev
from exercise.core.events import LogEntry
from exercise.core.scenario import Scenario
from exercise.core.teamwork import events as table
from exercise.session.autoplay import run
from exercise.session.facts import draw_facts
from exercise.session.log import RULES, encode_entry, line_hash, make_header, used_by
from exercise.session.logfile import open_log, write_log
from exercise.session.openings import Opening
from exercise.session.player import LogPlayer
from exercise.session.verify import verify

SIZE = 50_000
JUMPS = 200


def write(path: Path, size: int = SIZE) -> None:
    """Card Storm as bots play it, with all that a full room says, reads and drafts in between: `size` entries."""
    scenario = load_scenario("card-storm")
    reference = used_by(scenario, load_reference())
    bots = bots_of(scenario, reference, roster(scenario, (), ("cooperative",), "cooperative"), 1, {})
    played = run(scenario, draw_facts(scenario, 1), bots).entries
    header, openings = make_header(
        scenario, reference, session="bench", created="2024-01-01T06:00:00Z", rules=RULES, seed=1
    )
    lines: list[str] = []
    kept: list[Opening] = list(openings)
    prev = line_hash(header)
    for entry in _padded(scenario, played, size):
        text, found = encode_entry(entry, prev)
        lines.append(text)
        kept += found
        prev = line_hash(text)
    write_log(path, header, lines, kept)


def _padded(scenario: Scenario, played: list[LogEntry], size: int) -> Iterator[LogEntry]:
    """The entries of the story with the room's between them, numbered anew; those of a batch stay together."""
    room = _room(scenario)
    between = size - len(played)
    seq, batch = 0, 0
    for place, entry in enumerate(played):
        seq += 1
        batch = seq if entry.batch == entry.seq else batch
        yield LogEntry(seq, batch, entry.seat, "2024-01-01T06:00:00Z", entry.play, entry.exercise, entry.event)
        whole = place + 1 == len(played) or played[place + 1].batch != entry.batch
        until = place + 1 + between * (place + 1) // len(played)
        while whole and seq < until:
            seq += 1
            seat, event = next(room)
            yield LogEntry(seq, seq, seat, "2024-01-01T06:00:00Z", entry.play, entry.exercise, event)


def _room(scenario: Scenario) -> Iterator[tuple[str, ev.Event]]:
    """What the seats of a room do without end: mostly they talk; they read, draft, and now and then lose the line."""
    seats = [(f"{team.id}/{role.id}", team.id) for team in scenario.teams for role in team.roles]
    for seat, _ in seats:
        yield seat, table.SeatTaken(seat=seat, name=f"Person at {seat}")
    for number, (seat, team) in enumerate(cycle(seats)):
        said = f"Line {number}: we wait for the bank — then we write to them."
        text = f"Draft {number}: we ask you to keep the records of the server named below, and to tell nobody."
        made: tuple[ev.Event, ...] = (
            table.MessageSpoken(seat=seat, to=team, text=said),
            ev.MessageRead(seat=seat, message=number % 40),
            table.MessageSpoken(seat=seat, to=team, text=said, official=number % 2 == 0),
            table.DraftWritten(seat=seat, team=team, subject="request", text=text),
            table.MessageSpoken(seat=seat, to=team, text=said),
            ev.NoteWritten(seat=seat, text=f"Note {number}: “told {number} of them”\nand wrote it down"),
            table.PenTaken(seat=seat, team=team, subject="request"),
            table.PenPutDown(seat=seat, team=team, subject="request"),
        )
        yield from ((seat, event) for event in made)
        if number % 50 == 49:
            yield seat, table.SeatLeft(seat=seat)
            yield seat, table.SeatTaken(seat=seat, name=f"Person at {seat}")


def ready(path: Path) -> LogPlayer:
    """File to a replay that could be shown: read, chain checked, folded, its line of time known."""
    log = open_log(path)
    player = LogPlayer(log.scenario, log.reference, log.entries)
    player.prepare()
    assert player.plays and player.markers and player.stirring and player.signs is not None
    return player


def main() -> None:
    """Prints the figures of a long log."""
    print(f"Replay (a log of {SIZE:,} entries, a full room's talk, reading and drafting among them; one core)")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.jsonl"
        write(path)
        took, vouched = in_turn(5, lambda: ready(path), lambda: verify(path))
        line("file to ready to show, median", f"{took:.2f} s", "", "at most 1 s")
        line("verify: chain, openings, order, median", f"{SIZE / vouched:,.0f} /s", "", "above 100,000 /s")
        _jumps(path)


def _jumps(path: Path) -> None:
    """The slowest and the usual of many jumps, with what a screen asks for after each."""
    player = ready(path)
    first = seconds(lambda: player.seek(player.length))
    line("the first jump, to the end", f"{first * 1000:.1f} ms", "", "under 50 ms")
    team = player.seats[0][0]
    places = random.Random(1)
    asked: tuple[tuple[str, Callable[[], object], str], ...] = (
        ("seek to any place", lambda: None, "under 50 ms"),
        ("seek, and the view of a team", lambda: player.view(team), "under 50 ms"),
        ("seek, and what control saw", lambda: player.sight("facilitator"), ""),
        ("seek, and the scorecards", lambda: player.assessment().scorecards, ""),
    )
    for what, ask, wanted in asked:

        def jump(ask: Callable[[], object] = ask) -> None:
            player.seek(places.randint(0, player.length))
            ask()

        taken = sorted(seconds(jump) for _ in range(JUMPS))
        worst = f"99 of 100 within {taken[JUMPS * 99 // 100] * 1000:.1f} ms"
        line(what, f"{taken[JUMPS // 2] * 1000:.1f} ms", worst, wanted)


if __name__ == "__main__":
    main()
