"""The report as one page that loads nothing from anywhere, runs no script and prints as it reads."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from exercise.report.blocks import Document
from exercise.report.layout import LONG_WORD, laid_out
from exercise.report.templating import filled, read
from exercise.report.writing import template

_ID = re.compile(r'\bid="([^"]+)"')
_REFERS = re.compile(r'(url\(#|href="#)([^")]+)')
_SIZE = re.compile(r'\s(?:width|height)="[^"]*"')


def to_html(document: Document, templates: Path | None = None) -> str:
    """The whole report as one HTML file; a host's `report.html.j2` and `report.css` are used where they are given."""
    from markupsafe import Markup

    data = laid_out(document)
    alts = [block["alt"] for block in data["blocks"] if block["kind"] == "figure"]
    data["figures"] = [
        Markup(_inline(svg, number, alt))
        for number, (svg, alt) in enumerate(zip(data["figures"], alts, strict=True), 1)
    ]
    # A style sheet cannot end the element that it stands in; the host's own might, by accident.
    data["css"] = Markup(read(template("report.css", templates)).replace("</", "<\\/"))
    return filled(template("report.html.j2", templates), data, escape=True, filters={"long": _long, "css": _css})


def _long(text: str) -> bool:
    """Whether a word in it has to be broken to fit a column."""
    return any(len(word) > LONG_WORD for word in text.split())


def _css(text: str) -> str:
    """A text as the inside of a style sheet's string, in which nothing can end the string or the sheet."""
    return "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text)


def _inline(svg: str, number: int, alt: str) -> str:
    """A figure as part of a page: as wide as the text, named by its finding, its inner names its own.

    Two figures drawn by one hand hold the same names, and a page that holds both would show one's hatches in the other.
    """
    own = f"f{number}-"
    svg = _ID.sub(lambda found: f'id="{own}{found[1]}"', svg)
    svg = _REFERS.sub(lambda found: f"{found[1]}{own}{found[2]}", svg)
    head, rest = svg.split(">", 1)
    head = _SIZE.sub("", head).replace(' xmlns="http://www.w3.org/2000/svg"', "")
    return f'{head} role="img" aria-label="{escape(alt)}">{rest}'
