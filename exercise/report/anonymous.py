"""The anonymous edition: delegations as letters, and no name of a team, place or person in any text, quoted ones too.

A name is found without a list of names: it is a word of the scenario that stands with a capital inside a sentence, and
that neither the scenario nor the catalogue ever writes small.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from exercise.core.scenario import Scenario
from exercise.report.model import AfterAction, Control
from exercise.report.parts import Objective, Point
from exercise.report.summary import summary
from exercise.session.log import LoadedLog

NAME = "[name]"
"""What stands for a name of a person, a place or a service."""

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_CODE = re.compile(r"\b(?=[A-Z0-9-]*[A-Z]{2})[A-Z]{1,4}(?:-[A-Z0-9]+)+\b")
"""A file number or an abbreviation such as `AV-BE` holds the initials of States."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]+)?")
_AGAIN = re.compile(r"\[name\](?:[ -]\[name\])+")
_SEVERAL = re.compile(r"Delegation [A-Z]+(?:(?:, and |, | and |\n)Delegation [A-Z]+(?![\w:]))+")
_VOWELS = "aeiouy"
_CALENDAR_AND_BODIES = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
    "august september october november december startex endex tlp msel interpol europol osce seecp "
)
_KEPT = frozenset(_CALENDAR_AND_BODIES.split())
"""Words with a capital that name nobody who takes part."""


def anonymous(report: AfterAction, log: LoadedLog, control: Control | None) -> AfterAction:
    """The participants' edition with every name replaced; `control` says which persons' names to look for."""
    scenario = log.scenario
    letters = _letters(scenario, log)
    common = common_words(scenario)
    clean = _replacer(scenario, letters, {*proper_names(scenario, common), *_persons(log, control, common)})
    ids = {id: letter.removeprefix("Delegation ").lower() for id, letter in letters.items()}
    ids |= {id: f"body-{place}" for place, id in enumerate((id for id in report.names if id not in letters), 1)}
    names = {ids[id]: letters.get(id) or clean(name) for id, name in report.names.items()}
    report = _without_ids(report, ids)
    teams = tuple(
        team.model_copy(
            update={"id": ids[team.id], "name": letters[team.id], "short": letters[team.id], "about": "", "roles": ()}
        )
        for team in sorted(report.teams, key=lambda team: letters[team.id])
    )
    trust = report.trust.model_copy(
        update={"seals": tuple(seal.model_copy(update={"host": ""}) for seal in report.trust.seals)}
    )
    report = report.model_copy(
        update={
            "edition": "anonymous",
            "overview": report.overview.model_copy(update={"session": ""}),
            "teams": teams,
            "names": dict(sorted(names.items())),
            "plan": tuple(row.model_copy(update={"owner": "", "contact": ""}) for row in report.plan),
            "trust": trust,
            "summary": (),
        }
    )
    made = AfterAction.model_validate(
        _cleaned(report.model_dump(mode="json", exclude={"trust"}), clean) | {"trust": trust}
    )
    # Written anew, since the order in which teams are named would tell who is who.
    return made.model_copy(update={"summary": summary(made)})


def _letters(scenario: Scenario, log: LoadedLog) -> dict[str, str]:
    """A letter for each team, in an order that nobody can work out who does not hold the log."""
    opening = log.openings[log.header.content.digest]
    teams = [team.id for team in scenario.teams]
    order = sorted(teams, key=lambda id: sha256(f"{opening.salt}:{id}".encode()).digest())
    if order == teams and len(teams) > 1:
        order = [*order[1:], order[0]]
    return {id: f"Delegation {_letter(place)}" for place, id in enumerate(order)}


def _letter(place: int) -> str:
    return (_letter(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


def _persons(log: LoadedLog, control: Control | None, common: frozenset[str]) -> set[str]:
    """Names of people, and of the session, that anybody may have written into a text."""
    sessions = {log.header.session}
    parent = log.header.parent
    while parent is not None:
        sessions.add(parent.session)
        parent = parent.parent
    names = set[str]()
    if control is not None:
        names = {one.name for one in control.people} | {one.name for one in control.evaluators}
    parts = {word for name in names for word in name.split() if len(word) > 2 and word.lower() not in common}
    # A pseudonym that is a plain word, written small, cannot be told from the word.
    named = {name for name in names | parts if any(letter.isalpha() for letter in name) and name not in common}
    return sessions | {name for name in named if len(name) > 1}


def _replacer(scenario: Scenario, letters: Mapping[str, str], names: Iterable[str]) -> Callable[[str], str]:
    """One pass over a text that puts a letter for every team, and a sign for every other name."""
    whole = {form: NAME for name in names for form in (name, name.upper() if len(name) > 3 else name)}
    stems: dict[str, str] = {}
    for team in scenario.teams:
        letter = letters[team.id]
        for name in (team.name, team.short, team.id):
            whole |= {name: letter, name.upper(): letter}
        stem = team.short.rstrip(_VOWELS)
        if len(stem) >= 4 and " " not in stem:
            stems |= {stem: letter, stem.upper(): letter}
    words = sorted(whole, key=len, reverse=True)
    parts = [rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)"]
    if stems:
        # A people's name, or its language, begins as its State's does.
        parts.append(rf"(?<!\w)(?P<stem>{'|'.join(map(re.escape, stems))})[a-zA-Z]{{0,6}}(?!\w)")
    pattern = re.compile("|".join(parts))

    def replaced(found: re.Match[str]) -> str:
        stem = found.groupdict().get("stem")
        return stems[stem] if stem else whole[found[0]]

    def clean(text: str) -> str:
        text = _AGAIN.sub(NAME, pattern.sub(replaced, _CODE.sub(_code, text)))
        return _SEVERAL.sub(_sorted, text)

    return clean


def _code(found: re.Match[str]) -> str:
    return found[0] if found[0].lower() in _KEPT else "[reference]"


def _sorted(found: re.Match[str]) -> str:
    """Delegations named one after the other, by their letters: a scenario's own order would tell who they are."""
    names = iter(sorted(re.findall(r"Delegation [A-Z]+", found[0])))
    return re.sub(r"Delegation [A-Z]+", lambda _: next(names), found[0])


def common_words(scenario: Scenario) -> frozenset[str]:
    """Words, in small letters, that name nobody: the catalogue has them, or the scenario writes them small."""
    from exercise.catalogue import load_catalogue

    entries = (entry.model_dump(mode="json") for entry in load_catalogue().entries())
    known = {word.lower() for entry in entries for text in _strings(entry) for word in _WORD.findall(text)}
    small = {word for text in _texts(scenario) for word in _WORD.findall(text) if word[0].islower()}
    title = {word.lower() for word in _WORD.findall(scenario.title)}
    return frozenset(known | small | title | _KEPT)


def proper_names(scenario: Scenario, common: frozenset[str]) -> frozenset[str]:
    """Words of a scenario that are names: with a capital inside a sentence, and none of the common ones."""
    teams = {word for team in scenario.teams for word in _WORD.findall(f"{team.name} {team.short}")}
    found = {
        re.sub(r"['’]s?$", "", word[0])
        for text in _texts(scenario)
        for word in _WORD.finditer(text)
        if word[0][0].isupper() and _inside(text, word.start())
    }
    return frozenset(word for word in found | teams if len(word) > 2 and word.lower() not in common)


def _texts(scenario: Scenario) -> list[str]:
    # An id is one word, and is written small whatever it names.
    return [text for text in _strings(scenario.model_dump(mode="json")) if " " in text]


def _inside(text: str, place: int) -> bool:
    """Whether a word stands inside a sentence, where only a name has a capital."""
    before = text[:place].rstrip(" \n")
    return bool(before) and before[-1] not in ".!?:;-–—*#>|(“\"'"


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _without_ids(report: AfterAction, ids: Mapping[str, str]) -> AfterAction:
    """Every id of the scenario replaced by one that says nothing: an author's ids hold the initials of teams."""
    decisions = {row.id: f"decision-{row.number}" for row in report.decisions}
    others: dict[str, str] = {}

    def occasion(id: str) -> str:
        base, sign, round = id.partition("#")
        return (decisions.get(base) or others.setdefault(base, f"occasion-{len(others) + 1}")) + sign + round

    def point(row: Point) -> Point:
        pairs = sorted((ids[team], grade) for team, grade in zip(row.teams, row.grades, strict=True))
        return row.model_copy(update={"teams": tuple(t for t, _ in pairs), "grades": tuple(g for _, g in pairs)})

    def objective(place: int, row: Objective) -> Objective:
        tasks = tuple(
            task.model_copy(update={"id": f"task-{place}-{number}", "team": ids.get(task.team, "")})
            for number, task in enumerate(row.tasks, 1)
        )
        points = {name: tuple(map(point, getattr(row, name))) for name in ("strengths", "improvements", "observations")}
        return row.model_copy(update={"id": f"objective-{place}", "tasks": tasks, **points})

    return report.model_copy(
        update={
            "timeline": tuple(
                row.model_copy(
                    update={
                        "decision": decisions.get(row.decision, ""),
                        "reached": tuple(sorted(ids[team] for team in row.reached)),
                    }
                )
                for row in report.timeline
            ),
            "objectives": tuple(objective(place, row) for place, row in enumerate(report.objectives, 1)),
            "marks": tuple(
                row.model_copy(
                    update={
                        "id": f"mark-{row.number}",
                        "team": ids[row.team],
                        "occasion": occasion(row.occasion),
                        "decision": decisions.get(row.decision, ""),
                    }
                )
                for row in report.marks
            ),
            "findings": tuple(row.model_copy(update={"team": ids[row.team]}) for row in report.findings),
            "requests": tuple(
                row.model_copy(update={"source": ids[row.source], "target": ids[row.target]}) for row in report.requests
            ),
            "indicators": tuple(
                row.model_copy(update={"id": f"indicator-{place}", "team": ids.get(row.team, "")})
                for place, row in enumerate(sorted(report.indicators, key=lambda row: ids.get(row.team, "")), 1)
            ),
            "decisions": tuple(
                row.model_copy(update={"id": decisions[row.id], "team": ids[row.team]}) for row in report.decisions
            ),
            "plan": tuple(
                row.model_copy(update={"teams": tuple(sorted(ids[team] for team in row.teams))}) for row in report.plan
            ),
            "survey": tuple(
                row.model_copy(update={"id": f"question-{place}"}) for place, row in enumerate(report.survey, 1)
            ),
        }
    )


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:
    """Every text in a value; what is cited from the catalogue holds no name."""
    if isinstance(value, str):
        return value if _DATE.fullmatch(value) else clean(value)
    if isinstance(value, list):
        return [_cleaned(item, clean) for item in value]
    if isinstance(value, dict):
        if "commitment" in value and "clause" in value:
            return value
        return {key: _cleaned(item, clean) for key, item in value.items()}
    return value
