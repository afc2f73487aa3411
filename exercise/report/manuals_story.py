"""The parts of the handbook that follow the script: actors, decisions, requests, what is watched, injects in full."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exercise.core.cast import Evidence
from exercise.core.requests.matters import Actor, Matter
from exercise.core.scenario import Scenario
from exercise.core.script import (
    Conduct,
    Consequence,
    Decision,
    Effect,
    IncomingRequest,
    Inject,
    Scheduled,
    channel_name,
)
from exercise.core.times import format_duration
from exercise.report.blocks import Block, Cell, Facts, Heading, Link, Opened, Paragraph, Table
from exercise.report.manuals_common import Planned, celled, minutes, told
from exercise.report.words import several, upper

FREE = "An own proposal"
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


# ---- actors


def actors(planned: Planned) -> Iterator[Block]:
    """Who is played by control, and how each desk answers."""
    scenario = planned.scenario
    if not scenario.actors:
        return
    yield Heading("Actors and their desks", 1)
    yield Paragraph(
        "A desk answers by itself after its time; you may answer before it does. The first line that fits is taken."
    )
    for actor in scenario.actors:
        yield Heading(actor.name, 2)
        yield from told(actor.about, 3)
        yield from _desk(planned, actor)


def _desk(planned: Planned, actor: Actor) -> Iterator[Block]:
    scenario, desk = planned.scenario, actor.desk
    rows = [("How to play it", celled(actor.notes))] if actor.notes else []
    if desk is not None:
        kinds = _kinds(scenario, desk.mandate)
        rows += [("Answers after", format_duration(desk.speed)), ("Takes", kinds or "every kind of request")]
        rows += [("To others it says", desk.outside)] if desk.mandate else []
        rows.append(("If no line fits", desk.otherwise))
    if rows:
        yield Facts(tuple(rows))
    if desk is None or not desk.replies:
        return
    yield Table(
        ("Asked", "After", "Answer", "It says"),
        tuple(
            (
                _asked(planned, reply.kinds, reply.about, reply.by)
                + (f"\nonly if {planned.words.condition(reply.when)}" if reply.when else "")
                + (f"\nnot before {planned.words.time(reply.not_before)}" if reply.not_before is not None else ""),
                format_duration(reply.after if reply.after is not None else desk.speed),
                {"part": "in part", "conditional": "on terms"}.get(reply.answer, reply.answer),
                "\n".join(
                    filter(
                        None,
                        (
                            celled(reply.text),
                            _labelled("Terms", planned.words.handling(reply.conditions)),
                            _labelled("Changes", "; ".join(planned.words.effects(reply.effects))),
                        ),
                    )
                ),
            )
            for reply in desk.replies
        ),
        widths=(3, 0.9, 1, 4),
    )


def _kinds(scenario: Scenario, ids: tuple[str, ...]) -> str:
    return "; ".join(scenario.kinds_by_id[id].name if id in scenario.kinds_by_id else id for id in ids)


def _asked(planned: Planned, kinds: tuple[str, ...], about: tuple[str, ...], by: tuple[str, ...]) -> str:
    scenario = planned.scenario
    matters = [scenario.matters_by_id[id].title for id in about if id in scenario.matters_by_id]
    parts = (
        _kinds(scenario, kinds) or "anything",
        f"about {' or '.join(matters)}" if matters else "",
        f"by {' or '.join(scenario.names.get(id, id) for id in by)}" if by else "",
    )
    return upper(", ".join(filter(None, parts)))


def _labelled(label: str, text: str) -> str:
    return f"{label}: {text}" if text else ""


# ---- decisions


def decisions(planned: Planned) -> Iterator[Block]:
    """Each decision with its answers, what they keep and strain, and what comes of them."""
    scenario = planned.scenario
    if not scenario.decisions:
        return
    yield Heading("Decisions", 1)
    yield Paragraph(
        "No answer is meant to be right: each keeps something and strains something. + honoured, ± partly, – "
        "neglected, ✗ breached, under the clause that is named, and only for a team that has accepted it. Own "
        "proposals follow the listed answer that the team names as nearest."
    )
    known = numbers(scenario)
    for team in scenario.teams:
        mine = [decision for decision in scenario.decisions if decision.team == team.id]
        if mine:
            yield Heading(f"Decisions of {team.short}", 2)
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
    yield Heading("Notes", 4)
    yield from told(text, 4)


def _about(planned: Planned, decision: Decision) -> Facts:
    words, team = planned.words, planned.scenario.teams_by_id[decision.team]
    pen = next((role.name for role in team.roles if role.id == decision.role), "")
    kind = "Dilemma" if decision.kind == "dilemma" else "Quick decision"
    rows = [("Kind", kind + (f"; the pen: {pen}" if pen else "")), ("Put", words.due(decision))]
    if decision.when is not None:
        rows.append(("Only if", words.condition(decision.when)))
    if decision.expires is not None:
        rows.append(("Not after", words.time(decision.expires)))
    rows.append(("Open for", minutes(decision.window)))
    if decision.deadline is not None:
        timely = f"; in time keeps {', '.join(decision.timely)}" if decision.timely else ""
        rows.append(("Due in the story", words.time(decision.deadline) + timely))
    return Facts(tuple(rows))


def _answers(planned: Planned, decision: Decision) -> Table:
    rows: list[tuple[Cell, str, str]] = []
    for place, option in enumerate(decision.options):
        marks = [name for name, has in (("uses a power", option.coercive), ("effects abroad", option.outward)) if has]
        only = ""
        if option.available is not None:
            only = f"Only if {planned.words.condition(option.available)}: write it onto the sheet."
        more = (f"({'; '.join(marks)})" if marks else "", only, celled(option.text))
        said = Opened(f"{letter(place)}  {option.title}", "".join(f"\n{line}" for line in more if line))
        rows.append((said, *_means(planned, option.conduct)))
    if decision.free is not None:
        rows.append((Opened(FREE, f"\n{decision.free.prompt}"), "", ""))
    lapsed = Opened("–  No answer in the window", f"\n{celled(decision.lapse.text)}")
    rows.append((lapsed, *_means(planned, decision.lapse.conduct)))
    return Table(("Answer", "What it keeps", "What it strains"), tuple(rows), widths=(3.2, 3.2, 3.2))


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
            rows.append((after, "at once", "", _changes(planned, effects)))
        rows += [(after, *_consequence(planned, decision, piece)) for piece in consequences]
    if rows:
        yield Heading("What comes of it", 4)
        yield Table(
            ("Answer", "When", "To, from", "What they read, and what changes"), tuple(rows), "", (0.7, 2, 1.8, 5)
        )


def _consequence(planned: Planned, decision: Decision, piece: Consequence) -> tuple[Cell, ...]:
    words = planned.words
    when = words.after(piece.after) + (f", only if {words.condition(piece.when)}" if piece.when else "")
    to = words.addressed(piece.to) if piece.to else planned.scenario.names[decision.team]
    by = f"{to}\nfrom {piece.sender}, {channel_name(piece.channel.value)}" if piece.text else ""
    return when, by, _read(planned, piece.title, piece.text, piece.effects)


def _read(planned: Planned, title: str, text: str, effects: tuple[Effect, ...]) -> Cell:
    """A message under its title, and what changes with it."""
    changes = _changes(planned, effects)
    if not text:
        return changes
    return Opened(title, "".join(f"\n{line}" for line in (celled(text), changes) if line))


def _changes(planned: Planned, effects: tuple[Effect, ...]) -> str:
    return _labelled("Changes", "; ".join(planned.words.effects(effects)))


# ---- requests


def requests(planned: Planned) -> Iterator[Block]:
    """What requests may be about, and what comes of them."""
    scenario = planned.scenario
    if scenario.matters:
        yield Heading("Requests and what they lead to", 1)
        for matter in scenario.matters:
            yield Heading(matter.title, 2)
            yield from told(matter.text, 3)
            yield from _matter(planned, matter)
    if scenario.evidence:
        yield Heading("What teams may come to hold", 1)
        yield Table(
            ("Evidence", "From", "What it says", "Terms"),
            tuple(
                (
                    piece.title,
                    piece.source,
                    celled(piece.text),
                    _terms(planned, piece),
                )
                for piece in scenario.evidence
            ),
            "Evidence",
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
        ("Raised by", ", ".join(scenario.names.get(id, id) for id in matter.teams) or "any team"),
        ("As", _kinds(scenario, matter.kinds)),
        ("From when", words.condition(matter.known)),
        ("Held by", scenario.names.get(matter.holder or "", "")),
        ("Can be done once", words.condition(matter.ready)),
        ("Until then", matter.not_ready if matter.ready is not None else ""),
        ("Gives", "; ".join(given)),
        ("In part gives", "; ".join(part)),
    )
    yield Facts(tuple(row for row in rows if row[1]))
    if matter.outcomes:
        yield Table(
            ("Once it is", "To, from", "What they read, and what changes"),
            tuple(
                (
                    words.outcome(outcome),
                    f"{words.addressed(outcome.to) or 'whoever asked'}\nfrom {outcome.sender}" if outcome.text else "",
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
    yield Heading("What the program watches for", 1)
    yield Paragraph(
        "Where the moment never comes, it is not tested. What was done aloud and not sent, evaluators note."
    )
    yield Table(
        ("Team", "Conduct", "From when on", "In time until", "Clauses"),
        tuple(
            (
                scenario.names[row.team],
                upper(row.detector.replace("-", " "))
                + (f", toward {', '.join(scenario.names.get(id, id) for id in row.toward)}" if row.toward else ""),
                words.condition(row.opens),
                words.time(row.until),
                ", ".join(row.commitments),
            )
            for row in scenario.occasions
        ),
        "Occasions",
        (1.1, 2.2, 3.2, 1.8, 1.6),
    )


# ---- injects


def injects(planned: Planned) -> Iterator[Block]:
    """Every inject in full, with what only control knows of it."""
    scenario = planned.scenario
    known = numbers(scenario)
    moves = by_move(scenario)
    yield Heading("Injects in full", 1)
    for place, move in enumerate(scenario.moves):
        rows = [row for row, of in zip(scenario.injects, moves, strict=True) if of == place]
        if rows:
            yield Heading(f"Move {place + 1}: {move.title}", 2)
        for row in rows:
            yield Heading(f"{known[row.id]} · {row.title}", 3, anchor(known[row.id]))
            yield _sent(planned, row)
            yield from told(row.text, 4)
            for paper in row.attachments:
                yield Heading(f"Enclosed: {paper.title}", 4)
                yield from told(paper.text, 4)
            if row.request is not None:
                yield Heading("The request that comes with it", 4)
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
    rows: list[tuple[str, str | Link]] = [("Due", words.due(row))]
    more = (
        ("Only if", words.condition(row.when)),
        ("Not after", words.time(row.expires) if row.expires is not None else ""),
        ("To", words.addressed(row.to)),
        ("From", f"{row.sender}, {channel_name(row.channel.value)}"),
        ("Expected", several(row.expected)),
        ("Noise", "No reaction is right." if row.noise else ""),
        ("Changes", "; ".join(words.effects(row.effects))),
    )
    rows += [line for line in more if line[1]]
    return Facts(tuple(rows))


def _incoming(planned: Planned, request: IncomingRequest) -> Facts:
    scenario, words = planned.scenario, planned.words
    kind, channel = scenario.kinds_by_id.get(request.kind), scenario.channels_by_id.get(request.via)
    names = {element.id: element.name for element in kind.elements} if kind else {}
    enclosed = [scenario.evidence_by_id[id].title for id in request.encloses if id in scenario.evidence_by_id]
    rows = (
        ("Kind", (kind.name if kind else request.kind) + (", urgent" if request.urgent else "")),
        ("From, to", f"{scenario.names.get(request.by, request.by)} to {scenario.names.get(request.to, request.to)}"),
        ("By", channel.name if channel else request.via),
        ("Subject", request.subject),
        *((names.get(id, id), text) for id, text in request.content.items()),
        ("Terms", words.handling(request.handling)),
        ("Answer wanted by", words.time(request.deadline) if request.deadline is not None else ""),
        ("Encloses", "; ".join(enclosed)),
        *((f"Asked back: {names.get(id, id)}", text) for id, text in request.mends.items()),
    )
    return Facts(tuple(row for row in rows if row[1]))
