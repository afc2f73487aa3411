"""Taking in what another evaluator marked in a copy of the same log, by giving the same commands again.

Both copies share every line up to the marks proposed at ENDEX. What is here already is passed over, so that taking a
copy in twice changes nothing; what the rules refuse is named and leaves the rest as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from exercise.core.evaluation import commands as cmd
from exercise.core.evaluation import events as ev
from exercise.core.events import LogEntry, MarksProposed
from exercise.errors import CommandRejected, UsageError
from exercise.session.evaluating import NOT_ENDED
from exercise.session.legal_evaluation import evaluation_commands
from exercise.session.log import REDACTED, LoadedLog
from exercise.session.openings import compact_json
from exercise.session.session import Session


@dataclass(frozen=True)
class Merged:
    """What came of taking a copy in: how many entries were new, how many were here, and what was refused."""

    taken: int
    known: int
    refused: tuple[str, ...]


def merge(session: Session, other: LoadedLog) -> Merged:
    """Gives the commands behind what evaluators and teams said in a copy; the survey and seals stay with their host."""
    own = session.log()
    end = next((entry.seq for entry in own.entries if isinstance(entry.event, MarksProposed)), None)
    if end is None:
        raise UsageError(NOT_ENDED)
    if other.header_line != own.header_line or other.lines[:end] != own.lines[:end]:
        raise UsageError(f"{other.name}: this is no copy of the same log; its entries up to ENDEX are others.")
    theirs = [entry for entry in other.entries[end:] if isinstance(entry.event, ev.AfterEndex)]
    _one_each(session, theirs)
    return _Merge(session, own.entries[end:]).take(theirs)


def _one_each(session: Session, theirs: list[LogEntry]) -> None:
    """Two people of one delegation have one seat: their marks must not be mixed."""
    for entry in theirs:
        event = entry.event
        if isinstance(event, ev.EvaluatorEnrolled):
            here = session.state.evaluation.evaluators.get(event.by)
            named = [name.casefold() for name in (event.name, here.name if here else "") if name not in ("", REDACTED)]
            if here is not None and len(set(named)) > 1:
                raise UsageError(
                    f"Both copies were evaluated for '{here.delegation}', by {here.name} and by {event.name}; "
                    "two evaluators come from different delegations."
                )


class _Merge:
    """Goes through the other copy's entries in order; ids given here may differ from those given there."""

    def __init__(self, session: Session, mine: tuple[LogEntry, ...]) -> None:
        self._session = session
        self._here = Counter(_key(entry.event) for entry in mine if isinstance(entry.event, ev.AfterEndex))
        self._marks: dict[str, str] = {}
        self._rows: dict[int, int] = {}
        self._known = 0
        self._taken = 0
        self._refused: list[str] = []

    def take(self, theirs: list[LogEntry]) -> Merged:
        """All of it; of finishing and going on only the last, or who finished too early would be held to it here."""
        last = {entry.event.by: entry for entry in theirs if isinstance(entry.event, ev.EvaluationFinished)}
        for entry in theirs:
            event = entry.event
            assert isinstance(event, ev.AfterEndex)
            if isinstance(event, ev.SurveyClosed | ev.LogSealed):
                continue
            if isinstance(event, ev.EvaluationFinished) and last[event.by] is not entry:
                continue
            key = _key(event)
            if self._here[key]:
                self._here[key] -= 1
                self._known += 1
                self._remember(event, event)
            else:
                self._give(event, entry.seat)
        return Merged(self._taken, self._known, tuple(self._refused))

    def _give(self, event: ev.AfterEndex, seat: str) -> None:
        for command in [*_commands(event, seat)][-1:]:  # The last is the one that names what it is about.
            try:
                batch = self._session.submit(self._here_called(command))
            except CommandRejected as error:
                self._refused.append(error.text)
                continue
            self._taken += len(batch)
            for entry in batch:
                if isinstance(entry.event, ev.AfterEndex):
                    self._remember(event, entry.event)
            if not batch:
                self._known += 1

    def _remember(self, there: ev.AfterEndex, here: ev.AfterEndex) -> None:
        if isinstance(there, ev.MarkAdded) and isinstance(here, ev.MarkAdded):
            self._marks[there.mark] = here.mark
        elif isinstance(there, ev.ActionWritten) and isinstance(here, ev.ActionWritten):
            self._rows[there.number] = here.number

    def _here_called(self, command: cmd.EvaluationCommand) -> cmd.EvaluationCommand:
        changes: Mapping[str, object] = {}
        if isinstance(command, cmd.JudgeMark | cmd.SettleMark | cmd.AnswerMark):
            changes = {"mark": self._marks.get(command.mark, command.mark)}
        elif isinstance(command, cmd.WriteAction):
            # A row that was new there is new here, whatever number another row has meanwhile.
            changes = {"number": self._rows.get(command.number, 0)}
        return command.model_copy(update=changes) if changes else command


def _commands(event: ev.AfterEndex, seat: str) -> Iterator[cmd.EvaluationCommand]:
    if isinstance(
        event,
        ev.EvaluatorEnrolled
        | ev.MarkJudged
        | ev.MarkAdded
        | ev.Rated
        | ev.EvaluationFinished
        | ev.MarkSettled
        | ev.MarkAnswered
        | ev.ActionWritten,
    ):
        yield from evaluation_commands(event, seat)


def _key(event: ev.AfterEndex) -> str:
    """What an event says; the same words by the same seat are the same event, whatever id was given to them."""
    given = (
        {"mark"} if isinstance(event, ev.MarkAdded) else {"number"} if isinstance(event, ev.ActionWritten) else set()
    )
    return compact_json(event.as_data(given))
