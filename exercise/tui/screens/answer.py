"""Writing up an answer: why, what the team relies on, what it sets aside, and how a use of power is bounded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import DescendantFocus
from textual.widgets import Button, Input, OptionList, Static, TextArea

from exercise.core.acts import Safeguard
from exercise.language import N_, Told, _
from exercise.tui.draft import OWN_WORDS, Aside, Draft
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.screens.picker import PickerScreen, clause
from exercise.tui.widgets.banner import Banner
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.form import AT_ONCE, ticks
from exercise.tui.widgets.prose import Prose, safe
from exercise.tui.widgets.shared_draft import SharedDraft, shared
from exercise.tui.widgets.writing import ManyLines, OneLine

if TYPE_CHECKING:
    from exercise.core.views import DecisionView, OptionView
    from exercise.session.client import Client

__all__ = ["SAFEGUARDS", "AnswerScreen"]

SAFEGUARDS: Mapping[Safeguard, tuple[str, str]] = Told(
    {
        Safeguard.GROUND: ("On what ground?", "The law, order or rule that allows it."),
        Safeguard.AUTHORITY: ("Who has decided or checked it?", "A judge, a prosecutor, a watchdog."),
        Safeguard.SCOPE: ("How far does it reach?", "Which persons, data or services."),
        Safeguard.DURATION: ("For how long?", "When it ends, or is looked at again."),
        Safeguard.THIRD_PARTIES: ("What of those not involved?", "How bystanders are spared."),
    }
)
"""The five points on a coercive measure: question and plain explanation."""

_ADD = "+add"


class AnswerScreen(ExerciseScreen[bool]):
    """A form that writes into the draft as one types; what it asks depends on what kind of measure it is."""

    CSS_PATH = "answer.tcss"
    TITLE_WORDS = N_("writing up an answer")
    HINT = N_("tab: the next field. ctrl+s: see it all once more, then send it.")
    HELP = N_("""
Say in your own words why you decide so. The hot wash comes back to your reasons, not only to the outcome.

- **What do we rely on?** Add the points of your own texts that speak for it. You need not add any.
- **Do we set something aside?** Where two of your commitments pull apart, name the one that gives way, say why, and how
  you keep that small: how long, how far, who is told. Honest naming counts.
- For a measure that uses a power over people, data or services there are five short questions more.
- Where the roles of your team sit apart, you write the reason together: **ctrl+t** takes the pen of that text, or puts
  it down. In a vote your own reason stands beside your vote.

Everything here can be left empty. What you write stays when you go back with **esc**.
""")
    BINDINGS = [
        Binding("ctrl+s", "review", "Check and send", tooltip="See the whole answer once more, then send it"),
        Binding("ctrl+t", "pen", "Pen", key_display="^t", tooltip="Take the pen of the shared reason, or put it down"),
        *AT_ONCE,
    ]

    def __init__(
        self, client: Client, decision: DecisionView, draft: Draft, *, live: bool, now: Callable[[], float]
    ) -> None:
        super().__init__()
        self._client, self._decision, self._draft = client, decision, draft
        self._live, self._now = live, now
        self._view = client.view()
        self._shared = shared(self._view)
        self._voting = decision.vote.voting

    def body(self) -> ComposeResult:
        draft = self._draft
        yield Banner(self._now)
        with VerticalScroll(id="form"):
            yield Static(self._heading(), classes="heading chosen", markup=False)
            if draft.option == OWN_WORDS:
                yield _label(_("What does your team do?"), self._decision.free_prompt or "")
                yield ManyLines(draft.own_words, id="own-words", classes="few")
                yield _label(
                    _("Which listed option comes nearest?"), _("What follows from your answer is taken from it.")
                )
                yield Choices(id="nearest", classes="fit", one_click=True)
            if self._voting:
                yield _label(_("Why are you for it?"), _("Your own reason; your team reads it beside your vote."))
            elif not self._shared:
                yield _label(_("Why? Your reason"), _("What weighed most, and what you knew when you decided."))
            if self._voting or not self._shared:
                yield ManyLines(draft.reason, id="reason", classes="few")
            if self._shared:
                why = _("Why? Your team's reason")
                yield SharedDraft(self._client, self._decision.id, why, _("Written together; it stands in the log."))
            yield _label(_("What do we rely on?"), _("Points of your own texts that speak for it."))
            yield Static(
                Prose(
                    _(
                        "**This reaches beyond your borders.** On which ground in law does it rest? Add the text here, "
                        "or name another ground in your reason."
                    )
                ),
                id="outward",
                markup=False,
            )
            yield Choices(id="basis", classes="fit", mark_first=False, one_click=True)
            yield _label(_("Do we set something aside?"), _("What gives way, why, and how little."))
            yield Choices(id="aside", classes="fit", mark_first=False, one_click=True)
            with Vertical(id="safeguards"):
                yield _label(_("This uses a power over people, data or services"), _("One line each."))
                for point, (question, explained) in SAFEGUARDS.items():
                    yield Static(safe(question, "bold") + safe(f"  {explained}", "$foreground 65%"), markup=False)
                    value = draft.safeguards.get(point.value, "")
                    yield OneLine(value, id=f"safeguard-{point.value}", compact=True)
            with Horizontal(classes="buttons"):
                yield Button(_("Back"), id="back")
                yield Button(_("Check and send …"), id="review", variant="primary")

    def on_mount(self) -> None:
        self.query_one(Banner).show(self._view, live=self._live)
        if self._live:
            self.query_one(Banner).follow(self._client.view)
            self._watch = self.set_interval(1.0, self._each_second)
        self._fill()
        own = self._draft.option == OWN_WORDS
        first = "#reason" if self._voting or not self._shared else "#shared-text"
        self.query_one("#own-words" if own else first).focus()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Whoever comes to a list of what was added finds the row marked that adds more: enter takes nothing away."""
        if isinstance(event.widget, Choices) and event.widget.id in ("basis", "aside"):
            _mark_adding(event.widget)

    def _each_second(self) -> None:
        """On a live clock: word at once when the window closes over somebody's writing."""
        if self._too_late():
            self._watch.stop()

    def _too_late(self) -> bool:
        """Says so where nothing can be sent any more."""
        view = self._client.view()
        if any(decision.id == self._decision.id for decision in view.open_decisions):
            return False
        answered = _("It was answered while you wrote; esc goes back. Nothing was sent.")
        closed = _("The window has closed while you wrote; esc goes back. Nothing was sent.")
        chosen = any(decision.id == self._decision.id and decision.answer for decision in view.decisions)
        self.say(answered if chosen else closed, wrong=True)
        return True

    def _heading(self) -> Content:
        title = safe(f"{self._decision.title}  →  ", "$foreground 65%")
        option = self._option(self._draft.option)
        return title + (safe(f"{option.letter}  {option.title}") if option else Content(_("in your own words")))

    def _option(self, key: str | None) -> OptionView | None:
        return next((option for option in self._decision.options if option.id == key), None)

    def _fill(self) -> None:
        draft, reference = self._draft, self._client.reference
        if draft.option == OWN_WORDS:
            rows = ((option.id, option.title, "") for option in self._decision.options)
            self.query_one("#nearest", Choices).show(ticks(rows, {draft.nearest}))
        removes = Content.styled(_("   enter removes it"), "$foreground 65%")
        basis = [(id, Lines(("• ", safe(clause(reference, id)) + removes))) for id in draft.basis]
        self.query_one("#basis", Choices).show(
            [*basis, (_ADD, Content.styled(_("+ Add what we rely on …"), "$primary"))]
        )
        asides = [(aside.commitment, self._aside_row(aside)) for aside in draft.set_aside]
        self.query_one("#aside", Choices).show(
            [*asides, (_ADD, Content.styled(_("+ Add what we set aside …"), "$primary"))]
        )
        for added in (self.query_one("#basis", Choices), self.query_one("#aside", Choices)):
            if added.has_focus:
                _mark_adding(added)
        followed = self._option(draft.nearest if draft.option == OWN_WORDS else draft.option)
        self.query_one("#safeguards").display = followed is not None and followed.coercive
        self.query_one("#outward").display = followed is not None and followed.outward

    def _aside_row(self, aside: Aside) -> Lines:
        why = _("Why: {why}").format(why=aside.why or _("✕ not said yet"))
        limits = _("How limited: {limits}").format(limits=aside.limits or _("✕ not said yet"))
        return Lines(
            ("• ", safe(clause(self._client.reference, aside.commitment))),
            ("  ", safe(why, "$foreground 65%")),
            ("  ", safe(limits, "$foreground 65%")),
        )

    @on(TextArea.Changed)
    def _written(self, event: TextArea.Changed) -> None:
        if event.text_area.id == "reason":
            self._draft.reason = event.text_area.text
        else:
            self._draft.own_words = event.text_area.text

    @on(Input.Changed)
    def _safeguard(self, event: Input.Changed) -> None:
        point = (event.input.id or "").removeprefix("safeguard-")
        self._draft.safeguards[point] = event.value

    @on(Input.Submitted)
    def _next_field(self) -> None:
        self.focus_next()

    @on(OptionList.OptionSelected, "#nearest")
    def _name_nearest(self, event: OptionList.OptionSelected) -> None:
        self._draft.nearest = event.option_id
        self._fill()

    @on(OptionList.OptionSelected, "#basis")
    def _basis(self, event: OptionList.OptionSelected) -> None:
        if event.option_id != _ADD:
            self._draft.basis = [id for id in self._draft.basis if id != event.option_id]
            self._fill()
            return

        def picked(id: str | None) -> None:
            if id is not None and id not in self._draft.basis:
                self._draft.basis.append(id)
                self._fill()

        self._pick(_("What do we rely on?"), picked)

    @on(OptionList.OptionSelected, "#aside")
    def _set_aside(self, event: OptionList.OptionSelected) -> None:
        if event.option_id == _ADD:
            self._pick(_("What do we set aside?"), self._write_aside)
        else:
            self._write_aside(event.option_id)

    def _pick(self, question: str, picked: Callable[[str | None], None]) -> None:
        view = self._view
        day = view.clock.story.date()
        self.app.push_screen(PickerScreen(question, self._client.reference, view.profile, day), picked)

    def _write_aside(self, id: str | None) -> None:
        from exercise.tui.screens.aside import AsideScreen

        if id is None:
            return
        draft = self._draft
        known = next((aside for aside in draft.set_aside if aside.commitment == id), None)

        def written(aside: Aside | None) -> None:
            if aside is None:
                return
            draft.set_aside = [other for other in draft.set_aside if other.commitment != id]
            if not aside.removed:
                draft.set_aside.append(aside)
            self._fill()

        name = clause(self._client.reference, id)
        keep = (self._client.seat, f"+aside:{self._decision.id}:{id}")
        self.app.push_screen(AsideScreen(name, known or Aside(id), is_new=known is None, keep=keep), written)

    @on(Button.Pressed, "#back")
    def _go_back(self) -> None:
        self.action_back()

    @on(Button.Pressed, "#review")
    async def _go_on(self) -> None:
        await self.action_review()

    async def action_pen(self) -> None:
        await self.query_one(SharedDraft).pass_pen()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "pen" or self._shared

    @on(SharedDraft.Refused)
    def _refused(self, event: SharedDraft.Refused) -> None:
        self.say(event.text, wrong=True)

    @on(SharedDraft.Passed)
    def _passed(self) -> None:
        self.say("")

    async def _keep(self) -> None:
        """What is written of the shared reason is kept before it is read elsewhere."""
        for shared_draft in self.query(SharedDraft):
            await shared_draft.keep()

    async def action_review(self) -> None:
        from exercise.tui.screens.review import ReviewScreen

        await self._keep()
        if self._too_late():
            return
        screen = ReviewScreen(self._client, self._decision, self._draft, live=self._live, now=self._now)
        self.app.push_screen(screen, self._sent)

    def _sent(self, sent: bool | None) -> None:
        if sent:
            self.dismiss(True)


def _mark_adding(rows: Choices) -> None:
    """Mark the row that adds more, where none is marked."""
    if rows.chosen is None:
        rows.choose(_ADD)


def _label(question: str, explained: str) -> Static:
    words = safe(question, "bold $primary")
    return Static(
        words + safe(f"  {explained}", "$foreground 65%") if explained else words, classes="label", markup=False
    )
