"""Cards, decision sheets and ticket sheets: what each holds, what none may hold, and that hostile words stay words."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from given import decision, inject, option, scenario

from exercise.authoring.library import library, load_scenario
from exercise.catalogue import load_reference
from exercise.core.scenario import Scenario
from exercise.errors import UsageError
from exercise.hub.handouts import Handout, cards, ticket_sheet
from exercise.report.layout import laid_out
from exercise.report.manuals import manuals
from exercise.session.control import DoorCard, TicketCard

SECRET = "kanari"
NASTY = (
    "<script>alert(1)</script></style><img src=x onerror=a()>[a](javascript:a())![b](http://b.example/p)"
    "<http://b.example> &lt;b&gt; {{ 7 * 7 }} {% raw %} \"' -->"
)
"""No longer than a title may be."""
DOORS = (
    DoorCard("browser", ("https://192.0.2.7:8080/",), "AAAA-BBBB"),
    DoorCard("ssh", ("ssh -p 8022 team@192.0.2.7",), "SHA256:abc"),
    DoorCard("terminal", ("exercise join wss://192.0.2.7:8765",), "AAAA-BBBB"),
)
TICKETS = (
    TicketCard("1", "abcdefgh", "participant", "averne", "Averne", False, ()),
    TicketCard("2", "zzzzyyyy", "observer", "", "Observer", True, ()),
)


class Read(HTMLParser):
    """What a browser would make of a page: its elements with their attributes, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._in_style = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._in_style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        self.words += "" if self._in_style else data


def all_of(played: Scenario, paper: Any = "a4") -> tuple[Handout, ...]:
    """Whatever is dealt on paper."""
    return cards(played, paper), ticket_sheet(played.title, TICKETS, DOORS, paper=paper)


def aviary() -> Scenario:
    """A scenario in which all that is the facilitator's holds the secret word."""
    rows = (
        inject(
            "call", title="Open call", text="Words of the call.", notes=f"{SECRET} notes", expected=[f"{SECRET} exp"]
        ),
        inject("later", to=["averne/police", "belmark"], title="Later", when={"fact": "source", "is": "crew"}),
        decision(
            "tell",
            option(
                "now",
                title="Tell now",
                text="Say it.",
                conduct=[{"commitment": "se-p7", "grade": "honoured", "because": f"{SECRET} because"}],
                consequences=[{"after": "1h", "title": f"{SECRET} came", "text": f"{SECRET} told"}],
            ),
            option("wait", title="Wait", available={"flag": "told"}, text=f"{SECRET} offered only later"),
            option("no", title="Say nothing"),
            notes=f"{SECRET} notes of the decision",
            lapse={"text": f"{SECRET} lapse"},
        ),
    )
    teams = [
        {
            "id": "averne",
            "name": "Republic of Averne",
            "short": "Averne",
            "about": "A coast.",
            "brief": "Averne alone is told.",
            "roles": [
                {"id": "lead", "name": "Head"},
                {"id": "police", "name": "Police", "brief": "Only the police are told."},
            ],
            "directory": [
                {"name": "Desk", "party": "belmark", "channel": "phone", "stale": True, "instead": f"{SECRET} number"}
            ],
        },
        {
            "id": "belmark",
            "name": "Kingdom of Belmark",
            "short": "Belmark",
            "about": "A plain.",
            "brief": "Belmark alone is told.",
        },
    ]
    facts = [
        {
            "id": "source",
            "title": f"{SECRET} fact",
            "values": [{"value": "crew", "says": f"{SECRET} crew"}, {"value": "insider", "says": f"{SECRET} insider"}],
        }
    ]
    return scenario(*rows, teams=teams, facts=facts, facilitator=f"{SECRET} guide", flags={"told": f"{SECRET} flag"})


def test_what_is_dealt_holds_no_secret() -> None:
    """Protects the story on paper: notes, facts, conditions, consequences and later options stay with control."""
    assert SECRET not in cards(aviary()).html


def test_each_team_gets_its_own_cards() -> None:
    """Protects the teams from each other: a card names its own addressees only."""
    dealt = re.findall(r'<section class="card">.*?</section>', cards(aviary()).html, re.DOTALL)

    strips = [re.findall(r"<b>(\d+)</b><span>(.*?)</span>", card)[0] for card in dealt]
    assert strips == [("1", "Averne"), ("1", "Belmark"), ("2", "Averne"), ("2", "Belmark")]
    assert "Averne: Police" in dealt[2] and "Belmark" not in dealt[2]
    assert "Averne" not in dealt[3] and "T+ ______" in dealt[3]


def test_a_request_stands_on_its_addressees_card_alone() -> None:
    """Protects what one team is asked: who gets the same message does not read the request that came with it."""
    asked = {"kind": "ping", "by": "desk", "to": "belmark", "via": "phone", "subject": "Only Belmark reads this."}
    played = scenario(
        inject("note", request=asked), actors=[{"id": "desk", "name": "The desk", "desk": {}}], decisions=[]
    )

    averne, belmark = cards(played).html.split('<section class="card">')[1:]

    assert "Only Belmark reads this." in belmark and "Only Belmark reads this." not in averne


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_hostile_words_stay_words(paper: str) -> None:
    """Protects whoever opens a handout: nothing in a scenario becomes an element, an address or a style."""
    played = aviary()
    nasty = Scenario.model_validate(_nasty(played.model_dump(mode="json", by_alias=True)))

    for plain, handout in zip(all_of(played, paper), all_of(nasty, paper), strict=True):
        page = Read(handout.html)
        assert {tag for tag, _ in page.elements} <= {tag for tag, _ in Read(plain.html).elements} | {"p", "em"}
        for tag, attributes in page.elements:
            assert not attributes.keys() & {"src", "href", "onerror", "style", "action"}, (tag, attributes)
        if handout.name != "ticket-sheet.html":
            assert "<script>alert(1)</script></style>" in page.words and "{{ 7 * 7 }}" in page.words


def _nasty(value: Any, key: str = "") -> Any:
    """The same scenario with hostile words in every text that people read."""
    if isinstance(value, dict):
        return {name: _nasty(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_nasty(inner, key) for inner in value]
    shown = (
        "title",
        "text",
        "name",
        "about",
        "brief",
        "notes",
        "facilitator",
        "briefing",
        "summary",
        "says",
        "address",
    )
    return NASTY if isinstance(value, str) and key in shown and value else value


def test_a_page_allows_itself_nothing_but_its_own_style() -> None:
    """Protects against what slipped through all else: no script, no outside address, only the style that was meant."""
    for handout in all_of(aviary()):
        (style,) = re.findall(r"<style>(.*?)</style>", handout.html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"default-src 'none'; style-src 'sha256-{digest}'" in handout.html
        assert not re.search(r"url\(|@import|<script|<link|<iframe", handout.html)


def test_a_slip_has_code_ways_in_and_notice_and_a_revoked_code_has_none() -> None:
    """Protects the door: each good code has one slip with exact commands; the QR code does not carry the code."""
    sheet = ticket_sheet("Card Storm", TICKETS, DOORS)
    words = Read(sheet.html).words

    assert "abcd-efgh" in words and "zzzz" not in sheet.html
    for card in DOORS:
        assert card.addresses[0] in words and card.fingerprint in words
    assert "What you do here is recorded" in words
    # A drawing cannot be read back here: it is the same for another code, and another where the code is in the link.
    other = ticket_sheet("Card Storm", (replace(TICKETS[0], code="hgfedcba"),), DOORS)
    assert _drawing(other) == _drawing(sheet)
    linked = [
        ticket_sheet("x", (replace(TICKETS[0], code=code),), DOORS, code_in_link=True) for code in ("aaaa", "bbbb")
    ]
    assert len({_drawing(sheet), *map(_drawing, linked)}) == 3


def _drawing(sheet: Handout) -> str:
    return re.findall(r"<svg.*?</svg>", sheet.html, re.DOTALL)[0]


@pytest.mark.parametrize("name", library())
def test_the_library_prints_whole(name: str) -> None:
    """Protects the paper exercise: each inject on a card, each decision on a sheet, both in the handbook by a link."""
    played = load_scenario(name)

    words = " ".join(Read(cards(played).html).words.split())
    for row in (*played.injects, *played.decisions):
        assert " ".join(row.title.split()) in words, row.id
    (handbook,) = manuals(played, load_reference(), "handbook")
    blocks = laid_out(handbook.document)["blocks"]
    links = re.findall(r"'to': '([^']+)'", str(blocks))
    assert len(links) == len(played.injects) + len(played.decisions)
    assert {block["id"] for block in blocks if block["kind"] == "heading"} >= {*links}


def test_another_paper_is_one_line() -> None:
    """Protects who mistypes."""
    with pytest.raises(UsageError, match="There is no paper"):
        cards(aviary(), paper="a3")  # type: ignore[arg-type]
