"""The survey after the hot wash by lines: one question after another, each of which may be left out."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from exercise.core.cast import SurveyQuestion
from exercise.core.evaluation.commands import LONGEST_ANSWER
from exercise.core.evaluation.survey import SCALE, SCALE_ENDS
from exercise.errors import CommandRejected
from exercise.language import N_, _
from exercise.plain.forms import TRIES, Cancelled, Lines
from exercise.plain.grammar import Command
from exercise.plain.words import heading, one_line
from exercise.session.surveying import ANONYMOUS, HELD, SurveyDesk, SurveyView, checked

__all__ = ["survey_commands"]

_HANDED_IN = N_("Your answers are handed in. Thank you.")


def survey_commands(
    desk: SurveyDesk | None, lines: Lines, do: Callable[[Coroutine[Any, Any, Any]], Any]
) -> tuple[Command, ...]:
    """The survey's command, where somebody is asked here."""
    if desk is None:
        return ()
    form = _Form(desk, lines, do)
    usage = _("survey, survey close") if desk.shared else "survey"
    return (Command("survey", _("what you made of the exercise, without your name"), form.run, "u", usage),)


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
            self._lines.say(_(_HANDED_IN) if view.handed_in else _("The survey has been closed."))
            return
        self._lines.show(heading(_("Survey"), self._lines.width))
        self._lines.say(ANONYMOUS if self._desk.shared else f"{ANONYMOUS} {HELD}")
        self._lines.say(_("A blank line leaves a question out or lets stand what was there; '-' empties it."))
        answers = self._desk.kept()
        for number, question in enumerate(view.questions, 1):
            said = self._ask(question, f"{number}/{len(view.questions)} ", answers.get(question.id, ""))
            answers = {**answers, question.id: said}
            self._desk.keep(answers)
        given = checked(view.questions, {id: text for id, text in answers.items() if text})
        self._lines.say(_("Once handed in they cannot be changed: nobody can tell which are yours."))
        if not self._lines.sure(
            _("Hand in {count} of {count2} answers").format(count=len(given), count2=len(view.questions))
        ):
            self._lines.say(_("Not handed in.") if self._desk.shared else _("Not handed in; 'survey' goes on with it."))
            return
        self._do(self._desk.hand_in(dict(given)))
        self._lines.say(_(_HANDED_IN))
        if self._desk.shared:
            self._lines.say(_("The next person may type 'survey'; 'survey close' puts all answers into the log."))

    def _ask(self, question: SurveyQuestion, mark: str, before: str) -> str:
        of_team = _("for your team: ") if question.team else ""
        self._lines.say(f"{mark}{of_team}{one_line(question.text)}")
        if before:
            self._lines.say(_("You had: {before}").format(before=one_line(before)))
        scale = question.kind == "scale"
        prompt = (
            _("{scale} {scale_ends} to {scale2} {scale_ends2}").format(
                scale=SCALE[0], scale_ends=_(SCALE_ENDS[0]), scale2=SCALE[-1], scale_ends2=_(SCALE_ENDS[1])
            )
            if scale
            else _("In your own words")
        )
        for _unused in range(TRIES):
            text = self._lines.ask(prompt, _("A blank line leaves it as it is; 'cancel' leaves the survey.")).strip()
            if text == "-":
                return ""
            if not text:
                return before
            if scale and text not in SCALE:
                self._lines.say(
                    _("Type a number from {scale} to {scale2}, or nothing.").format(scale=SCALE[0], scale2=SCALE[-1])
                )
            elif len(text) > LONGEST_ANSWER:
                self._lines.say(
                    _("At most {longest_answer} characters are kept; say it shorter.").format(
                        longest_answer=LONGEST_ANSWER
                    )
                )
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
            if self._lines.sure(_("Close the survey all the same")):
                self._lines.say(self._do(self._desk.close(thin=True)))
