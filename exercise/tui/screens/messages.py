"""Messages between people: talk in the own team, and words to and from other teams, official or aside."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from exercise.core.asked import FACILITATOR
from exercise.core.teamwork.commands import Say
from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.tui.screens.lookup import LookupScreen
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.talk_words import Conversation, conversations, told
from exercise.tui.widgets.writing import OneLine

if TYPE_CHECKING:
    from exercise.session.client import Client, Table

__all__ = ["MessagesScreen"]


class MessagesScreen(LookupScreen):
    """A conversation with each party at the left, its lines beside it, and a line to write in below."""

    CSS_PATH = "messages.tcss"
    TITLE_WORDS = N_("messages between people")
    HELP = N_("""
Here people speak in their own words; the inbox is what the story brings.

- **Our own team** is talk that nobody outside your team hears.
- Words to **another team** are a **side talk**, or an **official** message: what your team stands by. **ctrl+o**
  changes from one to the other before you send. Exercise control reads both, and both stand in the log.
- Choose at the left, **tab** to the line, write, and press **enter** to send.

Whoever sits down late reads all that was said before. A team that a bot plays reads nothing and does not write back.
What exercise control says stands in a conversation of its own. You can write to it where it hosts the exercise; at one
terminal nobody plays it. A line you have begun stays until you send it.
""")
    BINDINGS = [
        Binding("ctrl+o", "official", "Official", key_display="^o", tooltip="An official message, or a side talk")
    ]

    def __init__(
        self,
        client: Client,
        table: Table,
        heard: dict[str, int],
        *,
        live: bool,
        now: Callable[[], float],
        key: str = "",
    ) -> None:
        super().__init__(client, live=live, now=now)
        self._table, self._heard = table, heard
        self._official = False
        self._key, self._shown = key, ""
        self.about = "talk"

    def looked_up(self) -> ComposeResult:
        with Horizontal(id="talks"):
            yield Choices(id="parties", classes="panel")
            yield ProseView(id="lines", classes="panel")
        yield Static(id="how", markup=False)
        yield OneLine(id="words")

    def on_mount(self) -> None:
        self.follow(self._client.subscribe)
        self.query_one("#parties").border_title = _("With whom")
        found = self._found()
        view = self._client.view()
        new = [talk for talk in found if talk.new(view, self._heard)]
        if self._key not in {talk.key for talk in found}:
            self._key = (new or found)[0].key
        self._show()
        self._go_on_with_words()
        parties = self.query_one("#parties", Choices)
        parties.choose(self._key)
        parties.focus()

        self.watch(self.query_one("#lines"), "scroll_y", self._looked, init=False)

    def _looked(self) -> None:
        pane = self.query_one("#lines", ProseView)
        if pane.border_subtitle and pane.scroll_offset.y >= pane.max_scroll_y:
            pane.border_subtitle = ""

    def _words_key(self) -> tuple[str, str, str]:
        return (self._table.session_id, self._client.seat, self._key)

    @on(Input.Changed, "#words")
    def _keep_words(self) -> None:
        """A line begun stays with whom it is to, also when this screen is left."""
        self.program.words[self._words_key()] = self.query_one("#words", Input).value

    def _go_on_with_words(self) -> None:
        key = self._words_key()
        if key not in self.program.words:
            self.program.words[key] = self.program.keeps(f"words|{key[1]}|{key[2]}", str)
        line = self.query_one("#words", Input)
        with line.prevent(Input.Changed):
            line.value = self.program.words[key]

    def _found(self) -> tuple[Conversation, ...]:
        control = ((FACILITATOR, _("Exercise control")),) if self._table.hosted is not None else ()
        return conversations(self._client.view(), (*self._table.addressees, *control))

    @property
    def _talk(self) -> Conversation:
        found = self._found()
        return next((talk for talk in found if talk.key == self._key), found[0])

    def look_again(self) -> None:
        self._show()

    def _show(self) -> None:
        view, talk = self._client.view(), self._talk
        pane = self.query_one("#lines", ProseView)
        follows = self._shown != talk.key or pane.scroll_offset.y >= pane.max_scroll_y
        text = "\n\n".join(told(line, view) for line in talk.lines) or _("Nothing has been said yet.")
        came, self._shown = text != pane.text, talk.key
        pane.border_title = safe(talk.name)
        pane.show(text, keep_place=True)
        if follows:
            pane.scroll_end(animate=False)
        elif came:
            # Whoever reads what was said before is not torn away from it.
            pane.border_subtitle = Content(_("↓ new: end"))
        self._heard[talk.key] = len(talk.lines)
        bots = {team for team, _unused, people in self._table.teams if not people}
        rows = []
        for found in self._found():
            new = found.new(view, self._heard)
            count = (
                _("{new} new").format(new=new)
                if new
                else _("{count} said").format(count=len(found.lines))
                if found.lines
                else _("nothing yet")
            )
            quiet = (
                _("{count} · a bot").format(count=count) if found.key in bots and not self._table.looks_on else count
            )
            sign = "● " if new else "  "
            rows.append((found.key, Lines((sign, safe(found.name, "bold")), ("  ", safe(quiet, "$foreground 65%")))))
        self.query_one("#parties", Choices).show(rows)
        self.query_one("#how", Static).update(safe(self._how(talk), "$foreground 65%"))
        words = self.query_one("#words", Input)
        words.disabled = self._table.looks_on
        named = _("our own team") if talk.key == view.team else talk.name
        words.placeholder = _("You look on") if self._table.looks_on else _("To {named}").format(named=named)
        self.refresh_bindings()
        self.refresh_hint()

    def _how(self, talk: Conversation) -> str:
        if not self._foreign:
            return (
                _("Only your own team hears this.")
                if talk.key == self._client.view().team
                else _("To exercise control.")
            )
        if self._official:
            return _("✔ Official, to {name}: your team stands by it. ctrl+o: a side talk instead.").format(
                name=talk.name
            )
        return _("A side talk with {name}. ctrl+o: an official message instead.").format(name=talk.name)

    @property
    def _foreign(self) -> bool:
        return self._key in {team for team, _ in self._table.addressees} - {self._client.view().team}

    def hint(self) -> str:
        if self._table.looks_on:
            return _("Choose a conversation with ↑ ↓ to read it. esc goes back.")
        return _("↑ ↓ choose with whom; enter goes to the line, enter again sends. esc: back.")

    @on(OptionList.OptionHighlighted, "#parties")
    def _mark(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_id is not None and event.option_id != self._key:
            self._keep_words()
            # What was official to one team is not meant so to the next.
            self._key, self._official = event.option_id, False
            self.say("")
            self._show()
            self._go_on_with_words()

    @on(OptionList.OptionSelected, "#parties")
    def _write_there(self) -> None:
        self.query_one("#words").focus()

    def action_official(self) -> None:
        self._official = not self._official
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "official":
            return self.is_mounted and self._foreign and not self._table.looks_on
        return True

    @on(Input.Submitted)
    async def _send(self, event: Input.Submitted) -> None:
        if not event.value.strip():
            return
        client, official = self._client, self._official and self._foreign
        play = client.view().clock.play
        try:
            await client.submit(Say(seat=client.seat, play=play, to=self._key, text=event.value, official=official))
        except ExerciseError as error:
            self.say(str(error), wrong=True)
            return
        event.input.clear()
        self._official = False
        self.say("")
        self._show()
