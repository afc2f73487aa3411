"""Before a new exercise: who plays which team, and how the clock runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import OptionList

from exercise.errors import ExerciseError
from exercise.tui.launch import PEOPLE, POLICIES
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.tui.launch import ScenarioCard, Services

__all__ = ["SetupScreen"]

_START, _CLOCK, _SEED = "+start", "+clock", "+seed"


class SetupScreen(ExerciseScreen[None]):
    """A list of settings that Enter changes one step further, each explained at the right."""

    TITLE_WORDS = "who plays"
    HINT = "enter changes what is marked; n, or enter on Start, starts the exercise."
    HELP = """
- Each team is played by **people** at this terminal or by a **bot**. With several teams of people you take turns, and
  the screen is hidden while the keyboard is passed on.
- A **stepped** clock moves only when you press **n**: best for reading and talking at your own pace. A **live** clock
  runs by itself, and windows for decisions run out.
- What is true behind the story is drawn by **chance** at the start. The same number gives the same truth again.
"""
    BINDINGS = [
        Binding("enter", "change", "Change", tooltip="Change the marked setting; on Start, start"),
        Binding("left", "turn(-1)", "Change", show=False, tooltip="The setting before"),
        Binding("right", "turn(1)", "Change", show=False, tooltip="The next setting"),
        Binding("n", "start", "Start", tooltip="Start the exercise"),
    ]
    DEFAULT_CSS = """
    SetupScreen #setup { height: 1fr; }
    SetupScreen #settings { width: 46; height: 1fr; }
    SetupScreen.-wide #settings { width: 56; }
    SetupScreen #about { width: 1fr; height: 1fr; }
    """

    def __init__(self, card: ScenarioCard, services: Services) -> None:
        super().__init__()
        self._card, self._services = card, services
        first = card.teams[0].id if card.teams else ""
        self._players = {team.id: PEOPLE if team.id == first else POLICIES[1][0] for team in card.teams}
        self._live = False
        self._seed: int | None = None
        self._busy = False

    def body(self) -> ComposeResult:
        with Horizontal(id="setup"):
            rows = Choices(id="settings", classes="panel")
            rows.border_title = safe(self._card.title)
            yield rows
            yield ProseView(id="about", classes="panel")

    def on_mount(self) -> None:
        self._show()
        self.query_one("#settings").focus()

    def _show(self) -> None:
        words = {id: short for id, short, _ in POLICIES}
        rows = [("#teams", Content.styled("WHO PLAYS", "bold $primary"))]
        for team in self._card.teams:
            short = words[self._players[team.id]]
            style = "$success" if self._players[team.id] == PEOPLE else "$foreground 65%"
            rows.append((team.id, safe(team.name, "bold") + safe(f"\n  {short}", style)))
        rows.append(("#gap", Content("")))
        rows.append(("#how", Content.styled("HOW", "bold $primary")))
        clock = "live: it runs by itself" if self._live else "stepped: it moves when you press n"
        rows.append((_CLOCK, Content.styled("Clock", "bold") + Content.styled(f"\n  {clock}", "$foreground 65%")))
        seed = "drawn by chance" if self._seed is None else f"as with number {self._seed}"
        rows.append((_SEED, Content.styled("Hidden truth", "bold") + Content.styled(f"\n  {seed}", "$foreground 65%")))
        rows.append(("#gap-2", Content("")))
        rows.append((_START, Content.styled("▶ Start the exercise", "bold $success")))
        self.query_one("#settings", Choices).show(rows)

    @on(OptionList.OptionHighlighted, "#settings")
    def _mark(self) -> None:
        self._explain()

    def _explain(self) -> None:
        key = self.query_one("#settings", Choices).chosen or ""
        pane = self.query_one("#about", ProseView)
        if key == _CLOCK:
            pane.show(
                "## Clock\n\n**Stepped:** the story moves on when you press **n**. Nothing runs out while you talk.\n\n"
                "**Live:** the story runs by itself, and a window for a decision runs out when its time is up. You can "
                "stop the clock at any time."
            )
        elif key == _SEED:
            pane.show(
                "## Hidden truth\n\nWho did it, whether an offer is honest: such facts are fixed when the exercise "
                "starts, and shown in the hot wash.\n\nBy chance, every exercise is different. With a number, the same "
                "truth comes again, for instance to compare two groups."
            )
        elif key == _START:
            people = [team.name for team in self._card.teams if self._players[team.id] == PEOPLE]
            who = ", ".join(plain(name) for name in people) or "no team yet"
            pane.show(f"## Ready\n\n**Played by people:** {who}.\n\nFirst you read your briefing. **enter** goes on.")
        for team in self._card.teams:
            if team.id == key:
                told = {id: text for id, _, text in POLICIES}[self._players[team.id]]
                texts = "\n".join(f"- {plain(text)}" for text in team.texts)
                accepted = f"\n\n### Texts it has accepted\n\n{texts}" if texts else ""
                pane.show(f"## {plain(team.name)}\n\n{team.about}\n\n**Played by:** {told}{accepted}")

    @on(OptionList.OptionSelected, "#settings")
    async def _change(self) -> None:
        await self.action_change()

    async def action_change(self) -> None:
        if self.query_one("#settings", Choices).chosen == _START:
            await self.action_start()
        else:
            self.action_turn(1)

    def action_turn(self, by: int) -> None:
        key = self.query_one("#settings", Choices).chosen or ""
        if key in self._players:
            ids = [id for id, _, _ in POLICIES]
            self._players[key] = ids[(ids.index(self._players[key]) + by) % len(ids)]
        elif key == _CLOCK:
            self._live = not self._live
        elif key == _SEED:
            self._ask_seed()
        self._show()
        self._explain()

    def _ask_seed(self) -> None:
        from exercise.tui.screens.confirm import AskScreen

        def written(text: str | None) -> None:
            if text is None:
                return
            number = text.strip()
            if number and not (number.isascii() and number.isdigit() and len(number) < 19):
                self.say("Write a whole number, or nothing for chance.", wrong=True)
                return
            self._seed = int(number) if number else None
            self.say("")
            self._show()

        value = "" if self._seed is None else str(self._seed)
        self.app.push_screen(
            AskScreen("A number for the hidden truth", "Leave it empty for chance.", value=value), written
        )

    async def action_start(self) -> None:
        if PEOPLE not in self._players.values():
            self.say("Let people play at least one team.", wrong=True)
            return
        if self._busy:
            return
        self._busy = True
        try:
            table = await self._services.start(self._card.id, self._players, seed=self._seed, live=self._live)
        except ExerciseError as error:
            self.say(str(error), wrong=True)
            return
        finally:
            self._busy = False
        program = self.program
        self.dismiss()
        program.call_later(program.open_table, table)
