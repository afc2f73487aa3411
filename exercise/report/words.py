"""Numbers, lengths of time and lists as people write them in running text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from exercise.language import SOURCE, _, ngettext, spoken

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def number(count: int) -> str:
    """`three`, `14`: words up to twelve; figures in every other language, where words bend."""
    if spoken() != SOURCE:
        return str(count)
    return _NUMBERS[count] if 0 < count < len(_NUMBERS) else "none" if count == 0 else f"{count:,}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """`one team`, `four teams`, `no decision`."""
    if spoken() != SOURCE:
        return ngettext(f"{{number}} {noun}", f"{{number}} {plural or noun + 's'}", count).format(number=count)
    word = "no" if count == 0 else number(count)
    return f"{word} {noun if count in (0, 1) else plural or noun + 's'}"


def listed(words: Sequence[str], last: str = "") -> str:
    """`a, b and c`."""
    return f" {last or _('and')} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def several(lines: Sequence[str]) -> str:
    """Lines of one cell; more than one get a sign each, since long ones wrap."""
    return "\n".join(f"• {line}" for line in lines) if len(lines) > 1 else "".join(lines)


def span(seconds: int) -> str:
    """`40 minutes`, `2 hours and 4 minutes`, `1 day and 18 hours`: the two largest parts."""
    minutes = max(0, round(seconds / 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    found = [
        ngettext("{number} day", "{number} days", days).format(number=days) if days else "",
        ngettext("{number} hour", "{number} hours", hours).format(number=hours) if hours else "",
        ngettext("{number} minute", "{number} minutes", left).format(number=left) if left else "",
    ]
    return listed([size for size in found if size][:2]) or _("no time at all")


def day(iso: str) -> str:
    """`22 November 2026` from a date."""
    when = datetime.fromisoformat(iso)
    return _("{day} {month} {year}").format(day=when.day, month=_(f"{when:%B}"), year=when.year)


def hour(iso: str) -> str:
    """`06:00 on 15 October 2024` from a date and time."""
    return _("{time} on {date}").format(time=f"{datetime.fromisoformat(iso):%H:%M}", date=day(iso))


_SIGNS = {"lv": {",": "\u00a0", ".": ","}, "ro": {",": ".", ".": ","}}
"""What stands between thousands and before decimals, by language, where it is not as in English."""


def figure(text: str) -> str:
    """A figure as Python writes it with `,` and `.`, in the signs of the language."""
    signs = _SIGNS.get(spoken(), {})
    return "".join(signs.get(sign, sign) for sign in text)


def amount(value: float, unit: str = "") -> str:
    """`40,000`, `0.5`, `77 %`."""
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{figure(text)} {unit}".strip()


def sentence(text: str) -> str:
    """A text as one line that ends like a sentence."""
    line = " ".join(text.split())
    return line if not line or line.endswith((".", "!", "?", "…", "”")) else line + "."


def upper(text: str) -> str:
    """The same with a capital at its beginning."""
    return text[:1].upper() + text[1:]


_MARKS = re.compile(r"(?m)^#{1,6}\s+|\*\*|__|\\\\$")


def unmarked(text: str) -> str:
    """An author's text without the signs of Markdown, its paragraphs as running lines."""
    blocks = re.split(r"\n\s*\n", _MARKS.sub("", text).strip())
    return "\n".join(" ".join(block.split()) for block in blocks if block.strip())


def played(seconds: int) -> str:
    """`1:05`: hours and minutes of play."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}"
