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
    "Opened",
    "PageBreak",
    "Paragraph",
    "Place",
    "Quote",
    "Room",
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


@dataclass(frozen=True, slots=True)
class Opened:
    """Text whose first words stand out, as the name of what it is about; the text goes on right after them."""

    opening: str
    text: str


Cell = str | Link | Place | Opened


def shown(cell: Cell) -> str:
    """The words of a cell, for forms and places that know no links."""
    if isinstance(cell, Opened):
        return cell.opening + cell.text
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
    opening: str = ""
    """First words, which stand out; the text goes on right after them."""


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
class Room:
    """What is written by hand once it is on paper: what is asked, lines to write on, and what stands below them."""

    text: str
    lines: int = 3
    foot: str = ""
    opening: str = ""
    """First words of the text, which stand out."""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page, where there are pages."""


Block = Heading | Paragraph | Bullets | Facts | Table | Figure | Quote | Notice | Room | PageBreak


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
    banner: str = ""
    """Stands at the head of every page, so that no page of an exercise is ever taken for something real."""
    cover: bool = True
    """False for a sheet of a page or two: its title stands at the head of the first page, and there are no contents."""
    paper: str = "a4"
    """`a4` or `letter`, where the form has pages of a size."""
