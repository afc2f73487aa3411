"""The executive summary for languages in which words bend: the same facts in sentences that are translated whole.

The English one plays with its forms, and its parts cannot be put into another order; these can.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import get_args

from exercise.core.marks import RANK
from exercise.core.script import Grade
from exercise.language import _, quoted
from exercise.report.model import AfterAction
from exercise.report.naming import GRADES
from exercise.report.parts import Clause, Course, Delegation, Outcome, Point
from exercise.report.words import amount, day, hour, listed, sentence, span

MOST = 3
"""Strengths and areas for improvement that the summary speaks of; the analysis has them all."""


def summary_told(report: AfterAction) -> tuple[str, ...]:
    """What happened; how each team did; where the crisis went; what was strong and what needs work; who rated what."""
    paragraphs = (_course(report), _conduct(report), _indicators(report), _lessons(report), _ratings(report))
    return tuple(" ".join(sentences) for sentences in map(list, paragraphs) if sentences)


def _course(report: AfterAction) -> Iterator[str]:
    over = report.overview
    yield _("Teams in “{exercise}”: {teams}.").format(
        exercise=over.exercise, teams=listed([team.short for team in report.teams])
    )
    if over.held:
        days = [day(over.held), *([day(over.held_until)] if over.held_until else [])]
        yield _("Played: {days}.").format(days=" – ".join(days))
    yield _("Length of play: {play}; moves played: {moves}. The story went from {start} to {end}.").format(
        play=span(over.play_seconds),
        moves=len(report.moves),
        start=hour(over.story_from),
        end=hour(over.story_until),
    )
    yield from _decisions(report)
    yield from _requests(report)


def _decisions(report: AfterAction) -> Iterator[str]:
    rows = report.decisions
    if not rows:
        yield _("No decision was put to anybody.")
        return
    chosen = [row for row in rows if row.status == "chosen"]
    lapsed = sum(row.status == "lapsed" for row in rows)
    yield _("Decisions put: {put}; answered: {chosen}; lapsed: {lapsed}; still open: {still}.").format(
        put=len(rows), chosen=len(chosen), lapsed=lapsed, still=len(rows) - len(chosen) - lapsed
    )
    late = sum(row.deadline is not None and (row.answered or 0) > row.deadline for row in chosen)
    own = sum(bool(row.own_words) for row in chosen)
    if late:
        yield _("Answers after the hour of the story by which they were due: {late}.").format(late=late)
    if own:
        yield _("Answers that were a team's own proposal: {own}.").format(own=own)


def _requests(report: AfterAction) -> Iterator[str]:
    rows = report.requests
    if not rows:
        yield _("No cooperation request was sent.")
        return
    teams = {team.id for team in report.teams}
    asked = [row for row in rows if row.wants_answer]
    yield _(
        "Cooperation requests sent: {sent}, of them by bodies that exercise control played: {bodies}; only to inform "
        "or to call a contact point: {told}."
    ).format(sent=len(rows), bodies=sum(row.source not in teams for row in rows), told=len(rows) - len(asked))
    if asked:
        found = {end: sum(row.outcome == end for row in asked) for end in get_args(Outcome)}
        yield _(
            "Requests that asked for something: {asked}; met: {met}; met in part: {partly}; refused: {refused}; never "
            "answered: {unanswered}; withdrawn: {withdrawn}; still open: {open}; did not get through, so "
            "that nobody could answer: {failed}."
        ).format(asked=len(asked), **found)
    waits = [row.answered - row.sent for row in asked if row.answered is not None]
    if len(waits) > 1:
        wait = span(round(median(waits)))
        yield _("Where an answer came, the median wait for it was {wait} by the story's clock.").format(wait=wait)


def _conduct(report: AfterAction) -> Iterator[str]:
    for team in report.teams:
        if team.counts.tested:
            yield from _team(team)
    rest = [team.short for team in report.teams if not team.counts.tested]
    if rest:
        yield _("Nothing that is scored was put to: {teams}.").format(teams=listed(rest))
    unable = sum(not row.voided for row in report.findings)
    if unable:
        yield _("Findings about capacity, which are no marks: {number}.").format(number=unable)


def _team(team: Delegation) -> Iterator[str]:
    found = team.counts
    yield _(
        "{team}: clauses tested {tested}, kept {kept}, kept in part {partly}, neglected {neglected}, "
        "breached {breached}."
    ).format(
        team=team.short,
        tested=found.tested,
        kept=found.kept,
        partly=found.partly,
        neglected=found.neglected,
        breached=found.breached,
    )
    whole = [row for row in team.areas if row.counts.kept > 1 and row.counts.kept == row.counts.tested]
    if whole:
        best = max(whole, key=lambda area: area.counts.kept)
        yield _("Surest ground: {area}.").format(area=_(best.title))
    low = [row for row in team.clauses if row.status == "tested" and row.grade in (Grade.NEGLECTED, Grade.BREACHED)]
    if low:
        worst = min((row.grade or Grade.HONOURED for row in low), key=RANK.__getitem__)
        yield _("Lowest marks: {clauses}.").format(
            clauses=listed([_named(row) for row in low if row.grade is worst][:2])
        )


def _named(row: Clause | Point) -> str:
    return _("“{title}” ({cited})").format(title=row.reference.title, cited=row.reference.cited)


def _indicators(report: AfterAction) -> Iterator[str]:
    changed = [(change(row), row) for row in report.indicators if len(row.points) > 1]
    better = [pair for pair in changed if pair[0] > 0]
    worse = [pair for pair in changed if pair[0] < 0]
    if not changed:
        return
    yield _("Indicators that moved: {moved}; better than at STARTEX: {better}; worse: {worse}.").format(
        moved=len(changed), better=len(better), worse=len(worse)
    )
    if better:
        yield _("Moved furthest for the better: {went}.").format(went=_went(max(better, key=lambda pair: pair[0])[1]))
    if worse:
        yield _("Moved furthest for the worse: {went}.").format(went=_went(min(worse, key=lambda pair: pair[0])[1]))


def change(row: Course) -> float:
    """How far it went over its whole range, above 0 for the better."""
    moved = (row.points[-1][2] - row.points[0][2]) / (row.highest - row.lowest)
    return moved if row.better == "higher" else -moved


def _went(row: Course) -> str:
    first, last = amount(row.points[0][2]), amount(row.points[-1][2], row.unit)
    return _("“{name}”, from {first} to {last}").format(name=row.name, first=first, last=last)


def _lessons(report: AfterAction) -> Iterator[str]:
    strengths = once(point for row in report.objectives for point in row.strengths)
    strengths.sort(key=lambda point: -len(point.teams))
    improve = once(point for row in report.objectives for point in row.improvements)
    improve.sort(key=lambda point: (RANK[point.grade], -len(point.teams)))
    if strengths:
        kept = [
            f"{_named(point)}, {listed([report.team_name(id) for id in point.teams])}" for point in strengths[:MOST]
        ]
        yield _("What went well: {points}.").format(points="; ".join(kept))
    quoted: set[str] = set()
    for place, point in enumerate(improve[:MOST]):
        said = [f"{report.team_name(id)}: {GRADES[grade]}" for id, grade in zip(point.teams, point.grades, strict=True)]
        opening = _("What needs work first: {point}.") if place == 0 else _("Then: {point}.")
        yield opening.format(point=f"{_named(point)} ({'; '.join(said)})")
        # Two clauses may have been left by one and the same act, which is told once.
        why = _why(report, point)
        if why not in quoted:
            yield from filter(None, (why,))
        quoted.add(why)


def once(points: Iterator[Point]) -> list[Point]:
    """Each commitment once, as its last point has it."""
    return list({point.reference.commitment: point for point in points}.values())


def _why(report: AfterAction, point: Point) -> str:
    if not point.marks:
        return ""
    mark = next(row for row in report.marks if row.number == point.marks[0])
    words = _("The record says of {team}: “{why}”") if mark.why == mark.reason else None
    words = words or _("The evaluators say of {team}: “{why}”")
    return words.format(team=report.team_name(mark.team), why=sentence(mark.why))


def _ratings(report: AfterAction) -> Iterator[str]:
    rated = [(row.title, [one.rating for one in row.ratings]) for row in report.objectives if row.ratings]
    if rated:
        said = "; ".join(f"{quoted(title)} {', '.join(ratings)}" for title, ratings in rated)
        yield _("Ratings of the evaluators: {ratings}.").format(ratings=said)
    elif report.objectives:
        yield _(
            "No evaluator has rated the objectives yet; the ratings printed beside them are suggested by the program "
            "from the marks."
        )
    if report.agreement is not None and report.agreement.compared:
        yield report.agreement.words
