"""The app: themes, the menu of everything that can be done, and the way from one screen of a game to the next."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from textual.app import SystemCommand
from textual.binding import Binding
from textual.command import CommandPalette
from textual.screen import Screen
from textual.timer import Timer

from exercise.errors import DEBUG, ExerciseError
from exercise.language import N_, SOURCE, Voice, _, speak, spoken
from exercise.tui.ordinary_tasks import OrdinaryTasks
from exercise.tui.theme import THEMES

if TYPE_CHECKING:
    from exercise.session.client import Table
    from exercise.tui.draft import Draft
    from exercise.tui.widgets.agenda import Looked

__all__ = ["ExerciseApp"]

Kept = TypeVar("Kept")


class ExerciseApp(OrdinaryTasks[str]):
    """Opens on the screen it is given, or on a game; ends with the id of a game that was left in the middle."""

    TITLE = N_("Exercise")
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS = [
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True),
        Binding("ctrl+p", "command_palette", "Menu", show=True, priority=True),
    ]

    def __init__(
        self, first: Callable[[], Screen[Any]] | None = None, *, table: Table | None = None, theme: str = "exercise"
    ) -> None:
        super().__init__()
        for own in THEMES:
            self.register_theme(own)
        self.theme = theme
        self._first = first
        self._voice = Voice(spoken())
        self._own_language = spoken()
        self._ticking: Timer | None = None
        self.table = table
        self.drafts: dict[tuple[str, str, str], Draft] = {}
        """Half-written answers by session, seat and decision, so that leaving a screen loses nothing."""
        self.request_drafts: dict[tuple[str, str, str], Any] = {}
        """The same for requests and what is answered to them, by session, team and what it is."""
        self.heard: dict[tuple[str, str], dict[str, int]] = {}
        """How many messages of each conversation were looked at, by session and seat."""
        self.words: dict[tuple[str, str, str], str] = {}
        """Lines begun and not sent, by session, seat and whom they are to."""
        self.looked: dict[tuple[str, str], Looked] = {}
        """How much a seat had got when it last asked what is new, by session and seat."""
        self._fault: Exception | None = None

    def _fatal_error(self) -> None:
        # Textual would print every local variable, what other seats wrote and codes among them.
        if DEBUG in os.environ:
            super()._fatal_error()
        else:
            self._fault = self._exception
            self._close_messages_no_wait()

    async def run_async(self, *words: Any, **named: Any) -> str | None:
        """As ever; a fault that ended the screens is raised once the terminal is as it was."""
        ended = await super().run_async(*words, **named)
        if self._fault is not None:
            raise self._fault
        return ended

    def on_load(self) -> None:
        # Before anything is on the screen, so that all its tasks speak alike and those of other apps do not.
        self._voice = speak(self._own_language)

    def speak_to(self, language: str) -> None:
        """Go on in the language that somebody reads; where that is only the source's, in the one of this terminal."""
        self._voice.language = language if language != SOURCE else self._own_language

    def on_mount(self) -> None:
        if self._first is not None:
            self.push_screen(self._first(), lambda _: self.exit())
        elif self.table is not None:
            self.open_table(self.table)

    def open_table(self, table: Table) -> None:
        """Start or go on with a game; the screen below stays where it is."""
        self.table = table
        if table.live:
            self._ticking = self.set_interval(1.0, self._tick)
        seats = [seat for seat, _ in table.seats]
        self.push_screen(self._game_screen(seats[0], covered=len(seats) > 1 and not table.looks_on))

    async def _tick(self) -> None:
        if self.table is None:
            return
        try:
            await self.table.tick()
        except ExerciseError as error:
            # What cannot be kept is not played on: the clock stops here until the person has seen why.
            if self._ticking is not None:
                self._ticking.stop()
            self.notify(str(error), title=_("The clock has stopped"), severity="error", timeout=60, markup=False)

    def show_seat(self, seat: str, *, covered: bool = False) -> None:
        """Change to another seat's screen; `covered` hides everything until its people have the keyboard."""
        self.clear_notifications()
        self.switch_screen(self._game_screen(seat, covered=covered))

    def leave_table(self) -> None:
        """Close the game's screen; back home, or out where there is no home."""
        table, self.table = self.table, None
        self.speak_to(SOURCE)
        if self._ticking is not None:
            self._ticking.stop()
        if self._first is None:
            self.exit(table.session_id if table is not None and not _ended(table) else None)
        else:
            self.pop_screen()

    def _game_screen(self, seat: str, *, covered: bool) -> Screen[Any]:
        table = self.table
        assert table is not None
        self.speak_to(table.client(seat).view().language)
        if covered:
            from exercise.tui.screens.handover import HandoverScreen

            return HandoverScreen(table, seat)
        if table.client(seat).view().clock.phase == "briefing":
            from exercise.tui.screens.briefing import BriefingScreen

            return BriefingScreen(table.client(seat), table)
        from exercise.tui.screens.play import PlayScreen

        return PlayScreen(table, seat)

    def shown(self, screen: Screen[Any]) -> None:
        """A screen has come to the front; an app whose exercise is hosted tells the hub and shows what it must."""

    def keeps(self, key: str, make: Callable[[], Kept]) -> Kept:
        """Something half-written that was kept under a key beyond this app, or a new one."""
        return make()

    def heard_by(self, session: str, seat: str) -> dict[str, int]:
        """How much of each conversation a seat has looked at."""
        key = (session, seat)
        if key not in self.heard:
            self.heard[key] = self.keeps(f"heard|{seat}", dict)
        return self.heard[key]

    def ask_to_leave(self, leave: Callable[[], None]) -> None:
        """Say that the game is kept and how to go on, then leave if that is what was meant."""
        from exercise.tui.screens.confirm import ConfirmScreen, kept

        if self.table is not None and not isinstance(self.screen, ConfirmScreen):
            told = kept(self.table.session_id)
            if self.table.hosted is None and self._begun(self.table.session_id):
                told += "\n\n" + _("What you have begun to write and not sent is not kept.")
            question = ConfirmScreen(_("Leave the exercise?"), told, yes=_("Leave"), no=_("Stay"))
            self.push_screen(question, lambda yes: leave() if yes else None)

    def _begun(self, session: str) -> bool:
        """Whether something is half-written that nobody but this app has."""
        kept = (*self.drafts.items(), *self.request_drafts.items(), *self.words.items())
        return any(of == session and it != type(it)() for (of, *_rest), it in kept)

    async def action_quit(self) -> None:
        """Quit at once, but ask where a game is running, since a slip of the hand should not stop a workshop."""
        table = self.table
        if table is None or _ended(table):
            self.exit()
        else:
            self.ask_to_leave(lambda: self.exit(table.session_id))

    def action_help_quit(self) -> None:
        """Ctrl+c ends other programs; Textual's own word on that speaks English only."""
        self.notify(_("ctrl+q leaves the program; esc goes back."), markup=False)

    def action_command_palette(self) -> None:
        """Textual's own menu, asking in the language spoken."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(id="--command-palette", placeholder=_("Search for commands…")))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Every action of the screen by its name, then what the app itself offers."""
        seen = set()
        for key, active in screen.active_bindings.items():
            binding = active.binding
            if active.node is not screen or not told(binding) or binding.action in seen or not active.enabled:
                continue
            seen.add(binding.action)
            words = _(binding.tooltip) or _("Key: {key_display}").format(key_display=binding.key_display or key)
            yield SystemCommand(_(binding.description), words, _runner(screen, binding.action))
        yield SystemCommand(_("Theme"), _("Colours: dark, light and others"), self.action_change_theme)
        yield SystemCommand(_("Quit"), _("Leave the program; a game is kept"), self.action_quit)


def told(binding: Binding) -> bool:
    """Whether a binding is one of this program's own, to be named in the menu and in the help."""
    return bool(binding.description) and (binding.show or bool(binding.tooltip))


def _runner(screen: Screen[Any], action: str) -> Callable[[], Any]:
    async def run() -> None:
        await screen.run_action(action)

    return run


def _ended(table: Table) -> bool:
    seat = next((seat for seat, _ in table.seats), None)
    return seat is None or table.client(seat).view().clock.phase == "ended"
