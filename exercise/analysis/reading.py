"""How much there is to read in a scenario, by what brings it to whom: words, worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from exercise.analysis.things import Thing, answers_of, consequence, decision, inject, option, outcome
from exercise.core.audience import reaches
from exercise.core.scenario import Scenario


def words(*texts: str) -> int:
    """Words in texts."""
    return sum(len(text.split()) for text in texts)


class Texts:
    """The words of everything that reaches teams, and whom each audience takes in."""

    def __init__(self, scenario: Scenario) -> None:
        self._teams = tuple(scenario.teams_by_id)
        self.reached = lru_cache(maxsize=None)(self._reached)
        self.of: Mapping[Thing, int] = dict(_of_things(scenario))
        self.evidence = {piece.id: words(piece.title, piece.text, piece.conditions) for piece in scenario.evidence}
        self.moves = tuple(words(move.title, move.text) for move in scenario.moves)
        self.plenaries = tuple(
            words(move.plenary.text, *move.plenary.questions) if move.plenary else 0 for move in scenario.moves
        )

    def _reached(self, audience: tuple[str, ...]) -> tuple[str, ...]:
        """Teams that a message reaches, be it in one role only: somebody there reads it."""
        return tuple(team for team in self._teams if reaches(audience, team))


def _of_things(scenario: Scenario) -> list[tuple[Thing, int]]:
    found = []
    for row in scenario.injects:
        papers = [text for paper in row.attachments for text in (paper.title, paper.text)]
        found.append((inject(row.id), words(row.title, row.text, *papers)))
    for put in scenario.decisions:
        choices = [text for one in put.options for text in (one.title, one.text)]
        found.append((decision(put.id), words(put.title, put.text, *choices)))
        found.append((option(put.id), words(put.lapse.text)))
        for source, answer in answers_of(put):
            for index, came in enumerate(answer.consequences):
                found.append((consequence(put.id, source, index), words(came.title, came.text) if came.text else 0))
    for matter in scenario.matters:
        for index, made in enumerate(matter.outcomes):
            found.append((outcome(matter.id, index), words(made.title, made.text) if made.text else 0))
    return found
