"""Requests between all parties as they go: whose turn it is, what is late, and answering for a controlled actor."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Resize
from textual.widgets import OptionList, Static

from exercise.core.control.commands import Claim, Unclaim
from exercise.errors import ExerciseError
from exercise.language import N_, Told, _
from exercise.tui.console.answer_as import ActorClient, ActorRequestScreen, Behind, behind, claimed_by, played_end
from exercise.tui.console.base import ConsoleScreen, Result
from exercise.tui.console.pick import PickScreen
from exercise.tui.screens.confirm import ConfirmScreen
from exercise.tui.widgets.choice_bar import ChoiceBar
from exercise.tui.widgets.choices import Lines
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.request_list import RequestList
from exercise.tui.widgets.request_words import ends_of, request_course, request_says, request_text
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exercise.core.requests.views import RequestView
    from exercise.core.views import FacilitatorView
    from exercise.session.control import Control

__all__ = ["BoardRequestScreen", "BoardScreen", "turn_of"]

_TALL = 32
_REQUESTER = ("asked-back", "conditional")
_NOBODY = ("sent", "failed")


def turn_of(request: RequestView) -> str:
    """Name of the party that others wait for; empty where it is under way or over."""
    if request.over or request.status in _NOBODY:
        return ""
    by, to = ends_of(request)
    return by if request.status in _REQUESTER else to


class _Answering(ConsoleScreen[Result]):
    """What the board and one request of it share: taking in hand what comes to an actor, and answering it."""

    _behind = Behind()
    _number = 0

    def on_mount(self) -> None:
        self.run_worker(self._read_behind())

    async def _read_behind(self) -> None:
        try:
            self._behind = await behind(self.control)
        except ExerciseError:
            return  # Looking at requests works without; who plays what is asked for again with the next screen.
        self.refresh_page()
        self.refresh_bindings()
        self.refresh_hint()

    @property
    def request(self) -> RequestView | None:
        """The request that the keys are about."""
        raise NotImplementedError

    @property
    def actor(self) -> tuple[str, str] | None:
        """The end of it that control plays."""
        request = self.request
        return played_end(request, self._behind.actors) if request is not None else None

    def claim_text(self, request: RequestView) -> str:
        """Who has taken it in hand, in one line."""
        actor = played_end(request, self._behind.actors)
        if actor is None:
            return ""
        what, who = claimed_by(self.control.view(), request.number, actor[0])
        if not what:
            return _("{actor} is played by control; the script answers unless you take it in hand with a.").format(
                actor=actor[1]
            )
        whole = _("everything to {actor}").format(actor=actor[1]) if what.startswith("actor:") else _("this request")
        return _("☞ {who} answers {whole}.").format(who=who, whole=whole)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.is_mounted or action not in ("answer", "give_back"):
            return True
        request, actor = self.request, self.actor
        if request is None or actor is None or self.control.view().clock.phase == "ended":
            return False
        if action == "answer":
            return not request.over
        return bool(claimed_by(self.control.view(), request.number, actor[0])[0])

    def action_answer(self) -> None:
        """Take it in hand, out of another controller's only when asked to, and open it as the actor has it."""
        request, actor = self.request, self.actor
        if request is None or actor is None:
            return
        what, who = claimed_by(self.control.view(), request.number, actor[0])
        if what and who == self.control.name:
            self._open(request, actor)
        elif what:
            question = ConfirmScreen(
                _("{who} has taken this in hand").format(who=who),
                _("Two who answer for one body contradict each other. Take it over?"),
                yes=_("Take it over"),
                no=_("Leave it"),
            )
            self.app.push_screen(question, lambda yes: self._claim(request, actor, what) if yes else None)
        else:
            self._claim(request, actor, "")

    def _claim(self, request: RequestView, actor: tuple[str, str], over: str) -> None:
        what = over or f"request:{request.number}"
        command = Claim(what=what, who=self.control.name[:60], take_over=bool(over))

        async def claim() -> None:
            if await self.asked(self.control.submit(command)):
                self._open(request, actor)

        self.run_worker(claim())

    def _open(self, request: RequestView, actor: tuple[str, str]) -> None:
        client = ActorClient(self.control, *actor, self._behind.evidence)
        screen = ActorRequestScreen(client, request.number, live=True, now=time.monotonic)
        self.app.push_screen(screen, lambda _: self.refresh_page())

    def action_give_back(self) -> None:
        """Let the script answer again."""
        request, actor = self.request, self.actor
        if request is None or actor is None:
            return
        what, _unused = claimed_by(self.control.view(), request.number, actor[0])
        said = _("Given back: the script answers again.") if not request.over else _("Given back.")
        self.run_worker(self.asked(self.control.submit(Unclaim(what=what)), said))


class BoardScreen(_Answering[None]):
    """In two lines a request where the screen is narrow, in columns where it is wide; filters by state and party."""

    TITLE_WORDS = N_("requests between all")
    HELP = N_("""
Every request between teams, and between teams and the bodies that control plays, as it stands now. In front of what
it is about stands **whose turn** it is: who the other side waits for. The time at the right is when an answer is
asked for.

- **f** and **F** choose what is shown: what is open, what is late, what waits for **control**, or one party's.
- **enter** opens the marked request with all it says and each step so far.
- **a** takes a request to one of your bodies in hand and answers it under that body's name. Its scripted answer then
  does not come. **g** gives it back.
- **c** takes **everything** that comes to a body in hand, or gives it back: then each request to it waits for you.

**☞** names the controller who has taken something in hand, so that two do not answer for one body.
""")
    BINDINGS = [
        Binding("f", "filter(1)", "Filter", tooltip="What is shown: the next choice"),
        Binding("F", "filter(-1)", "Filter back", show=False, tooltip="What is shown: the choice before"),
        Binding("a", "answer", "Answer as", tooltip="Take it in hand and answer for the body that control plays"),
        Binding("g", "give_back", "Give back", tooltip="Let the script answer again"),
        Binding("c", "claim_actor", "Take a body", tooltip="Take all that comes to a body in hand, or give it back"),
    ]
    DEFAULT_CSS = """
    BoardScreen #board-filter { height: 1; padding: 0 1; }
    BoardScreen #board { height: 1fr; }
    BoardScreen #marked { display: none; height: 1fr; }
    BoardScreen.-tall #marked { display: block; }
    BoardScreen.-tall #board { height: 3fr; }
    BoardScreen.-tall #marked { height: 2fr; }
    """

    def __init__(self, control: Control) -> None:
        super().__init__(control)
        self._filter = "all"

    def page(self) -> ComposeResult:
        yield ChoiceBar(self._filters(), self._filter, label=_("Show "), id="board-filter")
        yield RequestList(id="board", classes="panel")
        yield ProseView(id="marked", classes="panel")

    def on_mount(self) -> None:
        self.query_one("#board").border_title = _("Requests between all")
        self.start_at(self.query_one("#board"))

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.height >= _TALL, "-tall")

    def refresh_page(self) -> None:
        view = self.control.view()
        self.query_one(ChoiceBar).put(self._filters(), self._filter)
        found = tuple(self._row_of(request, view) for request in view.requests if self._fits(request, view))
        rows = self.query_one(RequestList)
        rows.put(found, None if view.clock.phase == "ended" else view.clock.exercise, for_all=True)
        if not found:
            nothing = _("Nobody has sent a request yet.") if not view.requests else _("No request of this sort.")
            rows.show([("#none", safe(nothing))])
        elif rows.highlighted is None:
            rows.action_first()
        self._read()

    def hint(self) -> str:
        mine = self.actor
        if mine is not None and self.request is not None and not self.request.over:
            return _("a: answer for {mine}. enter opens it, f filters. esc goes back.").format(mine=mine[1])
        return _("enter opens the marked request, f filters, c takes a body in hand. esc goes back.")

    # What is shown

    def _filters(self) -> tuple[tuple[str, str], ...]:
        view = self.control.view()
        counts = {name: sum(self._of(name, request, view) for request in view.requests) for name in _FIXED}
        fixed = [(name, f"{words} {counts[name]}") for name, words in _FIXED.items()]
        return (*fixed, *((f"team:{short}", short) for _, short in self.control.teams))

    def _fits(self, request: RequestView, view: FacilitatorView) -> bool:
        return self._of(self._filter, request, view)

    def _of(self, name: str, request: RequestView, view: FacilitatorView) -> bool:
        match name:
            case "open":
                return not request.over
            case "late":
                return not request.over and request.deadline is not None and request.deadline < view.clock.exercise
            case "control":
                return not request.over and turn_of(request) in self._behind.actors.values()
        if name.startswith("team:"):
            return name.removeprefix("team:") in ends_of(request)
        return True

    def _row_of(self, request: RequestView, view: FacilitatorView) -> RequestView:
        """The row's words about it, with whose turn it is and who has taken it in hand in front of them."""
        turn = turn_of(request)
        words = [_("{turn}’s turn").format(turn=turn)] if turn else []
        actor = played_end(request, self._behind.actors)
        if actor is not None and not request.over:
            who = claimed_by(view, request.number, actor[0])[1]
            words += [f"☞ {who}"] if who else []
        return replace(request, matter=" · ".join([*words, request.matter] if request.matter else words))

    @property
    def request(self) -> RequestView | None:
        """The marked one."""
        chosen = self.query_one(RequestList).chosen
        return next((r for r in self.control.view().requests if str(r.number) == chosen), None)

    def _read(self) -> None:
        request, view = self.request, self.control.view()
        pane = self.query_one("#marked", ProseView)
        text = ""
        if request is not None:
            text = request_text(request, self.control.reference, view.clock.exercise, for_all=True)
            claim = self.claim_text(request)
            text = f"{plain(claim)}\n\n{text}" if claim else text
        pane.show(text, keep_place=text == pane.text)
        pane.border_title = (
            _("Request {number}").format(number=request.number) if request is not None else _("Requests")
        )

    @on(OptionList.OptionHighlighted, "#board")
    def _mark(self) -> None:
        self._read()
        self.refresh_bindings()
        self.refresh_hint()

    @on(OptionList.OptionSelected, "#board")
    def _open_marked(self) -> None:
        if (request := self.request) is not None:
            self.app.push_screen(BoardRequestScreen(self.control, request.number))

    @on(ChoiceBar.Chosen)
    def _filter_clicked(self, event: ChoiceBar.Chosen) -> None:
        self._filter = event.choice
        self.refresh_page()

    def action_filter(self, by: int) -> None:
        names = [name for name, _ in self._filters()]
        at = names.index(self._filter) if self._filter in names else 0
        self._filter = names[(at + by) % len(names)]
        self.refresh_page()

    # Whole bodies

    def action_claim_actor(self) -> None:
        """Choose a body, and take it in hand, or give it back where it is one's own."""
        claims = dict(self.control.view().claims)
        rows = []
        for id, name in self._behind.actors.items():
            who = claims.get(f"actor:{id}", "")
            stands = (
                _("the script answers") if not who else _("in your hand") if who == self.control.name else f"☞ {who}"
            )
            rows.append((id, Lines(("• ", safe(name, "bold") + safe(f" · {stands}", "$foreground 65%")))))
        if not rows:
            self.say(_("This scenario has no bodies that control plays."))
            return
        text = _(
            "What comes to it then waits for you; its script answers no more. Take your own again to give it back."
        )
        self.app.push_screen(PickScreen(_("Which body?"), rows, text), self._actor_chosen)

    def _actor_chosen(self, id: str | None) -> None:
        if id is None:
            return
        what, name = f"actor:{id}", self._behind.actors[id]
        who = dict(self.control.view().claims).get(what, "")
        claim = Claim(what=what, who=self.control.name[:60], take_over=bool(who))
        if who == self.control.name:
            self.run_worker(
                self.asked(
                    self.control.submit(Unclaim(what=what)), _("{name}: the script answers again.").format(name=name)
                )
            )
        elif who:
            self.sure(
                _("{who} has taken {name} in hand").format(who=who, name=name),
                _("Two who answer for one body contradict each other. Take it over?"),
                lambda: self.control.submit(claim),
                yes=_("Take it over"),
                no=_("Leave it"),
                done=_("{name} is in your hand.").format(name=name),
            )
        else:
            self.run_worker(self.asked(self.control.submit(claim), _("{name} is in your hand.").format(name=name)))


_FIXED: Mapping[str, str] = Told({"all": "All", "open": "Open", "late": "Late", "control": "Control’s"})


class BoardRequestScreen(_Answering[None]):
    """One request with all it says and its course, as it changes."""

    TITLE_WORDS = N_("one request between others")
    HELP = N_("""
This is **one request** with all it says, and its course so far. Between two teams you only read it: to move
something, write to a team (Messages), or write an inject.

Where one end is a body that control plays, **a** takes it in hand and answers under that body's name; **g** gives it
back to the script. **l** opens the text that it rests on.
""")
    BINDINGS = [
        Binding("a", "answer", "Answer as", tooltip="Take it in hand and answer for the body that control plays"),
        Binding("g", "give_back", "Give back", tooltip="Let the script answer again"),
        Binding("l", "clause", "Clause", tooltip="Read the text that it rests on"),
    ]
    DEFAULT_CSS = """
    BoardRequestScreen #stands { height: auto; padding: 0 2; }
    BoardRequestScreen #says { width: 1fr; height: 1fr; }
    BoardRequestScreen #course { width: 50; height: 1fr; display: none; }
    BoardRequestScreen.-wide #course, BoardRequestScreen.-very-wide #course { display: block; }
    """

    def __init__(self, control: Control, number: int) -> None:
        super().__init__(control)
        self._number = number

    def page(self) -> ComposeResult:
        yield Static(id="stands", markup=False)
        with Horizontal():
            yield ProseView(id="says", classes="panel")
            yield ProseView(id="course", classes="panel")

    def on_mount(self) -> None:
        self.query_one("#course").border_title = _("Its course")
        self.start_at(self.query_one("#says"))

    def on_resize(self, event: Resize) -> None:
        """Its course beside it where there is room, else below it."""
        self.call_after_refresh(self.refresh_page)

    @property
    def request(self) -> RequestView | None:
        """As it is now; numbers of control's board are never given twice."""
        return next((r for r in self.control.view().requests if r.number == self._number), None)

    def refresh_page(self) -> None:
        request, view = self.request, self.control.view()
        if request is None:
            return  # After going back to an earlier moment it was never sent.
        turn, claim = turn_of(request), self.claim_text(request)
        line = safe(
            _("{turn}’s turn. ").format(turn=turn)
            if turn
            else _("It is over. ")
            if request.over
            else _("On its way. "),
            "bold",
        )
        self.query_one("#stands", Static).update(line + (safe(claim) if claim else Content("")))
        tell = request_text if self.has_class("-narrow") else request_says
        says = self.query_one("#says", ProseView)
        says.show(tell(request, self.control.reference, view.clock.exercise, for_all=True), keep_place=True)
        says.border_title = safe(_("Request {number} · {other}").format(number=request.number, other=request.other))
        self.query_one("#course", ProseView).show(request_course(request, for_all=True), keep_place=True)

    def hint(self) -> str:
        if self.actor is not None and self.request is not None and not self.request.over:
            return _("a: answer for {actor}. l: the text it rests on. esc goes back.").format(actor=self.actor[1])
        return _("arrows scroll · l: the text it rests on · esc goes back")

    def action_clause(self) -> None:
        from exercise.tui.screens.commitments import CommitmentsScreen

        request = self.request
        if request is None:
            return
        named = request.basis or (request.form.basis if request.form is not None else ())
        at = next((id for id in named if id in self.control.reference.commitments), None)
        if at is None:
            self.say(_("It rests on no text that the program knows."))
        else:
            self.app.push_screen(CommitmentsScreen(self.control.reference, at=at))
