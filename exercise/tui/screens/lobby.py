"""The lobby: who of the team is here, the briefing to read, and the wait for STARTEX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from exercise.language import N_, _, ngettext
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.screens.briefing import briefing_text
from exercise.tui.widgets.banner import Banner
from exercise.tui.widgets.choices import Lines
from exercise.tui.widgets.prose import Prose, ProseView, safe
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.views import ParticipantView
    from exercise.session.client import Table

__all__ = ["LobbyScreen"]

_QUIET = "$foreground 65%"


class LobbyScreen(ExerciseScreen[None]):
    """Stands until STARTEX; the app then goes on to the play screen by itself."""

    TITLE_WORDS = N_("in the lobby")
    HELP = N_("""
The exercise has not begun. **Read the briefing**: first what all teams know, then what only yours is told, then what
only your role is told. Above, or beside it, stands who of your team is here.

Exercise control starts the exercise when all are seated. That moment is called **STARTEX**; your screen goes on by
itself. **p** shows the texts your team has accepted, which what you do will be held against.
""")
    BINDINGS = [
        Binding("p", "profile", "Texts", tooltip="Look up the texts your team has accepted"),
        Binding("m", "messages", "Messages", tooltip="Talk in your team, and with exercise control"),
        Binding("l", "place", "Place", tooltip="Choose another place in your team"),
        Binding("t", "pass", "Next team", tooltip="Look at the next team"),
    ]
    CSS = """
    LobbyScreen { layout: vertical; }
    LobbyScreen #muster { height: auto; max-height: 9; padding: 0 1; }
    LobbyScreen #here { height: auto; }
    LobbyScreen #card { height: auto; display: none; margin-top: 1; }
    LobbyScreen.-wide #card, LobbyScreen.-very-wide #card { display: block; }
    LobbyScreen ProseView { height: 1fr; padding: 0 2; }
    LobbyScreen.-wide, LobbyScreen.-very-wide { layout: horizontal; }
    LobbyScreen.-wide #muster, LobbyScreen.-very-wide #muster { width: 38; height: 1fr; max-height: 100%; }
    LobbyScreen.-wide ProseView, LobbyScreen.-very-wide ProseView { width: 1fr; }
    """

    def __init__(self, table: Table, seat: str) -> None:
        super().__init__()
        self._table, self._client = table, table.client(seat)
        self._view: ParticipantView = self._client.view()

    def body(self) -> ComposeResult:
        yield Banner(lambda: 0.0)
        with VerticalScroll(id="muster", classes="panel", can_focus=False):
            yield Static(id="here", markup=False)
            yield Static(Prose(_role_card(self._view)), id="card", markup=False)
        yield ProseView(briefing_text(self._view), classes="panel")

    def on_mount(self) -> None:
        self.follow(self._table.subscribe)
        pane = self.query_one(ProseView)
        pane.border_title = _("Briefing")
        self.look_again()
        pane.focus()

    def look_again(self) -> None:
        view = self._view = self._client.view()
        self.query_one(Banner).show(view, live=False)
        here = [seat for seat in view.seats if seat.present]
        count = ngettext("{count} is here", "{count} are here", len(here)).format(count=len(here))
        self.query_one("#muster").border_title = safe(f"{view.team_short} · {count}")
        self.query_one("#here", Static).update(self._muster(view))
        self.query_one(ProseView).show(briefing_text(view), keep_place=True)
        self.refresh_bindings()
        self.refresh_hint()

    def _muster(self, view: ParticipantView) -> Lines:
        lines = [("▶ ", Content.styled(_("Waiting for STARTEX by exercise control."), "bold"))]
        mine = next((seat for seat in view.seats if seat.seat == view.seat), None)
        if mine is not None:
            lead = _(" · you speak for the team") if mine.leads else ""
            whole = _(" (the whole team)") if "/" not in view.seat else ""
            lines.append(
                ("✔ ", safe(_("You: {role}{whole}").format(role=mine.role, whole=whole), "bold") + safe(lead, _QUIET))
            )
        for seat in view.seats:
            is_team = "/" not in seat.seat
            if seat.seat == view.seat or (is_team and not seat.present):
                continue
            who = f" · {seat.name or _('here')}" if seat.present else _(" · nobody yet")
            words = safe(_("Whole team") if is_team else seat.role) + safe(who, _QUIET)
            lines.append(("● " if seat.present else "○ ", words))
        return Lines(*lines)

    def hint(self) -> str:
        if self._table.looks_on:
            return _("You look on. t: another team's briefing. The exercise begins by itself at STARTEX.")
        return _("Read on with page down. The exercise begins by itself at STARTEX.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        hosted = self._table.hosted
        if action == "place":
            return hosted is not None and bool(hosted.places)
        if action == "pass":
            return self._table.looks_on and len(self._table.seats) > 1
        return action != "messages" or not self._table.looks_on

    def action_profile(self) -> None:
        self.open_texts(self._client, self._view)

    def action_messages(self) -> None:
        from exercise.tui.screens.messages import MessagesScreen

        heard = self.program.heard_by(self._table.session_id, self._client.seat)
        self.app.push_screen(MessagesScreen(self._client, self._table, heard, live=False, now=lambda: 0.0))

    def action_place(self) -> None:
        from exercise.tui.screens.places import PlacesScreen

        self.app.push_screen(PlacesScreen(self._table))

    def action_pass(self) -> None:
        seats = [seat for seat, _ in self._table.seats]
        self.program.show_seat(seats[(seats.index(self._client.seat) + 1) % len(seats)])

    def action_back(self) -> None:
        self.program.ask_to_leave(self.program.leave_table)


def _role_card(view: ParticipantView) -> str:
    """What only this role is told; the briefing says it too, further down."""
    cards = [
        _("**Your role: {name}**\n\n{brief}").format(name=plain(name), brief=brief)
        for name, brief in view.briefing.roles
        if brief
    ]
    return "\n\n".join(cards[:1]) if "/" in view.seat else ""
