"""What every screen has: a way back, help in plain words, one line that says what to do next, and the keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.events import DescendantFocus, Mount, ScreenResume, Unmount
from textual.geometry import Offset
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from exercise.language import N_, _
from exercise.tui.drawing import LineCompositor
from exercise.tui.widgets.cursor import point_again, point_at
from exercise.tui.widgets.keys import KeyBar
from exercise.tui.widgets.prose import safe

if TYPE_CHECKING:
    from exercise.core.views import ParticipantView
    from exercise.session.client import Client
    from exercise.tui.app import ExerciseApp

__all__ = ["Dialog", "ExerciseScreen"]

Result = TypeVar("Result")


class _Guided(Screen[Result]):
    """What full screens and dialogs share: the terminal's cursor goes along with the focus, and help is at hand."""

    TITLE_WORDS: ClassVar[str] = ""
    """A short name for the help's heading."""
    HELP: ClassVar[str] = ""
    """Light Markdown, in plain words."""

    _stood: Offset | None = None
    """Where the terminal's cursor belonged in what has the focus."""

    @property
    def program(self) -> ExerciseApp:
        """The app, by its own type."""
        return cast("ExerciseApp", self.app)

    @on(ScreenResume)
    def _tell_shown(self) -> None:
        self.program.shown(self)
        point_at(self.focused)

    @on(Mount)
    def _keep_pointing(self) -> None:
        self.screen_layout_refresh_signal.subscribe(self, self._point_again)

    def _point_again(self, _screen: Screen[Any]) -> None:
        self._stood = point_again(self.focused, self._stood)

    def start_at(self, widget: Widget) -> None:
        """Give the focus to where work begins, before anything is painted, so that the first key is not lost.

        Where it stands is known only once the screen is laid out, so it is brought into sight then.
        """
        self.set_focus(widget, scroll_visible=False)
        self.call_after_refresh(self._bring_into_sight, widget)

    def _bring_into_sight(self, widget: Widget) -> None:
        # Whoever has gone on by now is not taken back.
        if self.focused is widget and not self.can_view_entire(widget):
            self.scroll_to_center(widget, origin_visible=True)

    @on(DescendantFocus)
    def _point(self, event: DescendantFocus) -> None:
        point_at(event.widget)

    def action_help(self) -> None:
        from exercise.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(_(self.TITLE_WORDS), self.help_words(), self))

    def help_words(self) -> str:
        """The help as it is now; a screen that is used in more than one way says so here."""
        return _(self.HELP)


class ExerciseScreen(_Guided[Result]):
    """The base of all full screens; `TITLE_WORDS`, `HINT` and `HELP` lead someone who is here for the first time."""

    class Changed(Message):
        """Something that is shown here has changed."""

    HINT: ClassVar[str] = ""
    """One line that says what to do next."""

    about: str = ""
    """What a screen is open for, where the same may be asked for twice, such as `decision:leak`."""

    _stops: tuple[Callable[[], None], ...] = ()
    """What ends each subscription of this screen."""

    _said_over: str = ""
    """The hint in whose place something was said."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (140, "-very-wide")]
    BINDINGS = [
        Binding("question_mark,f1", "help", "Help", key_display="?"),
        Binding("escape", "back", "Back"),
    ]
    DEFAULT_CSS = """
    ExerciseScreen { background: $background; layers: default curtain; }
    ExerciseScreen #foot { dock: bottom; height: auto; max-height: 6; }
    ExerciseScreen #hint { height: auto; min-height: 1; padding: 0 1; color: $foreground 65%; }
    ExerciseScreen #hint.-said { color: $foreground; text-style: bold; }
    ExerciseScreen #hint.-wrong { color: $text-error; text-style: bold; }
    """

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name, id, classes)
        self._compositor = LineCompositor()

    def follow(self, subscribe: Callable[[Callable[[], None]], Callable[[], None]]) -> None:
        """Hear of each change at a client, a table or a room until the screen is closed; see `look_again`."""
        self._stops = (*self._stops, subscribe(self.tell_changed))

    def tell_changed(self) -> None:
        """Called from other screens' tasks as well, so the screen sends itself a message and looks in its own."""
        self.post_message(self.Changed())

    @on(Changed)
    def _hear(self) -> None:
        if self.is_attached:
            self.look_again()

    def look_again(self) -> None:
        """Bring what is shown up to date; a screen that follows something says here how."""

    @on(Unmount)
    def _follow_no_more(self) -> None:
        for stop in self._stops:
            stop()

    def compose(self) -> ComposeResult:
        yield from self.body()
        with Vertical(id="foot"):
            yield Static(_(self.HINT), id="hint", markup=False)
            yield KeyBar()

    def body(self) -> ComposeResult:
        """The widgets of the screen, without the two lines at its foot."""
        yield from ()

    def say(self, text: str | Content, *, wrong: bool = False) -> None:
        """Put a line where the hint stands; with no text the hint comes back."""
        line = self.query_one("#hint", Static)
        said, wrong = bool(text) and not wrong, bool(text) and wrong
        if (line.has_class("-said"), line.has_class("-wrong")) != (said, wrong):
            line.set_class(said, "-said")
            line.set_class(wrong, "-wrong")
        self._said_over = self.hint()
        # A refusal comes from the rules, in English.
        content = safe(_(text) if wrong else text) if isinstance(text, str) else text
        content = (Content("✕ ") + content) if wrong else content if text else Content(self._said_over)
        if not (isinstance(line.visual, Content) and line.visual.is_same(content)):
            # It may need more than one line, and none of it may be cut; the rest of the screen moves only then.
            width, height = line.content_size
            line.update(content, layout=not width or len(content.wrap(width)) != height)

    def refresh_hint(self) -> None:
        """Bring the hint up to date, unless something is being said there and the next step is still the same."""
        if not {"-said", "-wrong"} & self.query_one("#hint").classes or self.hint() != self._said_over:
            self.say("")

    def hint(self) -> str:
        """The hint as it is now; a screen whose next step changes says so here."""
        return _(self.HINT)

    def open_texts(self, client: Client, view: ParticipantView) -> None:
        """Open the look-up of the texts that the team has accepted, as they stand on the story's day."""
        from exercise.tui.screens.commitments import CommitmentsScreen

        day = view.clock.story.date()
        self.app.push_screen(CommitmentsScreen(client.reference, profile=view.profile, date=day))

    def action_back(self) -> None:
        """Close this screen; the screen below is as it was."""
        self.dismiss()


class Dialog(ModalScreen[Result], _Guided[Result]):
    """The base of what opens over a screen; `esc` closes it and changes nothing."""

    TITLE_WORDS: ClassVar[str] = N_("a question")
    HELP: ClassVar[str] = N_("""
The program asks something before it goes on. **tab** and **←** **→** go from one answer to the next, **enter** takes
the one that is marked.
""")
    BINDINGS = [
        Binding("escape", "back", "Back", tooltip="Go back; nothing is changed"),
        Binding("f1,question_mark", "help", "Help", key_display="F1", tooltip="What this is and which keys it knows"),
    ]
    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 70%; layers: foot default curtain; }
    Dialog > KeyBar { dock: bottom; layer: foot; height: 2; border-top: blank $panel; }
    """

    def on_mount(self) -> None:
        # Covers hint and keys of the screen below, which do nothing now.
        self.mount(KeyBar())

    def action_back(self) -> None:
        self.dismiss(None)
