"""What is printed for the day the network dies, and to hand codes out: cards, ticket sheets, guides and manuals.

Each handout is one HTML file that loads nothing from anywhere: no script, no font, no picture but the QR codes drawn in
it. Texts of a scenario are Markdown without links, pictures or HTML; whatever else they hold stays text.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import quote

import jinja2
import segno
from markdown_it import MarkdownIt
from markupsafe import Markup

from exercise.core.observe import participant_view
from exercise.core.records import dataclass
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.script import channel_name
from exercise.core.state import State
from exercise.core.text import clean_text, with_breaks
from exercise.core.times import format_duration
from exercise.errors import UsageError
from exercise.hub.cards import answers, clauses, decision_sheet, inject_cards, offered_later
from exercise.hub.in_words import InWords
from exercise.hub.protocol import PRIVACY
from exercise.session.control import DoorCard, TicketCard
from exercise.session.tickets import shown

Paper = Literal["a4", "letter"]
What = Literal["injects", "tickets", "guide", "manual", "all"]
WHAT: tuple[str, ...] = get_args(What)

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


def handouts(
    scenario: Scenario,
    reference: Reference,
    what: str = "all",
    *,
    tickets: Sequence[TicketCard] = (),
    doors: Sequence[DoorCard] = (),
    paper: Paper = "a4",
    code_in_link: bool = False,
) -> tuple[Handout, ...]:
    """The handouts of a kind; `tickets` are printed with `all` only where there are any."""
    if what not in WHAT:
        raise UsageError(f"There is no handout '{what[:40]}'; known: {', '.join(WHAT)}.")
    made: list[Handout] = []
    if what in ("injects", "all"):
        made += _cards(scenario, reference, paper)
    if what in ("manual", "all"):
        made += _manuals(scenario, reference, paper)
    if what in ("guide", "all"):
        made.append(_guide(scenario, reference, paper))
    if what == "tickets" or (what == "all" and tickets):
        made.append(ticket_sheet(scenario.title, tickets, doors, paper=paper, code_in_link=code_in_link))
    return tuple(made)


def ticket_sheet(
    title: str,
    tickets: Sequence[TicketCard],
    doors: Sequence[DoorCard],
    *,
    paper: Paper = "a4",
    code_in_link: bool = False,
) -> Handout:
    """A slip for each code that is good: the ways in, the code, and what is recorded.

    The QR code leads to the browser's door and leaves the code to be typed, so that a photograph of the screen it is
    read from opens nothing; with `code_in_link` it carries the code in the part of the address that is not sent.
    """
    slips = []
    web = next((card.addresses for card in doors if card.door == "browser"), ())
    for ticket in tickets:
        if ticket.revoked:
            continue
        link = f"{web[0]}#{quote(ticket.code)}" if web and code_in_link else web[0] if web else ""
        picture = _qr(link) if link else ""
        slips.append({"label": ticket.label, "kind": ticket.kind, "code": shown(ticket.code), "qr": picture})
    return Handout(
        "ticket-sheet.html",
        "one slip for each code; whoever has a slip can join",
        _page("tickets.html", paper, title=title, slips=slips, doors=tuple(doors), privacy=PRIVACY, has_link=bool(web)),
    )


def write(made: Iterable[Handout], folder: Path) -> tuple[Path, ...]:
    """Writes the files for their owner only, since most of them hold what participants must not read."""
    written = []
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for handout in made:
            path = folder / handout.name
            # Opened private: a file that exists keeps its mode, so it goes first.
            path.unlink(missing_ok=True)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(handout.html)
            written.append(path)
    except OSError as error:
        raise UsageError(f"{folder}: the handouts cannot be written there ({error.strerror}).") from error
    return tuple(written)


def _cards(scenario: Scenario, reference: Reference, paper: Paper) -> list[Handout]:
    words = InWords(scenario)
    numbered = list(enumerate(scenario.injects, 1))
    cards = [card for number, inject in numbered for card in inject_cards(scenario, words, number, inject)]
    sheets = [
        decision_sheet(scenario, words, number, decision) for number, decision in enumerate(scenario.decisions, 1)
    ]
    behind = [
        {
            "number": number,
            "inject": inject,
            "due": words.due(inject),
            "to": words.addressed(inject.to),
            "channel": channel_name(inject.channel.value),
            "when": words.condition(inject.when),
            "expires": words.time(inject.expires) if inject.expires is not None else "",
            "effects": words.effects(inject.effects),
        }
        for number, inject in numbered
    ]
    choices = [
        {
            "sheet": sheet,
            "when": words.condition(decision.when),
            "notes": decision.notes,
            "later": offered_later(words, decision),
            "answers": tuple(answers(scenario, reference, words, decision)),
        }
        for sheet, decision in zip(sheets, scenario.decisions, strict=True)
    ]
    matters = [
        {
            "matter": matter,
            "known": words.condition(matter.known),
            "holder": scenario.names.get(matter.holder or "", ""),
            "ready": words.condition(matter.ready),
            "gives": [scenario.evidence_by_id[id] for id in matter.gives if id in scenario.evidence_by_id],
            "outcomes": [
                (words.outcome(o), words.addressed(o.to), o, words.effects(o.effects)) for o in matter.outcomes
            ],
        }
        for matter in scenario.matters
    ]
    return [
        Handout(
            "inject-cards.html",
            "cards and decision sheets to deal to the tables",
            _page("cards.html", paper, title=scenario.title, cards=cards, sheets=sheets),
        ),
        Handout(
            "inject-cards-facilitator.html",
            "the same with conditions, notes, expected actions and consequences; for the facilitator only",
            _page(
                "facilitator.html",
                paper,
                title=scenario.title,
                guide=scenario.facilitator,
                rows=behind,
                choices=choices,
                matters=matters,
                facts=scenario.facts,
            ),
        ),
    ]


def _manuals(scenario: Scenario, reference: Reference, paper: Paper) -> list[Handout]:
    made = []
    words = InWords(scenario)
    for team in scenario.teams:
        # The view that the team's screens get before STARTEX: the one place that decides what it may see.
        view = participant_view(scenario, State(), team.id)
        texts = [
            (reference.instruments[entry.instrument], entry)
            for entry in view.profile
            if entry.instrument in reference.instruments
        ]
        context = {
            "title": scenario.title,
            "team": view.team_name,
            "short": view.team_short,
            "briefing": view.briefing,
            "roles": [(role.name, role.leads) for role in team.roles],
            "contacts": view.contacts,
            "texts": texts,
            "start": words.time(0),
            "moves": [
                (number, format_duration(move.minutes), format_duration(move.plenary.minutes) if move.plenary else "")
                for number, move in enumerate(scenario.moves, 1)
            ],
        }
        made.append(
            Handout(
                f"manual-{team.id}.html",
                f"situation manual for every seat of {team.short}",
                _page("manual.html", paper, **context),
            )
        )
        slips = [(role.name, role.brief) for role in team.roles if role.brief]
        if slips:
            made.append(
                Handout(
                    f"roles-{team.id}.html",
                    f"what each role of {team.short} alone is told: one page a role",
                    _page("roles.html", paper, title=scenario.title, team=view.team_name, slips=slips),
                )
            )
    return made


def _guide(scenario: Scenario, reference: Reference, paper: Paper) -> Handout:
    words = InWords(scenario)
    on = scenario.date.date()
    objectives = [
        {
            "objective": objective,
            "tasks": [(task.text, scenario.names.get(task.team or "", "every team")) for task in objective.tasks],
            "clauses": [
                (
                    reference.commitment(id),
                    reference.instrument(id).short,
                    [t.short for t in scenario.teams if reference.standing(t.profile, id, on) == "applies"],
                    [t.short for t in scenario.teams if reference.standing(t.profile, id, on) == "observed"],
                )
                for id in objective.commitments
                if id in reference.commitments
            ],
        }
        for objective in scenario.objectives
    ]
    teams = [
        (
            team,
            [
                (
                    decision_sheet(scenario, words, number, decision),
                    [
                        (chr(65 + place), option.title, clauses(reference, words, option.conduct))
                        for place, option in enumerate(decision.options)
                    ],
                )
                for number, decision in enumerate(scenario.decisions, 1)
                if decision.team == team.id
            ],
        )
        for team in scenario.teams
    ]
    html = _page("guide.html", paper, title=scenario.title, objectives=objectives, teams=teams, words=words)
    return Handout("evaluation-guide.html", "for evaluators: objectives, clauses and each team's decisions", html)


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
    return found


def _page(template: str, paper: Paper, **values: Any) -> str:
    if paper not in _HEIGHTS:
        raise UsageError(f"There is no paper '{paper}'; known: {', '.join(_HEIGHTS)}.")
    style = (_TEMPLATES / "print.css").read_text(encoding="utf-8").replace("@PAPER@", _HEIGHTS[paper])
    # The page itself forbids all but its own style, in case a text ever slipped through as more than text.
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _templates().get_template(template).render(style=Markup(style), allowed=allowed, paper=paper, **values)
