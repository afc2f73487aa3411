"""How people at one terminal move the story on themselves: the next thing, what would lapse by it, and ENDEX."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from exercise.core.passing import passing
from exercise.errors import CommandRejected, ExerciseError
from exercise.language import _
from exercise.tui.lapsing import decision_open, request_open, time_passes
from exercise.tui.widgets.moves import news

if TYPE_CHECKING:
    from exercise.tui.screens.confirm import ConfirmScreen
    from exercise.tui.screens.play import PlayScreen

__all__ = ["Stepping"]


class Stepping:
    """The pacing of a play screen, one step at a time, since a second key press must not skip what comes."""

    def __init__(self, screen: PlayScreen) -> None:
        self._screen = screen
        self._busy = False

    async def go_on(self) -> None:
        """The next thing; whoever would lose much of the time to decide or to read by it is asked first."""
        screen, table = self._screen, self._screen.table
        if self._busy or table.looks_on:
            await self.step(table.step)
            return
        ahead = table.ahead()
        mine = passing(screen.view, ahead)
        others = any(passing(table.client(seat).view(), ahead) for seat, _name in table.seats if seat != screen.seat)
        if not mine and not others:
            await self.step(table.step)
            return
        decide = bool(mine and screen.view.open_decisions)

        def answered(yes: bool | None) -> None:
            if yes:
                screen.run_worker(self.step(table.step), exclusive=True)
            elif yes is False and mine:
                screen.action_decide() if decide else screen.action_inbox()

        screen.app.push_screen(time_passes(mine, decide=decide), answered)

    async def step(self, step: Callable[[], Awaitable[str]]) -> None:
        """Move on; whoever would lose an open decision or request by it is asked first."""
        if self._busy:
            return
        self._busy = True
        screen, table = self._screen, self._screen.table
        before = screen.view
        was_plenary = before.clock.phase == "plenary"
        try:
            came = await step()
        except CommandRejected as refused:
            if refused.code == "decisions-open":
                self._offer(*decision_open(screen.view, refused.text), screen.action_decide)
            elif refused.code == "requests-open":
                self._offer(*request_open(screen.view), screen.action_requests)
            else:
                screen.say(refused.text, wrong=True)
            return
        except ExerciseError as error:
            screen.say(str(error), wrong=True)
            return
        finally:
            self._busy = False
        together = table.looks_on or len(table.seats) == 1
        after = table.client(screen.seat).view()
        if was_plenary and not together and after.clock.phase == "move":
            # The room looks at the plenary together; what follows is for one seat's eyes.
            screen.program.show_seat(screen.seat, covered=True)
        else:
            # After the change itself has been shown, so that this line stays.
            screen.call_later(screen.arrivals.put, news(before, after) or came)

    def _offer(self, question: ConfirmScreen, mine: bool, otherwise: Callable[[], None]) -> None:
        """Ask before something lapses; whoever would rather not is taken to it, where it is this seat's to do."""

        def answered(yes: bool | None) -> None:
            if yes:
                self._screen.run_worker(self.step(self._screen.table.let_lapse), exclusive=True)
            elif yes is False and mine:
                otherwise()

        self._screen.app.push_screen(question, answered)

    def ask_to_end(self) -> None:
        """ENDEX, once that is confirmed."""
        from exercise.tui.screens.confirm import ConfirmScreen

        question = ConfirmScreen(
            _("End the exercise now?"),
            _("ENDEX: the hot wash opens for all teams, and no more can be decided. This cannot be taken back."),
            yes=_("End it"),
            no=_("Play on"),
        )

        def answered(end: bool | None) -> None:
            if end:
                self._screen.run_worker(self._screen.ask(self._screen.table.end()), exclusive=True)

        self._screen.app.push_screen(question, answered)
