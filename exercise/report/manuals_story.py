"""The parts of the handbook that follow the script: actors, decisions, requests, what is watched, injects in full."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exercise.core.cast import Evidence
from exercise.core.requests.matters import Matter
from exercise.core.scenario import Scenario
from exercise.core.script import (
    Conduct,
    Consequence,
    Decision,
    Effect,
    IncomingRequest,
    Inject,
    Occasion,
    Scheduled,
    channel_name,
)
from exercise.language import N_, _
from exercise.report.blocks import Block, Cell, Facts, Heading, Link, Opened, Paragraph, Table
from exercise.report.manuals_common import WATCHED, Planned, celled, kind_names, labelled, minutes, told
from exercise.report.words import several

FREE = N_("An own proposal")
"""Follows the listed answer that the team names as nearest."""


def numbers(scenario: Scenario) -> Mapping[str, str]:
    """The number of each inject and decision, as on the strips of the cards."""
    injects = {row.id: str(place) for place, row in enumerate(scenario.injects, 1)}
    return injects | {row.id: f"D{place}" for place, row in enumerate(scenario.decisions, 1)}


def anchor(number: str) -> str:
    """The place of an inject's or a decision's full text."""
    return f"decision-{number[1:]}" if number.startswith("D") else f"inject-{number}"


def letter(place: int) -> str:
    """An answer's letter."""
    return chr(65 + place)


# ---- decisions


def decisions(planned: Planned) -> Iterator[Block]:
    """Each decision with its answers, what they keep and strain, and what comes of them."""
    scenario = planned.scenario
    if not scenario.decisions:
        return
    yield Heading(_("Decisions"), 1)
    yield Paragraph(
        _(
            "No answer is meant to be right: each keeps something and strains something. + honoured, ± partly, – "
            "neglected, ✗ breached, under the clause that is named, and only for a team that has accepted it. Own "
            "proposals follow the listed answer that the team names as nearest."
        )
    )
    known = numbers(scenario)
    for team in scenario.teams:
        mine = [decision for decision in scenario.decisions if decision.team == team.id]
        if mine:
            yield Heading(_("Decisions of {team}").format(team=team.short), 2)
        for decision in mine:
            number = known[decision.id]
            yield Heading(f"{number} · {decision.title}", 3, anchor(number))
            yield _about(planned, decision)
            yield from told(decision.text, 4)
            if decision.notes:
                yield from noted(decision.notes)
            yield _answers(planned, decision)
            yield from _comes(planned, decision)


def noted(text: str) -> Iterator[Block]:
    """What the author tells the facilitator about a row of the script."""
    yield Heading(_("Notes"), 4)
    yield from told(text, 4)


def _about(planned: Planned, decision: Decision) -> Facts:
    words, team = planned.words, planned.scenario.teams_by_id[decision.team]
    pen = next((role.name for role in team.roles if role.id == decision.role), "")
    kind = _("Dilemma") if decision.kind == "dilemma" else _("Quick decision")
    rows = [
        (_("Kind"), kind + ("; " + _("the pen: {role}").format(role=pen) if pen else "")),
        (_("Put"), words.due(decision)),
    ]
    if decision.when is not None:
        rows.append((_("Only if"), words.condition(decision.when)))
    if decision.expires is not None:
        rows.append((_("Not after"), words.time(decision.expires)))
    rows.append((_("Open for"), minutes(decision.window)))
    if decision.deadline is not None:
        timely = (
            "; " + _("in time keeps {clauses}").format(clauses=", ".join(decision.timely)) if decision.timely else ""
        )
        rows.append((_("Due in the story"), words.time(decision.deadline) + timely))
    return Facts(tuple(rows))


def _answers(planned: Planned, decision: Decision) -> Table:
    rows: list[tuple[Cell, str, str]] = []
    for place, option in enumerate(decision.options):
        marks = [
            name for name, has in ((_("uses a power"), option.coercive), (_("effects abroad"), option.outward)) if has
        ]
        only = ""
        if option.available is not None:
            only = _("Only if {condition}: write it onto the sheet.").format(
                condition=planned.words.condition(option.available)
            )
        more = (f"({'; '.join(marks)})" if marks else "", only, celled(option.text))
        said = Opened(f"{letter(place)}  {option.title}", "".join(f"\n{line}" for line in more if line))
        rows.append((said, *_means(planned, option.conduct)))
    if decision.free is not None:
        rows.append((Opened(_(FREE), f"\n{decision.free.prompt}"), "", ""))
    lapsed = Opened(f"–  {_('No answer in the window')}", f"\n{celled(decision.lapse.text)}")
    rows.append((lapsed, *_means(planned, decision.lapse.conduct)))
    return Table((_("Answer"), _("What it keeps"), _("What it strains")), tuple(rows), widths=(3.2, 3.2, 3.2))


def _means(planned: Planned, conduct: tuple[Conduct, ...]) -> tuple[str, str]:
    """What an answer keeps, and what it strains, with the reasons."""
    return planned.conduct(conduct, kept=True, reasons=True), planned.conduct(conduct, kept=False, reasons=True)


def _comes(planned: Planned, decision: Decision) -> Iterator[Block]:
    rows: list[tuple[Cell, ...]] = []
    outcomes = [
        *((letter(place), option.effects, option.consequences) for place, option in enumerate(decision.options)),
        ("–", decision.lapse.effects, decision.lapse.consequences),
    ]
    for after, effects, consequences in outcomes:
        if effects:
            rows.append((after, _("at once"), "", _changes(planned, effects)))
        rows += [(after, *_consequence(planned, decision, piece)) for piece in consequences]
    if rows:
        yield Heading(_("What comes of it"), 4)
        yield Table(
            (_("Answer"), _("When"), _("To, from"), _("What they read, and what changes")),
            tuple(rows),
            "",
            (0.7, 2, 1.8, 5),
        )


def _consequence(planned: Planned, decision: Decision, piece: Consequence) -> tuple[Cell, ...]:
    words = planned.words
    when = words.after(piece.after)
    if piece.when:
        when += ", " + _("only if {condition}").format(condition=words.condition(piece.when))
    to = words.addressed(piece.to) if piece.to else planned.scenario.names[decision.team]
    by = f"{to}\n{_sender(piece.sender)}, {_(channel_name(piece.channel.value))}" if piece.text else ""
    return when, by, _read(planned, piece.title, piece.text, piece.effects)


def _sender(name: str) -> str:
    return _("from {sender}").format(sender=name)


def _read(planned: Planned, title: str, text: str, effects: tuple[Effect, ...]) -> Cell:
    """A message under its title, and what changes with it."""
    changes = _changes(planned, effects)
    if not text:
        return changes
    return Opened(title, "".join(f"\n{line}" for line in (celled(text), changes) if line))


def _changes(planned: Planned, effects: tuple[Effect, ...]) -> str:
    return labelled(_("Changes"), "; ".join(planned.words.effects(effects)))


# ---- requests


def requests(planned: Planned) -> Iterator[Block]:
    """What requests may be about, and what comes of them."""
    scenario = planned.scenario
    if scenario.matters:
        yield Heading(_("Requests and what they lead to"), 1)
        for matter in scenario.matters:
            yield Heading(matter.title, 2)
            yield from told(matter.text, 3)
            yield from _matter(planned, matter)
    if scenario.evidence:
        yield Heading(_("What teams may come to hold"), 1)
        yield Table(
            (_("Evidence"), _("From"), _("What it says"), _("Terms")),
            tuple(
                (
                    piece.title,
                    piece.source,
                    celled(piece.text),
                    _terms(planned, piece),
                )
                for piece in scenario.evidence
            ),
            _("Evidence"),
            (2, 1.6, 4, 2.4),
        )


def _terms(planned: Planned, piece: Evidence) -> str:
    """Its marks, and the conditions in the author's words; what these say already is not said twice."""
    marks = piece.handling
    if marks is not None and marks.words and marks.words in piece.conditions:
        marks = marks.model_copy(update={"words": ""})
    return "\n".join(filter(None, (planned.words.handling(marks), piece.conditions)))


def _matter(planned: Planned, matter: Matter) -> Iterator[Block]:
    scenario, words = planned.scenario, planned.words
    given = [scenario.evidence_by_id[id].title for id in matter.gives if id in scenario.evidence_by_id]
    part = [scenario.evidence_by_id[id].title for id in matter.part if id in scenario.evidence_by_id]
    rows = (
        (_("Raised by"), ", ".join(scenario.names.get(id, id) for id in matter.teams) or _("any team")),
        (_("As"), kind_names(scenario, matter.kinds)),
        (_("From when"), words.condition(matter.known)),
        (_("Held by"), scenario.names.get(matter.holder or "", "")),
        (_("Can be done once"), words.condition(matter.ready)),
        (_("Until then"), matter.not_ready if matter.ready is not None else ""),
        (_("Gives"), "; ".join(given)),
        (_("In part gives"), "; ".join(part)),
    )
    yield Facts(tuple(row for row in rows if row[1]))
    if matter.outcomes:
        yield Table(
            (_("Once it is"), _("To, from"), _("What they read, and what changes")),
            tuple(
                (
                    words.outcome(outcome),
                    f"{words.addressed(outcome.to) or _('whoever asked')}\n{_sender(outcome.sender)}"
                    if outcome.text
                    else "",
                    _read(planned, outcome.title, outcome.text, outcome.effects),
                )
                for outcome in matter.outcomes
            ),
            widths=(2.6, 1.8, 5),
        )


# ---- what is watched


def occasions(planned: Planned) -> Iterator[Block]:
    """Points of the story at which the program looks at a team's conduct by itself."""
    scenario, words = planned.scenario, planned.words
    if not scenario.occasions:
        return
    yield Heading(_("What the program watches for"), 1)
    yield Paragraph(
        _("Where the moment never comes, it is not tested. What was done aloud and not sent, evaluators note.")
    )
    yield Table(
        (_("Team"), _("Conduct"), _("From when on"), _("In time until"), _("Clauses")),
        tuple(
            (
                scenario.names[row.team],
                WATCHED[row.detector] + _toward(scenario, row),
                words.condition(row.opens),
                words.time(row.until),
                ", ".join(row.commitments),
            )
            for row in scenario.occasions
        ),
        _("Occasions"),
        (1.1, 2.2, 3.2, 1.8, 1.6),
    )


def _toward(scenario: Scenario, row: Occasion) -> str:
    names = ", ".join(scenario.names.get(id, id) for id in row.toward)
    return ", " + _("toward {names}").format(names=names) if names else ""


# ---- injects


def injects(planned: Planned) -> Iterator[Block]:
    """Every inject in full, with what only control knows of it."""
    scenario = planned.scenario
    known = numbers(scenario)
    moves = by_move(scenario)
    yield Heading(_("Injects in full"), 1)
    for place, move in enumerate(scenario.moves):
        rows = [row for row, of in zip(scenario.injects, moves, strict=True) if of == place]
        if rows:
            yield Heading(_("Move {number}: {title}").format(number=place + 1, title=move.title), 2)
        for row in rows:
            yield Heading(f"{known[row.id]} · {row.title}", 3, anchor(known[row.id]))
            yield _sent(planned, row)
            yield from told(row.text, 4)
            for paper in row.attachments:
                yield Heading(_("Enclosed: {title}").format(title=paper.title), 4)
                yield from told(paper.text, 4)
            if row.request is not None:
                yield Heading(_("The request that comes with it"), 4)
                yield _incoming(planned, row.request)
            if row.notes:
                yield from noted(row.notes)


def by_move(scenario: Scenario) -> tuple[int, ...]:
    """The place of the move in which each inject comes; one that waits for a condition alone goes with that before."""
    found, last = [], 0
    for row in scenario.injects:
        when = moment(scenario, row)
        last = last if when is None else when
        found.append(max((place for place, move in enumerate(scenario.moves) if move.starts <= last), default=0))
    return tuple(found)


def moment(scenario: Scenario, row: Scheduled) -> int | None:
    """When in the story a row is due; nothing where it waits for a condition alone."""
    if row.at is not None:
        return row.at
    if row.move is not None:
        move = next((each for each in scenario.moves if each.id == row.move), None)
        if move is None:
            return None
        return move.starts + (row.minute or 0) * (move.ends - move.starts) // move.minutes
    followed = scenario.injects_by_id.get(row.follows or "")
    return moment(scenario, followed) if followed is not None else None


def _sent(planned: Planned, row: Inject) -> Facts:
    words = planned.words
    rows: list[tuple[str, str | Link]] = [(_("Due"), words.due(row))]
    more = (
        (_("Only if"), words.condition(row.when)),
        (_("Not after"), words.time(row.expires) if row.expires is not None else ""),
        (_("To"), words.addressed(row.to)),
        (_("From"), f"{row.sender}, {_(channel_name(row.channel.value))}"),
        (_("Expected"), several(row.expected)),
        (_("Noise"), _("No reaction is right.") if row.noise else ""),
        (_("Changes"), "; ".join(words.effects(row.effects))),
    )
    rows += [line for line in more if line[1]]
    return Facts(tuple(rows))


def _incoming(planned: Planned, request: IncomingRequest) -> Facts:
    scenario, words = planned.scenario, planned.words
    kind, channel = scenario.kinds_by_id.get(request.kind), scenario.channels_by_id.get(request.via)
    names = {element.id: element.name for element in kind.elements} if kind else {}
    enclosed = [scenario.evidence_by_id[id].title for id in request.encloses if id in scenario.evidence_by_id]
    rows = (
        (_("Kind"), (kind.name if kind else request.kind) + (f", {_('urgent')}" if request.urgent else "")),
        (
            _("From, to"),
            _("{sender} to {addressee}").format(
                sender=scenario.names.get(request.by, request.by), addressee=scenario.names.get(request.to, request.to)
            ),
        ),
        (_("By"), channel.name if channel else request.via),
        (_("Subject"), request.subject),
        *((names.get(id, id), text) for id, text in request.content.items()),
        (_("Terms"), words.handling(request.handling)),
        (_("Answer wanted by"), words.time(request.deadline) if request.deadline is not None else ""),
        (_("Encloses"), "; ".join(enclosed)),
        *((_("Asked back: {name}").format(name=names.get(id, id)), text) for id, text in request.mends.items()),
    )
    return Facts(tuple(row for row in rows if row[1]))
