"""The survey after the hot wash, as whoever answers it knows it: its questions, a sheet to hand in, and its end.

Answers go to the store apart from who gave them. Only as it is closed do they enter the log, question by question,
shuffled, with neither seat nor time.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from exercise.core.asked import FACILITATOR
from exercise.core.cast import SurveyQuestion
from exercise.core.evaluation.commands import LONGEST_ANSWER, CloseSurvey
from exercise.core.evaluation.survey import SCALE, questions_of
from exercise.core.records import dataclass
from exercise.core.scenario import Scenario
from exercise.core.text import clean_text
from exercise.core.tongues import read_by
from exercise.errors import CommandRejected
from exercise.language import N_, _, ngettext, speaking
from exercise.session.sheets import SHUT, Answers

if TYPE_CHECKING:
    from exercise.session.session import Session
    from exercise.session.store import Store

ANONYMOUS = N_(
    "Your answers are kept without your name, your seat and the time. When the survey is closed they enter the log "
    "question by question, in another order for each, so that nobody can tell who said what."
)
"""Shown above the questions."""

HELD = N_("What you write here is kept for you alone until you hand it in.")
"""Said besides, where somebody has a place of their own to come back to."""

FEW = 3
"""With fewer sheets than this it can be guessed who said what."""

LONGEST_SHEET = 12_000
"""Characters of all answers of one person together, so that they go through a door as one message."""


@dataclass(frozen=True, slots=True)
class SurveyView:
    """What one person sees of the survey."""

    questions: tuple[SurveyQuestion, ...]
    """Those for all and those for their own team."""
    handed_in: bool
    closed: bool


@dataclass(frozen=True, slots=True)
class SurveyProgress:
    """What exercise control sees of it: numbers, and never who."""

    answered: int
    asked: int
    """How many may answer, as far as one knows."""
    closed: bool


class SurveyDesk(Protocol):
    """Where somebody answers; in a game at one terminal one after another, each with a sheet of their own."""

    @property
    def shared(self) -> bool:
        """Whether several answer here, and whoever has the terminal closes it."""

    async def view(self) -> SurveyView:
        """How it stands for whoever is here; raises `CommandRejected` before ENDEX."""

    def kept(self) -> dict[str, str]:
        """What was half-written here or at a terminal that was lost, by question."""

    def keep(self, answers: Mapping[str, str]) -> None:
        """Keeps what is half-written for this person only; nothing is kept of an empty sheet."""

    async def hand_in(self, answers: Mapping[str, str]) -> None:
        """Hands in; raises `CommandRejected` with a text for the person."""

    async def progress(self) -> SurveyProgress | None:
        """How many have answered, where that is this terminal's to know."""

    async def close(self, *, thin: bool = False) -> str:
        """Closes it and returns one line; raises `CommandRejected`, with the code `thin` where few have answered."""


def survey_of(table: object) -> SurveyDesk | None:
    """The desk of a table, where it has one: whoever only looks on answers nothing."""
    found: SurveyDesk | None = getattr(table, "survey", None)
    return found


def questions_for(scenario: Scenario, teams: frozenset[str]) -> tuple[SurveyQuestion, ...]:
    """The questions for all, and those for these teams, in the language that the scenario is read in."""
    asked = (one for one in questions_of(scenario) if one.team is None or one.team in teams)
    if scenario.survey:
        return tuple(asked)
    with speaking(scenario.language):
        return tuple(one.model_copy(update={"text": _(one.text)}) for one in asked)


def checked(questions: tuple[SurveyQuestion, ...], answers: Mapping[str, str]) -> Answers:
    """What is handed in, cleaned and without what was left out; raises `CommandRejected`."""
    kinds = {question.id: question.kind for question in questions}
    if unknown := [id for id in answers if id not in kinds]:
        raise CommandRejected(
            "no-question", _("The survey does not ask you '{name}'.").format(name=clean_text(unknown[0])[:80])
        )
    said = {id: clean_text(text).strip()[:LONGEST_ANSWER] for id, text in answers.items()}
    given = tuple((id, text) for id, text in said.items() if text)
    if any(kinds[id] == "scale" and text not in SCALE for id, text in given):
        text = _("A question by scale is answered from {low} to {high}.")
        raise CommandRejected("no-scale", text.format(low=SCALE[0], high=SCALE[-1]))
    if not given:
        raise CommandRejected("empty", "Nothing has been answered; answer one question at least.")
    if sum(len(text) for _id, text in given) > LONGEST_SHEET:
        text = _("All answers together may have {count} characters.").format(count=LONGEST_SHEET)
        raise CommandRejected("too-long", text)
    return given


def open_for(session: Session) -> None:
    """Raises `CommandRejected` before ENDEX and after the survey's end."""
    if session.state.clock.phase != "ended":
        raise CommandRejected("not-yet", "The survey opens in the hot wash.")
    if session.state.evaluation.survey is not None:
        raise CommandRejected("survey-closed", "The survey has been closed; no answers are taken any more.")


def handed_in(store: Store, session: Session) -> int:
    """How many have answered so far."""
    return len(store.answered(session.id) - {SHUT})


def close_survey(store: Store, session: Session, *, thin: bool) -> str:
    """Puts the answers into the log and deletes what was held; can be done again where it was cut off in between."""
    open_for(session)
    if (number := handed_in(store, session)) < FEW and not thin:
        few = ngettext(
            "Only one person has answered: with so few it can be guessed who said what.",
            "Only {number} people have answered: with so few it can be guessed who said what.",
            number,
        ).format(number=number)
        raise CommandRejected(
            "thin", few if number else _("Nobody has answered: with so few it can be guessed who said what.")
        )
    answers, number = store.shut_survey(session.id), handed_in(store, session)
    by_question = {
        question.id: tuple(text for asked, text in answers if asked == question.id)
        for question in questions_of(session.scenario)
    }
    session.submit(CloseSurvey(seat=FACILITATOR, answers=by_question))
    store.forget_survey(session.id)
    said = ngettext(
        "The survey is closed; the answers of {number} person stand in the log.",
        "The survey is closed; the answers of {number} people stand in the log.",
        number,
    )
    return said.format(number=number)


def tidy(store: Store, session: Session) -> None:
    """Deletes what is held of a survey that the log has already, as after a crash between the two."""
    if session.state.evaluation.survey is not None and store.answered(session.id) != {SHUT}:
        store.shut_survey(session.id)
        store.forget_survey(session.id)


def sheet_text(answers: Mapping[str, str]) -> str:
    """A half-written sheet as it is kept; '' for an empty one."""
    written = {id: text for id, text in answers.items() if text}
    return json.dumps(written, ensure_ascii=False) if written else ""


def sheet_of(text: str) -> dict[str, str]:
    """A half-written sheet as it was kept; what is no such thing is as good as none."""
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    # What comes back was cleaned by nobody.
    return {id: clean_text(said) for id, said in found.items() if isinstance(said, str)}


class LocalSurvey:
    """Implements `SurveyDesk` for a game at one terminal, whose people answer one after another."""

    shared = True

    def __init__(self, session: Session, store: Store, teams: frozenset[str]) -> None:
        self._session, self._store, self._teams = session, store, teams
        tidy(store, session)

    async def view(self) -> SurveyView:
        """The questions for the teams that are played here."""
        closed = self._session.state.evaluation.survey is not None
        if not closed:
            open_for(self._session)
        read = read_by(self._session.scenario, min(self._teams, default=""))
        return SurveyView(questions_for(read, self._teams), False, closed)

    def kept(self) -> dict[str, str]:
        """Nothing: the next at this terminal is somebody else."""
        return {}

    def keep(self, answers: Mapping[str, str]) -> None:
        """Nothing is kept of a sheet that is left: the next at this terminal would read it."""

    async def hand_in(self, answers: Mapping[str, str]) -> None:
        """Hands in one more sheet."""
        open_for(self._session)
        given = checked(questions_for(self._session.scenario, self._teams), answers)
        # Nobody here has a name of their own, so that nobody is kept from a second sheet.
        self._store.hand_in(self._session.id, secrets.token_hex(12), given)

    async def progress(self) -> SurveyProgress:
        """How many sheets there are."""
        number = handed_in(self._store, self._session)
        return SurveyProgress(number, 0, self._session.state.evaluation.survey is not None)

    async def close(self, *, thin: bool = False) -> str:
        """Puts the answers into the log."""
        return close_survey(self._store, self._session, thin=thin)
