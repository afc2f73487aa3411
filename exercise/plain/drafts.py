"""The reason that seats of one team write together: what stands there, and the one pen that goes from hand to hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from exercise.core import commands as cmd
from exercise.core.teamwork.commands import PutDownPen, TakePen, WriteDraft
from exercise.core.teamwork.views import DraftView
from exercise.core.views import DecisionView, ParticipantView
from exercise.language import _
from exercise.plain.words import body, field, one_line, say

__all__ = ["Drafts", "draft_of", "shared", "standing"]


def shared(view: ParticipantView) -> bool:
    """Whether several people of the team sit apart, so that there is a text to share and a pen to pass."""
    return sum(seat.present for seat in view.seats) > 1


def draft_of(view: ParticipantView, decision: str) -> DraftView | None:
    """The team's draft on a decision, once somebody took its pen."""
    return next((draft for draft in view.drafts if draft.subject == decision), None)


def standing(view: ParticipantView, decision: DecisionView, number: int, width: int) -> Iterator[str]:
    """The draft on an open decision, who holds its pen and what to type; nothing where nobody shares it."""
    if decision.status != "open" or not shared(view):
        return
    draft = draft_of(view, decision.id)
    if draft is not None and draft.text:
        yield from say(_("The reason that your team writes together:"), width)
        yield from body(draft.text, width)
    who = (_("you") if draft.mine else one_line(draft.who)) if draft is not None and draft.holder else _("nobody")
    yield from field(_("Pen of the shared reason"), _("{who} now").format(who=who), width)
    yield from say(
        _("'draft {number}' and your words write it anew; 'pen {number}' takes the pen or lays it down.").format(
            number=number
        ),
        width,
    )


class Drafts:
    """The two commands on a shared draft."""

    def __init__(
        self,
        view: Callable[[], ParticipantView],
        send: Callable[[cmd.Command], bool],
        say: Callable[[str], None],
        show: Callable[[Iterator[str]], None],
        width: int,
    ) -> None:
        self._view, self._send, self._say, self._show, self._width = view, send, say, show, width

    def draft(self, decision: DecisionView, number: int, text: str) -> None:
        """Shows the draft on a decision, or writes it anew with the pen, which is taken where it lies free."""
        if not self._shared():
            return
        if text:
            view = self._view()
            draft = draft_of(view, decision.id)
            here = _about(view, decision)
            free = draft is None or not draft.holder
            if (free and not self._send(TakePen(**here))) or not self._send(WriteDraft(**here, text=text)):
                return
            self._say(_("Written; your team reads it. You hold the pen."))
        self._show(standing(self._view(), decision, number, self._width))

    def pen(self, decision: DecisionView) -> None:
        """Takes the pen, from another's hand where the rules allow, or lays it down."""
        if not self._shared():
            return
        view = self._view()
        draft = draft_of(view, decision.id)
        here = _about(view, decision)
        if draft is not None and draft.mine:
            if self._send(PutDownPen(**here)):
                self._say(_("You have laid the pen down."))
        elif self._send(TakePen(**here)):
            self._say(_("You hold the pen."))

    def lay_down(self) -> None:
        """Whoever has answered or leaves the keyboard writes no more: every pen in this hand lies free."""
        view = self._view()
        for draft in view.drafts:
            if draft.mine and view.clock.phase != "ended":
                self._send(PutDownPen(seat=view.seat, play=view.clock.play, subject=draft.subject))

    def _shared(self) -> bool:
        if not shared(self._view()):
            self._say(_("Nobody else of your team is at the table: your reason goes with your answer, without a pen."))
            return False
        return True


def _about(view: ParticipantView, decision: DecisionView) -> dict[str, Any]:
    return {"seat": view.seat, "play": view.clock.play, "subject": decision.id}
