"""The first pages of a report, and those about its record: overview, summary, improvement plan, participants, seal."""

from __future__ import annotations

from collections.abc import Iterator

from exercise.report.blocks import Block, Bullets, Facts, Heading, Notice, Paragraph, Table
from exercise.report.method import CHATHAM
from exercise.report.model import AfterAction
from exercise.report.naming import Names
from exercise.report.words import counted, day, hour, several, span, unmarked, upper

BLANK = "…………………………"
"""Where the host fills something in, in forms that are printed."""

SPARE_ROWS = 3
ELEMENTS = "planning, organisation, equipment, training, exercises"


def held_on(report: AfterAction) -> str:
    """When it was played."""
    over = report.overview
    if not over.held:
        return "not begun"
    return f"{day(over.held)} to {day(over.held_until)}" if over.held_until else day(over.held)


def notices(report: AfterAction) -> Iterator[Block]:
    """What a reader has to know first."""
    if report.edition == "anonymous":
        yield Notice(CHATHAM, "Anonymous edition")
    for text in report.notices:
        yield Notice(text)


def overview(report: AfterAction) -> Iterator[Block]:
    """Section 1 of an AAR/IP."""
    over = report.overview
    yield Heading("Exercise overview", 1, "overview")
    yield Facts(
        (
            ("Exercise", over.exercise),
            ("Held on", held_on(report)),
            ("Length", f"{span(over.play_seconds)} of play; {span(over.planned_minutes * 60)} were planned"),
            ("Story", f"{hour(over.story_from)} to {hour(over.story_until)}"),
            ("Scope", over.scope),
            ("Core capabilities tested", _capabilities(over.areas, over.capabilities)),
            ("Texts", several(over.instruments)),
            ("Objectives", several(over.objectives) or "The scenario names none."),
            ("Threats", several([says for _, says in over.threats])),
            ("Scenario", unmarked(over.scenario)),
            ("Sponsor and host", over.sponsor or BLANK),
            ("Participating teams", several([team.name for team in report.teams])),
            ("Contact", over.contact or BLANK),
        )
    )


def _capabilities(areas: tuple[str, ...], tested: tuple[str, ...]) -> str:
    """Those that were tested, and those that the scenario could have put to a team and did not."""
    rest = [area for area in areas if area not in tested]
    said = upper("; ".join(tested)) or "none"
    return f"{said}\nNot tested: {'; '.join(rest)}" if rest and tested else said


def executive_summary(report: AfterAction) -> Iterator[Block]:
    """Section 2 of an AAR/IP."""
    yield Heading("Executive summary", 1, "summary")
    for place, text in enumerate(report.summary):
        yield Paragraph(text, "lead" if place == 0 else "")


def plan(report: AfterAction) -> Iterator[Block]:
    """Appendix A of an AAR/IP, with room to write."""
    yield Heading("Improvement plan", 1, "plan")
    kept = sum(row.number > 0 for row in report.plan)
    open_rows = len(report.plan) - kept
    said = []
    if kept:
        said.append(f"{upper(counted(kept, 'row'))} {'was' if kept == 1 else 'were'} agreed and kept in the log.")
    if open_rows:
        said.append("Areas for improvement that no row takes up yet stand below with room to fill in.")
    said.append(f"A capability element is one of: {ELEMENTS}.")
    yield Paragraph(" ".join(said))
    rows = [
        (str(place), row.area, row.action, row.element, row.owner, row.contact, row.start, row.end)
        for place, row in enumerate(report.plan, 1)
    ]
    rows += [(str(len(rows) + extra), "", "", "", "", "", "", "") for extra in range(1, SPARE_ROWS + 1)]
    yield Table(
        (
            "No.",
            "Area for improvement",
            "Corrective action",
            "Capability element",
            "Responsible organisation",
            "Contact",
            "Start",
            "Completion",
        ),
        tuple(rows),
        caption="Improvement plan",
        widths=(0.6, 3.2, 3.6, 1.5, 1.7, 1.5, 1, 1.1),
        wide=True,
    )


def participants(report: AfterAction) -> Iterator[Block]:
    """Appendix B of an AAR/IP."""
    yield Heading("Participants", 1, "participants")
    rows = tuple(
        (
            team.name,
            "\n".join(team.roles) or "–",
            {"people": "people", "": "not recorded"}.get(team.played_by, team.played_by),
            str(team.seats_taken) if team.seats_taken else "–",
        )
        for team in report.teams
    )
    yield Table(("Team", "Roles", "Played by", "Seats taken"), rows, "Teams", (3, 3, 2, 1), numeric=(3,))
    evaluators = report.evaluators
    if report.control is None:
        yield Paragraph(
            "Pseudonyms and names of participants, evaluators and exercise control stand in the facilitator's edition "
            f"only. {upper(counted(evaluators, 'evaluator'))} took part.",
            "small",
        )
        return
    names = Names(report)
    people = tuple((one.role, one.name or "–") for one in report.control.people)
    if people:
        yield Table(("Seat", "Pseudonym"), people, "Seats taken, with the pseudonyms given at the table", (2, 2))
    if evaluators:
        yield Bullets(tuple(names.evaluator(number) for number in range(1, evaluators + 1)))


def record(report: AfterAction) -> Iterator[Block]:
    """What the log can be held to."""
    trust = report.trust
    yield Heading("The record and its seal", 1, "record")
    yield Paragraph(
        "This report is drawn from one log, in which each line carries the hash of the line before it. Whoever holds"
        " the log can check it with “exercise verify” against the head below."
    )
    seals = [
        f"signed over entry {seal.upto} with key {seal.key} ({seal.kind}){f', by {seal.host}' if seal.host else ''}"
        for seal in trust.seals
    ]
    yield Facts(
        (
            *((("Session", report.overview.session),) if report.overview.session else ()),
            ("Entries", f"{trust.entries:,}"),
            ("Head at ENDEX", trust.endex_head or "ENDEX has not come"),
            ("Head of this log", trust.head),
            ("Seal", "\n".join(seals) or "none: nobody has signed this log"),
            ("Verified", "nothing speaks against the log" if trust.verified else "FAILED: see below"),
            ("Made with", f"engine {trust.engine}, rules {trust.rules}, log form {trust.form}"),
            ("Read with", f"rules {trust.rules_now}"),
        )
    )
    yield Table(("Check", "Result", "What was found"), trust.checks, "The checks of “exercise verify”", (1, 1.2, 5))
    if trust.vouches:
        yield Heading("What this vouches for", 2)
        yield Bullets(trust.vouches)
    if trust.does_not_vouch:
        yield Heading("What nothing of this shows", 2)
        yield Bullets(trust.does_not_vouch)
