"""The improvement plan: rows that all evaluators and exercise control write together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static, TextArea

from exercise.core.evaluation.commands import Element, WriteAction
from exercise.errors import ExerciseError
from exercise.language import N_, _, ngettext
from exercise.tui.console.corrections import SureScreen
from exercise.tui.evaluation.base import EvaluationScreen
from exercise.tui.evaluation.words import ELEMENTS
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.form import label, ticks
from exercise.tui.widgets.grades import CHIP
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.reader import Item, Reader
from exercise.tui.widgets.words import plain
from exercise.tui.widgets.writing import ManyLines, OneLine

if TYPE_CHECKING:
    from exercise.core.evaluation.views import PlanRow
    from exercise.session.evaluating import EvaluationDesk

__all__ = ["PlanScreen"]

_QUIET = "$foreground 65%"
_LINES = ("area", "owner", "contact", "start", "end")
_LONGEST = 4_000


class PlanScreen(EvaluationScreen[None]):
    """The rows, and a form for each."""

    CSS = """
    PlanScreen #pl-head { height: 1; padding: 0 1; background: $panel; }
    """
    TITLE_WORDS = N_("the improvement plan")
    HELP = N_("""
What is to change at home: each row names an **area for improvement**, the **corrective action**, the capability element
it belongs to, who **owns** it, and from when to when. The plan is one for all: every evaluator and exercise control
can write in it, before and after finishing.

**n** writes a new row, **e** changes the one that is marked, **delete** takes it out.
""")
    BINDINGS = [
        Binding("n", "new", "New row", tooltip="Write a new row"),
        Binding("e", "edit", "Change", tooltip="Change the row that is marked"),
        Binding("delete", "drop", "Take out", tooltip="Take the row out of the plan"),
    ]

    def body(self) -> ComposeResult:
        yield Static(id="pl-head", markup=False)
        yield Reader(id="pl")

    def on_mount(self) -> None:
        self.start_at(self.query_one(Reader).rows)

    def hint(self) -> str:
        if not self.view.standing.plan:
            return _("n: write the first row · esc goes back")
        return _("n: a new row · e: change this one · delete: take it out · esc goes back")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action not in ("edit", "drop") or not self.is_mounted or self._row is not None

    def refresh_page(self) -> None:
        rows = self.view.standing.plan
        head = Content.assemble(CHIP, "  ", safe(_("Improvement plan"), "bold"))
        self.query_one("#pl-head", Static).update(
            Line(head, safe(ngettext("{count} row", "{count} rows", len(rows)).format(count=len(rows))))
        )
        items = [
            Item(
                f"r{row.number}",
                safe(f"{row.number}  {row.area or row.action}"),
                safe(row.owner, _QUIET),
                partial(row_text, row),
            )
            for row in rows
        ]
        self.query_one(Reader).put(
            items, _("No row yet"), otherwise=_("Press **n** to write the first row of the plan.")
        )

    @property
    def _row(self) -> PlanRow | None:
        chosen = self.query_one(Reader).rows.chosen
        return next((row for row in self.view.standing.plan if f"r{row.number}" == chosen), None)

    def action_new(self) -> None:
        self.app.push_screen(RowScreen(self.desk, None), self._said)

    def action_edit(self) -> None:
        if self._row is not None:
            self.app.push_screen(RowScreen(self.desk, self._row), self._said)

    def _said(self, said: str | None) -> None:
        if said:
            self.say(said)

    def action_drop(self) -> None:
        row = self._row
        if row is None:
            return

        def answered(yes: bool | None) -> None:
            if yes:
                command = WriteAction(number=row.number, area=row.area, action=row.action, drop=True)
                self.run_worker(
                    self.asked(self.desk.submit(command), _("Row {number} is taken out.").format(number=row.number))
                )

        question = SureScreen(
            _("Take this row out?"), plain(row.area or row.action), yes=_("Take it out"), no=_("Leave it")
        )
        self.app.push_screen(question, answered)


class RowScreen(ExerciseScreen[str]):
    """One row as a form; what was written is kept half-written too."""

    CSS = """
    RowScreen VerticalScroll { padding: 0 2; height: 1fr; scrollbar-gutter: stable; }
    RowScreen .label { height: auto; margin-top: 1; }
    RowScreen .line { height: 1; border: none; background: $surface; max-width: 110; padding: 0 1; }
    RowScreen .line:focus { background: $panel; border: none; }
    RowScreen TextArea { height: 4; max-width: 110; }
    RowScreen #row-element { height: auto; max-height: 6; max-width: 110; background: $surface; }
    """
    TITLE_WORDS = N_("a row of the improvement plan")
    HINT = N_("tab: next field · ctrl+s keeps the row · esc leaves it, what you wrote waits")
    HELP = N_("""
Fill in what you know; an **area** or an **action** is enough to begin with, and the rest can be added later.

**tab** goes from field to field; in the list **enter** ticks the capability element. **ctrl+s** keeps the row.
""")
    BINDINGS = [Binding("ctrl+s", "save", "Keep", key_display="^s", priority=True, tooltip="Keep the row")]

    def __init__(self, desk: EvaluationDesk, row: PlanRow | None) -> None:
        super().__init__()
        self._desk, self._row = desk, row
        self._number = row.number if row is not None else 0
        self._element = desk.kept(self._key("element")) or (row.element if row is not None else "")

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield label(_("Area for improvement"), _("What fell short, in a line."))
            yield self._line("area", 400)
            yield label(_("Corrective action"), _("What is to be done."))
            yield ManyLines(self._value("action"), id="row-action")
            yield label(_("Capability element"))
            yield Choices(id="row-element", mark_first=False, one_click=True)
            yield label(_("Owner"), _("Who sees to it: a body, rather than a person."))
            yield self._line("owner", 400)
            yield label(_("Contact"))
            yield self._line("contact", 400)
            yield label(_("Start"), _("A date or a month, as you write it."))
            yield self._line("start", 40)
            yield label(_("End"))
            yield self._line("end", 40)

    def _line(self, field: str, longest: int) -> Input:
        return OneLine(self._value(field), id=f"row-{field}", max_length=longest, compact=True, classes="line")

    def on_mount(self) -> None:
        self._fill()
        self.query_one("#row-area").focus()

    def _fill(self) -> None:
        self.query_one("#row-element", Choices).show(
            ticks(((id or "-", _(w), "") for id, w in ELEMENTS), {self._element or "-"})
        )

    def _key(self, field: str) -> str:
        return f"plan|{self._number}|{field}"

    def _value(self, field: str) -> str:
        return self._desk.kept(self._key(field)) or (str(getattr(self._row, field)) if self._row is not None else "")

    @on(OptionList.OptionSelected, "#row-element")
    def _tick(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._element = "" if event.option_id in (None, "-") else str(event.option_id)
        self._desk.keep(self._key("element"), self._element)
        self._fill()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._desk.keep(self._key((event.input.id or "")[4:]), event.value)

    @on(TextArea.Changed)
    def _written(self, event: TextArea.Changed) -> None:
        self._desk.keep(self._key((event.text_area.id or "")[4:]), event.text_area.text)

    async def action_save(self) -> None:
        line = {field: self.query_one(f"#row-{field}", Input).value.strip() for field in _LINES}
        action = self.query_one("#row-action", TextArea).text.strip()
        if len(action) > _LONGEST:
            self.say(_("The action is longer than {longest:,} characters.").format(longest=_LONGEST), wrong=True)
            return
        command = WriteAction(
            number=self._number,
            area=line["area"],
            action=action,
            element=cast(Element, self._element),
            owner=line["owner"],
            contact=line["contact"],
            start=line["start"],
            end=line["end"],
        )
        try:
            await self._desk.submit(command)
        except ExerciseError as error:
            self.say(str(error), wrong=True)
            return
        for field in (*_LINES, "action", "element"):
            self._desk.keep(self._key(field), "")
        self.dismiss(_("The row is kept."))


def row_text(row: PlanRow) -> str:
    """A row to be read."""
    facts = (
        (_("Capability element"), _(dict(ELEMENTS)[row.element]) if row.element else ""),
        (_("Owner"), row.owner),
        (_("Contact"), row.contact),
        (_("Start"), row.start),
        (_("End"), row.end),
    )
    lines = [f"## {plain(row.area) or _('Row ') + str(row.number)}", ""]
    lines += [_("**Corrective action:** {action}").format(action=plain(row.action)), ""] if row.action else []
    return "\n".join([*lines, *(f"- {name}: {plain(text)}" for name, text in facts if text)])
