"""`exercise print`: what is handed out on paper or as files before an exercise, and dealt during it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import typer

from exercise.authoring.languages import reading
from exercise.authoring.library import load_scenario
from exercise.authoring.nearest import did_you_mean
from exercise.catalogue import load_reference
from exercise.cli.files import new_files, write_file
from exercise.cli.logs import session_named
from exercise.core.text import clean_text
from exercise.errors import UsageError
from exercise.report.manuals import KINDS, manuals
from exercise.report.writing import FORMS, Form, check_templates, files
from exercise.session.control import DoorCard, TicketCard
from exercise.session.database import open_store

if TYPE_CHECKING:
    from types import ModuleType

    from exercise.core.scenario import Scenario
    from exercise.hub.handouts import Paper
    from exercise.session.tickets import Ticket

WHAT = ("injects", "tickets", *KINDS, "all")
PAPERS = ("a4", "letter")


@dataclass(frozen=True, slots=True)
class File:
    """One file to write."""

    name: str
    about: str
    """Whom it is for, in a line."""
    content: bytes


def print_handouts(
    name: str,
    what: str,
    out: str,
    *,
    forms: Sequence[str] = (),
    paper: str = "a4",
    templates: str | None = None,
    languages: Sequence[str] = (),
    session: str | None = None,
    addresses: Sequence[str] = (),
    force: bool = False,
) -> None:
    """Writes what is asked for, and names each file with whom it is for; all are made before the first is written."""
    _known("handout", what, WHAT)
    _known("paper", paper, PAPERS)
    chosen = tuple(dict.fromkeys(form.strip().lower().removeprefix(".") for form in forms)) or ("html",)
    for form in chosen:
        _known("form", form, FORMS)
    written = load_scenario(name)
    scenario = reading(written, languages)
    for language in dict.fromkeys(word.rpartition("=")[2] for word in languages):
        if language not in (written.language, *written.translations):
            typer.echo(f"{name}: no texts in {language}; they stay in {written.language}.", err=True)
    tickets = _tickets(scenario, session) if what == "tickets" or session else ()
    made: list[File] = []
    if what in ("injects", "all"):
        cards = _handouts().cards(scenario, cast("Paper", paper))
        made.append(File(cards.name, cards.about, cards.html.encode()))
    for kind in KINDS if what == "all" else (what,) if what in KINDS else ():
        made += _manuals(scenario, kind, chosen, paper, Path(templates) if templates else None)
    if tickets and what in ("tickets", "all"):
        doors = tuple(map(_door, addresses))
        sheet = _handouts().ticket_sheet(scenario.title, tickets, doors, paper=cast("Paper", paper), scenario=scenario)
        made.append(File(sheet.name, sheet.about, sheet.html.encode()))
    folder = Path(out)
    # Somebody may have written on a paper of this name.
    new_files((folder / file.name for file in made), force)
    for file in made:
        typer.echo(f"{_write(file, folder)}: {file.about}")
    if any(file.name.endswith(".html") for file in made):
        typer.echo("Open pages in a browser to print them; cards fall two to a page.")


def _known(sort: str, word: str, known: Sequence[str]) -> None:
    if word not in known:
        near = did_you_mean(word, known) or "."
        raise UsageError(f"There is no {sort} '{clean_text(word)[:40]}'{near} Known: {', '.join(known)}.")


def _manuals(scenario: Scenario, kind: str, forms: Sequence[str], paper: str, templates: Path | None) -> Iterator[File]:
    check_templates(templates)
    for manual in manuals(scenario, load_reference(), kind, paper):
        for form in forms:
            for name, content in files(manual.document, cast(Form, form), manual.name, templates).items():
                yield File(name, manual.about, content)


def _write(file: File, folder: Path) -> Path:
    """Writes a file for its owner only, since most of them hold what participants must not read."""
    path = folder / file.name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: the handouts cannot be written there ({error.strerror}).") from error
    write_file(path, file.content, private=True)
    return path


def _handouts() -> ModuleType:
    """The part that draws cards and tickets, which needs what hosts install, and reports too."""
    try:
        from exercise.hub import handouts
    except ImportError as error:
        raise UsageError(
            f"Cards and codes need {error.name}; install the program with what hosting needs: "
            "pip install 'exercise[host]'"
        ) from error
    return handouts


def _tickets(scenario: Scenario, session: str | None) -> tuple[TicketCard, ...]:
    """The codes of a hosted session: of the one named, or of the newest of this scenario that has any."""
    store = open_store()
    sessions = tuple(kept for kept in store.list_sessions() if kept.scenario == scenario.id)
    if session is not None:
        sessions = tuple(kept for kept in sessions if kept.id == session_named(session, sessions))
    for kept in sessions:
        found = tuple(
            TicketCard(ticket.id, ticket.code, ticket.kind, ticket.seat, _label(scenario, ticket), ticket.revoked, ())
            for ticket in store.tickets(kept.id)
        )
        if found:
            return found
    raise UsageError(f"There are no codes for '{scenario.id}' yet; they are made by: exercise host {scenario.id}")


def _label(scenario: Scenario, ticket: Ticket) -> str:
    """Whom a code is for, as the room says it."""
    team_id, _, role_id = ticket.seat.partition("/")
    team = scenario.teams_by_id.get(team_id)
    if ticket.kind != "participant" or team is None:
        return ticket.kind.capitalize()
    role = next((role.name for role in team.roles if role.id == role_id), "")
    return f"{team.name}: {role}" if role else team.name


def _door(address: str) -> DoorCard:
    """A way in, told by what one types or opens."""
    plain = clean_text(address).strip()
    if plain.startswith(("http://", "https://")):
        return DoorCard("browser", (plain,), "")
    if plain.startswith("ssh "):
        return DoorCard("ssh", (plain,), "")
    if plain.startswith(("ws://", "wss://")):
        return DoorCard("terminal", (f"exercise join {plain}",), "")
    raise UsageError(f"'{plain[:60]}' is no way in; write https://…, ssh -p 8022 team@… or wss://….")
