"""An author's Markdown as blocks of a report, so that a guide reads as it was meant: headings, lists, tables.

Only the scenario's own texts come this way. What participants wrote is never read as markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from exercise.errors import UsageError
from exercise.report.blocks import Block, Bullets, Heading, Paragraph, Table

if TYPE_CHECKING:
    from markdown_it.token import Token


def blocks_of(text: str, level: int) -> Iterator[Block]:
    """The blocks of a text; its highest headings get `level`, and signs inside a line go, with links and pictures."""
    try:
        from markdown_it import MarkdownIt
    except ImportError:
        raise UsageError("A report needs more libraries; install them: pip install 'exercise[report]'") from None
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
                yield Paragraph(_plain(token))
            elif token.type in ("fence", "code_block"):
                yield Paragraph(token.content.strip())

    def _next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _items(self, opening: Token) -> Iterator[str]:
        """Each item as one text; what stands below an item in lists of its own becomes lines of it."""
        lines: list[str] = []
        while True:
            token = self._next()
            if token.level == opening.level and token.nesting < 0:
                return
            if token.type == "inline":
                below = (token.level - opening.level) // 2 - 1
                lines.append("– " * (below > 0) + _plain(token))
            elif token.type in ("fence", "code_block"):
                lines.append(token.content.strip())
            elif token.type == "list_item_close" and token.level == opening.level + 1:
                yield "\n".join(lines)
                lines = []

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


def _plain(token: Token) -> str:
    """The words of a line of text, without the signs around them."""
    said = []
    for part in token.children or ():
        if part.type in ("softbreak", "hardbreak"):
            said.append(" " if part.type == "softbreak" else "\n")
        elif part.type == "image":
            said.append(_plain(part))
        else:
            said.append(part.content)
    return "".join(said)
