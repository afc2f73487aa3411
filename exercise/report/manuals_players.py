"""What participants read: the situation manual for all, a sheet for each move, each team's brief, each role's own.

Everything is taken field by field from what a seat is shown on its screen before STARTEX; move sheets hold what is
read out when a move opens or closes, and are dealt then.
"""

from __future__ import annotations

from collections.abc import Iterator

from exercise.core.cast import Team
from exercise.core.observe import participant_view
from exercise.core.scenario import Scenario
from exercise.core.state import State
from exercise.core.views import ParticipantView
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
from exercise.report.manuals_common import Planned, celled, minutes, told, untitled
from exercise.report.words import counted, listed, several, span, unmarked, upper

FOR_ALL = "for everybody who takes part"

RULES = (
    Opened("This is a place to think aloud.", " No answer is graded at the table, and there is no winner."),
    Opened(
        "Act as yourselves in your role.",
        " Use the powers, people and lines that your brief gives you, and those only; do not fight the scenario.",
    ),
    Opened(
        "Everything stays inside the exercise.",
        " Nobody outside this room is rung up, written to or searched for, and no real system is touched. What you "
        "send goes through the exercise, or by way of the facilitator.",
    ),
    Opened("Every message, on paper too, is marked as exercise.", " Leave the banner on whatever you pass on."),
    Opened(
        "If something real happens,",
        " say “REAL WORLD – NO DUFF”. Everything stops until the facilitator takes it up again.",
    ),
    Opened(
        "What is said here is not attributed outside.",
        " The log keeps what teams did. Names in it may be made up, and it can be redacted.",
    ),
)

ASSUMPTIONS = (
    "The story is plausible, and simplified where that serves the talk. Take it as it comes.",
    "Bodies that are not in the room are played by exercise control, which does not speak for them.",
    "The clock of the story runs faster than the room's, and jumps between moves. Nothing is marked by how fast you "
    "talk.",
    "Some things are true behind the crisis that nobody in the room can know. They change what happens, never a mark.",
    "Some messages are noise: no reaction is right. Others know other things than you do.",
)

ASKED = (
    "What do you know, what do you only believe, and what would change your mind?",
    "Who else needs to know what you know, in which order, and by which line?",
    "What do you need from whom, and does your request say all that the other side has to have?",
    "Which undertaking speaks for a step, and which against it? What do you set aside, and how do you keep that small?",
    "On what ground, by whose authority, over what, and until when do you use a power? Who is touched that is not "
    "involved?",
    "What will you have to come back to, and who will remember it?",
)

WASHED = (
    "Which decision would you take again, knowing no more than you knew then?",
    "What did you set aside, whom did it touch, and when did you tell them?",
    "Which line worked, which did not, and what will you put right at home on Monday?",
    "What would have helped the others, and when did you have it?",
)

WORDS = (
    ("STARTEX, ENDEX", "The start and the end of play."),
    ("Move", "A stretch of the story that is played; the story's clock jumps between moves."),
    ("Inject", "A message or an event that reaches you: a letter, a call, a report, the news."),
    ("T+1:30", "A time of the story: an hour and a half after it began."),
    ("Plenary", "A joint discussion after a move; the story's clock stands still."),
    ("Hot wash", "The discussion right after ENDEX, with the scorecards open."),
    (
        "TLP",
        "How far information may go: red to you alone, amber to your house and those who must act, green to other "
        "services, clear to anyone.",
    ),
    ("The pen", "Who writes the team's answer. Whoever does not hold it can still discuss, draft and vote."),
)


def situation_manual(planned: Planned) -> Document:
    """The SitMan: all that anybody may know beforehand, and nothing of what is to come."""
    return planned.document(
        "Situation manual",
        _manual(planned),
        readers=FOR_ALL,
        meta=(
            ("Story begins", planned.story),
            ("Teams", ", ".join(team.short for team in planned.scenario.teams)),
            ("Length", f"{span(planned.scenario.minutes * 60)} of play, then the hot wash"),
            ("Readers", upper(FOR_ALL)),
        ),
    )


def _manual(planned: Planned) -> Iterator[Block]:
    scenario = planned.scenario
    yield Heading("Exercise overview", 1)
    yield Facts(
        (
            ("Exercise", scenario.title),
            ("Scope", scope(scenario)),
            ("Story begins", planned.story),
            ("Length", f"{span(scenario.minutes * 60)} of play in {counted(len(scenario.moves), 'move')}"),
            ("Core capabilities", upper("; ".join(_areas(planned)))),
            ("Texts looked at", several([text.title for text in planned.held])),
            ("Teams", several([team.name for team in scenario.teams])),
        )
    )
    yield Heading("What it is about", 2)
    yield Paragraph(celled(scenario.summary), "lead")
    yield Heading("Objectives and core capabilities", 1)
    yield Paragraph(
        "An objective is what the exercise is held for. Under each, evaluators look at conduct in some areas of "
        "cooperation, clause by clause, as far as a team has accepted the text."
    )
    yield Table(
        ("No.", "Objective", "Core capabilities"),
        tuple(
            (str(number), objective.title, upper("; ".join(planned.areas(objective.commitments))))
            for number, objective in enumerate(scenario.objectives, 1)
        ),
        "Objectives",
        (0.6, 4, 4),
    )
    yield from _people(planned)
    yield Heading("Agenda", 1)
    yield planned.agenda()
    yield from _rules()
    yield Heading("The situation", 1)
    yield from untitled(scenario.briefing, 2)
    yield from _moves(planned)
    yield Heading("Hot wash and what follows", 1)
    yield Paragraph(
        "Right after ENDEX the room talks while memory is fresh. The scorecards are opened, what was true behind the "
        "crisis is told, and each team says first what it would defend. A scorecard is four counts for each area "
        "(honoured, partly, neglected, breached) and no total. Every mark names its clause and the moment that shows "
        "it; it is a proposal until evaluators have looked, and a team may answer it. Ask yourselves:"
    )
    yield Bullets(WASHED)
    yield Paragraph(
        "A survey without names closes the day. The after-action report and its improvement plan come later, from "
        "the log and from what evaluators wrote."
    )
    yield Heading("Words used", 1)
    yield Facts(WORDS)


def scope(scenario: Scenario) -> str:
    """What is played, and what is not."""
    return (
        f"A tabletop exercise for {counted(len(scenario.teams), 'team')}. Discussion, decisions and requests between "
        "teams are played; nothing is done to any system."
    )


def _areas(planned: Planned) -> tuple[str, ...]:
    return planned.areas([id for objective in planned.scenario.objectives for id in objective.commitments])


def _people(planned: Planned) -> Iterator[Block]:
    scenario = planned.scenario
    yield Heading("Participants and roles", 1)
    yield Facts(
        (
            ("Players", "sit in a team and play a role in it. They read, talk, ask each other, and decide."),
            ("Facilitator", "leads the exercise, moves the clock, opens plenaries and the hot wash."),
            ("Controllers", "see that messages come as planned and speak for whoever is not in the room."),
            ("Evaluators", "watch one table each, take notes and rate; they do not help and do not take part."),
            ("Observers", "look on, and keep what they think for the hot wash."),
        )
    )
    yield Heading("Teams", 2)
    for team in scenario.teams:
        yield Heading(team.name, 3)
        yield from told(team.about, 4)
        if team.roles:
            yield Bullets(tuple(role.name + (", speaks for the team" if role.leads else "") for role in team.roles))
    others = [(actor.name, celled(actor.about)) for actor in scenario.actors if actor.about]
    if others:
        yield Heading("Others, played by exercise control", 2)
        yield Facts(tuple(others))


def _rules() -> Iterator[Block]:
    yield Heading("Rules", 1)
    yield Bullets(RULES)
    yield Heading("Assumptions", 2)
    yield Bullets(ASSUMPTIONS)
    yield Heading("What is looked at", 2)
    yield Paragraph(
        "Conduct, not luck: what a team did, with what it knew and could do then, against what it has accepted. "
        "Reasons count. Where two undertakings pull apart, say which you set aside and why, choose the least harmful "
        "way, limit it in time and reach, tell those affected, and come back to it."
    )


def _moves(planned: Planned) -> Iterator[Block]:
    scenario = planned.scenario
    yield Heading("Moves", 1)
    yield Paragraph(
        f"The story is told in {counted(len(scenario.moves), 'move')}. What happens in a move, and what is asked in "
        "the plenary after it, is read out and handed out when its time comes; here is room for your notes."
    )
    for number, move in enumerate(scenario.moves, 1):
        yield Heading(f"Move {number}", 2)
        length = f"{minutes(move.minutes)} of play" + (", then a plenary" if move.plenary else "")
        yield Paragraph(
            f"Opens at {planned.words.time(0)} of the story; {length}." if number == 1 else upper(length) + "."
        )
        yield Room("What you learned, whom you told, what you promised:", 4)
    yield Heading("Questions for every move", 2)
    yield Bullets(ASKED)


def move_sheets(planned: Planned) -> Document:
    """A page for each move, with what is read out as it opens and what the plenary asks; at the end the hot wash's."""
    return planned.document(
        "Move sheets",
        _sheets(planned),
        readers="dealt move by move",
        meta=(("How to use it", "Keep these pages back. Deal each as its move opens, the last after ENDEX."),),
    )


def _sheets(planned: Planned) -> Iterator[Block]:
    scenario = planned.scenario
    for number, move in enumerate(scenario.moves, 1):
        if number > 1:
            yield PageBreak()
        yield Heading(f"Move {number}: {move.title}", 1)
        yield Paragraph(
            f"Story: {planned.words.time(move.starts)} to {planned.words.time(move.ends)}. "
            f"Play: {minutes(move.minutes)}.",
            "small",
        )
        yield from told(move.text, 3)
        yield Room("Your notes:", 7)
        if move.plenary:
            yield Heading(f"Plenary, {minutes(move.plenary.minutes)}", 2)
            yield from told(move.plenary.text, 3)
            if move.plenary.questions:
                yield Bullets(move.plenary.questions, numbered=True)
            yield Room("", 5)
    if scenario.hot_wash:
        yield PageBreak()
        yield Heading("Hot wash", 1)
        general = tuple(question.text for question in scenario.hot_wash if not question.team)
        if general:
            yield Heading("For all", 2)
            yield Bullets(general, numbered=True)
        for team in scenario.teams:
            own = tuple(question.text for question in scenario.hot_wash if question.team == team.id)
            if own:
                yield Heading(f"For {team.short}", 2)
                yield Bullets(own, numbered=True)


def brief(planned: Planned, team: Team) -> Document:
    """A team's brief: who it is and what it alone is told on the one side, whom it can reach on the other."""
    # The view that the team's screens get before STARTEX: the one place that decides what it may see.
    view = participant_view(planned.scenario, State(), team.id)
    return planned.document(
        f"Participants' brief for {view.team_short}",
        _brief(planned, team, view),
        readers=f"for {view.team_short} only",
        title=view.team_name,
        cover=False,
    )


def _brief(planned: Planned, team: Team, view: ParticipantView) -> Iterator[Block]:
    yield Paragraph(unmarked(view.briefing.summary), "small")
    yield Heading("Who you are", 1)
    yield from told(view.briefing.about, 2)
    if view.briefing.brief:
        yield Heading("What only you are told", 1)
        yield from told(view.briefing.brief, 2)
    if team.roles:
        yield Heading("Seats", 1)
        rows = tuple((role.name + (", speaks for the team" if role.leads else ""), "") for role in team.roles)
        yield Table(("Role", "Who sits here"), rows, widths=(3, 2))
    yield Notice(f"The story begins on {planned.story}. Times are counted from there, as T+hours:minutes.")
    texts = [
        (text.short, text.title + (", observed only" if entry.observed_only else ""))
        for entry in view.profile
        if (text := planned.reference.instruments.get(entry.instrument))
    ]
    if view.contacts or texts:
        # The brief is one page; whom to reach, and by what to be measured, stands on its back.
        yield PageBreak()
    if view.contacts:
        yield Heading("Whom you can reach", 1)
        yield Table(
            ("No.", "Whom", "By", "Address", "Staffed", "Last checked"),
            tuple(
                (str(line.number), line.name, line.channel, line.address, line.hours, line.updated)
                for line in view.contacts
            ),
            widths=(0.5, 3.2, 1.6, 2.2, 1.5, 1.4),
        )
    if texts:
        yield Heading("What you have accepted", 1)
        yield Facts(tuple(texts))


def role_briefs(planned: Planned, team: Team) -> Document:
    """What each role of a team alone is told, a page each, to be dealt to whoever plays it."""
    return planned.document(
        f"Role briefs for {team.short}",
        _roles(team),
        readers="each page for one role only",
        title=team.name,
        cover=False,
    )


def _roles(team: Team) -> Iterator[Block]:
    told_alone = [role for role in team.roles if role.brief]
    for place, role in enumerate(told_alone):
        if place:
            yield PageBreak()
        yield Heading(role.name, 1)
        yield Notice(f"For this role only. You sit with {listed([team.name])}.")
        yield from told(role.brief, 2)
