"""Objectives and their critical tasks, rated P, S, M or U by people; what the marks suggest stands apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static, TextArea

from exercise.core.evaluation.commands import Rate, Rating
from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.tui.evaluation.base import EvaluationScreen
from exercise.tui.evaluation.words import RATINGS, objective_text
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.widgets.form import label
from exercise.tui.widgets.grades import CHIP
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.reader import Item, Reader
from exercise.tui.widgets.writing import ManyLines

if TYPE_CHECKING:
    from exercise.core.evaluation.views import ObjectiveToRate
    from exercise.session.evaluating import EvaluationDesk

__all__ = ["RatingsScreen"]

_QUIET = "$foreground 65%"
_LONGEST = 4_000
_HELP = N_("""
Rate each **objective** and each **critical task** with one key:

- **p**  P, performed without challenges
- **s**  S, performed with some challenges
- **m**  M, performed with major challenges
- **u**  U, unable to be performed
- **backspace** takes a rating back.

**e** opens a page to write **strengths** and **areas for improvement**; both go into the report.

Below the line stands what the marks **suggest**, from the marks as you left them. It is only a suggestion: people rate.
What others rated is shown once all have finished.
""")


class RatingsScreen(EvaluationScreen[None]):
    """Rates what the exercise was for."""

    CSS = """
    RatingsScreen #rt-head { height: 1; padding: 0 1; background: $panel; }
    """
    TITLE_WORDS = N_("ratings")
    HELP = _HELP
    BINDINGS = [
        Binding("p", "rate('P')", "P", tooltip="Performed without challenges"),
        Binding("s", "rate('S')", "S", tooltip="Performed with some challenges"),
        Binding("m", "rate('M')", "M", tooltip="Performed with major challenges"),
        Binding("u", "rate('U')", "U", tooltip="Unable to be performed"),
        # The letters are read as capitals, so many type them so.
        *(Binding(letter, f"rate('{letter}')", show=False) for letter in "PSMU"),
        Binding("e", "write", "Write", tooltip="Strengths and areas for improvement"),
        Binding("backspace", "take_back", "Take back", tooltip="Take the rating back"),
    ]

    def body(self) -> ComposeResult:
        yield Static(id="rt-head", markup=False)
        yield Reader(id="rt")

    def on_mount(self) -> None:
        self.start_at(self.query_one(Reader).rows)

    def hint(self) -> str:
        if self.view.standing.finished:
            return _("You have finished: to look at only. esc goes back")
        return _("p s m u: rate · e: strengths and areas for improvement · ↑ ↓ · esc goes back")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.is_mounted and action in ("rate", "write", "take_back"):
            return not self.view.standing.finished
        return True

    def refresh_page(self) -> None:
        places = self._places()
        rated = sum(self.view.standing.rating(row.id, task) is not None for row, task in places)
        head = Content.assemble(CHIP, "  ", safe(_("Objectives and critical tasks"), "bold"))
        self.query_one("#rt-head", Static).update(
            Line(head, safe(_("{rated} of {count} rated").format(rated=rated, count=len(places))))
        )
        nothing = _("The scenario names no objective.")
        self.query_one(Reader).put([self._item(row, task) for row, task in places], nothing)

    def _places(self) -> list[tuple[ObjectiveToRate, str]]:
        found: list[tuple[ObjectiveToRate, str]] = []
        for row in self.view.dossier.objectives:
            found += [(row, ""), *((row, task.id) for task in row.tasks)]
        return found

    def _item(self, row: ObjectiveToRate, task: str) -> Item:
        standing = self.view.standing
        given, suggested = standing.rating(row.id, task), standing.suggestion(row.id, task)
        words = next((one.text for one in row.tasks if one.id == task), row.title)
        left = Content.assemble("   ", safe(words)) if task else safe(words, "bold")
        right = (
            safe(given.rating, "bold") if given is not None else safe(f"({suggested}?)" if suggested else "–", _QUIET)
        )
        view = self.view
        return Item(f"{row.id}|{task}", left, right, lambda: objective_text(view, row, task))

    @property
    def _chosen(self) -> tuple[str, str] | None:
        objective, bar, task = (self.query_one(Reader).rows.chosen or "").partition("|")
        return (objective, task) if bar else None

    def action_rate(self, rating: Rating) -> None:
        if self._chosen is not None:
            self._send(*self._chosen, rating, f"{rating}: {RATINGS[rating]}.")

    def action_take_back(self) -> None:
        if self._chosen is not None and self.view.standing.rating(*self._chosen) is not None:
            self._send(*self._chosen, None, _("The rating is taken back."))

    def _send(self, objective: str, task: str, rating: Rating | None, done: str) -> None:
        given = self.view.standing.rating(objective, task)
        command = Rate(
            objective=objective,
            task=task,
            rating=rating,
            strengths=given.strengths if given is not None and rating else "",
            improvements=given.improvements if given is not None and rating else "",
        )
        self.run_worker(self.asked(self.desk.submit(command), done))

    def action_write(self) -> None:
        if self._chosen is None:
            return
        if self.view.standing.rating(*self._chosen) is None:
            self.say(_("Rate it first with p, s, m or u; then write."), wrong=True)
            return
        self.app.push_screen(WordsScreen(self.desk, *self._chosen), lambda said: self.say(said) if said else None)


class WordsScreen(ExerciseScreen[str]):
    """Strengths and areas for improvement of one rating; what was written is kept half-written too."""

    CSS = """
    WordsScreen VerticalScroll { padding: 0 2; height: 1fr; }
    WordsScreen .label { height: auto; margin-top: 1; }
    WordsScreen TextArea { height: 6; max-width: 110; }
    """
    TITLE_WORDS = N_("strengths and areas for improvement")
    HINT = N_("tab: the other field · ctrl+s keeps it · esc leaves it, what you wrote waits")
    HELP = N_("""
**Strengths** are what should be kept; **areas for improvement** what should change, each in a sentence or two, from
what you saw. **ctrl+s** keeps them; **esc** leaves them, and what you wrote waits for you here.
""")
    BINDINGS = [Binding("ctrl+s", "save", "Keep", key_display="^s", priority=True, tooltip="Keep what you wrote")]

    def __init__(self, desk: EvaluationDesk, objective: str, task: str) -> None:
        super().__init__()
        self._desk, self._objective, self._about_task = desk, objective, task
        self._given = desk.view().standing.rating(objective, task)

    def body(self) -> ComposeResult:
        row = next(row for row in self._desk.view().dossier.objectives if row.id == self._objective)
        words = next((one.text for one in row.tasks if one.id == self._about_task), row.title)
        given = self._given
        with VerticalScroll(can_focus=False):
            yield Static(safe(words), classes="heading", markup=False)
            yield label(_("Strengths"), _("What should be kept."))
            yield ManyLines(self._kept("strengths", given.strengths if given else ""), id="w-strengths")
            yield label(_("Areas for improvement"), _("What should change."))
            yield ManyLines(self._kept("improvements", given.improvements if given else ""), id="w-improvements")

    def on_mount(self) -> None:
        self.query_one("#w-strengths").focus()

    def _key(self, field: str) -> str:
        return f"rate|{self._objective}|{self._about_task}|{field}"

    def _kept(self, field: str, otherwise: str) -> str:
        return self._desk.kept(self._key(field)) or otherwise

    @on(TextArea.Changed)
    def _written(self, event: TextArea.Changed) -> None:
        self._desk.keep(self._key((event.text_area.id or "")[2:]), event.text_area.text)

    async def action_save(self) -> None:
        texts = [self.query_one(f"#w-{field}", TextArea).text.strip() for field in ("strengths", "improvements")]
        given = self._desk.view().standing.rating(self._objective, self._about_task)
        if max(map(len, texts)) > _LONGEST:
            self.say(_("At most {longest:,} characters are kept in each field.").format(longest=_LONGEST), wrong=True)
            return
        if given is None:
            self.say(_("The rating was taken back meanwhile; rate it again first."), wrong=True)
            return
        command = Rate(
            objective=self._objective,
            task=self._about_task,
            rating=given.rating,
            strengths=texts[0],
            improvements=texts[1],
        )
        try:
            await self._desk.submit(command)
        except ExerciseError as error:
            self.say(str(error), wrong=True)
            return
        for field in ("strengths", "improvements"):
            self._desk.keep(self._key(field), "")
        self.dismiss(_("Kept."))
