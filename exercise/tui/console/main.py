"""The console's main screen: the MSEL in order of time around the line of now, and what can be done with each row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import OptionList

from exercise.core.commands import ExtendWindow, HoldInject, ReleaseInject, WithdrawInject
from exercise.core.control.commands import EditInject, SkipInject
from exercise.language import N_, Told, _
from exercise.tui.console.base import ConsoleScreen
from exercise.tui.console.corrections import WhyScreen
from exercise.tui.console.decisions import decision_detail, decision_title
from exercise.tui.console.msel import NOW, Names, Pacing, Row, coming_detail, detail, names_of, rows_of
from exercise.tui.console.pacing import end_exercise, pause_or_resume, set_rate, step_on
from exercise.tui.console.pages import PAGES
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.views import ComingDecision, DecisionView, MselRow
    from exercise.session.control import Control

__all__ = ["MainScreen"]

_PAST_SHOWN = 4
"""Rows of what was that stay in sight above the line of now."""

MORE_TIME = 300
"""Seconds of play that one press of + gives a decision."""


_BEEN = Told(
    {
        "released": "It has come already.",
        "skipped": "It has been skipped already.",
        "withdrawn": "It has been withdrawn already.",
    }
)
"""Why nothing more can be done with an inject, by how it stands."""

_IN_PLAY = {"pause", "release", "hold", "skip", "edit", "write", "step", "withdraw", "extend", "rate", "end"}


class MselList(Choices):
    """The rows of the timeline; says so when somebody scrolls it, so that it no longer follows the clock."""

    class Scrolled(Message):
        """The mouse wheel was turned."""

    def on_mouse_scroll_down(self) -> None:
        self.post_message(self.Scrolled())

    def on_mouse_scroll_up(self) -> None:
        self.post_message(self.Scrolled())


class MainScreen(ConsoleScreen[None]):
    """Follows the clock until a row is chosen by hand; `.` takes it back to now."""

    CSS_PATH = "main.tcss"
    TITLE_WORDS = N_("exercise control")
    HELP = N_("""
You see everything here and set the pace. **Do not project this screen**: it shows what teams may not know. For the
room, open the projector's screen with a spectator's code of the tickets (**t**).

- The list is the **MSEL** in order of time. Above the line **now** is what has come; below it what comes next, with the
  open decisions at the time their windows close; at its end what waits for a condition or for your hand.
- Signs: ✓ released, › due, ‖ held, – skipped, ✕ withdrawn, ? waits for a condition, ☞ by hand, ◆ decision open,
  ◇ answered, ○ lapsed.
- The list follows the clock. Move up or down to look around; **.** goes back to now.
- **enter** opens the marked row to read it whole; on a decision it opens the board of decisions.
- **r** releases an inject now, **h** holds it back or lets it come again, **k** skips it, **e** changes its words or
  time before it comes, **x** takes back one that has come. **w** writes a new one. **+** gives a decision five minutes
  more.
- **space** stops the clock and starts it again, **n** brings the next thing, **<** and **>** change the rate.
- **v** shows one team's rows after the other, **o** only what is still to come.
- **E** ends the exercise; it asks you to type the word.

What cannot be taken back is asked first. If something went wrong, **b** goes back to a moment before it.
""")
    BINDINGS = [
        Binding("space,z", "pause", "Pause", key_display="space", priority=True, tooltip="Stop the clock or start it"),
        Binding("r", "release", "Release", tooltip="Release the marked inject now"),
        Binding("h", "hold", "Hold", tooltip="Keep the marked inject back, or let it come at its time again"),
        Binding("k", "skip", "Skip", tooltip="The marked inject is not to come by itself"),
        Binding("e", "edit", "Edit", tooltip="Change words or time of the marked inject before it comes"),
        Binding("w", "write", "Write", tooltip="Write a new inject, to anybody, from anybody"),
        Binding("n", "step", "Next", tooltip="Bring the clock to the next thing"),
        *(
            Binding(page.key, f"page('{page.key}')", page.title, key_display=page.key_display, tooltip=page.about)
            for page in PAGES
        ),
        Binding("x", "withdraw", "Withdraw", tooltip="Take the marked inject back after it has come"),
        Binding("plus", "extend", "+5 min", key_display="+", tooltip="Five minutes more for the marked decision"),
        Binding("full_stop", "now", "Now", key_display=".", tooltip="Go back to now, and follow the clock"),
        Binding("v", "team", "Team", tooltip="Rows of one team after the other"),
        Binding("o", "open_only", "Open only", tooltip="Only rows that are still to come, or all"),
        Binding("less_than_sign", "rate(-1)", "Slower", key_display="<", tooltip="The clock runs slower"),
        Binding("greater_than_sign", "rate(1)", "Faster", key_display=">", tooltip="The clock runs faster"),
        Binding("E", "end", "ENDEX", tooltip="End the exercise; asks for the word to be typed"),
    ]

    def __init__(self, control: Control) -> None:
        super().__init__(control)
        self._pacing: Pacing | None = None
        self._names: Names = {}
        self._rows: dict[str, Row] = {}
        self._order: list[str] = []
        self._following = True
        self._placed = -1
        self._team = ""
        self._open_only = False
        self._read: str | None = None

    def page(self) -> ComposeResult:
        with Vertical(id="msel-panel", classes="panel"):
            yield MselList(id="msel", mark_first=False)
        yield ProseView(id="msel-detail", classes="panel")

    def on_mount(self) -> None:
        self.query_one("#msel").focus()

    # What is shown

    def refresh_page(self) -> None:
        view = self.control.view()
        self._pacing = Pacing.of(view.clock, self._pacing)
        self._names = names_of(self.control.teams, view)
        rows = [row for row in rows_of(view, self._names, self._pacing) if self._wanted(row)]
        self._rows = {row.id: row for row in rows}
        self._order = list(self._rows)
        msel = self.query_one(MselList)
        msel.show((row.id, row.visual) for row in rows)
        if self._following:
            self._follow()
        panel = self.query_one("#msel-panel")
        whose = self._names.get(self._team, _("all teams")) if self._team else _("all teams")
        panel.border_title = safe(f"MSEL · {whose}{_(' · still to come') if self._open_only else ''}")
        panel.border_subtitle = "" if self._following else _(". back to now")
        self._show_detail()

    def _wanted(self, row: Row) -> bool:
        if row.id.startswith("#"):
            return True
        mine = not self._team or not row.teams or self._team in row.teams
        return mine and (row.open or not self._open_only)

    def _follow(self) -> None:
        """Mark what comes next, with some of what was above it."""
        at = self._order.index(NOW)
        after = [self._rows[id] for id in self._order[at:] if not id.startswith("#") and not self._rows[id].past]
        before = [id for id in self._order[:at] if not id.startswith("#")]
        # What is held stands there until somebody wants it; what comes next is what one has to see.
        coming = next((row.id for row in after if not row.held), after[0].id if after else None)
        target = coming or (before[-1] if before else None)
        msel = self.query_one(MselList)
        if target is not None and msel.chosen != target:
            with msel.prevent(OptionList.OptionHighlighted):
                msel.choose(target)
        if at != self._placed:
            self._placed = at
            self.call_after_refresh(self._place)

    def _place(self) -> None:
        if self._following:
            self.query_one(MselList).scroll_to(y=max(0, self._placed - _PAST_SHOWN), animate=False)

    def _show_detail(self) -> None:
        pane = self.query_one("#msel-detail", ProseView)
        view, marked = self.control.view(), self.query_one(MselList).chosen
        inject, found, coming = self._inject(), self._decision(), self._coming()
        assert self._pacing is not None
        if inject is not None:
            title, text = f"{inject.number}. {inject.title}", detail(inject, view, self._names, self._pacing)
        elif found is not None:
            title, text = decision_title(*found), decision_detail(*found, view, self.control.reference)
        elif coming is not None:
            title, text = f"{coming.team}: {coming.title}", coming_detail(coming)
        else:
            title, text = "", _("Nothing is marked.")
        pane.show(text, keep_place=self._read == marked)
        pane.border_title = safe(" ".join(title.split()))
        self._read = marked

    def _inject(self) -> MselRow | None:
        id = (self.query_one(MselList).chosen or "").removeprefix("i:")
        return next((row for row in self.control.view().msel if row.inject == id), None)

    def _decision(self) -> tuple[str, DecisionView] | None:
        id = (self.query_one(MselList).chosen or "").removeprefix("d:")
        return next((pair for pair in self.control.view().decisions if pair[1].id == id), None)

    def _coming(self) -> ComingDecision | None:
        id = (self.query_one(MselList).chosen or "").removeprefix("c:")
        return next((decision for decision in self.control.view().coming if decision.id == id), None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # Where all is over, what paces and changes the story is not offered any more.
        return action not in _IN_PLAY or self.control.view().clock.phase != "ended"

    def help_words(self) -> str:
        pages = (f"- **{page.key_display or page.key}** {_(page.title)}: {_(page.about)}" for page in PAGES)
        return f"{_(self.HELP)}\n## {_('Pages')}\n\n" + "\n".join(pages) + "\n"

    def hint(self) -> str:
        clock = self.control.view().clock
        if clock.phase == "briefing":
            return _("t shows the codes by which people join; c opens the muster, with STARTEX.")
        if clock.phase == "ended":
            return _("ENDEX. Head of the log {head}…; c shows it whole. l: hot wash.").format(
                head=self.control.room().head[:16]
            )
        if clock.phase == "plenary":
            return _("Plenary: the clock of the story stands. n ends it and opens what follows.")
        if self._order and NOW in self._order:
            after = [self._rows[id] for id in self._order[self._order.index(NOW) :]]
            coming = next((row for row in after if row.id != NOW and not row.past and not row.held), None)
            if coming is not None and not coming.id.startswith("#"):
                return " ".join(_("Next: {time} {title}").format(time=coming.time, title=coming.title).split())
        return _("Nothing more comes by itself. n goes on; c closes the move.")

    # Moving

    @on(OptionList.OptionHighlighted, "#msel")
    def _marked_by_hand(self) -> None:
        self._leave_now()
        self._show_detail()

    @on(MselList.Scrolled)
    def _leave_now(self) -> None:
        if self._following:
            self._following = False
            self.query_one("#msel-panel").border_subtitle = _(". back to now")

    @on(OptionList.OptionSelected, "#msel")
    def _open(self) -> None:
        found = self._decision()
        if found is not None:
            from exercise.tui.console.decisions import DecisionsScreen

            self.app.push_screen(DecisionsScreen(self.control, found[1].id))
            return
        self.add_class("-reading")
        self.query_one("#msel-detail").focus()

    def action_now(self) -> None:
        self._following, self._placed = True, -1
        self._close_detail()
        self.refresh_page()

    def action_team(self) -> None:
        teams = ["", *(id for id, _ in self.control.teams)]
        self._team = teams[(teams.index(self._team) + 1) % len(teams)]
        self._placed = -1
        self.refresh_page()

    def action_open_only(self) -> None:
        self._open_only = not self._open_only
        self._placed = -1
        self.refresh_page()

    def _close_detail(self) -> None:
        self.remove_class("-reading")
        self.query_one("#msel").focus()

    def action_back(self) -> None:
        if self.has_class("-reading"):
            self._close_detail()
        elif not self._following:
            self.action_now()
        else:
            self.run_worker(self.program.action_quit(), exclusive=True)

    def action_page(self, key: str) -> None:
        page = next(page for page in PAGES if page.key == key)
        self.app.push_screen(page.factory(self.control), self._said)

    # The marked inject

    def _pick(self, *statuses: str, otherwise: Callable[[MselRow], str]) -> MselRow | None:
        """The marked inject if it stands so; else says why not."""
        inject = self._inject()
        if inject is None:
            said = (
                _("A decision is put by its time or condition alone.") if self._coming() else _("Mark an inject first.")
            )
            self.say(said)
            return None
        if inject.status not in statuses:
            self.say(otherwise(inject))
            return None
        return inject

    def _to(self, inject: MselRow) -> str:
        return ", ".join(plain(self._names.get(address, address)) for address in inject.to)

    def action_release(self) -> None:
        inject = self._pick(
            "waiting",
            "held",
            "skipped",
            otherwise=lambda row: _BEEN[row.status],
        )
        if inject is not None:
            command = ReleaseInject(inject=inject.inject)
            self.sure(
                _("Release “{title}” now?").format(title=inject.title),
                _("It reaches **{to}** at once.").format(to=self._to(inject)),
                lambda: self.control.submit(command),
                yes=_("Release"),
                done=_("Released: {title}").format(title=inject.title),
            )

    async def action_hold(self) -> None:
        inject = self._pick(
            "waiting",
            "held",
            otherwise=lambda row: f"{_BEEN[row.status]} {_('Only what is still to come can be held.')}",
        )
        if inject is None:
            return
        # Without a question before it, the same key once more has to mean the same row.
        self._leave_now()
        timed = inject.due is not None and inject.due > self.control.view().clock.exercise
        if inject.status == "held" and timed:
            # To give it its own time again is what lets it come by itself.
            command = EditInject(inject=inject.inject, at=inject.due)
            await self.asked(
                self.control.submit(command), _("It comes at its time again: {title}").format(title=inject.title)
            )
        elif inject.status == "held":
            self.say(_("It is held, and has no time to go back to: r releases it, e gives it a time."))
        elif timed:
            done = _("Held: {title}. h lets it come again, r releases it now.").format(title=inject.title)
            await self.asked(self.control.submit(HoldInject(inject=inject.inject)), done)
        else:
            hold = HoldInject(inject=inject.inject)
            self.sure(
                _("Hold “{title}” back?").format(title=inject.title),
                _("It has no time to be given back: once held, it comes only when you release it, or give it a time."),
                lambda: self.control.submit(hold),
                yes=_("Hold"),
                done=_("Held: {title}. r releases it.").format(title=inject.title),
            )

    def action_skip(self) -> None:
        inject = self._pick(
            "waiting",
            "held",
            otherwise=lambda row: f"{_BEEN[row.status]} {_('Only what is still to come can be skipped.')}",
        )
        if inject is not None:
            id, title = inject.inject, inject.title
            self._why(
                _("Skip “{title}”?").format(title=title),
                _("It does not come, and the story goes on without it. **r** can still release it by hand."),
                lambda why: SkipInject(inject=id, why=why),
                yes=_("Skip"),
                done=_("Skipped: {title}").format(title=title),
            )

    def action_withdraw(self) -> None:
        def otherwise(row: MselRow) -> str:
            if row.status == "withdrawn":
                return _BEEN["withdrawn"]
            return _("It has not come yet: h holds it, k skips it.")

        inject = self._pick("released", otherwise=otherwise)
        if inject is not None:
            id, title = inject.inject, inject.title
            self._why(
                _("Withdraw “{title}”?").format(title=title),
                _(
                    "It stays in the inboxes, marked as withdrawn. What was read stays read; to undo what came of it, "
                    "**b** goes back to a moment before."
                ),
                lambda why: WithdrawInject(inject=id, why=why),
                yes=_("Withdraw"),
                done=_("Withdrawn: {title}").format(title=title),
            )

    def _why(
        self, question: str, text: str, command: Callable[[str], SkipInject | WithdrawInject], *, yes: str, done: str
    ) -> None:
        def answered(why: str | None) -> None:
            if why is not None:
                self.run_worker(self.asked(self.control.submit(command(why)), done))

        self.app.push_screen(WhyScreen(question, text, yes=yes), answered)

    def action_edit(self) -> None:
        inject = self._pick(
            "waiting",
            "held",
            "skipped",
            otherwise=lambda row: f"{_BEEN[row.status]} {_('It is too late to change it.')}",
        )
        if inject is not None:
            from exercise.tui.console.inject_form import EditScreen

            self.app.push_screen(EditScreen(self.control, inject), self._said)

    def action_write(self) -> None:
        from exercise.tui.console.inject_form import WriteScreen

        self.app.push_screen(WriteScreen(self.control), self._said)

    def _said(self, text: object) -> None:
        """What came of something done on another screen."""
        if isinstance(text, str) and text:
            self.call_later(self.say, text)

    # Clock and decisions

    async def action_pause(self) -> None:
        await pause_or_resume(self)

    def action_step(self) -> None:
        step_on(self)

    async def action_rate(self, by: int) -> None:
        await set_rate(self, by)

    def action_end(self) -> None:
        end_exercise(self)

    async def action_extend(self) -> None:
        found = self._decision()
        if found is None or found[1].status != "open":
            self.say(_("Mark an open decision first; + gives it five minutes more."))
            return
        title = found[1].title
        command = ExtendWindow(decision=found[1].id, seconds=MORE_TIME)
        await self.asked(self.control.submit(command), _("Five minutes more: {title}").format(title=title))
