"""A team's scorecard as a list: areas or instruments with their counts, clauses with their grades, folds below.

Nothing is netted here: the counts are those of the scorecard, and what was not tested is folded, never left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static

from exercise.core.assess import Assessment
from exercise.core.marks import CapacityFinding, Mark
from exercise.core.scorecard import ClauseResult, Counts, Scorecard
from exercise.core.scorecard import Row as Group
from exercise.language import N_, _, ngettext
from exercise.tui.widgets.choice_bar import ChoiceBar
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.grades import grade_text, mark_row
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import safe

Grouping = Literal["area", "instrument"]
Rowed = tuple[str, Line]

RECORD = N_("A training record: no finding about any State.")


class ScorecardTable(Vertical):
    """Teams, counts and the list; posts what was opened and leaves the opening to the screen."""

    DEFAULT_CSS = """
    ScorecardTable { height: 1fr; }
    ScorecardTable > #card-teams { padding: 0 1; }
    ScorecardTable > #card-counts { height: 1; padding: 0 1; }
    ScorecardTable > Choices > .option-list--option-disabled { color: $foreground; }
    """

    class Opened(Message):
        """Somebody opened a mark, a capacity finding, or a clause without either."""

        def __init__(self, what: Mark | CapacityFinding | str) -> None:
            super().__init__()
            self.what = what

    def __init__(self, assessment: Assessment, team: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.assessment = assessment
        teams = assessment.scenario.teams
        self._team = team if any(team == one.id for one in teams) else teams[0].id
        self._names = tuple((one.id, one.short) for one in teams)
        self.grouping: Grouping = "area"
        self._open: set[str] = set()

    def compose(self) -> ComposeResult:
        yield ChoiceBar(self._names, self._team, label=_("Card of "), id="card-teams")
        yield Static(id="card-counts", markup=False)
        yield Choices(id="card-rows", one_click=True)

    def on_mount(self) -> None:
        self._rows = self.query_one(Choices)
        self._show()

    def put(self, assessment: Assessment) -> None:
        """Other marks of the same exercise; whose card is shown, what is unfolded and the marked row stay."""
        self.assessment = assessment
        self._show()

    @property
    def team(self) -> str:
        """Whose card is shown."""
        return self._team

    def take_focus(self) -> None:
        """Puts the cursor on the list."""
        self._rows.focus()

    def next_team(self, by: int = 1) -> None:
        """Shows the next team's card."""
        teams = [team for team, _ in self._names]
        self.show_team(teams[(teams.index(self._team) + by) % len(teams)])

    def show_team(self, team: str) -> None:
        """Shows a team's card, from its top."""
        self._team = team
        self._show(top=True)

    def regroup(self) -> None:
        """From areas to instruments and back."""
        self.grouping = "instrument" if self.grouping == "area" else "area"
        self._show(top=True)

    @on(ChoiceBar.Chosen)
    def _team_clicked(self, event: ChoiceBar.Chosen) -> None:
        event.stop()
        self.show_team(event.choice)

    @on(OptionList.OptionSelected)
    def _row_opened(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        kind, _unused, name = (event.option.id or "").partition("=")
        card = self._card
        if kind == "fold":
            self._toggle(name)
        elif kind == "mark":
            self.post_message(self.Opened(self._marks[name]))
        elif kind == "finding":
            self.post_message(self.Opened(self._findings[name]))
        elif kind == "clause":
            clause = next((clause for clause in card.clauses if clause.commitment == name), None)
            if clause is not None and len(clause.marks) == 1:
                self.post_message(self.Opened(self._marks[clause.marks[0]]))
            elif clause is not None and clause.marks:
                self._toggle(f"clause {name}")
            else:
                self.post_message(self.Opened(name))

    def _toggle(self, fold: str) -> None:
        self._open ^= {fold}
        self._show()

    @property
    def _card(self) -> Scorecard:
        return self.assessment.scorecards[self._team]

    def _show(self, top: bool = False) -> None:
        card = self._card
        self._marks: Mapping[str, Mark] = {mark.id: mark for mark in self.assessment.marks_of(self._team)}
        self._findings = {one.id: one for one in self.assessment.findings if one.team == self._team}
        self.query_one(ChoiceBar).put(self._names, self._team)
        self.query_one("#card-counts", Static).update(
            Content.assemble((_("All clauses: "), "$foreground 65%"), (card.counts.text, "bold"))
        )
        self._rows.show(self._lines(card))
        if top:
            self._rows.scroll_home(animate=False)
        if top or self._rows.highlighted is None:
            self._rows.action_first()
            self._rows.scroll_home(animate=False)

    # -- the rows ----------------------------------------------------------------------------------------------------

    def _lines(self, card: Scorecard) -> list[Rowed]:
        tested = [clause for clause in card.clauses if clause.status == "tested"]
        lines: list[Rowed] = []
        if self.grouping == "area":
            lines += self._groups(card.areas, tested, lambda clause: clause.area.value)
        else:
            lines += self._groups(card.instruments, tested, lambda clause: clause.instrument)
        if not tested:
            lines.append(("#none", _muted(_("No clause has been tested yet."))))
        if self._findings:
            lines += [("#gap-means", Line(Content(""))), ("#means", _heading(_("Means: what the team could not do")))]
            for finding in self._findings.values():
                where = f"  {self._short(finding.instrument)}, {finding.clause}  "
                lacked = _("lacked {what}").format(what=_(finding.lacking.value)) if finding.lacking else _("unable")
                left = Content.assemble(_("  ▫ unable"), safe(f"{where}{finding.title}"))
                note = _(" (void)") if finding.voided else ""
                lines.append((f"finding={finding.id}", Line(left, safe(lacked + note, "$foreground 65%"))))
        lines += self._folds(card)
        return lines

    def _groups(
        self, groups: tuple[Group, ...], tested: list[ClauseResult], key: Callable[[ClauseResult], str]
    ) -> Iterable[Rowed]:
        first = True
        for group in groups:
            mine = [clause for clause in tested if key(clause) == group.key]
            if not mine:
                continue
            if not first:
                yield (f"#gap-{group.key}", Line(Content("")))
            first = False
            yield (f"#{group.key}", _heading(_capital(_(group.title)), group.counts.text, _shortly(group.counts)))
            last = ""
            for clause in sorted(mine, key=lambda clause: clause.instrument) if self.grouping == "area" else mine:
                if self.grouping == "area" and clause.instrument != last:
                    last = clause.instrument
                    yield (f"#{group.key}-{last}", _muted(f"  {self._short(last)}"))
                yield from self._clause(clause)

    def _clause(self, clause: ClauseResult) -> Iterable[Rowed]:
        left = Content.assemble("    ", self._grade(clause), "  ", safe(clause.title))
        many = len(clause.marks) > 1
        opened = f"clause {clause.commitment}" in self._open
        notes = (
            [
                f"{'▾' if opened else '▸'} "
                + ngettext("{count} mark", "{count} marks", len(clause.marks)).format(count=len(clause.marks))
            ]
            if many
            else []
        )
        notes += [_("self-proposed")] if clause.self_proposed else []
        notes += [_("lifted")] if clause.note.startswith("lifted") else []
        right = "  ".join([*notes, clause.clause])
        yield (f"clause={clause.commitment}", Line(left, safe(right, "$foreground 65%")))
        if many and opened:
            for name in clause.marks:
                mark = self._marks[name]
                yield (f"mark={name}", mark_row(mark))

    def _grade(self, clause: ClauseResult) -> Content:
        return grade_text(clause.grade, pad=True) if clause.grade else Content("")

    def _folds(self, card: Scorecard) -> Iterable[Rowed]:
        by_status: dict[str, list[str]] = {}
        for clause in card.clauses:
            by_status.setdefault(clause.status, []).append(clause.commitment)
        seen = self.assessment.reference.standings(
            self.assessment.scenario.teams_by_id[card.team].profile, self.assessment.scenario.date.date()
        )
        by_standing: dict[str, list[str]] = {}
        for name, standing in seen.items():
            by_standing.setdefault("apart" if standing.startswith("outside") else standing, []).append(name)
        rows = (
            ("observed", _("Observed, not scored: principles, and texts held for observation only"), by_standing),
            ("not-tested", _("Not tested: this run did not come to it"), by_status),
            ("beyond", _("Not tested: this scenario never asks for it"), {"beyond": list(card.beyond)}),
            ("context", _("Context: shown, never scored"), by_standing),
            ("apart", _("Not applicable: outside the team's texts or their period"), by_standing),
        )
        yield ("#gap-folds", Line(Content("")))
        for name, title, given in rows:
            names = tuple(given.get(name, ()))
            if not names:
                continue
            sign = "▾" if name in self._open else "▸"
            yield (f"fold={name}", Line(Content.assemble(f"{sign} ", title), Content.styled(str(len(names)), "bold")))
            if name in self._open:
                yield from self._folded(card, names)

    def _folded(self, card: Scorecard, names: tuple[str, ...]) -> Iterable[Rowed]:
        results = {clause.commitment: clause for clause in card.clauses}
        for name in names:
            commitment = self.assessment.reference.commitment(name)
            clause = results.get(name)
            left = safe(f"    {self._short(commitment.instrument)}, {commitment.clause}  {commitment.title}")
            if clause is not None and clause.grade is not None:
                word = safe(_("seen as {grade}").format(grade=_(clause.grade.value)), "$foreground 65%")
            else:
                word = safe(_(clause.note) if clause else "", "$foreground 65%")
            yield (f"clause={name}", Line(left, word))

    def _short(self, instrument: str) -> str:
        text = self.assessment.reference.instruments.get(instrument)
        return text.short if text else instrument


def _heading(title: str, right: str = "", short: str = "") -> Line:
    return Line(safe(title, "bold $primary"), safe(right, "bold"), safe(short, "bold"))


def _shortly(counts: Counts) -> str:
    """The counts where there is little room; each language shortens its own words, so that no heading is cut."""
    told = _("{kept} kept, {partly} partly, {neglected} neglected, {breached} breached of {tested}").format(
        kept=counts.kept,
        partly=counts.partly,
        neglected=counts.neglected,
        breached=counts.breached,
        tested=counts.tested,
    )
    own = _(" ({number} self-proposed)").format(number=counts.self_proposed)
    return told + (own if counts.self_proposed else "")


def _muted(text: str) -> Line:
    return Line(safe(text, "$foreground 65%"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
