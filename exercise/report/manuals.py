"""The documents of an exercise before it is played: situation manual, briefs, handbook, evaluation guides.

Each is said once in the blocks of a report, so that page, Word document, paper and Markdown hold the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from exercise.core.cast import Team
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.tongues import language_of
from exercise.errors import UsageError
from exercise.report import manuals_control as control
from exercise.report import manuals_eeg as eeg
from exercise.report import manuals_players as players
from exercise.report.blocks import Document
from exercise.report.manuals_common import Planned


@dataclass(frozen=True, slots=True)
class Manual:
    """One document to hand out."""

    name: str
    """Of its files, without an ending."""
    about: str
    """Whom it is for, in a line."""
    document: Document


def _sitman(planned: Planned) -> Iterator[Manual]:
    for language in planned.languages:
        read = planned.read_in(language)
        suffix = f"-{language}" if len(planned.languages) > 1 else ""
        yield Manual(f"sitman{suffix}", "situation manual, for everybody", players.situation_manual(read))
        yield Manual(
            f"move-sheets{suffix}", "a sheet for each move, to be dealt as it opens", players.move_sheets(read)
        )


def _briefs(planned: Planned) -> Iterator[Manual]:
    for read, team in _tables(planned):
        yield Manual(f"brief-{team.id}", f"for every seat of {team.short}", players.brief(read, team))
        if any(role.brief for role in team.roles):
            about = f"what each role of {team.short} alone is told: one page a role"
            yield Manual(f"roles-{team.id}", about, players.role_briefs(read, team))


def _handbook(planned: Planned) -> Iterator[Manual]:
    # In what everybody reads; where tables differ, in the author's own language.
    read = planned.read_in(planned.languages[0]) if len(planned.languages) == 1 else planned
    yield Manual("handbook", "for the facilitator and controllers only", control.handbook(read))


def _guides(planned: Planned) -> Iterator[Manual]:
    for read, team in _tables(planned):
        about = f"evaluation guide for {team.short}'s table; for evaluators only"
        yield Manual(f"eeg-{team.id}", about, eeg.evaluation_guide(read, team))


def _tables(planned: Planned) -> Iterator[tuple[Planned, Team]]:
    """Each team in the language that it reads."""
    for team in planned.scenario.teams:
        read = planned.read_in(language_of(planned.scenario, team.id))
        yield read, read.scenario.teams_by_id[team.id]


_MADE: Mapping[str, Callable[[Planned], Iterator[Manual]]] = {
    "sitman": _sitman,
    "briefs": _briefs,
    "handbook": _handbook,
    "eeg": _guides,
}
KINDS: tuple[str, ...] = tuple(_MADE)


def manuals(scenario: Scenario, reference: Reference, kind: str, paper: str = "a4") -> tuple[Manual, ...]:
    """The documents of one kind."""
    if kind not in _MADE:
        raise UsageError(f"There is no manual '{kind[:40]}'; known: {', '.join(KINDS)}.")
    return tuple(_MADE[kind](Planned(scenario, reference, paper)))
