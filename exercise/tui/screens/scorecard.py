"""The scorecards as of one moment, opened from the replay."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from exercise.core.assess import Assessment
from exercise.language import N_, _
from exercise.session.client import Player
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.screens.mark import open_mark
from exercise.tui.widgets.grades import CHIP, legend
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.scorecard_table import RECORD, ScorecardTable

CARD_HELP = N_("""
Each team has **its own card**. It says, clause by clause, what the team's conduct did to the texts it has accepted.

- **●** honoured  **◐** partly honoured  **○** neglected  **✕** breached
- The counts of an area, or of a text, add up clauses. Nothing is netted: what was kept does not pay for a breach.
- A clause met on several occasions takes the **lowest** of its marks; *lifted* means that it was made good later.
- *self-proposed* rests on the team's own mapping of its own proposal.
- What the run never put to the team is **not tested**; what lies outside its texts or their period is
  **not applicable**. Both are folded at the foot: **enter** unfolds them.
- **Means** lists what a team was *unable* to do: a finding about channels, people or time, and no breach.
- Principles such as those reported in a news item are **observed, not scored**.

**Enter** opens a mark with its reason, and from there the request it is about. **v** shows the next team, **b** changes
between areas and texts.
""")


class ScorecardScreen(ExerciseScreen[int]):
    """Closes with an entry of the log to go to, where a mark was opened and followed."""

    CSS_PATH = "scorecard.tcss"
    TITLE_WORDS = N_("Scorecard")
    HINT = N_("enter opens a mark · v next team · b by area or by text · esc goes back")
    HELP = CARD_HELP
    BINDINGS = [
        Binding("v", "team(1)", "Team"),
        Binding("V", "team(-1)", "Previous team", show=False),
        Binding("b", "regroup", "By area/text"),
    ]

    def __init__(self, assessment: Assessment, when: str, team: str = "", player: Player | None = None) -> None:
        super().__init__()
        self._assessment = assessment
        self._when = when
        self._team = team
        self._player = player

    def body(self) -> ComposeResult:
        title = Content.assemble(CHIP, (_("  Scorecard  "), "bold"), safe(self._when, "$foreground 65%"))
        yield Static(title, id="card-title", markup=False)
        yield ScorecardTable(self._assessment, self._team)
        yield Static(Line(Content(_(RECORD)), Content(legend()), Content("")), id="card-legend")

    def on_mount(self) -> None:
        self._table = self.query_one(ScorecardTable)
        self._table.take_focus()

    def action_team(self, by: int) -> None:
        self._table.next_team(by)

    def action_regroup(self) -> None:
        self._table.regroup()

    @on(ScorecardTable.Opened)
    def _opened(self, event: ScorecardTable.Opened) -> None:
        player = self._player
        requests = player.requests() if player is not None else ()
        running = player is not None and player.hot_wash() is None
        now = player.exercise_time(player.position) if player is not None and running else None
        open_mark(self.app, event.what, self._assessment, player, self._followed, requests, now)

    def _followed(self, entry: int | None) -> None:
        """A mark was closed, perhaps with an entry to go to."""
        if entry is not None:
            self.dismiss(entry)
