"""The whole exercise at a prompt: read, decide, hand over, let the story go on, and the hot wash at its end.

A scripted pipe can play it: one command a line, answers to questions a line each, a blank line for `next`. Where the
input ends, the game is kept.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from exercise.core.passing import passing
from exercise.core.views import ParticipantView
from exercise.errors import CommandRejected, UsageError
from exercise.language import N_, _
from exercise.plain import news, pages, request_pages, waiting
from exercise.plain.desk import Desk
from exercise.plain.forms import Cancelled, Lines, while_ticking, yes_or_no
from exercise.plain.grammar import Command, Commands, NotUnderstood
from exercise.plain.handing import handing
from exercise.plain.own_numbers import own_numbers
from exercise.plain.requests import GRAMMAR as OF_REQUESTS
from exercise.plain.review import NOT_YET, Review, find_team
from exercise.plain.survey import survey_commands
from exercise.plain.words import WIDTH, field, heading, joined, one_line, place
from exercise.session.client import Table
from exercise.session.surveying import survey_of

GRAMMAR = (
    N_("One command a line, by its word, by its first letter (shown in brackets), or by its number in the menu."),
    N_("A blank line is 'next'. Capitals and extra blanks do not matter: 'Read 3', 'read3' and 'r 3' are the same."),
    N_(
        "'choose 1 b' answers decision 1 with option B and then asks, a line each: your reason; what it relies on, "
        "as words to search or ids such as se-p7, until a blank line; what it sets aside, in the same way, each with "
        "why and how you keep it small; five safeguards where the option uses a power; and 'yes' to send it."
    ),
    N_(
        "Where several clauses are found you are asked for their numbers. 'choose 1 own' asks for your own words and "
        "for the letter of the nearest option before the reason."
    ),
    N_("'lapse yes' goes on without asking where another team here may lose a decision or a request by it."),
    *OF_REQUESTS,
    N_("At any question 'cancel', 'back' or a full stop leaves it with nothing sent and '?' explains it."),
    N_("Where the input ends, or after 'quit', the game is kept and can be resumed."),
)
"""How to write a script for a pipe, as the help prints it."""

_OUT_OF_SIGHT = 60
"""Blank lines before the next team looks, where somebody sits at a terminal."""


class Quit(Exception):
    """Somebody wants to stop."""


def play(
    table: Table,
    read: Callable[[str], str],
    write: Callable[[str], None],
    width: int = WIDTH,
    *,
    piped: bool | None = None,
) -> int:
    """Plays an exercise by lines until `quit`, the end of the input or a Ctrl-C, and returns the exit code.

    `read` takes a prompt and returns a line, raising EOFError at the end; `write` takes one line without its end.
    `piped` leaves out the wait at a hand-over; unless told, it is so where the standard input is no terminal. Not to
    be called from inside a running event loop.
    """
    if (desk := getattr(table, "desk", None)) is not None:
        from exercise.plain.hosted_evaluation import evaluate_at_hub

        evaluate_at_hub(desk, read, write, width)
        return 0
    with asyncio.Runner() as runner:
        piped = not sys.stdin.isatty() if piped is None else piped
        if table.hosted is not None:
            from exercise.plain.hosted import hosted_game

            game: Game = hosted_game(table, Lines(read, write, width), runner, piped)
        else:
            if table.live:
                read = while_ticking(read, lambda _prompt: runner.run(table.tick()))
            game = Game(table, Lines(read, write, width), runner, piped)
        try:
            game.open()
            while True:
                game.turn()
        except EOFError:
            write("")
            game.kept(_("The input has ended."))
        except (KeyboardInterrupt, Quit) as stopped:
            if isinstance(stopped, KeyboardInterrupt):
                write("")
            game.kept(_("You have stopped."))
    return 0


class Game:
    """One run of the line mode: who sits at the terminal, and what each team has been told."""

    ONWARD = "next"
    """The command that a blank line stands for while the exercise runs."""

    def __init__(self, table: Table, lines: Lines, runner: asyncio.Runner, piped: bool) -> None:
        self._table = table
        self._lines = lines
        self._runner = runner
        self._piped = piped
        self._here = {} if table.looks_on else {seat: one_line(name) for seat, name in table.seats}
        if not self._here:
            raise UsageError(_("No team is played by people here; 'exercise simulate' plays without them."))
        self._team = next(iter(self._here))
        self._seen: dict[str, ParticipantView] = {}
        self._elsewhere = ""
        self._menu_on = True
        self._page = 0
        self._resumed = self._view.clock.phase != "briefing"
        names = {team: one_line(name) for team, name, _unused in table.teams}
        client = table.client(self._team)
        team = self._team.partition("/")[0]
        self._review = Review(
            lines,
            client.reference,
            names,
            team,
            client.assessment,
            client.hot_wash,
            lambda wash: own_numbers(wash, self._view),
        )
        self._desk = Desk(
            lines, client, lambda command: self._do(self._desk.client.submit(command)), self._answered, names
        )
        self._playing = Commands(self._play_commands())
        self._washing = Commands(self._wash_commands())

    @property
    def _view(self) -> ParticipantView:
        return self._table.client(self._team).view()

    @property
    def _ended(self) -> bool:
        return self._view.clock.phase == "ended"

    @property
    def _commands(self) -> Commands:
        return self._washing if self._ended else self._playing

    def open(self) -> None:
        """The first page."""
        self._lines.show(heading(self._table.title, self._lines.width))
        self._lines.say(_("Type a command and press Enter. 'help' lists all of them, 'menu' numbers them."))
        if len(self._here) > 1:
            self._lines.say(_(handing(self._here).opening).format(joined=joined(self._here.values())))
            self._hand_over()
        self._sit_down()
        self._menu()

    def turn(self) -> None:
        """One prompt and what it leads to."""
        if self._table.live:
            self._do(self._table.tick())
        self._announce()
        line = self._lines.line(self._prompt())
        try:
            if not line:
                self._next("")
                return
            command, rest = self._commands.find(line)
            command.run(rest)
        except NotUnderstood as error:
            self._lines.say(self._out_of_place(line) or str(error))
        except Cancelled:
            self._lines.say(_("Left; nothing was sent."))
        except CommandRejected as error:
            self._lines.say(error.text)

    def _out_of_place(self, line: str) -> str:
        """What to say to a command of the other half of the exercise."""
        if line[:1].isdigit():
            return ""
        try:
            (self._playing if self._ended else self._washing).find(line)
        except NotUnderstood:
            return ""
        return _("The exercise has ended; 'help' lists what there is now.") if self._ended else _(NOT_YET)

    def kept(self, why: str) -> None:
        """The last lines: that nothing is lost, and how to go on."""
        session = one_line(self._table.session_id)
        self._lines.say(_("{why} The game is kept as {session}.").format(why=why, session=session))
        verb = _("look at it again") if self._ended else _("go on")
        self._lines.say(_("To {verb}: exercise play --resume {session} --plain").format(verb=verb, session=session))

    # --- what may be typed ---

    def _play_commands(self) -> tuple[Command, ...]:
        live = (
            Command("pause", _("stop the clock"), lambda rest: self._do(self._table.pause())),
            Command("resume", _("start the clock again"), lambda rest: self._do(self._table.resume())),
        )
        return (
            Command(
                "next", _("let the story go on (or a blank line)"), self._next, "n", aliases=("step", "go", "start")
            ),
            *self._desk.acting(),
            Command("lapse", _("go on and let open windows run out"), self._lapse, "l", _("lapse [yes]")),
            *(live if self._table.live else ()),
            Command("endex", _("end the exercise now"), self._end, usage=_("endex [yes]")),
            *self._common(),
        )

    def _wash_commands(self) -> tuple[Command, ...]:
        return (
            Command("next", _("the next page of the hot wash (or a blank line)"), self._next, "n"),
            *self._review.commands(),
            *survey_commands(survey_of(self._table), self._lines, self._do),
            *self._desk.after(),
            *self._common(),
        )

    def _common(self) -> tuple[Command, ...]:
        told = handing(self._here)
        hand_over = Command("pass", _(told.does), self._pass, "", _(told.usage), ("hand",))
        return (
            *self._desk.always(),
            *((hand_over,) if len(self._here) > 1 else ()),
            Command("menu", _("what may be typed, numbered"), self._show_menu, "m", _("menu [on or off]")),
            Command("help", _("every command, and how to write a script"), self._help, "h"),
            Command("quit", _("stop; the game is kept"), self._quit, "q", aliases=("exit", "bye")),
        )

    # --- the story goes on ---

    def _next(self, rest: str) -> None:
        phase = self._view.clock.phase
        if phase == "ended":
            self._turn_page()
        elif phase == "briefing":
            self._do(self._table.start())
            self._lines.say("STARTEX.")
            self._stepped(_("Nothing has come yet."))
        else:
            if not self._may_pass(rest):
                return
            try:
                self._stepped(self._do(self._table.step()))
            except CommandRejected as error:
                if error.code not in ("decisions-open", "requests-open"):
                    raise
                self._announce()
                why = waiting.unanswered if error.code == "decisions-open" else waiting.overdue
                self._lines.show(why(self._view, self._others(), self._lines.width))

    def _may_pass(self, rest: str) -> bool:
        """Asks before a step takes much of the time to decide or to read; a script has nobody to ask."""
        if self._piped or yes_or_no(rest):
            return True
        ahead = self._table.ahead()
        mine = passing(self._view, ahead)
        others = [name for name, view in self._others().items() if passing(view, ahead)]
        if mine:
            self._lines.say(mine)
        if others:
            self._lines.say(_("{joined}: time to decide or to read goes by as well.").format(joined=joined(others)))
        return not (mine or others) or self._lines.agreed(_("Go on"))

    def _lapse(self, rest: str) -> None:
        losing = [name for name, view in self._others().items() if waiting.may_lose(view)]
        if (
            losing
            and not yes_or_no(rest)
            and not self._lines.agreed(
                _("{joined} may lose a decision or a request by this. Go on").format(joined=joined(losing))
            )
        ):
            return
        if self._view.clock.phase in ("briefing", "ended"):
            self._next("")
        else:
            self._stepped(self._do(self._table.let_lapse()))

    def _end(self, rest: str) -> None:
        if yes_or_no(rest) or self._lines.agreed(_("End the exercise now; it takes no more play afterwards")):
            self._do(self._table.end())
            self._stepped("ENDEX.")

    def _stepped(self, line: str) -> None:
        """Says what came: the news for the team here, and the table's own line only where there is none."""
        if not self._announce() or self._ended:
            self._lines.say(line)
        if self._ended:
            self._open_hot_wash()
        self._menu()

    def _answered(self) -> None:
        self._announce()
        self._menu()

    def _others(self) -> dict[str, ParticipantView]:
        """The views of the other teams at this terminal, by name; only that something waits is ever said of them."""
        return {name: self._table.client(team).view() for team, name in self._here.items() if team != self._team}

    def _announce(self) -> bool:
        """Tells the team at the terminal what is new for it, and of the others only that something waits."""
        view = self._view
        fresh = tuple(news.headlines(self._seen.get(self._team), view, self._lines.width))
        self._lines.show(fresh)
        self._seen[self._team] = view
        elsewhere = "; ".join(
            _("{name} has {joined}").format(name=name, joined=joined(waiting.all_of(other)))
            for name, other in self._others().items()
            if waiting.all_of(other)
        )
        if elsewhere != self._elsewhere and not self._ended:
            self._lines.show(field(_("Elsewhere at this terminal"), elsewhere or _("nothing waits"), self._lines.width))
        self._elsewhere = elsewhere
        return bool(fresh)

    # --- handing over ---

    def _pass(self, rest: str) -> None:
        others = {team: name for team, name in self._here.items() if team != self._team}
        if rest[:1].isdigit() and find_team(others, rest) is None:
            self._desk.requests.forward(rest)
            return
        if len(others) == 1 and not rest:
            team = next(iter(others))
        else:
            found = find_team(
                others, rest or self._lines.ask(_("To whom ({joined})").format(joined=joined(others.values())))
            )
            if found is None:
                self._lines.say(_("Hand over to {joined}.").format(joined=joined(others.values())))
                return
            team = found
        self._desk.drafts.lay_down()
        self._team, self._elsewhere = team, ""
        self._review.team = team
        self._desk.client = self._table.client(team)
        self._hand_over()
        self._sit_down()
        self._menu()

    def _hand_over(self) -> None:
        if not self._piped:
            self._lines.show([""] * _OUT_OF_SIGHT)
        name = self._here[self._team]
        self._lines.say(_(handing(self._here).goes).format(name=name))
        if not self._piped:
            self._lines.line(_("{name}, press Enter when only you can see it").format(name=name))

    def _sit_down(self) -> None:
        """What a team hears on taking the terminal: all of it the first time, then what came since."""
        view, width = self._view, self._lines.width
        if self._team in self._seen:
            self._announce()
        else:
            if not self._resumed:
                self._lines.show(pages.briefing(view, width))
            self._lines.show(pages.phase(view, width))
            self._seen[self._team] = view
            self._announce()
        if view.open_decisions:
            self._lines.show(pages.decisions(view, width))
        if view.waiting_requests:
            self._lines.show(request_pages.board(view, width))
        if self._resumed and view.clock.phase == "ended":
            self._review.scorecard("")

    # --- the hot wash ---

    def _open_hot_wash(self) -> None:
        self._review.scorecard("")
        for team in dict.fromkeys(seat.partition("/")[0] for seat in self._here):
            self._review.scorecard(team)
        self._review.team = self._team.partition("/")[0]
        self._page = 0
        self._lines.say(_("A blank line turns to the next page of the hot wash."))

    def _turn_page(self) -> None:
        wash = self._review
        opened = self._table.client(self._team).hot_wash()
        exchange = (wash.requests, wash.timeline) if opened and opened.requests else ()
        turned = (wash.facts, wash.course, wash.outcomes, *exchange, wash.questions)
        if self._page < len(turned):
            turned[self._page]("")
        else:
            self._lines.say(_("That was the last page. 'scorecard', 'marks' and 'facts' show it again; 'quit' leaves."))
        self._page += 1

    # --- help and the end ---

    def _menu(self) -> None:
        if not self._menu_on:
            return
        view = self._view
        if self._ended:
            names = ["next", "scorecard", "marks", "facts", "course", "questions", "survey", "help", "quit"]
        else:
            names = [self.ONWARD, "situation", "help", "quit"]
            names += ["read"] if view.unread else []
            names += ["choose"] if view.open_decisions else []
            names += ["past"] if view.to_come_back_to else []
            names += ["requests"] if view.requests else []
            names += ["ask"] if view.kinds and view.clock.phase == "move" else []
            names += ["pass"] if self._elsewhere or view.clock.phase == "briefing" else []
            names += ["briefing"] if view.clock.phase == "briefing" else ["inbox"]
        notes = {"read": f" ({waiting.unread(view)})", "choose": f" ({waiting.to_decide(view)})"}
        notes |= {"requests": f" ({waiting.asked(view)})"} if view.waiting_requests else {}
        notes |= {"past": f" ({waiting.to_come_back_to(view)})"} if view.to_come_back_to else {}
        self._lines.show([""])
        self._lines.say(_("What now? A word, a number, or a blank line for {names}.").format(names=names[0]))
        self._lines.show(self._commands.menu(self._lines.width, names, notes))

    def _show_menu(self, rest: str) -> None:
        if rest.casefold() in ("on", "off"):
            self._menu_on = rest.casefold() == "on"
            self._lines.say(_("The menu after each step is {casefold}.").format(casefold=rest.casefold()))
            return
        self._lines.show(self._commands.menu(self._lines.width))

    def _help(self, rest: str) -> None:
        self._lines.show(heading(_("Commands"), self._lines.width))
        self._lines.show(self._commands.help(self._lines.width))
        self._lines.show(heading(_("How lines are read"), self._lines.width))
        for sentence in map(_, GRAMMAR):
            self._lines.say(sentence)

    def _quit(self, rest: str) -> None:
        half = not self._piped and not self._ended and (self._lines.half_written or self._desk.requests.half_written)
        if half:
            self._lines.say(_("What you have begun to write and not sent is not kept."))
        if not half or self._lines.sure(_("Leave the exercise?")):
            raise Quit

    def _prompt(self) -> str:
        view = self._view
        parts = [self._here[self._team] if "/" in self._team else view.team_short, place(view.clock)]
        if not self._ended:
            parts += [text for text in (waiting.to_come_back_to(view), *waiting.all_of(view)) if text]
        return ", ".join(parts)

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)
