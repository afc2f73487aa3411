"""What the documents of an exercise have in common: banner, cover, standing words, the agenda, texts of an author."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from exercise.authoring.in_words import InWords
from exercise.core.commitments import Area, Instrument
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.script import Conduct
from exercise.core.text import with_breaks
from exercise.core.tongues import in_language, language_of
from exercise.language import SOURCE, speaking
from exercise.report.blocks import Block, Document, Heading, Table
from exercise.report.prose import blocks_of
from exercise.report.words import day, unmarked

BANNER = "EXERCISE – EXERCISE – EXERCISE · fictional, a training record"
STATEMENT = (
    "This document belongs to an exercise. All States, persons, firms and events in it are invented, and no real "
    "State is meant. What comes of the exercise is a training record and no finding about any State, organisation or "
    "person."
)
SIGNS = {"honoured": "+", "partly": "±", "neglected": "–", "breached": "✗"}
RATE = "Rating:\u2003☐ P\u2003☐ S\u2003☐ M\u2003☐ U\u2003\u2003Rated by ______________________"
"""Wide spaces, since a page draws several plain ones as one."""
RATINGS = (
    ("P", "performed without challenges", "Done in time and so that it served its purpose."),
    ("S", "performed with some challenges", "Done, and it served its purpose; something could have been done better."),
    ("M", "performed with major challenges", "Done in part or too late, or at a cost that could have been avoided."),
    ("U", "unable to be performed", "Not done, or could not be done: say which means were missing."),
)


class Planned:
    """An exercise that is planned, with all that its documents are made from."""

    def __init__(self, scenario: Scenario, reference: Reference, paper: str) -> None:
        self.scenario = scenario
        self.reference = reference
        self.paper = paper
        self.words = InWords(scenario)

    @property
    def languages(self) -> tuple[str, ...]:
        """What the teams read, each language once."""
        return tuple(dict.fromkeys(language_of(self.scenario, team.id) for team in self.scenario.teams))

    def read_in(self, language: str) -> Planned:
        """The same exercise with its texts in a language."""
        return Planned(in_language(self.scenario, language), self.reference, self.paper)

    def document(
        self,
        subtitle: str,
        blocks: Iterator[Block],
        *,
        readers: str,
        title: str = "",
        meta: Sequence[tuple[str, str]] = (),
        cover: bool = True,
    ) -> Document:
        """A document of this exercise; who may read it stands on every page."""
        scenario = self.scenario
        with speaking(scenario.language):
            parts = tuple(blocks)
        return Document(
            title=title or scenario.title,
            subtitle=subtitle,
            meta=tuple(meta),
            blocks=parts,
            statement=STATEMENT,
            running=f"{scenario.title} · {subtitle} · {readers}",
            banner=BANNER,
            cover=cover,
            paper=self.paper,
            language="en-GB" if scenario.language == SOURCE else scenario.language.replace("_", "-"),
        )

    @property
    def story(self) -> str:
        """When the story begins."""
        when = self.scenario.date
        return f"{when:%A} {day(when.isoformat())}, {when:%H:%M}"

    @cached_property
    def held(self) -> tuple[Instrument, ...]:
        """The texts that any team has accepted, in the catalogue's order."""
        ids = {entry.instrument for team in self.scenario.teams for entry in team.profile}
        return tuple(text for id, text in self.reference.instruments.items() if id in ids)

    def areas(self, commitments: Sequence[str]) -> tuple[str, ...]:
        """The core capabilities that commitments belong to, in the scorecard's order."""
        found = {self.reference.area(id) for id in commitments if id in self.reference.commitments}
        return tuple(area.value for area in Area if area in found)

    def agenda(self) -> Table:
        """Moves and plenaries with room for the hours of the day; later moves without their titles."""
        rows = [("Welcome, briefing, time to read", "", "", "")]
        for number, move in enumerate(self.scenario.moves, 1):
            start = "STARTEX. " if number == 1 else ""
            rows.append((f"{start}Move {number}", minutes(move.minutes), "", ""))
            if move.plenary:
                rows.append((f"Plenary after move {number}", minutes(move.plenary.minutes), "", ""))
        rows += [("ENDEX. Hot wash", "", "", ""), ("Survey", "", "", "")]
        return Table(("What", "Length", "Room's clock, from", "Until"), tuple(rows), "Agenda", (4, 1.4, 1.8, 1.8))

    def conduct(self, conduct: Sequence[Conduct], *, kept: bool, reasons: bool = False) -> str:
        """What an answer keeps, or what it strains, a clause a line."""
        return "\n".join(
            self._clause(part, reasons) for part in conduct if (part.grade.value in ("honoured", "partly")) is kept
        )

    def _clause(self, part: Conduct, reasons: bool) -> str:
        title = self.reference.commitment(part.commitment).title
        said = f"{SIGNS[part.grade.value]} {part.commitment} {title}, {part.grade.value}"
        if part.when is not None:
            said += f", if {self.words.condition(part.when)}" if reasons else ", under a condition"
        return f"{said}: {part.because}" if reasons else said


def minutes(seconds: int) -> str:
    """`28 min`."""
    return f"{round(seconds / 60)} min"


def told(text: str, level: int) -> Iterator[Block]:
    """A text of the scenario with its lists and tables; line ends that its author meant stay."""
    yield from blocks_of(with_breaks(text), level)


def untitled(text: str, level: int) -> Iterator[Block]:
    """The same without the title that opens it, where the document has said so already."""
    blocks = list(told(text, level))
    yield from blocks[1:] if blocks and isinstance(blocks[0], Heading) else blocks


def celled(text: str) -> str:
    """A text of the scenario for a cell: its words, paragraph by paragraph."""
    return unmarked(with_breaks(text))
