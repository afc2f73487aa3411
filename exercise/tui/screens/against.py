"""One plain warning before something is passed on against the conditions it is held under."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from exercise.language import N_, _
from exercise.tui.composing import Composer, consent_for, start_request
from exercise.tui.screens.base import Dialog, ExerciseScreen
from exercise.tui.widgets.prose import Prose, safe
from exercise.tui.widgets.request_words import handling_text
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.views import EvidenceView
    from exercise.session.client import Client

__all__ = ["AgainstScreen", "ask_consent", "ask_first", "warn"]


class AgainstScreen(Dialog[Literal["send", "ask"]]):
    """It can be done, for it is the team's choice; the answer that changes nothing has the focus."""

    TITLE_WORDS = N_("passing something on")
    HELP = N_("""
Who accepts information under conditions is bound by them. You can break them; that is your team's decision, and it is
kept in the log. You can also ask whoever gave it to you for leave: **Ask for consent** begins such a request, and what
you were writing is kept.
""")
    CSS = """
    AgainstScreen > .dialog { width: 76; }
    """

    def __init__(self, piece: EvidenceView, to: str, *, sure: bool, may_ask: bool) -> None:
        super().__init__()
        self._piece, self._to, self._sure, self._may_ask = piece, to, sure, may_ask

    def compose(self) -> ComposeResult:
        piece = self._piece
        by = _(" from **{giver}**").format(giver=plain(piece.giver)) if piece.giver else ""
        conditions = plain(handling_text(piece.handling, mine=True))
        held = _("You hold “{title}”{by} under\n\n**{conditions}**").format(
            title=plain(piece.title), by=by, conditions=conditions
        )
        to = plain(self._to)
        then = (
            _("Sending it to {to} **breaks that condition**.").format(to=to)
            if self._sure
            else _("Sending it to {to} **may break that condition**: make sure that its words allow it.").format(to=to)
        )
        with Vertical(classes="dialog"):
            heading = _("This goes against its conditions") if self._sure else _("This may go against its conditions")
            yield Static(safe(heading), classes="heading", markup=False)
            yield Static(Prose(f"{held}\n\n{then}"), markup=False)
            with Horizontal(classes="buttons"):
                yield Button(_("Go back"), id="no")
                if self._may_ask:
                    yield Button(_("Ask for consent"), id="ask", variant="primary")
                yield Button(_("Send all the same"), id="send", variant="warning")

    def on_mount(self) -> None:
        self.query_one("#no").focus()

    def on_key(self, event: object) -> None:
        key = getattr(event, "key", "")
        if key in ("left", "right"):
            self.focus_next() if key == "right" else self.focus_previous()

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        self.dismiss("send" if event.button.id == "send" else "ask" if event.button.id == "ask" else None)


def warn(screen: ExerciseScreen[Any], composer: Composer, piece: EvidenceView, go: Callable[[], None]) -> None:
    """Go on at once where nothing stands against it, or where it was confirmed; else warn, and do as is answered."""
    draft, contact = composer.draft, composer.contact
    assert contact is not None
    against = composer.strain(piece)
    if not against or (piece.id, contact.number) in draft.confirmed:
        go()
        return

    def confirmed() -> None:
        draft.confirmed.add((piece.id, contact.number))
        go()

    to = f"{contact.party} ({contact.takes})"
    ask_first(screen, composer.client, piece, to, confirmed, sure=against == "breaks", live=composer.live)


def ask_first(
    screen: ExerciseScreen[Any],
    client: Client,
    piece: EvidenceView,
    to: str,
    go: Callable[[], None],
    *,
    sure: bool,
    live: bool,
) -> None:
    """Warn, and then go on, begin to ask for consent, or go back, as is answered."""

    def answered(how: str | None) -> None:
        if how == "send":
            go()
        elif how == "ask":
            ask_consent(screen, client, piece, live=live)

    may_ask = bool(piece.giver) and consent_for(client.view(), piece) is not None
    screen.app.push_screen(AgainstScreen(piece, to, sure=sure, may_ask=may_ask), answered)


def ask_consent(screen: ExerciseScreen[Any], client: Client, piece: EvidenceView, *, live: bool) -> None:
    """Begin a request to whoever gave a piece of evidence, for leave to pass it on; what was being written stays."""
    consent = consent_for(client.view(), piece)
    if consent is None:
        screen.say(
            _("No entry of your directory reaches {giver}.").format(giver=piece.giver or _("whoever gave it")),
            wrong=True,
        )
        return
    kind, entry = consent

    def done(said: str) -> None:
        screen.call_later(screen.say, _("Consent was asked of {giver}. {said}").format(giver=piece.giver, said=said))

    asking = Composer(screen.program, client, live=live, now=monotonic, name=f"consent:{piece.id}", done=done)
    start_request(asking, kind=kind.id, contact=entry.number, encloses=[piece.id], subject=piece.title)
