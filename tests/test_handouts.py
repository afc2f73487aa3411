"""Handouts: what each holds, what no participant's sheet may hold, and that hostile words stay words."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import stat
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from given import decision, inject, option, scenario
from typer.testing import CliRunner

from exercise.authoring.library import library, load_scenario
from exercise.catalogue import load_reference
from exercise.core.scenario import Scenario
from exercise.errors import UsageError
from exercise.hub.handouts import Handout, handouts, ticket_sheet, write
from exercise.session.control import DoorCard, TicketCard

SECRET = "kanari"
NASTY = (
    "<script>alert(1)</script></style><img src=x onerror=a()>[a](javascript:a())![b](http://b.example/p)"
    "<http://b.example> &lt;b&gt; {{ 7 * 7 }} {% raw %} \"' -->"
)
"""No longer than a title may be."""
PUBLIC = ("inject-cards.html", "manual-averne.html", "manual-belmark.html")
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


def all_of(played: Scenario, **more: Any) -> dict[str, Handout]:
    """Every handout by its file's name."""
    return {one.name: one for one in handouts(played, load_reference(), tickets=TICKETS, doors=DOORS, **more)}


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


def test_what_is_dealt_holds_no_secret_and_the_facilitators_edition_all_of_them() -> None:
    """Protects the story on paper: notes, facts, conditions, consequences and later options stay with control."""
    made = all_of(aviary())

    for name in PUBLIC:
        assert SECRET not in made[name].html, name
    told = Read(made["inject-cards-facilitator.html"].html).words
    for word in ("notes", "exp", "because", "came", "told", "lapse", "fact", "crew", "guide", "flag"):
        assert f"{SECRET} {word}" in told, word
    assert "Facilitator only" in told


def test_each_team_gets_its_own_cards_and_manual() -> None:
    """Protects the teams from each other: a card names its own addressees only, a manual tells its own team's brief."""
    made = all_of(aviary())
    cards = re.findall(r'<section class="card">.*?</section>', made["inject-cards.html"].html, re.DOTALL)

    strips = [re.findall(r"<b>(\d+)</b><span>(.*?)</span>", card)[0] for card in cards]
    assert strips == [("1", "Averne"), ("1", "Belmark"), ("2", "Averne"), ("2", "Belmark")]
    assert "Averne: Police" in cards[2] and "Belmark" not in cards[2]
    assert "Averne" not in cards[3] and "T+ ______" in cards[3]
    assert "Averne alone" in made["manual-averne.html"].html and "Belmark alone" not in made["manual-averne.html"].html
    assert "Only the police" in made["roles-averne.html"].html
    assert "Only the police" not in made["manual-averne.html"].html
    assert "roles-belmark.html" not in made


def test_a_request_stands_on_its_addressees_card_alone() -> None:
    """Protects what one team is asked: who gets the same message does not read the request that came with it."""
    asked = {"kind": "ping", "by": "desk", "to": "belmark", "via": "phone", "subject": "Only Belmark reads this."}
    played = scenario(
        inject("note", request=asked), actors=[{"id": "desk", "name": "The desk", "desk": {}}], decisions=[]
    )

    averne, belmark = all_of(played)["inject-cards.html"].html.split('<section class="card">')[1:]

    assert "Only Belmark reads this." in belmark and "Only Belmark reads this." not in averne


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_hostile_words_stay_words(paper: str) -> None:
    """Protects whoever opens a handout: nothing in a scenario becomes an element, an address or a style."""
    played = aviary()
    nasty = Scenario.model_validate(_nasty(played.model_dump(mode="json", by_alias=True)))
    plain = all_of(played, paper=paper)

    for name, handout in all_of(nasty, paper=paper).items():
        page = Read(handout.html)
        assert {tag for tag, _ in page.elements} <= {tag for tag, _ in Read(plain[name].html).elements} | {"p", "em"}
        for tag, attributes in page.elements:
            assert not attributes.keys() & {"src", "href", "onerror", "style", "action"}, (tag, attributes)
        if name != "ticket-sheet.html":
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
    for handout in all_of(aviary()).values():
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
    """Protects the paper exercise: every inject reaches each of its teams on a card, every decision has its sheet."""
    played = load_scenario(name)
    made = {one.name: one for one in handouts(played, load_reference())}

    words = " ".join(Read(made["inject-cards.html"].html).words.split())
    for row in (*played.injects, *played.decisions):
        assert " ".join(row.title.split()) in words, row.id
    guide = Read(made["evaluation-guide.html"].html).words
    assert all(objective.title in guide for objective in played.objectives)
    assert {f"manual-{team.id}.html" for team in played.teams} <= made.keys()
    assert "ticket-sheet.html" not in made
    behind = Read(made["inject-cards-facilitator.html"].html).words
    assert all(fact.title in behind for fact in played.facts)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions in another way")
def test_files_are_their_owners_alone(tmp_path: Path) -> None:
    """Protects codes and notes on a shared machine, also where an older, looser file stood."""
    (tmp_path / "inject-cards.html").write_text("old")
    (tmp_path / "inject-cards.html").chmod(0o666)

    paths = write(handouts(aviary(), load_reference()), tmp_path)

    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    assert "old" not in (tmp_path / "inject-cards.html").read_text()[:10]


def test_what_cannot_be_printed_is_one_line(tmp_path: Path) -> None:
    """Protects who mistypes: another kind, another paper, a folder that is a file."""
    (tmp_path / "file").write_text("x")

    with pytest.raises(UsageError, match="There is no handout 'posters'"):
        handouts(aviary(), load_reference(), "posters")
    with pytest.raises(UsageError, match="There is no paper"):
        handouts(aviary(), load_reference(), "guide", paper="a3")
    with pytest.raises(UsageError, match="cannot be written"):
        write(handouts(aviary(), load_reference(), "guide"), tmp_path / "file")


def test_the_command_writes_and_says_whom_each_is_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects the facilitator's evening before: one command, a line for each file; codes only once there are any."""
    from exercise.cli.commands import app

    monkeypatch.setenv("EXERCISE_DATA_DIR", str(tmp_path / "data"))
    run = CliRunner()
    done = run.invoke(app, ["print", "first-light", "--what", "guide", "--out", str(tmp_path / "out")])

    assert done.exit_code == 0 and "evaluation-guide.html: for evaluators" in done.output
    refused = run.invoke(app, ["print", "first-light", "--what", "tickets", "--out", str(tmp_path / "out")])
    assert isinstance(refused.exception, UsageError) and "exercise host first-light" in str(refused.exception)
    wrong = run.invoke(app, ["print", "first-light", "--what", "tickts", "--out", str(tmp_path / "out")])
    assert "did you mean 'tickets'?" in str(wrong.exception)
