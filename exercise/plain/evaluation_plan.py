"""Ratings and the improvement plan by lines of text."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast, get_args

from exercise.core.evaluation.commands import Element, EvaluationCommand, Rate, Rating, WriteAction
from exercise.core.evaluation.views import EvaluationView
from exercise.errors import CommandRejected
from exercise.language import _
from exercise.plain.forms import Lines
from exercise.plain.words import one_line
from exercise.tui.evaluation import words as text


def number_of(rest: str, most: int, refusal: str) -> int:
    """The number that the words after a command begin with; refuses with what it should be."""
    word = rest.split()[0] if rest.strip() else ""
    if not (word.isascii() and word.isdigit() and 1 <= int(word[:6]) <= most):
        raise CommandRejected("number", refusal.format(most=most))
    return int(word)


class RatingsAndPlan:
    """The commands for objectives, critical tasks and the rows of the plan."""

    def __init__(
        self, lines: Lines, view: Callable[[], EvaluationView], send: Callable[[EvaluationCommand], None]
    ) -> None:
        self._lines, self._view, self._send = lines, view, send

    def ratings(self, rest: str = "") -> None:
        """Objectives and tasks by number, with what was rated and what the marks suggest."""
        standing = self._view().standing
        for number, (objective, task, title) in enumerate(self._places(), 1):
            given, suggested = standing.rating(objective, task), standing.suggestion(objective, task)
            mine = f"{given.rating}, {text.RATINGS[given.rating]}" if given is not None else _("not rated")
            hint = (
                _(" (only a suggestion, from all clauses of the objective: {suggested})").format(suggested=suggested)
                if suggested is not None
                else ""
            )
            self._lines.say(f"{number}. {_('Task: ') if task else ''}{title}: {mine}{hint}.")
        self._lines.say(_("'rate N P' rates one: ") + "; ".join(f"{k} {v}" for k, v in text.RATINGS.items()) + ".")

    def _places(self) -> list[tuple[str, str, str]]:
        found: list[tuple[str, str, str]] = []
        for row in self._view().dossier.objectives:
            found += [(row.id, "", row.title), *((row.id, task.id, task.text) for task in row.tasks)]
        return found

    def rate(self, rest: str) -> None:
        """One of them, with strengths and areas for improvement."""
        places, said = self._places(), rest.split()
        name = _("Name the objective or task by its number, 1 to {most}.")
        objective, task, _unused = places[number_of(rest, len(places), name) - 1]
        word = (said[1] if len(said) > 1 else self._lines.ask(_("P, S, M, U, or none"))).upper()
        if word == "NONE":
            self._send(Rate(objective=objective, task=task, rating=None))
            self._lines.say(_("The rating is taken back."))
            return
        if word not in get_args(Rating):
            raise CommandRejected("rating", "A rating is P, S, M or U; none takes it back.")
        before = self._view().standing.rating(objective, task)
        kept = before.strengths if before else "", before.improvements if before else ""
        strengths = self._lines.ask(_("Strengths, or nothing to leave them as they are")) or kept[0]
        improvements = self._lines.ask(_("Areas for improvement, or nothing to leave them as they are")) or kept[1]
        rating = cast(Rating, word)
        self._send(Rate(objective=objective, task=task, rating=rating, strengths=strengths, improvements=improvements))
        self._lines.say(_("Kept: {word}, {ratings}.").format(word=word, ratings=text.RATINGS[word]))

    def plan(self, rest: str = "") -> None:
        """The rows of the improvement plan."""
        rows = self._view().standing.plan
        for row in rows:
            facts = (
                row.action,
                row.element,
                row.owner,
                row.contact,
                _("{start} to {end}").format(start=row.start, end=row.end)
                if row.start and row.end
                else row.start or row.end,
            )
            said = "; ".join(fact for fact in facts if fact)
            self._lines.say(f"{row.number}. {row.area}{': ' if row.area and said else ''}{said}")
        self._lines.say(
            _("'action' writes a new row, 'action N' changes one.") if rows else _("No row yet; 'action' writes one.")
        )

    def action(self, rest: str = "") -> None:
        """A row, asked for field by field; nothing leaves a field as it is."""
        number = int(rest) if rest.strip().isascii() and rest.strip().isdigit() else 0
        row = next((row for row in self._view().standing.plan if row.number == number), None)

        def ask(question: str, before: str) -> str:
            return (
                self._lines.ask(f"{question}{_(' (now: {before})').format(before=before[:60]) if before else ''}")
                or before
            )

        area = ask(_("Area for improvement"), row.area if row else "")
        action = ask(_("Corrective action"), row.action if row else "")
        element = "?"
        while element not in get_args(Element):
            # Asked again where it is none of these, for what was typed before it would be lost.
            element = ask(
                _("Capability element: {listed}").format(listed=", ".join(get_args(Element)[1:])),
                row.element if row else "",
            ).casefold()
        command = WriteAction(
            number=number,
            area=area[:400],
            action=action,
            element=cast(Element, element),
            owner=ask(_("Owner"), row.owner if row else "")[:400],
            contact=ask(_("Contact"), row.contact if row else "")[:400],
            start=ask(_("Start"), row.start if row else "")[:40],
            end=ask(_("End"), row.end if row else "")[:40],
        )
        self._send(command)
        self._lines.say(_("The row is kept."))

    def drop(self, rest: str) -> None:
        """A row taken out, after asking."""
        row = next((row for row in self._view().standing.plan if str(row.number) == rest.strip()), None)
        if row is None:
            raise CommandRejected("no-action", "Name a row of the plan by its number.")
        if self._lines.sure(
            _("Take out row {number}, {area}").format(number=row.number, area=one_line(row.area or row.action)[:60])
        ):
            self._send(WriteAction(number=row.number, area=row.area, action=row.action, drop=True))
            self._lines.say(_("The row is taken out."))
