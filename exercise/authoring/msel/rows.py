"""A scenario as the rows of its MSEL in the order of time: what comes, what is decided, when the room sits together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from exercise.authoring.msel.paragraphs import joined
from exercise.core.control.told import condition_told, follows_told
from exercise.core.scenario import Scenario
from exercise.core.script import Decision, Inject, Move, channel_name
from exercise.core.times import format_exercise_time
from exercise.core.timetable import Slot, timetable

__all__ = ["ELEMENT", "Kind", "MselRow", "audience_said", "msel_rows", "objective_said"]

Kind = Literal["startex", "move", "inject", "request", "due", "decision", "deadline", "plenary", "endex"]

TYPES: Mapping[Kind, str] = {
    "startex": "STARTEX",
    "move": "Move",
    "inject": "Inject",
    "request": "Request",
    "due": "Answer due",
    "decision": "Decision",
    "deadline": "Deadline",
    "plenary": "Plenary",
    "endex": "ENDEX",
}
"""What each kind of row is called in the sheet."""

ELEMENT = "{}: {}"
"""How an element of a request's content stands in a message, a paragraph each."""

_LAST = 10**9
_Order = tuple[int, int, int, tuple[int, ...]]


@dataclass(frozen=True)
class MselRow:
    """A row: what kind it is, by which id it is found again, which part of the scenario it shows, and its cells."""

    kind: Kind
    id: str
    place: int
    """Number of the inject, decision or move in its list."""
    cells: Mapping[str, str]
    """By key of a column; a column without words is not in it."""
    story: int | None = None
    play: int | None = None
    """Seconds of planned play since STARTEX, plenaries included."""
    teams: frozenset[str] | None = None
    """The teams that it concerns; None for all."""


def msel_rows(scenario: Scenario, team: str | None = None, start: int | None = None) -> tuple[MselRow, ...]:
    """All rows in time order; `team` leaves those out that do not concern it, `start` is STARTEX on the wall.

    `start` is in seconds since midnight. The ids of rows are stable: a sheet finds its way back by them.
    """
    found = sorted(_Rows(scenario, team, start).rows(), key=lambda pair: pair[0])
    return tuple(row for _, row in found if team is None or row.teams is None or team in row.teams)


def audience_said(scenario: Scenario, audience: str) -> str:
    """An audience as people read it: `All`, `Averne`, `Averne/Prosecutor`."""
    if audience == "all":
        return "All"
    team_id, _, role_id = audience.partition("/")
    team = scenario.teams_by_id.get(team_id)
    if team is None:
        return audience
    role = next((role.name for role in team.roles if role.id == role_id), role_id)
    return f"{team.short}/{role}" if role else team.short


def objective_said(scenario: Scenario, objective: str) -> str:
    """An objective by its title where its id is written, else the words that are."""
    return next((one.title for one in scenario.objectives if one.id == objective), objective)


class _Rows:
    def __init__(self, scenario: Scenario, team: str | None, start: int | None) -> None:
        self._scenario = scenario
        self._team = team
        self._start = start
        table = timetable(scenario)
        self._slots: dict[tuple[str, str], Slot] = {(s.kind, s.row.id): s for slots in table.timed for s in slots}
        self._slots |= {(item.kind, item.row.id): item.slot for item in table.pending if item.slot is not None}
        self._opens: list[int] = []
        played = 0
        for move in scenario.moves:
            self._opens.append(played)
            played += move.minutes + (move.plenary.minutes if move.plenary else 0)
        self._ends = played

    def rows(self) -> Iterator[tuple[_Order, MselRow]]:
        scenario = self._scenario
        own = f"@{self._team}" if self._team else ""
        about = f"{scenario.title}: {scenario.minutes} minutes of play in {len(scenario.moves)} moves."
        yield (
            (0, -1, 0, ()),
            self._row("startex", f"startex{own}", 0, 0, 0, None, subject="STARTEX", message=about),
        )
        for n, move in enumerate(scenario.moves):
            yield from self._move(n, move)
        for n, inject in enumerate(scenario.injects):
            yield from self._inject(n, inject)
        for n, decision in enumerate(scenario.decisions):
            yield from self._decision(n, decision)
        last = scenario.moves[-1].ends
        yield (
            (_LAST, _LAST, 9, ()),
            self._row("endex", f"endex{own}", 0, last, self._ends, None, subject="ENDEX", message="Then the hot wash."),
        )

    def _move(self, n: int, move: Move) -> Iterator[tuple[_Order, MselRow]]:
        minutes = f"{move.minutes // 60} minutes of play, until {format_exercise_time(move.ends)}."
        yield (
            (move.starts, n, 0, ()),
            self._row(
                "move",
                f"move/{move.id}",
                n,
                move.starts,
                self._opens[n],
                None,
                number=f"M{n + 1}",
                subject=move.title,
                message=joined(move.text),
                expected=minutes,
            ),
        )
        if move.plenary is not None:
            length = move.plenary.minutes // 60
            yield (
                (move.ends, n, 8, ()),
                self._row(
                    "plenary",
                    f"move/{move.id}/plenary",
                    n,
                    move.ends,
                    self._opens[n] + move.minutes,
                    None,
                    subject=f"Plenary, {length} minutes",
                    message=joined(move.plenary.text),
                    expected="\n".join(move.plenary.questions),
                ),
            )

    def _inject(self, n: int, inject: Inject) -> Iterator[tuple[_Order, MselRow]]:
        scenario = self._scenario
        story, play, order = self._when(inject, "inject", n)
        teams = None if "all" in inject.to else frozenset(one.partition("/")[0] for one in inject.to)
        yield (
            order,
            self._row(
                "inject",
                inject.id,
                n,
                story,
                play,
                teams,
                number=str(n + 1),
                **{"from": inject.sender},
                to="\n".join(audience_said(scenario, one) for one in inject.to),
                method=channel_name(inject.channel),
                subject=inject.title,
                message=joined(inject.text),
                expected="\n".join(inject.expected),
                objective=objective_said(scenario, inject.objective),
                responsible=inject.responsible,
                notes=joined(inject.notes),
                status=inject.status,
                condition=self._condition(inject),
            ),
        )
        request = inject.request
        if request is None:
            return
        kind = scenario.kinds_by_id.get(request.kind)
        elements = {element.id: element.name for element in kind.elements} if kind else {}
        paragraphs = [ELEMENT.format(elements.get(id, id), text) for id, text in request.content.items()]
        channel = scenario.channels_by_id.get(request.via)
        named = scenario.names
        asks = {
            "number": f"R{n + 1}",
            "from": named.get(request.by, request.by),
            "to": audience_said(scenario, request.to),
            "method": channel.name if channel else request.via,
            "subject": request.subject,
            "message": "\n\n".join(paragraphs),
            "expected": f"{kind.name if kind else request.kind}{', urgent' if request.urgent else ''}: answer it",
        }
        concerned = frozenset((request.to,))
        yield (
            (order[0], order[1], order[2], (*order[3], 0)),
            self._row("request", f"{inject.id}/request", n, story, play, concerned, **asks),
        )
        if request.deadline is not None:
            yield (
                self._at(request.deadline, (n,)),
                self._row(
                    "due",
                    f"{inject.id}/request/due",
                    n,
                    request.deadline,
                    self._played(request.deadline),
                    concerned,
                    to=asks["to"],
                    subject=f"Answer due: {request.subject or inject.title}",
                ),
            )

    def _decision(self, n: int, decision: Decision) -> Iterator[tuple[_Order, MselRow]]:
        scenario = self._scenario
        story, play, order = self._when(decision, "decision", n)
        who = f"{decision.team}/{decision.role}" if decision.role else decision.team
        concerned = frozenset((decision.team,))
        to = audience_said(scenario, who)
        yield (
            order,
            self._row(
                "decision",
                f"decision/{decision.id}",
                n,
                story,
                play,
                concerned,
                number=f"D{n + 1}",
                to=to,
                method=f"{decision.kind}, {decision.window // 60} minutes",
                subject=decision.title,
                message=joined(decision.text),
                expected="\n".join(f"{chr(97 + m)}) {option.title}" for m, option in enumerate(decision.options)),
                objective=objective_said(scenario, decision.objective),
                responsible=decision.responsible,
                notes=joined(decision.notes),
                status=decision.status,
                condition=self._condition(decision),
            ),
        )
        if decision.deadline is not None:
            yield (
                self._at(decision.deadline, (len(scenario.injects) + n,)),
                self._row(
                    "deadline",
                    f"decision/{decision.id}/deadline",
                    n,
                    decision.deadline,
                    self._played(decision.deadline),
                    concerned,
                    to=to,
                    subject=f"Deadline: {decision.title}",
                ),
            )

    def _when(self, row: Inject | Decision, kind: str, n: int) -> tuple[int | None, int | None, _Order]:
        """Time of the story and of play, and the place among the rows: what follows an inject stands right after it."""
        place = n if kind == "inject" else len(self._scenario.injects) + n
        before = self._scenario.injects_by_id.get(row.follows or "")
        slot = self._slots.get((kind, row.id))
        if slot is not None:
            return slot.exercise, self._opens[slot.move] + slot.offset, (slot.exercise, slot.move, 1, (place,))
        if before is not None and before is not row and before.follows != row.id:
            position = next(m for m, inject in enumerate(self._scenario.injects) if inject is before)
            story, play, order = self._when(before, "inject", position) if before.follows is None else self._far(before)
            return story, play, (*order[:3], (*order[3], _LAST, place))
        return None, None, (_LAST - 1, _LAST, 1, (place,))

    def _far(self, row: Inject) -> tuple[int | None, int | None, _Order]:
        """The first of a chain of injects that follow each other; a ring of them, which `check` reports, ends it."""
        seen = {row.id}
        while row.follows is not None and row.follows not in seen:
            seen.add(row.follows)
            row = self._scenario.injects_by_id[row.follows]
        if row.follows is not None:
            return None, None, (_LAST - 1, _LAST, 1, ())
        position = next(m for m, inject in enumerate(self._scenario.injects) if inject is row)
        return self._when(row, "inject", position)

    def _at(self, story: int, place: tuple[int, ...]) -> _Order:
        return (story, self._move_at(story), 2, place)

    def _move_at(self, story: int) -> int:
        moves = self._scenario.moves
        return next((n for n, move in enumerate(moves) if story <= move.ends), len(moves) - 1)

    def _played(self, story: int) -> int:
        """Planned play until a time of the story; a time between two moves comes as the second begins."""
        n = self._move_at(story)
        move = self._scenario.moves[n]
        inside = min(max(story, move.starts), move.ends) - move.starts
        return self._opens[n] + inside * move.minutes // (move.ends - move.starts)

    def _condition(self, row: Inject | Decision) -> str:
        scenario = self._scenario
        parts = [part for part in (follows_told(scenario, row.follows), condition_told(scenario, row.when)) if part]
        told = f"when {' and '.join(parts)}" if parts else ""
        expires = f"not after {format_exercise_time(row.expires)}" if row.expires is not None else ""
        return "; ".join(part for part in (told, expires) if part)

    def _row(
        self,
        kind: Kind,
        id: str,
        place: int,
        story: int | None,
        play: int | None,
        teams: frozenset[str] | None,
        **cells: str,
    ) -> MselRow:
        move = self._scenario.moves[self._move_at(story)].title if story is not None else ""
        words = {
            **cells,
            "type": TYPES[kind],
            "time": format_exercise_time(story) if story is not None else "",
            "real": self._clock(play),
            "move": move if kind not in ("startex", "endex") else "",
            "id": id,
        }
        return MselRow(kind, id, place, {key: text for key, text in words.items() if text}, story, play, teams)

    def _clock(self, play: int | None) -> str:
        if self._start is None or play is None:
            return ""
        minutes = (self._start + play) // 60
        return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
