"""`exercise new`: a few questions, and a scenario that plays as it stands and is there to be changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import typer

from exercise.authoring.beginning import (
    KINDS,
    MOST_MOVES,
    PLENARY,
    USUAL,
    Plan,
    TeamPlan,
    name_of,
    plan_of,
    slug,
    team_of,
    threats,
)
from exercise.authoring.folders import write_folder
from exercise.authoring.library import read_scenario
from exercise.authoring.template import begin
from exercise.errors import ScenarioError, UsageError

Answer = TypeVar("Answer")


def new(
    name: str,
    title: str,
    threat: str,
    date: str,
    teams: Sequence[str],
    minutes: str,
    moves: int | None,
    *,
    yes: bool,
    force: bool,
) -> None:
    """Writes the folder of a new scenario, asking first for what was not said, unless `yes`."""
    today = datetime.now()
    if not yes:
        typer.echo(
            "A few questions; enter takes what stands in brackets. All of it can be changed in the file later.\n"
        )
    if not name and not yes:
        title = title or _asked("Title", "My first crisis", _said)
        name = _asked("Folder", slug(title), _said)
    where = Path(name or slug(title or "my-first-crisis"))
    # A folder that cannot be used is said before anybody has answered six questions.
    folder = where.parent / slug(where.name)
    if folder.exists() and not force and (not folder.is_dir() or any(folder.iterdir())):
        write_folder(folder, "")
    if not yes:
        title = title or _asked("Title", name_of(where.name), _said)
        threat = threat or _asked_threat()
        date = date or _asked("Date of the story", f"{today:%Y-%m-%d}", lambda text: _plans(today, date=text, of=text))
        teams = teams or _asked_teams()
        moves = moves or _asked(
            f"Moves (1 to {MOST_MOVES})", "2", lambda text: _plans(today, moves=_whole(text), of=_whole(text))
        )
        minutes = minutes or _asked(
            "Minutes of play in all", str(USUAL[moves - 1] * moves + PLENARY * (moves - 1)),
            lambda text: _plans(today, moves=moves, minutes=text, of=text),
        )  # fmt: skip
    plan = plan_of(where.name, title, threat, date, teams, minutes, moves, today=today)
    begun = begin(plan)
    file = write_folder(folder, begun.yaml, begun.texts, force)
    _, problems, _ = read_scenario(file)
    if problems:
        # Nothing that was typed should bring this about; if something does, its author must know.
        raise ScenarioError(tuple(map(str, problems)))
    _tell(file, plan, renamed=folder.name != where.name)


def _tell(file: Path, plan: Plan, *, renamed: bool) -> None:
    if renamed:
        typer.echo(f"The folder is called {file.parent.name}: letters, digits and hyphens, which every system takes.")
    teams = ", ".join(team.name for team in plan.teams)
    typer.echo(f"{file}: {plan.title}, for {teams}. It plays as it stands; now make it yours.\n")
    shown = f'"{file.parent}"' if " " in str(file.parent) else file.parent
    for command, why in (
        (f"exercise preview {shown}", "see it as the teams do, anew each time you save"),
        (f"exercise check {shown}", "what is wrong, and where"),
        (f"exercise simulate {shown}", "let bots play it"),
        (f"exercise play {shown}", "play it yourself"),
    ):
        typer.echo(f"  {command}\n      {why}")


def _asked(question: str, otherwise: str, take: Callable[[str], Answer]) -> Answer:
    """An answer that can be used; a wrong one is said why and asked for again."""
    while True:
        text = _typed(question, otherwise)
        try:
            return take(text)
        except UsageError as error:
            typer.echo(f"  {error}")


def _typed(question: str, otherwise: str, *, shown: bool = True) -> str:
    """One line that was typed; where the input ends, or ctrl+c is pressed, nothing is written."""
    try:
        return str(typer.prompt(question, default=otherwise, show_default=shown)).strip()
    except typer.Abort:
        typer.echo()
        raise UsageError("Stopped before all was answered; nothing was written. With --yes nothing is asked.") from None


def _said(text: str) -> str:
    if not text:
        raise UsageError("Something has to stand here.")
    return text


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise UsageError(f"'{text[:20]}' is no whole number.")
    return int(text)


def _plans(today: datetime, *, of: Answer, date: str = "", minutes: str = "", moves: int | None = None) -> Answer:
    """The answer, once a plan can be made with it."""
    plan_of("scenario", "", "", date, (), minutes, moves, today=today)
    return of


def _asked_threat() -> str:
    """The id of a threat, by its number in a list that words narrow down."""
    typer.echo("\nWhich threat is it drawn from? A number takes one; words narrow the list; ? shows all.")
    listed = [threat for threat in threats() if threat.id in ("T-os2", "T-ba4", "T-se11", "T-lv2", "T-os4")]
    while True:
        for number, threat in enumerate(listed, 1):
            typer.echo(f"  {number:>2}  {threat.id:<7} {threat.says}")
        text = _typed("Threat", "T-os2")
        if text == "?":
            listed = threats()
            continue
        if text.isdecimal() and 1 <= int(text) <= len(listed):
            return listed[int(text) - 1].id
        same = [threat for threat in threats() if threat.id.casefold() == text.casefold()]
        found = same or threats(text)
        if len(found) == 1:
            return found[0].id
        if found:
            listed = found
        else:
            typer.echo(f"  No threat has the words '{text[:40]}'.")


def _asked_teams() -> list[str]:
    """Teams one after another; an empty line ends them, and straight away means the two usual ones."""
    typer.echo(f"\nWho plays? Write a name, or name: kind: role, role. Kinds: {', '.join(KINDS)}. Enter alone goes on.")
    found: list[str] = []
    made: list[TeamPlan] = []
    while len(found) < 6:
        question = f"Team {len(found) + 1}" + ("" if found else " (enter: two States)")
        text = _typed(question, "", shown=False)
        if not text:
            break
        try:
            made.append(team_of(text, made))
        except UsageError as error:
            typer.echo(f"  {error}")
            continue
        found.append(text)
    return found
