"""The pages on what happened: timeline, requests as a table and a network, indicators, decisions and their grounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from exercise.language import Told, _, quoted
from exercise.report.blocks import Block, Cell, Facts, Heading, Link, Paragraph, Place, Table
from exercise.report.charts import Flow, Line, Moment, Span, indicators_chart, request_network, timeline_chart
from exercise.report.model import AfterAction
from exercise.report.naming import Names, runs, story
from exercise.report.parts import Course, Decision, Happening, Reference, Request
from exercise.report.summary import by_bodies
from exercise.report.words import amount, counted, listed, played, sentence, several, span, unmarked, upper

MOST_BODIES = 8
"""Teams and bodies in one network; with more of them only teams are drawn, and the table has the rest."""

MOST_BASIS = 2
"""Texts named in a request's row; the CSV and JSON forms have them all."""

ENDED: Mapping[str, str] = Told(
    {
        "met": "met",
        "partly": "met in part",
        "refused": "refused",
        "unanswered": "no answer",
        "failed": "did not get through",
        "withdrawn": "withdrawn",
        "open": "still open",
    }
)


_AFTERWARDS: Mapping[str, str] = Told({"told": "Told those affected", "returned": "Came back to it"})
"""What is owed to those whom a choice set aside."""

_AGREED = ("accepted", "part", "conditions-accepted")
"""Steps after which the addressee had still to do what it said."""


def spans(report: AfterAction) -> list[Span]:
    """The moves as charts draw them."""
    return [Span(f"{move.number}. {move.title}", move.starts, move.ends) for move in report.moves]


def what_happened(report: AfterAction, names: Names, brief: bool = False) -> Iterator[Block]:
    """The moves, and a picture of who did what when."""
    yield Heading(_("What happened"), 1, "timeline")
    if report.moves:
        yield Table(
            (_("Move"), _("Story"), _("Play"), _("Decisions put"), _("Requests sent")),
            tuple(_move_rows(report)),
            _("Moves as they were played; play in hours and minutes"),
            (3, 2, 1, 1.2, 1.2),
            numeric=(2, 3, 4),
        )
    moments = list(_moments(report, names))
    if moments:
        drawn = timeline_chart(moments, spans(report), [team.short for team in report.teams])
        # Behind the picture stands the timeline in full; beside it a count is enough.
        yield replace(drawn, table=_what_they_did(report, moments))
    where = (
        _("stands with every mark in the whole report")
        if brief
        else _("is an appendix; marks and decisions lead to it")
    )
    yield Paragraph(_("The timeline in full, line by line, {where}.").format(where=where), "small")
    if report.truth:
        yield Heading(_("What lay behind the crisis"), 2, "truth")
        yield Paragraph(
            _(
                "Fixed before play began, and hidden until the hot wash except where exercise control changed or told "
                "it; read by no mark."
            ),
            "small",
        )
        yield Facts(tuple((title, unmarked(says)) for title, says in report.truth))


_DID: Mapping[str, str] = Told(
    {
        "inject": "Messages to the whole team",
        "decision": "Decisions answered",
        "lapse": "Decisions lapsed",
        "request": "Requests sent",
        "answer": "Requests answered",
    }
)


def _what_they_did(report: AfterAction, moments: list[Moment]) -> Table:
    found: Counter[tuple[str, str]] = Counter((moment.lane, moment.kind) for moment in moments)
    return Table(
        (_("Team"), *_DID.values()),
        tuple((team.short, *(str(found[team.short, kind]) for kind in _DID)) for team in report.teams),
        _("Messages to whole teams, decisions and requests"),
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
            _("{starts} to {ends}").format(starts=story(move.starts), ends=story(move.ends)),
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
            yield Moment(
                sent.sent,
                names.team(sent.source),
                "request",
                _("{kind} to {target_name}").format(kind=sent.kind, target_name=sent.target_name),
            )
        if sent.replied and sent.answered is not None and sent.target in known:
            yield Moment(
                sent.answered,
                names.team(sent.target),
                "answer",
                _("{kind} of {source_name}").format(kind=sent.kind, source_name=sent.source_name),
            )


def timeline(report: AfterAction) -> Iterator[Block]:
    """Every line of the timeline, with its entry, play time and the story's."""
    yield Heading(_("Timeline in full"), 1, "lines")
    yield Paragraph(
        _(
            "Entry is the number in the log; play is hours and minutes of play, pauses left out; "
            "story is the time since STARTEX. Messages to single roles are left out"
        )
        + (
            _(" here and stand among the pages for exercise control.")
            if report.control
            else _("; they stand in the facilitator's edition.")
        ),
        "small",
    )
    yield lines(report.timeline, _("Timeline"), anchored=True)


def lines(rows: tuple[Happening, ...], caption: str, *, anchored: bool = False) -> Table:
    """Lines of a timeline as a table."""
    return Table(
        (_("Entry"), _("Play"), _("Story"), _("What happened")),
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
    yield Heading(_("Cooperation requests"), 1, "requests")
    if not report.requests:
        yield Paragraph(_("No request was sent."))
        return
    asked = [row for row in report.requests if row.wants_answer]
    told = len(report.requests) - len(asked)
    yield Paragraph(
        _(
            "{requests} {more} sent{by_bodies}: {asked} asked for something, {told} carried "
            "information or called a contact point."
        ).format(
            requests=upper(counted(len(report.requests), "request")),
            more=_("was") if len(report.requests) == 1 else _("were"),
            by_bodies=by_bodies(report),
            asked=len(asked),
            told=told,
        )
    )
    flows = _flows(report, asked)
    if flows:
        yield request_network(
            flows,
            [team.short for team in report.teams],
            _("Who asked whom, and how it ended (requests that asked for something)"),
        )
    yield Table(
        (
            _("No."),
            _("Sent"),
            _("From, to"),
            _("What"),
            _("By"),
            _("Answer"),
            _("Done"),
            _("Outcome"),
            _("Gaps, grounds, conditions"),
        ),
        tuple(_request(row) for row in report.requests),
        _("Cooperation requests"),
        (0.6, 0.9, 1.6, 2.5, 1.5, 1.2, 0.9, 1.2, 3.6),
        wide=True,
    )


def _flows(report: AfterAction, asked: list[Request]) -> list[Flow]:
    teams = {team.id for team in report.teams}
    bodies = {id for row in asked for id in (row.source, row.target)} | teams
    if len(bodies) > MOST_BODIES:
        asked = [row for row in asked if row.source in teams and row.target in teams]
    found = Counter((row.source_name, row.target_name, row.outcome) for row in asked)
    order = [
        *(team.short for team in report.teams),
        *(name for row in asked for name in (row.source_name, row.target_name)),
    ]
    ways = sorted(found, key=lambda way: (order.index(way[0]), order.index(way[1]), list(ENDED).index(way[2])))
    return [Flow(*way, found[way]) for way in ways]


def _request(row: Request) -> tuple[Cell, ...]:
    after = ""
    if row.replied and row.answered is not None:
        wait = row.answered - row.sent
        how_long = _("at once") if wait < 60 else _("after {span}").format(span=span(wait))
        after = f"{story(row.answered)}\n{how_long}"
    notes = [_("lacked: {list}").format(list=", ".join(row.missing))] if row.missing else []
    notes += [_("ground: {ground}").format(ground=row.ground)] if row.ground else []
    notes += [row.conditions] if row.conditions else []
    notes += [_("asked for by {deadline}").format(deadline=story(row.deadline))] if row.deadline is not None else []
    notes += [_("urgent")] if row.urgent else []
    notes += [_("rests on {basis}").format(basis=_basis(row.basis))] if row.basis else []
    return (
        Place(str(row.number), f"request-{row.number}"),
        Link(story(row.sent), f"entry-{row.seq}"),
        _("{source_name}\nto {target_name}").format(source_name=row.source_name, target_name=row.target_name),
        f"{row.kind}\n{row.matter}" if row.matter else row.kind,
        row.channel,
        after or "–",
        story(row.done),
        _ended(row),
        "\n".join(notes),
    )


def _ended(row: Request) -> str:
    """How it ended, and under that what was agreed and not done."""
    if row.outcome == "met" and not row.wants_answer:
        return _("received")
    if row.outcome == "open" and row.answered is not None and row.status in _AGREED:
        return f"{ENDED[row.outcome]}\n{_('agreed, not done')}"
    return ENDED[row.outcome]


def _basis(basis: tuple[Reference, ...]) -> str:
    cited = [row.cited if row.clause else row.instrument for row in basis]
    more = len(cited) - MOST_BASIS
    return listed([*cited[:MOST_BASIS], _("{more} more").format(more=more)] if more > 0 else cited)


def indicators(report: AfterAction, names: Names) -> Iterator[Block]:
    """Each indicator over the story."""
    yield Heading(_("Indicators over time"), 1, "indicators")
    rows = [row for row in report.indicators if row.points]
    if not rows:
        yield Paragraph(_("The scenario keeps no indicators."))
        return
    last = _("At the end") if report.overview.ended else _("So far")
    yield Table(
        (_("Indicator"), _("Whose"), _("Better is"), _("At STARTEX"), _("Lowest"), _("Highest"), last),
        tuple(
            (
                row.name,
                names.team(row.team) if row.team else _("shared"),
                _(row.better),
                amount(row.points[0][2], row.unit),
                amount(min(point[2] for point in row.points), row.unit),
                amount(max(point[2] for point in row.points), row.unit),
                amount(row.points[-1][2], row.unit),
            )
            for row in rows
        ),
        _("Indicators"),
        (3, 1.4, 1.1, 1.4, 1.4, 1.4, 1.4),
        numeric=(3, 4, 5, 6),
    )
    drawn = indicators_chart(
        [Line(row.name, tuple((point[1], point[2]) for point in row.points), row.unit) for row in rows], spans(report)
    )
    yield replace(drawn, table=_by_moves(report, rows))


def _by_moves(report: AfterAction, rows: list[Course]) -> Table:
    """Values as each move ended; every single reading stands in the CSV and JSON forms."""
    over = report.overview
    # A move that goes on has ended nowhere: what it came to stands in the last column.
    moves = [move for move in report.moves if over.ended or move.closed is not None]
    ends = [move.closed if move.closed is not None else over.play_seconds for move in moves]
    return Table(
        (
            _("Indicator"),
            "STARTEX",
            *(_("Move {number}").format(number=move.number) for move in moves),
            _("End") if over.ended else _("So far"),
        ),
        tuple(
            (
                row.name,
                amount(row.points[0][2]),
                *(amount(next(point[2] for point in reversed(row.points) if point[0] <= end)) for end in ends),
                amount(row.points[-1][2], row.unit),
            )
            for row in rows
        ),
        _("Indicators at STARTEX and as each move ended")
        if over.ended or ends
        else _("Indicators at STARTEX and so far"),
        (3, *[1] * (len(ends) + 2)),
        numeric=tuple(range(1, len(ends) + 3)),
    )


def decisions(report: AfterAction, names: Names) -> Iterator[Block]:
    """Each decision: what was chosen and what was not, why, on what basis, and what was set aside for it."""
    yield Heading(_("Decisions"), 1, "decisions")
    if not report.decisions:
        yield Paragraph(_("No decision was put to anybody."))
        return
    for team in report.teams:
        mine = [row for row in report.decisions if row.team == team.id]
        if mine:
            yield Heading(_("Decisions of {short}").format(short=team.short), 2, f"decisions-{team.id}")
        for row in mine:
            yield Heading(f"{row.number}. {row.title}", 3, f"decision-{row.number}")
            yield Paragraph(unmarked(row.text))
            yield Facts(tuple(_decision(report, names, row)))


def _decision(report: AfterAction, names: Names, row: Decision) -> Iterator[tuple[str, Cell]]:
    again = _("; put {times_put} times").format(times_put=row.times_put) if row.times_put > 1 else ""
    due = (
        _("; an answer was due by {deadline}").format(deadline=story(row.deadline)) if row.deadline is not None else ""
    )
    yield (
        _("Put"),
        Link(
            _("{opened}, move {move}{due}{again}").format(
                opened=story(row.opened), move=row.move, due=due, again=again
            ),
            f"entry-{row.seq}",
        ),
    )
    if row.answered is not None and row.answer_seq is not None:
        late = _(" (late)") if row.deadline is not None and row.answered > row.deadline else ""
        took = (row.answered_play or 0) - row.opened_play
        when = (
            _("{answered}{late}, after {took} of play").format(answered=story(row.answered), late=late, took=span(took))
            if took >= 60
            else f"{story(row.answered)}{late}"
        )
        yield (
            (_("Lapsed") if row.status == "lapsed" else _("Answer")),
            Link(when, f"entry-{row.answer_seq}"),
        )
    chosen = [option.title for option in row.options if option.chosen]
    if row.own_words:
        yield (
            _("Chosen"),
            _("The team's own proposal: “{own_words}”").format(own_words=row.own_words)
            + (_("\nNearest to: {nearest}").format(nearest=row.nearest) if row.nearest else ""),
        )
    elif row.status == "lapsed":
        yield _("Chosen"), _("Nothing: the window closed unanswered.")
    else:
        yield _("Chosen"), listed(chosen) or _("Still open.")
    others = [option.title for option in row.options if not option.chosen]
    if others:
        yield _("Not taken"), several(others)
    if row.reason:
        yield _("Reason"), quoted(row.reason)
    if row.basis:
        yield _("Basis"), several([f"{one.cited}: {one.title}" if one.clause else one.title for one in row.basis])
    if row.set_aside:
        yield _("Set aside"), several([_aside(one.reference, one.why, one.limits) for one in row.set_aside])
    if row.safeguards:
        yield (
            _("Safeguards"),
            several([f"{_(name.replace('-', ' '))}: {quoted(said)}" for name, said in row.safeguards]),
        )
    for follow in row.follow_ups:
        yield _AFTERWARDS[follow.kind], f"{story(follow.exercise)}: {quoted(follow.text)}"
    raised = tuple(mark.number for mark in report.marks if mark.decision == row.id and mark.came_back)
    said = {follow.kind for follow in row.follow_ups}
    if raised and said < {"told", "returned"}:
        # A later act may do what no line of the team's says; what is silent here would read as left undone.
        missing = [label for kind, label in _AFTERWARDS.items() if kind not in said]
        yield listed(missing), _("by what it did later: mark {marks}").format(marks=runs(raised))
    marks = tuple(mark.number for mark in report.marks if mark.decision == row.id)
    if marks:
        yield _("Marks"), names.mark(marks)


def _aside(reference: Reference, why: str, limits: str) -> str:
    said = [f"{reference.title} ({reference.cited})" if reference.clause else reference.title]
    if why:
        said.append(_("Why: “{why}”").format(why=why))
    if limits:
        said.append(_("Kept small by: “{limits}”").format(limits=limits))
    return " ".join(sentence(part) for part in said)
