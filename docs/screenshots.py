"""Draws the pictures of the README from the real program: `make screenshots`.

Card Storm is played by keys in the app itself; every picture is what its screen shows.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from exercise.authoring.library import library_folder, load_scenario
from exercise.authoring.watched import Watched
from exercise.catalogue import load_reference
from exercise.cli.seating import bots_of, roster
from exercise.cli.services import LocalServices
from exercise.session.autoplay import drive
from exercise.session.player import LogPlayer
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.table import LocalTable
from exercise.tui.app import ExerciseApp
from exercise.tui.widgets.choices import Choices

IMAGES = Path(__file__).parent / "images"
SIZE = (110, 34)
SEED = 4


def _session() -> Session:
    return Session.start_new(
        load_scenario("card-storm"),
        load_reference(),
        MemoryStore(),
        seed=SEED,
        session_id="card-storm-shown",
        wall=lambda: "2024-10-15T06:00:00.000Z",
        pace="stepped",
    )


def _save(app: ExerciseApp, name: str) -> None:
    # What makes two runs differ is the random name that the picture gives to its own styles.
    text = re.sub(r"terminal-\d+", "terminal-1", app.export_screenshot(title=""))
    # A picture in a document loads nothing from elsewhere: the reader's own monospaced font will do.
    text = re.sub(r"@font-face \{.*?\}", "", text, flags=re.DOTALL)
    text = "\n".join(line.rstrip() for line in text.splitlines() if line.strip())
    (IMAGES / f"{name}.svg").write_text(text + "\n", encoding="utf-8")
    print(f"docs/images/{name}.svg")


async def _until(pilot: Pilot[Any], seen: Callable[[], bool]) -> None:
    for _ in range(400):
        await pilot.pause()
        if seen():
            return
    raise SystemExit(f"the screen {pilot.app.screen!r} never showed what was waited for")


async def _on(pilot: Pilot[Any], screen: str) -> None:
    await _until(pilot, lambda: type(pilot.app.screen).__name__ == screen)
    for _ in range(8):
        await pilot.pause()


async def _take(pilot: Pilot[Any], screen: str, key: str) -> None:
    await _on(pilot, screen)
    rows = pilot.app.screen.query_one("#rows", Choices)
    rows.choose(key)
    await pilot.pause()
    await pilot.press("enter")


async def _home() -> None:
    from exercise.tui.screens.home import HomeScreen

    app = ExerciseApp(lambda: HomeScreen(LocalServices(MemoryStore())))
    async with app.run_test(size=SIZE) as pilot:
        await _on(pilot, "HomeScreen")
        await app.workers.wait_for_complete()
        await _on(pilot, "HomeScreen")
        _save(app, "home")


async def _authors() -> None:
    from exercise.tui.preview.screen import PreviewScreen

    watched = Watched(library_folder() / "card-storm" / "scenario.yaml")
    screen = PreviewScreen(watched, "av-stop", "averne", control=True)
    app = ExerciseApp(lambda: screen)
    async with app.run_test(size=SIZE) as pilot:
        await _on(pilot, "PreviewScreen")
        _save(app, "preview")


async def _game() -> None:
    session = _session()
    seats = roster(session.scenario, ("averne",), (), "cooperative")
    table = LocalTable(session, ("averne",), bots_of(session.scenario, session.reference, seats, SEED, {}))
    app = ExerciseApp(table=table)
    async with app.run_test(size=SIZE) as pilot:
        await _on(pilot, "BriefingScreen")
        await pilot.press("n")
        await _on(pilot, "PlayScreen")
        client = table.client("averne")
        while not any(decision.kind == "dilemma" for decision in client.view().open_decisions):
            # Nobody answers here: what waits for an answer runs out.
            await table.let_lapse()
        await _on(pilot, "PlayScreen")
        await pilot.press("i", "enter")
        await _on(pilot, "PlayScreen")
        _save(app, "play")
        await pilot.press("d")
        await _on(pilot, "DecisionScreen")
        _save(app, "decision")
        await pilot.press("escape")
        await _on(pilot, "PlayScreen")
        await pilot.press("r")
        await _on(pilot, "RequestsScreen")
        await pilot.press("w")
        # The machine stands in Port Selm: its data are Cadria's to keep.
        await _take(pilot, "KindScreen", "preservation")
        entry = next(e for e in client.view().contacts if e.party == "Cadria" and e.via == "contact-24-7")
        await _take(pilot, "EntryScreen", str(entry.number))
        await _take(pilot, "MatterScreen", "rented-machine")
        await _on(pilot, "ComposeScreen")
        await pilot.press(*"Prosecutor of Averne, cyber desk")
        _save(app, "request")


async def _afterwards() -> None:
    from exercise.tui.screens.hotwash import HotWashScreen
    from exercise.tui.screens.replay import ReplayScreen

    session = _session()
    session.start()
    seats = roster(session.scenario, (), (), "self-interested")
    bots = bots_of(session.scenario, session.reference, seats, SEED, {})
    drive(session.scenario, lambda: session.state, session.submit, bots)
    table = LocalTable(session, ("averne",), {})
    app = ExerciseApp(lambda: HotWashScreen(table.client("averne"), table))
    async with app.run_test(size=SIZE) as pilot:
        await _on(pilot, "HotWashScreen")
        _save(app, "scorecard")
    app = ExerciseApp(lambda: ReplayScreen(LogPlayer(session.scenario, session.reference, session.entries)))
    async with app.run_test(size=SIZE) as pilot:
        await _on(pilot, "ReplayScreen")
        await pilot.press("6", "s")
        await _on(pilot, "ReplayScreen")
        _save(app, "replay")
        await pilot.press("x", "w", "s")
        await pilot.pause()
        _save(app, "replay-beside")
        await pilot.press("w", "P")
        await pilot.pause()
        _save(app, "replay-projector")


def main() -> None:
    """Draws them all anew."""
    IMAGES.mkdir(exist_ok=True)
    os.environ.pop("NO_COLOR", None)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EXERCISE_DATA_DIR"] = folder
        for draw in (_home, _authors, _game, _afterwards):
            asyncio.run(draw())


if __name__ == "__main__":
    main()
