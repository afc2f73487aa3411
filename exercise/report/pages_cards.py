"""The cards of the teams: what their conduct came to by area, by text and by clause, and what they lacked means for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from exercise.core.reasons import told as retold
from exercise.core.script import Grade
from exercise.language import _, ngettext
from exercise.report.blocks import Block, Heading, Paragraph, Table
from exercise.report.charts import Conduct, scorecard_chart
from exercise.report.model import AfterAction
from exercise.report.naming import GRADES, Names
from exercise.report.parts import Clause, Counts, Delegation, Tally
from exercise.report.words import counted, unmarked, upper


def cards(report: AfterAction, names: Names) -> Iterator[Block]:
    """Each team's card: by area, by text, by clause."""
    yield Heading(_("Conduct of the teams"), 1, "conduct")
    yield Paragraph(
        _(
            "Counts of clauses; they are not added up and not netted, and there is no order "
            "among teams. Means stand apart from conduct: what a team could not do is a finding "
            "about capacity."
        )
    )
    rows = [
        Conduct(
            team.short, area.title, area.counts.kept, area.counts.partly, area.counts.neglected, area.counts.breached
        )
        for team in report.teams
        for area in team.areas
        if area.counts.tested
    ]
    if rows:
        # The counts of each area stand on the cards below; beside the picture, those of the teams are enough.
        yield replace(scorecard_chart(rows), table=_teams(report))
    for team in report.teams:
        yield from _card(report, names, team)


def _teams(report: AfterAction) -> Table:
    return Table(
        (_("Team"), _("Kept"), _("Partly"), _("Neglected"), _("Breached"), _("Tested")),
        tuple((team.short, *_counts(team.counts)) for team in report.teams),
        _("Clauses by team; by area on each team's card"),
        (3, *[1] * 5),
        numeric=tuple(range(1, 6)),
    )


def _titled(row: Tally) -> str:
    seen = ngettext("{many} observed", "{many} observed", row.observed).format(many=row.observed)
    unable = ngettext("{many} unable", "{many} unable", row.unable).format(many=row.unable)
    more = [text for text, many in ((seen, row.observed), (unable, row.unable)) if many]
    return f"{_(row.title)} ({', '.join(more)})" if more else _(row.title)


def _counts(found: Counts) -> tuple[str, ...]:
    return tuple(map(str, (found.kept, found.partly, found.neglected, found.breached, found.tested)))


def _card(report: AfterAction, names: Names, team: Delegation) -> Iterator[Block]:
    yield Heading(team.name, 2, f"team-{team.id}")
    yield Paragraph(unmarked(team.about))
    yield Paragraph(_sum(team) if team.counts.tested else _("Nothing that is scored was put to this team."))
    yield from _tallies(team)
    yield from _by_clause(names, team)
    yield from _means(report, names, team)


def _sum(team: Delegation) -> str:
    found = team.counts
    own = (
        _(", {self_proposed} of them by the team's own mapping alone").format(self_proposed=found.self_proposed)
        if found.self_proposed
        else ""
    )
    return _(
        "{kept} kept, {partly} partly, {neglected} neglected, {breached} breached, of "
        "{tested} tested{own}. {beyond} of its texts {more} never put to it by this scenario."
    ).format(
        kept=found.kept,
        partly=found.partly,
        neglected=found.neglected,
        breached=found.breached,
        tested=found.tested,
        own=own,
        beyond=upper(counted(team.beyond, "further clause")),
        more=_("is") if team.beyond == 1 else _("are"),
    )


def _tallies(team: Delegation) -> Iterator[Table]:
    columns = (_("Kept"), _("Partly"), _("Neglected"), _("Breached"), _("Tested"), _("Not tested"))
    by_area, by_text = _("{short} by area"), _("{short} by text")
    for title, caption, tallies in ((_("Area"), by_area, team.areas), (_("Text"), by_text, team.instruments)):
        shown = tuple(
            (_titled(row), *_counts(row.counts), str(row.not_tested))
            for row in tallies
            if row.counts.tested or row.not_tested or row.unable or row.observed
        )
        # A team of which nothing is ever scored has no counts, and its clauses stand below.
        if any(row.counts.tested or row.not_tested for row in tallies):
            named = caption.format(short=team.short)
            yield Table((title, *columns), shown, named, (3.4, *[1] * 6), numeric=tuple(range(1, 7)))


def _standing(names: Names, row: Clause) -> tuple[int, ...]:
    return tuple(number for number in row.marks if names.marks[number].stands)


def _by_clause(names: Names, team: Delegation) -> Iterator[Table]:
    clauses = tuple(
        (
            f"{row.reference.cited}\n{row.reference.title}",
            GRADES[row.grade] if row.grade and row.status == "tested" else _status(row.status, row.grade),
            retold(row.note, {}),
            names.mark(standing) if (standing := _standing(names, row)) else "–",
        )
        for row in team.clauses
        if row.status not in ("not-applicable", "context")
    )
    if clauses:
        yield Table(
            (_("Clause"), _("Result"), _("Note"), _("Marks")),
            clauses,
            _("{short} by clause").format(short=team.short),
            (3.4, 1.4, 2.6, 1.2),
        )


def _means(report: AfterAction, names: Names, team: Delegation) -> Iterator[Block]:
    findings = [row for row in report.findings if row.team == team.id and not row.voided]
    if findings:
        yield Heading(_("Means of {short}").format(short=team.short), 3)
        yield Table(
            (_("Clause"), _("Occasion"), _("Lacked"), _("What shows it"), _("Entries")),
            tuple(
                (
                    f"{row.reference.cited}\n{row.reference.title}",
                    row.title,
                    _(row.lacking) or "–",
                    row.reason,
                    names.entry(row.entries),
                )
                for row in findings
            ),
            _("What {short} could not do for want of means").format(short=team.short),
            (2.6, 2, 1, 3.4, 1),
        )


def _status(status: str, grade: Grade | None) -> str:
    if status == "observed":
        return _("observed: {grade}").format(grade=GRADES[grade]) if grade else _("only observed; nothing seen")
    return {"unable": _("unable"), "not-tested": _("not tested")}.get(status, status)
