"""What a report is made of before it takes any form: headings, paragraphs, tables, figures, each with plain text.

Whoever writes a report says it once in these blocks, and every form (page, document, paper, Markdown) is written from
them. Text in a block is never markup: each form makes it harmless in its own way, so nothing that a participant typed
can become a link, a script or a command.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = [
    "Block",
    "Bullets",
    "Cell",
    "Document",
    "Facts",
    "Figure",
    "Heading",
    "Link",
    "Notice",
    "PageBreak",
    "Paragraph",
    "Place",
    "Quote",
    "Table",
    "shown",
]

MANY_COLUMNS = 7.5
"""A table of more columns is laid on a page turned on its side; one of figures alone takes less than half the room."""


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to another place of the same document; nothing in a report leads outside."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Place:
    """Text that a link leads to: the row of a mark, the entry of a decision."""

    text: str
    anchor: str


Cell = str | Link | Place


def shown(cell: Cell) -> str:
    """The words of a cell, for forms and places that know no links."""
    return cell if isinstance(cell, str) else cell.text


@dataclass(frozen=True, slots=True)
class Heading:
    """Opens a part; levels 1 to 3 stand in the contents. Without an anchor of its own it gets one from its text."""

    text: str
    level: int = 1
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; line ends in it are kept."""

    text: str
    style: str = ""
    """Empty, `lead` for the opening of a part, or `small` for a note."""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[Cell, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What something is called and what it is, a line each."""

    rows: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns; every row has as many cells as there are columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    widths: tuple[float, ...] = ()
    """How the columns share the width, as proportions; empty where the form may choose."""
    numeric: tuple[int, ...] = ()
    """Columns of figures, counted from 0: set to the right."""
    wide: bool = False
    """True to lay it on a page turned on its side, however few its columns."""

    @property
    def landscape(self) -> bool:
        """Whether it needs a page turned on its side, where there are pages."""
        return self.wide or len(self.columns) - 0.6 * len(self.numeric) > MANY_COLUMNS


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with what it says in words, and the figures behind it as a table."""

    svg: str
    png: Callable[[], bytes] = field(compare=False)
    """Made only when asked for: a page needs no pixels, and drawing them takes the longest."""
    caption: str
    alt: str
    """The finding in words, for who cannot see the picture."""
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's own words, and whose they are."""

    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What must not be overlooked: the standing statement, a limit, a dissent."""

    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page, where there are pages."""


Block = Heading | Paragraph | Bullets | Facts | Table | Figure | Quote | Notice | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report; title, subtitle, meta and statement make its cover."""

    title: str
    subtitle: str
    meta: tuple[tuple[str, str], ...]
    """Lines of the cover: the exercise, its date, the edition, who made it."""
    blocks: tuple[Block, ...]
    statement: str = ""
    """Stands on the cover and must not be missed: a training record, no finding about any State."""
    running: str = ""
    """A short line at the foot of every page, such as the edition and its handling."""
    author: str = ""
    """Of the file, for its properties."""
    language: str = "en-GB"
