"""Slips inside `{…}` and `[…]`, of all of which the parser says the same: that it expected a comma or a bracket."""

from __future__ import annotations

import re

from exercise.authoring.problems import Position

__all__ = ["bracket_slip"]

_KEY_OF_LINE = re.compile(r"\s*(?:- +)*[\w-]+\s*")
"""Nothing but a key before the colon: the line is no part of the bracket, which was left open above."""
_CONDITION = re.compile(r"\b(?:when|available|ready|known|opens|unable|told|returned): +[a-z]+$")
_NEW_KEY = re.compile(r"\s([a-z_]+)$")
_BEGINS_KEY = re.compile(r"[\w-]+:(?: |$)")

_COLON = "a colon and a space cannot stand inside this text; put the whole text in quotes"
_COMMA = "a comma is missing before this"
_ENDS = "the quotation marks end before the text does; put them around all of it, other marks inside"
_TWICE = "this ends the text that ' begins; write an apostrophe inside single quotes twice: ''"
_NOTE = "what follows # is a note, the closing bracket as well; put all of the text in quotes if # belongs to it"


def bracket_slip(text: str, place: Position, begun: Position) -> tuple[Position, str] | None:
    """What is wrong inside the bracket that opens at `begun`, seen from where the parser gave up; None if unknown."""
    lines = text.split("\n", place.line)[: place.line]
    if not 0 < begun.line <= place.line <= len(lines):
        return None
    noted = _noted(lines, begun, place.line)
    if noted is not None:
        return noted, _NOTE
    line = lines[place.line - 1]
    before, character, rest = line[: place.column - 1], line[place.column - 1 : place.column], line[place.column - 1 :]
    if character == ":" and not (place.line > begun.line and _KEY_OF_LINE.fullmatch(before)):
        if _CONDITION.search(before):
            return place, "a condition stands in braces, as in { flag: warned }"
        key = _NEW_KEY.search(before)
        return place, _COLON + (f", or a comma before '{key[1]}' if that begins something new" if key else "")
    if character.isalnum() and before.endswith("'"):
        return Position(place.line, place.column - 1), _TWICE
    if (
        place.line == begun.line
        and before.rstrip().endswith(("'", '"'))
        and (character.isalnum() or character in "'\"")
    ):
        return place, _COMMA if _BEGINS_KEY.match(rest) else _ENDS
    if place.line == begun.line and before.rstrip().endswith(("}", "]")) and character in "{[":
        return place, _COMMA
    return None


def _noted(lines: list[str], begun: Position, last: int) -> Position | None:
    """The sign # behind a blank that makes a note of a closing bracket; marks inside quotation marks do not count."""
    quote, open_brackets = "", 0
    for number in range(begun.line, last + 1):
        line = lines[number - 1]
        for column in range(begun.column - 1 if number == begun.line else 0, len(line)):
            sign = line[column]
            if quote:
                quote = "" if sign == quote else quote
            elif sign in "'\"" and (column == 0 or line[column - 1] in " [{,:"):
                quote = sign
            elif sign in "[{]}":
                open_brackets += 1 if sign in "[{" else -1
                if not open_brackets:
                    return None
            elif sign == "#" and column and line[column - 1] == " ":
                if line[column:].rstrip().endswith(("]", "}", "],", "},")):
                    return Position(number, column + 1)
                break
    return None
