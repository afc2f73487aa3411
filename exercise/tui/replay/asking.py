"""The part of the replay's screen that opens others over it: search, comments, scorecard, a fork, an export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.session.client import Player
from exercise.session.comments import Comment
from exercise.session.finding import Found
from exercise.tui.replay.half import Half
from exercise.tui.replay.moving import MovingScreen
from exercise.tui.replay.tools import Tools
from exercise.tui.widgets.times import exercise_time

if TYPE_CHECKING:
    from exercise.tui.replay.exporting import Stretch

_ALONE = N_("open the log by itself: exercise replay LOG")

_WHERE = {
    "message": ("messages", "m"),
    "decision": ("decisions", ""),
    "answer": ("decisions", ""),
    "request": ("board", ""),
    "evidence": ("more", "e"),
    "talk": ("more", "t"),
    "note": ("more", "n"),
}
"""For each kind of text, the pane it stands in and how its row's id begins."""


class AskingScreen(MovingScreen):
    """Knows which half the keys work on, and what the replay was opened with."""

    def __init__(self, player: Player, tools: Tools | None) -> None:
        super().__init__(player)
        self._tools = tools
        self._author = ""
        self._words = ""
        self._found: tuple[Found, ...] = ()
        self._found_by = ""
        self._place = 0
        self._unreadable = False
        self._spoken = False

    @property
    def active(self) -> Half:
        """The half that keys work on."""
        raise NotImplementedError

    # -- finding -----------------------------------------------------------------------------------------------------

    def action_find(self) -> None:
        from exercise.tui.replay.picking import FindScreen

        self.set_playing(False)
        self.app.push_screen(FindScreen(self.active.whose.name, self._words), self._look_for)

    def _look_for(self, words: str | None) -> None:
        from exercise.tui.replay.picking import FoundScreen

        if not words:
            return
        self._words = words
        if not self._gather():
            return
        now = self.player.exercise_time(self.position)
        later = (place for place, found in enumerate(self._found) if found.text.exercise >= now)
        self._place = next(later, len(self._found) - 1)
        self.app.push_screen(FoundScreen(words, self._found, self._place), self._picked_found)

    def _gather(self) -> bool:
        """Looks for the words in what the active perspective saw; says so where they are nowhere."""
        half = self.active
        self._found = half.player.find(half.whose.id, self._words)
        self._found_by = half.whose.id
        self._place = 0
        if not self._found:
            self.say(
                _("“{words}” is nowhere in what {name} saw.").format(words=self._words, name=half.whose.name),
                wrong=True,
            )
        return bool(self._found)

    def _picked_found(self, place: int | None) -> None:
        if place is not None:
            self._place = place
            self._go_to_found()

    def action_found(self, by: int) -> None:
        if not self._words:
            self.action_find()
        elif self._found_by != self.active.whose.id:
            if self._gather():
                self._go_to_found()
        elif self._found:
            self._place = (self._place + by) % len(self._found)
            self._go_to_found()

    def _go_to_found(self) -> None:
        """Goes to the moment and opens the text where it stands."""
        half, found = self.active, self._found[self._place]
        self.set_playing(False)
        place = half.player.place(half.whose.id, found)
        if half.player is not self.player:
            place = self.player_place(half.player.exercise_time(place))
        pane, start = _WHERE.get(found.text.kind, ("", ""))
        if pane and found.text.position is None:
            half.turn_to(pane)
        self.go(place)
        if pane and found.text.position is None:
            half.choose(start + found.text.key.partition("+")[0], self._words)
        number = _("{place} of {count}").format(place=self._place + 1, count=len(self._found))
        self.say(
            _("“{words}” {number} · {kind} · n next · N before · / other words").format(
                words=self._words, number=number, kind=found.text.kind
            )
        )

    def player_place(self, exercise: int) -> int:
        """The first position of the first log at which the story has come to a time."""
        from exercise.tui.screens.goto import first_at

        return first_at(self.player, exercise)

    # -- comments ----------------------------------------------------------------------------------------------------

    def comments(self) -> list[Comment]:
        """What was written beside the log; what is wrong with the file is said once."""
        if self._tools is None or self._unreadable:
            return []
        try:
            return list(self._tools.comments)
        except ExerciseError as error:
            self._unreadable = True
            self.say(str(error), wrong=True)
            return []

    def comment_marks(self) -> list[tuple[int, int, str, str]]:
        last = self.player.length
        return [(min(one.position, last), one.exercise, "comment", one.text) for one in self.comments()]

    def tell_comment(self) -> None:
        """Says what was written at this moment, where something was."""
        here = [one for one in self.comments() if one.position == self.position]
        if here:
            more = _(" · {count} more: K").format(count=len(here) - 1) if len(here) > 1 else ""
            by = f"{here[0].author}: " if here[0].author else ""
            self.say(f"✎ {by}{' '.join(here[0].text.split())}{more}")
        elif self._spoken:
            self.say("")
        self._spoken = bool(here)

    def action_comment(self) -> None:
        from exercise.tui.replay.picking import CommentScreen

        if self._tools is None:
            self.say(_("Comments are kept beside a log; {alone}").format(alone=_(_ALONE)), wrong=True)
            return
        self.set_playing(False)
        at = exercise_time(self.player.exercise_time(self.position))
        self.app.push_screen(
            CommentScreen(_("{at}, entry {position}").format(at=at, position=self.position), self._author),
            self._commented,
        )

    def _commented(self, written: tuple[str, str] | None) -> None:
        if written is None or self._tools is None:
            return
        text, self._author = written
        try:
            exercise = self.player.exercise_time(self.position)
            self._tools.comments.add(self.position, exercise, text, self._author)
        except ExerciseError as error:
            self.say(str(error), wrong=True)
            return
        self.mark_time()
        self.tell_comment()

    def action_comments(self) -> None:
        from exercise.tui.replay.picking import CommentsScreen

        if self._tools is None:
            self.say(_("Comments are kept beside a log; {alone}").format(alone=_(_ALONE)), wrong=True)
            return
        self.set_playing(False)
        self.app.push_screen(CommentsScreen(self.comments, self._drop_comment, self._comment_file), self.gone_to)

    def _drop_comment(self, id: str) -> None:
        if self._tools is not None:
            try:
                self._tools.comments.drop(id)
            except ExerciseError as error:
                self.app.notify(str(error), severity="error", markup=False)
            self.mark_time()

    def _comment_file(self, out: bool) -> None:
        """Asks for a file, and writes the comments there or takes those in it in."""
        from exercise.tui.replay.picking import CommentsScreen
        from exercise.tui.screens.confirm import AskScreen

        listing = self.app.screen

        def named(name: str | None) -> None:
            if not name or not name.strip() or self._tools is None:
                return
            file = Path(name.strip()).expanduser()
            kept = self._tools.comments
            try:
                number = kept.export(file) if out else kept.take_in(file)
            except ExerciseError as error:
                self.app.notify(str(error), severity="error", markup=False)
                return
            self.app.notify(f"{number} {_('written to') if out else _('new from')} {file}", markup=False)
            self.mark_time()
            if isinstance(listing, CommentsScreen):
                listing.show()

        question = _("Write the comments to which file?") if out else _("Take in the comments of which file?")
        self.app.push_screen(AskScreen(question, placeholder="comments.jsonl"), named)

    # -- other screens -----------------------------------------------------------------------------------------------

    def action_scorecard(self) -> None:
        from exercise.tui.screens.scorecard import ScorecardScreen

        self.set_playing(False)
        half = self.active
        player = half.player
        at = exercise_time(player.exercise_time(player.position))
        when = _("{title} · as of {at}, entry {position}").format(title=player.title, at=at, position=player.position)
        self.app.push_screen(ScorecardScreen(player.assessment(), when, half.whose.team, player), self._followed)

    def _followed(self, position: int | None) -> None:
        """The scorecard was closed, perhaps with an entry of its own log to go to."""
        player = self.active.player
        if position is not None and player is not self.player:
            position = self.player_place(player.exercise_time(position))
        self.gone_to(position)

    def action_hot_wash(self) -> None:
        from exercise.tui.screens.hotwash import HotWashScreen

        self.app.push_screen(HotWashScreen(self.player, player=lambda: self.player))

    def action_hot_wash_later(self) -> None:
        self.say(_("The hot wash opens once the replay has come to ENDEX."))

    def action_commitments(self) -> None:
        from exercise.tui.screens.commitments import CommitmentsScreen

        self.set_playing(False)
        team = self.active.whose.team or self.player.seats[0][0]
        view = self.player.view(team)
        self.app.push_screen(CommitmentsScreen(self.player.reference, view.profile, view.clock.story.date()))

    def action_fork(self) -> None:
        from exercise.tui.replay.picking import ForkScreen

        tools, here = self._tools, self.position
        if tools is None:
            self.say(_("To play on from here, {alone}").format(alone=_(_ALONE)), wrong=True)
            return
        self.set_playing(False)
        at = exercise_time(self.player.exercise_time(here))

        def answered(team: str | None) -> None:
            if team is None:
                return
            try:
                self.program.open_table(tools.fork(here, team))
            except ExerciseError as error:
                self.say(str(error), wrong=True)

        self.app.push_screen(ForkScreen(_("{at}, entry {here}").format(at=at, here=here), tools.players), answered)

    def action_export(self) -> None:
        from exercise.tui.replay.exporting import ExportScreen

        self.set_playing(False)
        half = self.active

        def chosen(stretch: Stretch | None) -> None:
            if stretch is not None:
                self.say(_("Recording entries {first} to {last} …").format(first=stretch.first, last=stretch.last))
                self.run_worker(self._export(half.player, half.whose.id, stretch), exclusive=True)

        self.app.push_screen(ExportScreen(half.player, half.whose.name, half.player.position), chosen)

    async def _export(self, player: Player, whose: str, stretch: Stretch) -> None:
        from exercise.tui.replay.exporting import write_recording

        try:
            told = await write_recording(player, whose, stretch, self.reel.speed)
        except ExerciseError as error:
            self.say(str(error), wrong=True)
        else:
            self.say(told)
