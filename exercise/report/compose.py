"""From the report as data to its pages, in the order of an AAR/IP: one document for every form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exercise.language import SOURCE, Told, _, spoken
from exercise.report import pages_conduct as conduct
from exercise.report import pages_course as course
from exercise.report import pages_front as front
from exercise.report.blocks import Block, Document, PageBreak
from exercise.report.method import method_pages
from exercise.report.model import AfterAction
from exercise.report.naming import Names
from exercise.report.pages_cards import cards
from exercise.report.pages_desk import control_pages
from exercise.report.words import counted, upper

EDITIONS: Mapping[str, str] = Told(
    {
        "facilitator": "Facilitator's edition",
        "participants": "Participants' edition",
        "anonymous": "Anonymous edition",
    }
)


def compose(report: AfterAction, *, brief: bool = False) -> Document:
    """The pages of a report; a brief one ends before the appendices, which are two thirds of it."""
    over, edition = report.overview, EDITIONS[report.edition]
    people = _("marks proposed by the program; no evaluator has looked yet")
    if report.evaluators:
        people = counted(report.evaluators, "evaluator")
    interim = "" if over.ended else _("Interim ")
    return Document(
        title=over.exercise,
        subtitle=upper(_("{interim}after-action report and improvement plan").format(interim=interim).lower()),
        meta=(
            (_("Held on"), front.held_on(report)),
            (_("Teams"), ", ".join(team.short for team in report.teams)),
            (_("Edition"), edition),
            (_("Evaluated by"), people),
            *(((_("Session"), over.session),) if over.session else ()),
        ),
        blocks=tuple(_blocks(report, brief)),
        statement=report.statement,
        language="en-GB" if spoken() == SOURCE else spoken().replace("_", "-"),
        running=_("{exercise} · {edition} · a training record, no finding about any State").format(
            exercise=over.exercise, edition=edition
        ),
    )


def _blocks(report: AfterAction, brief: bool) -> Iterator[Block]:
    names = Names(report)
    yield from front.notices(report)
    yield from front.overview(report)
    yield from front.executive_summary(report)
    yield from course.what_happened(report, names, brief)
    yield from conduct.objectives(report, names)
    yield from cards(report, names)
    yield from course.requests(report, names)
    yield from course.indicators(report, names)
    yield from course.decisions(report, names)
    yield from conduct.evaluators(report, names)
    yield from conduct.survey(report)
    yield PageBreak()
    yield from front.plan(report)
    yield from front.participants(report)
    yield from method_pages()
    yield from front.record(report)
    if brief:
        return
    yield PageBreak()
    yield from course.timeline(report)
    yield from conduct.marks(report, names)
    yield from control_pages(report, names)
