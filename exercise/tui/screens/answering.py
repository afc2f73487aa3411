"""Answering a request: accept, accept in part or under conditions, refuse with a ground, or ask back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import ValidationError
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static, TextArea

from exercise.core.requests.bases import held
from exercise.core.requests.commands import ENOUGH_FOR_ANSWER, AnswerRequest
from exercise.language import N_, Told, _
from exercise.tui.request_draft import AnswerDraft, draft_for, forget
from exercise.tui.screens.confirm import ConfirmScreen
from exercise.tui.screens.picker import clause
from exercise.tui.screens.request_form import RequestForm
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.form import HandlingFields, label, label_text, ticks
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.request_words import handling_text
from exercise.tui.widgets.words import plain
from exercise.tui.widgets.writing import ManyLines, unfit

if TYPE_CHECKING:
    from exercise.core.requests.views import KindView, RequestView
    from exercise.session.client import Client

__all__ = ["AnswerRequestScreen"]

_ANSWERS = (
    ("accept", N_("Accept it"), N_("all that is asked")),
    ("part", N_("Accept a part"), N_("say which part you can do")),
    ("conditional", N_("Accept under conditions"), N_("the other side has to accept them first")),
    ("refuse", N_("Refuse"), N_("with a ground and your reasons")),
    ("ask-back", N_("Ask back"), N_("name what is missing; the request stays open")),
)
_TO_A_CALL = ("accept", "refuse", "ask-back")
_WORDS = Told(
    {
        "accept": ("Anything to say with it?", "What you will do, and by when. It can be left empty."),
        "part": ("Which part will you do?", "Say what you do, what you leave out, and why."),
        "conditional": ("Anything to say with it?", "What you will do once the conditions are accepted."),
        "refuse": ("What are your reasons?", "The other side reads them, and has to be able to understand them."),
        "ask-back": ("What do you need to know?", "In at least {count} words, unless you mark above what is missing."),
    }
)
_BINDS = Told(
    {
        "part": "What you give is bound by this, without their being asked first; you need not set any.",
        "conditional": "What you give is bound by this once they accept it.",
    }
)
"""The answers with which conditions can be set, and what these then are."""
_DONE = Told(
    {
        "accept": "Accepted. Carry it out with f as soon as you can.",
        "part": "Accepted in part. Carry it out with f as soon as you can.",
        "conditional": "Sent. The other side now has to accept your conditions.",
        "conditions-accepted": "Sent, and your conditions are accepted. Carry it out with f as soon as you can.",
        "refuse": "Refused, with your reasons.",
        "ask-back": "Asked back. It is theirs to mend.",
    }
)


class AnswerRequestScreen(RequestForm):
    """Nothing is ticked beforehand; what is asked depends on the answer."""

    TITLE_WORDS = N_("answering a request")
    GO_WORDS = N_("Send the answer …")
    HINT = N_("↓ marks an answer, enter takes it; tab goes to what it needs, ctrl+s sends it.")
    HELP = N_("""
First choose **how** you answer; below it stands only what this answer needs.

- **Accept**: you carry it out afterwards, from the request's own page.
- **Accept a part**: often better than a refusal. You may set conditions on it as well.
- **Accept under conditions**: how far what you give may go, and what it may be used for.
- **Refuse**: name the ground, and give reasons. A text that allows the ground can be read with **F2**.
- **Ask back**: tick what is missing. The request stays open, and its sender can mend it.

Where data are to be kept, say for **how many days**.
""")

    def __init__(self, client: Client, request: RequestView, *, live: bool, now: Callable[[], float]) -> None:
        super().__init__(client, live=live, now=now)
        self._request = request
        self._kind: KindView | None = request.form
        self._held = held(self._view, client.reference, request.form.basis) if request.form is not None else ()

    @property
    def _kept_as(self) -> str:
        return f"answer:{self._request.number}"

    @property
    def draft(self) -> AnswerDraft:
        """What has been chosen and written so far."""
        return draft_for(self.program, self._view.team, self._kept_as, AnswerDraft)

    def fields(self) -> ComposeResult:
        draft, kind = self.draft, self._kind
        yield label(_("How do you answer?"))
        yield Choices(id="answer", classes="fit", one_click=True)
        with Vertical(id="for-refuse", classes="part"):
            yield Static(
                safe(_("Before you refuse: could you do a part of it, or do it under conditions? You may offer that.")),
                classes="note",
                markup=False,
            )
            if kind is not None and kind.grounds:
                yield label(_("On which ground?"), _("F2 reads the text that names the marked one."))
                yield Choices(id="ground", classes="fit", one_click=True)
        with Vertical(id="for-ask-back", classes="part"):
            yield label(_("What is missing?"), _("Tick what you need. ✕ marks what was demanded and not said."))
            yield Choices(id="missing", classes="fit", one_click=True)
        with Vertical(id="for-conditions", classes="part"):
            yield HandlingFields(draft.handling, _("How far may it go?"), "", must=True)
        with Vertical(id="for-days", classes="part"):
            least = kind.least_days if kind is not None else None
            basis = [clause(self._client.reference, id) for id in self._held[:1]]
            said = (
                _("At least {least} days: {basis}.").format(least=least, basis=basis[0])
                if basis
                else _("The other side asks for at least {least} days.").format(least=least)
            )
            yield label(_("For how many days will it be kept?"), said)
            yield Input(draft.days, id="days", type="integer", max_length=4, compact=True, classes="line")
        with Vertical(id="for-words", classes="part"):
            yield label(" ", id="words-label")
            yield ManyLines(draft.text, id="say-text", classes="few")

    def begin(self) -> None:
        # Whoever came to ask back has chosen the answer already.
        self.start_at(self.query_one("#missing" if self.draft.answer == "ask-back" else "#answer"))

    def fill(self) -> None:
        draft, request, kind = self.draft, self._request, self._kind
        self.head(f"{request.kind_name}  ←  {request.other}", request.matter)
        answers = [(key, _(words), _(said)) for key, words, said in _ANSWERS]
        answers = [row for row in answers if request.shape != "calls" or row[0] in _TO_A_CALL]
        # Where a kind demands nothing in words, there is nothing to ask back for.
        answers = [row for row in answers if request.content or row[0] != "ask-back"]
        self.query_one("#answer", Choices).show(ticks(answers, {draft.answer}))
        for part in ("refuse", "ask-back"):
            self.query_one(f"#for-{part}").display = draft.answer == part
        self.query_one("#for-conditions").display = draft.answer in _BINDS
        if draft.answer in _BINDS:
            must = draft.answer == "conditional"
            self.query_one(HandlingFields).put(_BINDS[draft.answer or ""], must=must)
            # Conditions that have to be set come first, others after what they are set on.
            form, bound = self.query_one("#form"), self.query_one("#for-conditions")
            if must:
                form.move_child(bound, before=self.query_one("#for-days"))
            else:
                form.move_child(bound, after=self.query_one("#for-words"))
        keeps = kind is not None and kind.least_days is not None
        self.query_one("#for-days").display = keeps and draft.answer in ("accept", "part", "conditional")
        self.query_one("#for-words").display = draft.answer is not None
        if draft.answer is not None and draft.answer in _WORDS:
            question, explained = _WORDS[draft.answer]
            explained = explained.format(count=ENOUGH_FOR_ANSWER)
            self.query_one("#words-label", Static).update(label_text(question, explained))
        if kind is not None and kind.grounds:
            reference = self._client.reference
            mine = held(self._view, reference, [by for _id, _name, by in kind.grounds])
            rows = [(id, name, clause(reference, by) if by in mine else "") for id, name, by in kind.grounds]
            self.query_one("#ground", Choices).show(ticks(rows, {draft.ground}))
        gaps = [
            (id, f"✕ {name}" if id in request.missing else f"  {name}", _("missing") if id in request.missing else "")
            for id, name, *_rest in request.content
        ]
        shown = list(ticks(gaps, set(draft.missing), many=True))
        self.query_one("#missing", Choices).show(shown or [("#none", safe(_("This kind demands nothing in words.")))])

    @on(OptionList.OptionSelected, "#answer")
    def _answer_so(self, event: OptionList.OptionSelected) -> None:
        self.draft.answer = event.option_id
        self.say("")
        self.fill()

    @on(OptionList.OptionSelected, "#ground")
    def _on_ground(self, event: OptionList.OptionSelected) -> None:
        self.draft.ground = event.option_id or ""
        self.fill()

    @on(OptionList.OptionSelected, "#missing")
    def _name_gap(self, event: OptionList.OptionSelected) -> None:
        missing = self.draft.missing
        if event.option_id in missing:
            missing.remove(event.option_id)
        elif event.option_id is not None:
            missing.append(event.option_id)
        self.fill()

    @on(Input.Changed, "#days")
    def _for_days(self, event: Input.Changed) -> None:
        self.draft.days = event.value

    @on(TextArea.Changed, "#say-text")
    def _written(self, event: TextArea.Changed) -> None:
        self.draft.text = event.text_area.text

    def clause_meant(self) -> str | None:
        kind = self._kind
        if kind is None:
            return self._request.basis[0] if self._request.basis else None
        marked = self.in_list("ground") if kind.grounds else None
        named = next((by for id, _, by in kind.grounds if id == marked and by), None)
        return named or next(iter(self._held), None)

    def action_go(self) -> None:
        draft = self.draft
        if draft.answer is None:
            self.say(_("Choose first how you answer."), wrong=True)
            return
        if draft.answer == "refuse" and not (draft.ground or draft.text.strip()):
            self.say(_("A refusal needs a ground or reasons that the other side can read."), wrong=True)
            return
        if (command := self._command()) is None:
            return
        if command.lacks is not None:
            # Nobody is asked whether to send what cannot be sent.
            self.say(self._lacking(command.lacks.text), wrong=True)
            return
        title = next(_(words) for key, words, _said in _ANSWERS if key == draft.answer)
        question = ConfirmScreen(f"{title}?", self._summary(), yes=_("Send it"), no=_("Go back"))

        def answered(yes: bool | None) -> None:
            if yes:
                self.run_worker(self._send(), exclusive=True)

        self.app.push_screen(question, answered)

    def _lacking(self, text: str) -> str:
        """What cures a refusal, in the words of what this form shows."""
        if self.draft.answer == "ask-back":
            return _("Write at least {count} words, or mark what is missing.").format(count=ENOUGH_FOR_ANSWER)
        if self.draft.answer == "conditional" and self.draft.handling.tlp is None:
            return _("Mark how far it may go; below it you can then say what it may be used for.")
        return text

    def _summary(self) -> str:
        draft, lines = self.draft, []
        if draft.answer == "refuse" and self._kind is not None:
            ground = next((name for id, name, _unused in self._kind.grounds if id == draft.ground), _("none named"))
            lines.append(_("**Ground** {ground}").format(ground=plain(ground)))
        if draft.answer in _BINDS:
            lines.append(
                _("**Conditions** {handling_text}").format(handling_text=plain(handling_text(draft.handling.stated)))
            )
        if draft.answer == "ask-back":
            names = [name for id, name, *_rest in self._request.content if id in draft.missing]
            lines.append(_("**Missing** {names}").format(names=plain("; ".join(names)) or _("nothing ticked")))
        if self.query_one("#for-days").display:
            kept = _("**Kept for** {days} days").format(days=plain(draft.days))
            lines.append(kept if draft.days else _("**Kept for** not said"))
        words = plain(draft.text)
        lines.append(f"> {words[:300]}{'…' if len(words) > 300 else ''}" if words else _("Without further words."))
        return "\n\n".join([*lines, _("This cannot be taken back.")])

    def _command(self) -> AnswerRequest | None:
        """The answer as it would be sent; None where it does not fit, which is said."""
        draft, request = self.draft, self._request
        try:
            return AnswerRequest.model_validate(
                {
                    "seat": self._client.seat,
                    "play": self._client.view().clock.play,
                    "request": request.number,
                    "revision": request.revision,
                    "answer": draft.answer,
                    "text": draft.text,
                    "ground": draft.ground if draft.answer == "refuse" else "",
                    "missing": tuple(draft.missing) if draft.answer == "ask-back" else (),
                    "conditions": draft.handling.stated if draft.answer in _BINDS else None,
                    "days": int(draft.days) if draft.days.strip().isdigit() else None,
                }
            )
        except ValidationError as error:
            self.say(unfit(error), wrong=True)
            return None

    async def _send(self) -> None:
        command, draft, request = self._command(), self.draft, self._request
        if command is not None and await self.ask(command):
            forget(self.program, self._view.team, self._kept_as)
            # An actor that control plays takes conditions at once, and is done with a call.
            stands = next((it.status for it in self._client.view().requests if it.number == request.number), "")
            self.dismiss(_DONE[stands if stands in _DONE else draft.answer or "accept"])
