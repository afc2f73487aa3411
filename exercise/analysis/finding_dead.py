"""What never comes: dead injects and decisions, options that are never offered or taken, outcomes that never come true.

Where every course was walked that is certain; where they were sampled it is said of those that were played.
"""

from __future__ import annotations

from collections.abc import Iterator

from exercise.analysis import things
from exercise.analysis.explored import Explored
from exercise.analysis.found import Finding, Severity, often
from exercise.analysis.worlds import holds_in, worlds
from exercise.authoring.problems import Path
from exercise.core.conditions import AllOf, AnyOf, Chose, Condition, Did, Knows, Not, Requested, parts_of
from exercise.core.scenario import Scenario
from exercise.core.script import Decision, Lapse, ResponseOption
from exercise.core.turn import LAPSE

_NEVER = {
    "inject": "never comes",
    "decision": "is never put to its team",
    "offered": "is never offered",
    "option": "is never taken",
    "consequence": "never takes effect",
    "outcome": "never comes true",
    "reply": "is never given",
    "flag": "is never raised",
}


def dead(scenario: Scenario, explored: Explored) -> Iterator[Finding]:
    """A finding for each thing that never came, but not for what cannot come because of another one."""
    never = set(explored.never)
    for thing in explored.never:
        if _follows_from(thing) & never:
            continue
        kind, ids = things.kind_of(thing), things.ids_of(thing)
        if kind == "option" and ids[1] == LAPSE and not explored.exact:
            # Only a silent team lets a window close; that none did says nothing of the scenario.
            continue
        aimed = explored.aimed(thing)
        if any(contradicts(scenario, condition) for condition in _conditions(scenario, thing)):
            severity: Severity = "error"
            text = f"{_NEVER[kind]}: what its condition asks for cannot all be so at once"
        elif explored.exact:
            severity = "warning" if _beyond_bots(scenario, thing) else "error"
            text = f"{_NEVER[kind]}, whatever is chosen and whatever is true"
        elif thing in explored.figures.hopeless and not _beyond_bots(scenario, thing):
            severity = "error"
            text = f"{_NEVER[kind]}: nothing in the scenario can bring what it waits for"
        else:
            severity = "warning" if aimed else "note"
            tried = f", though {often(aimed, 'of them', 'of them')} set out to bring it about" if aimed else ""
            text = f"{_NEVER[kind]} in {often(explored.courses, 'playthrough')}{tried}"
        yield Finding(f"dead-{kind}", severity, path_of(scenario, thing), f"{name_of(scenario, thing)} {text}")


def _follows_from(thing: things.Thing) -> set[things.Thing]:
    """What else has to come before a thing can."""
    kind, ids = things.kind_of(thing), things.ids_of(thing)
    match kind:
        case "offered":
            return {things.decision(ids[0])}
        case "option":
            return {things.decision(ids[0]), *([] if ids[1] == LAPSE else [things.offered(*ids)])}
        case "consequence":
            source = things.option(ids[0], ids[1])
            return {source} | _follows_from(source)
        case _:
            return set()


def _beyond_bots(scenario: Scenario, thing: things.Thing) -> bool:
    """Whether a thing waits for what people may do and no exploration does: their own proposal, an unusual request."""
    if things.kind_of(thing) in ("reply", "outcome"):
        return True
    for part in (part for condition in _conditions(scenario, thing) for part in parts_of(condition)):
        if isinstance(part, Requested | Did | Knows):
            return True
        if isinstance(part, Chose) and "free" in (
            (part.option,) if isinstance(part.option, str) else part.option or ()
        ):
            return True
    return False


def _conditions(scenario: Scenario, thing: things.Thing) -> list[Condition | None]:
    """What has to hold for a thing of the script to come."""
    kind, ids = things.kind_of(thing), things.ids_of(thing)
    match kind:
        case "inject":
            return [scenario.injects_by_id[ids[0]].when]
        case "decision":
            return [scenario.decisions_by_id[ids[0]].when]
        case "offered":
            decision = scenario.decisions_by_id[ids[0]]
            return [option.available for option in decision.options if option.id == ids[1]]
        case "consequence":
            return [bearer_of(scenario.decisions_by_id[ids[0]], ids[1]).consequences[int(ids[2])].when]
        case _:
            return []


def contradicts(scenario: Scenario, condition: Condition | None) -> bool:
    """Whether a condition holds in no way in which what it reads may stand."""
    ways = worlds(scenario, (condition,)) if isinstance(condition, AllOf | AnyOf | Not) else None
    return ways is not None and not any(holds_in(condition, world, lambda _: None) for world in ways)


def bearer_of(decision: Decision, source: str) -> ResponseOption | Lapse:
    """The option of this id, or the lapse."""
    return next((option for option in decision.options if option.id == source), decision.lapse)


def path_of(scenario: Scenario, thing: things.Thing) -> Path:
    """Where a thing stands in the file."""
    kind, ids = things.kind_of(thing), things.ids_of(thing)
    match kind:
        case "inject":
            return ("injects", _index([row.id for row in scenario.injects], ids[0]))
        case "decision":
            return ("decisions", _index([row.id for row in scenario.decisions], ids[0]))
        case "offered" | "option" | "consequence":
            n = _index([row.id for row in scenario.decisions], ids[0])
            here: Path = ("decisions", n)
            here += (
                ("lapse",)
                if ids[1] == LAPSE
                else ("options", _index([option.id for option in scenario.decisions[n].options], ids[1]))
            )
            return here if kind != "consequence" else (*here, "consequences", int(ids[2]))
        case "outcome":
            return ("matters", _index([row.id for row in scenario.matters], ids[0]), "outcomes", int(ids[1]))
        case "reply":
            n = _index([row.id for row in scenario.actors], ids[0])
            return ("actors", n, "desk", "replies", int(ids[1]))
        case "flag":
            return ("flags", ids[0])
    return ()


def _index(names: list[str], name: str) -> int:
    return names.index(name)


def name_of(scenario: Scenario, thing: things.Thing) -> str:
    """A thing as authors call it."""
    kind, ids = things.kind_of(thing), things.ids_of(thing)
    match kind:
        case "offered" | "option":
            return "the lapse" if ids[1] == LAPSE else f"option '{ids[1]}'"
        case "consequence":
            came = bearer_of(scenario.decisions_by_id[ids[0]], ids[1]).consequences[int(ids[2])]
            return f"consequence '{came.title}'"
        case "outcome":
            return f"outcome '{scenario.matters_by_id[ids[0]].outcomes[int(ids[1])].title}'"
        case "reply":
            return f"reply {int(ids[1]) + 1} of '{ids[0]}'"
        case _:
            return f"{kind} '{ids[0]}'"
