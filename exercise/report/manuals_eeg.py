"""Evaluation guides: a form for each objective at each table, from capability to clause to critical task.

Only what a team has accepted stands on its guide, so that nobody rates it under a text that does not bind it.
"""

from __future__ import annotations

from collections.abc import Iterator

from exercise.core.cast import Objective, Team
from exercise.core.commitments import AREA_OF_KIND, Area, Commitment
from exercise.language import _
from exercise.report.blocks import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    Notice,
    Opened,
    PageBreak,
    Paragraph,
    Room,
    Table,
)
from exercise.report.manuals_common import Planned, in_its_language, minutes, opened, rate, ratings
from exercise.report.manuals_story import letter, numbers

BOXES = "☐ P  ☐ S\n☐ M  ☐ U"


def _how() -> tuple[Opened, ...]:
    return (
        opened(
            _("Write first, rate later."),
            _("Note what was said or done, by whom, at which minute or entry of the log."),
        ),
        opened(_("Rate conduct and never luck."), _("What the team knew then counts; how it turned out does not.")),
        opened(
            _("Rate alone."),
            _("Another evaluator, from another delegation, rates the same. You compare after ENDEX, not before."),
        ),
        opened(_("Leave blank what was never put to the team."), _("Not tested is no rating, and U is not its name.")),
        opened(
            _("Unable is not unwilling."),
            _("Where means were missing, say which: channel, people, time, law or tools."),
        ),
        opened(_("Do not help."), _("No hint, no nod; a question of the table's goes to the facilitator.")),
    )


@in_its_language
def evaluation_guide(planned: Planned, team: Team) -> Document:
    """The evaluation guide for one team's table."""
    return planned.document(
        _("Evaluation guide for {team}").format(team=team.short),
        _guide(planned, team),
        readers=_("for evaluators only"),
        meta=(
            (_("Team"), team.name),
            (_("Story begins"), planned.story),
            (_("Evaluator"), "______________________________"),
            (_("Delegation"), "______________________________"),
            (_("Date"), "______________________________"),
        ),
    )


def _guide(planned: Planned, team: Team) -> Iterator[Block]:
    yield Heading(_("How to use this guide"), 1)
    yield Notice(_("For evaluators only: critical tasks and what answers mean are not for the table."))
    yield Bullets(_how())
    yield Facts(tuple((f"{name}: {says}", text) for name, says, text in ratings()))
    total = len(planned.scenario.objectives)
    for number, objective in enumerate(planned.scenario.objectives, 1):
        yield PageBreak()
        yield Heading(
            _("Objective {number} of {total}: {title}").format(number=number, total=total, title=objective.title), 1
        )
        yield from _form(planned, team, objective)
    yield from _decisions(planned, team)


def _form(planned: Planned, team: Team, objective: Objective) -> Iterator[Block]:
    if objective.text:
        yield Paragraph(objective.text, "lead")
    standings = planned.reference.standings(team.profile, planned.scenario.date.date())
    held = [
        planned.reference.commitment(id) for id in objective.commitments if standings.get(id) in ("applies", "observed")
    ]
    tasks = [task for task in objective.tasks if task.team in (None, team.id)]
    if not held and not tasks:
        yield Paragraph(_("Nothing of this objective is put to {team}.").format(team=team.short))
        return
    for area in Area:
        targets = [item for item in held if AREA_OF_KIND[item.kind] is area]
        if targets:
            yield Heading(_("Capability: {area}").format(area=_(area.value)), 2)
            yield Table(
                (_("Target (clause)"), _("Kept by"), _("Neglected or broken by"), _("Rating"), _("Time, entry")),
                tuple(_target(planned, item, standings[item.id] == "observed") for item in targets),
                widths=(2.6, 3, 3, 1.3, 1.3),
            )
            yield Room(_("Observation notes:"), 3)
    if tasks:
        yield Heading(_("Critical tasks"), 2)
        for place, task in enumerate(tasks, 1):
            who = "" if task.team else f" ({_('every team')})"
            yield Room(f" {task.text}{who}", 3, rate(), opening=_("Task {number}.").format(number=place))
    yield Heading(_("Rating of the objective"), 2)
    yield Room(_("What the rating rests on; what went well, and what should be better:"), 5, rate())


def _target(planned: Planned, item: Commitment, observed: bool) -> tuple[str, ...]:
    text = planned.reference.instrument(item.id)
    name = f"{item.id} {item.title}\n{text.short}, {item.clause}" + (
        "\n" + _("observed only, not rated") if observed else ""
    )
    low = "\n".join(filter(None, (item.neglects, item.breaches)))
    return name, item.honours, low, "" if observed else BOXES, ""


def _decisions(planned: Planned, team: Team) -> Iterator[Block]:
    mine = [decision for decision in planned.scenario.decisions if decision.team == team.id]
    if not mine:
        return
    yield PageBreak()
    yield Heading(_("Decisions of this team"), 1)
    yield Paragraph(
        _(
            "What each answer is proposed to be marked as: + honoured, ± partly, – neglected, ✗ breached. You confirm "
            "or "
            "change it with what you heard: who argued what, what was named as set aside, what was promised."
        )
    )
    known = numbers(planned.scenario)
    for decision in mine:
        kind = _("Dilemma") if decision.kind == "dilemma" else _("Quick decision")
        yield Heading(f"{known[decision.id]} · {decision.title}", 2)
        yield Paragraph(
            _("{kind}, {due}; open for {minutes}.").format(
                kind=kind, due=planned.words.due(decision), minutes=minutes(decision.window)
            ),
            "small",
        )
        rows = [
            (
                f"☐ {letter(place)}  {option.title}",
                planned.conduct(option.conduct, kept=True),
                planned.conduct(option.conduct, kept=False),
            )
            for place, option in enumerate(decision.options)
        ]
        lapse = decision.lapse.conduct
        rows.append((f"☐ –  {_('No answer')}", planned.conduct(lapse, kept=True), planned.conduct(lapse, kept=False)))
        yield Table((_("Answer"), _("Keeps"), _("Strains")), tuple(rows), widths=(3, 3, 3))
        yield Room(_("Reasons heard, who argued what, what was left out:"), 3)
