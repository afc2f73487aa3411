"""The clock's page: muster and STARTEX before the exercise, then pause, rate, moves, jumps and ENDEX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.visual import Visual
from textual.widgets import OptionList

from exercise.language import N_, _
from exercise.session.control import Startex
from exercise.tui.console import pacing
from exercise.tui.console.banner import clock_words
from exercise.tui.console.base import ConsoleScreen
from exercise.tui.console.people_words import bot_words
from exercise.tui.console.pick import PickScreen
from exercise.tui.screens.head import grouped
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.times import exercise_time, play_left, story_time
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.views import FacilitatorView, FactChoices
    from exercise.session.control import Control

__all__ = ["ClockScreen", "muster"]

QUIET = "$foreground 65%"
_DRAWN = ""
"""In place of a fact's value: it is drawn at STARTEX."""


_WHEN = {
    "startex": ("briefing",),
    "pause": ("move",),
    "rate": ("move",),
    "step": ("move", "plenary"),
    "jump": ("move",),
    "close_move": ("move",),
    "close_plenary": ("plenary",),
    "end": ("move", "plenary"),
}
"""The phases in which a key means something; in others it is not offered."""


class ClockScreen(ConsoleScreen[str]):
    """What can be done with the clock now, each with its key; what stands beside it says what comes of it."""

    CSS_PATH = "clock_form.tcss"
    TITLE_WORDS = N_("the clock")
    HELP = N_("""
Before the exercise this page is the **muster**: which teams have people, which are empty or played by a bot. Each
hidden **fact** is drawn by lot at STARTEX unless you fix it here with **enter**. **s** is STARTEX.

During the exercise it paces it:

- **space** stops and starts the clock; **<** and **>** make it slower and faster.
- **n** brings the next thing that comes by itself; **j** jumps to a time of the story in this move.
- **m** closes the move. Open decisions are named first: they lapse, or you leave the move open.
- **p** ends a plenary and opens the next move.
- **E** is ENDEX. The word has to be typed.
- **X** closes the doors when all is over: everybody is sent out. To leave only this console, use **ctrl+q**.
""")
    BINDINGS = [
        Binding("s", "startex", "STARTEX", tooltip="Begin the exercise"),
        Binding("space,z", "pause", "Pause", key_display="space", priority=True, tooltip="Stop the clock or start it"),
        Binding("n", "step", "Next", tooltip="Bring the clock to the next thing"),
        Binding("j", "jump", "Jump", tooltip="Bring the clock to a time of the story in this move"),
        Binding("less_than_sign", "rate(-1)", "Slower", key_display="<", tooltip="The clock runs slower"),
        Binding("greater_than_sign", "rate(1)", "Faster", key_display=">", tooltip="The clock runs faster"),
        Binding("m", "close_move", "Close move", tooltip="End the move; open decisions are named first"),
        Binding("p", "close_plenary", "End plenary", tooltip="End the plenary: the next move opens"),
        Binding("E", "end", "ENDEX", tooltip="End the exercise; asks for the word to be typed"),
        Binding("X", "close_doors", "Close doors", tooltip="End the hub; everybody is sent out, the exercise is kept"),
    ]

    def __init__(self, control: Control) -> None:
        super().__init__(control)
        self._fixed: dict[str, str] = {}

    def page(self) -> ComposeResult:
        with Horizontal(id="clock-both"):
            yield Choices(id="clock-rows", classes="panel", mark_first=True)
            yield ProseView(id="clock-says", classes="panel")

    def on_mount(self) -> None:
        self.query_one("#clock-rows").focus()

    def refresh_page(self) -> None:
        view = self.control.view()
        briefing = view.clock.phase == "briefing"
        rows = self._briefing_rows(view) if briefing else _pacing_rows(view)
        self.query_one("#clock-rows", Choices).show(rows)
        self.query_one("#clock-rows").border_title = "STARTEX" if briefing else _("What you can do")
        says = self.query_one("#clock-says", ProseView)
        says.show(muster(self.control) if briefing else _standing(view, self.control.room().head), keep_place=True)
        says.border_title = _("Muster") if briefing else _("The clock")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        phases = _WHEN.get(action)
        return phases is None or self.control.view().clock.phase in phases

    def hint(self) -> str:
        phase = self.control.view().clock.phase
        if phase == "briefing":
            return _("enter on a fact fixes it; s begins the exercise, after asking once.")
        if phase == "ended":
            return _("The exercise has ended; the clock stands.")
        return _("enter does what is marked, or press its key; what matters is asked first.")

    def _briefing_rows(self, view: FacilitatorView) -> list[tuple[str, Content | Visual]]:
        rows: list[tuple[str, Content | Visual]] = []
        begin = Lines(
            ("s  ", safe("STARTEX", "bold")), ("   ", safe(_("The first move opens, and the clock runs."), QUIET))
        )
        rows.append(("startex", begin))
        if view.fact_choices:
            rows.append(("#facts", safe(_("Hidden facts"), "bold $primary")))
        for id, title, _unused, values in view.fact_choices:
            fixed = self._fixed.get(id, _DRAWN)
            says = next((says for value, says in values if value == fixed), "")
            state = _("fixed: {fixed}").format(fixed=fixed) if fixed else _("drawn by lot")
            lines = [("   ", safe(title, "bold") + safe(f" · {state}", QUIET))]
            rows.append((f"f:{id}", Lines(*lines, *([("   ", safe(says))] if says else []))))
        return rows

    @on(OptionList.OptionSelected, "#clock-rows")
    async def _taken(self, event: OptionList.OptionSelected) -> None:
        id = event.option_id or ""
        if id.startswith("f:"):
            fact = next((f for f in self.control.view().fact_choices if f[0] == id[2:]), None)
            if fact is not None:
                self._fix(fact)
        elif id:
            await self.run_action(id)

    def _fix(self, fact: FactChoices) -> None:
        id, title, _unused, values = fact
        now = self._fixed.get(id, _DRAWN)
        drawn = Lines(
            ("○ " if now else "● ", safe(_("drawn by lot"), "bold")),
            ("  ", safe(_("As the scenario weighs it."), QUIET)),
        )
        rows: list[tuple[str, Content | Visual]] = [("=drawn", drawn)]
        for value, says in values:
            rows.append((f"={value}", Lines(("● " if value == now else "○ ", safe(value, "bold")), ("  ", safe(says)))))

        def picked(chosen: str | None) -> None:
            if chosen is not None:
                self._fixed.pop(id, None)
                if chosen != "=drawn":
                    self._fixed[id] = chosen[1:]
                self.refresh_page()

        self.app.push_screen(PickScreen(_("{title}: what is true?").format(title=title), rows), picked)

    def action_startex(self) -> None:
        view = self.control.view()
        if view.clock.phase != "briefing":
            self.say(_("The exercise has begun already."))
            return
        empty = [plain(team) for team, state, _unused in _teams(self.control) if state == "empty"]
        parts = [_("Every screen leaves the briefing, and the clock runs.")]
        if empty:
            parts.append(_("**Nobody plays {empty}**: their decisions will lapse.").format(empty=", ".join(empty)))
        if self._fixed:
            titles = {id: title for id, title, *_unused in view.fact_choices}
            fixed = ", ".join(f"{plain(titles[id])}: {plain(value)}" for id, value in self._fixed.items())
            parts.append(_("Fixed: {fixed}.").format(fixed=fixed))
        command = Startex(facts=dict(self._fixed))
        self.sure("STARTEX?", "\n\n".join(parts), lambda: self.control.ask(command), yes="STARTEX")

    async def action_pause(self) -> None:
        await pacing.pause_or_resume(self)

    def action_step(self) -> None:
        pacing.step_on(self)

    def action_jump(self) -> None:
        pacing.jump(self)

    async def action_rate(self, by: int) -> None:
        await pacing.set_rate(self, by)

    def action_close_move(self) -> None:
        pacing.close_move(self)

    def action_close_plenary(self) -> None:
        if self.control.view().clock.phase != "plenary":
            self.say(_("No plenary is open now."))
        else:
            pacing.close_plenary(self)

    def action_end(self) -> None:
        pacing.end_exercise(self)

    def action_close_doors(self) -> None:
        pacing.close_doors(self)


def _pacing_rows(view: FacilitatorView) -> list[tuple[str, Content | Visual]]:
    clock = view.clock
    found: list[tuple[str, str, str, str]] = []
    if clock.phase == "ended":
        pass
    elif clock.phase == "plenary":
        last = clock.move >= clock.moves
        found.append(
            ("close_plenary", "p", _("End the plenary"), _("ENDEX follows") if last else _("the next move opens"))
        )
    else:
        if clock.running:
            found.append(("pause", "␣", _("Stop the clock"), _("nothing comes, nothing lapses")))
        else:
            found.append(("pause", "␣", _("Start the clock"), _("it stands; nothing comes")))
        found += [
            ("step", "n", _("On to the next thing"), _("what comes next by itself")),
            (
                "jump",
                "j",
                _("Jump to a time"),
                _("{exercise_time} at most").format(exercise_time=exercise_time(clock.move_ends)),
            ),
            ("rate(-1)", "<", _("Slower"), _("now {rate:g}×").format(rate=clock.rate)),
            ("rate(1)", ">", _("Faster"), _("now {rate:g}×").format(rate=clock.rate)),
            ("close_move", "m", _("Close the move"), _("open decisions are named first")),
        ]
    if clock.phase != "ended":
        found.append(("end", "E", "ENDEX", _("the word has to be typed")))
    found.append(("close_doors", "X", _("Close the doors"), _("everybody is sent out")))
    none = Content("")
    return [
        (act, Line(safe(f"{key}  ") + safe(title, "bold"), safe(more, QUIET), none)) for act, key, title, more in found
    ]


def _standing(view: FacilitatorView, head: str) -> str:
    clock = view.clock
    state, _unused = clock_words(clock)
    parts = [f"## {state}"]
    if clock.phase == "ended":
        parts.append(
            _("It ended at {exercise_time}, after {play_left} of play.").format(
                exercise_time=exercise_time(clock.exercise), play_left=play_left(clock.play, live=True)
            )
        )
        parts.append(_("### Head of the log\n\n") + "  \n".join(grouped(head)))
        parts.append(_("It is the same on every screen."))
        return "\n\n".join(parts)
    left = clock.phase_opened + clock.phase_seconds - clock.play
    what = _("The plenary") if clock.phase == "plenary" else _("The move")
    over = (
        _("{what} has lasted as long as it was meant to.").format(what=what)
        if left <= 0
        else _("{what}: {play_left} left.").format(what=what, play_left=play_left(left, live=True))
    )
    parts += [
        f"**{exercise_time(clock.exercise)}** · {story_time(clock)}",
        _("Move {move} of {moves}: {move_title}. {over}").format(
            move=clock.move, moves=clock.moves, move_title=plain(clock.move_title), over=over
        ),
        pacing.rate_told(clock.rate),
    ]
    if told := pacing.story_told(clock):
        parts.append(told)
    open_ones = [(team, d) for team, d in view.decisions if d.status == "open"]
    if open_ones:
        lines = [
            _("- {team}: {title} ({play_left} left)").format(
                team=plain(team), title=plain(d.title), play_left=play_left(d.closes - clock.play, live=True)
            )
            for team, d in open_ones
        ]
        parts.append(_("### Decisions open\n\n") + "\n".join(lines))
    return "\n\n".join(parts)


def _teams(control: Control) -> list[tuple[str, str, str]]:
    """Short name, `ready`, `away`, `bot` or `empty`, and words on it, for each team."""
    view, people = control.view(), control.room().people
    bots = dict(view.bots)
    found = []
    for id, short in control.teams:
        mine = [person for person in people if person.team == id and person.kind == "participant"]
        here = [person for person in mine if person.connected]
        if here:
            seated = sum(bool(person.seat) for person in here)
            more = "" if seated == len(here) else _(", {count} without a seat").format(count=len(here) - seated)
            state, words = "ready", _("ready: {count} here{more}").format(count=len(here), more=more)
        elif id in bots:
            state, words = "bot", bot_words(bots[id])
        elif mine:
            state, words = "away", _("{count} joined, nobody connected").format(count=len(mine))
        else:
            state, words = "empty", _("empty: nobody has joined")
        found.append((short, state, words))
    return found


_SIGNS = {"ready": "●", "bot": "◇", "away": "!", "empty": "○"}


def muster(control: Control) -> str:
    """Which teams have people, as light Markdown."""
    parts = [_("*Do not project the console: it shows what teams may not know.*")]
    people = control.room().people
    for (id, _unused), (short, state, words) in zip(control.teams, _teams(control), strict=True):
        mine = [person for person in people if person.team == id and person.kind == "participant"]
        lines = [f"**{_SIGNS[state]} {plain(short)}** · {words}"]
        lines += [f"  {plain(person.name)} {_seat(control, person.seat)}" for person in mine]
        parts.append("  \n".join(lines))
    if any(state == "empty" for _short, state, _words in _teams(control)):
        parts.append(_("The codes and addresses by which people join: t on the list."))
    others = [person for person in people if person.kind != "participant" and person.connected]
    if others:
        parts.append(_("Also here: ") + ", ".join(f"{plain(person.name)} ({_(person.kind)})" for person in others))
    return "\n\n".join(parts)


def _seat(control: Control, seat: str) -> str:
    role = next((shown.role for _unused, shown in control.view().seats if shown.seat == seat and "/" in seat), "")
    return f"({plain(role)})" if role else "" if seat else _("(has not chosen a seat)")
