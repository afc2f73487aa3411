"""All that waits for an evaluator, by team and occasion, with a sign for what has been judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList, Static

from exercise.core.evaluation.commands import FinishEvaluation
from exercise.core.marks import RANK
from exercise.language import N_, _
from exercise.tui.console.corrections import SureScreen
from exercise.tui.evaluation.base import EvaluationScreen
from exercise.tui.evaluation.words import GRADE_SIGNS, graded, plainly_kept, progress, unfinished
from exercise.tui.widgets.choice_bar import ChoiceBar
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.grades import CHIP
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.times import exercise_time

if TYPE_CHECKING:
    from exercise.core.evaluation.views import Occasion
    from exercise.session.evaluating import EvaluationDesk

__all__ = ["EvaluationMarksScreen"]

_QUIET = "$foreground 65%"
_WHICH = (
    ("all", N_("all")),
    ("open", N_("not judged")),
    ("low", N_("not simply honoured")),
    ("self", N_("self-proposed")),
    ("mine", N_("changed by me")),
)
_DIFFER = ("differ", N_("evaluators differ"))
_HELP = N_("""
The program proposes **marks**; here they stand by team and **occasion**: a decision, a request, another moment. You
look at each occasion with its clauses, the reasons, and what the team knew **until then**. Neither what came of it nor
what other evaluators mark is shown.

- **enter** opens an occasion. **u** opens the next one where something is not judged.
- **w** shows all, what is not judged, or only what was **not simply honoured**, which deserves the first look; **s**
  self-proposed marks, which only people can decide. **v** and **V** choose a team.
- **a** adds a mark that the program missed.
- **r** rates the objectives and their critical tasks. **i** is the improvement plan, which all evaluators write
  together.
- **f** finishes. What you left unjudged stands as proposed. Until all evaluators have finished you can go on.
- When all have finished, **d** lays side by side what you differ on, to settle it together.

The signs: **·** not judged, **…** in part, **✔** judged, **✎** judged and changed; **●** honoured, **◐** partly,
**○** neglected, **✕** breached, with how many marks each.

Everything is kept at once. Leave with **esc** and come back whenever you like.
""")


class EvaluationMarksScreen(EvaluationScreen[None]):
    """Where an evaluator starts, comes back to, and finishes."""

    CSS = """
    EvaluationMarksScreen #ev-head { height: 1; padding: 0 1; background: $panel; }
    EvaluationMarksScreen #ev-team, EvaluationMarksScreen #ev-which { padding: 0 1; }
    EvaluationMarksScreen #ev-said { height: 1; padding: 0 1; }
    EvaluationMarksScreen #ev-rows { height: 1fr; }
    """
    TITLE_WORDS = N_("marks to judge")
    HELP = _HELP
    BINDINGS = [
        Binding("u", "next", "Next unjudged", tooltip="Open the next occasion where something is not judged"),
        Binding("w", "which", "Which", tooltip="All, those not judged, or those not simply honoured"),
        Binding("r", "ratings", "Ratings", tooltip="Rate objectives and critical tasks"),
        Binding("i", "plan", "Plan", tooltip="The improvement plan"),
        Binding("a", "add", "Add", tooltip="Add a mark that the program missed"),
        Binding("d", "differences", "Differences", tooltip="What evaluators differ on, once all have finished"),
        Binding("f", "finish", "Finish", tooltip="You have done; or, go on after all"),
        Binding("s", "self_proposed", "Self-proposed", tooltip="Only what teams mapped themselves"),
        Binding("v", "team(1)", "Team", tooltip="The next team, or all"),
        Binding("V", "team(-1)", "Team before", show=False, tooltip="The team before, or all"),
    ]

    def __init__(self, desk: EvaluationDesk) -> None:
        super().__init__(desk)
        self._team, self._which = "", "all"

    def body(self) -> ComposeResult:
        yield Static(id="ev-head", markup=False)
        yield Static(id="ev-said", markup=False)
        yield ChoiceBar(self._teams(), label=_("Team "), id="ev-team")
        yield ChoiceBar(_told(_WHICH), label=_("Show "), id="ev-which")
        yield Choices(id="ev-rows")

    def on_mount(self) -> None:
        rows = self.query_one(Choices)
        self.call_after_refresh(rows.focus)
        self.refresh_page()
        waiting = (o for o in self.view.dossier.occasions() if self.view.waiting(o))
        if (first := next(waiting, None)) is not None:
            rows.choose(f"o:{first.id}")

    def hint(self) -> str:
        standing = self.view.standing
        if standing.all_finished and len(standing.evaluators) > 1:
            return _("All have finished. d: what you differ on · enter: open an occasion · esc: leave")
        if standing.all_finished:
            return _("You have finished, thank you; another evaluator is still to look. f: go on · esc")
        if standing.finished:
            return _("You have finished, thank you; not all others have. f: go on after all · esc")
        return _("enter: open · u: the next one not judged · f: finish · ?: help")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.is_mounted:
            return True
        standing = self.view.standing
        if action == "differences":
            return standing.all_finished and len(standing.evaluators) > 1
        if action == "add":
            return not standing.finished
        if action == "next":
            return not standing.finished and bool(self.view.unjudged())
        return True

    def refresh_page(self) -> None:
        head = Content.assemble(CHIP, "  ", safe(self.view.dossier.title, "bold"))
        self.query_one("#ev-head", Static).update(Line(head, safe(_("evaluation"))))
        self.query_one("#ev-said", Static).update(safe(progress(self.view)))
        self.query_one("#ev-team", ChoiceBar).put(self._teams(), self._team)
        self.query_one("#ev-which", ChoiceBar).put(self._kinds(), self._which)
        rows = self.query_one(Choices)
        rows.show(self._rows() or [("#none", safe(_("There is no such mark."), _QUIET))])
        if rows.highlighted is None:
            rows.action_first()

    def _teams(self) -> tuple[tuple[str, str], ...]:
        return (("", _("all")), *((id, short) for id, short, _ in self.view.dossier.teams))

    def _kinds(self) -> tuple[tuple[str, str], ...]:
        return _told((*_WHICH, _DIFFER) if self.view.standing.all_finished else _WHICH)

    def _shown(self) -> list[Occasion]:
        found = [one for one in self.view.dossier.occasions() if self._team in ("", one.team)]
        return [one for one in found if self._fits(one)]

    def _fits(self, occasion: Occasion) -> bool:
        standing, marks = self.view.standing, occasion.marks
        match self._which:
            case "open":
                return bool(self.view.waiting(occasion))
            case "low":
                return not all(map(plainly_kept, marks))
            case "self":
                return any(one.mark.self_proposed for one in marks)
            case "mine":
                return any((j := standing.mine.get(o.id)) is not None and j.grade is not o.mark.grade for o in marks)
            case "differ":
                return any(standing.differs(one.id) for one in marks)
            case _:
                return True

    def _rows(self) -> list[tuple[str, Content | Line]]:
        rows: list[tuple[str, Content | Line]] = []
        last = ""
        for occasion in self._shown():
            if occasion.team != last:
                last = occasion.team
                rows.append((f"#{last}", safe(occasion.name, "bold $primary")))
            rows.append((f"o:{occasion.id}", self._row(occasion)))
        added = [one for one in self.view.standing.added if self._team in ("", one.team)]
        if added and self._which == "all":
            rows.append(("#added", safe(_("Added by evaluators"), "bold $primary")))
            shorts = dict(self._teams())
            for one in added:
                clause = self.view.dossier.clauses.get(one.commitment)
                title = f"{shorts.get(one.team, one.team)}: {clause.title if clause is not None else one.commitment}"
                rows.append((f"a:{one.id}", Line(safe(f" + {title}"), safe(graded(one.grade), _QUIET))))
        return rows

    def _row(self, occasion: Occasion) -> Line:
        standing, marks = self.view.standing, occasion.marks
        waiting = len(self.view.waiting(occasion))
        changed = any((j := standing.mine.get(o.id)) is not None and j.grade is not o.mark.grade for o in marks)
        sign = ("…" if waiting < len(marks) else "·") if waiting else "✎" if changed else "✔"
        left = Content.assemble(f" {sign} ", (f"{exercise_time(occasion.exercise):>8}  ", _QUIET), safe(occasion.title))
        grades = sorted((one.mark.grade for one in marks), key=lambda grade: -RANK[grade])
        counted = " ".join(f"{grades.count(g)}{GRADE_SIGNS[g]}" for g in dict.fromkeys(grades))
        notes = [_("self-proposed")] if any(one.mark.self_proposed for one in marks) else []
        if (open_ := sum(standing.differs(o.id) and o.id not in (standing.settled or {}) for o in marks)) > 0:
            notes = [_("{open} differ").format(open=open_)]
        return Line(left, safe("  ".join([*notes, counted]), "" if waiting else _QUIET), safe(counted))

    @on(OptionList.OptionSelected, "#ev-rows")
    def _opened(self, event: OptionList.OptionSelected) -> None:
        kind, _, name = (event.option_id or "").partition(":")
        if kind == "o":
            self._open(name)
        elif kind == "a":
            from exercise.tui.evaluation.differences import AddedScreen

            self.app.push_screen(AddedScreen(self.desk, name))

    @on(ChoiceBar.Chosen)
    def _clicked(self, event: ChoiceBar.Chosen) -> None:
        if event.bar.id == "ev-team":
            self._team = event.choice
        else:
            self._which = event.choice
        self.refresh_page()

    def _open(self, occasion: str) -> None:
        from exercise.tui.evaluation.judge import JudgeScreen

        order = tuple(one.id for one in self._shown())

        def closed(last: str | None) -> None:
            if last is not None:
                self.query_one(Choices).choose(f"o:{last}")

        self.app.push_screen(JudgeScreen(self.desk, occasion, order), closed)

    def action_next(self) -> None:
        """The next occasion with something not judged, from the one that is marked on; among those shown first."""
        chosen = (self.query_one(Choices).chosen or "").removeprefix("o:")
        shown = self._shown()
        if not any(self.view.waiting(one) for one in shown):
            self._team, self._which = "", "all"
            self.refresh_page()
            shown = self._shown()
        names = [one.id for one in shown]
        here = names.index(chosen) if chosen in names else 0
        found = next((one for one in (*shown[here:], *shown[:here]) if self.view.waiting(one)), None)
        if found is not None:
            self._open(found.id)

    def action_which(self) -> None:
        names = [name for name, _ in self._kinds() if name != "self"]
        at = names.index(self._which) if self._which in names else 0
        self._which = names[(at + 1) % len(names)]
        self.refresh_page()

    def action_self_proposed(self) -> None:
        self._which = "all" if self._which == "self" else "self"
        self.refresh_page()

    def action_team(self, by: int) -> None:
        teams = [team for team, _ in self._teams()]
        self._team = teams[(teams.index(self._team) + by) % len(teams)]
        self.refresh_page()

    def action_add(self) -> None:
        from exercise.tui.evaluation.adding import AddScreen

        self.app.push_screen(AddScreen(self.desk, self._team), lambda said: self.say(said) if said else None)

    def action_ratings(self) -> None:
        from exercise.tui.evaluation.ratings import RatingsScreen

        self.app.push_screen(RatingsScreen(self.desk))

    def action_plan(self) -> None:
        from exercise.tui.evaluation.plan import PlanScreen

        self.app.push_screen(PlanScreen(self.desk))

    def action_differences(self) -> None:
        from exercise.tui.evaluation.differences import DifferencesScreen

        self.app.push_screen(DifferencesScreen(self.desk))

    def action_finish(self) -> None:
        standing = self.view.standing
        if standing.finished:
            command = FinishEvaluation(done=False)
            question = SureScreen(
                _("Go on evaluating after all?"), _("You can change your marks again."), yes=_("Go on")
            )
        else:
            command = FinishEvaluation()
            text = _("{unfinished}\n\nUntil all evaluators have finished you can still go on.").format(
                unfinished=unfinished(self.view)
            )
            question = SureScreen(_("Finish your evaluation?"), text, yes=_("Finish"), no=_("Not yet"))

        def answered(yes: bool | None) -> None:
            if yes:
                self.run_worker(self._finish(command))

        self.app.push_screen(question, answered)

    async def _finish(self, command: FinishEvaluation) -> None:
        """Says nothing of its own: the hint below is what there is to do next."""
        await self.asked(self.desk.submit(command), "")


def _told(choices: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((id, _(words)) for id, words in choices)
