"""What a team is told before STARTEX: the situation for all, its own brief, and the briefs of its roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding

from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.widgets.banner import Banner
from exercise.tui.widgets.prose import ProseView
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.views import ParticipantView
    from exercise.session.client import Client, Table

__all__ = ["BriefingScreen", "briefing_text"]


class BriefingScreen(ExerciseScreen[None]):
    """With a table it stands before STARTEX and starts the exercise; without, it is there to read again."""

    TITLE_WORDS = N_("briefing")
    HELP = N_("""
Read this before the exercise starts: first what all teams know, then what only yours is told, then what only one role
is told. Agree who plays which role.

When every team has read its own, one of you starts the exercise. That moment is called STARTEX.
""")
    BINDINGS = [
        Binding("n", "start", "Start exercise", tooltip="STARTEX: the first move opens"),
        Binding("t", "pass", "Pass on", tooltip="Hide this screen and let others read their briefing"),
        Binding("p", "profile", "Texts", tooltip="Look up the texts your team has accepted"),
    ]
    CSS = """
    BriefingScreen ProseView { height: 1fr; padding: 0 2; }
    """

    def __init__(self, client: Client, table: Table | None = None) -> None:
        super().__init__()
        self._client, self._table = client, table
        self._view = client.view()
        self._busy = False

    def body(self) -> ComposeResult:
        banner = Banner(lambda: 0.0)
        banner.show(self._view, live=False)
        yield banner
        yield ProseView(briefing_text(self._view), classes="panel")

    def on_mount(self) -> None:
        pane = self.query_one(ProseView)
        pane.border_title = _("Briefing")
        pane.focus()
        self.say("")

    def hint(self) -> str:
        if self._table is None:
            return _("Scroll with the arrows or page down. esc goes back.")
        if self._shared():
            return _("Page down reads on. t: the next ones read. n: start, when all have read.")
        return _("Read on with page down. Press n to start the exercise.")

    def _shared(self) -> bool:
        return self._table is not None and len(self._table.seats) > 1

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "start":
            return self._table is not None
        if action == "pass":
            return self._shared()
        return True

    async def action_start(self) -> None:
        table = self._table
        if table is None or self._busy:
            return
        self._busy = True
        try:
            await table.start()
        except ExerciseError as error:
            self._busy = False
            self.say(str(error), wrong=True)
            return
        self.program.show_seat(self._client.seat)

    def action_pass(self) -> None:
        assert self._table is not None
        seats = [seat for seat, _ in self._table.seats]
        following = seats[(seats.index(self._client.seat) + 1) % len(seats)]
        self.program.show_seat(following, covered=not self._table.looks_on)

    def action_profile(self) -> None:
        self.open_texts(self._client, self._view)

    def action_back(self) -> None:
        if self._table is None:
            self.dismiss()
            return
        self.program.ask_to_leave(self.program.leave_table)


def briefing_text(view: ParticipantView) -> str:
    """The whole briefing as light Markdown."""
    told = view.briefing
    parts = [f"# {plain(told.title)}", told.summary, _under(_("## What all teams know"), told.briefing)]
    parts += ["---", _("# Your team: {team_name}").format(team_name=plain(view.team_name)), told.about]
    if told.brief:
        parts.append(_under(_("### For your team only"), told.brief))
    for name, brief in told.roles:
        head = (
            _("### For one role only: {name}").format(name=plain(name))
            if brief
            else _("### Role: {name}").format(name=plain(name))
        )
        parts.append(f"{head}\n\n{brief}")
    if told.others:
        parts += ["---", _("# The others")]
        # Weight alone is easy to miss, and some terminals do not show it.
        parts.append("\n".join(f"- **{plain(name)}:** {plain(about)}" for name, about in told.others))
    return "\n\n".join(part for part in parts if part.strip())


def _under(heading: str, text: str) -> str:
    """A text under a heading of ours, unless its author gave it one."""
    return text if text.lstrip().startswith("#") else f"{heading}\n\n{text}"
