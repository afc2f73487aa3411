"""`exercise print`: what is handed out on paper."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from exercise.authoring.library import load_scenario
from exercise.authoring.nearest import did_you_mean
from exercise.catalogue import load_reference
from exercise.cli.logs import session_named
from exercise.core.text import clean_text
from exercise.errors import UsageError
from exercise.session.control import DoorCard, TicketCard
from exercise.session.database import open_store

if TYPE_CHECKING:
    from types import ModuleType

    from exercise.core.scenario import Scenario
    from exercise.session.tickets import Ticket

_PAPERS = ("a4", "letter")


def print_handouts(
    name: str, what: str, out: str, *, paper: str = "a4", session: str | None = None, addresses: Sequence[str] = ()
) -> None:
    """Writes the handouts of a scenario as HTML to print, and names each with whom it is for."""
    handouts = _handouts()
    if what not in handouts.WHAT:
        near = did_you_mean(what, handouts.WHAT) or "."
        raise UsageError(f"There is no handout '{what[:40]}'{near} Known: {', '.join(handouts.WHAT)}.")
    if paper not in _PAPERS:
        raise UsageError(f"There is no paper '{paper[:40]}'; known: {', '.join(_PAPERS)}.")
    scenario = load_scenario(name)
    tickets = _tickets(scenario, session) if what == "tickets" or session else ()
    made = handouts.handouts(
        scenario,
        load_reference(),
        what,
        tickets=tickets,
        doors=tuple(map(_door, addresses)),
        paper=paper,
    )
    for handout, path in zip(made, handouts.write(made, Path(out)), strict=True):
        typer.echo(f"{path}: {handout.about}")
    typer.echo("Open each in a browser and print it; cards fall two to a page.")


def _handouts() -> ModuleType:
    """The part that draws them, which needs what only hosts install."""
    try:
        from exercise.hub import handouts
    except ImportError as error:
        raise UsageError(
            f"Printing needs {error.name}; install the program with what hosting needs: exercise[host]."
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
