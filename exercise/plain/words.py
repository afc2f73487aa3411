"""Lines of plain text: cleaned, wrapped and indented, without colour, boxes or cursor movement.

Whatever was written by somebody else (a scenario, a participant, a log) passes through here and is indented, so that
a message can neither steer the terminal nor pose as a line of the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from textwrap import wrap

from exercise.core.text import clean_text, with_breaks
from exercise.core.times import format_duration, tell_exercise_time
from exercise.core.views import ClockView
from exercise.language import _, ngettext

WIDTH = 78
"""Columns, unless told: what a terminal of 80 shows without folding."""

INDENT = "  "
"""Before every line that somebody else wrote."""

_NARROWEST = 20
_ITEM = re.compile(r"(?:[-*+•>|]|\d{1,3}[.)])\s")
_HEADING = re.compile(r"#{1,6}\s+")
# Bounded, so that a text made of asterisks costs no more than another.
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.{1,400}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]{1,400}?)(?<=\S)\*(?![\w*])")


def one_line(text: str) -> str:
    """Text for a place that holds one line: clean, and every stretch of white space a single blank."""
    return " ".join(clean_text(text).split())


def wrapped(line: str, width: int, indent: str = "", hang: str = "") -> list[str]:
    """A line folded at `width` columns; what follows the first line starts with `indent` and `hang`."""
    width = max(width, _NARROWEST)
    return wrap(
        line,
        width,
        initial_indent=indent,
        subsequent_indent=indent + hang,
        break_on_hyphens=False,
        expand_tabs=True,
        tabsize=4,
    )


def say(text: str, width: int = WIDTH) -> list[str]:
    """A sentence of the program's own, perhaps with somebody's words in it, as lines."""
    return wrapped(one_line(text), width, hang=INDENT)


def heading(text: str, width: int = WIDTH) -> list[str]:
    """A blank line and a title that ends in a full stop, which a screen reader pauses at."""
    title = one_line(text)
    return ["", *wrapped(title if title.endswith((".", "?", "!")) else f"{title}.", width)]


def field(name: str, value: object, width: int = WIDTH, indent: str = "") -> list[str]:
    """`name: value`; nothing where there is no value."""
    text = one_line(str(value))
    return wrapped(f"{one_line(name)}: {text}", width, indent, INDENT) if text else []


def body(text: str, width: int = WIDTH, indent: str = INDENT) -> list[str]:
    """A longer text, indented: its paragraphs are wrapped, its lists keep their items, its Markdown is read, not shown.

    Hash signs and asterisks would be spoken one by one by a screen reader.
    """
    lines: list[str] = []
    for block in _blocks(with_breaks(clean_text(text)).split("\n")):
        if not block:
            lines += [""] if lines and lines[-1] else []
            continue
        mark = _ITEM.match(block)
        plain = _EMPHASIS.sub(r"\1", _STRONG.sub(r"\2", _HEADING.sub("", block, count=1)))
        lines += wrapped(plain, width, indent, " " * (mark.end() if mark else 0))
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _blocks(lines: Iterable[str]) -> Iterator[str]:
    """Paragraphs as one line each, '' for a blank line; an item of a list, a heading or a hard break begins anew."""
    held: list[str] = []
    for line in lines:
        text = line.strip()
        if held and (not text or _ITEM.match(text) or _HEADING.match(text)):
            yield " ".join(held)
            held = []
        if not text:
            yield ""
            continue
        held.append(text.removesuffix("\\").rstrip())
        if _HEADING.match(text) or line.endswith(("  ", "\\")):
            yield " ".join(held)
            held = []
    if held:
        yield " ".join(held)


def counted(number: int, thing: str, things: str = "") -> str:
    """`1 message`, `3 messages`."""
    one, many = f"{{number}} {thing}", f"{{number}} {things or thing + 's'}"
    return ngettext(one, many, number).format(number=number)


def joined(names: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`; `a, b; c` where a name holds a comma of its own."""
    known = list(names)
    if len(known) > 1 and any("," in name for name in known):
        return "; ".join(known)
    return _(" and ").join([", ".join(known[:-1]), known[-1]] if len(known) > 1 else known)


def number(value: float) -> str:
    """A figure as people write it: no `.0`, and no more places than a story can mean."""
    return f"{round(value, 2):g}" if abs(value) < 1e5 else f"{value:.0f}"


def with_unit(value: float, unit: str) -> str:
    """A figure and its unit."""
    return one_line(f"{number(value)} {unit}")


def story(seconds: int) -> str:
    """A time of the story to the minute, `T+1:30`: seconds are for the log, and tiresome to hear."""
    return tell_exercise_time(seconds)


def span(seconds: int) -> str:
    """A length of play: `12m`, and seconds only below one minute."""
    return format_duration(seconds - seconds % 60 if seconds >= 60 else max(0, seconds))


def place(clock: ClockView) -> str:
    """Where the exercise stands, in a few words for a prompt."""
    match clock.phase:
        case "briefing":
            return _("before STARTEX")
        case "plenary":
            return _("plenary, {story}").format(story=story(clock.exercise))
        case "ended":
            return _("hot wash")
        case _:
            return story(clock.exercise)
