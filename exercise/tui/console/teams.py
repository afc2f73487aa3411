"""The teams' screens as they see them: any seat's own screen, to look at and to change nothing on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import OptionList, Static

from exercise.core.commands import ReadMessage
from exercise.errors import CommandRejected, ExerciseError
from exercise.language import N_, _, ngettext
from exercise.tui.console.arriving import arrived
from exercise.tui.console.base import ConsoleScreen
from exercise.tui.console.people_words import doing_words, musters, seat_name
from exercise.tui.screens.play import PlayScreen
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.assess import Assessment
    from exercise.core.commands import Command
    from exercise.core.reference import Reference
    from exercise.core.views import HotWashView, ParticipantView
    from exercise.session.client import Client, Player
    from exercise.session.control import Control

__all__ = ["LookScreen", "LookingTable", "TeamsScreen"]

_QUIET = "$foreground 65%"
_REFUSED = N_("You only look on here: this is for those who play the team.")


class TeamsScreen(ConsoleScreen[None]):
    """A row for each seat with what waits for its team; enter opens the seat's own screen."""

    TITLE_WORDS = N_("the teams' screens")
    HINT = N_("enter opens the marked seat's screen as it is seen there. esc goes back.")
    HELP = N_("""
Every seat of every team, with whoever sits there and what waits for the team. **enter** opens that seat's **own
screen**: what you read there is what is read there now, and changes as it changes there.

You only look: nothing you press is taken for the team, and what you open does not count as read by it. **<** and
**>** go to the seat before and the next one, so that you can walk from table to table without going back.
""")
    DEFAULT_CSS = """
    TeamsScreen #seats { height: 1fr; }
    """

    def page(self) -> ComposeResult:
        yield Choices(id="seats", classes="panel")

    def on_mount(self) -> None:
        self.query_one("#seats").border_title = _("Whose screen?")
        self.call_after_refresh(self.query_one("#seats").focus)

    def refresh_page(self) -> None:
        view, room = self.control.view(), self.control.room()
        rows: list[tuple[str, Line]] = []
        for muster in musters(room, view, self.control.teams):
            open_now = sum(d.status == "open" for short, d in view.decisions if short == muster.short)
            parts = (
                [ngettext("{open_now} decision open", "{open_now} decisions open", open_now).format(open_now=open_now)]
                if open_now
                else []
            )
            drafts = sum(bool(draft.holder) for short, draft in view.drafts if short == muster.short)
            parts += (
                [
                    ngettext("{drafts} draft being written", "{drafts} drafts being written", drafts).format(
                        drafts=drafts
                    )
                ]
                if drafts
                else []
            )
            words = safe(" · ".join(parts) or muster.words, "bold" if parts else _QUIET)
            for _unused, seat in (pair for pair in view.seats if pair[1].seat.partition("/")[0] == muster.team):
                if "/" not in seat.seat:
                    rows.append((seat.seat, Line(safe(muster.short, "bold $primary"), words)))
                    continue
                here = [person for person in room.people if person.seat == seat.seat]
                left = safe(f"  {seat.role}") + safe(f"  {', '.join(person.name for person in here)}", "bold")
                doing = "; ".join(doing_words(person) for person in here) or _("free")
                short = _("{count} here").format(count=len(here)) if len(here) > 1 else doing
                rows.append((seat.seat, Line(left, safe(doing, _QUIET), safe(short, _QUIET))))
        self.query_one("#seats", Choices).show(rows)

    @on(OptionList.OptionSelected, "#seats")
    def _look(self, event: OptionList.OptionSelected) -> None:
        if event.option_id is not None:
            self.run_worker(self._open(event.option_id), exclusive=True)

    async def _open(self, seat: str) -> None:
        table = LookingTable(self.control)
        if await self.asked(arrived(table.client(seat))):
            self.app.push_screen(LookScreen(table, seat))
        else:
            table.close()


class LookingClient:
    """Implements `Client` over a seat that is looked at: nothing can be done with what it shows."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @property
    def seat(self) -> str:
        """Whose screen it is."""
        return self._client.seat

    @property
    def reference(self) -> Reference:
        """The texts of the profiles."""
        return self._client.reference

    def view(self) -> ParticipantView:
        """What the seat sees, without the means to write or to answer."""
        view = self._client.view()
        requests = tuple(replace(request, may=()) for request in view.requests)
        return replace(view, requests=requests, matters=(), kinds=())

    def hot_wash(self) -> HotWashView | None:
        """What is opened after ENDEX."""
        return self._client.hot_wash()

    def assessment(self) -> Assessment | None:
        """The scorecards, after ENDEX."""
        return self._client.assessment()

    async def submit(self, command: Command) -> None:
        """What is opened here counts as read by nobody; anything else is refused."""
        if not isinstance(command, ReadMessage):
            raise CommandRejected("looks-on", _(_REFUSED))

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back after each change."""
        return self._client.subscribe(changed)

    def close(self) -> None:
        """Follows the seat no more, where it is followed over a link."""
        getattr(self._client, "close", lambda: None)()


class LookingTable:
    """Implements `Table` over control's place, for a screen that expects one: all seats, and no hand on any."""

    hosted = None
    looks_on = True
    live = True

    def __init__(self, control: Control) -> None:
        self.control = control
        self._clients: dict[str, LookingClient] = {}

    def close(self) -> None:
        """Nothing is looked at any more."""
        for client in self._clients.values():
            client.close()

    @property
    def title(self) -> str:
        """Title of the scenario."""
        return self.control.title

    @property
    def session_id(self) -> str:
        """Id of the session, marked as looked at."""
        return f"look:{self.control.session_id}"

    @property
    def teams(self) -> tuple[tuple[str, str, bool], ...]:
        """Id, name and whether people play it."""
        bots = dict(self.control.view().bots)
        return tuple((team, short, team not in bots) for team, short in self.control.teams)

    @property
    def seats(self) -> tuple[tuple[str, str], ...]:
        """Every seat of every team, with its name."""
        view = self.control.view()
        return tuple((seat.seat, seat_name(view, seat.seat)) for short, seat in view.seats if short)

    @property
    def addressees(self) -> tuple[tuple[str, str], ...]:
        """Id and short name of each team."""
        return self.control.teams

    def client(self, seat: str) -> LookingClient:
        """A seat, as it is seen there."""
        if seat not in self._clients:
            self._clients[seat] = LookingClient(self.control.looking_at(seat))
        return self._clients[seat]

    def player(self) -> Player:
        """The log is not looked back at from here."""
        raise CommandRejected("looks-on", _(_REFUSED))

    async def start(self) -> None:
        """Not from here."""
        raise CommandRejected("looks-on", _(_REFUSED))

    async def step(self) -> str:
        """Not from here."""
        raise CommandRejected("looks-on", _(_REFUSED))

    async def let_lapse(self) -> str:
        """Not from here."""
        raise CommandRejected("looks-on", _(_REFUSED))

    def ahead(self) -> tuple[int, int]:
        """Nothing is moved on from here."""
        return 0, 0

    async def tick(self) -> None:
        """The hub's clock runs without it."""

    async def pause(self) -> None:
        """Not from here."""
        raise CommandRejected("looks-on", _(_REFUSED))

    async def resume(self) -> None:
        """Not from here."""
        raise CommandRejected("looks-on", _(_REFUSED))

    async def end(self) -> None:
        """Not from here."""
        raise CommandRejected("looks-on", _(_REFUSED))

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back after each change that control, or a seat that is looked at, can see."""
        stops = [self.control.subscribe(changed), *(client.subscribe(changed) for client in self._clients.values())]

        def stop() -> None:
            for each in stops:
                each()

        return stop


class LookScreen(PlayScreen):
    """A seat's own screen under a line that says whose it is."""

    CSS_PATH = "../screens/play.tcss"
    TITLE_WORDS = N_("a team's screen, looked at")
    HELP = N_("""
This is what one seat sees **now**, on its own screen, and it changes as it changes there. Read its messages, open its
decisions, requests, talk and texts with the keys at the foot; nothing you press is taken for the team, and what you
read here does not count as read by it.

**<** and **>** go to the seat before and the next one. **esc** goes back to the console.
""")
    BINDINGS = [
        Binding("greater_than_sign,full_stop", "neighbour(1)", "Next seat", key_display=">"),
        Binding("less_than_sign,comma", "neighbour(-1)", "Seat before", key_display="<"),
    ]
    DEFAULT_CSS = """
    LookScreen #looked-at { height: 1; padding: 0 1; background: $warning 25%; color: $foreground; }
    """

    ON_OPENING = N_("Press **i** to read this seat's messages.")
    ON_PLENARY = N_("The plenary is closed from the console.")

    def __init__(self, table: LookingTable, seat: str) -> None:
        super().__init__(table, seat)
        self._looking = table

    def body(self) -> ComposeResult:
        yield Static(id="looked-at", markup=False)
        yield from super().body()

    def on_mount(self) -> None:
        control = self._looking.control
        who = ", ".join(person.name for person in control.room().people if person.seat == self._seat)
        name = seat_name(control.view(), self._seat)
        line = safe(
            _("LOOKED AT: {name}{it}. < > other seats, esc back.").format(name=name, it=f" ({who})" if who else ""),
            "bold",
        )
        self.query_one("#looked-at", Static).update(line)

    def hint(self) -> str:
        return _("You look on, and change nothing. < and > go to other seats, esc goes back.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("next", "pause", "end", "pass", "filter"):
            return action == "filter"
        return super().check_action(action, parameters)

    def action_neighbour(self, by: int) -> None:
        seats = [seat for seat, _ in self._table.seats]
        at = seats.index(self._seat) if self._seat in seats else 0
        self.run_worker(self._go_to(seats[(at + by) % len(seats)]), exclusive=True)

    async def _go_to(self, seat: str) -> None:
        table = LookingTable(self._looking.control)
        try:
            await arrived(table.client(seat))
        except ExerciseError as error:
            table.close()
            self.say(str(error), wrong=True)
        else:
            self.app.switch_screen(LookScreen(table, seat))

    def on_unmount(self) -> None:
        self._looking.close()

    def action_back(self) -> None:
        if self.has_class("-situation"):
            self.action_situation()
        else:
            self.dismiss()

    def _open_phase(self) -> None:
        super()._open_phase()
        if self._view.clock.phase == "briefing":
            told = self._view.briefing
            briefs = [f"**{plain(role)}**  \n{brief}" for role, brief in told.roles if brief]
            pane = self.query_one("#reading", ProseView)
            pane.show("\n\n".join(part for part in (told.briefing, told.brief, *briefs) if part))
            pane.border_title = _("The briefing, before STARTEX")

    def _open_hot_wash(self) -> None:
        # Everybody is at the hot wash then, which control has a page of its own for.
        self.say(_("The exercise has ended: everybody is at the hot wash."))
