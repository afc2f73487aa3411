"""The rules of team play: what a seat's command leads to, or why it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from exercise.core import events as ev
from exercise.core.asked import FACILITATOR
from exercise.core.cast import Team
from exercise.core.commands import ChooseResponse
from exercise.core.script import Decision, ResponseOption
from exercise.core.state import State
from exercise.core.teamwork import commands as cmd
from exercise.core.teamwork import events as tw
from exercise.core.teamwork.seating import (
    agreed_option,
    is_present,
    leading_seat,
    may_answer,
    pen_seat,
    seat_label,
    seats_of,
    standing_votes,
    takes_votes,
)
from exercise.core.teamwork.state import Draft, Grounds
from exercise.core.text import clean_text, clean_words
from exercise.core.turn import Turn
from exercise.errors import CommandRejected

MOST_NAMED = 12
"""Bases and commitments an answer may name, however many votes it is put together from."""


def play_as_team(turn: Turn, command: cmd.TakeSeat | cmd.LeaveSeat | cmd.CloseVote | cmd.WithDraft | cmd.Say) -> None:
    """Carries out a command of team play; a vote is decided with the other answers."""
    match command:
        case cmd.TakeSeat():
            _take_seat(turn, command)
        case cmd.LeaveSeat():
            _leave_seat(turn, command.seat)
        case cmd.CloseVote():
            _close_vote(turn, command.decision)
        case cmd.WithDraft():
            _draft(turn, command)
        case cmd.Say():
            _say(turn, command)
        case _:
            assert_never(command)


def _take_seat(turn: Turn, command: cmd.TakeSeat) -> None:
    name = " ".join(clean_text(command.name).split())[: cmd.LONGEST_PSEUDONYM].strip()
    taken = turn.state.seats.get(command.seat)
    if taken is not None and taken.present:
        if taken.name != name:
            raise CommandRejected("taken", "Somebody sits there already; take another seat, or ask them to leave it.")
        return
    turn.emit(tw.SeatTaken(seat=command.seat, name=name))


def _leave_seat(turn: Turn, seat: str) -> None:
    taken = turn.state.seats.get(seat)
    if taken is None or not taken.present:
        return
    turn.emit(tw.SeatLeft(seat=seat))
    for (team_id, subject), draft in turn.state.drafts.items():
        if draft.holder == seat:
            turn.emit(tw.PenPutDown(seat=seat, team=team_id, subject=subject))
    # Those who stay may all be of one mind now, and nobody would have a reason to vote again.
    team = turn.scenario.teams_by_id.get(seat.partition("/")[0])
    for name in tuple(turn.state.votes):
        decision = turn.scenario.decisions_by_id[name]
        if team is not None and decision.team == team.id and takes_votes(team, decision, turn.state):
            _answer_if_agreed(turn, team, decision)


def refuse_without_pen(turn: Turn, decision: Decision, seat: str) -> None:
    """Refuses an answer by a seat of the team that does not hold the pen."""
    team = turn.scenario.teams_by_id[decision.team]
    holder = pen_seat(team, decision, turn.state)
    if holder is not None and not may_answer(team, decision, turn.state, seat):
        who = seat_label(team, turn.state, holder)
        raise CommandRejected("not-pen", f"{who} holds the pen for “{decision.title}” and answers it for the team.")


def cast_vote(
    turn: Turn,
    decision: Decision,
    command: ChooseResponse | cmd.CastVote,
    offered: Mapping[str, ResponseOption],
    grounds: Grounds,
) -> None:
    """A seat's answer as its vote, and the team's answer where that settles it.

    The decision is open, and `grounds` are what the command says for it, cleaned. A window that closes before the votes
    agree lapses all the same, with the votes in the log: not to have come to an answer is an answer too.
    """
    team, state, seat = turn.scenario.teams_by_id[decision.team], turn.state, command.seat
    if not takes_votes(team, decision, state):
        raise CommandRejected("no-vote", f"There is no vote on “{decision.title}”; it is answered directly.")
    if not is_present(state, seat):
        raise CommandRejected("not-seated", "Take your seat first: those who sit at the table vote.")
    if command.option is None:
        raise CommandRejected("vote-listed", f"Your team votes on “{decision.title}”: choose a listed option.")
    if command.option not in offered:
        raise CommandRejected("no-option", f"“{decision.title}” has no such option now.")
    revision = state.decisions[decision.id].revision
    before = state.votes.get(decision.id, {}).get(seat)
    if before is not None and (before.revision, before.option, before.grounds) == (revision, command.option, grounds):
        return
    turn.emit(
        tw.VoteCast(
            seat=seat,
            decision=decision.id,
            revision=revision,
            option=command.option,
            reason=grounds.reason,
            basis=grounds.basis,
            set_aside=grounds.set_aside,
            safeguards=grounds.safeguards,
        )
    )
    _answer_if_agreed(turn, team, decision)


def _close_vote(turn: Turn, name: str) -> None:
    decision, opened = turn.scenario.decisions_by_id.get(name), turn.state.decisions.get(name)
    if decision is None or opened is None or opened.status != "open":
        raise CommandRejected("closed", f"Decision '{name}' is not open.")
    team = turn.scenario.teams_by_id[decision.team]
    if not _answer_if_agreed(turn, team, decision, closing=True):
        raise CommandRejected("no-votes", f"Nobody has voted on “{decision.title}” yet.")


def _answer_if_agreed(turn: Turn, team: Team, decision: Decision, closing: bool = False) -> bool:
    option = agreed_option(team, decision, turn.state, closing)
    opened = turn.state.decisions[decision.id]
    if option is None or opened.status != "open":
        return False
    votes = [vote.grounds for vote in standing_votes(team, decision, turn.state).values() if vote.option == option]
    # Seats come in the order of the file; where two say something of the same thing, the first one's words are kept.
    set_aside = {item.commitment: item for said in reversed(votes) for item in said.set_aside}
    safeguards = {point: text for said in reversed(votes) for point, text in said.safeguards.items()}
    reasons = "\n".join(dict.fromkeys(said.reason for said in votes if said.reason))
    turn.emit(
        ev.ResponseChosen(
            decision=decision.id,
            team=team.id,
            revision=opened.revision,
            option=option,
            reason=draft_of(turn.state, team.id, decision.id) or clean_words(reasons),
            basis=tuple(dict.fromkeys(name for said in votes for name in said.basis))[:MOST_NAMED],
            set_aside=tuple(set_aside.values())[:MOST_NAMED],
            safeguards=safeguards,
        )
    )
    chosen = next(row for row in decision.options if row.id == option)
    turn.carry_out(decision, chosen, option)
    return True


def draft_of(state: State, team: str, subject: str) -> str:
    """The team's shared draft, or nothing."""
    draft = state.drafts.get((team, subject))
    return draft.text if draft is not None else ""


def _draft(turn: Turn, command: cmd.WithDraft) -> None:
    team = _team_of(turn, command)
    seat, subject = command.seat, command.subject
    draft = turn.state.drafts.get((team.id, subject)) or Draft("", None, 0, 0)
    other = draft.holder if draft.holder != seat else None
    who = seat_label(team, turn.state, other) if other is not None else ""
    match command:
        case cmd.TakePen():
            taker = _given_to(turn, team, command)
            may_take_over = seat in (FACILITATOR, leading_seat(team))
            if other is not None and is_present(turn.state, other) and not may_take_over:
                raise CommandRejected("pen-taken", f"{who} holds the pen; wait until it is put down.")
            if draft.holder != taker:
                turn.emit(tw.PenTaken(seat=taker, team=team.id, subject=subject))
        case cmd.WriteDraft():
            if draft.holder != seat:
                if other is None:
                    raise CommandRejected("no-pen", "Take the pen before you write.")
                raise CommandRejected("no-pen", f"{who} holds the pen.")
            text = clean_words(command.text)
            if text != draft.text:
                turn.emit(tw.DraftWritten(seat=seat, team=team.id, subject=subject, text=text))
        case cmd.PutDownPen():
            if other is not None:
                raise CommandRejected("no-pen", f"{who} holds the pen.")
            if draft.holder == seat:
                turn.emit(tw.PenPutDown(seat=seat, team=team.id, subject=subject))


def _given_to(turn: Turn, team: Team, command: cmd.TakePen) -> str:
    """Who is to hold the pen: whoever asks, or the seat that control gives it to."""
    if command.to is None or command.to == command.seat:
        return command.seat
    if command.seat != FACILITATOR:
        raise CommandRejected("not-facilitator", "Only exercise control gives the pen to somebody else.")
    if command.to not in seats_of(team) or not is_present(turn.state, command.to):
        raise CommandRejected("no-seat", "Nobody of this team sits there.")
    return command.to


def _team_of(turn: Turn, command: cmd.WithDraft) -> Team:
    """Whose draft it is; a decision not put to that team is refused like one that is not there."""
    teams, opened = turn.scenario.teams_by_id, turn.state.decisions.get(command.subject)
    team_id: str | None = command.seat.partition("/")[0]
    if command.seat == FACILITATOR:
        team_id = command.team or (opened.team if opened is not None else None)
    team = teams.get(team_id or "")
    if team is None:
        raise CommandRejected("no-team", "Say whose draft it is: name the team.")
    if command.subject != cmd.REQUEST:
        if opened is None or opened.team != team.id:
            raise CommandRejected("not-open", "No such decision has been put to your team.")
        if opened.status != "open" and not isinstance(command, cmd.PutDownPen):
            title = turn.scenario.decisions_by_id[command.subject].title
            raise CommandRejected("closed", f"“{title}” is no longer open.")
    return team


def _say(turn: Turn, command: cmd.Say) -> None:
    text = clean_words(command.text)
    if not text:
        raise CommandRejected("empty", "There is nothing in the message.")
    teams, own = turn.scenario.teams_by_id, command.seat.partition("/")[0]
    to, _, role_id = command.to.partition("/")
    if command.seat == FACILITATOR:
        roles = {role.id for role in teams[to].roles} if to in teams else set()
        if command.to != "all" and (to not in teams or ("/" in command.to and role_id not in roles)):
            raise CommandRejected(
                "no-addressee", f"'{clean_text(command.to)}' is no team or role; `all` reaches everybody."
            )
    elif "/" in command.to:
        # The same for a role that is there and for one that is not: other teams' roles are nobody else's business.
        raise CommandRejected("no-addressee", "Only exercise control writes to a single role; write to its team.")
    elif to != FACILITATOR and to not in teams:
        raise CommandRejected("no-addressee", "Write to your own team, to another team, or to exercise control.")
    official = command.official and to not in (own, FACILITATOR)
    turn.emit(tw.MessageSpoken(seat=command.seat, to=command.to, text=text, official=official))
