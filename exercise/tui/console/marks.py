"""Marks as they accrue, for controllers only: by team and clause, with the reason for each, and voiding one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import OptionList, Static

from exercise.core.commands import VoidMark
from exercise.core.marks import CapacityFinding, Mark
from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.tui.console.base import ConsoleScreen
from exercise.tui.console.corrections import WhyScreen
from exercise.tui.screens.mark import mark_text
from exercise.tui.widgets.choice_bar import ChoiceBar
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.grades import grade_text, legend
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.assess import Assessment
    from exercise.session.control import Control

__all__ = ["MarksScreen"]

EVERY = 15.0
"""Seconds after which marks are worked out anew at the earliest, while this page is open and something has happened."""

_QUIET = "$foreground 65%"
Found = Mark | CapacityFinding


class MarksScreen(ConsoleScreen[None]):
    """Worked out on opening, on `u`, and now and then by itself, for it looks through the whole log."""

    CSS_PATH = "marks.tcss"
    TITLE_WORDS = N_("marks as they accrue")
    HELP = N_("""
What the program would propose **if the exercise ended now**, team by team and clause by clause. Nobody else sees any
of it before the hot wash; evaluators confirm or change it there.

- **●** honoured  **◐** partly honoured  **○** neglected  **✕** breached  **▫** unable: a finding about means
- The pane says why: what the text asks, what was done, and how the grade came about.
- **v** and **V** choose one team or all. **o** turns the newest to the top, or groups by clause again.
- **u** works the marks out anew; while this page is open that happens by itself about every quarter of a minute.
- **x** makes a mark **void**: it stands in no figure any more. You are asked why, and the log keeps it.
""")
    BINDINGS = [
        Binding("u", "renew", "Work out", tooltip="Work the marks out anew"),
        Binding("v", "team(1)", "Team", tooltip="The next team, or all"),
        Binding("V", "team(-1)", "Team before", show=False, tooltip="The team before, or all"),
        Binding("o", "order", "Newest first", tooltip="The newest first, or by clause"),
        Binding("x", "void", "Void", tooltip="The marked one is not to count"),
    ]

    def __init__(self, control: Control) -> None:
        super().__init__(control)
        self._assessment: Assessment | None = None
        self._team = ""
        self._newest = False
        self._asking = False
        self._seq = -1
        self._when = 0

    def page(self) -> ComposeResult:
        yield ChoiceBar(self._teams(), self._team, label=_("Marks of "), id="marks-team")
        with Horizontal(id="marks-both"):
            yield Choices(id="marks", classes="panel")
            yield ProseView(id="mark", classes="panel")
        yield Static(safe(legend(), _QUIET), id="marks-legend", markup=False)

    def on_mount(self) -> None:
        self.set_interval(EVERY, self._renew_if_news, name="marks")
        self.start_at(self.query_one("#marks"))
        self.action_renew()

    def refresh_page(self) -> None:
        self.query_one(ChoiceBar).put(self._teams(), self._team)
        rows = self.query_one("#marks", Choices)
        if self._assessment is None:
            rows.show([("#wait", safe(_("The marks are being worked out …")))])
            return
        rows.show(self._rows() or [("#none", safe(_("No mark has been given yet.")))])
        if rows.highlighted is None:
            rows.action_first()
        old = self.control.room().seq != self._seq
        rows.border_title = _("As of {exercise_time}{it}").format(
            exercise_time=exercise_time(self._when), it=_(" · u: there is news") if old else ""
        )
        self._read()

    def hint(self) -> str:
        return _("↑ ↓ read the reasons; u works the marks out anew, x voids one. esc goes back.")

    def _teams(self) -> tuple[tuple[str, str], ...]:
        return (("", _("all")), *self.control.teams)

    # Working them out

    def action_renew(self) -> None:
        """Asks for the marks as they stand now, unless that is being done."""
        if not self._asking:
            self._asking = True
            self.run_worker(self._renew())

    def _renew_if_news(self) -> None:
        if self.is_current and self.control.room().seq != self._seq:
            self.action_renew()

    async def _renew(self) -> None:
        try:
            seq = self.control.room().seq
            self._assessment = await self.control.assessment()
            self._seq, self._when = seq, self.control.view().clock.exercise
        except ExerciseError as error:
            self.say(str(error), wrong=True)
        finally:
            self._asking = False
        if self.is_attached:
            self.refresh_page()
            self.refresh_bindings()

    # What is shown

    @property
    def _found(self) -> dict[str, Found]:
        assessment = self._assessment
        if assessment is None:
            return {}
        both: list[Found] = [*assessment.marks, *assessment.findings]
        return {f"m{one.id}": one for one in both if self._team in ("", one.team)}

    def _rows(self) -> list[tuple[str, Content | Line]]:
        found, names = self._found, dict(self.control.teams)
        if self._newest:
            newest = sorted(found.items(), key=lambda item: -item[1].exercise)
            return [(key, self._row(one, f"{names.get(one.team, one.team)}: ")) for key, one in newest]
        rows: list[tuple[str, Content | Line]] = []
        for team, short in self.control.teams:
            mine = [(key, one) for key, one in found.items() if one.team == team]
            if not mine:
                continue
            rows.append((f"#{team}", safe(f"{short} · {len(mine)}", "bold $primary")))
            last = ""
            for key, one in sorted(mine, key=lambda item: (item[1].instrument, item[1].commitment, item[1].exercise)):
                if one.commitment != last:
                    last = one.commitment
                    rows.append((f"#{team}-{last}", safe(f" {self._clause(one)}", _QUIET)))
                rows.append((key, self._row(one, "  ")))
        return rows

    def _clause(self, one: Found) -> str:
        reference = self.control.reference
        text, commitment = reference.instruments.get(one.instrument), reference.commitments.get(one.commitment)
        named = f": {commitment.title}" if commitment else ""
        return f"{text.short if text else one.instrument}, {one.clause}{named}"

    def _row(self, one: Found, before: str) -> Line:
        grade = grade_text(one.grade, pad=True) if isinstance(one, Mark) else Content(f"{_('▫ unable'):<11}")
        notes = [_("void")] if one.voided else [_("observed")] if isinstance(one, Mark) and one.observation else []
        left = Content(before if before.isspace() else "  ") + grade + Content("  ")
        left += safe("" if before.isspace() else before, "bold") + safe(one.title)
        return Line(left, safe("  ".join([*notes, exercise_time(one.exercise)]), _QUIET))

    @property
    def _marked(self) -> Found | None:
        return self._found.get(self.query_one("#marks", Choices).chosen or "")

    def _read(self) -> None:
        pane, one = self.query_one("#mark", ProseView), self._marked
        text = _("Mark a row to read why it stands.")
        if one is not None:
            names = dict(self.control.teams)
            text = f"**{plain(names.get(one.team, one.team))}** · {plain(one.title)}\n\n{plain(one.reason)}\n\n---\n\n"
            text += mark_text(one, self.control.reference)
        pane.show(text, keep_place=text == pane.text)

    @on(OptionList.OptionHighlighted, "#marks")
    def _moved(self) -> None:
        self._read()
        self.refresh_bindings()

    @on(OptionList.OptionSelected, "#marks")
    def _opened(self) -> None:
        self.query_one("#mark").focus()

    @on(ChoiceBar.Chosen)
    def _team_clicked(self, event: ChoiceBar.Chosen) -> None:
        self._team = event.choice
        self.refresh_page()

    def action_team(self, by: int) -> None:
        teams = [team for team, _ in self._teams()]
        self._team = teams[(teams.index(self._team) + by) % len(teams)]
        self.refresh_page()

    def action_order(self) -> None:
        self._newest = not self._newest
        self.refresh_page()

    # Voiding

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "void" and self.is_mounted:
            one = self._marked
            return one is not None and not one.voided and self.control.view().clock.phase != "ended"
        return True

    def action_void(self) -> None:
        one = self._marked
        if one is None:
            return
        names = dict(self.control.teams)
        question = WhyScreen(
            _("Make this mark void?"),
            _("**{get}**: {title}\n\nIt stands in no figure any more.").format(
                get=plain(names.get(one.team, one.team)), title=plain(one.title)
            ),
            yes=_("Make it void"),
        )

        def answered(why: str | None) -> None:
            if why is not None:
                self.run_worker(self._void(VoidMark(mark=one.id, why=why)))

        self.app.push_screen(question, answered)

    async def _void(self, command: VoidMark) -> None:
        if await self.asked(self.control.submit(command), _("Void: it counts no more.")):
            self.action_renew()
