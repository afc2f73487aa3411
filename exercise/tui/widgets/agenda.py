"""What waits for a seat, and what is new to it: pure functions from a view to rows, each with what it leads to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from exercise.language import Told, _
from exercise.tui.widgets.choices import Lines
from exercise.tui.widgets.inbox import channel_name
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.request_words import status_text
from exercise.tui.widgets.talk_words import conversations
from exercise.tui.widgets.times import exercise_time, window_left
from exercise.tui.widgets.vote_words import waits_for

if TYPE_CHECKING:
    from exercise.core.views import ParticipantView

__all__ = ["OWED", "Looked", "Row", "looked_at", "new_rows", "task_rows"]

_QUIET = "$foreground 65%"
_LONGEST = 160

OWED: Mapping[str, tuple[str, str]] = Told(
    {
        "told": ("whom you told is not said", "u: say whom you have told."),
        "returned": ("not come back to", "r: look at it again, and say what you keep, end or change."),
    }
)
"""What a team that set something aside has still to say: in a row, and with the key that does it."""


@dataclass(slots=True)
class Looked:
    """How much a seat had got when it looked last."""

    messages: int = 0
    decisions: list[str] = field(default_factory=list)
    """Id and revision of those that were put."""
    requests: dict[str, str] = field(default_factory=dict)
    """How each stood, by its number."""
    talk: int = 0
    phase: str = ""


class Row(NamedTuple):
    """A line of the list; `leads_to` says what enter opens, as kind and name."""

    leads_to: tuple[str, str]
    sign: str
    words: str
    quiet: str

    @property
    def key(self) -> str:
        """The row's id."""
        return ":".join(self.leads_to)

    def lines(self) -> Lines:
        """The row as it is drawn; of long words, as much as says what they are about."""
        return Lines((f"{self.sign} ", safe(_short(self.words), "bold")), ("  ", safe(_short(self.quiet), _QUIET)))


def looked_at(view: ParticipantView) -> Looked:
    """How much there is now, to tell what comes after it."""
    return Looked(
        messages=max((item.number for item in view.inbox), default=0),
        decisions=[f"{decision.id}:{decision.revision}" for decision in view.decisions],
        requests={str(request.number): request.status for request in view.requests},
        talk=len(view.talk),
        phase=_phase(view),
    )


def task_rows(
    view: ParticipantView,
    teams: Iterable[tuple[str, str]],
    heard: Mapping[str, int],
    begun: Iterable[str],
    *,
    live: bool,
) -> list[Row]:
    """What waits for this seat, most urgent first; `begun` are the decisions it has something half-written for."""
    begun, rows = set(begun), []
    for decision in sorted(view.open_decisions, key=lambda decision: decision.closes):
        said = waits_for(decision, view.seat)
        left = window_left(decision, view.clock.play, live=live)
        parts = [left, _("quick") if decision.kind == "quick" else _("dilemma")]
        parts += [_("half-written") if decision.id in begun else "", said]
        rows.append(Row(("decision", decision.id), "◆", decision.title, " · ".join(part for part in parts if part)))
    for request in view.waiting_requests:
        quiet = f"{request.other} · {status_text(request)}"
        rows.append(Row(("request", str(request.number)), "↔", request.kind_name, quiet))
    for decision in view.to_come_back_to:
        assert decision.answer is not None
        parts = [_("set something aside"), *(OWED[kind][0] for kind in decision.answer.owed)]
        rows.append(Row(("decision", decision.id), "○", decision.title, " · ".join(parts)))
    unread = [item for item in view.inbox if not item.read]
    if unread:
        one = unread[0].title if len(unread) == 1 else _("{count} messages to read").format(count=len(unread))
        rows.append(
            Row(("message", str(unread[0].number)), "●", one, _("first: {sender}").format(sender=unread[0].sender))
        )
    for talk in conversations(view, teams):
        if new := talk.new(view, heard):
            rows.append(
                Row(
                    ("talk", talk.key),
                    "✉",
                    _("{new} new from {name}").format(new=new, name=talk.name),
                    talk.lines[-1].text,
                )
            )
    return rows


def new_rows(view: ParticipantView, looked: Looked, teams: Iterable[tuple[str, str]]) -> list[Row]:
    """What has come since, newest first."""
    found: list[tuple[int, Row]] = []
    known = set(looked.decisions)
    if looked.phase and looked.phase != _phase(view):
        clock = view.clock
        words = {"plenary": _("The plenary is open"), "ended": _("ENDEX: the exercise has ended")}
        said = words.get(
            clock.phase,
            _("Move {move} of {moves}: {move_title}").format(
                move=clock.move, moves=clock.moves, move_title=clock.move_title
            ),
        )
        found.append((clock.exercise, Row(("phase", ""), "▶", said, _("the exercise has gone on"))))
    for item in view.inbox:
        if item.number > looked.messages:
            quiet = f"{exercise_time(item.exercise)} · {channel_name(item.channel)} · {item.sender}"
            sign = "✕" if item.withdrawn else "●" if not item.read else "·"
            found.append((item.exercise, Row(("message", str(item.number)), sign, item.title, quiet)))
    for decision in view.decisions:
        if f"{decision.id}:{decision.revision}" not in known:
            stands = {"open": _("to decide"), "chosen": _("decided"), "lapsed": _("its window has closed")}[
                decision.status
            ]
            quiet = f"{exercise_time(decision.opened)} · {stands}"
            found.append((decision.opened, Row(("decision", decision.id), "◆", decision.title, quiet)))
    for request in view.requests:
        stood = looked.requests.get(str(request.number))
        if stood != request.status and (request.incoming or request.status != "sent"):
            at = request.steps[-1].exercise if request.steps else view.clock.exercise
            quiet = f"{exercise_time(at)} · {request.other} · {status_text(request)}"
            found.append((at, Row(("request", str(request.number)), "↔", request.kind_name, quiet)))
    names = {line: talk for talk in conversations(view, teams) for line in talk.lines}
    for line in view.talk[looked.talk :]:
        if line.seat != view.seat:
            talk = names.get(line)
            who = f"{line.sender}{_(' · exercise control') if line.kind == 'control' else ''}"
            quiet = f"{exercise_time(line.exercise)} · {who}"
            found.append((line.exercise, Row(("talk", talk.key if talk else view.team), "✉", line.text, quiet)))
    found.sort(key=lambda pair: -pair[0])
    return [row for _unused, row in found]


def _phase(view: ParticipantView) -> str:
    return f"{view.clock.phase}:{view.clock.move}"


def _short(text: str) -> str:
    line = " ".join(text[: 2 * _LONGEST].split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
