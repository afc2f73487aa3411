"""What all forms about requests share: fields that scroll, a clause at hand, and evidence to enclose with a warning."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Button, Input, OptionList, Static, TextArea

from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.widgets.banner import Banner
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.form import AT_ONCE, label
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.request_words import handling_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from exercise.core.commands import Command
    from exercise.core.views import EvidenceView, ParticipantView
    from exercise.session.client import Client

__all__ = ["RequestForm", "show_clause"]


def show_clause(screen: ExerciseScreen[Any], client: Client, id: str | None) -> None:
    """Open the text of a clause, or the team's texts where none is meant."""
    from exercise.tui.screens.commitments import CommitmentsScreen

    reference = client.reference
    if id is not None and id in reference.commitments:
        screen.app.push_screen(CommitmentsScreen(reference, at=id))
    else:
        screen.open_texts(client, client.view())


class RequestForm(ExerciseScreen[str]):
    """Fields under the banner; ends with a line that says what was done. Lists and texts write into the draft."""

    CSS_PATH = "request_form.tcss"
    GO_WORDS = N_("Check and send …")
    BINDINGS = [
        Binding("ctrl+s", "go", "Go on", tooltip="Check what you have written, then send it"),
        Binding("f2", "clause", "Clause", key_display="F2", tooltip="Read the clause that is marked in a list"),
        *AT_ONCE,
    ]

    def __init__(self, client: Client, *, live: bool, now: Callable[[], float]) -> None:
        super().__init__()
        self._client, self._live, self._now = client, live, now
        self._view: ParticipantView = client.view()
        self._busy = False

    def body(self) -> ComposeResult:
        yield Banner(self._now)
        with VerticalScroll(id="form"):
            yield Static(id="heading", classes="heading chosen", markup=False)
            yield from self.fields()
            with Horizontal(classes="buttons"):
                yield Button(_("Back"), id="back")
                yield Button(_(self.GO_WORDS), id="go", variant="primary")

    def fields(self) -> ComposeResult:
        """The fields of this form."""
        yield from ()

    def fill(self) -> None:
        """Show what the draft holds in lists and headings; texts and lines show it by themselves."""

    def on_mount(self) -> None:
        self.query_one(Banner).show(self._view, live=self._live)
        if self._live:
            self.query_one(Banner).follow(self._client.view)
        self.fill()
        self.begin()

    def begin(self) -> None:
        """Gives the focus to where the form begins, once it is filled."""

    def head(self, words: str, about: str) -> None:
        """What stands at the top of the form: what it is and with whom, then what it is about."""
        below = safe(_("\nAbout: {about}").format(about=about), "not bold $foreground 65%") if about else safe("")
        self.query_one("#heading", Static).update(safe(words) + below)

    # Clauses

    def clause_meant(self) -> str | None:
        """The clause to read: that of the row that is marked where lists name clauses."""
        return None

    def action_clause(self) -> None:
        show_clause(self, self._client, self.clause_meant())

    def in_list(self, id: str) -> str | None:
        """The marked row of a list that has the focus."""
        rows = self.query_one(f"#{id}", Choices)
        return rows.chosen if rows.has_focus else None

    # Evidence

    def evidence_field(self, question: str) -> Iterator[Static | Choices]:
        """A list of what the team holds, to tick what goes along; nothing is ticked beforehand."""
        yield label(question, _("With the conditions under which you hold it. Nothing goes along unless you tick it."))
        yield Choices(id="evidence", classes="fit", one_click=True)

    def fill_evidence(self, ticked: Collection[str], goes: Collection[str] = ()) -> None:
        """Bring the list of evidence up to date; what goes by itself is not to be ticked."""
        from exercise.tui.widgets.form import ticks

        own = self._view.team_short
        pieces = [piece for piece in self._view.evidence if piece.id and piece.id not in goes]
        shown = list(ticks(((it.id, it.title, held_under(it, own)) for it in pieces), set(ticked), many=True))
        none = _("Your team holds no other evidence.") if goes else _("Your team holds no evidence yet.")
        self.query_one("#evidence", Choices).show(shown or [("#none", safe(none))])

    # Going on

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(OptionList.OptionSelected)
    def _mended(self) -> None:
        """What was found wrong may be put right by now; it is looked for again when the form is sent."""
        if self.query_one("#hint").has_class("-wrong"):
            self.say("")

    @on(Input.Submitted)
    def _next_field(self) -> None:
        self.focus_next()

    @on(Button.Pressed, "#back")
    def _go_back(self) -> None:
        self.action_back()

    @on(Button.Pressed, "#go")
    def _go_on(self) -> None:
        self.action_go()

    def action_go(self) -> None:
        """What `ctrl+s` does."""

    async def ask(self, command: Command) -> bool:
        """Submit; a refusal is shown at the foot and nothing typed is lost."""
        if self._busy:
            return False
        self._busy = True
        try:
            await self._client.submit(command)
        except ExerciseError as error:
            self.say(str(error), wrong=True)
            return False
        finally:
            self._busy = False
        return True

    def text_of(self, event: TextArea.Changed) -> tuple[str, str]:
        """Which field was written in, without its prefix, and what stands there."""
        return (event.text_area.id or "").partition("-")[2], event.text_area.text


def held_under(piece: EvidenceView, own: str) -> str:
    """The conditions of a piece of evidence as a row shows them to a team, `own` being its short name."""
    if piece.lifted:
        return _("conditions lifted")
    if piece.handling is not None and piece.giver == own:
        return _("your own; nothing binds you")
    if piece.handling is None:
        return piece.conditions or _("no conditions")
    by = _(" (from {giver})").format(giver=piece.giver) if piece.giver else ""
    return handling_text(piece.handling, mine=True) + by
