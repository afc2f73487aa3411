"""The part of the replay's screen that goes through time: playing, stepping, jumping, pointing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from textual import on
from textual.timer import Timer

from exercise.language import _
from exercise.session.client import Player
from exercise.tui.replay.watching import Watch
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.screens.goto import GoToScreen
from exercise.tui.widgets.telling import play_text
from exercise.tui.widgets.timeline import Timeline

TICK = 0.1
JUMP = 5
"""Seconds of watching that an arrow key skips; at 8× these are 40 seconds of play."""
SAID = 5.0
"""Seconds for which it stays said that a stretch was left out."""


class MovingScreen(ExerciseScreen[None]):
    """What is shown at a moment is for `show_moment` and `show_clock` to say."""

    def __init__(self, player: Player) -> None:
        super().__init__()
        self.player = player
        plays = player.plays
        self.reel = Watch(plays, player.stirring)
        self._plays = plays
        self._shown = player.position
        self._timer: Timer | None = None
        self._silence: Timer | None = None

    # -- for whoever shows it ----------------------------------------------------------------------------------------

    def show_moment(self) -> None:
        """Draws the moment at which the player stands."""

    def show_clock(self) -> None:
        """Draws what changes while time runs on between two entries."""

    def comment_marks(self) -> list[tuple[int, int, str, str]]:
        """Comments as markers on the line of time."""
        return []

    # -- where it stands ---------------------------------------------------------------------------------------------

    @property
    def position(self) -> int:
        """Where the replay stands."""
        return self.player.position

    @property
    def share(self) -> float:
        """How far it has come, 0 to 1."""
        return self.reel.play / self.reel.total if self.reel.total else 1.0

    def begin(self, at: int | None) -> None:
        """Goes to an entry, or stays where the player stands; called once the widgets are there."""
        self._timer = self.set_interval(TICK, self._tick, pause=True)
        self.mark_time()
        self.go(self.player.position if at is None else at)
        # Once the first picture stands, so that a long log is on the screen no later for it.
        self.set_timer(TICK, self.player.prepare)

    def mark_time(self) -> None:
        """Puts all markers on the line of time, and remembers those that are gone to by keys."""
        comments = self.comment_marks()
        markers = sorted((*self.player.markers, *self.player.signs, *comments))
        timed = [(self._plays[min(marker[0], self.player.length)], marker) for marker in markers]
        self.query_one(Timeline).set_log(self.reel.total, timed)
        self._places = sorted({marker[0] for marker in (*self.player.markers, *comments)})

    def go(self, position: int, play: float | None = None) -> None:
        """Goes to an entry, or to a play time after it."""
        self.player.seek(position)
        self._shown = self.player.position
        self.reel.play = self._plays[self._shown] if play is None else play
        self.show_moment()

    def stay(self) -> None:
        """Comes back to where it stood, between two entries too; another screen may have moved the player."""
        self.go(self._shown, self.reel.play)

    def on_screen_resume(self) -> None:
        # Another screen may have moved the player, for a mark's moment.
        if self._timer is not None and self.player.position != self._shown:
            self.go(self._shown)

    def advance(self, seconds: float) -> None:
        """Plays on by so many seconds of watching."""
        left_out = self.reel.advance(seconds)
        if left_out:
            self._tell_left_out(left_out)
        if self.reel.play >= self.reel.total:
            self.set_playing(False)
            self.go(self.player.length)
        else:
            self._to_play(self.reel.play)

    def _tick(self) -> None:
        if self.reel.playing and self.is_current:
            self.advance(TICK)

    def _to_play(self, play: float) -> None:
        self.reel.play = play
        position = self.reel.position()
        if position != self.player.position:
            self.go(position, play)
        else:
            self.show_clock()

    def set_playing(self, playing: bool) -> None:
        """Plays or pauses."""
        self.reel.playing = playing
        if self._timer is not None:
            if playing:
                self._timer.resume()
            else:
                self._timer.pause()
            self.show_clock()

    def _tell_left_out(self, seconds: float) -> None:
        """Says for a moment what is not seen, so that nobody takes the replay for the whole time."""
        self.say(
            _("» {play_text} of play without anything is left out · i plays it in full").format(
                play_text=play_text(int(seconds))
            )
        )
        if self._silence is not None:
            self._silence.stop()
        self._silence = self.set_timer(SAID, lambda: self.say(""))

    # -- what keys and mouse ask for ---------------------------------------------------------------------------------

    def action_play(self) -> None:
        if not self.reel.playing and self.player.position >= self.player.length:
            self.go(0)
        self.set_playing(not self.reel.playing)

    def action_step(self, by: int) -> None:
        self.set_playing(False)
        self.go(max(0, min(self.player.length, self.player.position + by)))

    def action_skip(self, by: int) -> None:
        play = self.reel.play + by * JUMP * self.reel.speed
        self._to_play(max(0, min(self.reel.total, play)))

    def action_marker(self, by: int) -> None:
        here = self.player.position
        index = bisect_right(self._places, here) if by > 0 else bisect_left(self._places, here) - 1
        if 0 <= index < len(self._places):
            self.go(self._places[index])
        else:
            self.go(self.player.length if by > 0 else 0)

    def action_speed(self, by: int) -> None:
        self.reel.faster(by)
        self.show_clock()

    def action_idle(self) -> None:
        self.reel.cuts_idle = not self.reel.cuts_idle
        now = _("Idle stretches are cut short.") if self.reel.cuts_idle else _("Idle stretches are played in full.")
        self.say(_("{now} i changes it back.").format(now=now))
        self.show_clock()

    def action_tenth(self, tenth: int) -> None:
        if tenth >= 10:
            self.go(self.player.length)
        elif tenth == 0:
            self.go(0)
        else:
            self._to_play(self.reel.at_part(tenth / 10))

    def action_go_to(self) -> None:
        self.set_playing(False)
        self.app.push_screen(GoToScreen(self.player), self.gone_to)

    def gone_to(self, position: int | None) -> None:
        """A screen over this one was closed; who picked no moment stays where the replay stood."""
        if position is None:
            self.stay()
        else:
            self.go(position)

    @on(Timeline.Sought)
    def _sought(self, message: Timeline.Sought) -> None:
        self._to_play(message.play)
