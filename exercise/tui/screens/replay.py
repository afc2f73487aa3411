"""Replay: any moment of a log as anybody saw it, played, stepped, searched, commented and pointed at."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from exercise.language import N_, _
from exercise.session.client import Player
from exercise.session.perspectives import Perspective, Sight
from exercise.tui.replay.asking import AskingScreen
from exercise.tui.replay.half import Changed, Half, Shown
from exercise.tui.replay.keys import BINDINGS, HELP
from exercise.tui.replay.presenting import Presenter, Slide
from exercise.tui.replay.steps import Steps
from exercise.tui.replay.tools import Tools
from exercise.tui.replay.watching import position_at, speed_text
from exercise.tui.screens.past_request import PastRequestScreen
from exercise.tui.widgets.banner import exercise_mark
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.telling import both_ends, phase_text, play_text
from exercise.tui.widgets.timeline import ROOM, STORY, Timeline
from exercise.tui.widgets.times import exercise_time, story_time

__all__ = ["Beside", "ReplayScreen"]

LONG = 3_000
"""Entries from which on the marks of a step are worked out only once one stands still."""
STILL = 0.4
"""Seconds after which one stands still."""
TALL = 32
"""Lines from which on the line of time has a second row of signs, and its legend."""
QUIET = "$foreground 65%"


@dataclass(frozen=True)
class Beside:
    """A second log to look at beside the first."""

    player: Player
    name: str
    parted: int
    """The last entry that both logs share from the beginning; 0 where they share none."""


class ReplayScreen(AskingScreen):
    """Shows one player; `at` is the entry to start at, `team` whose eyes to see it with at first."""

    CSS_PATH = "replay.tcss"
    TITLE_WORDS = N_("Replay")
    HINT = N_("space plays · [ ] markers · v perspective · x what changed · ? all keys")
    HELP = HELP
    BINDINGS = BINDINGS

    def __init__(
        self,
        player: Player,
        at: int | None = None,
        team: str | None = None,
        *,
        tools: Tools | None = None,
        beside: Beside | None = None,
    ) -> None:
        super().__init__(player, tools)
        self._at = at
        self._beside = beside
        self._presenting = False
        self._settled = False
        self._settling: Timer | None = None
        first = self._perspective(team) or player.perspectives[0]
        name = tools.name if tools is not None and beside is not None else ""
        self._halves = [Half(player, first, log=name, classes="-active")]
        self._steps = {id(player): Steps(player)}
        if beside is not None:
            self._steps[id(beside.player)] = Steps(beside.player)
            same = next((one for one in beside.player.perspectives if one.id == first.id), None)
            second = same or beside.player.perspectives[0]
            self._halves.append(Half(beside.player, second, log=beside.name, classes="-second"))
            self._times = [beside.player.exercise_time(place) for place in range(beside.player.length + 1)]

    def body(self) -> ComposeResult:
        yield Static(id="replay-title", markup=False)
        yield Static(id="replay-clock", markup=False)
        yield Timeline(id="replay-time")
        yield Static(f"{_(STORY)} {_(ROOM)}", id="replay-legend", markup=False)
        yield Static(id="replay-last", markup=False)
        with Container(id="replay-body"):
            yield from self._halves
        yield Presenter()

    def on_mount(self) -> None:
        self._title = self.query_one("#replay-title", Static)
        self._clock = self.query_one("#replay-clock", Static)
        self._last = self.query_one("#replay-last", Static)
        self._presenter = self.query_one(Presenter)
        self.set_class(len(self._halves) > 1, "-split")
        self.begin(self._at)
        self.active.take_focus()

    @property
    def team(self) -> str:
        """Whose view is shown: a team, a role, exercise control or the public."""
        return self.active.whose.id

    @property
    def active(self) -> Half:
        """The half that keys work on: the one that has the focus, or had it last."""
        return next((half for half in self._halves if half.has_class("-active")), self._halves[0])

    def _perspective(self, id: str | None, player: Player | None = None) -> Perspective | None:
        return next((one for one in (player or self.player).perspectives if one.id == id), None)

    def on_descendant_focus(self) -> None:
        for half in self._halves:
            if half.has_focus_within:
                for other in self._halves:
                    other.set_class(other is half, "-active")
        if self._first is not None:
            self._show_step()
            self.show_clock()

    @property
    def _first(self) -> Sight | None:
        return self._halves[0].sight

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_moment(self) -> None:
        self._unsettle()
        if self._beside is not None:
            self._beside.player.seek(self._aligned(self._beside))
        if not self._presenting:
            for half in self._halves:
                half.put(self._changed(half), self._where(half))
        else:
            half = self.active
            half.sight = half.player.sight(half.whose.id)
        self._show_step()
        self.show_clock()
        self.refresh_hint()
        self.tell_comment()
        self.refresh_bindings()

    def _show_step(self) -> None:
        """What the last step did: control reads the log's own line, anybody else what it changed for them."""
        position, whose = self.player.position, self.active.whose
        if whose.kind == "control" or not position:
            told = self.player.describe(position)
        elif found := self._steps[id(self.active.player)].changed(whose, self.active.player.position):
            told = "; ".join(change.title for change in found)
        else:
            told = _("Nothing changed for {name}.").format(name=whose.name)
        entry = _("entry {position} of {length}").format(position=position, length=self.player.length)
        line = Content.assemble(("▸ ", "$primary"), safe(told))
        self._last.update(both_ends(line, Content.styled(entry, QUIET), self.size.width - 2))

    def show_clock(self) -> None:
        sight = self.active.sight
        if sight is None:
            return
        state = speed_text(self.reel.speed)
        state = (
            _("▶ playing {state}").format(state=state)
            if self.reel.playing
            else _("‖ paused {state}").format(state=state)
        )
        self.query_one(Timeline).set_play(int(self.reel.play))
        if self._presenting:
            half = self.active
            happened = self._steps[id(half.player)].latest(half.whose, half.player.position)
            self._presenter.put(Slide(half.player.title, sight, happened, state, round(self.share, 2)))
            return
        mark, title = exercise_mark(), safe(self.player.title, "bold")
        title = Content.assemble(mark, (_(" Replay of "), QUIET), title)
        seen = Content.assemble((_("as seen by "), QUIET), safe(sight.whose.name, "bold"))
        self._title.update(both_ends(title, seen, self.size.width - 2))
        clock = (self._first or sight).clock
        state += "" if self.reel.cuts_idle else _(" in full")
        where = f"{exercise_time(clock.exercise)}  {story_time(clock, short=self.size.width < 100)}  "
        left = Content.assemble((where, "bold"), safe(phase_text(clock)))
        right = _("{state}  play {play_text}").format(state=state, play_text=play_text(int(self.reel.play)))
        self._clock.update(both_ends(left, Content(right), self.size.width - 2))

    def on_resize(self) -> None:
        tall = self.size.height >= TALL
        self.set_class(tall, "-tall")
        self.query_one(Timeline).set_class(tall, "-tall")
        if self._first is not None:
            self.show_moment()

    def _aligned(self, beside: Beside) -> int:
        """Where the other log stands at the same time of the story; in what both share, at the same entry."""
        here = self.player.position
        if here <= beside.parted:
            return here
        return max(beside.parted, position_at(self._times, self.player.exercise_time(here)))

    def _where(self, half: Half) -> str:
        """What is said at the head of one of two halves."""
        if self._beside is None:
            return ""
        where = _("entry {position}").format(position=half.player.position)
        if half.player is self.player:
            return _("{where} of {length}").format(where=where, length=half.player.length)
        parted = self._beside.parted
        if not parted:
            return _("{where} · another session").format(where=where)
        at = exercise_time(half.player.exercise_time(parted))
        return f"{where} · {_('same until') if self.player.position <= parted else _('parted at')} {at}"

    def _changed(self, half: Half) -> Changed:
        steps = self._steps[id(half.player)]

        def changed() -> Shown:
            position = half.player.position
            marks = steps.marks(half.whose) if self._settled or half.player.length <= LONG else []
            return Shown(steps.name(position), steps.changed(half.whose, position), tuple(marks))

        return changed

    def _unsettle(self) -> None:
        """In a long log marks are worked out once nothing moves any more: a key must not wait for them."""
        self._settled = False
        if self._settling is not None:
            self._settling.stop()
        if any(half.pane == "changed" and half.player.length > LONG for half in self._halves):
            self._settling = self.set_timer(STILL, self._settle)

    def _settle(self) -> None:
        self._settled = True
        for half in self._halves:
            if half.pane == "changed" and not self._presenting:
                half.put(self._changed(half), self._where(half))

    # -- perspectives and panes --------------------------------------------------------------------------------------

    def action_perspective(self, by: int) -> None:
        half = self.active
        turn = [one for one in half.player.perspectives if one.in_turn or one == half.whose]
        self._see_as(half, turn[(turn.index(half.whose) + by) % len(turn)])

    def action_pick(self) -> None:
        from exercise.tui.replay.picking import PerspectiveScreen

        half = self.active

        def picked(id: str | None) -> None:
            whose = self._perspective(id, half.player)
            if whose is not None:
                self._see_as(half, whose)

        self.app.push_screen(PerspectiveScreen(half.player.perspectives, half.whose.id), picked)

    def _see_as(self, half: Half, whose: Perspective) -> None:
        half.see_as(whose)
        self.show_moment()

    def action_pane(self, pane: str) -> None:
        self._turn(self.active, pane)

    def _turn(self, half: Half, pane: str) -> None:
        if half.whose.kind == "public" and pane in ("decisions", "board", "timeline"):
            self.say(_("The public sees neither decisions nor requests."))
            return
        half.turn_to(pane)
        self.show_moment()
        half.take_focus()

    def action_other(self) -> None:
        if len(self._halves) > 1:
            next(half for half in self._halves if half is not self.active).take_focus()

    async def action_split(self) -> None:
        if self._beside is not None:
            self.say(_("Two logs stand side by side already."))
            return
        if len(self._halves) > 1:
            gone = next(half for half in self._halves if half is not self.active)
            self._halves.remove(gone)
            await gone.remove()
            self._halves[0].set_class(False, "-second")
        else:
            whose = self.active.whose
            turn = [one for one in self.player.perspectives if one.in_turn or one == whose]
            other = turn[(turn.index(whose) + 1) % len(turn)]
            self._halves.append(Half(self.player, other, classes="-second"))
            await self.query_one("#replay-body").mount(self._halves[1])
        self.set_class(len(self._halves) > 1, "-split")
        self.show_moment()
        self.call_after_refresh(self.show_moment)

    def action_present(self) -> None:
        self._presenting = not self._presenting
        self.set_class(self._presenting, "-presenting")
        if not self._presenting:
            self.active.take_focus()
        self.show_moment()

    def action_back(self) -> None:
        if self._presenting:
            self.action_present()
        else:
            super().action_back()

    @on(Half.PaneChosen)
    def _pane_clicked(self, event: Half.PaneChosen) -> None:
        self._turn(event.half, event.pane)

    @on(Half.RequestOpened)
    def _request_opened(self, event: Half.RequestOpened) -> None:
        sight = event.half.player.sight(event.half.whose.id)
        self.set_playing(False)
        now = sight.clock.exercise if sight.clock.phase != "ended" else None
        self.app.push_screen(PastRequestScreen(event.request, self.player.reference, now, sight.own))

    @property
    def _ended(self) -> bool:
        return self._first is not None and self._first.clock.phase == "ended"

    def hint(self) -> str:
        return _("h hot wash · c scorecard · g go to · / find · ? all keys") if self._ended else _(self.HINT)

    def help_words(self) -> str:
        return _(HELP).format(story=_(STORY), room=_(ROOM))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action not in ("hot_wash", "hot_wash_later") or (action == "hot_wash") == self._ended
