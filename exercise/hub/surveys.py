"""The room's part in the survey after the hot wash: who may answer, once each, and nobody learns who said what."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from exercise.core.tongues import read_by
from exercise.errors import CommandRejected, StoreError
from exercise.hub.asking import digest
from exercise.hub.people import Member
from exercise.language import speaking
from exercise.session.sheets import DRAFT, SHUT
from exercise.session.surveying import (
    SurveyProgress,
    SurveyView,
    checked,
    close_survey,
    handed_in,
    open_for,
    questions_for,
    tidy,
)

if TYPE_CHECKING:
    from exercise.core.cast import SurveyQuestion
    from exercise.hub.room import Room
    from exercise.session.session import Session

_log = logging.getLogger(__name__)


class Surveys:
    """Takes the participants' sheets; the store holds them apart from the people, and control learns numbers only."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._answered = 0
        self.look()

    def view(self, member: Member) -> SurveyView:
        """How it stands for a person; raises `CommandRejected` for whoever is not asked, and before ENDEX."""
        session = self._asked(member)
        closed = session.state.evaluation.survey is not None
        if not closed:
            open_for(session)
        answered = self._room.store.answered(session.id)
        return SurveyView(self._questions(member), _who(member) in answered, closed or SHUT in answered)

    def hand_in(self, member: Member, answers: Mapping[str, str]) -> None:
        """Takes a person's sheet; raises `CommandRejected` with a text for the person."""
        session, store = self._asked(member), self._room.store
        open_for(session)
        if not member.asks.take():
            raise CommandRejected("too-fast", "That is too much at once; wait a few seconds and do it again.")
        with speaking(self._room.read(member).language):
            given = checked(self._questions(member), answers)
        try:
            store.hand_in(session.id, _who(member), given, drafted_by=member.key)
        except StoreError as error:
            self._room.in_trouble(error)
            raise
        if member.kept is not None:
            member.kept.pop(DRAFT, None)
        self.look()
        self._room.tell()

    def takes_drafts(self, member: Member) -> bool:
        """Whether a half-written sheet of this person is still one."""
        session = self._room.session
        if session.state.evaluation.survey is not None:
            return False
        answered = self._room.store.answered(session.id)
        return SHUT not in answered and _who(member) not in answered

    def close(self, *, thin: bool) -> str:
        """Puts the answers into the log."""
        text = close_survey(self._room.store, self._room.session, thin=thin)
        self.look()
        return text

    def look(self) -> bool:
        """Looks how many have answered, at whichever hub, and says whether that is news."""
        session, before = self._room.session, self._answered
        if session.state.clock.phase != "ended":
            self._answered = 0
            return False
        try:
            tidy(self._room.store, session)
            if session.state.evaluation.survey is None:
                self._answered = handed_in(self._room.store, session)
        except StoreError as error:
            _log.warning("how many have answered the survey cannot be read: %s", error)
        return self._answered != before

    def progress(self) -> SurveyProgress | None:
        """Numbers for exercise control; None before ENDEX."""
        session = self._room.session
        if session.state.clock.phase != "ended":
            return None
        closed = session.state.evaluation.survey
        if closed is not None:
            number = max(map(len, closed.values()), default=0)
            return SurveyProgress(number, number, True)
        here = sum(member.kind == "participant" for member in self._room.people.all.values())
        return SurveyProgress(self._answered, max(here, self._answered), False)

    def _questions(self, member: Member) -> tuple[SurveyQuestion, ...]:
        team = member.seat.partition("/")[0] or member.team
        return questions_for(read_by(self._room.session.scenario, team), frozenset({team}))

    def _asked(self, member: Member) -> Session:
        if member.kind != "participant":
            raise CommandRejected("not-asked", "The survey is for those who took part in a team.")
        return self._room.session


def _who(member: Member) -> str:
    return digest(member, "survey")
