"""Observers' notes: what was seen at which moment, and about what it was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from exercise.core.commands import WriteNote
from exercise.core.teamwork.commands import OBSERVER
from exercise.errors import ExerciseError
from exercise.language import N_, Told, _
from exercise.tui.console.answer_as import Behind, behind
from exercise.tui.console.base import ConsoleScreen
from exercise.tui.console.people_words import seat_name
from exercise.tui.console.pick import PickScreen
from exercise.tui.screens.picker import PickerScreen, clause
from exercise.tui.widgets.choice_bar import ChoiceBar
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.words import plain
from exercise.tui.widgets.writing import OneLine

if TYPE_CHECKING:
    from exercise.core.commitments import Profile
    from exercise.core.views import JournalLine
    from exercise.session.control import Control

__all__ = ["NotesScreen"]

_QUIET = "$foreground 65%"
_CONTROL = ("facilitator", OBSERVER)


class NotesScreen(ConsoleScreen[None]):
    """Notes of control and of observers, or the teams' own journals; a line to write one in below."""

    CSS_PATH = "notes.tcss"
    TITLE_WORDS = N_("observer's notes")
    HELP = N_("""
What observers and controllers have noted, in the order in which it was written; nobody at a team's table reads it
before the end. **f** shows the **journals** that the teams write themselves instead, or both.

Write a note in the line below: it carries the time at which you send it. **ctrl+t** ties it to

- an **objective** of the exercise,
- a **commitment** of one of the texts, which you find by typing words of it,
- or to nothing but **the moment**.

The tie stays for the next note until you choose another. In the hot wash, notes are found again by it.
""")
    BINDINGS = [
        Binding("f", "filter", "Show", tooltip="Observers' notes, the teams' journals, or both"),
        Binding("ctrl+t", "about", "About", key_display="^t", tooltip="What the note is about"),
    ]

    def __init__(self, control: Control) -> None:
        super().__init__(control)
        self._show = "notes"
        self._about = ""
        self._behind = Behind()
        self._count = -1

    def page(self) -> ComposeResult:
        yield ChoiceBar(_shown(), self._show, label=_("Show "), id="notes-filter")
        yield Choices(id="notes", classes="panel")
        yield ProseView(id="note", classes="panel")
        yield Static(id="about", markup=False)
        yield OneLine(id="words", max_length=4000, placeholder=_("A note about this moment"))

    def on_mount(self) -> None:
        self.query_one("#notes").border_title = _("Notes")
        self.start_at(self.query_one("#words"))
        self.run_worker(self._read_behind())

    async def _read_behind(self) -> None:
        try:
            self._behind = await behind(self.control)
        except ExerciseError:
            return  # A note about the moment can be written without.
        self.refresh_page()

    def refresh_page(self) -> None:
        self.query_one(ChoiceBar).put(_shown(), self._show)
        notes = [
            (f"n{number}", seat, line)
            for number, (seat, line) in enumerate(self.control.view().notes)
            if self._show == "all" or (seat.partition("/")[0] in _CONTROL) == (self._show == "notes")
        ]
        rows = self.query_one("#notes", Choices)
        reads = rows.has_focus and self._count >= 0 and rows.highlighted not in (None, rows.option_count - 1)
        rows.show([(key, self._row(seat, line)) for key, seat, line in notes] or [("#none", safe(_EMPTY[self._show]))])
        if len(notes) != self._count:
            # What was just written is what one looks for; whoever reads an earlier note is not torn away from it.
            self._count = len(notes)
            if not reads:
                rows.action_last()
        self._read()
        tie = self._named(self._about) or _("this moment only")
        self.query_one("#about", Static).update(
            safe(_("About {tie}. ").format(tie=tie), "bold") + safe(_("ctrl+t changes that."), _QUIET)
        )

    def hint(self) -> str:
        return _("Write a line and press enter; ctrl+t ties it to something. esc goes back.")

    def _row(self, seat: str, line: JournalLine) -> Lines:
        head = f"{exercise_time(line.exercise)}  {self._who(seat, line)}"
        about = f" · {self._named(line.about)}" if line.about else ""
        return Lines(("", safe(head, "bold") + safe(about, _QUIET)), ("    ", safe(line.text)))

    def _who(self, seat: str, line: JournalLine) -> str:
        if seat in _CONTROL:
            return line.who or (_("Exercise control") if seat != OBSERVER else _("Observer"))
        return seat_name(self.control.view(), seat)

    def _named(self, about: str) -> str:
        if not about:
            return ""
        aim = dict(self._behind.objectives).get(about)
        return _("objective “{aim}”").format(aim=aim) if aim else clause(self.control.reference, about)

    def _read(self) -> None:
        chosen = self.query_one("#notes", Choices).chosen or ""
        notes = self.control.view().notes
        pane = self.query_one("#note", ProseView)
        if not chosen.startswith("n") or int(chosen[1:]) >= len(notes):
            pane.show(_("Nothing is marked."))
            return
        seat, line = notes[int(chosen[1:])]
        about = _("about {named}").format(named=plain(self._named(line.about))) if line.about else _("about the moment")
        head = f"**{exercise_time(line.exercise)}  {plain(self._who(seat, line))}**, {about}"
        text = f"{head}\n\n{line.text}"
        pane.show(text, keep_place=text == pane.text)

    @on(OptionList.OptionHighlighted, "#notes")
    def _mark(self) -> None:
        self._read()

    @on(ChoiceBar.Chosen)
    def _shown(self, event: ChoiceBar.Chosen) -> None:
        self._show, self._count = event.choice, -1
        self.refresh_page()

    def action_filter(self) -> None:
        names = [name for name, _ in _SHOWN]
        self._show, self._count = names[(names.index(self._show) + 1) % len(names)], -1
        self.refresh_page()

    # Writing

    def action_about(self) -> None:
        rows: list[tuple[str, Content | Lines]] = [
            ("-", Lines(("• ", safe(_("This moment only"), "bold")))),
            ("+", Lines(("• ", safe(_("A commitment …"), "bold") + safe(_(" · found by words of it"), _QUIET)))),
        ]
        if self._behind.objectives:
            rows.append(("#aims", safe(_("Objectives of the exercise"), "bold $primary")))
        rows += [(f"={id}", Lines(("• ", safe(title)))) for id, title in self._behind.objectives]

        def chosen(what: str | None) -> None:
            if what == "+":
                story = self.control.view().clock.story.date()
                picker = PickerScreen(_("What is the note about?"), self.control.reference, self._profile(), story)
                self.app.push_screen(picker, self._tie)
            elif what is not None:
                self._tie("" if what == "-" else what[1:])

        self.app.push_screen(PickScreen(_("What is the note about?"), rows), chosen)

    def _profile(self) -> tuple[Profile, ...]:
        """The texts of all teams together: an observer looks at all of them."""
        found: dict[str, Profile] = {}
        for profile in self._behind.profiles:
            found.setdefault(profile.instrument, profile)
        return tuple(found.values())

    def _tie(self, about: str | None) -> None:
        if about is not None:
            self._about = about
            self.refresh_page()
            self.query_one("#words").focus()

    @on(Input.Submitted, "#words")
    async def _write(self, event: Input.Submitted) -> None:
        if not event.value.strip():
            return
        note = WriteNote(text=event.value, about=self._about, who=self.control.name[:60])
        if await self.asked(self.control.submit(note), _("Noted.")):
            event.input.clear()


_SHOWN = (("notes", N_("Observers’ notes")), ("journals", N_("Teams’ journals")), ("all", N_("Both")))


def _shown() -> tuple[tuple[str, str], ...]:
    return tuple((id, _(words)) for id, words in _SHOWN)


_EMPTY = Told(
    {
        "notes": "Nobody has noted anything yet.",
        "journals": "No team has written in its journal yet.",
        "all": "Nothing has been written yet.",
    }
)
