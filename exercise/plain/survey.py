"""The survey after the hot wash by lines: one question after another, each of which may be left out."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from exercise.core.cast import SurveyQuestion
from exercise.core.evaluation.commands import LONGEST_ANSWER
from exercise.core.evaluation.survey import SCALE, SCALE_ENDS
from exercise.errors import CommandRejected
from exercise.plain.forms import TRIES, Cancelled, Lines
from exercise.plain.grammar import Command
from exercise.plain.words import heading, one_line
from exercise.session.surveying import ANONYMOUS, HELD, SurveyDesk, SurveyView, checked

__all__ = ["survey_commands"]

_HANDED_IN = "Your answers are handed in. Thank you."


def survey_commands(
    desk: SurveyDesk | None, lines: Lines, do: Callable[[Coroutine[Any, Any, Any]], Any]
) -> tuple[Command, ...]:
    """The survey's command, where somebody is asked here."""
    if desk is None:
        return ()
    form = _Form(desk, lines, do)
    usage = "survey, survey close" if desk.shared else "survey"
    return (Command("survey", "what you made of the exercise, without your name", form.run, "u", usage),)


class _Form:
    def __init__(self, desk: SurveyDesk, lines: Lines, do: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
        self._desk, self._lines, self._do = desk, lines, do

    def run(self, rest: str) -> None:
        """A sheet from the first question to the last, or the end of the survey."""
        if rest.casefold() == "close" and self._desk.shared:
            self._close()
            return
        view: SurveyView = self._do(self._desk.view())
        if view.handed_in or view.closed:
            self._lines.say(_HANDED_IN if view.handed_in else "The survey has been closed.")
            return
        self._lines.show(heading("Survey", self._lines.width))
        self._lines.say(ANONYMOUS if self._desk.shared else f"{ANONYMOUS} {HELD}")
        self._lines.say("A blank line leaves a question out or lets stand what was there; '-' empties it.")
        answers = self._desk.kept()
        for number, question in enumerate(view.questions, 1):
            said = self._ask(question, f"{number}/{len(view.questions)} ", answers.get(question.id, ""))
            answers = {**answers, question.id: said}
            self._desk.keep(answers)
        given = checked(view.questions, {id: text for id, text in answers.items() if text})
        self._lines.say("Once handed in they cannot be changed: nobody can tell which are yours.")
        if not self._lines.sure(f"Hand in {len(given)} of {len(view.questions)} answers"):
            self._lines.say("Not handed in." if self._desk.shared else "Not handed in; 'survey' goes on with it.")
            return
        self._do(self._desk.hand_in(dict(given)))
        self._lines.say(_HANDED_IN)
        if self._desk.shared:
            self._lines.say("The next person may type 'survey'; 'survey close' puts all answers into the log.")

    def _ask(self, question: SurveyQuestion, mark: str, before: str) -> str:
        of_team = "for your team: " if question.team else ""
        self._lines.say(f"{mark}{of_team}{one_line(question.text)}")
        if before:
            self._lines.say(f"You had: {one_line(before)}")
        scale = question.kind == "scale"
        prompt = f"{SCALE[0]} {SCALE_ENDS[0]} to {SCALE[-1]} {SCALE_ENDS[1]}" if scale else "In your own words"
        for _ in range(TRIES):
            text = self._lines.ask(prompt, "A blank line leaves it as it is; 'cancel' leaves the survey.").strip()
            if text == "-":
                return ""
            if not text:
                return before
            if scale and text not in SCALE:
                self._lines.say(f"Type a number from {SCALE[0]} to {SCALE[-1]}, or nothing.")
            elif len(text) > LONGEST_ANSWER:
                self._lines.say(f"At most {LONGEST_ANSWER} characters are kept; say it shorter.")
            else:
                return text
        raise Cancelled

    def _close(self) -> None:
        try:
            self._lines.say(self._do(self._desk.close()))
        except CommandRejected as refused:
            if refused.code != "thin":
                raise
            self._lines.say(refused.text)
            if self._lines.sure("Close the survey all the same"):
                self._lines.say(self._do(self._desk.close(thin=True)))
