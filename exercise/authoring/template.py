"""The scenario that `exercise new` writes: a small crisis that plays as it stands, cut to the teams that were named.

Its data are written by `yaml_writer` with a comment at each part; the words of the story stand in `template_story`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import fill
from typing import Any

from exercise.authoring import template_decisions as choices
from exercise.authoring import template_story as story
from exercise.authoring.beginning import PLENARY, Plan, TeamPlan
from exercise.authoring.problems import Path
from exercise.authoring.yaml_writer import to_yaml
from exercise.core.times import format_duration, format_exercise_time

__all__ = ["Begun", "begin"]

Row = dict[str, Any]

_SPANS = ((0, 3), (4, 8), (24, 28))
"""Hours of the story that the moves cover."""
_TEXTS = ("un-norms-2015", "osce-cbm", "baltic-assembly-res-cybercrime")
"""What teams accept: one text of rules for States, one of confidence building, one on working with firms and users."""


@dataclass(frozen=True)
class Begun:
    """What is written: the scenario's file, and the texts beside it by their names in the folder."""

    yaml: str
    texts: dict[str, str]


def begin(plan: Plan) -> Begun:
    """A scenario of its own for this plan; `check` finds nothing wrong with it, whatever the plan."""
    notes: dict[Path, str] = dict(story.NOTES)
    notes[("threats",)] = (
        f"{plan.threat.id}: {plan.threat.says} Bend the story below toward it.\n"
        "exercise commitments --threats lists all threats."
    )
    data: Row = {
        "format": 1,
        "id": plan.id,
        "title": plan.title,
        "summary": _filled(story.SUMMARY),
        "threats": [plan.threat.id],
        "date": plan.date,
        "briefing": {"file": "texts/briefing.md"},
        "facilitator": {"file": "texts/facilitator.md"},
        "teams": [_team(plan, team, number) for number, team in enumerate(plan.teams)],
        "actors": story.ACTORS,
        "facts": story.FACTS,
        "flags": story.FLAGS,
        "indicators": [story.SHARED_INDICATOR, *map(_trust, plan.teams)],
        "evidence": story.EVIDENCE,
        "matters": story.MATTERS,
        "moves": [_move(plan, number) for number in range(plan.moves)],
        "injects": _injects(plan),
        "decisions": _decisions(plan),
        "occasions": [row for team in plan.teams for row in _occasions(plan, team)],
        "objectives": story.OBJECTIVES,
        "hot_wash": [{"text": question} for question in story.HOT_WASH],
    }
    texts = {f"texts/{team.id}.md": story.brief(team) for team in plan.teams}
    texts |= {"texts/briefing.md": story.briefing(plan), "texts/facilitator.md": story.facilitator(plan)}
    return Begun(to_yaml(_filled(data), notes), {name: _filled(text) for name, text in texts.items()})


def _filled(value: Any) -> Any:
    """All texts wrapped for an editor: paragraphs of one line only, since lists and signatures end lines on purpose."""
    if isinstance(value, dict):
        return {key: _filled(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(inner) for inner in value]
    if not isinstance(value, str) or len(value) <= 90:
        return value
    paragraphs = value.split("\n\n")
    wrapped = [
        part if "\n" in part or len(part) <= 100 or part[0] in "#|-" else fill(part, 100, break_on_hyphens=False)
        for part in paragraphs
    ]
    return "\n\n".join(wrapped)


def _partner(plan: Plan, team: TeamPlan) -> tuple[str, str]:
    """Id and name of the one a team calls first: the next team, or where it is alone the neighbour's response team."""
    if len(plan.teams) == 1:
        return "tideway-cert", "Tideway response team"
    other = plan.teams[(plan.teams.index(team) + 1) % len(plan.teams)]
    return other.id, other.short


def _others(plan: Plan, team: TeamPlan) -> list[str]:
    return [other.id for other in plan.teams if other is not team] or ["tideway-cert"]


def _roles(team: TeamPlan) -> list[str]:
    """Ids of a team's roles, each once."""
    from exercise.authoring.beginning import slug

    found: list[str] = []
    for role in team.roles:
        name = slug(role, "role")
        found.append(name if name not in found else f"{name[:50]}-{len(found) + 1}")
    return found


def _team(plan: Plan, team: TeamPlan, number: int) -> Row:
    profile: list[Row] = [{"instrument": name} for name in _TEXTS]
    if team.kind != "state":
        # What States have promised each other is shown to others, and never scored.
        profile = [row | {"observed_only": True} for row in profile]
    return {
        "id": team.id,
        "name": team.name,
        "short": team.short,
        "kind": team.kind,
        "about": story.ABOUT[team.kind].format(name=team.name),
        "brief": {"file": f"texts/{team.id}.md"},
        "roles": [
            {"id": id, "name": name, **({"leads": True} if not n else {})}
            for n, (id, name) in enumerate(zip(_roles(team), team.roles, strict=True))
        ],
        "profile": profile,
        "directory": list(_directory(plan, team, number)),
    }


def _directory(plan: Plan, team: TeamPlan, number: int) -> Iterator[Row]:
    partner, shown = _partner(plan, team)
    line = f"+999 555 01{number}"
    yield {
        "name": f"{shown}, duty line",
        "party": partner,
        "channel": "phone",
        "address": f"{line}1",
        "updated": f"March {plan.date.year - 4}",
        "via": "contact-24-7",
        "stale": True,
        "instead": f"{line}9",
    }
    for other in plan.teams:
        if other is not team:
            name = f"{other.short}, response team"
            yield _contact(name, other.id, "protected mail", f"cert@{other.id}.example", "cert", "technical")
    tideway = "Tideway response team"
    yield _contact(tideway, "tideway-cert", "protected mail", "desk@cert.tideway.example", "cert", "technical")
    yield _contact("Norvik Services, duty manager", "norvik", "phone", "+999 555 0190", "operator-hotline")
    yield _contact("The Strait Courier, newsroom", "press", "e-mail", "news@courier.example", "press")


def _contact(name: str, party: str, channel: str, address: str, via: str, level: str = "operational") -> Row:
    return {"name": name, "party": party, "channel": channel, "address": address, "level": level, "via": via}


def _trust(team: TeamPlan) -> Row:
    return {
        "id": f"trust-{team.id}",
        "name": f"Trust in {team.short}",
        "team": team.id,
        "about": "How far people believe what they are told.",
        "start": 60,
        "unit": "%",
    }


def _move(plan: Plan, number: int) -> Row:
    starts, ends = _SPANS[number]
    title, text, questions = story.MOVES[number]
    move: Row = {
        "id": f"move-{number + 1}",
        "title": title,
        "starts": format_exercise_time(starts * 3600),
        "ends": format_exercise_time(ends * 3600),
        "minutes": format_duration(plan.minutes * 60),
        "text": text,
    }
    if number < plan.moves - 1:
        move["plenary"] = {"minutes": f"{PLENARY}m", "questions": list(questions)}
    return move


def _at(plan: Plan, move: int, part: float) -> Row:
    """When a row comes: in a move, after a part of its minutes; in a shorter exercise in the last move there is."""
    minute = round(plan.minutes * part)
    return {"move": f"move-{min(move, plan.moves - 1) + 1}", "minute": f"{minute}m"}


def _injects(plan: Plan) -> list[Row]:
    rows: list[Row] = [_at(plan, 0, 0) | story.OPENING]
    for team in plan.teams:
        rows.append(_at(plan, 0, 0.1) | story.report(team, _roles(team)[-1]))
        rows.append(_at(plan, 0, 0.3) | story.question(team))
    # Where there is one move only, what belongs to the second comes in its later part.
    later = 0.0 if plan.moves > 1 else 0.5
    rows += [_at(plan, 1, later) | row for row in story.told_or_not()]
    rows.append(_at(plan, 1, later + 0.05) | story.ARTICLE)
    rows += [_at(plan, 1, later + 0.15) | story.neighbour(team) for team in plan.teams]
    if plan.moves > 2:
        rows.append(_at(plan, 2, 0) | story.DAY_AFTER)
        rows += [_at(plan, 2, 0.1) | story.complaint(team) for team in plan.teams]
    return rows


def _decisions(plan: Plan) -> list[Row]:
    """Two dilemmas for each team and a quick decision between them, spread over the moves that there are."""
    account, call, words = {1: ((0, 0.2), (0, 0.45), (0, 0.7)), 2: ((0, 0.2), (0, 0.7), (1, 0.4))}.get(
        plan.moves, ((0, 0.4), (1, 0.4), (2, 0.4))
    )
    window = f"{max(3, plan.minutes * 3 // 10)}m"
    rows: list[Row] = []
    for team in plan.teams:
        partner, shown = _partner(plan, team)
        rows.append(_at(plan, *account) | {"window": window} | choices.account(team, _others(plan, team)))
        rows.append(_at(plan, *call) | {"window": "3m"} | choices.call(team, partner, shown))
        rows.append(_at(plan, *words) | {"window": window} | choices.words(team, _others(plan, team)))
    return rows


def _occasions(plan: Plan, team: TeamPlan) -> Iterator[Row]:
    first, last = (format_exercise_time(_SPANS[move][1] * 3600) for move in (0, plan.moves - 1))
    yield {
        "id": f"{team.id}-warns",
        "detector": "warned-partners",
        "team": team.id,
        "opens": {"released": f"{team.id}-report"},
        "until": first,
        "toward": _others(plan, team),
        "commitments": ["cbm-2"],
    }
    yield {
        "id": f"{team.id}-advises",
        "detector": "public-told",
        "team": team.id,
        "opens": {"released": "article"},
        "until": last,
        "commitments": ["ba-b3c"],
    }
