"""A hosted exercise by lines: exercise control paces it, so one waits for news instead of stepping."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

from exercise.core.views import CurtainView, ParticipantView
from exercise.errors import CommandRejected, ExerciseError, UsageError
from exercise.language import _
from exercise.plain import news
from exercise.plain.forms import Cancelled, Lines, pick
from exercise.plain.grammar import Command
from exercise.plain.play import Game, Quit
from exercise.plain.words import one_line
from exercise.session.client import Hosted, Table
from exercise.session.closed import closed_words, is_closed
from exercise.session.sheets import DRAFT

__all__ = ["HostedGame", "hosted_game"]

LONGEST_WAIT = 600
"""Seconds after which one is asked again what to do, where nothing came."""
_LEAVING = ("quit", "q", "exit", "bye", "0")
_HEAD, _GROUP = 16, 4
"""Signs of the head that are told, in groups that can be read aloud."""


def hosted_game(table: Table, lines: Lines, runner: asyncio.Runner, piped: bool) -> HostedGame:
    """The game of whoever came in by a door; asks for a place first where the code leaves a choice."""
    hosted = table.hosted
    assert hosted is not None
    if table.looks_on:
        raise UsageError(_("Looking on needs a screen; open this code without --plain."))
    while not hosted.seat:
        _choose_place(hosted, lines, runner)
    return HostedGame(table, hosted, lines, runner, piped)


def _choose_place(hosted: Hosted, lines: Lines, runner: asyncio.Runner) -> None:
    """Lists the places and sits down; one that is taken means reading along."""
    places = hosted.places
    if not places:
        raise UsageError(_("There is no place to choose; ask exercise control to seat you."))
    lines.say(_("Your places:"))
    for number, (_unused, name, who) in enumerate(places, 1):
        taken = _("{who} sits here; you would read along").format(who=who) if who else "free"
        lines.say(f"{number}. {one_line(name)}: {one_line(taken)}")
    try:
        number = pick(lines, _("Number of your place"), len(places), "")
        runner.run(hosted.take_place(places[number - 1][0]))
    except Cancelled:
        lines.say(_("A place has to be chosen first."))
    except CommandRejected as refused:
        lines.say(refused.text)


class HostedGame(Game):
    """Says what the hub says: the link, the curtain, another seat, the page of the hot wash."""

    ONWARD = "wait"

    def __init__(self, table: Table, hosted: Hosted, lines: Lines, runner: asyncio.Runner, piped: bool) -> None:
        self._hosted = hosted
        self._told: tuple[str, bool, CurtainView | None] = ("", True, None)
        self._shut = False
        """Whether the exercise was closed after ENDEX."""
        self._session = table.session_id
        self._washed, self._fetching, self._shown_page = False, False, ""
        self._asked = ""
        """The prompt that was shown last for a command."""
        super().__init__(table, lines, runner, piped)
        if not piped:
            lines.meanwhile(self._hear)

    @property
    def _view(self) -> ParticipantView:
        """As the seat sees it; of a seat that control has just taken away, what was seen last."""
        if self._team in dict(self._table.seats):
            self._last = self._table.client(self._team).view()
        return self._last

    # --- what may be typed ---

    def turn(self) -> None:
        """One prompt, or behind the curtain the wait for it to lift."""
        self._follow()
        if not self._covered():
            super().turn()
            return
        self._announce()
        if not self._covered():
            return
        line = self._lines.line(_("Exercise control has the room; a blank line waits, 'quit' leaves")).casefold()
        if line in _LEAVING:
            raise Quit
        if not line or line.startswith("wait"):
            self._wait(line.removeprefix("wait"))
        else:
            self._lines.say(_("Nothing is taken while exercise control has the room."))

    def _play_commands(self) -> tuple[Command, ...]:
        place = Command("place", _("choose another place in your team"), self._place, aliases=("seat", "places"))
        return (
            Command(
                "wait", _("wait for news (or a blank line)"), self._wait, "n", _("wait [SECONDS]"), ("next", "news")
            ),
            *self._desk.acting(),
            *((place,) if self._hosted.places else ()),
            *self._common(),
        )

    def _next(self, rest: str) -> None:
        if self._ended and self._washed:
            super()._next(rest)
        else:
            self._wait(rest)

    def _place(self, rest: str) -> None:
        _choose_place(self._hosted, self._lines, self._runner)
        self._announce()

    def _help(self, rest: str) -> None:
        super()._help(rest)
        self._lines.say(_("Exercise control paces this exercise: a blank line waits for news instead of moving it on."))
        if not self._piped:
            self._lines.say(
                _("What presses is said at once. A line you had begun still counts then; Ctrl-R shows it again.")
            )

    def kept(self, why: str) -> None:
        """The last lines: nothing is lost, and how to come back."""
        self._lines.say(_("{why} Your seat and what you have sent are kept by exercise control.").format(why=why))
        self._lines.say(_("To go on: join again with the same code and the same name."))
        try:
            self._do(self._hosted.leave())
        except ExerciseError as error:
            self._lines.say(str(error))

    # --- what the hub says ---

    def _wait(self, rest: str) -> None:
        """Until there is news, or for so many seconds; Ctrl-C stops the waiting and nothing else."""
        seconds = int(rest.strip()[:6]) if rest.strip()[:6].isdecimal() else LONGEST_WAIT
        until = time.monotonic() + min(seconds, LONGEST_WAIT)
        stirred = threading.Event()
        stops = [self._hosted.subscribe(stirred.set), self._table.subscribe(stirred.set)]
        try:
            while not self._announce():
                left = until - time.monotonic()
                if left <= 0:
                    self._lines.say(_("Nothing new has come."))
                    break
                stirred.wait(left)
                stirred.clear()
        except KeyboardInterrupt:
            self._lines.say(_("You have stopped waiting."))
        finally:
            for stop in stops:
                stop()
        self._menu()

    def _prompt(self) -> str:
        self._asked = super()._prompt()
        return self._asked

    def _hear(self, prompt: str) -> None:
        """Says what should not wait until Enter is pressed, and asks again what is being answered."""
        if self._session != self._table.session_id or self._hosted.seat != self._team:
            return  # One is taken along, and told so, once the line is in.
        view, seen = self._view, self._seen.get(self._team)
        linked, ended = self._link_stirred(), self._ended and seen is not None and seen.clock.phase != "ended"
        if not linked and not (ended or news.pressing(seen, view)):
            return
        self._lines.show([""])
        self._link()
        if ended:
            self._lines.say(
                _("ENDEX. Nothing more is taken: leave a question with 'cancel'; a blank line opens the hot wash.")
            )
        super()._announce()
        if prompt == f"{one_line(self._asked)}: ":
            prompt = f"{one_line(self._prompt())}: "
        print(prompt, end="", flush=True)

    def _announce(self) -> bool:
        """As at one terminal, and what the hub has to say."""
        said = self._follow()
        said = self._link() or said
        said = super()._announce() or said
        return self._hot_wash() or said

    def _follow(self) -> bool:
        """Goes where one sits now, and along to an earlier moment."""
        if self._session != self._table.session_id:
            self._session = self._table.session_id
            self._seen.clear()
            self._washed = self._fetching = False
            self._lines.say(_("Exercise control has gone back to an earlier moment; you are taken along."))
        elif self._hosted.seat == self._team:
            return False
        while not self._hosted.seat:
            self._lines.say(_("Exercise control asks you to choose a place anew."))
            _choose_place(self._hosted, self._lines, self._runner)
        if self._hosted.seat != self._team:
            self._here = {seat: one_line(name) for seat, name in self._table.seats}
            self._team = self._hosted.seat
            self._lines.say(
                _("You sit at another place now: {get}.").format(get=self._here.get(self._team, self._team))
            )
        self._desk.client = self._table.client(self._team)
        self._review.team = self._team.partition("/")[0]
        return True

    def _covered(self) -> bool:
        return self._curtain is not None

    @property
    def _curtain(self) -> CurtainView | None:
        return self._view.curtain

    def _link_stirred(self) -> bool:
        """Whether the link, reading along or the curtain changed by more than the words for the same trouble."""
        trouble, acting, curtain = self._told
        now = self._hosted.trouble
        shut = not self._shut and is_closed(now, ended=bool(self._hosted.head))
        return shut or (bool(trouble), acting, curtain) != (bool(now), self._hosted.acting, self._curtain)

    def _link(self) -> bool:
        """Trouble, reading along and the curtain, each once when it changes."""
        before, now = self._told, (self._hosted.trouble, self._hosted.acting, self._curtain)
        if now == before:
            return False
        self._told = now
        say = self._lines.say
        if now[0] != before[0] and not (self._shut and now[0]):
            # A link that is tried again has another word for it; once closed, it stays so until the hub is back.
            self._shut = is_closed(now[0], ended=bool(self._hosted.head))
            lost = _(closed_words(self._hosted.kept(DRAFT))) if self._shut else f"NOT CONNECTED: {one_line(now[0])}"
            say(lost if now[0] else _("Connected again; nothing was lost."))
        if now[1] != before[1]:
            along = _("You read along: somebody else acts for this seat until exercise control settles it.")
            say(_("You act for this seat now.") if now[1] else along)
        if now[2] != before[2]:
            self._say_curtain(now[2], say)
        return True

    def _say_curtain(self, curtain: CurtainView | None, say: Callable[[str], None]) -> None:
        if curtain is None:
            say(_("The screens are open again; go on where you were."))
        elif curtain.kind == "no-duff":
            say(_("REAL WORLD – NO DUFF. This is not part of the exercise. Stop playing now."))
            say(one_line(curtain.text))
            say(_("Look to the facilitator, and do as they say. The exercise stands still."))
        else:
            say(_("Please look up: exercise control has the room. {text}").format(text=one_line(curtain.text)))

    def _hot_wash(self) -> bool:
        """Opens it once the hub has sent it, and turns to the page that control shows."""
        if not self._ended:
            return False
        client = self._table.client(self._team)
        if not self._washed:
            if client.assessment() is None or client.hot_wash() is None:
                was, self._fetching = self._fetching, True
                if not was:
                    self._lines.say(_("ENDEX. The hot wash is being fetched; a blank line waits for it."))
                return not was
            self._washed = True
            if head := "".join(sign for sign in self._hosted.head if sign.isalnum())[:_HEAD]:
                groups = " ".join(head[at : at + _GROUP] for at in range(0, len(head), _GROUP))
                self._lines.say(_("Head of the log, the same on every screen: {groups}").format(groups=groups))
            self._open_hot_wash()
            return True
        page = self._view.page
        if page == self._shown_page:
            return False
        self._shown_page = page
        review = self._review
        pages: dict[str, Callable[[str], None]] = {
            "scorecard": review.scorecard,
            "indicators": review.course,
            "facts": review.facts,
            "decisions": review.outcomes,
            "questions": review.questions,
            "requests": review.requests,
            "survey": lambda rest: self._lines.say(_("Type 'survey' to say what you made of it, without your name.")),
        }
        if page in pages:
            self._lines.say(_("Exercise control has turned to: {page}.").format(page=page))
            pages[page]("")
        return page in pages
