"""What evaluators differ on, side by side once all have finished, to settle together; and marks that one added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList, Static

from exercise.core.evaluation.commands import JudgeMark, SettleMark
from exercise.core.script import Grade
from exercise.language import N_, _
from exercise.tui.evaluation.base import EvaluationScreen
from exercise.tui.evaluation.reason import ReasonScreen
from exercise.tui.evaluation.words import GRADE_SIGNS, added_text, differing, graded, mark_text
from exercise.tui.widgets.grades import CHIP
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.reader import Item, Reader
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.evaluation.views import AddedMark, MarkToJudge
    from exercise.session.evaluating import EvaluationDesk

__all__ = ["AddedScreen", "DifferencesScreen"]

_QUIET = "$foreground 65%"
_KEYS = {"h": Grade.HONOURED, "p": Grade.PARTLY, "n": Grade.NEGLECTED, "b": Grade.BREACHED, "x": None}


class DifferencesScreen(EvaluationScreen[None]):
    """The marks on which evaluators came to different grades, and those that one of them added."""

    CSS = """
    DifferencesScreen #df-head { height: 1; padding: 0 1; background: $panel; }
    DifferencesScreen #df-said { height: 1; padding: 0 1; color: $foreground 75%; text-wrap: nowrap;
                                 text-overflow: ellipsis; }
    """
    TITLE_WORDS = N_("what evaluators differ on")
    HELP = N_("""
All evaluators have finished, so their marks lie open. Here stand those on which they **differ**, each with the reasons
of all, and the marks that one of them **added**.

Talk them over, and **settle** what you can: **h** honoured, **p** partly, **n** neglected, **b** breached, **x** does
not apply. You are asked for a reason that all stand by. A mark that you leave stays as the program proposed it, and the
report prints that evaluators differ.

What each of you marked stays in the log in any case.
""")
    BINDINGS = [
        *(
            Binding(key, f"settle('{key}')", word, tooltip=f"Settle it together: {word.lower()}")
            for key, word in (
                ("h", N_("Honoured")),
                ("p", N_("Partly")),
                ("n", N_("Neglected")),
                ("b", N_("Breached")),
                ("x", "Not applicable"),
            )
        ),
    ]

    def body(self) -> ComposeResult:
        yield Static(id="df-head", markup=False)
        yield Static(id="df-said", markup=False)
        yield Reader(id="df")

    def on_mount(self) -> None:
        self.start_at(self.query_one(Reader).rows)

    def hint(self) -> str:
        return _("h p n b x: settle it together, with a reason · tab: the text · esc goes back")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.is_mounted and action == "settle":
            standing = self.view.standing
            return self._chosen is not None and standing.all_finished and len(standing.evaluators) > 1
        return True

    def refresh_page(self) -> None:
        view, standing = self.view, self.view.standing
        differ, added = view.disagreements(), standing.added
        settled = standing.settled or {}
        head = Content.assemble(CHIP, "  ", safe(_("What evaluators differ on"), "bold"))
        left = sum(one.id not in settled for one in differ)
        self.query_one("#df-head", Static).update(
            Line(head, safe(_("{left} of {count} not settled").format(left=left, count=len(differ))))
        )
        self.query_one("#df-said", Static).update(safe(self._agreed()))
        items = [self._differing(one) for one in differ] + [self._added(one) for one in added]
        nothing = _("You agree on every mark that two of you judged.") if standing.all_finished else ""
        self.query_one(Reader).put(items, _("Nothing"), otherwise=nothing)

    def _agreed(self) -> str:
        compared, same = self.view.compared()
        if not compared:
            return _("No mark was judged by two evaluators.")
        percent = round(100 * same / compared)
        return _("Of {compared} marks that two of you judged, {same} came out the same ({percent} per cent).").format(
            compared=compared, same=same, percent=percent
        )

    def _differing(self, one: MarkToJudge) -> Item:
        standing, view = self.view.standing, self.view
        settled = (standing.settled or {}).get(one.id)
        grades = " / ".join(GRADE_SIGNS[row.grade] for row in standing.judgments(one.id))
        right = (
            safe(_("settled {grade_signs}").format(grade_signs=GRADE_SIGNS[settled.grade]), _QUIET)
            if settled is not None
            else safe(grades, "bold")
        )
        clause = view.dossier.clauses.get(one.mark.commitment)
        left = safe(f"{one.team}: {clause.title if clause is not None else one.mark.title}")

        def read() -> str:
            top = f"**{plain(one.team)}**: {plain(one.mark.title)}\n\n"
            return top + "\n".join([*differing(standing, one.id, one.mark.grade), mark_text(view, one)])

        return Item(f"m:{one.id}", left, right, read)

    def _added(self, added: AddedMark) -> Item:
        view = self.view
        settled = (view.standing.settled or {}).get(added.id)
        clause = view.dossier.clauses.get(added.commitment)
        names = {id: short for id, short, _unused in view.dossier.teams}
        words = clause.title if clause is not None else added.commitment
        right = safe(
            _("settled {grade_signs}").format(grade_signs=GRADE_SIGNS[settled.grade])
            if settled
            else _("added {grade_signs}").format(grade_signs=GRADE_SIGNS[added.grade]),
            _QUIET,
        )
        return Item(
            f"a:{added.id}", safe(f"{names.get(added.team, '')}: {words}"), right, lambda: added_text(view, added)
        )

    @property
    def _chosen(self) -> str | None:
        chosen = self.query_one(Reader).rows.chosen or ""
        return chosen[2:] if chosen[:2] in ("m:", "a:") else None

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        self.refresh_bindings()

    def action_settle(self, key: str) -> None:
        mark, grade = self._chosen, _KEYS[key]
        if mark is None:
            return
        kept = f"settle|{mark}"

        async def send(reason: str) -> None:
            command = SettleMark(mark=mark, grade=grade, reason=reason)
            if await self.asked(self.desk.submit(command), _("Settled: {graded}.").format(graded=graded(grade))):
                self.desk.keep(kept, "")

        def answered(reason: str | None) -> None:
            if reason is not None:
                self.run_worker(send(reason), exclusive=True)

        question = _("Settle it together as {graded}: why?").format(graded=graded(grade))
        self.app.push_screen(ReasonScreen(self.desk, kept, question), answered)


class AddedScreen(EvaluationScreen[None]):
    """A mark that an evaluator added; its author changes it or takes it back."""

    CSS = """
    AddedScreen #as-head { height: 1; padding: 0 1; background: $panel; }
    AddedScreen ProseView { height: 1fr; }
    """
    TITLE_WORDS = N_("a mark that was added")
    HELP = N_("""
This mark was **added** by an evaluator. Until you finish you can change your own: **h** honoured, **p** partly, **n**
neglected, **b** breached; **x** takes it back. You are asked why.
""")
    BINDINGS = [
        *(
            Binding(key, f"change('{key}')", word, tooltip=f"{word}: you are asked why")
            for key, word in (
                ("h", N_("Honoured")),
                ("p", N_("Partly")),
                ("n", N_("Neglected")),
                ("b", N_("Breached")),
                ("x", "Take back"),
            )
        ),
    ]

    def __init__(self, desk: EvaluationDesk, mark: str) -> None:
        super().__init__(desk)
        self._mark = mark

    def body(self) -> ComposeResult:
        yield Static(Content.assemble(CHIP, "  ", _("A mark that was added")), id="as-head", markup=False)
        yield ProseView(id="as-text")

    def on_mount(self) -> None:
        self.query_one(ProseView).focus()

    @property
    def _added(self) -> AddedMark | None:
        return next((one for one in self.view.standing.added if one.id == self._mark), None)

    @property
    def _mine(self) -> bool:
        added, standing = self._added, self.view.standing
        return added is not None and added.by == standing.seat and not standing.finished

    def hint(self) -> str:
        return _("h p n b: change it · x: take it back · esc goes back") if self._mine else _("esc goes back")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "change" or not self.is_mounted or self._mine

    def refresh_page(self) -> None:
        added = self._added
        if added is not None:
            self.query_one(ProseView).show(added_text(self.view, added), keep_place=True)

    def action_change(self, key: str) -> None:
        grade, kept = _KEYS[key], f"reason|{self._mark}"

        async def send(reason: str) -> None:
            command = JudgeMark(mark=self._mark, grade=grade, reason=reason)
            done = _("Taken back.") if grade is None else _("Kept: {graded}.").format(graded=graded(grade))
            if await self.asked(self.desk.submit(command), done):
                self.desk.keep(kept, "")

        def answered(reason: str | None) -> None:
            if reason is not None:
                self.run_worker(send(reason), exclusive=True)

        question = _("Take it back: why?") if grade is None else _("{graded}: why?").format(graded=graded(grade))
        self.app.push_screen(ReasonScreen(self.desk, kept, question), answered)
