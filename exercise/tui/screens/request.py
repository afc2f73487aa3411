"""One request: all that it says, what became of it, and what the team can do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.events import Resize

from exercise.core.requests.commands import AcknowledgeRequest, TakeConditions, WithdrawRequest
from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.tui.request_draft import AnswerDraft, draft_for
from exercise.tui.screens.lookup import LookupScreen
from exercise.tui.screens.request_form import show_clause
from exercise.tui.widgets.prose import ProseView
from exercise.tui.widgets.request_words import (
    handling_text,
    request_course,
    request_says,
    request_text,
    status_text,
)
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.words import plain
from exercise.tui.widgets.writing import forget_line

if TYPE_CHECKING:
    from exercise.core.commands import Command
    from exercise.core.requests.views import RequestView
    from exercise.session.client import Client

__all__ = ["RequestScreen"]


class RequestScreen(LookupScreen):
    """Opening an incoming request acknowledges it, once and without a word."""

    TITLE_WORDS = N_("a request")
    HELP = N_("""
This is **one request** with all it says. What the kind demands and was not said stands as **✕ missing**.

Addressed to you, you can **answer** it: accept it, accept a part, accept it under conditions, refuse it with a ground,
or **ask back** for what is missing. What you accepted, you **carry out** later, when you can.

Sent by you, you can **mend** it where something is missing, accept or decline the conditions of an answer, or take it
back as long as it is not agreed to.

**l** opens the text that it rests on.
""")
    BINDINGS = [
        Binding("a", "answer", "Answer", tooltip="Accept, accept in part or under conditions, refuse, ask back"),
        Binding("b", "ask_back", "Ask back", tooltip="Name what is missing, and ask for it"),
        Binding("m", "mend", "Mend", tooltip="Supply what was missing"),
        Binding("y", "take(True)", "Accept conditions", tooltip="Accept the conditions; they bind you from then on"),
        Binding("x", "take(False)", "Decline", tooltip="Decline the conditions; nothing is handed over"),
        Binding("f", "fulfil", "Carry out", tooltip="Do what you accepted, and hand over what there is"),
        Binding("l,f2", "clause", "Clause", key_display="l", tooltip="Read the text that it rests on"),
        Binding("k", "withdraw", "Take back", tooltip="Take the request back"),
    ]
    DEFAULT_CSS = """
    RequestScreen #request { height: 1fr; width: 1fr; }
    RequestScreen #course { height: 1fr; width: 48; display: none; }
    RequestScreen.-wide #course, RequestScreen.-very-wide #course { display: block; }
    """

    def __init__(self, client: Client, number: int, *, live: bool, now: Callable[[], float]) -> None:
        super().__init__(client, live=live, now=now)
        self._number = number
        self._last: RequestView | None = None
        self.about = f"request:{number}"

    @property
    def request(self) -> RequestView:
        """The request as it is now; numbers of a board are never given twice.

        After control went back behind it, it stays what it was until the screens have followed.
        """
        found = next((it for it in self._client.view().requests if it.number == self._number), self._last)
        assert found is not None, "the screen is opened for a request on the board"
        self._last = found
        return found

    def looked_up(self) -> ComposeResult:
        with Horizontal():
            yield ProseView(id="request", classes="panel")
            yield ProseView(id="course", classes="panel")

    def on_mount(self) -> None:
        self.follow(self._client.subscribe)
        self._show()
        self.query_one("#request").focus()
        self.run_worker(self._acknowledge(), exclusive=True)

    def look_again(self) -> None:
        self._show()

    def on_resize(self, event: Resize) -> None:
        """Its course beside it where there is room, else below it."""
        self.call_after_refresh(self._show)

    async def _acknowledge(self) -> None:
        if "acknowledge" not in self.request.may:
            return
        command = AcknowledgeRequest(seat=self._client.seat, play=self._play, request=self._number)
        try:
            await self._client.submit(command)
        except ExerciseError:
            # Reading is always possible, also in a plenary, where nothing is acknowledged.
            return
        self._show()

    @property
    def _play(self) -> int:
        return self._client.view().clock.play

    def _show(self) -> None:
        view, request = self._client.view(), self.request
        pane = self.query_one("#request", ProseView)
        reference, now, apart = self._client.reference, view.clock.exercise, not self.has_class("-narrow")
        tell = request_says if apart else request_text
        pane.show(tell(request, reference, now), keep_place=True)
        course = self.query_one("#course", ProseView)
        course.show(request_course(request), keep_place=True)
        course.border_title = _("Its course")
        pane.border_title = _("Request {number}, {it}").format(
            number=request.number, it=_("came in") if request.incoming else _("sent by you")
        )
        self.show_time()
        self.refresh_hint()
        self.refresh_bindings()

    def hint(self) -> str:
        request = self.request
        if "answer" in request.may:
            back = _("b: ask back for what is missing. ") if request.content else ""
            return _("a: answer it. {back}l: read what it rests on.").format(back=back)
        if "take-conditions" in request.may:
            return _("Read the conditions. y accepts them and binds you, x declines. esc goes back.")
        if "fulfil" in request.may:
            return _("f: carry out what you accepted. esc goes back.")
        if request.not_ready:
            return _("It cannot be carried out yet: {not_ready}").format(not_ready=request.not_ready)
        if "mend" in request.may:
            return _("m: supply what is missing. k: take it back. esc goes back.")
        if request.over:
            return _("It is over: {status_text}. esc goes back.").format(status_text=status_text(request))
        if self._client.view().clock.phase == "plenary":
            return _("Requests rest in a plenary; they go on with the next move. esc goes back.")
        if request.incoming and request.status == "sent":
            if request.arrives is None:
                return _("It is on its way, and is answered once it has arrived. esc goes back.")
            arrives = exercise_time(request.arrives)
            return _("It is on its way: it arrives at {arrives}, and is answered then. esc goes back.").format(
                arrives=arrives
            )
        return _("It waits for the other side. esc goes back.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        request = self.request
        may = request.may if self._client.view().clock.phase == "move" else ()
        match action:
            case "answer":
                return "answer" in may
            case "ask_back":
                return "answer" in may and bool(request.content)
            case "mend" | "withdraw":
                return action in may
            case "take":
                return "take-conditions" in may
            case "fulfil":
                return "fulfil" in may or bool(request.not_ready)
        return True

    # What can be done

    def action_answer(self) -> None:
        from exercise.tui.screens.answering import AnswerRequestScreen

        screen = AnswerRequestScreen(self._client, self.request, live=self._live, now=self._now)
        self.app.push_screen(screen, self._done)

    def action_ask_back(self) -> None:
        draft = draft_for(self.program, self._client.view().team, f"answer:{self._number}", AnswerDraft)
        draft.answer = "ask-back"
        self.action_answer()

    def action_mend(self) -> None:
        from exercise.tui.screens.mending import MendScreen

        self.app.push_screen(MendScreen(self._client, self.request, live=self._live, now=self._now), self._done)

    def action_fulfil(self) -> None:
        from exercise.tui.screens.fulfilling import FulfilScreen

        if self.request.not_ready:
            self.say(_("Not yet: {not_ready}").format(not_ready=self.request.not_ready), wrong=True)
            return
        self.app.push_screen(FulfilScreen(self._client, self.request, live=self._live, now=self._now), self._done)

    def action_take(self, accept: bool) -> None:
        from exercise.tui.screens.confirm import AskScreen, ConfirmScreen

        request = self.request
        conditions = request.handling if request.shape == "gives" else request.conditions
        bound = handling_text(conditions, mine=True)

        def take(accepted: bool, words: str = "") -> None:
            command = TakeConditions(
                seat=self._client.seat,
                play=self._play,
                request=request.number,
                revision=request.revision,
                accept=accepted,
                text=words,
            )
            said = _("Accepted. The conditions bind you.") if accepted else _("Declined. Nothing was handed over.")
            self.run_worker(self._ask(command, said), exclusive=True)

        if accept:
            question = ConfirmScreen(
                _("Accept these conditions?"), f"**{plain(bound)}**", yes=_("Accept"), no=_("Go back")
            )
            self.app.push_screen(question, lambda yes: take(True) if yes else None)
        else:
            text = _("Nothing is handed over then. Say why, if you like.")
            keep = (self._client.seat, f"+decline:{self._number}")
            ask = AskScreen(_("Decline the conditions?"), text, keep=keep)
            self.app.push_screen(ask, lambda words: take(False, words) if words is not None else None)

    def action_withdraw(self) -> None:
        from exercise.tui.screens.confirm import AskScreen

        def written(words: str | None) -> None:
            if words is not None:
                command = WithdrawRequest(
                    seat=self._client.seat, play=self._play, request=self._number, text=words[:4000]
                )
                self.run_worker(self._ask(command, _("Taken back.")), exclusive=True)

        text = _("The other side sees that it was taken back. Say why, if you like.")
        keep = (self._client.seat, f"+withdraw:{self._number}")
        self.app.push_screen(AskScreen(_("Take this request back?"), text, keep=keep), written)

    def action_clause(self) -> None:
        request = self.request
        basis = request.basis or (request.form.basis if request.form is not None else ())
        show_clause(self, self._client, basis[0] if basis else None)

    async def _ask(self, command: Command, said: str) -> None:
        try:
            await self._client.submit(command)
        except ExerciseError as error:
            self._show()
            self.say(str(error), wrong=True)
        else:
            for what in ("decline", "withdraw"):
                forget_line(self.program, self._client.seat, f"+{what}:{self._number}")
            # After the change itself has been shown, so that this line stays.
            self.call_later(self.say, said)

    def _done(self, said: str | None) -> None:
        self._show()
        if said:
            self.call_later(self.say, said)
