"""Every error the program raises on purpose, in one tree, so that a caller can catch what it means to catch.

Each carries one line for a person: what is wrong, where, and what to do. The command line prints that line and
exits with `exit_code`; it never shows a traceback for any of these.
"""

from __future__ import annotations

__all__ = [
    "CommandRejected",
    "DoorClosed",
    "ExerciseError",
    "LogError",
    "ScenarioError",
    "StoreError",
    "UsageError",
]

DEBUG = "EXERCISE_DEBUG"
"""Environment variable that shows the traceback of a fault in the program instead of one line."""


class ExerciseError(Exception):
    """The root of all errors raised on purpose; `str(error)` is one line for a person."""

    exit_code = 2


class CommandRejected(ExerciseError):
    """A command that the rules do not allow now, with a stable `code` for programs and a text for people."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class DoorClosed(ExerciseError):
    """A hosted exercise does not let somebody in, or no longer: `code` for programs, `text` for people.

    `wait` is after how many seconds to come back; 0 where coming back alone does not help.
    """

    def __init__(self, code: str, text: str, wait: float = 0.0) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.wait = wait


class ScenarioError(ExerciseError):
    """A scenario or catalogue that cannot be used; `problems` are ready lines `file:line:column: text`."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class LogError(ExerciseError):
    """A log that cannot be read or does not check."""


class StoreError(ExerciseError):
    """The place where sessions are kept cannot be read or written."""


class UsageError(ExerciseError):
    """A command line that asks for something that is not there."""
