"""The screen a team plays at: inbox, reading pane, situation and open decisions under the exercise banner."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import ScreenResume, ScreenSuspend
from textual.widgets import OptionList, Static

from exercise.core.commands import ReadMessage
from exercise.errors import ExerciseError
from exercise.language import N_, _, ngettext
from exercise.tui.arrivals import Arrivals
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.stepping import Stepping
from exercise.tui.widgets.banner import Banner
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.inbox import channel_name, decision_row, inbox_row, letter
from exercise.tui.widgets.indicators import IndicatorLines
from exercise.tui.widgets.moves import next_step, opening_text, plenary_text
from exercise.tui.widgets.panel import Panel
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.talk_words import unheard

if TYPE_CHECKING:
    from exercise.core.views import ParticipantView
    from exercise.session.client import Table

__all__ = ["PlayScreen"]

_IN_MOVE = {"decide", "inbox", "filter", "situation", "pause"}


class PlayScreen(ExerciseScreen[None]):
    """One team's screen; it asks its client for a view after each change and shows what differs."""

    CSS_PATH = "play.tcss"
    TITLE_WORDS = N_("playing")
    HELP = N_("""
You read what reaches your team, talk about it, and decide. There is no hurry: where the clock is stepped, the story
moves on only when you press **n**.

- At the left is your **inbox**; a dot (●) marks what nobody has opened yet. What you mark is shown beside it.
- Below it stand the **decisions** that wait for you, with the time their window stays open. Press **d** for the first.
- The **situation** shows how things go: ▲ or ▼ against the start, and whether that is better or worse.
- **r** opens the requests: what others ask of you, and what you ask of them.
- **m** opens the messages between people: talk in your own team, and words to other teams.
- **p** shows the texts your team has accepted, to look up what they ask. **c** shows whom you can reach.
- **n** moves the story on. If a decision is still open you are asked first.
- If several teams or roles use this keyboard, **t** hides your screen before the next one looks.

Your answers and reasons are kept and discussed at the end, in the hot wash.
""")
    BINDINGS = [
        Binding("n", "next", "Next", tooltip="Move the story on to the next thing"),
        Binding("d", "decide", "Decide", tooltip="Open the decision that is marked, or the most urgent one"),
        Binding("t", "pass", "Pass on", tooltip="Hide this screen and pass the keyboard on"),
        Binding("r", "requests", "Requests", tooltip="The board of requests: asked of you, and asked by you"),
        Binding("i", "inbox", "Inbox", tooltip="Go to the inbox, to the first unread message"),
        Binding("m", "messages", "Messages", tooltip="Talk in your team, and words to and from other teams"),
        Binding("s", "situation", "Situation", tooltip="Show the situation: indicators and their course"),
        Binding("z", "pause", "Clock", tooltip="Stop the clock, or start it again"),
        Binding("p", "profile", "Texts", tooltip="Look up the texts your team has accepted"),
        Binding("c", "contacts", "Contacts", tooltip="Your contact directory"),
        Binding("o", "past", "Answered", tooltip="Your answered decisions, to come back to them"),
        Binding("j", "journal", "Journal", tooltip="Your team's journal, to write notes"),
        Binding("b", "briefing", "Briefing", tooltip="Read the briefing again"),
        Binding("e", "evidence", "Evidence", tooltip="The evidence your team holds"),
        Binding("f", "filter", "Filter", tooltip="Show the inbox by channel, one after the other"),
        Binding("E", "end", "End exercise", show=False, tooltip="End the exercise now (ENDEX) and go to the hot wash"),
        Binding("pagedown", "read_on(1)", "Read on", show=False, tooltip="Read on in the message that is shown"),
        Binding("pageup", "read_on(-1)", "Read back", show=False, tooltip="Read back in the message that is shown"),
    ]

    ON_OPENING: ClassVar[str] = N_("Press **i** to read your messages, **n** to let the story go on.")
    ON_PLENARY: ClassVar[str] = N_("Press **n** to go on.")
    ON_DECIDED: ClassVar[str] = N_("Your answer has been taken. Press n to let the story go on.")

    def __init__(self, table: Table, seat: str, *, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._table, self._seat, self._now = table, seat, now
        self._client = table.client(seat)
        self._view: ParticipantView = self._client.view()
        self._channel = ""
        self._reading: str = ""
        self._stepping = Stepping(self)
        self._washed = False
        self.arrivals = Arrivals(self)
        self._usable: dict[str, bool | None] = {}
        self._indicators = Static(id="indicators", markup=False)

    def body(self) -> ComposeResult:
        yield Banner(self._now)
        with Horizontal(id="table"):
            with Vertical(id="lists"):
                with Panel(id="inbox-panel", classes="panel"):
                    yield Choices(id="inbox", mark_first=False, tells_new=True, read_beside=True)
                with Panel(id="decisions-panel", classes="panel"):
                    yield Choices(id="decisions", mark_first=False, one_click=True)
            yield ProseView(id="reading", classes="panel")
            with VerticalScroll(id="situation", classes="panel", can_focus=True) as situation:
                situation.border_title = _("Situation")
                yield self._indicators
        yield ProseView(id="plenary", classes="panel")

    def on_mount(self) -> None:
        self.follow(self._table.subscribe)
        self._show(first=True)
        if self._table.live:
            self.set_interval(1.0, self._tick)
        self.query_one("#inbox").focus()

    # What is shown

    def look_again(self) -> None:
        self._show()

    def _tick(self) -> None:
        """Each second of a running clock: the banner, and below it the time that each decision has left."""
        self.query_one(Banner).show(self._client.view(), live=True)
        self._show_decisions()

    def _show(self, *, first: bool = False) -> None:
        before, self._view = self._view, self._client.view()
        view = self._view
        self.query_one(Banner).show(view, live=self._table.live)
        self._show_inbox()
        self._show_decisions()
        count = len(view.open_decisions)
        panel = self.query_one("#decisions-panel", Panel)
        waiting = len(view.waiting_requests)
        asked = (
            ngettext("r: {waiting} request waits", "r: {waiting} requests wait", waiting).format(waiting=waiting)
            if waiting
            else _("o: {count} to come back to").format(count=len(view.to_come_back_to))
            if view.to_come_back_to
            else ""
        )
        panel.name_it(_("Decisions · {count} open").format(count=count) if count else _("No decision open"), asked)
        self.set_class(count == 0, "-none-open")
        if first or before.indicators != view.indicators:
            lines, size = IndicatorLines(view.indicators), self._indicators.size
            fits = bool(size.width) and len(lines.lines(size.width)) == size.height
            self._indicators.update(lines, layout=not fits)
        if first or (before.clock.phase, before.clock.move) != (view.clock.phase, view.clock.move):
            self._open_phase()
        elif self._reading:
            self._read(self._reading, keep_place=True)
        self._show_keys()
        self.refresh_hint()
        if first:
            self.say("")
        else:
            self.arrivals.tell(before, view)

    @on(ScreenSuspend)
    def _leave(self) -> None:
        self.arrivals.leave(self._view)

    @on(ScreenResume)
    def _come_back(self) -> None:
        self.arrivals.come_back()

    def _show_keys(self) -> None:
        """The keys' line anew, where another key does something now than before."""
        actions = {binding.action for binding in self.BINDINGS if isinstance(binding, Binding)}
        usable = {action: self.check_action(action, ()) for action in actions}
        if usable != self._usable:
            self._usable = usable
            self.refresh_bindings()

    def _show_decisions(self) -> None:
        play = self.query_one(Banner).play
        rows = [
            (decision.id, decision_row(decision, play, live=self._table.live)) for decision in self._view.open_decisions
        ]
        self.query_one("#decisions", Choices).show(rows)

    @on(Choices.OutOfSight, "#inbox")
    def _show_inbox(self) -> None:
        items = [item for item in self._view.inbox if self._channel in ("", item.channel)]
        self.query_one("#inbox", Choices).show((str(item.number), inbox_row(item)) for item in reversed(items))
        new = unheard(self._view, self._table.addressees, self._heard)
        below = _("m: {new} from people").format(new=new) if new else ""
        if self._channel:
            below = _("only: {channel_name}").format(channel_name=channel_name(self._channel))
        self.query_one("#inbox-panel", Panel).name_it(
            _("Inbox · {unread} unread").format(unread=self._view.unread) if self._view.unread else _("Inbox"),
            # What came out of sight first, for it goes away by itself once it is seen.
            safe(self.query_one("#inbox", Choices).out_of_sight or below),
        )

    @property
    def _heard(self) -> dict[str, int]:
        """How much of each conversation this seat has looked at."""
        return self.program.heard_by(self._table.session_id, self._seat)

    def _open_phase(self) -> None:
        view = self._view
        phase = view.clock.phase
        self.set_class(phase == "plenary", "-plenary")
        if phase == "plenary":
            self._show_plenary()
        elif phase == "move":
            self._reading = ""
            pane = self.query_one("#reading", ProseView)
            pane.show(opening_text(self._view, _(self.ON_OPENING)))
            pane.border_title = _("The move opens")
        elif phase == "ended" and not self._washed:
            self._washed = True
            self._open_hot_wash()

    def _show_plenary(self) -> None:
        self.say("")
        pane = self.query_one("#plenary", ProseView)
        pane.show(plenary_text(self._view, _(self.ON_PLENARY)))
        pane.border_title = _("After move {move} of {moves}").format(
            move=self._view.clock.move, moves=self._view.clock.moves
        )
        pane.focus()

    @property
    def table(self) -> Table:
        """The game."""
        return self._table

    @property
    def seat(self) -> str:
        """Whose screen it is."""
        return self._seat

    @property
    def view(self) -> ParticipantView:
        """What is shown."""
        return self._view

    def hint(self) -> str:
        if self._table.looks_on and self._view.clock.phase == "move":
            return _("You look on. n: the story goes on. t: another team. o: what it has decided.")
        return next_step(self._view, live=self._table.live, in_turn=len(self._table.seats) > 1)

    # Reading

    @on(OptionList.OptionHighlighted, "#inbox")
    async def _open_message(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_list.has_focus and event.option_id is not None:
            await self._read_now(event.option_id)

    @on(OptionList.OptionSelected, "#inbox")
    async def _take_message(self, event: OptionList.OptionSelected) -> None:
        if event.option_id is not None:
            await self._read_now(event.option_id)
            self.remove_class("-situation")
            self.query_one("#reading").focus()

    @on(OptionList.OptionSelected, "#decisions")
    def _take_decision(self, event: OptionList.OptionSelected) -> None:
        if event.option_id is not None:
            self._open_decision(event.option_id)

    async def _read_now(self, number: str) -> None:
        self._read(number)
        self.say("")
        item = next((item for item in self._view.inbox if str(item.number) == number), None)
        if item is not None and not item.read:
            play = self.query_one(Banner).play
            await self.ask(self._client.submit(ReadMessage(seat=self._client.seat, play=play, number=item.number)))

    def _read(self, number: str, *, keep_place: bool = False) -> None:
        item = next((item for item in self._view.inbox if str(item.number) == number), None)
        if item is None:
            return
        self._reading = number
        pane = self.query_one("#reading", ProseView)
        pane.show(letter(item, self._view.clock), keep_place=keep_place)
        if pane.border_title != (title := _("Message {number}").format(number=item.number)):
            pane.border_title = title

    def action_read_on(self, pages: int) -> None:
        """The page keys turn the message that is shown; in the list they would open others unread."""
        self.query_one("#reading", ProseView).turn(pages)

    # Going on

    async def ask(self, asked: Awaitable[object]) -> object | None:
        """Wait for something the session was asked; a refusal is shown where the hint stands."""
        try:
            return await asked
        except ExerciseError as error:
            self.say(str(error), wrong=True)
            return None

    async def action_next(self) -> None:
        if self._view.clock.phase == "ended":
            self._open_hot_wash()
        else:
            await self._stepping.go_on()

    async def action_pause(self) -> None:
        running = self._view.clock.running
        await self.ask(self._table.pause() if running else self._table.resume())

    def action_end(self) -> None:
        self._stepping.ask_to_end()

    # Going elsewhere

    def action_inbox(self) -> None:
        self.remove_class("-situation")
        inbox = self.query_one("#inbox", Choices)
        unread = next((item for item in self._view.inbox if not item.read), None)
        inbox.focus()
        if unread is not None:
            if self._channel not in ("", unread.channel):
                self._channel = ""
                self._show_inbox()
            inbox.choose(str(unread.number))

    def action_filter(self) -> None:
        channels = ["", *sorted({item.channel for item in self._view.inbox})]
        at = channels.index(self._channel) if self._channel in channels else 0
        self._channel = channels[(at + 1) % len(channels)]
        self._show_inbox()
        self.query_one("#inbox", Choices).forget_new()
        self.say(
            _("Inbox: {channel_name} only; f for the next").format(channel_name=channel_name(self._channel))
            if self._channel
            else _("Inbox: all channels")
        )

    def action_situation(self) -> None:
        if not self.has_class("-narrow") or self.toggle_class("-situation").has_class("-situation"):
            self.query_one("#situation").focus()
        else:
            self.query_one("#inbox").focus()

    def action_decide(self) -> None:
        open_ones = self._view.open_decisions
        if not open_ones:
            self.say(_("No decision is open for your team now."))
            return
        rows = self.query_one("#decisions", Choices)
        marked = rows.chosen if rows.has_focus else None
        first = min(open_ones, key=lambda decision: decision.closes)
        self._open_decision(marked if marked in {d.id for d in open_ones} and marked else first.id)

    def _open_decision(self, decision: str) -> None:
        from exercise.tui.screens.decision import DecisionScreen

        def decided(sent: bool | None) -> None:
            if sent and self._client.view().asked_with(decision):
                self.say(_("Your answer has been taken. The request itself still waits for one: press r."))
            elif sent:
                self.say(_(self.ON_DECIDED))

        self.app.push_screen(DecisionScreen(self._client, decision, self._table), decided)

    def action_messages(self) -> None:
        from exercise.tui.screens.messages import MessagesScreen

        screen = MessagesScreen(self._client, self._table, self._heard, live=self._table.live, now=self._now)
        self.app.push_screen(screen, lambda _: self._show_inbox())

    def action_past(self) -> None:
        from exercise.tui.screens.answered import AnsweredScreen

        self.app.push_screen(AnsweredScreen(self._client, live=self._table.live, now=self._now))

    def action_requests(self) -> None:
        from exercise.tui.screens.requests import RequestsScreen

        self.app.push_screen(RequestsScreen(self._client, live=self._table.live, now=self._now))

    def action_contacts(self) -> None:
        from exercise.tui.screens.directory import DirectoryScreen

        self.app.push_screen(DirectoryScreen(self._client, live=self._table.live, now=self._now))

    def action_evidence(self) -> None:
        from exercise.tui.screens.evidence import EvidenceScreen

        self.app.push_screen(EvidenceScreen(self._client, live=self._table.live, now=self._now))

    def action_journal(self) -> None:
        from exercise.tui.screens.journal import JournalScreen

        self.app.push_screen(JournalScreen(self._client, live=self._table.live, now=self._now))

    def action_briefing(self) -> None:
        from exercise.tui.screens.briefing import BriefingScreen

        self.app.push_screen(BriefingScreen(self._client))

    def action_profile(self) -> None:
        self.open_texts(self._client, self._view)

    def _open_hot_wash(self) -> None:
        from exercise.tui.screens.hotwash import HotWashScreen

        self.app.push_screen(HotWashScreen(self._client, self._table))

    def action_pass(self) -> None:
        seats = [seat for seat, _ in self._table.seats]
        following = seats[(seats.index(self._seat) + 1) % len(seats)]
        self.program.show_seat(following, covered=not self._table.looks_on)

    def action_back(self) -> None:
        if self.has_class("-situation"):
            self.action_situation()
            return
        if self._view.clock.phase == "ended":
            self.program.leave_table()
            return
        self.program.ask_to_leave(self.program.leave_table)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "requests":
            return bool(self._view.kinds or self._view.requests)
        if action == "pass":
            return len(self._table.seats) > 1
        if action == "decide" and self._table.looks_on:
            return bool(self._view.open_decisions)
        if action == "pause":
            return self._table.live and self._view.clock.phase == "move"
        if action in _IN_MOVE and self._view.clock.phase == "plenary":
            return False
        if action == "end":
            return self._view.clock.phase in ("move", "plenary")
        return True
