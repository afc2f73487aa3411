"""The pages of the hot wash: scorecards with every mark's reason and moment, facts, indicators, questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exercise.core.assess import Assessment
from exercise.core.marks import CapacityFinding, Mark
from exercise.core.reasons import told
from exercise.core.reference import Reference
from exercise.core.scorecard import ClauseResult, Row, Scorecard
from exercise.core.views import HotWashView
from exercise.language import N_, _
from exercise.plain import pages
from exercise.plain.words import INDENT, body, counted, field, heading, joined, one_line, say, story, with_unit

RECORD = N_("This is a training record and no finding about any State.")
"""Said wherever marks are shown."""

_ABOUT_REQUEST = "request:r"
"""How the occasion of a mark on a request begins; the request's number among all follows."""


def summary(assessment: Assessment, names: Mapping[str, str], width: int) -> Iterator[str]:
    """Each team's counts in a line; they stand side by side and are not added up or ranked."""
    yield from heading(_("Scorecards"), width)
    yield from say(_(RECORD), width)
    for team, card in assessment.scorecards.items():
        yield from field(names.get(team, team), card.counts.text, width)


def scorecard(card: Scorecard, name: str, reference: Reference, width: int) -> Iterator[str]:
    """A team's card by area, by instrument and by clause."""
    yield from heading(_("Scorecard of {name}").format(name=name), width)
    yield from say(_(RECORD), width)
    yield from field(_("All"), card.counts.text, width)
    for title, rows in ((_("By area"), card.areas), (_("By instrument"), card.instruments)):
        if rows:
            yield from heading(title, width)
        for row in rows:
            yield from _row(row, card, width)
    shown = [
        clause
        for clause in card.clauses
        if clause.status in ("tested", "unable") or (clause.status == "observed" and clause.marks)
    ]
    if shown:
        yield from heading(_("By clause"), width)
    for clause in shown:
        yield from _clause(clause, reference, width)
    observed = [clause.commitment for clause in card.clauses if clause.status == "observed" and not clause.marks]
    yield from field(_("Observed only, and nothing was seen"), ", ".join(observed), width)
    yield from field(_("Not tested"), ", ".join(card.untested), width)
    beyond = counted(len(card.beyond), "commitment") if card.beyond else ""
    yield from field(_("Never put to the team by this scenario"), beyond, width)


def _row(row: Row, card: Scorecard, width: int) -> Iterator[str]:
    """A clause that is only observed is counted where something was seen, as in a report and a simulation."""
    mine = (clause for clause in card.clauses if row.key in (clause.area.value, clause.instrument))
    seen = sum(clause.status == "observed" and clause.grade is not None for clause in mine)
    notes = [_("{not_tested} not tested").format(not_tested=row.not_tested)] if row.not_tested else []
    notes += [_("{observed} observed").format(observed=seen)] if seen else []
    yield from field(_(row.title), ", ".join([row.counts.text, *notes]), width, INDENT)


def _clause(clause: ClauseResult, reference: Reference, width: int) -> Iterator[str]:
    result = _(clause.grade.value if clause.grade else clause.status.replace("-", " "))
    if clause.status == "observed":
        result = _("observed, not scored{it}").format(it=f": {_(clause.grade.value)}" if clause.grade else "")
    marks = f"; {counted(len(clause.marks), 'mark')}" if clause.marks else ""
    own = _("; self-proposed") if clause.self_proposed else ""
    yield from field(pages.clause_line(reference, clause.commitment), f"{result}{own}{marks}", width, INDENT)
    yield from field(_("Note"), told(clause.note, {}), width, INDENT * 2)


def marks_of(assessment: Assessment, team: str) -> tuple[Mark | CapacityFinding, ...]:
    """A team's marks and after them its capacity findings; their place in this row is the number that people type."""
    return (*assessment.marks_of(team), *(finding for finding in assessment.findings if finding.team == team))


def grade(mark: Mark | CapacityFinding) -> str:
    """What a mark says, in words: the grade, or what the team was without."""
    if isinstance(mark, CapacityFinding):
        lacked = _(", it lacked {value}").format(value=_(mark.lacking.value)) if mark.lacking else ""
        text = _("unable") + lacked
    else:
        text = _(mark.grade.value)
        text += _(", observed and not scored") if mark.observation else ""
        text += _(", self-proposed") if mark.self_proposed else ""
    return text + (_(", void") if mark.voided else "")


def marks(assessment: Assessment, team: str, name: str, words: str, width: int) -> Iterator[str]:
    """A team's marks as a list, all or those that hold the words (an id, a grade, an instrument, an area)."""
    yield from heading(
        _("Marks of {name}").format(name=name) + (_(" with '{words}'").format(words=one_line(words)) if words else ""),
        width,
    )
    found = False
    for n, mark in enumerate(marks_of(assessment, team), 1):
        if words and words.casefold() not in _haystack(mark, assessment.reference):
            continue
        found = True
        yield from say(
            f"{n}. {grade(mark).capitalize()}: {pages.clause_line(assessment.reference, mark.commitment)}; "
            f"{mark.title}, {story(mark.exercise)}",
            width,
        )
    yield from say(_("Type 'mark' and a number for its reason and moment.") if found else _("None."), width)


def _haystack(mark: Mark | CapacityFinding, reference: Reference) -> str:
    parts = [pages.clause_line(reference, mark.commitment), mark.instrument, grade(mark), mark.title]
    parts += [_(reference.area(mark.commitment).value)] if mark.commitment in reference.commitments else []
    return " ".join(parts).casefold()


def mark(assessment: Assessment, item: Mark | CapacityFinding, width: int, label: str = "") -> Iterator[str]:
    """A mark with its reason and its moment."""
    yield from say(
        f"{label or _('Mark')}: {grade(item)}; {pages.clause_line(assessment.reference, item.commitment)}", width
    )
    yield from field(_("For"), item.title, width, INDENT)
    yield from field(_("Reason"), item.reason, width, INDENT)
    if isinstance(item, Mark):
        for sentence in item.adjustments:
            yield from field(_("Adjusted"), sentence, width, INDENT)
        if item.proposed is not item.grade:
            yield from field(_("Proposed at first"), _(item.proposed.value), width, INDENT)
    word = _("entry") if len(item.entries) == 1 else _("entries")
    shown = joined(str(entry) for entry in item.entries)
    yield from field(
        _("Moment"),
        _("{story}, log {word} {shown}").format(story=story(item.exercise), word=word, shown=shown),
        width,
        INDENT,
    )


def request_of(item: Mark | CapacityFinding, wash: HotWashView | None) -> int | None:
    """The number, among all requests, of the one that a mark is about; None where it is about something else."""
    number = item.occasion.removeprefix(_ABOUT_REQUEST)
    if wash is None or number == item.occasion or not (number.isascii() and number.isdigit()):
        return None
    return int(number) if 0 < int(number) <= len(wash.requests) else None


def facts(wash: HotWashView, width: int) -> Iterator[str]:
    """What was true behind the crisis."""
    yield from heading(_("What was true"), width)
    for title, says in wash.facts:
        yield from field(title, says, width)
    if not wash.facts:
        yield from say(_("The scenario has no hidden facts."), width)


def indicators(wash: HotWashView, width: int) -> Iterator[str]:
    """Every indicator's course as numbers with their times."""
    yield from heading(_("Indicators over time"), width)
    for indicator in wash.indicators:
        whose = f" ({one_line(indicator.owner)})" if indicator.owner else ""
        course = ", ".join(
            f"{story(time)} {with_unit(value, indicator.unit)}" for _unused, time, value in indicator.course
        )
        yield from field(indicator.name + whose, course or with_unit(indicator.value, indicator.unit), width)
        yield from say(_("{indent}At the end {change}.").format(indent=INDENT, change=pages.change(indicator)), width)


def questions(wash: HotWashView, width: int) -> Iterator[str]:
    """The objectives and the questions for the discussion."""
    yield from heading(_("Questions for the hot wash"), width)
    for team, question in wash.questions:
        yield from say(f"- {f'{team}: ' if team else ''}{question}", width)
    if wash.objectives:
        yield from heading(_("Objectives"), width)
        for title, text in wash.objectives:
            yield from say(f"- {title}", width)
            yield from body(text, width)


def decisions(wash: HotWashView, reference: Reference, width: int) -> Iterator[str]:
    """Every decision that was put, with how it was answered."""
    yield from heading(_("Decisions of all teams"), width)
    for n, (team, item) in enumerate(wash.decisions, 1):
        yield from pages.outcome(item, reference, width, f"{n}. {one_line(team)}: ")
