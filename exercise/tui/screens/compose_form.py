"""The form of a request, element by element, each with the reason why it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.timer import Timer
from textual.widgets import Input, OptionList, Static, TextArea

from exercise.core.requests.bases import NONE_HELD, held
from exercise.language import N_, _
from exercise.tui.composing import Composer, deadlines, past_move
from exercise.tui.request_pen import written
from exercise.tui.screens.against import warn
from exercise.tui.screens.picker import clause
from exercise.tui.screens.request_form import RequestForm
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.form import HandlingFields, label, ticks
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.shared_draft import PAUSE
from exercise.tui.widgets.writing import ManyLines, OneLine

if TYPE_CHECKING:
    from exercise.core.requests.views import KindView
    from exercise.core.views import ContactView

__all__ = ["ComposeScreen"]


class ComposeScreen(RequestForm):
    """Asks what the kind demands and says why; writes into the draft as one types."""

    TITLE_WORDS = N_("writing a request")
    HINT = N_("Step 4 of 5. tab: next field · F2: the clause · ctrl+s: check it, then send")
    HELP = N_("""
Each question stands with the reason why it is asked. What is marked **demanded** belongs to a complete request of this
kind; you can send it incomplete, but the other side sees the gap and may ask back, which costs time.

Nothing is filled in or ticked for you:

- **What do you rely on?** Tick the texts that you rest it on. **F2** opens the marked one to read.
- **How far may it go?** Conditions on what you send. Whoever accepts them is bound by them.
- **Urgent**, and **by when**: of the story, not of the room's clock.
- **Evidence** goes along only where you tick it. If that goes against the conditions you hold it under, you are told.

What you write stays when you go back with **esc**.
""")

    def __init__(self, composer: Composer) -> None:
        super().__init__(composer.client, live=composer.live, now=composer.now)
        kind, contact = composer.kind, composer.contact
        assert kind is not None and contact is not None
        self._composer, self._draft = composer, composer.draft
        self._kind: KindView = kind
        self._contact: ContactView = contact
        self._resting: Timer | None = None
        self._basis = held(self._view, self._client.reference, kind.basis)

    def fields(self) -> ComposeResult:
        draft, kind = self._draft, self._kind
        if draft.matter is None and not kind.automatic:
            yield label(_("What is it about?"), _("A few words, as a heading."))
            yield OneLine(draft.subject, id="subject", max_length=200, compact=True, classes="line")
        count = len(kind.elements)
        if kind.basis and kind.basis[0] not in self._basis and any("Artic" in e.why for e in kind.elements):
            yield Static(safe(self._of_a_text_not_held()), classes="note", markup=False)
        for number, element in enumerate(kind.elements, 1):
            demanded = _("demanded") if element.required else _("helps, is not demanded")
            mark = _("Question {number} of {count} · {name} · {demanded}").format(
                number=number, count=count, name=element.name, demanded=demanded
            )
            yield label(element.ask, element.why, mark=mark)
            yield ManyLines(draft.content.get(element.id, ""), id=f"element-{element.id}", classes="few")
        if kind.basis:
            if self._basis:
                told = _("Texts that this kind of request can rest on. Tick what you mean.")
                yield label(_("What do you rely on?"), told)
                yield Choices(id="basis", classes="fit", one_click=True)
            else:
                yield label(_("What do you rely on?"), _(NONE_HELD))
        if not kind.automatic:
            what = _("what you give") if kind.shape == "gives" else _("what you send with it")
            explained = _("Conditions on {what}. Whoever accepts them is bound by them.").format(what=what)
            yield HandlingFields(draft.handling, _("How far may it go?"), explained)
        yield label(_("Is it urgent?"))
        yield Choices(id="urgent", classes="fit", one_click=True)
        if kind.wants_answer:
            yield label(_("By when do you want an answer?"), _("A time of the story; the other side sees it."))
            yield Choices(id="by", classes="fit", one_click=True)
        if not kind.automatic:
            yield from self.evidence_field(_("What do you enclose?"))

    def _of_a_text_not_held(self) -> str:
        """Whose articles the questions speak of, where the team has not accepted them."""
        reference = self._client.reference
        first = reference.commitments.get(self._kind.basis[0])
        text = reference.instruments.get(first.instrument) if first is not None else None
        return _(
            "The articles named below are those of a text your State has not accepted ({text}). They bind you to "
            "nothing, and show what the other side may look for."
        ).format(text=text.short if text is not None else self._kind.basis[0])

    def on_mount(self) -> None:
        # At once: whoever types fast has left the first field before the screen is drawn, and is not taken back to it.
        self._to_first_field()
        self.run_worker(self.keep())

    async def on_unmount(self) -> None:
        await self._composer.pen.put_down(written(self._composer))

    async def on_descendant_blur(self) -> None:
        """Whoever leaves a field has said something: the rest of the team may read it."""
        await self.keep()

    async def keep(self) -> None:
        """Keep what is written for the team; who has lost the pen reads along from here on."""
        composer = self._composer
        if self.is_current and await composer.pen.write(written(composer)):
            self.dismiss()
            composer.read_along(composer.open_form)

    def _rest(self) -> None:
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(PAUSE, self.keep)

    def _to_first_field(self) -> None:
        first = next(iter(self.query("#form Input.line, #form TextArea, #form Choices")), None)
        if first is not None:
            self.set_focus(first, scroll_visible=False)

    def fill(self) -> None:
        draft, kind = self._draft, self._kind
        matter = self._composer.matter
        to = f"{kind.name}  →  {self._contact.name} ({self._contact.takes})"
        self.head(to, matter.title if matter else "")
        if self._basis:
            rows = [(id, clause(self._client.reference, id), "") for id in self._basis]
            self.query_one("#basis", Choices).show(ticks(rows, set(draft.basis), many=True))
        urgent = {None if draft.urgent is None else "yes" if draft.urgent else "no"}
        choices = (("no", _("No"), ""), ("yes", _("Yes"), _("it cannot wait for the ordinary way")))
        self.query_one("#urgent", Choices).show(ticks(choices, urgent))
        if kind.wants_answer:
            rows = [(key, words, past_move(self._view, at)) for key, words, at in deadlines(self._view)]
            self.query_one("#by", Choices).show(ticks(rows, {draft.by or "none"}))
        if not kind.automatic:
            self.fill_evidence(draft.encloses)

    @on(TextArea.Changed)
    def _written(self, event: TextArea.Changed) -> None:
        element, text = self.text_of(event)
        self._draft.content[element] = text
        self._rest()

    @on(Input.Changed, "#subject")
    def _named(self, event: Input.Changed) -> None:
        self._draft.subject = event.value
        self._rest()

    @on(OptionList.OptionSelected, "#basis")
    def _rely(self, event: OptionList.OptionSelected) -> None:
        _toggle(self._draft.basis, event.option_id)
        self.fill()

    @on(OptionList.OptionSelected, "#urgent")
    def _hurry(self, event: OptionList.OptionSelected) -> None:
        self._draft.urgent = event.option_id == "yes"
        self.fill()

    @on(OptionList.OptionSelected, "#by")
    def _wanted_by(self, event: OptionList.OptionSelected) -> None:
        self._draft.by = event.option_id
        self.fill()

    @on(OptionList.OptionSelected, "#evidence")
    def _enclose(self, event: OptionList.OptionSelected) -> None:
        piece = next((piece for piece in self._view.evidence if piece.id == event.option_id), None)
        if piece is None:
            return
        if piece.id in self._draft.encloses:
            self._draft.encloses.remove(piece.id)
            self.fill()
            return

        def enclose() -> None:
            self._draft.encloses.append(piece.id)
            self.fill()

        warn(self, self._composer, piece, enclose)

    def clause_meant(self) -> str | None:
        return (self.in_list("basis") or self._basis[0]) if self._basis else None

    def action_go(self) -> None:
        from exercise.tui.screens.compose_check import CheckRequestScreen

        self.app.push_screen(CheckRequestScreen(self._composer))


def _toggle(ticked: list[str], id: str | None) -> None:
    if id in ticked:
        ticked.remove(id)
    elif id is not None:
        ticked.append(id)
