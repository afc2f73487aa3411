"""What people in a room ask and write: each under the seat that is theirs, and no more than anybody needs."""

from __future__ import annotations

import hmac
import logging
from typing import TYPE_CHECKING, Any

from exercise.core.asked import FACILITATOR
from exercise.core.commands import Command, ReadMessage, WriteNote
from exercise.core.control.commands import Claim, Unclaim
from exercise.core.evaluation.commands import EVALUATOR, CloseSurvey, EnrolEvaluator, Evaluates, SealLog
from exercise.core.teamwork.commands import OBSERVER, LeaveSeat, TakeSeat
from exercise.errors import CommandRejected, StoreError
from exercise.hub.people import Member
from exercise.hub.protocol import LONGEST_KEPT_IN_ALL, MOST_KEPT
from exercise.session.sheets import DRAFT

if TYPE_CHECKING:
    from exercise.hub.room import Room

_log = logging.getLogger(__name__)

_A_JUDGMENT = 0.2
"""What a judgment takes of what somebody may ask: a page of marks is confirmed by one key."""


class Asking:
    """Hears everybody in the room; the rules decide."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def submit(self, member: Member, command: Command) -> None:
        """Carries out what somebody asks under their own seat; raises `CommandRejected` with a text for the person."""
        room, evaluates = self._room, isinstance(command, Evaluates)
        if isinstance(command, TakeSeat | LeaveSeat):
            raise CommandRejected("seat", "Seats are taken on joining and moved by exercise control.")
        if isinstance(command, CloseSurvey | SealLog):
            raise CommandRejected("not-by-hand", "The hub itself does this.")
        if isinstance(command, ReadMessage) and not member.acting:
            return  # Who reads along marks nothing as read.
        judges = evaluates and member.kind == "evaluator"
        if not member.asks.take(_A_JUDGMENT if judges else 1.0) and member.kind not in ("controller", "facilitator"):
            raise CommandRejected("too-fast", "That is too much at once; wait a few seconds and do it again.")
        changed: dict[str, Any] = {"seat": evaluator_seat(member) if judges else self._acts_as(member), "play": 0}
        if isinstance(command, WriteNote | Claim | Unclaim):
            changed["who"] = member.name
        if isinstance(command, EnrolEvaluator):
            changed["name"] = member.name
        try:
            room.session.submit(command.model_copy(update=changed))
        except StoreError as error:
            room.in_trouble(error)
            raise

    def _acts_as(self, member: Member) -> str:
        if member.kind in ("controller", "facilitator"):
            return FACILITATOR
        if member.kind in ("observer", "evaluator"):
            return OBSERVER
        if member.kind == "spectator":
            raise CommandRejected("looks-on", "You only look on here.")
        if not member.seat:
            raise CommandRejected("no-seat", "Choose your seat first.")
        if not member.acting:
            who = next((other.name for other in self._room.people.at(member.seat) if other.acting), "")
            if not who:
                raise CommandRejected("beside", "You read along on this seat until control settles who acts for it.")
            raise CommandRejected("beside", f"{who} acts for this seat; you read along until control settles it.")
        return member.seat

    def keep(self, member: Member, key: str, text: str) -> None:
        """Keeps somebody's half-written text; beyond measure none is, and nobody needs that many."""
        room = self._room
        try:
            if key == DRAFT and text and not room.surveys.takes_drafts(member):
                return  # Sent again after a lost line: it has been handed in, or came too late.
            if member.kept is None:
                kept = room.store.kept(room.session.id, member.key)
                member.kept = {of: len(text) for of, text in kept.items()}
            lengths = {**member.kept, key: len(text)}
            if text and (len(lengths) > MOST_KEPT or sum(lengths.values()) > LONGEST_KEPT_IN_ALL):
                raise CommandRejected("too-much", "Too many half-written texts are kept; send some or empty them.")
            room.store.keep(room.session.id, member.key, key, text)
            if not text:
                del lengths[key]
            member.kept = lengths
        except StoreError as error:
            _log.warning("a half-written text was not kept: %s", error)

    def kept_of(self, member: Member) -> dict[str, str]:
        """Somebody's half-written texts by their keys."""
        try:
            return self._room.store.kept(self._room.session.id, member.key)
        except StoreError as error:
            self._room.in_trouble(error)  # Who comes back just now has what was written there.
            return {}


def evaluator_seat(member: Member) -> str:
    """The seat of an evaluator: the same after a lost line or a restart, and without the name, which may be erased."""
    return f"{EVALUATOR}/{digest(member, 'evaluator')[:12]}"


def digest(member: Member, what: str) -> str:
    """Stands for a person in one matter: without the join code nobody can tell for whom."""
    return hmac.new(member.ticket.code.encode(), f"{what} {member.id}".encode(), "sha256").hexdigest()
