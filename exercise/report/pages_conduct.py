"""The pages on conduct: ratings and grounds of each objective, marks, evaluators and survey; the cards are beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from exercise.core.evaluation.survey import SCALE_ENDS
from exercise.core.reasons import told as retold
from exercise.core.script import Grade
from exercise.language import _, quoted
from exercise.report.blocks import Block, Bullets, Cell, Figure, Heading, Paragraph, Place, Quote, Table
from exercise.report.charts import Scale, agreement_chart, survey_chart
from exercise.report.model import AfterAction
from exercise.report.naming import GRADES, RATINGS, Names, graded, story
from exercise.report.parts import Answers, Mark, Objective, Point, Rated
from exercise.report.words import sentence, unmarked, upper

MOST_REASONS = 2
"""Reasons told of one team under one clause; the marks have them all."""

_SAID_BESIDE = ("confirmed by ", "changed by ", "disputed: ", "settled by ", "added by ")
"""How notes on a mark begin that say what evaluators did to it."""

_OBSERVED = "observation: this text is observed and never scored"
"""Stands in the heading of an analysis already. A note may come in English or in the language of the report."""


def objectives(report: AfterAction, names: Names) -> Iterator[Block]:
    """Section 3 of an AAR/IP."""
    yield Heading(_("Analysis of objectives"), 1, "objectives")
    if not report.objectives:
        yield Paragraph(_("The scenario names no objectives."))
        return
    numbers = range(1, report.evaluators + 1)
    rows: list[tuple[Cell, ...]] = []
    for row in report.objectives:
        by = {one.evaluator: one.rating for one in row.ratings}
        given = [by.get(number, "–") for number in numbers] or [_("not rated")]
        rows.append((row.title, upper("; ".join(map(_, row.areas))), *given, row.suggested or _("not tested")))
    evaluators = tuple(_("Evaluator {number}").format(number=number) for number in numbers) or (_("Evaluators"),)
    yield Table(
        (_("Objective"), _("Core capability"), *evaluators, _("Suggested by the program")),
        tuple(rows),
        _("Ratings by objective and core capability"),
        (3, 3, *[1.2] * len(evaluators), 1.2),
    )
    yield Paragraph(
        "; ".join(f"{letter}: {says}" for letter, says in RATINGS.items())
        + _(". Ratings are set by evaluators; what the program suggests comes from the marks alone.")
        + " "
        + _(
            "It counts the clauses tested under the whole objective: beside a critical task stands what is suggested "
            "for the objective, of that task's team, for no clause belongs to one task."
        ),
        "small",
    )
    for place, row in enumerate(report.objectives, 1):
        yield from _objective(report, names, place, row)


def _objective(report: AfterAction, names: Names, place: int, row: Objective) -> Iterator[Block]:
    yield Heading(_("Objective {place}: {title}").format(place=place, title=row.title), 2, f"objective-{row.id}")
    if row.text:
        yield Paragraph(unmarked(row.text))
    said = [f"{names.evaluator(one.evaluator)}: {one.rating}, {RATINGS[one.rating]}" for one in row.ratings]
    suggested = (
        f"{row.suggested}, {RATINGS[row.suggested]}" if row.suggested else _("nothing, since nothing was tested")
    )
    said.append(_("Suggested by the program: {suggested}").format(suggested=suggested))
    yield Bullets(tuple(said))
    if row.tasks:
        yield _tasks(report, names, row)
    none = _("No clause of this objective was tested.")
    yield Heading(_("Strengths"), 3)
    yield from _words(names, row.ratings, "strengths")
    if row.strengths:
        yield _points(names, row.strengths, _("What was kept, and what shows it"))
    elif not any(one.strengths for one in row.ratings):
        yield Paragraph(
            _("No clause of this objective that was tested was kept in full.") if row.improvements else none
        )
    yield Heading(_("Areas for improvement"), 3)
    yield from _words(names, row.ratings, "improvements")
    if row.improvements:
        yield _points(names, row.improvements, _("What was not kept in full, and what shows it"))
    elif not any(one.improvements for one in row.ratings):
        yield Paragraph(_("Every clause of this objective that was tested was kept.") if row.strengths else none)
    if row.observations:
        yield Heading(_("Observed, not scored"), 3)
        yield _points(names, row.observations, _("Under principles, which are observed and never scored"))


def _tasks(report: AfterAction, names: Names, row: Objective) -> Table:
    numbers = range(1, report.evaluators + 1)
    rows: list[tuple[Cell, ...]] = []
    for task in row.tasks:
        by = {one.evaluator: one.rating for one in task.ratings}
        given = [by.get(number, "–") for number in numbers] or [_("not rated")]
        rows.append((task.text, names.team(task.team) if task.team else _("all"), *given, task.suggested or "–"))
    evaluators = tuple(_("Evaluator {number}").format(number=number) for number in numbers) or (_("Evaluators"),)
    return Table(
        (_("Critical task"), _("Team"), *evaluators, _("Suggested for the objective")),
        tuple(rows),
        _("Critical tasks"),
        (4, 1.4, *[1.2] * len(evaluators), 1.4),
    )


def _words(names: Names, ratings: tuple[Rated, ...], which: str) -> Iterator[Block]:
    for one in ratings:
        text = one.strengths if which == "strengths" else one.improvements
        if text:
            yield Quote(text, names.evaluator(one.evaluator))


def _points(names: Names, points: tuple[Point, ...], caption: str) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for point in points:
        stands = zip(point.teams, point.grades, strict=True)
        teams = "\n".join(f"{names.team(team)}: {GRADES[grade]}" for team, grade in stands)
        shown = tuple(number for number in point.marks if names.marks[number].grade)
        rows.append(
            (
                f"{point.reference.cited}\n{point.reference.title}",
                teams,
                _analysis(names, point),
                names.mark(shown),
            )
        )
    return Table((_("Reference"), _("Teams"), _("Analysis"), _("Marks")), tuple(rows), caption, (2.2, 1.6, 4.4, 1.1))


def _analysis(names: Names, point: Point) -> str:
    """What the marks say, team by team: the most telling reasons, each once."""
    told = []
    for team in point.teams:
        marks = [names.marks[number] for number in point.marks if names.marks[number].team == team]
        reasons = list(dict.fromkeys(map(_grounds, marks)))[:MOST_REASONS]
        if reasons:
            told.append(f"{names.team(team)}: {' '.join(reasons)}")
    return "\n".join(told)


def _grounds(mark: Mark) -> str:
    """The reason of a mark, what raised or bounded its grade, and the reason of people who changed it."""
    kept = (note for note in mark.adjustments if note not in (_OBSERVED, _(_OBSERVED)))
    notes = [upper(sentence(retold(note, {}))) for note in kept if not note.startswith(_SAID_BESIDE)]
    said = " ".join([sentence(mark.reason), *notes])
    if mark.why == mark.reason:
        return said
    # The program's reason is one for the grade that no longer stands.
    return said + _(" Proposed as {grade}; evaluators: “{why}”").format(grade=GRADES[mark.proposed], why=mark.why)


def marks(report: AfterAction, names: Names) -> Iterator[Block]:
    """Every mark with its moment, its reason and who proposed or changed it."""
    yield Heading(_("Marks and what shows them"), 1, "marks")
    yield Paragraph(
        _(
            "Every mark has a number by which this report names it, the time of the story, the "
            "clause, the occasion, and the entries of the log that show it; the entries lead to "
            "the timeline. Where the program proposed it, either the answer that the team chose "
            "did, or the rule that is named."
        )
    )
    for team in report.teams:
        mine = [mark for mark in report.marks if mark.team == team.id]
        if not mine:
            continue
        yield Heading(_("Marks of {short}").format(short=team.short), 2, f"marks-{team.id}")
        yield Table(
            (_("No."), _("Time"), _("Clause"), _("Occasion"), _("Grade"), _("Proposed by"), _("Reason"), _("Entries")),
            tuple(_mark(names, mark) for mark in mine),
            _("Marks of {short}").format(short=team.short),
            (0.5, 0.7, 3, 2.8, 1, 1.2, 4.2, 0.9),
            wide=True,
        )


def _mark(names: Names, mark: Mark) -> tuple[Cell, ...]:
    notes = (note for note in mark.adjustments if mark.status not in ("added", "settled") or " by " not in note)
    told = [sentence(mark.reason), *(upper(sentence(retold(note, {}))) for note in notes)]
    # Who simply confirmed is counted above; what somebody changed, or had to say, is told in full.
    for said in mark.judgments:
        if said.reason or said.grade is not mark.proposed:
            grade = GRADES[said.grade] if said.grade else _("does not apply")
            words = f", {quoted(said.reason)}" if said.reason else ""
            told.append(sentence(f"{names.evaluator(said.evaluator)}: {grade}{words}"))
    if mark.voided:
        told.append(_("Set aside by exercise control; it does not count."))
    if mark.settled:
        told.append(_("Settled by the evaluators together: “{settled}”").format(settled=mark.settled))
    if mark.answer:
        told.append(_("The team's answer: “{answer}”").format(answer=mark.answer))
    return (
        Place(str(mark.number), f"mark-{mark.number}"),
        story(mark.exercise),
        f"{mark.reference.cited}: {mark.reference.title}",
        mark.title,
        graded(mark),
        _source(names, mark),
        "\n".join(told),
        names.entry(mark.entries),
    )


def _source(names: Names, mark: Mark) -> str:
    if mark.added_by:
        return _("added by {added_by}").format(added_by=names.evaluator(mark.added_by))
    if mark.source == "tag":
        return _("answer")
    # Where who added it is not told, its source says “evaluator”; else it is the name of a rule.
    return _("the team") if mark.source == "self-proposed" else _(mark.source.replace("-", " "))


def evaluators(report: AfterAction, names: Names) -> Iterator[Block]:
    """How far evaluators agree, where they do not, and what teams say to marks."""
    yield Heading(_("Evaluators: agreement and dissent"), 1, "evaluators")
    if report.agreement is None:
        yield Paragraph(
            _("Agreement can be told where two evaluators have judged; ")
            + (_("only one has.") if report.evaluators == 1 else _("no judgment is in this report."))
        )
    else:
        yield Paragraph(report.agreement.words)
        if report.evaluators == 2 and report.agreement.compared:
            yield _judged(report, names)
        if report.agreement.disagreements:
            yield Table(
                (_("Mark"), _("Team and clause"), _("Proposed"), _("Judgments"), _("Now")),
                tuple(_dissent(names, row.mark) for row in report.agreement.disagreements),
                _("Marks on which evaluators differed"),
                (0.7, 2.6, 1.1, 4.4, 1.6),
            )
        else:
            yield Paragraph(_("There was no mark on which they differed."))
    answers = [mark for mark in report.marks if mark.answer]
    if answers:
        yield Heading(_("What teams say to their marks"), 2, "answers")
        yield Table(
            (_("Mark"), _("Team and clause"), _("Grade"), _("The team's answer")),
            tuple(
                (
                    names.mark((mark.number,)),
                    f"{names.team(mark.team)}: {mark.reference.cited}",
                    graded(mark),
                    mark.answer,
                )
                for mark in answers
            ),
            _("Teams' answers"),
            (0.7, 2.6, 1.4, 4.6),
        )


def _judged(report: AfterAction, names: Names) -> Figure:
    """Which grades two evaluators gave to one and the same mark; with more of them the table of dissent says it."""
    grades: tuple[Grade | None, ...] = (*GRADES, None)
    pairs = Counter(
        tuple(row.grade for row in sorted(mark.judgments, key=lambda row: row.evaluator))
        for mark in report.marks
        if len(mark.judgments) == 2
    )
    return agreement_chart(
        [GRADES[grade] if grade else _("does not apply") for grade in grades],
        [[pairs[first, second] for second in grades] for first in grades],
        names.evaluator(1),
        names.evaluator(2),
        _("Marks that both evaluators judged, by the grades they gave"),
    )


def _dissent(names: Names, number: int) -> tuple[Cell, ...]:
    mark = names.marks[number]
    said = [
        f"{names.evaluator(row.evaluator)}: {GRADES[row.grade] if row.grade else _('does not apply')}"
        + (f", {quoted(row.reason)}" if row.reason else "")
        for row in mark.judgments
    ]
    now = (
        _("settled: {graded}\n“{settled}”").format(graded=graded(mark), settled=mark.settled)
        if mark.settled
        else _("disputed; counted as {proposed}").format(proposed=GRADES[mark.proposed])
    )
    return (
        names.mark((number,)),
        f"{names.team(mark.team)}: {mark.reference.cited}, {mark.reference.title}",
        GRADES[mark.proposed],
        "\n".join(said),
        now,
    )


def survey(report: AfterAction) -> Iterator[Block]:
    """The participants' survey."""
    yield Heading(_("Survey of participants"), 1, "survey")
    rows = [*report.survey, *(report.control.team_survey if report.control else ())]
    if not any(row.given for row in rows):
        yield Paragraph(_("No answers to a survey stand in this log."))
        return
    yield Paragraph(
        _(
            "Answers were gathered without names and written into the log in a shuffled order: "
            "who gave which, and when, is not recorded anywhere."
        ),
        "small",
    )
    scales = [row for row in rows if row.kind == "scale" and row.given]
    if scales:
        yield survey_chart(
            [Scale(_asked(report, row), row.counts) for row in scales],
            (_(SCALE_ENDS[0]), _(SCALE_ENDS[1])),
            _("Answers by scale"),
        )
    for row in rows:
        if row.kind == "text" and row.given:
            yield Heading(_asked(report, row), 2)
            for text in row.words:
                yield Quote(text)


def _asked(report: AfterAction, row: Answers) -> str:
    return f"{row.text} ({report.team_name(row.team)})" if row.team else row.text
