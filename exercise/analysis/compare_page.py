"""Sessions side by side as a page, in the order given."""

from __future__ import annotations

from collections.abc import Sequence

from exercise.analysis.parting import Taken
from exercise.analysis.pictures import Courses, courses_chart
from exercise.analysis.profiles import TeamProfile
from exercise.analysis.side_by_side import Comparison, RequestCounts
from exercise.analysis.tally import KEPT
from exercise.analysis.whatif import RECORD
from exercise.core.scorecard import Counts
from exercise.core.times import tell_exercise_time
from exercise.report.blocks import Block, Bullets, Document, Facts, Heading, Paragraph, Table

_REQUESTS = (
    ("sent", "sent"),
    ("in_time", "answered in time"),
    ("late", "answered late"),
    ("unanswered", "not answered"),
    ("failed", "did not get through"),
    ("withdrawn", "withdrawn"),
    ("told", "told unasked"),
)


def page(found: Comparison, *, reasons: bool = False) -> Document:
    """The whole comparison as a document; with `reasons` also what teams said for their choices."""
    title = found.sessions[0].title if found.one_scenario else "One team through several scenarios"
    subtitle = f"{len(found.sessions)} sessions side by side" + (f", {found.team}" if found.team else "")
    return Document(
        title=title,
        subtitle=subtitle,
        meta=tuple((f"Session {number}", row.session) for number, row in enumerate(found.sessions, 1)),
        blocks=(
            *_sessions(found),
            *_decisions(found, reasons),
            *_requests(found),
            *_indicators(found),
            *(block for profile in found.profiles for block in _profile(found, profile)),
        ),
        statement=RECORD,
        running="Sessions side by side, in the order given",
    )


def _columns(found: Comparison, *first: str) -> tuple[str, ...]:
    return (*first, *(f"Session {number}" for number in range(1, len(found.sessions) + 1)))


def _sessions(found: Comparison) -> list[Block]:
    blocks: list[Block] = [Heading("The sessions")]
    for number, row in enumerate(found.sessions, 1):
        who = ", ".join(f"{found.names.get(team, team)}: {played}" for team, played in row.played_by.items())
        reached = "ENDEX at" if row.ended else "the log stops at"
        blocks += [
            Heading(f"Session {number}", 2),
            Facts(
                (
                    ("Session", row.session),
                    ("Scenario", row.title),
                    ("Begun", f"{row.created[:16].replace('T', ' ')} UTC"),
                    ("Length", f"{row.play // 60} minutes of play; {reached} {tell_exercise_time(row.exercise)}"),
                    ("Played by", who or "the log does not say"),
                    ("Marks", row.marks),
                )
            ),
        ]
    past = [
        f"Sessions {row.earlier + 1} and {row.later + 1} have their first {row.entries} entries in common, to "
        f"{tell_exercise_time(row.exercise)}."
        for row in found.pasts
    ]
    blocks += [Heading("How to read this"), Bullets((*found.notes, *past))]
    if found.facts:
        blocks += [
            Heading("Hidden facts that were not the same"),
            Table(_columns(found, "Fact"), tuple((row.title, *row.values) for row in found.facts)),
        ]
    return blocks


def _decisions(found: Comparison, reasons: bool) -> list[Block]:
    if not found.decisions:
        return []
    parted = found.parted
    if parted is None:
        opening = "No decision was answered differently."
    else:
        who = found.names.get(parted.team, parted.team)
        opening = f"Courses parted first at {tell_exercise_time(parted.first)}: “{parted.title}” ({who})."
    rows = tuple(
        (
            found.names.get(row.team, row.team),
            row.title + (" ≠" if row.differs else ""),
            *(_answered(taken, reasons) for taken in row.taken),
        )
        for row in found.decisions
    )
    return [
        Heading("Where courses parted"),
        Paragraph(opening, "lead"),
        Table(
            _columns(found, "Team", "Decision"), rows, "Decisions in the order of the first answer; ≠ marks those "
            "answered differently", wide=len(found.sessions) > 2,
        ),
    ]  # fmt: skip


def _answered(taken: Taken, reasons: bool) -> str:
    when = f" ({tell_exercise_time(taken.exercise)})" if taken.exercise is not None else ""
    told = {
        "chosen": f"{taken.letter}: {taken.title}",
        "own": f"in its own words: “{taken.title}”",
        "lapsed": "no answer: it lapsed",
        "open": "not answered when the log ends",
        "not put": "not put",
    }[taken.ending]
    said = f" – “{taken.reason}”" if reasons and taken.reason else ""
    return told + when + said


def _requests(found: Comparison) -> list[Block]:
    rows: list[tuple[str, ...]] = []
    for team, counts in found.requests.items():
        if not any(row.sent or row.told for row in counts):
            continue
        for place, (key, title) in enumerate(_REQUESTS):
            cells = _cells(counts, key)
            if place == 0 or any(cell != "0" for cell in cells):
                rows.append((found.names.get(team, team) if place == 0 else "", title, *cells))
    if not rows:
        return []
    columns = _columns(found, "Team", "")
    numeric = tuple(range(2, len(columns)))
    return [
        Heading("Requests that teams sent"),
        Table(columns, tuple(rows), "Requests and what came of them", (), numeric),
    ]


def _cells(counts: Sequence[RequestCounts], key: str) -> list[str]:
    return [str(getattr(row, key)) for row in counts]


def _indicators(found: Comparison) -> list[Block]:
    if not found.indicators:
        return []
    stops = [session.exercise for session in found.sessions]
    rows = [
        Courses(
            f"{row.name}{f' ({row.unit})' if row.unit else ''}",
            tuple((*each, (stop, each[-1][1])) if each else () for each, stop in zip(row.courses, stops, strict=True)),
        )
        for row in found.indicators
    ]
    ends = tuple(
        (row.name, row.unit, row.better, *("–" if end is None else f"{end:g}" for end in row.ends))
        for row in found.indicators
    )
    columns = _columns(found, "Indicator", "Unit", "Better")
    return [
        Heading("Indicators"),
        Table(columns, ends, "Where indicators stood at the end", (), tuple(range(3, len(columns)))),
        courses_chart(rows, [row.session for row in found.sessions], "Indicators over time"),
    ]


def _profile(found: Comparison, profile: TeamProfile) -> list[Block]:
    blocks: list[Block] = [Heading(f"{profile.name}: conduct")]
    if not profile.areas:
        return [*blocks, Paragraph("Nothing was tested.")]
    rows = [("all", *map(_four, profile.counts))] if found.one_scenario else []
    rows += [(area.area, *map(_four, area.counts)) for area in profile.areas]
    blocks.append(
        Table(_columns(found, "Area"), tuple(rows), "Clauses kept / partly / neglected / breached, of those tested")
    )
    differing = [
        (
            f"{row.commitment} ({row.clause}): {row.title}",
            *(
                stood.outcome
                if stood.exercise is None
                else f"{stood.outcome} – {tell_exercise_time(stood.exercise)}, entry {stood.seq}: {stood.occasion}"
                for stood in row.stood
            ),
        )
        for row in profile.differing
    ]
    if differing:
        blocks.append(
            Table(
                _columns(found, "Clause"), tuple(differing), f"{profile.name}: clauses graded differently, with the "
                "moment that made them so", wide=len(found.sessions) > 2,
            )
        )  # fmt: skip
    if not found.one_scenario:
        blocks.append(Paragraph("Only what was tested in two sessions or more is shown.", "small"))
    return blocks


def _four(counts: Counts) -> str:
    values = [getattr(counts, word) for word in KEPT]
    return " / ".join(map(str, values)) if any(values) else "not tested"
