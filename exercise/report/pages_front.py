"""The first pages of a report, and those about its record: overview, summary, improvement plan, participants, seal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exercise.language import N_, Told, _
from exercise.report.blocks import Block, Bullets, Facts, Heading, Notice, Paragraph, Table
from exercise.report.method import CHATHAM
from exercise.report.model import AfterAction
from exercise.report.naming import Names
from exercise.report.words import amount, counted, day, hour, several, span, unmarked, upper

BLANK = "…………………………"
"""Where the host fills something in, in forms that are printed."""

SPARE_ROWS = 3
_CHECKS: Mapping[str, str] = Told(
    {"chain": "chain", "openings": "openings", "order": "order", "head": "head", "seal": "seal", "rules": "rules"}
)
ELEMENTS = N_("planning, organisation, equipment, training, exercises")


def held_on(report: AfterAction) -> str:
    """When it was played."""
    over = report.overview
    if not over.held:
        return _("not begun")
    return (
        _("{held} to {held_until}").format(held=day(over.held), held_until=day(over.held_until))
        if over.held_until
        else day(over.held)
    )


def notices(report: AfterAction) -> Iterator[Block]:
    """What a reader has to know first."""
    if report.edition == "anonymous":
        yield Notice(_(CHATHAM), _("Anonymous edition"))
    for text in report.notices:
        yield Notice(text)


def overview(report: AfterAction) -> Iterator[Block]:
    """Section 1 of an AAR/IP."""
    over = report.overview
    yield Heading(_("Exercise overview"), 1, "overview")
    yield Facts(
        (
            (_("Exercise"), over.exercise),
            (_("Held on"), held_on(report)),
            (
                _("Length"),
                _("{play_seconds} of play; {span} were planned").format(
                    play_seconds=span(over.play_seconds), span=span(over.planned_minutes * 60)
                ),
            ),
            (
                _("Story"),
                _("{story_from} to {story_until}").format(
                    story_from=hour(over.story_from), story_until=hour(over.story_until)
                ),
            ),
            (_("Scope"), over.scope),
            (_("Core capabilities tested"), _capabilities(over.areas, over.capabilities)),
            (_("Texts"), several(over.instruments)),
            (_("Objectives"), several(over.objectives) or _("The scenario names none.")),
            (_("Threats"), several([says for _id, says in over.threats])),
            (_("Scenario"), unmarked(over.scenario)),
            (_("Sponsor and host"), over.sponsor or BLANK),
            (_("Participating teams"), several([team.name for team in report.teams])),
            (_("Contact"), over.contact or BLANK),
        )
    )


def _capabilities(areas: tuple[str, ...], tested: tuple[str, ...]) -> str:
    """Those that were tested, and those that the scenario could have put to a team and did not."""
    rest = [area for area in areas if area not in tested]
    said = upper("; ".join(map(_, tested))) or _("none")
    return _("{said}\nNot tested: {list}").format(said=said, list="; ".join(map(_, rest))) if rest and tested else said


def executive_summary(report: AfterAction) -> Iterator[Block]:
    """Section 2 of an AAR/IP."""
    yield Heading(_("Executive summary"), 1, "summary")
    for place, text in enumerate(report.summary):
        yield Paragraph(text, "lead" if place == 0 else "")


def plan(report: AfterAction) -> Iterator[Block]:
    """Appendix A of an AAR/IP, with room to write."""
    yield Heading(_("Improvement plan"), 1, "plan")
    kept = sum(row.number > 0 for row in report.plan)
    open_rows = len(report.plan) - kept
    said = []
    if kept:
        said.append(
            _("{kept} {more} agreed and kept in the log.").format(
                kept=upper(counted(kept, "row")), more=_("was") if kept == 1 else _("were")
            )
        )
    if open_rows:
        said.append(_("Areas for improvement that no row takes up yet stand below with room to fill in."))
        said.append(
            _(
                "They are those of the objectives, then what the teams' cards show as not kept in full and no "
                "objective names; each with the teams it is about."
            )
        )
    said.append(_("A capability element is one of: {elements}.").format(elements=_(ELEMENTS)))
    yield Paragraph(" ".join(said))
    rows = [
        (
            str(place),
            "\n".join([row.area, *map(report.team_name, row.teams)]),
            row.action,
            row.element,
            row.owner,
            row.contact,
            row.start,
            row.end,
        )
        for place, row in enumerate(report.plan, 1)
    ]
    rows += [(str(len(rows) + extra), "", "", "", "", "", "", "") for extra in range(1, SPARE_ROWS + 1)]
    yield Table(
        (
            _("No."),
            _("Area for improvement"),
            _("Corrective action"),
            _("Capability element"),
            _("Responsible organisation"),
            _("Contact"),
            _("Start"),
            _("Completion"),
        ),
        tuple(rows),
        caption=_("Improvement plan"),
        widths=(0.6, 3.2, 3.6, 1.5, 1.7, 1.5, 1, 1.1),
        wide=True,
    )


def participants(report: AfterAction) -> Iterator[Block]:
    """Appendix B of an AAR/IP."""
    yield Heading(_("Participants"), 1, "participants")
    rows = tuple(
        (
            team.name,
            "\n".join(team.roles) or "–",
            {"people": _("people"), "": _("not recorded")}.get(team.played_by, team.played_by),
            str(team.seats_taken) if team.seats_taken else "–",
        )
        for team in report.teams
    )
    yield Table((_("Team"), _("Roles"), _("Played by"), _("Seats taken")), rows, _("Teams"), (3, 3, 2, 1), numeric=(3,))
    evaluators = report.evaluators
    if report.control is None:
        yield Paragraph(
            _(
                "Pseudonyms and names of participants, evaluators and exercise control stand in the "
                "facilitator's edition only. {evaluators} took part."
            ).format(evaluators=upper(counted(evaluators, "evaluator"))),
            "small",
        )
        return
    names = Names(report)
    people = tuple((one.role, one.name or "–") for one in report.control.people)
    if people:
        yield Table(
            (_("Seat"), _("Pseudonym")), people, _("Seats taken, with the pseudonyms given at the table"), (2, 2)
        )
    if evaluators:
        yield Bullets(tuple(names.evaluator(number) for number in range(1, evaluators + 1)))


def record(report: AfterAction) -> Iterator[Block]:
    """What the log can be held to."""
    trust = report.trust
    yield Heading(_("The record and its seal"), 1, "record")
    yield Paragraph(
        _(
            "This report is drawn from one log, in which each line carries the hash of the line "
            "before it. Whoever holds the log can check it with “exercise verify” against the "
            "head below."
        )
    )
    seals = [
        _("signed over entry {upto} with key {key} ({kind}){more}").format(
            upto=seal.upto,
            key=seal.key,
            kind=seal.kind,
            more=_(", by {host}").format(host=seal.host) if seal.host else "",
        )
        for seal in trust.seals
    ]
    yield Facts(
        (
            *(((_("Session"), report.overview.session),) if report.overview.session else ()),
            (_("Entries"), amount(trust.entries)),
            (_("Head at ENDEX"), trust.endex_head or _("ENDEX has not come")),
            (_("Head of this log"), trust.head),
            (_("Seal"), "\n".join(seals) or _("none: nobody has signed this log")),
            (_("Verified"), _("nothing speaks against the log") if trust.verified else _("FAILED: see below")),
            (
                _("Made with"),
                _("engine {engine}, rules {rules}, log form {form}").format(
                    engine=trust.engine, rules=trust.rules, form=trust.form
                ),
            ),
            (_("Read with"), _("rules {rules_now}").format(rules_now=trust.rules_now)),
        )
    )
    yield Table(
        (_("Check"), _("Result"), _("What was found")),
        tuple((_CHECKS.get(name, name), _(sign), text) for name, sign, text in trust.checks),
        _("The checks of “exercise verify”"),
        (1, 1.2, 5),
    )
    if trust.vouches:
        yield Heading(_("What this vouches for"), 2)
        yield Bullets(trust.vouches)
    if trust.does_not_vouch:
        yield Heading(_("What nothing of this shows"), 2)
        yield Bullets(trust.does_not_vouch)
