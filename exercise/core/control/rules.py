"""What exercise control's own hand may do, and what it leads to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from exercise.core import commands as core
from exercise.core.asked import FACILITATOR
from exercise.core.cast import Fact
from exercise.core.control import commands as cmd
from exercise.core.control import events as ev
from exercise.core.control.claims import covers, of_actors, read_claim
from exercise.core.control.msel import move_for
from exercise.core.events import ClockPaused
from exercise.core.requests import life
from exercise.core.script import Inject
from exercise.core.teamwork.commands import BY_ANY_SEAT, OBSERVER
from exercise.core.text import clean_text, clean_words
from exercise.core.times import tell_exercise_time
from exercise.errors import CommandRejected
from exercise.language import N_

if TYPE_CHECKING:
    from exercise.core.scenario import Scenario
    from exercise.core.state import State
    from exercise.core.turn import Turn

LONGEST_MESSAGE = 40_000
"""Characters kept of a message that control writes, which may be as long as an author's."""

_COMMITMENT = re.compile(r"[a-z]{2,}[a-z0-9-]*", re.ASCII)


def take_in_hand(turn: Turn, command: cmd.ControlCommand) -> None:
    """Works out one command of control's own hand; refuses with a text for whoever asked."""
    match command:
        case cmd.SkipInject():
            inject = _to_come(turn, command.inject)
            if inject.id in turn.state.skipped:
                raise CommandRejected("skipped", f"Inject '{inject.id}' is skipped already.")
            turn.emit(ev.InjectSkipped(inject=inject.id, why=clean_words(command.why)))
        case cmd.EditInject():
            _edit(turn, command)
        case cmd.WriteInject():
            _write(turn, command)
        case cmd.SetRate():
            if not cmd.SLOWEST <= command.rate <= cmd.FASTEST:
                raise CommandRejected("rate", f"The clock runs at {cmd.SLOWEST:g} to {cmd.FASTEST:g} times the room's.")
            if command.rate != turn.state.clock.rate:
                turn.emit(ev.RateSet(rate=command.rate))
        case cmd.CloseDecision():
            _close(turn, command.decision)
        case cmd.Claim():
            _claim(turn, command)
        case cmd.Unclaim():
            _unclaim(turn, command.what)
        case cmd.SetFact():
            fact = _fact(turn, command.fact)
            if command.value not in {value.value for value in fact.values}:
                raise CommandRejected("facts", f"“{fact.title}” has no value '{_line(command.value, 80)}'.")
            if turn.state.facts.get(fact.id) != command.value:
                facts = {**turn.state.facts, fact.id: command.value}
                turn.emit(ev.FactSet(fact=fact.id, facts=facts, why=clean_words(command.why)))
        case cmd.RevealFact():
            _reveal(turn, command)
        case cmd.DrawCurtain() | cmd.LiftCurtain():
            _curtain(turn, command)
        case cmd.SeatBot() | cmd.UnseatBot():
            _bot(turn, command)
        case cmd.TurnPage():
            if turn.state.clock.phase != "ended":
                raise CommandRejected("not-ended", "The pages of the hot wash are turned after ENDEX.")
            if command.page != turn.state.page:
                turn.emit(ev.PageTurned(page=command.page))
        case _:
            assert_never(command)


def refuse_behind_curtain(state: State, command: core.Command) -> None:
    """Refuses what may not be done while a real emergency has stopped the exercise; screens that are blank stop none.

    Reading, and sitting down again after a lost line, change nothing that is played.
    """
    if state.curtain is None or state.curtain.kind != "no-duff":
        return
    if command.seat != FACILITATOR:
        if not isinstance(command, (core.ReadMessage, *BY_ANY_SEAT)):
            text = N_("NO DUFF: exercise control has stopped the exercise for something real. Nothing is played now.")
            raise CommandRejected("no-duff", text)
    elif isinstance(command, core.StartExercise | core.ResumeClock):
        raise CommandRejected("no-duff", "The exercise is stopped for something real: lift the curtain first.")


def note_about(scenario: Scenario, seat: str, about: str) -> str:
    """What a note is about, if that can be a commitment or, for those who observe, an objective of the scenario."""
    # Which objectives there are is no team's business before the hot wash, nor may a refusal tell.
    objectives = {row.id for row in scenario.objectives} if seat in (FACILITATOR, OBSERVER) else set()
    if about and about not in objectives and not _COMMITMENT.fullmatch(about):
        raise CommandRejected("about", "A note is about an objective or about a commitment, by its id.")
    return about


def name_of(text: str) -> str:
    """A person's name on one line."""
    return _line(text, cmd.LONGEST_NAME)


# --- the MSEL ---


def _to_come(turn: Turn, name: str) -> Inject:
    """An inject that is not out yet."""
    inject = turn.scenario.injects_by_id.get(name)
    if inject is None:
        raise CommandRejected("no-inject", f"There is no inject '{_line(name, 80)}'.")
    if inject.id in turn.state.released:
        raise CommandRejected("released", f"Inject '{inject.id}' has been released already.")
    return inject


def _edit(turn: Turn, command: cmd.EditInject) -> None:
    inject = _to_come(turn, command.inject)
    title = inject.title if command.title is None else _titled(command.title)
    text = inject.text if command.text is None else _worded(command.text)
    if command.at is None and (title, text) == (inject.title, inject.text):
        raise CommandRejected("unchanged", f"Nothing about inject '{inject.id}' is changed by this.")
    since = 0 if command.at is None else _since(turn, command.at)
    turn.emit(ev.InjectEdited(inject=inject.id, title=title, text=text, at=command.at, since=since))


def _write(turn: Turn, command: cmd.WriteInject) -> None:
    sender = _line(command.sender, cmd.LONGEST_SENDER)
    if not sender:
        raise CommandRejected("empty", "Say from whom the message comes.")
    if command.at is None and turn.state.clock.phase == "briefing":
        raise CommandRejected("not-started", "The exercise has not started; give the message a time of the story.")
    known = turn.scenario.injects_by_id
    number = len(turn.state.written) + 1
    while f"written-{number}" in known:
        number += 1
    turn.emit(
        ev.InjectWritten(
            inject=f"written-{number}",
            sender=sender,
            channel=command.channel.value,
            to=_audience(turn, command.to),
            title=_titled(command.title),
            text=_worded(command.text),
            at=command.at,
            since=0 if command.at is None else _since(turn, command.at),
        )
    )
    if command.at is None:
        turn.release(turn.scenario.injects_by_id[f"written-{number}"], by_hand=True)


def _since(turn: Turn, at: int) -> int:
    """The first move in or before which something due at `at` may come."""
    since = move_for(turn.scenario, turn.state.clock, at)
    if since is None:
        last = turn.scenario.moves[-1].ends
        if at > last:
            text = f"The last move ends at {tell_exercise_time(last)}; nothing comes after it."
        else:
            now = tell_exercise_time(turn.state.clock.exercise)
            text = f"It is {now} already; give a later time, or release it now."
        raise CommandRejected("time", text)
    return since


def _audience(turn: Turn, to: tuple[str, ...]) -> tuple[str, ...]:
    teams = turn.scenario.teams_by_id
    for address in to:
        team, _, role = address.partition("/")
        known = team in teams and (not role or any(row.id == role for row in teams[team].roles))
        if address != "all" and not known:
            raise CommandRejected(
                "no-addressee", f"'{_line(address, 80)}' is no team or role; `all` reaches everybody."
            )
    return tuple(dict.fromkeys(to))


# --- decisions, actors and requests ---


def _close(turn: Turn, name: str) -> None:
    decision, opened = turn.scenario.decisions_by_id.get(name), turn.state.decisions.get(name)
    if decision is None or opened is None or opened.status != "open":
        raise CommandRejected("closed", f"Decision '{_line(name, 80)}' is not open.")
    turn.lapse(decision)


def _claim(turn: Turn, command: cmd.Claim) -> None:
    found, who = read_claim(command.what), name_of(command.who)
    if found is None:
        raise CommandRejected("no-claim", "What can be claimed is an actor or a request of control's own board.")
    if not who:
        raise CommandRejected("no-name", "Say who claims it.")
    kind, name = found
    if kind == "actor" and name not in turn.scenario.actors_by_id:
        raise CommandRejected("no-actor", f"There is no actor '{name}' that control plays.")
    if kind == "request":
        board = turn.state.boards.get(FACILITATOR, ())
        if int(name) > len(board):
            raise CommandRejected("no-request", "There is no such request on your board.")
        if not of_actors(turn.scenario, turn.state.requests[board[int(name) - 1]]):
            raise CommandRejected("between-teams", "This request is between teams; control has no part in it.")
    holder = turn.state.claims.get(command.what)
    if holder is not None and holder != who and not command.take_over:
        raise CommandRejected("claimed", f"{holder} has claimed it.")
    if holder != who:
        turn.emit(ev.Claimed(what=command.what, who=who))


def _unclaim(turn: Turn, what: str) -> None:
    if what not in turn.state.claims:
        raise CommandRejected("not-claimed", "Nobody has claimed it.")
    mine = [request.id for request in turn.state.live.values() if covers(what, request, turn.state)]
    turn.emit(ev.Unclaimed(what=what))
    if turn.state.clock.phase != "move":
        return  # What fell due meanwhile comes as the next move opens, like all that falls between two moves.
    for errand in sorted(turn.state.errands, key=lambda errand: errand.due):
        if errand.request in mine and errand.due <= turn.state.clock.exercise:
            life.run_errand(turn, errand)
    for id in mine:
        life.agree(turn, id)


# --- what is true ---


def _fact(turn: Turn, name: str) -> Fact:
    fact = next((fact for fact in turn.scenario.facts if fact.id == name), None)
    if fact is None:
        raise CommandRejected("facts", f"The scenario has no fact '{_line(name, 80)}'.")
    if turn.state.clock.phase == "briefing":
        raise CommandRejected("not-started", "The facts are drawn at STARTEX, which takes those that you want to fix.")
    return fact


def _reveal(turn: Turn, command: cmd.RevealFact) -> None:
    fact = _fact(turn, command.fact)
    text = next((value.says for value in fact.values if value.value == turn.state.facts.get(fact.id)), None)
    if text is None:
        raise CommandRejected("facts", f"What is true of “{fact.title}” is not known.")
    to = _audience(turn, command.to)
    turn.emit(ev.FactRevealed(fact=fact.id, to=to, title=fact.title, text=text))


# --- the room ---


def _curtain(turn: Turn, command: cmd.DrawCurtain | cmd.LiftCurtain) -> None:
    drawn = turn.state.curtain
    if isinstance(command, cmd.LiftCurtain):
        if drawn is None:
            raise CommandRejected("no-curtain", "No curtain is drawn.")
        turn.emit(ev.CurtainLifted())
        return
    if command.kind == "no-duff" and turn.state.clock.running:
        turn.emit(ClockPaused())
    text = clean_words(command.text)
    if drawn is None or (drawn.kind, drawn.text) != (command.kind, text):
        turn.emit(ev.CurtainDrawn(kind=command.kind, text=text))


def _bot(turn: Turn, command: cmd.SeatBot | cmd.UnseatBot) -> None:
    team = turn.scenario.teams_by_id.get(command.team)
    if team is None:
        raise CommandRejected("no-team", f"There is no team '{_line(command.team, 80)}'.")
    plays = turn.state.bots.get(team.id)
    if isinstance(command, cmd.SeatBot):
        if command.policy != plays:
            turn.emit(ev.BotSeated(team=team.id, policy=command.policy))
    elif plays is None:
        raise CommandRejected("no-bot", f"No bot plays {team.short}.")
    else:
        turn.emit(ev.BotUnseated(team=team.id))


# --- words ---


def _line(text: str, longest: int) -> str:
    return " ".join(clean_text(text).split())[:longest].strip()


def _titled(text: str) -> str:
    title = _line(text, cmd.LONGEST_TITLE)
    if not title:
        raise CommandRejected("empty", "Give it a title.")
    return title


def _worded(text: str) -> str:
    words = clean_text(text)[:LONGEST_MESSAGE].strip()
    if not words:
        raise CommandRejected("empty", "There is nothing in the message.")
    return words
