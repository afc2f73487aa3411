"""What waits for a team, in words: for its prompt, for the others at the terminal, and where going on would lose it."""

from __future__ import annotations

from collections.abc import Iterator

from exercise.core.requests.views import RequestView
from exercise.core.views import ParticipantView
from exercise.language import _
from exercise.plain import request_words as words
from exercise.plain.words import counted, joined, say


def unread(view: ParticipantView) -> str:
    """`2 unread`, or nothing."""
    return _("{unread} unread").format(unread=view.unread) if view.unread else ""


def to_decide(view: ParticipantView) -> str:
    """`1 decision to answer`, or nothing."""
    opened = len(view.open_decisions)
    return counted(opened, _("decision to answer"), _("decisions to answer")) if opened else ""


def asked(view: ParticipantView) -> str:
    """`1 request waiting`, or nothing."""
    waiting = len(view.waiting_requests)
    return counted(waiting, _("request waiting"), _("requests waiting")) if waiting else ""


def to_come_back_to(view: ParticipantView) -> str:
    """`1 answer to come back to`, or nothing; the team's own business, never told to others at the terminal."""
    count = len(view.to_come_back_to)
    return counted(count, _("answer to come back to"), _("answers to come back to")) if count else ""


def all_of(view: ParticipantView) -> list[str]:
    """All that waits, the most pressing last."""
    return [text for text in (unread(view), to_decide(view), asked(view)) if text]


def lapsing(view: ParticipantView) -> list[RequestView]:
    """The requests to a team that lapse when nobody answers."""
    return [
        item
        for item in view.waiting_requests
        if item.incoming and item.deadline is not None and "fulfil" not in item.may
    ]


def may_lose(view: ParticipantView) -> bool:
    """Whether a team may lose a decision or a request when the story goes on."""
    return bool(view.open_decisions or lapsing(view))


def unanswered(mine: ParticipantView, others: dict[str, ParticipantView], width: int) -> Iterator[str]:
    """Which decisions keep the story from going on: this team's by title, of others only that there is something."""
    titles = [f"“{decision.title}”" for decision in mine.open_decisions]
    if titles:
        yield from say(
            _("Still open: {joined}. Type 'choose' to answer, or 'lapse' to let the window run out.").format(
                joined=joined(titles)
            ),
            width,
        )
    deciding = [name for name, view in others.items() if view.open_decisions]
    if deciding:
        yield from say(
            _("{joined}: a decision is open. Type 'pass' to hand over, or 'lapse' to go on.").format(
                joined=joined(deciding)
            ),
            width,
        )


def overdue(mine: ParticipantView, others: dict[str, ParticipantView], width: int) -> Iterator[str]:
    """Which requests keep the story from going on; only the next that are due, for the later ones still have time."""
    due = min((item.deadline or 0 for view in (mine, *others.values()) for item in lapsing(view)), default=0)
    for item in lapsing(mine):
        if item.deadline == due:
            which = _("R{number} {ends} waits{due}").format(
                number=item.number, ends=words.ends(item), due=words.due(item)
            )
            yield from say(
                _("{which}. You can {actions}. Type 'lapse' to let its time pass.").format(
                    which=which, actions=words.actions(item)[0]
                ),
                width,
            )
    answering = [name for name, view in others.items() if any(item.deadline == due for item in lapsing(view))]
    if answering:
        yield from say(
            _("{joined}: a request waits. Type 'pass' to hand over, or 'lapse' to go on.").format(
                joined=joined(answering)
            ),
            width,
        )
