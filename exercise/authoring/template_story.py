"""The words of the scenario that `exercise new` writes: a firm's counters fail on both sides of a strait.

Each part is data as authors write it. An author is meant to write over all of it, one sentence after another.
"""

from __future__ import annotations

from typing import Any

from exercise.authoring.beginning import Plan, TeamPlan
from exercise.authoring.problems import Path

Row = dict[str, Any]

SUMMARY = (
    "The online counters at which people renew papers and book a doctor have gone slow overnight. One firm runs them "
    "for everybody, and somebody has been inside. Each team holds a part of the answer and has little time."
)

NOTES: dict[Path, str] = {
    (): (
        "A scenario to grow. Change one thing, save, and look:\n"
        "  exercise check FILE --strict    says what is wrong, and where\n"
        "  exercise preview FILE           shows it as the teams will see it, anew each time you save\n"
        "  exercise simulate FILE          plays it with bots\n"
        "A name before a colon is a key and stays as it is; what follows is yours. Lines with # are notes."
    ),
    ("date",): "When the story begins. T+1:30 below is an hour and a half after it.",
    ("briefing",): "Long texts stand in files beside this one, in Markdown.",
    ("teams",): (
        "Who plays. A profile is what a team has accepted: nothing else is ever marked (exercise commitments lists "
        "all texts). A directory is whom it can reach; `via` is the way its requests go, `stale: true` a dead line."
    ),
    (
        "actors",
    ): "Those whom nobody plays. A desk says how they answer requests: the first reply that fits, or `otherwise`.",
    ("facts",): "What is true behind the story: drawn at the start, hidden to the end. Marks never depend on it.",
    ("flags",): "Words that answers raise and that conditions (`when`) read later.",
    ("indicators",): "Numbers that move with what the teams do.",
    ("evidence",): "What a team may come to hold.",
    ("matters",): "What requests can be about, who holds it, and what comes of asking.",
    ("moves",): "The parts of the exercise: from when to when in the story, and for how many minutes at the table.",
    ("injects",): "What happens: the MSEL. `notes` and `expected` are for those who run it, never for the teams.",
    ("decisions",): (
        "What teams decide. Every option of a dilemma keeps one promise and strains another; `because` is read out "
        "afterwards, so write what the team did, not how it turned out."
    ),
    ("occasions",): "Moments from which on the program watches whether a team does something of its own accord.",
    ("objectives",): "What the exercise is for, and what evaluators look for.",
    ("hot_wash",): "Questions for the talk right after the end.",
}

ABOUT = {
    "state": "{name} lies on the strait. Half of its people use the online counters every month.",
    "company": "{name} has customers on all sides of the strait and uses the same counters as they do.",
    "organisation": "{name} works on all sides of the strait and depends on the same counters.",
}

ACTORS: list[Row] = [
    {
        "id": "norvik",
        "name": "Norvik Services",
        "about": "A private firm that runs the online counters on all sides of the strait.",
        "notes": "Polite, tired, afraid for its contracts. It helps whoever asks precisely.",
        "desk": {
            "speed": "20m",
            "mandate": ["operator-request", "operator-information"],
            "otherwise": "That would touch other customers. Tell us exactly what you need.",
            "replies": [
                {
                    "about": ["access-log"],
                    "text": "Here is the log of the maintenance account for the last nine nights. Use it with care.",
                },
            ],
        },
    },
    {
        "id": "tideway-cert",
        "name": "Tideway response team",
        "about": "The response team of a State at the far end of the strait, which nobody plays.",
        "desk": {
            "speed": "15m",
            "replies": [{"about": ["signs"], "text": "This is what we found here. Pass it on to whom it helps."}],
        },
    },
    {"id": "press", "name": "The Strait Courier", "about": "The newspaper that is read on all shores."},
]

FACTS: list[Row] = [
    {
        "id": "way-in",
        "title": "How the strangers came in",
        "values": [
            {"value": "supplier", "says": "A supplier of Norvik had sold the password of the maintenance account."},
            {"value": "clerk", "says": "A clerk at Norvik used one password for everything, and it was known."},
        ],
    }
]

FLAGS = {"warned": "Somebody has warned the others of the maintenance account."}

SHARED_INDICATOR: Row = {
    "id": "counters",
    "name": "Counters that work",
    "about": "The part of all online counters that serves people.",
    "start": 70,
    "unit": "%",
}

EVIDENCE: list[Row] = [
    {
        "id": "signs",
        "title": "Signs of the intruders",
        "text": "Three addresses from which they come, and the name of a program that they leave behind.",
        "source": "Tideway response team",
    },
    {
        "id": "access-log",
        "title": "Log of the maintenance account",
        "text": "Nine nights, always between two and four, always from outside. Forty thousand files were opened.",
        "source": "Norvik Services",
    },
]

MATTERS: list[Row] = [
    {
        "id": "signs",
        "title": "Signs by which the intruders are known",
        "text": "Tideway's response team had guests of the same kind last week.",
        "kinds": ["indicators-wanted"],
        "holder": "tideway-cert",
        "gives": ["signs"],
        "outcomes": [{"on": "fulfilled", "effects": [{"indicator": "counters", "by": 4}]}],
    },
    {
        "id": "access-log",
        "title": "The log of the maintenance account",
        "text": "Norvik keeps a log of who used the account, and when.",
        "kinds": ["operator-request"],
        "holder": "norvik",
        "gives": ["access-log"],
        "outcomes": [
            {
                "on": "fulfilled",
                "when": {"fact": "way-in", "is": "supplier"},
                "from": "Your experts",
                "title": "What the log shows",
                "text": "The password was used from a supplier's office long before the first night.",
                "effects": [{"indicator": "counters", "by": 3}],
            },
            {
                "on": "fulfilled",
                "when": {"fact": "way-in", "is": "clerk"},
                "from": "Your experts",
                "title": "What the log shows",
                "text": "The password was tried once, and it was right. Somebody had read it elsewhere.",
                "effects": [{"indicator": "counters", "by": 3}],
            },
        ],
    },
    {
        "id": "warning",
        "title": "The maintenance account, as a warning to others",
        "text": "Whoever uses Norvik's counters has the same door.",
        "kinds": ["scheme-warning", "indicators"],
        "outcomes": [{"on": "delivered", "effects": [{"flag": "warned"}]}],
    },
]

MOVES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("The morning", "It is eight o'clock. The counters open, slowly.", ("Who knew something that others needed?",)),
    ("Noon", "The queues have reached the street.", ("What was said to people, and by whom?",)),
    ("The day after", "A night has passed. The counters are up again, mostly.", ()),
)

OPENING: Row = {
    "id": "opening",
    "to": ["all"],
    "channel": "e-mail",
    "from": "Service desk, Norvik Services",
    "title": "Slow counters this morning",
    "text": (
        "Good morning,\n\nyou will have seen that the counters answer slowly. During the night our maintenance account "
        "was used by somebody who is not one of us. We are looking into it. Please do not ring the general number, "
        "which is busy; the duty manager is on the line you have on file.\n\nElse Marn, service desk"
    ),
    "notes": "Read it aloud if people hesitate. The one thing to notice: the account was used by a stranger.",
    "expected": ["Asks who else uses Norvik", "Looks up the duty manager in the directory"],
}

ARTICLE: Row = {
    "id": "article",
    "to": ["all"],
    "channel": "media",
    "from": "The Strait Courier",
    "title": "Who has read my file?",
    "text": (
        "The counters stood still for two hours this morning, and nobody says why. A reader who works at a clinic "
        "writes that patients' files were open to strangers. The authorities have been asked. They have not answered."
    ),
    "notes": "The reader is right in part: files were opened, patients' files were not among them.",
    "expected": ["Agrees on who speaks", "Gives people something to do"],
}

DAY_AFTER: Row = {
    "id": "day-after",
    "to": ["all"],
    "channel": "letter",
    "from": "Director, Norvik Services",
    "title": "What we know, and what we ask",
    "text": (
        "The account is closed for good. We count forty thousand files that were opened and have no sign that any were "
        "changed. We ask all our customers to say the same number, since three numbers frighten people more than one."
    ),
    "expected": ["Checks the number against what the team holds"],
}

HOT_WASH = (
    "Which message did you read too fast?",
    "Whom did you tell too late, and what would it have cost to call earlier?",
    "Which of your answers would you defend although it turned out badly?",
    "What will you change at home on Monday?",
)

OBJECTIVES: list[Row] = [
    {
        "id": "tell",
        "title": "Tell those who have the same door",
        "text": "What one team sees in the night the others need in the morning.",
        "commitments": ["cbm-2", "cbm-8"],
        "tasks": [
            {"id": "tell-early", "text": "Warns the others before the first move ends"},
            {"id": "tell-line", "text": "Tests an old entry of its directory before it relies on it"},
        ],
    },
    {
        "id": "speak",
        "title": "Speak to people while it helps them",
        "commitments": ["ba-b3c", "ba-b5"],
        "tasks": [{"id": "speak-do", "text": "Gives people one thing to do, the same day"}],
    },
]


def briefing(plan: Plan) -> str:
    """What everybody reads before the start."""
    teams = "\n".join(f"- **{team.name}**" for team in plan.teams)
    return (
        "**The story.** The shores of the strait share one firm, Norvik Services, which runs the "
        "online counters: papers, registers, appointments at the clinic. This morning they are slow.\n\n"
        f"**Who plays.**\n\n{teams}\n\n"
        "**How it runs.** Messages come to your table. Some go to one role only: say what you have read. When a "
        "decision opens you have a few minutes, and silence is an answer too. You can ask others for help, and they "
        "can ask you.\n\n"
        "**What is looked at.** What you did with what you knew. There is no winner, and no answer is right.\n\n"
        "**Notice.** All States, firms and people are invented. The results are a training record and no finding "
        "about anybody.\n"
    )


def facilitator(plan: Plan) -> str:
    """The guide of whoever runs it."""
    return (
        f"# {plan.title}: facilitator's guide\n\n"
        f"## What it is for\n\n*Drawn on:* {plan.threat.says}\n\n"
        "Teams that depend on one firm learn that each of them sees only its own piece.\n\n"
        "## Before the start\n\nSeat each team at a table, name one person who writes, and read the briefing aloud.\n\n"
        "## The dilemmas\n\n"
        "- *The account.* Close the door and lose the trail, keep the trail and leave the door open, or tell the "
        "others first.\n"
        "- *What people are told.* All of it on thin ground, only what to do, or one text together tomorrow.\n\n"
        "## Hidden fact\n\nHow the strangers came in. It changes what follows from an answer, never its mark.\n\n"
        "## Hot wash\n\nAsk each team for one decision that it would defend before anybody sees a mark.\n"
    )


def brief(team: TeamPlan) -> str:
    """What one team alone is told."""
    return (
        f"**You want** the counters to work again, and people to believe what {team.short} says.\n\n"
        "**You have** experts who saw something in the night, a contact directory that is a few years old in places, "
        "and a good name with the firm.\n\n"
        "**You worry** that you will read about it in the newspaper before you know it yourselves.\n"
    )


def report(team: TeamPlan, role: str) -> Row:
    """What a team's own experts saw: for one role, which has to speak."""
    return {
        "id": f"{team.id}-report",
        "to": [f"{team.id}/{role}"],
        "channel": "sitrep",
        "from": f"Night desk, {team.short}",
        "title": "What we saw between two and four",
        "text": (
            "The maintenance account of Norvik opened files that no maintenance needs. It came from outside, three "
            "nights running. We told nobody yet: we thought that it was only here. Handling: this has come to you "
            "alone. Tell your colleagues."
        ),
        "notes": "Nobody else at the table has this until the role speaks.",
        "expected": ["Tells the table", "Warns the others, who have the same account"],
    }


def question(team: TeamPlan) -> Row:
    """A request of an actor to a team; it leaves out how the answer would be kept, which the team may ask back."""
    return {
        "id": f"{team.id}-asked",
        "to": [team.id],
        "channel": "protected-network",
        "from": "Tideway response team",
        "title": "Have you seen this too?",
        "text": "We had guests last week who came by a firm's maintenance account. Our question is on your board.",
        "expected": ["Asks back how the signs would be kept", "Answers before noon"],
        "request": {
            "kind": "indicators-wanted",
            "by": "tideway-cert",
            "to": team.id,
            "via": "cert",
            "subject": "Signs of strangers in a maintenance account",
            "content": {
                "what": "Addresses and names of programs that you saw in the night.",
                "why": "We want to know whether they are the same guests.",
            },
            "mends": {"safe": "Inside our team and on no machine that is on the Internet."},
            "deadline": "T+2:45",
        },
    }


def told_or_not() -> tuple[Row, Row]:
    """Two messages of which one comes, by what was done before: what a condition is for."""
    same: Row = {"to": ["all"], "channel": "phone", "from": "Duty manager, Norvik Services"}
    return (
        {
            "id": "doors-shut",
            **same,
            "when": {"flag": "warned"},
            "title": "Others have shut the door",
            "text": "Since they were warned, two more of our customers have changed their passwords. It helps.",
            "effects": [{"indicator": "counters", "by": 6}],
        },
        {
            "id": "doors-open",
            **same,
            "when": {"not": {"flag": "warned"}},
            "title": "Two more customers",
            "text": "Two more of our customers have had the same visitors. They ask why nobody told them.",
            "effects": [{"indicator": "counters", "by": -6}],
        },
    )


def neighbour(team: TeamPlan) -> Row:
    """Somebody who waits in the queue."""
    return {
        "id": f"{team.id}-queue",
        "to": [team.id],
        "channel": "phone",
        "from": f"Front office, {team.short}",
        "title": "The man with the passport",
        "text": "He flies at six, and his passport lies in a counter that does not open. There are forty like him.",
        "noise": True,
        "notes": "It asks for nothing but calm. See who lets it take the table's time.",
    }


def complaint(team: TeamPlan) -> Row:
    """What is left on the next day."""
    return {
        "id": f"{team.id}-letter",
        "to": [team.id],
        "channel": "letter",
        "from": "Ada Prell, retired teacher",
        "title": "My file",
        "text": "I have asked three offices whether my file was read. Each sent me to the next. Who tells me?",
        "notes": "A good letter to read aloud in the hot wash.",
    }
