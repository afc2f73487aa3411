"""Everything people have said, and a line of control's own: to a team, to one role, or to everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from exercise.core.asked import FACILITATOR
from exercise.core.teamwork.commands import Say
from exercise.language import N_, Told, _
from exercise.tui.console.base import ConsoleScreen
from exercise.tui.console.people_words import seat_name
from exercise.tui.console.pick import PickScreen
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.words import plain
from exercise.tui.widgets.writing import OneLine

if TYPE_CHECKING:
    from exercise.core.teamwork.views import TalkLine
    from exercise.core.views import FacilitatorView
    from exercise.session.control import Control

__all__ = ["TalkScreen", "Thread", "threads"]

_QUIET = "$foreground 65%"
_ALL = "all"


class Thread(NamedTuple):
    """What was said among the same parties, oldest first."""

    key: str
    name: str
    lines: tuple[TalkLine, ...]
    to: str
    """Whom control writes to from here, or '' where that has to be chosen."""


def threads(view: FacilitatorView, teams: tuple[tuple[str, str], ...]) -> tuple[Thread, ...]:
    """That with everybody, control's with each team, each team's own, and between teams where they spoke."""
    ids = {short: team for team, short in teams}
    names = dict(teams)
    found: dict[str, list[TalkLine]] = {_ALL: []}
    found |= {f"control:{team}": [] for team, _ in teams} | {f"inside:{team}": [] for team, _ in teams}
    for line in view.talk:
        by, to = line.seat.partition("/")[0], ids.get(line.to.partition(": ")[0], line.to)
        if line.kind == "talk":
            key = f"inside:{by}"
        elif line.kind == "message":
            key = "between:" + ":".join(sorted((by, to)))
        elif line.own:
            key = f"control:{to}" if to in names else _ALL
        else:
            key = f"control:{by}"
        found.setdefault(key, []).append(line)
    return tuple(_thread(key, tuple(lines), names) for key, lines in found.items())


def _thread(key: str, lines: tuple[TalkLine, ...], names: dict[str, str]) -> Thread:
    kind, _unused, rest = key.partition(":")
    if kind == _ALL:
        return Thread(key, _("Everybody"), lines, _ALL)
    if kind == "control":
        return Thread(key, _("{get} and control").format(get=names.get(rest, rest)), lines, rest)
    if kind == "inside":
        return Thread(key, _("Inside {get}").format(get=names.get(rest, rest)), lines, rest)
    return Thread(key, " – ".join(names.get(team, team) for team in rest.split(":")), lines, "")


class TalkScreen(ConsoleScreen[None]):
    """Conversations at the left, what was said beside them, a line to write in below."""

    CSS_PATH = "talk.tcss"
    TITLE_WORDS = N_("messages between people")
    HELP = N_("""
All that people have said: **to everybody**, between **control and each team**, **inside** a team, and **between**
teams, where they have spoken to each other. ✔ marks what a team said officially.

Below stands a line to write in. It goes to the team whose conversation is marked, or to everybody from the first one;
**ctrl+t** chooses somebody else, down to **one role** of a team. **tab** goes to the line, **enter** sends it.
Everybody reads it as said by exercise control. What the story brings is no message of yours: write an inject for
that.
""")
    BINDINGS = [Binding("ctrl+t", "to", "To whom", key_display="^t", tooltip="Choose whom the line goes to")]

    def __init__(self, control: Control) -> None:
        super().__init__(control)
        self._key = _ALL
        self._to = _ALL
        self._lines_of = ""

    def page(self) -> ComposeResult:
        with Horizontal(id="talks"):
            yield Choices(id="threads", classes="panel")
            yield ProseView(id="lines", classes="panel")
        yield Static(id="to", markup=False)
        yield OneLine(id="words", max_length=4000)

    def on_mount(self) -> None:
        self.query_one("#threads").border_title = _("Conversations")
        self.start_at(self.query_one("#threads"))
        self.watch(self.query_one("#lines"), "scroll_y", self._looked, init=False)

    def _looked(self) -> None:
        pane = self.query_one("#lines", ProseView)
        if pane.border_subtitle and pane.scroll_offset.y >= pane.max_scroll_y:
            pane.border_subtitle = ""

    @property
    def _heard(self) -> dict[str, int]:
        """How much of each conversation was looked at, kept while the console is open."""
        return self.program.heard_by(self.control.session_id, FACILITATOR)

    def refresh_page(self) -> None:
        found = threads(self.control.view(), self.control.teams)
        shown = next((thread for thread in found if thread.key == self._key), found[0])
        self._heard[shown.key] = len(shown.lines)
        rows: list[tuple[str, Content | Lines]] = []
        last = ""
        for thread in found:
            kind = thread.key.partition(":")[0]
            if kind != last and kind in _HEADS:
                rows.append((f"#{kind}", safe(_HEADS[kind], "bold $primary")))
            last = kind
            new = len(thread.lines) - self._heard.get(thread.key, 0)
            said = (
                _("{new} new").format(new=new)
                if new
                else _("{count} said").format(count=len(thread.lines))
                if thread.lines
                else _("nothing yet")
            )
            label = dict(self.control.teams).get(thread.to, thread.name)
            words = safe(label, "bold" if new else "") + safe(f" · {said}", _QUIET)
            rows.append((thread.key, Lines(("● " if new else "  ", words))))
        choices = self.query_one("#threads", Choices)
        choices.show(rows)
        if choices.highlighted is None:
            choices.choose(self._key)
        pane = self.query_one("#lines", ProseView)
        pane.border_title = safe(shown.name)
        text = "\n\n".join(_told(line) for line in shown.lines) or _("Nothing has been said here yet.")
        follows = self._lines_of != shown.key or pane.scroll_offset.y >= pane.max_scroll_y
        came, self._lines_of = text != pane.text, shown.key
        pane.show(text, keep_place=True)
        if came and follows:
            pane.scroll_end(animate=False)
        if came:
            # Whoever reads what was said before is not torn away from it.
            pane.border_subtitle = "" if follows else Content(_("↓ new: end"))
        self.query_one("#to", Static).update(
            safe(_("To {called}. ").format(called=self._called(self._to)), "bold") + safe(_(_HOW), _QUIET)
        )
        self.query_one("#words", Input).placeholder = _("To {called}").format(called=self._called(self._to))

    def hint(self) -> str:
        return _("↑ ↓ choose a conversation; tab to the line, write, enter sends. esc goes back.")

    def _called(self, to: str) -> str:
        return _("everybody") if to == _ALL else dict(self.control.teams).get(to) or seat_name(self.control.view(), to)

    @on(OptionList.OptionHighlighted, "#threads")
    def _mark(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_id is None or event.option_id == self._key:
            return
        self._key = event.option_id
        found = threads(self.control.view(), self.control.teams)
        # Where two teams talk, nobody is meant by it: the line stays with whom it was for.
        self._to = next((thread.to for thread in found if thread.key == self._key), "") or self._to
        self.say("")
        self.refresh_page()

    @on(OptionList.OptionSelected, "#threads")
    def _write_there(self) -> None:
        self.query_one("#words").focus()

    def action_to(self) -> None:
        rows: list[tuple[str, Content | Lines]] = [(_ALL, Lines(("• ", safe(_("Everybody"), "bold"))))]
        for short, seat in self.control.view().seats:
            if short:
                inside = "/" in seat.seat
                name = (
                    _("only {role}{it}").format(role=seat.role, it=f" ({seat.name})" if seat.name else "")
                    if inside
                    else short
                )
                rows.append((seat.seat, Lines(("    " if inside else "• ", safe(name, "" if inside else "bold")))))

        def chosen(to: str | None) -> None:
            if to is not None:
                self._to = to
                self.refresh_page()
                self.query_one("#words").focus()

        self.app.push_screen(PickScreen(_("To whom?"), rows), chosen)

    @on(Input.Submitted, "#words")
    async def _send(self, event: Input.Submitted) -> None:
        if not event.value.strip():
            return
        said = Say(seat=FACILITATOR, to=self._to, text=event.value)
        if await self.asked(self.control.submit(said), _("Said to {called}.").format(called=self._called(self._to))):
            event.input.clear()


_HEADS = Told({"control": "With control", "inside": "Inside a team", "between": "Between teams"})
_HOW = N_("ctrl+t: somebody else, down to one role.")


def _told(line: TalkLine) -> str:
    """A line as light Markdown: when, who, to whom, how it was meant, and the words."""
    to = {"talk": "", "message": _(" to {to}").format(to=plain(line.to))}.get(
        line.kind, _(" to {to}").format(to=plain(line.to)) if line.own else ""
    )
    meant = _(" · **✔ official**") if line.official else _(" · side talk") if line.kind == "message" else ""
    return f"**{exercise_time(line.exercise)}  {plain(line.sender)}{to}**{meant}  \n{plain(line.text)}"
