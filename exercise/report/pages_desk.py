"""The pages that only exercise control reads: the script as it went, notes, journals, talk, and what went on behind."""

from __future__ import annotations

from collections.abc import Iterator

from exercise.language import _
from exercise.report.blocks import Block, Facts, Heading, Notice, Table
from exercise.report.model import AfterAction, Control, Line
from exercise.report.naming import Names, story
from exercise.report.pages_course import lines
from exercise.report.prose import blocks_of
from exercise.report.words import played, unmarked


def control_pages(report: AfterAction, names: Names) -> Iterator[Block]:
    """All of it, or nothing in an edition that has none of it."""
    control = report.control
    if control is None:
        return
    yield Heading(_("For exercise control only"), 1, "control")
    yield Notice(_("These pages are not for participants: they hold names, private words and the script."))
    if control.seed is not None:
        yield Facts(((_("Seed of the hidden facts"), str(control.seed)),))
    if control.guidance:
        yield Heading(_("How the scenario was meant to be run"), 2, "guidance")
        yield from blocks_of(control.guidance, 3)
    yield from _script(control)
    yield from _lines(_("Observations of exercise control and observers"), "observations", control.notes)
    yield from _lines(_("Teams' journals"), "journals", control.journals)
    yield from _lines(_("What was said"), "talk", control.talk)
    yield from _lines(_("Drafts left unfinished"), "drafts", control.drafts)
    if control.ballots:
        yield Heading(_("Votes inside teams"), 2, "ballots")
        yield Table(
            (_("Decision"), _("Who"), _("For"), _("Why")),
            tuple(
                (
                    names.decisions[row.decision].title if row.decision in names.decisions else row.decision,
                    row.who,
                    row.option,
                    row.reason,
                )
                for row in control.ballots
            ),
            _("Votes"),
            (2.6, 2, 2.4, 3),
        )
    if control.decision_notes:
        yield Heading(_("The author's notes on decisions"), 2, "author-notes")
        yield Facts(
            tuple(
                (
                    names.decisions[id].title
                    if id in names.decisions
                    else _("{title} (never put)").format(title=control.unput.get(id, id)),
                    unmarked(text),
                )
                for id, text in control.decision_notes
            )
        )
    if control.behind:
        yield Heading(_("Behind the scenes"), 2, "behind")
        yield lines(control.behind, _("Messages to single roles, corrections, and what went on behind the scenes"))


def _script(control: Control) -> Iterator[Block]:
    yield Heading(_("The script as it went"), 2, "script")
    yield Table(
        (_("Time"), _("Status"), _("From"), _("To"), _("By"), _("Title"), _("Expected actions"), _("Notes")),
        tuple(
            (
                story(row.exercise),
                _(row.status),
                row.sender,
                row.to,
                row.channel,
                row.title,
                "\n".join(row.expected),
                unmarked(row.notes),
            )
            for row in control.script
        ),
        _("Injects of the script and what became of them"),
        (0.9, 1, 1.5, 1.6, 1, 2.4, 3, 3),
        wide=True,
    )


def _lines(title: str, anchor: str, rows: tuple[Line, ...]) -> Iterator[Block]:
    if not rows:
        return
    about = any(row.about for row in rows)
    yield Heading(title, 2, anchor)
    yield Table(
        (_("Play"), _("Story"), _("Who"), *((_("About, to"),) if about else ()), _("Words")),
        tuple(
            (played(row.play), story(row.exercise), row.who, *((row.about,) if about else ()), row.text) for row in rows
        ),
        title,
        (0.7, 0.9, 2, *((1.6,) if about else ()), 5),
    )
