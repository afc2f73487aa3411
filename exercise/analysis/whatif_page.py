"""A what-if as a page: the ways on, the assumptions first, then each figure with its picture and its table."""

from __future__ import annotations

from exercise.analysis.pictures import Panel, ranges_chart
from exercise.analysis.tally import KEPT, OUTCOMES
from exercise.analysis.whatif import RECORD, WhatIf
from exercise.core.times import tell_exercise_time
from exercise.report.blocks import Block, Bullets, Document, Facts, Heading, Notice, Paragraph, Table

_MOST_CLAUSES = 20


def page(found: WhatIf) -> Document:
    """The whole what-if as a document."""
    team = found.names[found.team]
    return Document(
        title=f"What if: {found.question}",
        subtitle=f"{found.title}, {team}",
        meta=(
            ("Exercise", found.title),
            ("Session", found.session),
            ("Decision", f"{found.decision}, {team}, at {tell_exercise_time(found.exercise)}"),
            ("Playthroughs", f"{found.runs} of each way, seed {found.seed}, rules version {found.rules}"),
        ),
        blocks=(*_ways(found), *_counts(found), *_indicators(found), *_clauses(found), *_areas(found)),
        statement=RECORD,
        running="What-if: bots played on; not what happened",
    )


def _labels(found: WhatIf) -> list[str]:
    return ["none" if way.lapses else way.key for way in found.ways]


def _ways(found: WhatIf) -> list[Block]:
    rows = [
        (label, way.title + (" (as in the log)" if way.taken else ""))
        for label, way in zip(_labels(found), found.ways, strict=True)
    ]
    blocks: list[Block] = [
        Notice("Bots played on from a moment of the log. What stands here is not what happened.", "A what-if"),
        Heading("The ways on"),
        Facts(tuple(rows)),
    ]
    if found.withheld:
        blocks.append(Paragraph("Not open to the team then: " + "; ".join(found.withheld) + "."))
    return [*blocks, Heading("Before reading the figures"), Bullets(found.assumptions)]


def _counts(found: WhatIf) -> list[Block]:
    blocks: list[Block] = [Heading("Clauses at ENDEX, by team")]
    for team, name in found.names.items():
        rows = [found.count(team, word) for word in KEPT]
        if not any(row.real or any(spread.highest for spread in row.ways) for row in rows):
            blocks += [Heading(name, 2), Paragraph("Nothing was tested, in the log or in any playthrough.")]
            continue
        panels = [Panel(row.word.capitalize(), row.ways, row.real) for row in rows]
        blocks += [Heading(name, 2), ranges_chart(panels, _labels(found), f"{name}: clauses at ENDEX", shared=True)]
    return blocks


def _indicators(found: WhatIf) -> list[Block]:
    if not found.indicators:
        return []
    panels = [
        Panel(f"{row.name}{f' ({row.unit})' if row.unit else ''}", row.ways, row.real, f"{row.better} is better")
        for row in found.indicators
    ]
    return [Heading("Indicators at ENDEX"), ranges_chart(panels, _labels(found), "Indicators at ENDEX")]


def _clauses(found: WhatIf) -> list[Block]:
    shown = [row for row in found.clauses if row.difference > 0][:_MOST_CLAUSES]
    if not shown:
        return [Heading("Clauses"), Paragraph("No clause stands otherwise by one way than by another.")]
    rows: list[tuple[str, ...]] = []
    for row in shown:
        title = f"{found.names[row.team]}, {row.commitment} ({row.clause}): {row.title}. In the log: {row.real}."
        for place, (label, stood) in enumerate(zip(_labels(found), row.ways, strict=True)):
            rows.append((title if place == 0 else "", label, *(str(stood[word] or "–") for word in OUTCOMES)))
    return [
        Heading("Clauses that differ most between the ways"),
        Table(
            columns=("Clause", "Way", *(word.capitalize() for word in OUTCOMES)),
            rows=tuple(rows),
            caption=f"In how many of {found.runs} playthroughs each clause stood how",
            widths=(5, 1, 1.1, 1.1, 1.4, 1.3, 1.3),
            numeric=(2, 3, 4, 5, 6),
        ),
    ]


def _areas(found: WhatIf) -> list[Block]:
    blocks: list[Block] = [Heading("Clauses at ENDEX, by area")]
    for team, name in found.names.items():
        rows: list[tuple[str, ...]] = []
        for area in found.areas(team):
            counts = [found.count(team, word, area) for word in KEPT]
            rows.append((area, "log", *(str(row.real) for row in counts)))
            for place, label in enumerate(_labels(found)):
                spreads = [row.ways[place] for row in counts]
                rows.append(("", label, *(f"{each.middle:g} ({each.lowest:g}–{each.highest:g})" for each in spreads)))
        if rows:
            blocks.append(
                Table(
                    columns=("Area", "Way", *(word.capitalize() for word in KEPT)),
                    rows=tuple(rows),
                    caption=f"{name}: median, lowest and highest number of clauses",
                    widths=(3, 1, 1.6, 1.6, 1.6, 1.6),
                    numeric=(2, 3, 4, 5),
                )
            )
    return blocks if len(blocks) > 1 else []
