"""What people type: a command by its word, its letter, its number in the menu or the start of its word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from exercise.authoring.nearest import did_you_mean
from exercise.language import _
from exercise.plain.words import one_line, say

_TYPED = re.compile(r"([^\W\d_]+)[\s:,.#-]*(.*)", re.DOTALL)
_HYPHENED = re.compile(r"([^\W\d_]+-[^\W\d_]+)[\s:,.#]*(.*)", re.DOTALL)


class NotUnderstood(Exception):
    """A line that names no command; the text says what is near."""


@dataclass(frozen=True)
class Command:
    """A command: its word, what it does in a few words, and how it is written where it takes more."""

    word: str
    what: str
    run: Callable[[str], None]
    letter: str = ""
    usage: str = ""
    aliases: tuple[str, ...] = ()


class Commands:
    """The commands that may be typed at one prompt; their order gives the numbers of the menu."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self._commands = tuple(commands)

    def find(self, line: str) -> tuple[Command, str]:
        """The command of a line and the rest of it; raises `NotUnderstood`.

        Capitals and blanks are looked through: `Read 3`, `read3` and `r 3` are the same.
        """
        text = line.strip()
        if text.rstrip(".").isascii() and text.rstrip(".").isdigit():
            place = int(text.rstrip(".")[:6])
            if place < len(self._commands):
                # The last is 'quit', at 0: the one number that must not be hit in passing.
                return self._commands[place - 1], ""
            raise NotUnderstood(_("The menu has no number {place}; type 'menu' to see it.").format(place=place))
        if text == "?":
            text = "help"
        hyphened = _HYPHENED.match(text)
        known = {name for command in self._commands for name in command.aliases}
        match = hyphened if hyphened and hyphened[1].casefold() in known else _TYPED.match(text)
        if match is None:
            raise NotUnderstood(_("That is no command; type 'help' or 'menu'."))
        return self._named(match[1].casefold()), match[2].strip()

    def _named(self, word: str) -> Command:
        by_name = {name: command for command in self._commands for name in (*command.aliases, command.word)}
        by_letter = {command.letter: command for command in self._commands if command.letter}
        found = by_name.get(word) or by_letter.get(word)
        if found is not None:
            return found
        near = [command for command in self._commands if command.word.startswith(word)]
        if len(near) == 1:
            return near[0]
        if near:
            raise NotUnderstood(
                _("'{word}' may mean {listed}.").format(
                    word=word, listed=_(" or ").join(command.word for command in near)
                )
            )
        shown = one_line(word)[:40]
        raise NotUnderstood(
            _("'{shown}' is no command{did_you_mean} Type 'help' for all of them.").format(
                shown=shown, did_you_mean=did_you_mean(word, by_name) or "."
            )
        )

    def menu(self, width: int, only: Iterable[str] | None = None, notes: dict[str, str] | None = None) -> Iterator[str]:
        """The commands with their numbers, all or some; a number means the same wherever it is shown."""
        wanted = None if only is None else set(only)
        for place, command in enumerate(self._commands, 1):
            if wanted is None or command.word in wanted:
                note = (notes or {}).get(command.word, "")
                shown = 0 if place == len(self._commands) else place
                yield from say(f"{shown}. {command.word}: {command.what}{note}", width)

    def help(self, width: int) -> Iterator[str]:
        """Every command with its letter, how it is written and what it does."""
        for command in self._commands:
            letter = f" ({command.letter})" if command.letter else ""
            yield from say(f"{command.usage or command.word}{letter}: {command.what}", width)
