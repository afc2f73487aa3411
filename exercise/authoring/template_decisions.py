"""The decisions of the scenario that `exercise new` writes: two dilemmas for each team, and a call between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from exercise.authoring.beginning import TeamPlan

Row = dict[str, Any]


def account(team: TeamPlan, others: Sequence[str]) -> Row:
    """The first dilemma: close the door, keep the trail, or tell the others first."""
    return {
        "id": f"{team.id}-account",
        "team": team.id,
        "title": "The maintenance account",
        "text": (
            "Norvik asks what you want. It can close the account at once; then the counters stand until the evening, "
            "and the strangers know. It can leave it open and watch with you. It has the same question from others."
            "\n\nWhat do you say to Norvik?"
        ),
        "deadline": "T+3:00",
        "options": [
            {
                "id": "close",
                "title": "Close it now",
                "text": "The door is shut. The counters stand until the evening, and the trail ends here.",
                "conduct": [
                    _tag("un-g", "honoured", "The way into a service that people depend on was closed."),
                    _tag("un-d", "neglected", "The trail that partners would need was cut before it was followed."),
                ],
                "effects": [{"indicator": "counters", "by": -8}],
                "consequences": [
                    _came("supplier", "The strangers stay out", "Since the account is closed nobody has come back.", 2),
                    _came("clerk", "Another door", "They are back, by an account with the same password.", -6),
                ],
            },
            {
                "id": "watch",
                "title": "Leave it open and watch",
                "text": "The counters go on. Tonight you may see who comes, and they may take more.",
                "conduct": [
                    _tag("un-d", "honoured", "The trail was kept for all who look for those behind it."),
                    _tag("un-g", "neglected", "A known way into a service that people depend on was left open."),
                ],
                "effects": [{"indicator": f"trust-{team.id}", "by": -3}],
                "consequences": [
                    _came("supplier", "More than was taken before", "While we watched, the payroll was copied.", -6),
                    _came("clerk", "A face behind it", "The watch has paid: we know which machine they use.", 4),
                ],
            },
            {
                "id": "tell",
                "title": "Tell the others first, then decide with them",
                "text": "Everybody with the same door hears of it from you. Until they have answered it stays open.",
                "conduct": [
                    _tag("cbm-2", "honoured", "Those with the same account were told before anything else was done."),
                    _tag("un-g", "neglected", "The way in stayed open while the calls were made."),
                ],
                "acts": [{"act": "warn", "toward": list(others), "unasked": True, "standing": True}],
                "effects": [{"flag": "warned"}, {"indicator": "counters", "by": -4}],
            },
        ],
        "free": {},
        "lapse": {
            "text": "Norvik had no answer and closed what it could at ten, on its own.",
            "conduct": [_tag("un-g", "neglected", "A firm that asked what to protect was left without an answer.")],
            "effects": [{"indicator": "counters", "by": -10}],
        },
    }


def call(team: TeamPlan, partner: str, shown: str) -> Row:
    """The quick decision: one call, and two who wait for it."""
    return {
        "id": f"{team.id}-call",
        "team": team.id,
        "kind": "quick",
        "title": "One call",
        "text": f"There is time for one call before the meeting: to the director of Norvik, or to {shown}.",
        "options": [
            {
                "id": "firm",
                "title": "Norvik's director",
                "text": "The firm is given a seat at your table. Abroad they wait.",
                "conduct": [
                    _tag("ba-b4d", "honoured", "The firm that runs the counters was given a part in the response."),
                    _tag("cbm-8", "partly", "The contact point abroad was left to wait."),
                ],
                "acts": [{"act": "involve-operator", "toward": ["norvik"]}],
                "effects": [{"indicator": "counters", "by": 3}],
                "consequences": [
                    {
                        "after": "1h",
                        "from": "Director, Norvik Services",
                        "channel": "phone",
                        "title": "Thank you for the seat",
                        "text": "Eleven customers use that account. I send you their names, for your eyes only.",
                    }
                ],
            },
            {
                "id": "partner",
                "title": f"{shown}, contact point",
                "text": "The standing line is used while it matters. The firm hears nothing until the evening.",
                "conduct": [
                    _tag("cbm-8", "honoured", "The standing contact point was used at once."),
                    _tag("ba-b4d", "partly", "The firm that runs the counters was left outside."),
                ],
                "acts": [{"act": "contact", "toward": [partner], "level": "operational", "standing": True}],
                "effects": [{"indicator": f"trust-{team.id}", "by": 4}],
                "consequences": [
                    {
                        "after": "1h",
                        "from": f"Duty desk, {shown}",
                        "channel": "phone",
                        "title": "We had the same night",
                        "text": "Between two and four, as with you. From now on we ring you first, on this line.",
                    }
                ],
            },
        ],
        "lapse": {
            "text": "The meeting has begun, and nobody was called.",
            "conduct": [_tag("cbm-8", "neglected", "The standing contact point was not used.")],
            "effects": [{"indicator": f"trust-{team.id}", "by": -2}],
        },
    }


def words(team: TeamPlan, others: Sequence[str]) -> Row:
    """The second dilemma: all of it, what to do, or one text with the others."""
    return {
        "id": f"{team.id}-words",
        "team": team.id,
        "title": "What people are told",
        "text": (
            "The Courier has called twice. People want to know what happened and what to do. That files were opened "
            f"is certain; by whose fault is not.\n\nWhat does {team.short} say at five?"
        ),
        "options": [
            {
                "id": "all",
                "title": "All of it",
                "text": "What happened, whose account it was, and what to do. Norvik is named on thin ground.",
                "conduct": [
                    _tag("ba-b5", "honoured", "People were told what had happened as well as what to do."),
                    _tag("un-b", "neglected", "A firm was named before anybody had weighed what is known."),
                ],
                "acts": [{"act": "tell-public"}, {"act": "advise-users"}],
                "effects": [{"indicator": f"trust-{team.id}", "by": 5}, {"indicator": "counters", "by": -3}],
            },
            {
                "id": "advice",
                "title": "What to do, and no more",
                "text": "Change the password, bring papers in person. Not a word on what happened: others will guess.",
                "conduct": [
                    _tag("un-b", "honoured", "Nothing was said that the facts did not carry."),
                    _tag("ba-b5", "neglected", "People were told what to do and not what had happened."),
                ],
                "acts": [{"act": "advise-users"}],
                "effects": [{"indicator": f"trust-{team.id}", "by": -2}, {"indicator": "counters", "by": 3}],
            },
            {
                "id": "together",
                "title": "One text with the others, tomorrow",
                "text": "One account for all shores, agreed tonight. This evening people hear that you look at it.",
                "conduct": [
                    _tag("ba-b1a", "honoured", "A common text was sought with all whom it concerns."),
                    _tag("ba-b3c", "neglected", "On the evening on which it mattered people were given nothing to do."),
                ],
                "acts": [{"act": "consult", "toward": list(others), "level": "political", "standing": True}],
                "effects": [{"indicator": f"trust-{team.id}", "by": 3}, {"indicator": "counters", "by": -4}],
            },
        ],
        "free": {},
        "lapse": {
            "text": "The Courier went to print without you.",
            "conduct": [_tag("ba-b5", "neglected", "Rumour was left to tell the story.")],
            "effects": [{"indicator": f"trust-{team.id}", "by": -8}],
        },
    }


def _tag(commitment: str, grade: str, because: str) -> Row:
    return {"commitment": commitment, "grade": grade, "because": because}


def _came(fact: str, title: str, text: str, by: int) -> Row:
    """What follows an hour later where the hidden fact stands so."""
    return {
        "when": {"fact": "way-in", "is": fact},
        "after": "1h",
        "from": "Duty manager, Norvik Services",
        "channel": "phone",
        "title": title,
        "text": text,
        "effects": [{"indicator": "counters", "by": by}],
    }
