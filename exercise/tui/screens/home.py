"""The first screen: scenarios to play, exercises to go on with, and logs to look back at."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import OptionList, Static

from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.tui.launch import EVALUATE, HOST, HOST_AGAIN, JOIN, REPORT, ROOM
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.tui.launch import SavedSession, ScenarioCard, Services

__all__ = ["HomeScreen"]

_WELCOME = N_("""# A cyber crisis, around a table

A story reaches your team as messages. You read, talk, and decide; other teams do the same. At the end everyone sees
what the decisions meant for the commitments that their States have accepted, clause by clause.

**To begin:** choose a scenario at the left with the arrows and press **enter**.""")


class HomeScreen(ExerciseScreen[None]):
    """Painted before anything is read from disk; the lists come a moment later."""

    TITLE_WORDS = N_("the home screen")
    HINT = N_("The library is being read …")
    HELP = N_("""
- Under **Scenarios** stands what can be played. **enter** goes on to choose who plays which team.
- Under **Your exercises** stands what was begun on this machine. **enter** goes on where it stopped; where it has
  ended, it opens the replay. **r** opens the replay of either. What has ended can be evaluated with **e**, and **w**
  writes its after-action report.
- **h** hosts what is marked for a room full of people, each at their own screen, with you at the console. **j** joins
  what somebody else hosts.

Every exercise is kept as it is played; nothing has to be saved.
""")
    BINDINGS = [
        Binding("enter", "open", "Open it", tooltip="Play the scenario, or go on with the exercise"),
        Binding("r", "replay", "Replay", tooltip="Look back at the marked exercise"),
        Binding("e", "after('evaluate')", "Evaluate", tooltip="Mark, as an evaluator, what was done in it"),
        Binding("w", "after('report')", "Report", tooltip="Write its after-action report"),
        Binding("h", "host", "Host", tooltip="Host it for a room full of people, from this machine"),
        Binding("j", "join", "Join", tooltip="Take part in what somebody else hosts"),
        Binding("escape", "back", "Quit"),
    ]
    DEFAULT_CSS = """
    HomeScreen #title { dock: top; height: 1; background: $panel; text-style: bold; padding: 0 1; }
    HomeScreen #home { height: 1fr; }
    HomeScreen #list { width: 32; height: 1fr; }
    HomeScreen.-wide #list { width: 42; }
    HomeScreen.-very-wide #list { width: 52; }
    HomeScreen #about { width: 1fr; height: 1fr; }
    """

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._cards: dict[str, ScenarioCard] = {}
        self._saved: dict[str, SavedSession] = {}
        self._reading = True

    def body(self) -> ComposeResult:
        yield Static(
            Content.assemble((_("Exercise"), "$primary"), (_("   tabletop cyber crisis"), "$foreground 65%")),
            id="title",
        )
        with Horizontal(id="home"):
            yield Choices(id="list", classes="panel")
            yield ProseView(_(_WELCOME), id="about", classes="panel")

    def on_mount(self) -> None:
        self.query_one("#list").focus()
        # Loading the rest of the program holds the interpreter for a while: the screen is painted before it begins.
        self.set_timer(0.1, self._fill)

    def on_screen_resume(self) -> None:
        """Back from a game: it stands in the list now."""
        if self._cards:
            # Beside the screen's own work, which would take no key until all is read.
            self.call_after_refresh(lambda: self.run_worker(self._fill(), exclusive=True))

    async def _fill(self) -> None:
        listed = self.query_one("#list", Choices)
        marked = listed.chosen
        try:
            cards = await asyncio.to_thread(self._services.scenarios)
            saved = await asyncio.to_thread(self._services.sessions)
        except ExerciseError as error:
            self.say(str(error), wrong=True)
            return
        finally:
            self._reading = False
        before = self._saved if self._cards else None
        self._cards = {f"s:{card.id}": card for card in cards}
        self._saved = {f"k:{session.id}": session for session in saved}
        rows: list[tuple[str, Content | Lines]] = [("#scenarios", Content.styled(_("SCENARIOS"), "bold $primary"))]
        rows += [(key, _scenario_row(card)) for key, card in self._cards.items()]
        if self._saved:
            rows.append(("#gap", Content("")))
            rows.append(("#kept", Content.styled(_("YOUR EXERCISES"), "bold $primary")))
            rows += [(key, _session_row(session)) for key, session in self._saved.items()]
        stays = listed.chosen == marked
        listed.show(rows)
        # Whoever has moved on meanwhile keeps their place.
        if before is not None and stays and (left := next((key for key in self._saved if key not in before), None)):
            # Below a long library nobody would find the game that was just left.
            listed.choose(left)
        if listed.chosen is None:
            listed.action_first()

    @on(OptionList.OptionHighlighted, "#list")
    def _mark(self, event: OptionList.OptionHighlighted) -> None:
        key = event.option_id or ""
        pane = self.query_one("#about", ProseView)
        if key in self._cards:
            pane.show(_about(self._cards[key]))
        elif key in self._saved:
            pane.show(_kept(self._saved[key]))
        self.refresh_bindings()
        self.say("")

    def hint(self) -> str:
        key = self.query_one("#list", Choices).chosen or ""
        if key in self._cards:
            return _("enter: choose who plays, and start. tab: read on at the right.")
        if key in self._saved:
            if self._saved[key].ended:
                return _("enter: look back at it. e: evaluate. w: write the report.")
            return _("enter: go on where it stopped. r: replay.")
        return _(self.HINT) if self._reading else _("Choose with the arrows, then press enter.")

    @on(OptionList.OptionSelected, "#list")
    async def _open_row(self) -> None:
        await self.action_open()

    async def action_open(self) -> None:
        key = self.query_one("#list", Choices).chosen or ""
        if key in self._cards:
            from exercise.tui.screens.setup import SetupScreen

            self.app.push_screen(SetupScreen(self._cards[key], self._services))
        elif key in self._saved and self._saved[key].ended:
            self.action_replay()
        elif key in self._saved:
            try:
                table = await self._services.resume(self._saved[key].id)
            except ExerciseError as error:
                self.say(str(error), wrong=True)
                return
            self.program.open_table(table)

    def action_replay(self) -> None:
        saved = self._saved.get(self.query_one("#list", Choices).chosen or "")
        if saved is None:
            return
        from exercise.tui.screens.replay import ReplayScreen

        try:
            player, tools = self._services.open_log(saved.id), self._services.replay_tools(saved.id)
        except ExerciseError as error:
            self.say(str(error), wrong=True)
            return
        self.app.push_screen(ReplayScreen(player, tools=tools))

    def action_host(self) -> None:
        from exercise.tui.screens.confirm import ConfirmScreen

        key = self.query_one("#list", Choices).chosen or ""
        if key in self._cards:
            title, which = self._cards[key].title, f"{HOST}{{}} {key.removeprefix('s:')}"
        elif key in self._saved and not self._saved[key].ended:
            title, which = self._saved[key].title, f"{HOST_AGAIN}{{}} {self._saved[key].id}"
        else:
            return
        question = ConfirmScreen(
            _("Host {title}: for whom?").format(title=title),
            _(
                "In a room the doors open on every network of this machine, encrypted, for whoever has a code. To try "
                "it "
                "out, they open on this machine alone. Look ahead with `exercise host --preflight`."
            ),
            yes=_("The room"),
            no=_("This machine"),
        )

        def answered(room: bool | None) -> None:
            if room is not None:
                self.app.exit(which.format(ROOM if room else "here"))

        self.app.push_screen(question, answered)

    def action_after(self, what: str) -> None:
        saved = self._saved.get(self.query_one("#list", Choices).chosen or "")
        if saved is not None and saved.ended:
            self.app.exit(f"{EVALUATE if what == 'evaluate' else REPORT}{saved.id}")

    def action_join(self) -> None:
        from exercise.tui.screens.confirm import AskScreen

        question = AskScreen(
            _("Where is it hosted?"),
            _(
                "The address as the facilitator shows it; you are asked for your code next. Where a fingerprint stands "
                "beside it, join from the command line: `exercise join ADDRESS --fingerprint …`"
            ),
            placeholder="wss://192.168.1.20:8765",
        )
        self.app.push_screen(question, lambda address: self.app.exit(f"{JOIN}{address}") if address else None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "replay":
            return self.is_mounted and self.query_one("#list", Choices).chosen in self._saved
        if action == "after":
            marked = self._saved.get(self.query_one("#list", Choices).chosen or "") if self.is_mounted else None
            return marked is not None and marked.ended
        if action == "host" and self.is_mounted:
            saved = self._saved.get(self.query_one("#list", Choices).chosen or "")
            return saved is None or not saved.ended
        return True

    def action_back(self) -> None:
        self.app.exit()


def _scenario_row(card: ScenarioCard) -> Lines:
    facts = _("{length} · {count} teams").format(length=_length(card.minutes), count=len(card.teams))
    return Lines(("  ", safe(card.title, "bold")), ("  ", safe(facts, "$foreground 65%")))


def _session_row(session: SavedSession) -> Lines:
    sign = "✓" if session.ended else "▸"
    state = safe(f"{session.phase} · {session.when}", "$foreground 65%")
    return Lines((f"{sign} ", safe(session.title, "bold")), ("  ", state))


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return (
        _("{hours} h {rest} min").format(hours=hours, rest=rest)
        if hours and rest
        else f"{hours} h"
        if hours
        else _("{rest} min").format(rest=rest)
    )


def _about(card: ScenarioCard) -> str:
    parts = [f"# {plain(card.title)}", card.summary]
    moves = _(" in {moves} moves").format(moves=card.moves) if card.moves else ""
    parts.append(_("**Length** about {length}{moves}").format(length=_length(card.minutes), moves=moves))
    if card.teams:
        listed = "\n".join(f"- **{plain(team.name)}** {plain(team.about)}" for team in card.teams)
        parts.append(_("## Teams\n\n{listed}").format(listed=listed))
    for title, lines in ((_("What it is about"), card.threats), (_("Commitments it puts to the test"), card.texts)):
        if lines:
            parts.append(f"## {title}\n\n" + "\n".join(f"- {plain(line)}" for line in lines))
    return "\n\n".join(parts)


def _kept(session: SavedSession) -> str:
    played = (
        _("**Played by people** {teams}  \n").format(teams=plain(", ".join(session.teams))) if session.teams else ""
    )
    then = (
        _("It has ended. **enter** looks back at it.")
        if session.ended
        else _("**enter** goes on where it stopped, paused.")
    )
    return _("# {title}\n\n**Status** {phase}  \n**Last played** {when}  \n{played}**Kept as** {id}\n\n{then}").format(
        title=plain(session.title),
        phase=plain(session.phase),
        when=plain(session.when),
        played=played,
        id=plain(session.id),
        then=then,
    )
