"""How soon the program is there: `--version` and `--help` beside `import typer`, the first paint beside a bare app."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.timing import in_turn, line

BARE_APP = """
import os
from textual.app import App
from textual.widgets import Label
class Bare(App):
    def compose(self):
        yield Label("ready")
async def painted(pilot):
    await pilot.pause()
    os._exit(0)
Bare().run(headless=True, auto_pilot=painted)
"""

HOME = """
from exercise.cli.home import HomeServices
from exercise.tui.app import ExerciseApp
from exercise.tui.screens.home import HomeScreen
import os
async def painted(pilot):
    await pilot.pause()
    os._exit(0)
ExerciseApp(lambda: HomeScreen(HomeServices())).run(headless=True, auto_pilot=painted)
"""


def _run(*words: str) -> None:
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Prints the start-up figures."""
    print("Start-up (whole processes, median of 9)")
    typer, version, help_ = in_turn(
        9,
        lambda: _run("-c", "import typer"),
        lambda: _run("-m", "exercise", "--version"),
        lambda: _run("-m", "exercise", "--help"),
    )
    for what, took in (("exercise --version", version), ("exercise --help", help_)):
        line(what, f"{took * 1000:.0f} ms", f"import typer {typer * 1000:.0f} ms: ×{took / typer:.2f}", "at most ×1.5")
    bare, home = in_turn(7, lambda: _run("-c", BARE_APP), lambda: _run("-c", HOME))
    line(
        "first paint of home",
        f"{home * 1000:.0f} ms",
        f"bare app {bare * 1000:.0f} ms: ×{home / bare:.2f}",
        "at most ×1.5",
    )


if __name__ == "__main__":
    main()
