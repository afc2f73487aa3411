"""Light Markdown drawn safely: what authors write in scenarios, with no way to make it do anything.

Only headings, bold, italics, code, lists, quotes and rules are known. Links, HTML and the toolkit's own markup stay
the characters they are, because the text may come from anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.css.styles import RulesMap
from textual.widgets import Static

from exercise.core.text import clean_text, with_breaks
from exercise.language import folded
from exercise.tui.widgets.line import Wrapped

__all__ = ["MEASURE", "Prose", "ProseView", "prose", "safe"]

MEASURE = 92
"""Longest line in cells: wider ones are hard to follow from one end to the other's start."""

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_BULLET = re.compile(r"(\s*)[-*+]\s+(.*)")
_NUMBER = re.compile(r"(\s*)(\d{1,3})[.)]\s+(.*)")
_QUOTE = re.compile(r"\s*>\s?(.*)")
_RULE = re.compile(r"\s*([-*_])(?:\s*\1){2,}\s*$")
_INLINE = re.compile(
    r"(?P<esc>\\[\\*_`#>+.\-])"
    r"|\*\*(?P<bold>(?=\S).+?(?<=\S))\*\*"
    r"|(?<![*\w])\*(?P<star>(?=[^\s*]).+?(?<=[^\s*]))\*(?![*\w])"
    r"|(?<![_\w])_(?P<under>(?=[^\s_]).+?(?<=[^\s_]))_(?![_\w])"
    r"|`(?P<code>[^`]+)`"
)


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, item or heading, with what stands before its first line and before the rest."""

    content: Content
    first: str = ""
    rest: str = ""
    gap: bool = False
    """An empty line comes before it."""
    prefix_style: str = ""


def safe(text: str, style: str = "") -> Content:
    """One string as it is, without markup; cleaned again, so that no caller has to know whether it was."""
    return Content.styled(clean_text(text), style) if style else Content(clean_text(text))


def prose(text: str) -> Content:
    """Light Markdown as one piece of content; use `Prose` or `ProseView` where lines wrap, since they indent."""
    parts: list[Content] = []
    for block in _blocks(text):
        if parts:
            parts.append(Content("\n\n" if block.gap else "\n"))
        parts.append(Content.styled(block.first, block.prefix_style) if block.first else Content(""))
        parts.append(block.content)
    return Content("").join(parts)


class Prose(Wrapped):
    """Light Markdown that wraps with hanging indents; give it to a `Static`, an option or a widget's `render`."""

    def __init__(self, text: str, measure: int = MEASURE) -> None:
        self.text = text
        self._measure = measure

    def lines(self, width: int) -> list[Content]:
        """The text as lines of at most so many cells."""
        return list(_lay_out(self.text, max(8, min(width, self._measure))))

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """The width of the longest paragraph, at most the measure."""
        widths = (len(block.first) + block.content.cell_length for block in _blocks(self.text))
        return min(self._measure, container_width, max(widths, default=0))


class ProseView(VerticalScroll, can_focus=True):
    """Light Markdown that scrolls: one widget however long the text, so that a change costs one redraw."""

    DEFAULT_CSS = """
    ProseView { padding: 0 1; background: $background; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    ProseView > Static { width: 1fr; height: auto; }
    """
    BINDINGS = [Binding("space", "page_down", "Read on", show=False)]

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._text = text
        self._body = Static(Prose(text), markup=False)

    def compose(self) -> ComposeResult:
        yield self._body

    @property
    def text(self) -> str:
        """The text that is shown."""
        return self._text

    def turn(self, pages: int) -> None:
        """Read on by a page, or back, while the focus is elsewhere."""
        if pages > 0:
            self.scroll_page_down()
        else:
            self.scroll_page_up()

    def turn_to(self, words: str) -> None:
        """Read on where these words stand, in any case and with or without the marks of their letters."""
        wanted, before = folded(" ".join(words.split())), ""
        lines = [folded(" ".join(line.plain.strip(" │•").split())) for line in Prose(self._text).lines(self._room)]
        place = " ".join(lines).find(wanted)
        for number, line in enumerate(lines):
            before += f"{line} "
            if 0 <= place < len(before):
                self.scroll_to(y=max(0, number - 1), animate=False)
                return

    @property
    def _room(self) -> int:
        return self._body.size.width or self.size.width

    def show(self, text: str, *, keep_place: bool = False) -> None:
        """Put another text here, from its start unless `keep_place`."""
        if text != self._text:
            self._text = text
            self._body.update(Prose(text))
        if not keep_place:
            self.scroll_home(animate=False)


@lru_cache(maxsize=256)
def _lay_out(text: str, width: int) -> tuple[Content, ...]:
    lines: list[Content] = []
    for block in _blocks(text):
        if block.gap and lines:
            lines.append(Content(""))
        room = max(4, width - max(len(block.first), len(block.rest)))
        for number, line in enumerate(block.content.wrap(room)):
            prefix = block.rest if number else block.first
            lines.append(Content.styled(prefix, block.prefix_style) + line if prefix else line)
    return tuple(lines)


@lru_cache(maxsize=256)
def _blocks(text: str) -> tuple[_Block, ...]:
    return tuple(_read(with_breaks(clean_text(text))))


def _read(text: str) -> Iterator[_Block]:
    open_words: list[str] = []
    first = rest = ""
    gap = quoted = False
    style = ""

    def close() -> Iterator[_Block]:
        nonlocal gap, open_words, first, rest
        if open_words:
            body = _inline(" ".join(open_words))
            yield _Block(body.stylize_before("italic") if quoted else body, first, rest, gap, style)
            gap = False
        open_words, first, rest = [], "", ""

    for raw in text.expandtabs(4).split("\n"):
        if not raw.strip():
            yield from close()
            gap, quoted, style = True, False, ""
            continue
        heading, bullet, number, quote = (p.match(raw) for p in (_HEADING, _BULLET, _NUMBER, _QUOTE))
        if _RULE.match(raw):
            yield from close()
            yield _Block(Content.styled("─" * 12, "$foreground 65%"), gap=True)
            gap = True
        elif heading:
            yield from close()
            size = "bold underline" if len(heading[1]) == 1 else "bold"
            yield _Block(_inline(heading[2]).stylize_before(f"{size} $primary"), gap=True)
        elif bullet or number:
            yield from close()
            item = bullet or number
            assert item is not None
            indent = " " * min(8, len(item[1]))
            sign = "• " if bullet else f"{item[2]}. "
            first, rest = indent + sign, indent + " " * len(sign)
            quoted, style = False, "$primary"
            open_words = [item[item.re.groups].strip().removesuffix("\\")]
            if raw.endswith("\\"):
                yield from close()
        elif quote:
            if not quoted:
                yield from close()
            quoted, first, rest, style = True, "│ ", "│ ", "$primary"
            open_words.append(quote[1].strip())
        else:
            if quoted:
                yield from close()
                quoted, style = False, ""
            # Two spaces or a backslash at the end of a line break it, as Markdown has it.
            open_words.append(raw.strip().removesuffix("\\"))
            if raw.endswith(("  ", "\\")):
                yield from close()
    yield from close()


def _inline(text: str, depth: int = 0) -> Content:
    """Bold, italics and code inside a paragraph; anything else stays as written."""
    parts: list[Content] = []
    at = 0
    for match in _INLINE.finditer(text):
        parts.append(Content(text[at : match.start()]))
        at = match.end()
        if match["esc"]:
            parts.append(Content(match["esc"][1]))
        elif match["code"] is not None:
            parts.append(Content.styled(match["code"], "$accent"))
        else:
            kind = "bold" if match["bold"] is not None else "italic"
            inner = match["bold"] or match["star"] or match["under"]
            body = _inline(inner, depth + 1) if depth < 3 else Content(inner)
            parts.append(body.stylize_before(kind))
    parts.append(Content(text[at:]))
    return Content("").join(parts)
