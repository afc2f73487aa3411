"""A fault in the screens, at a real terminal: one line, and nothing that was in memory."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
from textual.screen import Screen
from exercise import cli
from exercise.tui.app import ExerciseApp

class Breaks(Screen):
    def on_mount(self):
        code = "what-belmark-wrote"
        self.set_timer(0.1, lambda: self.breaks(code))

    def breaks(self, code):
        raise KeyError("no such seat")

cli._run = lambda: ExerciseApp(Breaks).run() or 0
cli.main()
"""


def run_at_terminal(folder: Path, **more: str) -> tuple[int, str]:
    """The program at a terminal of its own: its exit code, and all that it wrote there."""
    ours, its = pty.openpty()
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24", "HOME": str(folder), **more}
    process = subprocess.Popen([sys.executable, "-c", PROGRAM], stdin=its, stdout=its, stderr=its, env=env, cwd=folder)
    os.close(its)
    written = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # The other end is closed.
            break
        if not part:
            break
        written += part
    os.close(ours)
    return process.wait(), written.decode(errors="replace")


@pytest.mark.parametrize("debug", [False, True])
def test_a_fault_in_the_screens_is_one_line_and_shows_nothing_of_what_was_read(tmp_path: Path, debug: bool) -> None:
    """Protects what other seats wrote: Textual's own account of a fault holds every local variable."""
    code, written = run_at_terminal(tmp_path, **({"EXERCISE_DEBUG": "1"} if debug else {}))

    assert ("what-belmark-wrote" in written) is debug
    assert code == (0 if debug else 2)
    if not debug:
        last = written.rstrip().splitlines()[-1]
        assert "The program has a fault: KeyError: 'no such seat'. With EXERCISE_DEBUG=1 it says where." in last
