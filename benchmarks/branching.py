"""One branching story, told twice: as a scenario for the rules here, and as ink for inkjs."""

from __future__ import annotations

from typing import Any

from exercise.core.scenario import Scenario

CHOICES = 12
OPTIONS = 4


def scenario() -> Scenario:
    """Twelve decisions of four options, each moving a number, raising a flag and leading on to the next."""
    injects: list[dict[str, Any]] = []
    decisions: list[dict[str, Any]] = []
    for n in range(CHOICES):
        when = {"at": "T+0:00"} if n == 0 else {"when": {"chose": f"d{n - 1}"}}
        injects.append(
            {
                "id": f"i{n}",
                **when,
                "to": ["team"],
                "channel": "sitrep",
                "from": "Desk",
                "title": "News",
                "text": "It goes on.",
            }
        )
        options = [
            {
                "id": f"o{m}",
                "title": f"Way {m}",
                "effects": [{"indicator": "trust", "by": m - 1}, {"flag": f"f{n}-{m}"}],
                "consequences": [{"text": "So it came."}],
            }
            for m in range(OPTIONS)
        ]
        decisions.append(
            {
                "id": f"d{n}",
                "team": "team",
                "follows": f"i{n}",
                "title": "Which way?",
                "text": "Choose.",
                "window": "20m",
                "lapse": {"text": "Too late."},
                "options": options,
            }
        )
    return Scenario.model_validate(
        {
            "format": 1,
            "id": "branching",
            "title": "Branching",
            "summary": "For measuring.",
            "threats": ["T-se2"],
            "date": "2024-01-01T06:00",
            "briefing": "Begin.",
            "teams": [{"id": "team", "name": "Team", "short": "Team", "about": "The team."}],
            "flags": {f"f{n}-{m}": "a way" for n in range(CHOICES) for m in range(OPTIONS)},
            "indicators": [{"id": "trust", "name": "Trust", "start": 50}],
            "moves": [{"id": "m", "title": "Move", "starts": "T+0:00", "ends": "T+1:00", "minutes": "60m"}],
            "injects": injects,
            "decisions": decisions,
        }
    )


def ink() -> str:
    """The same story as ink."""
    lines = ["VAR trust = 50"]
    lines += [f"VAR f{n}_{m} = false" for n in range(CHOICES) for m in range(OPTIONS)]
    lines.append("-> k0")
    for n in range(CHOICES):
        lines += [f"=== k{n} ===", "It goes on.", "Choose."]
        after = f"k{n + 1}" if n + 1 < CHOICES else "END"
        for m in range(OPTIONS):
            lines += [
                f"+ [Way {m}]",
                f"  ~ trust = trust + {m - 1}",
                f"  ~ f{n}_{m} = true",
                "  So it came.",
                f"  -> {after}",
            ]
    return "\n".join(lines)
