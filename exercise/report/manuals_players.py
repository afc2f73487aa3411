"""What participants read: the situation manual for all, a sheet for each move, each team's brief, each role's own.

Everything is taken field by field from what a seat is shown on its screen before STARTEX; move sheets hold what is
read out when a move opens or closes, and are dealt then.
"""

from __future__ import annotations

from collections.abc import Iterator

from exercise.core.cast import Role, Team
from exercise.core.observe import participant_view
from exercise.core.scenario import Scenario
from exercise.core.state import State
from exercise.core.views import ParticipantView
from exercise.language import N_, _, ngettext
from exercise.report.blocks import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    Notice,
    Opened,
    PageBreak,
    Paragraph,
    Room,
    Table,
)
from exercise.report.manuals_common import Planned, celled, figure, in_its_language, minutes, opened, told, untitled
from exercise.report.words import several, unmarked, upper

FOR_ALL = N_("for everybody who takes part")


def _rules_told() -> tuple[Opened, ...]:
    return (
        opened(_("This is a place to think aloud."), _("No answer is graded at the table, and there is no winner.")),
        opened(
            _("Act as yourselves in your role."),
            _("Use the powers, people and lines that your brief gives you, and those only; do not fight the scenario."),
        ),
        opened(
            _("Everything stays inside the exercise."),
            _(
                "Nobody outside this room is rung up, written to or searched for, and no real system is touched. What "
                "you "
                "send goes through the exercise, or by way of the facilitator."
            ),
        ),
        opened(
            _("Every message, on paper too, is marked as exercise."), _("Leave the banner on whatever you pass on.")
        ),
        opened(
            _("If something real happens,"),
            _("say “REAL WORLD – NO DUFF”. Everything stops until the facilitator takes it up again."),
        ),
        opened(
            _("What is said here is not attributed outside."),
            _("The log keeps what teams did. Names in it may be made up, and it can be redacted."),
        ),
    )


def _assumptions() -> tuple[str, ...]:
    return (
        _("The story is plausible, and simplified where that serves the talk. Take it as it comes."),
        _("Bodies that are not in the room are played by exercise control, which does not speak for them."),
        _(
            "The clock of the story runs faster than the room's, and jumps between moves. Nothing is marked by how "
            "fast you "
            "talk."
        ),
        _(
            "Some things are true behind the crisis that nobody in the room can know. They change what happens, never "
            "a mark."
        ),
        _("Some messages are noise: no reaction is right. Others know other things than you do."),
    )


def _asked() -> tuple[str, ...]:
    return (
        _("What do you know, what do you only believe, and what would change your mind?"),
        _("Who else needs to know what you know, in which order, and by which line?"),
        _("What do you need from whom, and does your request say all that the other side has to have?"),
        _(
            "Which undertaking speaks for a step, and which against it? What do you set aside, and how do you keep "
            "that small?"
        ),
        _(
            "On what ground, by whose authority, over what, and until when do you use a power? Who is touched that is "
            "not "
            "involved?"
        ),
        _("What will you have to come back to, and who will remember it?"),
    )


def _washed() -> tuple[str, ...]:
    return (
        _("Which decision would you take again, knowing no more than you knew then?"),
        _("What did you set aside, whom did it touch, and when did you tell them?"),
        _("Which line worked, which did not, and what will you put right at home on Monday?"),
        _("What would have helped the others, and when did you have it?"),
    )


def _words_used() -> tuple[tuple[str, str], ...]:
    return (
        (_("STARTEX, ENDEX"), _("The start and the end of play.")),
        (_("Move"), _("A stretch of the story that is played; the story's clock jumps between moves.")),
        (_("Inject"), _("A message or an event that reaches you: a letter, a call, a report, the news.")),
        ("T+1:30", _("A time of the story: an hour and a half after it began.")),
        (_("Plenary"), _("A joint discussion after a move; the story's clock stands still.")),
        (_("Hot wash"), _("The discussion right after ENDEX, with the scorecards open.")),
        (
            "TLP",
            _(
                "How far information may go: red to you alone, amber to your house and those who must act, green to "
                "other "
                "services, clear to anyone."
            ),
        ),
        (_("The pen"), _("Who writes the team's answer. Whoever does not hold it can still discuss, draft and vote.")),
    )


@in_its_language
def situation_manual(planned: Planned) -> Document:
    """The SitMan: all that anybody may know beforehand, and nothing of what is to come."""
    return planned.document(
        _("Situation manual"),
        _manual(planned),
        readers=_(FOR_ALL),
        meta=(
            (_("Story begins"), planned.story),
            (_("Teams"), ", ".join(team.short for team in planned.scenario.teams)),
            (_("Length"), planned.length),
            (_("Readers"), upper(_(FOR_ALL))),
        ),
    )


def _manual(planned: Planned) -> Iterator[Block]:
    scenario = planned.scenario
    yield Heading(_("Exercise overview"), 1)
    yield Facts(
        (
            (_("Exercise"), scenario.title),
            (_("Scope"), scope(scenario)),
            (_("Story begins"), planned.story),
            (_("Length"), planned.length_in_moves),
            (_("Core capabilities"), upper("; ".join(_areas(planned)))),
            (_("Texts looked at"), several([text.title for text in planned.held])),
            (_("Teams"), several([team.name for team in scenario.teams])),
        )
    )
    yield Heading(_("What it is about"), 2)
    yield Paragraph(celled(scenario.summary), "lead")
    yield Heading(_("Objectives and core capabilities"), 1)
    yield Paragraph(
        _(
            "An objective is what the exercise is held for. Under each, evaluators look at conduct in some areas of "
            "cooperation, clause by clause, as far as a team has accepted the text."
        )
    )
    yield Table(
        (_("No."), _("Objective"), _("Core capabilities")),
        tuple(
            (str(number), objective.title, upper("; ".join(planned.areas(objective.commitments))))
            for number, objective in enumerate(scenario.objectives, 1)
        ),
        _("Objectives"),
        (0.6, 4, 4),
    )
    yield from _people(planned)
    yield Heading(_("Agenda"), 1)
    yield planned.agenda()
    yield from _rules()
    yield Heading(_("The situation"), 1)
    yield from untitled(scenario.briefing, 2)
    yield from _moves(planned)
    yield Heading(_("Hot wash and what follows"), 1)
    yield Paragraph(
        _(
            "Right after ENDEX the room talks while memory is fresh. The scorecards are opened, what was true behind "
            "the "
            "crisis is told, and each team says first what it would defend. A scorecard is four counts for each area "
            "(honoured, partly, neglected, breached) and no total. Every mark names its clause and the moment that "
            "shows "
            "it; it is a proposal until evaluators have looked, and a team may answer it. Ask yourselves:"
        )
    )
    yield Bullets(_washed())
    yield Paragraph(
        _(
            "A survey without names closes the day. The after-action report and its improvement plan come later, from "
            "the log and from what evaluators wrote."
        )
    )
    yield Heading(_("Words used"), 1)
    yield Facts(_words_used())


def scope(scenario: Scenario) -> str:
    """What is played, and what is not."""
    teams = len(scenario.teams)
    return (
        ngettext("A tabletop exercise for {number} team.", "A tabletop exercise for {number} teams.", teams).format(
            number=figure(teams)
        )
        + " "
        + _("Discussion, decisions and requests between teams are played; nothing is done to any system.")
    )


def _areas(planned: Planned) -> tuple[str, ...]:
    return planned.areas([id for objective in planned.scenario.objectives for id in objective.commitments])


def _people(planned: Planned) -> Iterator[Block]:
    scenario = planned.scenario
    yield Heading(_("Participants and roles"), 1)
    yield Facts(
        (
            (_("Players"), _("sit in a team and play a role in it. They read, talk, ask each other, and decide.")),
            (_("Facilitator"), _("leads the exercise, moves the clock, opens plenaries and the hot wash.")),
            (_("Controllers"), _("see that messages come as planned and speak for whoever is not in the room.")),
            (_("Evaluators"), _("watch one table each, take notes and rate; they do not help and do not take part.")),
            (_("Observers"), _("look on, and keep what they think for the hot wash.")),
        )
    )
    yield Heading(_("Teams"), 2)
    for team in scenario.teams:
        yield Heading(team.name, 3)
        yield from told(team.about, 4)
        if team.roles:
            yield Bullets(tuple(_named(role) for role in team.roles))
    others = [(actor.name, celled(actor.about)) for actor in scenario.actors if actor.about]
    if others:
        yield Heading(_("Others, played by exercise control"), 2)
        yield Facts(tuple(others))


def _named(role: Role) -> str:
    return f"{role.name}, {_('speaks for the team')}" if role.leads else role.name


def _rules() -> Iterator[Block]:
    yield Heading(_("Rules"), 1)
    yield Bullets(_rules_told())
    yield Heading(_("Assumptions"), 2)
    yield Bullets(_assumptions())
    yield Heading(_("What is looked at"), 2)
    yield Paragraph(
        _(
            "Conduct, not luck: what a team did, with what it knew and could do then, against what it has accepted. "
            "Reasons count. Where two undertakings pull apart, say which you set aside and why, choose the least "
            "harmful "
            "way, limit it in time and reach, tell those affected, and come back to it."
        )
    )


def _moves(planned: Planned) -> Iterator[Block]:
    scenario, moves = planned.scenario, len(planned.scenario.moves)
    yield Heading(_("Moves"), 1)
    yield Paragraph(
        ngettext("The story is told in {number} move.", "The story is told in {number} moves.", moves).format(
            number=figure(moves)
        )
        + " "
        + _(
            "What happens in a move, and what is asked in "
            "the plenary after it, is read out and handed out when its time comes; here is room for your notes."
        )
    )
    for number, move in enumerate(scenario.moves, 1):
        yield Heading(_("Move {number}").format(number=number), 2)
        length = (_("{minutes} of play, then a plenary") if move.plenary else _("{minutes} of play")).format(
            minutes=minutes(move.minutes)
        )
        opens = _("Opens at {time} of the story; {length}.").format(time=planned.words.time(0), length=length)
        yield Paragraph(opens if number == 1 else upper(length) + ".")
        yield Room(_("What you learned, whom you told, what you promised:"), 4)
    yield Heading(_("Questions for every move"), 2)
    yield Bullets(_asked())


@in_its_language
def move_sheets(planned: Planned) -> Document:
    """A page for each move, with what is read out as it opens and what the plenary asks; at the end the hot wash's."""
    return planned.document(
        _("Move sheets"),
        _sheets(planned),
        readers=_("dealt move by move"),
        meta=((_("How to use it"), _("Keep these pages back. Deal each as its move opens, the last after ENDEX.")),),
    )


def _sheets(planned: Planned) -> Iterator[Block]:
    scenario = planned.scenario
    for number, move in enumerate(scenario.moves, 1):
        if number > 1:
            yield PageBreak()
        yield Heading(_("Move {number}: {title}").format(number=number, title=move.title), 1)
        yield Paragraph(
            _("Story: {start} to {end}. Play: {minutes}.").format(
                start=planned.words.time(move.starts), end=planned.words.time(move.ends), minutes=minutes(move.minutes)
            ),
            "small",
        )
        yield from told(move.text, 3)
        yield Room(_("Your notes:"), 7)
        if move.plenary:
            yield Heading(_("Plenary, {minutes}").format(minutes=minutes(move.plenary.minutes)), 2)
            yield from told(move.plenary.text, 3)
            if move.plenary.questions:
                yield Bullets(move.plenary.questions, numbered=True)
            yield Room("", 5)
    if scenario.hot_wash:
        yield PageBreak()
        yield Heading(_("Hot wash"), 1)
        general = tuple(question.text for question in scenario.hot_wash if not question.team)
        if general:
            yield Heading(_("For all"), 2)
            yield Bullets(general, numbered=True)
        for team in scenario.teams:
            own = tuple(question.text for question in scenario.hot_wash if question.team == team.id)
            if own:
                yield Heading(_("For {team}").format(team=team.short), 2)
                yield Bullets(own, numbered=True)


@in_its_language
def brief(planned: Planned, team: Team) -> Document:
    """A team's brief: who it is and what it alone is told on the one side, whom it can reach on the other."""
    # The view that the team's screens get before STARTEX: the one place that decides what it may see.
    view = participant_view(planned.scenario, State(), team.id)
    return planned.document(
        _("Participants' brief for {team}").format(team=view.team_short),
        _brief(planned, team, view),
        readers=_("for {team} only").format(team=view.team_short),
        title=view.team_name,
        cover=False,
    )


def _brief(planned: Planned, team: Team, view: ParticipantView) -> Iterator[Block]:
    yield Paragraph(unmarked(view.briefing.summary), "small")
    yield Heading(_("Who you are"), 1)
    yield from told(view.briefing.about, 2)
    if view.briefing.brief:
        yield Heading(_("What only you are told"), 1)
        yield from told(view.briefing.brief, 2)
    if team.roles:
        yield Heading(_("Seats"), 1)
        rows = tuple((_named(role), "") for role in team.roles)
        yield Table((_("Role"), _("Who sits here")), rows, widths=(3, 2))
    yield Notice(
        _("The story begins on {date}. Times are counted from there, as T+hours:minutes.").format(date=planned.story)
    )
    texts = [
        (text.short, text.title + (f", {_('observed only')}" if entry.observed_only else ""))
        for entry in view.profile
        if (text := planned.reference.instruments.get(entry.instrument))
    ]
    if view.contacts or texts:
        # The brief is one page; whom to reach, and by what to be measured, stands on its back.
        yield PageBreak()
    if view.contacts:
        yield Heading(_("Whom you can reach"), 1)
        yield Table(
            (_("No."), _("Whom"), _("By"), _("Address"), _("Staffed"), _("Last checked")),
            tuple(
                (str(line.number), line.name, line.channel, line.address, line.hours, line.updated)
                for line in view.contacts
            ),
            widths=(0.5, 3.2, 1.6, 2.2, 1.5, 1.4),
        )
    if texts:
        yield Heading(_("What you have accepted"), 1)
        yield Facts(tuple(texts))


@in_its_language
def role_briefs(planned: Planned, team: Team) -> Document:
    """What each role of a team alone is told, a page each, to be dealt to whoever plays it."""
    return planned.document(
        _("Role briefs for {team}").format(team=team.short),
        _roles(team),
        readers=_("each page for one role only"),
        title=team.name,
        cover=False,
    )


def _roles(team: Team) -> Iterator[Block]:
    told_alone = [role for role in team.roles if role.brief]
    for place, role in enumerate(told_alone):
        if place:
            yield PageBreak()
        yield Heading(role.name, 1)
        yield Notice(_("For this role only. You sit with {team}.").format(team=team.name))
        yield from told(role.brief, 2)
