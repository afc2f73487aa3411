"""What is dealt on paper on the day the network dies, and to hand codes out: cards, decision sheets, ticket sheets.

Each is one HTML file that loads nothing from anywhere: no script, no font, no picture but the QR codes drawn in it.
Texts of a scenario are Markdown without links, pictures or HTML; whatever else they hold stays text. Manuals and guides
are documents of the report.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup

from exercise.core.records import dataclass
from exercise.core.scenario import Scenario
from exercise.core.text import clean_text, with_breaks
from exercise.core.tongues import common_language, language_of
from exercise.errors import UsageError
from exercise.hub.cards import decision_sheet, inject_cards
from exercise.hub.protocol import PRIVACY
from exercise.language import SOURCE, said_in
from exercise.session.control import DoorCard, TicketCard
from exercise.session.tickets import shown

Paper = Literal["a4", "letter"]

_TEMPLATES = Path(__file__).parent / "templates"
_HEIGHTS = {"a4": "A4", "letter": "letter"}


@dataclass(frozen=True, slots=True)
class Handout:
    """One file to print."""

    name: str
    """Of the file, without a folder."""
    about: str
    """Whom it is for, in a line."""
    html: str


def cards(scenario: Scenario, paper: Paper = "a4") -> Handout:
    """Cards and decision sheets of the whole script; nothing on them is for the facilitator alone."""
    dealt = [card for number in range(1, len(scenario.injects) + 1) for card in inject_cards(scenario, number)]
    sheets = [decision_sheet(scenario, number) for number in range(1, len(scenario.decisions) + 1)]
    language = common_language(scenario)
    return Handout(
        "inject-cards.html",
        "cards and decision sheets to deal to the tables",
        _page("cards.html", paper, language, title=scenario.title, cards=dealt, sheets=sheets),
    )


def ticket_sheet(
    title: str,
    tickets: Sequence[TicketCard],
    doors: Sequence[DoorCard],
    *,
    paper: Paper = "a4",
    code_in_link: bool = False,
    scenario: Scenario | None = None,
) -> Handout:
    """A slip for each code that is good: the ways in, the code, and what is recorded.

    The QR code leads to the browser's door and leaves the code to be typed, so that a photograph of the screen it is
    read from opens nothing; with `code_in_link` it carries the code in the part of the address that is not sent. With
    the scenario, each slip is in the language that its team reads.
    """
    slips, common = [], common_language(scenario) if scenario else SOURCE
    web = next((card.addresses for card in doors if card.door == "browser"), ())
    for ticket in tickets:
        if ticket.revoked:
            continue
        link = f"{web[0]}#{quote(ticket.code)}" if web and code_in_link else web[0] if web else ""
        picture = _qr(link) if link else ""
        language = language_of(scenario, ticket.seat) if scenario and ticket.seat else common
        slips.append(
            {
                "label": ticket.label,
                "kind": ticket.kind,
                "code": shown(ticket.code),
                "qr": picture,
                "language": language,
            }
        )
    return Handout(
        "ticket-sheet.html",
        "one slip for each code; whoever has a slip can join",
        _page("tickets.html", paper, common, title=title, slips=slips, doors=tuple(doors), privacy=PRIVACY),
    )


@cache
def _markdown() -> MarkdownIt:
    # Paper follows no link, and a picture's address would be fetched by whoever opens the file.
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    return reader.disable(["link", "image", "autolink", "html_inline", "html_block", "reference"])


def _prose(text: str) -> Markup:
    """A text of the scenario as paragraphs, lists and tables; nothing in it becomes anything else."""
    return Markup('<div class="prose">') + Markup(_markdown().render(with_breaks(clean_text(text)))) + Markup("</div>")


def _qr(link: str) -> Markup:
    """The drawing of a QR code; it needs no quiet zone of its own, since its slip leaves one."""
    try:
        import segno  # Here, since cards need none.
    except ImportError:
        raise UsageError(
            "Codes need segno; install the program with what hosting needs: pip install 'exercise[host]'"
        ) from None
    return Markup(segno.make(link, error="m", micro=False).svg_inline(scale=3, border=2, dark="#000", omitsize=True))


@cache
def _templates() -> jinja2.Environment:
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["prose"] = _prose
    # The papers of one page may be in several languages.
    found.globals["spoken_in"] = lambda language: partial(said_in, language)
    return found


def _page(template: str, paper: Paper, language: str, **values: Any) -> str:
    if paper not in _HEIGHTS:
        raise UsageError(f"There is no paper '{paper}'; known: {', '.join(_HEIGHTS)}.")
    style = (_TEMPLATES / "print.css").read_text(encoding="utf-8").replace("@PAPER@", _HEIGHTS[paper])
    # The page itself forbids all but its own style, in case a text ever slipped through as more than text.
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    values |= {"style": Markup(style), "allowed": allowed, "paper": paper, "language": language}
    return _templates().get_template(template).render(**values)
