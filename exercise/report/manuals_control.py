"""The facilitator's handbook: how to run it, when what comes, what is true behind it, what to do if something fails.

It has all that is needed to carry the exercise on paper; the parts that follow the script are in `manuals_story`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exercise.authoring.in_words import InWords
from exercise.core.scenario import Scenario
from exercise.core.script import Decision, Inject, Move, Scheduled, channel_name
from exercise.core.times import tell_exercise_time
from exercise.core.wording import cited_threats
from exercise.language import N_, _, ngettext
from exercise.report import manuals_story as story
from exercise.report.blocks import Block, Bullets, Document, Facts, Heading, Link, Notice, Opened, Paragraph, Table
from exercise.report.manuals_actors import actors
from exercise.report.manuals_common import (
    Planned,
    celled,
    figure,
    in_its_language,
    minutes,
    opened,
    ratings,
    told,
    untitled,
)
from exercise.report.manuals_players import scope
from exercise.report.words import amount, several

READERS = N_("for facilitator and controllers only")


def _roles() -> tuple[tuple[str, str], ...]:
    return (
        (
            _("Facilitator"),
            _(
                "Leads the room, holds the console, moves the clock, releases and holds injects, opens plenaries. "
                "Decides every doubt. Gives no answers away."
            ),
        ),
        (
            _("Controllers"),
            _(
                "Answer for whoever is not in the room; deal injects where the exercise runs on paper; tell the "
                "facilitator what the tables are about to do."
            ),
        ),
        (
            _("Evaluators"),
            _(
                "One at each table at least, two from different delegations for each mark. They write down what was "
                "said and done and when, rate alone, and compare afterwards. Their guides have a page for each "
                "objective."
            ),
        ),
        (_("Observers"), _("Sit behind the tables, ask nothing during play, and speak in the hot wash.")),
    )


def _before() -> tuple[Opened, ...]:
    return (
        opened(
            _("A week before:"),
            _("read this handbook; send out the situation manual and the briefs; name who plays whom."),
        ),
        opened(
            _("The evening before:"), _("look ahead with “exercise host --preflight”; print codes, cards and sheets.")
        ),
        opened(
            _("In the room:"),
            _("one table for each team, out of earshot; a table for control; a clock that all can see."),
        ),
        opened(
            _("In the first quarter of an hour:"),
            _("briefing aloud, the rules, the banner, what “REAL WORLD – NO DUFF” means; time to read; then STARTEX."),
        ),
    )


def _trouble() -> tuple[tuple[str, str], ...]:
    return (
        (
            _("The network or the machine fails"),
            _(
                "Nothing accepted is lost. Say so, let the tables go on talking, start the hub "
                "again with “exercise host --resume ID”: it stands paused where it stopped. If it stays away, go on "
                "with the "
                "cards, "
                "the decision sheets and the last part of this handbook."
            ),
        ),
        (
            _("Somebody cannot get in"),
            _(
                "Show the code again at the console; revoke it and make a new one if it was lost. "
                "Whoever comes back with the same code and name finds what was half written."
            ),
        ),
        (
            _("A team is short of people, or has gone"),
            _("Give it to a bot at the console and take it back when its people come."),
        ),
        (
            _("A table is stuck"),
            _(
                "Ask it to read the decision aloud and to name what speaks against each answer. Extend the "
                "window rather than hurry. Do not say which answer is right: none is meant to be."
            ),
        ),
        (
            _("A table has nothing to do"),
            _("Ask who else knows what it does not. Bring its next inject forward, or write one."),
        ),
        (
            _("An inject came too early or was wrong"),
            _(
                "Withdraw it at the console and say that it was; what was read stays read. "
                "Injects to come can be held, changed or moved."
            ),
        ),
        (_("A decision was sent by mistake"), _("Reopen it. The log keeps both answers.")),
        (_("A number is plainly off"), _("Set the indicator; the correction stands in the log.")),
        (_("Two teams talk across the room"), _("Let them. What matters has to be sent, told or written to count.")),
        (
            _("A question that the story does not answer"),
            _("Answer as the body that would know, write it down, and keep to it."),
        ),
        (_("Quarrel about the law"), _("Let the clause be opened and read. What a text means is for the hot wash.")),
        (
            _("Time runs out"),
            _("Close open windows with a warning of two minutes; leave injects out from the end. Keep the hot wash."),
        ),
        (
            _("Something real happens"),
            _("REAL WORLD – NO DUFF: one key stops everything. Go on only when the room agrees."),
        ),
    )


@in_its_language
def handbook(planned: Planned) -> Document:
    """The whole handbook."""
    return planned.document(
        _("Facilitator's handbook"),
        _handbook(planned),
        readers=_(READERS),
        meta=(
            (_("Story begins"), planned.story),
            (_("Teams"), ", ".join(team.short for team in planned.scenario.teams)),
            (_("Length"), planned.length),
            (_("Readers"), _("The facilitator and controllers; it holds everything that participants must not know")),
        ),
    )


def _handbook(planned: Planned) -> Iterator[Block]:
    scenario = planned.scenario
    yield Heading(_("Exercise overview"), 1)
    yield Notice(_("Not for participants: this handbook holds later injects, hidden facts and what each answer means."))
    yield _overview(planned)
    yield from _objectives(scenario)
    yield from _running(planned)
    yield from _timing(planned)
    yield Heading(_("Troubleshooting"), 1)
    yield Table((_("What happens"), _("What to do")), _trouble(), _("If something goes wrong"), (2.2, 5))
    yield from _msel(planned)
    yield from _facts(planned)
    yield from actors(planned)
    yield from story.decisions(planned)
    yield from story.requests(planned)
    yield from story.occasions(planned)
    yield from _hot_wash(scenario)
    yield from story.injects(planned)


def _overview(planned: Planned) -> Facts:
    from exercise.catalogue import load_catalogue

    scenario = planned.scenario
    injects, decisions, matters = map(len, (scenario.injects, scenario.decisions, scenario.matters))
    counts = (
        ngettext("{number} inject", "{number} injects", injects).format(number=injects),
        ngettext("{number} decision", "{number} decisions", decisions).format(number=decisions),
        ngettext("{number} matter", "{number} matters", matters).format(number=matters),
    )
    teams = [
        ngettext("{team} ({number} role)", "{team} ({number} roles)", len(team.roles)).format(
            team=team.name, number=figure(len(team.roles))
        )
        for team in scenario.teams
    ]
    return Facts(
        (
            (_("Exercise"), scenario.title),
            (_("What it is about"), celled(scenario.summary)),
            (_("Scope"), scope(scenario)),
            (_("Length"), planned.length_in_moves),
            (_("Script"), ", ".join(counts)),
            (
                _("Threats"),
                several([threat.says for threat in cited_threats(load_catalogue().threats, scenario).values()]),
            ),
            (_("Texts looked at"), several([text.title for text in planned.held])),
            (_("Teams"), several(teams)),
        )
    )


def _objectives(scenario: Scenario) -> Iterator[Block]:
    if not scenario.objectives:
        return
    yield Heading(_("Objectives and critical tasks"), 2)
    yield Table(
        (_("Objective"), _("Critical tasks")),
        tuple(
            (
                Opened(objective.title, f"\n{objective.text}" if objective.text else ""),
                several(
                    [
                        f"{task.text} ({scenario.names.get(task.team or '', _('every team'))})"
                        for task in objective.tasks
                    ]
                ),
            )
            for objective in scenario.objectives
        ),
        widths=(3, 5),
    )


def _running(planned: Planned) -> Iterator[Block]:
    yield Heading(_("How to run it"), 1)
    yield Heading(_("Who does what"), 2)
    yield Facts(_roles())
    yield Heading(_("Before STARTEX"), 2)
    yield Bullets(_before())
    yield Heading(_("Ratings"), 2)
    yield Paragraph(_("Evaluators rate each objective; the program suggests and never sets."))
    yield Facts(tuple((f"{letter}: {name}", text) for letter, name, text in ratings()))
    if planned.scenario.facilitator:
        yield Heading(_("The author's guide"), 1)
        yield from untitled(planned.scenario.facilitator, 2)


def _timing(planned: Planned) -> Iterator[Block]:
    scenario = planned.scenario
    yield Heading(_("Timing"), 1)
    yield Paragraph(
        _("Minutes of the room are counted from STARTEX, without pauses. The last columns are for this day.")
    )
    rows, at = [], 0
    for number, move in enumerate(scenario.moves, 1):
        here = [row for row in (*scenario.injects, *scenario.decisions) if _inside(scenario, move, row)]
        injects = sum(isinstance(row, Inject) for row in here)
        rows.append(
            (
                _("Move {number}: {title}").format(number=number, title=move.title),
                _("{start} to {end}").format(start=tell_exercise_time(move.starts), end=tell_exercise_time(move.ends)),
                _("{start} to {end}").format(start=at // 60, end=(at + move.minutes) // 60),
                minutes(move.minutes),
                str(injects),
                str(len(here) - injects),
                "",
                "",
            )
        )
        at += move.minutes
        if move.plenary:
            length = move.plenary.minutes
            span_of = _("{start} to {end}").format(start=at // 60, end=(at + length) // 60)
            rows.append(
                (
                    _("Plenary after move {number}").format(number=number),
                    _("stands still"),
                    span_of,
                    minutes(length),
                    "",
                    "",
                    "",
                    "",
                )
            )
            at += length
    yield Table(
        (_("Part"), _("Story"), _("Room's minute"), _("Length"), _("Injects"), _("Decisions"), _("From"), _("Until")),
        tuple(rows),
        _("Timing, with what is scheduled in each move; what waits for a condition alone is not counted"),
        (3.4, 2, 1.5, 1, 0.9, 1.1, 1, 1),
        numeric=(4, 5),
    )
    yield Heading(_("What is read out and asked"), 2)
    for number, move in enumerate(scenario.moves, 1):
        yield Heading(_("Move {number} opens").format(number=number), 3)
        yield from told(move.text, 4)
        plenary = move.plenary
        if plenary and (plenary.text or plenary.questions):
            yield Heading(_("Plenary after move {number}").format(number=number), 3)
            yield from told(plenary.text, 4)
            yield Bullets(plenary.questions)


def _inside(scenario: Scenario, move: Move, row: Scheduled) -> bool:
    moment = story.moment(scenario, row)
    later = [each.starts for each in scenario.moves if each.starts > move.starts]
    return moment is not None and move.starts <= moment and (not later or moment < min(later))


def _msel(planned: Planned) -> Iterator[Block]:
    """Injects and decisions in the order in which they come, a row each."""
    scenario, words = planned.scenario, planned.words
    rows: list[tuple[int, int, Inject | Decision]] = []
    groups: tuple[tuple[Inject | Decision, ...], ...] = (scenario.injects, scenario.decisions)
    for kind, group in enumerate(groups):
        last = 0
        for row in group:
            moment = story.moment(scenario, row)
            # What waits for a condition stands where its author put it: after the row before.
            last = last if moment is None else moment
            rows.append((last, kind, row))
    rows.sort(key=lambda entry: entry[:2])
    numbers = story.numbers(scenario)
    yield Heading(_("Master scenario events list"), 1)
    yield Paragraph(
        _(
            "Numbers are those of the strips on the cards; D marks decisions. Each leads to its full text. The last "
            "column is for the time at which it was dealt, and for what was held, changed or left out."
        )
    )
    yield Table(
        (_("No."), _("Due"), _("To"), _("From, by"), _("Subject"), _("Only if"), _("Expected"), _("Dealt")),
        tuple(_event(row, numbers, words, scenario) for _moment, _kind, row in rows),
        _("Injects and decisions in the order of the story"),
        (0.7, 1.7, 1.5, 2, 2.6, 2.6, 3, 0.9),
        wide=True,
    )


def _event(
    row: Inject | Decision, numbers: Mapping[str, str], words: InWords, scenario: Scenario
) -> tuple[str | Link, ...]:
    if isinstance(row, Inject):
        to, by = words.addressed(row.to), f"{row.sender}, {_(channel_name(row.channel.value))}"
        expected = several(row.expected) or (_("Noise: no reaction is right.") if row.noise else "")
    else:
        to, by = scenario.names[row.team], _("decision, {minutes} to answer").format(minutes=minutes(row.window))
        expected = ""
    number = Link(numbers[row.id], story.anchor(numbers[row.id]))
    return (number, words.due(row), to, by, row.title, words.condition(row.when), expected, "")


def _facts(planned: Planned) -> Iterator[Block]:
    scenario = planned.scenario
    if scenario.facts:
        yield Heading(_("Hidden facts"), 1)
        yield Paragraph(
            _(
                "Fixed at STARTEX, drawn by weight or set by you, and told in the hot wash. They change what happens "
                "and "
                "never a mark. On paper, tick one value of each before you begin."
            )
        )
        rows = [
            (fact.title if place == 0 else "", f"☐ {value.value}", str(value.weight), celled(value.says))
            for fact in scenario.facts
            for place, value in enumerate(fact.values)
        ]
        yield Table(
            (_("Fact"), _("Value"), _("Weight"), _("What is true then")),
            tuple(rows),
            _("Facts"),
            (2.4, 1.4, 0.8, 4),
            (2,),
        )
    if scenario.indicators:
        yield Heading(_("Indicators"), 1)
        yield Table(
            (_("Indicator"), _("Whose"), _("At STARTEX"), _("Good is"), _("What it measures")),
            tuple(
                (
                    row.name,
                    scenario.names.get(row.team or "", _("all")) + (f", {_('hidden')}" if row.hidden else ""),
                    amount(row.start, row.unit),
                    _(row.better),
                    row.about,
                )
                for row in scenario.indicators
            ),
            _("Numbers that show how the crisis goes"),
            (2.2, 1.2, 1.3, 0.9, 4),
        )
    stale = [(team, entry) for team in scenario.teams for entry in team.directory if entry.stale]
    if stale:
        yield Heading(_("Lines that are out of date"), 1)
        yield Paragraph(
            _("Say so only once somebody has tried. A line is put right when the other side sends its present one.")
        )
        yield Table(
            (_("Whose directory"), _("Entry"), _("As it stands there"), _("The line that works")),
            tuple((team.short, entry.name, entry.address, entry.instead or "–") for team, entry in stale),
            _("Entries of the contact directories that no longer work"),
            (1.2, 3, 2.4, 2.4),
        )


def _hot_wash(scenario: Scenario) -> Iterator[Block]:
    yield Heading(_("Hot wash"), 1)
    yield Paragraph(
        _(
            "Right after ENDEX, with everybody. Ask each table what it would defend before the scorecards are opened; "
            "then the facts, one mark followed to its moment, and the questions. Controllers and evaluators meet on "
            "their own afterwards."
        )
    )
    if scenario.hot_wash:
        rows = [(scenario.names.get(question.team or "", _("All")), question.text) for question in scenario.hot_wash]
        yield Table((_("To"), _("Question")), tuple(rows), _("Questions"), (1, 6))
