"""One occasion with all its marks: what the texts ask, what the team did and knew, and the keys to judge it by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from exercise.core.evaluation.commands import JudgeMark
from exercise.core.script import Grade
from exercise.language import N_, _, quoted
from exercise.tui.evaluation.base import EvaluationScreen
from exercise.tui.evaluation.reading import ReadScreen, RecordScreen, record_rows
from exercise.tui.evaluation.reason import ReasonScreen
from exercise.tui.evaluation.words import differing, graded, mark_text, record_line, verdict
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.grades import CHIP, grade_text
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.evaluation.views import MarkToJudge, Occasion
    from exercise.session.evaluating import EvaluationDesk

__all__ = ["JudgeScreen"]

_QUIET = "$foreground 65%"
_KEYS = {
    "h": Grade.HONOURED,
    "p": Grade.PARTLY,
    "n": Grade.NEGLECTED,
    "b": Grade.BREACHED,
    "1": Grade.HONOURED,
    "2": Grade.PARTLY,
    "3": Grade.NEGLECTED,
    "4": Grade.BREACHED,
}
_HELP = N_("""
This is **one occasion** of one team, with every mark that the program proposes on it. **↑** and **↓** go from mark to
mark; below stands why it is proposed, what its clause asks, and the decision with its options. **tab** goes to the
text, to scroll it.

- **c** **confirms** all marks of this occasion that you have not judged, and goes on to the next one.
- **enter** confirms only the mark that is chosen.
- **h** honoured, **p** partly, **n** neglected, **b** breached, or **1** to **4**: **changes** it. You are asked why.
- **x**: the clause **does not apply** here. You are asked why.
- **k** shows **what the team knew and did until then**; on a wide screen it stands at the right. Nothing that came
  afterwards is shown.
- **←** and **→** go to the occasion before and after; **u** to the next one where something is not judged.

What you judged can be changed until you finish; just judge it again. A mark that you leave stands as proposed.
""")


class JudgeScreen(EvaluationScreen[str]):
    """Judges one occasion after the other; closes with the one it was at."""

    CSS = """
    JudgeScreen #jm-title { height: 1; padding: 0 1; background: $panel; }
    JudgeScreen #jm-both { height: 1fr; }
    JudgeScreen #jm-left { width: 3fr; height: 1fr; }
    JudgeScreen #jm-marks { height: auto; max-height: 7; }
    JudgeScreen #jm-text { height: 1fr; border-top: solid $border-blurred; }
    JudgeScreen #jm-text:focus { border-top: solid $border; }
    JudgeScreen #jm-side { width: 2fr; height: 1fr; display: none; border-left: solid $border-blurred; }
    JudgeScreen #jm-side-title { height: 1; padding: 0 1; }
    JudgeScreen #jm-record { height: 1fr; }
    JudgeScreen #jm-mine { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
    JudgeScreen.-wide #jm-side, JudgeScreen.-very-wide #jm-side { display: block; }
    JudgeScreen.-wide #jm-marks, JudgeScreen.-very-wide #jm-marks { max-height: 12; }
    """
    TITLE_WORDS = N_("judging an occasion")
    HELP = _HELP
    BINDINGS = [
        Binding("c", "confirm_all", "Confirm all, on", tooltip="Confirm what is not judged here, and go on"),
        *(
            Binding(key, f"grade('{key}')", word, tooltip=f"Change this mark to {_KEYS[key].value}")
            for key, word in (("h", N_("Honoured")), ("p", N_("Partly")), ("n", N_("Neglected")), ("b", N_("Breached")))
        ),
        *(Binding(key, f"grade('{key}')", show=False) for key in "1234"),
        Binding("x", "not_applicable", "Not applicable", tooltip="The clause does not apply here"),
        Binding("k", "knew", "Knew", tooltip="What the team knew and did until then"),
        Binding("u", "next", "Next unjudged", tooltip="The next occasion where something is not judged"),
        Binding("left,left_square_bracket", "go(-1)", "Before", show=False, tooltip="The occasion before"),
        Binding("right,right_square_bracket", "go(1)", "After", show=False, tooltip="The occasion after"),
    ]

    def __init__(self, desk: EvaluationDesk, occasion: str, order: tuple[str, ...]) -> None:
        super().__init__(desk)
        self._all = {one.id: one for one in desk.view().dossier.occasions()}
        self._at, self._order = occasion, order if occasion in order else tuple(self._all)
        self._read = ""

    def body(self) -> ComposeResult:
        yield Static(id="jm-title", markup=False)
        with Horizontal(id="jm-both"):
            with Vertical(id="jm-left"):
                yield Choices(id="jm-marks")
                yield ProseView(id="jm-text")
            with Vertical(id="jm-side"):
                yield Static(Content(_("What the team knew and did until then")), id="jm-side-title", classes="heading")
                yield Choices(id="jm-record")
        yield Static(id="jm-mine", markup=False)

    def on_mount(self) -> None:
        self.refresh_page()
        self._first_waiting()

    @property
    def occasion(self) -> Occasion:
        """What is looked at."""
        return self._all[self._at]

    @property
    def one(self) -> MarkToJudge:
        """The mark that is chosen."""
        chosen = self.query_one("#jm-marks", Choices).chosen
        return next((one for one in self.occasion.marks if one.id == chosen), self.occasion.marks[0])

    def hint(self) -> str:
        if self.view.standing.finished:
            return _("You have finished: to look at only. ← → other occasions · esc goes back")
        waiting = len(self.view.waiting(self.occasion))
        if not waiting:
            return _("All judged here. u: the next one not judged · ← → other occasions · esc goes back")
        every = _("confirm all {waiting} and go on").format(waiting=waiting) if waiting > 1 else _("confirm and go on")
        return _("c: {every} · enter: only this · h p n b x: change · k: what it knew").format(every=every)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.is_mounted or action not in ("grade", "not_applicable", "confirm_all", "next"):
            return True
        if self.view.standing.finished:
            return False
        if action == "confirm_all":
            return bool(self.view.waiting(self.occasion))
        if action == "next":
            return True
        if self.one.id in self.view.standing.voided:
            return False
        return action != "grade" or _KEYS[str(parameters[0])] in self.one.grades

    def refresh_page(self) -> None:
        occasion = self.occasion
        when = _("{index} of {count}").format(index=self._order.index(self._at) + 1, count=len(self._order))
        head = Content.assemble(CHIP, "  ", safe(f"{occasion.name}: {occasion.title}", "bold"))
        self.query_one("#jm-title", Static).update(Line(head, safe(when)))
        rows = self.query_one("#jm-marks", Choices)
        rows.show((one.id, self._row(one)) for one in occasion.marks)
        if rows.highlighted is None:
            rows.action_first()
        self._show_one()

    def _show_one(self) -> None:
        one, view = self.one, self.view
        text = "\n".join([*differing(view.standing, one.id, one.mark.grade), mark_text(view, one)])
        self.query_one("#jm-text", ProseView).show(text, keep_place=self._read == one.id)
        self.query_one("#jm-mine", Static).update(self._mine(one))
        if self._read != one.id:
            self._read = one.id
            record = self.query_one("#jm-record", Choices)
            record.show(record_rows(view.dossier.record(one), set(one.shown)))
            record.action_last()

    def _row(self, one: MarkToJudge) -> Line:
        standing = self.view.standing
        judgment = standing.mine.get(one.id)
        said = _("void") if one.id in standing.voided else verdict(one, judgment)
        if one.mark.self_proposed and judgment is None:
            said = _("self-proposed")
        sign = "·" if judgment is None else "✔" if judgment.grade is one.mark.grade else "✎"
        words = self._clause(one.mark.commitment)
        left = Content.assemble(f" {sign} ", grade_text(one.mark.grade, pad=True), "  ", safe(words))
        return Line(left, safe(said, "" if judgment is None else _QUIET))

    def _clause(self, commitment: str) -> str:
        clause = self.view.dossier.clauses.get(commitment)
        return clause.title if clause is not None else commitment

    def _mine(self, one: MarkToJudge) -> Content:
        standing = self.view.standing
        if one.id in standing.voided:
            return safe(_("Exercise control has set this mark aside: it counts in no figure."), "bold")
        judgment = standing.mine.get(one.id)
        if judgment is None:
            return safe(_("You have not judged this mark yet."), "bold")
        said = _("You: {verdict}").format(verdict=verdict(one, judgment))
        return safe(f"{said}. {judgment.reason}" if judgment.reason else f"{said}.", "bold")

    @on(OptionList.OptionHighlighted, "#jm-marks")
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._show_one()
        self.refresh_bindings()

    # --- going on ---

    def action_back(self) -> None:
        self.dismiss(self._at)

    def action_go(self, by: int) -> None:
        self._go(self._order[(self._order.index(self._at) + by) % len(self._order)])

    def action_next(self) -> None:
        if not self._go_next():
            self.say(_("Every mark is judged. esc goes back; f there finishes."))

    def _go_next(self) -> bool:
        """To the next occasion with something not judged: of those shown first, then of all."""
        for names in (self._order, tuple(self._all)):
            here = names.index(self._at) + 1 if self._at in names else 0
            found = next((n for n in (*names[here:], *names[:here]) if self.view.waiting(self._all[n])), None)
            if found is not None:
                self._order = names
                self._go(found)
                return True
        return False

    def _go(self, occasion: str) -> None:
        self._at = occasion
        self._show()
        self._first_waiting()
        self.say("")

    def _first_waiting(self) -> None:
        rows = self.query_one("#jm-marks", Choices)
        waiting = self.view.waiting(self.occasion)
        rows.choose(waiting[0].id if waiting else self.occasion.marks[0].id)
        rows.focus()

    def action_knew(self) -> None:
        one = self.one
        self.app.push_screen(RecordScreen(self.view.dossier.record(one), set(one.shown)))

    @on(OptionList.OptionSelected, "#jm-record")
    def _read_entry(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        line = self.view.dossier.lines.get(int((event.option_id or "e:0")[2:]))
        if line is not None:
            self.app.push_screen(ReadScreen(_("From the record"), record_line(line)))

    # --- judging ---

    @on(OptionList.OptionSelected, "#jm-marks")
    def _confirm(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        one, standing = self.one, self.view.standing
        if not standing.finished and one.id not in standing.voided:
            self.run_worker(self._judge(one, one.mark.grade, ""), exclusive=True)

    def action_confirm_all(self) -> None:
        self.run_worker(self._judge_all(self.view.waiting(self.occasion)), exclusive=True)

    async def _judge_all(self, rows: tuple[MarkToJudge, ...]) -> None:
        where = f"{self.occasion.name}, {quoted(self.occasion.title)}"
        for one in rows:
            if not await self.asked(self.desk.submit(JudgeMark(mark=one.id, grade=one.mark.grade)), ""):
                return
        more = self._go_next()
        counted = _("1 mark") if len(rows) == 1 else _("{count} marks").format(count=len(rows))
        done = _("{counted} confirmed: {where}.").format(counted=counted, where=where)
        self.call_later(self.say, done if more else _("Every mark is judged. esc goes back; f there finishes."))

    def action_grade(self, key: str) -> None:
        one, grade = self.one, _KEYS[key]
        if grade is one.mark.grade:
            self.run_worker(self._judge(one, grade, ""), exclusive=True)
        else:
            self._ask(
                one,
                grade,
                _("{graded} in place of {graded2}: why?").format(graded=graded(grade), graded2=graded(one.mark.grade)),
            )

    def action_not_applicable(self) -> None:
        self._ask(self.one, None, _("Why does this clause not apply here?"))

    def _ask(self, one: MarkToJudge, grade: Grade | None, question: str) -> None:
        text = f"**{plain(one.team)}**: {plain(one.mark.title)}  \n{plain(self._clause(one.mark.commitment))}"

        def answered(reason: str | None) -> None:
            if reason is not None:
                self.run_worker(self._judge(one, grade, reason), exclusive=True)
            else:
                self.say(_("Nothing is changed; what you wrote waits."))

        self.app.push_screen(ReasonScreen(self.desk, f"reason|{one.id}", question, text), answered)

    async def _judge(self, one: MarkToJudge, grade: Grade | None, reason: str) -> None:
        """Keeps a judgment, and goes on to the next mark of the occasion that waits."""
        if not await self.asked(self.desk.submit(JudgeMark(mark=one.id, grade=grade, reason=reason)), ""):
            return
        self.desk.keep(f"reason|{one.id}", "")
        word = _("Confirmed") if grade is one.mark.grade else _("Kept: {graded}").format(graded=graded(grade))
        waiting = self.view.waiting(self.occasion)
        if waiting:
            places = {row.id: place for place, row in enumerate(self.occasion.marks)}
            later = [row for row in waiting if places[row.id] > places[one.id]]
            self.query_one("#jm-marks", Choices).choose((later or waiting)[0].id)
        more = "" if waiting else _(" All judged here: u goes on.")
        self.call_later(self.say, f"{word}, {quoted(self._clause(one.mark.commitment))}.{more}")
