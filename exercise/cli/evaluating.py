"""`exercise evaluate`: judging the marks of a log, taking another evaluator's in, and how far evaluators agree."""

from __future__ import annotations

import json as json_module
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from exercise.cli.logs import find_log, session_named
from exercise.cli.speaking import choose_language
from exercise.cli.terminal import lines_only
from exercise.core.evaluation.outcome import Evaluated, Verdict, evaluated
from exercise.errors import UsageError
from exercise.language import _
from exercise.plain.words import WIDTH, counted, one_line, say
from exercise.session.appending import open_writable
from exercise.session.database import open_store
from exercise.session.evaluating import NOT_ENDED, EvaluationDesk, sit_down
from exercise.session.logfile import open_log

if TYPE_CHECKING:
    from exercise.session.session import Session


def evaluate(
    name: str,
    called: str,
    delegation: str,
    *,
    merge: str | None,
    agreement: bool,
    plain: bool,
    json: bool,
) -> None:
    """Opens an evaluator's desk over a log file or a kept session; or merges, or prints, and stops."""
    choose_language()
    if not merge and (agreement or json):
        _print(_read_only(name), json)
        return
    session = open_writable(Path(name) if Path(name).exists() else session_named(name, open_store().list_sessions()))
    if session.state.clock.phase != "ended":
        raise UsageError(f"{one_line(name)}: {NOT_ENDED}")
    if merge:
        _merge(session, merge)
        if agreement or json:
            _print(evaluated(session.scenario, session.reference, session.entries), json)
        if agreement or json or not delegation:
            return

    def enter(who: str, sent_by: str) -> EvaluationDesk:
        return sit_down(session, who or called, sent_by)

    desk = enter(called, delegation) if delegation else None
    if lines_only(plain):
        from exercise.plain.evaluation import evaluate as by_lines
        from exercise.plain.evaluation import sit_down_by_lines

        desk = desk or sit_down_by_lines(enter, called, _here(session), _read, typer.echo)
        if desk is not None:
            by_lines(desk, _read, typer.echo)
    else:
        from exercise.tui.evaluation.app import EvaluationApp

        EvaluationApp(desk, enter=enter, here=_here(session)).run()
    _tell_left(name, session)


def _here(session: Session) -> tuple[str, ...]:
    """Who evaluates already, and which teams played, in words."""
    known = session.state.evaluation.evaluators.values()
    teams = session.scenario.teams
    names = {team.id: team.name for team in teams}
    said = [
        (
            _("{name} has evaluated for {delegation}.") if one.finished else _("{name} evaluates for {delegation}.")
        ).format(
            name=one_line(one.name) or _("Somebody"),
            delegation=one_line(names.get(one.delegation, one.delegation)),
        )
        for one in known
    ]
    return (_("Teams: {teams}.").format(teams=", ".join(one_line(team.name) for team in teams)), *said)


def _read_only(name: str) -> Evaluated:
    log = find_log(name)
    found = evaluated(log.scenario, log.reference, log.entries)
    if not found.ended:
        raise UsageError(f"{one_line(name)}: {NOT_ENDED}")
    return found


def _merge(session: Session, file: str) -> None:
    from exercise.session.merging import merge

    path = Path(file)
    if not path.exists():
        raise UsageError(f"'{one_line(file)[:80]}' is no log file; name the copy that the other evaluator marked.")
    done = merge(session, open_log(path))
    new, known = counted(done.taken, "entry", "entries"), counted(done.known, "entry", "entries")
    typer.echo(f"Taken in: {new}; {known} {'was' if done.known == 1 else 'were'} here already.")
    for text in dict.fromkeys(done.refused):
        typer.echo(f"Not taken in: {one_line(text)}")


def _print(found: Evaluated, as_json: bool) -> None:
    from exercise.report.agreement import agreement

    agreed = agreement(found)
    if as_json:
        data: dict[str, Any] = {
            "evaluators": [
                {"seat": one.seat, "name": one.name, "delegation": one.delegation, "finished": one.finished}
                for one in found.evaluators
            ],
            "compared": agreed.compared,
            "same": agreed.same,
            "alpha": agreed.alpha,
            "why_not": agreed.why_not,
            "marks": [_data(verdict) for verdict in found.verdicts],
        }
        typer.echo(json_module.dumps(data, indent=2, ensure_ascii=False))
        return
    _lines(agreed.words)
    if agreed.disagreements:
        typer.echo("")
        typer.echo("Where they differ:")
    sent_by = {one.seat: found.scenario.names.get(one.delegation, one.delegation) for one in found.evaluators}
    names = {
        one.seat: f"{one.name} ({sent_by[one.seat]})" if one.name else sent_by[one.seat] for one in found.evaluators
    }
    for verdict in agreed.disagreements:
        mark, short = verdict.mark, found.scenario.names.get(verdict.mark.team, verdict.mark.team)
        _lines(f"- {short}: {mark.title}; {mark.commitment}, {mark.clause}. Proposed: {mark.grade.value}.")
        for seat, row in verdict.judgments.items():
            grade = row.grade.value if row.grade is not None else "does not apply"
            _lines(f"    {names.get(seat, seat)}: {grade}{'. ' + row.reason if row.reason else ''}")
        if verdict.settled is not None:
            grade = verdict.settled.grade.value if verdict.settled.grade is not None else "does not apply"
            _lines(f"    Settled together: {grade}. {verdict.settled.reason}")
    if not all(one.finished for one in found.evaluators):
        _lines("Not all evaluators have finished: what is printed here they are not to see before.")


def _data(verdict: Verdict) -> dict[str, Any]:
    settled = verdict.settled
    return {
        "mark": verdict.mark.as_data(),
        "status": verdict.status,
        "final": verdict.final.value if verdict.final is not None else None,
        "voided": verdict.voided,
        "answer": verdict.answer,
        "judgments": [
            {"by": seat, "grade": row.grade.value if row.grade is not None else None, "reason": row.reason}
            for seat, row in verdict.judgments.items()
        ],
        "settled": settled
        and {"grade": settled.grade.value if settled.grade is not None else None, "reason": settled.reason},
    }


def _tell_left(name: str, session: Session) -> None:
    known = session.state.evaluation
    if not known.evaluators:
        return
    if not known.all_finished:
        _lines(f"All is kept. Go on with: exercise evaluate {one_line(name)}")
    elif len(known.evaluators) < 2:
        _lines("All is kept. Another evaluator, of another delegation, is still to look at it.")
    else:
        _lines(f"All is kept, and all have finished. Next: exercise report {one_line(name)}")


def _lines(text: str) -> None:
    indent = text[: len(text) - len(text.lstrip())]
    for line in say(text, WIDTH - len(indent)):
        typer.echo(indent + line)


def _read(prompt: str) -> str:
    line = input(prompt)
    if not sys.stdin.isatty():
        typer.echo(line)
    return line
