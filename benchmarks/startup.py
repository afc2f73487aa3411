"""How soon the program is there: `--version` and `--help` beside `import typer`, the first paint beside a bare app."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

from benchmarks.timing import in_turn, line

BARE_APP = """
from textual.app import App
from textual.widgets import Label
class Bare(App):
    def compose(self):
        yield Label("tabletop")
Bare().run()
"""


def _painted(*words: str) -> None:
    """Runs a program at a terminal of its own until the word stands on it that both apps show, then ends it."""
    ours, its = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40"}
    program = subprocess.Popen(
        [sys.executable, *words], stdin=its, stdout=its, stderr=its, env=environment, start_new_session=True
    )
    os.close(its)
    seen = b""
    while b"tabletop" not in seen:
        try:
            seen += os.read(ours, 65_536)
        except OSError as error:
            raise SystemExit(f"{words}: ended before it had painted: {seen[-500:]!r}") from error
    program.kill()
    program.wait()
    os.close(ours)


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
    bare, home = in_turn(7, lambda: _painted("-c", BARE_APP), lambda: _painted("-m", "exercise"))
    line(
        "first paint of home",
        f"{home * 1000:.0f} ms",
        f"bare app {bare * 1000:.0f} ms: ×{home / bare:.2f}",
        "at most ×1.5",
    )


if __name__ == "__main__":
    main()
