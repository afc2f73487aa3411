"""The play screen of a hosted exercise: the same, but that exercise control moves the story on."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding

from exercise.language import N_, _
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.screens.play import PlayScreen
from exercise.tui.widgets.moves import paced_step

if TYPE_CHECKING:
    from exercise.session.client import Hosted, Table

__all__ = ["HostedPlayScreen"]

_OTHERWISE = ("next", "pause", "end", "pass", "decide")
"""Actions of the play screen that are exercise control's here, or stand elsewhere."""

_HELP = N_("""
You read what reaches your team, talk about it, and decide. **Exercise control paces the exercise**: it starts and stops
the clock, and what comes next comes by itself.

- At the left is your **inbox**; a dot (●) marks what nobody has opened yet. What you mark is shown beside it.
- Below it stand the **decisions** that wait for you, with the time their window stays open. Press **d** for the first.
- **w**, or **ctrl+g** from anywhere, shows **what waits for you** and what is new since you last looked there.
- The **situation** shows how things go: ▲ or ▼ against the start, and whether that is better or worse.
- **r** opens the requests: what others ask of you, and what you ask of them.
- **m** opens the messages between people: your own team, other teams, and exercise control.
- **p** shows the texts your team has accepted, to look up what they ask. **c** shows whom you can reach.

Your answers and reasons are kept and discussed at the end, in the hot wash. **Nothing is lost by leaving**: come back
with the same code and the same name. A line at the top says so if you are not connected; what you write stays.
""")

_LOOKS_ON = N_("""
You look on: any team's screen as that team sees it, and nothing of what is behind the story.

- **t** shows the next team. **n** writes a **note** for exercise control, tied to an objective, to a commitment or to
  this moment. No team reads it.
- **w**, or **ctrl+g** from anywhere, shows what waits for this team and what is new since you last looked there.
- Everything else may be looked at: messages, requests, evidence, decisions, the texts. Nothing can be changed.
""")


class HostedPlayScreen(PlayScreen, inherit_bindings=False):
    """What it says of pacing is said of exercise control; an observer may write notes.

    The keys are those of the play screen but for what moves the story on, which nobody here is to look for.
    """

    BINDINGS = [
        *ExerciseScreen.BINDINGS,
        Binding("n", "note", "Note", tooltip="Write a note for exercise control, tied to what it is about"),
        Binding("d", "decide", "Decide", tooltip="Open the decision that is marked, or the most urgent one"),
        Binding("w", "waiting", "What waits", tooltip="What waits for you, and what is new since you looked"),
        *(key for key in PlayScreen.BINDINGS if isinstance(key, Binding) and key.action not in _OTHERWISE),
        Binding("l", "place", "Place", tooltip="Choose another place in your team"),
        Binding("t", "pass", "Next team", tooltip="Look at the next team"),
        Binding("h", "hot_wash", "Hot wash", tooltip="Open the hot wash again"),
    ]
    ON_OPENING: ClassVar[str] = N_("Press **i** to read your messages. Exercise control paces the exercise.")
    ON_PLENARY: ClassVar[str] = N_("Exercise control goes on when all have talked.")
    ON_DECIDED: ClassVar[str] = N_("Your answer has been taken. Exercise control paces the exercise.")

    def __init__(
        self, table: Table, seat: str, *, now: Callable[[], float] = time.monotonic, late: bool = False
    ) -> None:
        super().__init__(table, seat, now=now)
        self._late = late
        """Whether somebody comes in here without having seen the briefing; said once."""

    def on_mount(self) -> None:
        if self._late:
            # In the place of the next step, which comes back once anything is done.
            self.call_after_refresh(self.arrivals.put, _("The exercise is running already: b opens the briefing."))

    @property
    def _hosted(self) -> Hosted:
        hosted = self.table.hosted
        assert hosted is not None
        return hosted

    def help_words(self) -> str:
        return _(_LOOKS_ON) if self.table.looks_on else _(_HELP)

    def hint(self) -> str:
        view = self.view
        if self.table.looks_on and view.clock.phase == "move":
            return _("You look on. t: another team. n: write a note. Now: {team_short}.").format(
                team_short=view.team_short
            )
        return paced_step(view)

    async def _read_now(self, number: str) -> None:
        # Reading is not marked as read where it would be refused: that is nothing the reader needs to hear of.
        if self.table.looks_on or (self._hosted.acting and not self._hosted.trouble):
            await super()._read_now(number)
        else:
            self._read(number)

    async def action_waiting(self) -> None:
        """What waits and what is new."""
        await self.app.run_action("app.waiting")

    def action_hot_wash(self) -> None:
        self._open_hot_wash()

    def action_note(self) -> None:
        from exercise.tui.screens.note import NoteScreen

        self.app.push_screen(NoteScreen(self._client, self.table, now=self._now))

    def action_place(self) -> None:
        from exercise.tui.screens.places import PlacesScreen

        self.app.push_screen(PlacesScreen(self.table))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "pass":
            return self.table.looks_on and len(self.table.seats) > 1
        if action == "note":
            return self.table.looks_on
        if action == "hot_wash":
            return self.view.clock.phase == "ended"
        if action == "place":
            return bool(self._hosted.places) and self.view.clock.phase != "ended"
        return super().check_action(action, parameters)
