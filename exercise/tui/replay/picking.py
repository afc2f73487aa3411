"""Small windows of the replay that ask: whose eyes, which words, which of the places found, which comment."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from exercise.language import N_, _
from exercise.session.comments import LONGEST, LONGEST_NAME, Comment
from exercise.session.finding import MOST, Found
from exercise.session.perspectives import Perspective
from exercise.tui.screens.base import Dialog
from exercise.tui.screens.confirm import ConfirmScreen
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.writing import OneLine

QUIET = "$foreground 65%"
_BOX = "width: 96%; max-width: 100; height: auto; max-height: 94%; border: round $border; background: $surface;"


class PerspectiveScreen(Dialog[str]):
    """Every team with its roles, exercise control and the public; returns the id of one."""

    TITLE_WORDS = N_("whose eyes to look with")
    HELP = N_("""
The replay can be seen as each team saw it, as each **role** of a team saw it, as **exercise control** saw it (with the
hidden facts and the whole MSEL), and as the **public** on the wall saw it. **enter** takes the marked one.
""")
    DEFAULT_CSS = f"""
    PerspectiveScreen > Vertical {{ {_BOX} padding: 0 1; }}
    PerspectiveScreen Choices {{ height: auto; max-height: 18; }}
    """

    def __init__(self, perspectives: Sequence[Perspective], current: str) -> None:
        super().__init__()
        self._perspectives, self._current = perspectives, current

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(_("Whose eyes do you look with?"), classes="heading", markup=False)
            yield Choices()
            yield Static(_("↑ ↓ move · enter takes it · esc stays"), classes="quiet", markup=False)

    def on_mount(self) -> None:
        rows = self.query_one(Choices)
        rows.show((whose.id, Line(_name(whose), Content.styled(_sat(whose), QUIET))) for whose in self._perspectives)
        rows.choose(self._current)
        rows.focus()

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)


def _name(whose: Perspective) -> Content:
    if whose.kind == "role":
        return safe(f"    {whose.name.partition(': ')[2]}")
    return safe(whose.name, "bold")


def _sat(whose: Perspective) -> str:
    names = ", ".join(name for name in whose.sat if name)
    if whose.kind == "control":
        return _("hidden facts, the whole MSEL, every team")
    if whose.kind == "public":
        return _("what everybody in the room could know")
    if whose.sat:
        return names or _("somebody sat here")
    return _("nobody sat here") if whose.kind == "role" else _("the whole team")


class ForkScreen(Dialog[str]):
    """Says what playing on means, and asks who plays; returns a team, or '' for those who played it."""

    TITLE_WORDS = N_("playing on from here")
    HELP = N_("""
A new session is kept on this machine. Its past is that of this log up to the moment you look at, with the same hidden
facts; from there it is played on, by you and by bots. This log stays as it is. **enter** begins with the marked team.
""")
    DEFAULT_CSS = f"""
    ForkScreen > Vertical {{ {_BOX} padding: 0 1; max-width: 76; }}
    ForkScreen Choices {{ height: auto; max-height: 12; margin: 1 0; }}
    """

    def __init__(self, when: str, players: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._when, self._players = when, players

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(safe(_("Play on from {when}?").format(when=self._when)), classes="heading", markup=False)
            words = _("A new session is kept, with this past and the same hidden facts. This log stays as it is.")
            yield Static(words, markup=False)
            yield Choices()
            yield Static(_("enter: begin · esc: stay in the replay"), classes="quiet", markup=False)

    def on_mount(self) -> None:
        rows = self.query_one(Choices)
        rows.show((id or "#all", safe(_("Play {name}").format(name=name))) for id, name in self._players)
        rows.action_first()
        rows.focus()

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        self.dismiss("" if event.option_id == "#all" else event.option_id)


class FindScreen(Dialog[str]):
    """Asks for words; the ones asked for last stand there already."""

    TITLE_WORDS = N_("finding words")
    HELP = N_("""
Write a word or a few words as they stand in the text. They are looked for in everything the perspective you look with
came to see: messages, decisions, answers with their reasons, requests, evidence, what was said and noted. As exercise
control you search everything in the log. **enter** lists what was found.
""")
    DEFAULT_CSS = f"FindScreen > Vertical {{ {_BOX} padding: 0 1; max-width: 70; }}"

    def __init__(self, whose: str, words: str) -> None:
        super().__init__()
        self._whose, self._words = whose, words

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(
                safe(_("Find words in what {whose} saw").format(whose=self._whose)), classes="heading", markup=False
            )
            yield Input(self._words, placeholder="words", max_length=200)
            yield Static(_("enter: find them · esc: leave it"), classes="quiet", markup=False)

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self.dismiss(event.value.strip())


class FoundScreen(Dialog[int]):
    """Lists places; returns the number of one in the list."""

    TITLE_WORDS = N_("what was found")
    HELP = N_("""
Each row is a place where the words stand, in order of time. **enter** goes to that moment; there **n** and **N** go on
to the next place and back to the one before.
""")
    DEFAULT_CSS = f"""
    FoundScreen > Vertical {{ {_BOX} padding: 0 1; }}
    FoundScreen Choices {{ height: auto; max-height: 16; }}
    """

    def __init__(self, words: str, found: Sequence[Found], chosen: int) -> None:
        super().__init__()
        self._words, self._found, self._chosen = words, found, chosen

    def compose(self) -> ComposeResult:
        number = len(self._found)
        many = (
            _("the first {number}").format(number=number)
            if number == MOST
            else _("1 place")
            if number == 1
            else _("{number} places").format(number=number)
        )
        with Vertical():
            yield Static(safe(f"“{self._words}”: {many}"), classes="heading", markup=False)
            yield Choices()
            yield Static(_("enter: go there · esc: stay"), classes="quiet", markup=False)

    def on_mount(self) -> None:
        rows = self.query_one(Choices)
        rows.show((str(place), _found(found)) for place, found in enumerate(self._found))
        rows.choose(str(self._chosen))
        rows.focus()

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(int(event.option_id or 0))


def _found(found: Found) -> Lines:
    text = found.text
    head = safe(f"{exercise_time(text.exercise)}  {text.kind}", QUIET)
    return Lines(("• ", head), ("  ", safe(found.around)))


class CommentScreen(Dialog[tuple[str, str]]):
    """Asks for a comment and, if one likes, a name; returns both."""

    TITLE_WORDS = N_("writing a comment")
    HELP = N_("""
A comment is kept **beside** the log, on this machine, and never changes the log. It stands on the line of time as **✎**
and **[** and **]** go to it. Your name may be left out. **enter** in the first line keeps it.
""")
    DEFAULT_CSS = f"CommentScreen > Vertical {{ {_BOX} padding: 0 1; max-width: 76; }}"

    def __init__(self, when: str, author: str) -> None:
        super().__init__()
        self._when, self._author = when, author

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(safe(_("A comment at {when}").format(when=self._when)), classes="heading", markup=False)
            yield OneLine(placeholder=_("what you want to come back to"), max_length=LONGEST, id="comment")
            yield Input(self._author, placeholder=_("your name, if you like"), max_length=LONGEST_NAME, id="author")
            yield Static(_("enter: keep it · tab: your name · esc: leave it"), classes="quiet", markup=False)

    @on(Input.Submitted)
    def _take(self) -> None:
        text = self.query_one("#comment", Input).value
        if text.strip():
            self.dismiss((text, self.query_one("#author", Input).value))
        else:
            self.query_one("#comment", Input).focus()


class CommentsScreen(Dialog[int]):
    """Lists the comments; returns the position of one. `drop` takes one out."""

    TITLE_WORDS = N_("comments on this log")
    HELP = N_("""
The comments that were written on this log, in order of time. **enter** goes to the moment of one, **delete** takes
one out, **e** writes all of them to a file to hand on, **i** takes in those of such a file. They are kept beside the
log, on this machine.
""")
    BINDINGS = [
        Binding("delete,backspace", "drop", "Take out", key_display="del"),
        Binding("e", "export", "Write to a file"),
        Binding("i", "take_in", "Take in from a file"),
    ]
    DEFAULT_CSS = f"""
    CommentsScreen > Vertical {{ {_BOX} padding: 0 1; }}
    CommentsScreen Choices {{ height: auto; max-height: 16; }}
    """

    def __init__(
        self,
        comments: Callable[[], Sequence[Comment]],
        drop: Callable[[str], None],
        to_file: Callable[[bool], None],
    ) -> None:
        super().__init__()
        self._comments, self._drop, self._to_file = comments, drop, to_file

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(_("Comments on this log"), classes="heading", markup=False)
            yield Choices()
            words = _("enter: go there · del: take out · e: write to a file · i: take in a file · esc: stay")
            yield Static(words, classes="quiet", markup=False)

    def on_mount(self) -> None:
        self.show()
        self.query_one(Choices).focus()

    def show(self) -> None:
        """The comments as they are now."""
        rows = self.query_one(Choices)
        kept = {comment.id: _comment(comment) for comment in self._comments()}
        nothing = safe(_("None yet. k in the replay writes one at the moment you look at."), QUIET)
        rows.show(kept.items() if kept else [("#none", nothing)])
        if kept and rows.highlighted is None:
            rows.action_first()

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        chosen = next((one for one in self._comments() if one.id == event.option_id), None)
        if chosen is not None:
            self.dismiss(chosen.position)

    def action_drop(self) -> None:
        chosen = next((one for one in self._comments() if one.id == self.query_one(Choices).chosen), None)
        if chosen is None:
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._drop(chosen.id)
                self.show()

        self.app.push_screen(
            ConfirmScreen(_("Take this comment out?"), yes=_("Take it out"), no=_("Keep it")), answered
        )

    def action_export(self) -> None:
        self._to_file(True)

    def action_take_in(self) -> None:
        self._to_file(False)


def _comment(comment: Comment) -> Lines:
    by = f"  {comment.author}" if comment.author else ""
    head = safe(
        _("{exercise_time}  entry {position}{by}").format(
            exercise_time=exercise_time(comment.exercise), position=comment.position, by=by
        ),
        QUIET,
    )
    return Lines(("✎ ", head), ("  ", safe(" ".join(comment.text.split()))))
