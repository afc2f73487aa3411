"""What the documents of an exercise have in common: banner, cover, standing words, the agenda, texts of an author."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, wraps
from typing import Concatenate, ParamSpec

from exercise.authoring.in_words import InWords
from exercise.core.commitments import Area, Instrument
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.script import Conduct
from exercise.core.text import with_breaks
from exercise.core.tongues import in_language, language_of
from exercise.core.wording import cited_in
from exercise.language import N_, SOURCE, Told, _, ngettext, speaking, spoken
from exercise.report.blocks import Block, Document, Heading, Opened, Table
from exercise.report.prose import blocks_of
from exercise.report.words import number, span, unmarked

Given = ParamSpec("Given")

BANNER = N_("EXERCISE – EXERCISE – EXERCISE · fictional, a training record")
STATEMENT = N_(
    "This document belongs to an exercise. All States, persons, firms and events in it are invented, and no real "
    "State is meant. What comes of the exercise is a training record and no finding about any State, organisation or "
    "person."
)
SIGNS = {"honoured": "+", "partly": "±", "neglected": "–", "breached": "✗"}
WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
"""As they stand in a date."""
ANSWERS: Mapping[str, str] = Told(
    {"accept": "accept", "part": "in part", "conditional": "on terms", "refuse": "refuse", "silent": "silent"}
)
"""How a desk answers."""
WATCHED: Mapping[str, str] = Told(
    {
        "warned-partners": "Warned partners",
        "two-levels": "Two levels",
        "standing-channel-first": "Standing channel first",
        "parliament-informed": "Parliament informed",
        "public-told": "Public told",
        "operator-involved": "Operator involved",
        "kept-condition": "Kept condition",
        "help-sought": "Help sought",
        "evidence-kept": "Evidence kept",
        "contact-kept": "Contact kept",
    }
)
"""The conduct that the program looks for by itself."""


def rate() -> str:
    """A line to rate on; wide spaces, since a page draws several plain ones as one."""
    return f"{_('Rating:')}\u2003☐ P\u2003☐ S\u2003☐ M\u2003☐ U\u2003\u2003{_('Rated by')} ______________________"


def ratings() -> tuple[tuple[str, str, str], ...]:
    """The letters of a rating, what each is called, and what it means."""
    return (
        ("P", _("performed without challenges"), _("Done in time and so that it served its purpose.")),
        (
            "S",
            _("performed with some challenges"),
            _("Done, and it served its purpose; something could have been done better."),
        ),
        (
            "M",
            _("performed with major challenges"),
            _("Done in part or too late, or at a cost that could have been avoided."),
        ),
        ("U", _("unable to be performed"), _("Not done, or could not be done: say which means were missing.")),
    )


def in_its_language(
    make: Callable[Concatenate[Planned, Given], Document],
) -> Callable[Concatenate[Planned, Given], Document]:
    """Makes a document in the language of the exercise's texts, whatever is spoken around."""

    @wraps(make)
    def made(planned: Planned, /, *given: Given.args, **named: Given.kwargs) -> Document:
        with speaking(planned.scenario.language):
            return make(planned, *given, **named)

    return made


class Planned:
    """An exercise that is planned, with all that its documents are made from."""

    def __init__(self, scenario: Scenario, reference: Reference, paper: str) -> None:
        self.scenario = scenario
        self.reference = cited_in(reference, scenario)
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
        return Document(
            title=title or scenario.title,
            subtitle=subtitle,
            meta=tuple(meta),
            blocks=tuple(blocks),
            statement=_(STATEMENT),
            running=f"{scenario.title} · {subtitle} · {readers}",
            banner=_(BANNER),
            cover=cover,
            paper=self.paper,
            language="en-GB" if scenario.language == SOURCE else scenario.language.replace("_", "-"),
        )

    @property
    def story(self) -> str:
        """When the story begins."""
        when = self.scenario.date
        return _("{weekday} {day} {month} {year}, {time}").format(
            weekday=_(WEEKDAYS[when.weekday()]),
            day=when.day,
            month=_(MONTHS[when.month - 1]),
            year=when.year,
            time=f"{when:%H:%M}",
        )

    @property
    def length(self) -> str:
        """How long it is played, as the cover says it."""
        return _("{length} of play, then the hot wash").format(length=span(self.scenario.minutes * 60))

    @property
    def length_in_moves(self) -> str:
        """How long it is played, and in how many moves."""
        return ngettext(
            "{length} of play in {number} move", "{length} of play in {number} moves", len(self.scenario.moves)
        ).format(length=span(self.scenario.minutes * 60), number=figure(len(self.scenario.moves)))

    @cached_property
    def held(self) -> tuple[Instrument, ...]:
        """The texts that any team has accepted, in the catalogue's order."""
        ids = {entry.instrument for team in self.scenario.teams for entry in team.profile}
        return tuple(text for id, text in self.reference.instruments.items() if id in ids)

    def areas(self, commitments: Sequence[str]) -> tuple[str, ...]:
        """The core capabilities that commitments belong to, in the scorecard's order."""
        found = {self.reference.area(id) for id in commitments if id in self.reference.commitments}
        return tuple(_(area.value) for area in Area if area in found)

    def agenda(self) -> Table:
        """Moves and plenaries with room for the hours of the day; later moves without their titles."""
        rows = [(_("Welcome, briefing, time to read"), "", "", "")]
        for place, move in enumerate(self.scenario.moves, 1):
            start = "STARTEX. " if place == 1 else ""
            rows.append((start + _("Move {number}").format(number=place), minutes(move.minutes), "", ""))
            if move.plenary:
                rows.append(
                    (_("Plenary after move {number}").format(number=place), minutes(move.plenary.minutes), "", "")
                )
        rows += [(_("ENDEX. Hot wash"), "", "", ""), (_("Survey"), "", "", "")]
        return Table(
            (_("What"), _("Length"), _("Room's clock, from"), _("Until")), tuple(rows), _("Agenda"), (4, 1.4, 1.8, 1.8)
        )

    def conduct(self, conduct: Sequence[Conduct], *, kept: bool, reasons: bool = False) -> str:
        """What an answer keeps, or what it strains, a clause a line."""
        return "\n".join(
            self._clause(part, reasons) for part in conduct if (part.grade.value in ("honoured", "partly")) is kept
        )

    def _clause(self, part: Conduct, reasons: bool) -> str:
        title = self.reference.commitment(part.commitment).title
        said = f"{SIGNS[part.grade.value]} {part.commitment} {title}, {_(part.grade.value)}"
        if part.when is not None and reasons:
            said += ", " + _("if {condition}").format(condition=self.words.condition(part.when))
        elif part.when is not None:
            said += ", " + _("under a condition")
        return f"{said}: {part.because}" if reasons else said


def figure(count: int) -> str:
    """`three` in English, and `3` in languages where the word would have to agree with what is counted."""
    return number(count) if spoken() == SOURCE else str(count)


def alternatives(names: Iterable[str]) -> str:
    """`a, b or c`."""
    return f" {_('or')} ".join(names)


def opened(first: str, rest: str) -> Opened:
    """A line whose first words stand out."""
    return Opened(first, f" {rest}")


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


def kind_names(scenario: Scenario, ids: tuple[str, ...]) -> str:
    """Kinds of request by their names."""
    return "; ".join(scenario.kinds_by_id[id].name if id in scenario.kinds_by_id else id for id in ids)


def labelled(label: str, text: str) -> str:
    """A text under its label, if there is any."""
    return f"{label}: {text}" if text else ""
