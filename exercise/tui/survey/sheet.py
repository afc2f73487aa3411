"""One person's sheet of the survey: every question below the other, each of which may be left out."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Button, Static, TextArea

from exercise.core.evaluation.commands import LONGEST_ANSWER
from exercise.errors import CommandRejected, ExerciseError
from exercise.language import N_, _
from exercise.session.surveying import ANONYMOUS, FEW, HELD, SurveyDesk, SurveyView, checked
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.screens.confirm import ConfirmScreen
from exercise.tui.survey.scale import Scale
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.writing import ManyLines

__all__ = ["HANDED_IN", "SurveyScreen"]

KEEP_EVERY = 2.0
"""Seconds between two looks at what was written, so that a lost terminal costs no more than a few words."""

HANDED_IN = N_("Your answers are handed in. Thank you.")

_HELP = N_("""
The **survey** asks what you made of the exercise. {anonymous}

- A question by **scale**: **1** to **5**, from *disagree* to *agree*. **←** **→** change it, **backspace** leaves it
  out.
- A question in **words**: write what you like. **tab** goes on to the next one, **shift+tab** back.
- Leave out whatever you like.
- **ctrl+s** hands in. After that nothing can be changed or taken back: nobody knows which answers are yours.
""")
_AT_ONE_TERMINAL = N_("""
Several of you may answer here, one after another: each hands in and gives the terminal to the next. When all have,
**F4** closes the survey and puts the answers into the log.
""")


class SurveyScreen(ExerciseScreen[str]):
    """Ends with a line that says what was done; what is half-written is kept, unless the next person may see it."""

    CSS_PATH = "sheet.tcss"
    TITLE_WORDS = N_("the survey")
    HINT = N_("1–5 or words · tab goes on · leave out what you like · ctrl+s hands in")
    HELP = _HELP
    BINDINGS = [
        Binding("ctrl+s", "hand_in", "Hand in", key_display="^s", tooltip="Hand in what you have answered"),
        Binding("f4", "close_survey", "Close survey", key_display="F4", tooltip="Put all answers into the log"),
    ]

    def __init__(self, desk: SurveyDesk, view: SurveyView) -> None:
        super().__init__()
        self._desk, self._view = desk, view
        self._answers = desk.kept()
        self._sheets = 0
        self._busy = False

    def body(self) -> ComposeResult:
        yield Static(id="survey-title", markup=False)
        with VerticalScroll(id="sheet", can_focus=False):
            privacy = _(ANONYMOUS) if self._desk.shared else f"{_(ANONYMOUS)} {_(HELD)}"
            yield Static(safe(privacy), id="privacy", markup=False)
            number = len(self._view.questions)
            for n, question in enumerate(self._view.questions):
                mark = f"{n + 1}/{number} " + (_("for your team: ") if question.team else "")
                words = safe(mark, "$foreground 65%") + safe(question.text, "bold $primary")
                yield Static(words, classes="label", markup=False)
                said = self._answers.get(question.id, "")
                if question.kind == "scale":
                    yield Scale(said, id=f"q{n}")
                else:
                    yield ManyLines(said, id=f"q{n}", classes="words")
            with Horizontal(classes="buttons"):
                yield Button(_("Later"), id="later")
                yield Button(_("Hand in …"), id="hand-in", variant="primary")
                if self._desk.shared:
                    yield Button(_("Close the survey …"), id="close-survey")

    def on_mount(self) -> None:
        self._show()
        self.set_interval(KEEP_EVERY, self._keep)
        self.start_at(self.query_one("#q0"))
        if self._desk.shared:
            self.run_worker(self._count())

    def on_unmount(self) -> None:
        self._desk.keep(self._answers)

    def help_words(self) -> str:
        return _(_HELP).format(anonymous=_(ANONYMOUS)) + (_(_AT_ONE_TERMINAL) if self._desk.shared else "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "close_survey" or self._desk.shared

    async def _count(self) -> None:
        progress = await self._desk.progress()
        self._sheets = progress.answered if progress is not None else 0
        self._show()

    def _show(self) -> None:
        answered = len(self._answers)
        words = _(" · {answered} of {count} answered").format(answered=answered, count=len(self._view.questions))
        if self._desk.shared:
            words += _(" · {sheets} handed in at this terminal").format(sheets=self._sheets)
        title = safe(_("Survey"), "bold") + safe(_(" without names"), "bold") + safe(words, "$foreground 65%")
        self.query_one("#survey-title", Static).update(title)

    @on(Scale.Answered)
    @on(TextArea.Changed)
    def _read(self) -> None:
        answers = {}
        for n, question in enumerate(self._view.questions):
            field = self.query_one(f"#q{n}")
            said = field.value if isinstance(field, Scale) else field.text if isinstance(field, TextArea) else ""
            if said.strip():
                answers[question.id] = said[:LONGEST_ANSWER]
        self._answers = answers
        self._show()

    def _keep(self) -> None:
        self._desk.keep(self._answers)

    # Handing in

    @on(Button.Pressed, "#hand-in")
    def action_hand_in(self) -> None:
        try:
            checked(self._view.questions, self._answers)
        except CommandRejected as refused:
            self.say(refused.text, wrong=True)
            return
        number, all = len(self._answers), len(self._view.questions)
        ask = ConfirmScreen(
            _("Hand in {it}?").format(
                it=_("all your answers")
                if number == all
                else _("{number} of {all} answers").format(number=number, all=all)
            ),
            _("They cannot be changed or taken back afterwards: nobody can tell which are yours."),
            yes=_("Hand in"),
            no=_("Not yet"),
        )
        self._ask(ask, self._hand_in)

    async def _hand_in(self) -> None:
        if self._busy:
            return
        self._busy = True
        try:
            await self._desk.hand_in(self._answers)
        except ExerciseError as error:
            if getattr(error, "code", "") == "answered":
                self._end(str(error))
            else:
                self.say(str(error), wrong=True)
            return
        finally:
            self._busy = False
        if not self._desk.shared:
            self._end(_(HANDED_IN))
            return
        self._answers = {}
        await self.recompose()
        await self._count()
        self.program.shown(self)
        self.query_one("#q0").focus()
        self.say(_("Handed in. Give the terminal to the next person, or close the survey with F4."))

    def _end(self, text: str) -> None:
        self._answers = {}
        self.dismiss(text)

    # Leaving

    @on(Button.Pressed, "#later")
    def _later(self) -> None:
        self.action_back()

    def action_back(self) -> None:
        if not self._desk.shared or not self._answers:
            self.dismiss("")
            return
        ask = ConfirmScreen(
            _("Leave this sheet?"),
            _("What is on it is thrown away: the next at this terminal would read it."),
            yes=_("Leave"),
        )
        self._ask(ask, self._leave)

    async def _leave(self) -> None:
        self.dismiss("")

    def _ask(self, question: ConfirmScreen, then: Callable[[], Coroutine[Any, Any, None]]) -> None:
        def answered(yes: bool | None) -> None:
            if yes:
                self.run_worker(then(), exclusive=True)

        self.app.push_screen(question, answered)

    # Closing, at one terminal

    @on(Button.Pressed, "#close-survey")
    def action_close_survey(self) -> None:
        if self._answers:
            self.say(_("Somebody's sheet is half-written: hand it in first, or empty it."), wrong=True)
            return
        self.run_worker(self._ask_to_close(), exclusive=True)

    async def _ask_to_close(self) -> None:
        await self._count()
        few = (
            _(" Fewer than {few} have: it can be guessed who said what.").format(few=FEW) if self._sheets < FEW else ""
        )
        words = _("Handed in here so far: {sheets}.{few} The answers enter the log, and no more are taken.").format(
            sheets=self._sheets, few=few
        )
        ask = ConfirmScreen(_("Close the survey?"), words, yes=_("Close it"), no=_("Not yet"))
        self._ask(ask, self._close)

    async def _close(self) -> None:
        try:
            self._end(await self._desk.close(thin=True))
        except ExerciseError as error:
            self.say(str(error), wrong=True)


def told(view: SurveyView) -> str:
    """Why there is no sheet to fill in; '' where there is."""
    if view.handed_in:
        return _(HANDED_IN)
    return _("The survey has been closed.") if view.closed else ""
