"""An exercise played to ENDEX and ready to be evaluated, for tests of what comes after: in a file, or in memory.

It is the exercise of `played`, with an objective that has critical tasks. Everything in it is fictional.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import played
from support import FakeClock

from exercise.core.evaluation.commands import EvaluationCommand
from exercise.core.marks import Mark
from exercise.core.scenario import Scenario
from exercise.errors import CommandRejected
from exercise.session.appending import open_writable
from exercise.session.evaluating import LocalDesk, sit_down
from exercise.session.logfile import open_log, write_log
from exercise.session.session import Session
from exercise.session.store import MemoryStore, Stored

OBJECTIVE = {
    "id": "early",
    "title": "Tell early",
    "text": "Partners learn of it from you, and not from the press.",
    "commitments": ["se-p7", "bc-15"],
    "tasks": [
        {"id": "word", "text": "Sends word before the press does", "team": "averne"},
        {"id": "check", "text": "Has a check before it uses a power", "team": "belmark"},
    ],
}


@cache
def evaluated_scenario(*, mended: bool = False) -> Scenario:
    """The exercise of `played` with critical tasks; where `mended`, Belmark's last act makes its silence good."""
    data = {**played._data(), "objectives": [OBJECTIVE]}
    if mended:
        servers = next(row for row in data["decisions"] if row["id"] == "servers")
        servers["options"][0]["repairs"] = ["se-p7"]
    return Scenario.model_validate(data)


@cache
def ended(*, mended: bool = False) -> Stored:
    """The exercise as it is kept at ENDEX."""
    store, clock = MemoryStore(), FakeClock()
    session = Session.start_new(
        evaluated_scenario(mended=mended),
        played.played_reference(),
        store,
        seed=4,
        session_id="evaluated-1",
        now=clock,
        wall=clock.wall,
        pace="stepped",
    )
    for command in played._commands():
        session.submit(command)
    return store.load("evaluated-1")


def ended_file(folder: Path, name: str = "log.jsonl") -> Path:
    """The same as a log file of its own."""
    path, kept = folder / name, ended()
    write_log(path, kept.header, kept.lines, kept.openings)
    return path


def ended_session(*, mended: bool = False) -> Session:
    """The same in memory, to submit commands to."""
    store, kept, clock = MemoryStore(), ended(mended=mended), FakeClock()
    store.create(kept)
    return Session(kept.log(), store, play=kept.summary.play, now=clock, wall=clock.wall, pace="stepped")


def marks() -> tuple[Mark, ...]:
    """The marks proposed at ENDEX."""
    from support import marks_of

    session = ended_session()
    proposed = {mark.id: mark for mark in _read(session)}
    return tuple(proposed[id] for id in marks_of(session))


def _read(session: Session) -> tuple[Mark, ...]:
    from exercise.core.evaluation.outcome import evaluated

    return evaluated(session.scenario, session.reference, session.entries).proposed


def desk_of(where: Session | Path, delegation: str, name: str = "") -> LocalDesk:
    """An evaluator at a desk of their own, over a session or a log file."""
    return sit_down(where if isinstance(where, Session) else open_writable(where), name, delegation)


def give(session: Session, *commands: EvaluationCommand) -> None:
    """Submits commands, none of which may be refused."""
    for command in commands:
        session.submit(command)


def refusal(session: Session, command: EvaluationCommand) -> str:
    """The code with which a command is refused; '' where it is taken."""
    try:
        session.submit(command)
    except CommandRejected as rejected:
        return rejected.code
    return ""


def lines_of(path: Path) -> tuple[str, ...]:
    """The entry lines of a log file."""
    return open_log(path).lines
