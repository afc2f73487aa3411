"""What a log costs: reading it, checking its chain and folding it, beside the `eventsourcing` library's replay."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from benchmarks import branching
from benchmarks.timing import in_turn, line
from exercise.catalogue import load_reference
from exercise.core import events as ev
from exercise.session.log import encode_entry, line_hash, make_header
from exercise.session.logfile import open_log, write_log
from exercise.session.openings import Opening

if TYPE_CHECKING:
    from eventsourcing.application import Application

SIZES = (5_000, 50_000)


def write(path: Path, size: int) -> None:
    """A log of `size` entries of the kinds that a long session holds most of; one in six is somebody's words."""
    header, openings = make_header(
        branching.scenario(), load_reference(), session="bench", created="2024-01-01T06:00:00Z", rules="1", seed=1
    )
    lines: list[str] = []
    kept: list[Opening] = list(openings)
    prev = line_hash(header)
    for seq in range(1, size + 1):
        event: ev.Event
        if seq == 1:
            event = ev.ExerciseStarted(facts={}, indicators={"trust": 50.0})
        elif seq == 2:
            event = ev.MoveOpened(move="m", index=0, starts=0, ends=3600, seconds=3600)
        elif seq % 6 == 0:
            event = ev.ClockAdvanced(play=seq, exercise=min(seq, 3600))
        elif seq % 6 in (1, 4):
            event = ev.IndicatorChanged(indicator="trust", value=float(seq % 100))
        elif seq % 6 in (2, 5):
            event = ev.MessageRead(seat="team", message=seq % 40)
        else:
            event = ev.NoteWritten(seat="team", text=f"Note {seq}: the desk has been told.")
        entry = ev.LogEntry(seq, seq, "team", "2024-01-01T06:00:00Z", seq, min(seq, 3600), event)
        text, found = encode_entry(entry, prev)
        lines.append(text)
        kept += found
        prev = line_hash(text)
    write_log(path, header, lines, kept)


def ours(path: Path) -> None:
    """File to state: read, chain checked, folded."""
    assert open_log(path).state.clock.phase == "move"


def main() -> None:
    """Prints the figures of the log."""
    print("Log (file to state, chain checked; one core, median)")
    with tempfile.TemporaryDirectory() as folder:
        rates = []
        for size in SIZES:
            path = Path(folder) / f"{size}.jsonl"
            write(path, size)
            app, aggregate = _eventsourcing(Path(folder) / f"{size}.db", size)

            def here(path: Path = path) -> None:
                ours(path)

            def there(app: Application = app, aggregate: UUID = aggregate) -> None:
                app.repository.get(aggregate)

            took, beside = in_turn(5 if size <= 5_000 else 3, here, there)
            rates.append(size / took)
            line(
                f"{size} entries",
                f"{size / took:,.0f} /s",
                f"eventsourcing {size / beside:,.0f} /s: ×{beside / took:.1f}",
                "at least ×3",
            )
        line("rate at ten times the length", f"×{rates[1] / rates[0]:.2f}", "", "about ×1: linear")


def _eventsourcing(path: Path, size: int) -> tuple[Application, UUID]:
    """An aggregate of the library with as many events, in SQLite."""
    os.environ.update(PERSISTENCE_MODULE="eventsourcing.sqlite", SQLITE_DBNAME=str(path))
    from eventsourcing.application import Application

    from benchmarks.journal import Journal

    app = Application()
    journal = Journal()
    for seq in range(1, size):
        if seq % 6 in (0, 2, 5):
            journal.advance(seq)
        elif seq % 6 in (1, 4):
            journal.change(float(seq % 100))
        else:
            journal.note(f"Note {seq}: the desk has been told.")
        if seq % 1_000 == 0:
            app.save(journal)
    app.save(journal)
    return app, journal.id


if __name__ == "__main__":
    main()
