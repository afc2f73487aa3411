"""The one pen of a team's request: who holds it, taking it, and the form's words as the rest of the team may read them.

A whole team at one seat has no pen to pass and notices nothing of this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exercise.core.teamwork.commands import REQUEST, PutDownPen, TakePen, WriteDraft
from exercise.core.text import LONGEST_TEXT, clean_words
from exercise.errors import ExerciseError
from exercise.language import _
from exercise.tui.widgets.request_words import at_party
from exercise.tui.widgets.shared_draft import draft_of, may_take_over, shared

if TYPE_CHECKING:
    from exercise.core.teamwork.views import DraftView
    from exercise.session.client import Client
    from exercise.tui.composing import Composer

__all__ = ["RequestPen", "written"]


class RequestPen:
    """The pen as one seat holds it or not; what cannot be done comes back as a sentence to be said."""

    def __init__(self, client: Client, *, used: bool) -> None:
        self._client, self._used = client, used

    @property
    def draft(self) -> DraftView | None:
        """The draft as the team sees it, or None where nobody wrote or nobody else is there to share it with."""
        view = self._client.view()
        return draft_of(view, REQUEST) if self._used and shared(view) else None

    @property
    def held_by_other(self) -> str:
        """Who else holds the pen, or ''."""
        draft = self.draft
        return draft.who if draft is not None and draft.holder and not draft.mine else ""

    @property
    def may_take_over(self) -> bool:
        """Whether this seat may take it from another's hand."""
        return may_take_over(self._client.view())

    async def take(self) -> str:
        """Take it, also from another where the rules allow; returns why not."""
        if not self._used or not shared(self._client.view()):
            return ""
        return await self._ask(TakePen(**self._about))

    async def write(self, text: str) -> str:
        """Keep the words for all of the team, taking the pen where it lies free; returns why not."""
        if not self._used or not shared(self._client.view()):
            return ""
        if who := self.held_by_other:
            return _("{who} holds the pen of your team's request.").format(who=who)
        mine = self.draft is not None and self.draft.mine
        said = "" if mine else await self._ask(TakePen(**self._about))
        if said:
            return said
        return await self._ask(WriteDraft(**self._about, text=clean_words(text)))

    async def put_down(self, text: str | None = None) -> None:
        """Let others write, who go on from these words."""
        if self.draft is not None and self.draft.mine:
            if text is not None:
                await self.write(text)
            await self._ask(PutDownPen(**self._about))

    @property
    def _about(self) -> dict[str, Any]:
        return {"seat": self._client.seat, "play": self._client.view().clock.play, "subject": REQUEST}

    async def _ask(self, command: TakePen | WriteDraft | PutDownPen) -> str:
        try:
            await self._client.submit(command)
        except ExerciseError as error:
            return str(error)
        return ""


def written(composer: Composer) -> str:
    """A request as far as it is written, to be read by the rest of the team; empty where there is none."""
    draft, kind, contact, matter = composer.draft, composer.kind, composer.contact, composer.matter
    if kind is None:
        return ""
    about = matter.title if matter else draft.subject.strip()
    parts = [
        kind.name,
        _("To: {name}").format(name=at_party(contact.name, contact.party)) if contact else _("To: not chosen yet"),
    ]
    parts += [] if kind.automatic else [_("About: {about}").format(about=about or _("not said yet"))]
    for element in kind.elements:
        parts.append(f"\n{element.name}\n{draft.content.get(element.id, '').strip() or _('(nothing written yet)')}")
    return "\n".join(parts)[:LONGEST_TEXT]
