"""An author's Markdown as blocks of a report, so that a guide reads as it was meant: headings, lists, tables.

Only the scenario's own texts come this way. What participants wrote is never read as markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from exercise.errors import UsageError
from exercise.report.blocks import Block, Bullets, Cell, Heading, Opened, Paragraph, Table

if TYPE_CHECKING:
    from markdown_it.token import Token


def blocks_of(text: str, level: int) -> Iterator[Block]:
    """The blocks of a text; its highest headings get `level`, and signs inside a line go, with links and pictures.

    Words that stand out at the beginning of a paragraph or an item go on doing so: they say what it is about.
    """
    try:
        from markdown_it import MarkdownIt
    except ImportError:
        raise UsageError("Reports and manuals need more libraries: pip install 'exercise[report]'") from None
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(text)
    highest = min((int(token.tag[1]) for token in tokens if token.type == "heading_open"), default=1)
    yield from _Reading(tokens, level - highest).blocks()


class _Reading:
    """Goes through the parts of a text once, in their order."""

    def __init__(self, tokens: list[Token], deeper: int) -> None:
        self._tokens = tokens
        self._deeper = deeper
        self._at = 0

    def blocks(self) -> Iterator[Block]:
        while self._at < len(self._tokens):
            token = self._next()
            if token.type == "heading_open":
                yield Heading(_plain(self._next()), int(token.tag[1]) + self._deeper)
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                yield Bullets(tuple(self._items(token)), numbered=token.type.startswith("ordered"))
            elif token.type == "table_open":
                head, *rows = self._rows()
                yield Table(head, tuple(rows))
            elif token.type == "inline":
                opening, text = _opened(token)
                yield Paragraph(text, opening=opening)
            elif token.type in ("fence", "code_block"):
                yield Paragraph(token.content.strip())

    def _next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _items(self, opening: Token) -> Iterator[Cell]:
        """Each item as one text; what stands below an item in lists of its own becomes lines of it."""
        lines: list[str] = []
        first = ""
        while True:
            token = self._next()
            if token.level == opening.level and token.nesting < 0:
                return
            if token.type == "inline":
                below = (token.level - opening.level) // 2 - 1
                if not lines and not below:
                    first, text = _opened(token)
                    lines.append(text)
                else:
                    lines.append("– " * (below > 0) + _plain(token))
            elif token.type in ("fence", "code_block"):
                lines.append(token.content.strip())
            elif token.type == "list_item_close" and token.level == opening.level + 1:
                yield Opened(first, "\n".join(lines)) if first else "\n".join(lines)
                lines, first = [], ""

    def _rows(self) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = []
        cells: list[str] = []
        while (token := self._next()).type != "table_close":
            if token.type == "inline":
                cells.append(_plain(token))
            elif token.type == "tr_close":
                rows.append(tuple(cells))
                cells = []
        return rows


def _opened(token: Token) -> tuple[str, str]:
    """The words that stand out at the beginning of a line of text, and the rest of it."""
    parts = [part for part in token.children or () if part.type != "text" or part.content]
    if not parts or parts[0].type not in ("strong_open", "em_open"):
        return "", _plain(token)
    closing = parts[0].type.replace("open", "close")
    end = next(place for place, part in enumerate(parts) if part.type == closing and part.level == parts[0].level)
    return _words(parts[:end]), _words(parts[end:])


def _plain(token: Token) -> str:
    """The words of a line of text, without the signs around them."""
    return _words(token.children or ())


def _words(parts: Iterable[Token]) -> str:
    said = []
    for part in parts:
        if part.type in ("softbreak", "hardbreak"):
            said.append(" " if part.type == "softbreak" else "\n")
        elif part.type == "image":
            said.append(_plain(part))
        else:
            said.append(part.content)
    return "".join(said)
