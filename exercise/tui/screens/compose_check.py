"""The whole request once more before it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import Button

from exercise.core.requests.bases import held
from exercise.core.requests.commands import SendRequest
from exercise.core.requests.kinds import ENOUGH_FOR_ELEMENT
from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.tui.composing import Composer, deadlines
from exercise.tui.request_pen import written
from exercise.tui.screens.against import warn
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.screens.picker import clause
from exercise.tui.screens.request_form import held_under
from exercise.tui.widgets.banner import Banner
from exercise.tui.widgets.prose import ProseView
from exercise.tui.widgets.request_words import at_party, handling_text
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.words import plain
from exercise.tui.widgets.writing import unfit

if TYPE_CHECKING:
    from exercise.core.requests.views import ElementView

__all__ = ["CheckRequestScreen"]


class CheckRequestScreen(ExerciseScreen[None]):
    """The whole request once more; sends on demand, and a refusal is shown here with nothing lost."""

    TITLE_WORDS = N_("checking the request")
    HINT = N_("Step 5 of 5. Read it through. ctrl+s sends it; esc goes back to change it.")
    HELP = N_("""
This is your request as the other side will get it. What is missing is named at the top: you can send it so, but the
gap will be seen. Once sent you can still mend it, or take it back as long as it is not agreed to.
""")
    BINDINGS = [Binding("ctrl+s", "send", "Send", tooltip="Send the request")]
    CSS = """
    CheckRequestScreen ProseView { height: 1fr; padding: 0 2; }
    CheckRequestScreen Horizontal { height: 3; padding: 0 2; }
    CheckRequestScreen Button { margin-right: 2; }
    """

    def __init__(self, composer: Composer) -> None:
        super().__init__()
        self._composer = composer
        self._busy = False

    def body(self) -> ComposeResult:
        yield Banner(self._composer.now)
        yield ProseView(self._summary(), classes="panel")
        with Horizontal():
            yield Button(_("Back"), id="back")
            yield Button(_("Send the request"), id="send", variant="warning")

    def on_mount(self) -> None:
        self.query_one(Banner).show(self._composer.view, live=self._composer.live)
        if self._composer.live:
            self.query_one(Banner).follow(self._composer.client.view)
        pane = self.query_one(ProseView)
        pane.border_title = _("Your request")
        pane.focus()

    def _summary(self) -> str:
        composer, draft = self._composer, self._composer.draft
        kind, contact, matter = composer.kind, composer.contact, composer.matter
        assert kind is not None and contact is not None
        reference = composer.client.reference
        about = matter.title if matter else draft.subject.strip()
        parts = [f"## {plain(kind.name)}"]
        gaps = _gaps(kind.elements, draft.content)
        if gaps:
            names = "; ".join(plain(element.name) for element in gaps)
            parts.append(
                _("**✕ Missing: {names}.** It can be sent so; the other side will see the gap.").format(names=names)
            )
        if contact.via not in {id for id, _unused in kind.channels}:
            parts.append(
                _("**✕ “{takes}”** is not among the ways made for this kind of request.").format(
                    takes=plain(contact.takes)
                )
            )
        head = _("**To** {name}  \n**By way of** {takes}").format(
            name=plain(at_party(contact.name, contact.party)), takes=plain(contact.takes)
        )
        head += "" if kind.automatic else _("  \n**About** {about}").format(about=plain(about) or _("not said"))
        at = _deadline(composer)
        head += (
            _("  \n**Answer wanted by** {exercise_time}").format(exercise_time=exercise_time(at))
            if at is not None
            else ""
        )
        parts.append(head + (_("  \n**Urgent**") if draft.urgent else ""))
        for element in kind.elements:
            said = draft.content.get(element.id, "").strip()
            quoted = "\n".join(f"> {plain(line)}" for line in said.splitlines() if line.strip())
            parts.append(f"**{plain(element.name)}**\n{quoted or _('(nothing written)')}")
        if not kind.automatic:
            offered = held(composer.view, reference, kind.basis)
            relied = [f"- {plain(clause(reference, id))}" for id in draft.basis if id in offered]
            parts += [_("**You rely on**\n") + ("\n".join(relied) or _("no text named"))] if kind.basis else []
            parts.append(
                _("**Conditions**  \n{handling_text}").format(handling_text=plain(handling_text(draft.handling.stated)))
            )
        pieces = {piece.id: piece for piece in composer.view.evidence}
        for piece in (pieces[id] for id in draft.encloses if id in pieces):
            against = composer.strain(piece)
            held_so = plain(held_under(piece, composer.view.team_short))
            sign = (
                _("  \n✕ this breaks its conditions: {held_so}").format(held_so=held_so)
                if against == "breaks"
                else _("  \n✕ this may break its conditions: {held_so}").format(held_so=held_so)
                if against
                else ""
            )
            parts.append(_("**Enclosed** {title}{sign}").format(title=plain(piece.title), sign=sign))
        return "\n\n".join(parts)

    @on(Button.Pressed, "#back")
    def _back(self) -> None:
        self.action_back()

    @on(Button.Pressed, "#send")
    def _press(self) -> None:
        self.action_send()

    def action_send(self) -> None:
        """Warn of each piece that was enclosed before its way changed, then send."""
        composer = self._composer
        contact = composer.contact
        for piece in composer.view.evidence:
            known = contact is not None and (piece.id, contact.number) in composer.draft.confirmed
            if piece.id in composer.draft.encloses and not known and composer.strain(piece):
                warn(self, composer, piece, self.action_send)
                return
        self.run_worker(self._send(), exclusive=True)

    async def _send(self) -> None:
        if self._busy:
            return
        self._busy = True
        composer = self._composer
        try:
            if said := await composer.pen.write(written(composer)):
                self.say(said, wrong=True)
                return
            await composer.client.submit(_command(composer))
        except ExerciseError as error:
            self.say(str(error), wrong=True)
        except ValidationError as error:
            self.say(unfit(error), wrong=True)
        else:
            # Before the screens close, which lay the pen down as well, but with the words as they stand.
            await composer.pen.put_down("")
            composer.finish(_came_of(composer))
        finally:
            self._busy = False


def _came_of(composer: Composer) -> str:
    """What is known at once of what was just sent."""
    sent = [request for request in composer.view.requests if not request.incoming]
    if sent and sent[-1].status == "fulfilled":
        return _("Sent to {other}, and received there.").format(other=sent[-1].other)
    return _("Sent. What comes of it is shown on the board.")


def _gaps(elements: tuple[ElementView, ...], content: dict[str, str]) -> list[ElementView]:
    """Demanded elements that have no words, or too few to say anything."""
    return [e for e in elements if e.required and len(content.get(e.id, "").split()) < ENOUGH_FOR_ELEMENT]


def _deadline(composer: Composer) -> int | None:
    if composer.kind is None or not composer.kind.wants_answer:
        return None
    return next((at for key, _, at in deadlines(composer.view) if key == composer.draft.by), None)


def _command(composer: Composer) -> SendRequest:
    draft, kind, contact, view = composer.draft, composer.kind, composer.contact, composer.view
    assert kind is not None and contact is not None
    known = {element.id for element in kind.elements}
    return SendRequest(
        seat=composer.client.seat,
        play=view.clock.play,
        kind=kind.id,
        contact=contact.number,
        matter=draft.matter,
        subject="" if draft.matter else draft.subject,
        basis=tuple(id for id in draft.basis if id in held(view, composer.client.reference, kind.basis)),
        content={id: text for id, text in draft.content.items() if id in known and text.strip()},
        handling=draft.handling.stated,
        urgent=bool(draft.urgent),
        deadline=_deadline(composer),
        encloses=tuple(draft.encloses),
    )
