"""A document laid out as plain data, the same for every form and every template: numbers, anchors, links that hold.

A host who replaces a template meets nothing else than this: dictionaries, lists and strings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from exercise.language import _, speaking
from exercise.report.blocks import (
    Block,
    Bullets,
    Cell,
    Document,
    Facts,
    Figure,
    Heading,
    Link,
    Notice,
    Opened,
    PageBreak,
    Paragraph,
    Place,
    Quote,
    Room,
    Table,
    shown,
)

CONTENTS_DEPTH = 2
"""Levels of headings that stand in the contents."""


def laid_out(document: Document) -> dict[str, Any]:
    """The whole document as plain data.

    `title`, `subtitle`, `statement`, `running`, `author`, `language`, `labels` (`contents`, `table`, `figure`,
    `as_table`, `skip`: words in its language), `banner` (of every page; may be empty), `paper` (`a4` or `letter`),
    `cover` (false for a sheet that has neither cover nor contents); `meta`: list of `{label, text}`; `contents`: list
    of `{level, text, id}`; `figures`: list of SVG texts; `blocks`: list of dictionaries with a `kind` and:

    - heading: `level` (1 to 4, never skipping one), `text`, `id`
    - paragraph: `opening` (words that stand out, before the text), `text`, `style` (empty, `lead`, `small`)
    - bullets: `items` (cells), `numbered`
    - facts: `rows` of `{label, cell}`
    - table: `columns` of `{text, numeric, width}`, `rows` of cells, `caption`, `number`, `numbered` (what it is and its
      number, as its language says them), `blank` (most of it is to be filled in by hand)
    - figure: `number`, `numbered`, `caption`, `alt`, `table` (without a number; may be nothing); its SVG is
      `figures[number - 1]`
    - quote: `text`, `source`; notice: `text`, `title`; break: nothing
    - room: `opening`, `text`, `lines` (one number for each to write on), `foot`

    Each block has `landscape`: whether it stands on a page turned on its side.
    A cell is `{text, to, id, opening}`: `to` is the id of the place it leads to, `id` its own where something leads to
    it, `opening` words that stand out before the text.
    """
    ids = _ids(document)
    blocks: list[dict[str, Any]] = []
    figures: list[str] = []
    tables = level = 0
    headings = iter(ids.headings)
    for block in document.blocks:
        match block:
            case Heading():
                # No level is skipped: who listens to a page finds the way by them.
                level = min(max(block.level, 1), level + 1, 4)
                blocks.append({"kind": "heading", "level": level, "text": shown_line(block.text), "id": next(headings)})
            case Table():
                if block.caption:
                    tables += 1
                blocks.append(_table(block, ids, tables if block.caption else 0))
            case Figure():
                figures.append(block.svg)
                blocks.append(
                    {
                        "kind": "figure",
                        "number": len(figures),
                        "caption": shown_line(block.caption),
                        "alt": shown_line(block.alt),
                        "table": _table(block.table, ids, 0) if block.table else None,
                    }
                )
            case _:
                blocks.append(_simple(block, ids))
    _turn(blocks)
    blocks = _broken(blocks)
    _number(blocks, document.language)
    return {
        "title": shown_line(document.title),
        "subtitle": shown_line(document.subtitle),
        "statement": document.statement,
        "running": shown_line(document.running),
        "author": shown_line(document.author),
        "language": document.language,
        "labels": _labels(document.language),
        "banner": shown_line(document.banner),
        "cover": document.cover,
        "paper": document.paper,
        "meta": [{"label": label, "text": text} for label, text in document.meta],
        "contents": [
            {"level": block["level"], "text": block["text"], "id": block["id"]}
            for block in blocks
            if block["kind"] == "heading" and block["level"] <= CONTENTS_DEPTH
        ],
        "figures": figures,
        "blocks": blocks,
    }


def _labels(language: str) -> dict[str, str]:
    """The words that stand around a document's own."""
    with speaking(language.replace("-", "_")):
        return {
            "contents": _("Contents"),
            "table": _("Table"),
            "figure": _("Figure"),
            "as_table": _("as a table"),
            "skip": _("To the report"),
        }


def _number(blocks: list[dict[str, Any]], language: str) -> None:
    """What stands before a caption: the number's place in it differs by language."""
    with speaking(language.replace("-", "_")):
        for block in blocks:
            if block["kind"] == "table" and block["number"]:
                block["numbered"] = _("Table {number}").format(number=block["number"])
            elif block["kind"] == "figure":
                block["numbered"] = _("Figure {number}").format(number=block["number"])


def shown_line(text: str) -> str:
    """A text without line ends, for places that have one line."""
    return " ".join(text.split())


def _simple(block: Block, ids: _Ids) -> dict[str, Any]:
    match block:
        case Paragraph():
            return {"kind": "paragraph", "opening": block.opening, "text": block.text, "style": block.style}
        case Bullets():
            return {
                "kind": "bullets",
                "items": [_cell(item, ids) for item in block.items],
                "numbered": block.numbered,
            }
        case Facts():
            return {
                "kind": "facts",
                "rows": [{"label": shown_line(label), "cell": _cell(cell, ids)} for label, cell in block.rows],
            }
        case Quote():
            return {"kind": "quote", "text": block.text, "source": shown_line(block.source)}
        case Notice():
            return {"kind": "notice", "text": block.text, "title": shown_line(block.title)}
        case Room():
            return {
                "kind": "room",
                "opening": block.opening,
                "text": block.text,
                "lines": list(range(block.lines)),
                "foot": block.foot,
            }
        case PageBreak():
            return {"kind": "break"}
    raise AssertionError(block)


def _table(table: Table, ids: _Ids, number: int) -> dict[str, Any]:
    return {
        "kind": "table",
        "columns": [
            {"text": shown_line(text), "numeric": index in table.numeric, "width": width}
            for index, (text, width) in enumerate(zip(table.columns, _shares(table), strict=True))
        ],
        "rows": [[_cell(cell, ids) for cell in row] for row in table.rows],
        "caption": shown_line(table.caption),
        "number": number,
        "landscape": table.landscape,
        "blank": 2 * sum(not shown(cell).strip() for row in table.rows for cell in row)
        >= len(table.rows) * len(table.columns)
        > 0,
    }


LONG_WORD = 18
"""Letters from which a word may be broken inside; shorter ones are never."""
_FEWEST, _MOST = 4.0, 44.0


def _shares(table: Table) -> list[float]:
    """Each column's part of the width: as asked for, or by what stands in it, but no less than its longest word."""
    words: list[float] = []
    average: list[float] = []
    for index, name in enumerate(table.columns):
        texts = [name, *(shown(row[index]) for row in table.rows[:400])]
        longest = max((len(word) for text in texts for word in text.split()), default=0)
        # A head is bold, and so wider.
        words.append(max(min(longest, LONG_WORD), 1.2 * max(map(len, name.split()), default=0)) + 3.0)
        average.append(min(max(sum(map(len, texts)) / len(texts) * 1.3, _FEWEST), _MOST))
    asked = list(table.widths) if len(table.widths) == len(table.columns) else average
    # Letters that stand side by side on a page, upright or turned.
    room = max(150.0 if table.landscape else 100.0, sum(words))
    widths = [width / (sum(asked) or 1) * room for width in asked]
    for _round in widths:
        short = [max(least - width, 0.0) for width, least in zip(widths, words, strict=True)]
        spare = [max(width - least, 0.0) for width, least in zip(widths, words, strict=True)]
        if sum(short) < 0.01 or not sum(spare):
            break
        part = min(sum(short) / sum(spare), 1.0)
        widths = [width + lack - left * part for width, lack, left in zip(widths, short, spare, strict=True)]
    return [round(width / (sum(widths) or 1), 4) for width in widths]


_BEFORE = 4
"""So many blocks between a heading and its turned table go onto the turned page with it."""


def _turn(blocks: list[dict[str, Any]]) -> None:
    """Lets what opens a part with a turned table stand on the turned page, not alone at the foot of the one before."""
    for block in blocks:
        block.setdefault("landscape", False)
    for index, block in enumerate(blocks):
        if not (block["kind"] == "table" and block["landscape"]):
            continue
        before = blocks[max(0, index - _BEFORE) : index]
        opening = 0
        for count, each in enumerate(reversed(before), 1):
            if each["kind"] == "heading":
                opening = count
            elif each["kind"] not in ("paragraph", "notice") or opening:
                break
        for each in blocks[index - opening : index]:
            each["landscape"] = True


def _broken(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the page breaks that would leave a page empty: at the ends, doubled, and where the page turns anyway."""
    kept: list[dict[str, Any]] = []
    for index, block in enumerate(blocks):
        if block["kind"] == "break":
            after = next((each for each in blocks[index:] if each["kind"] != "break"), None)
            if not kept or after is None or kept[-1]["kind"] == "break" or kept[-1]["landscape"] != after["landscape"]:
                continue
            block["landscape"] = after["landscape"]
        kept.append(block)
    return kept


def _cell(cell: Cell, ids: _Ids) -> dict[str, str]:
    match cell:
        case Link():
            return {"text": cell.text, "to": ids.known.get(cell.anchor, ""), "id": "", "opening": ""}
        case Place():
            return {"text": cell.text, "to": "", "id": ids.placed(cell.anchor), "opening": ""}
        case Opened():
            return {"text": cell.text, "to": "", "id": "", "opening": cell.opening}
    return {"text": cell, "to": "", "id": "", "opening": ""}


class _Ids:
    """Names for places that every form allows: small letters, digits and hyphens, each once."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}
        self.headings: list[str] = []
        self._taken: set[str] = set()
        self._waiting: set[str] = set()

    def give(self, anchor: str) -> str:
        """A name that nothing else has."""
        base = re.sub(r"[^a-z0-9]+", "-", anchor.lower()).strip("-")[:60] or "part"
        # A letter in front: a name of digits alone is none, and the page's own parts begin otherwise.
        base = base if base[0].isalpha() else f"n-{base}"
        name, again = base, 2
        while name in self._taken:
            name, again = f"{base}-{again}", again + 1
        self._taken.add(name)
        return name

    def await_place(self, anchor: str) -> None:
        """Names a place that a cell will have."""
        self.known[anchor] = self.give(anchor)
        self._waiting.add(anchor)

    def placed(self, anchor: str) -> str:
        """The name for the cell that is laid out now: of several with one anchor, only the first has it."""
        if anchor not in self._waiting:
            return ""
        self._waiting.remove(anchor)
        return self.known[anchor]


def _ids(document: Document) -> _Ids:
    ids = _Ids()
    # The page has these for its own parts.
    for own in ("contents", "contents-title", "report"):
        ids.give(own)
    for block in document.blocks:
        if isinstance(block, Heading):
            name = ids.give(block.anchor or block.text)
            ids.headings.append(name)
            if block.anchor:
                ids.known.setdefault(block.anchor, name)
        for cell in _cells(block):
            # Of two places with one anchor, the first is led to.
            if isinstance(cell, Place) and cell.anchor not in ids.known:
                ids.await_place(cell.anchor)
    return ids


def _cells(block: Block) -> Iterator[Cell]:
    match block:
        case Bullets():
            yield from block.items
        case Facts():
            yield from (cell for _, cell in block.rows)
        case Table():
            yield from (cell for row in block.rows for cell in row)
