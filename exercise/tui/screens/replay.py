"""Replay: any moment of a log as each team saw it, played, stepped, searched and pointed at."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from exercise.core.views import IndicatorView, ParticipantView
from exercise.session.client import Player
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.screens.goto import GoToScreen
from exercise.tui.screens.past_request import PastRequestScreen
from exercise.tui.widgets.banner import MARK
from exercise.tui.widgets.choice_bar import ChoiceBar
from exercise.tui.widgets.inbox import letter
from exercise.tui.widgets.indicators import number
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.reader import Item, Reader
from exercise.tui.widgets.requests_pane import RequestsPane
from exercise.tui.widgets.telling import (
    STATUS,
    both_ends,
    change_text,
    course_text,
    decision_text,
    phase_text,
    play_text,
)
from exercise.tui.widgets.timeline import LEGEND, Timeline, position_at
from exercise.tui.widgets.times import exercise_time, story_time

TICK = 0.1
SPEEDS = (1, 2, 4, 8, 16, 32, 64)
JUMP = 5
"""Seconds of watching that an arrow key skips; at 8× these are 40 seconds of play."""

_HELP = f"""
You are looking at an exercise that was played. Everything below the line of time is what **one team** saw at that
moment, and nothing more.

- **space** plays and pauses; **<** and **>** change the speed, 1× to 64×.
- **←** and **→** skip five seconds of watching; **,** and **.** go one entry of the log back or on.
- **[** and **]** go to the marker before or after: a move, an inject, a decision, an answer.
- **0** to **9** go to that tenth of the exercise; **home** and **end** to its start and end.
- **g** asks for a time of the story such as T+1:30, or the number of an entry.
- **v** shows the next team's view, **V** the one before.
- **m**, **s**, **d** show messages, situation or decisions; **tab** moves between the panes.
- **r** shows the team's requests as a board, **t** as a timeline; **enter** opens one.
- **c** opens the scorecard as it stood at this moment, **l** the texts of the commitments.
- **h** opens the hot wash, once the replay has come to ENDEX.
- With the mouse, click or drag on the line of time.

Signs on the line of time: {LEGEND}
"""


class ReplayScreen(ExerciseScreen[None]):
    """Shows one player; `at` is the entry to start at, `team` whose eyes to see it with."""

    CSS_PATH = "replay.tcss"
    TITLE_WORDS = "Replay"
    HINT = "space plays · [ ] markers · v next team · m s d r t panes · ? all keys"
    HELP = _HELP
    BINDINGS = [
        Binding("space", "play", "Play/pause", priority=True),
        Binding("left_square_bracket", "marker(-1)", "Marker", key_display="[", priority=True),
        Binding("right_square_bracket", "marker(1)", "Next marker", key_display="]", priority=True),
        Binding("v", "perspective(1)", "Team"),
        Binding("V", "perspective(-1)", "Previous team", show=False),
        Binding("c", "scorecard", "Scorecard"),
        Binding("g", "go_to", "Go to"),
        Binding("m", "pane('messages')", "Messages", show=False),
        Binding("s", "pane('situation')", "Situation", show=False),
        Binding("d", "pane('decisions')", "Decisions", show=False),
        Binding("r", "pane('board')", "Requests", show=False, tooltip="The team's requests as a board"),
        Binding("t", "pane('timeline')", "Timeline", show=False, tooltip="The team's requests, step by step in time"),
        Binding("comma", "step(-1)", "One entry back", key_display=",", show=False),
        Binding("full_stop", "step(1)", "One entry on", key_display=".", show=False),
        Binding("less_than_sign", "speed(-1)", "Slower", key_display="<", show=False),
        Binding("greater_than_sign", "speed(1)", "Faster", key_display=">", show=False),
        Binding("left", "skip(-1)", "Skip back", show=False, priority=True),
        Binding("right", "skip(1)", "Skip on", show=False, priority=True),
        Binding("home", "tenth(0)", "To the start", show=False, priority=True),
        Binding("end", "tenth(10)", "To the end", show=False, priority=True),
        *(Binding(str(n), f"tenth({n})", f"To {n * 10} %", show=False) for n in range(10)),
        Binding("h", "hot_wash", "Hot wash"),
        Binding("l", "commitments", "Look up texts", show=False),
    ]

    def __init__(self, player: Player, at: int | None = None, team: str | None = None) -> None:
        super().__init__()
        self._player = player
        self._plays = [player.play_time(position) for position in range(player.length + 1)]
        self._at = at
        self._team = team or player.seats[0][0]
        self._playing = False
        self._speed = 8
        self._play = 0.0
        self._pane = "messages"
        self._view: ParticipantView | None = None
        self._seen = 0

    def body(self) -> ComposeResult:
        yield Static(id="replay-title", markup=False)
        yield Static(id="replay-clock", markup=False)
        yield Timeline(id="replay-time")
        yield Static(id="replay-last", markup=False)
        yield ChoiceBar(id="replay-panes")
        with Horizontal(id="replay-body"):
            yield Reader(id="replay-reader")
            yield RequestsPane(self._player.reference, id="replay-requests")
            yield Static(id="replay-aside", markup=False)

    def on_mount(self) -> None:
        self._reader = self.query_one("#replay-reader", Reader)
        self._requests = self.query_one(RequestsPane)
        self._requests.display = False
        self._time = self.query_one("#replay-time", Timeline)
        self._title = self.query_one("#replay-title", Static)
        self._clock = self.query_one("#replay-clock", Static)
        self._last = self.query_one("#replay-last", Static)
        self._panes = self.query_one("#replay-panes", ChoiceBar)
        self._aside = self.query_one("#replay-aside", Static)
        self._time.set_log(self._plays[-1], [(self._plays[marker[0]], marker) for marker in self._player.markers])
        self._timer = self.set_interval(TICK, self._tick, pause=True)
        self.go(self._player.position if self._at is None else self._at)
        self._reader.rows.focus()

    def on_screen_resume(self) -> None:
        # Another screen may have moved the player, for a mark's moment.
        if self._view is not None and self._player.position != self._shown:
            self.go(self._shown)

    @property
    def position(self) -> int:
        """Where the replay stands."""
        return self._player.position

    @property
    def team(self) -> str:
        """Whose view is shown."""
        return self._team

    def go(self, position: int, play: float | None = None) -> None:
        """Goes to an entry, or to a play time after it."""
        self._player.seek(position)
        self._shown = self._player.position
        self._play = self._plays[self._shown] if play is None else play
        self._show()

    def advance(self, seconds: float) -> None:
        """Plays on by so many seconds of watching."""
        play = self._play + seconds * self._speed
        if play >= self._plays[-1]:
            self._set_playing(False)
            self.go(self._player.length)
            return
        self._to_play(play)

    def _tick(self) -> None:
        if self._playing and self.is_current:
            self.advance(TICK)

    def _to_play(self, play: float) -> None:
        position = position_at(self._plays, int(play))
        if position != self._player.position:
            self.go(position, play)
        else:
            self._play = play
            self._show_clock()

    def _set_playing(self, playing: bool) -> None:
        self._playing = playing
        if playing:
            self._timer.resume()
        else:
            self._timer.pause()
        if self._view is not None:
            self._show_clock()

    # -- what keys and mouse ask for ---------------------------------------------------------------------------------

    def action_play(self) -> None:
        if not self._playing and self._player.position >= self._player.length:
            self.go(0)
        self._set_playing(not self._playing)

    def action_step(self, by: int) -> None:
        self._set_playing(False)
        self.go(max(0, min(self._player.length, self._player.position + by)))

    def action_skip(self, by: int) -> None:
        play = self._play + by * JUMP * self._speed
        self._to_play(max(0, min(self._plays[-1], play)))

    def action_marker(self, by: int) -> None:
        places = [marker[0] for marker in self._player.markers]
        here = self._player.position
        index = bisect_right(places, here) if by > 0 else bisect_left(places, here) - 1
        if 0 <= index < len(places):
            self.go(places[index])
        else:
            self.go(self._player.length if by > 0 else 0)

    def action_speed(self, by: int) -> None:
        index = SPEEDS.index(self._speed) + by
        self._speed = SPEEDS[max(0, min(len(SPEEDS) - 1, index))]
        self._show_clock()

    def action_tenth(self, tenth: int) -> None:
        if tenth >= 10:
            self.go(self._player.length)
        elif tenth == 0:
            self.go(0)
        else:
            self._to_play(self._plays[-1] * tenth / 10)

    def action_perspective(self, by: int) -> None:
        teams = [seat for seat, _ in self._player.seats]
        self._team = teams[(teams.index(self._team) + by) % len(teams)]
        self._seen = 0
        self._show()

    def action_pane(self, pane: str) -> None:
        if pane in ("board", "timeline"):
            self._requests.look("board" if pane == "board" else "timeline")
        self._pane = pane
        self._requests.display = self._asks
        self._reader.display = not self._asks
        self._show()
        if self._asks:
            self._requests.take_focus()
        else:
            self._reader.rows.focus()

    @property
    def _asks(self) -> bool:
        """Whether requests are shown."""
        return self._pane in ("board", "timeline")

    def action_go_to(self) -> None:
        self._set_playing(False)
        self.app.push_screen(GoToScreen(self._player), self._gone_to)

    def action_scorecard(self) -> None:
        from exercise.tui.screens.scorecard import ScorecardScreen

        self._set_playing(False)
        clock = self._player.view(self._team).clock
        when = f"{self._player.title} · as of {exercise_time(clock.exercise)}, entry {self.position}"
        screen = ScorecardScreen(self._player.assessment(), when, self._team, self._player)
        self.app.push_screen(screen, self._gone_to)

    def action_hot_wash(self) -> None:
        from exercise.tui.screens.hotwash import HotWashScreen

        self.app.push_screen(HotWashScreen(self._player, player=lambda: self._player))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "hot_wash" or (self._view is not None and self._view.clock.phase == "ended")

    def action_commitments(self) -> None:
        from exercise.tui.screens.commitments import CommitmentsScreen

        self._set_playing(False)
        view = self._player.view(self._team)
        self.app.push_screen(CommitmentsScreen(self._player.reference, view.profile, view.clock.story.date()))

    def _gone_to(self, position: int | None) -> None:
        # Who picked no moment stays where the replay stood, between two entries too.
        if position is None:
            self.go(self._shown, self._play)
        else:
            self.go(position)

    @on(Timeline.Sought)
    def _sought(self, message: Timeline.Sought) -> None:
        self._to_play(message.play)

    @on(RequestsPane.Chosen)
    def _look_clicked(self, message: RequestsPane.Chosen) -> None:
        self.action_pane(message.look)

    @on(RequestsPane.Opened)
    def _request_opened(self, message: RequestsPane.Opened) -> None:
        view = self._player.view(self._team)
        self._set_playing(False)
        reference = self._player.reference
        self.app.push_screen(PastRequestScreen(message.request, reference, _running(view), view.team_short))

    @on(ChoiceBar.Chosen)
    def _pane_clicked(self, message: ChoiceBar.Chosen) -> None:
        self.action_pane(message.choice)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def _show(self) -> None:
        view = self._view = self._player.view(self._team)
        self._show_clock()
        last = self._player.describe(self._player.position)
        entry = Content.styled(f"entry {self._player.position} of {self._player.length}", "$foreground 65%")
        line = Content.assemble(("▸ ", "$primary"), safe(last))
        self._last.update(both_ends(line, entry, self.size.width - 2))
        waiting = len(view.open_decisions)
        panes = (
            ("messages", f"m Messages {len(view.inbox)}"),
            ("situation", "s Situation"),
            ("decisions", f"d Decisions {len(view.decisions)}" + (f", {waiting} open" if waiting else "")),
            ("board", f"r Requests {len(view.requests)}"),
        )
        self._panes.put(panes, "board" if self._asks else self._pane)
        choose = None
        if self._pane == "messages" and len(view.inbox) != self._seen and view.inbox:
            choose = f"m{len(view.inbox)}"
        self._seen = len(view.inbox)
        # Before the first message a seat has its briefing to read.
        first = view.briefing.briefing if self._pane == "messages" else ""
        if self._asks:
            teams = [name for _, name in self._player.seats]
            self._requests.put(view.requests, _running(view), teams, view.team_short)
        else:
            self._reader.put(self._items(view), _NOTHING[self._pane], choose, first)
        self._aside.update(_situation(view))
        self.refresh_bindings()

    def _show_clock(self) -> None:
        view = self._view
        if view is None:
            return
        name = dict(self._player.seats).get(self._team, self._team)
        mark, title = Content.styled(MARK, "bold auto on $accent"), safe(self._player.title, "bold")
        title = Content.assemble(mark, (" Replay of ", "$foreground 65%"), title)
        seen = Content.assemble(("as seen by ", "$foreground 65%"), safe(name, "bold"))
        self._title.update(both_ends(title, seen, self.size.width - 2))
        clock = view.clock
        state = f"▶ playing {self._speed}×" if self._playing else f"‖ paused {self._speed}×"
        where = f"{exercise_time(clock.exercise)}  {story_time(clock, short=self.size.width < 100)}  "
        left = Content.assemble((where, "bold"), safe(phase_text(clock)))
        right = f"{state}  play {play_text(int(self._play))}"
        self._clock.update(both_ends(left, Content(right), self.size.width - 2))
        self._time.set_play(int(self._play))

    def on_resize(self) -> None:
        if self._view is not None:
            self._show()

    def _items(self, view: ParticipantView) -> list[Item]:
        clock = view.clock
        if self._pane == "messages":
            return [
                Item(
                    f"m{item.number}",
                    Content.assemble("✕ " if item.withdrawn else "  " if item.read else "● ", safe(item.title)),
                    Content.styled(exercise_time(item.exercise), "$foreground 65%"),
                    partial(letter, item, clock),
                )
                for item in reversed(view.inbox)
            ]
        if self._pane == "situation":
            return [
                Item(
                    f"s{n}",
                    safe(item.name),
                    _value(item),
                    partial(course_text, item),
                    item,
                    clock.exercise,
                    _value(item, False),
                )
                for n, item in enumerate(view.indicators)
            ]
        return [
            Item(
                item.id,
                Content.assemble(STATUS[item.status][:2], safe(item.title)),
                Content.styled(exercise_time(item.opened), "$foreground 65%"),
                partial(decision_text, item, "", self._player.reference),
            )
            for item in view.decisions
        ]


_NOTHING = {
    "messages": "No messages yet.",
    "situation": "This scenario shows no indicators.",
    "decisions": "Nothing to decide yet.",
}


def _running(view: ParticipantView) -> int | None:
    """The time of the story; none once it has ended, when no answer is late any more."""
    return view.clock.exercise if view.clock.phase != "ended" else None


def _value(indicator: IndicatorView, word: bool = True) -> Content:
    """The value, and how it stands against its start: by a sign, and by a word where there is room."""
    first = indicator.course[0][2] if indicator.course else indicator.value
    words, style = change_text(indicator, first, indicator.value)
    value = safe(number(indicator.value, indicator.unit))
    if words == "=":
        return value
    end = f" {words.rpartition(' ')[2]}" if word else ""
    return Content.assemble(value, (f" {words[0]}{end}", style))


def _situation(view: ParticipantView) -> Content:
    """Situation and decisions in a column of their own, where there is room for it."""
    lines: list[Content] = [Content.styled("Situation", "bold $primary")]
    for indicator in view.indicators:
        lines += [safe(indicator.name), Content.assemble("  ", _value(indicator))]
    lines += [Content(""), Content.styled("Decisions", "bold $primary")]
    for decision in view.decisions:
        lines.append(Content.assemble(STATUS[decision.status][:2], safe(decision.title)))
    if not view.decisions:
        lines.append(Content.styled(_NOTHING["decisions"], "$foreground 65%"))
    return Content("\n").join(lines)
