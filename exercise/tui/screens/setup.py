"""Before a new exercise: who plays which team, and how the clock runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import OptionList

from exercise.errors import ExerciseError
from exercise.language import N_, Told, _
from exercise.tui.launch import OBSERVER, PEOPLE, POLICIES, SEATS
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.tui.launch import RoleCard, ScenarioCard, Services, TeamCard

__all__ = ["SetupScreen"]

_START, _CLOCK, _SEED, _MODE = "+start", "+clock", "+seed", "+mode"
_MODES: Mapping[str | None, tuple[str, str]] = Told(
    {
        None: ("as the scenario says", "each team as its author meant it; where nothing is said, one role leads."),
        "lead": ("one leads", "the role that a decision names, or the one that leads the team, answers for all."),
        "vote": ("by vote", "every seat votes; more than half decide, or most once all have voted."),
        "consensus": ("all together", "every seat has to be for the same option."),
    }
)


class SetupScreen(ExerciseScreen[None]):
    """A list of settings that Enter changes one step further, each explained at the right."""

    TITLE_WORDS = N_("who plays")
    HINT = N_("enter changes what is marked; n, or enter on Start, starts the exercise.")
    HELP = N_("""
- Each team is played by **people** at this terminal or by a **bot**. With several teams of people you take turns, and
  the screen is hidden while the keyboard is passed on.
- **People, each role by itself:** the roles of a team take turns too, and each sees what is for its eyes. Choose below
  the team which roles are played here, and how they come to an answer.
- **o** lets bots play every team while you look on: at any team, with nothing to do.
- A **stepped** clock moves only when you press **n**: best for reading and talking at your own pace. A **live** clock
  runs by itself, and windows for decisions run out.
- What is true behind the story is drawn by **chance** at the start. The same number gives the same truth again.
""")
    BINDINGS = [
        Binding("enter", "change", "Change", tooltip="Change the marked setting; on Start, start"),
        Binding("left", "turn(-1)", "Change", show=False, tooltip="The setting before"),
        Binding("right", "turn(1)", "Change", show=False, tooltip="The next setting"),
        Binding("n", "start", "Start", tooltip="Start the exercise"),
        Binding("o", "look_on", "Look on", tooltip="Start with bots in every team, and only look on"),
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
        self._players = {team.id: PEOPLE if team.id == first else POLICIES[2][0] for team in card.teams}
        self._roles = {f"{team.id}/{role.id}": True for team in card.teams for role in team.roles}
        self._mode: str | None = None
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
        words = {id: _(short) for id, short, _unused in POLICIES}
        rows: list[tuple[str, Content | Lines]] = [("#teams", Content.styled(_("WHO PLAYS"), "bold $primary"))]
        for team in self._card.teams:
            short = words[self._players[team.id]]
            style = "$success" if self._players[team.id] in (PEOPLE, SEATS) else "$foreground 65%"
            rows.append((team.id, safe(team.name, "bold") + safe(f"\n  {short}", style)))
            for seat, role in self._seats_of(team):
                here = self._roles[seat]
                tick = f"  [{'x' if here else ' '}] "
                rows.append((seat, Lines((tick, safe(role.name, "" if here else "$foreground 65%")))))
        rows.append(("#gap", Content("")))
        rows.append(("#how", Content.styled(_("HOW"), "bold $primary")))
        if self._several:
            how = _MODES[self._mode][0]
            rows.append((_MODE, Content.styled(_("A team decides"), "bold") + safe(f"\n  {how}", "$foreground 65%")))
        clock = _("live: it runs by itself") if self._live else _("stepped: it moves when you press n")
        rows.append((_CLOCK, Content.styled(_("Clock"), "bold") + Content.styled(f"\n  {clock}", "$foreground 65%")))
        seed = _("drawn by chance") if self._seed is None else _("as with number {seed}").format(seed=self._seed)
        rows.append(
            (_SEED, Content.styled(_("Hidden truth"), "bold") + Content.styled(f"\n  {seed}", "$foreground 65%"))
        )
        rows.append(("#gap-2", Content("")))
        rows.append((_START, Content.styled(_("▶ Start the exercise"), "bold $success")))
        self.query_one("#settings", Choices).show(rows)

    def _seats_of(self, team: TeamCard) -> list[tuple[str, RoleCard]]:
        """The roles to choose from, where people play a team by roles."""
        listed = team.roles if self._players[team.id] == SEATS else ()
        return [(f"{team.id}/{role.id}", role) for role in listed]

    @property
    def _several(self) -> bool:
        """Whether some team has more than one seat here."""
        return any(sum(self._roles[seat] for seat, _ in self._seats_of(team)) > 1 for team in self._card.teams)

    @on(OptionList.OptionHighlighted, "#settings")
    def _mark(self) -> None:
        self._explain()

    def _explain(self) -> None:
        key = self.query_one("#settings", Choices).chosen or ""
        pane = self.query_one("#about", ProseView)
        if key == _CLOCK:
            pane.show(
                _(
                    "## Clock\n\n**Stepped:** the story moves on when you press **n**. Nothing runs out while you "
                    "talk.\n\n"
                    "**Live:** the story runs by itself, and a window for a decision runs out when its time is up. You "
                    "can "
                    "stop the clock at any time."
                )
            )
        elif key == _SEED:
            pane.show(
                _(
                    "## Hidden truth\n\nWho did it, whether an offer is honest: such facts are fixed when the exercise "
                    "starts, and shown in the hot wash.\n\nBy chance, every exercise is different. With a number, the "
                    "same "
                    "truth comes again, for instance to compare two groups."
                )
            )
        elif key == _MODE:
            listed = "\n".join(f"- **{short}:** {told}" for short, told in _MODES.values())
            pane.show(
                _(
                    "## How the seats of a team come to an answer\n\n{listed}\n\nA decision may have its own way."
                ).format(listed=listed)
            )
        elif key in self._roles:
            played = self._roles[key]
            here = _("Played here, on a screen of its own.") if played else _("Nobody plays this role.")
            alone = "" if played else _("What is for this role alone reaches nobody while it is not played.")
            names = {seat: role for team in self._card.teams for seat, role in self._seats_of(team)}
            leads = _(" It speaks for the team.") if key in names and names[key].leads else ""
            pane.show(f"## {plain(names[key].name) if key in names else ''}\n\n{here}{leads}\n\n{alone}")
        elif key == _START:
            people = [team.name for team in self._card.teams if self._players[team.id] in (PEOPLE, SEATS)]
            who = ", ".join(plain(name) for name in people) or _("no team yet")
            pane.show(
                _(
                    "## Ready\n\n**Played by people:** {who}.\n\nFirst you read your briefing. **enter** goes on."
                ).format(who=who)
            )
        for team in self._card.teams:
            if team.id == key:
                told = {id: _(text) for id, _unused, text in POLICIES}[self._players[team.id]]
                texts = "\n".join(f"- {plain(text)}" for text in team.texts)
                accepted = _("\n\n### Texts it has accepted\n\n{texts}").format(texts=texts) if texts else ""
                pane.show(
                    _("## {name}\n\n{about}\n\n**Played by:** {told}{accepted}").format(
                        name=plain(team.name), about=team.about, told=told, accepted=accepted
                    )
                )

    @on(OptionList.OptionSelected, "#settings")
    async def _change(self) -> None:
        await self.action_change()

    async def action_change(self) -> None:
        if self.query_one("#settings", Choices).chosen == _START:
            await self.action_start()
        else:
            self.action_turn(1)

    def action_turn(self, by: int) -> None:
        # What was said of the settings need not hold for them any more.
        self.say("")
        key = self.query_one("#settings", Choices).chosen or ""
        if key in self._players:
            roles = next(team.roles for team in self._card.teams if team.id == key)
            ids = [id for id, _, _ in POLICIES if roles or id != SEATS]
            self._players[key] = ids[(ids.index(self._players[key]) + by) % len(ids)]
        elif key in self._roles:
            self._roles[key] = not self._roles[key]
        elif key == _MODE:
            modes = list(_MODES)
            self._mode = modes[(modes.index(self._mode) + by) % len(modes)]
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
                self.say(_("Write a whole number, or nothing for chance."), wrong=True)
                return
            self._seed = int(number) if number else None
            self.say("")
            self._show()

        value = "" if self._seed is None else str(self._seed)
        self.app.push_screen(
            AskScreen(_("A number for the hidden truth"), _("Leave it empty for chance."), value=value), written
        )

    async def action_start(self) -> None:
        if not {PEOPLE, SEATS} & set(self._players.values()):
            self.say(_("Let people play at least one team; o starts with bots only, and you look on."), wrong=True)
            return
        players = dict(self._players)
        for team in self._card.teams:
            seats = [seat for seat, _unused in self._seats_of(team) if self._roles[seat]]
            if self._players[team.id] == SEATS and not seats:
                self.say(_("Choose at least one role of {name}.").format(name=team.name), wrong=True)
                return
            players |= dict.fromkeys(seats, PEOPLE)
        await self._open(players, self._mode if self._several else None)

    async def action_look_on(self) -> None:
        bots = {team: POLICIES[2][0] if who in (PEOPLE, SEATS) else who for team, who in self._players.items()}
        await self._open({**bots, OBSERVER: PEOPLE}, None)

    async def _open(self, players: dict[str, str], mode: str | None) -> None:
        if self._busy:
            return
        self._busy = True
        try:
            table = await self._services.start(self._card.id, players, seed=self._seed, live=self._live, mode=mode)
        except ExerciseError as error:
            self.say(str(error), wrong=True)
            return
        finally:
            self._busy = False
        program = self.program
        self.dismiss()
        program.call_later(program.open_table, table)
