"""The whole rehearsal of Card Storm by real clients, told in docs/rehearsal.md, with two terminals recorded."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from rehearsal_people import SEATS
from rehearsal_story import Rehearsal
from rehearsing_browser import browser

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "rehearsal"
WAYS = {"ssh": "ssh", "program": "the program", "page": "the browser page's protocol", "browser": "headless Chromium"}
LARGEST = 140_000
"""Bytes of one recording: what is longer is cut at its end."""


def main() -> None:
    """Rehearses, prints the figures, writes the account and the recordings; `main FILE` keeps the log too."""
    if not browser():
        sys.exit("The rehearsal needs Chromium; on Debian or Ubuntu: apt install chromium")
    with tempfile.TemporaryDirectory() as folder:
        rehearsal = asyncio.run(rehearse(Path(folder)))
        for kept in sys.argv[1:2]:
            shutil.copyfile(Path(folder) / "rehearsal.jsonl", kept)
    text = account(rehearsal)
    (ROOT / "docs" / "rehearsal.md").write_text(text, encoding="utf-8")
    OUT.mkdir(exist_ok=True)
    for seat, name in ((rehearsal.who("Petra"), "home-affairs.cast"), (rehearsal.ada, "console.cast")):
        seat.cast.write(OUT / name, LARGEST)
    print(text)


async def rehearse(folder: Path) -> Rehearsal:
    """From the lobby to the log that replays."""
    rehearsal = Rehearsal(folder, record=True)
    try:
        head = await rehearsal.play(whole=True)
        await rehearsal.afterwards(head, folder / "rehearsal.jsonl")
    finally:
        await rehearsal.close()
    return rehearsal


def account(rehearsal: Rehearsal) -> str:
    """What was rehearsed, as a page."""
    figures, scenario = rehearsal.figures, rehearsal.scenario
    rows = []
    for team, role, name, way in SEATS:
        found = scenario.teams_by_id[team]
        role_name = next(each.name for each in found.roles if each.id == role)
        rows.append(f"| {found.short} | {role_name} | {name} | {WAYS[way]} |")
    timeline = "\n".join(f"| {at:6.1f} | {text} |" for at, text in figures.timeline)
    paints = sorted(figures.paints)
    back = "\n".join(
        f"| {door} | {len(times)} | {sorted(times)[len(times) // 2]:.2f} | {max(times):.2f} |"
        for door, times in figures.reconnects.items()
    )
    return f"""# A rehearsal of {scenario.title}

This page is written by `python benchmarks/rehearsal.py`, which plays a whole exercise with real clients: a hub in a
process of its own with two processes for its doors, one facilitator at the console over ssh with a controller beside
her, and four teams in twelve seats. Whoever comes by ssh or browser presses keys and reads a screen; nothing of the
program is looked at behind them. `tests/test_rehearsal.py` plays its first move, with everything that goes wrong in it,
whenever the tests run. Times are of two cores that also ran all the clients.

## Who took part

| Team | Role | Name | By |
| --- | --- | --- | --- |
{chr(10).join(rows)}

The facilitator, Ada, came by ssh (120 × 40); the controller, Ben, by the program.

## What happened

| Second | What |
| ---: | --- |
{timeline}

## Figures

- {figures.accepted:,} commands were accepted and {figures.entries:,} entries stand in the log.
- {figures.answers} decisions were answered.
- Released, a public message stood on the last of twelve screens after {paints[len(paints) // 2]:.2f} s (median) and
  {paints[-1]:.2f} s (longest) of {len(paints)} times.
- The killed hub stood open again {figures.hub_back:.1f} s after it was started anew.
- The whole took {figures.seconds / 60:.1f} minutes, clocks brought forward instead of waited for.

Back at the own seat after a cut connection, or after the killed hub stood open again, in seconds:

| Door | Times | Median | Longest |
| --- | ---: | ---: | ---: |
{back}

Whoever came by ssh logged in again; the others' programs and pages came back by themselves.

## Recordings

[One seat over ssh](rehearsal/home-affairs.cast) and [the facilitator's console](rehearsal/console.cast), to be played
with `asciinema play`. Pauses are shortened, and what would make them large is cut off at the end.
"""


if __name__ == "__main__":
    main()
