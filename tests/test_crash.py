"""Pulling the plug: whatever the program had shown as accepted is there afterwards, and the game goes on, paused."""

from __future__ import annotations

import random
from pathlib import Path

from test_cli import TWO, Game, Shell

from exercise.core import events as ev
from exercise.core.evolve import replay
from exercise.session.database import open_store
from exercise.session.log import LoadedLog
from exercise.session.logfile import open_log

KILLS = 8
CONFIRMED = ("Your answer is sent.", "Noted.")
"""What the program says once an answer, or a note, is accepted."""


class Player:
    """Plays on at the end of a pipe, each answer and note with words of its own, and remembers what was confirmed."""

    def __init__(self) -> None:
        self.confirmed: list[str] = []
        self._words = ""
        self._number = 0

    def line(self, game: Game) -> str:
        """The next line to type; every third at the main prompt is a note."""
        if game.prompt.startswith("Your reason"):
            return self._new("Reason")
        if ", T+" in game.prompt and self._number % 3 == 0:
            return f"write {self._new('Note')}"
        if ", T+" in game.prompt and "to answer" not in game.prompt:
            self._number += 1
        return game.reply("")

    def heard(self, text: str) -> None:
        """Takes note of a confirmation, which is of the words typed last."""
        if self._words and any(line in text for line in CONFIRMED):
            self.confirmed.append(self._words)
            self._words = ""

    def forget(self) -> None:
        """What was on its way when the plug was pulled was not confirmed; it may be kept, or not."""
        self._words = ""

    def _new(self, kind: str) -> str:
        self._number += 1
        self._words = f"{kind} with the number {self._number}."
        return self._words


def kept_words(log: LoadedLog) -> list[str]:
    """The reasons and notes that a log holds, of the teams that people play."""
    events = [entry.event for entry in log.entries if entry.seat in ("averne", "belcora")]
    reasons = [event.reason for event in events if isinstance(event, ev.ResponseChosen)]
    return reasons + [event.text for event in events if isinstance(event, ev.NoteWritten)]


def exported(shell: Shell, session: str, name: str) -> LoadedLog:
    """The session as a file that verifies, rules included."""
    shell.says("log", "export", session, name)
    shell.says("verify", name, "--rules")
    return open_log(shell.folder / name)


def test_what_was_confirmed_survives_every_kill(tmp_path: Path) -> None:
    """Protects the promise to participants: kill -9 at any moment loses nothing that the program said it had taken.

    The moments are drawn: some lines on from the last resumption, and then at a prompt, or with a line on its way, or
    while the program answers it.
    """
    chance = random.Random(11)
    shell, player = Shell(tmp_path), Player()
    game = Game(shell, "card-storm", *TWO)
    game.hear()
    player.heard(game.type("start"))
    session = shell.data("log", "list")[0]["id"]
    enough = 0
    for kill in range(KILLS):
        enough = len(player.confirmed) + 1
        lines = chance.randrange(1, 12)
        while lines > 0 or len(player.confirmed) < enough:
            player.heard(game.type(player.line(game)))
            lines -= 1
        moment = chance.choice(["at a prompt", "line on its way", "while it answers"])
        if moment != "at a prompt":
            game.send(player.line(game))
        if moment == "while it answers":
            game.hear_a_piece()
        game.kill()
        player.forget()

        before = exported(shell, session, f"killed-{kill}.jsonl")
        kept = kept_words(before)
        assert [words for words in player.confirmed if words not in kept] == []
        assert len(kept) == len(set(kept)), "nothing is kept twice"

        game = Game(shell, "--resume", session, "--plain")
        game.hear()
        store = open_store(tmp_path / "data" / "sessions.db")
        after = store.load(session).log()
        store.close()
        assert after.lines[: len(before.lines)] == before.lines
        clock = replay(entry.event for entry in after.entries).clock
        assert not clock.running and clock.phase in ("move", "plenary")
    while "hot wash" not in game.prompt:
        player.heard(game.type("lapse yes" if ", T+" in game.prompt else game.reply("")))
    assert game.close() == 0

    end = exported(shell, session, "end.jsonl")
    assert replay(entry.event for entry in end.entries).clock.phase == "ended"
    assert set(player.confirmed) <= set(kept_words(end)) and len(player.confirmed) >= KILLS
