"""Adding a mark that the program missed: the team, the clause, what shows it, the grade, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from exercise.core.evaluation.commands import AddMark
from exercise.core.script import Grade
from exercise.language import N_, Told, _, folded
from exercise.tui.evaluation.base import EvaluationScreen
from exercise.tui.evaluation.reading import ReadScreen
from exercise.tui.evaluation.reason import ReasonScreen
from exercise.tui.evaluation.words import clause_text, clause_title, graded, record_line
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.grades import CHIP
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.times import exercise_time

if TYPE_CHECKING:
    from exercise.session.evaluating import EvaluationDesk

__all__ = ["AddScreen"]

_STEPS = ("team", "clause", "entries", "grade")
_QUESTIONS = Told(
    {
        "team": "Whose conduct is it?",
        "clause": "Under which clause?",
        "entries": "Which entries of the record show it?",
        "grade": "How does it stand to the clause?",
    }
)
_MOST_ENTRIES = 40
_QUIET = "$foreground 65%"


class AddScreen(EvaluationScreen[str]):
    """Asks one thing after the other; closes with what is to be said, or with nothing."""

    CSS = """
    AddScreen #ad-head { height: 1; padding: 0 1; background: $panel; }
    AddScreen #ad-question { height: auto; padding: 0 1; margin-top: 1; }
    AddScreen #ad-search { margin: 0 1; }
    AddScreen #ad-rows { height: 1fr; }
    """
    TITLE_WORDS = N_("adding a mark")
    HELP = N_("""
A mark that the program missed needs a **team**, a **clause** that the team has accepted, the **entries** of the record
that show it, a **grade** and your **reason**.

**enter** takes a row and goes on. Where entries are chosen, **enter** ticks one, **space** reads it in full, and
**ctrl+s** goes on. Type in the line above a list to find a row by its words. **esc** goes one step back.
""")
    BINDINGS = [
        Binding("ctrl+s", "on", "Go on", key_display="^s", priority=True, tooltip="Go on with the entries ticked"),
        Binding("space", "read", "Read", tooltip="Read the row that is marked in full"),
    ]

    def __init__(self, desk: EvaluationDesk, team: str = "") -> None:
        super().__init__(desk)
        self._step = 1 if team else 0
        self._team, self._clause = team, ""
        self._entries: set[int] = set()
        self._grade: Grade | None = None

    def body(self) -> ComposeResult:
        yield Static(id="ad-head", markup=False)
        yield Static(id="ad-question", markup=False)
        yield Input(placeholder=_("Type to find a row by its words"), id="ad-search")
        yield Choices(id="ad-rows")

    def on_mount(self) -> None:
        self._ask()

    def hint(self) -> str:
        if self._asking == "entries":
            return _("enter: tick ({count}) · space: read · ctrl+s: go on · tab: find by words · esc: back").format(
                count=len(self._entries)
            )
        return _("enter: take it and go on · tab: find by words · esc: one step back")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.is_mounted and action == "on":
            return self._asking == "entries"
        if self.is_mounted and action == "read":
            return self._asking in ("entries", "clause") and not isinstance(self.focused, Input)
        return True

    @property
    def _asking(self) -> str:
        return _STEPS[self._step]

    def _ask(self) -> None:
        search = self.query_one("#ad-search", Input)
        search.value = ""
        search.display = self._asking in ("clause", "entries")
        self.refresh_page()
        rows = self.query_one(Choices)
        rows.action_first()
        rows.focus()
        self.refresh_bindings()
        self.say("")

    def refresh_page(self) -> None:
        names = {id: short for id, short, _unused in self.view.dossier.teams}
        parts = [names.get(self._team, "")] if self._team else []
        parts += [clause_title(self.view.dossier, self._clause)] if self._clause and self._step > 1 else []
        head = Content.assemble(CHIP, "  ", safe(_("A mark of your own"), "bold"))
        self.query_one("#ad-head", Static).update(Line(head, safe(" · ".join(parts))))
        self.query_one("#ad-question", Static).update(safe(_QUESTIONS[self._asking], "bold $primary"))
        rows = self._rows()
        words = folded(self.query_one("#ad-search", Input).value).split()
        found = [(key, row) for key, row, text in rows if all(word in folded(text) for word in words)]
        self.query_one(Choices).show(found or [("#none", safe(_("Nothing has these words."), _QUIET))])

    def _rows(self) -> list[tuple[str, Content | Line | Lines, str]]:
        dossier = self.view.dossier
        match self._asking:
            case "team":
                return [(id, safe(name), name) for id, _, name in dossier.teams]
            case "clause":
                known = (dossier.clauses.get(id) for id in dossier.applicable.get(self._team, ()))
                return [
                    (
                        c.id,
                        Lines(("", safe(c.title, "bold") + safe(f"  {c.short}, {c.clause} ({c.id})", _QUIET))),
                        f"{c.title} {c.instrument} {c.id}",
                    )
                    for c in known
                    if c is not None
                ]
            case "entries":
                return [
                    (str(line.seq), self._entry(line.seq, line.exercise, line.line), f"{line.line} {line.seq}")
                    for line in dossier.whole_record(self._team)
                ]
            case _:
                clause = dossier.clauses.get(self._clause)
                grades = [grade for grade in Grade if grade is not Grade.BREACHED or (clause and clause.breaches)]
                return [(grade.value, safe(graded(grade)), grade.value) for grade in grades]

    def _entry(self, seq: int, exercise: int, words: str) -> Line:
        sign = "[x]" if seq in self._entries else "[ ]"
        return Line(Content.assemble(f"{sign} ", (f"{exercise_time(exercise):>8} ", "bold"), safe(words)))

    @on(Input.Changed, "#ad-search")
    def _search(self) -> None:
        self.refresh_page()

    @on(Input.Submitted, "#ad-search")
    def _found(self) -> None:
        rows = self.query_one(Choices)
        rows.action_first()
        rows.focus()

    @on(OptionList.OptionSelected, "#ad-rows")
    def _take(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        key = event.option_id or ""
        match self._asking:
            case "team":
                if key != self._team:
                    self._team, self._entries = key, set()
                self._on()
            case "clause":
                self._clause = key
                self._on()
            case "entries":
                self._entries ^= {int(key)}
                self.refresh_page()
                self.say("")
            case _:
                self._grade = Grade(key)
                self._why()

    def action_read(self) -> None:
        chosen, dossier = self.query_one(Choices).chosen or "", self.view.dossier
        if self._asking == "clause" and chosen in dossier.clauses:
            self.app.push_screen(ReadScreen(_("A clause"), clause_text(dossier.clauses[chosen])))
        elif self._asking == "entries" and chosen.isdigit() and int(chosen) in dossier.lines:
            self.app.push_screen(ReadScreen(_("From the record"), record_line(dossier.lines[int(chosen)])))

    def action_on(self) -> None:
        if not self._entries:
            self.say(_("Tick at least one entry that shows it."), wrong=True)
        elif len(self._entries) > _MOST_ENTRIES:
            self.say(
                _("At most {most_entries} entries; take some off again.").format(most_entries=_MOST_ENTRIES), wrong=True
            )
        else:
            self._on()

    def _on(self) -> None:
        self._step += 1
        self._ask()

    def action_back(self) -> None:
        if self._step == 0:
            self.dismiss(None)
        else:
            self._step -= 1
            self._ask()

    def _why(self) -> None:
        key = f"add|{self._team}|{self._clause}"
        text = f"**{clause_title(self.view.dossier, self._clause)}**"

        def answered(reason: str | None) -> None:
            if reason is not None:
                self.run_worker(self._send(reason, key), exclusive=True)

        question = _("{graded}: why?").format(graded=graded(self._grade))
        self.app.push_screen(ReasonScreen(self.desk, key, question, text), answered)

    async def _send(self, reason: str, key: str) -> None:
        assert self._grade is not None
        command = AddMark(
            team=self._team,
            commitment=self._clause,
            grade=self._grade,
            reason=reason,
            entries=tuple(sorted(self._entries)),
            decision=self._decision(),
        )
        if await self.asked(self.desk.submit(command), ""):
            self.desk.keep(key, "")
            self.dismiss(_("The mark is added; it stands at the end of the list."))

    def _decision(self) -> str:
        """The decision whose answer is among the entries, if it is one."""
        answered = {one.decision.entry: one.decision.id for one in self.view.dossier.marks if one.decision is not None}
        found = {answered[entry] for entry in self._entries if entry in answered}
        return found.pop() if len(found) == 1 else ""
