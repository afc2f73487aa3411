"""A decision: the question, and the options side by side where there is room, else in a list."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Resize
from textual.widgets import Button, OptionList, Static

from exercise.core.teamwork.commands import OBSERVER
from exercise.language import N_, _
from exercise.tui.draft import OWN_WORDS, Draft, draft_key
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.widgets.banner import Banner
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.vote_words import reasons, shared, standing, vote_said, waits_for
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.views import DecisionView
    from exercise.session.client import Client, Table

__all__ = ["DecisionScreen"]

_COLUMN = 27
"""The least width in cells at which a column of text is still easy to read."""
_QUESTION = "+question"


class DecisionScreen(ExerciseScreen[bool]):
    """Reading and choosing; what is chosen is written up on the next screen. Ends with True once it was answered."""

    CSS_PATH = "decision.tcss"
    TITLE_WORDS = N_("deciding")
    HINT = N_("Read the question and every option (↑ ↓); enter goes on with the marked one.")
    HELP = N_("""
First read the question and all the options. Each has a price; there is no right one to be found.

**enter** takes the marked option to a short form, where you say why. Nothing is sent before you have seen it all
together and confirmed it. Until then **esc** goes back, and what you have written is kept.

If none of the options is what your team would do, take **In your own words** and name the option that comes nearest.

Where the roles of your team sit apart, the lines at the top say who answers, or how the vote stands: for what each is,
and who is missing. To vote, take an option in the same way; take another one to change your vote. **w** opens the draft
of a reason that all of you see, also for those who do not answer.
""")
    BINDINGS = [
        Binding("enter", "take", "Take this one", tooltip="Go on with the marked option"),
        Binding("left", "column(-1)", "Left", show=False, tooltip="The option to the left"),
        Binding("right", "column(1)", "Right", show=False, tooltip="The option to the right"),
        Binding("pagedown", "read_on(1)", "Read on", show=False, tooltip="Read on in the text beside the list"),
        Binding("pageup", "read_on(-1)", "Read back", show=False, tooltip="Read back in the text beside the list"),
        Binding("w", "draft", "Shared draft", tooltip="The reason that your team writes together"),
        Binding("p", "profile", "Texts", tooltip="Look up the texts your team has accepted"),
    ]

    def __init__(
        self, client: Client, decision: str, table: Table | None = None, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._client, self._table, self._now = client, table, now
        self._view = client.view()
        self._decision = next(d for d in self._view.decisions if d.id == decision)
        self.about = f"decision:{decision}"
        self._entries = _entries(self._decision)

    @property
    def _key(self) -> tuple[str, str, str]:
        return (self._table.session_id if self._table else "", self._client.seat, self._decision.id)

    @property
    def draft(self) -> Draft:
        """What has been written for this decision so far, by this seat."""
        drafts = self.program.drafts
        if self._key not in drafts:
            drafts[self._key] = self.program.keeps(draft_key(self._client.seat, self._decision.id), Draft)
        return drafts[self._key]

    @property
    def live(self) -> bool:
        """Whether the window runs by the room's clock."""
        return self._table is not None and self._table.live

    def body(self) -> ComposeResult:
        yield Banner(self._now)
        yield Static(id="standing", markup=False)
        with Vertical(id="side-by-side"):
            yield ProseView(self._question, id="question", classes="panel")
            with Horizontal(id="columns"):
                for key, title, text in self._entries:
                    with Vertical(classes="panel column"):
                        yield ProseView(f"### {plain(title)}\n\n{text}", classes="option", id=f"text-{_slug(key)}")
                        yield Button(_("Take this one"), id=f"take-{_slug(key)}", compact=True)
        with Horizontal(id="stacked"):
            rows = Choices(id="list", classes="panel", read_beside=True)
            rows.border_title = _("Question and options")
            yield rows
            yield ProseView(id="detail", classes="panel")

    def on_mount(self) -> None:
        self.query_one(Banner).show(self._view, live=self.live)
        kind = _("Quick decision") if self._decision.kind == "quick" else _("Dilemma")
        # Where the roles sit apart, the lines at the top say who answers now.
        alone = self._decision.role and not shared(self._view)
        pen = _(" · {role} holds the pen").format(role=self._decision.role) if alone else ""
        self.query_one("#question").border_title = safe(f"{kind}{pen}")
        rows = self.query_one("#list", Choices)
        listed = [(_QUESTION, Lines(("?  ", Content.styled(_("The question"), "bold"))))]
        listed += [(key, Lines((title[:3], safe(title[3:])))) for key, title, _unused in self._entries]
        rows.show(listed, divided=True)
        if self.live:
            self.query_one(Banner).follow(self._client.view)
        self.follow(self._client.subscribe)
        self._show_standing()

    @property
    def _question(self) -> str:
        """The question, and below it who of the team is for what."""
        parts = (f"## {plain(self._decision.title)}", self._decision.text, reasons(self._decision, self._view.seat))
        return "\n\n".join(part for part in parts if part)

    def look_again(self) -> None:
        """The decision as it stands now; its options stay as they were read, for a refusal names what has changed."""
        self._view = self._client.view()
        self._decision = next((d for d in self._view.decisions if d.id == self._decision.id), self._decision)
        self._show_standing()

    def _show_standing(self) -> None:
        lines, place = standing(self._decision, self._view), self.query_one("#standing", Static)
        place.display = lines is not None
        if lines is not None:
            place.update(lines)
        self.query_one("#question", ProseView).show(self._question, keep_place=True)
        if self.query_one("#list", Choices).chosen == _QUESTION:
            self.query_one("#detail", ProseView).show(self._question, keep_place=True)
        self.refresh_bindings()
        self.refresh_hint()

    def on_resize(self, event: Resize) -> None:
        """Columns where each has room to be read, else a list with what is marked beside it."""
        side_by_side = event.size.width >= max(100, _COLUMN * len(self._entries)) and event.size.height >= 30
        was_set = self.has_class("-columns") or self.has_class("-stacked")
        changed = not was_set or self.has_class("-columns") != side_by_side
        self.set_class(side_by_side, "-columns")
        self.set_class(not side_by_side, "-stacked")
        if changed:
            self.say("")
            self.query_one("#question" if side_by_side else "#list").focus()

    def hint(self) -> str:
        if waits := waits_for(self._decision, self._view.seat):
            return waits + self._pass_on
        if self.has_class("-columns"):
            return _("Read the question, then every option with ← →; enter goes on with the one you are on.")
        return _(self.HINT)

    @property
    def _pass_on(self) -> str:
        """What to do next where the others of the team wait for this keyboard."""
        in_turn = self._table is not None and self._table.hosted is None and len(self._table.seats) > 1
        return _(" esc, then t: pass the keyboard on.") if in_turn and self._view.seat != OBSERVER else ""

    @on(OptionList.OptionHighlighted, "#list")
    def _mark(self, event: OptionList.OptionHighlighted) -> None:
        pane = self.query_one("#detail", ProseView)
        if event.option_id == _QUESTION:
            pane.show(self._question)
        for key, title, text in self._entries:
            if key == event.option_id:
                pane.show(f"## {plain(title)}\n\n{text}")

    @on(OptionList.OptionSelected, "#list")
    def _take_row(self, event: OptionList.OptionSelected) -> None:
        self._take_marked(event.option_id)

    def _take_marked(self, key: str | None) -> None:
        if key == _QUESTION:
            self.query_one("#list", Choices).action_cursor_down()
        elif key is not None:
            self._go_on(key)

    @on(Button.Pressed)
    def _take_button(self, event: Button.Pressed) -> None:
        for key, *_rest in self._entries:
            if event.button.id == f"take-{_slug(key)}":
                self._go_on(key)

    def action_take(self) -> None:
        if self.has_class("-stacked"):
            # The list takes enter by itself; whoever reads beside it means what is marked there.
            self._take_marked(self.query_one("#list", Choices).chosen)
            return
        for key, *_rest in self._entries:
            if self.focused is not None and self.focused.id == f"text-{_slug(key)}":
                self._go_on(key)
                return
        self.action_column(1)

    def action_column(self, by: int) -> None:
        if not self.has_class("-columns"):
            return
        panes = list(self.query("#columns ProseView"))
        at = next((n for n, pane in enumerate(panes) if pane.parent and self.focused in pane.parent.children), -1)
        panes[max(0, min(len(panes) - 1, at + by))].focus()

    def action_read_on(self, pages: int) -> None:
        """The page keys turn the text of the marked option, where it stands beside the list."""
        if self.has_class("-stacked"):
            self.query_one("#detail", ProseView).turn(pages)

    def _go_on(self, key: str) -> None:
        from exercise.tui.screens.answer import AnswerScreen

        if not self._decision.vote.may_answer:
            self.say(waits_for(self._decision, self._view.seat) or _("This is not for you to answer."), wrong=True)
            return
        self.draft.option = key
        screen = AnswerScreen(self._client, self._decision, self.draft, live=self.live, now=self._now)
        self.app.push_screen(screen, self._answered)

    def _answered(self, sent: bool | None) -> None:
        if not sent:
            return
        self.look_again()
        if self._decision.status == "open" and (said := vote_said(self._decision, self._view.seat)):
            self.say(said + self._pass_on)
            return
        self.draft_done()
        self.dismiss(True)

    def draft_done(self) -> None:
        """Forget the draft, since the answer stands now."""
        self.program.drafts.pop(self._key, None)

    def action_draft(self) -> None:
        from exercise.tui.screens.shared_draft import SharedDraftScreen

        decision = self._decision
        self.app.push_screen(
            SharedDraftScreen(
                self._client, decision.id, _("Why? {title}").format(title=decision.title), live=self.live, now=self._now
            )
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "draft" or (shared(self._view) and self._view.seat != OBSERVER)

    def action_profile(self) -> None:
        self.open_texts(self._client, self._view)


def _entries(decision: DecisionView) -> list[tuple[str, str, str]]:
    """Key, title (a letter or sign and two spaces before it) and text of each option, the team's own words last."""
    found = [(option.id, f"{option.letter}  {option.title}", option.text) for option in decision.options]
    if decision.free_prompt is not None and not decision.vote.voting:
        prompt = decision.free_prompt or _("Say what your team does instead.")
        text = _(
            "{prompt}\n\nYou will be asked which of the listed options comes nearest: what follows is taken from it."
        ).format(prompt=prompt)
        found.append((OWN_WORDS, _("✎  In your own words"), text))
    return found


def _slug(key: str) -> str:
    return "".join(sign if sign.isalnum() else f"-{ord(sign)}-" for sign in key)
