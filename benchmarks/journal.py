"""The aggregate that the `eventsourcing` library replays for comparison."""

from __future__ import annotations

from eventsourcing.domain import Aggregate, event


class Journal(Aggregate):
    """A number, a clock and a row of notes, as in the log it is held against."""

    @event("Opened")
    def __init__(self) -> None:
        self.trust = 50.0
        self.clock = 0
        self.lines: list[str] = []

    @event("TrustChanged")
    def change(self, value: float) -> None:
        """Moves the number."""
        self.trust = value

    @event("ClockAdvanced")
    def advance(self, play: int) -> None:
        """Moves the clock."""
        self.clock = play

    @event("NoteWritten")
    def note(self, text: str) -> None:
        """Keeps a note."""
        self.lines.append(text)
