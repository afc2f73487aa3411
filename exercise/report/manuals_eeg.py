"""Evaluation guides: a form for each objective at each table, from capability to clause to critical task.

Only what a team has accepted stands on its guide, so that nobody rates it under a text that does not bind it.
"""

from __future__ import annotations

from collections.abc import Iterator

from exercise.core.cast import Objective, Team
from exercise.core.commitments import AREA_OF_KIND, Area, Commitment
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
from exercise.report.manuals_common import RATE, RATINGS, Planned, minutes
from exercise.report.manuals_story import letter, numbers
from exercise.report.words import upper

BOXES = "☐ P  ☐ S\n☐ M  ☐ U"

HOW = (
    Opened("Write first, rate later.", " Note what was said or done, by whom, at which minute or entry of the log."),
    Opened("Rate conduct and never luck.", " What the team knew then counts; how it turned out does not."),
    Opened(
        "Rate alone.",
        " Another evaluator, from another delegation, rates the same. You compare after ENDEX, not before.",
    ),
    Opened("Leave blank what was never put to the team.", " Not tested is no rating, and U is not its name."),
    Opened("Unable is not unwilling.", " Where means were missing, say which: channel, people, time, law or tools."),
    Opened("Do not help.", " No hint, no nod; a question of the table's goes to the facilitator."),
)


def evaluation_guide(planned: Planned, team: Team) -> Document:
    """The evaluation guide for one team's table."""
    return planned.document(
        f"Evaluation guide for {team.short}",
        _guide(planned, team),
        readers="for evaluators only",
        meta=(
            ("Team", team.name),
            ("Story begins", planned.story),
            ("Evaluator", "______________________________"),
            ("Delegation", "______________________________"),
            ("Date", "______________________________"),
        ),
    )


def _guide(planned: Planned, team: Team) -> Iterator[Block]:
    yield Heading("How to use this guide", 1)
    yield Notice("For evaluators only: critical tasks and what answers mean are not for the table.")
    yield Bullets(HOW)
    yield Facts(tuple((f"{name}: {says}", text) for name, says, text in RATINGS))
    total = len(planned.scenario.objectives)
    for number, objective in enumerate(planned.scenario.objectives, 1):
        yield PageBreak()
        yield Heading(f"Objective {number} of {total}: {objective.title}", 1)
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
        yield Paragraph(f"Nothing of this objective is put to {team.short}.")
        return
    for area in Area:
        targets = [item for item in held if AREA_OF_KIND[item.kind] is area]
        if targets:
            yield Heading(f"Capability: {area.value}", 2)
            yield Table(
                ("Target (clause)", "Kept by", "Neglected or broken by", "Rating", "Time, entry"),
                tuple(_target(planned, item, standings[item.id] == "observed") for item in targets),
                widths=(2.6, 3, 3, 1.3, 1.3),
            )
            yield Room("Observation notes:", 3)
    if tasks:
        yield Heading("Critical tasks", 2)
        for place, task in enumerate(tasks, 1):
            who = "" if task.team else " (every team)"
            yield Room(f" {task.text}{who}", 3, RATE, opening=f"Task {place}.")
    yield Heading("Rating of the objective", 2)
    yield Room("What the rating rests on; what went well, and what should be better:", 5, RATE)


def _target(planned: Planned, item: Commitment, observed: bool) -> tuple[str, ...]:
    text = planned.reference.instrument(item.id)
    name = f"{item.id} {item.title}\n{text.short}, {item.clause}" + ("\nobserved only, not rated" if observed else "")
    low = "\n".join(filter(None, (item.neglects, item.breaches)))
    return name, item.honours, low, "" if observed else BOXES, ""


def _decisions(planned: Planned, team: Team) -> Iterator[Block]:
    mine = [decision for decision in planned.scenario.decisions if decision.team == team.id]
    if not mine:
        return
    yield PageBreak()
    yield Heading("Decisions of this team", 1)
    yield Paragraph(
        "What each answer is proposed to be marked as: + honoured, ± partly, – neglected, ✗ breached. You confirm or "
        "change it with what you heard: who argued what, what was named as set aside, what was promised."
    )
    known = numbers(planned.scenario)
    for decision in mine:
        kind = "Dilemma" if decision.kind == "dilemma" else "Quick decision"
        yield Heading(f"{known[decision.id]} · {decision.title}", 2)
        yield Paragraph(f"{kind}, {planned.words.due(decision)}; open for {minutes(decision.window)}.", "small")
        rows = [
            (
                f"☐ {letter(place)}  {option.title}",
                planned.conduct(option.conduct, kept=True),
                planned.conduct(option.conduct, kept=False),
            )
            for place, option in enumerate(decision.options)
        ]
        lapse = decision.lapse.conduct
        rows.append(("☐ –  No answer", planned.conduct(lapse, kept=True), planned.conduct(lapse, kept=False)))
        yield Table(("Answer", "Keeps", "Strains"), tuple(rows), widths=(3, 3, 3))
        yield Room(upper("reasons heard, who argued what, what was left out:"), 3)
