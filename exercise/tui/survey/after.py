"""What the hot wash leads to for who took part, and for who evaluates: the survey, and the marks to judge."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Protocol

from exercise.errors import ExerciseError
from exercise.language import N_, _
from exercise.session.surveying import SurveyDesk, survey_of
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.screens.confirm import AskScreen
from exercise.tui.survey.sheet import SurveyScreen, told

if TYPE_CHECKING:
    from exercise.session.client import Table
    from exercise.session.evaluating import EvaluationDesk

__all__ = ["AfterWash"]


class HubDesk(Protocol):
    """An evaluator's desk at a hub, which has to be fetched before it shows anything."""

    async def open(self) -> EvaluationDesk:
        """Fetches it; raises `CommandRejected` or `DoorClosed`."""

    async def enrol(self, delegation: str) -> None:
        """Sits down for a delegation."""


class AfterWash:
    """Opens them over the hot wash, where the table offers them."""

    def __init__(self, screen: ExerciseScreen[Any], table: Table | None) -> None:
        self._screen = screen
        self._survey: SurveyDesk | None = survey_of(table)
        self._desk: HubDesk | None = getattr(table, "desk", None)
        self._answered = False

    def offers(self, action: str) -> bool:
        """Whether `survey` or `evaluate` is for whoever is here."""
        return (self._survey if action == "survey" else self._desk) is not None

    @property
    def hint(self) -> str:
        """What may be done besides, for the beginning of a hint."""
        if self._desk is not None:
            return _("e evaluate · ")
        return _("u survey · ") if self._survey is not None and not self._answered else ""

    @property
    def at_work(self) -> bool:
        """Whether somebody is at a sheet or judges, and is not to be torn from it."""
        from exercise.tui.evaluation.base import EvaluationScreen

        return any(isinstance(one, SurveyScreen | EvaluationScreen) for one in self._screen.app.screen_stack)

    def open_survey(self) -> None:
        """Opens the sheet, or says why there is none."""
        if self._survey is not None:
            self._work(self._open_survey(self._survey))

    async def _open_survey(self, desk: SurveyDesk) -> None:
        view = await desk.view()
        if why := told(view):
            self._survey_done(why)
        elif not self.at_work:
            await self._screen.app.push_screen(SurveyScreen(desk, view), self._survey_done)

    def _survey_done(self, said: str | None) -> None:
        self._answered = bool(said)
        self._screen.say(said or "")

    def open_evaluation(self) -> None:
        """Opens the marks; before, once, asks who sends the evaluator."""
        if self._desk is not None:
            self._screen.say(_("The record is being fetched …"))
            self._work(self._open_evaluation(self._desk))

    async def _open_evaluation(self, at_hub: HubDesk) -> None:
        desk = await at_hub.open()
        self._screen.say("")
        if desk.view().standing.me is None:
            self._screen.app.push_screen(
                AskScreen(_("Who sends you to evaluate?"), _(_WHO), placeholder=_("a team, a ministry, a university")),
                lambda said: self._work(self._enrol(at_hub, said)) if said and said.strip() else None,
            )
            return
        from exercise.tui.evaluation.marks import EvaluationMarksScreen

        if not self.at_work:
            self._screen.app.push_screen(EvaluationMarksScreen(desk))

    async def _enrol(self, at_hub: HubDesk, delegation: str) -> None:
        await at_hub.enrol(delegation)
        await self._open_evaluation(at_hub)

    def _work(self, work: Coroutine[Any, Any, None]) -> None:
        async def told_if_refused() -> None:
            try:
                await work
            except ExerciseError as error:
                self._screen.say(str(error), wrong=True)

        self._screen.run_worker(told_if_refused(), exclusive=True, group="after")


_WHO = N_("""
A team, or a body in your own words. Evaluators come from **different** delegations, and none sees what another judges
before all have finished.
""")
