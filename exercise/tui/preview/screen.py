"""The preview: the list of all that comes at the left, what it says at the right, and what is wrong below."""

from __future__ import annotations

import asyncio
import time
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import OptionList, Static

from exercise.authoring.everything import Everything
from exercise.authoring.problems import Problem, errors_in
from exercise.authoring.watched import Watched
from exercise.language import N_, _, ngettext
from exercise.tui.preview.asking import FindScreen
from exercise.tui.preview.finding import Spot, as_seat, nearest_page, spot_of, spot_of_problem
from exercise.tui.preview.pages import Page, pages
from exercise.tui.preview.still import StillClient
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.widgets.banner import exercise_mark
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.telling import both_ends
from exercise.tui.widgets.words import plain

__all__ = ["PreviewScreen"]

LOOKS = 0.5
"""Seconds between two looks at the file."""


class PreviewScreen(ExerciseScreen[None]):
    """Shows what a team or a role reads, or all with control's notes; comes back to the same place after each save."""

    TITLE_WORDS: ClassVar[str] = N_("preview of a scenario")
    HINT: ClassVar[str] = N_("enter opens as in play. t: next team. c: control's view. Save: shown anew.")
    HELP: ClassVar[str] = N_("""
This is your scenario as its teams will read it, in the order of the story. Leave it open beside your editor: each time
you **save** the file, or a text beside it, it is shown anew, and you stay where you were.

- **t** goes to the next team, **r** to its next role: some messages are for one role only.
- **c** shows what control reads as well: notes, expected actions, hidden facts, and what each option means.
- **enter** opens a decision, the briefing or the directory as it is in play. Nothing is sent from here.
- **/** looks for words. **e** goes to what is wrong; **enter** there goes to the item.

Where the file has errors, the last version without any stays to be read, and what is wrong stands below with its line
and column. *T+1:30?* means that something comes then only if its condition holds.
""")
    BINDINGS = [
        Binding("t", "team", "Team", tooltip="As the next team reads it"),
        Binding("r", "role", "Role", tooltip="As the next role of this team reads it, or the whole team"),
        Binding("c", "control", "Control", tooltip="With what only exercise control reads, or without"),
        Binding("slash", "find", "Find", key_display="/", tooltip="Look for words"),
        Binding("e", "problems", "Problems", tooltip="To what is wrong with the file, and back"),
    ]
    CSS = """
    PreviewScreen #head { dock: top; height: 2; background: $panel; }
    PreviewScreen #both { height: 1fr; }
    PreviewScreen #pages { width: 34; height: 1fr; }
    PreviewScreen.-wide #pages { width: 46; }
    PreviewScreen.-very-wide #pages { width: 56; }
    PreviewScreen #page { width: 1fr; height: 1fr; }
    PreviewScreen #problems { height: auto; max-height: 7; display: none; }
    PreviewScreen.-problems #problems { display: block; }
    PreviewScreen #problems.-wrong { border: round $error; }
    """

    def __init__(self, watched: Watched, at: str = "", team: str = "", *, control: bool = False) -> None:
        super().__init__()
        self._watched = watched
        self._everything = Everything(watched.scenario) if watched.scenario is not None else None
        self._control = control
        self._seat = ""
        self._at: str = "briefing"
        self._pages: list[Page] = []
        self._problems: list[Problem] = []
        self._looking = False
        if self._everything is not None:
            self._seat = as_seat(self._everything, team)
            if at:
                self._go_to(spot_of(self._everything, at), keep_seat=bool(team))

    # --- drawing ---

    def body(self) -> ComposeResult:
        yield Static(id="head", markup=False)
        with Horizontal(id="both"):
            yield Choices(id="pages", classes="panel")
            yield ProseView(id="page", classes="panel")
        yield Choices(id="problems", classes="panel", mark_first=False)

    def on_mount(self) -> None:
        self.query_one("#pages").border_title = _("In order")
        self._show()
        self.query_one("#pages").focus()
        self.set_interval(LOOKS, self.look)

    def on_resize(self) -> None:
        self._show_head()

    async def look(self) -> None:
        """Looks at the file once, and shows it anew where it has changed."""
        if self._looking:
            return
        self._looking = True
        try:
            # Reading a long scenario takes a moment, in which keys must go on working.
            changed = await asyncio.to_thread(self._watched.look)
        finally:
            self._looking = False
        if not changed or not self.is_attached:
            return
        scenario = self._watched.scenario
        before = self._everything
        if scenario is not None and (before is None or before.scenario is not scenario):
            self._everything = Everything(scenario)
            if self._seat not in self._everything.seats:
                team = self._seat.partition("/")[0]
                self._seat = team if team in self._everything.seats else self._everything.seats[0]
        self._show()
        sound = self._watched.sound
        words = _("Shown anew.") if sound else _("The file has errors; the last sound version is shown.")
        self.say(words, wrong=not sound)

    def _show(self) -> None:
        everything = self._everything
        self._problems = list(self._watched.problems)
        before = [page.id for page in self._pages if page.text]
        self._pages = pages(everything, self._seat, control=self._control) if everything is not None else []
        there = {page.id for page in self._pages if page.text}
        if self._at not in there:
            found = nearest_page(self._pages, self._at)
            # What has gone, or has another name now, leaves the place to what stood after it.
            after = before[before.index(self._at) :] if self._at in before else []
            self._at = found.id if found else next((id for id in after if id in there), "briefing")
        wrong = self._in_place()
        rows = self.query_one("#pages", Choices)
        rows.show([(page.id, _row(page, page.id in wrong)) for page in self._pages])
        rows.choose(self._at)
        self._show_page(keep_place=True)
        self._show_problems()
        self._show_head()

    def _show_page(self, *, keep_place: bool = False) -> None:
        page = next((page for page in self._pages if page.id == self._at), None)
        pane = self.query_one("#page", ProseView)
        if page is None:
            pane.show(_("Nothing can be shown yet: the file has errors, which stand below."))
            return
        notes = [f"**✕ {_place(problem)}** {plain(_said(problem))}" for problem in self._in_place().get(page.id, ())]
        pane.show("\n\n".join((*notes, "---", page.text) if notes else (page.text,)), keep_place=keep_place)
        pane.border_title = f"{page.when}  {page.id.partition(':')[2]}".strip() or None

    def _in_place(self) -> dict[str, list[Problem]]:
        """What is wrong, by the page on which it is to be seen."""
        found: dict[str, list[Problem]] = {}
        for problem in self._problems if self._everything is not None else ():
            assert self._everything is not None
            spot = spot_of_problem(self._everything, self._watched.source, problem)
            if spot is not None:
                found.setdefault(spot.page, []).append(problem)
        return found

    def _show_problems(self) -> None:
        listed = self.query_one("#problems", Choices)
        self.set_class(bool(self._problems), "-problems")
        listed.set_class(bool(errors_in(self._problems)), "-wrong")
        listed.border_title = _counted(self._problems)
        listed.show(
            (str(number), Lines((f"{_sign(problem)} {_place(problem)}  ", safe(_said(problem)))))
            for number, problem in enumerate(self._problems)
        )

    def _show_head(self) -> None:
        width = self.size.width
        everything = self._everything
        title = everything.scenario.title if everything is not None else self._watched.path.name
        whose = ""
        if everything is not None:
            view = everything.view(self._seat)
            role = self._seat.partition("/")[2]
            named = next((r.name for r in everything.scenario.teams_by_id[view.team].roles if r.id == role), "")
            whose = f" {view.team_short}: {named} " if named else f" {view.team_name} "
        mark = exercise_mark()
        first = both_ends(mark + safe(f" {title}", "$foreground 65%"), safe(whose, "bold"), width)
        errors = bool(errors_in(self._problems))
        state = _counted(self._problems) if self._problems else _("sound")
        shown = " " + (_("Preview, with what control reads") if self._control else _("Preview"))
        right = Content.styled(f"{'✕' if errors else '✓'} {state} ", "bold $text-error" if errors else "$text-success")
        second = both_ends(safe(shown), right, width)
        self.query_one("#head", Static).update(first + Content("\n") + second)

    # --- moving ---

    @on(OptionList.OptionHighlighted, "#pages")
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_id and event.option_id != self._at:
            self._at = event.option_id
            self._show_page()

    @on(OptionList.OptionSelected, "#pages")
    def _opened(self) -> None:
        """As in play, where that is a screen of its own; else the text is read with the arrows."""
        opened = self._as_in_play()
        if opened is None:
            self.query_one("#page").focus()
        else:
            self.app.push_screen(opened)

    def _as_in_play(self) -> ExerciseScreen[Any] | None:
        everything, (kind, _rest, name) = self._everything, self._at.partition(":")
        if everything is None:
            return None
        client = StillClient(everything, self._seat)
        if kind == "briefing":
            from exercise.tui.screens.briefing import BriefingScreen

            return BriefingScreen(client)
        if kind == "directory":
            from exercise.tui.screens.directory import DirectoryScreen

            return DirectoryScreen(client, now=time.monotonic)
        if kind == "decision":
            from exercise.tui.screens.decision import DecisionScreen

            team = everything.scenario.decisions_by_id[name].team
            seat = self._seat if self._seat.partition("/")[0] == team else team
            asked = StillClient(everything, seat, name)
            return DecisionScreen(asked, name)
        return None

    @on(OptionList.OptionSelected, "#problems")
    def _to_problem(self, event: OptionList.OptionSelected) -> None:
        problem = self._problems[int(event.option_id or 0)]
        spot = spot_of_problem(self._everything, self._watched.source, problem) if self._everything else None
        if spot is None:
            self.say(
                _("This is {place} of {file}; no page shows it.").format(place=_place(problem), file=problem.file),
                wrong=True,
            )
            return
        self._go_to(spot)
        self._show()
        self.query_one("#pages").focus()

    def _go_to(self, spot: Spot, *, keep_seat: bool = False) -> None:
        """Goes to a page, as a seat that reads it, and with control where only control does."""
        assert self._everything is not None
        self._control = self._control or spot.control
        seat = self._seat
        if not keep_seat and spot.seat and not any(p.id == spot.page for p in self._shown_to(seat)):
            seat = spot.seat
        if spot.page in ("briefing", "directory") and spot.seat and not keep_seat:
            seat = spot.seat
        self._seat = seat
        page = nearest_page(self._shown_to(seat), spot.page)
        self._at = page.id if page is not None else "briefing"

    def _shown_to(self, seat: str) -> list[Page]:
        assert self._everything is not None
        return pages(self._everything, seat, control=self._control)

    def _as(self, seat: str) -> None:
        self._seat = seat
        self._show()
        self.say("")

    def action_team(self) -> None:
        if self._everything is not None:
            teams = list(self._everything.scenario.teams_by_id)
            here = self._seat.partition("/")[0]
            self._as(teams[(teams.index(here) + 1) % len(teams)])

    def action_role(self) -> None:
        if self._everything is not None:
            here = self._seat.partition("/")[0]
            seats = [seat for seat in self._everything.seats if seat.partition("/")[0] == here]
            self._as(seats[(seats.index(self._seat) + 1) % len(seats)])

    def action_control(self) -> None:
        self._control = not self._control
        self._show()
        self.say("")

    def action_problems(self) -> None:
        listed = self.query_one("#problems", Choices)
        if not self._problems:
            self.say(_("Nothing is wrong with the file."))
        elif listed.has_focus:
            self.query_one("#pages").focus()
        else:
            listed.focus()
            if listed.highlighted is None:
                listed.action_first()

    def action_find(self) -> None:
        if self._everything is not None:
            self.app.push_screen(FindScreen(self._pages), self._found)

    def _found(self, page: str | None) -> None:
        if page is not None:
            self._at = page
            self._show()


def _row(page: Page, wrong: bool) -> Lines | Line | Content:
    if not page.text:
        return Line(safe(page.title, "bold $primary"), safe(page.when, "$foreground 65%"))
    sign = "✕" if wrong else page.sign or " "
    if page.when:
        return Lines((f"{sign} ", safe(f"{page.when}  ", "$foreground 65%") + safe(page.title)))
    return Lines((f"{sign} ", safe(page.title)))


def _place(problem: Problem) -> str:
    name = problem.file.replace("\\", "/").rpartition("/")[2]
    at = f"{problem.line}:{problem.column}" if problem.line else ""
    return " ".join(part for part in (at, "" if name.endswith((".yaml", ".yml")) else name) if part) or name


def _said(problem: Problem) -> str:
    return f"{problem.path}: {problem.text}" if problem.path else problem.text


def _sign(problem: Problem) -> str:
    return "✕" if problem.severity == "error" else "!"


def _counted(problems: list[Problem]) -> str:
    errors = len(errors_in(problems))
    warnings = len(problems) - errors
    said = [ngettext("{number} error", "{number} errors", errors).format(number=errors)] if errors else []
    if warnings:
        said.append(ngettext("{number} warning", "{number} warnings", warnings).format(number=warnings))
    return ", ".join(said)
