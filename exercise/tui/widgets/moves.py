"""What the play screen says about where the game stands: pure functions from a view to words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercise.language import _
from exercise.tui.widgets.request_words import status_text
from exercise.tui.widgets.vote_words import waits_for
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.requests.views import RequestView
    from exercise.core.views import ParticipantView

__all__ = ["news", "next_step", "opening_text", "paced_step", "plenary_text"]


def opening_text(view: ParticipantView, next_step: str) -> str:
    """What is read out when a move opens, and what to do first."""
    clock = view.clock
    title = (
        _("## Move {move}: {move_title}\n\n").format(move=clock.move, move_title=plain(clock.move_title))
        if clock.move_title
        else ""
    )
    return f"{title}{clock.move_text}\n\n*{next_step}*"


def plenary_text(view: ParticipantView, next_step: str) -> str:
    """The plenary: text, questions, and how to go on."""
    questions = "\n".join(f"{number}. {plain(text)}" for number, text in enumerate(view.plenary_questions, 1))
    asked = _("\n\n### To talk about\n\n{questions}").format(questions=questions) if questions else ""
    return _("# Plenary: all teams together\n\n{plenary_text}{asked}\n\n---\n\n*{next_step}*").format(
        plenary_text=view.plenary_text, asked=asked, next_step=next_step
    )


def news(before: ParticipantView, after: ParticipantView) -> str:
    """What has come since, in one line; empty where nothing has."""
    known = {item.number for item in before.inbox}
    new = [item for item in after.inbox if item.number not in known]
    waiting = {decision.id for decision in before.open_decisions}
    put = [decision for decision in after.open_decisions if decision.id not in waiting]
    parts = []
    if new:
        parts.append(
            _("● New: {title}").format(title=new[-1].title)
            if len(new) == 1
            else _("● {count} new messages").format(count=len(new))
        )
    if put:
        parts.append(
            _("◆ To decide: {title}").format(title=put[-1].title)
            if len(put) == 1
            else _("◆ {count} decisions to take").format(count=len(put))
        )
    stood = {(request.number, request.status) for request in before.requests}
    waited = {request.number for request in before.requests if request.waits_for_me}
    moved = [
        request
        for request in after.requests
        if (request.number, request.status) not in stood
        # One that is read, or was looked at, waits as before: that is no news.
        and (request.number not in waited if request.incoming and request.waits_for_me else not request.incoming)
    ]
    moved = [request for request in moved if request.status != "sent" and not _own_doing(request, after)]
    if moved:
        one = f"{moved[-1].other}: {moved[-1].kind_name}, {status_text(moved[-1])}"
        parts.append(f"↔ {one}" if len(moved) == 1 else _("↔ {count} requests have moved on").format(count=len(moved)))
    return "   ".join(parts)


def _own_doing(request: RequestView, view: ParticipantView) -> bool:
    """Whether the team did it itself, or tested an entry and was told there and then: nobody else has moved."""
    last = request.steps[-1]
    tests = {kind.id for kind in view.kinds if kind.automatic}
    return last.who == view.team_short or (
        not request.incoming and request.kind in tests and last.exercise == request.sent
    )


def next_step(view: ParticipantView, *, live: bool, in_turn: bool = False) -> str:
    """The hint: what a team that has never played would do now; `in_turn` where others wait for the keyboard."""
    if view.clock.phase == "plenary":
        return _("Talk it over with the other teams, then press n to go on.")
    if view.clock.phase == "ended":
        return _("The exercise has ended. Press n for the hot wash.")
    if live and not view.clock.running:
        return _("The clock is paused. Press z to let it run.")
    if view.unread:
        return _("Press i to read what has come in: ● marks what is unread.")
    waits = [waits_for(decision, view.seat) for decision in view.open_decisions]
    if waits and all(waits):
        return waits[0] + (_(" t: pass the keyboard on.") if in_turn else "")
    if waits:
        return _("Talk it over, then press d to decide. p shows the texts you have accepted.")
    if view.waiting_requests:
        return _("A request waits for you: press r to see it. n lets the story go on.")
    if view.to_come_back_to:
        return _("You set something aside: press o to tell of it or come back to it. n: go on.")
    return _("Nothing waits for you. Press n to let the story go on.")


def paced_step(view: ParticipantView) -> str:
    """The hint where exercise control paces the exercise."""
    clock = view.clock
    if clock.phase == "plenary":
        return _("Talk it over with the other teams; exercise control goes on when all are ready.")
    if clock.phase == "ended":
        return _("The exercise has ended. Press h for the hot wash; esc leaves.")
    if clock.phase == "move" and not clock.running:
        return _("Exercise control has stopped the clock. You may read and write meanwhile.")
    if view.unread:
        return _("Press i to read what has come in: ● marks what is unread.")
    waits = [waits_for(decision, view.seat) for decision in view.open_decisions]
    if waits and all(waits):
        return waits[0]
    if waits:
        return _("Talk it over, then press d to decide. p shows the texts you have accepted.")
    if view.waiting_requests:
        return _("A request waits for you: press r to see it.")
    if view.to_come_back_to:
        return _("You set something aside: press o to tell of it or to come back to it.")
    return _("Exercise control paces the exercise; nothing waits for you now. w: what is new.")
