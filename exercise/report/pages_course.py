"""The pages on what happened: timeline, requests as a table and a network, indicators, decisions and their grounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from exercise.report.blocks import Block, Cell, Facts, Heading, Link, Paragraph, Place, Table
from exercise.report.charts import Flow, Line, Moment, Span, indicators_chart, request_network, timeline_chart
from exercise.report.model import AfterAction
from exercise.report.naming import Names, story
from exercise.report.parts import Course, Decision, Happening, Reference, Request
from exercise.report.summary import by_bodies
from exercise.report.words import amount, counted, listed, played, sentence, several, span, unmarked, upper

MOST_BODIES = 8
"""Teams and bodies in one network; with more of them only teams are drawn, and the table has the rest."""

MOST_BASIS = 2
"""Texts named in a request's row; the CSV and JSON forms have them all."""

ENDED = {"met": "met", "partly": "met in part", "refused": "refused", "unanswered": "no answer", "open": "still open"}


def spans(report: AfterAction) -> list[Span]:
    """The moves as charts draw them."""
    return [
        Span(f"{move.number}. {move.title}", move.starts, max(move.ends, move.starts + 60)) for move in report.moves
    ]


def what_happened(report: AfterAction, names: Names, brief: bool = False) -> Iterator[Block]:
    """The moves, and a picture of who did what when."""
    yield Heading("What happened", 1, "timeline")
    if report.moves:
        yield Table(
            ("Move", "Story", "Play", "Decisions put", "Requests sent"),
            tuple(_move_rows(report)),
            "Moves as they were played; play in hours and minutes",
            (3, 2, 1, 1.2, 1.2),
            numeric=(2, 3, 4),
        )
    moments = list(_moments(report, names))
    if moments:
        drawn = timeline_chart(moments, spans(report), [team.short for team in report.teams])
        # Behind the picture stands the timeline in full; beside it a count is enough.
        yield replace(drawn, table=_what_they_did(report, moments))
    where = "stands with every mark in the whole report" if brief else "is an appendix; marks and decisions lead to it"
    yield Paragraph(f"The timeline in full, line by line, {where}.", "small")
    if report.truth:
        yield Heading("What lay behind the crisis", 2, "truth")
        yield Paragraph("Fixed before play began, hidden until the hot wash, and read by no mark.", "small")
        yield Facts(tuple((title, unmarked(says)) for title, says in report.truth))


_DID = {
    "inject": "Messages",
    "decision": "Answered",
    "lapse": "Lapsed",
    "request": "Requests sent",
    "answer": "Requests answered",
}


def _what_they_did(report: AfterAction, moments: list[Moment]) -> Table:
    found = Counter((moment.lane, moment.kind) for moment in moments)
    return Table(
        ("Team", *_DID.values()),
        tuple((team.short, *(str(found[team.short, kind]) for kind in _DID)) for team in report.teams),  # type: ignore[index]
        "Messages to whole teams, decisions and requests",
        (3, 1, 1, 1, 1, 1),
        numeric=(1, 2, 3, 4, 5),
    )


def _move_rows(report: AfterAction) -> Iterator[tuple[Cell, ...]]:
    ends = [*(move.play for move in report.moves[1:]), None]
    for move, until in zip(report.moves, ends, strict=True):
        sent = sum(row.sent_play >= move.play and (until is None or row.sent_play < until) for row in report.requests)
        put = sum(row.move == move.number for row in report.decisions)
        yield (
            Link(f"{move.number}. {move.title}", f"entry-{move.seq}"),
            f"{story(move.starts)} to {story(move.ends)}",
            played(move.play),
            str(put),
            str(sent),
        )


def _moments(report: AfterAction, names: Names) -> Iterator[Moment]:
    known = {team.id for team in report.teams}
    for line in report.timeline:
        for team in line.reached:
            yield Moment(line.exercise, names.team(team), "inject", line.text)
    for row in report.decisions:
        if row.answered is not None:
            kind = "lapse" if row.status == "lapsed" else "decision"
            yield Moment(row.answered, names.team(row.team), kind, row.title)  # type: ignore[arg-type]
    for sent in report.requests:
        if sent.source in known:
            yield Moment(sent.sent, names.team(sent.source), "request", f"{sent.kind} to {sent.target_name}")
        if sent.answered is not None and sent.target in known and sent.wants_answer:
            yield Moment(sent.answered, names.team(sent.target), "answer", f"{sent.kind} of {sent.source_name}")


def timeline(report: AfterAction) -> Iterator[Block]:
    """Every line of the timeline, with its entry, play time and the story's."""
    yield Heading("Timeline in full", 1, "lines")
    yield Paragraph(
        "Entry is the number in the log; play is hours and minutes of play, pauses left out; story is the time since "
        "STARTEX. Messages to single roles are left out"
        + (
            " here and stand among the pages for exercise control."
            if report.control
            else "; they stand in the facilitator's edition."
        ),
        "small",
    )
    yield lines(report.timeline, "Timeline", anchored=True)


def lines(rows: tuple[Happening, ...], caption: str, *, anchored: bool = False) -> Table:
    """Lines of a timeline as a table."""
    return Table(
        ("Entry", "Play", "Story", "What happened"),
        tuple(
            (
                Place(str(row.seq), f"entry-{row.seq}") if anchored else str(row.seq),
                played(row.play),
                story(row.exercise),
                row.text,
            )
            for row in rows
        ),
        caption,
        (0.8, 0.7, 1, 7),
    )


def requests(report: AfterAction, names: Names) -> Iterator[Block]:
    """Cooperation requests, each with its course, and who asked whom."""
    yield Heading("Cooperation requests", 1, "requests")
    if not report.requests:
        yield Paragraph("No request was sent.")
        return
    asked = [row for row in report.requests if row.wants_answer]
    told = len(report.requests) - len(asked)
    yield Paragraph(
        f"{upper(counted(len(report.requests), 'request'))} {'was' if len(report.requests) == 1 else 'were'} "
        f"sent{by_bodies(report)}: "
        f"{len(asked)} asked for something, {told} carried information or called a contact point."
    )
    flows = _flows(report, asked)
    if flows:
        yield request_network(
            flows,
            [team.short for team in report.teams],
            "Who asked whom, and how it ended (requests that asked for something)",
        )
    yield Table(
        ("No.", "Sent", "From, to", "What", "By", "Answered", "Done", "Outcome", "Gaps, grounds, conditions"),
        tuple(_request(names, row) for row in report.requests),
        "Cooperation requests",
        (0.6, 0.9, 1.9, 3, 1.7, 1.3, 0.9, 1.1, 2.6),
        wide=True,
    )


def _flows(report: AfterAction, asked: list[Request]) -> list[Flow]:
    teams = {team.id for team in report.teams}
    bodies = {id for row in asked for id in (row.source, row.target)} | teams
    if len(bodies) > MOST_BODIES:
        asked = [row for row in asked if row.source in teams and row.target in teams]
    found = Counter(
        (row.source_name, row.target_name, "unanswered" if row.outcome == "open" else row.outcome) for row in asked
    )
    return [Flow(source, target, outcome, count) for (source, target, outcome), count in found.items()]


def _request(names: Names, row: Request) -> tuple[Cell, ...]:
    after = ""
    if row.answered is not None and row.wants_answer:
        wait = row.answered - row.sent
        after = f"{story(row.answered)}\n{'at once' if wait < 60 else f'after {span(wait)}'}"
    notes = [f"lacked: {', '.join(row.missing)}"] if row.missing else []
    notes += [f"ground: {row.ground}"] if row.ground else []
    notes += [row.conditions] if row.conditions else []
    notes += [f"asked for by {story(row.deadline)}"] if row.deadline is not None else []
    notes += ["urgent"] if row.urgent else []
    notes += [f"rests on {_basis(row.basis)}"] if row.basis else []
    return (
        Place(str(row.number), f"request-{row.number}"),
        Link(story(row.sent), f"entry-{row.seq}"),
        f"{row.source_name}\nto {row.target_name}",
        f"{row.kind}\n{row.matter}" if row.matter else row.kind,
        row.channel,
        after or "–",
        story(row.done),
        ENDED[row.outcome] if row.wants_answer or row.outcome != "met" else "received",
        "\n".join(notes),
    )


def _basis(basis: tuple[Reference, ...]) -> str:
    cited = [row.cited if row.clause else row.instrument for row in basis]
    more = len(cited) - MOST_BASIS
    return listed([*cited[:MOST_BASIS], f"{more} more"] if more > 0 else cited)


def indicators(report: AfterAction, names: Names) -> Iterator[Block]:
    """Each indicator over the story."""
    yield Heading("Indicators over time", 1, "indicators")
    rows = [row for row in report.indicators if row.points]
    if not rows:
        yield Paragraph("The scenario keeps no indicators.")
        return
    yield Table(
        ("Indicator", "Whose", "Better is", "At STARTEX", "Lowest", "Highest", "At the end"),
        tuple(
            (
                row.name,
                names.team(row.team) if row.team else "shared",
                row.better,
                amount(row.points[0][2], row.unit),
                amount(min(point[2] for point in row.points), row.unit),
                amount(max(point[2] for point in row.points), row.unit),
                amount(row.points[-1][2], row.unit),
            )
            for row in rows
        ),
        "Indicators",
        (3, 1.4, 1.1, 1.4, 1.4, 1.4, 1.4),
        numeric=(3, 4, 5, 6),
    )
    drawn = indicators_chart(
        [Line(row.name, tuple((point[1], point[2]) for point in row.points), row.unit) for row in rows], spans(report)
    )
    yield replace(drawn, table=_by_moves(report, rows))


def _by_moves(report: AfterAction, rows: list[Course]) -> Table:
    """Values as each move ended; every single reading stands in the CSV and JSON forms."""
    ends = [move.closed if move.closed is not None else report.overview.play_seconds for move in report.moves]
    return Table(
        ("Indicator", "STARTEX", *(f"Move {move.number}" for move in report.moves), "End"),
        tuple(
            (
                row.name,
                amount(row.points[0][2]),
                *(amount(next(point[2] for point in reversed(row.points) if point[0] <= end)) for end in ends),
                amount(row.points[-1][2], row.unit),
            )
            for row in rows
        ),
        "Indicators at STARTEX and as each move ended",
        (3, *[1] * (len(ends) + 2)),
        numeric=tuple(range(1, len(ends) + 3)),
    )


def decisions(report: AfterAction, names: Names) -> Iterator[Block]:
    """Each decision: what was chosen and what was not, why, on what basis, and what was set aside for it."""
    yield Heading("Decisions", 1, "decisions")
    if not report.decisions:
        yield Paragraph("No decision was put to anybody.")
        return
    for team in report.teams:
        mine = [row for row in report.decisions if row.team == team.id]
        if mine:
            yield Heading(f"Decisions of {team.short}", 2, f"decisions-{team.id}")
        for row in mine:
            yield Heading(f"{row.number}. {row.title}", 3, f"decision-{row.number}")
            yield Paragraph(unmarked(row.text))
            yield Facts(tuple(_decision(report, names, row)))


def _decision(report: AfterAction, names: Names, row: Decision) -> Iterator[tuple[str, Cell]]:
    again = f"; put {row.times_put} times" if row.times_put > 1 else ""
    due = f"; an answer was due by {story(row.deadline)}" if row.deadline is not None else ""
    yield "Put", Link(f"{story(row.opened)}, move {row.move}{due}{again}", f"entry-{row.seq}")
    if row.answered is not None and row.answer_seq is not None:
        late = " (late)" if row.deadline is not None and row.answered > row.deadline else ""
        took = (row.answered_play or 0) - row.opened_play
        when = (
            f"{story(row.answered)}{late}, after {span(took)} of play" if took >= 60 else f"{story(row.answered)}{late}"
        )
        yield ("Lapsed" if row.status == "lapsed" else "Answered"), Link(when, f"entry-{row.answer_seq}")
    chosen = [option.title for option in row.options if option.chosen]
    if row.own_words:
        yield (
            "Chosen",
            f"The team's own proposal: “{row.own_words}”" + (f"\nNearest to: {row.nearest}" if row.nearest else ""),
        )
    elif row.status == "lapsed":
        yield "Chosen", "Nothing: the window closed unanswered."
    else:
        yield "Chosen", listed(chosen) or "Still open."
    others = [option.title for option in row.options if not option.chosen]
    if others:
        yield "Not taken", several(others)
    if row.reason:
        yield "Reason", f"“{row.reason}”"
    if row.basis:
        yield "Basis", several([f"{one.cited}: {one.title}" if one.clause else one.title for one in row.basis])
    if row.set_aside:
        yield "Set aside", several([_aside(one.reference, one.why, one.limits) for one in row.set_aside])
    if row.safeguards:
        yield "Safeguards", several([f"{name.replace('-', ' ')}: “{said}”" for name, said in row.safeguards])
    for follow in row.follow_ups:
        label = "Told those affected" if follow.kind == "told" else "Came back to it"
        yield label, f"{story(follow.exercise)}: “{follow.text}”"
    marks = tuple(mark.number for mark in report.marks if mark.decision == row.id)
    if marks:
        yield "Marks", names.mark(marks)


def _aside(reference: Reference, why: str, limits: str) -> str:
    said = [f"{reference.title} ({reference.cited})" if reference.clause else reference.title]
    if why:
        said.append(f"Why: “{why}”")
    if limits:
        said.append(f"Kept small by: “{limits}”")
    return " ".join(sentence(part) for part in said)
