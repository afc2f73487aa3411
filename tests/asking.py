"""A small world for tests of requests: two States, a police network, an operator, a judge and what may be asked."""

from __future__ import annotations

from typing import Any

from given import EVENING, MORNING, Row, inject

from exercise.core.requests import commands as cmd
from exercise.core.scenario import Scenario

CHANNELS: list[Row] = [
    {"id": "contact-24-7", "name": "24/7 contact point", "about": "A desk that answers day and night."},
    {"id": "cert", "name": "CERT to CERT", "about": "Between response teams."},
    {"id": "police", "name": "Police network", "about": "Through liaison officers.", "transit": "20m"},
    {"id": "operator-hotline", "name": "Hotline", "about": "To who runs the systems."},
    {"id": "court", "name": "Duty judge", "about": "To the judge on duty."},
    {"id": "press", "name": "Press", "about": "To the public."},
]

KINDS: list[Row] = [
    {
        "id": "preservation",
        "name": "Preservation of stored data",
        "about": "Asks that data be kept.",
        "use": "When data may be lost.",
        "basis": ["bc-29"],
        "channels": ["contact-24-7", "police"],
        "elements": [
            {"id": "authority", "name": "Authority", "ask": "Who asks?", "why": "Article 29."},
            {"id": "offence", "name": "Offence", "ask": "Which offence?", "why": "Article 29."},
            {"id": "note", "name": "Note", "ask": "Anything else?", "why": "It helps.", "required": False},
        ],
        "grounds": [{"id": "political-offence", "name": "Political offence", "clause": "bc-29"}],
        "volatile": True,
        "least_days": 60,
        "acts": {"sent": ["preserve"], "refused": ["refuse"], "fulfilled": ["answer"]},
        "marks": {
            "complete": ["bc-29"],
            "answered-in-time": ["bc-35"],
            "reasons-given": ["bc-27"],
            "kept-long-enough": ["bc-29"],
            "carried-out": ["bc-29"],
        },
    },
    {
        "id": "warning",
        "name": "Warning",
        "about": "Tells of a danger.",
        "use": "When others may be hit.",
        "shape": "gives",
        "channels": ["cert", "police", "press"],
        "purpose": "defence",
        "acts": {"sent": ["warn"]},
        "marks": {"conditions-kept": ["bc-28"]},
    },
    {
        "id": "statement",
        "name": "Public statement",
        "about": "Tells the public.",
        "use": "When people ask.",
        "shape": "gives",
        "channels": ["press"],
        "purpose": "public",
        "acts": {"sent": ["tell-public"]},
    },
    {
        "id": "ping",
        "name": "Ping",
        "about": "Tests an entry.",
        "use": "Before it is needed.",
        "shape": "calls",
        "channels": ["contact-24-7", "cert", "police"],
        "automatic": True,
        "acts": {"sent": ["contact"]},
    },
    {
        "id": "contact-data",
        "name": "Who is your contact?",
        "about": "Asks for the right entry.",
        "use": "When an entry is dead.",
        "channels": ["contact-24-7", "cert", "police"],
        "renews": "requester",
    },
    {
        "id": "consent",
        "name": "Consent to pass on",
        "about": "Asks the giver.",
        "use": "Before passing on.",
        "channels": ["cert", "police", "contact-24-7"],
        "lifts": True,
    },
]


def world(**more: Any) -> Scenario:
    """Averne and Belmark with typed directories, evidence under conditions, a matter and three actors."""
    data: Row = {
        "format": 1,
        "id": "asking",
        "title": "Asking",
        "summary": "Two neighbours who ask each other.",
        "threats": ["t1"],
        "date": "2019-03-12T06:00",
        "briefing": "You are on duty.",
        "teams": [
            {
                "id": "averne",
                "name": "Republic of Averne",
                "short": "Averne",
                "about": "A coast.",
                "directory": [
                    {"name": "Belmark 24/7", "party": "belmark", "channel": "phone", "via": "contact-24-7"},
                    {"name": "Belmark CERT", "party": "belmark", "channel": "mail", "via": "cert"},
                    {
                        "name": "Belmark police, old",
                        "party": "belmark",
                        "channel": "network",
                        "via": "police",
                        "stale": True,
                        "address": "old",
                        "instead": "new",
                    },
                    {"name": "Police centre", "party": "centre", "channel": "network", "via": "police"},
                    {"name": "Press room", "party": "press", "channel": "mail", "via": "press"},
                    {"name": "An old friend", "party": "belmark", "channel": "in person"},
                ],
            },
            {
                "id": "belmark",
                "name": "Kingdom of Belmark",
                "short": "Belmark",
                "about": "A plain.",
                "directory": [
                    {"name": "Averne 24/7", "party": "averne", "channel": "phone", "via": "contact-24-7"},
                    {"name": "Averne CERT", "party": "averne", "channel": "mail", "via": "cert"},
                    {"name": "Press room", "party": "press", "channel": "mail", "via": "press"},
                ],
            },
        ],
        "actors": [
            {
                "id": "centre",
                "name": "Police centre",
                "desk": {
                    "speed": "30m",
                    "mandate": ["preservation", "warning", "consent"],
                    "replies": [
                        {
                            "kinds": ["preservation"],
                            "answer": "conditional",
                            "conditions": {"tlp": "amber"},
                            "gives": ["record"],
                            "text": "Under our conditions.",
                        }
                    ],
                },
            },
            {"id": "press", "name": "Press", "desk": {"speed": "10m"}},
        ],
        "facts": [
            {
                "id": "source",
                "title": "Who did it",
                "values": [{"value": "crew", "says": "A crew."}, {"value": "insider", "says": "An insider."}],
            }
        ],
        "flags": {"order": "The judge has signed.", "told": "It is known."},
        "indicators": [{"id": "trust", "name": "Trust", "start": 50}],
        "evidence": [
            {"id": "logs", "title": "The host's logs", "text": "Lines.", "source": "The host"},
            {"id": "part-logs", "title": "A part of the logs", "text": "Few lines.", "source": "The host"},
            {"id": "record", "title": "A record", "text": "A name.", "source": "The centre"},
            {
                "id": "tip",
                "title": "A tip",
                "text": "A hint.",
                "source": "Belmark's service",
                "giver": "belmark",
                "handling": {"tlp": "red"},
            },
        ],
        "matters": [
            {
                "id": "host",
                "title": "Logs of the host",
                "kinds": ["preservation"],
                "holder": "belmark",
                "gives": ["logs"],
                "part": ["part-logs"],
                "ready": {"flag": "order"},
                "not_ready": "The judge has not signed yet.",
                "outcomes": [
                    {"on": "fulfilled", "text": "The logs are there.", "effects": [{"indicator": "trust", "by": 5}]}
                ],
            },
            {"id": "secret", "title": "Known later", "known": {"flag": "told"}},
        ],
        "request_kinds": KINDS,
        "request_channels": CHANNELS,
        "moves": [MORNING, EVENING],
        "injects": [inject("call", effects=[{"learn": "tip", "team": "averne"}])],
        "decisions": [],
    }
    return Scenario.model_validate(data | more)


FULL = {"authority": "National police desk", "offence": "Illegal access to a host"}


def send(kind: str, contact: int, *, seat: str = "averne", **more: Any) -> cmd.SendRequest:
    """A team sends a request to a line of its directory."""
    return cmd.SendRequest(seat=seat, kind=kind, contact=contact, **more)


def answer(number: int, how: str, *, seat: str = "belmark", revision: int = 1, **more: Any) -> cmd.AnswerRequest:
    """The addressee answers what stands on its board."""
    return cmd.AnswerRequest.model_validate(
        {"seat": seat, "request": number, "revision": revision, "answer": how, **more}
    )
